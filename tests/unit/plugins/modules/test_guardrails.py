# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guardrails: a task refuses before the first change, in check mode as in the run."""

from __future__ import annotations

from typing import Any

import pytest

from .names import ANA, BEN, BEN_ROLE, CLEO, DAN, MODULES, ORGANIZATION, OU, OU_ARN, OWNER, REGIONS
from .scenes import KINDS, LENS, Kind, Result, Scene, account, accounts, entry, every_kind, keys

NAMES = {"payments": ANA, "search": BEN, "partners": ["search", CLEO], "all": ["payments", "partners"]}
in_both_modes = pytest.mark.parametrize("check_mode", [False, True], ids=["run", "check mode"])


@pytest.fixture
def six(scene: Scene) -> dict[str, Any]:
    """Six accounts, two Regions, two workloads in each: the options that share them with the owner."""
    spokes = accounts(6)
    for one in spokes:
        for region in REGIONS:
            for name in ("Payments", "Search"):
                scene.make(name=name, account=one, region=region)
    return {"accounts": [account(one) for one in spokes], "regions": REGIONS, "resources": [{"workload": "*"}]}


class TestAllowedPrincipals:
    @in_both_modes
    def test_every_principal_that_is_not_allowed_is_named(self, scene: Scene, run: Any, check_mode: bool) -> None:
        payments, lens = scene.make(), scene.make(LENS, "Lens")
        scene.watch()
        result = run(
            "wa_shares",
            check_mode=check_mode,
            resources=[entry(payments, ANA, BEN_ROLE, OU_ARN), entry(lens, CLEO, DAN, ORGANIZATION)],
            allowed_principals=[ANA, OU, CLEO],
        )
        assert result["failed"]
        assert result.lacks("allowed_principals", BEN_ROLE, DAN, ORGANIZATION, "resources[0]", "resources[1]") == []
        assert not [allowed for allowed in (ANA, OU_ARN, CLEO) if allowed in result["msg"]]
        assert scene.nothing_changed()

    def test_it_is_judged_over_all_places_before_any_change(self, scene: Scene, run: Any, six: dict[str, Any]) -> None:
        last = {"workload": "Search", "accounts": accounts(6)[5:], "shared_with": [CLEO]}
        task = {**six, "resources": [*six["resources"], last], "shared_with": [OWNER]}
        scene.watch()
        assert run("wa_shares", **task, allowed_principals=[OWNER]).lacks(CLEO, "resources[1]") == []
        assert scene.nothing_changed()


class TestMaxRemovals:
    @in_both_modes
    def test_a_run_that_would_remove_more_names_who_would_lose_access(
        self, scene: Scene, run: Any, check_mode: bool
    ) -> None:
        payments = scene.make(name="Payments", shares={ANA: "ACCEPTED", BEN: "PENDING", CLEO: "EXPIRED"})
        lens = scene.make(LENS, "Lens", {ANA: "ACCEPTED", BEN: "EXPIRED"})
        task = {"resources": [entry(payments, DAN, purge_shares=True), entry(lens, ANA, state="absent")]}
        scene.watch()
        result = run("wa_shares", check_mode=check_mode, **task, max_removals=3)
        assert result["failed"]
        assert result.lacks("max_removals", "3", "4", "Payments", "Lens", ANA, BEN, CLEO) == []
        assert scene.nothing_changed()
        assert len(result["diff"]) == 2
        assert result["diff"][1]["before"] == f"{ANA} ACCEPTED\n{BEN} EXPIRED\n"
        assert result["diff"][1]["after"] == f"{BEN} EXPIRED\n"
        assert not run("wa_shares", check_mode=check_mode, **task, max_removals=4)["failed"]

    @every_kind
    @in_both_modes
    def test_of_one_resource(self, scene: Scene, run: Any, kind: Kind, check_mode: bool) -> None:
        resource = scene.make(kind, "Payments", {ANA: "ACCEPTED", BEN: "REJECTED", CLEO: "EXPIRED"})
        scene.watch()
        task = {kind.option: "Payments", "shared_with": [CLEO], "purge_shares": True, "principals": NAMES}
        result = run(kind.module, check_mode=check_mode, **task, max_removals=1)
        assert result.lacks("max_removals", "1", "2", ANA, "payments", BEN, "search") == []
        assert scene.nothing_changed()
        # The renewal of Cleo's share is not a removal.
        good = run(kind.module, check_mode=check_mode, **task, max_removals=2)
        assert good.actions == {CLEO: "renewed", ANA: "deleted", BEN: "deleted"}
        assert (set(scene.shares(resource)) == {CLEO}) is not check_mode

    def test_it_counts_over_all_places(self, scene: Scene, run: Any, six: dict[str, Any]) -> None:
        run("wa_shares", **six, shared_with=[OWNER, ANA])
        scene.watch()
        purging = {**six, "shared_with": [OWNER], "purge_shares": True}
        assert run("wa_shares", **purging, max_removals=23).lacks("max_removals", "23", "24", ANA) == []
        assert scene.nothing_changed()
        assert run("wa_shares", **purging, max_removals=24)["summary"]["deleted"] == 24


