# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks: which hosts they run for, and what they refuse. What their roles do is in test_roles.py."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from moto.sts.models import sts_backends

from tests.emulator.testing import OWNER, Emulator

from .awx import sliced
from .plays import LOCAL, ROLES, Player, Run, accounts

TEAMS = {f"team-{name}": f"{number:04}22223333" for number, name in enumerate(("data", "pay", "search", "web"), 1)}
ONBOARD = {"wa_share_resources": [{"workload": "Payments"}]}


def inventory(teams: dict[str, str] = TEAMS, **variables: Any) -> dict[str, Any]:
    """The teams in the group accounts, and other hosts in another group."""
    # Nothing logs in to an account, whatever the inventory says of its hosts.
    given = {**ROLES, "ansible_connection": "ssh", "ansible_python_interpreter": "/nonexistent", **variables}
    return {
        "accounts": {"hosts": accounts(teams), "vars": given},
        "others": {"hosts": {"elsewhere": {}, "localhost": LOCAL}},
    }


@pytest.fixture
def player(endpoint: Emulator, collections: Path, tmp_path: Path) -> Player:
    return Player(tmp_path, collections, endpoint)


@pytest.fixture
def collected(endpoint: Emulator) -> None:
    """Each team has a workload in two Regions."""
    endpoint.seed(workloads=1, accounts=list(TEAMS.values()), regions=["us-east-1", "eu-west-1"])
    endpoint.credentials(OWNER)
    endpoint.clear_record()


def assumed(endpoint: Emulator) -> Counter[str]:
    """How often a role was assumed, by its account."""
    calls = [call["params"] for call in endpoint.record("sts") if call["operation"] == "AssumeRole"]
    return Counter(params["RoleArn"].split(":")[4] for params in calls)


def statuses(endpoint: Emulator) -> dict[str, str]:
    return {share["shared_with"]: share["status"] for share in endpoint.shares()}


def test_a_limit_leaves_the_other_accounts_alone(endpoint: Emulator, player: Player) -> None:
    endpoint.create_workload("Payments")
    done = player.playbook("onboard_accounts", inventory(), ONBOARD, "--limit", "team-pay,elsewhere")
    assert done.code == 0, done.output
    assert statuses(endpoint) == {TEAMS["team-pay"]: "ACCEPTED"}


def test_slices_onboard_each_account_once(endpoint: Emulator, player: Player) -> None:
    """Also where another strategy is the default, which would ignore run_once."""
    endpoint.create_workload("Payments")
    hosts = {"accounts": {"hosts": list(TEAMS)}, "_meta": {"hostvars": accounts(TEAMS, **ROLES)}}
    for number in (1, 2):
        part = sliced(hosts, (number, 2))
        mine = part["_meta"]["hostvars"]
        endpoint.clear_record()
        done = player.playbook("onboard_accounts", {"accounts": {"hosts": mine}}, ONBOARD, strategy="free")
        assert done.code == 0, done.output
        assert assumed(endpoint) == Counter(variables["aws_account_id"] for variables in mine.values())
    assert statuses(endpoint) == dict.fromkeys(TEAMS.values(), "ACCEPTED")


def test_collecting_is_for_the_hosts_within_the_limit(endpoint: Emulator, player: Player, collected: None) -> None:
    given = {"wa_collect_regions": "us-east-1,eu-west-1"}  # As with -e on the command line.
    done = player.playbook("collect_workloads", inventory(), given, "--limit", "team-data,team-web")
    assert done.code == 0, done.output
    assert {
        (share["owner"], share["region"], share["shared_with"], share["status"]) for share in endpoint.shares()
    } == {
        (TEAMS[team], region, OWNER, "ACCEPTED")
        for team in ("team-data", "team-web")
        for region in ("us-east-1", "eu-west-1")
    }


def test_no_key_of_an_assumed_role_is_printed(endpoint: Emulator, player: Player, collected: None) -> None:
    endpoint.settings(refused_roles=[f"arn:aws:iam::{TEAMS['team-data']}:role/*"])
    endpoint.fault("not_json", account=TEAMS["team-pay"], operation="ListWorkloads")
    done = player.playbook("collect_workloads", inventory(), {}, "-vvvv")
    assert done.code != 0
    roles = [
        role for backends in sts_backends.values() for backend in backends.values() for role in backend.assumed_roles
    ]
    assert {role.role_arn.split(":")[4] for role in roles} >= {TEAMS["team-pay"], TEAMS["team-search"]}
    keys = [text for role in roles for text in (role.secret_access_key, role.session_token)]
    assert [key for key in keys if key in done.output] == []


