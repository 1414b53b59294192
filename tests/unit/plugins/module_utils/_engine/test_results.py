# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules return, the same in check mode and from a run."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.applying import Outcome, Work
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.declaration import Declaration
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.planning import (
    DELETED,
    Grant,
    Step,
    Wanted,
    plan_shares,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.results import (
    diff,
    resource_result,
    share_row,
    summarize,
    warn_of_dead,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.principals import parse_principal
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.resources import Resource
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.shares import (
    DEAD_STATUSES,
    RENEWED_BY_DEFAULT,
    Share,
)

from ..examples import (
    ANA,
    ANA_ROOT,
    ANA_USER,
    BEN,
    CLEO,
    HERE,
    ID,
    ORGANIZATION,
    OU,
    OU_ARN,
    OWNER,
    REGION,
    arn,
    grant,
    resource,
    share,
)

Finish = Callable[[Work], Work]

ONE = resource("workload", ID, "One")
HEADER = f"shares of workload 'One' ({ID})"


def work(
    grants: Collection[Grant] = (),
    listed: Collection[Share] = (),
    removals: Collection[str] = (),
    purge: bool = False,
    renew: Collection[str] = RENEWED_BY_DEFAULT,
    of: Resource = ONE,
) -> Work:
    """A planned piece of work: nothing was done yet."""
    wanted = Wanted(tuple(grants), tuple(map(parse_principal, removals)), purge, frozenset(renew))
    return Work(Declaration(of, wanted), tuple(listed), plan_shares(wanted, listed, OWNER))


def predicted(planned: Work) -> Work:
    """As check mode leaves it."""
    done = replace(planned, outcomes=[])
    done.predict()
    return done


def outcome(step: Step, number: int) -> Outcome:
    if step.action in ("created", "renewed"):
        return Outcome(step.action, step.principal, step.permission, f"new {number}", "PENDING")
    there = step.share
    assert there is not None
    return Outcome(step.action, there.principal, step.permission, there.share_id, there.status, there.status_message)


def ran(planned: Work) -> Work:
    """As a run leaves it in which all went as planned and that waited: new shares have an ID and a status."""
    outcomes = [(step, outcome(step, number)) for number, step in enumerate(planned.plan.steps)]
    return replace(planned, outcomes=outcomes)


both_ways = pytest.mark.parametrize("finish", [predicted, ran], ids=["check mode", "run"])

EVERYTHING = work(
    grants=[
        grant(ANA, "CONTRIBUTOR"),
        grant(BEN, "READONLY"),
        grant(OU_ARN, "READONLY"),
        grant(CLEO, "READONLY"),
        grant(OWNER, "READONLY"),
    ],
    listed=[
        share(ANA_ROOT, "ACCEPTED", "READONLY", "s1"),
        share(BEN, "EXPIRED", "CONTRIBUTOR", "s2"),
        share(BEN, "FAILED", "READONLY", "s3", "no such account"),
        share(CLEO, "REJECTED", "CONTRIBUTOR", "s4"),
        share(ANA_USER, "ACCEPTED", "READONLY", "s5"),
        share(ORGANIZATION, "ASSOCIATED", "READONLY", "s6"),
    ],
    removals=[ANA_USER],
)

CASES = {
    "nothing to do": work([grant(ANA, "READONLY")], [share(ANA, "ACCEPTED", "READONLY")]),
    "created": work([grant(ANA, "READONLY")]),
    "created beside another": work([grant(ANA, "READONLY")], [share(BEN, "PENDING", "READONLY")]),
    "updated": work([grant(ANA, "CONTRIBUTOR")], [share(ANA_ROOT, "ACCEPTED", "READONLY")]),
    "renewed": work([grant(ANA, "READONLY")], [share(ANA_ROOT, "EXPIRED", "CONTRIBUTOR")]),
    "several renewed": work([grant(ANA, "READONLY")], [share(ANA, "EXPIRED"), share(ANA, "FAILED")]),
    "left dead": work([grant(ANA, "READONLY")], [share(ANA, "REJECTED", "CONTRIBUTOR")]),
    "deleted": work([], [share(ANA), share(BEN)], removals=[ANA]),
    "purged": work([grant(CLEO)], [share(ANA), share(BEN, "EXPIRED")], purge=True, of=resource("lens", name="L")),
    "everything": EVERYTHING,
}
every_case = pytest.mark.parametrize("planned", CASES.values(), ids=CASES)


# The diff


def not_waited(done: Work) -> Work:
    """The same of a run that did not wait: nobody has looked at the new shares since."""
    new = ("created", "renewed")
    return replace(
        done,
        outcomes=[(step, replace(one, status=None) if one.action in new else one) for step, one in done.outcomes],
    )


@every_case
def test_the_diff_is_the_same_in_check_mode_and_from_a_run_that_does_not_wait(planned: Work) -> None:
    assert diff([predicted(planned)]) == diff([not_waited(ran(planned))])


def test_the_diff_of_a_run_says_the_status_that_was_reached_where_it_is_known() -> None:
    planned = work([grant(ANA, "CONTRIBUTOR"), grant(BEN, "READONLY")], [share(ANA, "ASSOCIATING", "READONLY", "s1")])
    done = ran(planned)
    done.outcomes = [
        (step, replace(one, status="ASSOCIATED") if one.action == "updated" else one) for step, one in done.outcomes
    ]
    (shown,) = diff([done])
    assert shown["after"] == f"{ANA} CONTRIBUTOR ASSOCIATED\n{BEN} READONLY PENDING\n"
    (shown,) = diff([predicted(planned)])
    assert shown["after"] == f"{ANA} CONTRIBUTOR ASSOCIATING\n{BEN} READONLY new\n"


@every_case
def test_there_is_a_diff_where_and_only_where_something_changed(planned: Work) -> None:
    assert bool(diff([ran(planned)])) is bool(planned.plan.changes)


def test_the_diff_has_a_line_for_each_share_before_and_after() -> None:
    (shown,) = diff([predicted(EVERYTHING)])
    assert (shown["before_header"], shown["after_header"]) == (HEADER, HEADER)
    assert shown["before"] == (
        f"{BEN} CONTRIBUTOR EXPIRED\n"
        f"{BEN} READONLY FAILED\n"
        f"{CLEO} CONTRIBUTOR REJECTED\n"
        f"{ANA_ROOT} READONLY ACCEPTED\n"
        f"{ANA_USER} READONLY ACCEPTED\n"
        f"{ORGANIZATION} READONLY ASSOCIATED\n"
    )
    assert shown["after"] == (
        f"{BEN} READONLY new\n"
        f"{CLEO} CONTRIBUTOR REJECTED\n"
        f"{ANA_ROOT} CONTRIBUTOR ACCEPTED\n"
        f"{OU_ARN} READONLY new\n"
        f"{ORGANIZATION} READONLY ASSOCIATED\n"
    )


def test_a_kind_without_permission_shows_none() -> None:
    planned = work([grant(OU)], [share(ANA, "PENDING")], removals=[ANA], of=resource("profile", name="P"))
    (shown,) = diff([predicted(planned)])
    assert (shown["before"], shown["after"]) == (f"{ANA} PENDING\n", f"{OU} new\n")


def test_the_diff_has_one_item_for_each_resource_that_changed_in_their_order() -> None:
    two = work([grant(ANA, "READONLY")], of=resource("workload", "f" * 32, "Two"))
    shown = diff([ran(two), ran(CASES["nothing to do"]), ran(CASES["created"])])
    assert [each["after_header"] for each in shown] == [f"shares of workload 'Two' ({'f' * 32})", HEADER]


def test_what_was_not_done_is_not_in_the_diff() -> None:
    done = ran(EVERYTHING)
    done.outcomes = [(step, each) for step, each in done.outcomes if each.action != "deleted"]
    (shown,) = diff([done])
    assert f"{ANA_USER} READONLY ACCEPTED\n" in shown["after"]


# Rows and results


@both_ways
def test_a_resource_has_a_row_for_each_share_in_the_order_declared_then_what_was_removed(
    finish: Finish,
) -> None:
    rows = resource_result(finish(EVERYTHING), HERE)["shares"]
    assert [(row["action"], row["shared_with"], row["permission_type"]) for row in rows] == [
        ("updated", ANA_ROOT, "CONTRIBUTOR"),
        ("renewed", BEN, "READONLY"),
        ("created", OU_ARN, "READONLY"),
        ("unchanged", CLEO, "CONTRIBUTOR"),
        ("deleted", ANA_USER, "READONLY"),
    ]


def test_a_row_has_all_that_is_known_of_the_share() -> None:
    planned = work([grant(ANA, "READONLY")], [share(ANA_ROOT, "FAILED", "READONLY", "s1", "no such account")], renew=[])
    (row,) = resource_result(ran(planned), HERE)["shares"]
    assert row == {
        "shared_with": ANA_ROOT,
        "shared_with_name": None,
        "share_id": "s1",
        "status": "FAILED",
        "status_message": "no such account",
        "permission_type": "READONLY",
        "action": "unchanged",
    }


@pytest.mark.parametrize("case", ["created", "renewed"])
def test_in_check_mode_a_share_to_come_has_no_id_and_no_status(case: str) -> None:
    (row,) = resource_result(predicted(CASES[case]), HERE)["shares"]
    assert row == {
        "shared_with": ANA,
        "shared_with_name": None,
        "share_id": None,
        "status": None,
        "status_message": None,
        "permission_type": "READONLY",
        "action": case,
    }


def test_a_row_is_made_of_an_outcome_alone() -> None:
    made = share_row(Outcome("created", parse_principal(OU), None, "s1", "FAILED", "not in the organization"))
    assert made == {
        "shared_with": OU,
        "shared_with_name": None,
        "share_id": "s1",
        "status": "FAILED",
        "status_message": "not in the organization",
        "permission_type": None,
        "action": "created",
    }


@every_case
@both_ways
def test_changed_says_whether_anything_was_or_would_be_changed(planned: Work, finish: Finish) -> None:
    assert resource_result(finish(planned), HERE)["changed"] is bool(planned.plan.changes)


def test_a_renewal_that_stopped_halfway_shows_the_share_that_went() -> None:
    planned = CASES["renewed"]
    (step,) = planned.plan.changes
    (dead,) = step.replaced
    gone = Outcome(DELETED, dead.principal, dead.permission, dead.share_id, dead.status)
    half_done = replace(planned, outcomes=[(step, gone)], errors=["It broke"], not_done=[step])
    assert resource_result(half_done, HERE)["changed"] is True
    assert summarize([half_done])["deleted"] == 1
    (shown,) = diff([half_done])
    assert dead.principal.text in shown["before"]
    assert dead.principal.text not in shown["after"]


def test_a_user_and_a_role_of_one_name_are_two_lines_of_the_diff() -> None:
    grants = [Grant(parse_principal(f"arn:aws:iam::111122223333:{kind}/ana")) for kind in ("user", "role")]
    wanted = Wanted(tuple(grants))
    work = Work(Declaration(EVERYTHING.declaration.resource, wanted), plan=plan_shares(wanted, ()))
    work.predict()
    assert diff([work])[0]["after"].count("new") == 2


def test_a_result_names_its_resource() -> None:
    assert resource_result(ran(EVERYTHING), HERE)["resource"] == {
        "kind": "workload",
        "id": ID,
        "arn": arn("workload"),
        "name": "One",
        "account_id": OWNER,
        "region": REGION,
    }


def test_only_a_resource_that_failed_has_an_error() -> None:
    assert "error" not in resource_result(ran(EVERYTHING), HERE)
    failed = replace(ran(EVERYTHING), errors=["It broke"])
    assert resource_result(failed, HERE)["error"] == "It broke."


def test_the_error_says_what_was_not_done() -> None:
    failed = replace(EVERYTHING, errors=["It broke.", "It broke.", "It broke again"])
    failed.not_done = list(EVERYTHING.plan.changes)
    assert resource_result(failed, HERE)["error"] == (
        "It broke. It broke again. Not done: "
        f"remove {ANA_USER}, change the permission of {ANA}, share again with {BEN}, share with {OU_ARN}."
    )


def test_the_error_names_no_more_than_twenty_of_what_was_not_done() -> None:
    many = work([grant(f"{number:012}", "READONLY") for number in range(23)])
    many.not_done = list(many.plan.changes)
    error = resource_result(many, HERE)["error"]
    assert error.count("share with") == 20
    assert error.endswith("share with 000000000019, 3 more.")


# The summary


@both_ways
def test_the_summary_counts_shares_by_action_and_resources_that_failed(
    finish: Finish,
) -> None:
    works = [finish(planned) for planned in CASES.values()]
    works[1].errors.append("It broke")
    assert summarize(works) == {
        "created": 4,
        "updated": 2,
        "renewed": 3,
        "deleted": 4,
        "unchanged": 3,
        "failed": 1,
    }


def test_the_summary_of_nothing_is_all_zero() -> None:
    assert summarize([]) == {"created": 0, "updated": 0, "renewed": 0, "deleted": 0, "unchanged": 0, "failed": 0}


def test_a_renewal_counts_as_one_and_not_as_a_removal() -> None:
    counts = summarize(iter([ran(CASES["several renewed"])]))
    assert (counts["renewed"], counts["deleted"], counts["created"]) == (1, 0, 0)


# The warning


def test_dead_shares_that_are_left_are_warned_about_with_what_would_renew_them() -> None:
    planned = work(
        [grant(ANA, "READONLY"), grant(BEN, "READONLY"), grant(CLEO, "READONLY")],
        [share(ANA, "REJECTED"), share(BEN, "EXPIRED"), share(CLEO, "REJECTED")],
        renew=[],
    )
    assert warnings(planned) == [
        f"workload 'One' ({ID}) is not shared with {ANA} (REJECTED), {BEN} (EXPIRED), {CLEO} (REJECTED): "
        "such a share is sent again only if renew includes EXPIRED, REJECTED"
    ]


@pytest.mark.parametrize("case", sorted(set(CASES) - {"left dead", "everything"}))
def test_without_dead_shares_that_are_left_there_is_no_warning(case: str) -> None:
    assert warnings(CASES[case]) == []


@pytest.mark.parametrize("status", DEAD_STATUSES)
def test_a_dead_share_of_who_is_not_declared_is_not_warned_about(status: str) -> None:
    assert warnings(work([grant(ANA, "READONLY")], [share(BEN, status)], renew=[])) == []


def warnings(done: Work) -> list[str]:
    """What ``warn_of_dead`` warns of."""
    told: list[str] = []
    warn_of_dead([done], told.append)
    return told


# What was not as declared


def test_a_change_that_turned_into_a_create_leaves_no_old_line() -> None:
    """The share that was to be updated had been removed by others."""
    done = work([grant(ANA, "READONLY")], [share(ANA, "ACCEPTED", "CONTRIBUTOR")])
    (step,) = done.plan.steps
    done.outcomes = [(step, Outcome("created", step.principal, "READONLY", "new"))]
    assert diff([done])[0]["after"] == f"{ANA} READONLY new\n"
