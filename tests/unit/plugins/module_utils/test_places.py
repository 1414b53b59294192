# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts and Regions of a task, and work in many of them at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._accounts import CALLER, Account, Place
from ansible_collections.wellarchitected.sharing.plugins.module_utils._errors import ServiceError
from ansible_collections.wellarchitected.sharing.plugins.module_utils._kinds import KINDS
from ansible_collections.wellarchitected.sharing.plugins.module_utils._places import (
    Part,
    PlaceResult,
    Runner,
    Scope,
    parallel_map,
    parse_accounts,
    successful,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._progress import Progress
from ansible_collections.wellarchitected.sharing.plugins.module_utils._shares import Resource
from botocore import exceptions

from .examples import ANA, ANA_ROOT, ANA_USER, BEN, CLEO, ID, OWNER, REGION, SCOPE, resource

ROLE = f"arn:aws:iam::{ANA}:role/Accept"
TIMEOUT = 10  # seconds until threads that do not meet fail the test
REGIONS = ("eu-west-1", "us-east-1")
MANY = Scope(REGIONS, (Account(ANA, name="ana"), Account(BEN, name="ben"), Account(CLEO)))


def item(account_id: Any = ANA, **more: Any) -> dict[str, Any]:
    """An item of the option."""
    return {"account_id": account_id, **more}


class TestAccounts:
    @pytest.mark.parametrize(
        ("listed", "parsed"),
        [
            ([], ()),
            ([item()], (Account(ANA),)),
            ([item(int(ANA))], (Account(ANA),)),
            ([item(ANA_ROOT)], (Account(ANA),)),
            ([item(role_arn="", external_id="", name="")], (Account(ANA),)),
            ([item(role_arn=ROLE, external_id="x", name="Ana")], (Account(ANA, ROLE, "x", "Ana"),)),
            ([item(BEN), item(), item(BEN)], (Account(BEN), Account(ANA))),
            ([item(role_arn=ROLE, name="Ana"), item(role_arn=ROLE)], (Account(ANA, ROLE, None, "Ana"),)),
            ([item(name=ANA)], (Account(ANA, name=ANA),)),
        ],
    )
    def test_are_each_listed_once(self, listed: list[dict[str, Any]], parsed: tuple[Account, ...]) -> None:
        errors: list[str] = []
        assert parse_accounts("accounts", listed, "aws", errors) == parsed
        assert errors == []

    @pytest.mark.parametrize(
        ("listed", "starts"),
        [
            ([item(), item("12345")], ["accounts[1].account_id: '12345' has 5 digits."]),
            ([item(ANA_USER)], [f"accounts[0].account_id: {ANA_USER} is not an account."]),
            ([item("no"), item("one")], ["accounts[0].account_id: 'no'", "accounts[1].account_id: 'one'"]),
            ([item(BEN, role_arn=ROLE)], [f"accounts[0].role_arn: {ROLE} is not a role of account {BEN}."]),
            ([item(role_arn="Accept")], ["accounts[0].role_arn: 'Accept' is not the ARN of an IAM role."]),
            ([item(role_arn=ANA_USER)], [f"accounts[0].role_arn: '{ANA_USER}' is not the ARN of an IAM role."]),
            ([item(role_arn=ROLE.replace("aws", "aws-cn"))], ["accounts[0].role_arn: 'arn:aws-cn:iam::"]),
            ([item(role_arn=ROLE), item()], [f"accounts[1]: Account {ANA} is listed twice with different roles."]),
            ([item(role_arn=ROLE, external_id=text) for text in "xy"], [f"accounts[1]: Account {ANA} is listed twice"]),
            ([item(name=BEN)], [f"accounts: Account {ANA} has the name {BEN}, which is another account's ID."]),
            ([item(name="a"), item(BEN, name="a")], [f"accounts: Accounts {ANA} and {BEN} have the same name, a."]),
        ],
    )
    def test_errors_have_their_path(self, listed: list[dict[str, Any]], starts: list[str]) -> None:
        errors: list[str] = []
        parse_accounts("accounts", listed, "aws", errors)
        assert len(errors) == len(starts)
        assert [error for error, start in zip(errors, starts) if not error.startswith(start)] == []

    def test_have_labels_for_messages(self) -> None:
        labels = [account.label for account in (CALLER, Account(ANA), Account(ANA, name="team\x1b"))]
        assert labels == ["the calling account", ANA, rf"team\x1b ({ANA})"]
        assert Place(Account(ANA), REGION).label == f"{ANA} in {REGION}"


class TestScope:
    def test_has_every_account_in_every_region(self) -> None:
        assert [(place.account.id, place.region) for place in MANY.places] == [
            (account, region) for account in (ANA, BEN, CLEO) for region in REGIONS
        ]
        assert [scope.has_many for scope in (SCOPE, Scope(REGIONS), MANY)] == [False, True, True]

    @pytest.mark.parametrize(
        ("account", "region", "expected"),
        [(None, REGION, True), (OWNER, REGION, True), (ANA, REGION, False), (None, "us-east-1", False)],
    )
    def test_a_resource_is_where_its_arn_shows_it(self, account: str | None, region: str, expected: bool) -> None:
        place = Place(Account(account), region)
        assert place.may_contain(resource("workload")) is expected
        assert place.may_contain(Resource(KINDS["workload"], ID))

    @pytest.mark.parametrize(
        ("accounts", "regions", "ids", "names"),
        [
            (None, None, [ANA, BEN, CLEO], REGIONS),
            ([ANA], None, [ANA], REGIONS),
            (["ben", int(CLEO)], ["us-east-1"], [BEN, CLEO], ("us-east-1",)),
        ],
    )
    def test_an_entry_applies_in_a_part_of_it(
        self, accounts: Any, regions: Any, ids: list[str], names: tuple[str, ...]
    ) -> None:
        errors: list[str] = []
        part = MANY.parse_part(accounts, regions, "resources[0]", errors)
        assert errors == []
        assert [(place.account.id, place.region) for place in MANY.places if part.has(place)] == [
            (account, region) for account in ids for region in names
        ]

    def test_an_id_is_never_another_accounts_name(self) -> None:
        scope = Scope(REGIONS, (Account(ANA), Account(BEN, name=ANA)))
        assert scope.parse_part([ANA], None, "", []) == Part(frozenset((ANA,)))

    @pytest.mark.parametrize(
        ("scope", "accounts", "regions", "starts"),
        [
            (
                MANY,
                ["bne"],
                None,
                ["r[0].accounts[0]: 'bne' is not one of this task's accounts (did you mean 'ben'?)."],
            ),
            (MANY, ["ana"], ["us-east-1", "all"], ["r[0].regions[1]: 'all' is not one of this task's Regions."]),
            (MANY, [], None, ["r[0].accounts: The list is empty."]),
            (MANY, None, [], ["r[0].regions: The list is empty."]),
            (SCOPE, [ANA], None, ["r[0].accounts: This task works in the calling account only."]),
        ],
    )
    def test_other_accounts_and_regions_are_errors(
        self, scope: Scope, accounts: Any, regions: Any, starts: list[str]
    ) -> None:
        errors: list[str] = []
        scope.parse_part(accounts, regions, "r[0]", errors)
        assert len(errors) == len(starts)
        assert errors[0].startswith(starts[0])


class TestThreads:
    @pytest.mark.parametrize("threads", [0, 1, 2, 8])
    def test_results_are_in_the_order_of_their_items(self, threads: int) -> None:
        assert parallel_map(str.upper, iter("abcde"), threads) == list("ABCDE")
        assert parallel_map(str.upper, [], threads) == []

    def test_as_many_items_as_threads_are_worked_on_at_once(self) -> None:
        barrier, lock, running, most = threading.Barrier(3), threading.Lock(), 0, 0

        def meet(_item: int) -> None:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            barrier.wait(TIMEOUT)
            with lock:
                running -= 1

        parallel_map(meet, range(9), 3)
        assert most == 3

    @pytest.mark.parametrize(
        ("items", "places", "expected"),
        [(1000, 1, 8), (1, 1, 8), (4, 2, 8), (4, 16, 2), (40, 16, 5), (4, 100, 1), (20, 100, 2), (1000, 100, 8)],
    )
    def test_a_place_has_as_many_as_it_needs(self, items: int, places: int, expected: int) -> None:
        assert Runner(Connections(), MANY, Progress()).threads(items, places) == expected


class Connections:
    """Stands in for those of a task. The client of a place is the place."""

    run_concurrency = 32

    def has_assumed(self, account: Account) -> bool:
        return account.role_arn is None

    def explain_skip(self, _place: Place, error: ServiceError) -> str | None:
        return "not enabled" if error.code == "UnrecognizedClientException" else None

    def client(self, place: Place) -> Place:
        return place


def error_of(code: str, operation: str = "ListWorkloads", status: int = 400) -> ServiceError:
    metadata = {"Error": {"Code": code, "Message": "No."}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ServiceError("list workloads", exceptions.ClientError(metadata, operation), operation)


UNREACHABLE = ServiceError("list", exceptions.EndpointConnectionError(endpoint_url="https://x"), "ListWorkloads")
NO_IDENTITY = ServiceError("ask", exceptions.EndpointConnectionError(endpoint_url="https://x"), "GetCallerIdentity")
ROLES = tuple(Account(text, ROLE.replace(ANA, text)) for text in (ANA, BEN, CLEO))


class TestRunner:
    def run(self, scope: Scope, errors: dict[str, Exception]) -> tuple[list[PlaceResult[Any]], list[str]]:
        """The results, and the accounts and Regions in which the function ran. ``errors``: by account or Region."""
        ran: list[str] = []

        def work(place: Place, client: Any) -> str:
            assert client is place
            ran.append(f"{place.account.id} {place.region}")
            error = errors.get(place.account.id or "") or errors.get(place.region)
            if error:
                raise error
            return "done"

        connections: Any = Connections()
        connections.run_concurrency = 1
        return Runner(connections, scope, Progress()).run(scope.places, work), ran

    def test_returns_a_result_for_each_place_in_their_order(self) -> None:
        results, ran = self.run(MANY, {})
        assert successful(results) == [(place, "done") for place in MANY.places]
        assert ran == [f"{account} {region}" for region in REGIONS for account in (ANA, BEN, CLEO)]

    @pytest.mark.parametrize("error", [error_of("AccessDeniedException"), ValueError("odd")])
    def test_an_error_is_its_places_own(self, error: Exception) -> None:
        results, ran = self.run(MANY, {BEN: error})
        assert [one.place.account.id for one in results if one.error] == [BEN, BEN]
        assert results[2].as_result()["error"] == str(results[2].error)
        assert set(results[0].as_result()) == {"account_id", "region", "name"}
        assert (len(ran), len(successful(results))) == (6, 4)

    @pytest.mark.parametrize(("optional", "skipped"), [("us-east-1", "not enabled"), ("eu-west-1", None)])
    def test_only_optional_regions_are_skipped(self, optional: str, skipped: str | None) -> None:
        scope = Scope(REGIONS, (Account(ANA),), frozenset((optional,)))
        results, _ran = self.run(scope, {"us-east-1": error_of("UnrecognizedClientException")})
        assert (results[1].skipped, results[1].error is None) == (skipped, bool(skipped))
        assert self.run(scope, {"us-east-1": error_of("AccessDeniedException")})[0][1].error

    @pytest.mark.parametrize(
        ("error", "tried"),
        [
            (UNREACHABLE, 2),
            (error_of("x", status=503), 2),
            (error_of("AccessDeniedException"), 4),
            (error_of("ThrottlingException"), 4),
            (NO_IDENTITY, 4),
        ],
    )
    def test_an_unreachable_region_is_tried_in_two_accounts(self, error: ServiceError, tried: int) -> None:
        results, ran = self.run(Scope(REGIONS, (*MANY.accounts, Account(OWNER))), {"us-east-1": error})
        assert sum(place.endswith("us-east-1") for place in ran) == tried
        assert [bool(one.error) for one in results] == [False, True] * 4
        skipped = [one for one in results if "the remaining accounts in it were skipped" in str(one.error)]
        assert len(skipped) == 4 - tried

    @pytest.mark.parametrize(("code", "tried"), [("ExpiredToken", 1), ("AccessDenied", 6), ("Throttling", 6)])
    def test_no_more_roles_are_assumed_where_none_can_be(self, code: str, tried: int) -> None:
        results, ran = self.run(Scope(REGIONS, ROLES), dict.fromkeys(REGIONS, error_of(code, "AssumeRole")))
        assert len(ran) == tried
        assert [one for one in results if not one.error] == []
