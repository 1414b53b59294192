# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong on the way to the service and back: what the user is told, and what the next run does about it.

``docs/faults.md`` is this table in words: one row for each test.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import SECRET_KEY
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    CLEO,
    DAN,
    OWNER,
    REGION,
    Result,
    Scene,
    entry,
)

FOR_GOOD = None
#: what a run does that nothing disturbs
DONE = {"created": 7, "updated": 1, "renewed": 1, "deleted": 1, "unchanged": 0, "failed": 0}
CREATE, UPDATE, DELETE = "CreateWorkloadShare", "UpdateWorkloadShare", "DeleteWorkloadShare"


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
        """What the result says was done is done, and what it says was not is told."""
        for workload, row in zip(self.workloads, result.get("resources", ())):
            there = {share["share_id"]: share for share in self.scene.rows(workload)}
            for share in row["shares"]:
                assert (share["share_id"] in there) == (share["action"] != "deleted"), share
                if share["action"] != "deleted":
                    assert there[share["share_id"]]["permission_type"] == share["permission_type"]
            if "error" not in row:
                assert set(self.scene.permissions(workload).items()) >= {(ANA, "READONLY"), (CLEO, "READONLY")}
            else:
                assert row["error"] in result["msg"]
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
        assert result["summary"] == DONE, result
        assert [fault["fired"] for fault in sharing.emulator.faults()] == [3] * len(operations)
        assert len(clock.slept) == 3 * len(operations)
        sharing.check_done()
        sharing.check_converges()

    @pytest.mark.parametrize("operation", [CREATE, UPDATE, DELETE])
    def test_a_lost_answer_is_asked_for_again_with_the_same_token(self, sharing: Sharing, operation: str) -> None:
        sharing.emulator.fault("lost_answer", operation=operation, times=1)

        result = sharing.run()
        assert result["summary"] == DONE, result
        sharing.check_done()
        if operation != UPDATE:  # which has no token: to give a permission twice does no harm
            (token,) = sharing.tokens(operation)
            calls = sharing.emulator.record()
            assert [call["params"].get("ClientRequestToken") for call in calls].count(token) == 2
        sharing.check_converges()

    def test_throttling_of_a_third_of_all_calls_only_takes_time(self, sharing: Sharing, clock: Any) -> None:
        sharing.emulator.fault("throttle", probability=0.33, seed=7)

        result = sharing.run()
        assert result["summary"] == DONE, result
        assert clock.moved > 1
        sharing.check_done()
        sharing.check_converges()

    def test_a_slow_answer_is_waited_for_as_long_as_aws_config_says_and_asked_for_again(self, sharing: Sharing) -> None:
        sharing.emulator.fault("slow", operation=CREATE, delay_ms=400, times=1)

        result = sharing.run(aws_config={"read_timeout": 0.15})
        assert result["summary"] == DONE, result
        assert sharing.emulator.calls(CREATE) == {CREATE: 9}
        sharing.check_done()
        sharing.check_converges()


