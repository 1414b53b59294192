# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Drift: how what is shared differs from what is declared. Makes no calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ._accounts import Place
from ._declaration import Declaration, Grant
from ._plan import Step, plan_shares
from ._resources import Listed, is_selected_by
from ._shares import DELETED, INACTIVE_STATUSES, UPDATED, Resource, Share

# The values of ``difference``.
NOT_SHARED = "not_shared"
INACTIVE = "inactive"
PERMISSION = "permission"
NOT_DECLARED = "not_declared"
ENDED = "ended"
RESOURCE_NOT_DECLARED = "resource_not_declared"
NOT_FOUND = "not_found"
AMBIGUOUS = "ambiguous"
NOT_LISTED = "not_listed"

# The values of the option ``undeclared``.
FAIL = "fail"
REPORT = "report"
IGNORE = "ignore"


@dataclass(frozen=True)
class Difference:
    """One share, or one resource, that is not in the desired state."""

    difference: str
    text: str
    """The difference in words, ready to show."""
    resource: Resource | None = None
    """None where what is declared was not found."""
    step: Step | None = None
    """What would fix it; None where the resource as a whole could not be compared."""
    place: Place | None = None
    terms: Grant | None = None
    """The principal's declared end and reason, if any."""

    def as_result(self) -> dict[str, Any]:
        """An item of the return values ``drift`` and ``undeclared``."""
        known: Mapping[str, Any] = self.resource.as_result() if self.resource else {}
        share = self.step.share if self.step else None
        is_declared = self.step is not None and self.step.action != DELETED
        owner = self.resource.owner if self.resource else None
        return {
            **{key: known.get(key) for key in ("kind", "id", "arn", "name")},
            "account_id": (self.place.account.id or owner) if self.place else None,
            "region": self.place.region if self.place else None,
            "shared_with": self.step.principal.text if self.step else None,
            "shared_with_name": self.step.principal.name if self.step else None,
            "difference": self.difference,
            "status": share.status if share else None,
            "permission_type": share.permission if share else None,
            "declared_permission_type": self.step.permission if self.step and is_declared else None,
            "until": self.terms.until.text if self.terms and self.terms.until else None,
            "reason": self.terms.reason if self.terms else None,
            "text": self.text,
        }


@dataclass(frozen=True)
class Comparison:
    """The differences in one place."""

    drift: tuple[Difference, ...] = ()
    undeclared: tuple[Difference, ...] = ()
    """Active shares of undeclared resources, where they are reported apart from the drift."""
    ignored: int = 0
    """How many undeclared resources were not compared."""


def compare(
    listed: Iterable[Listed],
    declared: Mapping[tuple[str, str], Declaration],
    undeclared: str,
    ignore: Sequence[str],
    place: Place,
    name_place: bool,
) -> Comparison:
    """Compares everything that an account owns in a place with what is declared, by the resources' keys.

    ``undeclared``: fail, report or ignore. ``ignore``: names, patterns, IDs and ARNs of undeclared resources that are
    not compared. ``name_place``: whether the texts name the place.
    """
    drift: list[Difference] = []
    apart: list[Difference] = []
    ignored = 0
    for item in listed:
        declaration = declared.get(item.resource.key)
        vanished = item.foreign or (item.error is not None and item.error.is_not_found)
        if declaration is None and vanished:
            continue  # It vanished between the two lists, or is another account's.
        if declaration is None and (
            undeclared == IGNORE or any(is_selected_by(text, item.resource) for text in ignore)
        ):
            ignored += 1
            continue
        found = _compare_resource(item, declaration, place, name_place)
        is_apart = declaration is None and undeclared == REPORT and item.error is None
        (apart if is_apart else drift).extend(found)
    return Comparison(tuple(drift), tuple(apart), ignored)


def _compare_resource(
    listed: Listed, declaration: Declaration | None, place: Place, name_place: bool
) -> Iterable[Difference]:
    """An undeclared inactive share is not a difference: it gives no access."""
    resource = listed.resource
    if listed.error is not None:
        where = f"{place.label}: " if name_place else ""
        yield Difference(NOT_LISTED, f"{where}{listed.foreign or listed.error}", resource, place=place)
        return
    label = f"{resource.label} in {place.label}" if name_place else resource.label
    # The plan of a run that leaves nothing unless it is declared.
    strict = replace(declaration or Declaration(resource), purge=True, renew=frozenset(INACTIVE_STATUSES))
    for step in plan_shares(strict, listed.shares, resource.owner).steps:
        terms = strict.terms.get(step.principal)
        found = _classify(step, resource, declaration is not None, terms)
        if found:
            difference, words = found
            yield Difference(difference, f"{label}, {step.principal.label}: {words}", resource, step, place, terms)


def _classify(step: Step, resource: Resource, is_declared: bool, terms: Grant | None) -> tuple[str, str] | None:
    """The difference of a share, and the same in words; None where there is none."""
    share = step.share
    if share is None:
        return NOT_SHARED, "not shared" + (f", but {step.permission} is declared" if step.permission else "")
    if step.action == DELETED:
        if share.status in INACTIVE_STATUSES:
            return None  # It gives no access. A share in an unknown status may.
        if is_declared and terms and terms.until:
            return ENDED, f"share still exists although access ended on {terms.until.text} ({_describe(share)})"
        if is_declared:
            return NOT_DECLARED, f"shared, but not declared ({_describe(share)})"
        return RESOURCE_NOT_DECLARED, f"shared, but the {resource.kind.label} is not declared ({_describe(share)})"
    if not share.is_active:
        return INACTIVE, f"share is inactive ({': '.join(filter(None, (share.status, share.status_message)))})"
    if step.action == UPDATED:
        return PERMISSION, f"has {share.permission}, but {step.permission} is declared"
    return None


def _describe(share: Share) -> str:
    return " ".join(filter(None, (share.permission, share.status)))
