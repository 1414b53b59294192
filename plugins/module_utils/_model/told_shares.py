# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The shares with accounts that an owner's task told of, in what wa_shares returned. Nothing here makes a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .invalid_input import InvalidInput
from .invitations import Invitation
from .kinds import KINDS, Kind
from .places import named_few
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
    region: str
    """Where the resource is, and so the invitation."""

    @property
    def account(self) -> str:
        return self.principal.identity

    @property
    def subject(self) -> tuple[str, str]:
        """What it is a share of, as Invitation.subject has it."""
        return self.kind.name, self.resource

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
            and self.subject == invitation.subject
            and self.owner in (None, invitation.shared_by)
            and (not invitation.shared_with or parse_listed_principal(invitation.shared_with) == self.principal)
        )


class ToldShares:
    """Any number of told shares, found at once by the invitations that mean them."""

    def __init__(self, shares: Iterable[ToldShare]) -> None:
        self._by_subject: dict[tuple[str, str], list[ToldShare]] = {}
        for share in shares:
            self._by_subject.setdefault(share.subject, []).append(share)

    def have(self, invitation: Invitation) -> bool:
        """Whether the invitation is to one of them."""
        return any(share.is_meant_by(invitation) for share in self._by_subject.get(invitation.subject, ()))


class Invitations:
    """Any number of invitations with what is known of each, found at once by the told shares that they mean."""

    def __init__(self) -> None:
        self._by_subject: dict[tuple[str, str], list[tuple[Invitation, str]]] = {}

    def add(self, invitation: Invitation, known: str = "") -> None:
        self._by_subject.setdefault(invitation.subject, []).append((invitation, known))

    def known_of(self, share: ToldShare) -> str | None:
        """What is known of the invitation to the share; None where it is not among them."""
        found = self._by_subject.get(share.subject, ())
        return next((known for invitation, known in found if share.is_meant_by(invitation)), None)


def regions_of(rows: Iterable[Any]) -> tuple[str, ...]:
    """The regions of the rows that wa_shares returned, each once, in their order. What cannot be read has none."""
    regions: dict[str, None] = {}
    for row in rows:
        try:
            region = _where(row["resource"])[0]
        except _NO_ROW:
            continue
        if region:
            regions[region] = None
    return tuple(regions)


def parse_told_shares(rows: Iterable[Any], regions: Sequence[str]) -> tuple[ToldShare, ...]:
    """The shares with accounts in ``rows``, the ``resources`` that wa_shares or wa_share_info returned.

    ``regions``: those of the task. Raises InvalidInput with every row of another shape or region.
    """
    faults: list[str] = []
    found: list[ToldShare] = []
    for index, row in enumerate(rows):
        try:
            found.extend(_read_row(row, regions))
        except ValueError as error:
            faults.append(f"shared[{index}]: {error}")
    if faults:
        raise InvalidInput(faults)
    return tuple(found)


_NO_ROW = (TypeError, KeyError, ValueError, AttributeError)


def _read_row(row: Any, regions: Sequence[str]) -> list[ToldShare]:
    try:
        resource = row["resource"]
        kind, arn = KINDS[resource["kind"]], resource["arn"]
        there, owner = _where(resource)
        region = there or regions[0]
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
                region=region,
            )
            for share in row["shares"]
        ]
    except _NO_ROW:
        raise ValueError("it is not one of the resources that wa_shares returned") from None
    named = arn or f"{kind.label} {(resource['name'] or resource['id'])!r}"
    if there is None and len(regions) > 1:
        raise ValueError(f"nothing says which region {named} is in, and this task works in {named_few(regions)}")
    if region not in regions:
        raise ValueError(f"{named} is in {there}, but this task works in {named_few(regions)}")
    return [share for share in found if share.principal.kind == ACCOUNT]


def _where(resource: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The region and the owner of the resource, as far as its ARN or its row tells. Raises what _NO_ROW names."""
    arn = resource["arn"]
    there, account = (arn.split(":") if arn else [None] * 5)[3:5]
    region, owner = there or resource.get("region"), account or resource.get("account_id")
    if not isinstance(region, (str, type(None))) or not isinstance(owner, (str, type(None))):
        raise TypeError
    return region, owner
