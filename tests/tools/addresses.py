# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill in the addresses of a release: all follow from `repository` in galaxy.yml.

Nothing else in this repository names its address. Documents say "the project's repository"; a released archive adds the
address behind that. Galaxy and Automation Hub show READMEs away from the repository, so there
their links are whole addresses, of the released version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import normpath

import yaml

ADDRESS = re.compile(r"https://github\.com/(?P<path>[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+?)")
MARK = re.compile(r"<!-- release: (?P<name>\w+) -->")
LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
WHOLE = ("http://", "https://", "mailto:", "#")
# What Galaxy and Automation Hub show, or what says where to ask.
DOCUMENTS = ("*.md", "roles/*/README.md")


@dataclass(frozen=True)
class Addresses:
    """Where a release of the collection is. `path` is OWNER/NAME on GitHub."""

    path: str
    version: str

    @property
    def repository(self) -> str:
        return f"https://github.com/{self.path}"

    @property
    def issues(self) -> str:
        return f"{self.repository}/issues"

    @property
    def advisories(self) -> str:
        """Where vulnerabilities are reported: GitHub Docs, "Privately reporting a security vulnerability"."""
        return f"{self.repository}/security/advisories/new"

    def page(self, path: str) -> str:
        """Where a file or folder of the released version is shown."""
        return f"{self.repository}/blob/{self.version}/{path}"

    def raw(self, path: str) -> str:
        """Where a file of the released version is by itself, as pictures have to be."""
        return f"https://raw.githubusercontent.com/{self.path}/{self.version}/{path}"


def addresses(tree: Path, version: str) -> Addresses:
    """Return the addresses that follow from the tree's galaxy.yml. Raises ValueError where it has no repository."""
    repository = yaml.safe_load((tree / "galaxy.yml").read_text(encoding="utf-8")).get("repository")
    if not repository:
        raise ValueError(
            "galaxy.yml: `repository` is not set. It is the one address that everything else follows from: "
            "write https://github.com/OWNER/NAME there, once the repository is public."
        )
    found = ADDRESS.fullmatch(str(repository))
    if not found or found["path"].endswith(".git"):
        raise ValueError(f"galaxy.yml: `repository` is {repository!r}, and has to be https://github.com/OWNER/NAME.")
    return Addresses(found["path"], version)


def fill(tree: Path, where: Addresses) -> None:
    """Write the addresses into a copy of the collection. Raises ValueError for a mark or link that leads nowhere."""
    for pattern in DOCUMENTS:
        for path in sorted(tree.glob(pattern)):
            folder = PurePosixPath(path.relative_to(tree).as_posix()).parent
            text = with_marks(path.read_text(encoding="utf-8"), where)
            path.write_text(with_whole_links(text, folder, tree, where), encoding="utf-8")
    append(
        tree / "galaxy.yml",
        {
            "documentation": where.page("README.md"),
            "homepage": where.repository,
            "issues": where.issues,
        },
    )
    append(
        tree / "docs" / "docsite" / "links.yml",
        {
            "edit_on_github": {"repository": where.path, "branch": "main", "path_prefix": ""},
            "extra_links": [
                {"description": "Report a fault or ask", "url": where.issues},
                {"description": "Report a vulnerability", "url": where.advisories},
            ],
        },
    )


def with_marks(text: str, where: Addresses) -> str:
    """The text with an address for every mark, such as `<!-- release: issues -->`."""
    known = {"repository": where.repository, "issues": where.issues, "advisories": where.advisories}

    def address(mark: re.Match[str]) -> str:
        if mark["name"] not in known:
            raise ValueError(f"{mark[0]}: {mark['name']!r} is not an address. Use one of {', '.join(known)}.")
        return f" (<{known[mark['name']]}>)"

    return MARK.sub(address, text)


def with_whole_links(text: str, folder: PurePosixPath, tree: Path, where: Addresses) -> str:
    """The text of a document in a folder of the tree, with whole addresses in its links to files of the tree."""

    def whole(link: re.Match[str]) -> str:
        target, number, fragment = link["target"].partition("#")
        if link["target"].startswith(WHOLE):
            return link[0]
        path = normpath(folder / target)
        if not (tree / path).exists():
            raise ValueError(f"{folder}: a link leads to {link['target']}, which is not there.")
        address = where.raw(path) if link["image"] else f"{where.page(path)}{number}{fragment}"
        return f"{link['image']}[{link['text']}]({address})"

    return LINK.sub(whole, text)


def append(path: Path, settings: dict[str, object]) -> None:
    """Add settings to a YAML file, but for those that it has."""
    text = path.read_text(encoding="utf-8")
    present = yaml.safe_load(text)
    missing = {name: value for name, value in settings.items() if name not in present}
    path.write_text(f"{text.rstrip()}\n{yaml.safe_dump(missing, sort_keys=False)}", encoding="utf-8")
