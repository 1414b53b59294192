# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook that takes away what accounts that leave have."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import OWNER, SECRET_KEY, Emulator

OWNERS = [f"2000000000{number:02}" for number in range(10)]
ACCOUNTS = [f"3000000000{number:02}" for number in range(30)]
LEAVING = ACCOUNTS[7]
THEIRS = (
    LEAVING,
    f"arn:aws:iam::{LEAVING}:user/reviewers/ana",
    f"arn:aws:iam::{LEAVING}:role/reviewer",
)
REGIONS = ["eu-west-1", "us-east-1"]
PRINTS_AT_MOST = 4096


def inventory(owners: list[str], **more: Any) -> dict[str, Any]:
    """The group accounts, with the role that shares in each, and other groups of host names with their IDs."""
    hosts = {
        f"team-{account[-2:]}": {
            "aws_account_id": account,
            "wa_share_role_arn": f"arn:aws:iam::{account}:role/WellArchitectedShare",
        }
        for account in owners
    }
    groups = {name: {"hosts": {host: {"aws_account_id": of} for host, of in ids.items()}} for name, ids in more.items()}
    return {"all": {"children": {"accounts": {"hosts": hosts}, **groups}}}


@dataclass
class Printed:
    code: int
    stdout: str
    stderr: str

    @property
    def told(self) -> str:
        """What was printed, with what a JSON text escapes in it as it was."""
        return self.stdout.replace('\\"', '"')


