# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What calls do where there is a share: an inactive one, which the recipient rejected, or an accepted one."""

from __future__ import annotations

from collections.abc import Mapping

from ..answers import Answer, Unknown
from ..kinds import WORKLOAD
from ..resources import Resource
from ..sharing import answered_share, refusal, share, wait_for_status
from ..stage import Stage
from .by_kind import by_kind


def create_conflicts(stage: Stage) -> Mapping[str, Answer]:
    def ask(resource: Resource) -> bool:
        answered_share(stage, resource, "REJECT")
        return refusal(lambda: share(stage, resource)) is not None

    words = {
        True: "Create is refused while a REJECTED share is there: it has to be deleted first.",
        False: "Create makes a second share beside the REJECTED one.",
    }
    return by_kind(stage, "create_conflicts_on_inactive", ask, words)


def update_fails(stage: Stage) -> Mapping[str, Answer]:
    def ask(resource: Resource) -> bool:
        share_id = answered_share(stage, resource, "REJECT")
        update = stage.owner.update_workload_share
        return (
            refusal(lambda: update(**resource.parameters, ShareId=share_id, PermissionType="CONTRIBUTOR")) is not None
        )

    words = {True: "A REJECTED share cannot be updated.", False: "A REJECTED share can be updated."}
    return by_kind(stage, "update_fails_on_inactive", ask, words, (WORKLOAD,))


def update_makes_pending(stage: Stage) -> Mapping[str, Answer]:
    def ask(resource: Resource) -> bool:
        share_id = answered_share(stage, resource, "ACCEPT")
        answer = stage.owner.update_workload_share(
            **resource.parameters, ShareId=share_id, PermissionType="CONTRIBUTOR"
        )
        status = answer["WorkloadShare"].get("Status")
        listed = wait_for_status(stage, resource, share_id, {"PENDING", "ACCEPTED"})["Status"]
        if listed != status:
            raise Unknown(f"UpdateWorkloadShare answered with the status {status}, but the list shows {listed}")
        return listed == "PENDING"

    words = {
        True: "An ACCEPTED share becomes PENDING: its recipient must accept again.",
        False: "An ACCEPTED share stays ACCEPTED.",
    }
    return by_kind(stage, "update_makes_pending", ask, words, (WORKLOAD,))
