# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The whole of wa_share_invitation_info."""

from __future__ import annotations

from typing import Any

from .._aws.service import WellArchitected
from .._engine.progress import watched_progress
from .._engine.visiting import Visit, Visitor, without_a_way_in
from .._model.grouping import as_message, counted_failures, failures_in_lines
from .._model.invitations import Conditions, Invitation, parse_conditions, read_invitations
from .._model.places import Place
from .options import invitation_conditions, places
from .share_invitation import invitation_row
from .task import connect, open_module, telling_faults

CONCURRENCY = 8
"""As in the other modules: four times as many places are asked at once."""


def main() -> None:
    module, params, faults = open_module({**invitation_conditions(), **places()})
    with telling_faults(module, changes=False):
        sessions, scope = connect(module, params, faults, CONCURRENCY)
        wanted = Conditions()
        with faults.collected():
            wanted = parse_conditions(params, sessions.partition)
        faults.found.extend(without_a_way_in(sessions, scope.places))
        faults.refuse()

        def look(_place: Place, service: WellArchitected) -> tuple[list[Invitation], list[str]]:
            return read_invitations(service.list_invitations(wanted.only_type), wanted)

        visitor = Visitor(sessions, scope, watched_progress())
        visits = visitor.visit(scope.places, look)
        if not scope.several and visits and visits[0].cause is not None:
            raise visits[0].cause
    rows: list[dict[str, Any]] = []
    for visit in visits:
        found, unread = visit.found or ([], [])
        rows.extend(invitation_row(visit.place, invitation) for invitation in found)
        visit.error = ". ".join(unread) or visit.error
    result = {"changed": False, "invitations": rows, "places": [visit.as_result() for visit in visits]}
    if any(visit.error for visit in visits):
        module.fail_json(msg=_tell(visits), **result)
    module.exit_json(**result)


def _tell(visits: list[Visit[Any]]) -> str:
    failed = [visit.as_failed() for visit in visits if visit.error]
    if len(visits) == 1:
        return visits[0].error or ""
    return as_message([*counted_failures(failed, len(visits), "places"), *failures_in_lines(failed)])
