# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The flow of an audit: everything that the account owns is listed once, and compared with what is declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .._aws.names_lookup import NamesLookup
from .._aws.service import WellArchitected
from .._aws.sessions import Sessions
from .._model.invalid_input import Faults, told
from .._model.kinds import KINDS
from .._model.listed import Listed
from .._model.places import Place, Scope
from .._model.references import everything_of
from .._model.resources import Resource
from .comparing import NOT_FOUND, Comparison, Declared, Difference, Key, Rules, compare
from .declaration import Declaration, Entry, leave_out, merge_entries
from .listed_early import ListedEarly
from .listing import list_shares
from .resolving import Meanings, tell_of_names, why_in_none, with_tags
from .settings import Defaults, Settings, Warn
from .visiting import Visit, Visitor, all_places, read_of, refuse_alone, without_a_way_in


@dataclass
class AuditedPlace:
    """What there is in one place, and how it differs from what is declared."""

    meanings: Meanings
    listed: tuple[Listed, ...] = ()
    """The account's own resources with their shares."""
    declared: tuple[Declaration, ...] = ()
    """What is declared of them."""
    comparison: Comparison = field(default_factory=Comparison)
    not_found: dict[str, str] = field(default_factory=dict)
    """Why an entry means nothing here, by its ``where``."""


@dataclass(frozen=True)
class Audited:
    """What there is in all places, and how it differs from what is declared."""

    listed: tuple[tuple[Place, Listed], ...]
    """The accounts' own resources with their shares."""
    declared: tuple[tuple[Place, Declaration], ...]
    """What is declared of them, in the order of the places."""
    comparison: Comparison
    visits: tuple[Visit[AuditedPlace], ...]
    """The places, in their order."""


def audit(
    sessions: Sessions,
    scope: Scope,
    entries: Sequence[Entry],
    defaults: Defaults,
    rules: Rules,
    settings: Settings,
    warn: Warn,
    faults: Faults,
) -> Audited:
    """Compares everything that is shared in all places with what is declared, and changes nothing.

    What is declared and is not there is told with the rest. Raises InvalidInput where entries contradict each other,
    and ServiceError where not even the resources of the only place could be listed.
    """
    faults.found.extend(without_a_way_in(sessions, scope.places))
    faults.refuse()

    everything = [Entry(kind.name, everything_of(kind)) for kind in KINDS.values()]

    def look(place: Place, service: WellArchitected) -> AuditedPlace:
        early = ListedEarly(service, everything, settings.threads_beside(len(KINDS), len(scope.places)))
        lookup = NamesLookup(service, early)
        few = settings.threads(len(KINDS), len(scope.places))
        lookup.load(KINDS.values(), few)
        owned = [resource for entry in everything for resource in lookup.look_up(entry.reference)]
        here = [entry for entry in entries if entry.applies_in(place)]
        found = AuditedPlace(Meanings())
        named = _find(
            lookup, here, {resource.key: resource for resource in owned}, found, scope.several, settings.concurrency
        )
        merged = merge_entries(named, defaults)
        declared = {item.resource.key: Declared(item.wanted, item.terms) for item in merged}
        resources = [_with_owner(service, resource) for resource in owned]
        threads = settings.threads(len(resources), len(scope.places))
        listed = list_shares(service, resources, threads, settings.progress, early.listed())
        found.comparison = compare(listed, declared, rules, place, scope.several)
        # What vanished between the two lists is not there, and what is another's is not this account's.
        found.listed = tuple(item for item in listed if not (item.missing or item.foreign))
        found.declared = merged
        return found

    visits = Visitor(sessions, scope, settings.progress).visit(scope.places, look)
    refuse_alone(scope, visits, faults)
    faults.refuse()
    read = read_of(visits)
    missing = tell_of_names(entries, [(place, found.meanings) for place, found in read], visits, warn)
    not_found = [Difference(NOT_FOUND, _why_not_found(sessions, entry, read, scope)) for entry in missing]
    comparisons = [found.comparison for _place, found in read]
    return Audited(
        tuple((place, item) for place, found in read for item in found.listed),
        tuple((place, item) for place, found in read for item in found.declared),
        Comparison(
            (*not_found, *(one for comparison in comparisons for one in comparison.drift)),
            tuple(one for comparison in comparisons for one in comparison.undeclared),
            sum(comparison.left_out for comparison in comparisons),
        ),
        all_places(scope, visits),
    )


def _find(
    lookup: NamesLookup,
    entries: Sequence[Entry],
    owned: Mapping[Key, Resource],
    found: AuditedPlace,
    several: bool,
    concurrency: int,
) -> list[tuple[Entry, Resource]]:
    """Each entry with the resources that it means here, as they are listed."""
    named: list[tuple[Entry, Resource]] = []
    for entry in entries:
        try:
            reference = entry.reference
            meant = lookup.look_up_if_there(reference) if several else lookup.look_up(reference)
            # Nothing has shown yet that what was named by ID or ARN is there.
            resources = tuple(owned.get(resource.key) or lookup.find(resource) for resource in meant)
            resources = with_tags(entry, resources, lookup, concurrency)
        except ValueError as error:
            found.not_found[entry.where] = str(error)
            continue
        if resources:
            found.meanings.found[entry.where] = resources
        named.extend((entry, resource) for resource in leave_out(entry, resources))
    return named


def _why_not_found(sessions: Sessions, entry: Entry, read: Sequence[tuple[Place, AuditedPlace]], scope: Scope) -> str:
    why = [found.not_found[entry.where] for _place, found in read if entry.where in found.not_found]
    if why:
        return told(entry.where, why[0])
    return why_in_none(sessions, entry, [place for place, _found in read])


def _with_owner(service: WellArchitected, resource: Resource) -> Resource:
    """The resource with its owner, whose own users and roles need no share."""
    return resource if resource.owner else replace(resource, owner=service.caller())