class TestFaultsOfOneResource:
    """The other resources are finished; then the task fails, and says what was not done."""

    def check_others_done(self, sharing: Sharing, result: Result) -> None:
        assert result["failed"]
        assert result["summary"]["failed"] == 1
        assert ["error" in row for row in result["resources"]] == [True, False, False]
        assert result["msg"].startswith("1 of 3 resources failed.")
        assert "workload 'First'" in result["msg"]
        for workload in (sharing.second, sharing.third):
            assert set(sharing.scene.shares(workload)) == {ANA, BEN, CLEO}

    def test_a_server_error_that_lasts(self, sharing: Sharing) -> None:
        sharing.emulator.fault("server_error", operation=CREATE, **of_first(sharing))

        result = sharing.run()
        self.check_others_done(sharing, result)
        assert "InternalServerException" in result["msg"]
        assert f"Not done: share with {BEN}, share with {CLEO}" in result["msg"]
        sharing.check_converges()

    def test_what_was_done_is_told_in_numbers_before_why_the_rest_was_not(self, sharing: Sharing) -> None:
        sharing.emulator.fault("access_denied", operation="ListWorkloadShares")
        nothing = sharing.run()["msg"]
        assert nothing.startswith("3 of 3 resources failed. Shares: none was touched.\nworkload 'First'")
        sharing.emulator.clear_faults()

        sharing.emulator.fault("server_error", operation=CREATE, **of_first(sharing))
        some = sharing.run()["msg"]
        assert some.startswith(
            "1 of 3 resources failed. Shares: 5 created, 1 updated, 1 renewed, 1 deleted, 2 not done.\nworkload 'First'"
        )

    @pytest.mark.parametrize(("operation", "action"), [(CREATE, "share"), (UPDATE, "give"), (DELETE, "stop sharing")])
    def test_a_permission_that_is_missing(self, sharing: Sharing, operation: str, action: str) -> None:
        sharing.emulator.fault("access_denied", operation=operation, **of_first(sharing))

        result = sharing.run()
        self.check_others_done(sharing, result)
        assert f"Failed to {action}" in result["msg"]
        assert (
            f"The credentials need the IAM action wellarchitected:{operation} on {sharing.first.arn}" in result["msg"]
        )
        sharing.check_converges()

    def test_a_permission_to_list_that_is_missing(self, sharing: Sharing) -> None:
        sharing.emulator.fault("access_denied", operation="ListWorkloadShares", **of_first(sharing))

        result = sharing.run()
        self.check_others_done(sharing, result)
        assert f"IAM action wellarchitected:ListWorkloadShares on {sharing.first.arn}" in result["msg"]
        assert result["resources"][0]["shares"] == []
        sharing.check_converges()

    def test_a_quota_that_is_reached(self, sharing: Sharing) -> None:
        sharing.emulator.fault("quota", operation=CREATE, after=1, **of_first(sharing))

        result = sharing.run()
        self.check_others_done(sharing, result)
        assert "ServiceQuotaExceededException" in result["msg"]
        assert "This quota cannot be raised. Share with an OU or the organization instead" in result["msg"]
        assert f"Not done: share with {CLEO}." in result["msg"]
        assert sharing.emulator.faults()[0]["fired"] == 1
        sharing.check_converges()

    @pytest.mark.parametrize("operation", [CREATE, UPDATE, DELETE])
    @pytest.mark.parametrize("after_work", [False, True], ids=["not done", "done"])
    def test_an_answer_that_is_not_json(self, sharing: Sharing, operation: str, after_work: bool) -> None:
        sharing.emulator.fault("not_json", operation=operation, after_work=after_work, times=1, **of_first(sharing))

        result = sharing.run()
        self.check_others_done(sharing, result)
        assert "is not a JSON object. Whether it was done is not known" in result["msg"]
        assert "Run again" in result["msg"]
        sharing.check_converges()

    def test_a_list_of_shares_that_is_not_json_is_not_taken_for_an_empty_one(self, sharing: Sharing) -> None:
        sharing.emulator.fault("not_json", operation="ListWorkloadShares", **of_first(sharing))
        before = sharing.scene.shares(sharing.first)

        result = sharing.run()
        self.check_others_done(sharing, result)
        assert "is not a JSON object" in result["msg"]
        assert sharing.scene.shares(sharing.first) == before
        sharing.check_converges()

    def test_a_resource_that_is_deleted_between_list_and_change(self, sharing: Sharing) -> None:
        sharing.emulator.fault(
            "meanwhile", operation=CREATE, times=1, meanwhile={"operation": "DeleteWorkload"}, **of_first(sharing)
        )

        result = sharing._run("wa_shares", resources=sharing.resources)
        assert result["failed"]
        assert "ResourceNotFoundException" in result["msg"]
        assert f"Not done: share with {BEN}, share with {CLEO}." in result["msg"]
        assert result["summary"]["failed"] == 1
        assert set(sharing.scene.shares(sharing.third)) == {ANA, BEN, CLEO}

        again = sharing._run("wa_shares", resources=sharing.resources)
        assert "resources[0]: workload 'First' does not exist" in again["msg"]
        rest = sharing._run("wa_shares", resources=sharing.resources[1:])
        assert not rest["failed"]
        assert not rest["changed"]

    def test_a_renewal_of_which_only_the_delete_was_done(self, sharing: Sharing) -> None:
        sharing.emulator.fault(
            "access_denied", operation=CREATE, match={"WorkloadId": sharing.second.id, "SharedWith": BEN}
        )

        result = sharing.run()
        assert result["summary"]["failed"] == 1
        assert f"share again with {BEN}" in result["resources"][1]["error"]
        assert result.by_name["Second"][BEN] == "deleted"
        assert result["resources"][1]["changed"]
        assert BEN not in sharing.scene.shares(sharing.second)
        sharing.check_converges()

    def test_a_conflict_that_lasts(self, sharing: Sharing, clock: Any) -> None:
        sharing.emulator.fault("conflict", operation=DELETE, **of_first(sharing))

        result = sharing.run(wait_timeout=30)
        self.check_others_done(sharing, result)
        assert "ConflictException" in result["msg"]
        assert f"Not done: remove {DAN}." in result["msg"]
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
        assert f"Not done: share with {ou}." in result["msg"]
        assert f"on {sharing.third.arn}. Sharing with an organization" in result["msg"]

    def test_leaves_the_other_operations_to_be_done(self, sharing: Sharing) -> None:
        sharing.emulator.fault("access_denied", operation=UPDATE)
        result = sharing.run()
        assert result["summary"] == {**DONE, "updated": 0, "failed": 1}
        sharing.check_converges()


