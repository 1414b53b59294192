# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that plugins use no private names of ansible-core, amazon.aws, botocore or any other package.

Usage: python tests/tools/private_names.py, by `make lint`. The exit code is 1 where there is one.

Private names begin with one underscore. Allowed are the names of this collection, and what Ansible's base classes of
plugins offer their subclasses. Not allowed are imports of others' private names, attributes with names that no file of
the collection defines, and methods that nothing here calls: these override a private method of a base class.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = re.compile(r"_[A-Za-z]\w*")
# Of ansible.plugins.action.ActionBase and ansible.plugins.inventory: named in Ansible's guide for plugin developers.
OFFERED = {
    *("_task", "_loader", "_templar", "_connection", "_play_context", "_display", "_execute_module"),
    *("_remove_tmp_path", "_supports_check_mode", "_requires_connection", "_read_config_data", "_cache"),
    *("_set_composite_vars", "_add_host_to_composed_groups", "_add_host_to_keyed_groups"),
}


def is_private(name: str) -> bool:
    return PRIVATE.fullmatch(name) is not None


def is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def definitions(tree: ast.AST) -> Iterator[str]:
    """The private names that a file defines: functions, classes, variables, attributes and fields."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr


def foreign_imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The imports of private names of other packages: (line, name)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [part for alias in node.names for part in alias.name.split(".")]
        else:
            continue
        if names[:3] != ["ansible_collections", "wellarchitected", "sharing"]:
            yield from ((node.lineno, name) for name in names if is_private(name))


def findings(folder: Path) -> Iterator[str]:
    """A line for each use of a foreign private name in the Python files of the folder."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}
    own = {name for tree in trees.values() for name in definitions(tree)} | {path.stem for path in trees}
    used = {node.attr for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for path, tree in trees.items():
        place = path.relative_to(folder.parent)
        for line, name in foreign_imports(tree):
            yield f"{place}:{line}: {name} is a private name of another package. Use its public names."
        for node in ast.walk(tree):
            foreign = isinstance(node, ast.Attribute) and (node.attr not in own or is_super(node.value))
            if foreign and is_private(node.attr) and node.attr not in OFFERED:
                yield f"{place}:{node.lineno}: {node.attr} is a private name of another package. Use its public names."
            elif isinstance(node, ast.ClassDef) and node.bases:
                for method in node.body:
                    if isinstance(method, ast.FunctionDef) and is_private(method.name) and method.name not in used:
                        yield f"{place}:{method.lineno}: {method.name} overrides a private method. Use public hooks."


if __name__ == "__main__":
    lines = list(findings(ROOT / "plugins"))
    print(*lines, sep="\n", end="\n" if lines else "")
    sys.exit(1 if lines else 0)
