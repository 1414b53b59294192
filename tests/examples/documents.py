# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation: found in Markdown, in reStructuredText and in the plugins' EXAMPLES.

Every YAML block is an example, and is run as it stands. What kind it is shows in the YAML itself: a playbook, tasks,
resources for wa_shares, the configuration of an inventory plugin. Two things say more:

- A first line that is a comment with a file name (`# share.yml`) names the file that readers make of it. Such a file is
  run by a command of the same page.
- A comment right before the block (`<!-- example: ... -->` in Markdown, `.. example: ...` in reStructuredText). It says
  `as ACCOUNT` where the block is run with the credentials of another account than the owner's, or `not run: REASON`.

Commands are the lines that begin with `$ ` in console blocks.
"""

from __future__ import annotations

import ast
import re
import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
RUN = ("ansible-inventory", "ansible-playbook")
# Run by a test of their own, in the folder of the policies.
NOT_RUN = ("aws", "ansible-doc", "ansible-galaxy", "cd", "git", "make", "pip", "python3")

_MARKER = r"(?:(?:<!--|\.\.) example: (?P<marker>[^\n]*?)(?: -->)?\n+)?"
_MARKDOWN = re.compile(_MARKER + r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_RST = re.compile(
    _MARKER + r"^(?P<indent> *)\.\. code-block:: (?P<language>[\w+-]+)\n(?:\s+:\S[^\n]*\n)*\n"
    r"(?P<text>(?:(?P=indent) +[^\n]*\n|\n)+)",
    re.MULTILINE,
)
_FILE_NAME = re.compile(r"# (?P<name>[\w/.-]+\.(?:yml|yaml|cfg))$")


@dataclass(frozen=True)
class Block:
    """One code block of a document."""

    page: str
    line: int
    language: str
    text: str
    marker: str = ""

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def file_name(self) -> str | None:
        """The name of the file that the block says it is."""
        found = _FILE_NAME.match(self.text.splitlines()[0] if self.text.strip() else "")
        return found["name"] if found else None

    @property
    def account(self) -> str | None:
        """The account whose credentials it is run with; None: the owner's."""
        found = re.fullmatch(r"as (\d{12})", self.marker)
        return found[1] if found else None

    @property
    def is_run(self) -> bool:
        return not self.marker.startswith("not run: ")

    @property
    def commands(self) -> list[list[str]]:
        """The commands of a console block, in words."""
        joined = self.text.replace("\\\n", " ")
        return [shlex.split(line[2:], comments=True) for line in joined.splitlines() if line.startswith("$ ")]

    @cached_property
    def documents(self) -> list[Any]:
        """The YAML documents in the block."""
        return [document for document in yaml.safe_load_all(self.text) if document is not None]

    @property
    def kind(self) -> str:
        """What the YAML is: playbook, tasks, resources (of wa_shares), inventory (of a plugin) or other."""
        first = self.documents[0] if self.documents else None
        if isinstance(first, list) and all(isinstance(item, dict) for item in first):
            plays = {"hosts", "import_playbook", "ansible.builtin.import_playbook"}
            if all({"workload", "lens", "template", "wa_profile"} & set(item) for item in first):
                return "resources"
            return "playbook" if all(plays & set(item) for item in first) else "tasks"
        if isinstance(first, dict) and "plugin" in first:
            return "inventory"
        return "other"


def documents() -> list[Path]:
    """Every document with examples, but the plugins."""
    found = [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("docs/docsite/rst/*.rst"),
        *ROOT.glob("examples/**/*.md"),
        *ROOT.glob("extensions/**/*.md"),
        *ROOT.glob("playbooks/*.md"),
        *ROOT.glob("roles/*/README.md"),
    ]
    return sorted(found)


def blocks_of(path: Path) -> list[Block]:
    """The code blocks of a document that are YAML or commands."""
    text = path.read_text(encoding="utf-8")
    pattern = _RST if path.suffix == ".rst" else _MARKDOWN
    page = path.relative_to(ROOT).as_posix()
    blocks = (
        Block(
            page,
            text.count("\n", 0, match.start("text")) + 1,
            match["language"].lower(),
            textwrap.dedent(match["text"]).strip("\n") + "\n",
            match["marker"] or "",
        )
        for match in pattern.finditer(text)
    )
    return [block for block in blocks if block.language in ("yaml", "yaml+jinja", "console")]


def plugins() -> list[Path]:
    """Every plugin with documentation."""
    return sorted(path for kind in ("modules", "inventory") for path in ROOT.glob(f"plugins/{kind}/*.py"))


def constant(path: Path, name: str) -> str:
    """The text of a plugin's DOCUMENTATION, EXAMPLES or RETURN."""
    return _constant(path, name)[0]


def examples_of(path: Path) -> Block:
    """The EXAMPLES of a plugin."""
    text, line = _constant(path, "EXAMPLES")
    return Block(path.relative_to(ROOT).as_posix(), line, "yaml", text.strip("\n") + "\n")


def _constant(path: Path, name: str) -> tuple[str, int]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return ast.literal_eval(node.value), node.lineno
    raise ValueError(f"{path} has no {name}")


def yaml_files_named(blocks: list[Block]) -> Iterator[Block]:
    """The blocks that are files."""
    return (block for block in blocks if block.language != "console" and block.file_name)
