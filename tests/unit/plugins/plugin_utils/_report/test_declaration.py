# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is declared of shares: found by resource and principal, when it ends, and what differs from it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._errors import InvalidInput
from hypothesis import given
from hypothesis import strategies as st

from .given import ANA, BEN, EU, NOW, OTHER, OWNER, US, entry, place, reasons, report_on, share

ARN, LENS = (f"arn:aws:wellarchitected:{EU}:{OWNER}:{one}" for one in ("workload/payments", "lens/l-1"))


def declared(shared_with: str = ANA, **more: Any) -> dict[str, Any]:
    return {"kind": "workload", "arn": ARN, "name": "payments", "shared_with": shared_with, **more}


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        pytest.param(declared(), True, id="by ARN"),
        pytest.param({"kind": "workload", "id": "payments", "shared_with": ANA}, True, id="by ID"),
        pytest.param({"kind": "workload", "name": "payments", "shared_with": ANA}, True, id="by name"),
        pytest.param(declared(arn=None, account_id=OWNER, region=EU), True, id="by name in its account and Region"),
        pytest.param(declared(arn=None, account_id=OWNER), True, id="by name in its account"),
        pytest.param(declared(f"arn:aws:iam::{ANA}:root"), True, id="another form of the principal"),
        pytest.param(declared(name="renamed since"), True, id="by ARN, whatever its name"),
        pytest.param(declared(BEN), False, id="another principal"),
        pytest.param(declared(f"arn:aws:iam::{ANA}:role/ci"), False, id="a role of it"),
        pytest.param(declared(arn=f"{ARN}-2"), False, id="another ARN of the same name"),
        pytest.param(declared(arn=None, account_id=BEN), False, id="that name in another account"),
        pytest.param(declared(arn=None, region=US), False, id="that name in another Region"),
        pytest.param(declared(arn=None, kind="lens"), False, id="that name of another kind"),
    ],
)
def test_what_declares_a_share(row: dict[str, Any], fits: bool) -> None:
    report = report_on(entry(share()), declared=[{**row, "reason": "a review", "where": "resources[0]"}])
    (found,) = report["resources"][0]["shares"]
    assert (found["reason"], found["declared"]) == (("a review", ["resources[0]"]) if fits else ("", []))
    assert reasons(report).get("undeclared", []) == ([] if fits else [ANA])


def test_a_lens_is_declared_by_the_arn_that_is_its_id() -> None:
    lens = entry(share(permission=None), kind="lens", id=LENS, arn=LENS, name="Standards")
    assert reasons(report_on(lens, declared=[{"kind": "lens", "id": LENS, "shared_with": ANA}])) == {}


def test_the_first_of_two_rows_counts_and_both_are_named() -> None:
    rows = [declared(reason="one"), declared(reason="two", until="2026-01-01", where="b")]
    (found,) = report_on(entry(share()), declared=rows)["resources"][0]["shares"]
    assert (found["reason"], found["until"], found["declared"]) == ("one", "", ["declared[0]", "b"])


@pytest.mark.parametrize(
    ("until", "text"),
    [
        (date(2026, 4, 30), "2026-04-30"),
        (datetime(2026, 4, 30, 12, tzinfo=timezone.utc), "2026-04-30 12:00:00+00:00"),
    ],
)
def test_a_date_that_yaml_parsed_is_an_end(until: Any, text: str) -> None:
    assert report_on(entry(share()), declared=[declared(until=until)])["resources"][0]["shares"][0]["until"] == text


@pytest.mark.parametrize(
    ("now", "reason", "end"),
    [
        ("2026-03-17T23:59:59Z", None, ""),
        ("2026-03-18T00:00:00Z", ("ends_soon", "note"), "soon"),
        ("2026-03-31T23:59:59Z", ("ends_soon", "note"), "soon"),
        ("2026-04-01T00:00:00Z", ("ended", "critical"), "ended"),
    ],
)
def test_an_end_is_noted_14_days_before_and_critical_after_it(now: str, reason: Any, end: str) -> None:
    report = report_on(entry(share()), declared=[declared(until="2026-03-31")], now=now)
    assert [(group["reason"], group["level"]) for group in report["attention"]] == ([reason] if reason else [])
    assert report["declared"][0]["end"] == end


@given(hours=st.integers(-24 * 60, 24 * 60))
def test_access_is_as_declared_until_its_end(hours: int) -> None:
    now = datetime.fromisoformat(NOW.replace("Z", "+00:00"))
    end = now + timedelta(hours=hours)
    found = reasons(report_on(entry(share()), declared=[declared(until=end.isoformat())]))
    assert ("ended" in found) is (end <= now)
    assert ("ends_soon" in found) is (timedelta(0) < end - now <= timedelta(days=14))


