# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Any number of resources: the whole of wa_shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._engine.approving import Approved, parse_approved
from .._engine.declaration import parse_entries
from .._engine.progress import watched_progress
from .._engine.results import as_failed, diff, resource_result, summarize, warn_of_dead
from .._engine.settings import Defaults, Settings
from .._engine.sharing import Shared, share
from .._model.grouping import as_message, counted_failures, failures_in_lines
from .._model.invalid_input import Faults
from .options import many_resources
from .task import allowed_principals, connect, least, open_module, telling_faults, warn


def main() -> None:
    module, params, faults = open_module(many_resources())
    with telling_faults(module, beside_action=True):
        least(params, faults, concurrency=1, max_removals=0, wait_timeout=0)
        sessions, scope = connect(module, params, faults, params["concurrency"])
        settings = Settings(
            check_mode=module.check_mode,
            concurrency=params["concurrency"],
            wait=params["wait"],
            wait_timeout=params["wait_timeout"],
            allowed_principals=allowed_principals(params, sessions.names, faults),
            max_removals=params["max_removals"],
            approved=_approved(params, faults),
            progress=watched_progress(),
        )
        defaults = Defaults(
            params["shared_with"],
            params["permission_type"],
            params["purge_shares"],
            frozenset(params["renew"]),
            names=sessions.names,
        )
        entries = parse_entries(params["resources"] or (), defaults, scope, faults)
        shared = share(sessions, scope, entries, defaults, settings, warn, faults)
        if not params["resources"]:
            warn("resources is empty: nothing is declared, so nothing was done")
    works = [work for _place, work in shared.works]
    warn_of_dead(works, warn)
    result: dict[str, Any] = {
        "changed": any(work.changed for work in works),
        "resources": [resource_result(work, place, defaults.now) for place, work in shared.works],
        "summary": summarize(works),
        "plan": shared.plan,
        "places": [visit.as_result() for visit in shared.visits],
        "diff": diff(works),
    }
    if any(work.error for work in works) or any(visit.error for visit in shared.visits):
        module.fail_json(msg=_tell(shared, result["summary"]), **result)
    module.exit_json(**result)


def _approved(params: Mapping[str, Any], faults: Faults) -> Approved | None:
    """The guard rail; None where it is not set, or cannot be read."""
    if params["approved_plan"] is not None:
        with faults.collected():
            return parse_approved(params["approved_plan"])
    return None


def _tell(shared: Shared, summary: dict[str, int]) -> str:
    """What was done in numbers, and why the rest was not: equal errors once, each on a line of its own."""
    works = [work for _place, work in shared.works]
    failed = [as_failed(work) for work in works if work.error]
    places = [visit.as_failed() for visit in shared.visits if visit.error]
    counts = {**summary, "failed": 0, "not done": sum(len(work.not_done) for work in works)}
    done = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    heads = [
        *counted_failures(places, len(shared.visits), "places"),
        *counted_failures(failed, len(works), "resources"),
    ]
    head = f"{' '.join(heads)} Shares: {done or 'none was touched'}."
    return as_message([head, *failures_in_lines([*places, *failed])])
