# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What modules return: rows, summaries, diffs, and messages in which equal failures are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible.module_utils.common import warnings
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ._accept import Recipient
from ._accounts import Place
from ._apply import Outcome, ResourceRun
from ._declaration import Declaration, Grant
from ._errors import Failure, InvalidInput, ServiceError
from ._guardrails import Refused
from ._names import count_noun, escape_controls, quote, summarize_names
from ._places import PlaceResult
from ._resources import Listed
from ._shares import ACTIONS, CREATED, DELETED, RENEWED, UNCHANGED, Resource, Share

LINES_AT_MOST = 24  # of a message
LINE_AT_MOST = 1000  # characters
PLACE = "account and Region"
SINGLY_AT_MOST = 3  # members of a group of equal failures that are listed one by one


@dataclass(frozen=True)
class Failed:
    """One thing that failed."""

    noun: str
    """What it is: ``workload``, ``place``."""
    name: str
    failures: tuple[Failure, ...]


@contextmanager
def reporting_errors(module: AnsibleAWSModule, changes: bool = True, one: bool = False) -> Iterator[None]:
    """Fails the module for InvalidInput and ServiceError. ``changes``: whether the module changes anything.

    ``one``: whether it returns the diff of one resource, not a list.
    """
    try:
        yield
    except InvalidInput as error:
        nothing = "Nothing was changed. " if changes else ""
        more = dict(error.result) if isinstance(error, Refused) else {}
        if one and more.get("diff"):
            more["diff"] = more["diff"][0]
        errors = list(map(escape_controls, error.errors))
        module.fail_json(**{**more, "msg": escape_lines(f"{nothing}{error}"), "errors": errors})
    except ServiceError as error:
        module.fail_json_aws(error, msg=error.headline, errors=[str(error)])


def exit_module(
    module: AnsibleAWSModule, result: Mapping[str, Any], head: str, failed: Sequence[Failed], detail: str = "resources"
) -> None:
    """Ends the module. With failures, the message has them after ``head``, and the result only what it needs.

    ``detail``: the list of the result that is cut down to what changed or failed.
    """
    if not failed:
        module.exit_json(**result, msg=head, errors=[])
    lines = group_failures(failed, LINES_AT_MOST - head.count("\n"))
    short = [row for row in result.get(detail, ()) if row.get("error") or row.get("changed")]
    traceback = next((one.traceback for item in failed for one in item.failures if one.traceback), None)
    module.fail_json(
        **{**result, **({detail: short} if detail in result else {})},
        msg="\n".join([head, *lines]),
        errors=lines,
        **({"exception": traceback} if traceback else {}),
    )


def warn_all(texts: Iterable[str]) -> None:
    """Shows each warning once. AnsibleAWSModule.warn returns warnings a second time, which ansible-core deprecates."""
    for text in dict.fromkeys(texts):
        warnings.warn(escape_controls(text))


def escape_lines(text: str) -> str:
    """The text with control characters escaped, but for the breaks between its lines."""
    return "\n".join(map(escape_controls, text.split("\n")))


def group_failures(failed: Iterable[Failed], most: int = LINES_AT_MOST) -> list[str]:
    """A line for each group of equal failures, the rarest first: ``195 workloads (A, B and 193 more): MESSAGE``.

    What failed alone is listed with its whole message. At most so many lines; the last one counts the rest.
    """
    groups: dict[str, list[tuple[Failed, Failure]]] = {}
    for item in failed:
        for failure in {failure.common: failure for failure in item.failures}.values():
            groups.setdefault(failure.common, []).append((item, failure))
    lines: dict[str, None] = {}
    for common, members in sorted(groups.items(), key=lambda group: len(group[1])):
        if len(members) <= SINGLY_AT_MOST:
            lines.update((_cut(f"{item.name}: {failure.message}"), None) for item, failure in members)
        else:
            names = summarize_names([_cut(item.name, 80) for item, _failure in members], 2)
            counts = Counter(item.noun for item, _failure in members)
            counted = " and ".join(count_noun(number, noun) for noun, number in counts.items())
            lines[_cut(f"{counted} ({names}): {common}")] = None
    shown = list(lines)
    if len(shown) > most:
        more = len(shown) - most + 1
        shown[most - 1 :] = [f"and {count_noun(more, 'other error')}, see the result."]
    return shown


def _cut(text: str, most: int = LINE_AT_MOST) -> str:
    """The text on one line, cut in the middle where it is too long: an error ends with how to fix it."""
    text = escape_controls(" ".join(text.split()))
    end = most // 2
    return text if len(text) <= most else f"{text[: most - end - 1]}…{text[-end:]}"


