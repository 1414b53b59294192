# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting: all of a run together takes no longer than its wait_timeout, and ends as soon as nothing is waited for."""

from __future__ import annotations

from typing import Any

import pytest

from .names import ANA, BEN, OU
from .scenes import LENS, Scene, accounts, entry

CREATE = "CreateWorkloadShare"
#: seconds that calls, and pauses that end side by side, may add where time is moved by each of eight threads
SLACK = 5.0


def conflict(scene: Scene, **more: Any) -> None:
    scene.emulator.fault(
        "error",
        code="ConflictException",
        status=409,
        message="[Conflict] Another change of this resource is under way.",
        **{"operation": "Create*Share", **more},
    )


class TestConflictsThatNoListExplains:
    def test_all_waiting_of_the_run_has_one_limit(self, scene: Scene, run: Any, clock: Any) -> None:
        workloads = [scene.make(name=f"Workload {number}") for number in range(3)]
        conflict(scene)
        task = [entry(one, *accounts(8)) for one in workloads]
        result = run("wa_shares", resources=task, wait_timeout=5, concurrency=1)
        assert result.counts == {"failed": 3}
        assert clock.moved <= 5 + SLACK

    def test_the_message_has_the_services_words_once(self, scene: Scene, run: Any, clock: Any) -> None:
        payments = scene.make()
        conflict(scene)
        result = run("wa_shares", resources=[entry(payments, ANA)], wait_timeout=5)
        assert result["msg"].count("[Conflict] Another change of this resource is under way.") == 1
        assert result.lacks(ANA) == []

    def test_what_passes_is_waited_for(self, scene: Scene, run: Any, clock: Any) -> None:
        payments = scene.make()
        conflict(scene, times=4)
        result = run("wa_shares", resources=[entry(payments, ANA, BEN)], wait_timeout=30)
        assert result["summary"]["created"] == 2
        assert set(scene.shares(payments)) == {ANA, BEN}

    def test_a_share_that_was_just_deleted(self, scene: Scene, run: Any, clock: Any) -> None:
        scene.emulator.settings(conflicts_after_delete=3)
        payments = scene.make(shares={ANA: "EXPIRED", BEN: "EXPIRED"})
        result = run("wa_shares", resources=[entry(payments, ANA, BEN)], wait_timeout=60)
        assert not result["failed"], result["msg"]
        assert result.by_name == {"Payments": {ANA: "renewed", BEN: "renewed"}}


