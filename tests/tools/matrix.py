# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the unit and integration tests on every supported release of Ansible, from the oldest to the newest.

Usage: python tests/tools/matrix.py [RELEASE...], by `make matrix`. RELEASE is a major version of the `ansible` package.

Each release runs on one of the Pythons found on this machine (python3.X in PATH, or pyenv's) that it supports: the
oldest release on the oldest, every other one on the newest. Each has a virtual environment of its own, which stays.
What the tests print is in .cache/matrix. Ends with a line for each release; the exit code is 1 where one failed.
`requires_ansible` in meta/runtime.yml and the lower bound of amazon.aws in galaxy.yml stand on this.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from collection_tree import ROOT

LOGS = ROOT / ".cache" / "matrix"


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

    @property
    def oldest_python(self) -> int:
        """The oldest that is tested on: the tests' own code needs Python 3.11."""
        return max(self.oldest_controller, 11)


RELEASES = (
    Release(10, "2.17", 10, 12),
    Release(11, "2.18", 11, 13),
    Release(12, "2.19", 11, 13),
    Release(13, "2.20", 12, 14),
    Release(14, "2.21", 12, 14),
)

# Where the modules run, as tests/config.yml has it. The newest there is the newest of the controller.
OLDEST_TARGET = 9


def python(minor: int) -> str | None:
    """The Python 3 of this minor version on this machine, where there is one that runs."""
    name = f"python3.{minor}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    candidates = [shutil.which(name), *sorted(map(str, pyenv.glob(f"3.{minor}.*/bin/{name}")), reverse=True)]
    for candidate in filter(None, candidates):
        if subprocess.run([candidate, "-c", "import venv, ssl"], capture_output=True, check=False).returncode == 0:
            return candidate
    return None


def environment(release: Release, minor: int) -> Path:
    """The virtual environment of a release, made where there is none, and its Python."""
    folder = ROOT / f".venv-ansible{release.ansible}-py3{minor}"
    ready = folder / ".ready"
    if not ready.exists():
        script = ROOT / "tests" / "tools" / "virtual_environment.py"
        wanted = [ROOT / "tests" / "requirements-test.txt", f"ansible=={release.ansible}.*"]
        subprocess.run([python(minor) or "", script, folder, *wanted], check=True)
        ready.touch()
    return folder / "bin" / "python"


def versions(interpreter: Path) -> str:
    """The versions of what is tested, as one text."""
    script = (
        "import sysconfig, pathlib, ansible.release, platform, json;"
        "aws = pathlib.Path(sysconfig.get_path('purelib'), 'ansible_collections/amazon/aws/MANIFEST.json');"
        "aws = json.loads(aws.read_text())['collection_info']['version'];"
        "print(json.dumps([ansible.release.__version__, aws, platform.python_version()]))"
    )
    found = subprocess.run([interpreter, "-c", script], check=True, stdout=subprocess.PIPE, text=True).stdout
    core, aws, version = json.loads(found)
    return f"ansible-core {core}, amazon.aws {aws}, Python {version}"


def run(release: Release) -> str:
    """Run both kinds of tests on a release and return the line for the summary."""
    minors = [minor for minor in range(release.oldest_python, release.newest_python + 1) if python(minor)]
    if not minors:
        wanted = f"3.{release.oldest_python} to 3.{release.newest_python}"
        return f"skipped  ansible {release.ansible}: none of Python {wanted} is on this machine"
    interpreter = environment(release, minors[0] if release is RELEASES[0] else minors[-1])
    LOGS.mkdir(parents=True, exist_ok=True)
    failed = []
    for command in ("units", "integration"):
        log = LOGS / f"ansible{release.ansible}-{command}.log"
        with log.open("w", encoding="utf-8") as output:
            done = subprocess.run(
                [interpreter, ROOT / "tests" / "tools" / "ansible_test.py", command],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            failed.append(f"{command}: see {log.relative_to(ROOT)}")
    word = f"FAILED ({', '.join(failed)})" if failed else "passed"
    return f"{word}  ansible {release.ansible}: {versions(interpreter)}"


def main(asked: list[str]) -> int:
    lines = []
    for release in RELEASES:
        if not asked or str(release.ansible) in asked:
            print(f"ansible {release.ansible}…", flush=True)
            lines.append(run(release))
            print(lines[-1], flush=True)
    print("\n==== summary", *lines, sep="\n")
    return 1 if any(line.startswith("FAILED") for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
