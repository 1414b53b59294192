# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What there is: the resources that a task asks about, with the shares that it asks about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._aws.names_lookup import NamesLookup
from .._aws.service import WellArchitected
from .._aws.sessions import Sessions
from .._model.invalid_input import Faults, InvalidInput, told
from .._model.kinds import KINDS, Kind
from .._model.listed import Listed
from .._model.places import Place, Scope
from .._model.principals import Principal
from .._model.reading import UNREAD
from .._model.references import everything_of, parse_reference
from .._model.resources import Resource
from .._model.shares import LIVE_STATUSES, STATUSES
from .._model.terms import Terms
from .adopting import Key, terms_in
from .declaration import Entry
from .listed_early import ListedEarly
from .listing import leave_out_foreign, list_shares
from .resolving import Meanings, resolve_in, tell_of_names, why_in_none
from .settings import Settings, Warn
from .visiting import Visit, Visitor, all_places, read_of, refuse_alone, without_a_way_in


@dataclass(frozen=True)
class Filters:
    """Which shares are asked about. An empty set sets no condition."""

    statuses: frozenset[str] = frozenset()
    principals: frozenset[Principal] = frozenset()

    def of(self, listed: Listed) -> Listed:
        """The same with the shares that pass only."""
        return replace(
            listed,
            shares=tuple(
                share
                for share in listed.shares
                if (not self.statuses or share.status in self.statuses)
                and (not self.principals or share.principal in self.principals)
            ),
        )

    @property
    def keep_live_out(self) -> bool:
        """Whether live shares of the resources that are found may not pass."""
        return bool(self.principals or (self.statuses and not self.statuses.issuperset(LIVE_STATUSES)))

    def __bool__(self) -> bool:
        return bool(self.statuses or self.principals)


@dataclass
class Look:
    """What was found in one place."""

    meanings: Meanings
    declared: Meanings = field(default_factory=Meanings)
    """What the entries of the declaration so far mean."""
    terms: dict[Key, Mapping[Principal, Terms]] = field(default_factory=dict)
    """What they say of each resource's principals."""
    listed: list[Listed] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def find_shares(
    sessions: Sessions,
    scope: Scope,
    names: Mapping[Kind, Sequence[str]],
    filters: Filters,
    settings: Settings,
    warn: Warn,
    faults: Faults,
    declared: Sequence[Entry] = (),
) -> tuple[list[tuple[Place, Listed]], tuple[Visit[Look], ...]]:
    """The resources that are named (all of every kind where none is) in every place, with the shares that pass the
    filters, and the places. ``declared``: the declaration so far, whose terms are found in the places.

    With filters, only the resources that have such shares, and those that could not be listed. Raises InvalidInput with
    every name that means nothing, beside the ``faults`` so far, and ServiceError where the only place cannot be read.
    """
    entries = _references(names, scope, sessions.names.partition, faults)
    kinds = {entry.reference.kind for entry in entries}
    # What is declared absent has no terms.
    declared = [entry for entry in declared if entry.reference.kind in kinds and not entry.absent]
    places = [place for place in scope.places if any(entry.applies_in(place) for entry in entries)]
    faults.found.extend(without_a_way_in(sessions, places))
    refused = bool(faults)

    def look(place: Place, service: WellArchitected) -> Look:
        here = [entry for entry in entries if entry.applies_in(place)]
        early = ListedEarly(service, here, 0 if refused else settings.threads_beside(len(kinds), len(places)))
        lookup = NamesLookup(service, early)
        look = Look(resolve_in(place, lookup, here, settings.threads(len(KINDS), len(places)), alone=not scope.several))
        if refused or look.meanings.faults:
            return look
        try:
            look.declared, look.terms = terms_in(place, lookup, declared, settings.concurrency)
        except InvalidInput as error:
            look.declared.faults.extend(error.faults)
        if look.declared.faults:
            return look
        resources = _by_pattern(look.meanings.kept(here))
        for listed in list_shares(
            service,
            list(resources),
            settings.threads(len(resources), len(places)),
            settings.progress,
            early.listed(),
        ):
            by_pattern = resources[listed.resource]
            if leave_out_foreign(listed, by_pattern, look.warnings.append) or (by_pattern and listed.missing):
                continue  # What is missing vanished between the two lists.
            passed = filters.of(listed)
            if passed.shares or passed.error or not filters:
                look.listed.append(passed)
        return look

    visits = Visitor(sessions, scope, settings.progress).visit(places, look)
    refuse_alone(scope, visits, faults)
    read = read_of(visits)
    missing = tell_of_names(entries, [(place, look.meanings) for place, look in read], visits, warn)
    if scope.several:
        faults.found.extend(why_in_none(sessions, entry, [place for place, _look in read]) for entry in missing)
    for _place, found in read:
        faults.found.extend([*found.meanings.faults, *found.declared.faults])
        for text in found.warnings:
            warn(text)
    faults.refuse()
    gone = tell_of_names(declared, [(place, look.declared) for place, look in read], visits, warn)
    for entry in gone:
        warn(why_in_none(sessions, entry, [place for place, _look in read]))
    return [(place, listed) for place, found in read for listed in found.listed], all_places(scope, visits)


def summarize(listed: Sequence[Listed]) -> dict[str, Any]:
    """Counts of resources, of shares, and of shares by status and by kind."""
    by_status = Counter(share.status for item in listed for share in item.shares)
    by_kind = Counter(item.resource.kind.name for item in listed for _share in item.shares)
    return {
        "resources": len(listed),
        "shares": sum(by_kind.values()),
        "by_status": {status: by_status[status] for status in STATUSES},
        "by_kind": {name: by_kind[name] for name in KINDS},
    }


def _references(
    names: Mapping[Kind, Sequence[str]], scope: Scope, partition: str | None, faults: Faults
) -> list[Entry]:
    """An entry for each reference in the options; one for everything of each kind where there are none."""
    if not names:
        return [Entry(kind.name, everything_of(kind)) for kind in KINDS.values()]
    entries: list[Entry] = []
    for kind, texts in names.items():
        for index, text in enumerate(texts):
            if text is UNREAD:
                continue
            where = f"{kind.option}[{index}]"
            try:
                entries.append(Entry(where, parse_reference(kind, text, scope, True, partition)))
            except ValueError as error:
                faults.found.append(told(where, str(error)))
    return entries


def _by_pattern(meant: Iterable[tuple[Entry, Resource]]) -> dict[Resource, bool]:
    """The resources, each once, with whether it is only there for matching a pattern."""
    resources: dict[tuple[str, str], Resource] = {}
    by_pattern: dict[tuple[str, str], bool] = {}
    for entry, resource in meant:
        resources.setdefault(resource.key, resource)
        by_pattern[resource.key] = by_pattern.get(resource.key, True) and entry.reference.matches_only(resource)
    return {resource: by_pattern[key] for key, resource in resources.items()}