def fail_resources(runs: Iterable[ResourceRun], name_place: bool) -> list[Failed]:
    """The resources that failed. ``name_place``: whether their names include the place."""
    return [
        Failed(
            run.declaration.resource.kind.label,
            _name(run.declaration.resource, run.place if name_place else None),
            tuple(run.failures) or (Failure(run.error or "", run.error or ""),),
        )
        for run in runs
        if run.error
    ]


def fail_listed(listed: Iterable[tuple[Place, Listed]], name_place: bool) -> list[Failed]:
    """The resources whose shares could not be listed."""
    return [
        Failed(item.resource.kind.label, _name(item.resource, place if name_place else None), (item.error.failure,))
        for place, item in listed
        if item.error
    ]


def fail_places(results: Iterable[PlaceResult[Any]]) -> list[Failed]:
    """The places that could not be read. Those that were skipped are failures where nothing else was read."""
    results = list(results)
    skipped = [result for result in results if result.skipped]
    if skipped and not any(result.value is not None or result.error for result in results):
        return [Failed(PLACE, one.place.label, (Failure(one.skipped or "", one.skipped or ""),)) for one in skipped]
    return [Failed(PLACE, result.place.label, (result.error.failure,)) for result in results if result.error]


def fail_recipients(recipients: Iterable[Recipient]) -> list[Failed]:
    """The recipients of which something failed. Those that were skipped are failures where all were."""
    recipients = list(recipients)
    if all(one.skipped for one in recipients):
        return [
            Failed("recipient", one.place.label, (Failure(one.skipped or "", one.skipped or ""),)) for one in recipients
        ]
    return [Failed("recipient", one.place.label, tuple(one.failures)) for one in recipients if one.failures]


def describe_scope(results: Iterable[PlaceResult[Any]]) -> str:
    """`` Checked: 2 accounts, 4 Regions.``, of what could be read."""
    read = [result.place for result in results if result.value is not None]
    accounts = count_noun(len({place.account for place in read}), "account")
    return f" Checked: {accounts}, {count_noun(len({place.region for place in read}), 'Region')}."


def describe_skipped(results: Iterable[PlaceResult[Any] | Recipient]) -> str:
    """``Skipped: eu-south-1 (300 accounts, The account has not enabled the Region.)``; empty where none was skipped."""
    groups: dict[tuple[str, str], list[str]] = {}
    for result in results:
        if result.skipped:
            groups.setdefault((result.place.region, result.skipped), []).append(result.place.account.label)
    parts = [
        f"{region} ({summarize_names(accounts, 3)}: {reason.rstrip('.')})"
        for (region, reason), accounts in sorted(groups.items())
    ]
    return f" Skipped: {summarize_names(parts, 5)}." if parts else ""


def describe_failed(failed: Sequence[Failed], total: int, noun: str) -> str:
    """``2 of 12 accounts and Regions failed. ``, or empty where none did."""
    return f"{len(failed):,} of {count_noun(total, noun)} failed. " if failed else ""


def describe_counts(counts: Mapping[str, int], noun: str, none: str) -> str:
    """``Shares: 3 created, 12 unchanged.``, or ``none`` where all counts are 0."""
    parts = [f"{count:,} {word}" for word, count in counts.items() if count]
    return f"{noun}: {', '.join(parts)}." if parts else none


def _name(resource: Resource, place: Place | None) -> str:
    name = f"{resource.kind.label} {quote(resource.name)}" if resource.name else f"{resource.kind.label} {resource.id}"
    return f"{name} in {place.label}" if place else name


def locate(resource: Resource, place: Place) -> dict[str, Any]:
    """The resource as modules return it, with its account and Region."""
    return {**resource.as_result(), "account_id": place.account.id or resource.owner, "region": place.region}


def format_run(run: ResourceRun, now: datetime | None = None) -> dict[str, Any]:
    """An item of the return value ``resources``; ``error`` only where it failed.

    ``now``: shares have until, ended (by then) and reason; None: the module has no such options.
    """
    shares = [
        {**_share(outcome), "action": outcome.action, **_terms(run.declaration.terms.get(outcome.principal), now)}
        for _step, outcome in run.outcomes
    ]
    result = {"resource": locate(run.declaration.resource, run.place), "shares": shares, "changed": run.changed}
    return {**result, "error": escape_controls(run.error)} if run.error else result


def _terms(terms: Grant | None, now: datetime | None) -> dict[str, Any]:
    if now is None:
        return {}
    return {
        "until": terms.until.text if terms and terms.until else None,
        "ended": terms is not None and terms.has_ended(now),
        "reason": terms.reason if terms else None,
    }


