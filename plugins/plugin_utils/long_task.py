# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""What the controller does around a module that may take long: reads the text of surveys, and shows progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.plugins.action import ActionBase
from ansible.utils.vars import merge_hash

from .survey_text import BadText, Form, read_options


class LongTask(ActionBase):
    """Runs the module of the task's name, once, as Ansible would without an action plugin."""

    _supports_check_mode = True
    _supports_async = True

    forms: ClassVar[Mapping[str, Form]] = {}
    """How the module's lists are read where they are text, by option."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        try:
            options = read_options(self._task.args, self.forms)
        except BadText as fault:
            return {**result, "failed": True, "msg": f"Nothing was changed. {fault}"}
        wrap_async = bool(self._task.async_val) and not self._connection.has_native_async
        done = self._execute_module(module_args=options, task_vars=task_vars, wrap_async=wrap_async)
        if not wrap_async:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        merged: dict[str, Any] = merge_hash(result, done)
        return merged
