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

_OU_ARN = re.compile(r"arn:[^:]*:organizations::\d{12}:ou/(?P<organization>o-[a-z0-9]+)/")

Row = dict[str, Any]


@dataclass(frozen=True)
class Circumstances:
    """What a share is judged by, beside itself."""

    pending_before: str
    """An invitation that was seen at this time, or before, has been waiting for long."""
    allowed: frozenset[Principal] | None
    organization: frozenset[Principal] | None

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


def _live(share: Row) -> bool:
    return share["state"] == LIVE


# The most urgent first. A share may have several.
REASONS: Sequence[Reason] = (
    Reason("failed", CRITICAL, "Failed", "No access. Mend the cause, then share again.", _status("FAILED")),
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
        "pending",
        NOTE,
        "Waiting for acceptance",
        "The invitation expires within 7 days of being sent.",
        lambda share, _principal, now: share["status"] == "PENDING" and share["first_seen"] > now.pending_before,
    ),
)