class TestApprovedPlan:
    @pytest.fixture
    def approved(self, scene: Scene, run: Any) -> Any:
        """A scene with a share of each sort to come, and its plan."""
        payments = scene.make(shares={BEN: ("PENDING", "READONLY"), CLEO: "PENDING"})
        declared = {
            "resources": [entry(payments, ANA, {"principal": BEN, "permission_type": "CONTRIBUTOR"})],
            "purge_shares": True,
        }
        plan = run("wa_shares", check_mode=True, **declared)["plan"]
        scene.watch()
        return payments, declared, plan

    def test_the_plan_is_every_change_and_the_same_in_the_run(self, approved: Any, run: Any) -> None:
        payments, declared, plan = approved
        where = {"account_id": OWNER, "region": "us-east-1", "kind": "workload", "id": payments.id, "name": "Payments"}
        assert plan == [
            {**where, "shared_with": CLEO, "permission_type": "READONLY", "action": "deleted"},
            {**where, "shared_with": BEN, "permission_type": "CONTRIBUTOR", "action": "updated"},
            {**where, "shared_with": ANA, "permission_type": "READONLY", "action": "created"},
        ]
        done = run("wa_shares", approved_plan=plan, **declared)
        assert not done["failed"], done["msg"]
        assert done["plan"] == plan
        again = run("wa_shares", approved_plan=plan, **declared)
        assert (again["changed"], again["plan"]) == (False, [])

    def test_its_sha256_can_be_quoted_in_a_ticket(self, approved: Any, run: Any) -> None:
        _payments, declared, plan = approved
        predicted = run("wa_shares", check_mode=True, **declared)["plan_sha256"]
        assert len(predicted) == 64
        assert int(predicted, 16)
        other = run("wa_shares", check_mode=True, **{**declared, "purge_shares": False})
        assert other["plan_sha256"] != predicted
        refused = run("wa_shares", approved_plan=[], **declared)
        assert (refused["plan"], refused["plan_sha256"]) == (plan, predicted)
        assert run("wa_shares", **declared)["plan_sha256"] == predicted
        assert run("wa_shares", **declared)["plan_sha256"] != predicted

    @pytest.mark.parametrize(
        ("resource", "words"),
        [
            ({"workload": "Payments", "shared_with": [OU]}, ["Payments", OU]),
            ({"workload": "Payments", "permission_type": "CONTRIBUTOR", "shared_with": [ANA]}, [ANA, "CONTRIBUTOR"]),
            ({"workload": "Search", "shared_with": [BEN]}, ["Search", BEN]),
            ({"workload": "Search", "shared_with": [ANA], "state": "absent"}, ["Search", ANA, "delete"]),
        ],
        ids=["another principal", "another permission", "another resource", "a removal"],
    )
    def test_what_is_not_in_it_is_named_and_nothing_is_done(
        self, approved: Any, scene: Scene, run: Any, resource: dict[str, Any], words: list[str]
    ) -> None:
        scene.make(name="Search", shares=[ANA])
        scene.watch()
        result = run("wa_shares", approved_plan=approved[2], resources=[resource])
        assert result["failed"]
        assert result.lacks("approved_plan", *words) == []
        assert len(result["plan"]) == 1
        assert scene.nothing_changed()

    def test_one_that_is_half_done_is_finished(self, approved: Any, scene: Scene, run: Any) -> None:
        _payments, declared, plan = approved
        scene.emulator.fault("server_error", operation="CreateWorkloadShare", times=100)
        assert run("wa_shares", approved_plan=plan, **declared)["failed"]
        scene.emulator.clear_faults()
        result = run("wa_shares", approved_plan=plan, **declared)
        assert result.by_name == {"Payments": {ANA: "created", BEN: "unchanged"}}

    def test_what_others_change_while_the_task_is_running_opens_no_way_round_it(
        self, approved: Any, scene: Scene, run: Any
    ) -> None:
        payments, declared, plan = approved
        gone = {"WorkloadId": payments.id, "ShareId": payments.shares[BEN]}
        scene.emulator.fault(
            "meanwhile",
            operation="UpdateWorkloadShare",
            meanwhile={"operation": "DeleteWorkloadShare", "params": gone},
            times=1,
        )
        result = run("wa_shares", approved_plan=plan, **declared)
        assert BEN not in scene.shares(payments)
        assert result.lacks("approved_plan", BEN) == []

    def test_acceptances_need_no_approval(self, approved: Any, scene: Scene, run: Any) -> None:
        payments, declared, plan = approved
        result = run("wa_shares", approved_plan=plan, **declared, accept_in=[account(ANA), account(BEN)])
        assert not result["failed"], result["msg"]
        assert scene.shares(payments) == {ANA: "ACCEPTED", BEN: "ACCEPTED"}


