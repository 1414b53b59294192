# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Break plugins at random places, one at a time, and see whether a test fails: a place where none does wants a test.

Usage: python tests/tools/mutate.py [--seed 1] [--count 100] [--under plugins/…] [--only 3,17] [--integration]

A mutation is a flipped comparison, `and` for `or`, a dropped `not`, a number plus 1, or a statement (a call, a raise)
left out. The places are chosen from all there are, each as likely as any other. Everything runs on copies of the
collection. For each mutation only the unit tests run that pass through its line, cheap ones first, until one fails;
which these are is found out once, and kept in .cache. A mutation at which the tests hang counts as caught. With
--integration, those that no unit test catches are tried on all integration targets. The exit code is 1 where any is
left.
"""

from __future__ import annotations

import argparse
import ast
import copy
import hashlib
import importlib
import io
import itertools
import json
import math
import multiprocessing
import os
import random
import re
import resource
import signal
import subprocess
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ansible_test as ansible_test_tool
import covered_lines
from endpoint import endpoint

from collection_tree import CACHE, collection_tree

AT_ONCE = 2
UNITS = "tests/unit/plugins"
#: what is in one folder runs in one process; the cheap ones first
FOLDERS = ("module_utils", "plugin_utils", "action", "modules")
#: besides these seconds a test may take this many times what it takes without any mutation
GRACE, SLOWER = 15, 10
MEMORY = 4 * 2**30
#: dear to import, and no part of the collection
PRELOADED = ("pytest", "hypothesis", "boto3", "moto.server", "ansible.module_utils.basic", "ansible.plugins.action")

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
    """One place that can be broken. ``node`` counts the nodes of the file's tree, ``part`` the operators of a node."""

    path: str
    node: int
    part: int
    lines: range
    """Of the statement's own text, or of its head where it has a body."""
    at_import: bool
    """Whether it runs as the file is imported."""


def sites_of(path: str, source: str) -> list[Site]:
    """Every place of a file that can be broken."""
    tree = ast.parse(source)
    numbers = {id(node): number for number, node in enumerate(ast.walk(tree))}
    return list(_sites(tree, path, numbers, range(0), True))


def _sites(node: ast.AST, path: str, numbers: Mapping[int, int], lines: range, at_import: bool) -> Iterator[Site]:
    if isinstance(node, ast.stmt):
        lines = _own_lines(node)
    for part in range(_parts(node)):
        yield Site(path, numbers[id(node)], part, lines, at_import)
    for name, value in ast.iter_fields(node):
        # What a function's body or a lambda does, it does when it is called. Annotations do nothing.
        inside = name == "body" and (isinstance(node, (ast.FunctionDef, ast.Lambda)) or _is_program(node))
        if name in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _sites(child, path, numbers, lines, at_import and not inside)


def _is_program(node: ast.AST) -> bool:
    """Whether it is what a file does where it is run, and not imported."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def _own_lines(statement: ast.stmt) -> range:
    body = getattr(statement, "body", None)
    return range(statement.lineno, body[0].lineno if body else (statement.end_lineno or 0) + 1)


def _parts(node: ast.AST) -> int:
    """In how many ways the node can be broken."""
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
    """The file's text with the place broken, and what was done: ``a == b -> a != b``."""
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
    """The innermost statement that has the node."""
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return [statement for statement in statements if any(node is wanted for node in ast.walk(statement))][-1]


@dataclass(frozen=True)
class Test:
    """A unit test, and what it runs through."""

    id: str
    seconds: float
    lines: Mapping[str, Sequence[int]]

    @property
    def dear(self) -> int:
        """Tests of pure functions are cheap; those of modules want the endpoint, which takes seconds to start."""
        folder = self.id.removeprefix(f"{UNITS}/").partition("/")[0]
        return FOLDERS.index(folder) if folder in FOLDERS else len(FOLDERS)


