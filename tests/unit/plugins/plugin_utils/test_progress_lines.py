# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines of progress: what they say, when they are shown, and that nothing of them fails a run."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.progress import VARIABLE, Progress
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils.progress_lines import line_of, progress_lines

SOON = 0.01  # seconds between two lines
NEVER = 1000.0
PATIENCE = 30.0  # seconds until a test that waits fails


def written(**record: Any) -> str:
    return json.dumps({"what": "shares done", "done": 0, "failed": 0, "total": 0, "places": [], **record})


@pytest.mark.parametrize(
    ("record", "line"),
    [
        ("", ""),
        (written(), ""),
        (written(total=20), "0 of 20 shares done"),
        (written(done=640, total=2000), "640 of 2,000 shares done"),
        (written(done=640, total=2000, failed=3), "640 of 2,000 shares done, 3 failed"),
        (
            written(done=640, total=2000, failed=3, places=[24, 1200]),
            "640 of 2,000 shares done, 3 failed, 24 places of 1,200",
        ),
        (written(done=5999, total=6000, places=[1, 2]), "5,999 of 6,000 shares done, 1 places of 2"),
        (written(what="resources listed", done=1, total=1000) + " " * 99, "1 of 1,000 resources listed"),
    ],
)
def test_a_record_as_a_line(record: str, line: str) -> None:
    assert line_of(record) == line


class Screen:
    """What was shown."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._shown = threading.Condition()

    def show(self, line: str) -> None:
        with self._shown:
            self.lines.append(line)
            self._shown.notify_all()

    def wait_for(self, line: str) -> None:
        with self._shown:
            assert self._shown.wait_for(lambda: line in self.lines, PATIENCE), self.lines


def test_each_new_line_is_shown_once(tmp_path: Path) -> None:
    screen = Screen()
    with progress_lines(screen.show, str(tmp_path), every=SOON) as environment:
        run = Progress(environment[VARIABLE])
        for total in (1, 2, 3):
            run.expect(f"lists {total}", total)
            screen.wait_for(f"0 of {total} lists {total}")
            time.sleep(5 * SOON)  # It is due again, and no news.
    assert screen.lines == ["0 of 1 lists 1", "0 of 2 lists 2", "0 of 3 lists 3"]


def test_a_run_that_ends_before_the_first_is_due_shows_none(tmp_path: Path) -> None:
    screen = Screen()
    with progress_lines(screen.show, str(tmp_path), every=NEVER) as environment:
        Progress(environment[VARIABLE]).expect("shares done", 20)
    assert screen.lines == []


def test_only_the_owner_can_read_the_file_and_nothing_is_left_behind(tmp_path: Path) -> None:
    threads = threading.active_count()
    with progress_lines(print, str(tmp_path), every=NEVER) as environment:
        path = Path(environment[VARIABLE])
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert path.parent.parent == tmp_path
    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == threads


def test_a_failure_of_the_run_is_the_run_s(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="mine"), progress_lines(print, str(tmp_path), every=NEVER):
        raise KeyError("mine")
    assert list(tmp_path.iterdir()) == []


def test_without_room_for_a_file_there_is_no_progress(tmp_path: Path) -> None:
    with progress_lines(print, str(tmp_path / "missing"), every=SOON) as environment:
        assert environment == {}


def test_without_room_for_a_thread_there_is_no_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    with progress_lines(print, str(tmp_path), every=SOON) as environment:
        assert environment == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("record", ["{", "[]", "5", '{"total": "many"}', '{"total": 5}', written(total=1, places=[1])])
def test_a_record_that_cannot_be_read_is_not_shown_and_the_next_one_is(record: str, tmp_path: Path) -> None:
    screen = Screen()
    with progress_lines(screen.show, str(tmp_path), every=SOON) as environment:
        Path(environment[VARIABLE]).write_text(record, encoding="ascii")
        time.sleep(10 * SOON)
        Path(environment[VARIABLE]).write_text(written(total=20), encoding="ascii")
        screen.wait_for("0 of 20 shares done")
    assert screen.lines == ["0 of 20 shares done"]


def test_a_line_that_cannot_be_shown_is_nobody_s_failure(tmp_path: Path) -> None:
    tried = threading.Event()

    def show(_line: str) -> None:
        tried.set()
        raise BrokenPipeError

    with progress_lines(show, str(tmp_path), every=SOON) as environment:
        Progress(environment[VARIABLE]).expect("shares done", 20)
        assert tried.wait(PATIENCE)
    assert list(tmp_path.iterdir()) == []
