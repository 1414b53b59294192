# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What is shared with whom: the whole of wa_share_info."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._engine.adopting import as_declared
from .._engine.declaration import parse_entries
from .._engine.finding import Filters, find_shares, summarize
from .._engine.progress import watched_progress
from .._engine.results import listed_result
from .._engine.settings import Defaults, Settings
from .._model.grouping import Failed, as_message, counted_failures, failures_in_lines
from .._model.invalid_input import Faults
from .._model.kinds import KINDS
from .._model.principals import Principal, parse_principals
from .._model.reading import Options, read_options
from .._model.resources import Resource
from .._model.shares import STATUSES
from .options import entry, places, principals
from .task import connect, least, open_module, telling_faults, warn

DECLARATION = "declaration"


def main() -> None:
    module, params, faults = open_module(
        {
            **{kind.option: {"type": "list", "elements": "str"} for kind in KINDS.values()},
            "status": {"type": "list", "elements": "str", "choices": list(STATUSES)},
            "shared_with": {"type": "list", "elements": "str"},
            "principals": principals(),
            "declaration": {"type": "list", "elements": "dict"},
            "concurrency": {"type": "int", "default": 8},
            **places(),
        }
    )
    with telling_faults(module, changes=False, beside_action=True):
        least(params, faults, concurrency=1)
        sessions, scope = connect(module, params, faults, params["concurrency"])
        wanted: tuple[Principal, ...] = ()
        with faults.collected():
            wanted = parse_principals("shared_with", params["shared_with"] or (), sessions.names.read)
        filters = Filters(frozenset(params["status"] or ()), frozenset(wanted))
        names = {kind: params[kind.option] for kind in KINDS.values() if params[kind.option] is not None}
        settings = Settings(concurrency=params["concurrency"], progress=watched_progress())
        # Whoever is not declared has no terms: an entry without principals is none to refuse.
        defaults = Defaults([], purge_shares=True, names=sessions.names)
        declared = parse_entries(
            _read_entries(params["declaration"] or (), faults), defaults, scope, faults, DECLARATION
        )
        located, visits = find_shares(sessions, scope, names, filters, settings, warn, faults, declared)
    terms = {visit.place: visit.found.terms for visit in visits if visit.found is not None}
    listed = [item for _place, item in located]
    result: dict[str, Any] = {
        "changed": False,
        "resources": [listed_result(item, place) for place, item in located],
        "declared": [
            declared_entry
            for place, item in located
            if (declared_entry := as_declared(item, terms[place].get(item.resource.key, {}), filters.keep_live_out))[
                "shared_with"
            ]
        ],
        "declared_is_partial": filters.keep_live_out,
        "summary": summarize(listed),
        "places": [visit.as_result() for visit in visits],
    }
    failed = [_as_failed(item.resource, item.error) for item in listed if item.error]
    unread = [visit.as_failed() for visit in visits if visit.error]
    if failed or unread:
        heads = [*counted_failures(unread, len(visits), "places"), *counted_failures(failed, len(listed), "resources")]
        module.fail_json(msg=as_message([" ".join(heads), *failures_in_lines([*unread, *failed])]), **result)
    module.exit_json(**result)


def _read_entries(given: Sequence[Any], faults: Faults) -> list[Options]:
    """The entries, each with the options of wa_shares. What could not be read as an entry was told."""
    return [
        read_options(entry(), item, faults.found, f"{DECLARATION}[{index}]")
        for index, item in enumerate(given)
        if not isinstance(item, Options)
    ]


def _as_failed(resource: Resource, error: str) -> Failed:
    texts = (resource.label, resource.id, resource.arn or "")
    return Failed(resource.kind.label, resource.name or resource.id, error, (error,), texts)
