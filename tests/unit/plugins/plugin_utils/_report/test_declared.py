# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is declared of shares: found by resource and principal, when it ends, and what is not as declared."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.content import Wishes, report_on
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.owners import Owner
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.sightings import TIME_FORMAT
from hypothesis import given
from hypothesis import strategies as st

OWNER, ANA, BEN = "111122223333", "444455556666", "777788889999"
EU, US = "eu-west-1", "us-east-1"
ARN = f"arn:aws:wellarchitected:{EU}:{OWNER}:workload/w-1"
LENS = f"arn:aws:wellarchitected:{EU}:{OWNER}:lens/l-1"
NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def share(shared_with: str = ANA, status: str = "ACCEPTED", permission: str | None = "READONLY") -> dict[str, Any]:
    return {"shared_with": shared_with, "status": status, "share_id": f"s-{shared_with}", "permission_type": permission}


def entry(*shares: dict[str, Any], **resource: Any) -> dict[str, Any]:
    named = {"kind": "workload", "id": "w-1", "arn": ARN, "name": "payments", **resource}
    return {"resource": named, "shares": list(shares)}


def declared(shared_with: str = ANA, **more: Any) -> dict[str, Any]:
    return {"kind": "workload", "arn": ARN, "name": "payments", "shared_with": shared_with, **more}


def made(*entries: dict[str, Any], rows: list[dict[str, Any]] | None, now: datetime = NOON, **more: Any) -> Any:
    owner = Owner("platform", list(entries), more.pop("places", []))
    return report_on([owner], now, Wishes(declared=rows, **more))


def found(report: dict[str, Any]) -> dict[str, list[str]]:
    """Whom each reason is about."""
    return {group["reason"]: [one["principal"] for one in group["shares"]] for group in report["attention"]}


class TestWhatDeclaresAShare:
    @pytest.mark.parametrize(
        "row",
        [
            pytest.param(declared(), id="by ARN"),
            pytest.param({"kind": "workload", "id": "w-1", "shared_with": ANA}, id="by ID"),
            pytest.param({"kind": "workload", "name": "payments", "shared_with": ANA}, id="by name"),
            pytest.param(declared(arn=None, account_id=OWNER, region=EU), id="by name in its place"),
            pytest.param(declared(arn=None, account_id=OWNER), id="by name in its account"),
            pytest.param(declared(f"arn:aws:iam::{ANA}:root"), id="another form of the principal"),
            pytest.param(declared(name="renamed since"), id="by ARN, whatever its name"),
        ],
    )
    def test_its_resource_and_principal(self, row: dict[str, Any]) -> None:
        report = made(entry(share()), rows=[{**row, "reason": "a review", "where": "resources[0].shared_with[1]"}])
        (one,) = report["resources"][0]["shares"]
        assert (one["reason"], one["declared"]) == ("a review", ["resources[0].shared_with[1]"])
        assert found(report) == {}

    @pytest.mark.parametrize(
        "row",
        [
            pytest.param(declared(BEN), id="another principal"),
            pytest.param(declared(f"arn:aws:iam::{ANA}:role/ci"), id="a role of it"),
            pytest.param(declared(arn=ARN.replace("w-1", "w-2")), id="another ARN of the same name"),
            pytest.param(declared(arn=None, account_id=BEN), id="that name in another account"),
            pytest.param(declared(arn=None, region=US), id="that name in another region"),
            pytest.param(declared(arn=None, kind="lens"), id="that name of another kind"),
        ],
    )
    def test_nothing_else(self, row: dict[str, Any]) -> None:
        report = made(entry(share()), rows=[row])
        assert report["resources"][0]["shares"][0]["declared"] == []
        assert found(report)["undeclared"] == [ANA]

    def test_a_lens_by_the_arn_that_is_its_id(self) -> None:
        lens = entry(share(permission=None), kind="lens", id=LENS, arn=LENS, name="Standards")
        assert found(made(lens, rows=[{"kind": "lens", "id": LENS, "shared_with": ANA}])) == {}

    def test_of_two_rows_the_first_counts_and_both_are_named(self) -> None:
        rows = [declared(reason="one", where="a"), declared(reason="two", until="2026-01-01", where="b")]
        (one,) = made(entry(share()), rows=rows)["resources"][0]["shares"]
        assert (one["reason"], one["until"], one["declared"]) == ("one", "", ["a", "b"])

    def test_without_a_place_in_the_text_its_position_is_one(self) -> None:
        (one,) = made(entry(share()), rows=[declared()])["resources"][0]["shares"]
        assert one["declared"] == ["declared[0]"]


