# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What each account has, once its owner has shared and it has answered: both sides put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._model.invitations import GONE
from .._model.told_shares import REMOVED, Invitations, ToldShare
from .answering import Recipient


def access_of_accounts(
    told: Iterable[ToldShare], recipients: Sequence[Recipient], several_regions: bool = False
) -> list[dict[str, Any]]:
    """For each account its ``account_id`` and ``name``; ``access``, a text for each share (``workload Payments READONLY
    ACCEPTED``); ``changed``, whether either side changed anything; and ``error``, which is empty where nothing failed.

    The recipients come first, in their order; then the accounts that only the owner knows. ``several_regions``: whether
    texts have to say which region they are about.
    """
    accounts: dict[str, dict[str, Any]] = {}
    answered: dict[tuple[str, str], Invitations] = {}
    for recipient in recipients:
        account, region = recipient.place.account, recipient.place.region
        if account.id is None:
            continue
        entry = accounts.setdefault(account.id, _nothing(account.id, account.name))
        entry["changed"] = entry["changed"] or recipient.changed
        error = f"In {region}: {recipient.error}" if several_regions and recipient.error else recipient.error
        entry["error"] = " ".join(filter(None, (entry["error"], error)))
        found = answered.setdefault((account.id, region), Invitations())
        for invitation, action in recipient.answered:
            if action != GONE:
                found.add(invitation, action)
    for share in told:
        entry = accounts.setdefault(share.account, _nothing(share.account))
        entry["changed"] = entry["changed"] or share.action != "unchanged"
        where = f"in {share.region}" if several_regions else None
        words = (share.kind.name, share.name or share.resource, share.permission, _status(share, answered), where)
        entry["access"].append(" ".join(filter(None, words)))
    return list(accounts.values())


def _nothing(account: str, name: str | None = None) -> dict[str, Any]:
    return {"account_id": account, "name": name, "access": [], "changed": False, "error": ""}


def _status(share: ToldShare, answered: Mapping[tuple[str, str], Invitations]) -> str:
    """``answered``: by account and region."""
    if share.action == REMOVED:
        return "removed"
    found = answered.get((share.account, share.region))
    action = found.known_of(share) if found else None
    return action.upper() if action else share.status or share.action
