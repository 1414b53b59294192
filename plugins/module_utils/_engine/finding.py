# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What there is: the resources that a task asks about, with the shares that it asks about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._aws.errors import ServiceError
from .._aws.names_lookup import NamesLookup
from .._aws.service import WellArchitected
from .._model.catalogue import matches_nothing
from .._model.invalid_input import Faults, told
from .._model.kinds import KINDS, Kind
from .._model.listed import Listed
from .._model.places import Scope
from .._model.principals import Principal
from .._model.reading import UNREAD
from .._model.references import Reference, everything_of, parse_reference
from .._model.resources import Resource
from .._model.shares import LIVE_STATUSES, STATUSES
from .listing import leave_out_foreign, list_shares
from .progress import Progress
from .settings import Warn


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


def find_shares(
    service: WellArchitected,
    names: Mapping[Kind, Sequence[str]],
    filters: Filters,
    concurrency: int,
    warn: Warn,
    progress: Progress,
    faults: Faults,
) -> list[Listed]:
    """The resources that are named (all of every kind where none is), with the shares that pass the filters.

    With filters, only the resources that have such shares, and those that could not be listed. Raises InvalidInput with
    every name that means nothing, beside the ``faults`` so far.
    """
    resources = _resources(service, _references(names, service, faults), concurrency, warn, faults)
    found: list[Listed] = []
    for listed in list_shares(service, list(resources), concurrency, progress):
        by_pattern = resources[listed.resource]
        if leave_out_foreign(listed, by_pattern, warn) or (by_pattern and listed.missing):
            continue  # What is missing vanished between the two lists.
        passed = filters.of(listed)
        if passed.shares or passed.error or not filters:
            found.append(passed)
    return found


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
    names: Mapping[Kind, Sequence[str]], service: WellArchitected, faults: Faults
) -> list[tuple[str, Reference]]:
    """The references in the options, with where each stands; one for everything of each kind where there are none."""
    if not names:
        return [("", everything_of(kind)) for kind in KINDS.values()]
    references: list[tuple[str, Reference]] = []
    for kind, texts in names.items():
        for index, text in enumerate(texts):
            if text is UNREAD:
                continue
            where = f"{kind.option}[{index}]"
            try:
                found = parse_reference(kind, text, Scope((service.region,)), True, service.names.partition)
                references.append((where, found))
            except ValueError as error:
                faults.found.append(told(where, str(error)))
    return references


def _resources(
    service: WellArchitected,
    references: Sequence[tuple[str, Reference]],
    concurrency: int,
    warn: Warn,
    faults: Faults,
) -> dict[Resource, bool]:
    """The resources that the references mean, each once, with whether it is only there for matching a pattern."""
    lookup = NamesLookup(service)
    try:
        lookup.load_for((reference for _where, reference in references), concurrency)
    except ServiceError:
        faults.refuse()
        raise
    resources: dict[tuple[str, str], Resource] = {}
    by_pattern: dict[tuple[str, str], bool] = {}
    for where, reference in references:
        try:
            found = lookup.look_up(reference)
        except ValueError as error:
            faults.found.append(told(where, str(error)))
            continue
        if not found and not reference.everything:
            warn(told(where, matches_nothing(reference)))
        for resource in found:
            resources.setdefault(resource.key, resource)
            by_pattern[resource.key] = by_pattern.get(resource.key, True) and reference.matches_only(resource)
    faults.refuse()
    return {resource: by_pattern[key] for key, resource in resources.items()}
