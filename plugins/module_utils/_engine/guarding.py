# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The guard rail ``max_removals``: refuses a run before its first change, and says who would lose access."""

from __future__ import annotations

from collections.abc import Sequence

from .._model.invalid_input import InvalidInput
from .applying import NAMED_AT_MOST, Work
from .planning import DELETED, too_many_removals
from .results import diff


class TooManyRemovals(InvalidInput):
    """More shares would go for good than ``max_removals`` says."""

    def __init__(self, fault: str, diff: Sequence[dict[str, str]]) -> None:
        """``diff``: all that the run would have changed, as --diff shows it."""
        super().__init__([fault])
        self.diff = list(diff)


def guard_removals(works: Sequence[Work], most: int | None) -> None:
    """Raises TooManyRemovals where the run would delete more shares than ``most``; None: any number may go.

    A renewal deletes a share that gives no access any more, and sends it again: it does not count.
    """
    if not too_many_removals([work.plan for work in works], most):
        return
    total = sum(work.plan.removals for work in works)
    for work in works:
        work.predict()
    fault = f"max_removals: it is {most}, and this run would delete {total}: {_name_losers(works, total)}"
    raise TooManyRemovals(fault, diff(works))


def _name_losers(works: Sequence[Work], total: int) -> str:
    """Whose share of what would go, as far as one can read; the others in numbers."""
    left = NAMED_AT_MOST
    parts: list[str] = []
    for work in works:
        gone = [step.share for step in work.plan.steps if step.action == DELETED and step.share][:left]
        left -= len(gone)
        if gone:
            named = ", ".join(share.label for share in gone)
            parts.append(f"{work.label} with {named}")
    return "; ".join(parts + ([f"and {total - NAMED_AT_MOST} more"] if total > NAMED_AT_MOST else []))
