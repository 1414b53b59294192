# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recipient's side in many accounts and regions: who is asked, what is answered where, every place for itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.service import WellArchitected
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.sessions import Sessions

from .scenes import ANA, BEN, CLEO, KINDS, OWNER, Result, Scene, account, accounts

REGIONS = ("us-east-1", "eu-west-1")
HUB = OWNER
SIX = accounts(6)
CENTRAL = [{"workload": "Central"}, {"lens": "Central"}]
ANSWER, LIST = "UpdateShareInvitation", "ListShareInvitations"


@pytest.fixture
def spokes(scene: Scene, run: Any) -> dict[str, Any]:
    """Six accounts have shared two workloads in each of two regions with the hub: the options that answer them."""
    for spoke in SIX:
        for region in REGIONS:
            for name in ("Payments", "Search"):
                scene.make(name=name, account=spoke, region=region)
    shared = share(run, accounts=[account(spoke) for spoke in SIX], resources=[{"workload": "*"}], shared_with=[HUB])
    scene.watch()
    return {"shared": shared["resources"]}


@pytest.fixture
def hub(scene: Scene, run: Any) -> dict[str, Any]:
    """The hub has shared a workload and a lens in each of two regions with six accounts: the options that answer."""
    for region in REGIONS:
        for kind in ("workload", "lens"):
            scene.make(KINDS[kind], "Central", region=region)
    shared = share(run, resources=CENTRAL, shared_with=SIX)
    scene.watch()
    return {"shared": shared["resources"], "accounts": [account(one) for one in SIX]}


def share(run: Any, **options: Any) -> Result:
    result: Result = run("wa_shares", regions=list(REGIONS), wait=True, **options)
    assert not result["failed"], result
    return result


def accept(run: Any, options: Mapping[str, Any], **more: Any) -> Result:
    return run("wa_share_invitation", **options, **more)  # type: ignore[no-any-return]


def pending(scene: Scene) -> dict[tuple[str, str], int]:
    """How many invitations are still to be answered, by recipient and region."""
    rows = [row for row in scene.rows() if row["status"] == "PENDING"]
    return dict(Counter((row["shared_with"], row["region"]) for row in rows))