def known_tests(tree: Path) -> list[Test]:
    """Every unit test with the lines that it runs. Those whose file has not changed since are known."""
    cache = CACHE / "mutate" / "tests.json"
    known = json.loads(cache.read_text(encoding="utf-8")) if cache.exists() else {}
    files = sorted(path.relative_to(tree).as_posix() for path in (tree / UNITS).rglob("test_*.py"))
    shared = _digest(
        path
        for folder in ("plugins", "tests/unit", "tests/emulator")
        for path in sorted((tree / folder).rglob("*"))
        if path.suffix in (".py", ".j2", ".js", ".css") and not path.name.startswith("test_")
    )
    keys = {file: shared + _digest([tree / file]) for file in files}
    found = {file: known[file] for file in files if known.get(file, {}).get("key") == keys[file]}
    unknown = [file for file in files if file not in found]
    if unknown:
        print(f"Finding out what the tests of {len(unknown)} files run through ...", flush=True)
        records = _record(tree, unknown)
        for file in unknown:
            found[file] = {"key": keys[file], "tests": [row for row in records if row["test"].startswith(f"{file}::")]}
        cache.write_text(json.dumps(found), encoding="utf-8")
    return [Test(row["test"], row["seconds"], row["lines"]) for file in files for row in found[file]["tests"]]


def _digest(paths: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _environment(tree: Path) -> dict[str, str]:
    """The environment in which pytest finds the collection as it does in ansible-test."""
    plugins = Path(sysconfig.get_path("purelib"), "ansible_test", "_util", "target", "pytest", "plugins")
    folders = [str(plugins), str(Path(__file__).parent)]
    return {
        **ansible_test_tool.ENVIRONMENT,
        "ANSIBLE_COLLECTIONS_PATH": str(tree.parents[2]),
        "ANSIBLE_CONTROLLER_MIN_PYTHON_VERSION": "3.11",
        "PYTEST_PLUGINS": "ansible_pytest_collections,ansible_forked",
        "PYTHONPATH": os.pathsep.join(folders),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _arguments(tree: Path) -> list[str]:
    return ["-q", "-p", "no:cacheprovider", "--rootdir", str(tree), "--confcutdir", str(tree), "-c", os.devnull]


def _record(tree: Path, files: Sequence[str]) -> list[dict[str, object]]:
    """Runs the tests as they are. Those that fail can show nothing, and are left out."""
    path = CACHE / "mutate" / "record"
    path.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", *_arguments(tree), "-n", str(AT_ONCE), "-p", "covered_lines", *files]
    environment = {**_environment(tree), covered_lines.VARIABLE: str(path)}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{done.stdout}\n{done.stderr}\nThe unit tests cannot be run.")
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for record in records:
        if record["failed"]:
            print(f"Left out, since it fails without any mutation: {record['test']}", flush=True)
    return [record for record in records if not record["failed"]]


def tests_through(site: Site, tests: Sequence[Test]) -> list[Test]:
    """The tests that could notice, cheap ones first. What runs at import is noticed by tests of the file, if by any.

    A test that runs programs of its own runs through lines that nobody knows of.
    """
    through = [test for test in tests if any(line in site.lines for line in test.lines.get(site.path, ()))]
    if site.at_import:
        through = [test for test in tests if site.path in test.lines] or list(tests)
    return sorted(through, key=lambda test: (test.dear, test.seconds))


class _Only:
    """A plugin of pytest: runs these tests only, in this order. One that takes too long ends its process."""

    def __init__(self, tests: Sequence[Test]) -> None:
        self._order = {test.id: position for position, test in enumerate(tests)}
        self._limits = {test.id: GRACE + math.ceil(SLOWER * test.seconds) for test in tests}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self._order), key=lambda item: self._order[item.nodeid])

    def pytest_runtest_setup(self, item: Any) -> None:
        signal.alarm(self._limits[item.nodeid])

    def pytest_runtest_teardown(self) -> None:
        signal.alarm(0)


def run_tests(tree: Path, tests: Sequence[Test]) -> str:
    """Runs tests in a fork of this process until one fails: what failed, or nothing."""
    log = tree.parents[2] / "log"
    child = os.fork()
    if not child:
        _run_tests_here(tree, tests, log)
    _child, status = os.waitpid(child, 0)
    if status == 0:
        return ""
    if os.WIFSIGNALED(status):
        return "a test that never ends"
    output = log.read_text(encoding="utf-8", errors="replace")
    failed = re.search(r"^(?:FAILED|ERROR) (.*)$", output, re.MULTILINE)
    return failed[1] if failed else (output.strip().splitlines() or ["no output"])[-1][:160]


def _run_tests_here(tree: Path, tests: Sequence[Test], log: Path) -> None:
    """Never returns."""
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        os.chdir(tree)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(output, stream)
        sys.stdout, sys.stderr = (io.TextIOWrapper(os.fdopen(stream, "wb", 0), write_through=True) for stream in (1, 2))
        os.environ.update(_environment(tree))
        sys.path[:0] = os.environ["PYTHONPATH"].split(os.pathsep)
        import pytest

        files = list(dict.fromkeys(test.id.partition("::")[0] for test in tests))
        code = int(pytest.main([*_arguments(tree), "-x", "--tb=line", *files], plugins=[_Only(tests)]))
    finally:
        os._exit(code)


