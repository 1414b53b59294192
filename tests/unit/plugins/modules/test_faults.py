# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong on the way to the service and back: what is reported, and what the next run does about it."""

from __future__ import annotations

import signal
import time
from typing import Any, ClassVar

import pytest

from .names import ANA, BEN, CLEO, DAN, OWNER
from .scenes import Result, Scene, entry, module_process

#: what a run does that nothing disturbs
DONE = {"created": 7, "updated": 1, "renewed": 1, "deleted": 1}
CREATE, UPDATE, DELETE = "CreateWorkloadShare", "UpdateWorkloadShare", "DeleteWorkloadShare"
LIST = "ListWorkloadShares"


class Sharing:
    """Three workloads to be shared with three accounts each, which takes every kind of change."""

    def __init__(self, scene: Scene, run: Any) -> None:
        self.scene = scene
        self.emulator = scene.emulator
        self._run = run
        self.first = scene.make(name="First", shares={DAN: "ACCEPTED", ANA: ("ACCEPTED", "CONTRIBUTOR")})
        self.second = scene.make(name="Second", shares={BEN: "EXPIRED"})
        self.third = scene.make(name="Third")
        self.workloads = (self.first, self.second, self.third)
        self.resources = [entry(workload, ANA, BEN, CLEO, purge_shares=True) for workload in self.workloads]
        scene.watch()

    def run(self, **options: Any) -> Result:
        result = self._run("wa_shares", **{"resources": self.resources, **options})
        self.check_account(result)
        return result

    def check_account(self, result: Result) -> None:
        """What the result says was done is done, and what it says was not is reported."""
        for workload, row in zip(self.workloads, result.get("resources", ())):
            there = {share["share_id"]: share for share in self.scene.rows(workload)}
            for share in row["shares"]:
                assert (share["share_id"] in there) == (share["action"] != "deleted"), share
                if share["action"] != "deleted":
                    assert there[share["share_id"]]["permission_type"] == share["permission_type"]
            if "error" not in row:
                assert set(self.scene.permissions(workload).items()) >= {(ANA, "READONLY"), (CLEO, "READONLY")}
            else:
                missing = {ANA, BEN, CLEO} - {share["shared_with"] for share in row["shares"]}
                assert not row["shares"] or all(principal in row["error"] for principal in missing)

    def check_done(self) -> None:
        for workload in self.workloads:
            assert set(self.scene.shares(workload)) == {ANA, BEN, CLEO}
            assert not {"EXPIRED"} & set(self.scene.shares(workload).values())
            assert set(self.scene.permissions(workload).values()) == {"READONLY"}

    def check_converges(self) -> None:
        """Without the fault, the next run does what is still to do, and the one after that nothing."""
        self.emulator.clear_faults()
        result = self.run()
        assert not result["failed"], result["msg"]
        self.check_done()
        self.scene.watch()
        assert not self.run()["changed"]
        assert self.scene.nothing_changed()

    def tokens(self, operation: str) -> list[str]:
        return [
            call["params"]["ClientRequestToken"]
            for call in self.emulator.record()
            if call["operation"] == operation and call["fault"]
        ]


@pytest.fixture
def sharing(scene: Scene, run: Any) -> Sharing:
    return Sharing(scene, run)


def of_first(sharing: Sharing) -> dict[str, Any]:
    """The calls that are about the first workload."""
    return {"match": {"WorkloadId": sharing.first.id}}


class TestFaultsThatPass:
    """Retried until they are over: the user sees a run like any other."""

    @pytest.mark.parametrize("fault", ["server_error", "unavailable_html", "drop", "throttle"])
    def test_a_failure_of_any_call_is_retried(self, sharing: Sharing, clock: Any, fault: str) -> None:
        operations = ("ListWorkloads", "ListWorkloadShares", CREATE, UPDATE, DELETE)
        for operation in operations:
            sharing.emulator.fault(fault, operation=operation, times=3)

        result = sharing.run()
        assert result.counts == DONE, result["msg"]
        assert [fault["fired"] for fault in sharing.emulator.faults()] == [3] * len(operations)
        assert len(clock.slept) == 3 * len(operations)
        sharing.check_done()
        sharing.check_converges()

    @pytest.mark.parametrize("operation", [CREATE, UPDATE, DELETE])
    def test_a_lost_response_is_asked_for_again_with_the_same_token(self, sharing: Sharing, operation: str) -> None:
        sharing.emulator.fault("lost_answer", operation=operation, times=1)

        result = sharing.run()
        assert result.counts == DONE, result["msg"]
        sharing.check_done()
        if operation != UPDATE:  # which has no token: to give a permission twice does no harm
            (token,) = sharing.tokens(operation)
            calls = sharing.emulator.record()
            assert [call["params"].get("ClientRequestToken") for call in calls].count(token) == 2
        sharing.check_converges()

    def test_a_slow_response_is_waited_for_as_long_as_aws_config_says(self, sharing: Sharing) -> None:
        sharing.emulator.fault("slow", operation=CREATE, delay_ms=400, times=1)

        result = sharing.run(aws_config={"read_timeout": 0.15})
        assert result.counts == DONE, result["msg"]
        assert sharing.emulator.calls(CREATE) == {CREATE: 9}
        sharing.check_done()
        sharing.check_converges()


