# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Argument specs that modules share, entries checked by them, and what every module begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.common import warnings
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ._accounts import ALL_REGIONS, CALLER, Account, Connections
from ._errors import at, join_path, raise_if_any
from ._guardrails import (
    ACCOUNT_GUARDRAIL,
    GUARDRAILS,
    PLAN_GUARDRAIL,
    check_account,
    parse_expected_account,
)
from ._kinds import KINDS, Kind
from ._names import suggestion
from ._places import Runner, Scope, parse_accounts
from ._principals import PrincipalNames, parse_principal_names
from ._progress import Progress
from ._shares import INACTIVE_STATUSES, PERMISSIONS, RENEWED_BY_DEFAULT

Spec = dict[str, Any]

ANY_KIND = "resource"
"""The key of an entry that selects resources of every kind by a pattern."""
KIND_KEYS = (*(kind.option for kind in KINDS.values()), ANY_KIND)

_STATE: Spec = {"type": "str", "choices": ["present", "absent"], "default": "present"}
_PURGE: Spec = {"type": "bool", "aliases": ["purge"]}
_RENEW: Spec = {"type": "list", "elements": "str", "choices": list(INACTIVE_STATUSES)}
_PERMISSION: Spec = {"type": "str", "choices": list(PERMISSIONS)}
_STRINGS: Spec = {"type": "list", "elements": "str"}

# What users call an option elsewhere.
_OTHER_NAMES = {
    "account": "account_id",
    "id": "account_id",
    "members": "shared_with",
    "permissions": "permission_type",
    "principals": "shared_with",
    "profile": "wa_profile",
    "review_template": "template",
    "role": "role_arn",
}

ACCOUNT_SPEC: Spec = {
    "account_id": {"type": "raw", "required": True},
    "role_arn": {"type": "str"},
    "external_id": {"type": "str"},
    "name": {"type": "str"},
}
"""An item of ``accounts`` and ``accept_in``."""
PRINCIPAL_SPEC: Spec = {
    "principal": {"type": "raw", "required": True},
    "permission_type": _PERMISSION,
    "until": {"type": "str"},
    "reason": {"type": "str"},
}
"""An item of ``shared_with`` that is a dictionary."""
ENTRY_SPEC: Spec = {
    **{key: {"type": "str"} for key in KIND_KEYS},
    "exclude": _STRINGS,
    "shared_with": {"type": "list", "elements": "raw"},
    "permission_type": _PERMISSION,
    "until": {"type": "str"},
    "reason": {"type": "str"},
    "tags": {"type": "dict"},
    "state": _STATE,
    "account_wide": {"type": "bool", "default": False},
    "purge_shares": _PURGE,
    "renew": _RENEW,
    "accounts": _STRINGS,
    "regions": _STRINGS,
}
"""An item of ``resources``."""
PLACES: Spec = {
    "accounts": {"type": "list", "elements": "dict"},
    "regions": _STRINGS,
    "concurrency": {"type": "int", "default": 8},
    **ACCOUNT_GUARDRAIL,
}
"""The options of modules that work in many places."""
_CHANGES: Spec = {
    "purge_shares": {**_PURGE, "default": False},
    "renew": {**_RENEW, "default": list(RENEWED_BY_DEFAULT)},
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "int", "default": 120},
    **GUARDRAILS,
}
PRINCIPALS: Spec = {"principals": {"type": "dict"}}
DECLARATION: Spec = {
    "resources": {"type": "list", "elements": "dict", "required": True},
    "shared_with": {"type": "list", "elements": "raw"},
    "permission_type": _PERMISSION,
    **PRINCIPALS,
    **PLACES,
}
"""The options that declare what resources are shared with."""
SHARES: Spec = {
    **DECLARATION,
    **_CHANGES,
    **PLAN_GUARDRAIL,
    "accept_in": {"type": "list", "elements": "dict"},
    "progress_path": {"type": "path"},
}
"""The options of wa_shares."""
INVITATIONS: Spec = {
    "shared_by": _STRINGS,
    "resource_type": {"type": "list", "elements": "str", "choices": list(KINDS)},
    "name": {"type": "str"},
    "share_invitation_ids": _STRINGS,
    **PLACES,
}
"""The options that select invitations."""


def single_share_spec(kind: Kind) -> Spec:
    """The argument spec of the module that shares one resource of the kind."""
    return {
        kind.option: {"type": "str", "required": True},
        "shared_with": {"type": "list", "elements": "str", "required": True},
        **({"permission_type": {**_PERMISSION, "default": PERMISSIONS[0]}} if kind.has_permission else {}),
        "state": _STATE,
        **_CHANGES,
        **PRINCIPALS,
        **ACCOUNT_GUARDRAIL,
    }


def check_entries(
    path: str,
    items: Sequence[Any],
    spec: Spec,
    errors: list[str],
    mutually_exclusive: Sequence[Sequence[str]] = (),
    required_one_of: Sequence[Sequence[str]] = (),
) -> list[tuple[str, dict[str, Any]]]:
    """The valid ones of ``items``, each with its path and with its values converted. All errors go to ``errors``."""
    validator = ArgumentSpecValidator(
        spec, mutually_exclusive=list(mutually_exclusive), required_one_of=list(required_one_of)
    )
    entries: list[tuple[str, dict[str, Any]]] = []
    for position, item in enumerate(items):
        where = f"{path}[{position}]"
        entry = check_entry(where, item, spec, errors, validator)
        if entry is not None:
            entries.append((where, entry))
    return entries


