# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""How users name resources (ID, ARN, name, name with wildcards), and which resources those names mean.

Nothing here makes a call: names are matched against a catalogue that was listed elsewhere.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.arn import parse_aws_arn
from ansible_collections.wellarchitected.sharing.plugins.module_utils._kinds import KINDS, Kind

_ARN_TYPES = {kind.arn_type: kind for kind in KINDS.values()}


@dataclass(frozen=True)
class Resource:
    """A workload, lens, review template or profile, as far as it is known."""

    kind: Kind
    id: str
    """What the API takes: a workload's ID, the ARN of the others."""
    arn: str | None = None
    name: str | None = None
    owner: str | None = None
    """Account ID."""

    @property
    def key(self) -> tuple[str, str]:
        """Tells this resource from every other one of the account and region."""
        return self.kind.name, self.id

    @property
    def label(self) -> str:
        """For messages: ``workload 'Payments' (ID)``."""
        return f"{self.kind.label} {self.name!r} ({self.id})" if self.name else f"{self.kind.label} {self.id}"

    def as_result(self) -> dict[str, str | None]:
        """As the modules return it. ``id`` is the last part of the ARN for every kind."""
        return {
            "kind": self.kind.name,
            "id": self.id.rpartition("/")[2],
            "arn": self.arn,
            "name": self.name,
        }


@dataclass(frozen=True)
class Reference:
    """What the user wrote to name a resource: either ``resource`` or ``name`` is set."""

    kind: Kind
    text: str
    resource: Resource | None = None
    """Known from the text alone: it is an ID or an ARN."""
    name: str | None = None
    """To be looked up."""
    pattern: re.Pattern[str] | None = None
    """What names must match, where ``name`` has wildcards."""


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


def parse_reference(kind: Kind, text: Any, region: str, wildcards: bool = False) -> Reference:
    """What ``text`` names. With ``wildcards``, ``*`` and ``?`` in a name match any characters and any one.

    Raises ValueError, ready to show, for an ARN of another service, kind or region, and for an official lens's.
    """
    text = str(text)
    if text.startswith("arn:"):
        return Reference(kind, text, resource=_parse_arn(kind, text, region))
    if not kind.id_is_arn and re.fullmatch(r"[0-9a-f]{32}", text):
        return Reference(kind, text, resource=Resource(kind, text))
    pattern = None
    if wildcards and re.search(r"[*?]", text):
        pattern = wildcard_pattern(text)
    return Reference(kind, text, name=text, pattern=pattern)


def wildcard_pattern(text: str) -> re.Pattern[str]:
    """What a whole name must match, where ``*`` stands for any characters and ``?`` for any one."""
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def catalogue(kind: Kind, summaries: Iterable[Mapping[str, Any]], caller: str | None) -> Catalogue:
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


def look_up(reference: Reference, listed: Catalogue) -> tuple[Resource, ...]:
    """The resources that a name means: one for an exact name, any number for a pattern.

    Raises ValueError, ready to show, where an exact name means none or several.
    """
    if reference.pattern is not None:
        matches = [resource for resource in listed.found if reference.pattern.fullmatch(resource.name or "")]
        return tuple(sorted(matches, key=lambda resource: (resource.name or "", resource.id)))
    named = [resource for resource in listed.found if resource.name == reference.name]
    if len(named) == 1:
        return (named[0],)
    label = f"{reference.kind.label} {reference.text!r}"
    if named:
        ids = ", ".join(sorted(resource.id for resource in named))
        raise ValueError(f"{label} means {len(named)} resources: name one by its ID or ARN ({ids})")
    raise ValueError(f"{label} {why_missing(reference.text, listed)}")


def why_missing(text: str, listed: Catalogue) -> str:
    """Why ``text`` (a name or an ARN) is not among what can be shared; follows the name in a sentence."""
    if text in listed.official:
        return "is one of AWS's official lenses: they are everyone's and cannot be shared"
    if text in listed.unpublished:
        return "was never published, and an unpublished lens cannot be shared: publish a version of it first"
    if text in listed.shared:
        return "belongs to another account: only its owner can share it"
    names = {(resource.name or "").casefold(): resource.name for resource in listed.found}
    near = [names[name] for name in difflib.get_close_matches(text.casefold(), names, n=3)]
    hint = f" (did you mean {' or '.join(map(repr, near))}?)" if near else ""
    return f"does not exist in this account and region{hint}"


def _parse_arn(kind: Kind, arn: str, region: str) -> Resource:
    parts = parse_aws_arn(arn) or {}
    other_kind = _ARN_TYPES.get(parts.get("resource_type") or "")
    if parts.get("service") != "wellarchitected" or other_kind is None:
        raise ValueError(f"{arn} is not the ARN of a {kind.label} ({_arn_form(kind, region)})")
    if other_kind is not kind:
        raise ValueError(f"{arn} is the ARN of a {other_kind.label}: name it with {other_kind.option}")
    if parts["account_id"] == "aws":
        raise ValueError(f"{arn} is one of AWS's official lenses: they are everyone's and cannot be shared")
    form = rf"\d{{12}}:{kind.arn_type}/{kind.arn_id}"
    if not re.fullmatch(form, f"{parts['account_id']}:{parts['resource']}", re.ASCII):
        wildcards = " Wildcards are for names" if re.search(r"[*?]", arn) else ""
        raise ValueError(f"{arn} is not the ARN of a {kind.label} ({_arn_form(kind, region)}).{wildcards}".rstrip("."))
    if parts["region"] != region:
        raise ValueError(
            f"{arn} is in {parts['region'] or 'no region'}, but this task works in {region}: "
            "a resource is shared within its own region only"
        )
    return Resource(kind, kind.id_from_arn(arn), arn, None, parts["account_id"])


def _arn_form(kind: Kind, region: str) -> str:
    return f"arn:aws:wellarchitected:{region}:ACCOUNT:{kind.arn_type}/ID"
