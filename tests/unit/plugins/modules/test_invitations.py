# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_share_invitation and wa_share_invitation_info: the recipient's side where the owner is somebody else."""

from __future__ import annotations

import os
import random
from collections import Counter
from typing import Any

import pytest

from .names import ANA, BEN, CLEO, OWNER, REGION, REGIONS
from .scenes import KINDS, LENS, PROFILE, Result, Scene, account, accounts, errors

SIX = accounts(6)
THREE = ("workload", "lens", "template")
ANSWER, LIST, ASSUME = "UpdateShareInvitation", "ListShareInvitations", "AssumeRole"
SEEDS = range(1, 1 + int(os.environ.get("WA_FAULT_SEEDS", "3")))


class TestWhichAreAnswered:
    @pytest.mark.parametrize(("state", "status"), [("accepted", "ACCEPTED"), ("rejected", "REJECTED")])
    def test_those_of_the_owners_named_and_no_others(self, scene: Scene, run: Any, state: str, status: str) -> None:
        mine = [scene.make(KINDS[kind], "Central", [OWNER], account=CLEO) for kind in THREE]
        others = scene.make(LENS, "Central", [OWNER], account=ANA)
        scene.watch()
        predicted = run("wa_share_invitation", check_mode=True, shared_by=[CLEO], state=state)
        assert {row["status"] for row in scene.rows()} == {"PENDING"}
        result = run("wa_share_invitation", shared_by=[CLEO], state=state)
        assert (result["failed"], result["changed"]) == (False, True)
        assert predicted == result
        assert result.counts == {state: 3}
        assert [scene.shares(resource) for resource in mine] == [{OWNER: status}] * 3
        assert scene.shares(others) == {OWNER: "PENDING"}
        assert {(row["account_id"], row["region"], row["action"]) for row in result["invitations"]} == {
            (OWNER, REGION, state)
        }
        assert result["diff"][0]["after"].count(f": {state}\n") == 3
        assert scene.emulator.record("sts") == []

        again = run("wa_share_invitation", shared_by=[CLEO], state=state)
        assert (again["failed"], again["changed"], again["invitations"]) == (False, False, [])

    @pytest.mark.parametrize(
        ("options", "accepted"),
        [
            ({"resource_type": ["lens", "template"]}, {"Standards", "Review"}),
            ({"name": "*e*"}, {"Payments", "Review"}),
            ({"name": "Payments", "resource_type": ["lens"]}, set()),
            ({"ids": ["Standards"]}, {"Standards"}),
            ({"ids": ["Standards", "Review"], "name": "Rev*"}, {"Review"}),
        ],
    )
    def test_all_conditions_hold_together(
        self, scene: Scene, run: Any, options: dict[str, Any], accepted: set[str]
    ) -> None:
        made = {
            name: scene.make(KINDS[kind], name, [OWNER], account=CLEO)
            for kind, name in zip(THREE, ("Payments", "Standards", "Review"))
        }
        ids = [scene.rows(made[name])[0]["invitation_id"] for name in options.pop("ids", [])]
        given = {"share_invitation_ids": ids} if ids else {"shared_by": [CLEO]}
        result = run("wa_share_invitation", **given, **options)
        assert {row["resource"]["name"] for row in result["invitations"]} == accepted
        assert {name for name, resource in made.items() if scene.shares(resource)[OWNER] == "ACCEPTED"} == accepted

    def test_those_of_users_are_left_to_the_users(self, scene: Scene, run: Any) -> None:
        user = f"arn:aws:iam::{ANA}:user/ana"
        lens = scene.make(LENS, "Central", [ANA, user])
        result = run("wa_share_invitation", accounts=[account(ANA)], shared_by=[OWNER])
        assert not result["failed"], result["msg"]
        assert scene.shares(lens) == {ANA: "ACCEPTED", user: "PENDING"}

    def test_info_lists_them(self, scene: Scene, run: Any) -> None:
        for kind, name, owner in (
            ("workload", "Payments", ANA),
            ("lens", "Standards", ANA),
            ("template", "Review", BEN),
        ):
            scene.make(KINDS[kind], name, [OWNER], account=owner)
        scene.make(PROFILE, "Known", {OWNER: "ACCEPTED"}, account=ANA)
        scene.watch()
        for options, names in (
            ({}, ["Standards", "Payments", "Review"]),  # by owner, kind and name
            ({"shared_by": [BEN]}, ["Review"]),
            ({"resource_type": ["lens", "workload"]}, ["Standards", "Payments"]),
            ({"name": "*e*"}, ["Payments", "Review"]),
            ({"name": "Nothing"}, []),
        ):
            result = run("wa_share_invitation_info", **options)
            assert (result["failed"], result["changed"]) == (False, False)
            assert [row["resource"]["name"] for row in result["invitations"]] == names
            assert {(row["account_id"], row["region"]) for row in result["invitations"]} <= {(OWNER, REGION)}
        assert scene.nothing_changed()