def check_entry(
    path: str, item: Mapping[Any, Any], spec: Spec, errors: list[str], validator: ArgumentSpecValidator | None = None
) -> dict[str, Any] | None:
    """The entry with its values converted; None where it is not valid. All errors go to ``errors``."""
    # null is as not given, as everywhere in Ansible
    given = {str(key): value for key, value in item.items() if value is not None}
    found = _find_non_strings(path, given, spec)
    result = (validator or ArgumentSpecValidator(spec)).validate(given)
    names = [name for option, details in spec.items() for name in (option, *details.get("aliases", ()))]
    for key in sorted(given.keys() - set(names)):
        other = _OTHER_NAMES.get(key, "")
        hint = f" (did you mean {other!r}?)" if other in names else suggestion(key, names)
        found.append(f"{join_path(path, key)}: Unknown key{hint}. The keys are {', '.join(spec)}.")
    found.extend(
        at(path, f"{error.msg.rstrip('.')}.") for error in result.errors if not isinstance(error, UnsupportedError)
    )
    errors.extend(found)
    return None if found else dict(result.validated_parameters)


def _find_non_strings(path: str, given: Mapping[str, Any], spec: Spec) -> list[str]:
    """Errors for values that YAML did not parse as strings, which Ansible would convert without asking."""
    errors: list[str] = []
    for key, value in given.items():
        details = spec.get(key, {})
        values: Mapping[str, Any] = {}
        if details.get("type") == "str":
            values = {"": value}
        elif details.get("elements") == "str" and isinstance(value, list):
            values = {f"[{position}]": item for position, item in enumerate(value)}
        elif key == "tags" and isinstance(value, Mapping):
            values = {f".{tag}": text for tag, text in value.items()}
        accepted = str if key == "tags" else (str, int)
        errors.extend(
            f"{join_path(path, key)}{where} must be a string, but YAML parsed it as {text!r}. Put the value in quotes."
            for where, text in values.items()
            if isinstance(text, bool) or not isinstance(text, accepted)
        )
    return errors


def check_minimums(params: Mapping[str, Any], errors: list[str], **minimums: int) -> None:
    """Adds an error for each option that is a number below its minimum."""
    errors.extend(
        f"{option} must be at least {minimum}, got {params[option]}."
        for option, minimum in minimums.items()
        if params.get(option) is not None and params[option] < minimum
    )


@dataclass
class Task:
    """What every module begins with: its connections, where it works, and what is wrong with its input so far."""

    connections: Connections
    scope: Scope
    names: PrincipalNames
    progress: Progress
    errors: list[str] = field(default_factory=list)
    expected_account: str | None = None

    def start(self, recipients: Sequence[Account] = ()) -> Runner:
        """The runner of the task's places, once all options were read. ``recipients``: accounts that it enters, too.

        Raises InvalidInput with everything that is wrong with them, or where the credentials are another account's than
        the guardrail expects; ServiceError where that cannot be found out.
        """
        raise_if_any(self.errors)
        if self.expected_account is not None:
            check_account(self.expected_account, self.connections.caller()["Account"])
        accounts = dict.fromkeys([*self.scope.accounts, *recipients])
        raise_if_any(filter(None, map(self.connections.explain_missing_role, accounts)))
        return Runner(self.connections, self.scope, self.progress)

    def parse_accounts(self, path: str, items: Sequence[Any]) -> tuple[Account, ...]:
        """The accounts of an option. What is wrong is added to ``errors``."""
        if not items:
            self.errors.append(f"{path}: The list is empty. Leave it out, or list at least one account.")
        entries = [entry for _path, entry in check_entries(path, items, ACCOUNT_SPEC, self.errors)]
        return parse_accounts(path, entries, self.names.partition, self.errors)


def open_task(module: AnsibleAWSModule) -> Task:
    """Reads the options that modules have in common, without a call. Raises InvalidInput where there is no Region."""
    params = module.params
    errors: list[str] = []
    check_minimums(params, errors, concurrency=1, wait_timeout=0)
    regions: list[str] | None = params.get("regions")
    first = next((region for region in regions or () if region != ALL_REGIONS), None)
    connections = Connections(module, params.get("concurrency") or 1, first)
    names = parse_principal_names(params.get("principals"), connections.partition, errors)
    connections.names = names
    selected, unlisted = connections.check_regions(regions, errors)
    for text in unlisted:
        warnings.warn(text)
    optional = frozenset(selected).difference(regions) if regions and ALL_REGIONS in regions else frozenset()
    task = Task(
        connections, Scope(selected or (connections.region,)), names, Progress(params.get("progress_path")), errors
    )
    accounts = (CALLER,) if params.get("accounts") is None else task.parse_accounts("accounts", params["accounts"])
    task.scope = Scope(selected or (connections.region,), accounts or (CALLER,), optional)
    task.expected_account = parse_expected_account(params.get("expected_account_id"), errors)
    return task
