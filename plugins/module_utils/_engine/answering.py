# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Answering invitations: the recipient's side, in any number of places side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .._aws.errors import ServiceError
from .._aws.service import WellArchitected
from .._aws.sessions import Sessions
from .._aws.side_by_side import at_once
from .._model.grouping import Failed, alike
from .._model.invitations import ACCEPTED, GONE, Conditions, Invitation, read_invitations
from .._model.places import Place
from .._model.told_shares import Invitations, ToldShare, ToldShares
from .patience import Patience
from .progress import ANSWERED, Progress
from .unexpected import unexpected
from .visiting import NOT_ENABLED, Reach


@dataclass(frozen=True)
class Request:
    """What a task asks for in every place."""

    wanted: Conditions
    action: str = ACCEPTED
    """accepted or rejected."""
    check_mode: bool = False
    concurrency: int = 1
    """Calls under way at once in one place."""
    passed_over: frozenset[str] = frozenset()
    """Regions that nobody has named: that an account has not enabled one of them is no failure."""
    progress: Progress = field(default_factory=Progress)


@dataclass
class Recipient:
    """One place, and what becomes of its invitations. There may be thousands of them, and of told shares."""

    place: Place
    told: tuple[ToldShare, ...] | None = None
    """The shares that its invitations must be for; None: the request's conditions are all."""
    answered: list[tuple[Invitation, str]] = field(default_factory=list)
    """Each invitation with what was done: accepted, rejected or gone."""
    errors: list[str] = field(default_factory=list)
    skipped: str | None = None
    """Why there was nothing to answer, which is no failure."""
    broken: bool = False
    """Whether another look would be in vain."""
    entered: bool = False
    """Whether the service was there, so that no role is still to be assumed."""
    left: bool = False
    """Whether the last look was taken."""

    def __post_init__(self) -> None:
        self._alike: dict[str, None] = {}
        self._told = ToldShares(self.told or ())
        self._tried: set[str] = set()
        self._shown = Invitations()

    @property
    def changed(self) -> bool:
        return any(action != GONE for _invitation, action in self.answered)

    @property
    def error(self) -> str | None:
        return " ".join(f"{error.rstrip('.')}." for error in dict.fromkeys(self.errors)) or None

    @property
    def worth_asking(self) -> bool:
        """Whether anything that was told can have an invitation."""
        return self.told is None or any(share.worth_a_look for share in self.told)

    def fail(self, error: str, texts: Collection[str] = ()) -> None:
        """Notes an error of the place. ``texts``: what tells it from equal ones. Safe from any thread."""
        self.errors.append(error)
        self._alike[alike(error, texts)] = None

    def try_now(self, found: Sequence[Invitation]) -> list[Invitation]:
        """Those that are to be answered: they were told, and not tried before. From now on they were."""
        new: list[Invitation] = []
        for invitation in found:
            if invitation.id in self._tried or not (self.told is None or self._told.have(invitation)):
                continue
            self._tried.add(invitation.id)
            self._shown.add(invitation)
            new.append(invitation)
        return new

    def missing(self) -> list[ToldShare]:
        """The told shares with an invitation that did not show."""
        return [share for share in self.told or () if share.invited and not self._has_shown(share)]

    def waits(self, check_mode: bool) -> bool:
        """Whether something that may still show is worth waiting for: what was told, or else any one invitation."""
        if self.broken:
            return False
        if self.told is None:
            return not self._tried
        # In check mode nobody has sent the invitation to what is only going to be shared.
        new = [] if check_mode else [share for share in self.told if share.perhaps_invited]
        return bool(self.missing()) or not all(map(self._has_shown, new))

    def _has_shown(self, share: ToldShare) -> bool:
        return self._shown.known_of(share) is not None

    def as_result(self) -> dict[str, Any]:
        """One item of the return value ``places``; ``error`` and ``skipped`` are there only where so."""
        more = {"error": self.error, "skipped": self.skipped}
        return {**self.place.as_result(), **{key: text for key, text in more.items() if text}}

    def as_failed(self, sort: str, label: str, alone: bool) -> Failed:
        """Its errors, to be told with equal ones of others. ``sort``: account or place; ``label``: of it."""
        account = self.place.account
        texts = (label, account.label, account.id or "", account.role_arn or "", self.place.region)
        whole = self.error or "" if alone else f"{label}: {self.error}"
        return Failed(sort, label, whole, tuple(self._alike), texts)


