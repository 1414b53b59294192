# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""A report as CSV, one line for each share."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from .shape import ROW, Row, rows_of

COLUMNS = tuple(ROW)
# What a spreadsheet takes for the start of a formula, full-width forms included; where cells can begin besides at our
# own separators, by other locales and imports; and what can stand unseen before a sign. Source: OWASP, CSV Injection.
_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
_SEPARATORS = frozenset(";|\t\r\n")
_UNSEEN = re.compile(
    r"^[\s\";|\x00-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*|[\s\";|\x00-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)


def csv_text(report: Row) -> str:
    """The shares of the report: a line of headings, then one line for each share.

    What a spreadsheet would take for a formula gets an apostrophe in front, since others choose the names.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows_of(report):
        writer.writerow(_cell(row[column]) for column in COLUMNS)
    return text.getvalue()


def _cell(value: Any) -> str:
    text = " ".join(value) if isinstance(value, list) else value

    # Whole runs of unseen characters, so that the time stays proportional to the length.
    def protect(run: re.Match[str]) -> str:
        is_start = run.start() == 0 or not _SEPARATORS.isdisjoint(run[0])
        return (
            f"{run[0]}'" if is_start and text[run.end() : run.end() + 1] in _SIGNS and run.end() < len(text) else run[0]
        )

    protected = _UNSEEN.sub(protect, text)
    return f"'{protected}" if protected[:1] in ("\t", "\r", "\n") else protected
