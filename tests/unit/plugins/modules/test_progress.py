# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules say of how far they are, where they are watched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine import progress
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    CLEO,
    OU,
    Scene,
    entry,
)

Steps = list[tuple[int, int, int]]


class Watched:
    """The records of one run, in their order."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._records: list[dict[str, Any]] = []

    def note(self) -> None:
        self._records.append(json.loads(self._path.read_bytes()))

    def of(self, what: str) -> Steps:
        """(done, failed, total), each once."""
        found = [(one["done"], one["failed"], one["total"]) for one in self._records if one["what"] == what]
        return list(dict.fromkeys(found))


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """A watched run that writes each of its steps."""
    path = tmp_path / "progress"
    path.touch()
    watched = Watched(path)
    write = progress.Progress._write

    def write_and_note(run: progress.Progress) -> None:
        write(run)
        watched.note()

    monkeypatch.setenv(progress.VARIABLE, str(path))
    monkeypatch.setattr(progress, "INTERVAL", 0)
    monkeypatch.setattr(progress.Progress, "_write", write_and_note)
    return watched


def test_shares_that_are_changed_are_counted_and_no_others(scene: Scene, run: Any, watched: Watched) -> None:
    payments = scene.make(name="Payments", shares=[ANA])
    search = scene.make(name="Search", shares=[CLEO])
    entries = [entry(payments, ANA, BEN, CLEO), entry(search, CLEO, state="absent")]

    assert not run("wa_shares", resources=entries, concurrency=1)["failed"]
    assert watched.of("resources listed") == [(0, 0, 2), (1, 0, 2), (2, 0, 2)]
    assert watched.of("shares done") == [(0, 0, 3), (1, 0, 3), (2, 0, 3), (3, 0, 3)]
    assert watched.of("resources settled") == []


def test_check_mode_only_lists(scene: Scene, run: Any, watched: Watched) -> None:
    run("wa_shares", check_mode=True, resources=[entry(scene.make(), ANA)])
    assert watched.of("resources listed") == [(0, 0, 1), (1, 0, 1)]
    assert watched.of("shares done") == []


@pytest.mark.parametrize(
    ("fault", "last"),
    [("server_error", (3, 3, 6)), ("access_denied", (0, 6, 6)), ("expired_credentials", (0, 6, 6))],
    ids=["each of one resource", "each resource at its first", "the run is stopped"],
)
def test_what_fails_is_counted_with_all_that_it_stops(
    scene: Scene, run: Any, watched: Watched, fault: str, last: tuple[int, int, int]
) -> None:
    first, second = scene.make(name="First"), scene.make(name="Second")
    of_first = {"match": {"WorkloadId": first.id}} if fault == "server_error" else {}
    scene.emulator.fault(fault, operation="CreateWorkloadShare", **of_first)

    assert run("wa_shares", resources=[entry(first, ANA, BEN, CLEO), entry(second, ANA, BEN, CLEO)])["failed"]
    assert watched.of("shares done")[-1] == last


def test_a_list_that_fails_is_done_too(scene: Scene, run: Any, watched: Watched) -> None:
    scene.make(name="First")
    scene.make(name="Second")
    scene.emulator.fault("access_denied", operation="ListWorkloadShares")
    assert run("wa_share_info", workload=["*"])["failed"]
    assert watched.of("resources listed")[-1] == (2, 0, 2)


def test_what_is_waited_for_is_counted(scene: Scene, run: Any, watched: Watched) -> None:
    scene.enable_organization_sharing()
    first, second = scene.make(name="First"), scene.make(name="Second")
    assert not run("wa_shares", resources=[entry(first, OU), entry(second, ANA)], wait=True)["failed"]
    steps = watched.of("resources settled")
    assert (steps[0], steps[-1]) == ((0, 0, 2), (2, 0, 2))


def test_nothing_is_written_where_nobody_watches(
    scene: Scene, run: Any, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(progress.VARIABLE)
    assert not run("wa_shares", resources=[entry(scene.make(), ANA)])["failed"]
    assert watched.of("shares done") == []