class TestFaultsOfOneResource:
    """The other resources are finished; then the task fails, and says what was not done."""

    def check_others_done(self, sharing: Sharing, result: Result) -> None:
        assert result["failed"]
        assert result["summary"]["failed"] == 1
        assert ["error" in row for row in result["resources"]] == [True, False, False]
        assert result.lacks("1 of 3", "workload 'First'") == []
        for workload in (sharing.second, sharing.third):
            assert set(sharing.scene.shares(workload)) == {ANA, BEN, CLEO}

    CASES: ClassVar = {
        "a server error": ({"fault": "server_error", "operation": CREATE}, ["InternalServerException", BEN, CLEO]),
        "a denied create": ({"fault": "access_denied", "operation": CREATE}, [f"wellarchitected:{CREATE}", BEN]),
        "a denied update": ({"fault": "access_denied", "operation": UPDATE}, [f"wellarchitected:{UPDATE}", ANA]),
        "a denied delete": ({"fault": "access_denied", "operation": DELETE}, [f"wellarchitected:{DELETE}", DAN]),
        "a denied list": ({"fault": "access_denied", "operation": LIST}, [f"wellarchitected:{LIST}"]),
        "a list that is not JSON": ({"fault": "not_json", "operation": LIST}, []),
        "a quota": ({"fault": "quota", "operation": CREATE, "after": 1}, ["quota", "organization", CLEO]),
        **{
            f"a response to {operation} that is not JSON, {'done' if done else 'not done'}": (
                {"fault": "not_json", "operation": operation, "after_work": done, "times": 1},
                [],
            )
            for operation in (CREATE, UPDATE, DELETE)
            for done in (False, True)
        },
    }

    @pytest.mark.parametrize(("fault", "words"), CASES.values(), ids=CASES)
    def test_that_last(self, sharing: Sharing, fault: dict[str, Any], words: list[str]) -> None:
        sharing.emulator.fault(**fault, **of_first(sharing))
        before = sharing.scene.shares(sharing.first)
        result = sharing.run()
        self.check_others_done(sharing, result)
        (error,) = (row["error"] for row in result["resources"] if "error" in row)
        assert [word for word in words if word not in error] == []
        if fault["operation"] == LIST:
            assert sharing.scene.shares(sharing.first) == before
            assert result["resources"][0]["shares"] == []
        if fault["fault"] == "access_denied":
            assert result.lacks(sharing.first.arn) == []
        if fault["fault"] == "quota":
            assert sharing.emulator.faults()[0]["fired"] == 1
        sharing.check_converges()

    def test_a_resource_that_is_deleted_between_list_and_change(self, sharing: Sharing) -> None:
        sharing.emulator.fault(
            "meanwhile", operation=CREATE, times=1, meanwhile={"operation": "DeleteWorkload"}, **of_first(sharing)
        )

        result = sharing._run("wa_shares", resources=sharing.resources)
        assert result["failed"]
        assert result.lacks("ResourceNotFoundException", BEN) == []
        assert CLEO in result["resources"][0]["error"]
        assert result["summary"]["failed"] == 1
        assert set(sharing.scene.shares(sharing.third)) == {ANA, BEN, CLEO}

        again = sharing._run("wa_shares", resources=sharing.resources)
        assert again.lacks("resources[0]", "'First'", "does not exist") == []
        rest = sharing._run("wa_shares", resources=sharing.resources[1:])
        assert not rest["failed"]
        assert not rest["changed"]

    def test_a_renewal_of_which_only_the_delete_was_done(self, sharing: Sharing) -> None:
        sharing.emulator.fault(
            "access_denied", operation=CREATE, match={"WorkloadId": sharing.second.id, "SharedWith": BEN}
        )

        result = sharing.run()
        assert result["summary"]["failed"] == 1
        assert BEN in result["resources"][1]["error"]
        assert result.by_name["Second"][BEN] == "deleted"
        assert result["resources"][1]["changed"]
        assert BEN not in sharing.scene.shares(sharing.second)
        sharing.check_converges()

    def test_a_conflict_that_lasts(self, sharing: Sharing, clock: Any) -> None:
        sharing.emulator.fault("conflict", operation=DELETE, **of_first(sharing))

        result = sharing.run(wait_timeout=30)
        self.check_others_done(sharing, result)
        assert result.lacks("ConflictException", DAN) == []
        assert 20 <= clock.moved <= 30
        sharing.check_converges()


