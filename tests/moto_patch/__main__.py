# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write build/moto-VERSION-wellarchitected.patch, apply it to a copy of the installed moto, and run its tests there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import moto

from .listing import backend_index, backends, docs_page
from .service import ROOT, service_files
from .suite import FOLDER, test_files

BUILD = ROOT / "build"
COPY = BUILD / "moto"
ABOUT = """\
Add the AWS Well-Architected Tool: resources, shares and invitations

Made by `make moto-patch` of wellarchitected.sharing {version}, for moto {moto}.
Apply it with `git apply` or `patch -p1` in the root of moto's source.

SPDX-License-Identifier: GPL-3.0-or-later

What this change adds was written for wellarchitected.sharing and is licensed as
that is: GNU General Public License, version 3 or later, copyright by its
contributors. moto is licensed under Apache-2.0, so this can become part of moto
only when everyone who wrote it has agreed to license it under Apache-2.0 as well.
That nobody has put on record yet. moto's files have no notices of copyright, so
these have none: this text is to stay with the change until that is settled.

{stat}
"""


def _git(folder: Path, *arguments: str) -> str:
    plain = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**environment, **plain}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"git {arguments[0]} failed: {done.stderr}")
    return done.stdout


def _write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def difference(before: dict[str, str], after: dict[str, str]) -> tuple[str, str]:
    """What changes between two sets of files (text by path), as git writes it: a list of files, and the patch."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        _git(tree, "init", "--quiet")
        _write(tree, before)
        _git(tree, "add", "--all")
        tree_before = _git(tree, "write-tree").strip()
        _write(tree, after)
        _git(tree, "add", "--all")
        options = ("diff", "--cached", "--no-renames", tree_before)
        return _git(tree, *options, "--stat=80"), _git(tree, *options, "--full-index")


def changes(package: Path) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """The files of the moto in `package` that change, as they are; those and the new ones; the tests left out."""
    before = {
        f"moto/{name}": (package / name).read_text(encoding="utf-8") for name in ("backend_index.py", "backends.py")
    }
    service = service_files()
    tests, left_out = test_files()
    after = {
        "moto/backend_index.py": backend_index(before["moto/backend_index.py"]),
        "moto/backends.py": backends(before["moto/backends.py"]),
        "docs/docs/services/wellarchitected.rst": docs_page(service["moto/wellarchitected/models.py"]),
        **service,
        **tests,
    }
    return before, after, left_out


def main(arguments: list[str]) -> int:
    """Write, apply and test the change; `arguments` are pytest's. Returns pytest's exit code."""
    package = Path(moto.__file__).parent
    before, after, left_out = changes(package)
    stat, patch = difference(before, after)
    version = re.search(r"^version: (\S+)", (ROOT / "galaxy.yml").read_text(encoding="utf-8"), re.MULTILINE)
    about = ABOUT.format(version=version[1] if version else "", moto=moto.__version__, stat=stat.rstrip())
    BUILD.mkdir(exist_ok=True)
    written = BUILD / f"moto-{moto.__version__}-wellarchitected.patch"
    written.write_text(f"{about}\n{patch}", encoding="utf-8")
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(package, COPY / "moto", ignore=shutil.ignore_patterns("__pycache__"))
    _git(COPY, "apply", str(written))
    print(f"{written.relative_to(ROOT)}: {stat.splitlines()[-1].strip()}", flush=True)
    print(f"{len(left_out)} of the endpoint's functions need its switches, faults or seeds, and stay here.", flush=True)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={COPY}", FOLDER, *arguments],
        cwd=COPY,
        env={**os.environ, "PYTHONPATH": str(COPY), "AWS_DEFAULT_REGION": "us-east-1"},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
