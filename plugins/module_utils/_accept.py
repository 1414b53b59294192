# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Invitations: which are selected, answering them, and waiting for them. For wa_share_invitation and ``accept_in``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Callable

from ._accounts import Account, Place
from ._apply import Outcome, ResourceRun, refresh_runs
from ._client import WellArchitected
from ._errors import Failure, ServiceError, UnreadableResponse
from ._kinds import KINDS, Kind
from ._names import matches, quote
from ._places import Runner, parallel_map
from ._principals import ACCOUNT, ROLE, USER, PrincipalNames, parse_listed_principal
from ._shares import CREATED, DELETED, RENEWED, UPDATED
from ._waiting import WaitBudget

ACCEPTED = "accepted"
REJECTED = "rejected"
GONE = "gone"
"""Answered by someone else, expired or deleted between the list and the answer."""

_KIND_BY_TYPE = {kind.invitation_type: kind for kind in KINDS.values()}
_INVITATION_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Invitation:
    """An item of a ListShareInvitations response."""

    id: str
    kind: Kind
    shared_by: str
    """Account ID of the owner."""
    shared_with: str
    name: str
    resource_id: str
    """The ARN of the resource; of a workload, its ID."""
    permission: str | None = None

    @property
    def recipient(self) -> str | None:
        """Account ID of the recipient, as far as the principal shows it."""
        return parse_listed_principal(self.shared_with).account

    @property
    def is_for_account(self) -> bool:
        """Whether it is for an account. That of a user or role can only be answered by that user or role.

        Source: shu85t, "Sharing an AWS Well-Architected workload", dev.to, 2024-09-30.
        """
        return parse_listed_principal(self.shared_with).kind not in (USER, ROLE)

    @property
    def label(self) -> str:
        """For messages: ``workload 'Payments' from 111122223333``."""
        return f"{self.kind.label} {quote(self.name)} from {self.shared_by}"

    def as_result(self, place: Place, **more: str) -> dict[str, Any]:
        """An item of the return value ``invitations``."""
        return {
            "account_id": place.account.id or self.recipient,
            "region": place.region,
            "share_invitation_id": self.id,
            "shared_by": self.shared_by,
            "shared_with": self.shared_with,
            "permission_type": self.permission,
            "resource": {
                "kind": self.kind.name,
                "id": self.resource_id.rpartition("/")[2],
                "arn": self.resource_id if self.kind.id_is_arn else None,
                "name": self.name,
            },
            **more,
        }


@dataclass(frozen=True)
class Conditions:
    """Which invitations a task selects. An empty set or None sets no condition."""

    shared_by: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    name: str | None = None
    """A pattern."""
    ids: frozenset[str] = frozenset()

    def select(self, invitation: Invitation) -> bool:
        return (
            (not self.shared_by or invitation.shared_by in self.shared_by)
            and (not self.kinds or invitation.kind.name in self.kinds)
            and (not self.ids or invitation.id in self.ids)
            and (self.name is None or matches(self.name, invitation.name))
        )

    @property
    def only_type(self) -> str | None:
        """The ShareResourceType to ask for, where it is but one."""
        return KINDS[next(iter(self.kinds))].invitation_type if len(self.kinds) == 1 else None


def parse_conditions(params: Mapping[str, Any], names: PrincipalNames, errors: list[str]) -> Conditions:
    """The conditions in the options shared_by, resource_type, name, share_invitation_ids (None: not given).

    What is wrong is added to ``errors``.
    """
    for option in ("shared_by", "resource_type", "name", "share_invitation_ids"):
        if params[option] in ([], ""):
            errors.append(f"{option} is empty. Omit it or provide at least one value.")
    owners: list[str] = []
    for position, text in enumerate(params["shared_by"] or ()):
        try:
            for principal in names.resolve(text):
                if principal.kind != ACCOUNT:
                    raise ValueError(f"{text} is not an account. Invitations are sent by accounts.")
                owners.append(principal.identity)
        except ValueError as error:
            errors.append(f"shared_by[{position}]: {error}")
    ids = params["share_invitation_ids"] or ()
    errors.extend(
        f"share_invitation_ids[{position}]: {text!r} is not an invitation ID. Expected 32 hexadecimal digits."
        for position, text in enumerate(ids)
        if not _INVITATION_ID.fullmatch(text)
    )
    return Conditions(frozenset(owners), frozenset(params["resource_type"] or ()), params["name"], frozenset(ids))