def errors(result: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    return {(row["account_id"], row["region"]): row["error"] for row in result["places"] if "error" in row}


class TestOneRecipientOfManyOwners:
    def test_accepts_everything_in_the_regions_where_it_was_shared(
        self, scene: Scene, run: Any, spokes: dict[str, Any]
    ) -> None:
        foreign = scene.make(name="Foreign", shares=[HUB], account=CLEO, region="eu-west-1")
        scene.watch()
        first = accept(run, spokes)
        assert not first["failed"], first
        assert first["summary"] == {"accepted": 24, "rejected": 0, "gone": 0, "failed": 0}
        assert [(row["account_id"], row["region"]) for row in first["places"]] == [(HUB, one) for one in REGIONS]
        assert {(row["account_id"], row["region"]) for row in first["invitations"]} == {(HUB, one) for one in REGIONS}
        assert scene.emulator.calls() == {LIST: 2, ANSWER: 24}
        assert scene.shares(foreign) == {HUB: "PENDING"}
        assert pending(scene) == {(HUB, "eu-west-1"): 1}

    def test_asks_nobody_where_nothing_is_pending(self, scene: Scene, run: Any, spokes: dict[str, Any]) -> None:
        accept(run, spokes)
        again = share(run, accounts=[account(spoke) for spoke in SIX], resources=[{"workload": "*"}], shared_with=[HUB])
        scene.watch()
        result = accept(run, {"shared": again["resources"]}, wait_timeout=60)
        assert not result["changed"]
        assert not result["failed"]
        assert scene.emulator.calls() == {}

    def test_check_mode_predicts_the_run(self, scene: Scene, run: Any, spokes: dict[str, Any]) -> None:
        predicted = accept(run, spokes, check_mode=True)
        assert scene.nothing_changed()
        assert predicted == accept(run, spokes)
        assert [diff["before_header"] for diff in predicted["diff"]] == [
            f"invitations of {HUB} in {r}" for r in REGIONS
        ]

    def test_has_one_entry_of_what_it_has_which_names_the_regions(self, run: Any, spokes: dict[str, Any]) -> None:
        (hub,) = accept(run, spokes)["accounts"]
        assert (hub["account_id"], hub["changed"], hub["error"]) == (HUB, True, "")
        assert Counter(hub["access"]) == {
            f"workload {name} READONLY ACCEPTED in {region}": 6 for name in ("Payments", "Search") for region in REGIONS
        }

    def test_regions_that_are_named_must_have_all_that_was_shared(
        self, scene: Scene, run: Any, spokes: dict[str, Any]
    ) -> None:
        result = accept(run, spokes, regions=["us-east-1"])
        assert result["failed"]
        assert "is in eu-west-1, but this task works in us-east-1" in result["msg"]
        assert "shared[2]: " in result["msg"]
        assert scene.emulator.record("") == []

    def test_waits_for_each_invitation_in_its_own_region(
        self, scene: Scene, run: Any, clock: Any, spokes: dict[str, Any]
    ) -> None:
        scene.emulator.settings(invitations_visible_after={"workload": 4})
        for region in REGIONS:
            scene.make(name="Late", account=SIX[0], region=region)
        late = share(run, accounts=[account(SIX[0])], resources=[{"workload": "Late"}], shared_with=[HUB])
        result = accept(run, {"shared": spokes["shared"] + late["resources"]}, wait_timeout=30)
        assert not result["failed"], result
        assert result["summary"]["accepted"] == 26
        assert 3 < clock.moved < 12

    def test_what_was_shared_in_no_region_is_answered_in_the_clients(self, run: Any) -> None:
        assert accept(run, {"shared": []})["places"] == [{"account_id": HUB, "region": "us-east-1", "name": None}]

    def test_the_first_region_where_it_was_shared_serves_where_the_task_has_none(
        self, scene: Scene, run: Any, spokes: dict[str, Any]
    ) -> None:
        rows = [row for row in spokes["shared"] if row["resource"]["region"] == "eu-west-1"]
        result = accept(run, {"shared": rows}, without="region")
        assert result["summary"]["accepted"] == 12, result
        assert {row["region"] for row in scene.emulator.record("sts")} == {"eu-west-1"}


class TestManyRecipients:
    def test_accept_in_every_place_with_one_role_each(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        result = accept(run, hub)
        assert not result["failed"], result
        assert result["summary"]["accepted"] == 24
        assert pending(scene) == {}
        assert scene.emulator.calls() == {LIST: 12, ANSWER: 24}
        assert [call["operation"] for call in scene.emulator.record("sts")] == ["AssumeRole"] * 6
        assert [(row["account_id"], row["region"]) for row in result["places"]] == [
            (one, region) for one in SIX for region in REGIONS
        ]
        assert [entry["account_id"] for entry in result["accounts"]] == SIX

    def test_only_places_that_expect_anything_are_asked(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        rows = [row for row in hub["shared"] if row["resource"]["region"] == "eu-west-1"]
        result = accept(run, {**hub, "shared": rows}, regions=list(REGIONS))
        assert result["summary"]["accepted"] == 12
        assert len(result["places"]) == 12
        assert scene.emulator.calls() == {LIST: 6, ANSWER: 12}
        assert {call["region"] for call in scene.emulator.record()} == {"eu-west-1"}

    def test_without_what_was_shared_every_place_is_asked(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        result = accept(run, {"accounts": hub["accounts"], "shared_by": [HUB], "regions": list(REGIONS)})
        assert result["summary"]["accepted"] == 24
        assert "accounts" not in result

    def test_a_role_is_assumed_once_however_often_its_account_is_looked_at(
        self, scene: Scene, run: Any, clock: Any, hub: dict[str, Any]
    ) -> None:
        options = {"accounts": hub["accounts"], "shared_by": [CLEO], "regions": list(REGIONS)}
        accept(run, options, wait_timeout=10)
        assert scene.emulator.calls(LIST)[LIST] > 12
        assert len(scene.emulator.record("sts")) == 6

    def test_one_region_alone_is_not_spoken_of(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        rows = [row for row in hub["shared"] if row["resource"]["region"] == "eu-west-1"]
        scene.emulator.settings(refused_roles=[account(SIX[0])["role_arn"]])
        result = accept(run, {**hub, "shared": rows})
        assert result["msg"].startswith(
            f"1 of 6 accounts failed. Invitations: 10 accepted.\n{SIX[0]}: Failed to assume"
        )
        assert result["accounts"][1]["access"] == ["workload Central READONLY ACCEPTED", "lens Central ACCEPTED"]
        assert result["accounts"][0]["error"].startswith("Failed to assume")


class TestFailures:
    """A place's failure is its own line; everything else is answered; a second run repairs."""

    def check(self, scene: Scene, run: Any, hub: dict[str, Any], failed: set[tuple[str, str]], says: str) -> Result:
        result = accept(run, hub)
        assert result["failed"]
        found = errors(result)
        assert set(found) == failed
        assert all(says in error for error in found.values()), found
        assert pending(scene) == dict.fromkeys(failed, 2)
        assert result["summary"] == {
            "accepted": 24 - 2 * len(failed),
            "rejected": 0,
            "gone": 0,
            "failed": len(failed),
        }
        assert result["msg"].startswith(f"{len(failed)} of 12 places failed. Invitations: ")
        for one, region in failed:
            entry = next(entry for entry in result["accounts"] if entry["account_id"] == one)
            assert f"In {region}: " in entry["error"]
            assert f"{one} in {region}: " in result["msg"] or len(failed) > 3
        scene.emulator.clear_faults()
        scene.emulator.settings(refused_roles=[], disabled_regions=[])
        repaired = accept(run, hub)
        assert not repaired["failed"], repaired
        assert repaired["summary"]["accepted"] == 2 * len(failed)
        assert pending(scene) == {}
        return result

    def test_a_role_that_cannot_be_assumed(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        scene.emulator.settings(refused_roles=[account(SIX[2])["role_arn"]])
        failed = {(SIX[2], region) for region in REGIONS}
        self.check(scene, run, hub, failed, "The role must exist and trust these credentials")

    def test_an_account_without_a_role(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        listed = [
            {"account_id": SIX[2], "name": "team"} if one["account_id"] == SIX[2] else one for one in hub["accounts"]
        ]
        result = accept(run, {**hub, "accounts": listed})
        assert set(errors(result)) == {(SIX[2], region) for region in REGIONS}
        assert (
            f"team ({SIX[2]}) in eu-west-1: There is no role to assume in {SIX[2]}, and the credentials are those of "
            f"{HUB}: set the role_arn of the account" in result["msg"]
        )
        assert result["summary"]["accepted"] == 20

    def test_a_region_that_is_denied_to_one_account(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        scene.emulator.fault("access_denied", operation=LIST, account=SIX[1], region="eu-west-1")
        self.check(scene, run, hub, {(SIX[1], "eu-west-1")}, f"wellarchitected:{LIST}")

    def test_a_region_that_is_denied_to_all(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        scene.emulator.fault("access_denied", operation=LIST, region="eu-west-1")
        result = self.check(scene, run, hub, {(one, "eu-west-1") for one in SIX}, f"wellarchitected:{LIST}")
        assert (
            result["msg"]
            .splitlines()[1]
            .startswith(f"6 places ({SIX[0]} in eu-west-1, {SIX[1]} in eu-west-1 … 4 more): ")
        )

    def test_a_region_that_one_account_has_not_enabled(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        scene.emulator.settings(disabled_regions={SIX[1]: ["eu-west-1"]})
        self.check(scene, run, hub, {(SIX[1], "eu-west-1")}, "check the region eu-west-1")

    @pytest.mark.parametrize("operation", [LIST, ANSWER])
    def test_a_place_that_throttles_for_ever(self, scene: Scene, run: Any, hub: dict[str, Any], operation: str) -> None:
        scene.emulator.fault("throttle", operation=operation, account=SIX[1], region="eu-west-1")
        self.check(scene, run, hub, {(SIX[1], "eu-west-1")}, "rate limit is used up")

    def test_a_region_that_is_out_of_reach(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        scene.emulator.fault("unavailable_html", region="eu-west-1")
        retries = {"aws_config": {"retries": {"total_max_attempts": 2, "mode": "standard"}}}
        result = accept(run, hub, concurrency=1, **retries)
        assert set(errors(result)) == {(one, "eu-west-1") for one in SIX}
        assert pending(scene) == {(one, "eu-west-1"): 2 for one in SIX}
        tried = [error for error in errors(result).values() if "Failed to list" in error]
        assert 1 <= len(tried) <= 5, "no more than were under way when a second account did not get through"
        assert all("eu-west-1 was out of reach: " in error for error in errors(result).values() if error not in tried)

    def test_keys_that_have_expired_for_good(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        scene.emulator.fault("expired_credentials", operation=LIST, account=SIX[3], region="us-east-1")
        self.check(scene, run, hub, {(SIX[3], "us-east-1")}, "no longer valid")

    def test_keys_that_expire_midway_are_renewed(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        scene.emulator.settings(session_calls={SIX[3]: 4})
        result = accept(run, hub)
        assert not result["failed"], result
        assert result["summary"]["accepted"] == 24
        assert len(scene.emulator.record("sts")) == 7

    def test_the_tasks_own_credentials_that_have_expired(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        scene.emulator.fault("expired_credentials", service="sts", operation="AssumeRole")
        result = accept(run, hub, concurrency=1)
        assert set(errors(result)) == {(one, region) for one in SIX for region in REGIONS}
        assert len(scene.emulator.record("sts")) <= 4, "no more than were under way"
        assert "No role could be assumed: ExpiredToken" in result["msg"]

    def test_the_keys_of_roles_are_in_no_result_and_no_message(
        self, scene: Scene, run: Any, hub: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keys: list[str] = []
        assume, answer = Sessions._assume, WellArchitected.answer_invitation

        def assumed(sessions: Sessions, asked: Any) -> Any:
            found = assume(sessions, asked)
            keys.extend(found.values())
            return found

        def answered(service: WellArchitected, invitation_id: str, ok: bool, label: str) -> None:
            if service.caller() == SIX[0]:
                raise KeyError(label)
            answer(service, invitation_id, ok, label)

        monkeypatch.setattr(Sessions, "_assume", assumed)
        monkeypatch.setattr(WellArchitected, "answer_invitation", answered)
        scene.emulator.fault("access_denied", operation=ANSWER, account=SIX[1])
        scene.emulator.fault("expired_credentials", account=SIX[2])
        result = accept(run, hub)
        assert "This is a fault of the collection" in errors(result)[SIX[0], "us-east-1"]
        assert {one for one, _region in errors(result)} == set(SIX[:3])
        assert len(set(keys)) >= 18
        shown = json.dumps(result)
        assert [key for key in keys if key in shown] == []


class TestEveryRegion:
    def test_regions_that_an_account_has_not_enabled_are_passed_over(self, scene: Scene, run: Any) -> None:
        for region in ("us-east-1", "ap-east-1"):
            scene.make(name="Payments", shares=[ANA], region=region)
        scene.emulator.settings(disabled_regions={ANA: ["me-south-1"]})
        result = accept(run, {"shared_by": [OWNER], "accounts": [account(ANA)], "regions": ["all"]})
        assert not result["failed"], result
        assert result["summary"]["accepted"] == 2
        skipped = {row["region"]: row["skipped"] for row in result["places"] if "skipped" in row}
        assert skipped == {"me-south-1": "the account has not enabled the region"}
        assert {row["region"] for row in result["places"]} >= {*REGIONS, "ap-east-1"}

    def test_bad_credentials_are_not_taken_for_it(self, scene: Scene, run: Any) -> None:
        scene.emulator.fault("error", service="sts", code="InvalidClientTokenId", status=403)
        scene.emulator.settings(disabled_regions=["me-south-1"])
        result = accept(run, {"shared_by": [ANA], "regions": ["all"]})
        assert [region for _account, region in errors(result)] == ["me-south-1"]
        assert not any("skipped" in row for row in result["places"])

    def test_one_that_is_named_is_not_passed_over(self, scene: Scene, run: Any) -> None:
        scene.emulator.settings(disabled_regions={ANA: ["me-south-1"]})
        options = {"shared_by": [OWNER], "accounts": [account(ANA)], "regions": ["me-south-1", "us-east-1"]}
        assert f"account {ANA} has not enabled me-south-1" in errors(accept(run, options))[ANA, "me-south-1"]


class TestLooking:
    """wa_share_invitation_info in the same places."""

    def test_lists_what_is_pending_in_every_place(self, scene: Scene, run: Any, hub: dict[str, Any]) -> None:
        result = run("wa_share_invitation_info", accounts=hub["accounts"], regions=list(REGIONS))
        assert not result["failed"], result
        assert [(row["account_id"], row["region"], row["resource"]["kind"]) for row in result["invitations"]] == [
            (one, region, kind) for one in SIX for region in REGIONS for kind in ("lens", "workload")
        ]
        assert [(row["account_id"], row["region"]) for row in result["places"]] == [
            (one, region) for one in SIX for region in REGIONS
        ]
        assert scene.emulator.calls() == {LIST: 12}
        assert len(scene.emulator.record("sts")) == 6

    def test_a_places_failure_is_its_own_and_everything_else_is_returned(
        self, scene: Scene, run: Any, hub: dict[str, Any]
    ) -> None:
        scene.emulator.settings(refused_roles=[account(SIX[0])["role_arn"]], disabled_regions={SIX[1]: ["eu-west-1"]})
        scene.emulator.fault("throttle", account=SIX[2], region="us-east-1")
        scene.emulator.fault("access_denied", account=SIX[3], region="us-east-1")
        result = run("wa_share_invitation_info", accounts=hub["accounts"], regions=list(REGIONS))
        failed = {(SIX[0], "us-east-1"), (SIX[0], "eu-west-1"), (SIX[1], "eu-west-1")}
        failed |= {(one, "us-east-1") for one in SIX[2:4]}
        assert result["failed"]
        assert set(errors(result)) == failed
        assert result["msg"].startswith("5 of 12 places failed.\n")
        assert f"\n{SIX[2]} in us-east-1: Failed to list the pending invitations: ThrottlingException" in result["msg"]
        assert len(result["invitations"]) == 14

    def test_regions_that_are_not_enabled_are_passed_over(self, scene: Scene, run: Any) -> None:
        scene.make(name="Payments", shares=[ANA], region="ap-east-1")
        scene.emulator.settings(disabled_regions={ANA: ["me-south-1"]})
        result = run("wa_share_invitation_info", accounts=[account(ANA)], regions=["all"])
        assert not result["failed"], result
        assert [row["region"] for row in result["invitations"]] == ["ap-east-1"]
        assert [row["region"] for row in result["places"] if "skipped" in row] == ["me-south-1"]

    def test_an_account_without_a_role_is_told_before_any_call(self, scene: Scene, run: Any) -> None:
        result = run("wa_share_invitation_info", accounts=[account(ANA), {"account_id": BEN}])
        assert result["msg"].startswith(
            f"There is no role to assume in {BEN}, and the credentials are those of {OWNER}"
        )
        assert scene.emulator.calls() == {}

    def test_of_one_place_the_error_is_as_without_places(self, scene: Scene, run: Any) -> None:
        scene.emulator.fault("access_denied", operation=LIST)
        result = run("wa_share_invitation_info")
        assert result["msg"].startswith("Failed to list the pending invitations: AccessDeniedException")
        assert result["error"]["code"] == "AccessDeniedException"
