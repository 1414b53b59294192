# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_shares with accept_in: the task also accepts, in the recipients' accounts, what it shares with them."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest

from .names import ANA, BEN, BEN_USER, CLEO, DAN, ORGANIZATION, OWNER, REGIONS
from .scenes import KINDS, LENS, PROFILE, Result, Scene, account, accounts, either_way, errors, module_process

THREE = ("workload", "lens", "template")
LIST, ANSWER, ASSUME = "ListShareInvitations", "UpdateShareInvitation", "AssumeRole"


@pytest.fixture
def central(scene: Scene) -> list[Any]:
    return [scene.make(KINDS[kind], "Central") for kind in THREE]


def onboard(run: Any, *recipients: str, **options: Any) -> Result:
    """Shares the three `Central` with the recipients, who accept."""
    who = recipients or (ANA, BEN)
    given = {
        "resources": [{KINDS[kind].option: "Central"} for kind in THREE],
        "shared_with": list(who),
        "accept_in": [account(one) for one in who],
        **options,
    }
    return run("wa_shares", **given)


def accepted(result: Result) -> dict[str, int]:
    """How many invitations each recipient accepted, of those that were asked."""
    found: dict[str, int] = {}
    for row in result["recipients"]:
        found[row["account_id"]] = found.get(row["account_id"], 0) + row["accepted"]
    return found


def failures(result: Result) -> dict[str, str]:
    return {row["account_id"]: row["error"] for row in result["recipients"] if row.get("error")}


def statuses(scene: Scene) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in scene.rows():
        found.setdefault(row["shared_with"], set()).add(row["status"])
    return found


def row_statuses(result: Result) -> set[str]:
    return {share["status"] for row in result["resources"] for share in row["shares"]}


