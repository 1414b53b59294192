# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shares and invitations, asked of AWS one call at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Any

from botocore.exceptions import ClientError

from .answers import Unknown
from .kinds import WORKLOAD
from .resources import Resource, pages
from .stage import Stage
from .watching import Span

#: what AWS answers with where it does not want to, and not because it cannot
REFUSALS = frozenset({"ConflictException", "ValidationException", "ResourceNotFoundException"})
DEAD = frozenset({"REJECTED", "EXPIRED", "REVOKED", "FAILED"})


def share(stage: Stage, resource: Resource, principal: str | None = None) -> str:
    """Share a resource, by default with the recipient. Returns the ShareId."""
    permission = {"PermissionType": "READONLY"} if resource.kind is WORKLOAD else {}
    create = getattr(stage.owner, f"create_{resource.kind.name}_share")
    return create(**resource.parameters, **permission, SharedWith=principal or stage.accounts.recipient.id)["ShareId"]


def timed_share(stage: Stage, resource: Resource) -> tuple[str, Span]:
    """Share a resource with the recipient. Returns the ShareId, and when it was asked for and answered."""
    sent = time.monotonic()
    share_id = share(stage, resource)
    return share_id, Span(sent, time.monotonic())


def unshare(stage: Stage, resource: Resource, share_id: str) -> None:
    getattr(stage.owner, f"delete_{resource.kind.name}_share")(**resource.parameters, ShareId=share_id)


def find(stage: Stage, resource: Resource, share_id: str) -> dict[str, Any] | None:
    """The share, if the owner's list has it: one list."""
    rows = pages(stage.owner, f"list_{resource.kind.name}_shares", resource.kind.share_summaries, **resource.parameters)
    return next((row for row in list(rows) if row["ShareId"] == share_id), None)


def find_invitation(stage: Stage, resource: Resource) -> str | None:
    """The ID of the resource's invitation, if the recipient's list has it: one list."""
    rows = pages(
        stage.recipient,
        "list_share_invitations",
        "ShareInvitationSummaries",
        ShareResourceType=resource.kind.resource_type,
    )
    return next(
        (row["ShareInvitationId"] for row in list(rows) if row.get(resource.kind.name_member) == resource.name), None
    )


def wait_for(stage: Stage, what: str, look: Callable[[], Any]) -> Any:
    """The first thing that `look` finds. Raises Unknown where that takes longer than the patience."""
    deadline = time.monotonic() + stage.pace.patience
    while not (found := look()):
        if time.monotonic() > deadline:
            raise Unknown(f"{what} did not show in {stage.pace.patience:g} s")
        time.sleep(stage.pace.pause)
    return found


def wait_for_status(stage: Stage, resource: Resource, share_id: str, statuses: Collection[str]) -> dict[str, Any]:
    """The share, once the owner's list has it in one of the statuses."""

    def look() -> dict[str, Any] | None:
        row = find(stage, resource, share_id)
        return row if row and row["Status"] in statuses else None

    return wait_for(stage, f"a share that is {' or '.join(sorted(statuses))}", look)


def answered_share(stage: Stage, resource: Resource, action: str) -> str:
    """Share a resource with the recipient, who answers the invitation: ACCEPT or REJECT. Returns the ShareId."""
    share_id = share(stage, resource)
    invitation = wait_for(stage, "the invitation", lambda: find_invitation(stage, resource))
    stage.recipient.update_share_invitation(ShareInvitationId=invitation, ShareInvitationAction=action)
    wait_for_status(stage, resource, share_id, {f"{action}ED"})
    return share_id


def refusal(call: Callable[[], object], more: Collection[str] = ()) -> str | None:
    """The error code, of REFUSALS or ``more``, with which AWS refuses a call; None where it succeeds. Raises others."""
    try:
        call()
    except ClientError as problem:
        code = problem.response["Error"]["Code"]
        if code not in {*REFUSALS, *more}:
            raise
        return code
    return None