class TestFaultsThatStopTheRun:
    """What fails one call would fail every other: nothing more is tried, and the account says how far the run came."""

    def check_stopped(self, sharing: Sharing, result: Result) -> None:
        assert result["failed"]
        changed = sum(result["summary"][action] for action in ("created", "updated", "renewed", "deleted"))
        assert 0 < changed < sum(DONE.values())
        assert result["summary"]["failed"] >= 1
        assert "Not done:" in result["msg"]

    @pytest.mark.parametrize("after", [1, 4, 8])
    def test_credentials_that_expire_midway(self, sharing: Sharing, after: int) -> None:
        sharing.emulator.fault("expired_credentials", operation="*WorkloadShare", after=after)

        result = sharing.run()
        self.check_stopped(sharing, result)
        assert "The credentials are no longer valid: renew them and run again, what is done stays done" in result["msg"]
        assert sharing.emulator.faults()[0]["fired"] <= 3  # the calls that were under way
        sharing.check_converges()

    def test_what_was_done_before_is_not_told_as_failed_for_want_of_waiting(self, sharing: Sharing) -> None:
        sharing.emulator.fault("expired_credentials", operation="*WorkloadShare", after=4)
        result = sharing.run(concurrency=1, wait=True)
        assert "was still not shared" not in result["msg"]
        assert result["summary"]["failed"] == 3

    def test_credentials_that_expire_with_one_call_at_a_time(self, sharing: Sharing) -> None:
        sharing.emulator.fault("expired_credentials", operation="*WorkloadShare", after=4)

        result = sharing.run(concurrency=1)
        self.check_stopped(sharing, result)
        assert sharing.emulator.faults()[0]["fired"] == 1
        assert sum(sharing.scene.changes().values()) == 5
        assert result["summary"]["failed"] == 3
        assert sum("The run was stopped" in row["error"] for row in result["resources"]) == 2
        sharing.check_converges()

    def test_a_service_that_cannot_be_reached_any_more(self, sharing: Sharing) -> None:
        sharing.emulator.fault("drop", after=6)

        result = sharing.run(aws_config={"retries": {"total_max_attempts": 3, "mode": "standard"}})
        self.check_stopped(sharing, result)
        assert "The service cannot be reached: check the network, the region and endpoint_url" in result["msg"]
        assert sharing.emulator.faults()[0]["fired"] <= 3 * 3
        sharing.check_converges()

    def test_answers_that_no_longer_come_in_time(self, sharing: Sharing) -> None:
        sharing.emulator.fault("slow", operation="*WorkloadShare", delay_ms=500, after=3)
        retries = {"total_max_attempts": 2, "mode": "standard"}

        result = sharing.run(aws_config={"read_timeout": 0.15, "retries": retries})
        self.check_stopped(sharing, result)
        assert "The service cannot be reached" in result["msg"]
        while any(call["status"] is None for call in sharing.emulator.record()):
            time.sleep(0.02)  # what was sent is still done, and nobody hears of it
        sharing.check_converges()


