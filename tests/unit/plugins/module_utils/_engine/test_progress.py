# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How far a run is: what is written to where it is watched, how often, and that nothing of it fails a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine import progress
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.progress import (
    INTERVAL,
    LISTED,
    SHARED,
    SIZE,
    VARIABLE,
    Progress,
    watched_progress,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the run is watched."""
    path = tmp_path / "progress"
    path.touch()
    return path


@pytest.fixture
def clock() -> Iterator[mock.Mock]:
    """The time in seconds. It stands still."""
    with mock.patch.object(progress.time, "monotonic", return_value=100.0) as clock:
        yield clock


def record(file: Path) -> dict[str, Any]:
    return json.loads(file.read_bytes())


def test_what_is_to_be_done_is_written_at_once(file: Path, clock: mock.Mock) -> None:
    Progress(str(file)).expect(SHARED, 2000)
    assert record(file) == {"what": "shares done", "done": 0, "failed": 0, "total": 2000, "places": []}


def test_what_is_done_is_written_a_few_times_a_second(file: Path, clock: mock.Mock) -> None:
    run = Progress(str(file))
    run.expect(SHARED, 10)
    run.add(done=1)
    clock.return_value += INTERVAL - 0.01
    run.add(done=1)
    assert record(file)["done"] == 0
    clock.return_value += 0.01
    run.add(failed=2)
    assert (record(file)["done"], record(file)["failed"]) == (2, 2)
    run.add(done=1)
    assert record(file)["done"] == 2
    clock.return_value += INTERVAL
    run.add(done=1)
    assert record(file)["done"] == 4


def test_something_else_starts_from_0_and_more_of_the_same_adds_to_it(file: Path, clock: mock.Mock) -> None:
    run = Progress(str(file))
    run.expect(LISTED, 30)
    run.add(done=30)
    run.expect(SHARED, 5)
    run.add(done=2, failed=1)
    run.expect(SHARED, 7)
    assert record(file) == {"what": "shares done", "done": 2, "failed": 1, "total": 12, "places": []}


def test_places_are_counted_whatever_is_done_in_them(file: Path, clock: mock.Mock) -> None:
    run = Progress(str(file))
    run.add_place()
    run.expect_places(1200)
    run.add_place()
    run.expect(SHARED, 5)
    assert record(file)["places"] == [1, 1200]
    clock.return_value += INTERVAL
    run.add_place()
    assert record(file)["places"] == [2, 1200]


def test_a_record_always_has_the_same_size(file: Path, clock: mock.Mock) -> None:
    run = Progress(str(file))
    for total in (10**9, 1):
        run.expect(f"{SHARED} {total}", total)
        assert len(file.read_bytes()) == SIZE
        assert record(file)["total"] == total


def test_a_run_is_watched_where_the_environment_says_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(file))
    watched_progress().expect(SHARED, 3)
    assert record(file)["total"] == 3
    monkeypatch.delenv(VARIABLE)
    watched_progress().expect(SHARED, 4)
    assert record(file)["total"] == 3


def count(run: Progress) -> None:
    with mock.patch.object(progress.time, "monotonic", side_effect=range(100)):
        run.expect_places(1)
        run.expect(SHARED, 2)
        run.add(done=1)
        run.add_place()
        run.add(failed=1)


@pytest.mark.parametrize("where", [None, "", "missing/progress", ".", "a\0b", "/dev/full"])
def test_where_it_cannot_be_written_the_run_goes_on(where: str | None, tmp_path: Path) -> None:
    path = where and (where if where.startswith("/") else f"{tmp_path}/{where}")
    count(Progress(path))
    assert list(tmp_path.iterdir()) == []


def test_after_one_failure_nothing_is_tried_again(file: Path) -> None:
    run = Progress(str(file))
    with mock.patch.object(run, "_file") as broken:
        broken.write.side_effect = OSError(28, "No space left on device")
        count(run)
        assert broken.write.call_count == 1