class TestWaiting:
    @pytest.mark.parametrize("how", ["by owner", "by ID"])
    def test_what_does_not_show_yet_is_waited_for(self, scene: Scene, run: Any, clock: Any, how: str) -> None:
        """For one that fits; where IDs are named, for each of them."""
        scene.emulator.settings(invitations_visible_after={"workload": 5, "lens": 5, "template": 12})
        made = [scene.make(KINDS[kind], "Central", [ANA]) for kind in THREE]
        ids = [scene.rows(resource)[0]["invitation_id"] for resource in made]
        given = {"share_invitation_ids": ids} if how == "by ID" else {"shared_by": [OWNER]}
        result = run("wa_share_invitation", accounts=[account(ANA)], wait_timeout=30, **given)
        assert result["summary"]["accepted"] == (3 if how == "by ID" else 2)
        assert 3 < clock.moved < (20 if how == "by ID" else 10)

    @pytest.mark.parametrize("timeout", [0, 10])
    def test_an_id_that_does_not_show_in_time_is_a_warning(
        self, scene: Scene, run: Any, clock: Any, timeout: int
    ) -> None:
        scene.emulator.settings(invitations_visible_after={"lens": 600})
        made = [scene.make(KINDS[kind], "Central", [ANA]) for kind in THREE]
        ids = [scene.rows(resource)[0]["invitation_id"] for resource in made]
        result = run("wa_share_invitation", accounts=[account(ANA)], share_invitation_ids=ids, wait_timeout=timeout)
        assert result.counts == {"accepted": 2}
        assert [ids[1] in warning for warning in result["warnings"]] == ([True] if timeout else [])
        assert clock.moved <= timeout

    def test_ids_of_several_accounts_are_waited_for_together(self, scene: Scene, run: Any, clock: Any) -> None:
        """An invitation is one account's: no other one misses it."""
        lens = scene.make(LENS, "Central", [ANA, BEN])
        ids = [row["invitation_id"] for row in scene.rows(lens)]
        listed = [account(ANA), account(BEN)]
        result = run("wa_share_invitation", accounts=listed, share_invitation_ids=ids, wait_timeout=30, concurrency=1)
        assert result.counts == {"accepted": 2}
        assert clock.moved == 0

    def test_nothing_pending_is_no_error(self, scene: Scene, run: Any, clock: Any) -> None:
        scene.watch()
        result = run("wa_share_invitation", accounts=[account(ANA)], shared_by=[OWNER], wait_timeout=5)
        assert (result["failed"], result["changed"]) == (False, False)
        assert 4 < clock.moved < 6
        assert len(scene.emulator.record("sts")) == 1


@pytest.fixture
def hub(scene: Scene) -> dict[str, Any]:
    """The hub has shared a workload and a lens in each of two Regions with six accounts: the options that answer."""
    for region in REGIONS:
        for kind in ("workload", "lens"):
            scene.make(KINDS[kind], "Central", SIX, region=region)
    scene.watch()
    return {"shared_by": [OWNER], "accounts": [account(one) for one in SIX], "regions": list(REGIONS)}


