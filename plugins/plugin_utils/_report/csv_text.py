# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""A report as CSV, one line for each share."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

from .rows import flat_shares

COLUMNS = (
    "owner",
    "account_id",
    "region",
    "kind",
    "resource_name",
    "resource_id",
    "resource_arn",
    "shared_with",
    "principal_kind",
    "principal_account_id",
    "principal_name",
    "permission_type",
    "status",
    "state",
    "status_message",
    "attention",
    "first_seen",
    "pending_age",
    "until",
    "reason",
    "declared",
    "share_id",
)
# Where a spreadsheet may begin a cell: at the start of ours, and after what other locales and imports separate cells
# by. What is not seen may stand before the sign, and a quote may end where ours begins.
# Source: OWASP, CSV Injection. The full-width forms are taken for the same signs.
_STARTS = r"(?:^|(?<=[;|\t\r\n]))"
_UNSEEN = r"[\s\"\x00-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
_SIGNS = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(rf"{_STARTS}(?={_UNSEEN}{_SIGNS})|^(?=[\t\r\n])")


def csv_text(report: Mapping[str, Any]) -> str:
    """The shares of ``report`` as CSV text: a line of headings, then one line for each share.

    What a spreadsheet would take for a formula gets an apostrophe in front, since others choose the names.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in flat_shares(report):
        writer.writerow(_cell(row[column]) for column in COLUMNS)
    return text.getvalue()


def _cell(value: Any) -> str:
    return _FORMULA.sub("'", " ".join(value) if isinstance(value, list) else str(value))
