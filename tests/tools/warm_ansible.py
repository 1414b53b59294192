# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A pytest plugin: playbooks that tests run, and their modules, start in processes that have imported what they need.

Usage: python -m pytest -p warm_ansible ..., with this folder in PYTHONPATH.

ansible-playbook takes half a second of a processor before its first task, and a module that Ansible packaged as much
before its first call: to import Python's, Ansible's and botocore's code, and to read what these come with. Here a fork
of a process that has done so runs it: the whole of it, with its own arguments, environment, folder and streams.
The collection's code is imported from where it is installed, or from the package, as ever. And what one run has
packaged is there for the next. Settings that Ansible reads while it is imported are the server's: where the environment
has one of them (sitecustomize.py lists them), Ansible starts as a user's does.
Not for `make integration`, `make matrix`, `make demo` and `make bench`: there modules start as a user's do.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

HOOK = Path(__file__).with_name("warm")
SERVICES = ("wellarchitected", "sts", "organizations")


# What every playbook loads.
PLUGINS = (
    *("cache.memory", "callback.default", "connection.local", "shell.sh", "strategy.linear", "vars.host_group_vars"),
    *("filter.core", "filter.encryption", "filter.mathstuff", "filter.urls", "filter.urlsplit"),
    *("inventory.auto", "inventory.host_list", "inventory.ini", "inventory.script", "inventory.toml", "inventory.yaml"),
    *("test.core", "test.files", "test.mathstuff", "test.uri"),
)


@pytest.fixture(scope="session", autouse=True)
def _warm_ansible() -> Iterator[None]:
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        _serving(folder, "modules"),
        _serving(folder, "playbooks"),
    ):
        patch.setenv("WARM_ANSIBLE", folder)
        patch.setenv("PYTHONPATH", str(HOOK), prepend=os.pathsep)
        yield


@contextlib.contextmanager
def _serving(folder: str, what: str) -> Iterator[None]:
    command = [sys.executable, __file__, folder, what]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment["ANSIBLE_LOCAL_TEMP"] = folder
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder, env=environment
    ) as server:
        assert server.stdout
        assert server.stdout.readline() == "ready\n"
        yield


def _load_for_playbooks() -> None:
    """Import what ansible-playbook imports, and read what it reads of its own."""
    import ansible.cli.playbook  # noqa: F401
    import yaml
    from ansible.config.manager import ConfigManager
    from ansible.executor import playbook_executor, task_executor  # noqa: F401
    from ansible.plugins import loader
    from ansible.utils.collection_loader import _collection_finder

    ConfigManager._read_config_yaml_file = _once(ConfigManager._read_config_yaml_file)
    _collection_finder._meta_yml_to_dict = _once(_collection_finder._meta_yml_to_dict)
    loader.yaml = SimpleNamespace(load=_once(yaml.load))
    for name in PLUGINS:
        plugin = importlib.import_module(f"ansible.plugins.{name}")
        of_kind = getattr(loader, f"{name.partition('.')[0]}_loader")
        of_kind._load_config_defs(f"ansible.builtin.{name.partition('.')[2]}", plugin, plugin.__file__)
    runtime = pkgutil.get_data("ansible.config", "ansible_builtin_runtime.yml")
    _collection_finder._meta_yml_to_dict(runtime, ("ansible.builtin", "runtime.yml"))
    _begin_playbook()


def _once(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which remembers its answers. A fork may change them: they are its own."""
    answers: dict[Any, Any] = {}

    def once(*arguments: Any, **named: Any) -> Any:
        key = repr((arguments[-2:], named))
        if key not in answers:
            answers[key] = function(*arguments, **named)
        return answers[key]

    return once


def _begin_playbook() -> None:
    """Read the settings anew, from the environment and folder that a fork has now."""
    from ansible import constants
    from ansible.plugins import loader
    from ansible.utils import color
    from ansible.utils.display import Display

    old = {id(value): name for name, value in vars(constants).items() if isinstance(value, list)}
    configured = [one for one in vars(loader).values() if isinstance(one, loader.PluginLoader)]
    constants.config.__init__()  # type: ignore[misc]
    for name in constants.config.get_configuration_definitions():
        constants.set_constant(name, constants.config.get_config_value(name, variables=vars(constants)))
    for one in configured:
        if id(one.config) in old:
            one.config = getattr(constants, old[id(one.config)])
    importlib.reload(color)
    Display.__init__(Display())


def _load_for_modules() -> None:
    """Import what modules import of others, and read what they read."""
    import ansible.module_utils.basic  # noqa: F401
    import boto3.session
    import botocore_once

    botocore_once.remember()
    session = boto3.session.Session(aws_access_key_id="none", aws_secret_access_key="none", region_name="us-east-1")
    for service in SERVICES:
        session.client(service)
    session.get_available_regions(SERVICES[0])


def _receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """What the hook has sent: a process's words, and its three streams."""
    size, streams, _flags, _address = socket.recv_fds(connection, 4, 3)
    left = int.from_bytes(size, "big")
    text = b""
    while len(text) < left:
        text += connection.recv(left - len(text)) or os._exit(1)
    return json.loads(text), streams


def _run(connection: socket.socket, begin: Callable[[], None]) -> int:
    """Become the process that the hook stands for, and return its exit code."""
    words, streams = _receive(connection)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # The server's own know whether theirs can be sought in, and what was written to them.
    sys.stdin, sys.stdout = os.fdopen(0, closefd=False), os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    os.umask(words["umask"])
    os.chdir(words["folder"])
    os.environ.clear()
    os.environ.update(words["environment"])
    sys.argv = words["argv"]
    # Whoever kills the one that Ansible has started means this one.
    threading.Thread(target=lambda: connection.recv(1) or os._exit(1), daemon=True).start()
    code: int | str | None = 0
    try:
        begin()
        runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        traceback.print_exc()
        code = 1
    with contextlib.suppress(BrokenPipeError):
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    return code if isinstance(code, int) else 1 if code else 0


def _serve(folder: str, what: str) -> None:
    """Run a fork for each that connects, until whoever started this closes its input or ends."""
    load, begin = WARM[what]
    load()
    sys.path.remove(str(Path(__file__).parent))
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for the forks.
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.join(folder, what))
        listener.listen(64)
        print("ready", flush=True)
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            connection, _address = listener.accept()
            if os.fork():
                connection.close()
                continue
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            code = _run(connection, begin)
            connection.sendall(bytes([code & 255]))
            os._exit(code & 255)


WARM = {
    "modules": (_load_for_modules, lambda: None),
    "playbooks": (_load_for_playbooks, _begin_playbook),
}

if __name__ == "__main__":
    _serve(*sys.argv[1:])
