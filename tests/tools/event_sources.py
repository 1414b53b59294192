# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpack amazon.aws with its event sources into a folder.

Usage: python tests/tools/event_sources.py FOLDER, by `make events`. FOLDER becomes a collections path.

The event sources came with amazon.aws 11, which is in ansible 14, which is for Python 3.12 and newer. Its wheel can be
unpacked on any.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ANSIBLE = "ansible>=14,<15"
COLLECTION = "ansible_collections/amazon/aws/"


def unpack(folder: Path) -> None:
    """Download the wheel, and take amazon.aws out of it."""
    with tempfile.TemporaryDirectory() as download:
        options = ["--quiet", "--no-deps", "--only-binary=:all:", "--python-version=3.12", "--dest", download]
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", *options, ANSIBLE]
        subprocess.run(command, check=True)
        with zipfile.ZipFile(next(Path(download).glob("*.whl"))) as wheel:
            wheel.extractall(folder, [name for name in wheel.namelist() if name.startswith(COLLECTION)])


if __name__ == "__main__":
    unpack(Path(sys.argv[1]))
