# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""The files of a report: what they say, what would change on disk, and writing them whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...module_utils._model.invalid_input import InvalidInput
from .csv_text import csv_text
from .page import page


@dataclass(frozen=True)
class Paths:
    """Where the files of a report are, absolute and without links."""

    page: str
    csv: str
    json: str


@dataclass(frozen=True)
class File:
    """A file as it is to be, beside what there is now."""

    path: str
    content: bytes
    mode: int
    content_before: bytes | None
    """None: there is no such file."""
    mode_before: int | None

    @property
    def changed(self) -> bool:
        return (self.content, self.mode) != (self.content_before, self.mode_before)


def paths_of(page: str, csv: str | None = None, json: str | None = None) -> Paths:
    """The files' paths: the page's, and those of the others or, if not given, beside the page as .csv and .json.

    Raises InvalidInput for a folder that is not there, for a folder in place of a file, and for one file named twice.
    """
    beside = os.path.splitext(page)[0]
    paths = [os.path.realpath(path) for path in (page, csv or f"{beside}.csv", json or f"{beside}.json")]
    faults = [fault for path in dict.fromkeys(paths) for fault in _faults_of(path)]
    if len(set(paths)) < len(paths):
        faults.append(f"page, CSV and JSON need three files, not {', '.join(paths)}")
    if faults:
        raise InvalidInput(faults)
    return Paths(*paths)


def path_of(given: str) -> str:
    """The path of one file to write, absolute and without links. Raises InvalidInput where it cannot be written."""
    path = os.path.realpath(os.path.expanduser(given))
    faults = _faults_of(path)
    if faults:
        raise InvalidInput(faults)
    return path


def _faults_of(path: str) -> list[str]:
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        return [f"cannot write {path}: there is no folder {folder}. Make it first"]
    if os.path.exists(path) and not os.path.isfile(path):
        return [f"cannot write {path}: it is not a file"]
    return []


def text_before(path: str, must_be: bool = False) -> str:
    """The text of the file, or nothing where there is none. What is no UTF-8 comes as other characters.

    ``must_be``: raise FileNotFoundError where there is none.
    """
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        if must_be:
            raise
        return ""


def files_of(report: Mapping[str, Any], paths: Paths, mode: int) -> list[File]:
    """The page, the CSV and the JSON file of ``report``, each beside what there is now."""
    texts = {
        paths.page: page(report),
        paths.csv: csv_text(report),
        paths.json: json.dumps(report, indent=1, ensure_ascii=False) + "\n",
    }
    return [_file(path, text, mode) for path, text in texts.items()]


def _file(path: str, text: str, mode: int) -> File:
    # Half of a surrogate pair has no UTF-8; JSON reads the escape as what it was.
    content = text.encode("utf-8", errors="backslashreplace")
    try:
        with open(path, "rb") as there:
            return File(path, content, mode, there.read(), stat.S_IMODE(os.fstat(there.fileno()).st_mode))
    except FileNotFoundError:
        return File(path, content, mode, None, None)


def write(files: Sequence[File]) -> None:
    """Put the files in place. Each is written beside its place first: no reader ever sees a part of one, and where one
    cannot be written, for want of space or rights, none is replaced. Raises OSError."""
    written: list[tuple[str, str]] = []
    try:
        for file in files:
            written.append((_written_beside(file), file.path))
        for beside, path in written:
            os.replace(beside, path)
    finally:
        for beside, _path in written:
            with suppress(FileNotFoundError):
                os.unlink(beside)


def _written_beside(file: File) -> str:
    # Only the owner can read it from the first byte on, whatever the umask.
    number, beside = tempfile.mkstemp(dir=os.path.dirname(file.path), prefix=".wa_share-")
    try:
        with open(number, "wb") as open_file:
            open_file.write(file.content)
        os.chmod(beside, file.mode)
    except BaseException:
        os.unlink(beside)
        raise
    return beside
