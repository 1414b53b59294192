# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_organization_sharing: a switch, which is set where it differs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .scenes import Scene

STEPS = (
    # state, check mode, changed, afterwards
    ("disabled", False, False, "DISABLED"),
    ("enabled", True, True, "DISABLED"),
    ("enabled", False, True, "ENABLED"),
    ("enabled", False, False, "ENABLED"),
    ("disabled", True, True, "ENABLED"),
    ("disabled", False, True, "DISABLED"),
)


def test_it_is_set_only_where_it_differs(scene: Scene, run: Any) -> None:
    for state, check_mode, changed, afterwards in STEPS:
        before = scene.emulator.client().get_global_settings().get("OrganizationSharingStatus", "DISABLED")
        scene.watch()
        result = run("wa_organization_sharing", check_mode=check_mode, state=state)
        wanted = state.upper()
        assert (result["failed"], result["changed"]) == (False, changed)
        assert result["organization_sharing_status"] == wanted
        for side, status in (("before", before), ("after", wanted)):
            assert re.fullmatch(f"organization sharing.*: {status}\n", result["diff"][side])
        sets = changed and not check_mode
        sent = [call["params"] for call in scene.emulator.record() if call["operation"] == "UpdateGlobalSettings"]
        assert sent == ([{"OrganizationSharingStatus": wanted}] if sets else [])
        settings = scene.emulator.client().get_global_settings()
        assert settings.get("OrganizationSharingStatus", "DISABLED") == afterwards


@pytest.mark.parametrize(
    ("state", "operation", "says"),
    [
        ("enabled", "GetGlobalSettings", "settings"),
        ("enabled", "UpdateGlobalSettings", "enable"),
        ("disabled", "UpdateGlobalSettings", "disable"),
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
    assert result.lacks(says, f"wellarchitected:{operation}") == []


REGIONS = ("us-east-1", "eu-west-1", "eu-west-2")
REGIONAL = {"organization_sharing_is_regional": True}


def status(scene: Scene, region: str) -> str:
    settings = scene.emulator.client(region=region).get_global_settings()
    return str(settings.get("OrganizationSharingStatus", "DISABLED"))


class TestRegions:
    """It is set in each region asked for, whether AWS keeps one setting for all of them or not."""

    @pytest.mark.parametrize("regional", [True, False])
    def test_each_is_set_and_the_next_run_changes_nothing(self, scene: Scene, run: Any, regional: bool) -> None:
        scene.emulator.settings(organization_sharing_is_regional=regional)
        predicted = run("wa_organization_sharing", check_mode=True, state="enabled", regions=list(REGIONS))
        assert {status(scene, region) for region in REGIONS} == {"DISABLED"}
        done = run("wa_organization_sharing", state="enabled", regions=list(REGIONS))
        assert predicted == done
        assert (done["failed"], done["changed"], done["organization_sharing_status"]) == (False, True, "ENABLED")
        assert {status(scene, region) for region in REGIONS} == {"ENABLED"}
        assert [(row["region"], row["organization_sharing_status"]) for row in done["places"]] == [
            (region, "ENABLED") for region in REGIONS
        ]
        assert done["diff"] == {
            "before": "".join(f"organization sharing in {region}: DISABLED\n" for region in REGIONS),
            "after": "".join(f"organization sharing in {region}: ENABLED\n" for region in REGIONS),
        }
        scene.watch()
        again = run("wa_organization_sharing", state="enabled", regions=list(REGIONS))
        assert not again["changed"]
        assert scene.emulator.calls() == {"GetGlobalSettings": 3}

    @pytest.mark.parametrize(
        ("operation", "known"), [("GetGlobalSettings", None), ("UpdateGlobalSettings", "DISABLED")]
    )
    def test_a_regions_failure_leaves_the_others_to_finish(
        self, scene: Scene, run: Any, operation: str, known: str | None
    ) -> None:
        scene.emulator.settings(**REGIONAL)
        scene.emulator.fault("access_denied", operation=operation, region="us-east-1")
        result = run("wa_organization_sharing", state="enabled", regions=list(REGIONS))
        assert (result["failed"], result["changed"]) == (True, True)
        assert result.lacks("1 of 3", "us-east-1") == []
        assert f"wellarchitected:{operation}" in result["places"][0]["error"]
        assert [row["organization_sharing_status"] for row in result["places"]] == [known, "ENABLED", "ENABLED"]
        assert "organization_sharing_status" not in result
        assert ("in us-east-1: DISABLED" in result["diff"]["after"]) is (known is not None)

        scene.emulator.clear_faults()
        repaired = run("wa_organization_sharing", state="enabled", regions=list(REGIONS))
        assert not repaired["failed"]
        assert {status(scene, region) for region in REGIONS} == {"ENABLED"}

    @pytest.mark.parametrize("operation", ["GetGlobalSettings", "UpdateGlobalSettings"])
    def test_all_skips_regions_that_a_policy_denies(self, scene: Scene, run: Any, operation: str) -> None:
        scene.emulator.settings(**REGIONAL)
        scene.emulator.fault("denied_by_scp", operation=operation, region="ap-east-1")
        result = run("wa_organization_sharing", state="enabled", regions=["all"])
        assert not result["failed"], result
        (skipped,) = (row for row in result["places"] if "skipped" in row)
        assert (skipped["region"], skipped["organization_sharing_status"]) == (
            "ap-east-1",
            None if operation == "GetGlobalSettings" else "DISABLED",
        )
        assert result.lacks("ap-east-1", "17 Regions") == []
        assert "in ap-east-1: ENABLED" not in result["diff"]["after"]
