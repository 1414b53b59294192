# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the results of the steps that share one resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

NAME = "Payments 000"
SHAPE = {"action", "permission_type", "share_id", "shared_with", "shared_with_name", "status", "status_message"}

Result = Mapping[str, Any]


def step_faults(taken: Sequence[Result], kind: str, made: Mapping[str, Any]) -> list[str]:
    """What is wrong, each with the rule of its step.

    ``taken``: the results of a loop over steps, each with its ``step``. ``made``: the resource {arn, id}.
    """
    found = [fault for result in taken for fault in _faults(result, kind, made)]
    found += [
        f"{run['step']['rule']}: {what} is {run[what]}, and check mode said {predicted[what]}"
        for predicted, run in pairwise(taken)
        if run["step"].get("as_predicted")
        for what in ("diff", "shares")
        if _without_ids(run[what]) != _without_ids(predicted[what])
    ]
    return found


def _faults(result: Result, kind: str, made: Mapping[str, Any]) -> Iterator[str]:
    step = result["step"]
    checks = _refused(result) if "refused" in step else _done(result, kind, made)
    for what, found, wanted in checks:
        if found != wanted:
            yield f"{step['rule']}: {what} is {found}, not {wanted}"


def _refused(result: Result) -> Iterator[tuple[str, Any, Any]]:
    """Each thing to look at, with what it is and is to be. That it failed is in the message alone: the loop goes on."""
    yield "changed", bool(result.get("changed")), False
    message = result.get("msg", "")
    yield "what the message leaves out", [text for text in result["step"]["refused"] if text not in message], []


def _done(result: Result, kind: str, made: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    step, shares, resource = result["step"], result["shares"], result["resource"]
    changed = any(action != "unchanged" for action in step["actions"].values())
    yield "actions", {share["shared_with"]: share["action"] for share in shares}, step["actions"]
    yield "the number of shares", len(shares), len(step["actions"])
    yield "changed", result["changed"], changed
    yield "whether the diff differs", result["diff"]["before"] != result["diff"]["after"], changed
    yield "resource.kind", resource["kind"], kind
    yield "resource.arn", resource["arn"], made["arn"]
    yield "resource.id", resource["id"], made["id"]
    yield "resource.name", resource["name"], None if "resource" in step else NAME
    yield "shares of another shape", [share for share in shares if set(share) != SHAPE], []
    permissions = {"READONLY", "CONTRIBUTOR"} if kind == "workload" else {None}
    yield "permissions that cannot be", {share["permission_type"] for share in shares} - permissions, set()


def _without_ids(told: Any) -> Any:
    """Shares without what only the service can know."""
    return [{**share, "share_id": None} for share in told] if isinstance(told, list) else told


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"step_faults": step_faults}
