# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Invitations as their recipient sees them, and which of them a task means. Nothing here makes a call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .invalid_input import InvalidInput
from .kinds import KINDS, Kind
from .principals import ACCOUNT, parse_principal
from .references import wildcard_pattern

ACCEPTED = "accepted"
REJECTED = "rejected"
GONE = "gone"
"""Answered by someone else, expired or withdrawn between the listing and the answer."""

_KIND_BY_TYPE = {kind.invitation_type: kind for kind in KINDS.values()}


@dataclass(frozen=True)
class Invitation:
    """One item of a ListShareInvitations answer."""

    id: str
    kind: Kind
    shared_by: str
    """Account ID of the owner."""
    shared_with: str
    name: str
    resource: str
    """The ARN of the resource; of a workload, its ID."""
    permission: str | None = None

    @property
    def label(self) -> str:
        """For messages: ``workload 'Payments' from 111122223333``."""
        return f"{self.kind.label} {self.name!r} from {self.shared_by}"

    def as_result(self) -> dict[str, Any]:
        """As the modules return it."""
        return {
            "share_invitation_id": self.id,
            "shared_by": self.shared_by,
            "shared_with": self.shared_with,
            "permission_type": self.permission,
            "resource": {
                "kind": self.kind.name,
                "id": self.resource.rpartition("/")[2],
                "arn": self.resource if self.kind.id_is_arn else None,
                "name": self.name,
            },
        }


@dataclass(frozen=True)
class Conditions:
    """Which invitations a task is about. An empty set or None sets no condition."""

    shared_by: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    name: re.Pattern[str] | None = None
    ids: frozenset[str] = frozenset()

    def includes(self, invitation: Invitation) -> bool:
        return (
            (not self.shared_by or invitation.shared_by in self.shared_by)
            and (not self.kinds or invitation.kind.name in self.kinds)
            and (self.name is None or self.name.fullmatch(invitation.name) is not None)
            and (not self.ids or invitation.id in self.ids)
        )

    @property
    def only_type(self) -> str | None:
        """The ShareResourceType to ask the API for, where it is but one."""
        return KINDS[next(iter(self.kinds))].invitation_type if len(self.kinds) == 1 else None


def parse_conditions(params: Mapping[str, Any]) -> Conditions:
    """The conditions in a task's options: shared_by, resource_type, name, share_invitation_ids (None: not given).

    Raises InvalidInput with every entry of shared_by that is not an account, and every ID that cannot be one.
    """
    faults: list[str] = []
    owners: list[str] = []
    for position, text in enumerate(params.get("shared_by") or ()):
        try:
            principal = parse_principal(text)
            if principal.kind != ACCOUNT:
                raise ValueError(f"{text} is not an account: invitations are sent by accounts")
            owners.append(principal.identity)
        except ValueError as error:
            faults.append(f"shared_by[{position}]: {error}")
    ids = [str(text) for text in params.get("share_invitation_ids") or ()]
    faults.extend(
        f"share_invitation_ids[{position}]: {text!r} is not an invitation ID (32 hexadecimal digits)"
        for position, text in enumerate(ids)
        if not re.fullmatch(r"[0-9a-f]{32}", text)
    )
    if faults:
        raise InvalidInput(faults)
    name = params.get("name")
    return Conditions(
        frozenset(owners),
        frozenset(params.get("resource_type") or ()),
        wildcard_pattern(name) if name else None,
        frozenset(ids),
    )


def read_invitations(summaries: Iterable[Mapping[str, Any]], wanted: Conditions) -> list[Invitation]:
    """The invitations in ``summaries`` that are wanted, sorted by owner, kind and name."""
    invitations = filter(None, map(_invitation, summaries))
    found = [invitation for invitation in invitations if wanted.includes(invitation)]
    return sorted(found, key=lambda invitation: (invitation.shared_by, invitation.kind.name, invitation.name))


def _invitation(summary: Mapping[str, Any]) -> Invitation | None:
    kind = _KIND_BY_TYPE.get(summary.get("ShareResourceType", ""))
    if kind is None:
        return None  # A type of resource that came after this release: nobody asked to accept it.
    resource = summary.get(kind.arn_key if kind.id_is_arn else kind.id_parameter)
    return Invitation(
        id=summary["ShareInvitationId"],
        kind=kind,
        shared_by=summary["SharedBy"],
        shared_with=summary.get("SharedWith") or "",
        name=summary.get(kind.name_key) or "",
        resource=resource or "",
        permission=summary.get("PermissionType"),
    )
