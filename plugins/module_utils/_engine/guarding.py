# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The guard rails ``max_removals`` and ``approved_plan``, which refuse a run before its first change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .._model.invalid_input import InvalidInput
from .._model.places import Place
from .._model.resources import Resource
from .applying import NAMED_AT_MOST, Work
from .approving import Approved, name_changes, plan_row
from .planning import DELETED, Step, too_many_removals
from .results import diff
from .settings import Settings


class Refused(InvalidInput):
    """A guard rail refuses what the run would do."""

    def __init__(self, fault: str, located: Sequence[tuple[Place, Work]]) -> None:
        """``located``: all that the run would have done."""
        super().__init__([fault])
        works = [work for _place, work in located]
        for work in works:
            work.predict()
        self.diff = diff(works)
        self.plan = plan_of(located)


def plan_of(located: Iterable[tuple[Place, Work]]) -> list[dict[str, Any]]:
    """The return value ``plan``: every change."""
    return [plan_row(place, work.declaration.resource, step) for place, work in located for step in work.plan.changes]


def guard_approved(located: Sequence[tuple[Place, Work]], approved: Approved | None) -> None:
    """Raises Refused where the run would do what is not in the plan; None: no plan has to be kept to."""
    if approved is None:
        return
    more = [
        plan_row(place, work.declaration.resource, step)
        for place, work in located
        for step in work.plan.changes
        if not approved.allows(place, work.declaration.resource, step)
    ]
    if more:
        changes = "1 change" if len(more) == 1 else f"{len(more):,} changes"
        raise Refused(
            f"approved_plan: this run would make {changes} that it does not have: {name_changes(more, NAMED_AT_MOST)}",
            located,
        )


def why_not_allowed(settings: Settings, place: Place, resource: Resource, step: Step) -> str | None:
    """Which guard rail does not let a step through that was not planned; None: it may be done."""
    if settings.approved is not None and not settings.approved.allows(place, resource, step):
        return "approved_plan does not have that"
    if settings.max_removals is not None and step.action == DELETED:
        return "max_removals has not counted that"
    return None


def guard_removals(located: Sequence[tuple[Place, Work]], most: int | None) -> None:
    """Raises Refused where the run would delete more shares than ``most``; None: any number may go.

    A renewal deletes a share that gives no access any more, and sends it again: it does not count.
    """
    works = [work for _place, work in located]
    if not too_many_removals([work.plan for work in works], most):
        return
    total = sum(work.plan.removals for work in works)
    fault = f"max_removals: it is {most}, and this run would delete {total}: {_name_losers(works, total)}"
    raise Refused(fault, located)


def _name_losers(works: Sequence[Work], total: int) -> str:
    """Whose share of what would go, as far as one can read; the others in numbers."""
    left = NAMED_AT_MOST
    parts: list[str] = []
    for work in works:
        gone = [step.share for step in work.plan.steps if step.action == DELETED and step.share][:left]
        left -= len(gone)
        if gone:
            ends = {one.principal: one.terms.until for one in work.declaration.ended if one.terms.until}
            named = ", ".join(
                f"{share.label} (access was until {until.text})"
                if (until := ends.get(share.principal))
                else share.label
                for share in gone
            )
            parts.append(f"{work.label} with {named}")
    return "; ".join(parts + ([f"and {total - NAMED_AT_MOST} more"] if total > NAMED_AT_MOST else []))
