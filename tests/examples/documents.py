# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation: code blocks of Markdown and reStructuredText, and the plugins' EXAMPLES.

CONTRIBUTING.md, "Document", has the rules: which blocks are run, and how a comment before a block changes that.
"""

from __future__ import annotations

import ast
import re
import shlex
import textwrap
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
RUN = ("ansible-inventory", "ansible-playbook")
#: in console blocks, but for readers only
NOT_RUN = ("ansible-galaxy", "aws", "make", "pip")

_MARKER = r"(?:(?:<!--|\.\.) example: (?P<marker>[^\n]*?)(?: -->)?\n+)?"
_MARKDOWN = re.compile(
    _MARKER + r"^(?P<indent> *)```(?P<language>\w+)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
_RST = re.compile(
    _MARKER + r"^(?P<indent> *)\.\. code-block:: (?P<language>[\w+-]+)\n(?:\s+:\S[^\n]*\n)*\n"
    r"(?P<text>(?:(?P=indent) +[^\n]*\n|\n)+)",
    re.MULTILINE,
)
_FILE_NAME = re.compile(r"# (?P<name>[\w/.-]+\.(?:yml|yaml|cfg))\b")
_KINDS = {"workload", "lens", "template", "wa_profile"}
_PLAYS = {"hosts", "import_playbook", "ansible.builtin.import_playbook"}


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
    def is_run(self) -> bool:
        return not self.marker.startswith("not run: ")

    @property
    def file_name(self) -> str | None:
        """The name of the file that the block is, by the comment in its first line."""
        found = _FILE_NAME.match(self.text) if self.language != "console" else None
        return found["name"] if found else None

    @property
    def account(self) -> str | None:
        """The account whose credentials run it; None: the owner's."""
        return self.marker.removeprefix("as ") if self.marker.startswith("as ") else None

    @property
    def commands(self) -> list[list[str]]:
        """The commands of a console block, in words."""
        joined = self.text.replace("\\\n", " ")
        lines = [shlex.split(line[2:], comments=True) for line in joined.splitlines() if line.startswith("$ ")]
        return [words for words in lines if words]

    @cached_property
    def content(self) -> Any:
        """The first YAML document of the block."""
        return next(iter(yaml.safe_load_all(self.text)), None)

    @property
    def kind(self) -> str:
        """What the block is: commands, playbook, tasks, resources (of wa_shares), inventory or other."""
        if self.language == "console":
            return "commands"
        if isinstance(self.content, list) and all(isinstance(item, dict) for item in self.content):
            if all(_KINDS & set(item) for item in self.content):
                return "resources"
            return "playbook" if all(_PLAYS & set(item) for item in self.content) else "tasks"
        return "inventory" if isinstance(self.content, dict) and "plugin" in self.content else "other"


def documents() -> list[Path]:
    """Every document that can have examples, but the plugins."""
    patterns = ("*.md", "docs/docsite/rst/*.rst", "examples/**/*.md", "extensions/**/*.md", "roles/*/README.md")
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


def blocks_of(path: Path) -> list[Block]:
    """The code blocks of a document that are YAML or commands."""
    text = path.read_text(encoding="utf-8")
    page = path.relative_to(ROOT).as_posix()
    return [
        Block(
            page,
            text.count("\n", 0, found.start("text")) + 1,
            found["language"].lower(),
            textwrap.dedent(found["text"]).strip("\n") + "\n",
            found["marker"] or "",
        )
        for found in (_RST if path.suffix == ".rst" else _MARKDOWN).finditer(text)
        if found["language"].lower() in ("yaml", "yaml+jinja", "console")
    ]


def plugins(folder: str) -> list[Path]:
    """The plugins in this folder of plugins/."""
    return sorted(ROOT.glob(f"plugins/{folder}/*.py"))


def examples_of(path: Path) -> str:
    """The EXAMPLES of a plugin."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "EXAMPLES":
            return str(ast.literal_eval(node.value))
    raise ValueError(f"{path} has no EXAMPLES.")
