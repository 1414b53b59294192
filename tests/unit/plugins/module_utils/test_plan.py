# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done for each principal, and what the plan says of it."""

from __future__ import annotations

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._plan import needs_owner, plan_row, plan_shares
from ansible_collections.wellarchitected.sharing.plugins.module_utils._principals import parse_principal
from ansible_collections.wellarchitected.sharing.plugins.module_utils._shares import ACTIVE_STATUSES, INACTIVE_STATUSES

from .examples import ANA, ANA_ROLE, ANA_ROOT, ANA_USER, BEN, HERE, ID, ORGANIZATION, OU, OWNER, declare, grant, share

RENEW = frozenset(("EXPIRED", "REVOKED", "FAILED"))


def actions(plan: object) -> list[tuple[str, str]]:
    return [(step.action, step.principal.text) for step in plan.steps]  # type: ignore[attr-defined]


def test_what_is_not_shared_is_created() -> None:
    (step,) = plan_shares(declare(grant(ANA, "READONLY")), []).steps
    assert (step.action, step.principal.text, step.permission, step.share) == ("created", ANA, "READONLY", None)


@pytest.mark.parametrize("status", ACTIVE_STATUSES)
def test_an_active_share_with_the_permission_is_unchanged(status: str) -> None:
    existing = share(ANA_ROOT, status, "READONLY")
    (step,) = plan_shares(declare(grant(ANA, "READONLY")), [existing]).steps
    assert (step.action, step.share) == ("unchanged", existing)


@pytest.mark.parametrize("status", ACTIVE_STATUSES)
def test_an_active_share_with_another_permission_is_updated(status: str) -> None:
    existing = share(ANA, status, "READONLY")
    (step,) = plan_shares(declare(grant(ANA, "CONTRIBUTOR")), [existing]).steps
    assert (step.action, step.share, step.permission) == ("updated", existing, "CONTRIBUTOR")


@pytest.mark.parametrize("status", INACTIVE_STATUSES)
def test_an_inactive_share_is_renewed_if_its_status_is_listed(status: str) -> None:
    existing = share(ANA, status, "READONLY")
    renewed = plan_shares(declare(grant(ANA, "READONLY"), renew=frozenset((status,))), [existing])
    assert [(step.action, step.replaced) for step in renewed.steps] == [("renewed", (existing,))]
    left = plan_shares(declare(grant(ANA, "READONLY"), renew=frozenset(INACTIVE_STATUSES) - {status}), [existing])
    assert actions(left) == [("unchanged", ANA)]
    assert left.left_inactive == (existing,)


def test_several_inactive_shares_are_renewed_together_or_not_at_all() -> None:
    expired, rejected = share(ANA, "EXPIRED"), share(ANA, "REJECTED")
    both = plan_shares(declare(grant(ANA), renew=frozenset(INACTIVE_STATUSES)), [expired, rejected])
    assert [(step.action, step.share, step.replaced) for step in both.steps] == [
        ("renewed", rejected, (expired, rejected))
    ]
    assert plan_shares(declare(grant(ANA), renew=RENEW), [expired, rejected]).left_inactive == (expired, rejected)


def test_beside_an_active_share_inactive_ones_do_not_matter() -> None:
    assert actions(plan_shares(declare(grant(ANA), renew=RENEW), [share(ANA, "EXPIRED"), share(ANA, "ACCEPTED")])) == [
        ("unchanged", ANA)
    ]


class TestRemovals:
    def test_undeclared_shares_stay(self) -> None:
        assert plan_shares(declare(grant(ANA)), [share(ANA), share(BEN)]).changes == ()

    def test_purge_deletes_them_whatever_their_status(self) -> None:
        listed = [share(ANA), share(BEN), share(BEN, "EXPIRED"), share(OU, "ASSOCIATING")]
        assert actions(plan_shares(declare(grant(ANA), purge=True), listed)) == [
            ("unchanged", ANA),
            ("deleted", BEN),
            ("deleted", BEN),
            ("deleted", OU),
        ]

    def test_only_the_removed_principal_loses_its_shares(self) -> None:
        listed = [share(ANA), share(ANA_USER), share(BEN)]
        assert actions(plan_shares(declare(removals=(parse_principal(ANA_ROOT),)), listed)) == [("deleted", ANA)]

    def test_removed_accounts_lose_those_of_users_and_roles_too(self) -> None:
        listed = [share(ANA), share(ANA_USER), share(ANA_ROLE), share(BEN)]
        plan = plan_shares(declare(removals=(parse_principal(ANA),), removed_accounts=frozenset((ANA,))), listed)
        assert {step.principal.text for step in plan.changes} == {ANA, ANA_USER, ANA_ROLE}
        assert plan.kept_access == ()

    def test_a_user_that_keeps_a_share_is_reported(self) -> None:
        plan = plan_shares(declare(removals=(parse_principal(ANA),)), [share(ANA), share(ANA_USER)])
        assert [(account.text, user.text) for account, user in plan.kept_access] == [(ANA, ANA_USER)]

    def test_an_inactive_share_of_a_user_is_not_access(self) -> None:
        plan = plan_shares(declare(removals=(parse_principal(ANA),)), [share(ANA), share(ANA_USER, "EXPIRED")])
        assert plan.kept_access == ()


def test_changes_are_in_the_order_of_the_quota() -> None:
    listed = [
        share(ANA, "ACCEPTED", "READONLY"),
        share(BEN, "EXPIRED", "READONLY"),
        share(OU, "ASSOCIATED", "READONLY"),
    ]
    grants = [grant(ORGANIZATION, "READONLY"), grant(BEN, "READONLY"), grant(ANA, "CONTRIBUTOR")]
    plan = plan_shares(declare(*grants, purge=True, renew=RENEW), listed)
    assert [step.action for step in plan.changes] == ["deleted", "updated", "renewed", "created"]


@pytest.mark.parametrize("own", [OWNER, f"arn:aws:iam::{OWNER}:root", f"arn:aws:iam::{OWNER}:user/olga"])
def test_the_owner_is_dropped(own: str) -> None:
    plan = plan_shares(declare(grant(own), grant(ANA)), [], OWNER)
    assert actions(plan) == [("created", ANA)]
    assert [principal.text for principal in plan.dropped] == [own]


@pytest.mark.parametrize(("text", "expected"), [(ANA, True), (ANA_USER, True), (OU, False)])
def test_the_owner_has_to_be_known_only_for_accounts_users_and_roles(text: str, expected: bool) -> None:
    assert needs_owner(plan_shares(declare(grant(text)), [])) is expected
    assert not needs_owner(plan_shares(declare(grant(text)), [share(text)]))


def test_a_row_of_the_plan() -> None:
    declaration = declare(grant(ANA, "READONLY"))
    (step,) = plan_shares(declaration, []).steps
    assert plan_row(HERE, declaration.resource, step) == {
        "account_id": OWNER,
        "region": "eu-west-1",
        "kind": "workload",
        "id": ID,
        "name": None,
        "shared_with": ANA,
        "permission_type": "READONLY",
        "action": "created",
    }
