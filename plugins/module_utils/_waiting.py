# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Waiting, which ``wait_timeout`` bounds for a whole run: for shares, for invitations, and after conflicts."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

FIRST_PAUSE = 0.5  # seconds before the second try
LONGEST_PAUSE = 5.0


class WaitBudget:
    """The ``wait_timeout`` of a run, for all its waiting together and any number of threads."""

    def __init__(self, timeout: float) -> None:
        """``timeout``: seconds."""
        self.timeout = timeout
        self._waited = 0.0
        self._lock = threading.Lock()

    def pauses(self) -> Iterator[None]:
        """Yields at once, then after growing pauses, as long as the budget lasts.

        Threads that wait at the same time use the same seconds: what counts is the longest.
        """
        waited, pause = self._waited, FIRST_PAUSE
        yield
        while waited < self.timeout:
            pause = min(pause, self.timeout - waited)
            time.sleep(pause)
            waited += pause
            with self._lock:
                self._waited = max(self._waited, waited)
            yield
            pause = min(pause * 2, LONGEST_PAUSE)
