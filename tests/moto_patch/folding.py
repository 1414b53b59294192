# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Source code without switches: what it does when each switch stands at its default, and nothing else.

A switch is an attribute of `settings`. Its value is put in its place, what follows from it is worked out, and what can
never be done is dropped. Statements in which nothing changes keep their layout and comments.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeGuard

_COMPARE = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Gt: lambda a, b: a > b,
    ast.Lt: lambda a, b: a < b,
}


@dataclass(frozen=True)
class Defaults:
    """The switches' defaults; what is worked out once for all files.

    `named`: switches that become a constant with a name of its own, by that name. `unused`: attributes that only
    switches read. `constants`: names of constants, with their values. `answers`: functions that always return the same.
    """

    switches: Mapping[str, Any]
    named: Mapping[str, str] = field(default_factory=dict)
    unused: frozenset[str] = frozenset()
    constants: Mapping[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)


def fold_all(sources: Mapping[str, str], defaults: Defaults) -> dict[str, str]:
    """The sources (by any name) without switches. Methods that always answer the same then are not asked."""
    found = dict(sources)
    own = {name for source in sources.values() for name, _answer in _same_answers(ast.parse(source))}
    while True:
        known = dict(defaults.answers)
        found = {name: _fold(source, defaults) for name, source in found.items()}
        for source in found.values():
            answers = dict(_same_answers(ast.parse(source)))
            defaults.answers.update({name: answer for name, answer in answers.items() if name not in own})
        if defaults.answers == known:
            return {name: drop(source, set(defaults.answers)) for name, source in found.items()}


def _same_answers(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    """Methods that only return a constant: name and constant. Properties, which are not called, are not among them."""
    for owner in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for method in owner.body:
            if not isinstance(method, ast.FunctionDef) or method.decorator_list:
                continue
            body = method.body[1:] if ast.get_docstring(method) is not None else method.body
            if len(body) == 1 and isinstance(body[0], ast.Return) and isinstance(body[0].value, ast.Constant):
                yield method.name, body[0].value.value


class _Expressions(ast.NodeTransformer):
    """Works out expressions. `locals` are names of the function that stand for a constant."""

    def __init__(self, defaults: Defaults, values: Mapping[str, ast.expr]):
        self._defaults = defaults
        self._values = values

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == "settings":
            if node.attr in self._defaults.named:
                return ast.Name(self._defaults.named[node.attr], ast.Load())
            return _decided(self._defaults.switches[node.attr])
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Load) and node.id in self._values:
            return deepcopy(self._values[node.id])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        function = node.func
        if not isinstance(function, ast.Attribute):
            return node
        if isinstance(function.value, ast.Name) and (function.value.id, function.attr) == ("clock", "now"):
            return ast.Call(ast.Name("utcnow", ast.Load()), [], [])
        if function.attr in self._defaults.answers:
            return _decided(self._defaults.answers[function.attr])
        if function.attr == "get" and len(node.args) == 2 and isinstance(node.args[0], ast.Name):
            return self._got(function.value, node.args[0].id, node)
        return node

    def _got(self, table: ast.expr, key: str, node: ast.Call) -> ast.expr:
        """`TABLE.get(KEY, default)`, where table and key are constants with names."""
        constants = self._defaults.constants
        if not isinstance(table, ast.Name) or table.id not in constants or key not in constants:
            return node
        found = constants[table.id]
        return _decided(found[constants[key]]) if constants[key] in found else node.args[1]

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.value, ast.Dict) and hasattr(node.value, "decided"):
            values = [value.value for value in node.value.values if isinstance(value, ast.Constant)]
            if len(values) == len(node.value.values) and len(set(values)) == 1:
                return _decided(values[0])
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and _is_decided(node.operand):
            return _decided(not node.operand.value)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        compare = _COMPARE.get(type(node.ops[0]))
        sides = [node.left, *node.comparators]
        values = [side.value for side in sides if isinstance(side, ast.Constant)]
        if compare and len(values) == len(sides) == 2 and any(_is_decided(side) for side in sides):
            return _decided(compare(*values))
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        decides = isinstance(node.op, ast.Or)
        left = []
        for value in node.values:
            if not _is_decided(value):
                left.append(value)
            elif bool(value.value) is decides:
                left.append(value)
                break
        if not left:
            return _decided(not decides)
        if _is_decided(left[-1]):
            return left[-1]  # what stands before it has no effect: conditions only ask
        return left[0] if len(left) == 1 else ast.BoolOp(node.op, left)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        if _is_decided(node.test):
            return node.body if node.test.value else node.orelse
        return node


def _decided(value: Any) -> ast.expr:
    """The value as a literal, marked as one that a switch decided: constants of the source's own are left alone."""
    literal = ast.parse(repr(value), mode="eval").body
    literal.decided = True  # type: ignore[attr-defined]
    return literal


