# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflows of a hosted repository run what this one has. `make lint` checks their form and their safety."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .documents import ROOT

sys.path.insert(0, str(ROOT / "tests" / "tools"))
from matrix import OLDEST_TARGET, RELEASES, runs

MATRIX = ROOT / ".github" / "workflows" / "matrix.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
PINNED = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
# Releases of it cannot change, and it calls other actions at commits.
IMMUTABLE = "uses: ansible-collections/partner-certification-checker/.github/workflows/certification-reusable.yml@v"


def workflow(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8"))


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
        yield from job.get("steps", [])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned_to_a_commit_with_its_version_beside_it(path: Path) -> None:
    uses = [
        line.strip().removeprefix("- ") for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line
    ]
    assert uses
    assert [line for line in uses if not PINNED.fullmatch(line) and not line.startswith(IMMUTABLE)] == []


def test_an_action_is_the_same_commit_everywhere() -> None:
    found = {
        match for path in WORKFLOWS for match in re.findall(r"uses: (\S+)@(\S+)", path.read_text(encoding="utf-8"))
    }
    assert len(found) == len({action for action, _commit in found})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_command_is_there(path: Path) -> None:
    """`make` has the target, bash its script. What pip installs is the next step's program."""
    installed = set()
    for words in (shlex.split(step["run"]) for step in steps(path) if "run" in step):
        if words[0] == "make":
            assert words[1] in TARGETS
        elif words[0] == "bash":
            assert (ROOT / words[1]).is_file()
        elif words[:4] == ["python", "-m", "pip", "install"]:
            installed.add(words[4].split("==")[0].removesuffix("-py"))
        else:
            assert words[0] in installed


def test_the_matrix_has_the_supported_releases() -> None:
    names = workflow("matrix")["jobs"]["matrix"]["strategy"]["matrix"]["ansible"]
    assert names == [name.removeprefix("ansible") for name in runs()]


def test_the_matrix_has_every_python_that_sanity_tests_run_on() -> None:
    (setup,) = [step["with"] for step in steps(MATRIX) if "python-version" in step.get("with", {})]
    wanted = [f"3.{minor}" for minor in range(OLDEST_TARGET, RELEASES[-1].newest_python + 1)]
    assert sorted(setup["python-version"].split()) == sorted(wanted)


def test_the_certification_checker_runs_on_the_oldest_supported_ansible() -> None:
    with_ = workflow("certification")["jobs"]["certification"]["with"]
    floor = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["requires_ansible"]
    assert with_["ansible-core-version"] == floor.removeprefix(">=")
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    assert with_["collection-deps"].split() == list(galaxy["dependencies"])


def test_the_tests_run_for_every_change_and_once_a_week() -> None:
    for name in ("test", "matrix", "certification"):
        # YAML 1.1 reads the word `on` as true.
        events = workflow(name)[True]
        assert "pull_request" in events
        assert events["push"]["branches"] == ["main"]
        assert len(events["schedule"]) == 1
