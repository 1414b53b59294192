# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""A report as one HTML page that needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .changes import CHANGES
from .reasons import REASONS, STATES, Row
from .rows import flat_shares

# page.html.j2 and page.css.
HERE = Path(__file__).parent
# In the order in which they are run: constants stand before what uses them at once.
SCRIPTS = ("data", "filter", "matrix", "list", "pieces", "events")
ROWS_WITHOUT_SCRIPTS = 2000
# What could end a script element or begin another one, or a comment in it.
IN_A_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def page(report: Mapping[str, Any], limit: int = ROWS_WITHOUT_SCRIPTS) -> str:
    """The page for ``report``. ``limit``: how many shares it lists where no script runs, the most urgent first."""
    # Its own, not Ansible's: it escapes whatever it is not told to leave, and knows no lookups.
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    style, script = _source("page.css"), whole_script()
    rows = most_urgent_first(flat_shares(report))
    anchors = {entry["where"]: position for position, entry in enumerate(report["declared"] or ())}
    return environment.get_template("page.html.j2").render(
        report=report,
        anchors=anchors,
        change_labels=CHANGES,
        several={"owners": len(_of(report, "owner", "account_id")) > 1, "regions": len(_of(report, "region")) > 1},
        rows=rows[:limit],
        more=max(0, len(rows) - limit),
        style=Markup(style),
        style_hash=csp_hash(style),
        script=Markup(script),
        script_hash=csp_hash(script),
        data=Markup(data_for_script(report)),
    )


def whole_script() -> str:
    """The page's script: its parts in a function of their own, so that nothing else sees their names."""
    parts = "\n".join(_source(f"script/{name}.js") for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def csp_hash(text: str) -> str:
    """The source expression that allows the inline script or style ``text``. Source: CSP Level 3, hash-source."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def most_urgent_first(rows: list[Row]) -> list[Row]:
    """The rows of ``flat_shares`` by what needs attention first."""
    urgency = {reason.name: position for position, reason in enumerate(REASONS)}
    return sorted(rows, key=lambda row: min((urgency[name] for name in row["attention"]), default=len(urgency)))


def data_for_script(report: Mapping[str, Any]) -> str:
    """The report as compact JSON for a script element: texts once, and each share as numbers that say which."""
    anchors = {entry["where"]: position for position, entry in enumerate(report["declared"] or ())}
    reasons = [group["reason"] for group in report["attention"]]
    tables: dict[str, dict[str, int]] = {
        "statuses": {},
        "permissions": {},
        "messages": {},
        "times": {},
        "ages": {},
        "ends": {},
        "whys": {},
    }

    def number(table: str, text: str) -> int:
        return tables[table].setdefault(text, len(tables[table]))

    principals = {principal["principal"]: position for position, principal in enumerate(report["principals"])}
    shares = [
        [
            position,
            principals[share["principal"]],
            number("statuses", share["status"]),
            number("permissions", share["permission_type"]),
            number("messages", share["status_message"]),
            number("times", share["first_seen"]),
            number("ages", share["pending_age"]),
            sum(1 << reasons.index(name) for name in share["attention"]),
            number("ends", share["until"]),
            number("whys", share["reason"]),
            anchors[share["declared"][0]] if share["declared"] else -1,
        ]
        for position, resource in enumerate(report["resources"])
        for share in resource["shares"]
    ]
    owners = {owner: position for position, owner in enumerate(_of(report, "owner", "account_id"))}
    regions = {region: position for position, region in enumerate(_of(report, "region"))}
    data = {
        "owners": list(owners),
        "regions": [region for (region,) in regions],
        "resources": [
            [
                *(row["resource"][key] for key in ("name", "kind", "id", "arn")),
                owners[row["owner"], row["account_id"]],
                regions[row["region"],],
            ]
            for row in report["resources"]
        ],
        "principals": [
            [principal[key] for key in ("principal", "kind", "account", "name")] for principal in report["principals"]
        ],
        "reasons": [[group["reason"], group["label"], group["level"]] for group in report["attention"]],
        "states": dict(STATES),
        "declared": None if report["declared"] is None else list(anchors),
        **{name: list(table) for name, table in tables.items()},
        "shares": shares,
    }
    # The encoder leaves nothing outside ASCII, so there are no line separators either.
    return json.dumps(data, separators=(",", ":")).translate(IN_A_SCRIPT)


def _of(report: Mapping[str, Any], *keys: str) -> list[tuple[str, ...]]:
    """What the resources of a report have under these keys, each once, in order."""
    return sorted({tuple(row[key] for key in keys) for row in report["resources"]})


def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
