# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Doing what was planned: the changes of one resource in order, those of different resources side by side.

The world may have moved since it was listed, by other hands or because the service shows things late. Then the
resource is listed again and the same planner decides again, for the one principal that it concerns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ansible_collections.wellarchitected.sharing.plugins.module_utils._declaration import Declaration
from ansible_collections.wellarchitected.sharing.plugins.module_utils._interleaving import at_once, in_turns
from ansible_collections.wellarchitected.sharing.plugins.module_utils._pauses import Pauses
from ansible_collections.wellarchitected.sharing.plugins.module_utils._planning import (
    CREATED,
    DELETED,
    RENEWED,
    UNCHANGED,
    UPDATED,
    Plan,
    Share,
    Step,
    plan_shares,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._principals import Principal
from ansible_collections.wellarchitected.sharing.plugins.module_utils._references import Resource
from ansible_collections.wellarchitected.sharing.plugins.module_utils._service import ServiceError, WellArchitected

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


@dataclass
class Work:
    """One resource on its way from what is to what is declared."""

    declaration: Declaration
    listed: tuple[Share, ...] = ()
    plan: Plan = field(default_factory=Plan)
    outcomes: list[tuple[Step, Outcome]] = field(default_factory=list)
    not_done: list[Step] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

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

    def predict(self) -> None:
        """Takes the plan for what was done: check mode."""
        self.outcomes = [(step, _predicted(step)) for step in self.plan.steps]


class Applier:
    """Carries out the plans of any number of resources."""

    def __init__(self, service: WellArchitected, concurrency: int, wait_timeout: float) -> None:
        """``wait_timeout``: seconds to wait for something to settle before it counts as failed."""
        self._service = service
        self._concurrency = concurrency
        self._wait_timeout = wait_timeout
        self._stopped = ""

    def apply(self, works: Sequence[Work]) -> None:
        """Carries out every plan. A resource's failure is written to its Work and leaves the others to finish."""
        in_turns([self._apply_one(work) for work in works if not work.errors], self._concurrency)

    def wait(self, works: Sequence[Work]) -> None:
        """Waits until no declared share is ASSOCIATING, and shows what each has become."""
        unsettled = [work for work in works if not work.errors and any(map(_may_settle, work.outcomes))]
        at_once(self._wait_for_one, unsettled, self._concurrency)

    def _apply_one(self, work: Work) -> Iterator[None]:
        done: dict[Step, list[Outcome]] = {}
        changes = list(work.plan.changes)
        while changes:
            if self._stopped:
                work.errors.append(self._stopped)
                break
            step = changes.pop(0)
            deleted: list[Share] = []
            try:
                done[step] = self._carry_out(work, step, deleted)
            except ServiceError as error:
                # A renewal that stopped halfway has removed the dead share.
                done[step] = [_predicted(Step(DELETED, share.principal, share.permission, share)) for share in deleted]
                work.errors.append(str(error))
                work.not_done.append(step)
                if error.stops_run:
                    self._stopped = f"The run was stopped: {error}"
                if error.stops_run or error.denied or error.over_quota or error.not_found:
                    break
            yield
        work.not_done.extend(changes)
        for step in work.plan.steps:
            if step.action == UNCHANGED:
                done[step] = [_predicted(step)]
            work.outcomes.extend((step, outcome) for outcome in done.get(step, ()))

    def _carry_out(self, work: Work, planned: Step, deleted: list[Share]) -> list[Outcome]:
        """Does one step, and what it turns into where the world has moved since it was planned.

        ``deleted`` takes up the shares that were deleted, so that they are known even if the step then fails.
        """
        resource = work.declaration.resource
        wanted = work.declaration.wanted.only(planned.principal)
        pauses = Pauses(self._wait_timeout)
        outcomes: list[Outcome] = []
        steps = [planned]
        while steps:
            step = steps.pop(0)
            try:
                for share in step.replaced:
                    self._delete(resource, share)
                    if share not in deleted:
                        deleted.append(share)
                outcomes.append(self._perform(resource, step))
            except ServiceError as error:
                if not _world_moved(error, step) or not pauses.take():
                    raise
                listed = [share for share in self._service.list_shares(resource) if share.principal == step.principal]
                plan = plan_shares(wanted, listed)
                if error.invalid and step in plan.steps:
                    raise  # It is as it was, so the call is what is wrong.
                work.plan = replace(work.plan, left_dead=work.plan.left_dead + plan.left_dead)
                steps = list(plan.steps)
                if not steps and planned.action == DELETED:
                    return [_predicted(planned)]
        return [replace(outcome, action=RENEWED) for outcome in outcomes] if deleted else outcomes

    def _perform(self, resource: Resource, step: Step) -> Outcome:
        outcome = _predicted(step)
        if step.action in (CREATED, RENEWED):
            outcome = replace(outcome, share_id=self._service.create_share(resource, step.principal, step.permission))
        elif step.share is not None and step.action == UPDATED:
            self._service.update_share(resource, step.share, step.permission)
        elif step.share is not None and step.action == DELETED:
            self._delete(resource, step.share)
        return outcome

    def _delete(self, resource: Resource, share: Share) -> None:
        """Deletes the share; one that is gone already is as good."""
        try:
            self._service.delete_share(resource, share)
        except ServiceError as error:
            if not error.not_found:
                raise

    def _wait_for_one(self, work: Work) -> None:
        resource = work.declaration.resource
        pauses = Pauses(self._wait_timeout)
        unsettled: list[Outcome] = []
        while pauses.take():
            try:
                shares = {share.share_id: share for share in self._service.list_shares(resource)}
            except ServiceError as error:
                work.errors.append(str(error))
                return
            work.outcomes = [(step, _refresh(outcome, shares)) for step, outcome in work.outcomes]
            unsettled = [outcome for _step, outcome in work.outcomes if not _settled(outcome)]
            if not unsettled:
                break
        else:
            names = ", ".join(outcome.principal.text for outcome in unsettled)
            work.errors.append(f"{resource.label} was still not shared with {names} after {self._wait_timeout:g} s")
        for step, outcome in work.outcomes:
            left_dead = step.action == UNCHANGED and step.share is not None and not step.share.live
            if outcome.status == "FAILED" and outcome.action != DELETED and not left_dead:
                why = outcome.status_message or "the service gave no reason"
                work.errors.append(f"Sharing {resource.label} with {outcome.principal.text} FAILED: {why}")


def _world_moved(error: ServiceError, step: Step) -> bool:
    """Whether the error says that what was listed is no longer so, and not that the call was wrong."""
    if step.action == UPDATED:
        return error.conflict or error.not_found or error.invalid
    return error.conflict


def _predicted(step: Step) -> Outcome:
    """The outcome of the step when all goes as planned. A share that is still to come has no ID and no status."""
    share = step.share
    if step.action in (CREATED, RENEWED) or share is None:
        return Outcome(step.action, step.principal, step.permission)
    return Outcome(step.action, share.principal, step.permission, share.share_id, share.status, share.status_message)


def _may_settle(done: tuple[Step, Outcome]) -> bool:
    _step, outcome = done
    return outcome.action in (CREATED, RENEWED) or (outcome.action != DELETED and outcome.status == "ASSOCIATING")


def _settled(outcome: Outcome) -> bool:
    return outcome.action == DELETED or outcome.status not in (None, "ASSOCIATING")


def _refresh(outcome: Outcome, shares: dict[str, Share]) -> Outcome:
    share = shares.get(outcome.share_id or "")
    if share is None:
        return outcome
    return replace(outcome, status=share.status, status_message=share.status_message)


_WORDS = {CREATED: "share with", RENEWED: "share again with", UPDATED: "change the permission of", DELETED: "remove"}


def _name_steps(steps: Sequence[Step]) -> str:
    named = [f"{_WORDS[step.action]} {step.principal.text}" for step in steps[:NAMED_AT_MOST]]
    if len(steps) > NAMED_AT_MOST:
        named.append(f"{len(steps) - NAMED_AT_MOST} more")
    return ", ".join(named)
