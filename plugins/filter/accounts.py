# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError, AnsibleFilterError
from jinja2.exceptions import UndefinedError

from ..module_utils._names import escape_controls
from ..module_utils._principals import ROLE, parse_account_id, parse_listed_principal

DOCUMENTATION = r"""
name: accounts
short_description: AWS accounts from the variables of hosts
version_added: 1.0.0
description:
  - Returns the AWS accounts of the hosts of an inventory, as the options
    O(wellarchitected.sharing.wa_shares#module:accounts) and O(wellarchitected.sharing.wa_shares#module:accept_in) take
    them.
  - Every host is one account. Its ID is the variable C(aws_account_id), a string of 12 digits.
  - A host that has no valid ID or role, and an account that two hosts have, are errors. One message names all of them.
positional: _input
options:
  _input:
    description: The variables of the hosts, as in C(ansible_play_hosts_all | map('extract', hostvars)).
    type: list
    elements: dict
    required: true
  role_arn:
    description:
      - The name of the hosts' variable with the ARN of the role to assume in the account. Every host needs it.
      - Without this option, the accounts have no role.
    type: str
  external_id:
    description: The name of the hosts' variable with the external ID of the role. Hosts do not need it.
    type: str
  alike:
    description:
      - The names of roles of this collection whose variables must be the same for all hosts. A run for all hosts reads
        the variables of the first one, so that a guardrail of another host would have no effect.
      - The variables of the hosts themselves, such as C(wa_share_role_arn), are not compared.
    type: list
    elements: str
seealso:
  - module: wellarchitected.sharing.wa_shares
  - plugin: wellarchitected.sharing.organization_accounts
    plugin_type: inventory
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Share a lens with every account of the play, and accept it in each
  wellarchitected.sharing.wa_shares:
    region: eu-west-1
    resources:
      - lens: Platform Standards
    shared_with: "{{ accounts | map(attribute='account_id') }}"
    accept_in: "{{ accounts }}"
  vars:
    accounts: >-
      {{ ansible_play_hosts_all | map('extract', hostvars)
         | wellarchitected.sharing.accounts(role_arn='wa_accept_role_arn', external_id='wa_accept_external_id') }}
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
_value:
  description: The accounts, in the order of the hosts.
  type: list
  elements: dict
  contains:
    account_id:
      description: The account ID.
      type: str
      sample: "111122223333"
    name:
      description: The variable C(aws_account_name) of the host, or else the name of the host.
      type: str
      sample: team-payments
    role_arn:
      description: The ARN of the role. Only with the option O(role_arn).
      type: str
      sample: arn:aws:iam::111122223333:role/WellArchitectedAccept
    external_id:
      description: The external ID of the role. Only where the host has one.
      type: str
      sample: example-external-id
"""


# Variables that each host has for itself, and those of roles that run for each host.
_OF_EACH_HOST = re.compile("__|^wa_share_report_|_(role_arn|external_id|result)$")


def accounts(
    hosts: Iterable[Mapping[str, Any]],
    role_arn: str | None = None,
    external_id: str | None = None,
    alike: Sequence[str] = (),
) -> list[dict[str, str]]:
    """The accounts of hosts, from the variables of each. Raises AnsibleFilterError with all errors of all hosts."""
    hosts = list(hosts)
    found: list[dict[str, str]] = []
    errors = list(_differences(hosts, tuple(f"{role}_" for role in alike)))
    host_of: dict[str, str] = {}
    for variables in hosts:
        host = str(variables["inventory_hostname"])
        account = {"account_id": "", "name": host}
        try:
            account_id = account["account_id"] = _account_id(variables)
            if account_id in host_of:
                raise ValueError(
                    f"aws_account_id {account_id} is also that of {host_of[account_id]}. Remove one of the hosts."
                )
            host_of[account_id] = host
            account["name"] = _text(variables, "aws_account_name") or host
            if role_arn:
                account["role_arn"] = _role(variables, role_arn, account_id)
            if external_id and (text := _text(variables, external_id)):
                account["external_id"] = text
        except ValueError as error:
            errors.append(escape_controls(f"{host}: {error}"))
        found.append(account)
    if errors:
        raise AnsibleFilterError("\n".join(errors))
    return found


def _differences(hosts: Sequence[Mapping[str, Any]], prefixes: tuple[str, ...]) -> Iterator[str]:
    """An error for each variable with one of the prefixes that a host does not have as the first host has it."""
    names = {name for variables in hosts for name in variables if name.startswith(prefixes)}
    for name in sorted(name for name in names if not _OF_EACH_HOST.search(name)):
        for variables in hosts[1:]:
            if (name in variables, variables.get(name)) != (name in hosts[0], hosts[0].get(name)):
                host, first = variables["inventory_hostname"], hosts[0]["inventory_hostname"]
                yield f"{host}: {name} differs from that of {first}. Set it for all hosts, for example in group_vars."
                break


def _account_id(variables: Mapping[str, Any]) -> str:
    text = _text(variables, "aws_account_id")
    if not text:
        raise ValueError("aws_account_id is not set. Set it to the ID of the host's AWS account, in quotes.")
    try:
        return parse_account_id(text)
    except ValueError as error:
        raise ValueError(f"aws_account_id {error}") from error


def _role(variables: Mapping[str, Any], name: str, account_id: str) -> str:
    text = _text(variables, name)
    if not text:
        raise ValueError(f"{name} is not set. Set it to the ARN of the role to assume in account {account_id}.")
    role = parse_listed_principal(text)
    if role.kind != ROLE or role.account != account_id:
        raise ValueError(f"{name} {text!r} is not the ARN of a role in account {account_id}. Correct the ARN.")
    return text


def _text(variables: Mapping[str, Any], name: str) -> str:
    """A variable as a string, empty where it is not set. Raises ValueError where it cannot be templated."""
    try:
        value = variables.get(name)
        return "" if value is None else str(value).strip()
    except (AnsibleError, UndefinedError) as error:
        raise ValueError(f"{name} cannot be templated: {str(error).splitlines()[0]}. Correct the template.") from error


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"accounts": accounts}
