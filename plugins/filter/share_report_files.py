# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of role wa_share_report as its files want it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.wellarchitected.sharing.plugins.filter.share_report import (
    REASONS,
    STATES,
    flat_shares,
    never_a_template,
)
from ansible_collections.wellarchitected.sharing.plugins.filter.share_report_csv import share_report_csv

DOCUMENTATION = r"""
name: share_report_files
short_description: Make a share report ready for the files of role wa_share_report
version_added: 1.0.0
description:
  - Turns what P(wellarchitected.sharing.share_report#filter) returned into the texts of the CSV and JSON files, and
    into what the page shows.
options:
  _input:
    description: The report.
    type: dict
    required: true
  limit:
    description: How many rows the page shows where no script runs.
    type: int
    default: 2000
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Show the JSON file of a report without shares
  ansible.builtin.debug:
    msg: >-
      {{ ([] | wellarchitected.sharing.share_report(now='2026-01-31T12:00:00Z')
             | wellarchitected.sharing.share_report_files).json }}
"""

RETURN = r"""
_value:
  description:
    - All of the report but C(resources), which may be large, and what follows.
  type: dict
  contains:
    csv:
      description: The text of the CSV file.
      type: str
    json:
      description: The text of the JSON file.
      type: str
    data:
      description: JSON for the page's script. May stand in a C(script) element as it is.
      type: str
    rows:
      description: The first shares, those that need attention before the others, for where no script runs.
      type: list
      elements: dict
    more:
      description: How many shares there are beyond those.
      type: int
"""

# What could end a script element or begin another one, or a comment in it.
IN_A_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def share_report_files(report: Mapping[str, Any], limit: int = 2000) -> dict[str, Any]:
    """What the templates of the files need of ``report``: shapes are in RETURN.

    The large parts become texts here. Ansible takes much longer to hand 60,000 dictionaries from task to task.
    """
    rows = flat_shares(report)
    urgency = {reason.name: position for position, reason in enumerate(REASONS)}
    rows.sort(key=lambda row: min((urgency[name] for name in row["attention"]), default=len(urgency)))
    shown = rows[: int(limit)]
    return never_a_template(
        {
            **{key: value for key, value in report.items() if key not in ("resources", "remembered")},
            "csv": share_report_csv(report),
            "json": json.dumps(report, indent=1, ensure_ascii=False) + "\n",
            "data": _data(report),
            "rows": shown,
            "more": len(rows) - len(shown),
        }
    )


def _data(report: Mapping[str, Any]) -> str:
    """The report as compact JSON: texts once, and each share as numbers that say which."""
    reasons = [group["reason"] for group in report["attention"]]
    tables: dict[str, dict[str, int]] = {"statuses": {}, "permissions": {}, "messages": {}, "times": {}}

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
            sum(1 << reasons.index(name) for name in share["attention"]),
        ]
        for position, resource in enumerate(report["resources"])
        for share in resource["shares"]
    ]
    data = {
        "resources": [
            [*(row["resource"][key] for key in ("name", "kind", "id", "arn")), row["owner"], row["region"]]
            for row in report["resources"]
        ],
        "principals": [
            [principal[key] for key in ("principal", "kind", "account", "name")] for principal in report["principals"]
        ],
        "reasons": [[group["reason"], group["label"]] for group in report["attention"]],
        "states": dict(STATES),
        **{name: list(table) for name, table in tables.items()},
        "shares": shares,
    }
    # The encoder leaves nothing outside ASCII, so there are no line separators either.
    text = json.dumps(data, separators=(",", ":"))
    for sign, escaped in IN_A_SCRIPT.items():
        text = text.replace(sign, escaped)
    return text


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"share_report_files": share_report_files}
