# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Doing the same in every place, side by side: a place's failure is its own, and all others are done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Callable, Generic, TypeVar

from .._aws.errors import ServiceError
from .._aws.service import WellArchitected
from .._aws.sessions import Sessions
from .._aws.side_by_side import at_once
from .._model.grouping import Failed
from .._model.invalid_input import Faults, InvalidInput
from .._model.places import Place, Scope
from .progress import Progress
from .unexpected import unexpected

Found = TypeVar("Found")

NOT_ENABLED = "the account has not enabled the region"


@dataclass
class Visit(Generic[Found]):
    """One place, and what was found there."""

    place: Place
    found: Found | None = None
    """None where it was not read."""
    error: str | None = None
    """Why it was not read, ready to show."""
    cause: ServiceError | None = None
    """The error of the service, where that is why."""
    skipped: str | None = None
    """Why there was nothing to read, which is no failure."""
    faults: tuple[str, ...] = ()
    """What is wrong with the input, as it shows here."""

    def fail(self, cause: ServiceError) -> None:
        self.error, self.cause = str(cause), cause

    def as_result(self) -> dict[str, Any]:
        """One item of the return value ``places``; ``error`` and ``skipped`` are there only where so."""
        more = {"error": self.error, "skipped": self.skipped}
        return {**self.place.as_result(), **{key: text for key, text in more.items() if text}}

    def as_failed(self) -> Failed:
        """Its error, to be told with equal ones of other places."""
        place, account = self.place, self.place.account
        texts = (place.label, account.label, account.id or "", account.role_arn or "", place.region)
        error = self.error or ""
        return Failed("place", place.label, f"{place.label}: {error}", (error,), texts)


class Reach:
    """What is out of reach in one run, for any number of threads: it is not tried in every place.

    A region is, once two accounts in a row did not get through: one account alone may have trouble of its own.
    """

    def __init__(self) -> None:
        self._no_roles = ""
        self._regions: dict[str, str] = {}
        self._refused: dict[str, set[str | None]] = {}

    def why_not(self, place: Place, entered: bool = False) -> str | None:
        """Why a call in the place would be in vain, ready to show; None where it may get through.

        ``entered``: whether its role was assumed, or needs not be.
        """
        if place.account.role_arn and self._no_roles and not entered:
            return self._no_roles
        return self._regions.get(place.region)

    def note(self, place: Place, error: ServiceError) -> None:
        """Keeps what other places would fail with, too."""
        if error.operation == "AssumeRole":
            # A limit that is used up may be one account's.
            if error.stops_run and not error.throttled:
                self._no_roles = f"No role could be assumed: {error.reason}"
        elif error.operation != "GetCallerIdentity" and (error.unreachable or error.down):  # which AWS STS answers
            refused = self._refused.setdefault(place.region, set())
            refused.add(place.account.id)
            if len(refused) > 1:
                self._regions[place.region] = f"{place.region} was out of reach: {error.reason}"

    def reached(self, place: Place) -> None:
        """A call in the place got through."""
        self._refused.pop(place.region, None)


class Visitor:
    """Goes to the places of one run. What is out of reach is tried once, and not in every place."""

    def __init__(self, sessions: Sessions, scope: Scope, progress: Progress) -> None:
        self._sessions = sessions
        self._passed_over = scope.passed_over
        self._progress = progress
        self._reach = Reach()

    def visit(self, places: Sequence[Place], function: Callable[[Place, WellArchitected], Found]) -> list[Visit[Found]]:
        """What ``function`` found in each place, in their order. Of the service's errors and of faults of this
        collection in it, each is its place's own.
        """
        if len(places) > 1:
            self._progress.expect_places(len(places))
        visits: list[Visit[Found]] = [Visit(place) for place in places]

        def go(visit: Visit[Found]) -> None:
            self._go(visit, function)
            self._progress.add_place()

        # The regions of one account wait for its role together: other accounts come first.
        at_once(go, sorted(visits, key=lambda visit: visit.place.region), self._sessions.over_all)
        return visits

    def _work_in(self, place: Place, function: Callable[[Place, WellArchitected], Found]) -> Found:
        service = self._sessions.service(place)
        try:
            return function(place, service)
        finally:
            self._sessions.leave(place)

    def _go(self, visit: Visit[Found], function: Callable[[Place, WellArchitected], Found]) -> None:
        place = visit.place
        visit.error = self._reach.why_not(place, self._sessions.entered(place.account))
        if visit.error:
            return
        try:
            visit.found = self._work_in(place, function)
            self._reach.reached(place)
        except ServiceError as error:
            if place.region in self._passed_over and self._sessions.not_enabled(place, error):
                visit.skipped = NOT_ENABLED
                return
            self._reach.note(place, error)
            visit.fail(error)
        except InvalidInput as error:
            visit.faults = error.faults
        except Exception as error:
            visit.error = unexpected(f"work in {place.label}", error)


def refuse_alone(scope: Scope, visits: Sequence[Visit[Any]], faults: Faults) -> None:
    """Adds what is wrong with the input, as it showed in the places, to ``faults``, and raises the ServiceError of the
    only place of a task: it is the whole task's. Faults of the input come first: mended, they may be all.
    """
    faults.found.extend(fault for visit in visits for fault in visit.faults)
    cause = None if scope.several or not visits else visits[0].cause
    if cause is not None:
        faults.refuse()
        raise cause


def read_of(visits: Iterable[Visit[Found]]) -> list[tuple[Place, Found]]:
    """The places that could be read, with what was found there."""
    return [(visit.place, visit.found) for visit in visits if visit.found is not None]


def all_places(scope: Scope, visits: Sequence[Visit[Found]]) -> tuple[Visit[Found], ...]:
    """Every place of the task, in their order, also those that nothing was to be done in."""
    by_place = {visit.place: visit for visit in visits}
    return tuple(by_place.get(place) or Visit(place) for place in scope.places)


def without_a_way_in(sessions: Sessions, places: Iterable[Place]) -> list[str]:
    """What is wrong with accounts that have no role to assume, and are not the account of the credentials."""
    accounts = dict.fromkeys(place.account for place in places)
    without = [account for account in accounts if account.id is not None and account.role_arn is None]
    return [sessions.no_role(account) for account in without if not sessions.is_own(account)]
