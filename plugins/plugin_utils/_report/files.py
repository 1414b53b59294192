# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""The files of a report: their paths, what would change on disk, and writing them whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ...module_utils._errors import at, raise_if_any


@dataclass(frozen=True)
class File:
    """A file as it should be, beside what exists."""

    path: str
    content: bytes
    mode: int
    existing: tuple[bytes, int] | None
    """Content and mode; None: there is no such file."""

    @property
    def is_changed(self) -> bool:
        return (self.content, self.mode) != self.existing


def resolve_paths(paths: Mapping[str, str]) -> dict[str, str]:
    """Absolute paths of files to write, by option. The folders may be symbolic links, the files may not.

    Raises InvalidInput with every path that cannot be written, and where two are one file.
    """
    absolute = {option: _resolve(path) for option, path in paths.items()}
    errors: dict[str, str] = {}
    first: dict[str, str] = {}
    for option, path in absolute.items():
        other = first.setdefault(path, option)
        error = _explain(path) if other == option else f"{path} is also {other}. Use a file of its own for each."
        errors.setdefault(error, at(option, error))
    raise_if_any(path for error, path in errors.items() if error)
    return absolute


def _resolve(path: str) -> str:
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)


def _explain(path: str) -> str:
    """Why the file cannot be written; empty if it can."""
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        return f"The folder {folder} does not exist. Create it first."
    if os.path.islink(path):
        return f"{path} is a symbolic link. Remove it, or use another path."
    if os.path.exists(path) and not os.path.isfile(path):
        return f"{path} is not a file. Use another path."
    return ""


def read_existing(path: str) -> tuple[bytes, int] | None:
    """Content and mode of the file, None where there is none. Never follows a symbolic link."""
    try:
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW)) as file:
            return file.read(), stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    except FileNotFoundError:
        return None


def file_of(path: str, text: str, mode: int) -> File:
    """The file with this text, beside what exists."""
    # Half of a surrogate pair has no UTF-8; JSON reads the escape as what it was.
    return File(path, text.encode("utf-8", errors="backslashreplace"), mode, read_existing(path))


def write_files(files: Sequence[File]) -> None:
    """Puts the files in place, all or none. Each is written beside its place first, so that no reader sees a part of
    one, and replaces what is at its path, also a symbolic link. Raises OSError.
    """
    written: list[tuple[str, str]] = []
    try:
        for file in files:
            # Only its owner can read it from the first byte on, whatever the umask.
            number, beside = tempfile.mkstemp(dir=os.path.dirname(file.path), prefix=".wa_share-")
            written.append((beside, file.path))
            with open(number, "wb") as open_file:
                open_file.write(file.content)
            os.chmod(beside, file.mode)
        for beside, path in written:
            os.replace(beside, path)
    finally:
        for beside, _path in written:
            with suppress(FileNotFoundError):
                os.unlink(beside)
