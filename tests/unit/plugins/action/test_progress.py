# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugins of long modules: they pass progress_path where they can watch the file, and no more."""

from __future__ import annotations

import importlib
import os
import time
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils import _progress

NAMES = ["wa_shares", "wa_share_drift_info", "wa_share_info", "wa_share_invitation"]


def run(name: str = "wa_shares", module: Any = None, **task: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The result of one task, and how the module was called. ``module``: a function of its options."""
    called: list[dict[str, Any]] = []
    action = f"wellarchitected.sharing.{name}"
    given = mock.Mock(args={"resources": []}, async_val=0, no_log=False, delegate_to=None, action=action)
    connection = mock.Mock(transport=task.pop("transport", "local"), has_native_async=task.pop("native", False))
    given.configure_mock(**task)
    plugins = "ansible_collections.wellarchitected.sharing.plugins.action"
    plugin = importlib.import_module(f"{plugins}.{name}").ActionModule
    ours = plugin(given, connection, mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock())

    def execute(_plugin: Any, **how: Any) -> dict[str, Any]:
        called.append(how)
        answer = module(how["module_args"]) if module else {}
        return {"changed": True, "invocation": {"module_args": dict(how["module_args"])}, **answer}

    with (
        mock.patch.object(ActionBase, "run", return_value={"from": "Ansible"}),
        mock.patch.object(ActionBase, "_execute_module", execute),
    ):
        return ours.run(task_vars={"inventory_hostname": "hub"}), called


@pytest.mark.parametrize("name", NAMES)
def test_the_module_runs_once_with_a_file_that_is_gone_afterwards(name: str) -> None:
    seen = []
    result, called = run(name, module=lambda options: seen.append(os.path.exists(options["progress_path"])) or {})
    (call,) = called
    assert seen == [True]
    assert not os.path.exists(call["module_args"]["progress_path"])
    assert call["module_name"] == f"wellarchitected.sharing.{name}"
    assert result == {"from": "Ansible", "changed": True, "invocation": {"module_args": {"resources": []}}}


@pytest.mark.parametrize(
    "task",
    [
        {"async_val": 600},
        {"no_log": True},
        {"transport": "ssh"},
        {"transport": "smart"},
        {"args": {"resources": [], "progress_path": "/mine"}},
    ],
    ids=str,
)
def test_nothing_is_watched_where_it_cannot_be_or_must_not(task: dict[str, Any]) -> None:
    result, (call,) = run(**task)
    assert call["module_args"].get("progress_path") == task.get("args", {}).get("progress_path")
    assert call["wrap_async"] == bool(task.get("async_val"))
    assert result["changed"]


def test_lines_are_displayed_with_the_host_and_beside_the_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_progress, "INTERVAL", 0.01)

    def module(options: dict[str, Any]) -> dict[str, Any]:
        with Path(options["progress_path"]).open("a", encoding="utf-8") as file:
            file.write("5 of 9 shares\n")
        shown, deadline = "", time.monotonic() + 60
        while "5 of 9" not in shown and time.monotonic() < deadline:
            time.sleep(0.01)
            shown += capsys.readouterr().err
        return {"shown": shown}

    shown = run(module=module)[0]["shown"]
    assert "[hub] 5 of 9 shares" in shown
    assert capsys.readouterr().out == ""


def test_a_module_that_breaks_leaves_no_file() -> None:
    paths = []

    def module(options: dict[str, Any]) -> dict[str, Any]:
        paths.append(options["progress_path"])
        raise KeyError("mine")

    with pytest.raises(KeyError):
        run(module=module)
    assert [path for path in paths if os.path.exists(path)] == []
