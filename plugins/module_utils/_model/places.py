# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Places: one account in one region each, and how to get there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .invalid_input import InvalidInput, at, told
from .principals import ACCOUNT, ROLE, Principal, parse_listed_principal, parse_principal, refuse_other_partition
from .reading import UNREAD, unread
from .resources import Resource
from .suggestions import nearest, suggestion

ALL_REGIONS = "all"
OVER_ALL = 4
"""How many times the calls of one place may be under way over all places."""
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")


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

    @property
    def label(self) -> str:
        """For messages: ``team-payments (111122223333)``, or the ID alone."""
        if self.id is None:
            return "the caller"
        return f"{self.name} ({self.id})" if self.name else self.id


OWN = Account(None)
"""The account of the task's own credentials."""


@dataclass(frozen=True)
class Place:
    """One account in one region: what rate limits and credentials belong to."""

    account: Account
    region: str

    @property
    def label(self) -> str:
        """For messages: ``team-payments (111122223333) in eu-west-1``."""
        return f"{self.account.label} in {self.region}"

    def has(self, resource: Resource) -> bool:
        """Whether the resource may be here, as far as its ARN tells."""
        if resource.region not in (None, self.region):
            return False
        return resource.owner is None or self.account.id in (None, resource.owner)

    def as_result(self) -> dict[str, Any]:
        """As the modules return it."""
        return {"account_id": self.account.id, "region": self.region, "name": self.account.name}


@dataclass(frozen=True)
class Scope:
    """Where a task works: in each of its accounts, in each of its regions."""

    regions: tuple[str, ...]
    accounts: tuple[Account, ...] = (OWN,)
    passed_over: frozenset[str] = frozenset()
    """Regions that nobody has named: that an account has not enabled one of them is no failure."""

    @property
    def places(self) -> tuple[Place, ...]:
        """In the order of the accounts, and in each of them of the regions."""
        return tuple(Place(account, region) for account in self.accounts for region in self.regions)

    @property
    def several(self) -> bool:
        """Whether messages have to say which place they are about."""
        return len(self.accounts) * len(self.regions) > 1

    def why_not_here(self, resource: Resource) -> str | None:
        """Why the task does not work where the resource is, as far as its ARN tells; None where it does."""
        if resource.region not in (None, *self.regions):
            return (
                f"{resource.arn} is in {resource.region}, but this task works in {named_few(self.regions)}: a resource "
                "is shared within its own region only"
            )
        if not any(place.has(resource) for place in self.places):
            return (
                f"{resource.label} belongs to account {resource.owner}, which is not one of this task's accounts: only "
                "its owner can share it"
            )
        return None

    def parse_part(
        self, accounts: Sequence[Any] | None, regions: Sequence[Any] | None, where: str, faults: list[str]
    ) -> Part:
        """The part of the task's places that an entry is about, by its options ``accounts`` (IDs or names) and
        ``regions``; None: all of them. What is wrong is added to ``faults``.
        """
        # An ID means its account, whatever another one is called.
        ids = {account.name: account.id for account in self.accounts if account.name}
        ids.update({account.id: account.id for account in self.accounts if account.id})
        if accounts is not None and not ids:
            faults.append(f"{at(where, 'accounts')}: this task has no accounts: it works in that of its credentials")
            accounts = None
        chosen = _choose(accounts, ids, at(where, "accounts"), "this task's accounts", faults)
        within = _choose(regions, {name: name for name in self.regions}, at(where, "regions"), "its regions", faults)
        return Part(chosen, within)


@dataclass(frozen=True)
class Part:
    """Some of a task's places: those of some of its accounts and regions. None: of all of them."""

    accounts: frozenset[str | None] | None = None
    regions: frozenset[str | None] | None = None

    def has(self, place: Place) -> bool:
        return (self.accounts is None or place.account.id in self.accounts) and (
            self.regions is None or place.region in self.regions
        )


def _choose(
    listed: Sequence[Any] | None, known: Mapping[str, str | None], where: str, what: str, faults: list[str]
) -> frozenset[str | None] | None:
    if listed is None:
        return None
    if not listed:
        faults.append(f"{where}: it is empty: leave it out for all of {what}")
    for position, item in enumerate(listed):
        if item is UNREAD or str(item) in known:
            continue
        near = nearest(str(item), known)
        faults.append(f"{where}[{position}]: {item} is not one of {what}{suggestion(near)}")
    return frozenset(known[str(item)] for item in listed if str(item) in known)


