# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules and the inventory plugin in the test's process, where a whole ansible-playbook would take seconds."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.module_utils import basic
from ansible.module_utils.testing import patch_module_args
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader, inventory_loader

from tests.emulator.testing import Emulator

from .scene import REGION

COLLECTION = "wellarchitected.sharing"
#: runs a module or plugin with these credentials and options: the message that it failed with, or None
Perform = Callable[[Mapping[str, str], str, Mapping[str, Any]], "str | None"]


class _Exit(BaseException):
    """A module's end. No ``except Exception`` may catch it, as none catches the real one."""


def _exit_json(_module: Any, **_result: Any) -> None:
    raise _Exit(None)


def _fail_json(_module: Any, msg: str, **_result: Any) -> None:
    raise _Exit(msg)


@cache
def _find_collections(path: Path) -> None:
    init_plugin_loader([str(path)])


def prepare(emulator: Emulator, collections: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Perform:
    """What runs a module, or the inventory plugin, as the holder of credentials."""
    _find_collections(collections)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setattr(basic.AnsibleModule, "exit_json", _exit_json)
    monkeypatch.setattr(basic.AnsibleModule, "fail_json", _fail_json)
    monkeypatch.setattr(basic.AnsibleModule, "_log_invocation", lambda _module: None)
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda _module, _warning, **_more: None)

    def perform(credentials: Mapping[str, str], name: str, options: Mapping[str, Any]) -> str | None:
        names = {key: key.removeprefix("aws_").removesuffix("_id") for key in credentials}
        given = {names[key].replace("secret_access", "secret"): value for key, value in credentials.items()}
        run_it = _read_inventory if name == "organization_accounts" else _run
        return run_it(folder, name, {**given, **options})

    return perform


def _run(folder: Path, name: str, options: Mapping[str, Any]) -> str | None:
    module = importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.modules.{name}")
    internal = {"_ansible_remote_tmp": str(folder), "_ansible_keep_remote_files": False}
    with patch_module_args({**options, **internal}), pytest.raises(_Exit) as ended:
        module.main()
    return ended.value.args[0]


def _read_inventory(folder: Path, name: str, options: Mapping[str, Any]) -> str | None:
    path = folder / f"{name}.yml"
    path.write_text(json.dumps({"plugin": f"{COLLECTION}.{name}", **options}), encoding="utf-8")
    try:
        inventory_loader.get(f"{COLLECTION}.{name}").parse(InventoryData(), DataLoader(), str(path))
    except AnsibleError as error:
        return str(error)
    return None
