# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The shares with accounts that an owner's task told of, in what wa_shares returned. Nothing here makes a call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .invalid_input import InvalidInput
from .invitations import Invitation
from .kinds import KINDS, Kind
from .principals import ACCOUNT, Principal, parse_listed_principal

# What wa_shares says was done to a share, as far as it matters here.
_SENT = ("created", "renewed")
_CHANGED = (*_SENT, "updated")
REMOVED = "deleted"


@dataclass(frozen=True)
class ToldShare:
    """One account's share of one resource, as its owner's task told of it."""

    kind: Kind
    resource: str
    """The ARN of the resource; of a workload, its ID."""
    name: str | None
    owner: str | None
    """Account ID; None where it was not told."""
    principal: Principal
    status: str | None
    """None where the owner's task did not wait to see it."""
    permission: str | None
    action: str

    @property
    def account(self) -> str:
        return self.principal.identity

    @property
    def label(self) -> str:
        """For messages: ``lens 'Platform Standards' from 123456789012``."""
        named = f"{self.kind.label} {(self.name or self.resource)!r}"
        return f"{named} from {self.owner}" if self.owner else named

    @property
    def invited(self) -> bool:
        """Whether there is an invitation for certain, even if it does not show yet."""
        return self.status == "PENDING" and self.action != REMOVED

    @property
    def perhaps_invited(self) -> bool:
        """Whether there may be one: the share is new, and nobody has looked what it has become."""
        return self.status is None and self.action in _SENT

    @property
    def worth_a_look(self) -> bool:
        """Whether its account has to be asked. A share that was updated may have to be accepted again.

        Source: user guide, changing a share ("If the modified one is not accepted within seven days, it expires").
        """
        return self.invited or (self.status != "ASSOCIATED" and self.action in _CHANGED)

    def is_meant_by(self, invitation: Invitation) -> bool:
        """Whether the invitation is to this share. IDs say nothing: an open question is whether the two are equal."""
        return (
            self.action != REMOVED
            and (self.kind.name, self.resource) == (invitation.kind.name, invitation.resource)
            and self.owner in (None, invitation.shared_by)
            and (not invitation.shared_with or parse_listed_principal(invitation.shared_with) == self.principal)
        )


def parse_told_shares(rows: Iterable[Any], region: str) -> tuple[ToldShare, ...]:
    """The shares with accounts in ``rows``, the ``resources`` that wa_shares or wa_share_info returned in ``region``.

    Raises InvalidInput with every row of another shape or region.
    """
    faults: list[str] = []
    found: list[ToldShare] = []
    for index, row in enumerate(rows):
        try:
            found.extend(_read_row(row, region))
        except ValueError as error:
            faults.append(f"shared[{index}]: {error}")
    if faults:
        raise InvalidInput(faults)
    return tuple(found)


def _read_row(row: Any, region: str) -> list[ToldShare]:
    try:
        resource = row["resource"]
        kind, arn = KINDS[resource["kind"]], resource["arn"]
        there, owner = (arn.split(":") if arn else [None] * 5)[3:5]
        found = [
            ToldShare(
                kind=kind,
                resource=arn if kind.id_is_arn else resource["id"],
                name=resource["name"],
                owner=owner,
                principal=parse_listed_principal(share["shared_with"]),
                status=share["status"],
                permission=share["permission_type"],
                action=share.get("action", "unchanged"),  # wa_share_info does nothing, and says nothing of it
            )
            for share in row["shares"]
        ]
    except (TypeError, KeyError, ValueError, AttributeError):
        raise ValueError("it is not one of the resources that wa_shares returned") from None
    if there not in (None, region):
        raise ValueError(f"{arn} is in {there}, but this task works in {region}")
    return [share for share in found if share.principal.kind == ACCOUNT]
