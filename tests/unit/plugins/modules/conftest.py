# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real modules, run in the test's process against the local endpoint. Nothing sleeps: time is moved."""

from __future__ import annotations

import importlib
import pkgutil
import threading
import time
import types
from collections.abc import Iterator
from typing import Any

import botocore.endpoint
import botocore.retries.bucket
import botocore.session
import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings as common_warnings
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import PASSED, Emulator

from .names import REGION
from .scenes import Exit, Result, Scene, patch_module_args

PLUGINS = "ansible_collections.wellarchitected.sharing.plugins"
#: the module utils that wait or warn
UTILS = tuple(
    importlib.import_module(f"{PLUGINS}.module_utils.{found.name}")
    for found in pkgutil.iter_modules(importlib.import_module(f"{PLUGINS}.module_utils").__path__)
)


class Clock:
    """The time as the modules and botocore's retries see it: a sleep takes none, and moves the service's clock too."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._lock = threading.Lock()
        self.slept: list[float] = []

    @property
    def moved(self) -> float:
        with self._lock:
            return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
        self._emulator.advance(seconds)

    def monotonic(self) -> float:
        return self.moved

    def time(self) -> float:
        return time.time() + self.moved


def _exit_json(_module: Any, **result: Any) -> None:
    raise Exit(result, failed=False)


def _fail_json(_module: Any, msg: str, **result: Any) -> None:
    raise Exit({**result, "msg": msg}, failed=True)


@pytest.fixture(scope="session")
def _botocore() -> Any:
    """botocore for the module utils, whose sessions share the service models that one of them read."""
    loader = botocore.session.get_session().get_component("data_loader")

    def get_session(*arguments: Any, **more: Any) -> Any:
        session = botocore.session.get_session(*arguments, **more)
        session.register_component("data_loader", loader)
        return session

    sessions = types.SimpleNamespace(**{**vars(botocore.session), "get_session": get_session})
    return types.SimpleNamespace(**{**vars(botocore), "session": sessions})


@pytest.fixture(scope="session")
def _running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(_running: Emulator) -> Emulator:
    _running.reset()
    return _running


@pytest.fixture
def clock(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Takes the place of time for the modules and for botocore's retries."""
    clock = Clock(emulator)
    stand_in = types.SimpleNamespace(sleep=clock.sleep, monotonic=clock.monotonic, time=clock.time)
    monkeypatch.setattr(botocore.endpoint, "time", stand_in)
    for util in UTILS:
        if getattr(util, "time", None) is time:
            monkeypatch.setattr(util, "time", stand_in)
    # The pace of the adaptive retries, which waits for real time to pass.
    monkeypatch.setattr(botocore.retries.bucket.TokenBucket, "acquire", lambda *_self, **_amount: True)
    return clock


@pytest.fixture
def scene(emulator: Emulator) -> Scene:
    return Scene(emulator)


@pytest.fixture
def run(emulator: Emulator, clock: Clock, _botocore: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """``run(module_name, check_mode=False, **options)``: runs a module as the owner, and returns its Result.

    ``without``: options that every run has, such as endpoint_url, left out. ``null``: options that are given as
    null. An option that is None is not given.
    """
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setattr(basic.AnsibleModule, "exit_json", _exit_json)
    monkeypatch.setattr(basic.AnsibleModule, "fail_json", _fail_json)
    monkeypatch.setattr(basic.AnsibleModule, "_log_invocation", lambda _module: None)
    warnings: list[str] = []
    monkeypatch.setattr(common_warnings, "warn", warnings.append)
    for util in UTILS:
        if getattr(util, "botocore", None) is botocore:
            monkeypatch.setattr(util, "botocore", _botocore)

    def run(
        name: str,
        /,
        check_mode: bool = False,
        without: tuple[str, ...] = (),
        null: tuple[str, ...] = (),
        **options: Any,
    ) -> Result:
        warnings.clear()
        module = importlib.import_module(f"{PLUGINS}.modules.{name}")
        arguments = {
            "region": REGION,
            "endpoint_url": emulator.url,
            "access_key": PASSED["aws_access_key_id"],
            "secret_key": PASSED["aws_secret_access_key"],
            **{option: value for option, value in options.items() if value is not None},
            **dict.fromkeys(null),
            "_ansible_check_mode": check_mode,
            "_ansible_diff": True,
            "_ansible_remote_tmp": "/tmp",
            "_ansible_keep_remote_files": False,
        }
        for option in without:
            arguments.pop(option, None)
        with patch_module_args(arguments), pytest.raises(Exit) as ended:
            module.main()
        result = Result(ended.value.result)
        result["warnings"] = list(warnings)
        return result

    return run
