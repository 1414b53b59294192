# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The flow that all sharing modules run: in every place resolve, list and plan; guard over all of them; apply.

Whatever is wrong with the input is found before the first change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .._aws.names_lookup import NamesLookup
from .._aws.service import WellArchitected
from .._aws.sessions import Sessions
from .._aws.side_by_side import at_once
from .._model.invalid_input import Faults, InvalidInput, told
from .._model.kinds import KINDS
from .._model.places import Place, Scope
from .applying import Applier, Work, wait_until_settled
from .declaration import Entry, guard_allowed, merge_entries
from .guarding import guard_approved, guard_removals, plan_of, why_not_allowed
from .listed_early import ListedEarly
from .listing import belongs_to_another, leave_out_foreign, list_shares
from .patience import Patience
from .planning import CREATED, needs_owner, plan_shares
from .resolving import Meanings, resolve_in, tell_of_names, why_in_none
from .settings import Defaults, Settings, Warn
from .visiting import Visit, Visitor, all_places, read_of, refuse_alone, without_a_way_in


@dataclass
class Planned:
    """What was found in one place, and what is to be done there."""

    meanings: Meanings
    works: list[Work] = field(default_factory=list)
    first_entry: list[int] = field(default_factory=list)
    """For each of the works, the position of the first entry that names its resource."""
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    dropped: list[tuple[str, str, str]] = field(default_factory=list)
    """Owner, principal and resource, of each principal that was left out for being the owner's own."""


@dataclass(frozen=True)
class Shared:
    """What became of the whole task."""

    works: tuple[tuple[Place, Work], ...]
    """Each declared resource with where it is: as declared, and of each entry in the order of the places."""
    visits: tuple[Visit[Planned], ...]
    """All places of the task, in their order."""
    plan: list[dict[str, Any]]
    """Every change that was planned, as it is returned."""


def share(
    sessions: Sessions,
    scope: Scope,
    entries: Sequence[Entry],
    defaults: Defaults,
    settings: Settings,
    warn: Warn,
    faults: Faults,
) -> Shared:
    """Makes the shares as declared, or in check mode says what that would change.

    ``faults``: what is wrong so far. With any, the names are looked up all the same, which only reads.
    Raises InvalidInput before any change, and ServiceError where the only place cannot be read. A resource's own
    failure is in its Work, a place's in its Visit.
    """
    with faults.collected():
        guard_allowed(entries, settings.allowed_principals)
    places = [place for place in scope.places if any(entry.applies_in(place) for entry in entries)]
    faults.found.extend(without_a_way_in(sessions, places))
    planner = _Planner(scope, entries, defaults, settings, bool(faults))
    visitor = Visitor(sessions, scope, settings.progress)
    visits = visitor.visit(places, planner.plan)
    read = read_of(visits)
    refuse_alone(scope, visits, faults)
    _tell(entries, visits, warn, faults, sessions if scope.several else None)
    if faults and not scope.several:
        _tell_of_foreign(sessions.own(scope.regions[0]), entries, faults)
    faults.refuse()
    works = _in_order(read)
    guard_removals(works, settings.max_removals)
    guard_approved(works, settings.approved)
    plan = plan_of(works)

    if settings.check_mode:
        for _place, work in works:
            work.predict()
    else:
        _apply(sessions, read, settings)
    return Shared(works, all_places(scope, visits), plan)


class _Planner:
    """Finds out what is to be done in one place."""

    def __init__(
        self, scope: Scope, entries: Sequence[Entry], defaults: Defaults, settings: Settings, refused: bool
    ) -> None:
        """``refused``: whether the task is going to be refused, so that only the names are looked up."""
        self._several = scope.several
        self._places = len(scope.places)
        self._entries = entries
        self._defaults = defaults
        self._settings = settings
        self._refused = refused

    def plan(self, place: Place, service: WellArchitected) -> Planned:
        """Raises ServiceError where the place cannot be read."""
        concurrency = self._settings.threads(len(KINDS), self._places)
        entries = [entry for entry in self._entries if entry.applies_in(place)]
        kinds = {entry.reference.kind.name for entry in entries}
        beside = 0 if self._refused else self._settings.threads_beside(len(kinds), self._places)
        early = ListedEarly(service, entries, beside)
        lookup = NamesLookup(service, early)
        planned = Planned(resolve_in(place, lookup, entries, concurrency, alone=not self._several))
        planned.faults.extend(planned.meanings.faults)
        try:
            resolved = planned.meanings.kept(entries)
            declarations = merge_entries(resolved, self._defaults)
        except InvalidInput as error:
            planned.faults.extend(error.faults)
        if self._refused or planned.faults:
            return planned
        first: dict[tuple[str, str], int] = {}
        position = {entry.where: index for index, entry in enumerate(self._entries)}
        for entry, resource in resolved:
            first.setdefault(resource.key, position[entry.where])

        resources = [declaration.resource for declaration in declarations]
        threads = self._settings.threads(len(resources), self._places)
        listed = list_shares(service, resources, threads, self._settings.progress, early.listed())
        refused: list[str] = []
        for declaration, found in zip(declarations, listed):
            if leave_out_foreign(found, declaration.by_pattern, planned.warnings.append):
                continue
            if found.foreign:
                refused.append(found.foreign)
            elif (found.missing or found.invalid) and declaration.by_text:
                refused.append(f"{found.resource.label} does not exist in {place.region}. {found.error}")
            errors = [found.error] if found.error else []
            where = place if self._several else None
            planned.works.append(Work(declaration, found.shares, errors=errors, place=where))
            planned.first_entry.append(first[declaration.resource.key])
        planned.faults.extend(sorted(refused))
        self._plan_works(service, planned)
        planned.faults.extend(_cannot_be_shared(service, lookup, planned.works, concurrency))
        return planned

    def _plan_works(self, service: WellArchitected, planned: Planned) -> None:
        for work in planned.works:
            if work.errors:
                continue
            declaration = work.declaration
            owner = declaration.resource.owner
            work.plan = plan_shares(declaration.wanted, work.listed, owner)
            if owner is None and needs_owner(work.plan):
                owner = service.caller()
                work.plan = plan_shares(declaration.wanted, work.listed, owner)
            planned.dropped.extend(
                (owner or "", principal.label, declaration.resource.label) for principal in work.plan.owner_dropped
            )


