# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the tests on every supported release of Ansible, from the oldest to the newest, and on the floors themselves.

Usage: python tests/tools/matrix.py [RELEASE...], by `make matrix`. RELEASE is a major version of the `ansible` package,
or `floors`.

Each release runs units, integration targets, sanity, and every playbook and role as automation controller runs them,
on one of the Pythons found on this machine that it supports: the floors on the oldest, every other release on the
newest. Sanity uses all Pythons found. Each release has a virtual environment of its own, which stays. The output of the
tests is in .cache/matrix. The last lines are one for each release; the exit code is 1 where one failed.
`requires_ansible` in meta/runtime.yml, the lower bound of amazon.aws in galaxy.yml and those in requirements.txt are
what the floors test.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from collection_tree import ROOT

LOGS = ROOT / ".cache" / "matrix"
# What runs on each: ansible-test for integration and sanity, pytest for the others.
PARTS = ("units", "integration", "sanity", "runner")
# The lower bounds that the collection declares, with the amazon.aws of the `ansible` package: 9.0.0 is in 11.0.0.
FLOORS = ("ansible==11.0.0", "ansible-core==2.18.0", "boto3==1.34.85", "botocore==1.34.85")


@dataclass(frozen=True)
class Release:
    """A release of the `ansible` package, which has amazon.aws in it, and the minor versions of Python 3 for it.

    Source: the support matrix of ansible-core for control nodes, as in its ansible-test (CONTROLLER_PYTHON_VERSIONS in
    _util/target/common/constants.py).
    """

    ansible: int
    core: str
    oldest_controller: int
    newest_python: int
    packages: tuple[str, ...] = ()
    """What to install, where it is not the newest `ansible` of this major version."""


RELEASES = (
    Release(11, "2.18", 11, 13),
    Release(12, "2.19", 11, 13),
    Release(13, "2.20", 12, 14),
    Release(14, "2.21", 12, 14),
    # No final release yet.
    Release(15, "2.22", 13, 15, ("ansible>=15.0.0a1,<16", "ansible-core>=2.22.0b1,<2.23")),
)

# Where the modules run, as tests/config.yml has it. The newest there is the newest of the control node.
OLDEST_TARGET = 9


@cache
def pythons() -> dict[int, str]:
    """The Pythons 3 on this machine that run, in PATH or pyenv's: {minor version: path}."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found = {}
    for minor in range(OLDEST_TARGET, RELEASES[-1].newest_python + 1):
        installed = sorted(map(str, versions.glob(f"3.{minor}.*/bin/python3.{minor}")), reverse=True)
        for candidate in filter(None, [*installed, shutil.which(f"python3.{minor}")]):
            if subprocess.run([candidate, "-c", "import venv, ssl"], capture_output=True, check=False).returncode == 0:
                found[minor] = candidate
                break
    return found


def environment(name: str, release: Release, minor: int) -> Path:
    """The Python of a release's virtual environment, which is made where there is none."""
    folder = ROOT / f".venv-{name}-py3{minor}"
    ready = folder / ".ready"
    if not ready.exists():
        script = ROOT / "tests" / "tools" / "virtual_environment.py"
        wanted = release.packages or (f"ansible=={release.ansible}.*",)
        requirements = ROOT / "tests" / "requirements-test.txt"
        subprocess.run([pythons()[minor], script, folder, requirements, "ansible-runner>=2.4", *wanted], check=True)
        ready.touch()
    return folder / "bin" / "python"


def versions(interpreter: Path) -> str:
    """The versions of what is tested, as one text."""
    script = (
        "import sysconfig, pathlib, ansible.release, platform, json, botocore;"
        "aws = pathlib.Path(sysconfig.get_path('purelib'), 'ansible_collections/amazon/aws/MANIFEST.json');"
        "aws = json.loads(aws.read_text())['collection_info']['version'];"
        "print(json.dumps([ansible.release.__version__, aws, botocore.__version__, platform.python_version()]))"
    )
    found = subprocess.run([interpreter, "-c", script], check=True, stdout=subprocess.PIPE, text=True).stdout
    core, aws, botocore, version = json.loads(found)
    return f"ansible-core {core}, amazon.aws {aws}, botocore {botocore}, Python {version}"


def command_line(part: str, interpreter: Path, name: str) -> list[str | Path]:
    """The command that runs a part of the tests."""
    if part in ("units", "runner"):
        folder = {"units": "tests/unit", "runner": "tests/runner"}[part]
        # The tests of the endpoint compare it with the newest botocore and AWS CLI.
        ignored = ["--ignore=tests/unit/emulator"] if name == "floors" else []
        return [interpreter, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *ignored, folder]
    more = ["every-python"] if part == "sanity" else []
    return [interpreter, ROOT / "tests" / "tools" / "ansible_test.py", part, *more]


def folder_of(part: str, interpreter: Path) -> Path:
    """Where a part's command runs."""
    if part != "units":
        return ROOT
    command = [interpreter, ROOT / "tests" / "tools" / "collection_tree.py", part]
    return Path(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip())


def run(name: str, release: Release, minor: int) -> str:
    """Run all parts on a release and return the line for the summary."""
    interpreter = environment(name, release, minor)
    LOGS.mkdir(parents=True, exist_ok=True)
    failed = []
    for part in PARTS:
        log = LOGS / f"{name}-{part}.log"
        with log.open("w", encoding="utf-8") as output:
            done = subprocess.run(
                command_line(part, interpreter, name),
                cwd=folder_of(part, interpreter),
                # In the folder of an ansible-test run, its name would be that of tests/tools/ansible_test.py.
                env={**os.environ, **({"PYTHONPATH": "tests/tools"} if part in ("units", "runner") else {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            failed.append(f"{part}: see {log.relative_to(ROOT)}")
    word = f"FAILED ({', '.join(failed)})" if failed else "passed"
    return f"{word}  {name}: {versions(interpreter)}"


def runs() -> dict[str, Release]:
    """What can be asked for, by name."""
    return {"floors": replace(RELEASES[0], packages=FLOORS), **{f"ansible{each.ansible}": each for each in RELEASES}}


def main(asked: list[str]) -> int:
    lines = []
    for name, release in runs().items():
        if asked and name.removeprefix("ansible") not in asked:
            continue
        print(f"{name}…", flush=True)
        supported = [each for each in pythons() if release.oldest_controller <= each <= release.newest_python]
        if supported:
            lines.append(run(name, release, min(supported) if name == "floors" else max(supported)))
        else:
            needed = f"3.{release.oldest_controller} to 3.{release.newest_python}"
            lines.append(f"skipped  {name}: none of Python {needed} is on this machine")
        print(lines[-1], flush=True)
    print("\n==== summary", *lines, sep="\n")
    return 1 if any(line.startswith("FAILED") for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
