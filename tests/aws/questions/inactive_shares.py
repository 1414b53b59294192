# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be done where there is a dead share. The recipient makes one by rejecting an invitation."""

from __future__ import annotations

from collections.abc import Mapping

from ..answers import Answer
from ..kinds import WORKLOAD
from ..resources import Resource
from ..sharing import refusal, rejected_share, share
from ..stage import Stage
from .by_kind import by_kind


def create_conflicts(stage: Stage) -> Mapping[str, Answer]:
    def ask(resource: Resource) -> bool:
        rejected_share(stage, resource)
        return refusal(lambda: share(stage, resource)) is not None

    words = {
        True: "Create is refused while a REJECTED share is there: it has to be deleted first.",
        False: "Create makes a second share beside the REJECTED one.",
    }
    return by_kind(stage, "create_conflicts_on_inactive", ask, words)


def update_fails(stage: Stage) -> Mapping[str, Answer]:
    def ask(resource: Resource) -> bool:
        share_id = rejected_share(stage, resource)
        update = stage.owner.update_workload_share
        return (
            refusal(lambda: update(**resource.parameters, ShareId=share_id, PermissionType="CONTRIBUTOR")) is not None
        )

    words = {True: "A REJECTED share cannot be updated.", False: "A REJECTED share can be updated."}
    return by_kind(stage, "update_fails_on_inactive", ask, words, (WORKLOAD,))
