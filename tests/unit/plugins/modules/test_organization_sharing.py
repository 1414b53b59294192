# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_organization_sharing: a switch, which is set where it is not as wanted."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import Scene

STEPS = (
    # state, check mode, changed, afterwards
    ("disabled", False, False, "DISABLED"),
    ("enabled", True, True, "DISABLED"),
    ("enabled", False, True, "ENABLED"),
    ("enabled", False, False, "ENABLED"),
    ("disabled", True, True, "ENABLED"),
    ("disabled", False, True, "DISABLED"),
)


def test_is_set_only_where_it_is_not_as_wanted(scene: Scene, run: Any) -> None:
    for state, check_mode, changed, afterwards in STEPS:
        before = scene.emulator.client().get_global_settings().get("OrganizationSharingStatus", "DISABLED")
        scene.watch()
        result = run("wa_organization_sharing", check_mode=check_mode, state=state)
        wanted = state.upper()
        assert (result["failed"], result["changed"]) == (False, changed)
        assert result["organization_sharing_status"] == wanted
        assert result["diff"] == {
            "before": f"organization sharing: {before}\n",
            "after": f"organization sharing: {wanted}\n",
        }
        sets = changed and not check_mode
        sent = [call["params"] for call in scene.emulator.record() if call["operation"] == "UpdateGlobalSettings"]
        assert sent == ([{"OrganizationSharingStatus": wanted}] if sets else [])
        settings = scene.emulator.client().get_global_settings()
        assert settings.get("OrganizationSharingStatus", "DISABLED") == afterwards


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "state: it is missing: enabled or disabled"),
        ({"null": ("state",)}, "state: it is empty: enabled or disabled"),
    ],
    ids=["not given", "null"],
)
def test_whoever_says_no_state_is_asked_for_it(scene: Scene, run: Any, given: Any, says: str) -> None:
    scene.watch()
    result = run("wa_organization_sharing", **given)
    assert result["failed"]
    assert says in result["msg"]
    assert scene.emulator.calls() == {}


@pytest.mark.parametrize(
    ("state", "operation", "says"),
    [
        ("enabled", "GetGlobalSettings", "Failed to read the global settings"),
        ("enabled", "UpdateGlobalSettings", "Failed to enable organization sharing"),
        ("disabled", "UpdateGlobalSettings", "Failed to disable organization sharing"),
    ],
)
def test_what_was_denied_is_named_with_the_permission(
    scene: Scene, run: Any, state: str, operation: str, says: str
) -> None:
    if state == "disabled":
        scene.enable_organization_sharing()
    scene.emulator.fault("access_denied", operation=operation)
    result = run("wa_organization_sharing", state=state)
    assert result["failed"]
    assert says in result["msg"]
    assert f"The credentials need the IAM action wellarchitected:{operation}" in result["msg"]
