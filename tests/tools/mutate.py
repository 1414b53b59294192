# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Break plugins at random places, one at a time, and see whether a unit test fails.

Usage: python tests/tools/mutate.py [--seed 1] [--count 100] [--under plugins/…] [--only 3,17]

A mutation is a flipped comparison, `and` for `or`, a dropped `not`, a number plus 1, or a statement (a call, a raise)
left out. The places are chosen from all there are, each with the same probability. Everything runs on copies of the
collection. For each mutation, the unit tests that run its line are run until one fails; pytest-cov finds these tests
once, and they are kept in .cache until plugins or tests change. A mutation at which the tests hang counts as caught.
The exit code is 1 where a mutation was not caught.
"""

from __future__ import annotations

import argparse
import ast
import copy
import hashlib
import json
import os
import queue
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import coverage

from collection_tree import CACHE, collection_tree

AT_ONCE = 2
UNITS = "tests/unit/plugins"
# Tests of pure functions take less time than those of modules on the endpoint.
FOLDERS = ("module_utils", "plugin_utils", "filter", "action", "inventory", "modules")
TIMEOUT = 300  # seconds for the tests of one mutation
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}

FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Site:
    """A place that can be broken: the number of a node in the file's tree, and of an operator of the node."""

    path: str
    node: int
    part: int
    lines: range
    """The lines of the statement, or of its head where it has a body."""
    at_import: bool
    """Whether it runs when the file is imported."""


def sites_of(path: str, source: str) -> list[Site]:
    """All places of a file that can be broken."""
    tree = ast.parse(source)
    numbers = {id(node): number for number, node in enumerate(ast.walk(tree))}
    return list(_sites(tree, path, numbers, range(0), True))


def _sites(node: ast.AST, path: str, numbers: Mapping[int, int], lines: range, at_import: bool) -> Iterator[Site]:
    if isinstance(node, ast.stmt):
        lines = _own_lines(node)
    for part in range(_parts(node)):
        yield Site(path, numbers[id(node)], part, lines, at_import)
    for name, value in ast.iter_fields(node):
        # The body of a function or lambda runs when it is called. Annotations do not run.
        inside = name == "body" and (isinstance(node, (ast.FunctionDef, ast.Lambda)) or _is_program(node))
        if name in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _sites(child, path, numbers, lines, at_import and not inside)


def _is_program(node: ast.AST) -> bool:
    """Whether the node runs only where the file is run as a program."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def _own_lines(statement: ast.stmt) -> range:
    body = getattr(statement, "body", None)
    return range(statement.lineno, body[0].lineno if body else (statement.end_lineno or 0) + 1)


def _parts(node: ast.AST) -> int:
    """The number of ways in which the node can be broken."""
    if isinstance(node, ast.Compare):
        return len(node.ops)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
    left_out = isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    negation = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    return left_out or negation or isinstance(node, ast.BoolOp)


class _Break(ast.NodeTransformer):
    def __init__(self, wanted: ast.AST, part: int) -> None:
        self.wanted, self.part = wanted, part

    def visit(self, node: ast.AST) -> ast.AST:
        node = self.generic_visit(node)
        if node is not self.wanted:
            return node
        if isinstance(node, ast.Compare):
            node.ops[self.part] = FLIPPED[type(node.ops[self.part])]()
        elif isinstance(node, ast.BoolOp):
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        elif isinstance(node, ast.Constant):
            node.value += 1  # type: ignore[operator]
        elif isinstance(node, ast.UnaryOp):
            return node.operand
        else:
            return ast.Pass()
        return node


def broken(source: str, site: Site) -> tuple[str, str]:
    """Return the file's text with the place broken, and the change: ``a == b -> a != b``."""
    tree = ast.parse(source)
    node = next(node for number, node in enumerate(ast.walk(tree)) if number == site.node)
    before = ast.unparse(node)
    context = ast.unparse(_statement_of(tree, node)).partition("\n")[0] if isinstance(node, ast.Constant) else ""
    alone = copy.deepcopy(node)
    changed = ast.unparse(ast.fix_missing_locations(_Break(alone, site.part).visit(alone)))
    text = ast.unparse(ast.fix_missing_locations(_Break(node, site.part).visit(tree)))
    where = f"  in  {context}" if context else ""
    return text, f"{before} -> {'(left out)' if changed == 'pass' else changed}{where}"


def _statement_of(tree: ast.AST, wanted: ast.AST) -> ast.AST:
    """Return the innermost statement that contains the node."""
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return [statement for statement in statements if any(node is wanted for node in ast.walk(statement))][-1]


