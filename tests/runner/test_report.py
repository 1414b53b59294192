# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role wa_share_report in plays of every kind. The report itself is tested by units and in a browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PAST = "2026-01-01T00:00:00Z"
OWNERS = {"ana": "111122223333", "ben": "222233334444", "eve": "333344445555"}
ROLE = {"ansible.builtin.import_role": {"name": "wellarchitected.sharing.wa_share_report"}}


def resources(account: str) -> list[dict[str, Any]]:
    """One workload of the account, shared with another, as wa_share_info returns it."""
    arn = f"arn:aws:wellarchitected:eu-west-1:{account}:workload/{account:0>32}"
    share = {
        "shared_with": "444455556666",
        "share_id": f"{account:0>32}",
        "status": "PENDING",
        "permission_type": "READONLY",
    }
    return [{"resource": {"kind": "workload", "id": arn[-32:], "arn": arn, "name": "Payments"}, "shares": [share]}]


def play(
    *tasks: dict[str, Any], variables: dict[str, Any] | None = None, hosts: str = "owners", **keywords: Any
) -> Any:
    return {"hosts": hosts, "gather_facts": False, "vars": variables or {}, "tasks": [*tasks], **keywords}


def run(folder: Path, collections: Path, *plays: Any) -> tuple[int, str]:
    """Exit code and output of the plays, whose owners have resources and so need no AWS."""
    hosts = {name: {"aws_account_id": account, "given": resources(account)} for name, account in OWNERS.items()}
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    (folder / "hosts.json").write_text(json.dumps({"owners": {"hosts": hosts, "vars": local}}), encoding="utf-8")
    (folder / "plays.json").write_text(json.dumps(plays), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_"))}
    nowhere = {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    done = subprocess.run(
        [f"{sys.prefix}/bin/ansible-playbook", "-i", "hosts.json", "plays.json"],
        cwd=folder,
        env={
            **kept,
            **nowhere,
            "HOME": str(folder),
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_NOCOLOR": "1",
        },
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def report(folder: Path, name: str) -> dict[str, Any]:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def first_seen(written: dict[str, Any]) -> list[str]:
    return [share["first_seen"] for row in written["resources"] for share in row["shares"]]


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory, collections: Path) -> Path:
    """The folder of reports by plays of several kinds, each of which replaces one that was written by a linear play."""
    folder = tmp_path_factory.mktemp("report")
    given = {"wa_share_report_resources": "{{ given }}"}
    names = ("serial", "free", "linear")
    code, output = run(folder, collections, play(ROLE, variables={**given, "wa_share_report_path": "~/first.html"}))
    assert code == 0, output
    first = (folder / "first.json").read_text(encoding="utf-8")
    for name in names:
        (folder / f"{name}.json").write_text(
            first.replace(report(folder, "first")["changed_at"], PAST), encoding="utf-8"
        )
    paths = {name: {**given, "wa_share_report_path": f"{folder}/{name}.html"} for name in names}
    # The second owner cannot be listed, and fails once the report is written.
    lost = {"wa_share_report_path": f"{folder}/linear.html"}
    read = {
        "ansible.builtin.set_fact": {"wa_share_report_resources": "{{ given }}"},
        "when": "inventory_hostname != 'ben'",
    }
    code, output = run(
        folder,
        collections,
        play(ROLE, variables=paths["serial"], serial=1),
        play(ROLE, variables=paths["free"], strategy="free"),
        play(
            {
                "block": [ROLE],
                "rescue": [{"ansible.builtin.debug": {"msg": "No owner: {{ ansible_failed_result.msg }}"}}],
            },
            variables={**paths["linear"], "wa_share_report_titel": "misspelled"},
        ),
        play(read, ROLE, variables=lost),
    )
    (folder / "output").write_text(f"{code}\n{output}", encoding="utf-8")
    return folder


def test_a_path_may_begin_with_the_home_folder(ways: Path) -> None:
    assert {path.suffix for path in ways.glob("first.*")} == {".html", ".csv", ".json"}
    assert sorted(owner["name"] for owner in report(ways, "first")["owners"]) == sorted(OWNERS)


@pytest.mark.parametrize("way", ["serial", "free"])
def test_a_play_in_batches_or_free_writes_the_report_of_a_linear_one(ways: Path, way: str) -> None:
    written = report(ways, way)
    output = (ways / "output").read_text(encoding="utf-8")
    assert sorted(owner["name"] for owner in written["owners"]) == sorted(OWNERS), output
    assert (written["not_read"], written["changes"], written["remembered"]) == ([], [], [])
    assert first_seen(written) == [PAST] * 3
    assert [group["reason"] for group in written["attention"]] == ["pending_long"]


def test_a_misspelled_variable_is_refused(ways: Path) -> None:
    output = (ways / "output").read_text(encoding="utf-8")
    assert "Unknown variables: wa_share_report_titel" in output


def test_an_owner_that_cannot_be_listed_is_named_and_fails(ways: Path) -> None:
    written = report(ways, "linear")
    code, _line, output = (ways / "output").read_text(encoding="utf-8").partition("\n")
    assert code == "2", output
    assert [row["name"] for row in written["not_read"]] == ["ben"], output
    assert "Region" in written["not_read"][0]["why"]  # The owner has no Region, no credentials and no resources.
    assert first_seen(written) == [PAST] * 2
    assert [share["first_seen"] for row in written["remembered"] for share in row["shares"]] == [PAST]
    assert "could not be read" in (ways / "linear.html").read_text(encoding="utf-8")
