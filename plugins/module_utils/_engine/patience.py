# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Waiting for what the service has not settled yet: all waiting of a run together has one limit."""

from __future__ import annotations

import threading
import time

FIRST_PAUSE = 0.5  # seconds before the second look
LONGEST_PAUSE = 5.0


class Patience:
    """The ``wait_timeout`` of a run, for any number of threads: time counts once, however many of them wait in it."""

    def __init__(self, timeout: float) -> None:
        """``timeout``: seconds."""
        self.timeout = timeout
        self._lock = threading.Lock()
        self._spent = 0.0
        self._waiting = 0
        self._since = 0.0

    def pauses(self) -> Pauses:
        """The pauses between looks at one thing."""
        return Pauses(self)

    def sleep(self, seconds: float) -> bool:
        """Waits, though no longer than the patience lasts. False, at once, where none is left."""
        with self._lock:
            now = time.monotonic()
            left = self.timeout - self._spent - (now - self._since if self._waiting else 0.0)
            if left <= 0:
                return False
            if not self._waiting:
                self._since = now
            self._waiting += 1
        time.sleep(min(seconds, left))
        with self._lock:
            self._waiting -= 1
            if not self._waiting:
                self._spent += time.monotonic() - self._since
        return True


class Pauses:
    """Growing pauses, as long as the run's patience lasts."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._pause = 0.0

    def take(self) -> bool:
        """Waits until it is worth to look again; the first look comes at once. False: the time is up."""
        if self._pause and not self._patience.sleep(self._pause):
            return False
        self._pause = min(max(self._pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        return True
