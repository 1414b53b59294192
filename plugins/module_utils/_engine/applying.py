# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Doing what was planned: the changes of one resource in the plan's order, those of different ones side by side.

The world may have moved since it was listed, by other hands or because the service shows things late. Then the
resource is listed again and the same planner decides again, for the one principal that it concerns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Callable

from .._aws.errors import ServiceError
from .._aws.service import WellArchitected
from .._aws.side_by_side import at_once, in_turns
from .._model.places import Place
from .._model.principals import Principal
from .._model.resources import Resource
from .._model.shares import Share
from .declaration import Declaration
from .patience import Patience
from .planning import CREATED, DELETED, RENEWED, UNCHANGED, UPDATED, Plan, Step, plan_shares
from .progress import SETTLED, SHARED, Progress
from .unexpected import unexpected

NAMED_AT_MOST = 20  # principals named in one message


@dataclass(frozen=True)
class Outcome:
    """What became of one share."""

    action: str
    principal: Principal
    permission: str | None = None
    share_id: str | None = None
    status: str | None = None
    """None where the service has not been asked since it was created."""
    status_message: str | None = None
    gone: bool = False
    """Whether others removed the share while it was waited for."""


@dataclass
class Work:
    """One resource on its way from what is to what is declared."""

    declaration: Declaration
    listed: tuple[Share, ...] = ()
    plan: Plan = field(default_factory=Plan)
    outcomes: list[tuple[Step, Outcome]] = field(default_factory=list)
    not_done: list[Step] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    place: Place | None = None
    """Where it is, if messages have to say so: the task works in several places."""

    @property
    def label(self) -> str:
        """For messages: the resource, and where it is."""
        label = self.declaration.resource.label
        return f"{label} in {self.place.label}" if self.place else label

    @property
    def error(self) -> str | None:
        if not self.errors and not self.not_done:
            return None
        text = " ".join(f"{error.rstrip('.')}." for error in dict.fromkeys(self.errors))
        if self.not_done:
            text = f"{text} Not done: {_name_steps(self.not_done)}.".strip()
        return text

    @property
    def changed(self) -> bool:
        return any(outcome.action != UNCHANGED for _step, outcome in self.outcomes)

    def give_up(self, error: str) -> None:
        """Nothing of it can be done."""
        self.errors.append(error)
        self.not_done = list(self.plan.changes)
        self.outcomes = [(step, _predicted(step)) for step in self.plan.steps if step.action == UNCHANGED]

    def predict(self) -> None:
        """Takes the plan for what was done: check mode."""
        self.outcomes = [(step, _predicted(step)) for step in self.plan.steps]


@dataclass
class _Doing:
    """One planned step on its way, and what it turned into where the world had moved."""

    planned: Step
    outcomes: list[Outcome] = field(default_factory=list)
    deleted: list[Share] = field(default_factory=list)
    """The dead shares that a renewal has deleted."""

    def done(self) -> list[Outcome]:
        """The outcomes, once all is done."""
        if self.deleted:
            return [replace(outcome, action=RENEWED) for outcome in self.outcomes]
        share = self.planned.share
        if self.planned.action == DELETED and share and share.share_id not in {one.share_id for one in self.outcomes}:
            return [_predicted(self.planned), *self.outcomes]
        return self.outcomes

    def broken_off(self) -> list[Outcome]:
        """The outcomes so far, where it stopped halfway: a dead share that was to be renewed is deleted."""
        removed = [_predicted(Step(DELETED, share.principal, share.permission, share)) for share in self.deleted]
        return removed + self.outcomes


class NotAllowed(Exception):
    """The world has moved, and what would have to be done now was not what the guard rails let through."""


