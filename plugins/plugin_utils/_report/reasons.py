# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""Why a share needs attention, the most urgent reason first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ...module_utils._principals import ORGANIZATION, Principal
from ...module_utils._shares import ACTIVE_STATUSES, INACTIVE_STATUSES
from .declaration import Declared

ACTIVE, INACTIVE, UNKNOWN = "active", "inactive", "unknown"
STATES: Mapping[str, str] = {**dict.fromkeys(ACTIVE_STATUSES, ACTIVE), **dict.fromkeys(INACTIVE_STATUSES, INACTIVE)}
CRITICAL, WARNING, NOTE = "critical", "warning", "note"
#: the reason of what is declared and has no share
MISSING = "missing"
ENDS_SOON_DAYS = 14

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

    def is_outside(self, principal: Principal) -> bool:
        """Whether the principal is certainly not part of the organization."""
        if self.organization is None or principal.is_covered_by(self.organization):
            return False
        if not principal.in_organizations:
            return True
        own = {one.identity for one in self.organization if one.kind == ORGANIZATION}
        ou = _OU_ARN.match(principal.text)
        return bool(own) and (principal.kind == ORGANIZATION or (ou is not None and ou["organization"] not in own))


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

    @property
    def is_active(self) -> bool:
        return self.state == ACTIVE

    def ends_between(self, after: str, until: str) -> bool:
        """Whether its access is declared to end after the one time, and not after the other."""
        return (
            self.is_active
            and self.declared is not None
            and bool(self.declared.ends_at)
            and (after < self.declared.ends_at <= until)
        )


Test = Callable[[JudgedShare, Context], bool]


@dataclass(frozen=True)
class Reason:
    """Why a share needs attention. Those of level note are not counted."""

    name: str
    level: str
    label: str
    advice: str
    applies: Test = field(compare=False)


def _has_status(status: str) -> Test:
    return lambda share, _context: share.status == status


def _has_other_permission(share: JudgedShare, _context: Context) -> bool:
    declared = share.declared.permission_type if share.declared else ""
    return share.is_active and bool(declared) and declared != share.permission


# The most urgent first. A share may have several.
REASONS = (
    Reason("failed", CRITICAL, "Failed", "No access. Fix the cause, then share again.", _has_status("FAILED")),
    Reason(
        "ended",
        CRITICAL,
        "Ended, but still shared",
        "Access was declared to end. Apply the declaration again, which deletes the share.",
        lambda share, context: share.ends_between("", context.now),
    ),
    Reason(
        "not_allowed",
        CRITICAL,
        "Not an allowed principal",
        "The principal has access, or can accept it. Delete the share, or allow the principal.",
        lambda share, context: (
            share.is_active and context.allowed is not None and not share.principal.is_covered_by(context.allowed)
        ),
    ),
    Reason(
        "outside",
        CRITICAL,
        "Outside the organization",
        "The principal has access, or can accept it. Check that this is intended.",
        lambda share, context: share.is_active and context.is_outside(share.principal),
    ),
    Reason("expired", WARNING, "Expired", "Not accepted within 7 days. Share again.", _has_status("EXPIRED")),
    Reason(
        "rejected",
        WARNING,
        "Rejected",
        "The recipient rejected the invitation. Ask before you share again.",
        _has_status("REJECTED"),
    ),
    Reason(
        "revoked", WARNING, "Revoked", "Access has ended. Share again, or delete the share.", _has_status("REVOKED")
    ),
    Reason(
        "pending_long",
        WARNING,
        "Pending too long",
        "Not accepted yet. The invitation expires 7 days after it was sent.",
        lambda share, context: share.status == "PENDING" and share.first_seen <= context.pending_too_long,
    ),
    Reason(
        "undeclared",
        WARNING,
        "Not declared",
        "Declare the share, or delete it.",
        lambda share, context: share.is_active and context.has_declaration and share.declared is None,
    ),
    Reason(
        MISSING, WARNING, "Declared, but not shared", "Apply the declaration again.", lambda _share, _context: False
    ),
    Reason(
        "permission",
        WARNING,
        "Permission differs from the declaration",
        "Apply the declaration again, or declare the present permission.",
        _has_other_permission,
    ),
    Reason(
        "wide",
        WARNING,
        "Shared with an organization",
        "Every account of the organization has access.",
        lambda share, _context: share.is_active and share.principal.kind == ORGANIZATION,
    ),
    Reason(
        "unknown",
        WARNING,
        "Unknown status",
        "AWS reports a status that this version of the collection does not know.",
        lambda share, _context: share.state == UNKNOWN,
    ),
    Reason(
        "ends_soon",
        NOTE,
        f"Ends within {ENDS_SOON_DAYS} days",
        "Access is declared to end. Declare a later end where it is still needed.",
        lambda share, context: share.ends_between(context.now, context.ends_soon),
    ),
    Reason(
        "pending",
        NOTE,
        "Pending",
        "Not accepted yet. The invitation expires 7 days after it was sent.",
        lambda share, context: share.status == "PENDING" and share.first_seen > context.pending_too_long,
    ),
)
NOTES = frozenset(reason.name for reason in REASONS if reason.level == NOTE)
