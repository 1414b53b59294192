# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What moto keeps about every service beside its package, as moto's own scripts would have it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from botocore import xform_name
from moto.core.utils import get_service_model

from tests.emulator.service import NAME

URLS = r"https?://wellarchitected\.(.+)\.amazonaws\.com"
BACKEND = "WellArchitectedBackend"
#: the services that stand beside it in moto's lists
BEFORE, AFTER = "wafv2", "workspaces"


def backend_index(source: str) -> str:
    """moto/backend_index.py with the service: scripts/update_backend_index.py writes it, by name."""
    escaped = URLS.replace("\\", "\\\\")
    entry = f'    (\n        "{NAME}",\n        re.compile("{escaped}"),\n    ),\n'
    return _inserted(source, rf'^    \("{BEFORE}", re\.compile\(.*\)\),\n', lambda _found: entry, "backend_index.py")


def backends(source: str) -> str:
    """moto/backends.py with the service: the import of its types, its name, and the overload of `get_backend`."""
    changes = (
        (rf"^    from moto\.{BEFORE}\.models import \w+\n", f"    from moto.{NAME}.models import {BACKEND}\n"),
        (rf"^    \"Literal\['{BEFORE}'\]\",\n", f"    \"Literal['{NAME}']\",\n"),
        (
            rf"^@overload\ndef get_backend\(\s*name: \"Literal\['{BEFORE}'\]\",?\s*\) -> .*\n",
            f'@overload\ndef get_backend(\n    name: "Literal[\'{NAME}\']",\n) -> "BackendDict[{BACKEND}]": ...\n',
        ),
    )
    for place, text in changes:
        source = _inserted(source, place, lambda _found, text=text: text, "backends.py")
    return source


def _inserted(source: str, place: str, text: Callable[[re.Match[str]], str], where: str) -> str:
    """The source with `text` after the one match of `place`."""
    found = list(re.finditer(place, source, re.MULTILINE))
    if len(found) != 1:
        raise ValueError(f"moto/{where} of the installed moto is not as expected: {len(found)} matches of {place}")
    return source[: found[0].end()] + text(found[0]) + source[found[0].end() :]


def docs_page(models: str) -> str:
    """docs/docs/services/wellarchitected.rst, as scripts/implementation_coverage.py writes it from `models`."""
    backend = next(node for node in ast.parse(models).body if isinstance(node, ast.ClassDef) and node.name == BACKEND)
    served = {node.name: node for node in backend.body if isinstance(node, ast.FunctionDef)}
    title = "=" * len(NAME)
    lines = [
        f".. _implementedservice_{NAME}:",
        "",
        ".. |start-h3| raw:: html",
        "",
        "    <h3>",
        "",
        ".. |end-h3| raw:: html",
        "",
        "    </h3>",
        "",
        title,
        NAME,
        title,
        "",
        f".. autoclass:: moto.{NAME}.models.{BACKEND}",
        "",
        "|start-h3| Implemented features for this service |end-h3|",
        "",
    ]
    for operation in sorted(xform_name(name) for name in get_service_model(NAME).operation_names):
        lines.append(f"- [{'X' if operation in served else ' '}] {operation}")
        told = ast.get_docstring(served[operation], clean=False) if operation in served else None
        if told:
            lines += [f"  {told}", ""]
    return "\n".join([*lines, ""]) + "\n"
