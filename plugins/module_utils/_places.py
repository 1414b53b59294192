# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Places, which are accounts in Regions: which of them a task works in, and a function run in each side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Callable, Generic, TypeVar

from ._accounts import CALLER, RUN_CONCURRENCY_FACTOR, Account, Connections, Place
from ._client import WellArchitected
from ._errors import Bug, InvalidInput, ServiceError, at, join_path
from ._names import suggestion, summarize_names
from ._principals import ROLE, check_partition, parse_account_id, parse_listed_principal
from ._progress import Progress
from ._shares import Resource

ITEMS_PER_THREAD = 8

Item = TypeVar("Item")
Value = TypeVar("Value")


def parallel_map(function: Callable[[Item], Value], items: Iterable[Item], threads: int) -> list[Value]:
    """The results of ``function`` for all items, in their order, with up to ``threads`` at once."""
    items = list(items)
    if threads <= 1 or len(items) <= 1:
        return [function(item) for item in items]
    with ThreadPoolExecutor(max_workers=min(threads, len(items))) as pool:
        return list(pool.map(function, items))


@dataclass(frozen=True)
class Part:
    """Some of a task's places: those of some of its accounts and Regions. None: of all of them."""

    accounts: frozenset[str | None] | None = None
    regions: frozenset[str | None] | None = None

    def has(self, place: Place) -> bool:
        return (self.accounts is None or place.account.id in self.accounts) and (
            self.regions is None or place.region in self.regions
        )


@dataclass(frozen=True)
class Scope:
    """Where a task works: in each of its accounts, in each of its Regions."""

    regions: tuple[str, ...]
    accounts: tuple[Account, ...] = (CALLER,)
    optional_regions: frozenset[str] = frozenset()
    """Regions that only ``all`` selects: one that an account cannot use is skipped."""

    @property
    def places(self) -> tuple[Place, ...]:
        """In the order of the accounts, and in each of them of the Regions."""
        return tuple(Place(account, region) for account in self.accounts for region in self.regions)

    @property
    def has_many(self) -> bool:
        """Whether messages have to name the place."""
        return len(self.accounts) * len(self.regions) > 1

    def check_contains(self, resource: Resource) -> None:
        """Raises ValueError, ready to show, where the ARN shows that the task does not work there."""
        if resource.region not in (None, *self.regions):
            raise ValueError(
                f"{resource.arn} is in {resource.region}, but this task works in {summarize_names(self.regions, 5)}. "
                "A resource is shared within its own Region only."
            )
        if not any(place.may_contain(resource) for place in self.places):
            raise ValueError(
                f"{resource.label} belongs to account {resource.owner}, which is not one of this task's accounts. Only "
                "its owner can share it."
            )

    def parse_part(
        self, accounts: Sequence[Any] | None, regions: Sequence[Any] | None, path: str, errors: list[str]
    ) -> Part:
        """The places that an entry's ``accounts`` (IDs or names) and ``regions`` select; None: all.

        What is wrong is added to ``errors``.
        """
        # An ID is its account's, whatever another one is called.
        ids = {account.name: account.id for account in self.accounts if account.name}
        ids.update({account.id: account.id for account in self.accounts if account.id})
        if accounts is not None and not ids:
            errors.append(
                f"{join_path(path, 'accounts')}: This task works in the calling account only. Set the task's accounts, "
                "or remove the entry's."
            )
            accounts = None
        chosen = _choose(accounts, ids, join_path(path, "accounts"), "this task's accounts", errors)
        within = _choose(
            regions, {name: name for name in self.regions}, join_path(path, "regions"), "this task's Regions", errors
        )
        return Part(chosen, within)


def _choose(
    listed: Sequence[Any] | None, known: Mapping[str, str | None], path: str, what: str, errors: list[str]
) -> frozenset[str | None] | None:
    if listed is None:
        return None
    if not listed:
        errors.append(f"{path}: The list is empty. Leave it out to select all of {what}.")
    for position, item in enumerate(map(str, listed)):
        if item not in known:
            errors.append(f"{path}[{position}]: {item!r} is not one of {what}{suggestion(item, known)}.")
    return frozenset(known[item] for item in map(str, listed) if item in known)


def parse_accounts(
    path: str, listed: Iterable[Mapping[str, Any]], partition: str | None, errors: list[str]
) -> tuple[Account, ...]:
    """The accounts of an option (account_id, role_arn, external_id, name), each once, in their order.

    What is wrong is added to ``errors``.
    """
    accounts: dict[str, Account] = {}
    for position, item in enumerate(listed):
        where, role_arn = f"{path}[{position}]", item.get("role_arn") or None
        try:
            account_id = parse_account_id(item["account_id"], partition)
        except ValueError as error:
            errors.append(f"{where}.account_id: {error}")
            continue
        account = Account(account_id, role_arn, item.get("external_id") or None, item.get("name") or None)
        if role_arn:
            errors.extend(at(f"{where}.role_arn", why) for why in _check_role(role_arn, account_id, partition))
        known = accounts.setdefault(account_id, account)
        if (known.role_arn, known.external_id) != (account.role_arn, account.external_id):
            errors.append(f"{where}: Account {account_id} is listed twice with different roles. Remove one of the two.")
    named: dict[str, str] = {}
    for account in accounts.values():
        if account.name and re.fullmatch("[0-9]{12}", account.name, re.ASCII) and account.name != account.id:
            errors.append(f"{path}: Account {account.id} has the name {account.name}, which is another account's ID.")
        elif account.name and named.setdefault(account.name, account.id or "") != account.id:
            errors.append(
                f"{path}: Accounts {named[account.name]} and {account.id} have the same name, {account.name}."
            )
    return tuple(accounts.values())


