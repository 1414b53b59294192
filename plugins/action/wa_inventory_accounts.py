# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the module wa_inventory_accounts documents. It runs on the controller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ..module_utils._model.invalid_input import InvalidInput
from ..plugin_utils.inventory_accounts import Variables, principals_of, read_accounts
from ..plugin_utils.survey_text import NAMED_WORDS, read_texts

OPTIONS: Mapping[str, Any] = {
    "group": {"type": "str", "default": "accounts"},
    "role_arn_variable": {"type": "str"},
    "external_id_variable": {"type": "str"},
    "role_required": {"type": "bool", "default": False},
    "principals": {"type": "dict"},
    "whole_group": {"type": "bool", "default": False},
}


class ActionModule(ActionBase):
    _requires_connection = False
    _supports_async = False
    _supports_check_mode = True
    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        self._task.args = read_texts(self._task.args, {"principals": NAMED_WORDS})
        _validation, options = self.validate_argument_spec(dict(OPTIONS))
        task_vars = task_vars or {}
        in_play = set(task_vars["ansible_play_hosts_all"])
        listed = task_vars["groups"].get(options["group"], [])
        hosts = [host for host in listed if host in in_play]
        names = Variables(options["role_arn_variable"], options["external_id_variable"], options["role_required"])
        try:
            _refuse_group(options["group"], len(listed), len(hosts), options["whole_group"])
            accounts = read_accounts(hosts, task_vars["hostvars"], names)
        except InvalidInput as error:
            return {**result, "failed": True, "msg": f"Nothing was changed. {error}"}
        named = {**principals_of(accounts), **(options["principals"] or {})}
        result.update(changed=False, accounts=accounts, principals=named)
        return result


def _refuse_group(group: str, there: int, within: int, whole: bool) -> None:
    """A run that would be about nobody, or about fewer than it may be about, is an error."""
    if not there:
        raise InvalidInput([f"The group {group} of the inventory is missing or empty"])
    if not within:
        raise InvalidInput([f"No host of the group {group} is within the limit, of {there}"])
    if whole and within < there:
        raise InvalidInput(
            [
                f"The limit leaves out {there - within} of the {there} hosts of the group {group}, and purge would "
                "take away what they have: leave out one of the two"
            ]
        )
