# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A recipient answers what is named, and nothing else: an empty condition is no condition, and is refused."""

from __future__ import annotations

from typing import Any

import pytest

from .scenes import KINDS, Scene

OWNER = "123456789012"


@pytest.mark.parametrize("accounts", [None, [{"account_id": OWNER}]], ids=["own account", "accounts"])
@pytest.mark.parametrize(
    "empty", [{"shared_by": []}, {"resource_type": []}, {"name": ""}, {"share_invitation_ids": []}], ids=str
)
def test_an_empty_condition_is_refused(scene: Scene, run: Any, accounts: Any, empty: dict[str, Any]) -> None:
    scene.watch()
    result = run("wa_share_invitation", **{"shared_by": [OWNER], "accounts": accounts, **empty})
    assert result["failed"]
    assert f"{next(iter(empty))}: it is empty" in result["msg"]
    assert scene.emulator.calls() == {}


@pytest.mark.parametrize("null", [("shared_by",), ("shared_by", "share_invitation_ids", "shared")], ids=str)
@pytest.mark.parametrize("more", [{}, {"resource_type": ["lens"], "name": "*"}], ids=str)
def test_null_is_not_anyone(scene: Scene, run: Any, null: tuple[str, ...], more: dict[str, Any]) -> None:
    """Ansible takes an option that is null for given: the action plugin leaves it out, a module run alone cannot."""
    lens = scene.make(KINDS["lens"], "Central", [OWNER], account="444455556666")
    scene.watch()
    result = run("wa_share_invitation", null=null, **more)
    assert result["failed"]
    assert "one of shared_by, share_invitation_ids and shared must say whose invitations are meant" in result["msg"]
    assert scene.emulator.calls() == {}
    assert scene.shares(lens) == {OWNER: "PENDING"}


def test_someone_elses_wildcard_matches_are_left_out_with_a_warning(scene: Scene, run: Any) -> None:
    """An account that owns no workload sees only the one that is shared with it."""
    other = "444455556666"
    workload = scene.emulator.create_workload("Foreign", account=other)
    owner = scene.emulator.client(account=other)
    share_id = owner.create_workload_share(WorkloadId=workload["id"], SharedWith=OWNER, PermissionType="READONLY")[
        "ShareId"
    ]
    scene.emulator.client().update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT")

    result = run("wa_shares", resources=[{"workload": "*", "shared_with": ["111122223333"]}])
    assert not result["failed"], result["msg"]
    assert result["resources"] == []
    assert "belongs to account 444455556666" in str(result["warnings"])

    everything = run("wa_share_info")
    assert not everything["failed"], everything["msg"]
    assert everything["resources"] == []