def named_few(names: Collection[str], most: int = 5) -> str:
    """``us-east-1, eu-west-1 and 3 more``."""
    first = list(names)[:most]
    more = len(names) - len(first)
    return ", ".join(first) + (f" and {more} more" if more else "")


def parse_regions(
    listed: Sequence[Any] | None, own: str, of_service: Sequence[str], partition_of: Mapping[str, str]
) -> tuple[str, ...]:
    """The regions of the option ``regions``, each once, in their order.

    ``listed``: None: not given. ``own``: that of the client. ``of_service``: those of its partition that have the
    service, which ``all`` means. ``partition_of``: of each region that botocore knows. Raises InvalidInput that names
    every fault.
    """
    if listed is None:
        return (own,)
    faults: list[str] = [] if listed else ["regions: it is empty: leave it out for the region of the client"]
    partition = partition_of.get(own)
    regions: dict[str, None] = {}
    for position, item in enumerate(listed):
        if item is UNREAD:
            continue
        text = str(item)
        if text == ALL_REGIONS:
            regions.update(dict.fromkeys(of_service))
            continue
        where = f"regions[{position}]"
        if not _REGION.fullmatch(text):
            near = nearest(text, (*partition_of, ALL_REGIONS))
            faults.append(told(where, f"{text!r} is not a region (such as eu-central-1){suggestion(near)}"))
        elif partition and partition_of.get(text, partition) != partition:
            faults.append(
                told(
                    where,
                    f"{text} is in the partition {partition_of[text]}, but the credentials are used in {own}, in "
                    f"{partition}: no credentials are good in two partitions",
                )
            )
        else:
            regions[text] = None
    if listed and not regions and not faults and UNREAD not in listed:
        faults.append(f"regions: botocore does not know {own}, and so not what all means there: name the regions")
    if faults:
        raise InvalidInput(faults)
    return tuple(regions)


def parse_accounts(listed: Iterable[Mapping[str, Any]], partition: str | None = None) -> tuple[Account, ...]:
    """The accounts of the option ``accounts``, each once, in their order.

    ``listed``: account_id, role_arn, external_id, name (None or empty: not given). ``partition``: the region's; None:
    not known. Raises InvalidInput that names every fault.
    """
    faults: list[str] = []
    accounts: dict[str, Account] = {}
    for index, item in enumerate(listed):
        where = f"accounts[{index}]"
        role_arn = item.get("role_arn") or None
        role = _parse_role(role_arn, partition, at(where, "role_arn"), faults) if role_arn else None
        # Of the role wa_accept, the account stands in the role's ARN, or nowhere.
        if unread(item, "account_id") or (role is None and item["account_id"] == role_arn):
            continue
        try:
            principal = parse_principal(item["account_id"], partition)
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
    faults.extend(_ambiguous_names(accounts.values()))
    if faults:
        raise InvalidInput(faults)
    return tuple(accounts.values())


def _ambiguous_names(accounts: Iterable[Account]) -> list[str]:
    """What is wrong with names that may mean another account: entries choose by them."""
    faults: list[str] = []
    known: dict[str, Account] = {}
    for account in accounts:
        name = account.name
        if name is None:
            continue
        if re.fullmatch("[0-9]{12}", name, re.ASCII) and name != account.id:
            faults.append(f"accounts: {account.id} is called {name}, which is another account's ID")
        there = known.setdefault(name, account)
        if there is not account:
            faults.append(f"accounts: {there.id} and {account.id} are both called {name}")
    return faults


def _parse_role(role_arn: str, partition: str | None, where: str, faults: list[str]) -> Principal | None:
    """The role of the ARN. What is none is added to ``faults``."""
    role = parse_listed_principal(role_arn)
    try:
        if role.kind != ROLE:
            raise ValueError(f"{role_arn!r} is not the ARN of an IAM role (arn:aws:iam::ACCOUNT:role/NAME)")
        refuse_other_partition(role_arn, partition)
    except ValueError as error:
        faults.append(f"{where}: {error}")
        return None
    return role
