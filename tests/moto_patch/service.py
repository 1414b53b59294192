# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service as moto would have it: without this project's switches, clock and notices, laid out by moto's rules."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from .folding import Defaults, drop, fold_all

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "tests" / "emulator" / "wellarchitected"
#: what the switches and the clock that can be moved are in
SWITCHES = "settings.py"
NOTICE = re.compile(r"\A(?:#.*\n)+\n")
#: imports of what is replaced: the switches, and the numbers, of which others are needed then
REPLACED = re.compile(r"^from \.(?:settings|limits) import .*\n", re.MULTILINE)
#: what only the endpoint asks the service for: its shortcut past moto's dispatcher, and the control API's list
ENDPOINTS = {"answer", "Asked", "asked", "all_shares"}
#: what moto takes by its name
MOTOS = {"url_bases", "url_paths", "wellarchitected_backends"}


def service_files() -> dict[str, str]:
    """The files of the service, by their path in moto."""
    from tests.emulator.service import service_settings  # makes the package moto's

    limits = importlib.import_module("moto.wellarchitected.limits")
    defaults = Defaults(
        switches=vars(service_settings.Settings()),
        named={"quotas": "QUOTAS", "max_results": "LARGEST_PAGES", "invitation_ttl_seconds": "INVITATION_TTL"},
        unused=frozenset({"lists_until_visible", "lists_while_associating", "unshared_at"}),
        constants={name: value for name, value in vars(limits).items() if name.isupper()},
    )
    for switch, constant in defaults.named.items():
        if defaults.switches[switch] != defaults.constants[constant]:
            raise ValueError(f"{constant} of limits.py is not the default of the switch {switch}.")
    sources = {
        path.name: drop(NOTICE.sub("", path.read_text(encoding="utf-8")), ENDPOINTS)
        for path in sorted(SOURCE.glob("*.py"))
        if path.name != SWITCHES
    }
    imports = dict.fromkeys(defaults.constants, "from .limits") | {"utcnow": "from moto.core.utils"}
    folded = {name: _with_imports(source, imports) for name, source in fold_all(sources, defaults).items()}
    whole = without_unused(folded)
    left = [f"{name}: {line}" for name, source in whole.items() for line in source.splitlines() if _SWITCH.search(line)]
    if left:
        raise ValueError(f"Switches are left in the service: {'; '.join(left)}")
    return {f"moto/wellarchitected/{name}": source for name, source in whole.items()}


_SWITCH = re.compile(r"\b(?:settings|clock)\.\w|README")


def _with_imports(source: str, imports: Mapping[str, str]) -> str:
    """The source with the imports (by name) of what was put into it."""
    source = REPLACED.sub("", source)
    tree = ast.parse(source)
    made = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - made
    more = [f"{imports[name]} import {name}\n" for name in sorted(read & imports.keys())]
    future = "from __future__ import annotations\n"
    return source.replace(future, "".join([future, *more]), 1) if more else source


def without_unused(sources: dict[str, str]) -> dict[str, str]:
    """Python files, as moto lays them out, without the imports, functions and constants that nothing uses any more."""
    while True:
        sources = {name: ruff(name, source) for name, source in sources.items()}
        words = re.findall(r"\w+", "\n".join(sources.values()))
        unused = {name for name in _names_of_files(sources) if words.count(name) == 1} - MOTOS
        if not unused:
            return sources
        sources = {name: drop(source, unused) for name, source in sources.items()}


def _names_of_files(sources: dict[str, str]) -> set[str]:
    found = set()
    for source in sources.values():
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("test_"):
                found.add(node.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found.update(target.id for target in targets if isinstance(target, ast.Name))
    return found - {"__all__"}


def ruff(path: str, source: str) -> str:
    """The file without imports that it does not need, in the layout of moto's ruff."""
    ruff = str(Path(sysconfig.get_path("scripts")) / "ruff")
    # the settings of moto's pyproject.toml that change files
    common = ["--isolated", "--no-cache", "--quiet", "--stdin-filename", path, "-"]
    rules = ["--target-version", "py310", "--select", "F401,I", "--config", 'lint.isort.known-first-party=["moto"]']
    for command in (["check", "--fix-only", *rules], ["format", "--target-version", "py310"]):
        source = subprocess.run(
            [ruff, *command, *common], input=source, capture_output=True, text=True, check=True
        ).stdout
    return source