class TestWhichInvitations:
    @either_way("the invitation's ID", "when a share shows", "create where there is an inactive share")
    def test_shares_and_accepts_in_one_task_and_then_changes_nothing(
        self, scene: Scene, run: Any, central: list[Any], answer: dict[str, Any]
    ) -> None:
        scene.emulator.settings(**answer)
        first = onboard(run)
        assert not first["failed"], first["msg"]
        assert first["changed"]
        assert (first["summary"]["created"], first["summary"]["accepted"]) == (6, 6)
        assert row_statuses(first) == {"ACCEPTED"}
        assert accepted(first) == {ANA: 3, BEN: 3}
        assert statuses(scene) == {ANA: {"ACCEPTED"}, BEN: {"ACCEPTED"}}

        scene.emulator.advance(60)
        scene.watch()
        again = onboard(run)
        assert not again["failed"], again["msg"]
        assert not again["changed"]
        assert again["summary"]["unchanged"] == 6
        assert again["summary"]["accepted"] == 0
        assert again["recipients"] == []
        assert {name for name in scene.emulator.calls() if "Invitation" in name} == set()
        assert scene.emulator.record("sts") == []

    def test_only_invitations_to_what_is_declared_are_accepted(
        self, scene: Scene, run: Any, central: list[Any]
    ) -> None:
        others = [
            scene.make(LENS, "Another of the owner's", [ANA]),
            scene.make(LENS, "Central", [ANA], account=CLEO),
            scene.make(PROFILE, "Central", [ANA]),
        ]
        result = onboard(run)
        assert result["summary"]["accepted"] == 6
        assert [scene.shares(resource) for resource in others] == [{ANA: "PENDING"}] * 3

    def test_invitations_that_were_pending_before_are_accepted_too(
        self, scene: Scene, run: Any, central: list[Any]
    ) -> None:
        onboard(run, accept_in=None)
        assert statuses(scene) == {ANA: {"PENDING"}, BEN: {"PENDING"}}
        result = onboard(run)
        assert result["changed"]
        assert (result["summary"]["unchanged"], result["summary"]["accepted"]) == (6, 6)
        assert row_statuses(result) == {"ACCEPTED"}
        assert statuses(scene) == {ANA: {"ACCEPTED"}, BEN: {"ACCEPTED"}}

    def test_only_listed_accounts_with_something_pending_are_asked(
        self, scene: Scene, run: Any, central: list[Any]
    ) -> None:
        onboard(run, ANA)
        scene.watch()
        result = onboard(run, ANA, DAN, CLEO, accept_in=[account(one) for one in (ANA, BEN, DAN)])
        assert accepted(result) == {DAN: 3}
        assert statuses(scene)[CLEO] == {"PENDING"}
        assert scene.emulator.calls(LIST, ANSWER) == {LIST: 1, ANSWER: 3}
        roles = [call["params"]["RoleArn"] for call in scene.emulator.record("sts") if call["operation"] == ASSUME]
        assert roles == [account(DAN)["role_arn"]]

    def test_an_invitation_of_a_user_stays_its_own(self, scene: Scene, run: Any, central: list[Any]) -> None:
        result = onboard(run, BEN, shared_with=[BEN, BEN_USER])
        assert accepted(result) == {BEN: 3}
        assert statuses(scene) == {BEN: {"ACCEPTED"}, BEN_USER: {"PENDING"}}

    def test_a_removed_share_and_one_that_was_rejected_need_no_acceptance(self, scene: Scene, run: Any) -> None:
        lens = scene.make(LENS, "Central", {ANA: "PENDING", BEN: "REJECTED"})
        gone = {"lens": "Central", "shared_with": [ANA], "state": "absent"}
        kept = {"lens": "Central", "shared_with": [BEN]}
        result = run("wa_shares", resources=[gone, kept], accept_in=[account(ANA), account(BEN)])
        assert not result["failed"], result["msg"]
        assert result["recipients"] == []
        assert scene.shares(lens) == {BEN: "REJECTED"}

    @pytest.mark.parametrize("makes_pending", [True, False])
    def test_an_update_that_makes_pending_is_accepted_again(
        self, scene: Scene, run: Any, central: list[Any], makes_pending: bool
    ) -> None:
        onboard(run)
        scene.emulator.settings(update_makes_pending=makes_pending)
        result = onboard(run, permission_type="CONTRIBUTOR")
        assert not result["failed"], result["msg"]
        assert (result["summary"]["updated"], result["summary"]["accepted"]) == (2, 2 if makes_pending else 0)
        assert row_statuses(result) == {"ACCEPTED"}
        assert statuses(scene) == {ANA: {"ACCEPTED"}, BEN: {"ACCEPTED"}}

    def test_shares_with_an_organization_need_no_acceptance(self, scene: Scene, run: Any, central: list[Any]) -> None:
        scene.enable_organization_sharing()
        result = onboard(run, shared_with=[ORGANIZATION], wait=True)
        assert not result["failed"], result["msg"]
        assert result["recipients"] == []
        assert scene.emulator.calls(LIST) == {LIST: 0}

    @pytest.mark.parametrize("associating", [0, 3])
    def test_accounts_of_the_owners_organization_get_no_invitation(
        self, scene: Scene, run: Any, clock: Any, central: list[Any], associating: int
    ) -> None:
        """Organization sharing is on: the member has access without an invitation, Ben is not a member."""
        member = scene.make_member()
        scene.enable_organization_sharing()
        scene.emulator.settings(associating_lists=associating)
        result = onboard(run, member, BEN, wait_timeout=30)
        assert not result["failed"], result["msg"]
        assert result["summary"]["accepted"] == 3
        assert statuses(scene)[BEN] == {"ACCEPTED"}
        assert statuses(scene)[member] <= {"ASSOCIATING", "ASSOCIATED"}
        assert not failures(result)
        assert clock.moved < 30


class TestWaiting:
    def test_every_expected_invitation_is_waited_for(
        self, scene: Scene, run: Any, clock: Any, central: list[Any]
    ) -> None:
        scene.emulator.settings(invitations_visible_after={"lens": 4, "template": 4})
        foreign = scene.make(PROFILE, "Foreign", [ANA])
        result = onboard(run, wait_timeout=30)
        assert not result["failed"], result["msg"]
        assert result["summary"]["accepted"] == 6
        assert 3 < clock.moved < 12
        assert scene.shares(foreign) == {ANA: "PENDING"}

    def test_an_invitation_that_does_not_show_in_time_is_that_recipients_error(
        self, scene: Scene, run: Any, clock: Any, central: list[Any]
    ) -> None:
        onboard(run, ANA)
        scene.emulator.settings(invitations_visible_after={"lens": 600})
        result = onboard(run, wait_timeout=10)
        assert result["failed"]
        assert result.lacks("Central", BEN, "10") == []
        assert set(failures(result)) == {BEN}
        assert accepted(result) == {BEN: 2}
        assert result["errors"]
        assert 9 < clock.moved < 12


