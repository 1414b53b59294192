# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection installed from its archive, without anything of this repository beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
    # With it, ansible-test knows which versions of Python the modules support. `make sanity` runs on the archive.
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
