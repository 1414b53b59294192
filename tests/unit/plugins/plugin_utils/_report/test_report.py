# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as data: what it counts, what needs attention, names, and what it keeps from earlier reports."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._errors import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.owners import Owner
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.reasons import REASONS, STATES
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.shape import (
    REPORT,
    has_shape,
    parse_report,
)

from .given import (
    ANA,
    BEN,
    EU,
    NAMES,
    NEXT_DAY,
    NOW,
    OTHER,
    OWNER,
    entry,
    place,
    reasons,
    report_named,
    report_on,
    share,
)

ANA_ROOT, ANA_ROLE = f"arn:aws:iam::{ANA}:root", f"arn:aws:iam::{ANA}:role/ci/Deploy"
ORGANIZATION, OTHER_ORGANIZATION, OU = "o-abcdefghij", "o-klmnopqrst", "ou-ab12-cdefghij"
ORGANIZATION_ARN = f"arn:aws:organizations::{OWNER}:organization/{ORGANIZATION}"
OU_ARN, OTHER_OU_ARN = (f"arn:aws:organizations::{OWNER}:ou/{one}/{OU}" for one in (ORGANIZATION, OTHER_ORGANIZATION))


@pytest.mark.parametrize(
    ("status", "state", "found"),
    [
        ("PENDING", "active", ["pending"]),
        ("ACCEPTED", "active", []),
        ("ASSOCIATING", "active", []),
        ("ASSOCIATED", "active", []),
        ("REJECTED", "inactive", ["rejected"]),
        ("EXPIRED", "inactive", ["expired"]),
        ("REVOKED", "inactive", ["revoked"]),
        ("FAILED", "inactive", ["failed"]),
        ("SUSPENDED", "unknown", ["unknown"]),
    ],
)
def test_inactive_and_unknown_statuses_need_attention(status: str, state: str, found: list[str]) -> None:
    report = report_on(entry(share(status=status, status_message="Not enabled")))
    assert report["resources"][0]["shares"][0]["state"] == state
    assert list(reasons(report)) == found
    assert report["counts"]["attention"] == (0 if found in ([], ["pending"]) else 1)
    assert all(group["shares"][0]["status_message"] == "Not enabled" for group in report["attention"])


def test_reasons_are_in_order_of_urgency() -> None:
    statuses = ("PENDING", "REVOKED", "EXPIRED", "REJECTED", "FAILED")
    report = report_on(entry(*(share(status=status, share_id=status) for status in statuses)))
    assert list(reasons(report)) == ["failed", "expired", "rejected", "revoked", "pending"]
    levels = [reason.level for reason in REASONS.values()]
    assert levels == sorted(levels, key=("critical", "warning", "note").index)
    assert len(STATES) == 8


@pytest.mark.parametrize(
    ("option", "shared_with", "status", "listed", "flagged"),
    [
        ("allowed_principals", ANA, "ACCEPTED", None, False),
        ("allowed_principals", ANA, "ACCEPTED", [], True),
        ("allowed_principals", ANA, "ACCEPTED", [BEN], True),
        ("allowed_principals", ANA, "PENDING", [BEN], True),
        ("allowed_principals", ANA, "EXPIRED", [BEN], False),
        ("allowed_principals", ANA, "ACCEPTED", [ANA_ROOT], False),
        ("allowed_principals", ANA_ROLE, "ACCEPTED", [ANA], False),
        ("allowed_principals", ANA, "ACCEPTED", [ANA_ROLE], True),
        ("allowed_principals", ORGANIZATION, "ASSOCIATED", [ORGANIZATION_ARN], False),
        ("allowed_principals", ORGANIZATION, "ASSOCIATED", [ANA, OU], True),
        ("organization", ANA, "ACCEPTED", None, False),
        ("organization", ANA_ROLE, "ACCEPTED", [OWNER, ANA], False),
        ("organization", BEN, "ACCEPTED", [OWNER, ANA], True),
        ("organization", OTHER_ORGANIZATION, "ASSOCIATED", [OWNER, ANA], False),
        ("organization", OTHER_ORGANIZATION, "ASSOCIATED", [OWNER, ORGANIZATION], True),
        ("organization", ORGANIZATION_ARN, "ASSOCIATED", [OWNER, ORGANIZATION], False),
        ("organization", OU_ARN, "ASSOCIATED", [ORGANIZATION], False),
        ("organization", OTHER_OU_ARN, "ASSOCIATED", [ORGANIZATION], True),
        ("organization", OU, "ASSOCIATED", [ORGANIZATION], False),
    ],
)
def test_active_shares_outside_a_list_are_critical(
    option: str, shared_with: str, status: str, listed: list[str] | None, flagged: bool
) -> None:
    reason = {"allowed_principals": "not_allowed", "organization": "outside"}[option]
    assert (reason in reasons(report_on(entry(share(shared_with, status)), **{option: listed}))) is flagged


