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
from ansible_collections.wellarchitected.sharing.plugins.module_utils._answering import (
    Answers,
    answer,
    answer_in_accounts,
    find,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._declaration import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.module_utils._invitations import (
    ACCEPTED,
    GONE,
    REJECTED,
    parse_wanted,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._kinds import KINDS
from ansible_collections.wellarchitected.sharing.plugins.module_utils._modules import fail_for, refuse_below
from ansible_collections.wellarchitected.sharing.plugins.module_utils._principals import ACCOUNT, parse_principal
from ansible_collections.wellarchitected.sharing.plugins.module_utils._service import (
    AssumedRoles,
    ServiceError,
    WellArchitected,
)

_ANSWERED_AT_ONCE = 8  # calls under way for the invitations of one account

_FILTERS: dict[str, Any] = {
    "shared_by": {"type": "list", "elements": "str"},
    "resource_type": {"type": "list", "elements": "str", "choices": list(KINDS)},
    "name": {"type": "str"},
}
_IDS: dict[str, Any] = {"share_invitation_ids": {"type": "list", "elements": "str"}}
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
        argument_spec={**_FILTERS, **_IDS, **_ANSWER},
        required_one_of=[["shared_by", "share_invitation_ids"]],
        supports_check_mode=True,
    )
    refuse_below(module, wait_timeout=0)
    try:
        wanted = parse_wanted(_refuse_anyone(module.params))
        service = WellArchitected(module, _ANSWERED_AT_ONCE)
        answers = answer(
            service,
            wanted,
            module.params["state"],
            module.params["wait_timeout"],
            module.check_mode,
            _ANSWERED_AT_ONCE,
        )
    except InvalidInput as error:
        module.fail_json(msg=f"Nothing was changed. {error}")
    except ServiceError as error:
        fail_for(module, error)
    result = answers.as_result()
    if answers.errors:
        done = f"{len(answers.answered)} invitations were answered, {len(answers.errors)} were not"
        module.fail_json(msg=f"{done}: {result.pop('error')}", diff=answers.diff(), **result)
    module.exit_json(diff=answers.diff(), **result)


def answer_invitations_of_accounts() -> NoReturn:
    """The whole of wa_share_invitations."""
    spec = {**_FILTERS, **_ANSWER, **_ACCOUNTS}
    spec["shared_by"] = {**spec["shared_by"], "required": True}
    module = AnsibleAWSModule(argument_spec=spec, supports_check_mode=True)
    refuse_below(module, concurrency=1, wait_timeout=0)
    params = {**module.params, "check_mode": module.check_mode}
    try:
        wanted = parse_wanted(_refuse_anyone(params))
        accounts = _accounts(params["accounts"])
        by_account = answer_in_accounts(
            WellArchitected(module), AssumedRoles(module, params["concurrency"]), accounts, wanted, params
        )
    except InvalidInput as error:
        module.fail_json(msg=f"Nothing was changed. {error}")
    except ServiceError as error:
        fail_for(module, error)
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


def list_invitations() -> NoReturn:
    """The whole of wa_share_invitation_info."""
    module = AnsibleAWSModule(argument_spec={**_FILTERS, **_IDS}, supports_check_mode=True)
    try:
        found = find(WellArchitected(module), parse_wanted(module.params))
    except InvalidInput as error:
        module.fail_json(msg=str(error))
    except ServiceError as error:
        fail_for(module, error)
    module.exit_json(changed=False, invitations=[invitation.as_result() for invitation in found])


def _refuse_anyone(params: dict[str, Any]) -> dict[str, Any]:
    """Nobody answers more than is meant: a condition that is given but empty would set no condition at all."""
    empty = [option for option in (*_FILTERS, *_IDS) if params.get(option) in ([], "")]
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