def _is_decided(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and hasattr(node, "decided")


def _fold(source: str, defaults: Defaults) -> str:
    lines = source.splitlines()
    edits = _Edits(lines)
    _Block(defaults, edits, {}).fold(ast.parse(source).body)
    return edits.applied()


class _Edits:
    """Changes to lines, made at the end, from the last to the first. Line numbers are those of `ast`: from 1."""

    def __init__(self, lines: Sequence[str]):
        self._lines = list(lines)
        self._changes: dict[tuple[int, int], list[str]] = {}

    def replace(self, first: int, last: int, text: str, indent: int) -> None:
        self._changes[first, last] = [" " * indent + line for line in text.splitlines()]

    def drop(self, statement: ast.stmt) -> None:
        """Drop a statement, and the comments right before it."""
        first = min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", []))])
        while self._lines[first - 2].lstrip().startswith("#"):
            first -= 1
        self._changes[first, statement.end_lineno or first] = []

    def unwrap(self, statement: ast.If, body: list[ast.stmt]) -> None:
        """Put the body in the place of the statement that it is in."""
        first, last = body[0].lineno, body[-1].end_lineno or body[-1].lineno
        while self._lines[first - 2].lstrip().startswith("#"):
            first -= 1
        out = body[0].col_offset - statement.col_offset
        self._changes[last + 1, statement.end_lineno or last] = []
        for number in range(first, last + 1):
            self._lines[number - 1] = self._lines[number - 1][out:]
        self._changes[statement.lineno, first - 1] = []

    def applied(self) -> str:
        for (first, last), text in sorted(self._changes.items(), reverse=True):
            self._lines[first - 1 : last] = text
        return "\n".join(self._lines) + "\n"


class _Block:
    """Folds the statements of one function, or of a file."""

    def __init__(self, defaults: Defaults, edits: _Edits, values: dict[str, ast.expr]):
        self._defaults = defaults
        self._edits = edits
        self._values = values

    def fold(self, statements: Sequence[ast.stmt]) -> bool:
        """Fold the statements of a block in their order; whether nothing can come after them."""
        for index, statement in enumerate(statements):
            if self._statement(statement):
                for unreachable in statements[index + 1 :]:
                    self._edits.drop(unreachable)
                return True
        return False

    def _statement(self, statement: ast.stmt) -> bool:
        if isinstance(statement, ast.If):
            return self._if(statement)
        if isinstance(statement, ast.FunctionDef):
            _Block(self._defaults, self._edits, {}).fold(statement.body)
        elif isinstance(statement, ast.ClassDef | ast.For | ast.While | ast.With | ast.Try):
            self._compound(statement)
        elif self._is_for_switches_only(statement):
            self._edits.drop(statement)
        else:
            self._simple(statement)
        return isinstance(statement, ast.Return | ast.Raise | ast.Continue)

    def _compound(self, statement: ast.ClassDef | ast.For | ast.While | ast.With | ast.Try) -> None:
        self.fold(statement.body)
        for part in ("handlers", "orelse", "finalbody"):
            for inner in getattr(statement, part, []):
                self.fold(inner.body if isinstance(inner, ast.ExceptHandler) else [inner])

    def _if(self, statement: ast.If) -> bool:
        test = self._folded(statement.test)
        if not _is_decided(test):
            if ast.dump(test) != ast.dump(statement.test):
                self._edits.replace(
                    statement.lineno, statement.body[0].lineno - 1, f"if {ast.unparse(test)}:", statement.col_offset
                )
            self.fold(statement.body)
            self.fold(statement.orelse)
            return False
        kept = statement.body if test.value else statement.orelse
        if not kept:
            self._edits.drop(statement)
            return False
        self._edits.unwrap(statement, kept)
        return isinstance(kept[-1], ast.Return | ast.Raise | ast.Continue)

    def _simple(self, statement: ast.stmt) -> None:
        folded = self._folded(statement)
        if ast.dump(folded) == ast.dump(statement):
            return
        if (
            isinstance(folded, ast.Assign)
            and isinstance(folded.targets[0], ast.Name)
            and self._is_constant(folded.value)
        ):
            self._values[folded.targets[0].id] = folded.value
            self._edits.drop(statement)
            return
        self._edits.replace(
            statement.lineno, statement.end_lineno or statement.lineno, ast.unparse(folded), statement.col_offset
        )

    def _is_constant(self, value: ast.expr) -> bool:
        return _is_decided(value) or (isinstance(value, ast.Name) and value.id in self._defaults.constants)

    def _is_for_switches_only(self, statement: ast.stmt) -> bool:
        """Whether the statement sets an attribute that only switches read."""
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
            targets = [statement.target]
        target = targets[0] if targets else None
        if isinstance(target, ast.Subscript):
            target = target.value
        return isinstance(target, ast.Attribute) and target.attr in self._defaults.unused

    def _folded(self, node: Any) -> Any:
        return _Expressions(self._defaults, self._values).visit(deepcopy(node))


def drop(source: str, names: set[str]) -> str:
    """The source without the functions, and classes and names of the file, that are called so."""
    edits = _Edits(source.splitlines())
    tree = ast.parse(source)
    for node in [*tree.body, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            named = node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            named = target.id if isinstance(target, ast.Name) else ""
        else:
            continue
        if named in names:
            edits.drop(node)
    return edits.applied()