#: a task of each module that makes calls
TASKS: dict[str, dict[str, Any]] = {
    **{kind.module: {kind.option: "Payments", "shared_with": [BEN]} for kind in KINDS.values()},
    "wa_shares": {"resources": [{"workload": "*", "shared_with": [BEN]}]},
    "wa_share_invitation": {"shared_by": [CLEO]},
    "wa_share_invitation_info": {},
    "wa_share_drift_info": {"resources": []},
    "wa_share_info": {},
    "wa_organization_sharing": {"state": "enabled"},
}


class TestExpectedAccountId:
    """Other credentials are refused before any other call, with both IDs."""

    @pytest.mark.parametrize("name", MODULES)
    def test_in_every_module(self, scene: Scene, run: Any, name: str) -> None:
        for kind in KINDS.values():
            scene.make(kind)
        scene.watch()
        refused = run(name, expected_account_id=ANA, **TASKS[name])
        assert refused["failed"]
        assert refused.lacks("expected_account_id", ANA, OWNER) == []
        assert [call["operation"] for call in scene.emulator.record("")] == ["GetCallerIdentity"]
        for expected in (OWNER, None):
            assert not run(name, expected_account_id=expected, check_mode=True, **TASKS[name])["failed"]

    def test_it_is_the_calling_account_and_not_that_of_a_role(self, scene: Scene, run: Any) -> None:
        scene.make(account=ANA)
        task = {**TASKS["wa_shares"], "accounts": [account(ANA)]}
        assert run("wa_shares", **task, expected_account_id=ANA)["failed"]
        assert run("wa_shares", **task, expected_account_id=OWNER)["summary"]["created"] == 1
        mine = run("wa_share_info", expected_account_id=ANA, **keys(scene, ANA))
        assert mine["summary"]["shares"] == 1

    def test_where_it_cannot_be_found_out_nothing_is_done(self, scene: Scene, run: Any) -> None:
        scene.make()
        scene.emulator.fault("access_denied", service="sts")
        scene.watch()
        result = run("wa_shares", expected_account_id=OWNER, **TASKS["wa_shares"])
        assert result["failed"]
        assert scene.emulator.calls() == {}


GUARDRAILS = ("allowed_principals", "approved_plan", "max_removals", "expected_account_id")


@pytest.mark.parametrize("name", ["wa_shares", "wa_workload_share"])
@pytest.mark.parametrize("guardrail", GUARDRAILS)
class TestNullAndEmpty:
    """Null is as not given; an empty string is an error; an empty list allows or approves nothing."""

    def share(self, scene: Scene, run: Any, name: str, guardrail: str, **options: Any) -> Result:
        if name == "wa_workload_share" and guardrail == "approved_plan":
            pytest.skip("wa_workload_share has no approved_plan")
        payments = scene.make(shares=[BEN])
        task: dict[str, Any] = {"shared_with": [ANA], "purge_shares": True, **options}
        if name == "wa_shares":
            result: Result = run(name, resources=[{"workload": "Payments"}], **task)
        else:
            result = run(name, workload="Payments", **task)
        assert set(scene.shares(payments)) == ({BEN} if result["failed"] else {ANA})
        return result

    def test_null(self, scene: Scene, run: Any, name: str, guardrail: str) -> None:
        assert not self.share(scene, run, name, guardrail, null=(guardrail,))["failed"]

    def test_empty_string(self, scene: Scene, run: Any, name: str, guardrail: str) -> None:
        result = self.share(scene, run, name, guardrail, **{guardrail: ""})
        assert result["failed"]
        assert result.lacks(guardrail) == []

    def test_empty_list(self, scene: Scene, run: Any, name: str, guardrail: str) -> None:
        result = self.share(scene, run, name, guardrail, **{guardrail: []})
        assert result["failed"]
        assert result.lacks(guardrail) == []
