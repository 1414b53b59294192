# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The guardrails: options that make a task refuse before its first change. All of them are here.

They judge values that the flow hands to them: the caller, the principals that are declared, the rows of the plan.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ._errors import InvalidInput, at
from ._kinds import KINDS
from ._names import count_noun, quote
from ._principals import Principal, PrincipalNames, parse_account_id, parse_listed_principal
from ._shares import CREATED, DELETED, RENEWED, UPDATED

NAMED_AT_MOST = 10  # changes named in one message

ACCOUNT_GUARDRAIL: dict[str, Any] = {"expected_account_id": {"type": "str"}}
"""The argument spec of the guardrail that every module has."""
GUARDRAILS: dict[str, Any] = {
    "allowed_principals": {"type": "list", "elements": "raw"},
    "max_removals": {"type": "int"},
}
"""The argument spec of the guardrails of modules that share."""
PLAN_GUARDRAIL: dict[str, Any] = {"approved_plan": {"type": "list", "elements": "dict"}}
"""The argument spec of the guardrail of wa_shares."""

_CHANGES = (CREATED, UPDATED, RENEWED, DELETED)
PlanRow = Mapping[str, Any]
"""An item of the return value ``plan``: account_id, region, kind, id, name, shared_with, permission_type, action."""


class Refused(InvalidInput):
    """A guardrail refuses the plan. ``result``: what the module returns beside the message."""

    result: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Guardrails:
    """The guardrails of a task that shares; None: not set."""

    names: PrincipalNames = field(default_factory=PrincipalNames)
    allowed_principals: frozenset[Principal] | None = None
    max_removals: int | None = None
    approved_plan: frozenset[tuple[Any, ...]] | None = None

    def check_principals(self, granted: Iterable[tuple[str, Principal]]) -> None:
        """Raises InvalidInput that names every principal, with its path, that is not in allowed_principals."""
        if self.allowed_principals is None:
            return
        errors = [
            at(path, f"{principal.label} is not in allowed_principals. Add it there, or remove it from the list.")
            for path, principal in granted
            if not principal.is_covered_by(self.allowed_principals)
        ]
        if errors:
            raise InvalidInput(errors)

    def check_plan(self, plan: Sequence[PlanRow], ends: Mapping[tuple[Any, ...], str]) -> None:
        """Raises Refused where the plan deletes too many shares, or has changes that were not approved.

        ``ends``: when the access of deleted shares ended, by ``plan_key``.
        """
        removals = [row for row in plan if row["action"] == DELETED]
        if self.max_removals is not None and len(removals) > self.max_removals:
            named = [
                self._describe(row) + (f" (access ended on {ends[plan_key(row)]})" if plan_key(row) in ends else "")
                for row in removals
            ]
            raise Refused(
                [
                    f"This run would delete {count_noun(len(removals), 'share')}, but max_removals is "
                    f"{self.max_removals}. Shares that would be deleted: {_join(named)}."
                ]
            )
        if self.approved_plan is None:
            return
        others = [f"{row['action']} {self._describe(row)}" for row in plan if not self._is_approved(row)]
        if others:
            raise Refused(
                [
                    f"The run requires {count_noun(len(others), 'change')} that "
                    f"{'is' if len(others) == 1 else 'are'} not in approved_plan: {_join(others)}. Review and approve "
                    "a new plan."
                ]
            )

    def reason_against(self, row: PlanRow) -> str | None:
        """Which guardrail forbids a change that turned up while the task was running; None: it may be made."""
        if self.approved_plan is not None and not self._is_approved(row):
            return "approved_plan does not have that change"
        if self.max_removals is not None and row["action"] == DELETED:
            return "max_removals did not allow for that"
        return None

    def _describe(self, row: PlanRow) -> str:
        """``workload 'Payments' (ID) in 123456789012, eu-west-1 with 111122223333 (payments) READONLY``."""
        name = f" {quote(row['name'])}" if row.get("name") else ""
        principal = self.names.with_name(parse_listed_principal(row["shared_with"])).label
        permission = f" {row['permission_type']}" if row.get("permission_type") else ""
        return (
            f"{row['kind']}{name} ({row['id']}) in {row.get('account_id') or 'the calling account'}, "
            f"{row.get('region')} with {principal}{permission}"
        )

    def _is_approved(self, row: PlanRow) -> bool:
        account_id, *change = plan_key(row)
        approved = self.approved_plan or frozenset()
        # An ID identifies a resource, so an account that is not known in one of the two does not matter.
        return bool({(account_id, *change), (None, *change)} & approved) or (
            account_id is None and any(key[1:] == tuple(change) for key in approved)
        )


