# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The guard rail ``approved_plan``: a run does nothing that is not in the plan that somebody approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._model.invalid_input import InvalidInput
from .._model.kinds import KINDS
from .._model.places import Place
from .._model.principals import Principal, parse_listed_principal
from .._model.reading import UNREAD
from .._model.resources import Resource
from .planning import CREATED, DELETED, RENEWED, UPDATED, Step

_TEXTS = ("kind", "id", "shared_with", "action")
_MAY_BE_NONE = ("account_id", "region", "permission_type")
_ACTIONS = (CREATED, UPDATED, RENEWED, DELETED)


@dataclass(frozen=True)
class Change:
    """One change of a plan, as far as it matters for whether it was approved."""

    region: str | None
    kind: str
    id: str
    """The last part of the ARN."""
    principal: Principal
    permission: str | None
    action: str
    """created, updated or deleted: to send an invitation anew is the same wish as to send it."""


@dataclass(frozen=True)
class Approved:
    """What somebody approved."""

    changes: Mapping[Change, frozenset[str | None]]
    """The accounts of each change; None: the account was not known."""

    def allows(self, place: Place, resource: Resource, step: Step) -> bool:
        """Whether the change is in the plan."""
        row = plan_row(place, resource, step)
        accounts = self.changes.get(_change(row), frozenset())
        # An ID means one resource, whoever owns it. So an account that was not known then, or now, is as good.
        return bool(accounts) and (row["account_id"] is None or bool(accounts & {row["account_id"], None}))


def plan_row(place: Place, resource: Resource, step: Step) -> dict[str, Any]:
    """One item of the return value ``plan``."""
    known = resource.as_result()
    return {
        "account_id": place.account.id or resource.owner,
        "region": place.region,
        "kind": known["kind"],
        "id": known["id"],
        "name": known["name"],
        "shared_with": step.principal.text,
        "permission_type": step.permission,
        "action": step.action,
    }


def parse_approved(rows: Iterable[Any]) -> Approved:
    """What was approved. ``rows``: as ``plan_row`` makes them.

    Raises InvalidInput that names every row of another shape.
    """
    faults: list[str] = []
    changes: dict[Change, frozenset[str | None]] = {}
    for index, row in enumerate(rows):
        if row is UNREAD:
            continue
        why = _why_not(row)
        if why:
            faults.append(f"approved_plan[{index}]: {why}")
            continue
        change = _change(row)
        changes[change] = changes.get(change, frozenset()) | {row.get("account_id")}
    if faults:
        raise InvalidInput(faults)
    return Approved(changes)


def _why_not(row: Any) -> str | None:
    if not isinstance(row, Mapping):
        return "it is no change of a plan"
    texts = [key for key in _TEXTS if not isinstance(row.get(key), str)]
    odd = [key for key in _MAY_BE_NONE if not isinstance(row.get(key), (str, type(None)))]
    if texts or odd:
        return f"it is no change of a plan: look at {', '.join((*texts, *odd))}"
    if row["kind"] not in KINDS or row["action"] not in _ACTIONS:
        return f"it is no change of a plan: {row['kind']} {row['action']}"
    return None


def _change(row: Mapping[str, Any]) -> Change:
    action = CREATED if row["action"] == RENEWED else row["action"]
    return Change(
        row.get("region"),
        row["kind"],
        row["id"],
        parse_listed_principal(row["shared_with"]),
        # What a share that goes permitted is no matter.
        None if action == DELETED else row.get("permission_type"),
        action,
    )


def name_changes(rows: Sequence[Mapping[str, Any]], most: int) -> str:
    """The first of the changes in words, and how many more there are."""
    named = "; ".join(
        " ".join(
            filter(
                None,
                (
                    row["action"],
                    row["kind"],
                    repr(row["name"]) if row["name"] else None,
                    f"({row['id']})",
                    f"in {row['account_id'] or 'this account'}, {row['region']}",
                    f"with {row['shared_with']}",
                    row["permission_type"],
                ),
            )
        )
        for row in rows[:most]
    )
    return f"{named}; and {len(rows) - most:,} more" if len(rows) > most else named