def list_invitations(
    service: WellArchitected, resource_type: str | None = None
) -> tuple[list[Invitation], list[Failure]]:
    """The pending invitations, sorted by owner, kind and name, and why others could not be read.

    Raises ServiceError where they cannot be listed.
    """
    invitations: list[Invitation] = []
    failures: dict[str, Failure] = {}
    for row in service.list_invitations(resource_type):
        try:
            invitation = _parse_invitation(row)
        except ValueError as error:
            cause = UnreadableResponse(why=str(error))
            failures[str(error)] = ServiceError("read a pending invitation", cause, "ListShareInvitations").failure
            continue
        # A type that came after this release cannot have been selected.
        if invitation is not None:
            invitations.append(invitation)
    return sorted(invitations, key=lambda one: (one.shared_by, one.kind.name, one.name)), list(failures.values())


def _parse_invitation(row: Mapping[str, Any]) -> Invitation | None:
    missing = [
        key for key in ("ShareInvitationId", "SharedBy", "ShareResourceType") if not isinstance(row.get(key), str)
    ]
    if missing:
        raise ValueError(f"it has no {' and no '.join(missing)}")
    kind = _KIND_BY_TYPE.get(row["ShareResourceType"])
    if kind is None:
        return None
    resource_key = kind.arn_key if kind.id_is_arn else kind.id_parameter
    texts = {key: row.get(key) for key in ("SharedWith", kind.name_key, resource_key, "PermissionType")}
    wrong = [key for key, text in texts.items() if not isinstance(text, (str, type(None)))]
    if wrong:
        raise ValueError(f"its {wrong[0]} is {texts[wrong[0]]!r}")
    return Invitation(
        id=row["ShareInvitationId"],
        kind=kind,
        shared_by=row["SharedBy"],
        shared_with=texts["SharedWith"] or "",
        name=texts[kind.name_key] or "",
        resource_id=texts[resource_key] or "",
        permission=texts["PermissionType"],
    )


@dataclass
class Recipient:
    """One place, and what becomes of its invitations."""

    place: Place
    answered: list[tuple[Invitation, str]] = field(default_factory=list)
    """Each invitation with what was done: accepted, rejected or gone."""
    failures: list[Failure] = field(default_factory=list)
    skipped: str | None = None
    is_broken: bool = False
    """Whether asking again would fail again."""
    tried: set[str] = field(default_factory=set)
    """IDs of the invitations that were answered, or failed."""
    predicted: int = 0
    """Invitations of check mode that do not exist yet."""

    @property
    def changed(self) -> bool:
        return any(action != GONE for _invitation, action in self.answered)

    @property
    def error(self) -> str | None:
        return " ".join(dict.fromkeys(f"{failure.message.rstrip('.')}." for failure in self.failures)) or None

    def as_place_result(self) -> dict[str, Any]:
        """An item of the return value ``places``; ``error`` and ``skipped`` only where they apply."""
        return self.place.as_result(error=self.error, skipped=self.skipped)

    def as_result(self) -> dict[str, Any]:
        """An item of the return value ``recipients``; ``error`` only where something failed."""
        accepted = self.predicted + sum(action == ACCEPTED for _invitation, action in self.answered)
        result = {**self.place.as_result(), "accepted": accepted}
        return {**result, "error": self.error} if self.error else result


@dataclass(frozen=True)
class Answer:
    """What a task does with the invitations that it selects."""

    select: Callable[[Recipient, Invitation], bool]
    waits_for_more: Callable[[Recipient], bool]
    """Whether something that the recipient should have did not show yet."""
    action: str = ACCEPTED
    resource_type: str | None = None
    """The ShareResourceType to ask for; None: all."""
    check_mode: bool = False


