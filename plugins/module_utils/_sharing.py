# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The flow of all modules that share: survey, plan, guardrails, apply, accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ._accept import Recipient, accept_shares
from ._accounts import Account
from ._apply import ResourceRun, apply_plans, wait_until_settled
from ._declaration import Defaults, Entry, merge_entries
from ._errors import ServiceError, at, raise_if_any
from ._guardrails import Guardrails, PlanRow, Refused, hash_plan, plan_key
from ._places import PlaceResult, Runner
from ._plan import needs_owner, plan_row, plan_shares
from ._results import describe_warnings, diff_runs, warn_all
from ._shares import CREATED
from ._survey import PlaceSurvey, Survey, check_shareable, survey_places
from ._waiting import WaitBudget


@dataclass(frozen=True)
class Shared:
    """The outcome of a task."""

    runs: list[ResourceRun]
    """Every declared resource, as declared, and of each entry in the order of the places."""
    results: list[PlaceResult[PlaceSurvey]]
    """Every place of the task, in their order."""
    plan: Sequence[PlanRow]
    recipients: list[Recipient]
    """The places of ``accept_in`` that were asked."""

    def as_result(self, name_place: bool) -> dict[str, Any]:
        """The return values that a refusal by a guardrail has, too."""
        return {
            "changed": any(run.changed for run in self.runs),
            "plan": self.plan,
            "plan_sha256": hash_plan(self.plan),
            "diff": diff_runs(self.runs, name_place),
        }


def share(
    runner: Runner,
    entries: Sequence[Entry],
    defaults: Defaults,
    guardrails: Guardrails,
    check_mode: bool,
    wait: bool,
    wait_timeout: float,
    accept_in: Sequence[Account] = (),
) -> Shared:
    """Brings the shares into the desired state; in check mode, predicts that.

    Raises InvalidInput before any change, and ServiceError where the only place cannot be read. The failure of a
    resource, place or recipient is its own.
    """
    guardrails.check_principals((grant.path, grant.principal) for entry in entries for grant in entry.grants)
    survey = survey_places(runner, entries)
    runs = _plan_runs(runner, survey, entries, defaults)
    rows = [plan_row(run.place, run.declaration.resource, step) for run in runs for step in run.plan.changes]
    try:
        guardrails.check_plan(rows, _find_ends(runs))
    except Refused as error:
        for run in runs:
            run.predict()
        refused = Shared(runs, survey.results, rows, []).as_result(runner.scope.has_many)
        error.result = {**refused, "changed": False}
        raise
    warn_all([*survey.warnings, *describe_warnings(runs)])
    if accept_in:
        # Invitations are matched by the owner. Where that has to be asked for, its error must come before the changes.
        for run in runs:
            if run.declaration.resource.owner is None:
                runner.connections.owner_of(run.place)
    budget = WaitBudget(wait_timeout)
    if check_mode:
        for run in runs:
            run.predict()
    else:
        apply_plans(runner, runs, guardrails, budget)
        if wait:
            wait_until_settled(runner, runs, budget)
    recipients = accept_shares(runner, accept_in, runs, check_mode, budget) if accept_in else []
    return Shared(runs, survey.results, rows, recipients)


def _plan_runs(runner: Runner, survey: Survey, entries: Sequence[Entry], defaults: Defaults) -> list[ResourceRun]:
    """One run for each declared resource, with its plan. Raises InvalidInput with everything that is wrong."""
    errors = [*survey.errors, *(text for _place, text in survey.ambiguous), *(text for _entry, text in survey.missing)]
    position = {id(entry): index for index, entry in enumerate(entries)}
    runs: list[tuple[int, int, ResourceRun]] = []
    for number, (place, found) in enumerate(survey.places):
        first: dict[tuple[str, str], Entry] = {}
        for entry, resource in found.matched:
            first.setdefault(resource.key, entry)
        for declaration in merge_entries(found.matched, defaults, errors):
            resource, entry = declaration.resource, first[declaration.resource.key]
            listed = found.listed[resource.key]
            run = ResourceRun(place, declaration, listed.shares)
            if listed.foreign:
                errors.append(at(entry.path, listed.foreign))
            elif listed.error is not None:
                if declaration.by_id and (listed.error.is_not_found or listed.error.is_invalid):
                    errors.append(at(entry.path, f"{resource.label} does not exist in {place.region}. {listed.error}"))
                run.failures.append(listed.error.failure)
            runs.append((position[id(entry)], number, run))
    raise_if_any(errors)
    ordered = [run for _first, _number, run in sorted(runs, key=lambda item: item[:2])]
    for run in ordered:
        if not run.failures:
            _plan_run(runner, run)
    raise_if_any(_check_shareable(runner, ordered))
    return ordered


def _plan_run(runner: Runner, run: ResourceRun) -> None:
    declaration = run.declaration
    owner = declaration.resource.owner or run.place.account.id
    run.plan = plan_shares(declaration, run.shares, owner)
    if owner is None and needs_owner(run.plan):
        run.plan = plan_shares(declaration, run.shares, runner.connections.owner_of(run.place))


def _check_shareable(runner: Runner, runs: Sequence[ResourceRun]) -> list[str]:
    """What only IDs and ARNs refer to, and is about to be shared, must be the caller's own and published."""
    errors: list[str] = []
    by_place: dict[Any, list[ResourceRun]] = {}
    for run in runs:
        if run.declaration.by_id and run.plan.changes and not run.failures:
            by_place.setdefault(run.place, []).append(run)
    for place, changing in by_place.items():
        service = runner.connections.client(place)
        # A resource with a share was published.
        unproven = [
            run.declaration.resource
            for run in changing
            if not run.shares and any(step.action == CREATED for step in run.plan.steps)
        ]
        try:
            errors.extend(check_shareable(service, [run.declaration.resource for run in changing], unproven))
        except ServiceError as error:
            if not runner.scope.has_many:
                raise
            for run in changing:
                run.failures.append(error.failure)
                run.not_done = list(run.plan.changes)
    return errors


def _find_ends(runs: Sequence[ResourceRun]) -> dict[tuple[Any, ...], str]:
    """When the access of shares to be deleted ended, by their keys in the plan."""
    ends: dict[tuple[Any, ...], str] = {}
    for run in runs:
        ended = {grant.principal: grant.until.text for grant in run.declaration.ended if grant.until}
        for step in run.plan.changes if ended else ():
            if step.principal in ended:
                ends[plan_key(plan_row(run.place, run.declaration.resource, step))] = ended[step.principal]
    return ends
