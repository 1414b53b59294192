# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Places: one account in one region each, and how to get there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .invalid_input import InvalidInput, at
from .principals import ACCOUNT, ROLE, Principal, parse_principal
from .reading import unread


@dataclass(frozen=True)
class Account:
    """An account that a task works in."""

    id: str | None
    """None: the account of the task's own credentials, where nothing needs to know which that is."""
    role_arn: str | None = None
    """The role to assume there; None: the task's own credentials are the account's."""
    external_id: str | None = None
    name: str | None = None
    """For messages."""


@dataclass(frozen=True)
class Place:
    """One account in one region: what rate limits and credentials belong to."""

    account: Account
    region: str

    @property
    def label(self) -> str:
        """For messages: ``team-payments (111122223333)``, or the ID alone."""
        account = self.account
        if account.id is None:
            return "the caller"
        return f"{account.name} ({account.id})" if account.name else account.id

    def as_result(self) -> dict[str, Any]:
        """As the modules return it."""
        return {"account_id": self.account.id, "region": self.region, "name": self.account.name}


def parse_accounts(listed: Iterable[Mapping[str, Any]]) -> tuple[Account, ...]:
    """The accounts of the option ``accounts``, each once, in their order.

    ``listed``: account_id, role_arn, external_id, name (None or empty: not given). Raises InvalidInput that names
    every fault.
    """
    faults: list[str] = []
    accounts: dict[str, Account] = {}
    for index, item in enumerate(listed):
        where = f"accounts[{index}]"
        role_arn = item.get("role_arn") or None
        role = _parse_role(role_arn, at(where, "role_arn"), faults) if role_arn else None
        # Of the role wa_accept, the account stands in the role's ARN, or nowhere.
        if unread(item, "account_id") or (role is None and item["account_id"] == role_arn):
            continue
        try:
            principal = parse_principal(item["account_id"])
            if principal.kind != ACCOUNT:
                raise ValueError(f"{item['account_id']} is not an account")
        except ValueError as error:
            faults.append(f"{at(where, 'account_id')}: {error}")
            continue
        account = Account(principal.identity, role_arn, item.get("external_id") or None, item.get("name") or None)
        known = accounts.setdefault(principal.identity, account)
        if role and role.account != account.id:
            faults.append(f"{at(where, 'role_arn')}: {role_arn} is not a role of account {account.id}")
        elif (known.role_arn, known.external_id) != (account.role_arn, account.external_id):
            faults.append(f"{where}: {account.id} is listed twice, with different roles")
    if faults:
        raise InvalidInput(faults)
    return tuple(accounts.values())


def _parse_role(role_arn: str, where: str, faults: list[str]) -> Principal | None:
    """The role of the ARN. What is none is added to ``faults``."""
    try:
        role = parse_principal(role_arn)
    except ValueError:
        role = None
    if role is None or role.kind != ROLE:
        faults.append(f"{where}: {role_arn!r} is not the ARN of an IAM role (arn:aws:iam::ACCOUNT:role/NAME)")
        return None
    return role
