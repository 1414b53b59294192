# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What was listed of one kind, and which resources a name means in it. Nothing here makes a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .kinds import Kind
from .names import choose_by_name, has_wildcards
from .references import Reference
from .resources import Resource
from .suggestions import nearest


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


def look_up(reference: Reference, listed: Catalogue, suggest: bool = True) -> tuple[Resource, ...]:
    """The resources that a name means: one for an exact name, any number for a pattern.

    Raises ValueError, ready to show, where an exact name means none or several. ``suggest``: see ``why_missing``.
    """
    if reference.everything:
        return _sorted(listed.found)
    if reference.wildcards:
        named = choose_by_name(reference.text, listed.found, lambda resource: resource.name or "")
    else:
        named = [resource for resource in listed.found if resource.name == reference.name]
    if reference.is_pattern and all(map(reference.matches_only, named)):
        return _sorted(named)
    if len(named) == 1:
        return (named[0],)
    label = f"{reference.kind.label} {reference.text!r}"
    if named:
        ids = ", ".join(sorted(resource.id for resource in named))
        raise ValueError(f"{label} means {len(named)} resources: name one by its ID or ARN ({ids})")
    raise ValueError(f"{label} {why_missing(reference.text, listed, suggest)}{_no_wildcards(reference)}")


def _no_wildcards(reference: Reference) -> str:
    if reference.wildcards or not has_wildcards(reference.text):
        return ""
    return "; this module takes one resource by its whole name: wildcards are for wellarchitected.sharing.wa_shares"


def matches_nothing(reference: Reference) -> str:
    """For a warning: the pattern means no resource."""
    return f"no {reference.kind.label} of this account and region matches {reference.text!r}"


def _sorted(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    return tuple(sorted(resources, key=lambda resource: (resource.name or "", resource.id)))


def why_missing(text: str, listed: Catalogue, suggest: bool = True) -> str:
    """Why ``text`` (a name or an ARN) is not among what can be shared; follows the name in a sentence.

    ``suggest``: whether to say what may have been meant, which takes a look at every name.
    """
    if text in listed.official:
        return "is one of AWS's official lenses: they are everyone's and cannot be shared"
    if text in listed.unpublished:
        return "was never published, and an unpublished lens cannot be shared: publish a version of it first"
    if text in listed.shared:
        return "belongs to another account: only its owner can share it"
    near = nearest(text, (resource.name for resource in listed.found if resource.name)) if suggest else []
    hint = f" (did you mean {' or '.join(map(repr, near))}?)" if near else ""
    return f"does not exist in this account and region{hint}"
