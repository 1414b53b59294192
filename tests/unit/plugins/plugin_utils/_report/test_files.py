# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files: where they are, what would change, and that they are written whole and for their owner only."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report import files as files_module
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.files import (
    File,
    Paths,
    files_of,
    paths_of,
    text_before,
    write,
)

from .names import NAMES, report_named_all_over, report_of_name


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_csv_and_json_are_beside_the_page_unless_given(tmp_path: Path) -> None:
    page = str(tmp_path / "a.b.html")
    assert paths_of(page) == Paths(page, str(tmp_path / "a.b.csv"), str(tmp_path / "a.b.json"))
    assert paths_of(page, csv=str(tmp_path / "c")).csv == str(tmp_path / "c")
    assert paths_of(page, json=str(tmp_path / "j")).json == str(tmp_path / "j")


def test_a_relative_path_starts_at_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths_of("a.html").page == str(tmp_path.resolve() / "a.html")


def test_what_a_link_points_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to(tmp_path / "there.html")
    assert paths_of(str(tmp_path / "link.html"), "/tmp/a.csv", "/tmp/a.json").page == str(tmp_path / "there.html")


@pytest.mark.parametrize(
    ("page", "csv", "fault"),
    [
        ("nowhere/a.html", None, "there is no folder .*nowhere. Make it first"),
        ("folder.html", None, "folder.html: it is not a file"),
        ("a.html", "a.html", "need three files, not .*a.html, .*a.html, .*a.json"),
        ("a.csv", None, "need three files"),
    ],
)
def test_paths_that_cannot_be_are_refused(tmp_path: Path, page: str, csv: str | None, fault: str) -> None:
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(InvalidInput, match=fault):
        paths_of(str(tmp_path / page), csv and str(tmp_path / csv))


def test_text_before_is_nothing_where_there_is_no_file(tmp_path: Path) -> None:
    assert text_before(str(tmp_path / "none.json")) == ""
    (tmp_path / "some.json").write_bytes(b"\xff{}")
    assert text_before(str(tmp_path / "some.json")) == "\ufffd{}"


@pytest.mark.parametrize("name", [*NAMES, "half \ud83d of a pair"])
def test_the_json_file_is_the_whole_report(tmp_path: Path, name: str) -> None:
    report = report_named_all_over(name)
    json_file = files_of(report, paths_of(str(tmp_path / "a.html")), 0o600)[2]
    assert json.loads(json_file.content) == report


def test_json_has_letters_of_all_scripts_as_they_are(tmp_path: Path) -> None:
    json_file = files_of(report_of_name("Ünïcode"), paths_of(str(tmp_path / "a.html")), 0o600)[2]
    assert "Ünïcode" in json_file.content.decode()


@pytest.mark.parametrize("wanted", [0o600, 0o640, 0o444])
@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_files_have_their_mode_whatever_the_umask(tmp_path: Path, wanted: int, umask: int) -> None:
    before = os.umask(umask)
    try:
        write(files_of(report_of_name("a"), paths_of(str(tmp_path / "a.html")), wanted))
    finally:
        os.umask(before)
    assert {path.name: mode(path) for path in tmp_path.iterdir()} == dict.fromkeys(
        ("a.html", "a.csv", "a.json"), wanted
    )


def test_nobody_else_can_read_a_file_while_it_is_being_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    chmod = os.chmod

    def look_first(path: str, new_mode: int) -> None:
        seen.append(mode(Path(path)))
        chmod(path, new_mode)

    monkeypatch.setattr(files_module.os, "chmod", look_first)
    write(files_of(report_of_name("a"), paths_of(str(tmp_path / "a.html")), 0o644))
    assert seen == [0o600] * 3


def test_a_file_changes_with_its_content_or_its_mode(tmp_path: Path) -> None:
    paths = paths_of(str(tmp_path / "a.html"))

    def changed(name: str, new_mode: int) -> list[bool]:
        return [file.changed for file in files_of(report_of_name(name, "FAILED"), paths, new_mode)]

    assert changed("a", 0o600) == [True, True, True]
    write(files_of(report_of_name("a", "FAILED"), paths, 0o600))
    assert changed("a", 0o600) == [False, False, False]
    assert changed("a", 0o640) == [True, True, True]
    assert changed("b", 0o600) == [True, True, True]
    (tmp_path / "a.csv").unlink()
    assert changed("a", 0o600) == [False, True, False]


def test_where_one_file_cannot_be_written_none_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("before")
    good, bad = (
        File(str(tmp_path / path), b"after", 0o600, b"before", 0o600) for path in ("a", os.path.join("gone", "b"))
    )
    with pytest.raises(OSError, match="gone"):
        write([good, bad])
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "before"}


def test_a_reader_who_has_the_file_open_reads_the_whole_of_what_was(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("before")
    with path.open() as reader:
        write([File(str(path), b"after", 0o600, b"before", 0o644)])
        assert reader.read() == "before"
    assert path.read_text() == "after"


def test_nothing_is_left_of_a_file_that_could_not_be_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: str, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(files_module.os, "chmod", refuse)
    with pytest.raises(PermissionError):
        write([File(str(tmp_path / "a"), b"", 0o600, None, None)])
    assert list(tmp_path.iterdir()) == []
