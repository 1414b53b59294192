# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""Hosts of an inventory as AWS accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.arn import parse_aws_arn

from ..module_utils._model.invalid_input import InvalidInput
from ..module_utils._model.principals import UNKNOWN, parse_listed_principal

ACCOUNT_ID = "aws_account_id"


@dataclass(frozen=True)
class Variables:
    """The names of the hosts' variables besides aws_account_id. None: hosts have no such thing."""

    role_arn: str | None = None
    external_id: str | None = None
    role_required: bool = False


def read_accounts(
    hosts: Iterable[str], variables: Mapping[str, Mapping[str, Any]], names: Variables
) -> list[dict[str, Any]]:
    """The accounts of ``hosts``, as modules take them in their option ``accounts``.

    ``variables``: each host's. An account is called as its host. Raises InvalidInput with every fault, each with its
    host and variable.
    """
    accounts: list[dict[str, Any]] = []
    faults: list[str] = []
    host_of: dict[str, str] = {}
    for host in hosts:
        found = variables[host]
        account_id = _text(found, ACCOUNT_ID)
        role_arn, external_id = _text(found, names.role_arn), _text(found, names.external_id)
        wrong = _wrong_id(account_id, host_of.get(account_id)) or _wrong_role(role_arn, account_id, names)
        if wrong:
            faults.append(f"{host}: {wrong}")
        host_of.setdefault(account_id, host)
        account = {"account_id": account_id, "role_arn": role_arn, "external_id": external_id, "name": host}
        accounts.append({key: text for key, text in account.items() if text})
    if faults:
        raise InvalidInput(faults)
    return accounts


def principals_of(accounts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The accounts' IDs by their names, but for a name that means a principal by itself."""
    return {
        account["name"]: account["account_id"]
        for account in accounts
        if parse_listed_principal(account["name"]).kind == UNKNOWN
    }


def _text(variables: Mapping[str, Any], name: str | None) -> str:
    value = variables.get(name) if name else None
    return "" if value is None else str(value).strip()


def _wrong_id(account_id: str, same_as: str | None) -> str | None:
    if not account_id:
        return f"{ACCOUNT_ID} is missing"
    if not re.fullmatch("[0-9]{12}", account_id, re.ASCII):
        return (
            f"{ACCOUNT_ID}, {account_id}, is not an account ID of 12 digits. Put account IDs in quotes: YAML reads an "
            "unquoted number that starts with 0 as another one"
        )
    return f"{ACCOUNT_ID}, {account_id}, is also that of {same_as}" if same_as else None


def _wrong_role(role_arn: str, account_id: str, names: Variables) -> str | None:
    if not role_arn:
        return f"{names.role_arn} is missing" if names.role_required else None
    arn = parse_aws_arn(role_arn) or {}
    if arn.get("service") == "iam" and arn.get("account_id") == account_id and arn["resource"].startswith("role/"):
        return None
    return f"{names.role_arn}, {role_arn}, is not a role of account {account_id}"
