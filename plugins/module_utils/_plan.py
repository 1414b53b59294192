# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What to change: the declaration of a resource and its listed shares, turned into steps. Makes no calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ._accounts import Place
from ._declaration import Declaration, Grant
from ._principals import ACCOUNT, Principal
from ._shares import CREATED, DELETED, RENEWED, UNCHANGED, UPDATED, Resource, Share

# Removals go first, so that a full quota never blocks a swap; a renewal frees the quota that it uses.
_ORDER = {DELETED: 0, UPDATED: 1, RENEWED: 2, CREATED: 3}


@dataclass(frozen=True)
class Step:
    """What is done about one principal's access to the resource."""

    action: str
    """One of ACTIONS."""
    principal: Principal
    permission: str | None = None
    """The permission afterwards; of a deleted share, the one it had."""
    share: Share | None = None
    """The existing share; None where there is none."""
    replaced: tuple[Share, ...] = ()
    """Of a renewal: the inactive shares to delete before the new one is created."""


@dataclass(frozen=True)
class Plan:
    """The steps for one resource: declared principals in the order declared, then the removals."""

    steps: tuple[Step, ...] = ()
    left_inactive: tuple[Share, ...] = ()
    """Inactive shares with declared principals that stay, since their status is not in ``renew``."""
    dropped: tuple[Principal, ...] = ()
    """The owner's own account, users and roles among those declared. The API never gets them."""
    kept_access: tuple[tuple[Principal, Principal], ...] = ()
    """Accounts whose share is deleted, each with one of its users or roles that keeps a share."""

    @property
    def changes(self) -> tuple[Step, ...]:
        """The steps that change something, in the order in which they are carried out."""
        changes = (step for step in self.steps if step.action != UNCHANGED)
        return tuple(sorted(changes, key=lambda step: _ORDER[step.action]))


def plan_shares(declaration: Declaration, shares: Iterable[Share], owner: str | None = None) -> Plan:
    """The steps that turn ``shares``, which are all of the resource, into the declared state.

    ``owner``: the account ID of the resource's owner, which is dropped from what is declared, with its users and
    roles; None where it is not known.
    """
    existing: dict[Principal, list[Share]] = defaultdict(list)
    for share in shares:
        existing[share.principal].append(share)

    steps: list[Step] = []
    left_inactive: list[Share] = []
    dropped: list[Principal] = []
    for grant in declaration.grants:
        listed = existing.pop(grant.principal, [])
        if owner is not None and grant.principal.account == owner:
            dropped.append(grant.principal)
            continue
        active = [share for share in listed if share.is_active]
        if active:
            steps.extend(_keep_or_update(grant, share) for share in active)
        elif not listed:
            steps.append(Step(CREATED, grant.principal, grant.permission))
        elif all(share.status in declaration.renew for share in listed):
            steps.append(Step(RENEWED, grant.principal, grant.permission, listed[-1], tuple(listed)))
        else:
            left_inactive.extend(listed)
            steps.extend(Step(UNCHANGED, share.principal, share.permission, share) for share in listed)

    remaining: list[Principal] = [step.principal for step in steps]
    for principal, listed in existing.items():
        if declaration.purge or declaration.removes(principal):
            steps.extend(Step(DELETED, principal, share.permission, share) for share in listed)
        elif any(share.is_active for share in listed):
            remaining.append(principal)
    removed = {step.principal.account: step.principal for step in steps if _removes_account(step)}
    kept = ((removed[one.account], one) for one in remaining if one.kind != ACCOUNT and one.account in removed)
    return Plan(tuple(steps), tuple(left_inactive), tuple(dropped), tuple(kept))


def needs_owner(plan: Plan) -> bool:
    """Whether the plan shares with an account, user or role, which might be the owner's own."""
    return any(step.action in (CREATED, RENEWED) and step.principal.account is not None for step in plan.steps)


def plan_row(place: Place, resource: Resource, step: Step) -> dict[str, Any]:
    """The step as an item of the return value ``plan``."""
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


def _removes_account(step: Step) -> bool:
    return step.action == DELETED and step.principal.kind == ACCOUNT


def _keep_or_update(grant: Grant, share: Share) -> Step:
    action = UNCHANGED if share.permission == grant.permission else UPDATED
    return Step(action, grant.principal, grant.permission, share)