def pending(scene: Scene) -> dict[tuple[str, str], int]:
    """How many invitations are still to be answered, by recipient and Region."""
    rows = [row for row in scene.rows() if row["status"] == "PENDING"]
    return dict(Counter((row["shared_with"], row["region"]) for row in rows))


class TestManyPlaces:
    def test_each_account_accepts_in_each_region_with_one_role(
        self, scene: Scene, run: Any, hub: dict[str, Any]
    ) -> None:
        info = run("wa_share_invitation_info", accounts=hub["accounts"], regions=hub["regions"])
        assert [(row["account_id"], row["region"], row["resource"]["kind"]) for row in info["invitations"]] == [
            (one, region, kind) for one in SIX for region in REGIONS for kind in ("lens", "workload")
        ]
        assert scene.emulator.calls() == {LIST: 12}
        scene.watch()
        result = run("wa_share_invitation", **hub)
        assert not result["failed"], result["msg"]
        assert result["summary"]["accepted"] == 24
        assert pending(scene) == {}
        assert scene.emulator.calls() == {LIST: 12, ANSWER: 24}
        assert [call["operation"] for call in scene.emulator.record("sts")] == [ASSUME] * 6
        for places in (info["places"], result["places"]):
            assert [(row["account_id"], row["region"]) for row in places] == [
                (one, region) for one in SIX for region in REGIONS
            ]
        assert len(result["diff"]) == 12

    @pytest.mark.parametrize(
        ("fault", "failed", "words"),
        [
            ({"refused_roles": [account(SIX[2])["role_arn"]]}, {(SIX[2], region) for region in REGIONS}, ["trust"]),
            ({"disabled_regions": {SIX[1]: ["eu-west-1"]}}, {(SIX[1], "eu-west-1")}, ["eu-west-1"]),
            (
                {"fault": "access_denied", "operation": LIST, "account": SIX[1], "region": "eu-west-1"},
                {(SIX[1], "eu-west-1")},
                [f"wellarchitected:{LIST}"],
            ),
            (
                {"fault": "access_denied", "operation": LIST, "region": "eu-west-1"},
                {(one, "eu-west-1") for one in SIX},
                [f"wellarchitected:{LIST}", "6"],
            ),
            (
                {"fault": "access_denied", "operation": ANSWER, "account": SIX[1], "region": "eu-west-1"},
                {(SIX[1], "eu-west-1")},
                [f"wellarchitected:{ANSWER}"],
            ),
            ({"fault": "throttle", "account": SIX[1], "region": "eu-west-1"}, {(SIX[1], "eu-west-1")}, ["rate"]),
            (
                {"fault": "expired_credentials", "operation": LIST, "account": SIX[3], "region": "us-east-1"},
                {(SIX[3], "us-east-1")},
                ["credentials"],
            ),
            ({"fault": "not_json", "operation": LIST, "account": SIX[3]}, {(SIX[3], region) for region in REGIONS}, []),
        ],
        ids=["role", "Region", "denied list", "denied Region", "denied answer", "throttled", "expired", "not JSON"],
    )
    def test_a_failure_is_its_places_own(
        self, scene: Scene, run: Any, hub: dict[str, Any], fault: Any, failed: Any, words: list[str]
    ) -> None:
        """Everything else is answered; a second run repairs."""
        scene.emulator.fault(**fault) if "fault" in fault else scene.emulator.settings(**fault)
        result = run("wa_share_invitation", **hub)
        assert result["failed"]
        assert set(errors(result)) == failed
        assert result.lacks(min(failed)[0], *words) == []
        assert pending(scene) == dict.fromkeys(failed, 2)
        assert result.counts == {"accepted": 24 - 2 * len(failed), "failed": len(failed)}

        scene.emulator.clear_faults()
        scene.emulator.settings(refused_roles=[], disabled_regions={})
        repaired = run("wa_share_invitation", **hub)
        assert not repaired["failed"], repaired["msg"]
        assert repaired["summary"]["accepted"] == 2 * len(failed)
        assert pending(scene) == {}

    def test_an_account_is_called_by_its_name_and_asked_once(self, scene: Scene, run: Any) -> None:
        scene.emulator.settings(refused_roles=["*"])
        listed = [account(ANA, name="team <b>{0}</b>"), account(BEN), account(BEN)]
        result = run("wa_share_invitation", shared_by=[OWNER], accounts=listed)
        assert [row["name"] for row in result["places"]] == ["team <b>{0}</b>", None]
        assert result.lacks("team <b>{0}</b>") == []
        mine = run("wa_share_invitation", shared_by=[CLEO], accounts=[{"account_id": OWNER}])
        assert not mine["failed"], mine["msg"]