class Answerer:
    """Gives the invitations of any number of places one answer."""

    def __init__(self, sessions: Sessions, request: Request, patience: Patience) -> None:
        """``patience``: for all places together."""
        self._sessions = sessions
        self._request = request
        self._patience = patience
        self._reach = Reach()
        self._missing_ids = set(request.wanted.ids)

    def answer(self, recipients: Sequence[Recipient]) -> None:
        """Answers what is there, and waits for what is not. A place's failure is its own, and in its ``errors``.

        A place where nothing that was told can have an invitation is not asked.
        """
        asked = [recipient for recipient in recipients if recipient.worth_asking]
        if len(asked) > 1:
            self._request.progress.expect_places(len(asked))
        # The regions of one account wait for its role together: other accounts come first.
        waiting, pauses = sorted(asked, key=lambda recipient: recipient.place.region), self._patience.pauses()
        while waiting and pauses.take():
            at_once(self._look, waiting, self._sessions.over_all)
            for recipient in waiting:
                self._leave_unless_waiting(recipient)
            waiting = [recipient for recipient in waiting if not recipient.left]
        if self._patience.timeout:
            for recipient in waiting:
                for share in recipient.missing():
                    recipient.fail(self._explain_missing(share), (share.label, share.resource))

    def missing_ids(self) -> list[str]:
        """The invitations that the task names and that showed in none of the places.

        That is no failure: one that was answered before does not show either.
        """
        return sorted(self._missing_ids)

    def _look(self, recipient: Recipient) -> None:
        """Answers what shows now."""
        try:
            self._refuse_out_of_reach(recipient)
            service = self._connect(recipient.place)
            recipient.entered = True
            listed = service.list_invitations(self._request.wanted.only_type)
            self._reach.reached(recipient.place)
            found, faults = read_invitations(listed, self._request.wanted)
            for fault in faults:
                recipient.fail(fault)
            found = recipient.try_now(found)
            self._missing_ids.difference_update(invitation.id for invitation in found)
            self._request.progress.expect(ANSWERED, len(found))
            before = len(recipient.answered)
            try:
                at_once(partial(self._answer, service, recipient), found, self._request.concurrency)
            finally:
                # As they ended side by side; the result has them as they were listed.
                order = {invitation.id: position for position, invitation in enumerate(found)}
                recipient.answered[before:] = sorted(recipient.answered[before:], key=lambda item: order[item[0].id])
        except _OutOfReach as why:
            recipient.fail(str(why))
            recipient.broken = True
        except ServiceError as error:
            recipient.broken = True
            if recipient.place.region in self._request.passed_over and self._sessions.not_enabled(
                recipient.place, error
            ):
                recipient.skipped = NOT_ENABLED
            else:
                self._fail(recipient, error)
        except Exception as error:
            recipient.broken = True
            recipient.fail(unexpected(f"list the pending invitations of {recipient.place.account.label}", error))
        finally:
            self._sessions.leave(recipient.place)
        self._leave_unless_waiting(recipient)

    def _leave_unless_waiting(self, recipient: Recipient) -> None:
        """Counts the place as done, where nothing more is worth waiting for. May be called again."""
        if recipient.told is None and self._request.wanted.ids:
            waits = not recipient.broken and bool(self._missing_ids)
        else:
            waits = recipient.waits(self._request.check_mode)
        if not waits and not recipient.left:
            recipient.left = True
            self._request.progress.add_place()

    def _answer(self, service: WellArchitected, recipient: Recipient, invitation: Invitation) -> None:
        """Answers one invitation, and notes at once what was done: whatever befalls the others, it is told."""
        action: str | None = None
        texts = _texts(invitation)
        try:
            if recipient.broken:
                recipient.fail(f"Not answered: the invitation to {invitation.label}", texts)
            else:
                self._refuse_out_of_reach(recipient)
                action = self._act(service, recipient, invitation)
        except _OutOfReach as why:
            recipient.fail(str(why))
        except Exception as error:
            recipient.fail(unexpected(f"answer the invitation to {invitation.label}", error), texts)
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
        self._fail(recipient, error, _texts(invitation))
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
        """The service in the place. Raises ServiceError, and _OutOfReach where there is no role to assume."""
        account = place.account
        if account.id is not None and not account.role_arn and not self._sessions.is_own(account):
            raise _OutOfReach(self._sessions.no_role(account))
        return self._sessions.service(place)

    def _fail(self, recipient: Recipient, error: ServiceError, texts: Collection[str] = ()) -> None:
        recipient.fail(str(error), texts)
        # A limit that is used up, or a role's keys that are refused, are this place's alone.
        if error.stops_run:
            recipient.broken = True
        self._reach.note(recipient.place, error)

    def _refuse_out_of_reach(self, recipient: Recipient) -> None:
        why = self._reach.why_not(recipient.place, recipient.entered)
        if why:
            raise _OutOfReach(why)

    def _explain_missing(self, share: ToldShare) -> str:
        return (
            f"The invitation to {share.label} did not show within {self._patience.timeout:g} s: it may show later, or "
            "others have answered it. Share and accept again"
        )


def _texts(invitation: Invitation) -> tuple[str, ...]:
    return invitation.label, invitation.id, invitation.resource


class _OutOfReach(Exception):
    """Why a place is not asked any further, ready to show."""
