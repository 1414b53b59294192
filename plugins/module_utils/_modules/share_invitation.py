# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Accepting and rejecting: the whole of wa_share_invitation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from .._aws.service import WellArchitected
from .._engine.access import access_of_accounts
from .._engine.answering import Answerer, Recipient, Request
from .._engine.patience import Patience
from .._engine.progress import watched_progress
from .._model.grouping import Failed, as_message, failures_in_lines
from .._model.invalid_input import InvalidInput
from .._model.invitations import ACCEPTED, GONE, REJECTED, Conditions, Invitation, parse_conditions
from .._model.places import Account, Place, parse_accounts
from .._model.reading import unread
from .._model.told_shares import ToldShare, parse_told_shares
from .options import invitation_conditions, places
from .task import connect, least, open_module, telling_faults, warn

_WHOSE = ("shared_by", "share_invitation_ids", "shared")
"""The options that say whose invitations are answered."""
_NOBODY = "one of shared_by, share_invitation_ids and shared must say whose invitations are meant"


def main() -> None:
    module, params, faults = open_module(
        {
            **invitation_conditions(),
            "state": {"type": "str", "choices": [ACCEPTED, REJECTED], "default": ACCEPTED},
            "shared": {"type": "list", "elements": "dict"},
            "accounts": places()["accounts"],
            "wait_timeout": {"type": "int", "default": 0},
            "concurrency": {"type": "int", "default": 16},
        }
    )
    with telling_faults(module, beside_action=True):
        least(params, faults, concurrency=1, wait_timeout=0)
        with faults.collected():
            _refuse_anyone(params)
        sessions, _scope = connect(module, {**params, "accounts": None}, faults, params["concurrency"])
        own = sessions.own()
        wanted = Conditions()
        with faults.collected():
            wanted = parse_conditions(params, sessions.partition)
        request = Request(
            wanted,
            params["state"],
            module.check_mode,
            concurrency=params["concurrency"],
            progress=watched_progress(),
        )
        listed: tuple[Account, ...] | None = None
        with faults.collected():
            listed = None if params["accounts"] is None else parse_accounts(params["accounts"], sessions.partition)
        told: tuple[ToldShare, ...] | None = None
        with faults.collected():
            told = None if params["shared"] is None else parse_told_shares(params["shared"], own.region)
        faults.refuse()
        recipients = _recipients(listed, told, own)
    answerer = Answerer(own, sessions, request, Patience(params["wait_timeout"]))
    answerer.answer(recipients)
    missing = answerer.missing_ids()
    if missing and params["wait_timeout"]:
        warn(
            f"These invitations did not show within {params['wait_timeout']} s, or were answered before: "
            + ", ".join(missing)
        )
    result: dict[str, Any] = {
        "changed": any(recipient.changed for recipient in recipients),
        "invitations": [
            _invitation_row(recipient.place, invitation, action)
            for recipient in recipients
            for invitation, action in recipient.answered
        ],
        "places": [_place_row(recipient) for recipient in recipients],
        "summary": _summarize(recipients),
        "diff": [_diff(recipient) for recipient in recipients if recipient.changed],
    }
    if told is not None:
        result["accounts"] = access_of_accounts(told, recipients)
    if result["summary"]["failed"]:
        module.fail_json(msg=_tell(recipients, result["summary"]), **result)
    module.exit_json(**result)


def _refuse_anyone(params: Mapping[str, Any]) -> None:
    """Nobody answers more than is meant: a condition that is given but empty would set no condition at all."""
    if all(params.get(option) is None for option in _WHOSE) and not unread(params, *_WHOSE):
        raise InvalidInput([_NOBODY])
    empty = [option for option in invitation_conditions() if params.get(option) in ([], "")]
    if empty:
        raise InvalidInput(f"{option}: {_fill(option)}" for option in empty)


def _fill(option: str) -> str:
    if option == "shared_by":
        return "it is empty, so no invitation can be meant: name the accounts that share"
    return "it is empty, so no invitation can be meant: leave it out or fill it"


def _recipients(
    listed: Sequence[Account] | None, told: Sequence[ToldShare] | None, own: WellArchitected
) -> list[Recipient]:
    """The places whose invitations are answered. ``listed``: None where it is the account of the credentials."""
    if listed is None:
        listed = [Account(None if told is None else own.caller())]
    by_account: dict[str | None, list[ToldShare]] = {}
    for share in told or ():
        by_account.setdefault(share.account, []).append(share)
    return [
        Recipient(Place(account, own.region), None if told is None else tuple(by_account.get(account.id, ())))
        for account in listed
    ]


def _place_row(recipient: Recipient) -> dict[str, Any]:
    """One item of the return value ``places``; ``error`` is there only where it failed."""
    row = recipient.place.as_result()
    return {**row, "error": recipient.error} if recipient.error else row


def _invitation_row(place: Place, invitation: Invitation, action: str) -> dict[str, Any]:
    """One item of the return value ``invitations``."""
    account = place.account.id or invitation.account
    return {"account_id": account, "region": place.region, **invitation.as_result(), "action": action}


def _summarize(recipients: Sequence[Recipient]) -> dict[str, int]:
    """Counts of invitations by what was done, and ``failed``: the count of places."""
    actions = Counter(action for recipient in recipients for _invitation, action in recipient.answered)
    return {
        **{action: actions[action] for action in (ACCEPTED, REJECTED, GONE)},
        "failed": sum(bool(recipient.error) for recipient in recipients),
    }


def _diff(recipient: Recipient) -> dict[str, str]:
    """A line per invitation that was answered."""
    answered = [(invitation, action) for invitation, action in recipient.answered if action != GONE]
    account = recipient.place.account.id or answered[0][0].account
    return {
        "before_header": f"invitations of {account}",
        "after_header": f"invitations of {account}",
        "before": "".join(f"{invitation.label}: pending\n" for invitation, _action in answered),
        "after": "".join(f"{invitation.label}: {action}\n" for invitation, action in answered),
    }


def _tell(recipients: Sequence[Recipient], summary: Mapping[str, int]) -> str:
    """What was done in numbers, and why the rest was not."""
    done = ", ".join(f"{summary[action]:,} {action}" for action in (ACCEPTED, REJECTED, GONE) if summary[action])
    done = f"Invitations: {done or 'none was answered'}."
    head = done if len(recipients) == 1 else f"{summary['failed']:,} of {len(recipients):,} accounts failed. {done}"
    failed = [_as_failed(recipient, len(recipients) == 1) for recipient in recipients if recipient.error]
    return as_message([head, *failures_in_lines(failed)])


def _as_failed(recipient: Recipient, alone: bool) -> Failed:
    """The errors of the place, to be told with equal ones of others."""
    account = recipient.place.account
    shares = [label for share in recipient.told or () for label in (share.label, share.resource)]
    invitations = [text for invitation in recipient.tried for text in (invitation.label, invitation.id)]
    texts = (recipient.place.account.label, account.id or "", account.role_arn or "", *shares, *invitations)
    whole = recipient.error or "" if alone else f"{recipient.place.account.label}: {recipient.error}"
    return Failed("account", recipient.place.account.label, whole, tuple(recipient.errors), texts)