class TestFaultsBeforeTheFirstChange:
    @pytest.mark.parametrize(
        ("fault", "says"),
        [
            ("access_denied", "IAM action wellarchitected:ListWorkloads"),
            ("expired_credentials", "no longer valid"),
            ("not_json", "is not a JSON object"),
            ("server_error", "InternalServerException"),
            ("drop", "cannot be reached"),
        ],
    )
    def test_the_resources_cannot_be_listed(self, sharing: Sharing, fault: str, says: str) -> None:
        sharing.emulator.fault(fault, operation="ListWorkloads")

        result = sharing.run()
        assert result["failed"]
        assert "Failed to list every workload of this account" in result["msg"]
        assert says in result["msg"]
        assert sharing.scene.nothing_changed()
        sharing.check_converges()

    @pytest.mark.parametrize("fault", ["expired_credentials", "drop"])
    def test_the_shares_cannot_be_listed_and_no_other_call_would_fare_better(
        self, sharing: Sharing, fault: str
    ) -> None:
        sharing.emulator.fault(fault, operation="ListWorkloadShares")

        result = sharing.run()
        assert result["failed"]
        assert "Failed to list the shares of" in result["msg"]
        assert sharing.scene.nothing_changed()
        sharing.check_converges()

    def test_the_own_account_cannot_be_found_out_where_it_is_needed(self, sharing: Sharing) -> None:
        sharing.emulator.fault("access_denied", service="sts")

        resources = [{"workload": workload.id, "shared_with": [ANA]} for workload in sharing.workloads]
        result = sharing._run("wa_shares", resources=resources)
        assert result["failed"]
        assert "which account these credentials belong to" in result["msg"]
        assert "AWS_ENDPOINT_URL_WELLARCHITECTED" in result["msg"]
        assert sharing.scene.nothing_changed()
        sharing.check_converges()


class TestOthersAtWork:
    """Someone else changes the same shares at the same time."""

    def test_shares_with_the_same_principal_a_moment_before(self, sharing: Sharing) -> None:
        sharing.emulator.fault(
            "meanwhile",
            operation=CREATE,
            match={"WorkloadId": sharing.first.id, "SharedWith": BEN},
            times=1,
            meanwhile={"operation": CREATE, "params": {"PermissionType": "READONLY"}},
        )

        result = sharing.run()
        assert not result["failed"], result["msg"]
        assert result.by_name["First"][BEN] == "unchanged"
        sharing.check_done()
        sharing.check_converges()

    def test_shares_with_the_same_principal_but_with_another_permission(self, sharing: Sharing) -> None:
        sharing.emulator.fault(
            "meanwhile",
            operation=CREATE,
            match={"WorkloadId": sharing.first.id, "SharedWith": BEN},
            times=1,
            meanwhile={"operation": CREATE, "params": {"PermissionType": "CONTRIBUTOR"}},
        )

        result = sharing.run()
        assert not result["failed"], result["msg"]
        assert result.by_name["First"][BEN] == "updated"
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

    def test_removes_the_dead_share_that_is_to_be_sent_again(self, sharing: Sharing) -> None:
        sharing.emulator.fault(
            "meanwhile",
            operation=DELETE,
            match={"ShareId": sharing.second.shares[BEN]},
            times=1,
            meanwhile={"operation": DELETE},
        )

        result = sharing.run()
        assert result["summary"] == DONE
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
        assert f"{ANA} (REJECTED)" in again["warnings"][0]


def module_process(emulator_url: str, **options: Any) -> subprocess.Popen[str]:
    """wa_shares in a process of its own, as Ansible runs it."""
    collections = Path(__file__).resolve().parents[7]
    arguments = {
        "region": REGION,
        "endpoint_url": emulator_url,
        "access_key": "test",
        "secret_key": SECRET_KEY,
        "_ansible_remote_tmp": "/tmp",
        "_ansible_keep_remote_files": False,
        **options,
    }
    code = (
        "import json, sys\n"
        "from ansible.module_utils import basic\n"
        "from ansible_collections.wellarchitected.sharing.plugins.modules import wa_shares\n"
        "basic._ANSIBLE_ARGS = sys.argv[1].encode()\n"
        "basic._ANSIBLE_PROFILE = 'legacy'\n"
        "wa_shares.main()\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, json.dumps({"ANSIBLE_MODULE_ARGS": arguments})],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(collections), os.environ.get("PYTHONPATH", "")])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("after", [1, 4])
def test_a_run_that_is_killed(sharing: Sharing, after: int) -> None:
    """The change that is under way then is still done, and nobody hears of it."""
    sharing.emulator.fault("slow", operation=CREATE, after=after, delay_ms=700)
    with module_process(sharing.emulator.url, resources=sharing.resources, concurrency=2) as process:
        deadline = time.monotonic() + 20
        while not any(call["fault"] for call in sharing.emulator.record()):
            assert process.poll() is None, process.stderr.read()
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
