# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules return: diffs, and messages in which equal failures are one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._accounts import CALLER, Account, Place
from ansible_collections.wellarchitected.sharing.plugins.module_utils._apply import Outcome, ResourceRun
from ansible_collections.wellarchitected.sharing.plugins.module_utils._declaration import Declaration, Grant
from ansible_collections.wellarchitected.sharing.plugins.module_utils._errors import Failure
from ansible_collections.wellarchitected.sharing.plugins.module_utils._places import PlaceResult
from ansible_collections.wellarchitected.sharing.plugins.module_utils._plan import plan_shares
from ansible_collections.wellarchitected.sharing.plugins.module_utils._principals import Principal, parse_principal
from ansible_collections.wellarchitected.sharing.plugins.module_utils._results import (
    Failed,
    describe_counts,
    describe_failed,
    describe_skipped,
    describe_warnings,
    diff_runs,
    escape_lines,
    fail_resources,
    group_failures,
    summarize_runs,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._shares import RENEWED_BY_DEFAULT, Resource, Share

from .examples import ANA, ANA_ROOT, ANA_USER, BEN, CLEO, HERE, ID, OTHER_ID, OU, OU_ARN, OWNER, grant, resource, share

ONE = resource("workload", name="One")


def failed(name: str, *messages: str, noun: str = "workload", common: str = "") -> Failed:
    return Failed(noun, name, tuple(Failure(message, common or message) for message in messages))


def denied(name: str, noun: str = "workload") -> Failed:
    return failed(name, f"Denied on {name}.", noun=noun, common="Denied on ….")


class TestFailures:
    @pytest.mark.parametrize(
        ("failures", "lines"),
        [
            ([], []),
            ([denied(name) for name in "abc"], ["a: Denied on a.", "b: Denied on b.", "c: Denied on c."]),
            ([denied(name) for name in "abcd"], ["4 workloads (a, b and 2 more): Denied on …."]),
            (
                [*[denied(name, "lens") for name in "ab"], *[denied(name) for name in "cd"], failed("x", "Odd.")],
                ["x: Odd.", "2 lenses and 2 workloads (a, b and 2 more): Denied on …."],
            ),
            (
                [failed(name, "This.", "That.", "This.") for name in "abcd"],
                ["4 workloads (a, b and 2 more): This.", "4 workloads (a, b and 2 more): That."],
            ),
            ([failed("a\x1b[1m\u202e", "b\nc  d")], [r"a\x1b[1m\u202e: b c d"]),
            ([failed("a", "x" * 997)], [f"a: {'x' * 997}"]),
            ([failed("a", "x" * 998)], [f"a: {'x' * 496}…{'x' * 500}"]),
            ([denied(name * 81) for name in "abcd"], [f"4 workloads ({'a' * 39}…{'a' * 40}, {'b' * 39}…{'b' * 40} "]),
        ],
    )
    def test_that_are_equal_are_one_line_and_the_rarest_come_first(self, failures: Any, lines: list[str]) -> None:
        found = group_failures(failures)
        assert len(found) == len(lines)
        assert [line for line, start in zip(found, lines) if not line.startswith(start)] == []

    def test_are_at_most_24_lines(self) -> None:
        lines = group_failures(failed(f"w{number}", f"Odd {number}.") for number in range(30))
        assert len(lines) == 24
        assert (lines[0], lines[-2]) == ("w0: Odd 0.", "w22: Odd 22.")
        assert lines[-1] == "and 7 other errors, see the result."
        assert group_failures(failed(f"w{number}", f"Odd {number}.") for number in range(24))[-1] == "w23: Odd 23."

    @pytest.mark.parametrize(("name_place", "place"), [(False, ""), (True, f" in {HERE.label}")])
    def test_have_the_name_of_the_resource(self, name_place: bool, place: str) -> None:
        broken, undone = run(), run([grant(ANA, "READONLY")], of=Resource(ONE.kind, ID))
        broken.failures = [Failure("It broke.", "It broke.")]
        undone.not_done = list(undone.plan.changes)
        assert fail_resources([broken, run(), undone], name_place) == [
            failed(f"workload 'One'{place}", "It broke."),
            failed(f"workload {ID}{place}", f"Not done: share with {ANA}."),
        ]


class TestDescriptions:
    def test_of_what_was_skipped(self) -> None:
        results = [PlaceResult(Place(Account(f"{number:012}"), "me-south-1"), skipped="No.") for number in range(5)]
        results += [PlaceResult(Place(CALLER, "af-south-1"), skipped="Denied."), PlaceResult(HERE)]
        assert describe_skipped(results) == (
            " Skipped: af-south-1 (the calling account: Denied), me-south-1 (000000000000, 000000000001, 000000000002 "
            "and 2 more: No)."
        )
        assert describe_skipped([PlaceResult(HERE)]) == ""
        many = [PlaceResult(Place(CALLER, f"r-{number}"), skipped="No") for number in range(7)]
        assert describe_skipped(many).endswith("r-4 (the calling account: No) and 2 more.")

    def test_of_counts(self) -> None:
        assert describe_failed([failed("a", "b")], 1200, "place") == "1 of 1,200 places failed. "
        assert describe_failed([], 1200, "place") == ""
        counts = {"created": 1200, "updated": 0, "unchanged": 1}
        assert describe_counts(counts, "Shares", "None.") == "Shares: 1,200 created, 1 unchanged."
        assert describe_counts({"created": 0}, "Shares", "None.") == "None."

    def test_have_lines(self) -> None:
        assert escape_lines("a\nb\x1b\tc") == "a\nb\\x1b\\tc"


def run(
    grants: Collection[Grant] = (),
    listed: Collection[Share] = (),
    removals: Collection[str] = (),
    of: Resource = ONE,
    renew: Collection[str] = RENEWED_BY_DEFAULT,
) -> ResourceRun:
    """As check mode leaves it."""
    declaration = Declaration(of, tuple(grants), tuple(map(parse_principal, removals)), renew=frozenset(renew))
    done = ResourceRun(HERE, declaration, tuple(listed), plan_shares(declaration, listed, OWNER))
    done.predict()
    return done


def with_outcomes(done: ResourceRun, **changes: Any) -> ResourceRun:
    """The run with other outcomes for the new shares."""
    return replace(
        done,
        outcomes=[
            (step, replace(one, **changes) if one.action in ("created", "renewed") else one)
            for step, one in done.outcomes
        ],
    )


MANY = run(
    [grant(ANA, "CONTRIBUTOR"), grant(BEN, "READONLY"), grant(OU_ARN, "READONLY"), grant(CLEO, "READONLY")],
    [
        share(ANA_ROOT, "ACCEPTED", "READONLY", "s1"),
        share(BEN, "EXPIRED", "CONTRIBUTOR", "s2"),
        share(BEN, "FAILED", "READONLY", "s3", "no such account"),
        share(CLEO, "REJECTED", "CONTRIBUTOR", "s4"),
        share(ANA_USER, "ACCEPTED", "READONLY", "s5"),
        share(OWNER, "PENDING", "READONLY", "s6"),
    ],
    [ANA_USER],
)


class TestDiff:
    def test_has_a_line_for_each_share_before_and_after(self) -> None:
        (shown,) = diff_runs([MANY], name_place=False)
        assert shown["before_header"] == shown["after_header"] == f"shares of workload 'One' ({ID})"
        assert shown["before"].splitlines() == [
            f"{OWNER} READONLY PENDING",
            f"{BEN} CONTRIBUTOR EXPIRED",
            f"{BEN} READONLY FAILED",
            f"{CLEO} CONTRIBUTOR REJECTED",
            f"{ANA_ROOT} READONLY ACCEPTED",
            f"{ANA_USER} READONLY ACCEPTED",
        ]
        assert shown["after"].splitlines() == [
            f"{OWNER} READONLY PENDING",
            f"{BEN} READONLY new",
            f"{CLEO} CONTRIBUTOR REJECTED",
            f"{ANA_ROOT} CONTRIBUTOR ACCEPTED",
            f"{OU_ARN} READONLY new",
        ]
        assert diff_runs([with_outcomes(MANY, share_id="new")], name_place=False) == [shown]
        (shown,) = diff_runs([with_outcomes(MANY, share_id="new", status="PENDING")], name_place=False)
        assert f"{BEN} READONLY PENDING" in shown["after"]

    def test_is_for_each_changed_resource_with_its_place_where_there_are_many(self) -> None:
        two = run([grant(OU)], [share(ANA, "PENDING")], [ANA], of=resource("profile", OTHER_ID, "Two\n"))
        unchanged = run([grant(ANA, "READONLY")], [share(ANA, "ACCEPTED", "READONLY")])
        first, second = diff_runs([two, unchanged, MANY], name_place=True)
        assert first["after_header"] == f"shares of {two.declaration.resource.label} in {HERE.label}"
        assert (first["before"], first["after"]) == (f"{ANA} PENDING\n", f"{OU} new\n")
        assert second["after_header"] == f"shares of workload 'One' ({ID}) in {HERE.label}"

    def test_has_nothing_that_was_not_done(self) -> None:
        done = replace(MANY, outcomes=[(step, one) for step, one in MANY.outcomes if one.action != "deleted"])
        assert f"{ANA_USER} READONLY ACCEPTED\n" in diff_runs([done], name_place=False)[0]["after"]

    def test_has_one_line_for_a_share_that_was_created_in_place_of_an_update(self) -> None:
        done = run([grant(ANA, "CONTRIBUTOR")], [share(ANA_ROOT, "ACCEPTED", "READONLY")])
        ((step, outcome),) = done.outcomes
        done.outcomes = [(step, replace(outcome, action="created", share_id="new", status=None))]
        assert diff_runs([done], name_place=False)[0]["after"] == f"{ANA_ROOT} CONTRIBUTOR new\n"

    def test_of_a_renewal_that_stopped_midway_lacks_the_deleted_share(self) -> None:
        done = run([grant(ANA, "READONLY")], [share(ANA_ROOT, "EXPIRED", "CONTRIBUTOR")])
        (step,) = done.plan.changes
        (inactive,) = step.replaced
        deleted = Outcome("deleted", inactive.principal, None, inactive.share_id, inactive.status)
        done = replace(done, outcomes=[(step, deleted)], not_done=[step])
        assert (done.changed, summarize_runs([done])["deleted"]) == (True, 1)
        assert diff_runs([done], name_place=False)[0]["after"] == ""


def test_the_summary_counts_shares_and_failed_resources() -> None:
    done = with_outcomes(MANY, accepted=True)
    done.failures = [Failure("a", "a"), Failure("b", "b")]
    twice = ("created", "updated", "renewed", "deleted", "accepted", "unchanged")
    assert summarize_runs([done, MANY]) == {**dict.fromkeys(twice, 2), "failed": 1}


def test_warnings_are_about_shares_that_stay_and_owners() -> None:
    named = Principal("account", CLEO, CLEO, "cleo")
    listed = [share(BEN, "REJECTED", "READONLY"), share(ANA, "ACCEPTED", "READONLY"), share(ANA_USER)]
    one = run([grant(BEN, "READONLY"), grant(OWNER), Grant(named, "READONLY")], listed, [ANA])
    two = run([grant(OWNER)], of=resource("workload", OTHER_ID, "Two"))
    inactive, kept, owner = describe_warnings([one, two])
    assert inactive.startswith(f"Inactive shares of {ONE.label} were left unchanged: {BEN} (REJECTED). To renew them, ")
    assert f"with account {ANA} is deleted, but {ANA_USER} of that account keeps a share" in kept
    assert owner.startswith(f"Account {OWNER} owns {ONE.label} and 1 more.")
    assert owner.endswith(f"so {OWNER} was left out.")
