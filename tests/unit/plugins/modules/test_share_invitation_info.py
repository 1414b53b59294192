# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_share_invitation_info: the pending invitations that are asked about."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.service import WellArchitected
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    KINDS,
    OWNER,
    REGION,
    Scene,
)

QUESTIONS: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({}, ["Standards", "Payments", "Review"]),  # by owner, kind and name
    ({"shared_by": [BEN]}, ["Review"]),
    ({"resource_type": ["lens", "workload"]}, ["Standards", "Payments"]),
    ({"name": "*e*"}, ["Payments", "Review"]),
    ({"name": "Nobody's"}, []),
)


@pytest.fixture
def invited(scene: Scene) -> Scene:
    """The caller has three invitations, one of them from Ben, and has accepted a fourth."""
    for kind, name, owner in (("workload", "Payments", ANA), ("lens", "Standards", ANA), ("template", "Review", BEN)):
        scene.make(KINDS[kind], name, [OWNER], account=owner)
    scene.make(KINDS["profile"], "Known", {OWNER: "ACCEPTED"}, account=ANA)
    scene.watch()
    return scene


def test_what_is_asked_is_what_is_told(invited: Scene, run: Any) -> None:
    for options, names in QUESTIONS:
        result = run("wa_share_invitation_info", **options)
        assert (result["failed"], result["changed"]) == (False, False)
        assert [row["resource"]["name"] for row in result["invitations"]] == names
        assert {(row["account_id"], row["region"]) for row in result["invitations"]} <= {(OWNER, REGION)}
    assert invited.nothing_changed()


def test_a_row_that_cannot_be_read_fails_the_task_which_tells_the_others(
    invited: Scene, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = WellArchitected.list_invitations
    monkeypatch.setattr(WellArchitected, "list_invitations", lambda *asked: [*rows(*asked), "text", {}])
    result = run("wa_share_invitation_info")
    assert (result["failed"], result["changed"]) == (True, False)
    assert len(result["invitations"]) == 3
    assert result["msg"] == (
        "Failed to read one of the pending invitations: the row is no object. Failed to read one of the pending "
        "invitations: the row has no ShareInvitationId and no SharedBy and no ShareResourceType"
    )
