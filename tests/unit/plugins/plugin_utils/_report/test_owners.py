# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Owners: the account and Region of a resource, the name of an account, and what could not be read."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._errors import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.owners import Owner, read_owners

from .given import BEN, EU, OTHER, OWNER, US, entry, place, report_on, share

DENIED = "Failed to assume the role: AccessDenied"


def unlocated(**resource: Any) -> dict[str, Any]:
    return entry(arn=None, **resource)


@pytest.mark.parametrize(
    ("resource", "places", "found"),
    [
        pytest.param(unlocated(account_id=OTHER), [], (OTHER, ""), id="its own account"),
        pytest.param(entry(account_id=OTHER), [], (OTHER, EU), id="its own before its ARN's"),
        pytest.param(entry(account=OTHER, region=US), [], (OTHER, US), id="its ARN's"),
        pytest.param(entry(account=OTHER, region=US, account_id=None), [], (OTHER, US), id="null in it"),
        pytest.param(unlocated(), [place(OTHER, US)], (OTHER, US), id="the only place"),
        pytest.param(unlocated(), [place(OTHER, EU), place(OTHER, US)], (OTHER, ""), id="the only account"),
        pytest.param(unlocated(), [place(OTHER, EU), place(OWNER, US)], ("", ""), id="not known which"),
        pytest.param(unlocated(), [], ("", ""), id="not known"),
    ],
)
def test_a_resource_is_in_the_account_and_region_that_are_known(resource: Any, places: Any, found: Any) -> None:
    (row,) = read_owners([Owner("platform", [resource], places)], {}).resources
    assert (row["owner"], row["account_id"], row["region"]) == ("platform", *found)


@pytest.mark.parametrize(
    ("places", "names", "label"),
    [
        pytest.param([], {}, "platform", id="the only account has the owner's name"),
        pytest.param([], {OWNER: "Payments"}, "platform", id="before the inventory's"),
        pytest.param([place(OWNER, name="team")], {OWNER: "Payments"}, "team", id="after its place's"),
        pytest.param([place(None, name="team")], {}, "team", id="a caller whose account is not known"),
        pytest.param([place(OTHER, name="team")], {}, OWNER, id="one of several has its ID"),
        pytest.param([place(OTHER)], {OWNER: "Payments"}, "Payments", id="or its name in the inventory"),
        pytest.param([place(OTHER), place(OWNER, US, "team")], {OWNER: "Payments"}, "team", id="or its place's"),
    ],
)
def test_an_account_has_the_most_specific_name(places: Any, names: dict[str, str], label: str) -> None:
    (row,) = read_owners([Owner("platform", [entry()], places)], names).resources
    assert row["owner"] == label


def test_one_owner_can_be_many_accounts_and_regions() -> None:
    places = [place(OWNER, EU, "payments"), place(OWNER, US, "payments"), place(OTHER, EU, "ledger")]
    resources = [entry(account=one["account_id"], region=one["region"]) for one in places]
    found = read_owners([Owner("localhost", resources, places)], {})
    assert found.owners == [
        {"name": "ledger", "account_id": OTHER, "regions": [EU]},
        {"name": "payments", "account_id": OWNER, "regions": [EU, US]},
    ]
    assert [(row["owner"], row["region"]) for row in found.resources] == [
        ("payments", EU),
        ("payments", US),
        ("ledger", EU),
    ]


def test_resources_without_arn_are_told_apart_by_place() -> None:
    both = [unlocated(account_id=OWNER), unlocated(account_id=OTHER)]
    assert len(read_owners([Owner("localhost", both)], {}).resources) == 2


def test_what_was_not_read_is_grouped_by_reason_and_is_not_an_owner() -> None:
    places = [
        place(OWNER, EU, "payments"),
        place(OTHER, US, "ledger", error=DENIED),
        place(OTHER, EU, "ledger", error=DENIED),
        place(OWNER, US, "payments", error="Throttled"),
        place(BEN, EU, skipped="the account has not enabled the Region"),
    ]
    found = read_owners([Owner("localhost", [], places)], {}, ["sandbox"])
    assert found.not_read == [
        {"name": "ledger", "account_id": OTHER, "regions": [EU, US], "why": DENIED},
        {"name": "payments", "account_id": OWNER, "regions": [US], "why": "Throttled"},
        {"name": "sandbox", "account_id": "", "regions": [], "why": ""},
    ]
    assert found.skipped == [
        {"name": BEN, "account_id": BEN, "regions": [EU], "why": "the account has not enabled the Region"}
    ]
    assert found.owners == [{"name": "payments", "account_id": OWNER, "regions": [EU]}]


@pytest.mark.parametrize(
    ("owner", "read", "not_read"),
    [
        pytest.param(Owner("a", None), [], [("a", "")], id="no resources"),
        pytest.param(Owner("a", None, (), DENIED), [], [("a", DENIED)], id="no resources, with the reason"),
        pytest.param(
            Owner("a", None, [place(error=DENIED)], "1 place failed"), [], [("a", DENIED)], id="its places' reasons"
        ),
        pytest.param(Owner("a", []), ["a"], [], id="no resource in it"),
        pytest.param(Owner("a", [entry()], (), DENIED), ["a"], [("a", DENIED)], id="failed for another reason"),
        pytest.param(
            Owner("a", [entry(error=DENIED)], (), "x"), ["a"], [("workload payments of a", DENIED)], id="a resource"
        ),
    ],
)
def test_an_owner_that_failed_is_named_once(owner: Owner, read: list[str], not_read: list[tuple[str, str]]) -> None:
    found = read_owners([owner], {})
    assert [one["name"] for one in found.owners] == read
    assert [(row["name"], row["why"]) for row in found.not_read] == not_read


@pytest.mark.parametrize(
    ("owner", "path"),
    [
        (Owner("b", [entry(), {}]), r"resources\[1\]"),
        (Owner("b", [{**entry(), "shares": "all"}]), r"resources\[0\]"),
        (Owner("b", [entry(share(), {"status": "PENDING"})]), r"resources\[0\]"),
        (Owner("b", [], [place(), {"name": "payments"}]), r"places\[1\]"),
    ],
)
def test_what_wa_share_info_does_not_return_is_an_error_with_its_path(owner: Owner, path: str) -> None:
    message = (
        rf"^owners\[1\]\.{path}: This is not what wa_share_info returns\. Pass its return value (resources|places)\.$"
    )
    with pytest.raises(InvalidInput, match=message):
        read_owners([Owner("a", []), owner], {})


def test_the_name_of_a_place_is_that_of_its_account_as_a_principal() -> None:
    report = report_on(entry(share(BEN)), places=[place(name="payments"), place(BEN, name="Reviews hub")])
    assert [(one["principal"], one["name"]) for one in report["principals"]] == [(BEN, "Reviews hub")]