class TestWhenAccessEnds:
    @pytest.mark.parametrize(
        ("until", "why"),
        [
            ("2026-03-31T18:00:00", "has no zone"),
            ("2026-02-30", "is neither a date"),
            ("tomorrow", "is neither a date"),
            ("9999-12-31", "is too far away"),
            ("2026-3-1", "is neither a date"),
            ("{{ now() }} %s {}", "is neither a date"),
        ],
    )
    def test_anything_else_is_refused_by_its_place(self, until: str, why: str) -> None:
        with pytest.raises(InvalidInput, match=rf"^declared\[1\]\.until: .* {why}"):
            made(rows=[declared(), declared(until=until)])

    @pytest.mark.parametrize(
        ("until", "text"),
        [
            (date(2026, 4, 30), "2026-04-30"),
            (datetime(2026, 4, 30, 12, tzinfo=timezone.utc), "2026-04-30 12:00:00+00:00"),
        ],
    )
    def test_what_yaml_makes_of_a_date_is_one(self, until: Any, text: str) -> None:
        assert made(entry(share()), rows=[declared(until=until)])["resources"][0]["shares"][0]["until"] == text

    @pytest.mark.parametrize(
        ("now", "reason", "level"),
        [
            ("2026-03-17T23:59:59Z", None, None),
            ("2026-03-18T00:00:00Z", "ends_soon", "note"),
            ("2026-03-31T23:59:59Z", "ends_soon", "note"),
            ("2026-04-01T00:00:00Z", "ended", "critical"),
            ("2027-01-01T00:00:00Z", "ended", "critical"),
        ],
    )
    def test_it_is_told_14_days_ahead_and_critical_from_the_end_on(
        self, now: str, reason: str | None, level: str | None
    ) -> None:
        rows = [declared(until="2026-03-31")]
        report = made(entry(share()), rows=rows, now=datetime.strptime(now, TIME_FORMAT))
        assert [(group["reason"], group["level"]) for group in report["attention"]] == (
            [(reason, level)] if reason else []
        )
        assert report["declared"][0]["end"] == {None: "", "ends_soon": "soon", "ended": "ended"}[reason]

    @pytest.mark.parametrize("status", ["EXPIRED", "REJECTED", "REVOKED", "FAILED"])
    def test_a_dead_share_has_no_access_to_end(self, status: str) -> None:
        report = made(entry(share(status=status)), rows=[declared(until="2026-01-01")])
        assert list(found(report)) == [status.lower()]

    def test_what_has_ended_and_is_not_shared_is_done(self) -> None:
        assert found(made(entry(), rows=[declared(until="2026-01-01")])) == {}

    @given(hours=st.integers(-24 * 60, 24 * 60))
    def test_before_its_end_access_is_as_declared_and_from_then_on_it_is_not(self, hours: int) -> None:
        end = NOON + timedelta(hours=hours)
        report = made(entry(share()), rows=[declared(until=end.isoformat())])
        assert ("ended" in found(report)) is (end <= NOON)
        assert ("ends_soon" in found(report)) is (timedelta(0) < end - NOON <= timedelta(days=14))


