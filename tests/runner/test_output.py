# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run prints: a line where it went well, and of what failed no more than a person reads."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import SECRET_KEY, Emulator

ACCOUNTS = [f"1111222200{number:02}" for number in range(2)]
EVERYTHING = {"wa_share_resources": [{"workload": "payments-*"}], "wa_share_shared_with": ACCOUNTS}
ROLE_PRINTS_AT_MOST = 4096
MESSAGE_AT_MOST = 16 * 1024


@dataclass(frozen=True)
class Printed:
    """What a run of one task or role printed, and what was in its variable."""

    code: int
    stdout: str
    stderr: str
    result: dict[str, Any]


@dataclass
class Player:
    """Runs playbooks of one task on the installed collection."""

    folder: Path
    collections: Path
    url: str

    def role(self, name: str, variables: dict[str, Any], *arguments: str) -> Printed:
        tasks = [{"name": "Role", "ansible.builtin.include_role": {"name": f"wellarchitected.sharing.{name}"}}]
        return self.play(tasks, f"{name}_result", variables, *arguments)

    def module(self, options: dict[str, Any], *arguments: str) -> Printed:
        task = {"name": "Share", "wellarchitected.sharing.wa_shares": options, "register": "done"}
        return self.play([task], "done", {}, *arguments)

    def play(
        self, tasks: list[dict[str, Any]], variable: str, variables: dict[str, Any], *arguments: str, **environment: str
    ) -> Printed:
        kept = self.folder / "kept.json"
        kept.unlink(missing_ok=True)
        keep = {
            "name": "Keep",
            "ansible.builtin.copy": {
                "content": "{{ " + variable + " | default({}) | to_json }}",
                "dest": str(kept),
                "mode": "0600",
            },
            "no_log": True,
            "changed_when": False,
            "check_mode": False,
            "diff": False,
        }
        plays = [
            {
                "name": "Play",
                "hosts": "localhost",
                "gather_facts": False,
                "tasks": [{"name": "All", "block": tasks, "always": [keep]}],
            }
        ]
        (self.folder / "play.json").write_text(json.dumps(plays), encoding="utf-8")
        (self.folder / "variables.json").write_text(json.dumps(variables), encoding="utf-8")
        done = subprocess.run(
            [f"{sys.prefix}/bin/ansible-playbook", "play.json", "-e", "@variables.json", *arguments],
            cwd=self.folder,
            env={
                **os.environ,
                "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
                "ANSIBLE_NOCOLOR": "true",
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
                "AWS_REGION": "us-east-1",
                "AWS_URL": self.url,
                **environment,
            },
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert kept.exists(), done.stdout
        return Printed(done.returncode, done.stdout, done.stderr, json.loads(kept.read_text(encoding="utf-8")))


@pytest.fixture
def player(endpoint: Emulator, collections: Path, tmp_path: Path) -> Player:
    endpoint.control("POST", "seed", {"prefix": "payments-", "workloads": 200})
    return Player(tmp_path, collections, endpoint.url)


def fail_four(endpoint: Emulator) -> None:
    for row in endpoint.client().list_workloads(MaxResults=4)["WorkloadSummaries"]:
        endpoint.fault("access_denied", operation="CreateWorkloadShare", match={"WorkloadId": row["WorkloadId"]})


def deny_195(endpoint: Emulator) -> None:
    client = endpoint.client()
    for row in client.list_workloads(MaxResults=5)["WorkloadSummaries"]:
        for account in ACCOUNTS:
            client.create_workload_share(WorkloadId=row["WorkloadId"], SharedWith=account, PermissionType="READONLY")
    endpoint.fault("access_denied", operation="CreateWorkloadShare")


def expire_after_50(endpoint: Emulator) -> None:
    endpoint.fault("expired_credentials", operation="CreateWorkloadShare", after=50)


FAILURES = {
    "4 of 200 fail": (fail_four, EVERYTHING, "4 of 200 resources failed. Shares: 392 created, 8 not done.", 4),
    "195 of 200 are denied": (
        deny_195,
        EVERYTHING,
        "195 of 200 resources failed. Shares: 10 unchanged, 390 not done.",
        195,
    ),
    "the credentials expire after 50": (
        expire_after_50,
        {**EVERYTHING, "wa_share_shared_with": ACCOUNTS[:1]},
        "150 of 200 resources failed. Shares: 50 created, 150 not done.",
        150,
    ),
    "2,000 names are unknown": (
        lambda _endpoint: None,
        {**EVERYTHING, "wa_share_resources": [{"workload": f"none-{number:05}"} for number in range(2_000)]},
        "Nothing was changed. 2,000 faults in the input:",
        0,
    ),
}
failures = pytest.mark.parametrize(
    ("fail", "variables", "headline", "count"), [pytest.param(*case, id=name) for name, case in FAILURES.items()]
)


@failures
def test_a_failure_of_the_role_can_be_read_and_all_of_it_is_kept(
    endpoint: Emulator, player: Player, fail: Any, variables: dict[str, Any], headline: str, count: int
) -> None:
    fail(endpoint)
    done = player.role("wa_share", {**variables, "wa_share_result_path": "result.json"})

    assert done.code == 2
    assert len(done.stdout.encode()) < ROLE_PRINTS_AT_MOST, done.stdout
    assert f"\n{headline}\n" in done.stdout
    assert done.result["failed"] is True
    assert done.result["msg"].splitlines()[0] == headline
    assert sum("error" in row for row in done.result.get("resources", [])) == count
    assert len(done.result.get("resources", [])) in (0, 200)
    # Each line of the message is a line of what is shown; only the last of many faults may have been cut.
    shown = done.stdout.splitlines()
    assert done.result["msg"].splitlines()[1][:60] in "\n".join(shown)
    if count > 4:
        assert re.search(r"^\d+ workloads \(payments-\d+, payments-\d+ … \d+ more\): ", done.stdout, re.MULTILINE)
    advice = "The credentials need the IAM action wellarchitected:CreateWorkloadShare on …."
    assert done.stdout.count(advice) == (1 if fail in (fail_four, deny_195) else 0)
    if count:
        written = player.folder / "result.json"
        assert json.loads(written.read_text(encoding="utf-8")) == done.result


@failures
def test_the_message_of_the_module_can_be_read(
    endpoint: Emulator, player: Player, fail: Any, variables: dict[str, Any], headline: str, count: int
) -> None:
    fail(endpoint)
    options = {name.removeprefix("wa_share_"): value for name, value in variables.items()}
    done = player.module(options)

    assert done.code == 2
    assert len(done.result["msg"].encode()) < MESSAGE_AT_MOST
    assert len(done.result["msg"].splitlines()) <= 22
    assert done.result["msg"].splitlines()[0] == headline
    assert done.result["summary"]["failed"] == count if count else "summary" not in done.result


def test_a_run_ends_with_a_line_of_what_was_done_and_nothing_else(endpoint: Emulator, player: Player) -> None:
    checked = player.role("wa_share", EVERYTHING, "--check")
    assert re.search(
        r"^\[localhost\] 200 resources in 1 place: 400 would be created; \d+ s$", checked.stdout, re.MULTILINE
    )
    done = player.role("wa_share", EVERYTHING)
    assert re.search(r"^\[localhost\] 200 resources in 1 place: 400 created; \d+ s$", done.stdout, re.MULTILINE)
    again = player.role("wa_share", EVERYTHING)
    assert re.search(r"^\[localhost\] 200 resources in 1 place: 400 unchanged; \d+ s$", again.stdout, re.MULTILINE)
    for run in (checked, done, again):
        assert run.code == 0
        assert "skipping:" not in run.stdout
        assert run.stdout.count("[localhost] 200") == 1
        assert len(run.stdout.encode()) < 1500, run.stdout
    assert " changed=0 " in again.stdout


def test_a_program_that_reads_the_standard_output_gets_results_only(player: Player) -> None:
    tasks = [
        {
            "name": "Share",
            "wellarchitected.sharing.wa_shares": {"resources": "- workload: payments-00*", "shared_with": ACCOUNTS},
        }
    ]
    done = player.play(tasks, "done", {}, ANSIBLE_STDOUT_CALLBACK="ansible.posix.json")
    assert json.loads(done.stdout)["stats"]["localhost"]["failures"] == 0
    assert "10 resources in 1 place: 20 created" in done.stderr


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ("wa_share", "wa_share_resources: it is missing: the resources, and who each of them is shared with"),
        (
            "wa_accept",
            "wa_accept_shared_by: it is missing: the account IDs of the owners whose invitations are accepted",
        ),
    ],
)
def test_a_variable_that_is_missing_is_named_with_what_it_means(player: Player, role: str, message: str) -> None:
    done = player.role(role, {})
    assert done.code == 2
    assert f'"msg": "Nothing was changed. {message}"' in done.stdout
    assert "argument_spec" not in done.stdout
    assert len(done.stdout.encode()) < ROLE_PRINTS_AT_MOST
    assert done.result["msg"] == f"Nothing was changed. {message}"


