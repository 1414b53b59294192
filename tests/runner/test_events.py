# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks that events start, as jobs of AWX and on the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import SECRET_KEY, Emulator

TEAMS = {"team-data": "222233334444", "team-web": "012345670123", "team-ops": "444455556666"}
INVENTORY = {
    "accounts": {
        "hosts": {name: {"aws_account_id": account} for name, account in TEAMS.items()},
        "vars": {
            "wa_share_role_arn": "arn:aws:iam::{{ aws_account_id }}:role/WellArchitectedShare",
            "wa_accept_role_arn": "arn:aws:iam::{{ aws_account_id }}:role/WellArchitectedAccept",
            "wa_share_resources": [{"template": "Central"}],
        },
    },
    "others": {"hosts": {"elsewhere": {"aws_account_id": "333344445555"}}},
}
HUB = "123456789012"


@pytest.fixture
def run(endpoint: Emulator, collections: Path, tmp_path: Path) -> Any:
    """Runs a playbook of the collection with variables, as ansible-rulebook does: exit code and output."""

    def play(name: str, variables: dict[str, Any], *more: str) -> tuple[int, str]:
        (tmp_path / "accounts.yml").write_text(json.dumps(INVENTORY), encoding="utf-8")
        command = [f"{sys.prefix}/bin/ansible-playbook", "-i", "accounts.yml", f"wellarchitected.sharing.{name}"]
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_"))},
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_NOCOLOR": "1",
            "AWS_ENDPOINT_URL": endpoint.url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        }
        done = subprocess.run(
            [*command, "-e", json.dumps(variables), *more],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return play


def created(*accounts: str) -> dict[str, Any]:
    return {"collect_created": [{"account_id": account, "region": "eu-west-1"} for account in accounts]}


def owners(endpoint: Emulator) -> set[str]:
    shares = endpoint.shares()
    assert {(share["shared_with"], share["status"]) for share in shares} <= {(HUB, "ACCEPTED")}
    return {share["owner"] for share in shares}


def test_only_the_accounts_of_the_events_share_and_only_in_their_regions(endpoint: Emulator, run: Any) -> None:
    for account in (*TEAMS.values(), "333344445555"):
        endpoint.create_workload("Payments", account=account, region="eu-west-1")
        endpoint.create_workload("Payments", account=account, region="us-east-1")
    code, output = run("collect_new_workloads", created("222233334444", "012345670123", "333344445555"))
    assert code == 0, output
    assert owners(endpoint) == {"222233334444", "012345670123"}
    assert {share["region"] for share in endpoint.shares()} == {"eu-west-1"}
    assert "Not in the inventory, or beyond the limit: 333344445555" in output


def test_a_limit_is_heeded(endpoint: Emulator, run: Any) -> None:
    for account in TEAMS.values():
        endpoint.create_workload("Payments", account=account, region="eu-west-1")
    code, output = run("collect_new_workloads", created(*TEAMS.values()), "--limit", "team-web")
    assert code == 0, output
    assert owners(endpoint) == {"012345670123"}


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("collect_new_workloads", {}),
        ("collect_new_workloads", {"collect_created": [{"account_id": "222233334444", "region": "all"}]}),
        ("onboard_new_accounts", {"onboard_joined": ["team-data"]}),
    ],
)
def test_what_is_no_account_and_region_is_refused_before_anything_is_asked(
    endpoint: Emulator, run: Any, name: str, variables: dict[str, Any]
) -> None:
    code, output = run(name, variables)
    assert code != 0
    assert "Nothing was changed." in output
    assert endpoint.record("") == []


def test_an_account_that_joined_is_onboarded_and_one_that_is_missing_told(endpoint: Emulator, run: Any) -> None:
    endpoint.create_template("Central")
    code, output = run("onboard_new_accounts", {"onboard_joined": ["444455556666", "999999999999"]})
    assert code != 0
    assert [(share["shared_with"], share["status"]) for share in endpoint.shares()] == [("444455556666", "ACCEPTED")]
    assert "Not in the inventory, or beyond the limit: 999999999999." in output