class TestALostResponse:
    """botocore says how often it repeated a call: then a share that is found may be of this run."""

    def lose(self, scene: Scene, **more: Any) -> None:
        """The first call is done, its response lost; the service has forgotten the token when it is repeated."""
        scene.emulator.fault("lost_answer", operation=CREATE, times=1)
        conflict(scene, operation=CREATE, after=0, times=1, **more)

    def test_a_create_whose_retry_meets_a_conflict_is_created(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        self.lose(scene)
        result = run("wa_shares", resources=[entry(payments, ANA)])
        assert result.by_name == {"Payments": {ANA: "created"}}
        assert result["changed"]
        assert result["resources"][0]["shares"][0]["share_id"] == scene.rows(payments)[0]["share_id"]

    def test_a_renewal_too(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares={ANA: "EXPIRED"})
        self.lose(scene)
        result = run("wa_shares", resources=[entry(payments, ANA)])
        assert result.by_name == {"Payments": {ANA: "renewed"}}

    def test_without_a_retry_it_was_somebody_else(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        scene.emulator.fault("meanwhile", operation=CREATE, times=1, meanwhile={"operation": CREATE})
        result = run("wa_shares", resources=[entry(payments, ANA)])
        assert result.by_name == {"Payments": {ANA: "unchanged"}}


class TestAssociations:
    @pytest.fixture(autouse=True)
    def enabled(self, scene: Scene) -> None:
        scene.enable_organization_sharing()

    @pytest.mark.parametrize("before", [True, False], ids=["shared before", "new"])
    def test_they_are_waited_for_until_they_are_settled(self, scene: Scene, run: Any, clock: Any, before: bool) -> None:
        scene.emulator.settings(associating_lists=3)
        lens = scene.make(LENS, shares={OU: ""} if before else {})
        result = run("wa_lens_share", lens=lens.name, shared_with=[OU], wait=True)
        assert result["changed"] is not before
        assert [row["status"] for row in result["shares"]] == ["ASSOCIATED"]
        assert clock.moved > 0

    def test_one_that_fails_fails_the_task_and_says_why(self, scene: Scene, run: Any) -> None:
        scene.emulator.settings(associating_lists=1, association_fails="The unit was deleted.")
        payments = scene.make()
        result = run("wa_workload_share", workload=payments.name, shared_with=[ANA, OU], wait=True)
        assert (result["failed"], result["changed"]) == (True, True)
        assert result.lacks("The unit was deleted", OU) == []
        assert [row["status"] for row in result["shares"]] == ["PENDING", "FAILED"]

    @pytest.mark.parametrize("wait", [True, False])
    def test_time_is_up(self, scene: Scene, run: Any, clock: Any, wait: bool) -> None:
        scene.emulator.settings(associating_lists=-1)
        payments = scene.make()
        result = run("wa_workload_share", workload=payments.name, shared_with=[OU], wait=wait, wait_timeout=30)
        assert result["failed"] is wait
        if wait:
            assert result.lacks("30 s", OU) == []
        assert (20 if wait else 0) <= clock.moved <= (30 if wait else 0)

    def test_those_that_never_settle_have_one_limit(self, scene: Scene, run: Any, clock: Any) -> None:
        scene.emulator.settings(associating_lists=-1)
        ous = [f"ou-ab12-cdefghi{number}" for number in range(6)]
        workloads = [scene.make(name=name) for name in ("First", "Second")]
        result = run("wa_shares", resources=[entry(one, *ous) for one in workloads], wait=True, wait_timeout=4)
        assert result.lacks("4 s", "First", "Second") == []
        assert clock.moved <= 4 + SLACK

    def test_none_is_starved_by_the_others(self, scene: Scene, run: Any, clock: Any) -> None:
        """Nine resources, eight threads, one call at a time: each is looked at in turn."""
        scene.emulator.settings(associating_lists=2)
        workloads = [scene.make(name=f"Workload {number}") for number in range(9)]
        result = run(
            "wa_shares", resources=[entry(one, OU) for one in workloads], wait=True, wait_timeout=20, concurrency=1
        )
        assert not result["failed"], result["msg"]
        assert {row["shares"][0]["status"] for row in result["resources"]} == {"ASSOCIATED"}

    def test_a_share_that_others_delete_ends_the_waiting_for_it(self, scene: Scene, run: Any, clock: Any) -> None:
        scene.emulator.settings(associating_lists=-1)
        payments = scene.make(shares={OU: ""})
        scene.emulator.fault(
            "meanwhile",
            operation="ListWorkloadShares",
            after=2,
            times=1,
            meanwhile={"operation": "DeleteWorkloadShare", "params": {"ShareId": payments.shares[OU]}},
        )
        result = run("wa_shares", resources=[entry(payments, OU)], wait=True, wait_timeout=600)
        assert result["failed"]
        assert result.lacks(OU) == []
        assert clock.moved < 20


class TestDeletes:
    def test_a_conflict_while_deleting_one_of_two_shares_counts_what_was_deleted(
        self, scene: Scene, run: Any, clock: Any
    ) -> None:
        scene.emulator.settings(create_conflicts_on_inactive=False)
        payments = scene.make(shares={ANA: "EXPIRED"})
        scene.share(payments, ANA)
        conflict(scene, operation="DeleteWorkloadShare", times=2)
        result = run("wa_shares", resources=[entry(payments, ANA, state="absent")])
        assert not result["failed"], result["msg"]
        assert result["summary"]["deleted"] == 2
        assert len({share["share_id"] for share in result["resources"][0]["shares"]}) == 2
        assert scene.rows(payments) == []


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"fault": "throttle"}, "rate"),
        ({"fault": "unavailable_html"}, "vailable"),
        (
            {"fault": "error", "code": "InvalidSignatureException", "status": 403, "message": "Signature expired"},
            "clock",
        ),
        (
            {"fault": "error", "code": "SignatureDoesNotMatch", "status": 403, "message": "Not this signature"},
            "secret key",
        ),
    ],
    ids=["throttle", "unavailable", "clock", "key"],
)
def test_what_every_call_would_meet_stops_the_run(
    scene: Scene, run: Any, clock: Any, fault: dict[str, Any], says: str
) -> None:
    workloads = [scene.make(LENS, f"Lens {number}") for number in range(30)]
    scene.emulator.fault(operation="Create*", after=3, **fault)
    result = run("wa_shares", resources=[entry(one, ANA, BEN) for one in workloads])
    assert result["failed"]
    assert result.lacks(says) == []
    assert result["summary"]["failed"] > 20
    # those under way, each with its retries
    assert scene.emulator.faults()[0]["fired"] <= 8 * 10
    # What was not tried is one line; of what was, a few have their own.
    assert len(result["msg"].splitlines()) <= 6
