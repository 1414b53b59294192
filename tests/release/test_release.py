# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make release` on a temporary copy of the repository. `make importer` tests the import."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from addresses import LINK, MARK, WHOLE

from collection_tree import ROOT, WITHOUT_GIT, listed_files

REPOSITORY = "https://github.com/example-org/wellarchitected.sharing"
# The place of the address, empty or, once there is one, filled in.
PLACE = re.compile(r"^(# )?repository: .*\n", re.MULTILINE)
PERSON = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")


class Copy:
    """A copy of the repository with a history of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path in listed_files():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, folder / path, follow_symlinks=False)
        self.git("init", "--quiet")

    def git(self, *arguments: str) -> str:
        command = ["git", *PERSON, *arguments]
        done = subprocess.run(command, cwd=self.folder, env=WITHOUT_GIT, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def text(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def set_repository(self, repository: str) -> None:
        text, places = PLACE.subn(f"repository: {repository}\n", self.text("galaxy.yml"))
        assert places == 1
        (self.folder / "galaxy.yml").write_text(text, encoding="utf-8")

    def add_fragment(self) -> None:
        """After a release there are none."""
        (self.folder / "changelogs" / "fragments").mkdir(exist_ok=True)
        fragment = self.folder / "changelogs" / "fragments" / "test.yml"
        fragment.write_text("bugfixes:\n  - a test has added this.\n", encoding="utf-8")

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "The state to release")

    def release(self, version: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "tests/tools/release.py", version],
            cwd=self.folder,
            env={name: value for name, value in WITHOUT_GIT.items() if name != "PYTHONPATH"},
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy that can be released. No test changes it."""
    copy = Copy(tmp_path_factory.mktemp("release") / "ready")
    copy.set_repository(REPOSITORY)
    copy.add_fragment()
    copy.commit()
    return copy


@pytest.fixture
def copy(ready: Copy, tmp_path: Path) -> Copy:
    """A copy of that copy, to change."""
    mine = object.__new__(Copy)
    mine.folder = tmp_path / "copy"
    shutil.copytree(ready.folder, mine.folder, symlinks=True)
    return mine


def test_a_release_is_prepared_and_the_manual_steps_are_printed(copy: Copy) -> None:
    before = copy.text("galaxy.yml")
    done = copy.release("9.0.0")

    assert done.returncode == 0, done.stdout
    assert copy.text("galaxy.yml") == re.sub(r"(?m)^version: .*", "version: 9.0.0", before)
    assert "\nv9.0.0\n======\n" in copy.text("CHANGELOG.rst")
    assert not list((copy.folder / "changelogs" / "fragments").glob("*.yml"))
    assert "build/wellarchitected-sharing-9.0.0.tar.gz" in copy.text("README.md")
    assert not copy.git("tag", "--list")
    assert copy.git("log", "--format=%s").splitlines() == ["The state to release"]
    for step in (
        "git commit",
        f"{REPOSITORY}/actions",
        "git tag --annotate 9.0.0",
        "ansible-galaxy collection publish",
    ):
        assert step in done.stdout
    check_archive(copy.folder / "build" / "wellarchitected-sharing-9.0.0.tar.gz", done.stdout)