@pytest.mark.parametrize(
    ("shares", "rows", "found"),
    [
        pytest.param([share()], None, {}, id="no declaration"),
        pytest.param([share()], [], {"undeclared": [ANA]}, id="an empty one"),
        pytest.param(
            [share(status="ASSOCIATING"), share(BEN)], [declared(BEN)], {"undeclared": [ANA]}, id="not declared"
        ),
        pytest.param([share(status="EXPIRED")], [], {"expired": [ANA]}, id="inactive and not declared"),
        pytest.param([share()], [declared(permission_type="CONTRIBUTOR")], {"permission": [ANA]}, id="permission"),
        pytest.param([share()], [declared(permission_type="READONLY")], {}, id="the same permission"),
        pytest.param([share()], [declared(until="2026-01-01")], {"ended": [ANA]}, id="ended"),
        pytest.param(
            [share(status="FAILED")], [declared(until="2026-01-01")], {"failed": [ANA]}, id="ended and inactive"
        ),
        pytest.param([], [declared(until="2026-01-01")], {}, id="ended and not shared"),
        pytest.param([], [declared()], {"missing": [ANA]}, id="not shared"),
    ],
)
def test_differences_from_the_declaration(shares: list[Any], rows: Any, found: dict[str, list[str]]) -> None:
    report = report_on(entry(*shares), declared=rows)
    assert reasons(report) == found
    assert report["has_declaration"] is (rows is not None)


def test_a_missing_share_has_what_is_declared_of_it() -> None:
    rows = [
        declared(),
        declared(BEN, reason="why", until="2027-01-01", where="resources[3]", account_id=OWNER, region=EU),
    ]
    report = report_on(entry(share(status="EXPIRED")), declared=rows, principals={"Ben": BEN})
    (row,) = next(group["shares"] for group in report["attention"] if group["reason"] == "missing")
    assert {key: value for key, value in row.items() if value} == {
        "owner": "platform",
        "account_id": OWNER,
        "region": EU,
        "kind": "workload",
        "resource_name": "payments",
        "resource_arn": ARN,
        "shared_with": BEN,
        "principal": BEN,
        "principal_kind": "account",
        "principal_account_id": BEN,
        "principal_name": "Ben",
        "reason": "why",
        "until": "2027-01-01",
        "declared": ["resources[3]"],
        "attention": ["missing"],
    }
    assert (report["counts"]["missing"], report["counts"]["attention"]) == (1, 2)


@pytest.mark.parametrize(
    ("row", "places", "not_read", "judged"),
    [
        pytest.param(declared(account_id=OWNER, region=EU), [place(error="denied")], [], False, id="its place"),
        pytest.param(
            declared(account_id=OWNER, region=EU),
            [place(), place(OWNER, US, error="no")],
            [],
            True,
            id="another Region",
        ),
        pytest.param(declared(account_id=OWNER), [place(), place(BEN, error="denied")], [], True, id="another account"),
        pytest.param(
            {"kind": "workload", "name": "x", "shared_with": ANA},
            [place(), place(BEN, error="no")],
            [],
            False,
            id="anywhere",
        ),
        pytest.param(
            declared(account_id=OTHER), [place()], ["sandbox"], False, id="a host that may be of this account"
        ),
        pytest.param(declared(account_id=OWNER), [place()], ["sandbox"], True, id="a host of another account"),
    ],
)
def test_what_could_not_be_read_is_not_missing(row: Any, places: Any, not_read: list[str], judged: bool) -> None:
    assert ("missing" in reasons(report_on(declared=[row], places=places, not_read=not_read))) is judged


def test_a_resource_that_could_not_be_listed_is_not_missing() -> None:
    assert reasons(report_on(entry(error="denied"), declared=[declared(account_id=OWNER)])) == {}


def test_each_path_of_the_declaration_is_an_entry() -> None:
    wide = [declared(arn=None, name=name, where="resources[0]") for name in ("payments", "ledger", "risk")]
    other = declared(BEN, until="2026-02-02", reason="why", where="resources[1]", permission_type="READONLY")
    report = report_on(
        entry(share(), share(BEN)), entry(share(status="EXPIRED"), name="ledger"), declared=[*wide, other]
    )
    first, second = report["declared"]
    assert [one["name"] for one in first["resources"]] == ["payments", "ledger", "risk"]
    assert (first["active"], first["inactive"], first["not_shared"]) == (1, 1, 1)
    assert second == {
        "where": "resources[1]",
        "shared_with": [{"principal": BEN, "name": ""}],
        "permission_type": "READONLY",
        "until": "2026-02-02",
        "end": "soon",
        "reason": "why",
        "resources": [{"kind": "workload", "name": "payments", "account_id": "", "region": ""}],
        "active": 1,
        "inactive": 0,
        "not_shared": 0,
    }


def test_every_error_has_its_path() -> None:
    rows = [
        declared("unknown"),
        {"kind": "lens", "shared_with": ANA},
        declared(until="soon"),
        declared(until="2026-3-1"),
    ]
    with pytest.raises(InvalidInput) as refused:
        report_on(declared=rows)
    assert [error.partition(": ")[0] for error in refused.value.errors] == [
        "declared[0].shared_with",
        "declared[1]",
        "declared[2].until",
        "declared[3].until",
    ]
