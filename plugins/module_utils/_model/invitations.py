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
from .names import choose_by_name
from .principals import ACCOUNT, parse_listed_principal, parse_principal
from .reading import UNREAD

ACCEPTED = "accepted"
REJECTED = "rejected"
GONE = "gone"
"""Answered by someone else, expired or withdrawn between the listing and the answer."""

EXPIRES_AFTER = 7
"""Days. Source: Well-Architected user guide, on sharing: what is not accepted within seven days expires."""

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
    def account(self) -> str | None:
        """Account ID of the recipient, as far as the principal says it."""
        return parse_listed_principal(self.shared_with).account

    @property
    def subject(self) -> tuple[str, str]:
        """What it is an invitation to: the name of the kind, and the resource."""
        return self.kind.name, self.resource

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
    name: str | None = None
    """As the user wrote it, with wildcards."""
    ids: frozenset[str] = frozenset()

    def choose(self, invitations: Iterable[Invitation]) -> list[Invitation]:
        """Those that are meant. An invitation that has exactly the name is meant before any that matches it."""
        found = [
            invitation
            for invitation in invitations
            if (not self.shared_by or invitation.shared_by in self.shared_by)
            and (not self.kinds or invitation.kind.name in self.kinds)
            and (not self.ids or invitation.id in self.ids)
        ]
        return found if self.name is None else choose_by_name(self.name, found, lambda invitation: invitation.name)

    @property
    def only_type(self) -> str | None:
        """The ShareResourceType to ask the API for, where it is but one."""
        return KINDS[next(iter(self.kinds))].invitation_type if len(self.kinds) == 1 else None


def parse_conditions(params: Mapping[str, Any], partition: str | None = None) -> Conditions:
    """The conditions in a task's options: shared_by, resource_type, name, share_invitation_ids (None: not given).

    ``partition``: the region's; None: not known.

    Raises InvalidInput with every entry of shared_by that is not an account, and every ID that cannot be one.
    """
    faults: list[str] = []
    owners: list[str] = []
    for position, text in enumerate(params.get("shared_by") or ()):
        if text is UNREAD:
            continue
        try:
            principal = parse_principal(text, partition)
            if principal.kind != ACCOUNT:
                raise ValueError(f"{text} is not an account: invitations are sent by accounts")
            owners.append(principal.identity)
        except ValueError as error:
            faults.append(f"shared_by[{position}]: {error}")
    ids = params.get("share_invitation_ids") or ()
    faults.extend(
        f"share_invitation_ids[{position}]: {text!r} is not an invitation ID (32 hexadecimal digits)"
        for position, text in enumerate(ids)
        if text is not UNREAD and not re.fullmatch(r"[0-9a-f]{32}", text)
    )
    if faults:
        raise InvalidInput(faults)
    return Conditions(
        frozenset(owners), frozenset(params.get("resource_type") or ()), params.get("name"), frozenset(ids)
    )


def read_invitations(summaries: Iterable[Mapping[str, Any]], wanted: Conditions) -> tuple[list[Invitation], list[str]]:
    """The invitations in ``summaries`` that are wanted, sorted by owner, kind and name, and what is wrong with others.

    Rows that cannot be read are told and passed over: what the rest are is known all the same.
    """
    invitations: list[Invitation] = []
    faults: list[str] = []
    for summary in summaries:
        try:
            invitation = _invitation(summary)
        except ValueError as error:
            faults.append(f"Failed to read one of the pending invitations: {error}")
            continue
        if invitation is not None:
            invitations.append(invitation)
    found = wanted.choose(invitations)
    order = sorted(found, key=lambda invitation: (invitation.shared_by, invitation.kind.name, invitation.name))
    return order, list(dict.fromkeys(faults))


def _invitation(summary: Mapping[str, Any]) -> Invitation | None:
    if not isinstance(summary, Mapping):
        raise ValueError("the row is no object")
    needed = ("ShareInvitationId", "SharedBy", "ShareResourceType")
    missing = [key for key in needed if not isinstance(summary.get(key), str)]
    if missing:
        raise ValueError(f"the row has no {' and no '.join(missing)}")
    kind = _KIND_BY_TYPE.get(summary["ShareResourceType"])
    if kind is None:
        return None  # A type of resource that came after this release: nobody asked to accept it.
    resource_key = kind.arn_key if kind.id_is_arn else kind.id_parameter
    texts = {key: summary.get(key) for key in ("SharedWith", kind.name_key, resource_key, "PermissionType")}
    odd = [key for key, text in texts.items() if text is not None and not isinstance(text, str)]
    if odd:
        raise ValueError(f"its {' and '.join(odd)} {'is' if len(odd) == 1 else 'are'} no text")
    return Invitation(
        id=summary["ShareInvitationId"],
        kind=kind,
        shared_by=summary["SharedBy"],
        shared_with=texts["SharedWith"] or "",
        name=texts[kind.name_key] or "",
        resource=texts[resource_key] or "",
        permission=texts["PermissionType"],
    )