class TestADenialOfOneSortOfChange:
    def test_leaves_the_other_principals_to_be_shared_with(self, sharing: Sharing) -> None:
        """An OU goes through the organization; accounts do not."""
        sharing.scene.enable_organization_sharing()
        ou = "ou-ab12-cdefghij"
        sharing.emulator.fault("access_denied", operation=CREATE, match={"SharedWith": ou})
        result = sharing._run("wa_shares", resources=[entry(sharing.third, ou, ANA, BEN)])
        assert result.by_name == {"Third": {ANA: "created", BEN: "created"}}
        assert result.lacks(ou, sharing.third.arn, "rganization") == []


class TestFaultsThatStopTheRun:
    """What fails one call would fail every other: nothing more is tried, and the account says how far the run came."""

    def check_stopped(self, sharing: Sharing, result: Result) -> None:
        assert result["failed"]
        changed = sum(result["summary"][action] for action in ("created", "updated", "renewed", "deleted"))
        assert 0 < changed < sum(DONE.values())
        assert result["summary"]["failed"] >= 1

    @pytest.mark.parametrize("after", [1, 4, 8])
    def test_credentials_that_expire_midway(self, sharing: Sharing, after: int) -> None:
        sharing.emulator.fault("expired_credentials", operation="*WorkloadShare", after=after)

        result = sharing.run()
        self.check_stopped(sharing, result)
        assert result.lacks("credentials", "again") == []
        assert sharing.emulator.faults()[0]["fired"] <= 3  # the calls that were under way
        sharing.check_converges()

    def test_credentials_that_expire_with_one_call_at_a_time(self, sharing: Sharing) -> None:
        sharing.emulator.fault("expired_credentials", operation="*WorkloadShare", after=4)

        result = sharing.run(concurrency=1)
        self.check_stopped(sharing, result)
        assert sharing.emulator.faults()[0]["fired"] == 1
        assert sum(sharing.scene.changes().values()) == 5
        assert result["summary"]["failed"] == 2
        sharing.check_converges()

    def test_a_service_that_cannot_be_reached_any_more(self, sharing: Sharing) -> None:
        sharing.emulator.fault("drop", after=6)

        result = sharing.run(aws_config={"retries": {"total_max_attempts": 3, "mode": "standard"}})
        self.check_stopped(sharing, result)
        assert result.lacks("reach", "endpoint_url") == []
        assert sharing.emulator.faults()[0]["fired"] <= 3 * 3
        sharing.check_converges()

    def test_answers_that_no_longer_come_in_time(self, sharing: Sharing) -> None:
        sharing.emulator.fault("slow", operation="*WorkloadShare", delay_ms=500, after=3)
        retries = {"total_max_attempts": 2, "mode": "standard"}

        result = sharing.run(aws_config={"read_timeout": 0.15, "retries": retries})
        self.check_stopped(sharing, result)
        assert result.lacks("reach") == []
        while any(call["status"] is None for call in sharing.emulator.record()):
            time.sleep(0.02)  # what was sent is still done, and its response is lost
        sharing.check_converges()


