# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Properties of every plan, for any declaration and any existing shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from ansible_collections.wellarchitected.sharing.plugins.module_utils._declaration import (
    Declaration,
    merge_entries,
    parse_entries,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._plan import Plan, Step, plan_shares
from ansible_collections.wellarchitected.sharing.plugins.module_utils._principals import Principal, parse_principal
from ansible_collections.wellarchitected.sharing.plugins.module_utils._shares import (
    ACTIVE_STATUSES,
    INACTIVE_STATUSES,
    PERMISSIONS,
    Share,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from .examples import (
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
    SCOPE,
    TASK,
    arn,
)

# Each principal in all its forms: what is declared in one may be listed in another.
FORMS = (
    (ANA, ANA_ROOT),
    (BEN, f"arn:aws:iam::{BEN}:root"),
    (CLEO,),
    (ANA_USER,),
    (ANA_ROLE,),
    (ORGANIZATION, ORGANIZATION_ARN),
    (OU, OU_ARN),
    (OWNER, f"arn:aws:iam::{OWNER}:root"),
)
bounded = settings(deadline=None, max_examples=60, database=None)


def declare_at(when: datetime | None, resources: list[dict[str, Any]]) -> list[Declaration]:
    task = replace(TASK, now=when or TASK.now)
    errors: list[str] = []
    entries = parse_entries(resources, task, SCOPE, errors)
    declarations = merge_entries([(entry, entry.reference.resource) for entry in entries], task, errors)
    assert errors == []
    return list(declarations)


@dataclass(frozen=True)
class Case:
    """A declaration, the existing shares, and the owner where it is known."""

    declaration: Declaration
    listed: tuple[Share, ...]
    owner: str | None

    @property
    def declared(self) -> set[Principal]:
        return {grant.principal for grant in self.declaration.grants}

    def plan(self, listed: Iterable[Share]) -> Plan:
        return plan_shares(self.declaration, listed, self.owner)


@dataclass
class Service:
    """A Well-Architected Tool with one resource, as strict as any answer to the open questions about AWS makes it.

    A principal with any share, active or inactive, cannot get another; an inactive share cannot be updated.
    """

    shares: dict[str, Share]
    created: list[Principal] = field(default_factory=list)
    history: list[tuple[Share, ...]] = field(default_factory=list)
    """The shares after each call."""

    def apply(self, step: Step) -> None:
        if step.action == "deleted":
            self._delete(step.share)
        elif step.action == "updated":
            assert step.share is not None
            existing = self.shares[step.share.share_id]
            assert existing.is_active, "an inactive share cannot be updated"
            assert step.permission in PERMISSIONS, "only a workload share can be updated"
            self.shares[existing.share_id] = replace(existing, permission=step.permission)
        else:
            for inactive in step.replaced:
                self._delete(inactive)
            self._create(step)
        self.history.append(tuple(self.shares.values()))

    def _delete(self, share: Share | None) -> None:
        assert share is not None
        del self.shares[share.share_id]  # KeyError: deleted twice
        self.history.append(tuple(self.shares.values()))

    def _create(self, step: Step) -> None:
        assert all(share.principal != step.principal for share in self.shares.values()), "ConflictException"
        self.created.append(step.principal)
        status = "ASSOCIATING" if step.principal.in_organizations else "PENDING"
        share_id = f"new {len(self.created)}"
        self.shares[share_id] = Share(share_id, step.principal, status, step.permission)


def run(case: Case) -> Service:
    """The service after the plan was applied."""
    service = Service({share.share_id: share for share in case.listed})
    for step in case.plan(case.listed).changes:
        service.apply(step)
    return service


@st.composite
def cases(draw: st.DrawFn) -> Case:
    workload = draw(st.booleans())
    kind = "workload" if workload else draw(st.sampled_from(["lens", "template", "profile"]))
    option = "wa_profile" if kind == "profile" else kind
    permissions = st.sampled_from(PERMISSIONS)

    present, absent, entries = [], [], []
    for forms in FORMS:
        declared = draw(st.sampled_from(["present", "absent", "nothing"]))
        text: Any = draw(st.sampled_from(forms))
        if declared == "present":
            dictionary = {"principal": text, **({"permission_type": draw(permissions)} if workload else {})}
            present.append(draw(st.sampled_from([text, dictionary])))
        elif declared == "absent":
            absent.append(text)
    purge = draw(st.booleans())
    if present or purge:
        renew = draw(st.none() | st.lists(st.sampled_from(INACTIVE_STATUSES), unique=True))
        entries.append({option: arn(kind), "shared_with": present, "purge_shares": purge, "renew": renew})
    if absent or not entries:
        entries.append({option: arn(kind), "shared_with": absent or [CLEO], "state": "absent"})
    (declaration,) = declare_at(None, draw(st.permutations(entries)))

    listed: list[Share] = []
    for forms in (*FORMS, ("999999999999",)):
        for status in draw(st.lists(st.sampled_from(ACTIVE_STATUSES + INACTIVE_STATUSES), max_size=3)):
            principal = parse_principal(draw(st.sampled_from(forms)))
            listed.append(Share(f"old {len(listed)}", principal, status, draw(permissions) if workload else None))
    return Case(declaration, tuple(draw(st.permutations(listed))), draw(st.sampled_from([None, OWNER])))


def every_case(test: Any) -> Any:
    return bounded(given(cases())(test))


@every_case
def test_a_second_run_changes_nothing(case: Case) -> None:
    assert case.plan(run(case).shares.values()).changes == ()


@every_case
def test_declared_principals_have_the_declared_permission_unless_left_inactive(case: Case) -> None:
    after = run(case).shares.values()
    left_inactive = {share.principal for share in case.plan(case.listed).left_inactive}
    for grant in case.declaration.grants:
        if grant.principal not in left_inactive and not (case.owner and grant.principal == parse_principal(case.owner)):
            active = [share for share in after if share.principal == grant.principal and share.is_active]
            assert {share.permission for share in active} == {grant.permission}


@every_case
def test_no_removed_principal_keeps_a_share(case: Case) -> None:
    declaration = case.declaration
    after = {share.principal for share in run(case).shares.values()}
    assert not after & set(declaration.removals)
    if declaration.purge:
        assert after <= case.declared


@every_case
def test_only_declared_principals_get_a_share_each_and_never_the_owner(case: Case) -> None:
    created = run(case).created
    assert len(set(created)) == len(created)
    assert set(created) <= case.declared
    if case.owner:
        assert parse_principal(case.owner) not in created


@every_case
def test_undeclared_principals_are_changed_only_by_purge_and_absent(case: Case) -> None:
    declaration = case.declaration
    declared = case.declared | set(declaration.removals)
    for step in case.plan(case.listed).changes:
        assert step.principal in declared or (declaration.purge and step.action == "deleted")


@every_case
def test_declared_principals_have_access_at_every_moment(case: Case) -> None:
    had_access = {share.principal for share in case.listed if share.is_active and share.principal in case.declared}
    service = run(case)
    for shares in service.history:
        assert had_access <= {share.principal for share in shares if share.is_active}
    kept = {share.share_id for share in case.listed if share.is_active and share.principal in case.declared}
    assert kept <= set(service.shares)


@every_case
def test_removals_precede_creations_so_that_no_moment_needs_more_quota(case: Case) -> None:
    actions = [step.action for step in case.plan(case.listed).changes]
    removals = [place for place, action in enumerate(actions) if action == "deleted"]
    creations = [place for place, action in enumerate(actions) if action in ("created", "renewed")]
    assert not removals or not creations or max(removals) < min(creations)
    service = run(case)
    quota = max(len(case.listed), len(service.shares))
    assert all(len(shares) <= quota for shares in service.history)


WHEN = datetime(2026, 10, 1, tzinfo=timezone.utc)
# Texts of ends, and whether each has come by then.
ENDS = {
    None: False,
    "2026-09-29": True,
    "2026-09-30": True,
    "2026-10-01": False,
    "2026-10-01T00:00:00Z": True,
    "2026-10-01T01:00:00+01:00": True,
    "2026-10-01T00:00:01Z": False,
    "2027-01-01": False,
}


@st.composite
def ending(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A declaration with ends, and the same at WHEN: without ends, and with what has ended declared absent."""
    resource = {"lens": arn("lens"), "purge_shares": draw(st.booleans())}
    present: list[dict[str, Any]] = []
    ended: list[str] = []
    entry_end = draw(st.sampled_from(list(ENDS)))
    shared_with: list[Any] = []
    for forms in FORMS:
        form = draw(st.sampled_from(forms))
        own = draw(st.sampled_from([*ENDS, "skip"]))
        if own == "skip":
            continue
        reason = draw(st.sampled_from([{}, {"reason": "Review"}]))
        shared_with.append({"principal": form, **({"until": own} if own else {}), **reason})
        if ENDS[own or entry_end]:
            ended.append(draw(st.sampled_from(forms)))
        else:
            present.append({"principal": form})
    with_ends = {**resource, "shared_with": shared_with, **({"until": entry_end} if entry_end else {})}
    without = [{**resource, "shared_with": present}] if present or resource["purge_shares"] else []
    absent = [{"lens": arn("lens"), "shared_with": ended, "state": "absent"}] if ended else []
    return [with_ends], draw(st.permutations([*without, *absent]))


@bounded
@given(cases(), ending())
def test_ended_access_is_as_declared_absent(
    case: Case, both: tuple[list[dict[str, Any]], list[dict[str, Any]]]
) -> None:
    with_ends, without = both
    assume(with_ends[0]["shared_with"])
    listed = [share for share in case.listed if share.permission is None]
    (at_that_time,) = declare_at(WHEN, with_ends)
    plan = plan_shares(at_that_time, listed, case.owner)
    if not without:
        assert plan.changes == ()
        return
    (absent,) = declare_at(WHEN, without)
    other = plan_shares(absent, listed, case.owner)
    # Neither the order of the entries nor the form of a principal matters.
    assert changes_of(plan) == changes_of(other)
    assert set(plan.left_inactive) == set(other.left_inactive)


def changes_of(plan: Plan) -> set[tuple[Any, ...]]:
    return {(step.action, step.principal, step.permission, step.share, step.replaced) for step in plan.changes}


@every_case
def test_no_share_is_in_two_steps(case: Case) -> None:
    used = [share for step in case.plan(case.listed).steps for share in (step.replaced or (step.share,)) if share]
    assert len(set(used)) == len(used)


@every_case
def test_the_parts_of_a_declaration_make_the_same_changes_as_the_whole(case: Case) -> None:
    principals = {share.principal for share in case.listed} | case.declared
    parts = [
        step
        for principal in principals
        for step in plan_shares(
            case.declaration.only(principal),
            [share for share in case.listed if share.principal == principal],
            case.owner,
        ).changes
    ]
    assert set(parts) == set(case.plan(case.listed).changes)
    assert len(parts) == len(set(parts))
