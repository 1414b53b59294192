# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run ansible-test on a fresh copy of the collection, with the Python that runs this.

Usage: python tests/tools/ansible_test.py integration|sanity [ARGUMENT...]

The arguments go to ansible-test. `sanity` runs on what the archive has, as Automation Hub does on upload. With the one
argument `every-python`, compile and import also run on each other Python of this machine. `integration` starts the
local Well-Architected endpoint; targets find its URL in the variable `wa_endpoint_url`. The exit code is that of
ansible-test.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from archive import unpacked_tree
from endpoint import endpoint
from matrix import pythons

from collection_tree import CACHE, ROOT, WITHOUT_GIT, collection_tree

BIN = Path(sys.prefix, "bin")
# ansible-test looks for its programs in PATH.
ENVIRONMENT = {**WITHOUT_GIT, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}

# Stands in for pip's bootstrap script, which ansible-test downloads for the virtual environments of its sanity tests.
GET_PIP = '''\
"""Written by the tests of wellarchitected.sharing in place of get-pip.py: installs the pip that Python includes.

Nothing is compiled, which takes long in ten environments of which little is used. The option no-compile takes "no".
"""

import ensurepip
import pathlib
import subprocess
import sys
import sysconfig
import zipfile

pathlib.Path(sys.prefix, "pip.conf").write_text("[install]\\nno-compile = no\\n")
folders = [getattr(ensurepip, "_WHEEL_PKG_DIR", None), pathlib.Path(ensurepip.__file__).with_name("_bundled")]
wheels = [wheel for folder in folders if folder for wheel in sorted(pathlib.Path(folder).glob("pip-*.whl"))]
if wheels:
    zipfile.ZipFile(wheels[0]).extractall(sysconfig.get_path("purelib"))
else:
    subprocess.run([sys.executable, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
arguments = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
sys.exit(subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *arguments]).returncode)
'''


def command_line(command: str, arguments: list[str]) -> list[str]:
    """Return the ansible-test command, with this Python unless the arguments name one."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    python = [] if "--python" in arguments else ["--python", version]
    return [f"{BIN}/ansible-test", command, *python, "--color", "no", *arguments]


def ansible_test(command: str, arguments: list[str], tree: Path) -> int:
    """Run ansible-test in the collection's folder and return its exit code.

    It has a process group of its own, so that all it started can be stopped when this is stopped.
    """
    with subprocess.Popen(
        command_line(command, arguments), cwd=tree, env=ENVIRONMENT, stdin=subprocess.DEVNULL, process_group=0
    ) as process:
        try:
            return process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            raise


def ansible_test_quietly(command: str, arguments: list[str], tree: Path) -> tuple[int, str]:
    """Run ansible-test in the collection's folder and return its exit code and what it printed."""
    done = subprocess.run(
        command_line(command, arguments),
        cwd=tree,
        env=ENVIRONMENT,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def prepare_sanity(tree: Path, arguments: list[str]) -> list[str]:
    """Make the virtual environments of the sanity tests, where there are none yet. Return arguments for the tests.

    They want pip's bootstrap script. Where it cannot be downloaded, ansible-test says which file to put in its place.
    """
    exit_code, output = ansible_test_quietly("sanity", ["--prime-venvs", *arguments], tree)
    # One script for the newest Pythons, and others for older ones.
    while exit_code and (wanted := re.search(r"script can be manually downloaded and saved to: (\S+)", output)):
        bootstrap = Path(wanted.group(1))
        if bootstrap.exists():
            break
        bootstrap.parent.mkdir(parents=True, exist_ok=True)
        bootstrap.write_text(GET_PIP, encoding="utf-8")
        exit_code, output = ansible_test_quietly("sanity", ["--prime-venvs", *arguments], tree)
    # For Python 3.13, ansible-core installs a requirement of pylint from GitHub.
    if exit_code and "sanity.pylint" in output and "github.com" in output:
        print("GitHub cannot be reached: pylint is left out.", flush=True)
        skip = ["--skip-test", "pylint"]
        exit_code, output = ansible_test_quietly("sanity", ["--prime-venvs", *skip, *arguments], tree)
        arguments = [*skip, *arguments]
    if exit_code:
        sys.exit(f"{output}\nThe virtual environments of the sanity tests could not be made.")
    return arguments


def sanity(arguments: list[str]) -> int:
    """Run the sanity tests on what the archive has."""
    tree = unpacked_tree("sanity")
    prepared = prepare_sanity(tree, [])
    if arguments != ["every-python"]:
        return ansible_test("sanity", [*prepared, *arguments], tree)
    exit_codes = [ansible_test("sanity", prepared, tree)]
    others = {minor: python for minor, python in pythons().items() if minor != sys.version_info.minor}
    # ansible-test looks for Pythons in PATH.
    folders = dict.fromkeys(str(Path(python).parent) for python in others.values())
    ENVIRONMENT["PATH"] = os.pathsep.join([str(BIN), *folders, os.environ["PATH"]])
    for minor in others:
        one = ["--test", "compile", "--test", "import", "--python", f"3.{minor}"]
        prepare_sanity(tree, one)
        exit_codes.append(ansible_test("sanity", one, tree))
    return max(exit_codes)


def integration(arguments: list[str]) -> int:
    """Run the integration targets on the local endpoint."""
    sys.path.append(str(ROOT))
    from tests.emulator.testing import SECRET_KEY

    tree = collection_tree("integration")
    with endpoint(CACHE / "integration") as url:
        config = tree / "tests" / "integration" / "integration_config.yml"
        config.write_text(f"---\nwa_endpoint_url: {url}\nwa_secret_key: {SECRET_KEY}\n", encoding="utf-8")
        return ansible_test("integration", arguments, tree)


if __name__ == "__main__":
    # An exception, so that the processes that were started are stopped.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    signal.signal(signal.SIGHUP, lambda number, _frame: sys.exit(128 + number))
    sys.exit({"sanity": sanity, "integration": integration}[sys.argv[1]](sys.argv[2:]))
