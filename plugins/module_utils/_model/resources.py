# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""A resource: a workload, lens, review template or profile."""

from __future__ import annotations

from dataclasses import dataclass

from .kinds import Kind


@dataclass(frozen=True)
class Resource:
    """A workload, lens, review template or profile, as far as it is known."""

    kind: Kind
    id: str
    """What the API takes: a workload's ID, the ARN of the others."""
    arn: str | None = None
    name: str | None = None
    owner: str | None = None
    """Account ID."""

    @property
    def key(self) -> tuple[str, str]:
        """Tells this resource from every other one of the account and region."""
        return self.kind.name, self.id

    @property
    def region(self) -> str | None:
        """As the ARN says it; None where there is none."""
        return self.arn.split(":")[3] if self.arn else None

    @property
    def label(self) -> str:
        """For messages: ``workload 'Payments' (ID)``."""
        return f"{self.kind.label} {self.name!r} ({self.id})" if self.name else f"{self.kind.label} {self.id}"

    def as_result(self) -> dict[str, str | None]:
        """As the modules return it. ``id`` is the last part of the ARN for every kind."""
        return {
            "kind": self.kind.name,
            "id": self.id.rpartition("/")[2],
            "arn": self.arn,
            "name": self.name,
        }
