# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guardrails: a task refuses before the first change, in check mode as in the run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    BEN_ROLE,
    BEN_USER,
    CLEO,
    DAN,
    KINDS,
    MODULES,
    ORGANIZATION,
    OU,
    OU_ARN,
    OWNER,
    Kind,
    Result,
    Scene,
    account,
    accounts,
    entry,
    every_kind,
    keys,
)

LENS = KINDS["lens"]
NAMES = {"payments": ANA, "search": BEN, "partners": ["search", CLEO], "all": ["payments", "partners"]}
REGIONS = ["us-east-1", "eu-west-1"]
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

    @every_kind
    def test_of_one_resource(self, scene: Scene, run: Any, kind: Kind) -> None:
        scene.make(kind, "Payments")
        scene.watch()
        task = {kind.option: "Payments", "shared_with": ["all"], "principals": NAMES}
        refused = run(kind.module, **task, allowed_principals=["partners"])
        assert refused.lacks("allowed_principals", ANA, "payments") == []
        assert scene.nothing_changed()
        assert run(kind.module, **task, allowed_principals=["partners", ANA])["changed"]

    def test_an_account_allows_its_users_and_roles_and_a_user_only_itself(self, scene: Scene, run: Any) -> None:
        task = {"resources": [entry(scene.make(), BEN_USER, BEN_ROLE, ANA)]}
        refused = run("wa_shares", **task, allowed_principals=[BEN_USER, f"arn:aws:iam::{ANA}:root"])
        assert refused.lacks(BEN_ROLE) == []
        assert BEN_USER not in refused["msg"]
        assert run("wa_shares", **task, allowed_principals=[BEN, ANA])["summary"]["created"] == 3

    def test_removals_are_always_allowed(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[DAN, CLEO, ANA])
        result = run("wa_shares", resources=[entry(payments, DAN, state="absent")], allowed_principals=[ANA])
        assert result.by_name == {"Payments": {DAN: "deleted"}}

    def test_it_is_judged_over_all_places_before_any_change(self, scene: Scene, run: Any, six: dict[str, Any]) -> None:
        last = {"workload": "Search", "accounts": accounts(6)[5:], "shared_with": [CLEO]}
        task = {**six, "resources": [*six["resources"], last], "shared_with": [OWNER]}
        scene.watch()
        assert run("wa_shares", **task, allowed_principals=[OWNER]).lacks(CLEO, "resources[1]") == []
        assert scene.nothing_changed()

    @pytest.mark.parametrize(
        ("allowed", "words"),
        [
            ([ANA, 1402433619], ["allowed_principals[1]", "1402433619"]),
            (["partner"], ["allowed_principals[0]", "'partner'", "partners"]),
            ([ANA, ""], ["allowed_principals[1]"]),
        ],
        ids=str,
    )
    def test_a_bad_principal_is_refused(self, scene: Scene, run: Any, allowed: Any, words: list[str]) -> None:
        payments = scene.make()
        result = run("wa_shares", resources=[entry(payments, ANA)], allowed_principals=allowed, principals={**NAMES})
        assert result.lacks(*words) == []
        assert scene.shares(payments) == {}


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

    def test_many_are_named_shortly(self, scene: Scene, run: Any) -> None:
        lenses = [scene.make(LENS, name, dict.fromkeys(accounts(15), "ACCEPTED")) for name in ("One", "Two")]
        result = run("wa_shares", resources=[entry(one, purge_shares=True) for one in lenses], max_removals=29)
        assert result["msg"].count("lens") <= 21
        assert result.lacks("One", "more") == []
        assert len(result["msg"].splitlines()) <= 25
        assert sum(diff["before"].count("\n") for diff in result["diff"]) == 30

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

    def test_a_renewal_is_approved_as_a_creation(self, approved: Any, scene: Scene, run: Any) -> None:
        payments, declared, plan = approved
        scene.emulator.force(scene.share(payments, ANA), "EXPIRED")
        result = run("wa_shares", approved_plan=plan, **declared)
        assert not result["failed"], result["msg"]
        assert result.by_name["Payments"][ANA] == "renewed"

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

    @pytest.mark.parametrize("change", [{"account_id": ANA}, {"region": "eu-west-1"}, {"kind": "lens"}], ids=str)
    def test_one_of_another_place_or_kind_approves_nothing(
        self, approved: Any, scene: Scene, run: Any, change: dict[str, str]
    ) -> None:
        _payments, declared, plan = approved
        assert run("wa_shares", approved_plan=[{**row, **change} for row in plan], **declared)["failed"]
        assert scene.nothing_changed()

    def test_it_compares_principals_by_meaning_and_may_come_from_json(self, approved: Any, run: Any) -> None:
        _payments, declared, plan = approved
        other = [{**row, "shared_with": f"arn:aws:iam::{row['shared_with']}:root"} for row in plan]
        assert not run("wa_shares", approved_plan=json.loads(json.dumps(other)), **declared)["failed"]

    @pytest.mark.parametrize(
        ("plan", "words"),
        [
            ([{"kind": "workload"}], ["approved_plan[0]"]),
            ([{"kind": "x", "id": "y", "shared_with": ANA, "action": "created"}], ["approved_plan[0]", "kind"]),
            (["created"], ["approved_plan"]),
            ("yes", ["approved_plan"]),
        ],
        ids=str,
    )
    def test_what_is_no_plan_is_refused(
        self, approved: Any, scene: Scene, run: Any, plan: Any, words: list[str]
    ) -> None:
        result = run("wa_shares", approved_plan=plan, **approved[1])
        assert result["failed"]
        assert result.lacks(*words) == []
        assert scene.nothing_changed()

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

    @pytest.mark.parametrize(
        ("expected", "words"), [("1234", ["'1234'"]), (76543210012, ["76543210012"]), (OU, [OU])], ids=str
    )
    def test_what_is_no_account_id_is_refused(self, scene: Scene, run: Any, expected: Any, words: list[str]) -> None:
        result = run("wa_shares", expected_account_id=expected, **TASKS["wa_shares"])
        assert result["failed"]
        assert result.lacks("expected_account_id", *words) == []
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
