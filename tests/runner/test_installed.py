# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection installed from its archive, without anything of this repository beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.emulator.testing import SECRET_KEY, Emulator

DEMO = Path(__file__).parents[1] / "demo"
FOR_USERS = {
    "CHANGELOG.rst",
    "CODE_OF_CONDUCT.md",
    "FILES.json",
    "LICENSE",
    "MANIFEST.json",
    "README.md",
    "SECURITY.md",
    "changelogs",
    "docs",
    "examples",
    "extensions",
    "meta",
    "playbooks",
    "plugins",
    "requirements.txt",
    "requirements.yml",
    "roles",
    "tests",
}


def play(folder: Path, collections: Path, endpoint: Emulator, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [f"{sys.prefix}/bin/ansible-playbook", *arguments],
        cwd=folder,
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_NOCOLOR": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": "eu-west-1",
            "AWS_URL": endpoint.url,
        },
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_the_archive_has_nothing_that_is_not_for_users(project: Path) -> None:
    assert {path.name for path in project.iterdir()} == FOR_USERS
    assert not [path for path in project.rglob("*") if path.name.startswith(".") or path.name == "__pycache__"]
    assert [path.name for path in (project / "changelogs").iterdir()] == ["changelog.yaml"]
    assert {path.name for path in (project / "docs").iterdir()} <= {"docsite", "iam", "images"}
    # It tells ansible-test which versions of Python the modules support. `make sanity` runs on what the archive has.
    assert [path.name for path in (project / "tests").iterdir()] == ["config.yml"]


def test_the_playbook_of_the_demo_runs(endpoint: Emulator, collections: Path) -> None:
    where = {"region": "eu-west-1"}
    endpoint.create_workload("Payments", **where)
    endpoint.create_lens("Platform Standards", **where)
    endpoint.create_template("Central Web", **where)
    arguments = ["share.yml", "-e", "@resources.yml", "-e", "organizational_unit=777788889999"]

    first = play(DEMO, collections, endpoint, *arguments)
    assert first.returncode == 0, first.stdout
    assert len(endpoint.shares()) == 6
    again = play(DEMO, collections, endpoint, *arguments)
    assert " changed=0 " in again.stdout


@pytest.mark.parametrize("blank", ["", None], ids=["an empty string", "nothing"])
def test_blank_variables_of_the_roles_stand_for_the_defaults(
    endpoint: Emulator, collections: Path, project: Path, tmp_path: Path, blank: Any
) -> None:
    """AWX gives an empty string for an answer that is missing, of which ansible-core 2.19 and later make none."""
    endpoint.create_workload("Payments", region="eu-west-1")
    variables: dict[str, Any] = {}
    for role in ("wa_share", "wa_accept"):
        spec = (project / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
        variables |= dict.fromkeys(yaml.safe_load(spec)["argument_specs"]["main"]["options"], blank)
    # A guard rail that did not arrive approves nothing.
    del variables["wa_share_approved_plan"]
    variables["wa_share_resources"] = "- workload: Pay*\n  shared_with: 111122223333"
    variables["wa_accept_shared_by"] = "123456789012"
    (tmp_path / "variables.json").write_text(json.dumps(variables), encoding="utf-8")
    roles = [{"role": f"wellarchitected.sharing.{role}"} for role in ("wa_share", "wa_accept")]
    book = [{"hosts": "localhost", "gather_facts": False, "roles": roles}]
    (tmp_path / "blank.yml").write_text(json.dumps(book), encoding="utf-8")

    done = play(tmp_path, collections, endpoint, "blank.yml", "-e", "@variables.json")

    assert done.returncode == 0, done.stdout
    assert [share["shared_with"] for share in endpoint.shares()] == ["111122223333"]
