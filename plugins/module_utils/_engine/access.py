# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What each account has, once its owner has shared and it has answered: both sides put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .._model.invitations import GONE
from .._model.told_shares import REMOVED, ToldShare
from .answering import Recipient


def access_of_accounts(told: Iterable[ToldShare], recipients: Sequence[Recipient]) -> list[dict[str, Any]]:
    """For each account its ``account_id`` and ``name``; ``access``, a text for each share (``workload Payments READONLY
    ACCEPTED``); ``changed``, whether either side changed anything; and ``error``, which is empty where nothing failed.

    The recipients come first, in their order; then the accounts that only the owner knows.
    """
    accounts: dict[str, dict[str, Any]] = {}
    by_account: dict[str, list[Recipient]] = {}
    for recipient in recipients:
        account = recipient.place.account
        if account.id is None:
            continue
        by_account.setdefault(account.id, []).append(recipient)
        entry = accounts.setdefault(account.id, _nothing(account.id, account.name))
        entry["changed"] = entry["changed"] or recipient.changed
        entry["error"] = " ".join(filter(None, (entry["error"], recipient.error)))
    for share in told:
        entry = accounts.setdefault(share.account, _nothing(share.account))
        entry["changed"] = entry["changed"] or share.action != "unchanged"
        status = _status(share, by_account.get(share.account, ()))
        words = (share.kind.name, share.name or share.resource, share.permission, status)
        entry["access"].append(" ".join(filter(None, words)))
    return list(accounts.values())


def _nothing(account: str, name: str | None = None) -> dict[str, Any]:
    return {"account_id": account, "name": name, "access": [], "changed": False, "error": ""}


def _status(share: ToldShare, recipients: Iterable[Recipient]) -> str:
    if share.action == REMOVED:
        return "removed"
    for recipient in recipients:
        for invitation, action in recipient.answered:
            if action != GONE and share.is_meant_by(invitation):
                return action.upper()
    return share.status or share.action