@pytest.mark.parametrize(
    ("shared_with", "status", "flagged"),
    [
        (ORGANIZATION, "ASSOCIATED", True),
        (ORGANIZATION, "FAILED", False),
        (OU, "ASSOCIATED", False),
        (ANA, "ACCEPTED", False),
    ],
)
def test_shares_with_an_organization_need_attention(shared_with: str, status: str, flagged: bool) -> None:
    assert ("wide" in reasons(report_on(entry(share(shared_with, status))))) is flagged


@pytest.mark.parametrize("option", ["allowed_principals", "organization"])
def test_every_invalid_principal_of_a_list_is_an_error(option: str) -> None:
    with pytest.raises(InvalidInput, match=rf"(?s){option}\[1\]: '123'.*{option}\[2\]: 'unknown'"):
        report_on(**{option: [ANA, "123", "unknown"]})


@pytest.mark.parametrize(
    ("status", "now", "age"),
    [
        pytest.param("PENDING", NOW, "", id="seen for the first time"),
        pytest.param("PENDING", "2026-02-01T11:59:59Z", "", id="less than a day"),
        ("PENDING", "2026-02-01T12:00:00Z", "pending for 1 of 7 days"),
        ("PENDING", "2026-02-07T12:00:00Z", "pending for 7 of 7 days"),
        pytest.param("PENDING", "2026-02-08T12:00:00Z", "pending for 8 days", id="longer than AWS documents"),
        pytest.param("PENDING", "2026-01-01T12:00:00Z", "", id="the clock went back"),
        ("ACCEPTED", "2026-02-05T18:00:00Z", ""),
    ],
)
def test_a_pending_invitation_has_its_age_since_the_first_report_that_listed_it(
    status: str, now: str, age: str
) -> None:
    before = report_on(entry(share(status="PENDING")))
    report = report_on(entry(share(status=status)), now=now, before=before)
    (found,) = report["resources"][0]["shares"]
    assert (found["first_seen"], found["pending_age"]) == (NOW, age)
    assert {row["pending_age"] for group in report["attention"] for row in group["shares"]} <= {age}


@pytest.mark.parametrize(
    ("now", "pending_days", "reason"),
    [
        ("2026-02-03T11:59:59Z", 3, "pending"),
        ("2026-02-03T12:00:00Z", 3, "pending_long"),
        ("2026-02-01T00:00:00Z", 0.5, "pending_long"),
    ],
)
def test_pending_too_long(now: str, pending_days: float, reason: str) -> None:
    before = report_on(entry(share(status="PENDING")))
    report = report_on(entry(share(status="PENDING")), now=now, before=before, pending_days=pending_days)
    assert list(reasons(report)) == [reason]


def test_a_renewed_share_is_first_seen_now() -> None:
    before = report_on(entry(share(status="EXPIRED", share_id="s-1")))
    report = report_on(entry(share(status="PENDING", share_id="s-2")), now=NEXT_DAY, before=before)
    assert report["resources"][0]["shares"][0]["first_seen"] == NEXT_DAY