def test_two_imports_in_one_run_do_not_add_up(endpoint: Emulator, player: Player, collected: None) -> None:
    collect = {"ansible.builtin.import_playbook": "wellarchitected.sharing.collect_workloads"}
    plays = [{**collect, "vars": {"wa_collect_regions": [region]}} for region in ("us-east-1", "eu-west-1")]
    (player.folder / "both.yml").write_text(json.dumps(plays), encoding="utf-8")
    done = player.file("both.yml", inventory())
    assert done.code == 0, done.output
    assert len(endpoint.shares()) == 8
    assert done.artifacts["wa_collect_summary"]["created"] == 4


REFUSALS = [
    pytest.param("onboard_accounts", {}, (), "no host of the group accounts", id="onboard: no inventory"),
    pytest.param("collect_workloads", {}, (), "no host of the group accounts", id="collect: no inventory"),
    pytest.param("offboard_accounts", {}, (), "no host of the group accounts", id="offboard: no inventory"),
    pytest.param("offboard_accounts", "{", (), "no host of the group accounts", id="offboard: inventory not parsed"),
    pytest.param(
        "offboard_accounts",
        {"others": {"hosts": {"x": {}}}},
        (),
        "no host of the group accounts",
        id="offboard: no group",
    ),
    *(
        pytest.param(
            name, inventory(), ("--limit", limit), "no host of the group accounts", id=f"{name}: limit {limit}"
        )
        for name in ("onboard_accounts", "collect_workloads", "offboard_accounts")
        for limit in ("elsewhere", "localhost")
    ),
    pytest.param("audit", inventory(), ("--limit", "elsewhere"), "leaves out localhost", id="audit: limit elsewhere"),
]


@pytest.mark.parametrize(("name", "hosts", "arguments", "message"), REFUSALS)
def test_a_run_for_no_account_is_refused_before_any_call(
    endpoint: Emulator, player: Player, name: str, hosts: Any, arguments: tuple[str, ...], message: str
) -> None:
    given = {**ONBOARD, "wa_offboard_accounts": [TEAMS["team-web"]]} if name == "offboard_accounts" else ONBOARD
    done = player.playbook(name, hosts, given, *arguments)
    assert done.code != 0
    assert message in done.output
    assert endpoint.record("") == []


def output_of(done: Run) -> str:
    return " ".join(done.output.split())


def test_events_select_accounts_and_regions(endpoint: Emulator, player: Player, collected: None) -> None:
    ids = [TEAMS["team-data"], TEAMS["team-web"], "999999999999"]
    created = [{"account_id": account_id, "region": "eu-west-1"} for account_id in ids]
    done = player.playbook(
        "collect_new_workloads", inventory(), {"collect_created": created}, "--limit", "team-data,team-pay"
    )
    assert done.code == 0, done.output
    assert {(share["owner"], share["region"], share["status"]) for share in endpoint.shares()} == {
        (TEAMS["team-data"], "eu-west-1", "ACCEPTED")
    }
    assert f"not in the inventory or the limit: {TEAMS['team-web']}, 999999999999." in output_of(done)


def test_events_of_other_accounts_collect_nothing(endpoint: Emulator, player: Player, collected: None) -> None:
    created = [{"account_id": "999999999999", "region": "eu-west-1"}]
    done = player.playbook("collect_new_workloads", inventory(), {"collect_created": created})
    assert done.code == 0, done.output
    assert endpoint.record("") == []


def test_an_account_that_joined_is_onboarded_and_one_that_the_inventory_lacks_fails_the_run(
    endpoint: Emulator, player: Player
) -> None:
    endpoint.create_workload("Payments")
    joined = {"onboard_joined": [TEAMS["team-web"], "999999999999"]}
    done = player.playbook("onboard_new_accounts", inventory(**ONBOARD), joined)
    assert done.code != 0
    assert statuses(endpoint) == {TEAMS["team-web"]: "ACCEPTED"}
    assert "Not onboarded: 999999999999." in output_of(done)


@pytest.mark.parametrize("name", ["collect_new_workloads", "onboard_new_accounts"])
def test_events_without_accounts_are_refused(endpoint: Emulator, player: Player, name: str) -> None:
    """As where a job template does not ask for variables on launch."""
    done = player.playbook(name, inventory(), {})
    assert done.code != 0
    assert endpoint.record("") == []
