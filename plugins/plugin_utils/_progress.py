# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module that may take long and shows its progress: the action plugins of these modules import it."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

INTERVAL = 1.0  # seconds between two looks at the file


class ActionModule(ActionBase):
    """Passes ``progress_path`` to the module, where it runs on this machine, and displays the lines it writes."""

    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        options = dict(self._task.args)
        is_async = self._task.async_val and not self._connection.has_native_async
        is_local = self._connection.transport == "local"
        if is_async or self._task.no_log or not is_local or "progress_path" in options:
            result.update(self._run_module(options, task_vars, is_async))
            return result
        host = str((task_vars or {}).get("inventory_hostname", ""))
        with _shown_progress(host) as path:
            result.update(self._run_module({**options, "progress_path": path}, task_vars, False))
        invocation = result.get("invocation", {}).get("module_args", {})
        invocation.pop("progress_path", None)
        return result

    def _run_module(
        self, options: dict[str, Any], task_vars: Mapping[str, Any] | None, is_async: bool
    ) -> dict[str, Any]:
        result: dict[str, Any] = self._execute_module(
            module_name=self._task.action, module_args=options, task_vars=task_vars, wrap_async=is_async
        )
        return result


@contextmanager
def _shown_progress(host: str) -> Iterator[str]:
    """Yields the path of a file whose lines are displayed as they come."""
    handle, path = tempfile.mkstemp(prefix="progress-", dir=constants.DEFAULT_LOCAL_TMP)
    ended = threading.Event()

    def show() -> None:
        with os.fdopen(handle, encoding="utf-8") as file:
            while not ended.wait(INTERVAL):
                for line in file:
                    # The standard output has the results, which other programs may read.
                    Display().display(f"progress: [{host}] {line.rstrip()}", color=constants.COLOR_DEBUG, stderr=True)

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield path
    finally:
        ended.set()
        thread.join()
        os.unlink(path)
