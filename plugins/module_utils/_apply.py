# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Carries out plans: the steps of one resource in order, resources and places side by side, then the waiting.

The state may have changed since it was listed, or the service may show it late. Then the resource is listed again and
planned again by the same function, for the one principal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ._accounts import Place
from ._client import WellArchitected
from ._declaration import Declaration
from ._errors import Bug, Failure, ServiceError
from ._guardrails import Guardrails
from ._names import summarize_names
from ._places import Runner, parallel_map
from ._plan import Plan, Step, plan_row, plan_shares
from ._principals import Principal
from ._shares import CREATED, DELETED, RENEWED, UNCHANGED, UPDATED, Resource, Share
from ._waiting import WaitBudget

_VERBS = {
    CREATED: "share with",
    RENEWED: "renew the share with",
    UPDATED: "update the share with",
    DELETED: "delete the share with",
}


@dataclass(frozen=True)
class Outcome:
    """What became of one share."""

    action: str
    principal: Principal
    permission: str | None = None
    share_id: str | None = None
    status: str | None = None
    """None where the service was not asked since the share was created."""
    status_message: str | None = None
    vanished: bool = False
    """Whether the share was deleted outside this run while the run waited for it."""
    accepted: bool = False
    """Whether this run accepted the share's invitation."""


@dataclass
class ResourceRun:
    """One resource on its way to its desired state."""

    place: Place
    declaration: Declaration
    shares: tuple[Share, ...] = ()
    plan: Plan = field(default_factory=Plan)
    outcomes: list[tuple[Step, Outcome]] = field(default_factory=list)
    not_done: list[Step] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def error(self) -> str | None:
        """Everything that failed, and what was not done; None where nothing failed."""
        if not self.failures and not self.not_done:
            return None
        parts = list(dict.fromkeys(f"{failure.message.rstrip('.')}." for failure in self.failures))
        if self.not_done:
            steps = [f"{_VERBS[step.action]} {step.principal.label}" for step in self.not_done]
            parts.append(f"Not done: {summarize_names(steps, 20)}.")
        return " ".join(parts)

    @property
    def changed(self) -> bool:
        return any(outcome.action != UNCHANGED or outcome.accepted for _step, outcome in self.outcomes)

    def predict(self) -> None:
        """Takes the plan for its outcome: check mode, and resources without changes."""
        self.outcomes = [(step, _predict(step)) for step in self.plan.steps]

    def give_up(self, failure: Failure) -> None:
        self.failures.append(failure)
        self.not_done = list(self.plan.changes)
        self.outcomes = [(step, _predict(step)) for step in self.plan.steps if step.action == UNCHANGED]

    def may_settle(self) -> bool:
        """Whether a share may have another status soon."""
        return any(
            outcome.action in (CREATED, RENEWED) or (outcome.action != DELETED and outcome.status == "ASSOCIATING")
            for _step, outcome in self.outcomes
        )

    def unsettled(self) -> list[Outcome]:
        return [
            outcome
            for _step, outcome in self.outcomes
            if outcome.action != DELETED and not outcome.vanished and outcome.status in (None, "ASSOCIATING")
        ]

    def refresh(self, service: WellArchitected) -> None:
        """Shows the status that each share has now. Raises ServiceError."""
        shares = service.list_shares(self.declaration.resource)
        self.outcomes = [(step, _refresh(outcome, shares)) for step, outcome in self.outcomes]


class _GuardrailError(Exception):
    """The state changed while the task was running, and a guardrail forbids what is necessary now."""


