# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""How many items to ask a list operation for: as many as it gives, wherever that can be known."""

from __future__ import annotations

import threading

LARGEST = 50  # what the model says of every list
# AWS refuses more for this one, whatever the model says (turbot/steampipe-plugin-aws,
# aws/table_aws_wellarchitected_lens_share.go).
_KNOWN = {"ListLensShares": 10}


class PageSizes:
    """What is known of MaxResults, for any number of threads. One for a whole run.

    The first call of an operation tries; until it is answered, others go without MaxResults, which is always right. So
    a limit that nobody knew of costs one refused call a run, and nobody waits for anybody.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._good: dict[str, bool | None] = {}
        """By operation: whether the size was taken; None while the first call tries it."""

    def ask(self, operation: str) -> int | None:
        """The MaxResults to ask with; None: without."""
        with self._lock:
            first = operation not in self._good
            good = self._good.setdefault(operation, None)
        return _KNOWN.get(operation, LARGEST) if first or good else None

    def taken(self, operation: str) -> None:
        """The operation took its MaxResults."""
        with self._lock:
            self._good[operation] = True

    def refused(self, operation: str) -> None:
        """The operation refused its MaxResults: nobody sends one any more."""
        with self._lock:
            self._good[operation] = False

    def forget(self, operation: str) -> None:
        """The call failed for another reason: where it was the first, the next one tries."""
        with self._lock:
            if self._good.get(operation, True) is None:
                del self._good[operation]
