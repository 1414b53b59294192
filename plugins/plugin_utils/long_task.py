# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""What the controller does around a module that may take long: reads the text of surveys, and shows progress."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible.utils.vars import merge_hash

from ..module_utils._model.invalid_input import InvalidInput
from ..module_utils._model.reading import unreadable
from .diff_text import diff_text
from .progress_lines import progress_lines
from .survey_text import Form, read_texts
from .variables import in_words_of_the_user, misspelt


class LongTask(ActionBase):
    """Runs the module of the task's name, once, as Ansible would without an action plugin."""

    _supports_check_mode = True
    _supports_async = True

    forms: ClassVar[Mapping[str, Form]] = {}
    """How the module's options are read where they may be text."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        options = read_texts(self._task.args, self.forms)
        options.update({name: unreadable(why) for name, why in misspelt(variables).items()})
        wrap_async = bool(self._task.async_val) and not self._connection.has_native_async
        with self._progress_shown(variables):
            done = self._execute_module(module_args=options, task_vars=task_vars, wrap_async=wrap_async)
        if not wrap_async:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        merged: dict[str, Any] = merge_hash(result, self._in_words_of_the_user(done, variables))
        self._show_diff_of_failed(merged)
        return merged

    def _in_words_of_the_user(self, done: dict[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """The result of the module, where it refused the input, with the role's variables in place of its options."""
        faults = done.get("faults")
        if not isinstance(faults, list):
            return done
        refused = InvalidInput(faults)
        renamed = in_words_of_the_user(self._task, refused, variables)
        # Of ansible-core 2.19 and later, the exception says what the module said.
        told = {key: value for key, value in done.items() if key not in ("faults", "exception")}
        return {**told, "msg": str(told["msg"]).replace(str(refused), str(renamed))}

    def _show_diff_of_failed(self, result: Mapping[str, Any]) -> None:
        """With --diff, what a task that failed has changed, or was kept from changing by a guard rail."""
        if not (self._task.diff and result.get("failed") and result.get("diff")) or self._task.no_log:
            return
        # Not among the results, which other programs may read from the standard output.
        Display().display(diff_text(result["diff"]), stderr=True)

    @contextmanager
    def _progress_shown(self, task_vars: Mapping[str, Any]) -> Iterator[None]:
        """Shows how far the module is, where it runs on this machine, in the foreground, and is no secret."""
        if self._task.async_val or self._task.no_log or self._connection.transport != "local":
            yield
            return
        host = task_vars.get("inventory_hostname", "localhost")

        def show(line: str) -> None:
            # Not among the results, which other programs may read from the standard output.
            Display().display(f"progress: [{host}] {line}", color=constants.COLOR_DEBUG, stderr=True)

        environment = self._task.environment
        with progress_lines(show, constants.DEFAULT_LOCAL_TMP) as told:
            self._task.environment = [*_listed(environment), told]
            try:
                yield
            finally:
                # A task may be tried again.
                self._task.environment = environment


def _listed(environment: Any) -> list[Any]:
    """The keyword ``environment`` of a task, which may be one dictionary, as a list."""
    if environment is None:
        return []
    return environment if isinstance(environment, list) else [environment]