def test_the_result_is_in_a_file_that_only_the_user_can_read(endpoint: Emulator, player: Player) -> None:
    path = player.folder / "result.json"
    asked = {**EVERYTHING, "wa_share_result_path": str(path)}

    player.role("wa_share", asked, "--check")
    assert not path.exists()

    done = player.role("wa_share", asked)
    written = json.loads(path.read_text(encoding="utf-8"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert written["summary"] == done.result["summary"]
    assert written["resources"] == done.result["resources"]
    assert [entry.name for entry in player.folder.iterdir() if entry.name.startswith(".wa_share")] == []


def test_a_file_that_cannot_be_written_is_told_before_anything_is_shared(endpoint: Emulator, player: Player) -> None:
    done = player.role("wa_share", {**EVERYTHING, "wa_share_result_path": "no/such/folder/result.json"})
    assert done.code == 2
    assert "Nothing was changed. wa_share_result_path: cannot write " in done.result["msg"]
    assert endpoint.shares() == []


def test_who_ignores_the_failure_of_the_role_has_all_of_the_result(endpoint: Emulator, player: Player) -> None:
    fail_four(endpoint)
    role = {"name": "Role", "ansible.builtin.import_role": {"name": "wellarchitected.sharing.wa_share"}}
    tasks = [{"name": "Try", "ignore_errors": True, "run_once": True, "block": [role]}]
    done = player.play(tasks, "wa_share_result", EVERYTHING)
    assert done.code == 0
    assert done.result["failed"] is True
    assert done.result["summary"]["failed"] == 4
    assert len(done.result["resources"]) == 200


def test_the_diff_of_a_run_that_waits_says_the_status(endpoint: Emulator, player: Player) -> None:
    asked = {
        "wa_share_resources": [{"workload": "payments-000"}],
        "wa_share_shared_with": ACCOUNTS,
        "wa_share_wait": True,
    }
    assert f"+{ACCOUNTS[0]} READONLY new" in player.role("wa_share", asked, "--check", "--diff").stdout
    assert f"+{ACCOUNTS[0]} READONLY PENDING" in player.role("wa_share", asked, "--diff").stdout


def test_a_warning_brings_no_other(player: Player) -> None:
    done = player.module({"resources": [{"workload": "none-*"}], "shared_with": ACCOUNTS})
    assert done.code == 0
    assert "matches 'none-*'" in done.stderr + done.stdout
    assert "DEPRECATION" not in done.stderr + done.stdout