def lines_of_tests(tree: Path) -> dict[str, dict[str, list[int]]]:
    """Return the lines that each unit test runs: {test: {file: lines}}. They are cached until a file changes."""
    sources = [path for folder in ("plugins", "tests/unit", "tests/emulator") for path in (tree / folder).rglob("*.py")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()
    cache = CACHE / "mutate" / "tests.json"
    if cache.exists() and (known := json.loads(cache.read_text(encoding="utf-8")))["digest"] == digest:
        return known["tests"]
    print("Finding the tests of each line ...", flush=True)
    data = CACHE / "mutate" / "coverage"
    command = [*PYTEST, "-n", str(AT_ONCE), "--cov=plugins", "--cov-context=test", "--cov-report=", UNITS]
    environment = {**ENVIRONMENT, "COVERAGE_FILE": str(data)}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout[-4000:]}\n{done.stderr}\nThe unit tests fail without a mutation.")
    found: dict[str, dict[str, list[int]]] = {}
    record = coverage.CoverageData(str(data))
    record.read()
    for name in record.measured_files():
        path = Path(name).relative_to(tree).as_posix()
        for line, contexts in record.contexts_by_lineno(name).items():
            for test in {context.rpartition("|")[0] for context in contexts} - {""}:
                found.setdefault(test, {}).setdefault(path, []).append(line)
    cache.write_text(json.dumps({"digest": digest, "tests": found}), encoding="utf-8")
    return found


def tests_of(site: Site, tests: Mapping[str, Mapping[str, Sequence[int]]]) -> list[str]:
    """Return the tests that run the place, fast ones first; if it runs at import, the tests of the file, or all."""
    if site.at_import:
        found = [test for test, lines in tests.items() if site.path in lines] or list(tests)
    else:
        found = [test for test, lines in tests.items() if set(site.lines) & set(lines.get(site.path, ()))]

    def position(test: str) -> int:
        folder = test.removeprefix(f"{UNITS}/").partition("/")[0]
        return FOLDERS.index(folder) if folder in FOLDERS else len(FOLDERS)

    return sorted(found, key=position)


def failure(tree: Path, tests: Sequence[str]) -> str:
    """Run the tests until one fails. Return the test that failed, or an empty string."""
    if not tests:
        return ""
    arguments = tree.parents[2] / "tests"
    arguments.write_text("\n".join(tests), encoding="utf-8")
    try:
        done = subprocess.run(
            [*PYTEST, "-x", "--tb=no", f"@{arguments}"],
            cwd=tree,
            env=ENVIRONMENT,
            timeout=TIMEOUT,
            capture_output=True,
            text=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "a test that does not end"
    if done.returncode == 4:  # pytest's code for wrong arguments: a test that it cannot find.
        sys.exit(f"{done.stdout[-4000:]}\n{done.stderr}\nThe tests cannot be started.")
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return "" if done.returncode == 0 else (failed or ["the tests cannot be imported"])[0][:160]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make mutate ARGS=…", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--under", default="plugins/", help="where to break: a folder or file of plugins")
    parser.add_argument("--only", help="numbers of the mutations to try, of those that the seed chooses")
    options = parser.parse_args(arguments)

    tree = collection_tree("mutate")
    files = sorted(path.relative_to(tree).as_posix() for path in (tree / "plugins").rglob("*.py"))
    sites = [
        site
        for file in files
        if file.startswith(options.under)
        for site in sites_of(file, (tree / file).read_text(encoding="utf-8"))
    ]
    chosen = random.Random(options.seed).sample(sites, min(options.count, len(sites)))
    only = {int(number) for number in options.only.split(",")} if options.only else set(range(1, len(chosen) + 1))
    tests = lines_of_tests(tree)
    print(f"{len(only)} mutations of {len(sites)} possible ones, seed {options.seed}, {len(tests)} tests", flush=True)
    trees: queue.Queue[Path] = queue.Queue()
    for number in range(AT_ONCE):
        trees.put(collection_tree(f"mutate-{number}"))

    def attempt(number: int) -> str:
        """Break one place in a copy and run its tests. Return a line if no test fails."""
        site, mine = chosen[number - 1], trees.get()
        file = mine / site.path
        source = file.read_text(encoding="utf-8")
        text, change = broken(source, site)
        try:
            file.write_text(text, encoding="utf-8")
            failed = failure(mine, tests_of(site, tests))
        finally:
            file.write_text(source, encoding="utf-8")
            trees.put(mine)
        line = f"{number:3} {site.path}:{site.lines.start}: {change}"
        print(f"{line}\n      {failed or 'NOT CAUGHT'}", flush=True)
        return "" if failed else line

    with ThreadPoolExecutor(AT_ONCE) as pool:
        survivors = list(filter(None, pool.map(attempt, sorted(only))))
    print(f"\nCaught by units: {len(only) - len(survivors)} of {len(only)}")
    print("\n".join(["Not caught:", *survivors] if survivors else ["All were caught."]))
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