def answer_invitations(
    runner: Runner,
    recipients: Sequence[Recipient],
    answer: Answer,
    budget: WaitBudget,
    after_round: Callable[[], None] = lambda: None,
) -> None:
    """Answers the selected invitations of all recipients, and waits for those that do not show yet.

    ``after_round``: called whenever all that wait were asked. A recipient's failure is its own.
    """
    by_place = {recipient.place: recipient for recipient in recipients}
    waiting = list(recipients)

    def look(place: Place, service: WellArchitected) -> bool:
        _answer_in(service, by_place[place], answer, budget, runner, len(waiting))
        return True

    for _pause in budget.pauses():
        for result in runner.run([recipient.place for recipient in waiting], look):
            recipient = by_place[result.place]
            if result.error:
                recipient.failures.append(result.error.failure)
            recipient.skipped = result.skipped
            recipient.is_broken = recipient.is_broken or bool(result.error or result.skipped)
        after_round()
        waiting = [one for one in waiting if not one.is_broken and answer.waits_for_more(one)]
        if not waiting or answer.check_mode:
            break


def _answer_in(
    service: WellArchitected, recipient: Recipient, answer: Answer, budget: WaitBudget, runner: Runner, places: int
) -> None:
    """Answers what shows now. Raises ServiceError where the invitations cannot be listed."""
    invitations, failures = list_invitations(service, answer.resource_type)
    recipient.failures.extend(failure for failure in failures if failure not in recipient.failures)
    selected = [one for one in invitations if one.id not in recipient.tried and answer.select(recipient, one)]
    recipient.tried.update(invitation.id for invitation in selected)
    runner.progress.expect("invitations answered", len(selected))

    def answer_one(invitation: Invitation) -> str | None:
        done = _answer_one(service, recipient, invitation, answer, budget)
        runner.progress.add()
        return done

    done = parallel_map(answer_one, selected, runner.threads(len(selected), places))
    recipient.answered.extend((one, action) for one, action in zip(selected, done) if action is not None)


def _answer_one(
    service: WellArchitected, recipient: Recipient, invitation: Invitation, answer: Answer, budget: WaitBudget
) -> str | None:
    """What was done: accepted, rejected or gone. None: it is not certain that it was answered."""
    if answer.check_mode:
        return answer.action
    if recipient.is_broken:
        text = "Not answered, since every call would fail"
        recipient.failures.append(Failure(f"{text}: the invitation to {invitation.label}.", f"{text}."))
        return None
    try:
        service.answer_invitation(invitation.id, answer.action == ACCEPTED, invitation.label)
        return answer.action
    except ServiceError as error:
        if error.is_not_found or (error.is_conflict and _has_vanished(service, invitation, budget)):
            # The response to a call that was repeated may have been lost: the first try answered it.
            return answer.action if error.was_retried else GONE
        recipient.failures.append(error.failure)
        recipient.is_broken = recipient.is_broken or error.is_fatal
        return None


def _has_vanished(service: WellArchitected, invitation: Invitation, budget: WaitBudget) -> bool:
    """Whether the invitation is no longer pending, which a conflict alone does not show."""
    try:
        for _pause in budget.pauses():
            pending, failures = list_invitations(service, invitation.kind.invitation_type)
            if not failures and invitation.id not in {one.id for one in pending}:
                return True
    except ServiceError:
        pass  # The conflict itself is reported.
    return False


@dataclass
class _Expected:
    """A share that may have an invitation: one outcome of a resource's run."""

    run: ResourceRun
    position: int
    owner: str
    has_shown: bool = False

    @property
    def outcome(self) -> Outcome:
        return self.run.outcomes[self.position][1]

    @property
    def is_awaited(self) -> bool:
        """Whether its invitation should show and did not yet; where the status is unknown, it may have none."""
        if self.has_shown or self.outcome.accepted or self.outcome.action == DELETED or self.outcome.vanished:
            return False
        if self.outcome.status is None:
            return self.outcome.action in (CREATED, RENEWED, UPDATED)
        return self.outcome.status == "PENDING"

    def accept(self) -> None:
        step, outcome = self.run.outcomes[self.position]
        self.run.outcomes[self.position] = (step, replace(outcome, status="ACCEPTED", accepted=True))


_ByResource = dict[tuple[str, str], list[_Expected]]


