# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action: which hosts are read, and what a limit may leave out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
import yaml
from ansible.errors import AnsibleUndefinedVariable
from ansible_collections.wellarchitected.sharing.plugins.action.wa_inventory_accounts import OPTIONS, ActionModule
from ansible_collections.wellarchitected.sharing.plugins.modules import wa_inventory_accounts as documentation

HOSTS = {"team-data": "222233334444", "team-search": "333344445555", "bastion": ""}
ACCOUNTS = ("team-search", "team-data")
TEMPLATES: dict[str, str] = {}
"""The hosts' variable ``role``, before it is templated."""


class HostVars(dict[str, dict[str, str]]):
    """Ansible's, as far as the action looks at them: raw, or templated one by one."""

    def __init__(self) -> None:
        super().__init__({host: {"aws_account_id": account, "role": "good"} for host, account in HOSTS.items()})

    def raw_get(self, host: str) -> object:
        if host not in self:
            return mock.sentinel.undefined
        return {"aws_account_id": HOSTS[host], "role": TEMPLATES.get(host, "")}

    def __getitem__(self, host: str) -> dict[str, str]:
        if TEMPLATES.get(host) == "{{ nope }}":
            raise AnsibleUndefinedVariable("'nope' is undefined")
        return {"role": TEMPLATES.get(host, "").replace("{{ account }}", HOSTS[host])}


SLICE = {"awx_job_template_name": "Onboard", "awx_workflow_job_name": "Onboard"}


def run(
    within: list[str],
    listed: tuple[str, ...] | None = ACCOUNTS,
    extra: dict[str, str] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """The result of the task in a play of the hosts ``within``. ``extra``: the extra variables."""
    task = SimpleNamespace(args=options, action="wa_inventory_accounts", async_val=0, check_mode=False, diff=False)
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
    plugin = ActionModule(task, connection, SimpleNamespace(check_mode=False, diff=False), None, None, None)
    plugin._load_name = "wellarchitected.sharing.wa_inventory_accounts"
    variables = {
        "ansible_play_hosts_all": within,
        "groups": {"all": ("localhost",)}
        if listed is None
        else {"accounts": listed, "others": ("bastion",), "team": ("team-data",), "all": (*HOSTS,)},
        "hostvars": HostVars(),
        **(extra or {}),
    }
    return plugin.run(task_vars=variables)


def names(result: dict[str, Any]) -> list[str]:
    return [account["name"] for account in result["accounts"]]


def test_the_hosts_of_the_group_are_read_in_its_order() -> None:
    result = run([*HOSTS, "localhost"])
    assert names(result) == list(ACCOUNTS)
    assert result["principals"] == {name: HOSTS[name] for name in ACCOUNTS}
    assert result["changed"] is False


@pytest.mark.parametrize(
    "given", [{"data": "222233334444", "team-data": "o-abcdefghij"}, "data: 222233334444\nteam-data: o-abcdefghij"]
)
def test_other_names_of_principals_win_over_those_of_hosts(given: Any) -> None:
    assert run(list(HOSTS), principals=given)["principals"] == {
        "team-search": HOSTS["team-search"],
        "data": "222233334444",
        "team-data": "o-abcdefghij",
    }


def test_a_limit_leaves_what_it_says() -> None:
    assert names(run(["team-data", "bastion"])) == ["team-data"]


@pytest.mark.parametrize(
    ("within", "group", "options", "says"),
    [
        (["localhost"], None, {}, "The group accounts of the inventory is missing or empty"),
        (["localhost"], (), {}, "The group accounts of the inventory is missing or empty"),
        (["bastion"], ACCOUNTS, {}, "No host of the group accounts is within the limit, of 2"),
        (["team-data"], ACCOUNTS, {"group": "owners"}, "The group owners of the inventory is missing or empty"),
        (["team-data"], ACCOUNTS, {"purge": True}, "The limit leaves out 1 of the 2 hosts of the group accounts"),
        (
            ["team-data"],
            ACCOUNTS,
            {"resources": [{"lens": "*", "purge": "on"}]},
            "The limit leaves out 1 of the 2 hosts",
        ),
        (
            ["team-data"],
            ACCOUNTS,
            {"resources": "- lens: *\n  purge_shares: true"},
            "The limit leaves out 1 of the 2 hosts",
        ),
        (
            ["team-data"],
            ACCOUNTS,
            {"resources": "- lens: *\n  shared_with: o-abcdefghij"},
            "resources[0] has a shared_with",
        ),
        (["team-data"], ACCOUNTS, {"purge": "maybe"}, "purge: 'maybe' is neither true nor false"),
        (["bastion"], ACCOUNTS, {"group": "others"}, "bastion: aws_account_id is missing"),
    ],
)
def test_a_run_about_nobody_or_the_wrong_ones_is_refused(
    within: list[str], group: tuple[str, ...] | None, options: dict[str, Any], says: str
) -> None:
    result = run(within, group, **options)
    assert result["failed"]
    assert result["msg"].startswith(f"Nothing was changed. {says}")
    assert "accounts" not in result


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"purge": True}, "This job is a slice, and purge would take away what the accounts of the other slices have"),
        ({"resources": [{"lens": "*", "purge_shares": True}]}, "This job is a slice, and purge would take away"),
        (
            {"resources": [{"lens": "*", "shared_with": ["o-abcdefghij"]}]},
            "resources[0] has a shared_with of its own, which no slice is about",
        ),
    ],
)
def test_what_is_about_all_accounts_is_not_sliced(options: dict[str, Any], says: str) -> None:
    """A slice looks like a whole inventory: none of its hosts is beyond a limit."""
    result = run(list(HOSTS), extra=SLICE, **options)
    assert result["msg"].startswith(f"Nothing was changed. {says}")
    assert "accounts" not in result