class _Applier:
    """Carries out the plans of one place."""

    def __init__(self, service: WellArchitected, place: Place, guardrails: Guardrails, budget: WaitBudget) -> None:
        self._service = service
        self._place = place
        self._guardrails = guardrails
        self._budget = budget
        self._stopped: Failure | None = None

    def apply(self, run: ResourceRun) -> None:
        """Carries out the plan of one resource. Its failures are written to it."""
        done: dict[Step, list[Outcome]] = {}
        changes = list(run.plan.changes)
        while changes:
            if self._stopped:
                run.failures.append(self._stopped)
                break
            step = changes.pop(0)
            progress = _StepProgress(step)
            try:
                self._carry_out(run, progress)
                done[step] = progress.outcomes_when_complete()
                continue
            except ServiceError as error:
                run.not_done.append(step)
                run.failures.append(error.failure)
                if error.is_fatal:
                    self._stopped = _explain_stop(error)
                if error.is_fatal or error.is_over_quota or error.is_not_found:
                    run.not_done.extend(changes)
                    changes = []
                elif error.is_denied:
                    # The same permission is missing for all changes of this sort.
                    run.not_done.extend(other for other in changes if _sort(other) == _sort(step))
                    changes = [other for other in changes if _sort(other) != _sort(step)]
            except _GuardrailError as error:
                run.not_done.append(step)
                run.failures.append(Failure(str(error), "The share changed while this run was in progress. Run again."))
            except Exception as error:
                run.not_done.append(step)
                run.failures.append(Bug("share", error, run.declaration.resource.label).failure)
            done[step] = progress.outcomes_so_far()
        run.not_done.extend(changes)
        for step in run.plan.steps:
            outcomes = [_predict(step)] if step.action == UNCHANGED else done.get(step, [])
            run.outcomes.extend((step, outcome) for outcome in outcomes)

    def _carry_out(self, run: ResourceRun, progress: _StepProgress) -> None:
        """Carries out one step, and what it turns into where the state has changed since it was planned."""
        resource, planned = run.declaration.resource, progress.planned
        pauses = self._budget.pauses()
        known = {share.share_id for share in run.shares}
        others = known - {planned.share.share_id if planned.share else None}
        steps = [planned]
        while steps:
            step = steps.pop(0)
            try:
                for share in step.replaced:
                    self._delete(resource, share)
                    if share not in progress.deleted:
                        progress.deleted.append(share)
                progress.outcomes.append(self._perform(resource, step))
            except ServiceError as error:
                if not _is_stale(error, step):
                    raise
                if next(pauses, False) is False:
                    error.advice = error.advice or _explain_conflict(error, step)
                    raise
                listed = [share for share in self._service.list_shares(resource) if share.principal == step.principal]
                plan = plan_shares(run.declaration.only(planned.principal), listed)
                if error.is_invalid and step in plan.steps:
                    raise  # The state is as before, so the call itself is wrong.
                run.plan = replace(run.plan, left_inactive=run.plan.left_inactive + plan.left_inactive)
                # Other shares of this principal that are deleted have steps of their own.
                steps = [s for s in plan.steps if not (s.action == DELETED and s.share and s.share.share_id in others)]
                if error.was_retried and step.action in (CREATED, RENEWED):
                    steps = [_mark_as_created(s, known) for s in steps]
                self._check_guardrails(run, planned, steps)

    def _check_guardrails(self, run: ResourceRun, planned: Step, steps: Iterable[Step]) -> None:
        for step in steps:
            if step.action in (UNCHANGED, planned.action):
                continue
            reason = self._guardrails.reason_against(plan_row(self._place, run.declaration.resource, step))
            if reason:
                raise _GuardrailError(
                    f"The share of {run.declaration.resource.label} with {step.principal.label} changed while this run "
                    f"was in progress. It would now have to be {step.action}, and {reason}, so it was left unchanged. "
                    "Run again."
                )

    def _perform(self, resource: Resource, step: Step) -> Outcome:
        outcome = _predict(step)
        if step.share is None or step.action == RENEWED:
            return replace(outcome, share_id=self._service.create_share(resource, step.principal, step.permission))
        if step.action == UPDATED:
            status = self._service.update_share(resource, step.share, step.permission)
            return replace(outcome, status=status or outcome.status)
        if step.action == DELETED:
            self._delete(resource, step.share)
        return outcome

    def _delete(self, resource: Resource, share: Share) -> None:
        try:
            self._service.delete_share(resource, share)
        except ServiceError as error:
            if not error.is_not_found:
                raise


@dataclass
class _StepProgress:
    """One planned step, and what was done for it so far."""

    planned: Step
    outcomes: list[Outcome] = field(default_factory=list)
    deleted: list[Share] = field(default_factory=list)
    """The inactive shares that a renewal has deleted."""

    def outcomes_when_complete(self) -> list[Outcome]:
        if self.deleted:
            return [replace(outcome, action=RENEWED) for outcome in self.outcomes]
        share = self.planned.share
        if self.planned.action == DELETED and share and share.share_id not in {one.share_id for one in self.outcomes}:
            return [_predict(self.planned), *self.outcomes]
        return self.outcomes

    def outcomes_so_far(self) -> list[Outcome]:
        """Where it failed midway: an inactive share that was to be renewed may be deleted."""
        return [_predict(Step(DELETED, one.principal, one.permission, one)) for one in self.deleted] + self.outcomes


def apply_plans(runner: Runner, runs: Sequence[ResourceRun], guardrails: Guardrails, budget: WaitBudget) -> None:
    """Carries out all plans, in all places side by side. The failure of a resource or place is written to its runs."""
    for run in runs:
        if not run.plan.changes and not run.failures:
            run.predict()
    changing = _group_by_place(run for run in runs if run.plan.changes and not run.failures)
    runner.progress.expect("resources changed", sum(map(len, changing.values())))

    def apply(place: Place, service: WellArchitected) -> bool:
        applier = _Applier(service, place, guardrails, budget)

        def apply_one(run: ResourceRun) -> None:
            applier.apply(run)
            runner.progress.add()

        longest_first = sorted(changing[place], key=lambda run: -len(run.plan.changes))
        parallel_map(apply_one, longest_first, runner.threads(len(longest_first), len(changing)))
        return True

    for result in runner.run(list(changing), apply):
        if result.error:
            for run in changing[result.place]:
                run.give_up(result.error.failure)


