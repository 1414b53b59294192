# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The troubleshooting guide has every message of the collection, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .documents import ROOT

GUIDE = ROOT / "docs" / "docsite" / "rst" / "troubleshooting.rst"
SOURCES = (
    *ROOT.glob("plugins/module_utils/*/*.py"),
    *ROOT.glob("plugins/inventory/*.py"),
    *ROOT.glob("plugins/action/*.py"),
    *ROOT.glob("plugins/plugin_utils/*/*.py"),
    *ROOT.glob("plugins/plugin_utils/*.py"),
)
PLAYBOOKS = tuple(ROOT.glob("playbooks/*.yml"))
"""They say a few things of their own, in templates that are not read here: only what the guide says is looked for."""
# What a message may go through on its way to the user.
TELLERS = {
    "AnsibleError",
    "BadText",
    "InvalidInput",
    "NotAllowed",
    "Refused",
    "ValueError",
    "_Twice",
    "append",
    "contradict",
    "extend",
    "fail",
    "failed",
    "fail_aws",
    "fail_json",
    "told",
    "warn",
}
VARIABLE = "…"
SHORTEST = 12  # characters of a part that tells one message from another


def templates(tree: ast.AST) -> Iterator[str]:
    """The messages in the source: each text with … for what is filled in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in TELLERS:
                for argument in (*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "msg")):
                    yield from texts(argument)
        elif isinstance(node, (ast.Return, ast.Assign)):
            yield from texts(node.value)


def texts(node: ast.AST | None) -> Iterator[str]:
    """The texts in an expression that are sentences."""
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else VARIABLE for part in node.values)
        yield "".join(str(part) for part in parts)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, (ast.List, ast.Tuple)):
        for element in node.elts:
            yield from texts(element)
    elif isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        yield from texts(node.elt)
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from texts(node.left)
        yield from texts(node.right)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from texts(value)


# Parts of messages that say what is being done, where errors say "Failed to ...". Everybody understands them.
DOINGS = re.compile(r"^(find out|list the shares of|stop sharing|the accounts in|the organizational units in)\b")


def parts_of(message: str) -> list[str]:
    """The fixed parts of a message, white space in them made one blank."""
    return [part for part in (" ".join(part.split()) for part in re.split(r"…|\{\w+\}", message)) if part]


def long_parts_of(message: str) -> list[str]:
    """The parts that tell it from others."""
    return [part for part in parts_of(message) if len(part) >= SHORTEST]


def messages() -> set[str]:
    """All messages in the source that are long enough to be told apart."""
    found: set[str] = set()
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found.update(text for text in templates(tree) if "\n" not in text and not DOINGS.match(text.strip()))
        for node in ast.walk(tree):
            # Keyword arguments with lists of errors, and the fmt of botocore's exceptions.
            if isinstance(node, ast.keyword) and node.arg == "errors":
                found.update(texts(node.value))
    return {text for text in found if any(" " in part for part in long_parts_of(text))}


def literals() -> list[str]:
    """The messages that the guide explains."""
    guide = GUIDE.read_text(encoding="utf-8")
    return [" ".join(text.split()) for text in re.findall(r"^``([^`\n]+)``$", guide, re.MULTILINE)]


def test_every_message_is_in_the_guide() -> None:
    guide = " ".join(GUIDE.read_text(encoding="utf-8").split())
    missing = {text for text in messages() if not all(part in guide for part in long_parts_of(text))}
    assert not missing, f"explain these in {GUIDE.name}: {missing}"


def test_the_guide_has_no_other_messages() -> None:
    sources = [" ".join(text.split()) for path in SOURCES for text in templates(ast.parse(path.read_text("utf-8")))]
    plays = [" ".join(path.read_text("utf-8").split()) for path in PLAYBOOKS]
    everything = "\n".join([*sources, *messages(), *plays])
    assert len(literals()) > 40
    for message in literals():
        for part in parts_of(message):
            assert part.strip(" ().,:") in everything, f"{GUIDE.name}: no message has {part!r} of {message!r}"
