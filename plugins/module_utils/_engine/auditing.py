# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The flow of an audit: everything that the account owns is listed once, and compared with what is declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .._aws.names_lookup import NamesLookup
from .._aws.service import WellArchitected
from .._model.catalogue import matches_nothing
from .._model.invalid_input import told
from .._model.kinds import KINDS
from .._model.listed import Listed
from .._model.references import everything_of
from .._model.resources import Resource
from .comparing import NOT_FOUND, Comparison, Difference, Key, Rules, compare
from .declaration import Entry, leave_out, merge_entries, warn_of_exclude
from .listing import list_shares
from .progress import Progress
from .settings import Defaults, Warn


@dataclass(frozen=True)
class Audited:
    """What there is, and how it differs from what is declared."""

    listed: tuple[Listed, ...]
    """The account's own resources with their shares."""
    declared: int
    """How many of them are declared."""
    comparison: Comparison


def audit(
    service: WellArchitected,
    entries: Sequence[Entry],
    defaults: Defaults,
    rules: Rules,
    concurrency: int,
    warn: Warn,
    progress: Progress,
) -> Audited:
    """Compares everything that the account shares in the region with what is declared, and changes nothing.

    What is declared and is not there is told with the rest. Raises InvalidInput where entries contradict each other,
    and ServiceError where not even the resources could be listed.
    """
    lookup = NamesLookup(service)
    lookup.load(KINDS.values(), concurrency)
    owned = [resource for kind in KINDS.values() for resource in lookup.look_up(everything_of(kind))]
    named, not_found = _find(lookup, entries, {resource.key: resource for resource in owned}, warn)
    declared = {item.resource.key: item.wanted for item in merge_entries(named, defaults)}
    listed = list_shares(service, [_with_owner(service, resource) for resource in owned], concurrency, progress)
    found = compare(listed, declared, rules)
    return Audited(
        # What vanished between the two lists is not there, and what is another's is not this account's.
        tuple(item for item in listed if not (item.missing or item.foreign)),
        len(declared),
        replace(found, drift=(*not_found, *found.drift)),
    )


def _find(
    lookup: NamesLookup, entries: Sequence[Entry], owned: Mapping[Key, Resource], warn: Warn
) -> tuple[list[tuple[Entry, Resource]], list[Difference]]:
    """Each entry with the resources that it means, as they are listed, and the entries that mean none."""
    named: list[tuple[Entry, Resource]] = []
    missing: list[Difference] = []
    for entry in entries:
        try:
            # Nothing has shown yet that what was named by ID or ARN is there.
            found = [owned.get(resource.key) or lookup.find(resource) for resource in lookup.look_up(entry.reference)]
        except ValueError as error:
            missing.append(Difference(NOT_FOUND, told(entry.where, str(error))))
            continue
        if not found:
            warn(told(entry.where, matches_nothing(entry.reference)))
        warn_of_exclude(entry, found, warn)
        named.extend((entry, resource) for resource in leave_out(entry, found))
    return named, missing


def _with_owner(service: WellArchitected, resource: Resource) -> Resource:
    """The resource with its owner, whose own users and roles need no share."""
    return resource if resource.owner else replace(resource, owner=service.caller())