def format_listed(listed: Listed, place: Place) -> dict[str, Any]:
    """An item of the return value ``resources`` of an info module; ``error`` only where it failed."""
    result = {"resource": locate(listed.resource, place), "shares": [_share(share) for share in listed.shares]}
    return {**result, "error": escape_controls(str(listed.error))} if listed.error else result


def _share(share: Share | Outcome) -> dict[str, Any]:
    return {
        "shared_with": share.principal.text,
        "shared_with_name": share.principal.name,
        "share_id": share.share_id,
        "status": share.status,
        "status_message": share.status_message,
        "permission_type": share.permission,
    }


def format_declared(declaration: Declaration, place: Place) -> list[dict[str, Any]]:
    """Items of ``declared``: each principal with declared access, also where it has ended, without the owner."""
    where = locate(declaration.resource, place)
    return [
        {
            **where,
            "shared_with": grant.principal.text,
            "permission_type": grant.permission,
            "until": grant.until.text if grant.until else None,
            "reason": declaration.terms.get(grant.principal, grant).reason,
            "where": grant.path,
        }
        for grant in (*declaration.grants, *declaration.ended)
        if grant.principal.account is None or grant.principal.account != where["account_id"]
    ]


def summarize_runs(runs: Sequence[ResourceRun]) -> dict[str, int]:
    """Counts of shares by action, of accepted shares, and ``failed``: the count of resources."""
    outcomes = [outcome for run in runs for _step, outcome in run.outcomes]
    actions = Counter(outcome.action for outcome in outcomes)
    return {
        **{action: actions[action] for action in ACTIONS if action != UNCHANGED},
        "accepted": sum(outcome.accepted for outcome in outcomes),
        UNCHANGED: actions[UNCHANGED],
        "failed": sum(bool(run.error) for run in runs),
    }


def diff_runs(runs: Iterable[ResourceRun], name_place: bool) -> list[dict[str, str]]:
    """A diff for each changed resource: a line per share, before and after."""
    return [_diff(run, name_place) for run in runs if run.changed]


def _diff(run: ResourceRun, name_place: bool) -> dict[str, str]:
    before = {share.share_id: _line(share.principal.label, share.permission, share.status) for share in run.shares}
    after = dict(before)
    for step, outcome in run.outcomes:
        for share in step.replaced if outcome.action == RENEWED else ():
            after.pop(share.share_id, None)
        if outcome.action in (CREATED, RENEWED) and step.share is not None:
            after.pop(step.share.share_id, None)  # It was to be changed, but was deleted outside this run.
        if outcome.action == DELETED:
            after.pop(outcome.share_id or "", None)
        elif outcome.action in (CREATED, RENEWED):
            # Neither check mode nor a run that has not listed the share again knows its status.
            key = f"new {outcome.principal.kind} {outcome.principal.identity}"
            after[key] = _line(outcome.principal.label, outcome.permission, outcome.status or "new")
        elif outcome.share_id in after:
            kept = next(share for share in run.shares if share.share_id == outcome.share_id)
            after[kept.share_id] = _line(kept.principal.label, outcome.permission, outcome.status or kept.status)
    label = run.declaration.resource.label
    header = f"shares of {label} in {run.place.label}" if name_place else f"shares of {label}"
    return {
        "before_header": header,
        "after_header": header,
        "before": "".join(sorted(before.values())),
        "after": "".join(sorted(after.values())),
    }


def _line(principal: str, permission: str | None, status: str) -> str:
    return f"{escape_controls(' '.join(filter(None, (principal, permission, status))))}\n"


def describe_warnings(runs: Iterable[ResourceRun]) -> Iterator[str]:
    """Warnings about inactive shares that stay, users and roles that keep access, and owners that were dropped."""
    dropped: dict[tuple[str, str], list[str]] = {}
    for run in runs:
        label = run.declaration.resource.label
        if run.plan.left_inactive:
            shares = [f"{share.principal.label} ({share.status})" for share in run.plan.left_inactive]
            statuses = sorted({share.status for share in run.plan.left_inactive} - run.declaration.renew)
            yield (
                f"Inactive shares of {label} were left unchanged: {summarize_names(shares)}. To renew them, add "
                f"{', '.join(statuses)} to renew."
            )
        for account, principal in run.plan.kept_access:
            yield (
                f"The share of {label} with account {account.label} is deleted, but {principal.label} of that account "
                "keeps a share of its own. Delete both to revoke access (account_wide)."
            )
        for principal in run.plan.dropped:
            owner = principal.account or ""
            dropped.setdefault((owner, principal.label), []).append(label)
    for (owner, text), labels in dropped.items():
        yield (
            f"Account {owner} owns {summarize_names(labels, 1)}. The owner, its users and its roles need no share, so "
            f"{text} was left out."
        )