@dataclass
class Offboarding:
    """Runs the playbook on the installed collection."""

    folder: Path
    collections: Path
    endpoint: Emulator
    hosts: dict[str, Any] = field(default_factory=dict)

    def __call__(self, *arguments: str, **variables: Any) -> Printed:
        (self.folder / "variables.json").write_text(json.dumps(variables), encoding="utf-8")
        (self.folder / "hosts.json").write_text(json.dumps(self.hosts), encoding="utf-8")
        given = ["-i", "hosts.json"] if self.hosts else []
        done = subprocess.run(
            [
                *(f"{sys.prefix}/bin/ansible-playbook", "wellarchitected.sharing.offboard_accounts"),
                *(*given, "-e", "@variables.json", *arguments),
            ],
            cwd=self.folder,
            env={
                **os.environ,
                "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
                "ANSIBLE_NOCOLOR": "true",
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
                "AWS_REGION": "us-east-1",
                "AWS_URL": self.endpoint.url,
            },
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        return Printed(done.returncode, done.stdout, done.stderr)

    @property
    def report(self) -> list[dict[str, Any]]:
        """The runs in the report."""
        return json.loads((self.folder / "report.json").read_text(encoding="utf-8"))["runs"]


@pytest.fixture
def offboard(endpoint: Emulator, collections: Path, tmp_path: Path) -> Offboarding:
    return Offboarding(tmp_path, collections, endpoint)


def shared(endpoint: Emulator) -> set[tuple[str, str, str, str, str]]:
    return {
        (share["owner"], share["region"], share["kind"], share["resource_arn"], share["shared_with"])
        for share in endpoint.shares()
    }


def test_one_of_thirty_accounts_loses_exactly_its_shares_in_one_run(offboard: Offboarding, endpoint: Emulator) -> None:
    for number, owner in enumerate(OWNERS):
        # Whom each owner shares with, besides the account that leaves: all thirty are somebody's.
        others = [account for account in ACCOUNTS[number * 3 : number * 3 + 3] if account != LEAVING]
        others.append(f"arn:aws:iam::{others[0]}:user/{LEAVING}")
        kinds = {"workloads": 2, "lenses": 1, "templates": 1, "profiles": 1}
        endpoint.seed(account=owner, regions=REGIONS, shares=[*others, *THEIRS], prefix="one-", **kinds)
        endpoint.seed(account=owner, regions=REGIONS, shares=others, prefix="two-", **kinds)
    before = shared(endpoint)
    theirs = {share for share in before if share[4] in THEIRS}
    assert len(theirs) == 10 * 2 * 5 * 3
    lenses = [share for share in endpoint.shares() if share["kind"] == "lens" and share["shared_with"] == LEAVING]
    endpoint.force(lenses[0]["share_id"], "ACCEPTED")
    offboard.hosts = inventory(OWNERS, leaving={"bygone": LEAVING})
    given: dict[str, Any] = {"offboard_accounts": "leaving", "offboard_regions": REGIONS}
    given["offboard_report_path"] = "report.json"

    checked = offboard("--check", **given)
    assert checked.code == 0, checked.stdout
    assert "300 shares would be removed:" in checked.told
    assert "Workloads that use a lens already keep it, which nobody can take back: one-000" in checked.told
    assert len(checked.stdout.encode()) < PRINTS_AT_MOST
    assert shared(endpoint) == before
    assert not (offboard.folder / "report.json").exists()

    refused = offboard(**given, wa_share_max_removals=299)
    assert refused.code == 2
    assert "wa_share_max_removals: it is 299, and this run would delete 300" in refused.told
    assert len(refused.stdout.encode()) < PRINTS_AT_MOST
    assert shared(endpoint) == before
    assert not (offboard.folder / "report.json").exists()

    done = offboard(**given, wa_share_max_removals=300)
    assert done.code == 0, done.stdout
    assert "300 shares removed:" in done.told
    assert len(done.stdout.encode()) < PRINTS_AT_MOST
    assert shared(endpoint) == before - theirs
    path = offboard.folder / "report.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (run,) = offboard.report
    assert run["accounts"] == [{"account_id": LEAVING, "name": "bygone"}]
    rows = {(row["account_id"], row["region"], row["kind"], row["arn"], row["shared_with"]) for row in run["removed"]}
    assert rows == theirs
    assert {row["status"] for row in run["removed"]} == {"PENDING", "ACCEPTED"}
    assert run["kept_in_workloads_that_use_them"] == ["one-000"]
    assert run["failed"] == []

    endpoint.clear_record()
    again = offboard(**given)
    assert again.code == 0, again.stdout
    assert "These accounts have nothing here." in again.told
    assert "changed=0" in again.stdout
    assert {name for name in endpoint.calls() if not name.startswith("List")} == set()
    # What the first run removed stays on record.
    assert offboard.report == [run]


def test_who_leaves_is_not_entered_though_it_is_an_owner(offboard: Offboarding, endpoint: Emulator) -> None:
    endpoint.seed(account=OWNERS[0], workloads=1, shares=[OWNERS[1], ACCOUNTS[0]])
    endpoint.seed(account=OWNERS[1], workloads=1, shares=[OWNERS[0]])
    offboard.hosts = inventory(OWNERS[:2])
    # A role that is gone already is none that is needed.
    del offboard.hosts["all"]["children"]["accounts"]["hosts"]["team-01"]["wa_share_role_arn"]

    done = offboard(offboard_accounts=[OWNERS[1]])

    assert done.code == 0, done.stdout
    assert {(owner, with_) for owner, _region, _kind, _arn, with_ in shared(endpoint)} == {
        (OWNERS[0], ACCOUNTS[0]),
        (OWNERS[1], OWNERS[0]),
    }
    assert {call["account"] for call in endpoint.record()} == {OWNERS[0]}


def test_without_a_group_the_owner_is_the_account_of_the_credentials(offboard: Offboarding, endpoint: Emulator) -> None:
    endpoint.seed(workloads=1, lenses=1, shares=[LEAVING, ACCOUNTS[0]])

    done = offboard(offboard_accounts=f"{LEAVING}, {ACCOUNTS[1]}", offboard_report_path="report.json")

    assert done.code == 0, done.stdout
    assert {(share[0], share[4]) for share in shared(endpoint)} == {(OWNER, ACCOUNTS[0])}
    assert [row["shared_with"] for row in offboard.report[0]["removed"]] == [LEAVING, LEAVING]


def test_the_limit_leaves_owners_out(offboard: Offboarding, endpoint: Emulator) -> None:
    for owner in OWNERS[:2]:
        endpoint.seed(account=owner, workloads=1, shares=[LEAVING])
    offboard.hosts = inventory(OWNERS[:2])
    done = offboard("--limit", "team-01", offboard_accounts=LEAVING)
    assert done.code == 0, done.stdout
    assert {share[0] for share in shared(endpoint)} == {OWNERS[0]}


def test_one_owner_that_cannot_be_entered_keeps_no_other_from_being_done_and_a_second_run_adds_to_the_report(
    offboard: Offboarding, endpoint: Emulator
) -> None:
    for owner in OWNERS[:2]:
        endpoint.seed(account=owner, workloads=1, shares=[LEAVING])
    offboard.hosts = inventory(OWNERS[:2])
    endpoint.settings(refused_roles=[f"arn:aws:iam::{OWNERS[0]}:role/*"])
    given = {"offboard_accounts": [LEAVING], "offboard_report_path": "report.json"}

    failed = offboard(**given)
    assert failed.code == 2
    assert "1 of 2 places failed" in failed.told
    assert {share[0] for share in shared(endpoint)} == {OWNERS[0]}
    (run,) = offboard.report
    assert [place["account_id"] for place in run["places"] if "error" in place] == [OWNERS[0]]

    endpoint.settings(refused_roles=[])
    assert offboard(**given).code == 0
    assert shared(endpoint) == set()
    assert [[row["account_id"] for row in run["removed"]] for run in offboard.report] == [[OWNERS[1]], [OWNERS[0]]]


def test_a_slice_in_which_everybody_leaves_has_nothing_to_do(offboard: Offboarding, endpoint: Emulator) -> None:
    """Above all, it does not take the account of the credentials for an owner."""
    endpoint.seed(workloads=1, shares=[OWNERS[0]])
    offboard.hosts = inventory(OWNERS[:1])
    slice_of = {"awx_job_template_name": "Offboard", "awx_workflow_job_name": "Offboard"}
    done = offboard(offboard_accounts=[OWNERS[0]], **slice_of)
    assert done.code == 0, done.stdout
    assert "There is nobody else in this slice." in done.told
    assert len(shared(endpoint)) == 1
    assert endpoint.calls() == {}


def test_an_approved_plan_is_kept_to(offboard: Offboarding, endpoint: Emulator) -> None:
    endpoint.seed(workloads=1, shares=[LEAVING, ACCOUNTS[0]])
    done = offboard(offboard_accounts=[LEAVING], wa_share_approved_plan=[])
    assert done.code == 2
    assert "wa_share_approved_plan: this run would make 1 change that it does not have" in done.told
    assert len(shared(endpoint)) == 2


@pytest.mark.parametrize(
    ("variables", "arguments", "told"),
    [
        pytest.param({}, (), "Nobody is named who leaves", id="nobody"),
        pytest.param(
            {"offboard_accounts": ["team-1", 12345670123]},
            (),
            "team-1 is neither an account ID of 12 digits, nor a group or host of the inventory (did you mean",
            id="no account",
        ),
        pytest.param({"offboard_accounts": "accounts"}, (), "leaves: there is none whose", id="everybody"),
        pytest.param(
            {"offboard_accounts": LEAVING, "wa_share_max_removal": 3},
            (),
            "wa_share_max_removal: there is no such variable (did you mean wa_share_max_removals?)",
            id="a misspelt guard rail",
        ),
        pytest.param(
            {"offboard_accounts": LEAVING, "offboard_report_path": "hosts.json"},
            (),
            "hosts.json is not a report of this playbook",
            id="another file",
        ),
        pytest.param(
            {"offboard_accounts": LEAVING, "offboard_report_path": "none/report.json"},
            (),
            "offboard_report_path: cannot write ",
            id="no folder",
        ),
        pytest.param(
            {"offboard_accounts": LEAVING},
            ("--limit", "bygone"),
            "No host of the group accounts is within the limit",
            id="limit",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_goes(
    offboard: Offboarding, endpoint: Emulator, variables: dict[str, Any], arguments: tuple[str, ...], told: str
) -> None:
    endpoint.seed(account=OWNERS[0], workloads=1, shares=[LEAVING])
    offboard.hosts = inventory(OWNERS[:2], leaving={"bygone": LEAVING})
    done = offboard(*arguments, **variables)
    assert done.code == 2
    assert told in " ".join(done.told.split())
    assert len(done.stdout.encode()) < PRINTS_AT_MOST
    assert len(shared(endpoint)) == 1
