# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""A share: one principal's access to one resource, and the statuses and permissions that it can have."""

from __future__ import annotations

from dataclasses import dataclass

from .principals import Principal

LIVE_STATUSES = ("PENDING", "ACCEPTED", "ASSOCIATING", "ASSOCIATED")
DEAD_STATUSES = ("REJECTED", "EXPIRED", "REVOKED", "FAILED")
STATUSES = LIVE_STATUSES + DEAD_STATUSES
RENEWED_BY_DEFAULT = ("EXPIRED", "REVOKED", "FAILED")
PERMISSIONS = ("READONLY", "CONTRIBUTOR")


@dataclass(frozen=True)
class Share:
    """One listed share: an item of a List...Shares answer."""

    share_id: str
    principal: Principal
    status: str
    permission: str | None = None
    status_message: str | None = None

    @property
    def label(self) -> str:
        """For messages: ``111122223333 (payments) READONLY ACCEPTED``."""
        return " ".join(filter(None, (self.principal.label, self.permission, self.status)))

    @property
    def live(self) -> bool:
        return self.status in LIVE_STATUSES
