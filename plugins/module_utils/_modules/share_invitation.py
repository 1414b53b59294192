# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What the recipient's modules' ``main`` functions call: options in, result or failure out."""

from __future__ import annotations

from collections import Counter
from typing import Any, NoReturn

from ansible_collections.amazon.aws.plugins.module_utils.arn import parse_aws_arn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._engine.answering import Answers, answer, answer_in_accounts
from .._model.invalid_input import InvalidInput
from .._model.invitations import ACCEPTED, GONE, REJECTED, parse_conditions
from .._model.principals import ACCOUNT, parse_principal
from .options import invitation_conditions
from .task import connect, refuse_below, telling_faults

_ANSWERED_AT_ONCE = 8  # calls under way for the invitations of one account

_ANSWER: dict[str, Any] = {
    "state": {"type": "str", "choices": [ACCEPTED, REJECTED], "default": ACCEPTED},
    "wait_timeout": {"type": "int", "default": 0},
}
_ACCOUNTS: dict[str, Any] = {
    "accounts": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {"account_id": {"type": "str", "required": True}, "role_arn": {"type": "str"}},
    },
    "concurrency": {"type": "int", "default": 16},
}


def answer_invitations() -> NoReturn:
    """The whole of wa_share_invitation."""
    module = AnsibleAWSModule(
        argument_spec={**invitation_conditions(), **_ANSWER},
        required_one_of=[["shared_by", "share_invitation_ids"]],
        supports_check_mode=True,
    )
    refuse_below(module, wait_timeout=0)
    with telling_faults(module):
        wanted = parse_conditions(_refuse_anyone(module.params))
        _sessions, service = connect(module, _ANSWERED_AT_ONCE)
        answers = answer(
            service,
            wanted,
            module.params["state"],
            module.params["wait_timeout"],
            module.check_mode,
            _ANSWERED_AT_ONCE,
        )
    result = answers.as_result()
    if answers.errors:
        done = f"{len(answers.answered)} invitations were answered, {len(answers.errors)} were not"
        module.fail_json(msg=f"{done}: {result.pop('error')}", diff=answers.diff(), **result)
    module.exit_json(diff=answers.diff(), **result)


def answer_invitations_of_accounts() -> NoReturn:
    """The whole of wa_share_invitations."""
    spec = {**invitation_conditions(), **_ANSWER, **_ACCOUNTS}
    del spec["share_invitation_ids"]
    spec["shared_by"] = {**spec["shared_by"], "required": True}
    module = AnsibleAWSModule(argument_spec=spec, supports_check_mode=True)
    refuse_below(module, concurrency=1, wait_timeout=0)
    params = {**module.params, "check_mode": module.check_mode}
    with telling_faults(module):
        wanted = parse_conditions(_refuse_anyone(params))
        accounts = _accounts(params["accounts"])
        sessions, own = connect(module, params["concurrency"])
        by_account = answer_in_accounts(own, sessions, accounts, wanted, params)
    found = list(by_account.values())
    failed = {account: answers for account, answers in by_account.items() if answers.errors}
    result: dict[str, Any] = {
        "changed": any(answers.changed for answers in found),
        "accounts": [{"account_id": account, **answers.as_result()} for account, answers in by_account.items()],
        "summary": _count(found),
        "diff": [
            {"before_header": f"account {account}", "after_header": f"account {account}", **answers.diff()}
            for account, answers in by_account.items()
            if answers.changed
        ],
    }
    if failed:
        reasons = " ".join(f"{account}: {answers.as_result()['error']}" for account, answers in failed.items())
        module.fail_json(msg=f"{len(failed)} of {len(found)} accounts failed. {reasons}", **result)
    module.exit_json(**result)


def _refuse_anyone(params: dict[str, Any]) -> dict[str, Any]:
    """Nobody answers more than is meant: a condition that is given but empty would set no condition at all."""
    empty = [option for option in invitation_conditions() if params.get(option) in ([], "")]
    if empty:
        raise InvalidInput(
            f"{option} is empty, so no invitation can be meant: leave it out or fill it" for option in empty
        )
    return params


def _accounts(listed: list[dict[str, Any]]) -> dict[str, str | None]:
    """Role ARN by account ID, each account once. Raises InvalidInput with every fault."""
    faults: list[str] = []
    accounts: dict[str, str | None] = {}
    for index, item in enumerate(listed):
        where = f"accounts[{index}]: "
        role_arn = item.get("role_arn") or None
        try:
            principal = parse_principal(item["account_id"])
        except ValueError as error:
            faults.append(f"{where}{error}")
            continue
        account = principal.identity
        if principal.kind != ACCOUNT:
            faults.append(f"{where}{item['account_id']} is not an account")
        elif role_arn and (parse_aws_arn(role_arn) or {}).get("account_id") != account:
            faults.append(f"{where}{role_arn} is not a role of account {account}")
        elif accounts.setdefault(account, role_arn) != role_arn:
            faults.append(f"{where}{account} is listed twice, with different roles")
    if faults:
        raise InvalidInput(faults)
    return accounts


def _count(found: list[Answers]) -> dict[str, int]:
    actions = Counter(action for answers in found for _invitation, action in answers.answered)
    return {
        **{action: actions[action] for action in (ACCEPTED, REJECTED, GONE)},
        "failed": sum(bool(answers.errors) for answers in found),
    }
