# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the generated tables in READMEs, or write them.

Usage: python tests/tools/docs_tables.py [--write]

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`. NAME is `modules`, `roles`, `playbooks`,
`plugins`, `versions`, `module_utils` or `variables of ROLE`. Without --write, the exit code is 1 if a table is out of
date or missing.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from matrix import OLDEST_TARGET, RELEASES

ROOT = Path(__file__).resolve().parents[2]
TABLE = re.compile(r"(<!-- table: ([^>]+?) -->\n).*?(<!-- end of table -->)", re.DOTALL)
# Ansible's markup. A backslash escapes a character in it.
MARKUP = re.compile(r"\b(?P<code>[A-Z]{1,2})\((?P<text>(?:\\.|[^\\)])*)\)")
# The first sentence of the first comment that is not about the license.
FIRST_SENTENCE = re.compile(r"^# (?!Copyright|GNU|SPDX)(.+?)(?:\.$|\. )", re.MULTILINE | re.DOTALL)
PLUGINS = {"inventory": "inventory", "filter": "filter"}

Row = tuple[str, ...]


def markdown(description: str | Iterable[str]) -> str:
    """A description in Ansible's markup as one line of Markdown."""
    text = description if isinstance(description, str) else " ".join(description)

    def replace(found: re.Match[str]) -> str:
        content = re.sub(r"\\(.)", r"\1", found["text"])
        if found["code"] in ("O", "RV"):  # [FQCN#TYPE:][ENTRY POINT:]NAME
            content = content.rpartition(":")[2] if "#" in content else content
        if found["code"] in ("M", "P"):  # FQCN[#TYPE]
            content = content.partition("#")[0].rpartition(".")[2]
        return content if found["code"] in "IBU" else f"`{content}`"

    return " ".join(MARKUP.sub(replace, text).split()).replace("|", "\\|")


def python_text(path: Path, name: str | None) -> str:
    """The text that a Python file assigns to this name; without a name, its docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if name is None:
        return ast.get_docstring(tree) or ""
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return str(ast.literal_eval(node.value))
    raise ValueError(f"{path} has no {name}.")


def short_description(path: Path) -> str:
    """The short description of a plugin: of its DOCUMENTATION, or of its YAML file."""
    text = path.read_text(encoding="utf-8") if path.suffix == ".yml" else python_text(path, "DOCUMENTATION")
    document = yaml.safe_load(text)
    return markdown(document.get("DOCUMENTATION", document)["short_description"])


def argument_spec(role: str) -> dict[str, Any]:
    text = (ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    spec: dict[str, Any] = yaml.safe_load(text)["argument_specs"]["main"]
    return spec


def module_rows() -> Iterator[Row]:
    yield "module", "description"
    for path in sorted(ROOT.glob("plugins/modules/*.py")):
        yield f"`{path.stem}`", short_description(path)


def plugin_rows() -> Iterator[Row]:
    yield "plugin", "type", "description"
    for folder, kind in PLUGINS.items():
        for path in sorted(ROOT.glob(f"plugins/{folder}/*")):
            if path.suffix == ".yml" or (path.suffix == ".py" and not path.with_suffix(".yml").exists()):
                yield f"`{path.stem}`", kind, short_description(path)


def role_rows() -> Iterator[Row]:
    yield "role", "description"
    for path in sorted(ROOT.glob("roles/*/meta/argument_specs.yml")):
        role = path.parents[1].name
        yield f"[`{role}`](roles/{role}/README.md)", markdown(argument_spec(role)["short_description"])


def playbook_rows() -> Iterator[Row]:
    """A playbook's description is the first sentence of its first comment."""
    yield "playbook", "description"
    for path in sorted(ROOT.glob("playbooks/*.yml")):
        comment = FIRST_SENTENCE.search(path.read_text(encoding="utf-8"))
        yield f"`{path.stem}`", markdown(comment[1].replace("\n#", "") if comment else "")


def version_rows() -> Iterator[Row]:
    yield "ansible-core", "in ansible", "Python of the control node", "Python where the modules run"
    for release in RELEASES:
        newest = f"3.{release.newest_python}"
        control, managed = f"3.{release.oldest_controller} to {newest}", f"3.{OLDEST_TARGET} to {newest}"
        yield release.core, str(release.ansible), control, managed


def module_utils_rows() -> Iterator[Row]:
    """In the order of the contract in .importlinter that names each file."""
    yield "file", "subject"
    contract = (ROOT / ".importlinter").read_text(encoding="utf-8")
    paths = {path.stem: path for path in ROOT.glob("plugins/module_utils/_*.py") if path.stem != "__init__"}
    for name in sorted(paths, key=lambda name: (-contract.rfind(f"{name}\n"), name)):
        yield f"`{name}`", python_text(paths[name], None).split("\n")[0].rstrip(".")


def variable_rows(role: str) -> Iterator[Row]:
    yield "variable", "type", "default", "description"
    for name, option in argument_spec(role)["options"].items():
        kind = str(option.get("type", "str"))
        kind += f" of {option['elements']}" if "elements" in option else ""
        default = yaml.safe_dump(option.get("default"), default_flow_style=True, width=200).replace("...", "").strip()
        shown = "required" if option.get("required") else f"`{default}`" if "default" in option else ""
        choices = ", ".join(f"`{choice}`" for choice in option.get("choices", ()))
        description = markdown(option["description"]) + (f" One of {choices}." if choices else "")
        yield f"`{name}`", kind, shown, description


TABLES = {
    "modules": module_rows,
    "plugins": plugin_rows,
    "roles": role_rows,
    "playbooks": playbook_rows,
    "versions": version_rows,
    "module_utils": module_utils_rows,
}


def table(name: str) -> str:
    """The table of this name in Markdown."""
    rows = TABLES[name]() if name in TABLES else variable_rows(name.removeprefix("variables of "))
    headings, *others = rows
    return "".join(f"| {' | '.join(row)} |\n" for row in (headings, ("---",) * len(headings), *others))


def with_tables(text: str) -> str:
    """The text of a document with all its tables up to date."""
    return TABLE.sub(lambda found: f"{found[1]}{table(found[2])}{found[3]}", text)


def expected_tables() -> dict[Path, set[str]]:
    """The documents with tables, and the tables that each must have."""
    readme = {"modules", "roles", "plugins", "playbooks", "versions"}
    roles = {path: {f"variables of {path.parent.name}"} for path in sorted(ROOT.glob("roles/*/README.md"))}
    return {ROOT / "README.md": readme, ROOT / "docs" / "dev" / "architecture.md": {"module_utils"}, **roles}


def main(arguments: list[str]) -> int:
    errors = []
    for path, expected in expected_tables().items():
        name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        missing = expected - {found[2] for found in TABLE.finditer(text)}
        errors.extend(f"{name}: the table {table_name!r} is missing." for table_name in sorted(missing))
        if (written := with_tables(text)) == text:
            continue
        if "--write" in arguments:
            path.write_text(written, encoding="utf-8")
        else:
            errors.append(f"{name}: a table is out of date. Run python tests/tools/docs_tables.py --write.")
    print("\n".join(errors) or "The tables are up to date.")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