def wait_until_settled(runner: Runner, runs: Sequence[ResourceRun], budget: WaitBudget) -> None:
    """Waits until no declared share is ASSOCIATING, and shows each status. Failures are written to the runs."""
    touched = waiting = [run for run in runs if run.may_settle()]
    for _pause in budget.pauses():
        waiting = [run for run in refresh_runs(runner, waiting) if run.unsettled()]
        if not waiting:
            break
    for run in waiting:
        label = run.declaration.resource.label
        names = summarize_names([outcome.principal.label for outcome in run.unsettled()])
        ending = f"after {budget.timeout:g} s. It may still succeed. Run again, or increase wait_timeout."
        run.failures.append(
            Failure(
                f"Timed out: the share of {label} with {names} is still not associated {ending}",
                f"Timed out: the share is still not associated {ending}",
            )
        )
    for run in touched:
        run.failures.extend(_find_failures(run))


def refresh_runs(runner: Runner, runs: Sequence[ResourceRun]) -> list[ResourceRun]:
    """Lists the shares of each resource again. Returns the runs where that worked; others get the failure."""
    by_place = _group_by_place(runs)

    def refresh(place: Place, service: WellArchitected) -> bool:
        def refresh_one(run: ResourceRun) -> None:
            try:
                run.refresh(service)
            except ServiceError as error:
                failed.append(run)
                run.failures.append(error.failure)

        parallel_map(refresh_one, by_place[place], runner.threads(len(by_place[place]), len(by_place)))
        return True

    failed: list[ResourceRun] = []
    for result in runner.run(list(by_place), refresh):
        if result.error:
            failed.extend(by_place[result.place])
            for run in by_place[result.place]:
                run.failures.append(result.error.failure)
    return [run for run in runs if not any(run is one for one in failed)]


def _group_by_place(runs: Iterable[ResourceRun]) -> dict[Place, list[ResourceRun]]:
    by_place: dict[Place, list[ResourceRun]] = {}
    for run in runs:
        by_place.setdefault(run.place, []).append(run)
    return by_place


def _find_failures(run: ResourceRun) -> Iterable[Failure]:
    label = run.declaration.resource.label
    for step, outcome in run.outcomes:
        was_left = step.action == UNCHANGED and step.share is not None and not step.share.is_active
        if outcome.vanished:
            text = "no longer exists. It was deleted outside this run."
            yield Failure(f"The share of {label} with {outcome.principal.label} {text}", f"The share {text}")
        elif outcome.status == "FAILED" and outcome.action != DELETED and not was_left:
            reason = f"FAILED: {outcome.status_message or 'The service gave no reason.'}"
            yield Failure(f"The share of {label} with {outcome.principal.label} {reason}", f"The share {reason}")


def _explain_stop(error: ServiceError) -> Failure:
    text = f"Stopped: no further API calls were made because every call would fail: {error.reason}"
    return Failure(text, text)


def _sort(step: Step) -> tuple[str, bool]:
    """What the IAM policy of a change depends on: the operation, and whether it is about an organization."""
    return CREATED if step.action == RENEWED else step.action, step.principal.in_organizations


def _is_stale(error: ServiceError, step: Step) -> bool:
    """Whether the error may mean that the listed state is outdated, and not that the call was wrong."""
    if step.action == UPDATED:
        return error.is_conflict or error.is_not_found or error.is_invalid
    return error.is_conflict


def _explain_conflict(error: ServiceError, step: Step) -> str:
    """The advice on a conflict that no list explains."""
    if error.is_conflict and step.action in (CREATED, RENEWED):
        return (
            "No share with this principal is listed. It may have been deleted a moment ago. Run again in a few minutes"
        )
    return ""


def _mark_as_created(step: Step, known: set[str]) -> Step:
    """An active share that did not exist before a create whose response was lost is this run's own."""
    if step.action == UNCHANGED and step.share and step.share.is_active and step.share.share_id not in known:
        return replace(step, action=CREATED)
    return step


def _predict(step: Step) -> Outcome:
    """The outcome of the step if all goes as planned. A share that does not exist yet has no ID and no status."""
    share = step.share
    if share is None or step.action == RENEWED:
        return Outcome(step.action, step.principal, step.permission)
    return Outcome(step.action, share.principal, step.permission, share.share_id, share.status, share.status_message)


def _refresh(outcome: Outcome, shares: Sequence[Share]) -> Outcome:
    if outcome.action == DELETED or outcome.accepted:
        return outcome
    for share in shares:
        # Where the response had no ShareId, the principal's active share is the one.
        if share.share_id == outcome.share_id or (
            outcome.share_id is None and share.is_active and share.principal == outcome.principal
        ):
            return replace(outcome, share_id=share.share_id, status=share.status, status_message=share.status_message)
    # A share that is not listed yet may still come; one that was listed does not come back.
    return replace(outcome, vanished=outcome.status == "ASSOCIATING")
