# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What was listed of one kind, and which resources a name means in it. Nothing here makes a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .kinds import Kind
from .names import choose_by_name, has_wildcards
from .references import Reference
from .resources import Resource
from .suggestions import nearest, suggestion


@dataclass(frozen=True)
class Catalogue:
    """What was listed of one kind, for names to be looked up in."""

    found: tuple[Resource, ...]
    """The resources that can be shared, if the caller owns them."""
    official: frozenset[str] = frozenset()
    """Names, aliases and ARNs of AWS's official lenses; known only after a second look."""
    unpublished: frozenset[str] = frozenset()
    """Names and ARNs of the caller's lenses that were never published; known only after a second look."""
    shared: frozenset[str] = frozenset()
    """Names and ARNs of what others share with the caller; known only after a second look."""

    @cached_property
    def by_name(self) -> Mapping[str | None, list[Resource]]:
        """The resources of each name: a declaration may look up thousands."""
        named: dict[str | None, list[Resource]] = {}
        for resource in self.found:
            named.setdefault(resource.name, []).append(resource)
        return named


def read_catalogue(kind: Kind, summaries: Iterable[Mapping[str, Any]], caller: str | None) -> Catalogue:
    """The catalogue in ``summaries``, the items of the kind's list operation.

    With ``caller`` (an account ID), what belongs to other accounts is told apart as shared.
    """
    found: dict[str, Resource] = {}
    shared: set[str] = set()
    for summary in summaries:
        arn, name, owner = kind.describe(summary)
        if caller and owner and owner != caller:
            shared.update((arn, name))
        elif arn:
            found.setdefault(arn, Resource(kind, kind.id_from_arn(arn), arn, name, owner or None))
    return Catalogue(tuple(found.values()), shared=frozenset(shared))


def add_second_look(first: Catalogue, kind: Kind, summaries: Iterable[Mapping[str, Any]]) -> Catalogue:
    """``first`` with the reasons why a name is not in it, from a listing by the kind's ``everything``."""
    known = {resource.arn for resource in first.found}
    official: set[str] = set()
    unpublished: set[str] = set()
    shared: set[str] = set(first.shared)
    for summary in summaries:
        arn, name, _owner = kind.describe(summary)
        lens_type = summary.get("LensType")
        if lens_type == "AWS_OFFICIAL":
            official.update(filter(None, (arn, name, summary.get("LensAlias"))))
        elif lens_type == "CUSTOM_SELF" and arn not in known:
            unpublished.update((arn, name))
        elif lens_type != "CUSTOM_SELF":
            shared.update((arn, name))
    return Catalogue(first.found, frozenset(official), frozenset(unpublished), frozenset(shared))


HERE = "this account and region"


def look_up(reference: Reference, listed: Catalogue, suggest: bool = True, where: str = HERE) -> tuple[Resource, ...]:
    """The resources that a name means: one for an exact name, any number for a pattern.

    Raises ValueError, ready to show, where an exact name means none or several. ``suggest``, ``where``: see
    ``why_missing``.
    """
    found = look_up_if_there(reference, listed)
    if found or reference.is_pattern:
        return found
    label = f"{reference.kind.label} {reference.text!r}"
    raise ValueError(f"{label} {why_missing(reference.text, listed, suggest, where)}{_no_wildcards(reference)}")


def look_up_if_there(reference: Reference, listed: Catalogue) -> tuple[Resource, ...]:
    """As ``look_up``, but none where an exact name, or an ID, means none."""
    if reference.everything:
        return _sorted(listed.found)
    if reference.resource is not None:
        return tuple(resource for resource in listed.found if resource.id == reference.resource.id)
    named = listed.by_name.get(reference.name, [])
    if reference.wildcards and not named:
        named = choose_by_name(reference.text, listed.found, lambda resource: resource.name or "")
    if reference.is_pattern and all(map(reference.matches_only, named)):
        return _sorted(named)
    if len(named) > 1:
        ids = ", ".join(sorted(resource.id for resource in named))
        raise ValueError(
            f"{reference.kind.label} {reference.text!r} means {len(named)} resources: name one by its ID or ARN ({ids})"
        )
    return tuple(named)


def _no_wildcards(reference: Reference) -> str:
    if reference.wildcards or not has_wildcards(reference.text):
        return ""
    return "; this module takes one resource by its whole name: wildcards are for wellarchitected.sharing.wa_shares"


def matches_nothing(reference: Reference, where: str = HERE) -> str:
    """For a warning: the pattern means no resource. ``where``: of which places."""
    return f"no {reference.kind.label} of {where} matches {reference.text!r}"


def _sorted(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    return tuple(sorted(resources, key=lambda resource: (resource.name or "", resource.id)))


def why_missing(text: str, listed: Catalogue, suggest: bool = True, where: str = HERE) -> str:
    """Why ``text`` (a name or an ARN) is not among what can be shared; follows the name in a sentence.

    ``suggest``: whether to say what may have been meant, which takes a look at every name. ``where``: in which places.
    """
    if text in listed.official:
        return "is one of AWS's official lenses: they are everyone's and cannot be shared"
    if text in listed.unpublished:
        return "was never published, and an unpublished lens cannot be shared: publish a version of it first"
    if text in listed.shared:
        return "belongs to another account: only its owner can share it"
    near = nearest(text, (resource.name for resource in listed.found if resource.name)) if suggest else []
    return f"does not exist in {where}{suggestion(near)}"
