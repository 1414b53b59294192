# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The option progress_path: a line every few seconds of a long run, in a file that the action plugin shows."""

from __future__ import annotations

import threading
import time

INTERVAL = 5.0  # seconds between two lines


class Progress:
    """Counts steps for any number of threads. Does nothing without a path, and never makes a run fail."""

    def __init__(self, path: str | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._written = time.monotonic()
        self._what = ""
        self._done = 0
        self._total = 0

    def expect(self, what: str, total: int) -> None:
        """So many more steps of this name are to come. A new name begins at 0."""
        with self._lock:
            if what != self._what:
                self._what, self._done, self._total = what, 0, 0
            self._total += total

    def add(self, done: int = 1) -> None:
        """So many more steps are done."""
        with self._lock:
            self._done += done
            if self._path is None or time.monotonic() - self._written < INTERVAL:
                return
            self._written = time.monotonic()
            try:
                with open(self._path, "a", encoding="utf-8") as file:
                    file.write(f"{self._done:,} of {self._total:,} {self._what}\n")
            except OSError:
                self._path = None