def _tell(
    entries: Sequence[Entry], visits: Sequence[Visit[Planned]], warn: Warn, faults: Faults, sessions: Sessions | None
) -> None:
    """Warns of what was found in the places, and adds what is wrong to ``faults``.

    ``sessions``: None where there is but one place, whose own faults say why names mean nothing.
    """
    read = read_of(visits)
    missing = tell_of_names(entries, [(place, planned.meanings) for place, planned in read], visits, warn)
    if sessions is not None:
        faults.found.extend(why_in_none(sessions, entry, [place for place, _planned in read]) for entry in missing)
    dropped: dict[tuple[str, str], list[str]] = {}
    for _place, planned in read:
        faults.found.extend(planned.faults)
        for text in planned.warnings:
            warn(text)
        for owner, principal, resource in planned.dropped:
            dropped.setdefault((owner, principal), []).append(resource)
    for (owner, principal), labels in dropped.items():
        others = f" and {len(labels) - 1} more" if len(labels) > 1 else ""
        warn(
            f"{owner} owns {labels[0]}{others}: the owner, its users and its roles need no share, so {principal} "
            "was left out"
        )


def _tell_of_foreign(service: WellArchitected, entries: Iterable[Entry], faults: Faults) -> None:
    """Adds whose the resources are that ARNs name."""
    for entry in entries:
        resource = entry.reference.resource
        foreign = None if resource is None else belongs_to_another(service, resource)
        if foreign:
            faults.found.append(told(entry.where, foreign))


def _in_order(read: Sequence[tuple[Place, Planned]]) -> tuple[tuple[Place, Work], ...]:
    """The works of all places, as declared, and of each entry in the order of the places."""
    works = [
        (position, number, place, work)
        for number, (place, planned) in enumerate(read)
        for position, work in zip(planned.first_entry, planned.works)
    ]
    return tuple((place, work) for _position, _number, place, work in sorted(works, key=lambda item: item[:2]))


def _apply(sessions: Sessions, read: Sequence[tuple[Place, Planned]], settings: Settings) -> None:
    """Does what is planned, in all places side by side, and waits until it has settled."""
    patience = Patience(settings.wait_timeout)
    # The regions of one account wait for its role together: other accounts come first.
    by_region = sorted(read, key=lambda item: item[0].region)
    changing = [place for place, planned in by_region if any(work.plan.changes for work in planned.works)]
    appliers = {
        place: Applier(
            partial(sessions.service, place),
            planned.works,
            settings.threads(len(planned.works), len(read)),
            patience,
            settings.progress,
            partial(why_not_allowed, settings, place),
            partial(sessions.leave, place),
        )
        for place, planned in by_region
    }
    if len(read) > 1:
        settings.progress.expect_places(len(changing))

    def apply(place: Place) -> None:
        appliers[place].apply()
        settings.progress.add_place()

    at_once(apply, changing, sessions.over_all)
    done = set(changing)
    for work in (work for place, planned in read if place not in done for work in planned.works):
        work.predict()
    if settings.wait:
        wait_until_settled(list(appliers.values()), patience, settings.progress, sessions.over_all)


def _cannot_be_shared(
    service: WellArchitected, lookup: NamesLookup, works: Sequence[Work], concurrency: int
) -> list[str]:
    """What was named by ID or ARN, and is about to be changed, must be the caller's own and published."""
    changing = [work for work in works if work.declaration.by_text and work.plan.changes]
    faults = [foreign for work in changing if (foreign := belongs_to_another(service, work.declaration.resource))]
    unproven = [
        work.declaration.resource
        for work in changing
        # What has a share was published.
        if work.declaration.resource.kind.must_be_published
        and not work.listed
        and any(step.action == CREATED for step in work.plan.steps)
    ]
    if unproven and not faults:
        lookup.load((resource.kind for resource in unproven), concurrency)
        for resource in unproven:
            try:
                lookup.find(resource)
            except ValueError as error:
                faults.append(str(error))
    return faults
