# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Accepting and rejecting: the whole of wa_share_invitation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from .._aws.sessions import Sessions
from .._engine.access import access_of_accounts
from .._engine.answering import Answerer, Recipient, Request
from .._engine.patience import Patience
from .._engine.progress import watched_progress
from .._model.grouping import as_message, counted_failures, failures_in_lines
from .._model.invalid_input import InvalidInput
from .._model.invitations import ACCEPTED, GONE, REJECTED, Conditions, Invitation, parse_conditions
from .._model.places import OWN, Account, Place, Scope
from .._model.reading import unread
from .._model.told_shares import ToldShare, parse_told_shares, regions_of
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
            **places(),
            "wait_timeout": {"type": "int", "default": 0},
            "concurrency": {"type": "int", "default": 8},
        }
    )
    with telling_faults(module, beside_action=True):
        least(params, faults, concurrency=1, wait_timeout=0)
        with faults.collected():
            _refuse_anyone(params)
        where = {"accounts": params["accounts"], "regions": _regions(params)}
        sessions, scope = connect(module, where, faults, params["concurrency"])
        wanted = Conditions()
        with faults.collected():
            wanted = parse_conditions(params, sessions.partition)
        told: tuple[ToldShare, ...] | None = None
        with faults.collected():
            told = None if params["shared"] is None else parse_told_shares(params["shared"], scope.regions)
        faults.refuse()
        request = Request(
            wanted,
            params["state"],
            module.check_mode,
            concurrency=params["concurrency"],
            passed_over=scope.passed_over,
            progress=watched_progress(),
        )
        recipients = _recipients(sessions, scope, told)
    answerer = Answerer(sessions, request, Patience(params["wait_timeout"]))
    answerer.answer(recipients)
    missing = answerer.missing_ids()
    if missing and params["wait_timeout"]:
        warn(
            f"These invitations did not show within {params['wait_timeout']} s, or were answered before: "
            + ", ".join(missing)
        )
    several_regions = len(scope.regions) > 1
    result: dict[str, Any] = {
        "changed": any(recipient.changed for recipient in recipients),
        "invitations": [
            invitation_row(recipient.place, invitation, action=action)
            for recipient in recipients
            for invitation, action in recipient.answered
        ],
        "places": [recipient.as_result() for recipient in recipients],
        "summary": _summarize(recipients),
        "diff": [_diff(recipient, several_regions) for recipient in recipients if recipient.changed],
    }
    if told is not None:
        result["accounts"] = access_of_accounts(told, recipients, several_regions)
    if result["summary"]["failed"]:
        module.fail_json(msg=_tell(recipients, result["summary"], several_regions), **result)
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


def _regions(params: Mapping[str, Any]) -> Sequence[Any] | None:
    """The regions to work in; None: the client's. What was shared says where, unless the task does."""
    if params["regions"] is not None or unread(params, "regions"):
        return params["regions"]
    return regions_of(params["shared"] or ()) or None


def _recipients(sessions: Sessions, scope: Scope, told: Sequence[ToldShare] | None) -> list[Recipient]:
    """The places whose invitations are answered. Raises ServiceError where nobody can tell whose what was told is."""
    places_of_task = scope.places
    if told is not None:
        own = {OWN: Account(sessions.caller())} if OWN in scope.accounts else {}
        places_of_task = tuple(Place(own.get(place.account, place.account), place.region) for place in scope.places)
    by_place: dict[tuple[str | None, str], list[ToldShare]] = {}
    for share in told or ():
        by_place.setdefault((share.account, share.region), []).append(share)
    return [
        Recipient(place, None if told is None else tuple(by_place.get((place.account.id, place.region), ())))
        for place in places_of_task
    ]


def invitation_row(place: Place, invitation: Invitation, **more: str) -> dict[str, Any]:
    """One item of the return value ``invitations``."""
    account = place.account.id or invitation.account
    return {"account_id": account, "region": place.region, **invitation.as_result(), **more}


def _summarize(recipients: Sequence[Recipient]) -> dict[str, int]:
    """Counts of invitations by what was done, and ``failed``: the count of places."""
    actions = Counter(action for recipient in recipients for _invitation, action in recipient.answered)
    return {
        **{action: actions[action] for action in (ACCEPTED, REJECTED, GONE)},
        "failed": sum(bool(recipient.errors) for recipient in recipients),
    }


def _diff(recipient: Recipient, several_regions: bool) -> dict[str, str]:
    """A line per invitation that was answered."""
    answered = [(invitation, action) for invitation, action in recipient.answered if action != GONE]
    account = recipient.place.account.id or answered[0][0].account
    where = f"{account} in {recipient.place.region}" if several_regions else account
    return {
        "before_header": f"invitations of {where}",
        "after_header": f"invitations of {where}",
        "before": "".join(f"{invitation.label}: pending\n" for invitation, _action in answered),
        "after": "".join(f"{invitation.label}: {action}\n" for invitation, action in answered),
    }


def _tell(recipients: Sequence[Recipient], summary: Mapping[str, int], several_regions: bool) -> str:
    """What was done in numbers, and why the rest was not. A place is told by its account, where one region is all."""
    done = ", ".join(f"{summary[action]:,} {action}" for action in (ACCEPTED, REJECTED, GONE) if summary[action])
    done = f"Invitations: {done or 'none was answered'}."
    alone, sort = len(recipients) == 1, "place" if several_regions else "account"
    failed = [
        recipient.as_failed(sort, recipient.place.label if several_regions else recipient.place.account.label, alone)
        for recipient in recipients
        if recipient.errors
    ]
    heads = [] if alone else counted_failures(failed, len(recipients), f"{sort}s")
    return as_message([" ".join([*heads, done]), *failures_in_lines(failed)])