class TestWhatIsNotAsDeclared:
    @pytest.mark.parametrize("status", ["ACCEPTED", "PENDING", "ASSOCIATED", "ASSOCIATING"])
    def test_live_shares_that_nobody_declared(self, status: str) -> None:
        report = made(entry(share(status=status), share(BEN, status)), rows=[declared(BEN)])
        assert found(report)["undeclared"] == [ANA]

    def test_a_dead_share_that_nobody_declared_is_no_access(self) -> None:
        assert "undeclared" not in found(made(entry(share(status="EXPIRED")), rows=[]))

    def test_an_empty_declaration_declares_nothing_and_none_judges_nothing(self) -> None:
        assert found(made(entry(share()), rows=[])) == {"undeclared": [ANA]}
        report = made(entry(share()), rows=None)
        assert (found(report), report["declared"]) == ({}, None)

    def test_another_permission(self) -> None:
        report = made(entry(share()), rows=[declared(permission_type="CONTRIBUTOR")])
        assert found(report) == {"permission": [ANA]}
        assert found(made(entry(share()), rows=[declared(permission_type="READONLY")])) == {}
        assert found(made(entry(share()), rows=[declared()])) == {}

    def test_what_is_not_shared_at_all(self) -> None:
        rows = [declared(BEN, reason="why", until="2027-01-01", where="resources[3]", permission_type="READONLY")]
        report = made(entry(share(status="EXPIRED")), rows=[declared(), *rows], principals={"Ben": BEN})
        missing = next(group for group in report["attention"] if group["reason"] == "missing")
        (one,) = missing["shares"]
        assert {key: value for key, value in one.items() if value} == {
            "account_id": OWNER,
            "declared": ["resources[3]"],
            "kind": "workload",
            "owner": "platform",
            "permission_type": "READONLY",
            "principal": BEN,
            "principal_name": "Ben",
            "reason": "why",
            "region": EU,
            "resource": "payments",
            "until": "2027-01-01",
        }
        assert (report["counts"]["missing"], report["counts"]["attention"]) == (1, 2)

    def test_a_resource_that_is_not_there(self) -> None:
        assert found(made(rows=[declared()], places=[{"account_id": OWNER, "region": EU}])) == {"missing": [ANA]}

    @pytest.mark.parametrize(
        ("row", "places", "not_read", "judged"),
        [
            pytest.param(
                declared(), [{"account_id": OWNER, "region": EU, "error": "denied"}], [], False, id="its place"
            ),
            pytest.param(
                declared(),
                [{"account_id": OWNER, "region": EU}, {"account_id": OWNER, "region": US, "error": "denied"}],
                [],
                True,
                id="another region",
            ),
            pytest.param(
                declared(),
                [{"account_id": OWNER, "region": EU}, {"account_id": BEN, "region": EU, "error": "denied"}],
                [],
                True,
                id="another account",
            ),
            pytest.param(
                {"kind": "workload", "name": "x", "shared_with": ANA},
                [{"account_id": OWNER, "region": EU}, {"account_id": BEN, "region": EU, "error": "denied"}],
                [],
                False,
                id="it may be anywhere",
            ),
            pytest.param(declared(), [], ["sandbox"], False, id="a host that may be of this account"),
            pytest.param(declared(), [{"account_id": OWNER, "region": EU}], ["sandbox"], True, id="a host of another"),
        ],
    )
    def test_what_could_not_be_read_is_not_judged(
        self, row: dict[str, Any], places: list[dict[str, Any]], not_read: list[str], judged: bool
    ) -> None:
        report = made(rows=[row], places=places, not_read=not_read)
        assert ("missing" in found(report)) is judged

    def test_a_resource_whose_shares_could_not_be_listed_is_not_judged(self) -> None:
        failed = {**entry(), "error": "Failed to list the shares"}
        assert found(made(failed, rows=[declared()])) == {}


class TestTheDeclarationInTheReport:
    def test_each_place_of_the_text_is_an_entry_with_what_became_of_it(self) -> None:
        wide = [declared(arn=None, name=name, where="resources[0].shared_with[0]") for name in ("payments", "ledger")]
        gone = declared(arn=None, name="risk", where="resources[0].shared_with[0]")
        other = declared(BEN, until="2026-03-02", reason="why", where="resources[1]", permission_type="READONLY")
        report = made(
            entry(share(), share(BEN)),
            entry(share(status="EXPIRED"), id="w-2", arn=ARN.replace("w-1", "w-2"), name="ledger"),
            rows=[*wide, gone, other],
        )
        first, second = report["declared"]
        assert [one["name"] for one in first["resources"]] == ["payments", "ledger", "risk"]
        assert (first["live"], first["dead"], first["not_shared"]) == (1, 1, 1)
        assert second == {
            "where": "resources[1]",
            "shared_with": [{"principal": BEN, "name": ""}],
            "permission_type": "READONLY",
            "until": "2026-03-02",
            "ends_at": "2026-03-03T00:00:00Z",
            "end": "soon",
            "reason": "why",
            "resources": [{"kind": "workload", "name": "payments", "account_id": OWNER, "region": EU}],
            "live": 1,
            "dead": 0,
            "not_shared": 0,
        }

    def test_every_bad_row_is_named(self) -> None:
        rows = [declared("nobody"), {"kind": "lens", "shared_with": ANA}, declared(until="soon")]
        with pytest.raises(InvalidInput) as refused:
            made(rows=rows)
        assert [fault.partition(": ")[0] for fault in refused.value.faults] == [
            "declared[0].shared_with",
            "declared[1]",
            "declared[2].until",
        ]