class TestCheckMode:
    @pytest.mark.parametrize("before", ["nothing is shared", "one is pending", "all is accepted"])
    def test_is_equal_to_the_run(self, scene: Scene, run: Any, clock: Any, central: list[Any], before: str) -> None:
        if before == "one is pending":
            scene.share(central[0], ANA)
        elif before == "all is accepted":
            onboard(run)
        scene.watch()
        predicted = onboard(run, check_mode=True)
        assert scene.nothing_changed()
        assert clock.moved == 0
        done = onboard(run)
        assert not done["failed"], done["msg"]
        assert predicted.prediction() == done.prediction()
        assert accepted(predicted) == accepted(done)
        assert predicted["summary"]["accepted"] == done["summary"]["accepted"]


class TestPlaces:
    def test_each_recipient_accepts_in_the_regions_concerned(self, scene: Scene, run: Any) -> None:
        for region in REGIONS:
            scene.make(name="Central", region=region)
        scene.make(LENS, "Only here", region="eu-west-1")
        many = accounts(6)
        resources = [{"workload": "Central", "shared_with": many}, {"lens": "Only here", "shared_with": many[:1]}]
        scene.watch()
        result = run("wa_shares", resources=resources, regions=REGIONS, accept_in=[account(one) for one in many])
        assert not result["failed"], result["msg"]
        assert result["summary"]["accepted"] == 13
        assert [(row["account_id"], row["region"], row["accepted"]) for row in result["recipients"]] == [
            (one, region, 2 if (one, region) == (many[0], "eu-west-1") else 1) for one in many for region in REGIONS
        ]
        assert scene.emulator.calls(LIST, ANSWER) == {LIST: 12, ANSWER: 13}
        assert sum(call["operation"] == ASSUME for call in scene.emulator.record("sts")) == 6

    def test_many_owners_share_with_one_recipient(self, scene: Scene, run: Any) -> None:
        """As wa_collect does: the calling account needs no role."""
        owners = accounts(6)
        for owner in owners:
            for region in REGIONS:
                for name in ("Payments", "Search"):
                    scene.make(name=name, account=owner, region=region)
        foreign = scene.make(name="Foreign", shares=[OWNER], account=CLEO)
        task: dict[str, Any] = {
            "accounts": [account(one) for one in owners],
            "regions": REGIONS,
            "resources": [{"workload": "*"}],
            "shared_with": [OWNER],
            "accept_in": [{"account_id": OWNER, "name": "hub"}],
        }
        scene.watch()
        result = run("wa_shares", **task)
        assert not result["failed"], result["msg"]
        assert [(row["name"], row["region"], row["accepted"]) for row in result["recipients"]] == [
            ("hub", region, 12) for region in REGIONS
        ]
        assert scene.emulator.calls(LIST, ANSWER) == {LIST: 2, ANSWER: 24}
        assert scene.shares(foreign) == {OWNER: "PENDING"}
        assert not run("wa_shares", **task)["changed"]

    def test_a_fresh_collection_lists_the_owners_shares_once(self, scene: Scene, run: Any) -> None:
        """The recipients are asked first: where all invitations show, the owner is not asked again."""
        scene.emulator.seed(workloads=30)
        scene.watch()
        result = run("wa_shares", resources=[{"workload": "*"}], shared_with=[ANA], accept_in=[account(ANA)])
        assert result["summary"]["accepted"] == 30
        assert scene.emulator.calls() == {
            "ListWorkloads": 1,
            "ListWorkloadShares": 30,
            "CreateWorkloadShare": 30,
            LIST: 1,
            ANSWER: 30,
        }


