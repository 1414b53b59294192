# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""Hosts of an inventory as AWS accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..module_utils._model.invalid_input import InvalidInput
from ..module_utils._model.principals import ROLE, UNKNOWN, parse_listed_principal
from ..module_utils._model.suggestions import nearest, suggestion
from .variables import KNOWN, misspelt

ACCOUNT_ID = "aws_account_id"
_NO = ("", "none", "false", "no", "off", "0", "n", "f")
#: settings that are about the host
_EACH_HOSTS = frozenset(
    ("wa_accept_role_arn", "wa_accept_external_id", "wa_share_role_arn", "wa_share_external_id"),
)


class Inventory(Protocol):
    """The hosts' variables."""

    def variables(self, host: str) -> Mapping[str, Any]:
        """As they stand in the inventory, not templated; none of a host that there is not."""

    def text(self, host: str, name: str) -> str:
        """One of them as text, templated; empty where it is not set. Raises ValueError, ready to show."""


@dataclass(frozen=True)
class Variables:
    """The names of the hosts' variables besides aws_account_id. None: hosts have no such thing."""

    role_arn: str | None = None
    external_id: str | None = None
    role_required: bool = False


def read_accounts(hosts: Iterable[str], inventory: Inventory, names: Variables) -> list[dict[str, Any]]:
    """The accounts of ``hosts``, as modules take them in their option ``accounts``.

    An account is called as its host. Raises InvalidInput with every fault, each with its host and variable.
    """
    accounts: list[dict[str, Any]] = []
    faults: list[str] = []
    host_of: dict[str, str] = {}
    for host in hosts:
        found: dict[str, str] = {}
        wrong: list[str] = [f"{name}: {why}" for name, why in misspelt(inventory.variables(host)).items()]
        for name in filter(None, (ACCOUNT_ID, names.role_arn, names.external_id)):
            if name != ACCOUNT_ID and not found.get(ACCOUNT_ID):
                break  # Whoever has no ID may have a role's ARN that is made of it.
            try:
                found[name] = inventory.text(host, name)
            except ValueError as error:
                wrong.append(f"{name}: {error}")
        account_id, role_arn = found.get(ACCOUNT_ID, ""), found.get(names.role_arn or "", "")
        if ACCOUNT_ID in found:
            wrong.extend(filter(None, [_wrong_id(account_id, host_of.get(account_id))]))
            host_of.setdefault(account_id, host)
        if not wrong:
            wrong.extend(filter(None, [_wrong_role(role_arn, account_id, names)]))
        faults.extend(f"{host}: {why}" for why in wrong)
        account = {
            "account_id": account_id,
            "role_arn": role_arn,
            "external_id": found.get(names.external_id or "", ""),
            "name": host,
        }
        accounts.append({key: text for key, text in account.items() if text})
    if faults:
        raise InvalidInput(faults)
    return accounts


def read_leaving(
    words: Sequence[Any], groups: Mapping[str, Sequence[str]], inventory: Inventory, sliced: bool
) -> list[dict[str, str]]:
    """The accounts that leave, each once: ``account_id``, and as its ``name`` its host where it has one.

    ``words``: account IDs, and groups and hosts of the inventory. ``sliced``: whether this is a slice, whose inventory
    has a part of each group. Raises InvalidInput with every word that is none.
    """
    leaving: dict[str, dict[str, str]] = {}
    faults = [] if words else ["Nobody is named who leaves"]
    for word in map(str, words):
        if re.fullmatch("[0-9]{12}", word, re.ASCII):
            leaving.setdefault(word, {"account_id": word})
        elif word not in groups and word not in groups.get("all", ()):
            near = suggestion(nearest(word, [*groups, *groups.get("all", ())]))
            faults.append(f"{word} is neither an account ID of 12 digits, nor a group or host of the inventory{near}")
        elif sliced:
            faults.append(
                f"This job is a slice, which has a part of the inventory's hosts: name account IDs, not {word}"
            )
        else:
            for host in groups.get(word, [word]):
                try:
                    account_id = inventory.text(host, ACCOUNT_ID)
                    wrong = _wrong_id(account_id, None)
                except ValueError as error:
                    account_id, wrong = "", f"{ACCOUNT_ID}: {error}"
                if wrong:
                    faults.append(f"{host}: {wrong}")
                leaving[account_id] = {"account_id": account_id, "name": host}
    if faults:
        raise InvalidInput(faults)
    return list(leaving.values())


