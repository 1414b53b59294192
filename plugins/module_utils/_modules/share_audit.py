# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What differs from what is declared: the whole of wa_share_audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._engine.auditing import Audited, audit
from .._engine.comparing import FAIL, IGNORE, NOT_LISTED, REPORT, Difference, Rules
from .._engine.declaration import parse_entries
from .._engine.progress import watched_progress
from .._engine.results import declared_rows, listed_result
from .._engine.settings import Defaults, Settings
from .._model.grouping import counted_failures, failures_in_lines
from .options import declared
from .task import connect, least, open_module, telling_faults, warn

TOLD_AT_MOST = 20  # differences in the message; the return values have them all
LONGEST = 1200  # characters of all of them: Ansible prints them twice where the audit fails, and that in under 4 KB


def main() -> None:
    module, params, faults = open_module(
        {
            **declared(),
            "undeclared": {"type": "str", "choices": [FAIL, REPORT, IGNORE], "default": FAIL},
            "ignore": {"type": "list", "elements": "str", "default": []},
            "fail_on_drift": {"type": "bool", "default": True},
        }
    )
    with telling_faults(module, changes=False, beside_action=True):
        least(params, faults, concurrency=1)
        sessions, scope = connect(module, params, faults, params["concurrency"])
        # Whoever is not declared is not to have access: an empty list needs no purge_shares.
        defaults = Defaults(params["shared_with"], params["permission_type"], purge_shares=True, names=sessions.names)
        entries = parse_entries(params["resources"] or (), defaults, scope, faults)
        rules = Rules(params["undeclared"], tuple(params["ignore"]))
        settings = Settings(concurrency=params["concurrency"], progress=watched_progress())
        audited = audit(sessions, scope, entries, defaults, rules, settings, warn, faults)
        if not params["resources"] and any(item.shares for _place, item in audited.listed):
            warn("resources is empty: nothing is declared, so whatever is shared was not declared")
    found = audited.comparison
    not_listed = [difference for difference in found.drift if difference.what == NOT_LISTED]
    unread = [visit for visit in audited.visits if visit.error]
    result: dict[str, Any] = {
        "changed": False,
        "drift": [difference.as_result() for difference in found.drift],
        "undeclared": [difference.as_result() for difference in found.undeclared],
        "declared": [row for place, item in audited.declared for row in declared_rows(item, place)],
        "resources": [listed_result(item, place) for place, item in audited.listed],
        "summary": _summarize(audited, len(not_listed)),
        "places": [visit.as_result() for visit in audited.visits],
        "passed": not (unread or not_listed or (found.drift and params["fail_on_drift"])),
        "msg": _tell(audited, not_listed),
    }
    if not result["passed"]:
        module.fail_json(**result)
    module.exit_json(**result)


def _summarize(audited: Audited, failed: int) -> dict[str, int]:
    found = audited.comparison
    return {
        "resources": len(audited.listed),
        "declared": len(audited.declared),
        "left_out": found.left_out,
        "shares": sum(len(item.shares) for _place, item in audited.listed),
        "drift": len(found.drift),
        "undeclared": len(found.undeclared),
        "failed": failed,
    }


def _tell(audited: Audited, not_listed: Sequence[Difference]) -> str:
    """What was compared and what differs: a line for each difference, as far as anybody reads."""
    found = audited.comparison
    lines: list[str] = []
    unread = [visit.as_failed() for visit in audited.visits if visit.error]
    if unread:
        lines.extend([*counted_failures(unread, len(audited.visits), "places"), *failures_in_lines(unread)])
    if not_listed:
        lines.append(f"The shares of {_count(len(not_listed), 'resource')} could not be listed.")
    if found.drift:
        lines.append(f"{_count(len(found.drift), 'difference')} from what is declared:")
        lines.extend(_first([*not_listed, *(one for one in found.drift if one.what != NOT_LISTED)], "drift"))
    elif not audited.declared:
        lines.append("Nothing is declared, so nothing was compared.")
    elif found.undeclared:
        lines.append("Everything that is declared is shared as declared.")
    else:
        lines.append(
            f"Everything is shared as declared: {_count(len(audited.listed) - found.left_out, 'resource')} compared."
        )
    if found.undeclared:
        lines.append(f"{_count(len(found.undeclared), 'share')} of resources that nobody declared:")
        lines.extend(_first(found.undeclared, "undeclared"))
    if found.left_out:
        lines.append(f"Left out, since nobody declared them: {_count(found.left_out, 'resource')}.")
    return "\n".join(lines)


def _first(found: Sequence[Difference], where: str) -> list[str]:
    """The first lines, and where the others are."""
    lines: list[str] = []
    for difference in found[:TOLD_AT_MOST]:
        if lines and sum(map(len, lines)) + len(difference.text) > LONGEST:
            break
        lines.append(difference.text)
    more = len(found) - len(lines)
    return [*lines, f"and {more} more: they are in {where}"] if more else lines


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
