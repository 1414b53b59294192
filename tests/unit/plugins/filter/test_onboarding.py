# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter that the audit tells people with: what differs."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.filter.share_drift import share_drift

ANA = "111122223333"
BEN = "444455556666"


def result(*shares: dict[str, Any], error: str = "") -> dict[str, Any]:
    resource = {"kind": "workload", "id": "a" * 32, "arn": None, "name": "Payments"}
    return {"resources": [{"resource": resource, "shares": list(shares), **({"error": error} if error else {})}]}


def share(
    shared_with: str, status: str | None, action: str = "unchanged", permission: str | None = "READONLY"
) -> dict[str, Any]:
    return {"shared_with": shared_with, "status": status, "action": action, "permission_type": permission}


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (share(ANA, None, "created"), "is not shared (READONLY)"),
        (share(ANA, "ACCEPTED", "updated"), "has the other permission"),
        (share(ANA, "EXPIRED", "renewed"), "has a dead share (READONLY EXPIRED)"),
        (share(ANA, "PENDING", "deleted"), "is shared, but not declared"),
        (share(ANA, "REJECTED"), "has a dead share, which is not sent again"),
    ],
)
def test_each_difference_is_a_line(listed: dict[str, Any], words: str) -> None:
    (line,) = share_drift(result(listed, share(BEN, "ACCEPTED")))
    assert line.startswith(f"workload Payments, {ANA}: {words}")


def test_a_resource_that_could_not_be_looked_at_is_a_difference() -> None:
    assert share_drift(result(error="denied")) == ["workload Payments: denied"]
