# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of role wa_share_report as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from ansible_collections.wellarchitected.sharing.plugins.filter.share_report import flat_shares

DOCUMENTATION = r"""
name: share_report_csv
short_description: Write a share report as CSV
version_added: 1.0.0
description:
  - Writes what P(wellarchitected.sharing.share_report#filter) returned as CSV, one line for each share.
  - Text that a spreadsheet would take for a formula gets an apostrophe in front, since others choose the names in it.
options:
  _input:
    description: The report.
    type: dict
    required: true
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Show a report without shares
  ansible.builtin.debug:
    msg: >-
      {{ [] | wellarchitected.sharing.share_report(now='2026-01-31T12:00:00Z')
            | wellarchitected.sharing.share_report_csv }}
"""

RETURN = r"""
_value:
  description: The text of the CSV file, with a line of headings.
  type: str
"""

COLUMNS = (
    "owner",
    "owner_account",
    "region",
    "kind",
    "resource_name",
    "resource_id",
    "resource_arn",
    "shared_with",
    "principal_kind",
    "account",
    "account_name",
    "permission_type",
    "status",
    "state",
    "status_message",
    "attention",
    "first_seen",
    "share_id",
)
# Source: OWASP, CSV Injection. The full-width forms are taken for the same signs.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def share_report_csv(report: Mapping[str, Any]) -> str:
    """The shares of ``report`` as CSV text: a line of headings, then one line for each share."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in flat_shares(report):
        writer.writerow(_cell(row[column]) for column in COLUMNS)
    return text.getvalue()


def _cell(value: Any) -> str:
    text = " ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"share_report_csv": share_report_csv}
