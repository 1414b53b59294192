# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Answering invitations: the recipient's side, in any number of places side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from .._aws.errors import ServiceError
from .._aws.service import WellArchitected
from .._aws.sessions import Sessions
from .._aws.side_by_side import at_once
from .._model.invitations import ACCEPTED, GONE, Conditions, Invitation, read_invitations
from .._model.places import Place
from .._model.told_shares import ToldShare
from .patience import Patience
from .progress import ANSWERED, Progress
from .unexpected import unexpected


@dataclass(frozen=True)
class Request:
    """What a task asks for in every place."""

    wanted: Conditions
    action: str = ACCEPTED
    """accepted or rejected."""
    check_mode: bool = False
    concurrency: int = 1
    """Calls under way at once."""
    progress: Progress = field(default_factory=Progress)


@dataclass
class Recipient:
    """One place, and what becomes of its invitations."""

    place: Place
    told: tuple[ToldShare, ...] | None = None
    """The shares that its invitations must be for; None: the request's conditions are all."""
    answered: list[tuple[Invitation, str]] = field(default_factory=list)
    """Each invitation with what was done: accepted, rejected or gone."""
    errors: list[str] = field(default_factory=list)
    tried: list[Invitation] = field(default_factory=list)
    """The invitations that were answered, or could not be."""
    broken: bool = False
    """Whether another look would be in vain."""
    left: bool = False
    """Whether the last look was taken."""

    @property
    def changed(self) -> bool:
        return any(action != GONE for _invitation, action in self.answered)

    @property
    def error(self) -> str | None:
        return " ".join(f"{error.rstrip('.')}." for error in dict.fromkeys(self.errors)) or None

    def is_to_answer(self, invitation: Invitation) -> bool:
        """Whether the invitation is one that was told, and was not tried before."""
        meant = self.told is None or any(share.is_meant_by(invitation) for share in self.told)
        return meant and all(known.id != invitation.id for known in self.tried)

    def missing(self) -> list[ToldShare]:
        """The told shares with an invitation that did not show."""
        return [share for share in self.told or () if share.invited and not self._has_shown(share)]

    def waits(self, check_mode: bool) -> bool:
        """Whether something that may still show is worth waiting for: what was told, or else any one invitation."""
        if self.broken:
            return False
        if self.told is None:
            return not self.tried
        # In check mode nobody has sent the invitation to what is only going to be shared.
        new = [] if check_mode else [share for share in self.told if share.perhaps_invited]
        return bool(self.missing()) or not all(map(self._has_shown, new))

    def _has_shown(self, share: ToldShare) -> bool:
        return any(share.is_meant_by(invitation) for invitation in self.tried)


