# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One endpoint, in the process of the tests, and Ansible's real programs pointed at it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.emulator.testing import Emulator

from .documents import ROOT
from .in_process import Perform, prepare
from .scene import REGION, write_profiles

sys.path.insert(0, str(ROOT / "tests" / "tools"))

from collection_tree import collection_tree

TIMEOUT = 400  # seconds for one command

Run = Callable[..., str]


@pytest.fixture(scope="session")
def _running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(_running: Emulator) -> Emulator:
    """The endpoint, empty."""
    _running.reset()
    return _running


@pytest.fixture(scope="session")
def collections() -> Path:
    """Where Ansible finds the collection as it is now."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return collection_tree(f"examples{worker}").parents[2]


@pytest.fixture
def run(emulator: Emulator, collections: Path, tmp_path: Path) -> Run:
    """Runs a command in the test's folder with the credentials of the owner, or of ``account``, and with ``more``
    environment variables. Returns its output.

    The test fails where the command does, and where it warns.
    """
    home = tmp_path / "home"
    home.mkdir()
    write_profiles(emulator, home)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_"))}
    environment = {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_REGION": REGION,
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
    }

    def run_one(
        words: Sequence[str],
        where: str,
        account: str | None = None,
        may_fail: bool = False,
        more: Mapping[str, str] | None = None,
    ) -> str:
        done = subprocess.run(
            words,
            cwd=tmp_path,
            env={**environment, **(keys(emulator, account) if account else {}), **(more or {})},
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT,
        )
        assert done.returncode == 0 or may_fail, f"{where}: {' '.join(words)} failed\n{done.stdout}"
        assert "[WARNING]" not in done.stdout, f"{where}: {' '.join(words)} warned\n{done.stdout}"
        assert "[DEPRECATION WARNING]" not in done.stdout, f"{where}: {' '.join(words)} warned\n{done.stdout}"
        return done.stdout

    return run_one


def keys(emulator: Emulator, account: str | None) -> Mapping[str, str]:
    """The environment variables with the credentials of an account."""
    return {name.upper(): value for name, value in emulator.credentials(account).items()}


@pytest.fixture
def perform(emulator: Emulator, collections: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Perform:
    """Runs a module, or the inventory plugin, in this process, as the holder of credentials."""
    return prepare(emulator, collections, tmp_path, monkeypatch)
