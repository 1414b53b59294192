# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""What the controller does around a module that may take long: reads the text of surveys, shows progress, and ends with
a line of what was done. For a role, it also sees to it that a failure can be read.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible.utils.vars import merge_hash

from ..module_utils._model.invalid_input import InvalidInput
from ..module_utils._model.reading import unreadable
from ._report.files import File, path_of, write
from .diff_text import diff_text
from .outcome_lines import done_line, shortened
from .progress_lines import progress_lines
from .removals import in_lines, read_runs, removed_rows, report_text, with_run
from .survey_text import Form, read_texts
from .variables import in_words_of_the_user, misspelt, role_of


class LongTask(ActionBase):
    """Runs the module of the task's name, once, as Ansible would without an action plugin."""

    _supports_check_mode = True
    _supports_async = True

    forms: ClassVar[Mapping[str, Form]] = {}
    """How the module's options are read where they may be text."""

    tells_what_was_done: ClassVar[bool] = False
    """Whether the module does anything, so that a line says what."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        role = self._role()
        options = read_texts(self._task.args, self.forms)
        options.update({name: unreadable(why) for name, why in misspelt(variables).items()})
        options.update(_missing(options, role))
        path = report = None
        runs: list[Any] = []
        try:
            path = _path(role, "result_path")
        except InvalidInput as fault:
            options[f"{role_of(self._task) or 'wa_share'}_result_path"] = unreadable(str(fault))
        try:
            report = _path(role, "report_path")
            runs = read_runs(report) if report else []
        except InvalidInput as fault:
            options[f"{role.get('for')}_report_path"] = unreadable(str(fault))
        wrap_async = bool(self._task.async_val) and not self._connection.has_native_async
        began = time.monotonic()
        with self._progress_shown(variables):
            done = self._execute_module(module_args=options, task_vars=task_vars, wrap_async=wrap_async)
        if not wrap_async:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        merged: dict[str, Any] = merge_hash(result, self._in_words_of_the_user(done, variables))
        self._show_diff_of_failed(merged)
        if self.tells_what_was_done and not wrap_async and not merged.get("failed"):
            line = done_line(merged, self._task.check_mode, time.monotonic() - began)
            self._show([f"[{self._host(variables)}] {line}"] if line else [])
        if "leaving" in role:
            merged["removals"] = in_lines(removed_rows(merged), self._task.check_mode)
        if report and not self._task.check_mode:
            more = with_run(runs, merged, role.get("leaving", ()))
            merged = _written(merged, report, report_text(more), "report") if more else merged
        if path and not self._task.check_mode:
            merged = _written(merged, path, json.dumps(_plain(merged), indent=1, ensure_ascii=False) + "\n", "result")
        return self._ended(merged, role)

    def _role(self) -> dict[str, Any]:
        """What a role of this collection asks of this plugin, in a variable of its task; empty for any other task."""
        asked = self._task.vars.get("wa__role") if isinstance(self._task.vars, Mapping) else None
        return dict(self._templar.template(asked)) if asked else {}

    def _ended(self, result: dict[str, Any], role: Mapping[str, Any]) -> dict[str, Any]:
        """The task's result. Of a role that failed it is a short one, with the whole of it in ``diff``.

        Ansible prints all of a failed task's result but the diff, and the role's next task takes it from there.
        """
        # What an audit found is told by a task of its own, after the report.
        if not role or not result.get("failed") or "passed" in result:
            return result
        result = {"changed": False, **result}  # as Ansible would say of a result without it
        message, lines = shortened(str(result.get("msg", "")))
        self._show(lines)
        kept = {key: value for key, value in result.items() if key in ("changed", "failed", "warnings", "deprecations")}
        return {**kept, "msg": message, "diff": {"whole": _plain(result)}}

    def _host(self, task_vars: Mapping[str, Any]) -> str:
        """Where the task runs: what it is about may be all hosts of a play."""
        return str(self._task.delegate_to or task_vars.get("inventory_hostname", "localhost"))

    def _show(self, lines: list[str]) -> None:
        """Shows lines among the output of the tasks, unless they are secret or a program reads it."""
        if lines and not self._task.no_log:
            program = constants.DEFAULT_STDOUT_CALLBACK.rpartition(".")[2] in ("json", "jsonl")
            Display().display("\n".join(lines), stderr=program)

    def _in_words_of_the_user(self, done: dict[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """The result of the module, where it refused the input, with the role's variables in place of its options."""
        faults = done.get("faults")
        if not isinstance(faults, list):
            return done
        refused = InvalidInput(faults)
        renamed = in_words_of_the_user(
            self._task, refused, variables, self._role().get("needed", {}), str(self._role().get("for", ""))
        )
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
        host = self._host(task_vars)

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


def _missing(options: Mapping[str, Any], role: Mapping[str, Any]) -> dict[str, Any]:
    """What stands for the options that the role was not given and cannot do without, so that the module tells them."""
    needed: Mapping[str, str] = role.get("needed", {})
    return {
        option: unreadable(f"it is missing: {meaning}") for option, meaning in needed.items() if option not in options
    }


def _path(role: Mapping[str, Any], name: str) -> str | None:
    """A path that the role asks to write to. None: it asks for none. Raises InvalidInput where it cannot be."""
    if not role.get(name):
        return None
    if not isinstance(role[name], str):
        raise InvalidInput([f"it is {role[name]!r}, which is no path"])
    return path_of(role[name])


def _written(result: dict[str, Any], path: str, text: str, what: str) -> dict[str, Any]:
    """The result, once the text is in the file; as a failure where it cannot be written."""
    try:
        write([File(path, text.encode("utf-8", "backslashreplace"), 0o600, None, None)])
    except OSError as error:
        message = f"Failed to write the {what} to {path}: {error}"
        return {**result, "failed": True, "msg": "\n".join(filter(None, (message, result.get("msg"))))}
    return result


def _plain(result: Mapping[str, Any]) -> dict[str, Any]:
    """The result as the module gave it: with the texts of its warnings, and without what Ansible added for itself."""
    ansibles = ("deprecations", "exception", "invocation")
    plain = {key: value for key, value in result.items() if key not in ansibles and not key.startswith("_ansible_")}
    if "warnings" in plain:
        # ansible-core 2.19 and later make objects of them.
        plain["warnings"] = [str(getattr(getattr(one, "event", None), "msg", one)) for one in plain["warnings"]]
    return plain
