# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""What a run took away from accounts that leave: in words, and as a file for whoever audits it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..module_utils._model.grouping import cut, fitting
from ..module_utils._model.invalid_input import InvalidInput

Row = Mapping[str, Any]

SHOWN = 2_000  # bytes of all lines, so that what a run prints stays under 4 KB
SHOWN_LINES = 12
NAMED_LENSES = 5
_USABLE = ("ACCEPTED", "ASSOCIATED")


def removed_rows(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every share that is gone, or in check mode would go, as it was. ``result``: of wa_shares."""
    return [
        {
            **row["resource"],
            **{key: share[key] for key in ("shared_with", "shared_with_name", "permission_type", "status", "share_id")},
        }
        for row in result.get("resources", ())
        for share in row["shares"]
        if share["action"] == "deleted"
    ]


def staying_lenses(rows: Sequence[Row]) -> list[str]:
    """The names of lenses that the accounts had accepted: workloads of theirs that use one keep it.

    Source: API reference, DeleteLensShare.
    """
    usable = [row for row in rows if row["kind"] == "lens" and row["status"] in _USABLE]
    return list(dict.fromkeys(str(row["name"] or row["id"]) for row in usable))


def in_lines(rows: Sequence[Row], check_mode: bool) -> list[str]:
    """What was removed, as far as anybody reads."""
    if not rows:
        return ["These accounts have nothing here."]
    word = "would be removed" if check_mode else "removed"
    head = f"{_count(len(rows), 'share')} {word}:"
    lines = [_line(row) for row in rows[:SHOWN_LINES]]
    if len(rows) > SHOWN_LINES:
        lines.append(f"and {len(rows) - SHOWN_LINES:,} more")
    kept = _named_lenses(staying_lenses(rows))
    return [*fitting([head, *lines], SHOWN - len("".join(kept).encode("utf-8", "backslashreplace"))), *kept]


def read_runs(path: str) -> list[Any]:
    """The runs that the file tells of so far; none where there is no file. Raises InvalidInput where it is another."""
    try:
        runs = json.loads(Path(path).read_text(encoding="utf-8"))["runs"]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError):
        runs = None
    if not isinstance(runs, list):
        raise InvalidInput([f"{path} is not a report of this playbook: name another file, or move it away"])
    return runs


def with_run(
    runs: Sequence[Any], result: Mapping[str, Any], accounts: Sequence[Row], now: datetime | None = None
) -> list[Any] | None:
    """The runs with this one; None where there is nothing to add to them.

    What earlier runs removed stays in the report. ``accounts``: those that leave.
    """
    if "resources" not in result:  # It was refused: nothing was done.
        return None
    rows = removed_rows(result)
    errors = [{**row["resource"], "error": row["error"]} for row in result["resources"] if "error" in row]
    places = list(result.get("places", ()))
    if runs and not (rows or errors or any("error" in place for place in places)):
        return None
    run = {
        "at": (now or datetime.now(timezone.utc)).isoformat(timespec="seconds"),
        "accounts": [dict(account) for account in accounts],
        "removed": rows,
        "kept_in_workloads_that_use_them": staying_lenses(rows),
        "failed": errors,
        "places": places,
    }
    return [*runs, run]


def report_text(runs: Sequence[Any]) -> str:
    """The report as JSON."""
    return json.dumps({"runs": runs}, indent=1, ensure_ascii=False) + "\n"


def _line(row: Row) -> str:
    name = " ".join(str(row["name"] or row["id"]).split())
    who = " ".join(filter(None, (row["shared_with"], row["permission_type"], row["status"])))
    return f"{row['account_id'] or 'this account'} {row['region']}: {row['kind']} {cut(name, 100)} with {who}"


def _named_lenses(lenses: Sequence[str]) -> list[str]:
    """The line of what nobody can take back; none where there is nothing."""
    if not lenses:
        return []
    named = ", ".join(cut(" ".join(name.split()), 60) for name in lenses[:NAMED_LENSES])
    more = f" and {len(lenses) - NAMED_LENSES:,} more" if len(lenses) > NAMED_LENSES else ""
    return [f"Workloads that use a lens already keep it, which nobody can take back: {named}{more}"]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
