# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A pytest plugin: the modules of the playbooks that tests run start in a process that has imported boto3 already.

Usage: python -m pytest -p warm_modules ..., with this folder in PYTHONPATH.

A module that Ansible packaged takes half a second of a processor before its first call, to import Python's, Ansible's
and botocore's code and to read botocore's data. Here a fork of one process that has done so runs it: the whole of it,
with its own arguments, environment, folder and streams. The collection's code is imported from the package, as ever.
And what one run has packaged is there for the next.
Not for `make integration`, `make matrix`, `make demo` and `make bench`: there modules start as a user's do.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HOOK = Path(__file__).with_name("warm")
SERVICES = ("wellarchitected", "sts", "organizations")


@pytest.fixture(scope="session", autouse=True)
def _warm_modules() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        command = [sys.executable, __file__, folder]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout
            assert server.stdout.readline() == "ready\n"
            patch.setenv("WARM_MODULES", folder)
            patch.setenv("PYTHONPATH", str(HOOK), prepend=os.pathsep)
            yield


def _load() -> None:
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
        text += connection.recv(left - len(text))
    return json.loads(text), streams


def _run(connection: socket.socket) -> int:
    """Become the process that the hook stands for, and return its exit code."""
    words, streams = _receive(connection)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.umask(words["umask"])
    os.chdir(words["folder"])
    os.environ.clear()
    os.environ.update(words["environment"])
    sys.argv = words["argv"]
    # Whoever kills the one that Ansible has started means this one.
    threading.Thread(target=lambda: connection.recv(1) or os._exit(1), daemon=True).start()
    code: int | str | None = 0
    try:
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


def _serve(folder: str) -> None:
    """Run a fork for each that connects, until whoever started this closes its input or ends."""
    _load()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for the forks.
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.join(folder, "socket"))
        listener.listen(64)
        print("ready", flush=True)
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            connection, _address = listener.accept()
            if os.fork():
                connection.close()
                continue
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            code = _run(connection)
            connection.sendall(bytes([code & 255]))
            os._exit(code & 255)


if __name__ == "__main__":
    _serve(sys.argv[1])
