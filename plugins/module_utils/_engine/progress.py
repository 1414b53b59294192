# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""How far a run is, written to where the controller watches it. Nothing here ever fails a run."""

from __future__ import annotations

import json
import os
import threading
import time
from io import FileIO

VARIABLE = "WELLARCHITECTED_SHARING_PROGRESS"
"""The environment variable that names the file to write to. It is there already, and whoever watches it owns it."""
SIZE = 256  # bytes of the one record in the file
INTERVAL = 0.25  # seconds between two writes

LISTED = "resources listed"
SHARED = "shares done"
SETTLED = "resources settled"
ANSWERED = "invitations answered"


class Progress:
    """Counts what is done of how much, for any number of threads. Costs nothing where nobody watches."""

    def __init__(self, path: str | None = None) -> None:
        """``path``: the file to write to; None: nobody watches."""
        self._file = _open(path) if path else None
        self._lock = threading.Lock()
        self._written = 0.0
        self._what = ""
        self._counts = {"done": 0, "failed": 0, "total": 0}
        self._places: list[int] = []

    def expect(self, what: str, total: int) -> None:
        """So many more of ``what`` are to be done. Something else than before starts from 0."""
        if self._file is None:
            return
        with self._lock:
            if what != self._what:
                self._what, self._counts = what, {"done": 0, "failed": 0, "total": 0}
            self._counts["total"] += total
            self._write()

    def add(self, done: int = 0, failed: int = 0) -> None:
        """So many more are done, and have failed."""
        if self._file is None:
            return
        with self._lock:
            self._counts["done"] += done
            self._counts["failed"] += failed
            self._write_at_times()

    def expect_places(self, total: int) -> None:
        """The run is about so many places."""
        if self._file is None:
            return
        with self._lock:
            self._places = [0, total]

    def add_place(self) -> None:
        """One more place is done."""
        if self._file is None or not self._places:
            return
        with self._lock:
            self._places[0] += 1
            self._write_at_times()

    def _write_at_times(self) -> None:
        if time.monotonic() - self._written >= INTERVAL:
            self._write()

    def _write(self) -> None:
        """Replaces the record, which always has the same size: a reader finds the old one or the new one."""
        record = json.dumps({"what": self._what, **self._counts, "places": self._places})
        self._written = time.monotonic()
        try:
            if self._file is not None:
                self._file.seek(0)
                self._file.write(record.encode("ascii").ljust(SIZE))
        except OSError:
            self._file = None


def watched_progress() -> Progress:
    """The progress of this run, written to where the environment says."""
    return Progress(os.environ.get(VARIABLE))


def _open(path: str) -> FileIO | None:
    try:
        return FileIO(path, "r+")
    except (OSError, ValueError):
        return None
