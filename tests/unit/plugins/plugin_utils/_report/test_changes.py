# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changed between two reports, and the timeline of it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.changes import (
    ROWS_KEPT,
    STEPS_KEPT,
    Since,
    changes_between,
    comparable,
)
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.content import Wishes, report_on
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.owners import Owner

from .names import NAMES, report_named_all_over

OWNER, OTHER, ANA, BEN = "111122223333", "222233334444", "444455556666", "777788889999"
EU, US = "eu-west-1", "us-east-1"
DAY = timedelta(days=1)
MONDAY = datetime(2026, 3, 2, 12)


def share(
    shared_with: str = ANA, status: str = "ACCEPTED", permission: str = "READONLY", share_id: str | None = None
) -> dict[str, Any]:
    known = f"s-{shared_with}" if share_id is None else share_id
    return {"shared_with": shared_with, "status": status, "share_id": known, "permission_type": permission}


def entry(*shares: dict[str, Any], name: str = "payments", account: str = OWNER, region: str = EU) -> dict[str, Any]:
    arn = f"arn:aws:wellarchitected:{region}:{account}:workload/{name}"
    return {"resource": {"kind": "workload", "id": name, "arn": arn, "name": name}, "shares": list(shares)}


def made(
    *entries: dict[str, Any],
    now: datetime = MONDAY,
    before: dict[str, Any] | None = None,
    since: Since | None = None,
    places: list[dict[str, Any]] | None = None,
    **wishes: Any,
) -> dict[str, Any]:
    # As the next run reads it from its file.
    written = json.loads(json.dumps(before)) if before else None
    return report_on([Owner("platform", list(entries), places or [])], now, Wishes(**wishes), written, since)


