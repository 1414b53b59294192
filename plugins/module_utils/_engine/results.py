# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What the modules return: rows, the summary and the diff, from what was done or, in check mode, would be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from .._model.grouping import Failed
from .._model.listed import Listed
from .._model.places import Place
from .._model.resources import Resource
from .._model.shares import Share
from .._model.terms import NO_TERMS, Terms
from .applying import Outcome, Work
from .declaration import Declaration
from .planning import ACTIONS, CREATED, DELETED, RENEWED, UNCHANGED
from .settings import Warn


def share_row(outcome: Outcome) -> dict[str, Any]:
    """One item of the return value ``shares``."""
    return {**_share(outcome), "action": outcome.action}


def terms_row(terms: Terms, now: datetime) -> dict[str, Any]:
    """What more an item of ``shares`` has where access may have an end and a reason."""
    return {
        "until": terms.until.text if terms.until else None,
        "ended": terms.ended(now),
        "reason": terms.reason,
    }


def located(resource: Resource, place: Place) -> dict[str, str | None]:
    """The resource as the modules return it, with where it is. ``place``: where it was found."""
    return {**resource.as_result(), "account_id": place.account.id or resource.owner, "region": place.region}


def resource_result(work: Work, place: Place, now: datetime | None = None) -> dict[str, Any]:
    """One item of the return value ``resources``; ``error`` is there only where it failed.

    ``now``: what has ended by then is told; None: nothing is told of ends and reasons, which the module does not have.
    """
    terms = work.declaration.terms
    result = {
        "resource": located(work.declaration.resource, place),
        "shares": [
            {
                **share_row(outcome),
                **(terms_row(terms.get(outcome.principal, NO_TERMS), now) if now is not None else {}),
            }
            for _step, outcome in work.outcomes
        ],
        "changed": work.changed,
    }
    if work.error:
        result["error"] = work.error
    return result


def declared_rows(declaration: Declaration, place: Place) -> list[dict[str, Any]]:
    """Items of the return value ``declared`` of an audit: each principal whose access is declared, also where it has
    ended. The owner, who needs no share, is left out.
    """
    resource = declaration.resource
    where = located(resource, place)
    return [
        {
            **where,
            "shared_with": grant.principal.text,
            "permission_type": grant.permission,
            "until": grant.terms.until.text if grant.terms.until else None,
            "reason": declaration.terms.get(grant.principal, grant.terms).reason,
            "where": grant.terms.where,
        }
        for grant in (*declaration.wanted.grants, *declaration.ended)
        if grant.principal.account is None or grant.principal.account != where["account_id"]
    ]


def listed_result(listed: Listed, place: Place) -> dict[str, Any]:
    """One item of the return value ``resources`` of what only looks; ``error`` is there only where it failed."""
    result: dict[str, Any] = {
        "resource": located(listed.resource, place),
        "shares": [_share(share) for share in listed.shares],
    }
    if listed.error:
        result["error"] = listed.error
    return result


def _share(share: Share | Outcome) -> dict[str, Any]:
    return {
        "shared_with": share.principal.text,
        "shared_with_name": share.principal.name,
        "share_id": share.share_id,
        "status": share.status,
        "status_message": share.status_message,
        "permission_type": share.permission,
    }


def as_failed(work: Work) -> Failed:
    """The errors of the resource, to be told with equal ones of others."""
    resource = work.declaration.resource
    others = [step.principal for step in work.plan.steps] + [share.principal for share in work.listed]
    principals = {text for principal in others for text in (principal.label, principal.text)}
    place = {work.place.label, work.place.region, work.place.account.id or ""} if work.place else set()
    texts = {resource.label, work.label, resource.id, resource.arn or "", *principals, *place}
    name = resource.name or resource.id
    named = f"{name} in {work.place.label}" if work.place else name
    return Failed(resource.kind.label, named, f"{work.label}: {work.error}", tuple(work.errors), texts)


def summarize(works: Iterable[Work]) -> dict[str, int]:
    """Counts of shares by action, and ``failed``: the count of resources."""
    works = list(works)
    actions = Counter(outcome.action for work in works for _step, outcome in work.outcomes)
    return {action: actions[action] for action in ACTIONS} | {"failed": sum(bool(work.error) for work in works)}


def diff(works: Sequence[Work]) -> list[dict[str, str]]:
    """One diff for each resource that changed: a line per share, before and after.

    Shares of the resource that were not declared and stay are in both texts, so that the diff shows them as context.
    """
    return [_diff(work) for work in works if any(outcome.action != UNCHANGED for _step, outcome in work.outcomes)]


def _diff(work: Work) -> dict[str, str]:
    before = {share.share_id: _line(share.principal.label, share.permission, share.status) for share in work.listed}
    after = dict(before)
    for step, outcome in work.outcomes:
        for share in step.replaced if outcome.action == RENEWED else ():
            after.pop(share.share_id, None)
        if outcome.action in (CREATED, RENEWED) and step.share is not None:
            after.pop(step.share.share_id, None)  # It was to be changed, but somebody had removed it.
        if outcome.action == DELETED:
            after.pop(outcome.share_id or "", None)
        elif outcome.action in (CREATED, RENEWED):
            # Check mode cannot know the status, nor can a run that has not listed the share since it made it.
            after[f"new {outcome.principal.kind} {outcome.principal.identity}"] = _line(
                outcome.principal.label, outcome.permission, outcome.status or "new"
            )
        elif outcome.share_id in after:
            kept = next(share for share in work.listed if share.share_id == outcome.share_id)
            after[kept.share_id] = _line(kept.principal.label, outcome.permission, outcome.status or kept.status)
    return {
        "before_header": f"shares of {work.label}",
        "after_header": f"shares of {work.label}",
        "before": _text(before.values()),
        "after": _text(after.values()),
    }


def _line(principal: str, permission: str | None, status: str) -> str:
    return " ".join(filter(None, (principal, permission, status))) + "\n"


def _text(lines: Iterable[str]) -> str:
    return "".join(sorted(lines))


def warn_of_dead(works: Iterable[Work], warn: Warn) -> None:
    """Warns of dead shares that are left alone."""
    for work in works:
        dead: Sequence[Share] = work.plan.left_dead
        if not dead:
            continue
        named = ", ".join(f"{share.principal.label} ({share.status})" for share in dead)
        statuses = ", ".join(sorted({share.status for share in dead} - work.declaration.wanted.renew))
        warn(f"{work.label} is not shared with {named}: such a share is sent again only if renew includes {statuses}")