class Answerer:
    """Gives the invitations of any number of places one answer."""

    def __init__(self, own: WellArchitected, sessions: Sessions, request: Request, patience: Patience) -> None:
        """``own``: the service with the task's own credentials. ``patience``: for all places together."""
        self._own = own
        self._sessions = sessions
        self._request = request
        self._patience = patience
        self._services: dict[Place, WellArchitected] = {}
        self._stopped = ""
        self._asked: list[Recipient] = []

    def answer(self, recipients: Sequence[Recipient]) -> None:
        """Answers what is there, and waits for what is not. A place's failure is its own, and in its ``errors``.

        A place where nothing that was told can have an invitation is not asked.
        """
        asked = [
            recipient
            for recipient in recipients
            if recipient.told is None or any(share.worth_a_look for share in recipient.told)
        ]
        self._asked = asked
        if len(asked) > 1:
            self._request.progress.expect_places(len(asked))
        waiting, pauses = asked, self._patience.pauses()
        while waiting and pauses.take():
            look = partial(self._look, threads=max(1, self._request.concurrency // len(waiting)))
            at_once(look, waiting, self._request.concurrency)
            for recipient in waiting:
                self._leave_unless_waiting(recipient)
            waiting = [recipient for recipient in waiting if not recipient.left]
        if self._patience.timeout:
            for recipient in waiting:
                recipient.errors.extend(self._explain_missing(share) for share in recipient.missing())

    def missing_ids(self) -> list[str]:
        """The invitations that the task names and that showed in none of the places.

        That is no failure: one that was answered before does not show either.
        """
        shown = {invitation.id for recipient in self._asked for invitation in list(recipient.tried)}
        return sorted(self._request.wanted.ids - shown)

    def _look(self, recipient: Recipient, threads: int) -> None:
        """Answers what shows now."""
        try:
            self._refuse_when_stopped()
            service = self._connect(recipient.place)
            listed = service.list_invitations(self._request.wanted.only_type)
            found, faults = read_invitations(listed, self._request.wanted)
            recipient.errors.extend(faults)
            found = list(filter(recipient.is_to_answer, found))
            recipient.tried.extend(found)
            self._request.progress.expect(ANSWERED, len(found))
            before = len(recipient.answered)
            try:
                at_once(lambda invitation: self._answer(service, recipient, invitation), found, threads)
            finally:
                # As they ended side by side; the result has them as they were listed.
                order = {invitation.id: position for position, invitation in enumerate(found)}
                recipient.answered[before:] = sorted(recipient.answered[before:], key=lambda item: order[item[0].id])
        except _Stopped as stopped:
            recipient.errors.append(str(stopped))
            recipient.broken = True
        except ServiceError as error:
            self._fail(recipient, error)
            recipient.broken = True
        except Exception as error:
            recipient.errors.append(
                unexpected(f"list the pending invitations of {recipient.place.account.label}", error)
            )
            recipient.broken = True
        self._leave_unless_waiting(recipient)

    def _leave_unless_waiting(self, recipient: Recipient) -> None:
        """Counts the place as done, where nothing more is worth waiting for. May be called again."""
        if recipient.told is None and self._request.wanted.ids:
            waits = not recipient.broken and bool(self.missing_ids())
        else:
            waits = recipient.waits(self._request.check_mode)
        if not waits and not recipient.left:
            recipient.left = True
            self._request.progress.add_place()
            self._services.pop(recipient.place, None)  # A client takes a megabyte, and there may be many places.

    def _answer(self, service: WellArchitected, recipient: Recipient, invitation: Invitation) -> None:
        """Answers one invitation, and notes at once what was done: whatever befalls the others, it is told."""
        action: str | None = None
        try:
            if recipient.broken:
                recipient.errors.append(f"Not answered: the invitation to {invitation.label}")
            else:
                self._refuse_when_stopped()
                action = self._act(service, recipient, invitation)
        except _Stopped as stopped:
            recipient.errors.append(str(stopped))
        except Exception as error:
            recipient.errors.append(unexpected(f"answer the invitation to {invitation.label}", error))
        if action is not None:
            recipient.answered.append((invitation, action))  # safe from any thread, as list.append is
        self._request.progress.add(done=int(action is not None), failed=int(action is None))

    def _act(self, service: WellArchitected, recipient: Recipient, invitation: Invitation) -> str | None:
        """What was done: accepted, rejected or gone. None: it is not certain that it was answered."""
        request = self._request
        if request.check_mode:
            return request.action
        try:
            service.answer_invitation(invitation.id, request.action == ACCEPTED, invitation.label)
            return request.action
        except ServiceError as caught:
            error = caught
        if error.not_found or (error.conflict and self._vanished(service, invitation)):
            # The answer to a call that was repeated got lost: the first one did it.
            return request.action if error.retried else GONE
        self._fail(recipient, error)
        return None

    def _vanished(self, service: WellArchitected, invitation: Invitation) -> bool:
        """Whether the invitation is no longer pending, which a conflict alone does not say."""
        pauses, this_one = self._patience.pauses(), Conditions(ids=frozenset((invitation.id,)))
        try:
            while pauses.take():
                found, faults = read_invitations(service.list_invitations(invitation.kind.invitation_type), this_one)
                if not found and not faults:
                    return True
        except Exception:
            pass  # Nobody knows, so the conflict is told.
        return False

    def _connect(self, place: Place) -> WellArchitected:
        """The service in the place. Raises ServiceError, and _Stopped where there is no way in."""
        if place not in self._services:
            account = place.account
            if account.role_arn:
                self._services[place] = self._sessions.service(place)
            elif account.id is None or account.id == self._own.caller():
                self._services[place] = self._own
            else:
                raise _Stopped(_no_role(account.id, self._own.caller()))
        return self._services[place]

    def _fail(self, recipient: Recipient, error: ServiceError) -> None:
        recipient.errors.append(str(error))
        # A limit that is used up, or a role's keys that are refused, are this place's alone.
        if error.stops_run:
            recipient.broken = True
        if error.unreachable or error.down or (error.operation == "AssumeRole" and error.stops_run):
            self._stopped = f"The run was stopped: {error.reason}"

    def _refuse_when_stopped(self) -> None:
        if self._stopped:
            raise _Stopped(self._stopped)

    def _explain_missing(self, share: ToldShare) -> str:
        return (
            f"The invitation to {share.label} did not show within {self._patience.timeout:g} s: it may show later, or "
            "others have answered it. Share and accept again"
        )


def _no_role(account: str, caller: str) -> str:
    return (
        f"There is no role to assume in {account}, and the credentials are those of {caller}: set the role_arn of the "
        "account (of the inventory's host: wa_accept_role_arn)"
    )


class _Stopped(Exception):
    """Why a place is not asked any further, ready to show."""