def test_the_same_data_keep_the_time_of_the_last_change() -> None:
    before = report_on(entry(share()))
    assert report_on(entry(share()), now=NEXT_DAY, before=before) == before
    assert report_on(entry(share(status="EXPIRED")), now=NEXT_DAY, before=before)["changed_at"] == NEXT_DAY


def test_principals_are_compared_by_what_they_identify() -> None:
    user = ANA_ROLE.replace(":role/", ":user/")
    report = report_on(entry(share(ANA), share(ANA_ROLE), share(user)), entry(share(ANA_ROOT), name="other"))
    assert [one["principal"] for one in report["principals"]] == [ANA, f"{ANA}:role/ci/Deploy", f"{ANA}:user/ci/Deploy"]


def test_names_come_from_principals_known_accounts_and_owners_in_this_order() -> None:
    report = report_on(
        entry(share(ANA_ROLE), share(BEN), share(ORGANIZATION), share(OWNER), share(OTHER)),
        principals={"Ana": ANA_ROOT, "All": ORGANIZATION_ARN, "Some": [BEN]},
        known_accounts={ANA: "ana", BEN: "ben"},
    )
    assert {one["principal"]: one["name"] for one in report["principals"]} == {
        ORGANIZATION: "All",
        f"{ANA}:role/ci/Deploy": "Ana",
        BEN: "ben",
        OWNER: "platform",
        OTHER: "",
    }


def test_an_organization_does_not_have_the_name_of_an_owner_without_account() -> None:
    report = report_on(entry(share(ORGANIZATION), arn=None))
    assert (report["owners"][0]["account_id"], report["principals"][0]["name"]) == ("", "")


def test_two_owners_of_one_account_list_a_resource_once() -> None:
    report = report_on(
        owners=[Owner("one", [entry(share())]), Owner("two", [entry(share()), entry(name="b", kind="lens")])]
    )
    assert report["counts"] == {
        "resources": 2,
        "unshared": 1,
        "principals": 1,
        "shares": 1,
        "active": 1,
        "inactive": 0,
        "missing": 0,
        "attention": 0,
        "statuses": {"ACCEPTED": 1},
    }
    assert [owner["name"] for owner in report["owners"]] == ["one", "two"]


def test_resources_are_in_order_of_kind_and_name() -> None:
    report = report_on(entry(name="b"), entry(kind="lens", name="a"), entry(name="A"))
    assert [row["resource"]["name"] for row in report["resources"]] == ["A", "b", "a"]


@pytest.mark.parametrize("name", NAMES)
def test_every_report_has_the_documented_shape(name: str) -> None:
    report = report_named(name)
    assert has_shape(report, REPORT)
    assert parse_report(json.dumps(report)) == report
    assert report["attention"][0]["shares"][0]["resource_name"] == name


@pytest.mark.parametrize(
    "broken",
    [
        {"owners": ["platform"]},
        {"changed_at": None},
        {"principals": []},
        {"resources": [{}]},
        {"resources": {}},
        {"remembered": None},
        {"changes": [{"since": NOW}]},
    ],
)
def test_what_does_not_have_the_shape_is_not_a_report(broken: dict[str, Any]) -> None:
    report = report_on(entry(share()))
    assert parse_report(json.dumps({**report, **broken})) is None
    assert parse_report(json.dumps({key: value for key, value in report.items() if key not in broken})) is None


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "1", "null", '{"resources": 1}', "[" * 100_000])
def test_other_text_is_not_a_report(text: str) -> None:
    assert parse_report(text) is None