def check_archive(archive: Path, output: str) -> None:
    """The archive has the addresses wherever it is read without the repository."""
    with tarfile.open(archive) as tar:
        names = tar.getnames()
        read = {
            name: (tar.extractfile(name) or pytest.fail(name)).read().decode()
            for name in names
            if name.endswith((".md", "MANIFEST.json", "links.yml"))
        }
    manifest = json.loads(read["MANIFEST.json"])["collection_info"]
    assert (manifest["version"], manifest["repository"]) == ("9.0.0", REPOSITORY)
    assert manifest["issues"] == f"{REPOSITORY}/issues"
    assert not [name for name in names if name.split("/")[0] in (".github", "Makefile", "CONTRIBUTING.md")]
    assert not [name for name in names if any(part.startswith(".") for part in name.split("/"))]
    links = yaml.safe_load(read["docs/docsite/links.yml"])
    assert links["edit_on_github"]["repository"] == REPOSITORY.removeprefix("https://github.com/")
    assert links["communication"]["forums"]
    assert f"Report a vulnerability* (<{REPOSITORY}/security/advisories/new>)" in " ".join(read["SECURITY.md"].split())
    assert f"({REPOSITORY}/blob/9.0.0/CONTRIBUTING.md)" in read["README.md"]
    raw = REPOSITORY.replace("github.com", "raw.githubusercontent.com")
    assert f"({raw}/9.0.0/docs/images/report-10.png)" in read["README.md"]
    shown = [name for name in read if name in ("README.md", "SECURITY.md") or name.startswith("roles/")]
    assert len(shown) > 3
    for name in shown:
        assert not MARK.search(read[name]), name
        assert [link[0] for link in LINK.finditer(read[name]) if not link["target"].startswith(WHOLE)] == [], name
    assert "SHA-256" in output


Change = Callable[[Copy], object]


def without_fragments(copy: Copy) -> None:
    shutil.rmtree(copy.folder / "changelogs" / "fragments")
    copy.commit()


def without_repository(copy: Copy) -> None:
    galaxy = copy.folder / "galaxy.yml"
    galaxy.write_text(copy.text("galaxy.yml").replace(f"repository: {REPOSITORY}\n", ""), encoding="utf-8")
    copy.commit()


def elsewhere(copy: Copy) -> None:
    galaxy = copy.folder / "galaxy.yml"
    galaxy.write_text(copy.text("galaxy.yml").replace(REPOSITORY, "git@example.com:a/b.git"), encoding="utf-8")


def dirty(copy: Copy) -> None:
    (copy.folder / "notes.txt").write_text("mine\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("version", "change", "message"),
    [
        ("", None, "VERSION: '' is not a valid version"),
        ("1.0", None, "VERSION: '1.0' is not a valid version"),
        ("v1.2.0", None, "VERSION: 'v1.2.0' is not a valid version"),
        ("01.2.0", None, "VERSION: '01.2.0' is not a valid version"),
        ("0.0.1", None, "VERSION: 0.0.1 is lower than the version in galaxy.yml"),
        ("9.1.0", lambda copy: copy.git("tag", "9.1.0"), "git has a tag 9.1.0 already"),
        ("9.1.0", lambda copy: copy.git("tag", "v9.1.0"), "git has a tag 9.1.0 already"),
        ("9.1.0", dirty, "The working tree has changes. Commit or remove:\n    ?? notes.txt"),
        ("9.1.0", without_fragments, "changelogs/fragments is empty"),
        ("9.1.0", without_repository, "galaxy.yml: `repository` is not set"),
        (
            "9.1.0",
            elsewhere,
            "galaxy.yml: `repository` is 'git@example.com:a/b.git', and has to be https://github.com/",
        ),
    ],
)
def test_a_release_is_refused(copy: Copy, version: str, change: Change | None, message: str) -> None:
    if change:
        change(copy)
    before = copy.git("status", "--porcelain")

    done = copy.release(version)

    assert done.returncode == 1
    assert done.stdout.startswith("Not released:\n")
    assert message in done.stdout
    assert copy.git("status", "--porcelain") == before
    assert not (copy.folder / "build").exists()


def test_all_errors_are_reported_together(copy: Copy) -> None:
    without_repository(copy)
    dirty(copy)
    done = copy.release("0.0.1")
    assert done.stdout.count("\n- ") == 3, done.stdout


def test_a_failure_on_the_way_changes_nothing(copy: Copy) -> None:
    """A broken link is found after the changelog was written on the copy."""
    (copy.folder / "SECURITY.md").write_text("[gone](gone.md)\n", encoding="utf-8")
    copy.commit()

    done = copy.release("9.0.0")

    assert done.returncode == 1
    assert "a link leads to gone.md, which is not there" in done.stdout
    assert copy.git("status", "--porcelain") == ""
    assert not (copy.folder / "build").exists()
