# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is declared and what is listed, turned into steps.

For each declared principal: where there is no share, one is created. A live share with the same permission is left, one
with another permission is updated in place. A dead share in ``renew`` is deleted and created, any other is left, with a
warning. Removals go first.
"""

from __future__ import annotations

from collections.abc import Collection

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.planning import (
    Grant,
    Plan,
    Wanted,
    needs_owner,
    plan_shares,
    too_many_removals,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.principals import (
    Principal,
    parse_principal,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.shares import (
    DEAD_STATUSES,
    LIVE_STATUSES,
    RENEWED_BY_DEFAULT,
    Share,
)

from ..examples import (
    ANA,
    ANA_ROLE,
    ANA_ROOT,
    ANA_USER,
    BEN,
    CLEO,
    ORGANIZATION,
    ORGANIZATION_ARN,
    OU,
    OU_ARN,
    OWNER,
    grant,
    share,
)

ALL_STATUSES = LIVE_STATUSES + DEAD_STATUSES

every_live_status = pytest.mark.parametrize("status", LIVE_STATUSES)
every_dead_status = pytest.mark.parametrize("status", DEAD_STATUSES)
every_status = pytest.mark.parametrize("status", ALL_STATUSES)
every_permission = pytest.mark.parametrize(
    "permission", [None, "READONLY", "CONTRIBUTOR"], ids=["no workload", "READONLY", "CONTRIBUTOR"]
)
other_permission = pytest.mark.parametrize(
    ("had", "declared"), [("READONLY", "CONTRIBUTOR"), ("CONTRIBUTOR", "READONLY")]
)


def wanted(
    *grants: Grant,
    removals: Collection[str] = (),
    purge: bool = False,
    renew: Collection[str] = RENEWED_BY_DEFAULT,
) -> Wanted:
    return Wanted(grants, tuple(map(parse_principal, removals)), purge, frozenset(renew))


def actions(plan: Plan) -> list[tuple[str, str]]:
    """Each step as its action and its principal."""
    return [(step.action, step.principal.text) for step in plan.steps]


# No share


@every_permission
def test_without_a_share_one_is_created_with_the_permission_declared(permission: str | None) -> None:
    (step,) = plan_shares(wanted(grant(ANA, permission)), []).steps
    assert (step.action, step.principal.text, step.permission) == ("created", ANA, permission)
    assert step.share is None
    assert step.replaced == ()


def test_another_principals_share_does_not_count() -> None:
    plan = plan_shares(wanted(grant(ANA_USER)), [share(ANA), share(ANA_ROLE), share(BEN)])
    assert actions(plan) == [("created", ANA_USER)]


# A live share


@every_live_status
@every_permission
def test_a_live_share_with_the_same_permission_is_left(status: str, permission: str | None) -> None:
    listed = share(ANA, status, permission)
    plan = plan_shares(wanted(grant(ANA, permission), renew=DEAD_STATUSES), [listed])
    (step,) = plan.steps
    assert (step.action, step.permission, step.share) == ("unchanged", permission, listed)
    assert plan.changes == ()


@every_live_status
@other_permission
def test_a_live_share_with_another_permission_is_updated_in_place(status: str, had: str, declared: str) -> None:
    listed = share(ANA, status, had)
    (step,) = plan_shares(wanted(grant(ANA, declared)), [listed]).changes
    assert (step.action, step.permission, step.share, step.replaced) == ("updated", declared, listed, ())


# A dead share


@every_dead_status
@every_permission
def test_a_dead_share_in_renew_is_replaced(status: str, permission: str | None) -> None:
    listed = share(ANA, status, permission)
    plan = plan_shares(wanted(grant(ANA, permission), renew=[status]), [listed])
    (step,) = plan.changes
    assert (step.action, step.permission, step.replaced) == ("renewed", permission, (listed,))
    assert plan.left_dead == ()


@every_dead_status
@other_permission
def test_a_renewed_share_has_the_permission_declared_whatever_it_had(status: str, had: str, declared: str) -> None:
    (step,) = plan_shares(wanted(grant(ANA, declared), renew=[status]), [share(ANA, status, had)]).changes
    assert (step.action, step.permission) == ("renewed", declared)


@every_dead_status
@every_permission
def test_a_dead_share_not_in_renew_is_left_and_told(status: str, permission: str | None) -> None:
    listed = share(ANA, status, permission)
    others = set(DEAD_STATUSES) - {status}
    plan = plan_shares(wanted(grant(ANA, permission), renew=others), [listed])
    assert [(step.action, step.share) for step in plan.steps] == [("unchanged", listed)]
    assert plan.left_dead == (listed,)


@every_dead_status
@other_permission
def test_a_dead_share_that_is_left_keeps_the_permission_it_had(status: str, had: str, declared: str) -> None:
    (step,) = plan_shares(wanted(grant(ANA, declared), renew=[]), [share(ANA, status, had)]).steps
    assert (step.action, step.permission) == ("unchanged", had)


@pytest.mark.parametrize(
    ("renew", "renewed"),
    [
        pytest.param(RENEWED_BY_DEFAULT, {"EXPIRED", "REVOKED", "FAILED"}, id="the default"),
        pytest.param([], set(), id="none"),
        pytest.param(DEAD_STATUSES, set(DEAD_STATUSES), id="all"),
        pytest.param(["REJECTED"], {"REJECTED"}, id="only REJECTED"),
    ],
)
def test_renew_names_the_statuses_that_are_sent_again(renew: Collection[str], renewed: set[str]) -> None:
    sent_again = {
        status
        for status in DEAD_STATUSES
        if actions(plan_shares(wanted(grant(ANA), renew=renew), [share(ANA, status)])) == [("renewed", ANA)]
    }
    assert sent_again == renewed


def test_a_share_in_a_status_that_is_not_known_is_left_and_told() -> None:
    listed = share(ANA, "NEW_STATUS")
    plan = plan_shares(wanted(grant(ANA), renew=DEAD_STATUSES), [listed])
    assert plan.changes == ()
    assert plan.left_dead == (listed,)


# Principals are compared by what they mean


@pytest.mark.parametrize(
    ("declared", "listed"),
    [
        (ANA, ANA_ROOT),
        (ANA_ROOT, ANA),
        (ORGANIZATION, ORGANIZATION_ARN),
        (ORGANIZATION_ARN, ORGANIZATION),
        (OU, OU_ARN),
        (OU_ARN, OU),
    ],
)
@pytest.mark.parametrize("purge", [False, True], ids=["kept", "kept by a purge"])
def test_a_share_listed_in_another_form_is_the_share(declared: str, listed: str, purge: bool) -> None:
    assert plan_shares(wanted(grant(declared), purge=purge), [share(listed)]).changes == ()


@pytest.mark.parametrize(("declared", "listed"), [(ANA, ANA_ROOT), (ORGANIZATION, ORGANIZATION_ARN), (OU_ARN, OU)])
def test_a_share_listed_in_another_form_is_removed(declared: str, listed: str) -> None:
    the_share = share(listed)
    assert [step.share for step in plan_shares(wanted(removals=[declared]), [the_share]).changes] == [the_share]


def test_a_new_share_is_sent_as_the_user_wrote_it() -> None:
    plan = plan_shares(wanted(grant(OU_ARN)), [share(OU, "EXPIRED")])
    assert actions(plan) == [("renewed", OU_ARN)]


# Several shares of one principal


def test_a_live_share_stands_for_the_dead_ones_beside_it() -> None:
    live = share(ANA, "ACCEPTED")
    plan = plan_shares(wanted(grant(ANA), renew=["EXPIRED"]), [share(ANA, "EXPIRED"), live, share(ANA, "REJECTED")])
    assert [(step.action, step.share) for step in plan.steps] == [("unchanged", live)]
    assert plan.left_dead == ()


def test_every_live_share_gets_the_permission_declared() -> None:
    wrong, right = share(ANA, "PENDING", "READONLY"), share(ANA, "ACCEPTED", "CONTRIBUTOR")
    also_wrong = share(ANA_ROOT, "ASSOCIATED", "READONLY")
    plan = plan_shares(wanted(grant(ANA, "CONTRIBUTOR")), [wrong, right, also_wrong])
    assert [(step.action, step.share) for step in plan.steps] == [
        ("updated", wrong),
        ("unchanged", right),
        ("updated", also_wrong),
    ]


def test_several_dead_shares_in_renew_are_replaced_by_one() -> None:
    listed = (share(ANA, "EXPIRED"), share(ANA_ROOT, "FAILED"))
    (step,) = plan_shares(wanted(grant(ANA), renew=["EXPIRED", "FAILED"]), listed).steps
    assert (step.action, step.replaced) == ("renewed", listed)


def test_dead_shares_of_which_one_is_not_in_renew_are_left() -> None:
    plan = plan_shares(wanted(grant(ANA), renew=["EXPIRED"]), [share(ANA, "EXPIRED"), share(ANA, "REJECTED")])
    assert plan.changes == ()
    assert "REJECTED" in {left.status for left in plan.left_dead}


def test_every_share_of_a_principal_is_removed() -> None:
    listed = [share(ANA, "ACCEPTED"), share(ANA_ROOT, "EXPIRED"), share(BEN)]
    assert [step.share for step in plan_shares(wanted(removals=[ANA]), listed).changes] == listed[:2]


# Purge and absent


@every_status
def test_a_purge_deletes_what_is_not_declared_whatever_its_status(status: str) -> None:
    listed = share(BEN, status, "CONTRIBUTOR")
    (step,) = plan_shares(wanted(grant(ANA), purge=True), [share(ANA), listed]).changes
    assert (step.action, step.share, step.permission) == ("deleted", listed, "CONTRIBUTOR")


@every_status
def test_without_a_purge_what_is_not_declared_is_left(status: str) -> None:
    plan = plan_shares(wanted(grant(ANA)), [share(ANA), share(BEN, status)])
    assert actions(plan) == [("unchanged", ANA)]


def test_a_purge_with_nobody_declared_deletes_every_share() -> None:
    plan = plan_shares(wanted(purge=True), [share(ANA), share(OU, "FAILED"), share("team/reviewers")])
    assert actions(plan) == [("deleted", ANA), ("deleted", OU), ("deleted", "team/reviewers")]


@every_status
def test_absent_deletes_a_share_live_or_dead(status: str) -> None:
    listed = share(ANA, status)
    plan = plan_shares(wanted(removals=[ANA], renew=DEAD_STATUSES), [listed])
    assert [(step.action, step.share) for step in plan.steps] == [("deleted", listed)]


def test_absent_leaves_everyone_else() -> None:
    plan = plan_shares(wanted(removals=[ANA]), [share(BEN), share(ANA_USER), share(ANA_ROLE, "EXPIRED")])
    assert plan.steps == ()


def test_present_and_absent_side_by_side_do_both() -> None:
    plan = plan_shares(wanted(grant(ANA), removals=[BEN]), [share(BEN), share(CLEO)])
    assert actions(plan) == [("created", ANA), ("deleted", BEN)]


# The owner


@pytest.mark.parametrize("form", [OWNER, f"arn:aws:iam::{OWNER}:root"], ids=["account ID", "root ARN"])
def test_the_owner_is_dropped_and_told(form: str) -> None:
    plan = plan_shares(wanted(grant(form), grant(ANA)), [], OWNER)
    assert actions(plan) == [("created", ANA)]
    assert plan.owner_dropped


@pytest.mark.parametrize("kind", ["user", "role"])
def test_the_owners_users_and_roles_are_dropped_too(kind: str) -> None:
    text = f"arn:aws:iam::{OWNER}:{kind}/ana"
    plan = plan_shares(wanted(grant(text), grant(ANA_USER), grant(ANA_ROLE)), [], OWNER)
    assert actions(plan) == [("created", ANA_USER), ("created", ANA_ROLE)]
    assert [principal.text for principal in plan.owner_dropped] == [text]


@every_status
@pytest.mark.parametrize("purge", [False, True], ids=["no purge", "purge"])
def test_a_share_with_the_owner_that_is_declared_is_not_touched(status: str, purge: bool) -> None:
    declared = wanted(grant(OWNER, "READONLY"), purge=purge, renew=DEAD_STATUSES)
    assert plan_shares(declared, [share(OWNER, status, "CONTRIBUTOR")], OWNER).changes == ()


@pytest.mark.parametrize("declared", [wanted(removals=[OWNER]), wanted(purge=True)], ids=["absent", "purge"])
def test_a_share_with_the_owner_that_is_not_declared_can_be_removed(declared: Wanted) -> None:
    plan = plan_shares(declared, [share(OWNER)], OWNER)
    assert actions(plan) == [("deleted", OWNER)]
    assert not plan.owner_dropped


def test_where_the_owner_is_not_known_nobody_is_dropped() -> None:
    plan = plan_shares(wanted(grant(OWNER)), [])
    assert actions(plan) == [("created", OWNER)]
    assert not plan.owner_dropped


@pytest.mark.parametrize(
    ("principal", "listed", "needed"),
    [
        pytest.param(ANA, [], True, id="an account is created"),
        pytest.param(ANA_ROOT, [share(ANA, "EXPIRED")], True, id="an account is renewed"),
        pytest.param(ANA, [share(ANA, "ACCEPTED", "READONLY")], False, id="an account is there"),
        pytest.param(ANA, [share(ANA, "ACCEPTED", "CONTRIBUTOR")], False, id="an account is updated"),
        pytest.param(ANA, [share(ANA, "REJECTED")], False, id="an account is left dead"),
        pytest.param(ANA_USER, [], True, id="a user is created"),
        pytest.param(ANA_ROLE, [], True, id="a role is created"),
        pytest.param(ORGANIZATION, [], False, id="an organization is created"),
        pytest.param(OU, [], False, id="an OU is created"),
    ],
)
def test_the_owner_is_needed_only_where_somebody_of_an_account_is_shared_with(
    principal: str, listed: list[Share], needed: bool
) -> None:
    assert needs_owner(plan_shares(wanted(grant(principal, "READONLY")), listed)) is needed


def test_the_owner_is_not_needed_to_remove_shares() -> None:
    assert not needs_owner(plan_shares(wanted(removals=[ANA], purge=True), [share(ANA), share(BEN)]))


# Order


def test_changes_are_made_removals_first_and_creations_last() -> None:
    plan = plan_shares(
        wanted(grant(OU), grant(ANA), grant(BEN, "CONTRIBUTOR"), purge=True),
        [share(ANA, "EXPIRED"), share(BEN, "ACCEPTED", "READONLY"), share(CLEO), share(ORGANIZATION)],
    )
    assert [(step.action, step.principal.text) for step in plan.changes] == [
        ("deleted", CLEO),
        ("deleted", ORGANIZATION),
        ("updated", BEN),
        ("renewed", ANA),
        ("created", OU),
    ]


def test_steps_are_in_the_order_declared_then_what_is_removed() -> None:
    plan = plan_shares(
        wanted(grant(CLEO), grant(ANA), grant(BEN), removals=[OU]), [share(OU), share(BEN), share(ANA, "EXPIRED")]
    )
    assert actions(plan) == [("created", CLEO), ("renewed", ANA), ("unchanged", BEN), ("deleted", OU)]


def test_nothing_declared_and_nothing_there_is_nothing_to_do() -> None:
    assert plan_shares(wanted(), []) == Plan()


# The guard rail max_removals


def removing(count: int) -> Plan:
    listed = [share(f"{number:012}") for number in range(count)]
    return plan_shares(wanted(purge=True), listed)


@pytest.mark.parametrize(
    ("removals", "most", "stopped"),
    [
        pytest.param([5], None, False, id="no guard rail"),
        pytest.param([], 0, False, id="no resources"),
        pytest.param([0], 0, False, id="none, and none allowed"),
        pytest.param([1], 0, True, id="one, and none allowed"),
        pytest.param([3], 3, False, id="as many as allowed"),
        pytest.param([4], 3, True, id="one more than allowed"),
        pytest.param([2, 0, 1], 3, False, id="of all resources together, as many as allowed"),
        pytest.param([2, 0, 2], 3, True, id="of all resources together, one more than allowed"),
    ],
)
def test_more_removals_than_allowed_stop_the_run(removals: list[int], most: int | None, stopped: bool) -> None:
    assert too_many_removals([removing(count) for count in removals], most) is stopped


def test_renewals_updates_and_creations_are_no_removals() -> None:
    plan = plan_shares(
        wanted(grant(ANA), grant(BEN, "READONLY"), grant(OU)),
        [share(ANA, "EXPIRED"), share(ANA, "FAILED"), share(BEN, "ACCEPTED", "CONTRIBUTOR")],
    )
    assert len(plan.changes) == 3
    assert plan.removals == 0
    assert not too_many_removals([plan], 0)


def test_dead_shares_that_are_deleted_for_good_are_removals() -> None:
    assert plan_shares(wanted(removals=[ANA]), [share(ANA, "EXPIRED"), share(ANA, "FAILED")]).removals == 2


# The part of a declaration that concerns one principal


@pytest.mark.parametrize(
    ("declared", "principal", "part"),
    [
        pytest.param(wanted(grant(ANA), grant(BEN)), ANA, wanted(grant(ANA)), id="declared"),
        pytest.param(wanted(grant(ANA), grant(BEN)), ANA_ROOT, wanted(grant(ANA)), id="declared in another form"),
        pytest.param(wanted(grant(ANA), purge=True), ANA, wanted(grant(ANA)), id="declared, with a purge"),
        pytest.param(wanted(grant(ANA), purge=True), BEN, wanted(removals=[BEN]), id="purged"),
        pytest.param(wanted(grant(ANA), removals=[BEN, CLEO]), BEN, wanted(removals=[BEN]), id="to be absent"),
        pytest.param(wanted(grant(ANA)), BEN, wanted(), id="not declared"),
    ],
)
def test_the_part_for_one_principal_asks_the_same_of_it_and_nothing_of_others(
    declared: Wanted, principal: str, part: Wanted
) -> None:
    one: Principal = parse_principal(principal)
    assert declared.only(one) == part
