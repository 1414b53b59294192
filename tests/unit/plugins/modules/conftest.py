# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real modules, run in the test's process against the local endpoint. Nothing sleeps: time is moved."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import threading
import time
import types
from collections.abc import Iterator
from typing import Any
from unittest import mock

import boto3.session
import botocore.endpoint
import botocore.retries.bucket
import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings as common_warnings
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine import patience
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import SECRET_KEY, Emulator, session
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import MODULES, REGION, Result, Scene

try:
    from ansible.module_utils.testing import patch_module_args
except ImportError:  # ansible-core 2.17

    @contextlib.contextmanager
    def patch_module_args(args: dict[str, Any]) -> Iterator[None]:
        text = json.dumps({"ANSIBLE_MODULE_ARGS": args}).encode()
        with mock.patch.object(basic, "_ANSIBLE_ARGS", text):
            yield


with Emulator() as _emulator:
    for _client in (session().client, boto3.session.Session(profile_name=None).client):
        for _service in ("wellarchitected", "sts"):
            _client(_service, region_name=REGION, endpoint_url=_emulator.url)
    _emulator.client().list_workloads()
    _emulator.client("sts").get_caller_identity()
for _name in MODULES:
    importlib.import_module(f"ansible_collections.wellarchitected.sharing.plugins.modules.{_name}")
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)  # Each run of a module leaves cycles behind, and few of them take much room.


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


class Exit(BaseException):
    """A module's end. No ``except Exception`` may catch it, as none catches the real one."""

    def __init__(self, result: dict[str, Any], failed: bool) -> None:
        super().__init__(result)
        self.result = {**json.loads(json.dumps(result)), "failed": failed}


def _exit_json(_module: Any, **result: Any) -> None:
    raise Exit(result, failed=False)


def _fail_json(_module: Any, msg: str, **result: Any) -> None:
    raise Exit({**result, "msg": msg}, failed=True)


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
    monkeypatch.setattr(patience, "time", stand_in)
    # The pace of the adaptive retries, which waits for real time to pass.
    monkeypatch.setattr(botocore.retries.bucket.TokenBucket, "acquire", lambda *_self, **_amount: True)
    return clock


@pytest.fixture
def scene(emulator: Emulator) -> Scene:
    return Scene(emulator)


@pytest.fixture
def run(emulator: Emulator, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Any:
    """``run(module_name, check_mode=False, **options)``: runs a module as the owner, and returns its Result.

    ``without``: one of the options that every run has, such as endpoint_url, left out. ``null``: options that are
    given as null. An option that is None is not given.
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

    def run(
        name: str, /, check_mode: bool = False, without: str = "", null: tuple[str, ...] = (), **options: Any
    ) -> Result:
        warnings.clear()
        module = importlib.import_module(f"ansible_collections.wellarchitected.sharing.plugins.modules.{name}")
        arguments = {
            "region": REGION,
            "endpoint_url": emulator.url,
            "access_key": "test",
            "secret_key": SECRET_KEY,
            **{option: value for option, value in options.items() if value is not None},
            **dict.fromkeys(null),
            "_ansible_check_mode": check_mode,
            "_ansible_diff": True,
            "_ansible_remote_tmp": "/tmp",
            "_ansible_keep_remote_files": False,
        }
        arguments.pop(without, None)
        with patch_module_args(arguments), pytest.raises(Exit) as ended:
            module.main()
        result = Result(ended.value.result)
        result["warnings"] = list(warnings)
        return result

    return run
