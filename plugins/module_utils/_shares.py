# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Resources and their shares as values, with the statuses and permissions that a share can have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ._kinds import Kind
from ._names import quote
from ._principals import Principal

ACTIVE_STATUSES = ("PENDING", "ACCEPTED", "ASSOCIATING", "ASSOCIATED")
INACTIVE_STATUSES = ("REJECTED", "EXPIRED", "REVOKED", "FAILED")
STATUSES = ACTIVE_STATUSES + INACTIVE_STATUSES
RENEWED_BY_DEFAULT = ("EXPIRED", "REVOKED", "FAILED")
PERMISSIONS = ("READONLY", "CONTRIBUTOR")

# What a run does to a share: the ``action`` of results and plans.
CREATED = "created"
UPDATED = "updated"
RENEWED = "renewed"
DELETED = "deleted"
UNCHANGED = "unchanged"
ACTIONS = (CREATED, UPDATED, RENEWED, DELETED, UNCHANGED)


@dataclass(frozen=True)
class Resource:
    """A workload, lens, review template or profile, as far as it is known."""

    kind: Kind
    id: str
    """The value of the API's parameter: a workload's ID, the ARN of the others."""
    arn: str | None = None
    name: str | None = None
    owner: str | None = None
    """Account ID."""

    @property
    def key(self) -> tuple[str, str]:
        """Identifies the resource within its account and Region."""
        return self.kind.name, self.id

    @property
    def region(self) -> str | None:
        return self.arn.split(":")[3] if self.arn else None

    @property
    def label(self) -> str:
        """For messages: ``workload 'Payments' (ID)``."""
        return f"{self.kind.label} {quote(self.name)} ({self.id})" if self.name else f"{self.kind.label} {self.id}"

    def as_result(self) -> dict[str, Any]:
        """The dictionary that modules return. ``id`` is the last part of the ARN for every kind."""
        return {
            "kind": self.kind.name,
            "id": self.id.rpartition("/")[2],
            "arn": self.arn,
            "name": self.name,
        }


@dataclass(frozen=True)
class Share:
    """One principal's access to one resource: an item of a List...Shares response."""

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
    def is_active(self) -> bool:
        return self.status in ACTIVE_STATUSES
