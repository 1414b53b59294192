# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the tables in the READMEs with what they are about, or write them.

Usage: python tests/tools/docs_tables.py [--write]

A table stands between the comments `<!-- table: NAME -->` and `<!-- end of table -->`. NAME is `modules`, `roles`,
`plugins`, `playbooks`, `versions` or `variables of ROLE`. Without --write, the exit code is 1 if a table is not as it
would be written, or if one is missing.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from matrix import OLDEST_TARGET, RELEASES

ROOT = Path(__file__).resolve().parents[2]
TABLE = re.compile(r"(<!-- table: (?P<name>[^>]+?) -->\n)(?P<rows>.*?)(<!-- end of table -->)", re.DOTALL)
# What must be where.
REQUIRED = {"README.md": ("modules", "roles", "plugins", "playbooks", "versions")}


def markdown(text: str) -> str:
    """Ansible's markup as Markdown: names of other things by their last part."""
    text = re.sub(r"\b[OR]V?\((?:[\w.]+#\w+:)?([^)]+)\)", r"`\1`", text)
    text = re.sub(r"\b[VCE]\(([^)]*)\)", r"`\1`", text)
    text = re.sub(r"\b[MP]\((?:\w+\.){2}(\w+)(?:#\w+)?\)", r"`\1`", text)
    return " ".join(text.split()).replace("|", "\\|")


def paragraph(description: str | list[str]) -> str:
    """A description, which is a text or a list of texts, on one line."""
    texts = [description] if isinstance(description, str) else description
    return markdown(" ".join(texts))


def plugin_documentation(path: Path) -> dict[str, Any]:
    """The DOCUMENTATION of a plugin."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION":
            return yaml.safe_load(ast.literal_eval(node.value))
    raise ValueError(f"{path} has no DOCUMENTATION")


def argument_specs(role: str) -> dict[str, Any]:
    """The argument specs of a role's tasks/main.yml."""
    path = ROOT / "roles" / role / "meta" / "argument_specs.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]


REQUIRED_VARIABLE = "Required. "
"""How the description of a variable begins that has to be set: the specs of the roles leave it to the modules."""


def default_of(option: dict[str, Any], in_defaults: bool) -> str:
    """The default of a role's variable, as the table shows it."""
    if paragraph(option["description"]).startswith(REQUIRED_VARIABLE):
        return "required"
    if "default" not in option:
        return "see there" if in_defaults else ""
    return f"`{yaml.safe_dump(option['default'], default_flow_style=True, width=200).replace('...', '').strip()}`"


def module_rows() -> Iterator[tuple[str, ...]]:
    yield "module", "what it does"
    for path in sorted(ROOT.glob("plugins/modules/*.py")):
        yield f"`{path.stem}`", markdown(plugin_documentation(path)["short_description"])


def plugin_rows() -> Iterator[tuple[str, ...]]:
    yield "plugin", "kind", "what it does"
    for path in sorted(ROOT.glob("plugins/inventory/*.py")):
        yield f"`{path.stem}`", "inventory", markdown(plugin_documentation(path)["short_description"])


def role_rows() -> Iterator[tuple[str, ...]]:
    yield "role", "what it does"
    for path in sorted(ROOT.glob("roles/*")):
        yield f"[`{path.name}`](roles/{path.name}/README.md)", markdown(argument_specs(path.name)["short_description"])


def playbook_rows() -> Iterator[tuple[str, ...]]:
    """The first sentence of each playbook's first comment is what it does."""
    yield "playbook", "what it does"
    for path in sorted(ROOT.glob("playbooks/*.yml")):
        comment = re.search(r"^# (.+?)\.$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        text = comment[1].replace("\n# ", " ") if comment else ""
        yield f"`{path.stem}`", markdown(text.split(". ")[0])


def variable_rows(role: str) -> Iterator[tuple[str, ...]]:
    defaults = (ROOT / "roles" / role / "defaults" / "main.yml").read_text(encoding="utf-8")
    yield "variable", "default", "meaning"
    for name, option in argument_specs(role)["options"].items():
        meaning = paragraph(option["description"]).removeprefix(REQUIRED_VARIABLE)
        yield f"`{name}`", default_of(option, f"\n{name}:" in defaults), meaning


def version_rows() -> Iterator[tuple[str, ...]]:
    yield "ansible-core", "in ansible", "Python of the controller", "Python where the modules run"
    for release in RELEASES:
        newest = f"3.{release.newest_python}"
        controller, target = f"3.{release.oldest_controller} to {newest}", f"3.{OLDEST_TARGET} to {newest}"
        yield release.core, str(release.ansible), controller, target


def rows_of(name: str) -> Iterator[tuple[str, ...]]:
    """The rows of the table of this name, the headings first. Raises ValueError for a name that means none."""
    tables = {
        "modules": module_rows,
        "plugins": plugin_rows,
        "roles": role_rows,
        "playbooks": playbook_rows,
        "versions": version_rows,
    }
    if name in tables:
        return tables[name]()
    if name.startswith("variables of "):
        return variable_rows(name.removeprefix("variables of "))
    raise ValueError(f"There is no table {name!r}. There are: {', '.join(tables)}, variables of ROLE.")


def table(name: str) -> str:
    """The table of this name in Markdown."""
    headings, *rows = rows_of(name)
    return "".join(f"| {' | '.join(row)} |\n" for row in (headings, ("---",) * len(headings), *rows))


def with_tables(text: str) -> str:
    """The text of a document with all its tables written anew."""
    return TABLE.sub(lambda match: f"{match[1]}{table(match['name'])}{match[4]}", text)


def documents() -> list[Path]:
    """The documents that have tables."""
    return [ROOT / "README.md", *sorted(ROOT.glob("roles/*/README.md"))]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Compare the tables in the READMEs with what they are about.")
    parser.add_argument("--write", action="store_true", help="write the tables")
    write = parser.parse_args(arguments).write
    faults = []
    for path in documents():
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        required = REQUIRED.get(name, (f"variables of {path.parent.name}",))
        present = {match["name"] for match in TABLE.finditer(text)}
        faults.extend(f"{name}: the table {wanted!r} is missing" for wanted in required if wanted not in present)
        written = with_tables(text)
        if written != text and write:
            path.write_text(written, encoding="utf-8")
        elif written != text:
            faults.append(f"{name}: a table is out of date: run python tests/tools/docs_tables.py --write")
    print("\n".join(faults) or "The tables are up to date.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