def _check_role(role_arn: str, account_id: str, partition: str | None) -> list[str]:
    role = parse_listed_principal(role_arn)
    if role.kind != ROLE:
        return [f"{role_arn!r} is not the ARN of an IAM role. Expected arn:aws:iam::ACCOUNT:role/NAME."]
    try:
        check_partition(role_arn, partition)
    except ValueError as error:
        return [str(error)]
    if role.account != account_id:
        return [f"{role_arn} is not a role of account {account_id}. Use a role of that account."]
    return []


@dataclass
class PlaceResult(Generic[Value]):
    """One place, and what the function returned there."""

    place: Place
    value: Value | None = None
    """None where the place could not be read, or was skipped."""
    error: ServiceError | None = None
    skipped: str | None = None
    """Why there was nothing to read, which is not a failure."""
    input_errors: tuple[str, ...] = ()
    """What is wrong with the input, as it showed here."""

    def as_result(self) -> dict[str, Any]:
        """An item of the return value ``places``; ``error`` and ``skipped`` only where they apply."""
        return self.place.as_result(error=str(self.error) if self.error else None, skipped=self.skipped)


@dataclass
class _CircuitBreaker:
    """What is unreachable in one run, so that it is not tried in every place.

    A Region is, once two accounts in a row did not get through: one account alone may have trouble of its own.
    """

    no_roles: ServiceError | None = None
    regions: dict[str, ServiceError] = field(default_factory=dict)
    failed: dict[str, set[str | None]] = field(default_factory=dict)

    def find_error(self, place: Place, has_assumed: bool) -> ServiceError | None:
        """The error that a call in the place would meet again; None: it may get through."""
        if place.account.role_arn and not has_assumed and self.no_roles:
            return self.no_roles
        return self.regions.get(place.region)

    def record_failure(self, place: Place, error: ServiceError) -> None:
        if error.operation == "AssumeRole":
            # An exceeded rate limit may be one account's.
            if error.is_fatal and not error.is_throttled:
                self.no_roles = _blocked("assume any role (the remaining accounts were skipped)", error)
        elif error.operation != "GetCallerIdentity" and (error.is_unreachable or error.is_down):
            accounts = self.failed.setdefault(place.region, set())
            accounts.add(place.account.id)
            if len(accounts) > 1:
                why = f"reach {place.region} (the remaining accounts in it were skipped)"
                self.regions[place.region] = _blocked(why, error)

    def record_success(self, place: Place) -> None:
        self.failed.pop(place.region, None)


def _blocked(action: str, error: ServiceError) -> ServiceError:
    blocked = ServiceError(action, error.cause, error.operation, names=error.names)
    blocked.advice = error.advice
    return blocked


class Runner:
    """Runs functions in the places of one task. What is unreachable is tried once and not in every place."""

    def __init__(self, connections: Connections, scope: Scope, progress: Progress) -> None:
        self.connections = connections
        self.scope = scope
        self.progress = progress
        self._breaker = _CircuitBreaker()

    def threads(self, items: int, places: int) -> int:
        """Threads for so many items in one of so many places.

        All of the concurrency in a single place. Where there are many, each more connection costs a millisecond, and
        other places keep the run busy: a place gets one thread, and more only for many items.
        """
        concurrency = self.connections.run_concurrency // RUN_CONCURRENCY_FACTOR
        if places <= 1:
            return concurrency
        return max(1, min(concurrency, max(self.connections.run_concurrency // places, items // ITEMS_PER_THREAD)))

    def run(
        self, places: Sequence[Place], function: Callable[[Place, WellArchitected], Value]
    ) -> list[PlaceResult[Value]]:
        """What ``function`` returned in each place, in their order. An error in a place is that place's own."""
        results: list[PlaceResult[Value]] = [PlaceResult(place) for place in places]
        # The Regions of one account wait for its role together: other accounts come first.
        by_region = sorted(results, key=lambda result: result.place.region)
        parallel_map(lambda result: self._run_in(result, function), by_region, self.connections.run_concurrency)
        return results

    def _run_in(self, result: PlaceResult[Value], function: Callable[[Place, WellArchitected], Value]) -> None:
        place = result.place
        result.error = self._breaker.find_error(place, self.connections.has_assumed(place.account))
        if result.error:
            return
        try:
            result.value = function(place, self.connections.client(place))
            self._breaker.record_success(place)
        except ServiceError as error:
            if place.region in self.scope.optional_regions:
                result.skipped = self.connections.explain_skip(place, error)
            if not result.skipped:
                self._breaker.record_failure(place, error)
                result.error = error
        except InvalidInput as error:
            result.input_errors = error.errors
        except Exception as error:
            result.error = Bug("work", error, f"in {place.label}")


def successful(results: Iterable[PlaceResult[Value]]) -> list[tuple[Place, Value]]:
    """The places that could be read, with what the function returned."""
    return [(result.place, result.value) for result in results if result.value is not None]
