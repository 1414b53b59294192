# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds of every plan, whatever is declared and whatever is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.declaration import (
    Declaration,
    merge_entries,
    parse_entries,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.planning import Plan, Step, plan_shares
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.settings import Defaults
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import Faults
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.principal_names import (
    parse_principal_names,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.principals import (
    Principal,
    parse_principal,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.shares import (
    DEAD_STATUSES,
    LIVE_STATUSES,
    PERMISSIONS,
    RENEWED_BY_DEFAULT,
    Share,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

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
    SCOPE,
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
TASK = Defaults(renew=frozenset(RENEWED_BY_DEFAULT))

bounded = settings(deadline=None, max_examples=60, database=None)


@dataclass(frozen=True)
class Case:
    """A declaration, the shares that are there, and the owner where it is known."""

    declaration: Declaration
    listed: tuple[Share, ...]
    owner: str | None

    @property
    def declared(self) -> set[Principal]:
        return {grant.principal for grant in self.declaration.wanted.grants}

    def plan(self, listed: Iterable[Share]) -> Plan:
        return plan_shares(self.declaration.wanted, listed, self.owner)


@dataclass
class Service:
    """A Well-Architected Tool with one resource, as strict as any answer to the open questions about AWS makes it.

    A principal with any share, live or dead, cannot get another; a dead share cannot be updated.
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
            there = self.shares[step.share.share_id]
            assert there.live, "a dead share cannot be updated"
            assert step.permission in PERMISSIONS, "only a workload share can be updated"
            self.shares[there.share_id] = replace(there, permission=step.permission)
        else:
            for dead in step.replaced:
                self._delete(dead)
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
        renew = draw(st.none() | st.lists(st.sampled_from(DEAD_STATUSES), unique=True))
        entries.append({option: arn(kind), "shared_with": present, "purge_shares": purge, "renew": renew})
    if absent or not entries:
        entries.append({option: arn(kind), "shared_with": absent or [CLEO], "state": "absent"})
    parsed = parse_entries(draw(st.permutations(entries)), TASK, SCOPE, Faults())
    (declaration,) = merge_entries([(entry, entry.reference.resource) for entry in parsed], TASK)

    listed = []
    for forms in (*FORMS, ("999999999999",)):
        for status in draw(st.lists(st.sampled_from(LIVE_STATUSES + DEAD_STATUSES), max_size=3)):
            principal = parse_principal(draw(st.sampled_from(forms)))
            listed.append(Share(f"old {len(listed)}", principal, status, draw(permissions) if workload else None))
    return Case(declaration, tuple(draw(st.permutations(listed))), draw(st.sampled_from([None, OWNER])))


@bounded
@given(cases())
def test_after_a_run_there_is_nothing_left_to_do(case: Case) -> None:
    assert case.plan(run(case).shares.values()).changes == ()


@bounded
@given(cases())
def test_after_a_run_everyone_declared_has_access_as_declared_but_for_what_was_left_dead(case: Case) -> None:
    after = run(case).shares.values()
    left_dead = {share.principal for share in case.plan(case.listed).left_dead}
    for grant in case.declaration.wanted.grants:
        if grant.principal not in left_dead and not (case.owner and grant.principal == parse_principal(case.owner)):
            live = [share for share in after if share.principal == grant.principal and share.live]
            assert {share.permission for share in live} == {grant.permission}


@bounded
@given(cases())
def test_after_a_run_nobody_is_there_who_was_to_go(case: Case) -> None:
    wanted = case.declaration.wanted
    after = {share.principal for share in run(case).shares.values()}
    assert not after & set(wanted.removals)
    if wanted.purge:
        assert after <= case.declared


@bounded
@given(cases())
def test_nobody_is_shared_with_twice(case: Case) -> None:
    created = run(case).created
    assert len(set(created)) == len(created)


@bounded
@given(cases())
def test_nobody_is_shared_with_who_is_not_declared_and_never_the_owner(case: Case) -> None:
    created = set(run(case).created)
    assert created <= case.declared
    if case.owner:
        assert parse_principal(case.owner) not in created


@bounded
@given(cases())
def test_who_is_not_declared_is_touched_only_by_purge_and_absent(case: Case) -> None:
    wanted = case.declaration.wanted
    declared = case.declared | set(wanted.removals)
    for step in case.plan(case.listed).changes:
        assert step.principal in declared or (wanted.purge and step.action == "deleted")


@bounded
@given(cases())
def test_access_never_lapses_for_who_is_declared(case: Case) -> None:
    had_access = {share.principal for share in case.listed if share.live and share.principal in case.declared}
    for shares in run(case).history:
        assert had_access <= {share.principal for share in shares if share.live}


@bounded
@given(cases())
def test_a_live_share_of_who_is_declared_is_never_deleted(case: Case) -> None:
    kept = {share.share_id for share in case.listed if share.live and share.principal in case.declared}
    assert kept <= set(run(case).shares)


@bounded
@given(cases())
def test_removals_precede_creations(case: Case) -> None:
    actions = [step.action for step in case.plan(case.listed).changes]
    removals = [place for place, action in enumerate(actions) if action == "deleted"]
    creations = [place for place, action in enumerate(actions) if action in ("created", "renewed")]
    assert not removals or not creations or max(removals) < min(creations)


@bounded
@given(cases())
def test_a_run_never_needs_more_places_than_before_it_or_after_it(case: Case) -> None:
    service = run(case)
    places = max(len(case.listed), len(service.shares))
    assert all(len(shares) <= places for shares in service.history)


@st.composite
def named(draw: st.DrawFn, principals: list[str]) -> tuple[dict[str, Any], list[Any]]:
    """Names for some of the principals and for lists of them, and the list as somebody writes it who uses the names."""
    names: dict[str, Any] = {}
    written: list[Any] = []
    left = list(principals)
    while left:
        count = draw(st.integers(1, 3))
        some, left = left[:count], left[count:]
        members = []
        for text in some:
            name = f"name {len(names)}"
            if draw(st.booleans()):
                names[name] = text
            members.append(name if name in names and draw(st.booleans()) else text)
        group = f"group {len(names)}"
        if draw(st.booleans()):
            names[group] = members
            inner = [group]
            if draw(st.booleans()):
                names[f"{group} again"] = inner
                inner = [f"{group} again"]
            written.extend(inner)
        else:
            written.extend(members)
    items = draw(st.permutations(list(names.items())))
    return dict(items), written


@bounded
@given(st.data(), cases(), st.lists(st.sampled_from(FORMS), unique=True, min_size=1), st.booleans())
def test_names_and_the_ids_written_out_make_the_same_plan(
    data: st.DataObject, case: Case, chosen: list[tuple[str, ...]], purge: bool
) -> None:
    ids = [data.draw(st.sampled_from(forms)) for forms in chosen]
    names, written = data.draw(named(ids))
    plans = []
    for given_names, shared_with in ((names, written), (None, ids)):
        task = replace(TASK, names=parse_principal_names(given_names, "aws"))
        assert task.names.faults == ()
        entry = {"workload": arn("workload"), "shared_with": shared_with, "purge_shares": purge}
        entries = parse_entries([entry], task, SCOPE, Faults())
        (declaration,) = merge_entries([(each, each.reference.resource) for each in entries], task)
        plans.append(plan_shares(declaration.wanted, case.listed, case.owner))
    assert plans[0] == plans[1]
    # What AWS is told is the same too.
    assert [step.principal.text for step in plans[0].steps] == [step.principal.text for step in plans[1].steps]


WHEN = datetime(2026, 10, 1, tzinfo=timezone.utc)
# What is written for an end, and whether it has come by then.
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
    there: list[dict[str, Any]] = []
    ended: list[str] = []
    entry_end = draw(st.sampled_from(list(ENDS)))
    shared_with: list[Any] = []
    for forms in FORMS:
        form = draw(st.sampled_from(forms))
        own = draw(st.sampled_from([*ENDS, "nobody"]))
        if own == "nobody":
            continue
        reason = draw(st.sampled_from([{}, {"reason": "Review"}]))
        shared_with.append({"principal": form, **({"until": own} if own else {}), **reason})
        if ENDS[own or entry_end]:
            ended.append(draw(st.sampled_from(forms)))
        else:
            there.append({"principal": form})
    with_ends = {**resource, "shared_with": shared_with, **({"until": entry_end} if entry_end else {})}
    without = [{**resource, "shared_with": there}] if there or resource["purge_shares"] else []
    absent = [{"lens": arn("lens"), "shared_with": ended, "state": "absent"}] if ended else []
    return [with_ends], draw(st.permutations([*without, *absent]))


def declared_at(when: datetime, resources: list[dict[str, Any]]) -> list[Declaration]:
    task = replace(TASK, now=when)
    entries = parse_entries(resources, task, SCOPE, faults := Faults())
    faults.refuse()
    return list(merge_entries([(entry, entry.reference.resource) for entry in entries], task))


@bounded
@given(cases(), ending())
def test_with_ends_a_run_is_as_if_what_has_ended_were_declared_absent(
    case: Case, both: tuple[list[dict[str, Any]], list[dict[str, Any]]]
) -> None:
    with_ends, without = both
    assume(with_ends[0]["shared_with"])
    listed = [share for share in case.listed if share.permission is None]
    (at_that_time,) = declared_at(WHEN, with_ends)
    plan = plan_shares(at_that_time.wanted, listed, case.owner)
    if not without:
        assert plan.changes == ()
        return
    (absent,) = declared_at(WHEN, without)
    other = plan_shares(absent.wanted, listed, case.owner)
    # In which order entries name principals does not matter, nor in which form what goes was named.
    assert changes_of(plan) == changes_of(other)
    assert set(plan.left_dead) == set(other.left_dead)
    assert plan.removals == other.removals


def changes_of(plan: Plan) -> set[tuple[Any, ...]]:
    return {(step.action, step.principal, step.permission, step.share, step.replaced) for step in plan.changes}


@bounded
@given(cases())
def test_no_share_is_in_two_steps(case: Case) -> None:
    used = [share for step in case.plan(case.listed).steps for share in (step.replaced or (step.share,)) if share]
    assert len(set(used)) == len(used)


@bounded
@given(cases())
def test_the_parts_of_a_declaration_make_the_same_changes_as_the_whole(case: Case) -> None:
    principals = {share.principal for share in case.listed} | case.declared
    parts = [
        step
        for principal in principals
        for step in plan_shares(
            case.declaration.wanted.only(principal),
            [share for share in case.listed if share.principal == principal],
            case.owner,
        ).changes
    ]
    assert set(parts) == set(case.plan(case.listed).changes)
    assert len(parts) == len(set(parts))