class TestFailures:
    """A recipient's failure is its own: all others accept, then the task fails; a second run repairs."""

    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            ({"settings": {"refused_roles": [f"arn:aws:iam::{ANA}:role/*"]}}, ["role/WellArchitected", "trust"]),
            ({"fault": "access_denied", "operation": LIST, "account": ANA}, [f"wellarchitected:{LIST}"]),
            ({"fault": "access_denied", "operation": ANSWER, "account": ANA}, [f"wellarchitected:{ANSWER}"]),
            ({"fault": "expired_credentials", "account": ANA}, ["credentials"]),
            ({"fault": "not_json", "operation": LIST, "account": ANA}, ["not"]),
            ({"fault": "answer", "body": {}, "operation": LIST, "account": ANA}, ["invitations"]),
            ({"fault": "throttle", "account": ANA}, ["rate"]),
            ({"settings": {"disabled_regions": {ANA: ["us-east-1"]}}}, ["us-east-1"]),
        ],
        ids=["role", "denied list", "denied answer", "expired", "not JSON", "empty", "throttled", "Region"],
    )
    def test_of_one_recipient(
        self, scene: Scene, run: Any, clock: Any, central: list[Any], fault: dict[str, Any], words: list[str]
    ) -> None:
        if "settings" in fault:
            scene.emulator.settings(**fault["settings"])
        else:
            scene.emulator.fault(**fault)
        result = onboard(run)
        assert result["failed"]
        assert set(failures(result)) == {ANA}
        assert [word for word in words if word not in failures(result)[ANA]] == []
        assert result.lacks(ANA, *words) == []
        assert accepted(result)[BEN] == 3
        assert result["summary"]["failed"] == 0
        assert statuses(scene) == {ANA: {"PENDING"}, BEN: {"ACCEPTED"}}

        scene.emulator.clear_faults()
        scene.emulator.settings(refused_roles=[], disabled_regions=[])
        repaired = onboard(run)
        assert not repaired["failed"], repaired["msg"]
        assert accepted(repaired) == {ANA: 3}
        assert statuses(scene)[ANA] == {"ACCEPTED"}

    def test_an_account_without_a_role(self, scene: Scene, run: Any, central: list[Any]) -> None:
        result = onboard(run, accept_in=[{"account_id": ANA}, account(BEN)])
        assert result["failed"]
        assert result.lacks(ANA, "role_arn") == []
        assert statuses(scene).get(BEN) in (None, {"ACCEPTED"})

    def test_a_quota_that_is_full_on_one_resource(self, scene: Scene, run: Any, central: list[Any]) -> None:
        scene.emulator.settings(quotas={"template": 1})
        scene.share(central[2], DAN)
        result = onboard(run)
        assert result["failed"]
        assert result.lacks("quota", "Central") == []
        assert accepted(result) == {ANA: 2, BEN: 2}
        assert result["summary"]["failed"] == 1
        assert set(scene.shares(central[2])) == {DAN}
        assert scene.shares(central[0]) == {ANA: "ACCEPTED", BEN: "ACCEPTED"}

    def test_an_owners_place_that_cannot_be_read(self, scene: Scene, run: Any) -> None:
        for owner in (BEN, CLEO):
            scene.make(name="Payments", account=owner)
        scene.emulator.settings(refused_roles=[account(BEN)["role_arn"]])
        result = run(
            "wa_shares",
            accounts=[account(BEN), account(CLEO)],
            resources=[{"workload": "*"}],
            shared_with=[ANA],
            accept_in=[account(ANA)],
        )
        assert result["failed"]
        assert set(errors(result)) == {(BEN, "us-east-1")}
        assert accepted(result) == {ANA: 1}

    @pytest.mark.parametrize(("others", "count"), [("REJECT", 5), ("withdraw", 5)])
    def test_others_answer_or_withdraw_at_the_same_time(
        self, scene: Scene, run: Any, clock: Any, central: list[Any], others: str, count: int
    ) -> None:
        lens = central[1]
        share = scene.share(lens, ANA)
        invitation = scene.rows(lens)[0]["invitation_id"]
        if others == "REJECT":
            call = {"operation": ANSWER, "params": {"ShareInvitationAction": "REJECT"}}
        else:
            params = {"ShareId": share, "LensAlias": lens.arn}
            call = {"operation": "DeleteLensShare", "account": OWNER, "params": params}
        scene.emulator.fault(
            "meanwhile", operation=ANSWER, match={"ShareInvitationId": invitation}, times=1, meanwhile=call
        )
        result = onboard(run, wait_timeout=10)
        assert result["summary"]["accepted"] == count
        assert statuses(scene)[BEN] == {"ACCEPTED"}
        assert result["failed"]
        assert list(failures(result)) == [ANA]
        assert result.lacks("Central", "outside this run", *(["REJECTED"] if others == "REJECT" else [])) == []

    def test_what_others_accept_at_the_same_time_is_no_failure(
        self, scene: Scene, run: Any, central: list[Any]
    ) -> None:
        scene.share(central[1], ANA)
        call = {"operation": ANSWER, "params": {"ShareInvitationAction": "ACCEPT"}}
        match = {"ShareInvitationId": scene.rows(central[1])[0]["invitation_id"]}
        scene.emulator.fault("meanwhile", operation=ANSWER, match=match, times=1, meanwhile=call)
        result = onboard(run, ANA)
        assert not result["failed"], result["msg"]
        assert result["summary"]["accepted"] == 2
        assert row_statuses(result) == {"ACCEPTED"}

    def test_an_owner_that_cannot_be_found_out_is_an_error_before_the_first_change(
        self, scene: Scene, run: Any, central: list[Any]
    ) -> None:
        workload = scene.make(shares=[ANA])
        scene.watch()
        scene.emulator.fault("access_denied", service="sts", operation="GetCallerIdentity")
        resources = [{"workload": workload.id}, {"lens": "Central", "state": "absent", "shared_with": [CLEO]}]
        scene.share(central[1], CLEO)
        scene.watch()
        result = run("wa_shares", resources=resources, shared_with=[ANA], accept_in=[account(ANA)])
        assert result["failed"]
        assert result.lacks("GetCallerIdentity") == []
        assert scene.nothing_changed()


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ([{"account_id": "12"}], ["accept_in[0].account_id", "'12'"]),
        ([{"account_id": ORGANIZATION}], ["accept_in[0].account_id", ORGANIZATION]),
        ([account(ANA), {"role_arn": "x"}], ["accept_in[1]", "account_id"]),
        ([account(ANA), {**account(BEN), "rolearn": "x"}], ["accept_in[1]", "rolearn", "role_arn"]),
        ([{**account(ANA), "account_id": BEN}], ["accept_in[0].role_arn", BEN]),
        ([account(ANA), account(ANA, external_id="x")], ["accept_in[1]", ANA]),
        ([account(ANA, role_arn="arn:aws-us-gov:iam::111122223333:role/x")], ["accept_in[0].role_arn", "aws-us-gov"]),
    ],
    ids=["number", "organization", "no ID", "unknown option", "another's role", "twice", "partition"],
)
def test_recipients_that_cannot_be_are_refused_before_any_change(
    scene: Scene, run: Any, central: list[Any], listed: list[Any], words: list[str]
) -> None:
    scene.watch()
    result = onboard(run, accept_in=listed)
    assert result["failed"]
    assert result.lacks(*words) == []
    assert scene.nothing_changed()


def test_a_run_that_was_killed_between_sharing_and_accepting(scene: Scene, run: Any, central: list[Any]) -> None:
    """The next run accepts."""
    scene.emulator.fault("slow", operation=LIST, delay_ms=5000)
    task = {
        "resources": [{KINDS[kind].option: "Central"} for kind in THREE],
        "shared_with": [ANA, BEN],
        "accept_in": [account(ANA), account(BEN)],
    }
    with module_process(scene.emulator.url, "wa_shares", **task) as process:
        deadline = time.monotonic() + 120
        while not scene.emulator.calls(LIST)[LIST]:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    scene.emulator.clear_faults()
    assert statuses(scene) == {ANA: {"PENDING"}, BEN: {"PENDING"}}
    result = onboard(run)
    assert not result["failed"], result["msg"]
    assert (result["summary"]["unchanged"], result["summary"]["accepted"]) == (6, 6)
    assert statuses(scene) == {ANA: {"ACCEPTED"}, BEN: {"ACCEPTED"}}
