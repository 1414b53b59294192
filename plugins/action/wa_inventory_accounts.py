# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the module wa_inventory_accounts documents. It runs on the controller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ..module_utils._model.invalid_input import Faults, InvalidInput
from ..module_utils._model.reading import read_options
from ..plugin_utils.inventory_accounts import (
    Variables,
    beyond,
    differing_settings,
    is_slice,
    principals_of,
    purges,
    read_accounts,
    read_leaving,
    without_leaving,
)
from ..plugin_utils.survey_text import CONDITION, NAMED_WORDS, RESOURCES, Form, read_texts

OPTIONS: Mapping[str, Any] = {
    "group": {"type": "str", "default": "accounts"},
    "group_required": {"type": "bool", "default": True},
    "leaving": {"type": "list", "elements": "raw"},
    "role_arn_variable": {"type": "str"},
    "external_id_variable": {"type": "str"},
    "role_required": {"type": "bool", "default": False},
    "principals": {"type": "dict"},
    "purge": {"type": "bool", "default": False},
    "resources": {"type": "raw"},
}
#: the options that a survey's text may be
FORMS: Mapping[str, Form] = {"leaving": CONDITION, "principals": NAMED_WORDS, "resources": RESOURCES}


class ActionModule(ActionBase):
    _requires_connection = False
    _supports_async = False
    _supports_check_mode = True
    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        task_vars = task_vars or {}
        faults = Faults()
        try:
            options = read_options(OPTIONS, read_texts(self._task.args, FORMS), faults.found)
            in_play = set(task_vars["ansible_play_hosts_all"])
            groups = task_vars["groups"]
            listed = groups.get(options["group"], [])
            hosts = [host for host in listed if host in in_play]
            takes_away = options["purge"] or purges(options["resources"])
            if options["group_required"] or options["group"] in groups:
                _refuse_group(options["group"], len(listed), len(hosts), takes_away)
            sliced = is_slice(task_vars)
            if sliced:
                _refuse_slice(takes_away)
                faults.found.extend(beyond("slice", options["resources"]))
            elif len(hosts) < len(listed):
                faults.found.extend(beyond("limit", options["resources"]))
            inventory = _HostVariables(task_vars["hostvars"])
            faults.found.extend(differing_settings(hosts, inventory) if hosts else ())
            leaving: list[dict[str, str]] = []
            if options["leaving"] is not None:
                with faults.collected():
                    leaving = read_leaving(options["leaving"], groups, inventory, sliced)
                staying = without_leaving(hosts, inventory, leaving)
                if hosts and not staying and not sliced:
                    faults.found.append(
                        f"Every account of the group {options['group']} within the limit leaves: there is none whose "
                        "shares could be removed"
                    )
                hosts = staying
            accounts: list[dict[str, Any]] = []
            names = Variables(options["role_arn_variable"], options["external_id_variable"], options["role_required"])
            with faults.collected():
                accounts = read_accounts(hosts, inventory, names)
            faults.refuse()
        except InvalidInput as error:
            return {**result, "failed": True, "msg": f"Nothing was changed. {error}"}
        named = {**principals_of([*leaving, *accounts]), **(options["principals"] or {})}
        result.update(changed=False, accounts=accounts, leaving=leaving, principals=named)
        return result


class _HostVariables:
    """The variables of the inventory's hosts. Those of one host are put together once: that is dear."""

    def __init__(self, hostvars: Any) -> None:
        self._hostvars = hostvars
        self._raw: dict[str, Mapping[str, Any]] = {}

    def variables(self, host: str) -> Mapping[str, Any]:
        if host not in self._raw:
            found = self._hostvars.raw_get(host)
            self._raw[host] = found if isinstance(found, Mapping) else {}
        return self._raw[host]

    def text(self, host: str, name: str) -> str:
        value = self.variables(host).get(name)
        if isinstance(value, str) and "{" in value:
            try:
                value = self._hostvars[host][name]
            except AnsibleError as error:
                raise ValueError(f"it cannot be templated: {str(error).splitlines()[0]}") from error
            if "{{" in str(value):
                raise ValueError(f"it cannot be templated: {value}")
        return "" if value is None else str(value).strip()


def _refuse_group(group: str, there: int, within: int, takes_away: bool) -> None:
    """A run that would be about nobody, or about fewer than it may be about, is an error."""
    if not there:
        raise InvalidInput([f"The group {group} of the inventory is missing or empty"])
    if not within:
        raise InvalidInput([f"No host of the group {group} is within the limit, of {there}"])
    if takes_away and within < there:
        raise InvalidInput(
            [
                f"The limit leaves out {there - within} of the {there} hosts of the group {group}, and purge would "
                "take away what they have: leave out one of the two"
            ]
        )


def _refuse_slice(takes_away: bool) -> None:
    """Each slice of a job is a run of its own, and knows no other's accounts."""
    if takes_away:
        raise InvalidInput(
            [
                "This job is a slice, and purge would take away what the accounts of the other slices have: run it "
                "unsliced, or leave out purge"
            ]
        )