class Applier:
    """Carries out the plans of any number of resources in one place."""

    def __init__(
        self,
        connect: Callable[[], WellArchitected],
        works: Sequence[Work],
        concurrency: int,
        patience: Patience,
        progress: Progress,
        why_not: Callable[[Resource, Step], str | None] = lambda _resource, _step: None,
        leave: Callable[[], None] = lambda: None,
    ) -> None:
        """``connect``: gives the service in the place; it is cheap, and asked whenever something is to be done there.
        ``leave``: called whenever nothing is, for a while.

        ``patience``: for all that has to settle, together. ``why_not``: which guard rail does not let a step through
        that was not planned; None: it may be done.
        """
        self._connect = connect
        self._works = works
        self._concurrency = concurrency
        self._patience = patience
        self._progress = progress
        self._why_not = why_not
        self._leave = leave
        self._stopped = ""
        self._touched: list[Work] = []
        self._unsettled: list[Work] = []

    @property
    def _service(self) -> WellArchitected:
        return self._connect()

    def apply(self) -> None:
        """Carries out every plan. A resource's failure is written to its Work and leaves the others to finish."""
        try:
            self._connect()
        except ServiceError as error:  # The role cannot be assumed any more.
            for work in self._works:
                work.give_up(str(error))
            return
        todo = [work for work in self._works if not work.errors]
        self._progress.expect(SHARED, sum(len(work.plan.changes) for work in todo))
        try:
            in_turns([self._apply_one(work) for work in todo], self._concurrency)
        finally:
            self._leave()

    def await_settling(self) -> int:
        """Looks from now on at what was shared, also where something else of a resource failed.

        Returns the count of resources to look at.
        """
        self._touched = self._unsettled = [work for work in self._works if any(map(_may_settle, work.outcomes))]
        return len(self._touched)

    def look_again(self) -> bool:
        """Shows what each share has become. False: nothing is left that may still settle."""
        try:
            looked = at_once(self._look, self._unsettled, self._concurrency)
        finally:
            self._leave()
        settled = [not good or all(map(_settled, work.outcomes)) for work, good in zip(self._unsettled, looked)]
        self._unsettled = [work for work, done in zip(self._unsettled, settled) if not done]
        self._progress.add(done=sum(settled))
        return bool(self._unsettled) and not self._stopped

    def tell_of_settling(self) -> None:
        """Writes down what has not become as it should."""
        for work in self._unsettled:
            work.errors.append(self._stopped or self._never_settled(work))
        for work in self._touched:
            _tell_what_failed(work)

    def _apply_one(self, work: Work) -> Iterator[None]:
        done: dict[Step, list[Outcome]] = {}
        changes = list(work.plan.changes)
        while changes:
            if self._stopped:
                work.errors.append(self._stopped)
                break
            step = changes.pop(0)
            doing = _Doing(step)
            try:
                self._carry_out(work, doing)
                done[step] = doing.done()
                self._progress.add(done=1)
            except ServiceError as error:
                done[step] = doing.broken_off()
                work.errors.append(str(error))
                work.not_done.append(step)
                if error.stops_run:
                    self._stopped = f"The run was stopped: {error.reason}"
                if error.stops_run or error.over_quota or error.not_found:
                    break
                if error.denied:
                    # The same permission is missing for all changes of this sort.
                    alike = [other for other in changes if _sort(other) == _sort(step)]
                    work.not_done.extend(alike)
                    changes = [other for other in changes if other not in alike]
            except NotAllowed as error:
                done[step] = doing.broken_off()
                work.errors.append(str(error))
                work.not_done.append(step)
            except Exception as error:
                done[step] = doing.broken_off()
                work.errors.append(unexpected(f"share {work.declaration.resource.label}", error))
                work.not_done.append(step)
            yield
        work.not_done.extend(changes)
        self._progress.add(failed=len(work.not_done))
        for step in work.plan.steps:
            if step.action == UNCHANGED:
                done[step] = [_predicted(step)]
            work.outcomes.extend((step, outcome) for outcome in done.get(step, ()))

    def _carry_out(self, work: Work, doing: _Doing) -> None:
        """Does one step, and what it turns into where the world has moved since it was planned."""
        resource, planned = work.declaration.resource, doing.planned
        wanted = work.declaration.wanted.only(planned.principal)
        pauses = self._patience.pauses()
        known = {share.share_id for share in work.listed}
        others = known - {planned.share.share_id if planned.share else None}
        steps = [planned]
        while steps:
            step = steps.pop(0)
            try:
                for share in step.replaced:
                    self._delete(resource, share)
                    if share not in doing.deleted:
                        doing.deleted.append(share)
                doing.outcomes.append(self._perform(resource, step))
            except ServiceError as error:
                if not _world_moved(error, step):
                    raise
                if not pauses.take():
                    error.advice = error.advice or _unexplained(error, step)
                    raise
                listed = [share for share in self._service.list_shares(resource) if share.principal == step.principal]
                plan = plan_shares(wanted, listed)
                if error.invalid and step in plan.steps:
                    raise  # It is as it was, so the call is what is wrong.
                work.plan = replace(work.plan, left_dead=work.plan.left_dead + plan.left_dead)
                # The other shares of this principal that are to go have steps of their own.
                steps = [s for s in plan.steps if not (s.action == DELETED and s.share and s.share.share_id in others)]
                if error.retried and step.action in (CREATED, RENEWED):
                    steps = [_own(s, known) for s in steps]
                self._refuse_others(resource, planned, steps)

    def _refuse_others(self, resource: Resource, planned: Step, steps: Sequence[Step]) -> None:
        """Raises NotAllowed where what was ``planned`` turned into what a guard rail would have refused."""
        for step in steps:
            if step.action in (UNCHANGED, planned.action):
                continue
            why = self._why_not(resource, step)
            if why:
                raise NotAllowed(
                    f"The share of {resource.label} with {step.principal.label} was changed by others meanwhile: it "
                    f"would have to be {step.action} now, and {why}"
                )

    def _perform(self, resource: Resource, step: Step) -> Outcome:
        outcome = _predicted(step)
        if step.share is None or step.action == RENEWED:
            outcome = replace(outcome, share_id=self._service.create_share(resource, step.principal, step.permission))
        elif step.action == UPDATED:
            self._service.update_share(resource, step.share, step.permission)
        elif step.action == DELETED:
            self._delete(resource, step.share)
        return outcome

    def _delete(self, resource: Resource, share: Share) -> None:
        """Deletes the share; one that is gone already is as good."""
        try:
            self._service.delete_share(resource, share)
        except ServiceError as error:
            if not error.not_found:
                raise

    def _look(self, work: Work) -> bool:
        """Shows what the work's shares have become. False where they cannot be listed."""
        try:
            shares = self._service.list_shares(work.declaration.resource)
        except ServiceError as error:
            work.errors.append(str(error))
            if error.stops_run:
                self._stopped = f"The run was stopped: {error.reason}"
            return False
        except Exception as error:
            work.errors.append(unexpected(f"list the shares of {work.declaration.resource.label}", error))
            return False
        work.outcomes = [(step, _refresh(outcome, shares)) for step, outcome in work.outcomes]
        return True

    def _never_settled(self, work: Work) -> str:
        names = ", ".join(outcome.principal.label for step, outcome in work.outcomes if not _settled((step, outcome)))
        label = work.declaration.resource.label
        return f"{label} was still not shared with {names} after {self._patience.timeout:g} s"