def without_leaving(hosts: Sequence[str], inventory: Inventory, leaving: Sequence[Mapping[str, str]]) -> list[str]:
    """The hosts whose accounts stay. What an account that leaves shares is its own, and nobody enters it."""
    gone = {account["account_id"] for account in leaving}

    def stays(host: str) -> bool:
        try:
            return inventory.text(host, ACCOUNT_ID) not in gone
        except ValueError:
            return True  # which is told with what is wrong with those that stay

    return [host for host in hosts if stays(host)]


def differing_settings(hosts: Sequence[str], inventory: Inventory) -> list[str]:
    """What is wrong with settings of this collection's roles and playbooks that not all ``hosts`` have alike.

    A run is one for all of them, and sees the variables of one host: another one's guard rail would be none. What only
    localhost has, where the run is, counts too.
    """
    first = hosts[0]
    faults: list[str] = []
    shared = _settings(inventory.variables(first))
    for host in (*hosts[1:], "localhost"):
        own = _settings(inventory.variables(host))
        names = own.keys() if host == "localhost" else own.keys() | shared.keys()
        faults.extend(
            f"{host}: {name} is not as {first} has it, and a run is one for all accounts: set it for all of them"
            for name in sorted(names)
            if (name in own, own.get(name)) != (name in shared, shared.get(name))
        )
    return faults


def purges(resources: Any) -> bool:
    """Whether an entry takes away what is not declared. ``resources``: as wa_shares takes them."""
    given = [entry.get(name) for _index, entry in _entries(resources) for name in ("purge_shares", "purge")]
    return any(str(value).strip().lower() not in _NO for value in given)


def is_slice(variables: Mapping[str, Any]) -> bool:
    """Whether this is a slice of a job of AWX. ``variables``: those of the task.

    AWX tells no job so. But it runs a sliced job as a workflow, which it calls as the job template (ansible/awx,
    awx/main/models/jobs.py, create_unified_job), and a workflow of that very name cannot be told from it.
    """
    return any(
        bool(variables.get(f"{awx}_workflow_job_name"))
        and variables[f"{awx}_workflow_job_name"] == variables.get(f"{awx}_job_template_name")
        for awx in ("awx", "tower")
    )


def beyond(part: str, resources: Any) -> list[str]:
    """What is wrong with entries in a run that is about some accounts only: principals of their own may be others.

    ``part``: what makes it so, limit or slice.
    """
    return [
        f"resources[{index}] has a shared_with of its own, which no {part} is about: leave out one of the two"
        for index, entry in _entries(resources)
        if entry.get("shared_with")
    ]


def _entries(resources: Any) -> list[tuple[int, Mapping[str, Any]]]:
    listed = resources if isinstance(resources, list) else []
    return [(index, entry) for index, entry in enumerate(listed) if isinstance(entry, Mapping)]


def _settings(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in variables.items() if name in KNOWN and name not in _EACH_HOSTS}


def principals_of(accounts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The accounts' IDs by their names, but for a name that means a principal by itself."""
    return {
        account["name"]: account["account_id"]
        for account in accounts
        if "name" in account and parse_listed_principal(account["name"]).kind == UNKNOWN
    }


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
    role = parse_listed_principal(role_arn)
    if role.kind == ROLE and role.account == account_id:
        return None
    return f"{names.role_arn}, {role_arn}, is not a role of account {account_id}"
