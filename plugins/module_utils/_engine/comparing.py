# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""How what is shared differs from what is declared. Nothing here sees a client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._model.kinds import KINDS
from .._model.listed import Listed
from .._model.names import choose_by_name
from .._model.places import Place
from .._model.principals import Principal
from .._model.resources import Resource
from .._model.shares import DEAD_STATUSES, Share
from .._model.terms import NO_TERMS, Terms
from .planning import DELETED, UPDATED, Step, Wanted, plan_shares

Key = tuple[str, str]
"""What tells a resource from every other one: ``Resource.key``."""

# What differs.
NOT_SHARED = "not_shared"
DEAD = "dead"
PERMISSION = "permission"
NOT_DECLARED = "not_declared"
ENDED = "ended"
RESOURCE_NOT_DECLARED = "resource_not_declared"
NOT_FOUND = "not_found"
NOT_LISTED = "not_listed"

# What is done about the resources that nobody declared.
FAIL = "fail"
REPORT = "report"
IGNORE = "ignore"


@dataclass(frozen=True)
class Rules:
    """What counts among the resources that nobody declared. What is declared always counts."""

    undeclared: str = FAIL
    """fail: their live shares are drift; report: they are told apart; ignore: not at all."""
    ignore: tuple[str, ...] = ()
    """Names as users write them, with wildcards: the resources that they mean are left out."""


@dataclass(frozen=True)
class Declared:
    """What is declared of one resource."""

    wanted: Wanted = field(default_factory=Wanted)
    terms: Mapping[Principal, Terms] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """One share, or one resource, that is not as declared."""

    what: str
    """not_shared, dead, permission, not_declared, ended, resource_not_declared, not_found or not_listed."""
    text: str
    """The same in words."""
    resource: Resource | None = None
    """None where what is declared was not found."""
    step: Step | None = None
    """What would mend it; None where the resource as a whole could not be compared."""
    place: Place | None = None
    """Where it is; None where what is declared was not found."""
    terms: Terms = NO_TERMS
    """On what terms the principal has access, or had it."""

    def as_result(self) -> dict[str, Any]:
        """One item of the return values ``drift`` and ``undeclared``."""
        known: Mapping[str, Any] = self.resource.as_result() if self.resource else {}
        share = self.step.share if self.step else None
        declared = self.step and self.step.action != DELETED
        return {
            **{key: known.get(key) for key in ("kind", "id", "arn", "name")},
            "account_id": (self.place.account.id or (self.resource and self.resource.owner)) if self.place else None,
            "region": self.place.region if self.place else None,
            "shared_with": self.step.principal.text if self.step else None,
            "shared_with_name": self.step.principal.name if self.step else None,
            "difference": self.what,
            "status": share.status if share else None,
            "permission_type": share.permission if share else None,
            "declared_permission_type": self.step.permission if self.step and declared else None,
            "until": self.terms.until.text if self.terms.until else None,
            "reason": self.terms.reason,
            "text": self.text,
        }


@dataclass(frozen=True)
class Comparison:
    """What came of comparing everything that there is with everything that is declared."""

    drift: tuple[Difference, ...] = ()
    undeclared: tuple[Difference, ...] = ()
    """Live shares of resources that nobody declared, where they are only to be told."""
    left_out: int = 0
    """How many resources that nobody declared were not looked at, as the rules say."""


def compare(
    listed: Iterable[Listed], declared: Mapping[Key, Declared], rules: Rules, place: Place, several: bool = False
) -> Comparison:
    """Compares what was ``listed``, which is everything that the account owns in the place, with what is declared, by
    resource. ``several``: whether the texts have to say which place it is.

    A resource whose shares could not be listed is drift, unless it is left out. One that nobody declared, and that
    vanished or turned out to be another account's, is none of this account's.
    """
    listed = list(listed)
    ignored = meant_by(rules.ignore, [item.resource for item in listed])
    drift: list[Difference] = []
    undeclared: list[Difference] = []
    left_out = 0
    for item in listed:
        key = item.resource.key
        if key not in declared and (item.missing or item.foreign):
            continue
        if key not in declared and (rules.undeclared == IGNORE or key in ignored):
            left_out += 1
            continue
        found = differences(item, declared.get(key), place, several)
        told_apart = key not in declared and rules.undeclared == REPORT and not item.error
        (undeclared if told_apart else drift).extend(found)
    return Comparison(tuple(drift), tuple(undeclared), left_out)


def differences(listed: Listed, declared: Declared | None, place: Place, several: bool = False) -> list[Difference]:
    """What differs of one resource. ``declared``: what is declared of it; None: nobody declared it. ``several``:
    whether the texts have to say which place it is in.

    A dead share that is not declared gives no access, and is as declared.
    """
    resource = listed.resource
    if listed.error:
        where = f"{place.label}: " if several else ""
        return [Difference(NOT_LISTED, f"{where}{listed.foreign or listed.error}", resource, place=place)]
    # What a run would do that leaves nothing as it is unless it is declared.
    known = declared or Declared()
    everything = replace(known.wanted, purge=True, renew=frozenset(DEAD_STATUSES))
    steps = plan_shares(everything, listed.shares, resource.owner).steps
    found = (
        (step, _differs(step, resource, declared is not None, known.terms.get(step.principal, NO_TERMS)))
        for step in steps
    )
    label = f"{resource.label} in {place.label}" if several else resource.label
    return [
        Difference(
            told[0],
            f"{label}, {step.principal.label}: {told[1]}",
            resource,
            step,
            place,
            known.terms.get(step.principal, NO_TERMS),
        )
        for step, told in found
        if told
    ]


def meant_by(patterns: Sequence[str], resources: Sequence[Resource]) -> set[Key]:
    """The resources that any of the names means, each kind by itself, as elsewhere."""
    by_kind = [[resource for resource in resources if resource.kind is kind] for kind in KINDS.values()]
    return {
        resource.key
        for pattern in patterns
        for of_kind in by_kind
        for resource in choose_by_name(pattern, of_kind, lambda resource: resource.name or "")
    }


def _differs(step: Step, resource: Resource, declared: bool, terms: Terms) -> tuple[str, str] | None:
    """What differs of a share, and the same in words; None where nothing does."""
    there = step.share
    if there is None:
        return NOT_SHARED, "is not shared" + (f" ({step.permission} is declared)" if step.permission else "")
    if step.action == DELETED:
        if there.status in DEAD_STATUSES:
            return None
        if declared and terms.until:
            return ENDED, f"is still shared, though access was until {terms.until.text} ({_facts(there)})"
        if declared:
            return NOT_DECLARED, f"is shared, but not declared ({_facts(there)})"
        return RESOURCE_NOT_DECLARED, f"is shared, but the {resource.kind.label} is not declared ({_facts(there)})"
    if not there.live:
        return DEAD, f"has a dead share ({': '.join(filter(None, (there.status, there.status_message)))})"
    if step.action == UPDATED:
        return PERMISSION, f"has {there.permission}, but {step.permission} is declared"
    return None


def _facts(share: Share) -> str:
    return " ".join(filter(None, (share.permission, share.status)))
