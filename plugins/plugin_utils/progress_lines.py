# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""Lines of progress while a module runs on this machine. Nothing here ever fails a run."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..module_utils._engine.progress import VARIABLE

EVERY = 5.0  # seconds between two lines, and before the first


@contextmanager
def progress_lines(show: Callable[[str], None], folder: str, every: float = EVERY) -> Iterator[dict[str, str]]:
    """Shows how far the module is that gets the environment that this yields; an empty one, where that cannot be.

    ``show``: takes a line, in a thread of its own. ``folder``: for temporary files; only its owner can read it.
    """
    private, environment = None, {}
    ended = threading.Event()
    try:
        private = tempfile.mkdtemp(prefix="wa-progress-", dir=folder)
        path = Path(private, "progress.json")
        path.touch(mode=0o600)
        thread = threading.Thread(target=_show_lines, args=(path, show, every, ended), daemon=True)
        thread.start()
        environment = {VARIABLE: str(path)}
    except (OSError, RuntimeError):
        pass  # There is no room for a file, or for a thread.
    try:
        yield environment
    finally:
        ended.set()
        if environment:
            thread.join(every)
        if private:
            shutil.rmtree(private, ignore_errors=True)


def line_of(written: str) -> str:
    """What the module has written, as a line: ``640 of 2,000 shares done, 3 failed``. Blank where it is nothing yet."""
    record: dict[str, Any] = json.loads(written) if written else {"total": 0}
    if not record["total"]:
        return ""
    line = f"{record['done']:,} of {record['total']:,} {record['what']}"
    if record["failed"]:
        line += f", {record['failed']:,} failed"
    if record["places"]:
        done, total = record["places"]
        line += f", {done:,} places of {total:,}"
    return line


def _show_lines(path: Path, show: Callable[[str], None], every: float, ended: threading.Event) -> None:
    """Shows a line every ``every`` seconds, where there is a new one, until it has ended."""
    last = ""
    while not ended.wait(every):
        try:
            line = line_of(path.read_text(encoding="ascii"))
            if line not in ("", last):
                show(line)
        except Exception:  # Whatever it is, the run goes on.
            return
        last = line
