# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""Why a share needs attention, the most urgent reason first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...module_utils._principals import ORGANIZATION, Principal
from ...module_utils._shares import ACTIVE_STATUSES, INACTIVE_STATUSES
from .declaration import Declared

ACTIVE, INACTIVE, UNKNOWN = "active", "inactive", "unknown"
STATES: Mapping[str, str] = {**dict.fromkeys(ACTIVE_STATUSES, ACTIVE), **dict.fromkeys(INACTIVE_STATUSES, INACTIVE)}
ENDED, SOON = "ended", "soon"
ENDS_SOON_DAYS = 14
#: the reason of what is declared and has no share
MISSING = "missing"


@dataclass(frozen=True)
class Reason:
    """A reason for attention. Those of level note are not counted."""

    level: str
    label: str
    advice: str


# The most urgent first. A share may have several.
REASONS: Mapping[str, Reason] = {
    "failed": Reason("critical", "Failed", "No access. Fix the cause, then share again."),
    "ended": Reason("critical", "Ended, but still shared", "Apply the declaration again, which deletes the share."),
    "not_allowed": Reason("critical", "Not an allowed principal", "Delete the share, or allow the principal."),
    "outside": Reason("critical", "Outside the organization", "Check that this is intended, or delete the share."),
    "expired": Reason("warning", "Expired", "Not accepted within 7 days. Share again."),
    "rejected": Reason("warning", "Rejected", "The recipient rejected the invitation. Ask before you share again."),
    "revoked": Reason("warning", "Revoked", "Access has ended. Share again, or delete the share."),
    "pending_long": Reason("warning", "Pending too long", "The invitation expires 7 days after it was sent."),
    "undeclared": Reason("warning", "Not declared", "Declare the share, or delete it."),
    MISSING: Reason("warning", "Declared, but not shared", "Apply the declaration again."),
    "permission": Reason("warning", "Other permission than declared", "Apply or correct the declaration."),
    "wide": Reason("warning", "Shared with an organization", "Every account of the organization has access."),
    "unknown": Reason("warning", "Unknown status", "AWS reports a status that this version does not know."),
    "ends_soon": Reason("note", f"Ends within {ENDS_SOON_DAYS} days", "Declare a later end if access is still needed."),
    "pending": Reason("note", "Pending", "The invitation expires 7 days after it was sent."),
}
NOTES = frozenset(name for name, reason in REASONS.items() if reason.level == "note")

_BY_STATUS = {"FAILED": "failed", "EXPIRED": "expired", "REJECTED": "rejected", "REVOKED": "revoked"}
_OU_ARN = re.compile(r"arn:[^:]*:organizations::\d{12}:ou/(?P<organization>o-[a-z0-9]+)/")


@dataclass(frozen=True)
class Context:
    """What all shares of a report are judged by. Times are in the report's format, which sorts by time."""

    now: str
    pending_too_long: str
    """An invitation that was first seen at this time, or before, has been pending too long."""
    ends_soon: str
    """Access that ends at this time, or before, ends soon."""
    allowed: frozenset[Principal] | None
    organization: frozenset[Principal] | None
    has_declaration: bool

    def end(self, ends_at: str) -> str:
        """ended, soon, or an empty string."""
        if not ends_at or ends_at > self.ends_soon:
            return ""
        return ENDED if ends_at <= self.now else SOON

    def is_outside(self, principal: Principal) -> bool:
        """Whether the principal is certainly not part of the organization."""
        if self.organization is None or principal.is_covered_by(self.organization):
            return False
        if not principal.in_organizations:
            return True
        own = {one.identity for one in self.organization if one.kind == ORGANIZATION}
        ou = _OU_ARN.match(principal.text)
        return bool(own) and (principal.kind == ORGANIZATION or (ou is not None and ou["organization"] not in own))

    def reasons(self, share: JudgedShare) -> list[str]:
        """Why the share needs attention, the most urgent reason first."""
        found = {_BY_STATUS.get(share.status), UNKNOWN if share.state == UNKNOWN else None}
        if share.status == "PENDING":
            found.add("pending_long" if share.first_seen <= self.pending_too_long else "pending")
        if share.state == ACTIVE:
            found.update(self._reasons_of_access(share))
        return [name for name in REASONS if name in found]

    def _reasons_of_access(self, share: JudgedShare) -> Iterator[str]:
        end = self.end(share.declared.ends_at) if share.declared else ""
        if end:
            yield {ENDED: "ended", SOON: "ends_soon"}[end]
        if self.allowed is not None and not share.principal.is_covered_by(self.allowed):
            yield "not_allowed"
        if self.is_outside(share.principal):
            yield "outside"
        if self.has_declaration and share.declared is None:
            yield "undeclared"
        if share.declared and share.declared.permission_type not in ("", share.permission):
            yield "permission"
        if share.principal.kind == ORGANIZATION:
            yield "wide"


@dataclass(frozen=True)
class JudgedShare:
    """What is known of one share."""

    principal: Principal
    status: str
    permission: str
    first_seen: str
    declared: Declared | None

    @property
    def state(self) -> str:
        return STATES.get(self.status, UNKNOWN)
