# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changed between two reports, and the timeline."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.changes import ROWS_KEPT, STEPS_KEPT
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.owners import Owner

from .given import ANA, BEN, EU, NEXT_DAY, NOW, OTHER, OWNER, US, entry, place, report_on, share

LATER = "2026-02-05T12:00:00Z"
PLACES = [place(), place(OTHER)]
FAILING = [place(), place(OTHER, error="denied")]
BOTH = [entry(share()), entry(share(BEN), account=OTHER)]


def changes(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["change"], row["principal"]) for step in report["changes"] for row in step["rows"]]


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
        ([share(status="PENDING")], [share(permission="CONTRIBUTOR")], [("permission", ANA), ("accepted", ANA)]),
        ([share(status="EXPIRED")], [share(status="PENDING", share_id="new")], [("renewed", ANA)]),
        pytest.param([share(share_id="")], [share(share_id="")], [], id="known by resource and principal"),
        ([share()], [share(BEN)], [("added", BEN), ("gone", ANA)]),
    ],
)
def test_changes_of_a_share(was: list[Any], now: list[Any], found: list[Any]) -> None:
    assert changes(report_on(entry(*now), before=report_on(entry(*was)), now=NEXT_DAY)) == found


def test_a_row_has_the_share_and_what_it_was_before() -> None:
    before = report_on(entry(share(status="PENDING")))
    row = report_on(entry(share(permission="CONTRIBUTOR")), before=before, principals={"Ana": ANA})["changes"][0][
        "rows"
    ][0]
    expected = {
        "change": "permission",
        "owner": "platform",
        "account_id": OWNER,
        "region": EU,
        "kind": "workload",
        "resource_name": "payments",
        "principal": ANA,
        "principal_name": "Ana",
        "permission_type": "CONTRIBUTOR",
        "permission_type_before": "READONLY",
        "status": "ACCEPTED",
        "status_before": "PENDING",
    }
    assert {key: row[key] for key in expected} == expected


def test_a_share_belongs_to_its_resource() -> None:
    both = [entry(share(share_id="s")), entry(share(share_id="s"), name="other")]
    report = report_on(both[0], entry(name="other"), before=report_on(*both))
    assert [(row["change"], row["resource_name"]) for row in report["changes"][0]["rows"]] == [("gone", "other")]


def test_what_was_never_read_before_is_not_added() -> None:
    first = report_on(BOTH[0], places=FAILING)
    assert report_on(*BOTH, places=PLACES, before=first)["changes"] == []


def test_other_regions_of_an_account_are_compared() -> None:
    there = entry(share(BEN), account=OTHER, region=US)
    first = report_on(*BOTH, there, places=[*PLACES, place(OTHER, US)])
    second = report_on(BOTH[0], places=[*FAILING, place(OTHER, US)], before=first)
    assert [(row["change"], row["region"]) for row in second["changes"][0]["rows"]] == [("gone", US)]


def test_what_changed_while_it_was_not_read_shows_when_it_is_read_again() -> None:
    first = report_on(*BOTH, places=PLACES)
    second = report_on(BOTH[0], places=FAILING, before=first, now=NEXT_DAY)
    gone = report_on(BOTH[0], entry(account=OTHER), places=PLACES, before=second, now=LATER)
    added = report_on(BOTH[0], entry(share(BEN), share(ANA), account=OTHER), places=PLACES, before=second, now=LATER)
    assert (changes(second), changes(gone)) == ([], [("gone", BEN)])
    assert changes(added) == [("added", ANA)]


def test_what_is_shared_while_it_is_not_read_is_added_when_it_is_read_again() -> None:
    first = report_on(BOTH[0], entry(account=OTHER), places=PLACES)
    second = report_on(BOTH[0], places=FAILING, before=first, now=NEXT_DAY)
    assert changes(report_on(*BOTH, places=PLACES, before=second, now=LATER)) == [("added", BEN)]


def test_a_report_after_each_batch_of_hosts_is_the_report_after_all_of_them() -> None:
    """As a play with serial writes it: each batch names the hosts that are still to come."""
    owners = [Owner(f"host-{one}", [entry(share(), account=f"11112222333{one}")]) for one in range(4)]
    yesterday = report_on(owners=owners)
    last = Owner("host-3", [entry(share(BEN), account="111122223333")])
    before = yesterday
    for done in range(1, 5):
        listed = [*owners[:3], last][:done]
        before = report_on(
            owners=listed, not_read=[f"host-{one}" for one in range(done, 4)], before=before, now=NEXT_DAY
        )
    at_once = report_on(owners=[*owners[:3], last], before=yesterday, now=NEXT_DAY)
    assert changes(before) == changes(at_once) == [("added", BEN), ("gone", ANA)]
    assert {key: value for key, value in before.items() if key != "changes"} == {
        key: value for key, value in at_once.items() if key != "changes"
    }


def test_steps_are_kept_the_newest_first() -> None:
    first = report_on(entry(share()))
    second = report_on(entry(share(), share(BEN)), before=first, now=NEXT_DAY)
    third = report_on(entry(share(BEN)), before=second, now=LATER)
    assert [(step["since"], step["at"], step["counts"]) for step in third["changes"]] == [
        (NEXT_DAY, LATER, {"gone": 1}),
        (NOW, NEXT_DAY, {"added": 1}),
    ]


def test_steps_and_rows_have_a_limit_and_all_are_counted() -> None:
    report = report_on(entry())
    for number in range(STEPS_KEPT + 3):
        report = report_on(entry(*(share(f"{one:012d}") for one in range(number + 1))), before=report)
    assert len(report["changes"]) == STEPS_KEPT
    many = entry(*(share(f"{one:012d}") for one in range(1000)))
    (step,) = report_on(many, before=report_on(entry()))["changes"]
    assert (len(step["rows"]), step["counts"]) == (ROWS_KEPT, {"added": 1000})


def test_a_chosen_report_replaces_the_one_before_and_its_timeline() -> None:
    quarter = report_on(entry(share(BEN)))
    last = report_on(entry(share()), before=report_on(entry()), now=NEXT_DAY)
    now = report_on(entry(share()), before=last, since=quarter, now=LATER)
    (step,) = now["changes"]
    assert (step["since"], step["counts"]) == (NOW, {"added": 1, "gone": 1})
    assert report_on(entry(share()), before=now, since=quarter, now="2026-03-01T00:00:00Z") == now
