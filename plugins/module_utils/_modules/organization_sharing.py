# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Organization sharing on or off: the whole of wa_organization_sharing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._aws.service import WellArchitected
from .._engine.progress import Progress
from .._engine.visiting import Visit, Visitor
from .._model.grouping import as_message, counted_failures, failures_in_lines
from .._model.places import Place
from .options import places
from .task import connect, open_module, telling_faults


def main() -> None:
    module, params, faults = open_module(
        {
            "state": {"type": "str", "choices": ["enabled", "disabled"], "required": True},
            "regions": places()["regions"],
        }
    )
    with telling_faults(module):
        sessions, scope = connect(module, params, faults)
        faults.refuse()
        wanted: str = params["state"].upper()
        visitor = Visitor(sessions, scope, Progress())
        visits = visitor.visit(scope.places, _read)
        before = {visit.place: visit.found for visit in visits if visit.found is not None}
        if not module.check_mode:
            _set(visitor, visits, wanted)
        if len(visits) == 1 and visits[0].cause is not None:
            raise visits[0].cause
    left = {visit.place for visit in visits if visit.error}
    after = {place: status if place in left else wanted for place, status in before.items()}
    several = len(visits) > 1
    result: dict[str, Any] = {
        "changed": before != after,
        "places": [{**visit.as_result(), "organization_sharing_status": after.get(visit.place)} for visit in visits],
        "diff": {"before": _lines(before, several), "after": _lines(after, several)},
    }
    if left:
        module.fail_json(msg=_tell(visits), **result)
    module.exit_json(organization_sharing_status=wanted, **result)


def _read(_place: Place, service: WellArchitected) -> str:
    return service.organization_sharing()


def _set(visitor: Visitor, visits: Sequence[Visit[str]], wanted: str) -> None:
    """Sets it wherever it was read and is not as wanted; a failure is in the visit.

    One region after the other, all of them: AWS does not say whether the first call is for all regions.
    """

    def set_there(_place: Place, service: WellArchitected) -> None:
        service.set_organization_sharing(wanted)

    for visit in visits:
        if visit.found not in (None, wanted):
            (done,) = visitor.visit([visit.place], set_there)
            visit.error, visit.cause = done.error, done.cause


def _lines(statuses: Mapping[Place, str], several: bool) -> str:
    return "".join(
        f"organization sharing{f' in {place.region}' if several else ''}: {status}\n"
        for place, status in statuses.items()
    )


def _tell(visits: Sequence[Visit[Any]]) -> str:
    failed = [visit.as_failed() for visit in visits if visit.error]
    if len(visits) == 1:
        return visits[0].error or ""
    return as_message([*counted_failures(failed, len(visits), "regions"), *failures_in_lines(failed)])
