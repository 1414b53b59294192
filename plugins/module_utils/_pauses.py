# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Waiting for something that the service has not settled yet."""

from __future__ import annotations

import time

FIRST_PAUSE = 0.5  # seconds before the second look
LONGEST_PAUSE = 5.0


class Pauses:
    """Growing pauses up to a deadline."""

    def __init__(self, timeout: float) -> None:
        """``timeout``: seconds from now."""
        self._deadline = time.monotonic() + timeout
        self._pause = 0.0

    def take(self) -> bool:
        """Waits until it is worth to look again; the first look comes at once. False: the time is up."""
        if self._pause:
            if time.monotonic() + self._pause > self._deadline:
                return False
            time.sleep(self._pause)
        self._pause = min(max(self._pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        return True
