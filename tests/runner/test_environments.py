# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The execution environments and the decision environment of the pattern, as far as ansible-builder creates them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

pytest.importorskip("ansible_builder", reason="`make matrix` has none")

FOLDER = Path("extensions/patterns/share_resources/exec_env")
NAMES = ["execution-environment", "execution-environment-platform", "decision-environment"]


def builder(*arguments: str) -> str:
    command = [f"{sys.prefix}/bin/ansible-builder", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def definition(project: Path, name: str) -> dict[str, Any]:
    return yaml.safe_load((project / FOLDER / f"{name}.yml").read_text(encoding="utf-8"))


def test_an_execution_environment_gets_what_the_modules_need(collections: Path) -> None:
    found = yaml.safe_load(builder("introspect", str(collections)))
    needed = [line for line in found["python"] if "wellarchitected.sharing" in line]
    assert [line.split(">=")[0] for line in needed] == ["boto3", "botocore"]
    assert not [line for line in found.get("system", []) if "wellarchitected.sharing" in line]


@pytest.mark.parametrize("name", NAMES)
def test_an_environment_can_be_created_with_the_collection(project: Path, tmp_path: Path, name: str) -> None:
    file = project / FOLDER / f"{name}.yml"
    builder("create", "--file", str(file), "--context", str(tmp_path), "--output-filename", "Containerfile")
    wanted = yaml.safe_load((tmp_path / "_build" / "requirements.yml").read_text(encoding="utf-8"))
    galaxy = yaml.safe_load((project / "MANIFEST.json").read_text(encoding="utf-8"))["collection_info"]
    versions = {entry["name"]: entry["version"] for entry in wanted["collections"]}
    assert versions["wellarchitected.sharing"] == f">={galaxy['version']}"


def test_there_are_no_other_environments(project: Path) -> None:
    assert sorted(path.stem for path in (project / FOLDER).iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "execution-environment"])
def test_the_platforms_images_bring_their_own_ansible(project: Path, name: str) -> None:
    """Red Hat supports the ansible-core of its images, and no other in them."""
    asked = definition(project, name)
    assert asked["images"]["base_image"]["name"].startswith("registry.redhat.io/ansible-automation-platform")
    assert asked["dependencies"].keys() <= {"galaxy", "python"}


def test_the_platforms_ansible_is_supported(project: Path) -> None:
    tag = definition(project, "execution-environment-platform")["images"]["base_image"]["name"].rpartition(":")[2]
    floor = yaml.safe_load((project / "meta" / "runtime.yml").read_text(encoding="utf-8"))["requires_ansible"]
    assert [int(part) for part in tag.split(".")] >= [int(part) for part in floor.removeprefix(">=").split(".")][:2]