def test_a_slice_has_its_own_accounts() -> None:
    assert names(run(["team-data"], ("team-data",), SLICE)) == ["team-data"]


DATA, SEARCH = HOSTS["team-data"], HOSTS["team-search"]


@pytest.mark.parametrize(
    ("leaving", "expected", "staying"),
    [
        pytest.param(["444455556666"], [{"account_id": "444455556666"}], list(ACCOUNTS), id="an ID"),
        pytest.param([444455556666], [{"account_id": "444455556666"}], list(ACCOUNTS), id="a number"),
        pytest.param(
            f"{DATA}, 444455556666\n{DATA}",
            [{"account_id": DATA}, {"account_id": "444455556666"}],
            ["team-search"],
            id="text",
        ),
        pytest.param("team-data", [{"account_id": DATA, "name": "team-data"}], ["team-search"], id="a host"),
        pytest.param(["team", DATA], [{"account_id": DATA, "name": "team-data"}], ["team-search"], id="a group"),
    ],
)
def test_who_leaves_is_no_owner(leaving: Any, expected: list[dict[str, str]], staying: list[str]) -> None:
    result = run(list(HOSTS), leaving=leaving)
    assert result["leaving"] == expected
    assert names(result) == staying


def test_who_leaves_may_be_beyond_the_limit_and_needs_no_role() -> None:
    result = run(["team-search"], leaving="team")
    assert (names(result), result["leaving"]) == (["team-search"], [{"account_id": DATA, "name": "team-data"}])
    assert result["principals"]["team-data"] == DATA
    told = run(list(HOSTS), leaving=[DATA], role_arn_variable="role", role_required=True)["msg"]
    assert "team-search: role is missing" in told
    assert "team-data" not in told


def test_without_the_group_there_are_no_accounts() -> None:
    result = run(["localhost"], None, leaving=[DATA], group_required=False)
    assert (result["accounts"], result["leaving"]) == ([], [{"account_id": DATA}])
    assert "is missing or empty" in run(["localhost"], (), leaving=[DATA], group_required=False)["msg"]


@pytest.mark.parametrize(
    ("leaving", "says"),
    [
        ([], "Nobody is named who leaves"),
        ("", "Nobody is named who leaves"),
        (
            ["team-dota"],
            "team-dota is neither an account ID of 12 digits, nor a group or host of the inventory (did you",
        ),
        ([12345], "12345 is neither an account ID of 12 digits"),
        ("bastion", "bastion: aws_account_id is missing"),
        ("accounts", "Every account of the group accounts within the limit leaves"),
        ("[a", "leaving: this text is not YAML"),
    ],
)
def test_what_names_nobody_is_refused(leaving: Any, says: str) -> None:
    result = run(list(HOSTS), leaving=leaving)
    assert result["msg"].startswith(f"Nothing was changed. {says}")


def test_a_slice_takes_ids_only_and_may_have_nobody_else() -> None:
    """It has a part of each group: another slice's owners would not know who leaves."""
    result = run(["team-data"], ("team-data",), SLICE, leaving="team")
    assert "This job is a slice, which has a part of the inventory's hosts: name account IDs, not team" in result["msg"]
    result = run(["team-data"], ("team-data",), SLICE, leaving=[DATA])
    assert (result["accounts"], result["leaving"]) == ([], [{"account_id": DATA}])


def test_what_needs_all_hosts_of_the_group_runs_with_all() -> None:
    assert names(run(list(HOSTS), purge="yes")) == list(ACCOUNTS)


def test_variables_are_templated_each_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TEMPLATES, "team-search", "arn:aws:iam::{{ account }}:role/Accept")
    monkeypatch.setitem(TEMPLATES, "team-data", "{{ nope }}")
    result = run(list(HOSTS), role_arn_variable="role")
    assert result["msg"] == "Nothing was changed. team-data: role: it cannot be templated: 'nope' is undefined"
    monkeypatch.setitem(TEMPLATES, "team-data", "")
    accounts = run(list(HOSTS), role_arn_variable="role")["accounts"]
    assert [account.get("role_arn") for account in accounts] == [
        f"arn:aws:iam::{HOSTS['team-search']}:role/Accept",
        None,
    ]


def test_the_documentation_has_the_options() -> None:
    documented = yaml.safe_load(documentation.DOCUMENTATION)["options"]
    assert {
        option: {key: spec[key] for key in ("type", "elements", "default") if key in spec}
        for option, spec in documented.items()
    } == {option: dict(spec) for option, spec in OPTIONS.items()}