class Answering:
    """Accounts that the owner has invited to three resources, and a stranger to one."""

    def __init__(self, scene: Scene, run: Any, recipients: list[str]) -> None:
        self.scene = scene
        self.emulator = scene.emulator
        self.recipients = recipients
        self._run = run
        made = [scene.make(KINDS[kind], "Central", recipients) for kind in THREE]
        self.lens = made[1]
        self.stranger = scene.make(PROFILE, "Foreign", recipients, account=CLEO)
        self.invitations = {
            (row["shared_with"], row["kind"]): row["invitation_id"] for row in scene.rows() if row["owner"] == OWNER
        }
        scene.watch()

    def run(self, **options: Any) -> Result:
        before = self.statuses()
        listed = [account(recipient) for recipient in self.recipients]
        result = self._run("wa_share_invitation", accounts=listed, shared_by=[OWNER], **options)
        self.check_account(result, before)
        return result

    def statuses(self) -> dict[tuple[str, str], str]:
        """Of the owner's shares, by recipient and kind."""
        return {(row["shared_with"], row["kind"]): row["status"] for row in self.scene.rows() if row["owner"] == OWNER}

    def check_account(self, result: Result, before: dict[tuple[str, str], str]) -> None:
        """What the result says was done is done, and what was not is an error. The stranger is never answered."""
        after = self.statuses()
        assert set(self.scene.shares(self.stranger).values()) == {"PENDING"}
        done = {(row["account_id"], row["resource"]["kind"]): row["action"] for row in result["invitations"]}
        assert len(done) == len(result["invitations"])
        failed = {one for one, _region in errors(result)}
        for key, action in done.items():
            assert action == "gone" or (before[key], after.get(key)) == ("PENDING", action.upper())
        for key, status in after.items():
            assert status != "PENDING" or key[0] in failed
            # It was done, and its response was lost for good.
            assert key in done or before[key] == status or key[0] in failed
        actions = Counter(row["action"] for row in result["invitations"])
        assert result.counts == {**actions, **({"failed": len(failed)} if failed else {})}
        assert result["failed"] == bool(failed)
        assert result["changed"] == any(action != "gone" for action in actions)

    def check_converges(self) -> None:
        """Without the fault, the next run does what is still to do, and the one after that nothing."""
        self.emulator.clear_faults()
        result = self.run()
        assert not result["failed"], result["msg"]
        assert set(self.statuses().values()) <= {"ACCEPTED", "REJECTED"}
        self.scene.watch()
        assert not self.run()["changed"]
        assert self.scene.nothing_changed()

    def of(self, recipient: str, kind: str) -> dict[str, Any]:
        """The calls that answer one invitation."""
        return {"operation": ANSWER, "match": {"ShareInvitationId": self.invitations[recipient, kind]}}


@pytest.fixture
def answering(scene: Scene, run: Any) -> Answering:
    return Answering(scene, run, [ANA, BEN])


