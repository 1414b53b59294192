# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a new virtual environment with packages in it.

Usage: python tests/tools/virtual_environment.py FOLDER REQUIREMENT...

A REQUIREMENT is a file, or one of pip's requirement specifiers. uv installs them, in a third of pip's time. pip does it
where it is configured (uv reads none of pip's indexes), and where uv cannot be had. Needs nothing but Python.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

PIP = ("-m", "pip", "--disable-pip-version-check")
# Modules are compiled when they are first imported: most of the `ansible` package never is.
INSTALL = (*PIP, "install", "--quiet", "--no-compile")
# What says where pip finds packages, as `pip config list` names it: of a file, or of the environment.
INDEXES = ("index-url", "no-index")


def _index_is_configured(python: Path) -> bool:
    listed = subprocess.run([python, *PIP, "config", "list"], check=False, stdout=subprocess.PIPE, text=True).stdout
    names = [line.partition("=")[0].rpartition(".")[2] for line in listed.splitlines()]
    return any(name in INDEXES for name in names)


def _install_by_uv(python: Path, wanted: list[str]) -> bool:
    """Whether uv could be had, and installed what is wanted."""
    uv = python.with_name("uv")
    # One that fails says why when pip fails of the same.
    commands = ([python, *INSTALL, "uv"], [uv, "pip", "install", "--quiet", "--python", python, *wanted])
    return all(subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0 for command in commands)


def make(folder: Path, requirements: list[str]) -> Path:
    """Make the virtual environment and return its Python. Raises CalledProcessError where a package cannot be had."""
    print(
        f"Setting up {os.path.relpath(folder)}, once: a minute or less where packages come fast, and up to 0.9 GB.",
        file=sys.stderr,
        flush=True,
    )
    venv.create(folder, clear=True, with_pip=True, symlinks=True)
    python = folder.absolute() / "bin" / "python"
    wanted = [word for text in requirements for word in (("--requirement", text) if Path(text).is_file() else (text,))]
    if _index_is_configured(python) or not _install_by_uv(python, wanted):
        subprocess.run([python, *INSTALL, *wanted], check=True)
    return python


if __name__ == "__main__":
    try:
        make(Path(sys.argv[1]), sys.argv[2:])
    except subprocess.CalledProcessError as error:
        sys.exit(f"{sys.argv[1]} could not be made: exit code {error.returncode}")