def became(was: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What became of the shares of one workload: the change, and of whom."""
    before = made(entry(*was))
    after = made(entry(*now), before=before, now=MONDAY + DAY)
    assert [row for step in after["changes"] for row in step["rows"]] == changes_between(before, after)
    return [(row["change"], row["principal"]) for row in changes_between(before, after)]


class TestWhatBecameOfAShare:
    @pytest.mark.parametrize(
        ("was", "now", "found"),
        [
            ([], [share()], [("added", ANA)]),
            ([share()], [], [("gone", ANA)]),
            ([share()], [share()], []),
            ([share()], [share(permission="CONTRIBUTOR")], [("permission", ANA)]),
            ([share(status="PENDING")], [share()], [("accepted", ANA)]),
            ([share(status="ASSOCIATING")], [share(status="ASSOCIATED")], [("accepted", ANA)]),
            ([share(status="PENDING")], [share(status="EXPIRED")], [("status", ANA)]),
            ([share()], [share(status="REVOKED")], [("status", ANA)]),
            (
                [share(status="PENDING")],
                [share(permission="CONTRIBUTOR")],
                [("permission", ANA), ("accepted", ANA)],
            ),
            pytest.param(
                [share(status="EXPIRED")],
                [share(status="PENDING", share_id="new")],
                [("renewed", ANA)],
                id="another share with the same principal",
            ),
            pytest.param([share(share_id="")], [share(share_id="")], [], id="known by resource and principal"),
            ([share()], [share(BEN)], [("added", BEN), ("gone", ANA)]),
        ],
    )
    def test_is_told(self, was: list[Any], now: list[Any], found: list[Any]) -> None:
        assert became(was, now) == found

    def test_with_what_it_was_before_and_who_it_is(self) -> None:
        before = made(entry(share(status="PENDING")))
        after = made(entry(share(permission="CONTRIBUTOR")), before=before, principals={"Ana": ANA})
        assert after["changes"][0]["rows"][0] == {
            "change": "permission",
            "owner": "platform",
            "account_id": OWNER,
            "region": EU,
            "kind": "workload",
            "resource": "payments",
            "principal": ANA,
            "principal_name": "Ana",
            "permission_type": "CONTRIBUTOR",
            "permission_type_before": "READONLY",
            "status": "ACCEPTED",
            "status_before": "PENDING",
            "share_id": f"s-{ANA}",
        }

    def test_for_each_resource_on_its_own(self) -> None:
        both = [entry(share(share_id="s")), entry(share(share_id="s"), name="other")]
        after = made(both[0], entry(name="other"), before=made(*both))
        assert [(row["change"], row["resource"]) for row in after["changes"][0]["rows"]] == [("gone", "other")]


class TestWhatCouldNotBeRead:
    """It is neither gone, nor added when it can be read again."""

    PLACES: ClassVar = [
        {"account_id": OWNER, "region": EU, "name": "a"},
        {"account_id": OTHER, "region": EU, "name": "b"},
    ]
    FAILING: ClassVar = [PLACES[0], {**PLACES[1], "error": "denied"}]
    BOTH: ClassVar = [entry(share()), entry(share(BEN), account=OTHER)]

    def test_a_place(self) -> None:
        first = made(*self.BOTH, places=self.PLACES)
        second = made(self.BOTH[0], places=self.FAILING, before=first, now=MONDAY + DAY)
        third = made(*self.BOTH, places=self.PLACES, before=second, now=MONDAY + 2 * DAY)
        assert second["changes"] == third["changes"] == []

    def test_a_place_that_was_never_read_before(self) -> None:
        first = made(self.BOTH[0], places=self.FAILING)
        assert made(*self.BOTH, places=self.PLACES, before=first)["changes"] == []

    def test_the_other_regions_of_its_account_are_judged(self) -> None:
        there = entry(share(BEN), account=OTHER, region=US)
        first = made(*self.BOTH, there, places=[*self.PLACES, {"account_id": OTHER, "region": US}])
        second = made(self.BOTH[0], places=[*self.FAILING, {"account_id": OTHER, "region": US}], before=first)
        assert [(row["change"], row["region"]) for row in second["changes"][0]["rows"]] == [("gone", US)]

    def test_a_host(self) -> None:
        owners = [Owner("a", [self.BOTH[0]]), Owner("b", [self.BOTH[1]])]
        first = report_on(owners, MONDAY)
        second = report_on(owners[:1], MONDAY + DAY, Wishes(not_read=["b"]), first)
        third = report_on(owners, MONDAY + 2 * DAY, Wishes(), second)
        assert second["changes"] == third["changes"] == []

    def test_a_resource(self) -> None:
        first = made(entry(share()), entry(share(BEN), name="other"))
        failed = {**entry(name="other"), "error": "Failed to list the shares"}
        second = made(entry(share()), failed, before=first)
        third = made(entry(share()), entry(share(BEN), name="other"), before=second)
        assert second["changes"] == third["changes"] == []


class TestTheTimeline:
    def test_the_first_report_has_none(self) -> None:
        assert made(entry(share()))["changes"] == []

    def test_a_report_that_says_the_same_is_the_same(self) -> None:
        first = made(entry(share()))
        second = made(entry(share(), share(BEN)), before=first, now=MONDAY + DAY)
        assert made(entry(share(), share(BEN)), before=second, now=MONDAY + 2 * DAY) == second

    def test_steps_are_kept_the_newest_first(self) -> None:
        first = made(entry(share()))
        second = made(entry(share(), share(BEN)), before=first, now=MONDAY + DAY)
        third = made(entry(share(BEN)), before=second, now=MONDAY + 3 * DAY)
        assert [(step["since"], step["at"], step["counts"]) for step in third["changes"]] == [
            ("2026-03-03T12:00:00Z", "2026-03-05T12:00:00Z", {"gone": 1}),
            ("2026-03-02T12:00:00Z", "2026-03-03T12:00:00Z", {"added": 1}),
        ]

    def test_only_so_many_steps_and_rows_are_kept_and_all_are_counted(self) -> None:
        report = made(entry())
        for number in range(STEPS_KEPT + 3):
            many = [share(f"{one:012d}") for one in range(number + 1)]
            report = made(entry(*many), before=report, now=MONDAY + number * DAY)
        assert len(report["changes"]) == STEPS_KEPT
        many = [share(f"{one:012d}") for one in range(1000)]
        step = made(entry(*many), before=made(entry()))["changes"][0]
        assert (len(step["rows"]), step["counts"]) == (ROWS_KEPT, {"added": 1000})

    def test_a_chosen_report_is_compared_with_in_place_of_the_one_that_is_replaced(self) -> None:
        quarter = made(entry(share(BEN)))
        last = made(entry(share()), now=MONDAY + DAY)
        now = made(entry(share()), before=last, since=Since(quarter), now=MONDAY + 2 * DAY)
        (step,) = now["changes"]
        assert (step["since"], step["counts"]) == (quarter["changed_at"], {"added": 1, "gone": 1})
        assert made(entry(share()), before=now, since=Since(quarter), now=MONDAY + 9 * DAY) == now

    def test_a_chosen_report_that_cannot_be_read_leaves_no_timeline(self) -> None:
        before = made(entry(share()), before=made(entry()))
        assert made(entry(share()), before=before, since=Since(None))["changes"] == []

    @pytest.mark.parametrize(
        "steps",
        [None, "none", [1], [{}], [{"since": 1, "at": "", "counts": {}, "rows": []}], {"a": 1}],
    )
    def test_steps_of_another_shape_are_left(self, steps: Any) -> None:
        before = {**made(entry(share())), "changes": steps}
        assert made(entry(share()), before=before)["changes"] == []

    @pytest.mark.parametrize("name", NAMES)
    def test_a_report_of_any_names_can_be_compared(self, name: str) -> None:
        report = json.loads(json.dumps(report_named_all_over(name)))
        assert comparable(report)
        assert changes_between(report, report) == []
        assert report["changes"][0]["rows"][0]["resource"] == name


@pytest.mark.parametrize(
    "broken",
    [
        {"owners": ["platform"]},
        {"not_read": ["platform"]},
        {"changed_at": None},
        {"principals": []},
        {"resources": [{}]},
        {"resources": [{"owner": "a", "account": OWNER, "region": EU, "resource": {}, "shares": [share()]}]},
        {"remembered": []},
    ],
)
def test_a_report_of_another_shape_is_none_to_compare_with(broken: dict[str, Any]) -> None:
    report = made(entry(share()))
    assert comparable(report)
    assert not comparable({**report, **broken})
    assert not comparable({key: value for key, value in report.items() if key not in broken})


@pytest.mark.parametrize("other", [None, 1, [], "text", {}])
def test_what_is_no_report_is_none_to_compare_with(other: Any) -> None:
    assert not comparable(other)