def parse_guardrails(params: Mapping[str, Any], names: PrincipalNames, errors: list[str]) -> Guardrails:
    """The guardrails in a module's parameters. What is wrong is added to ``errors``."""
    allowed: set[Principal] = set()
    for position, item in enumerate(params["allowed_principals"] or ()):
        try:
            allowed.update(names.resolve(item))
        except ValueError as error:
            errors.append(f"allowed_principals[{position}]: {error}")
    most = params["max_removals"]
    if most is not None and most < 0:
        errors.append(f"max_removals must be at least 0, got {most}.")
    approved = params.get("approved_plan")
    keys: set[tuple[Any, ...]] = set()
    for position, row in enumerate(approved or ()):
        wrong = _find_wrong_members(row)
        if wrong:
            errors.append(
                f"approved_plan[{position}]: These members are missing or not valid: {', '.join(wrong)}. Use the plan "
                "that a run in check mode returned."
            )
        else:
            keys.add(plan_key(row))
    return Guardrails(
        names,
        None if params["allowed_principals"] is None else frozenset(allowed),
        most,
        None if approved is None else frozenset(keys),
    )


def parse_expected_account(value: str | None, errors: list[str]) -> str | None:
    """The account ID in the option expected_account_id. What is wrong is added to ``errors``."""
    try:
        return None if value is None else parse_account_id(value)
    except ValueError as error:
        errors.append(f"expected_account_id: {error}")
        return None


def check_account(expected: str, actual: str) -> None:
    """The guardrail expected_account_id. Raises Refused where the credentials are another account's."""
    if actual != expected:
        raise Refused(
            [
                f"expected_account_id is {expected}, but the credentials belong to account {actual}. Use the "
                f"credentials of account {expected}, or correct expected_account_id."
            ]
        )


def plan_key(row: PlanRow) -> tuple[Any, ...]:
    """What identifies a change. To renew a share is to create it; the permission of a deleted share is irrelevant."""
    action = CREATED if row["action"] == RENEWED else row["action"]
    principal = parse_listed_principal(row["shared_with"])
    permission = None if action == DELETED else row.get("permission_type")
    return row.get("account_id"), row.get("region"), row["kind"], row["id"], principal, permission, action


def hash_plan(plan: Sequence[PlanRow]) -> str:
    """The SHA-256 of the plan's changes, in hexadecimal digits, whatever their order."""
    lines = sorted(json.dumps(row, sort_keys=True, ensure_ascii=True) for row in plan)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _find_wrong_members(row: PlanRow) -> list[str]:
    wrong = [key for key in ("kind", "id", "shared_with", "action") if not isinstance(row.get(key), str)]
    optional = ("account_id", "region", "permission_type")
    wrong.extend(key for key in optional if not isinstance(row.get(key), (str, type(None))))
    if row.get("kind") not in KINDS:
        wrong.append("kind")
    if row.get("action") not in _CHANGES:
        wrong.append("action")
    return list(dict.fromkeys(wrong))


def _join(changes: Sequence[str]) -> str:
    first = "; ".join(changes[:NAMED_AT_MOST])
    more = len(changes) - NAMED_AT_MOST
    return f"{first}; and {more:,} more" if more > 0 else first
