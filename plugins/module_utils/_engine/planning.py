# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What to change: what is declared of a resource and what is listed, turned into steps. Nothing here sees a client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .._model.principals import Principal
from .._model.shares import Share
from .._model.terms import NO_TERMS, Terms

CREATED = "created"
UPDATED = "updated"
RENEWED = "renewed"
DELETED = "deleted"
UNCHANGED = "unchanged"
ACTIONS = (CREATED, UPDATED, RENEWED, DELETED, UNCHANGED)

# Removals go first, so that a full quota never blocks a swap; a renewal frees the place that it takes.
_ORDER = {DELETED: 0, UPDATED: 1, RENEWED: 2, CREATED: 3}


@dataclass(frozen=True)
class Grant:
    """One principal, and the permission (READONLY, CONTRIBUTOR; None but for workloads) that it is to have."""

    principal: Principal
    permission: str | None = None
    terms: Terms = NO_TERMS


@dataclass(frozen=True)
class Wanted:
    """What is declared of one resource's shares."""

    grants: tuple[Grant, ...] = ()
    """Each principal once."""
    removals: tuple[Principal, ...] = ()
    """Principals whose every share, live or dead, is to go."""
    purge: bool = False
    """Whether shares with principals not in ``grants`` are to go too."""
    renew: frozenset[str] = frozenset()
    """Statuses of dead shares to send again."""
    removed_accounts: frozenset[str] = frozenset()
    """Account IDs: every share with the account, its users and its roles is to go."""

    def removes(self, principal: Principal) -> bool:
        """Whether every share with the principal is to go, whatever is purged."""
        return principal in self.removals or principal.account in self.removed_accounts

    def only(self, principal: Principal) -> Wanted:
        """The part of this that concerns one principal."""
        declared = any(grant.principal == principal for grant in self.grants)
        return Wanted(
            grants=tuple(grant for grant in self.grants if grant.principal == principal),
            removals=(principal,) if (self.purge and not declared) or self.removes(principal) else (),
            renew=self.renew,
        )


@dataclass(frozen=True)
class Step:
    """What becomes of one principal's access to the resource."""

    action: str
    """One of ACTIONS."""
    principal: Principal
    permission: str | None = None
    """The permission afterwards; of a deleted share, the one it had."""
    share: Share | None = None
    """The share that is there now; None where there is none."""
    replaced: tuple[Share, ...] = ()
    """Of a renewal: the dead shares to delete before the new one is created."""


@dataclass(frozen=True)
class Plan:
    """The steps for one resource: declared principals in the order declared, then what is removed."""

    steps: tuple[Step, ...] = ()
    left_dead: tuple[Share, ...] = ()
    """Dead shares with declared principals that are left alone, since their status is not in ``renew``."""
    owner_dropped: tuple[Principal, ...] = ()
    """The owner's own account, users and roles among those declared: they are never asked of the API."""

    @property
    def changes(self) -> tuple[Step, ...]:
        """The steps that change something, in the order in which to do them."""
        changes = (step for step in self.steps if step.action != UNCHANGED)
        return tuple(sorted(changes, key=lambda step: _ORDER[step.action]))

    @property
    def removals(self) -> int:
        """How many shares go for good. Renewals do not count."""
        return sum(step.action == DELETED for step in self.steps)


def plan_shares(wanted: Wanted, shares: Iterable[Share], owner: str | None = None) -> Plan:
    """What to do so that ``shares`` (all that is listed for the resource) become as ``wanted``.

    ``owner`` is the account ID of the resource's owner, who is dropped from what is declared,
    with the users and roles of that account; None where not known.
    """
    there: dict[Principal, list[Share]] = defaultdict(list)
    for share in shares:
        there[share.principal].append(share)

    steps: list[Step] = []
    left_dead: list[Share] = []
    owner_dropped: list[Principal] = []
    for grant in wanted.grants:
        listed = there.pop(grant.principal, [])
        if owner is not None and grant.principal.account == owner:
            owner_dropped.append(grant.principal)
            continue
        live = [share for share in listed if share.live]
        if live:
            steps.extend(_keep(grant, share) for share in live)
        elif all(share.status in wanted.renew for share in listed):
            steps.append(_send(grant, listed))
        else:
            left_dead.extend(listed)
            steps.extend(_leave(share) for share in listed)

    declared_absent = set(wanted.removals)
    for principal, listed in there.items():
        if wanted.purge or principal in declared_absent or principal.account in wanted.removed_accounts:
            steps.extend(Step(DELETED, principal, share.permission, share) for share in listed)
    return Plan(tuple(steps), tuple(left_dead), tuple(owner_dropped))


def needs_owner(plan: Plan) -> bool:
    """Whether the plan shares with an account, user or role, which might be the owner's own."""
    return any(step.action in (CREATED, RENEWED) and step.principal.account is not None for step in plan.steps)


def too_many_removals(plans: Sequence[Plan], most: int | None) -> bool:
    """Whether the guard rail ``max_removals`` stops the run: more shares would go for good than it says."""
    return most is not None and sum(plan.removals for plan in plans) > most


def _keep(grant: Grant, share: Share) -> Step:
    action = UNCHANGED if share.permission == grant.permission else UPDATED
    return Step(action, grant.principal, grant.permission, share)


def _leave(share: Share) -> Step:
    return Step(UNCHANGED, share.principal, share.permission, share)


def _send(grant: Grant, dead: list[Share]) -> Step:
    if dead:
        return Step(RENEWED, grant.principal, grant.permission, dead[-1], tuple(dead))
    return Step(CREATED, grant.principal, grant.permission)