def accept_shares(
    runner: Runner, accounts: Sequence[Account], runs: Sequence[ResourceRun], check_mode: bool, budget: WaitBudget
) -> list[Recipient]:
    """Accepts in the accounts what the runs share with them, and nothing else. Returns the places concerned.

    The recipients are asked first. Only where an invitation does not show are the owner's shares listed again: within
    an organization there is none. In check mode a new share counts as accepted, without a call.
    """
    expected = _find_expected(runner, accounts, runs)
    recipients = {place: Recipient(place) for place in expected}
    shown: dict[str, _Expected] = {}

    def awaited(recipient: Recipient) -> list[_Expected]:
        return [share for shares in expected[recipient.place].values() for share in shares if share.is_awaited]

    def select(recipient: Recipient, invitation: Invitation) -> bool:
        # Whether the IDs of a share and its invitation are equal for all kinds is an open question about AWS.
        for share in expected[recipient.place].get((invitation.kind.name, invitation.resource_id), ()):
            for_account = invitation.recipient in (None, recipient.place.account.id) and invitation.is_for_account
            if share.is_awaited and share.owner == invitation.shared_by and for_account:
                share.has_shown = True
                shown[invitation.id] = share
                return True
        return False

    def after_round() -> None:
        for recipient in recipients.values():
            for invitation, action in recipient.answered:
                if action == ACCEPTED and not shown[invitation.id].outcome.accepted:
                    shown[invitation.id].accept()
        unknown = [
            share.run
            for recipient in recipients.values()
            if not recipient.is_broken
            for share in awaited(recipient)
            if share.outcome.status is None
        ]
        if not check_mode:
            refresh_runs(runner, list({id(run): run for run in unknown}.values()))

    if check_mode:
        for place, shares in expected.items():
            recipients[place].predicted = _predict(shares)
    asked = [recipient for recipient in recipients.values() if awaited(recipient)]
    answer = Answer(select, lambda recipient: bool(awaited(recipient)), check_mode=check_mode)
    answer_invitations(runner, asked, answer, budget, after_round)
    for recipient in () if check_mode else asked:
        _report_missing(recipient, awaited(recipient), budget)
    _report_gone(runner, [(one, shown[item.id]) for one in asked for item, action in one.answered if action == GONE])
    order = {account.id: position for position, account in enumerate(accounts)}
    regions = runner.scope.regions
    involved = [recipient for recipient in recipients.values() if recipient in asked or recipient.predicted]
    return sorted(involved, key=lambda one: (order[one.place.account.id], regions.index(one.place.region)))


def _find_expected(
    runner: Runner, accounts: Sequence[Account], runs: Sequence[ResourceRun]
) -> dict[Place, _ByResource]:
    by_id = {account.id: account for account in accounts}
    expected: dict[Place, _ByResource] = {}
    for run in runs:
        resource = run.declaration.resource
        for position, (_step, outcome) in enumerate(run.outcomes):
            if outcome.principal.kind != ACCOUNT or outcome.principal.identity not in by_id:
                continue
            share = _Expected(run, position, resource.owner or runner.connections.owner_of(run.place))
            if share.is_awaited:
                place = Place(by_id[outcome.principal.identity], run.place.region)
                expected.setdefault(place, {}).setdefault(resource.key, []).append(share)
    return expected


def _predict(shares: _ByResource) -> int:
    """Takes new shares for accepted: check mode. Returns their count."""
    new = [share for found in shares.values() for share in found if share.outcome.status is None]
    for share in new:
        share.accept()
    return len(new)


def _report_gone(runner: Runner, gone: Sequence[tuple[Recipient, _Expected]]) -> None:
    """Shows the status of shares whose invitations were answered outside this run. All but accepted are failures."""
    refresh_runs(runner, list({id(share.run): share.run for _recipient, share in gone}.values()))
    for recipient, share in gone:
        if share.outcome.status in ("PENDING", None):
            text = "was answered or deleted outside this run. Run again."
        elif share.outcome.status != "ACCEPTED":
            text = f"was answered or deleted outside this run, and the share is {share.outcome.status}. Run again."
        else:
            continue
        label = share.run.declaration.resource.label
        recipient.failures.append(
            Failure(f"The invitation to {label} from {share.owner} {text}", f"The invitation {text}")
        )


def _report_missing(recipient: Recipient, shares: Sequence[_Expected], budget: WaitBudget) -> None:
    if recipient.skipped and not recipient.failures:
        recipient.failures.append(Failure(recipient.skipped, recipient.skipped))
    for share in () if recipient.failures else shares:
        label = share.run.declaration.resource.label
        text = (
            f"did not appear within {budget.timeout:g} s. It may show later, or someone else answered it. Run again to "
            "accept it."
        )
        recipient.failures.append(
            Failure(f"The invitation to {label} from {share.owner} {text}", f"The invitation {text}")
        )
