# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Owners: whose a resource is and where, what an account goes by, and which places were not read."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.content import Wishes, report_on
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.csv_text import csv_text
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.owners import Owner, owned_by

from .names import NOW

PAYMENTS, LEDGER, HUB = "111122223333", "222233334444", "999988887777"
EU, US = "eu-west-1", "us-east-1"
DENIED = "Failed to assume the role: AccessDenied"


def entry(name: str = "a", *, arn: str | None = None, error: str | None = None, **of_resource: Any) -> dict[str, Any]:
    """What wa_share_info returns for one workload that is shared with the hub."""
    resource = {"kind": "workload", "id": f"id-{name}", "arn": arn, "name": name, **of_resource}
    shares = [] if error else [{"shared_with": HUB, "status": "ACCEPTED", "share_id": f"s-{name}-{arn}"}]
    return {"resource": resource, "shares": shares, "error": error}


def arn_of(account: str, region: str, name: str = "a") -> str:
    return f"arn:aws:wellarchitected:{region}:{account}:workload/{name}"


def place(account: str | None, region: str | None = EU, name: str | None = None, **more: Any) -> dict[str, Any]:
    return {"account_id": account, "region": region, "name": name, **more}


def where(owner: Owner, names: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    return [(row["owner"], row["account_id"], row["region"]) for row in owned_by([owner], names or {}).resources]


@pytest.mark.parametrize(
    ("resource", "places", "found"),
    [
        pytest.param(entry(account_id=LEDGER, region=US), [], (LEDGER, US), id="as it says itself"),
        pytest.param(
            entry(arn=arn_of(PAYMENTS, EU), account_id=LEDGER, region=US), [], (LEDGER, US), id="before its ARN"
        ),
        pytest.param(entry(arn=arn_of(LEDGER, US)), [], (LEDGER, US), id="as its ARN says, of older input"),
        pytest.param(entry(arn=arn_of(LEDGER, US), account_id=None, region=None), [], (LEDGER, US), id="null in it"),
        pytest.param(entry(account_id=222233334444, region=US), [], (LEDGER, US), id="a number"),
        pytest.param(entry(), [place(LEDGER, US)], (LEDGER, US), id="as there is one place only"),
        pytest.param(entry(region=EU), [place(LEDGER, EU), place(LEDGER, US)], (LEDGER, EU), id="one account only"),
        pytest.param(entry(), [place(LEDGER, EU), place(PAYMENTS, US)], ("", ""), id="nobody knows which"),
        pytest.param(entry(), [], ("", ""), id="nobody knows any"),
    ],
)
def test_a_resource_has_the_account_and_region_that_are_known(
    resource: dict[str, Any], places: list[dict[str, Any]], found: tuple[str, str]
) -> None:
    assert where(Owner("platform", [resource], places)) == [("platform", *found)]


@pytest.mark.parametrize(
    ("places", "names", "label"),
    [
        pytest.param([], {}, "platform", id="one account goes by its owner"),
        pytest.param([], {PAYMENTS: "Payments"}, "platform", id="which says more than the inventory's name"),
        pytest.param([place(PAYMENTS, name="team")], {PAYMENTS: "Payments"}, "team", id="but less than the place's"),
        pytest.param([place(None, name="team")], {}, "team", id="of a caller whose account nobody asked for"),
        pytest.param([place(LEDGER, name="team")], {}, PAYMENTS, id="one of several goes by its ID"),
        pytest.param([place(LEDGER)], {PAYMENTS: "Payments"}, "Payments", id="or by the name that is known of it"),
        pytest.param(
            [place(LEDGER), place(PAYMENTS, US, "team")], {PAYMENTS: "Payments"}, "team", id="its place's before all"
        ),
    ],
)
def test_an_account_goes_by_the_name_that_says_most(
    places: list[dict[str, Any]], names: dict[str, str], label: str
) -> None:
    owner = Owner("platform", [entry(arn=arn_of(PAYMENTS, EU))], places)
    assert [row[0] for row in where(owner, names)] == [label]


def test_one_result_holds_many_accounts_and_regions() -> None:
    places = [place(PAYMENTS, EU, "payments"), place(PAYMENTS, US, "payments"), place(LEDGER, EU, "ledger")]
    resources = [entry(arn=arn_of(one["account_id"], one["region"])) for one in places]
    found = owned_by([Owner("localhost", resources, places)], {})
    assert found.owners == [{"name": "ledger", "account_id": LEDGER}, {"name": "payments", "account_id": PAYMENTS}]
    assert found.regions == [EU, US]
    assert [(row["owner"], row["region"]) for row in found.resources] == [
        ("ledger", EU),
        ("payments", EU),
        ("payments", US),
    ]
    assert found.not_read == found.skipped == []


def test_resources_of_one_id_in_two_places_are_two() -> None:
    both = [entry(account_id=PAYMENTS, region=EU), entry(account_id=PAYMENTS, region=US), entry(account_id=LEDGER)]
    assert len(owned_by([Owner("localhost", both)], {}).resources) == 3


def test_two_accounts_of_one_name_are_two_owners() -> None:
    places = [place(PAYMENTS, name="prod"), place(LEDGER, name="prod")]
    found = owned_by([Owner("localhost", [], places)], {})
    assert [(owner["name"], owner["account_id"]) for owner in found.owners] == [("prod", PAYMENTS), ("prod", LEDGER)]


def test_places_that_could_not_be_read_are_told_by_reason_and_are_no_owners() -> None:
    places = [
        place(PAYMENTS, EU, "payments"),
        place(LEDGER, US, "ledger", error=DENIED),
        place(LEDGER, EU, "ledger", error=DENIED),
        place(PAYMENTS, US, "payments", error="Throttled"),
    ]
    found = owned_by([Owner("localhost", [], places)], {}, ["sandbox"])
    assert found.not_read == [
        {"name": "ledger", "account_id": LEDGER, "regions": [EU, US], "why": DENIED},
        {"name": "payments", "account_id": PAYMENTS, "regions": [US], "why": "Throttled"},
        {"name": "sandbox", "account_id": "", "regions": [], "why": ""},
    ]
    assert [owner["name"] for owner in found.owners] == ["payments"]
    assert found.regions == [EU]


@pytest.mark.parametrize(("skipped", "why"), [("not enabled", "not enabled"), (True, "passed over")])
def test_places_that_were_passed_over_are_told_apart_from_those_that_failed(skipped: Any, why: str) -> None:
    found = owned_by([Owner("localhost", [], [place(PAYMENTS), place(PAYMENTS, US, skipped=skipped)])], {})
    assert found.skipped == [{"name": "localhost", "account_id": PAYMENTS, "regions": [US], "why": why}]
    assert (found.not_read, found.regions) == ([], [EU])


@pytest.mark.parametrize("faulty", [{}, {"name": "payments"}, "payments", None])
def test_places_that_are_none_are_refused_by_their_place(faulty: Any) -> None:
    with pytest.raises(InvalidInput, match=r"^owners\[1\]\.places\[1\]: .*wa_share_info returned as its places$"):
        owned_by([Owner("a", []), Owner("b", [], [place(PAYMENTS), faulty])], {})


def test_first_sightings_are_kept_while_a_place_cannot_be_read() -> None:
    both = [place(PAYMENTS), place(LEDGER)]
    resources = [entry(arn=arn_of(PAYMENTS, EU)), entry(arn=arn_of(LEDGER, EU))]
    first = report_on([Owner("localhost", resources, both)], NOW)
    failing = [place(PAYMENTS), place(LEDGER, error=DENIED)]
    second = report_on([Owner("localhost", resources[:1], failing)], datetime(2026, 2, 1), before=first)
    third = report_on([Owner("localhost", resources, both)], datetime(2026, 2, 2), before=second)
    assert {share["first_seen"] for row in third["resources"] for share in row["shares"]} == {first["changed_at"]}


def test_the_csv_has_account_and_region_of_each_share() -> None:
    places = [place(PAYMENTS, EU, "payments"), place(LEDGER, US, "ledger")]
    resources = [entry(arn=arn_of(PAYMENTS, EU)), entry(name="b", account_id=LEDGER, region=US)]
    report = report_on([Owner("localhost", resources, places)], NOW, Wishes())
    rows = list(csv.DictReader(io.StringIO(csv_text(report), newline="")))
    assert [(row["owner"], row["account_id"], row["region"], row["principal_account_id"]) for row in rows] == [
        ("payments", PAYMENTS, EU, HUB),
        ("ledger", LEDGER, US, HUB),
    ]


def test_a_place_s_name_is_that_of_its_account_as_a_principal_too() -> None:
    places = [place(PAYMENTS, EU, "payments"), place(HUB, EU, "Reviews hub")]
    report = report_on([Owner("localhost", [entry(arn=arn_of(PAYMENTS, EU))], places)], NOW)
    assert [(one["principal"], one["name"]) for one in report["principals"]] == [(HUB, "Reviews hub")]