class TestFaults:
    @pytest.mark.parametrize("fault", ["server_error", "unavailable_html", "drop", "throttle"])
    def test_a_failure_of_any_call_is_retried(self, answering: Answering, fault: str) -> None:
        # A role is tried three times, and all of them may be one account's.
        for service, operation, times in (
            ("sts", ASSUME, 2),
            ("wellarchitected", LIST, 3),
            ("wellarchitected", ANSWER, 3),
        ):
            answering.emulator.fault(fault, service=service, operation=operation, times=times)
        assert answering.run().counts == {"accepted": 6}
        assert [fault["fired"] for fault in answering.emulator.faults()] == [2, 3, 3]
        answering.check_converges()

    @pytest.mark.parametrize("state", ["accepted", "rejected"])
    def test_a_lost_response_is_asked_for_again(self, answering: Answering, state: str) -> None:
        answering.emulator.fault("lost_answer", operation=ANSWER, times=2)
        assert answering.run(state=state).counts == {state: 6}
        answering.check_converges()

    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            ("access_denied", ["wellarchitected:UpdateShareInvitation"]),
            ("server_error", ["InternalServerException"]),
            ("not_json", []),
            ("quota", ["ServiceQuotaExceededException"]),
            ("conflict", ["ConflictException"]),
        ],
    )
    def test_one_invitation_that_fails_leaves_the_others(
        self, answering: Answering, fault: str, words: list[str]
    ) -> None:
        answering.emulator.fault(fault, **answering.of(ANA, "lens"))
        result = answering.run()
        assert result.counts == {"accepted": 5, "failed": 1}
        assert result.lacks(ANA, "Central", OWNER, *words) == []
        answering.check_converges()

    def test_a_conflict_after_a_retry_does_not_mean_that_it_was_answered(self, answering: Answering) -> None:
        answering.emulator.fault("throttle", times=1, **answering.of(ANA, "lens"))
        answering.emulator.fault("conflict", **answering.of(ANA, "lens"))
        assert answering.run().lacks(ANA, "ConflictException") == []
        assert answering.statuses()[ANA, "lens"] == "PENDING"
        answering.check_converges()

    @pytest.mark.parametrize("other", ["rejects", "withdraws"])
    def test_others_answer_or_withdraw_between_list_and_answer(self, answering: Answering, other: str) -> None:
        if other == "rejects":
            call = {"operation": ANSWER, "params": {"ShareInvitationAction": "REJECT"}}
        else:
            params = {"ShareId": answering.lens.shares[ANA], "LensAlias": answering.lens.arn}
            call = {"operation": "DeleteLensShare", "account": OWNER, "params": params}
        answering.emulator.fault("meanwhile", **answering.of(ANA, "lens"), times=1, meanwhile=call)
        assert answering.run().counts == {"accepted": 5, "gone": 1}
        answering.check_converges()

    @pytest.mark.parametrize("seed", SEEDS)
    def test_anywhere(self, scene: Scene, run: Any, seed: int) -> None:
        """Ten accounts: any run ends with a true account of what it did, and the next one ends as declared."""
        chance = random.Random(seed)
        answering = Answering(scene, run, accounts(10))
        for fault in ("server_error", "unavailable_html", "drop", "lost_answer", "throttle"):
            answering.emulator.fault(fault, probability=chance.uniform(0.01, 0.08), seed=chance.randrange(2**32))
        for fault in chance.sample(
            ("access_denied", "not_json", "conflict", "server_error", "expired_credentials"), k=3
        ):
            more = {} if fault == "server_error" else {"times": chance.randrange(1, 4)}
            befallen = chance.choice(answering.recipients)
            answering.emulator.fault(fault, operation=chance.choice([LIST, ANSWER]), account=befallen, **more)
        if chance.random() < 0.4:
            answering.emulator.fault("expired_credentials", service="sts", operation=ASSUME, after=chance.randrange(9))
        answering.run()
        answering.check_converges()
        assert set(answering.statuses().values()) == {"ACCEPTED"}