class TestOtherReports:
    """One report over all customers, from their JSON files."""

    @pytest.fixture
    def east(self) -> dict[str, Any]:
        row = {"kind": "workload", "name": "payments", "shared_with": BEN, "where": "resources[0]", "account_id": OWNER}
        places = [place(name="payments"), place(BEN, error="denied")]
        return report_on(entry(share(status="EXPIRED")), places=places, declared=[row], principals={"Ana": ANA})

    @pytest.fixture
    def west(self) -> dict[str, Any]:
        return report_on(entry(share(ANA), account=OTHER), owner="west", now="2026-01-01T00:00:00Z")

    def test_have_their_rows_with_their_name_before_those_of_the_owners(self, east: Any, west: Any) -> None:
        report = report_on(owners=[], reports={"East": east, "West": west, "South": "no such file"})
        assert has_shape(report, REPORT)
        assert [owner["name"] for owner in report["owners"]] == ["East: payments", "West: west"]
        assert [row["owner"] for row in report["resources"]] == ["East: payments", "West: west"]
        assert [(row["name"], row["why"]) for row in report["not_read"]] == [
            (f"East: {BEN}", "denied"),
            ("South", "no such file"),
        ]
        assert reasons(report) == reasons(east) == {"expired": [ANA], "missing": [BEN]}
        assert [row["owner"] for group in report["attention"] for row in group["shares"]] == ["East: payments"] * 2
        assert [entry_["where"] for entry_ in report["declared"]] == ["East: resources[0]"]
        assert report["counts"]["shares"] == 2
        assert {share_["first_seen"] for row in report["resources"] for share_ in row["shares"]} == {
            NOW,
            "2026-01-01T00:00:00Z",
        }

    def test_one_that_cannot_be_read_loses_nothing(self, east: Any, west: Any) -> None:
        first = report_on(owners=[], reports={"East": east, "West": west})
        second = report_on(owners=[], reports={"East": east, "West": "gone"}, before=first, now=NEXT_DAY)
        third = report_on(owners=[], reports={"East": east, "West": west}, before=second, now=NEXT_DAY)
        assert second["changes"] == third["changes"] == []


class TestFirstSeen:
    """What is not listed in a report keeps when it was first seen."""

    BOTH = (entry(share()), entry(share(share_id="s-2"), name="other"))
    OTHER_ACCOUNT = entry(share(share_id="s-2"), name="other", account=OTHER)

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            pytest.param(
                {"owners": [Owner("a", [entry(share())]), Owner("b", [OTHER_ACCOUNT])]},
                {"owners": [Owner("a", [entry(share())])], "not_read": ["b"]},
                id="an owner that is not listed",
            ),
            pytest.param(
                {"owners": [Owner("a", [entry(share())]), Owner("b", [OTHER_ACCOUNT])]},
                {"owners": [Owner("a", [entry(share())]), Owner("b", None, (), "denied")]},
                id="an owner that could not be listed",
            ),
            pytest.param(
                {"owners": [Owner("a", [entry(share()), OTHER_ACCOUNT], [place(), place(OTHER)])]},
                {"owners": [Owner("a", [entry(share())], [place(), place(OTHER, error="denied")])]},
                id="a place",
            ),
            pytest.param(
                {"owners": [Owner("a", BOTH)]},
                {"owners": [Owner("a", [BOTH[0], {**entry(name="other"), "error": "denied"}])]},
                id="a resource",
            ),
        ],
    )
    def test_survives_a_report_that_misses_it(self, first: dict[str, Any], second: dict[str, Any]) -> None:
        reports = [report_on(**first)]
        for number, owners in enumerate((second, second, first), 1):
            reports.append(report_on(**owners, before=reports[-1], now=f"2026-02-0{number}T00:00:00Z"))
        assert len(reports[2]["not_read"]) == 1
        assert {found["first_seen"] for row in reports[3]["resources"] for found in row["shares"]} == {NOW}
        assert reports[3]["remembered"] == reports[3]["changes"] == []

    def test_a_resource_that_could_not_be_listed_is_named(self) -> None:
        report = report_on(entry(share()), entry(name="other", error="Failed to list the shares"))
        assert report["not_read"] == [
            {
                "name": "workload other of platform",
                "account_id": OWNER,
                "regions": [EU],
                "why": "Failed to list the shares",
            }
        ]
        assert (report["counts"]["resources"], report["counts"]["unshared"]) == (1, 0)
