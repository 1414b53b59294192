# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters that the playbooks tell people with: what is pending, what each account has, what differs."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.filter.account_access import account_access
from ansible_collections.wellarchitected.sharing.plugins.filter.pending_accounts import pending_accounts
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


def test_accounts_that_have_not_answered_are_pending_each_once() -> None:
    root, user = f"arn:aws:iam::{ANA}:root", f"arn:aws:iam::{BEN}:user/ben"
    shares = result(share(ANA, "PENDING"), share(root, "PENDING"), share(BEN, "ACCEPTED"), share(user, "PENDING"))
    assert pending_accounts(shares) == [ANA]


@pytest.mark.parametrize(
    ("listed", "answer", "text"),
    [
        (share(ANA, "PENDING", "created"), "accepted", "workload Payments READONLY ACCEPTED"),
        (share(ANA, "PENDING"), "gone", "workload Payments READONLY PENDING"),
        (share(ANA, None, "created"), None, "workload Payments READONLY created"),
        (share(ANA, "ACCEPTED", "deleted"), None, "workload Payments READONLY removed"),
        (share(ANA, "REJECTED"), None, "workload Payments READONLY REJECTED"),
    ],
)
def test_an_account_has_what_both_sides_say(listed: dict[str, Any], answer: str | None, text: str) -> None:
    invitations = [{"resource": {"id": "a" * 32}, "action": answer}] if answer else []
    answers = [{"account_id": ANA, "changed": answer == "accepted", "invitations": invitations}]
    told = account_access(result(listed), answers)[ANA]
    assert told["access"] == [text]
    assert told["changed"] == (answer == "accepted" or listed["action"] != "unchanged")


def test_an_account_that_failed_is_told_with_its_reason() -> None:
    told = account_access(result(share(ANA, "PENDING")), [{"account_id": ANA, "changed": False, "error": "no role"}])
    assert told[ANA]["error"] == "no role"


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
