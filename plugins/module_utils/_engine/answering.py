# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Answering invitations: the recipient's side, in one account or in many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._aws.errors import ServiceError
from .._aws.service import WellArchitected
from .._aws.sessions import Sessions
from .._aws.side_by_side import at_once
from .._model.invitations import ACCEPTED, GONE, Conditions, Invitation, read_invitations
from .patience import Patience


@dataclass
class Answers:
    """What became of the invitations of one account."""

    answered: list[tuple[Invitation, str]] = field(default_factory=list)
    """Each invitation with what was done: accepted, rejected or gone."""
    errors: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any(action != GONE for _invitation, action in self.answered)

    def as_result(self) -> dict[str, Any]:
        """The return values ``changed``, ``invitations`` and, where something failed, ``error``."""
        result: dict[str, Any] = {
            "changed": self.changed,
            "invitations": [{**invitation.as_result(), "action": action} for invitation, action in self.answered],
        }
        if self.errors:
            result["error"] = " ".join(f"{error.rstrip('.')}." for error in self.errors)
        return result

    def diff(self) -> dict[str, str]:
        """A line per invitation that was answered."""
        answered = [(invitation, action) for invitation, action in self.answered if action != GONE]
        return {
            "before": "".join(f"{invitation.label}: pending\n" for invitation, _action in answered),
            "after": "".join(f"{invitation.label}: {action}\n" for invitation, action in answered),
        }


def find(service: WellArchitected, wanted: Conditions, wait_timeout: float = 0) -> list[Invitation]:
    """The pending invitations that are wanted. With ``wait_timeout`` (seconds), waits for at least one."""
    pauses = Patience(wait_timeout).pauses()
    found: list[Invitation] = []
    while not found and pauses.take():
        found = read_invitations(service.list_invitations(wanted.only_type), wanted)
    return found


def answer(
    service: WellArchitected,
    wanted: Conditions,
    action: str,
    wait_timeout: float,
    check_mode: bool,
    concurrency: int = 1,
) -> Answers:
    """Gives every wanted invitation the answer ``action`` (accepted or rejected), or in check mode says it would.

    Raises ServiceError where the invitations could not even be listed; a single one's failure is in the answers.
    """
    answers = Answers()

    def answer_one(invitation: Invitation) -> tuple[Invitation, str] | str:
        try:
            if not check_mode:
                service.answer_invitation(invitation.id, action == ACCEPTED, invitation.label)
            return invitation, action
        except ServiceError as error:
            if error.not_found or error.conflict:
                return invitation, GONE
            return str(error)

    for outcome in at_once(answer_one, find(service, wanted, wait_timeout), concurrency):
        if isinstance(outcome, str):
            answers.errors.append(outcome)
        else:
            answers.answered.append(outcome)
    return answers


def answer_in_accounts(
    own: WellArchitected,
    sessions: Sessions,
    role_arns: Mapping[str, str | None],
    wanted: Conditions,
    params: Mapping[str, Any],
) -> dict[str, Answers]:
    """``answer`` for each account, side by side, each with its role. One account's failure is its own.

    ``role_arns``: by account ID, the role to assume; None where the task's own credentials (``own``) are the account's.
    ``params``: state, wait_timeout, concurrency and check_mode. Returns the answers by account ID, in the same order.
    """

    def answer_one(account: str) -> Answers:
        role_arn = role_arns[account]
        try:
            if role_arn is None and own.caller() != account:
                return Answers(errors=[f"There is no role to assume, and the credentials are those of {own.caller()}"])
            recipient = sessions.assume(role_arn) if role_arn else own
            return answer(recipient, wanted, params["state"], params["wait_timeout"], params["check_mode"])
        except ServiceError as error:
            return Answers(errors=[str(error)])

    return dict(zip(role_arns, at_once(answer_one, role_arns, params["concurrency"])))
