# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepare a release, and print the steps that a person must do.

Usage: python tests/tools/release.py VERSION [--importer PYTHON], by `make release`. PYTHON has galaxy-importer.

The version, the changelog, the addresses, the archive and its import are made on a copy. Only when all steps succeed
are the version and the changelog written here, and the archive into build/. Nothing is committed, tagged or published.
The exit code is 1 where the release is refused. Nothing is changed then.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from addresses import Addresses, addresses, fill
from archive import build
from importer import import_archive

from collection_tree import CACHE, ROOT, WITHOUT_GIT, collection_tree, listed_files

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
GALAXY_VERSION = re.compile(r"^version: (\S+)$", re.MULTILINE)
DOCUMENTS = (".md", ".rst")


def git(*arguments: str) -> str:
    """Return what git prints."""
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, env=WITHOUT_GIT, check=True, stdout=subprocess.PIPE, text=True).stdout


def present_version() -> str:
    """Return the version in galaxy.yml."""
    return str(yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"])


def errors_of_version(version: str) -> Iterator[str]:
    """Why the version cannot be released."""
    if not VERSION.fullmatch(version):
        yield f"VERSION: {version!r} is not a valid version. Use three numbers, such as VERSION=1.2.0 (https://semver.org)."
        return
    present = present_version()
    if parts(version) < parts(present):
        yield f"VERSION: {version} is lower than the version in galaxy.yml, {present}. Choose a higher version."
    if git("tag", "--list", version, f"v{version}").strip():
        yield f"VERSION: git has a tag {version} already. Choose a higher version."
    fragments = [path for path in listed_files() if path.startswith("changelogs/fragments/")]
    if not fragments and version not in released():
        yield "changelogs/fragments is empty. Add one for each change that users can see."


def errors(version: str) -> list[str]:
    """Why the present state of the files cannot be released as this version: all reasons."""
    found = list(errors_of_version(version))
    try:
        addresses(ROOT, version)
    except ValueError as error:
        found.append(str(error))
    if changed := git("status", "--porcelain").splitlines():
        shown = "\n    ".join([*changed[:5], *(["…"] if len(changed) > 5 else [])])
        found.append(f"The working tree has changes. Commit or remove:\n    {shown}")
    return found


def parts(version: str) -> tuple[int, ...]:
    """The numbers of a version, to compare."""
    return tuple(int(number) for number in version.split("."))


def released() -> set[str]:
    """The versions that the changelog has."""
    return set(yaml.safe_load((ROOT / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))["releases"])


def set_version(tree: Path, version: str) -> None:
    """Write the version into the tree: into galaxy.yml, and where documents name the archive."""
    old, new = (f"wellarchitected-sharing-{each}.tar.gz" for each in (present_version(), version))
    galaxy = tree / "galaxy.yml"
    galaxy.write_text(GALAXY_VERSION.sub(f"version: {version}", galaxy.read_text(encoding="utf-8")), encoding="utf-8")
    for path in listed_files():
        if path.endswith(DOCUMENTS) and old in (text := (tree / path).read_text(encoding="utf-8")):
            (tree / path).write_text(text.replace(old, new), encoding="utf-8")


def write_changelog(tree: Path, version: str) -> None:
    """Make a section of the changelog from the fragments, which it uses up."""
    command = [f"{sys.prefix}/bin/antsibull-changelog", "release", "--reload-plugins", "--refresh-plugins"]
    if version in released():
        command.append("--update-existing")
    done = subprocess.run(
        command,
        cwd=tree,
        env={**WITHOUT_GIT, "PATH": f"{sys.prefix}/bin{os.pathsep}{os.environ['PATH']}"},
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\nantsibull-changelog failed. Nothing was changed here.")


def differences(tree: Path) -> dict[str, bytes | None]:
    """The files that are other in the tree than here: their new contents, or None for those that are gone."""
    found: dict[str, bytes | None] = {}
    for path in listed_files():
        new = (tree / path).read_bytes() if (tree / path).exists() else None
        if new != (ROOT / path).read_bytes():
            found[path] = new
    return found


def take_over(changes: dict[str, bytes | None]) -> None:
    """Write or delete files here, as they are in the tree."""
    for path, content in changes.items():
        if content is None:
            (ROOT / path).unlink()
        else:
            (ROOT / path).write_bytes(content)


def prepare(version: str, importer: Path | None) -> tuple[Path, dict[str, bytes | None]]:
    """Make the release on a copy. Return its archive, and what is to change here; end where a step fails."""
    tree = collection_tree("release")
    print(f"The version and the changelog of {version}…", flush=True)
    set_version(tree, version)
    write_changelog(tree, version)
    changes = differences(tree)
    print("The addresses and the archive…", flush=True)
    try:
        fill(tree, addresses(tree, version))
    except ValueError as error:
        sys.exit(f"{error}\nNothing was changed here.")
    archive = build(CACHE / "release-archive", tree)
    if importer:
        print("The import, as Ansible Galaxy does it…", flush=True)
        taken, output = import_archive(importer, archive)
        if not taken:
            sys.exit(f"{output}\nNothing was changed here.")
    return archive, changes


def remaining(version: str, archive: Path, changes: dict[str, bytes | None], where: Addresses) -> str:
    """What is done, and the steps that only a person can take."""
    gone = sum(content is None for content in changes.values())
    written = ", ".join(sorted(path for path, content in changes.items() if content is not None))
    return f"""
wellarchitected.sharing {version} is prepared, and nothing is published.
  Archive:  {archive.relative_to(ROOT)}
  SHA-256:  {hashlib.sha256(archive.read_bytes()).hexdigest()}
  Changed:  {written or "nothing"}; fragments used up: {gone}

What you must do:
  1. Read the changelog:        git diff CHANGELOG.rst
  2. Test it:                   make test-all, and make aws with two accounts (CONTRIBUTING.md describes how)
  3. Commit, and push:          git commit --all --message 'Release {version}' && git push
  4. Wait until it is green:    {where.repository}/actions
  5. Tag, and push the tag:     git tag --annotate {version} --message {version} && git push origin {version}
  6. Publish, with the token of the owner of the namespace `wellarchitected` on Ansible Galaxy:
     ansible-galaxy collection publish {archive.relative_to(ROOT)}
  7. Write the release:         {where.repository}/releases/new?tag={version}
     with the section of CHANGELOG.rst, the archive and its SHA-256
  8. Before the first release:  enable private vulnerability reporting in the repository's settings;
     SECURITY.md refers to it
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Prepare a release.")
    parser.add_argument("version", metavar="VERSION", help="such as 1.2.0")
    parser.add_argument("--importer", type=Path, metavar="PYTHON", help="a Python that has galaxy-importer")
    asked = parser.parse_args(arguments)
    if found := errors(asked.version):
        print("Not released:", *(f"- {error}" for error in found), sep="\n", file=sys.stderr)
        return 1
    made, changes = prepare(asked.version, asked.importer and asked.importer.absolute())
    archive = ROOT / "build" / made.name
    archive.parent.mkdir(exist_ok=True)
    for old in archive.parent.glob("*.tar.gz"):
        old.unlink()
    shutil.copy(made, archive)
    take_over(changes)
    print(remaining(asked.version, archive, changes, addresses(ROOT, asked.version)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
