# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""How users name resources: by ID, ARN, name, or name with wildcards. Nothing here makes a call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.arn import parse_aws_arn

from .kinds import KINDS, Kind
from .names import has_wildcards
from .places import Scope
from .principals import refuse_other_partition
from .resources import Resource

_ARN_TYPES = {kind.arn_type: kind for kind in KINDS.values()}


@dataclass(frozen=True)
class Reference:
    """What the user wrote to name a resource: either ``resource`` or ``name`` is set."""

    kind: Kind
    text: str
    resource: Resource | None = None
    """Known from the text alone: it is an ID or an ARN."""
    name: str | None = None
    """To be looked up."""
    wildcards: bool = False
    """Whether wildcards and their escapes in ``name`` count."""
    everything: bool = False
    """Whether every resource of the kind is meant, whatever the names."""

    @property
    def is_id(self) -> bool:
        """Whether the resource is known by its ID alone, which says nothing of where it is."""
        return self.resource is not None and self.resource.arn is None

    @property
    def is_pattern(self) -> bool:
        """Whether any number of resources may be meant, also none. One that has exactly this name is the one."""
        return self.everything or (self.wildcards and has_wildcards(self.text))

    def matches_only(self, resource: Resource) -> bool:
        """Whether the resource is meant for matching the pattern, and not for being named."""
        return self.is_pattern and (self.everything or resource.name != self.text)


def parse_reference(
    kind: Kind, text: Any, scope: Scope, wildcards: bool = False, partition: str | None = None
) -> Reference:
    """What ``text`` names. With ``wildcards``, those of ``names.py`` count.

    ``scope``: where the task works. ``partition``: of its regions; None: not known. Raises ValueError, ready to show,
    for an ARN of another service, kind or partition, or from outside of the scope, and for an official lens's.
    """
    text = str(text)
    if text.startswith("arn:"):
        resource = _parse_arn(kind, text, scope)
        refuse_other_partition(text, partition)
        return Reference(kind, text, resource=resource)
    if not kind.id_is_arn and re.fullmatch(r"[0-9a-f]{32}", text):
        return Reference(kind, text, resource=Resource(kind, text))
    return Reference(kind, text, name=text, wildcards=wildcards)


def everything_of(kind: Kind) -> Reference:
    """All resources of the kind, one named ``*`` or not."""
    return Reference(kind, "*", name="*", everything=True)


def _parse_arn(kind: Kind, arn: str, scope: Scope) -> Resource:
    parts = parse_aws_arn(arn) or {}
    other_kind = _ARN_TYPES.get(parts.get("resource_type") or "")
    if parts.get("service") != "wellarchitected" or other_kind is None:
        raise ValueError(f"{arn} is not the ARN of a {kind.label} ({_arn_form(kind, scope.regions[0])})")
    if other_kind is not kind:
        raise ValueError(f"{arn} is the ARN of a {other_kind.label}: name it with {other_kind.option}")
    if parts["account_id"] == "aws":
        raise ValueError(f"{arn} is one of AWS's official lenses: they are everyone's and cannot be shared")
    form = rf"\d{{12}}:{kind.arn_type}/{kind.arn_id}"
    if not re.fullmatch(form, f"{parts['account_id']}:{parts['resource']}", re.ASCII):
        wildcards = " Wildcards are for names" if re.search(r"[*?]", arn) else ""
        raise ValueError(
            f"{arn} is not the ARN of a {kind.label} ({_arn_form(kind, scope.regions[0])}).{wildcards}".rstrip(".")
        )
    resource = Resource(kind, kind.id_from_arn(arn), arn, None, parts["account_id"])
    elsewhere = scope.why_not_here(resource)
    if elsewhere:
        raise ValueError(elsewhere)
    return resource


def _arn_form(kind: Kind, region: str) -> str:
    return f"arn:aws:wellarchitected:{region}:ACCOUNT:{kind.arn_type}/ID"