class TestFaultsBeforeTheFirstChange:
    @pytest.mark.parametrize(
        ("fault", "says"),
        [
            ("access_denied", "wellarchitected:ListWorkloads"),
            ("expired_credentials", "credentials"),
            ("not_json", "workload"),
            ("server_error", "InternalServerException"),
            ("drop", "reach"),
        ],
    )
    def test_the_resources_cannot_be_listed(self, sharing: Sharing, fault: str, says: str) -> None:
        sharing.emulator.fault(fault, operation="ListWorkloads")

        result = sharing.run()
        assert result["failed"]
        assert result.lacks(says) == []
        assert sharing.scene.nothing_changed()
        sharing.check_converges()

    @pytest.mark.parametrize("fault", ["expired_credentials", "drop"])
    def test_the_shares_cannot_be_listed_and_no_other_call_would_fare_better(
        self, sharing: Sharing, fault: str
    ) -> None:
        sharing.emulator.fault(fault, operation="ListWorkloadShares")

        result = sharing.run()
        assert result["failed"]
        assert sharing.scene.nothing_changed()
        sharing.check_converges()


class TestOthersAtWork:
    """Someone else changes the same shares at the same time."""

    @pytest.mark.parametrize(("permission", "action"), [("READONLY", "unchanged"), ("CONTRIBUTOR", "updated")])
    def test_shares_with_the_same_principal_a_moment_before(
        self, sharing: Sharing, permission: str, action: str
    ) -> None:
        sharing.emulator.fault(
            "meanwhile",
            operation=CREATE,
            match={"WorkloadId": sharing.first.id, "SharedWith": BEN},
            times=1,
            meanwhile={"operation": CREATE, "params": {"PermissionType": permission}},
        )
        result = sharing.run()
        assert not result["failed"], result["msg"]
        assert result.by_name["First"][BEN] == action
        sharing.check_done()
        sharing.check_converges()

    @pytest.mark.parametrize(
        ("operation", "principal", "action"), [(DELETE, DAN, "deleted"), (UPDATE, ANA, "created")], ids=[DELETE, UPDATE]
    )
    def test_removes_the_share_between_list_and_change(
        self, sharing: Sharing, operation: str, principal: str, action: str
    ) -> None:
        sharing.emulator.fault(
            "meanwhile",
            operation=operation,
            match={"ShareId": sharing.first.shares[principal]},
            times=1,
            meanwhile={"operation": DELETE},
        )

        result = sharing.run()
        assert not result["failed"], result["msg"]
        assert result.by_name["First"][principal] == action
        sharing.check_done()
        sharing.check_converges()

    def test_removes_the_inactive_share_that_is_to_be_renewed(self, sharing: Sharing) -> None:
        sharing.emulator.fault(
            "meanwhile",
            operation=DELETE,
            match={"ShareId": sharing.second.shares[BEN]},
            times=1,
            meanwhile={"operation": DELETE},
        )

        result = sharing.run()
        assert result.counts == DONE
        sharing.check_done()
        sharing.check_converges()

    @pytest.mark.parametrize("update_fails_on_inactive", [True, False])
    def test_a_recipient_rejects_between_list_and_update(
        self, scene: Scene, run: Any, update_fails_on_inactive: bool
    ) -> None:
        scene.emulator.settings(update_fails_on_inactive=update_fails_on_inactive)
        workload = scene.make(shares=[ANA], permission="CONTRIBUTOR")
        answer = {"ShareInvitationId": workload.shares[ANA], "ShareInvitationAction": "REJECT"}
        scene.emulator.fault(
            "meanwhile",
            operation=UPDATE,
            times=1,
            meanwhile={"operation": "UpdateShareInvitation", "account": ANA, "params": answer},
        )

        result = run("wa_workload_share", workload=workload.name, shared_with=[ANA])
        assert not result["failed"], result
        assert scene.shares(workload) == {ANA: "REJECTED"}
        again = run("wa_workload_share", workload=workload.name, shared_with=[ANA])
        assert not again["changed"]
        assert ANA in again["warnings"][0]
        assert "REJECTED" in again["warnings"][0]


@pytest.mark.parametrize("after", [1, 4])
def test_a_run_that_is_killed(sharing: Sharing, after: int) -> None:
    """The change that is under way then is still done, and its response is lost."""
    sharing.emulator.fault("slow", operation=CREATE, after=after, delay_ms=700)
    with module_process(sharing.emulator.url, "wa_shares", resources=sharing.resources, concurrency=2) as process:
        deadline = time.monotonic() + 120
        while not any(call["fault"] for call in sharing.emulator.record()):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    while any(call["status"] is None for call in sharing.emulator.record()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    created = len([share for share in sharing.scene.rows() if share["owner"] == OWNER])
    assert after < created < 9
    sharing.check_converges()