def try_units(work: tuple[int, Site]) -> tuple[int, str, str, float]:
    """Breaks one place in this worker's copy and runs the tests: number, what was done, what failed, seconds."""
    number, site = work
    file = _tree / site.path
    source = file.read_text(encoding="utf-8")
    text, change = broken(source, site)
    tests = tests_through(site, _tests)
    start = time.monotonic()
    file.write_text(text, encoding="utf-8")
    try:
        return number, change, _what_fails(_tree, tests), time.monotonic() - start
    finally:
        file.write_text(source, encoding="utf-8")


def _what_fails(tree: Path, tests: Sequence[Test]) -> str:
    """What fails twice, or nothing: a test that fails by chance shows nothing."""
    for _dear, group in itertools.groupby(tests, key=lambda test: test.dear):
        left = list(group)
        while left and (failed := run_tests(tree, left)):
            again = [test for test in left if failed.partition(" - ")[0] == test.id]
            if not again or run_tests(tree, again):
                return failed
            left = left[left.index(again[0]) + 1 :]
    return ""


def _begin(numbers: multiprocessing.Queue, tests: Sequence[Test]) -> None:  # type: ignore[type-arg]
    """Prepares a worker: a copy of its own, and what all its forks import."""
    global _tree, _tests
    _tree, _tests = collection_tree(f"mutate-{numbers.get()}"), tests
    sys.dont_write_bytecode = True
    for name in PRELOADED:
        importlib.import_module(name)


def try_integration(tree: Path, site: Site) -> str:
    """Breaks one place and runs all integration targets: the last thing that was said where they fail, or nothing."""
    file = tree / site.path
    source = file.read_text(encoding="utf-8")
    file.write_text(broken(source, site)[0], encoding="utf-8")
    try:
        with endpoint(CACHE / "mutate") as url:
            config = tree / "tests" / "integration" / "integration_config.yml"
            config.write_text(f"---\nwa_endpoint_url: {url}\n", encoding="utf-8")
            code, output = ansible_test_tool.ansible_test_quietly("integration", [], tree)
    finally:
        file.write_text(source, encoding="utf-8")
    if not code:
        return ""
    failed = re.findall(r"^(?:fatal: .*|TASK \[.*)$", output, re.MULTILINE)
    return " | ".join(failed[-2:])[:200] or output.strip().splitlines()[-1][:160]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make mutate ARGS=…", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--under", default="plugins/", help="where to break: a folder or file of plugins")
    parser.add_argument("--only", help="numbers of the mutations to try, of those that the seed chooses")
    parser.add_argument("--integration", action="store_true", help="try what units miss on the integration tests too")
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
    work = [(number, site) for number, site in enumerate(chosen, 1) if number in only]
    tests = known_tests(tree)
    print(f"{len(work)} mutations of {len(sites)} possible ones, seed {options.seed}, {len(tests)} tests", flush=True)

    results: Counter[str] = Counter()
    survivors: list[tuple[int, str]] = []
    numbers: multiprocessing.Queue[int] = multiprocessing.Queue()
    for number in range(AT_ONCE):
        numbers.put(number)
    with multiprocessing.Pool(AT_ONCE, _begin, (numbers, tests)) as pool:
        for number, change, failed, seconds in pool.imap_unordered(try_units, work):
            site = chosen[number - 1]
            line = f"{number:3} {site.path}:{site.lines.start}: {change}"
            results["units" if failed else "missed"] += 1
            if not failed:
                survivors.append((number, line))
            print(f"{line}\n      {failed[:160] or 'NOT CAUGHT'} ({seconds:.0f} s)", flush=True)
    left = []
    for number, line in sorted(survivors):
        failed = try_integration(tree, chosen[number - 1]) if options.integration else ""
        results["integration"] += bool(failed)
        if not failed:
            left.append(line)
        elif options.integration:
            print(f"{line}\n      integration: {failed}", flush=True)
    print(f"\nCaught by units: {results['units']} of {len(work)}")
    if options.integration:
        print(f"Caught by integration besides: {results['integration']}")
    print("\n".join(["Not caught:", *left] if left else ["All were caught."]))
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
