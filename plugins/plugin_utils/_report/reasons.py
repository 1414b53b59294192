# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""Why a share needs attention, the most urgent reason first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...module_utils._model.principals import ORGANIZATION, Principal
from ...module_utils._model.shares import DEAD_STATUSES, LIVE_STATUSES

LIVE = "live"
DEAD = "dead"
UNKNOWN = "unknown"
STATES: Mapping[str, str] = {**dict.fromkeys(LIVE_STATUSES, LIVE), **dict.fromkeys(DEAD_STATUSES, DEAD)}
CRITICAL = "critical"
WARNING = "warning"
NOTE = "note"
ENDS_SOON_DAYS = 14
#: the reason that is none of a share, but of there being none
MISSING = "missing"

_OU_ARN = re.compile(r"arn:[^:]*:organizations::\d{12}:ou/(?P<organization>o-[a-z0-9]+)/")

Row = dict[str, Any]


@dataclass(frozen=True)
class Circumstances:
    """What a share is judged by, beside itself."""

    pending_before: str
    """An invitation that was seen at this time, or before, has been waiting for long."""
    allowed: frozenset[Principal] | None
    organization: frozenset[Principal] | None
    now: str = ""
    ends_soon: str = ""
    """Access that ends at this time, or before, ends soon."""
    declared: bool = False
    """Whether it is known what is declared."""

    def is_outside(self, principal: Principal) -> bool:
        """Whether the principal is known not to be of the organization."""
        if self.organization is None or principal.is_allowed_by(self.organization):
            return False
        if not principal.in_organizations:
            return True
        own = {one.identity for one in self.organization if one.kind == ORGANIZATION}
        if not own:
            return False
        if principal.kind == ORGANIZATION:
            return True
        found = _OU_ARN.match(principal.text)
        return found is not None and found["organization"] not in own


@dataclass(frozen=True)
class Reason:
    """Why a share needs attention."""

    name: str
    level: str
    label: str
    advice: str
    applies: Callable[[Row, Principal, Circumstances], bool] = field(compare=False)


def _status(status: str) -> Callable[[Row, Principal, Circumstances], bool]:
    return lambda share, _principal, _circumstances: share["status"] == status


def _ends(share: Row, after: str, until: str) -> bool:
    """Whether the share is alive, and its access was declared to end then."""
    return _live(share) and bool(share["ends_at"]) and after < share["ends_at"] <= until


def _other_permission(share: Row) -> bool:
    declared = share["declared_permission_type"]
    return _live(share) and bool(declared) and declared != share["permission_type"]


def _live(share: Row) -> bool:
    return share["state"] == LIVE


# The most urgent first. A share may have several.
REASONS: Sequence[Reason] = (
    Reason("failed", CRITICAL, "Failed", "No access. Mend the cause, then share again.", _status("FAILED")),
    Reason(
        "ended",
        CRITICAL,
        "Ended, but still shared",
        "Access was declared to end. Share as declared again, which removes it.",
        lambda share, _principal, now: _ends(share, "", now.now),
    ),
    Reason(
        "not_allowed",
        CRITICAL,
        "Not in the allow list",
        "Has access, or may accept it. Remove the share, or allow the principal.",
        lambda share, principal, now: (
            _live(share) and now.allowed is not None and not principal.is_allowed_by(now.allowed)
        ),
    ),
    Reason(
        "outside",
        CRITICAL,
        "Outside the organization",
        "Has access, or may accept it. Check that this is meant.",
        lambda share, principal, now: _live(share) and now.is_outside(principal),
    ),
    Reason("expired", WARNING, "Expired", "Not accepted within 7 days. Share again.", _status("EXPIRED")),
    Reason("rejected", WARNING, "Rejected", "The recipient said no. Ask, before sharing again.", _status("REJECTED")),
    Reason("revoked", WARNING, "Revoked", "Access has ended. Share again, or remove the share.", _status("REVOKED")),
    Reason(
        "pending_long",
        WARNING,
        "Waiting for long",
        "Nobody accepted yet, and the invitation expires within 7 days of being sent.",
        lambda share, _principal, now: share["status"] == "PENDING" and share["first_seen"] <= now.pending_before,
    ),
    Reason(
        "undeclared",
        WARNING,
        "Shared, but not declared",
        "Nobody declared it. Declare it, or remove the share.",
        lambda share, _principal, now: _live(share) and now.declared and not share["declared"],
    ),
    Reason(
        MISSING,
        WARNING,
        "Declared, but not shared",
        "There is no share. Share as declared again.",
        lambda _share, _principal, _now: False,
    ),
    Reason(
        "permission",
        WARNING,
        "Another permission than declared",
        "Share as declared again, or declare what is meant.",
        lambda share, _principal, _now: _other_permission(share),
    ),
    Reason(
        "wide",
        WARNING,
        "Whole organizations",
        "Every account of the organization has access.",
        lambda share, principal, _now: _live(share) and principal.kind == ORGANIZATION,
    ),
    Reason(
        "unknown",
        WARNING,
        "Status not known",
        "AWS reports a status that this version does not know.",
        lambda share, _principal, _now: share["state"] == UNKNOWN,
    ),
    Reason(
        "ends_soon",
        NOTE,
        f"Ends within {ENDS_SOON_DAYS} days",
        "Access is declared to end. Declare a later end where it is still needed.",
        lambda share, _principal, now: _ends(share, now.now, now.ends_soon),
    ),
    Reason(
        "pending",
        NOTE,
        "Waiting for acceptance",
        "The invitation expires within 7 days of being sent.",
        lambda share, _principal, now: share["status"] == "PENDING" and share["first_seen"] > now.pending_before,
    ),
)
