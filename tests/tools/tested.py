# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remember which state of the files has passed `make test`, for `make release` to ask."""

from __future__ import annotations

import hashlib
import os

from collection_tree import ROOT, listed_files

NOTE = ROOT / ".cache" / "tested"


def fingerprint() -> str:
    """Return what stands for the paths, contents and modes of all files that git tracks, or would track."""
    whole = hashlib.sha256()
    for path in sorted(listed_files()):
        file = ROOT / path
        content = os.fsencode(os.readlink(file)) if file.is_symlink() else file.read_bytes()
        executable = os.access(file, os.X_OK)
        whole.update(f"{path}\0{executable}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()


def note(before: str) -> None:
    """Note that the present state passed every test, unless it is another than before the tests."""
    if fingerprint() == before:
        NOTE.parent.mkdir(exist_ok=True)
        NOTE.write_text(f"{before}\n", encoding="utf-8")


def has_passed() -> bool:
    """Return whether every test passed on the present state of the files."""
    return NOTE.is_file() and NOTE.read_text(encoding="utf-8").strip() == fingerprint()