def wait_until_settled(appliers: Sequence[Applier], patience: Patience, progress: Progress, concurrency: int) -> None:
    """Waits until no declared share is ASSOCIATING, and shows what each has become. ``concurrency``: places at once."""
    progress.expect(SETTLED, sum([applier.await_settling() for applier in appliers]))
    waiting, pauses = list(appliers), patience.pauses()
    while waiting and pauses.take():
        looked = at_once(Applier.look_again, waiting, concurrency)
        waiting = [applier for applier, more in zip(waiting, looked) if more]
    for applier in appliers:
        applier.tell_of_settling()


def _tell_what_failed(work: Work) -> None:
    label = work.declaration.resource.label
    for step, outcome in work.outcomes:
        left_dead = step.action == UNCHANGED and step.share is not None and not step.share.live
        if outcome.gone:
            work.errors.append(f"The share of {label} with {outcome.principal.label} was removed by others meanwhile")
        elif outcome.status == "FAILED" and outcome.action != DELETED and not left_dead:
            why = outcome.status_message or "the service gave no reason"
            work.errors.append(f"Sharing {label} with {outcome.principal.label} FAILED: {why}")


def _sort(step: Step) -> tuple[str, bool]:
    """What the IAM policy of a change is about: the operation, and whether it goes through the organization."""
    return CREATED if step.action == RENEWED else step.action, step.principal.in_organizations


def _world_moved(error: ServiceError, step: Step) -> bool:
    """Whether the error says that what was listed is no longer so, and not that the call was wrong."""
    if step.action == UPDATED:
        return error.conflict or error.not_found or error.invalid
    return error.conflict


def _unexplained(error: ServiceError, step: Step) -> str:
    """What to say of a conflict that no list explains."""
    if error.conflict and step.action in (CREATED, RENEWED):
        return "No list of its shares shows one with this principal: run again later"
    return ""


def _own(step: Step, known: set[str]) -> Step:
    """A live share that was not there before a create whose answer got lost: it is this run's own."""
    if step.action == UNCHANGED and step.share and step.share.live and step.share.share_id not in known:
        return replace(step, action=CREATED)
    return step


def _predicted(step: Step) -> Outcome:
    """The outcome of the step when all goes as planned. A share that is still to come has no ID and no status."""
    share = step.share
    if share is None or step.action == RENEWED:
        return Outcome(step.action, step.principal, step.permission)
    return Outcome(step.action, share.principal, step.permission, share.share_id, share.status, share.status_message)


def _may_settle(done: tuple[Step, Outcome]) -> bool:
    _step, outcome = done
    return outcome.action in (CREATED, RENEWED) or (outcome.action != DELETED and outcome.status == "ASSOCIATING")


def _settled(done: tuple[Step, Outcome]) -> bool:
    _step, outcome = done
    return outcome.gone or outcome.action == DELETED or outcome.status not in (None, "ASSOCIATING")


def _refresh(outcome: Outcome, shares: Sequence[Share]) -> Outcome:
    if outcome.action == DELETED:
        return outcome
    for share in shares:
        # Where the service did not say the ShareId, the principal's live share is the one.
        if share.share_id == outcome.share_id or (
            outcome.share_id is None and share.live and share.principal == outcome.principal
        ):
            return replace(outcome, share_id=share.share_id, status=share.status, status_message=share.status_message)
    # A share that no list has shown yet may still come; one that was there does not come back.
    return replace(outcome, gone=outcome.status == "ASSOCIATING")


_WORDS = {CREATED: "share with", RENEWED: "share again with", UPDATED: "change the permission of", DELETED: "remove"}


def _name_steps(steps: Sequence[Step]) -> str:
    named = [f"{_WORDS[step.action]} {step.principal.label}" for step in steps[:NAMED_AT_MOST]]
    if len(steps) > NAMED_AT_MOST:
        named.append(f"{len(steps) - NAMED_AT_MOST} more")
    return ", ".join(named)
