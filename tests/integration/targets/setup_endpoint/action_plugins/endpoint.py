# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A control request to the local endpoint, from the controller: a module would need a process for it."""

from __future__ import annotations

import json
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.text.converters import to_text
from ansible.module_utils.urls import open_url
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """``endpoint: {path: seed, body: {…}}`` posts to the control API of ``wa_endpoint_url``; returns ``json``."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _unknown, arguments = self.validate_argument_spec(
            {"path": {"type": "str", "required": True}, "body": {"type": "dict", "default": {}}}
        )
        url = self._templar.template(task_vars["wa_control"])
        try:
            answer = open_url(
                f"{url}/{arguments['path']}", data=json.dumps(arguments["body"]), method="POST", use_proxy=False
            )
        except OSError as problem:
            text = problem.read() if hasattr(problem, "read") else problem
            raise AnsibleActionFail(f"The endpoint refused {arguments['path']}: {to_text(text)}") from problem
        return {**result, "changed": False, "json": json.loads(answer.read())}
