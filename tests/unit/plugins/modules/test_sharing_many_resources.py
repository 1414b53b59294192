# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_shares: many resources in one task, the calls that it takes, its guard rails, and what it returns."""

from __future__ import annotations

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
    ORGANIZATION,
    OU,
    OU_ARN,
    OWNER,
    Kind,
    Scene,
    accounts,
    entry,
    every_kind,
)

WORKLOAD, LENS, TEMPLATE, PROFILE = KINDS.values()


def test_resources_of_every_kind_in_one_task(scene: Scene, run: Any) -> None:
    payments = scene.make(WORKLOAD, "Payments", {ANA: "ACCEPTED", CLEO: "ACCEPTED"})
    lens = scene.make(LENS, "Lens", {ANA: "EXPIRED", BEN: "REJECTED"})
    template = scene.make(TEMPLATE, "Template", {ANA: "PENDING", BEN: "PENDING"})
    profile = scene.make(PROFILE, "Profile", {ANA: "ACCEPTED"})
    task: dict[str, Any] = {
        "resources": [
            entry(profile, ANA),
            entry(payments, {"principal": ANA, "permission_type": "CONTRIBUTOR"}, BEN, purge_shares=True),
            entry(template, ANA, state="absent"),
            entry(lens, ANA, BEN),
        ],
    }

    predicted = run("wa_shares", check_mode=True, **task)
    done = run("wa_shares", **task)
    assert done.prediction() == predicted.prediction()
    assert done.by_name == {
        "Profile": {ANA: "unchanged"},
        "Payments": {ANA: "updated", BEN: "created", CLEO: "deleted"},
        "Template": {ANA: "deleted"},
        "Lens": {ANA: "renewed", BEN: "unchanged"},
    }
    assert [row["resource"]["name"] for row in done["resources"]] == ["Profile", "Payments", "Template", "Lens"]
    assert [row["changed"] for row in done["resources"]] == [False, True, True, True]
    assert done["summary"] == {"created": 1, "updated": 1, "renewed": 1, "deleted": 2, "unchanged": 2, "failed": 0}
    assert len(done["diff"]) == 3
    assert scene.permissions(payments) == {ANA: "CONTRIBUTOR", BEN: "READONLY"}

    again = run("wa_shares", **task)
    assert not again["changed"]
    assert again["diff"] == []


def test_what_entries_leave_out_the_task_says(scene: Scene, run: Any) -> None:
    first, second = scene.make(name="First", shares=[DAN]), scene.make(LENS, "Second", shares={ANA: "REJECTED"})

    result = run(
        "wa_shares",
        resources=[{"workload": "First"}, {"lens": "Second", "purge_shares": False}],
        shared_with=[ANA, {"principal": BEN}],
        permission_type="CONTRIBUTOR",
        purge_shares=True,
        renew=["REJECTED"],
    )
    assert result.by_name == {
        "First": {ANA: "created", BEN: "created", DAN: "deleted"},
        "Second": {ANA: "renewed", BEN: "created"},
    }, result
    assert scene.permissions(first) == {ANA: "CONTRIBUTOR", BEN: "CONTRIBUTOR"}
    assert set(scene.shares(second)) == {ANA, BEN}


def test_entries_that_name_the_same_resource_are_one(scene: Scene, run: Any) -> None:
    lens = scene.make(LENS, "Lens", shares=[CLEO, DAN])

    result = run(
        "wa_shares",
        resources=[
            entry(lens, ANA, purge_shares=True),
            {"lens": lens.arn, "shared_with": [BEN, f"arn:aws:iam::{ANA}:root"]},
            {"lens": "Le*", "shared_with": [CLEO]},
        ],
    )
    assert result.by_name == {"Lens": {ANA: "created", BEN: "created", CLEO: "unchanged", DAN: "deleted"}}


def test_a_wildcard_means_every_match_and_may_mean_none(scene: Scene, run: Any) -> None:
    for name in ("Payments EU", "Payments US", "Billing", "Payments?", "Payroll"):
        scene.make(name=name)

    result = run(
        "wa_shares",
        resources=[
            {"workload": "Payments *", "shared_with": [ANA]},
            {"workload": "B?lling", "shared_with": [BEN]},
            {"workload": "Nothing*", "shared_with": [ANA]},
        ],
    )
    assert result.by_name == {
        "Payments EU": {ANA: "created"},
        "Payments US": {ANA: "created"},
        "Billing": {BEN: "created"},
    }
    (warning,) = result["warnings"]
    assert "resources[2]" in warning
    assert "'Nothing*'" in warning


@every_kind
def test_a_name_that_two_resources_have_is_told_apart_by_arn_or_wildcard(scene: Scene, run: Any, kind: Kind) -> None:
    if kind.name in ("workload", "lens"):  # whose names are unique in an account
        twins = [scene.make(kind, "Twin 1"), scene.make(kind, "Twin 2")]
    else:
        twins = [scene.make(kind, "Twin"), scene.make(kind, "Twin")]

    one = run("wa_shares", resources=[{kind.option: twins[0].arn, "shared_with": [ANA]}])
    assert not one["failed"], one["msg"]
    assert [list(scene.shares(twin)) for twin in twins] == [[ANA], []]
    both = run("wa_shares", resources=[{kind.option: "Twin*", "shared_with": [ANA]}])
    assert both["summary"]["created"] == 1
    assert [list(scene.shares(twin)) for twin in twins] == [[ANA], [ANA]]


class TestCalls:
    def test_a_run_that_changes_nothing_lists_each_kind_once_and_each_resource_once(
        self, scene: Scene, run: Any
    ) -> None:
        for kind in KINDS.values():
            for number in range(3):
                scene.make(kind, f"{kind.name} {number}", [ANA])
        names = [f"{kind.name} {number}" for number in range(3) for kind in KINDS.values()]
        resources = [
            {KINDS[name.partition(" ")[0]].option: name, "shared_with": [ANA], "purge_shares": True} for name in names
        ]
        scene.watch()

        result = run("wa_shares", resources=resources)
        assert [row["resource"]["name"] for row in result["resources"]] == names
        assert scene.emulator.calls() == {
            **{kind.list_operation: 1 for kind in KINDS.values()},
            **{f"List{kind.stem}Shares": 3 for kind in KINDS.values()},
        }
        assert scene.emulator.summary("sts")["total"] == 0

    def test_20_workloads_by_name_that_are_as_declared_take_21_calls(self, scene: Scene, run: Any) -> None:
        scene.emulator.seed(workloads=20, shares=[ANA, BEN])
        scene.watch()

        result = run("wa_shares", resources=[{"workload": "seed-*", "shared_with": [ANA, BEN]}])
        assert result["summary"]["unchanged"] == 40
        assert scene.emulator.calls() == {"ListWorkloads": 1, "ListWorkloadShares": 20}

    @pytest.mark.parametrize("named_by", ["id", "arn"])
    def test_nothing_is_looked_up_where_no_name_is_used(self, scene: Scene, run: Any, named_by: str) -> None:
        (made,) = scene.emulator.seed(workloads=1, shares=[ANA])
        scene.watch()

        assert not run("wa_shares", resources=[{"workload": made[named_by], "shared_with": [ANA]}])["changed"]
        assert scene.emulator.calls() == {"ListWorkloadShares": 1}
        assert scene.emulator.summary("sts")["total"] == 0

    def test_as_many_change_calls_as_changes(self, scene: Scene, run: Any) -> None:
        made = scene.emulator.seed(workloads=4, shares=[ANA, BEN, CLEO])
        for workload in made[:2]:
            scene.emulator.force(workload["share_ids"][1], "EXPIRED")
        scene.watch()

        result = run(
            "wa_shares",
            resources=[{"workload": "seed-*", "shared_with": [ANA, BEN, DAN]}],
            permission_type="CONTRIBUTOR",
            purge_shares=True,
        )
        assert result["summary"] == {
            "created": 4,
            "updated": 6,
            "renewed": 2,
            "deleted": 4,
            "unchanged": 0,
            "failed": 0,
        }
        assert scene.changes() == {"CreateWorkloadShare": 6, "UpdateWorkloadShare": 6, "DeleteWorkloadShare": 6}
        assert len(scene.emulator.record()) == 18 + 1 + 4

    @pytest.mark.parametrize("concurrency", [1, 4, None])
    def test_at_most_as_many_calls_are_under_way_as_told(self, scene: Scene, run: Any, concurrency: int | None) -> None:
        scene.emulator.seed(workloads=12)
        # Long enough for a busy machine to have all of them under way.
        scene.emulator.settings(latency_ms=20 * (concurrency or 8))
        scene.watch()

        result = run(
            "wa_shares",
            resources=[{"workload": "seed-*", "shared_with": [ANA, BEN]}],
            concurrency=concurrency,
        )
        assert result["summary"]["created"] == 24
        assert scene.emulator.summary()["most_at_once"] == (concurrency or 8)

    def test_results_come_in_the_order_declared_although_the_last_is_done_first(self, scene: Scene, run: Any) -> None:
        made = [scene.make(name=name) for name in ("Slow", "Middling", "Quick")]
        for resource, delay in zip(made, (120, 60)):
            scene.emulator.fault(
                "slow", operation="CreateWorkloadShare", match={"WorkloadId": resource.id}, delay_ms=delay
            )
        scene.watch()

        result = run("wa_shares", resources=[entry(resource, CLEO, ANA, BEN) for resource in made])
        assert [row["resource"]["name"] for row in result["resources"]] == ["Slow", "Middling", "Quick"]
        assert [list(row) for row in result.by_name.values()] == [[CLEO, ANA, BEN]] * 3
        ids = [call["params"]["WorkloadId"] for call in scene.emulator.record() if call["operation"].startswith("Crea")]
        assert ids[-1] == made[0].id


class TestGuardRails:
    @pytest.mark.parametrize("check_mode", [False, True], ids=["run", "check mode"])
    def test_nothing_is_shared_with_anyone_who_is_not_allowed(self, scene: Scene, run: Any, check_mode: bool) -> None:
        payments, lens = scene.make(), scene.make(LENS, "Lens")
        scene.watch()

        result = run(
            "wa_shares",
            check_mode=check_mode,
            resources=[entry(payments, ANA, BEN_ROLE, OU_ARN), entry(lens, CLEO, DAN, ORGANIZATION)],
            allowed_principals=[ANA, OU, CLEO],
        )
        assert result["failed"]
        assert scene.nothing_changed()
        for principal, place in ((BEN_ROLE, "resources[0]"), (DAN, "resources[1]"), (ORGANIZATION, "resources[1]")):
            assert f"allowed_principals: {principal} is not in it, but in {place}" in result["msg"]
        for principal in (ANA, OU_ARN, CLEO):
            assert f"{principal} is not" not in result["msg"]

    def test_an_allowed_account_allows_its_users_and_roles_and_a_user_nobody_else(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        task = {"resources": [entry(payments, BEN_USER, BEN_ROLE, ANA)]}

        refused = run("wa_shares", **task, allowed_principals=[BEN_USER, f"arn:aws:iam::{ANA}:root"])
        assert f"allowed_principals: {BEN_ROLE} is not in it" in refused["msg"]
        assert f"{ANA} is not" not in refused["msg"]
        assert run("wa_shares", **task, allowed_principals=[BEN, ANA])["summary"]["created"] == 3

    def test_removals_are_always_allowed(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[DAN, CLEO, ANA])

        result = run(
            "wa_shares", resources=[entry(payments, DAN, state="absent")], allowed_principals=[ANA], purge_shares=False
        )
        assert result.by_name == {"Payments": {DAN: "deleted"}}

    def test_no_one_at_all_may_be_allowed(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        result = run("wa_shares", resources=[entry(payments, ANA)], allowed_principals=[])
        assert f"allowed_principals: {ANA} is not in it" in result["msg"]

    def test_a_bad_word_in_allowed_principals_is_refused(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        result = run("wa_shares", resources=[entry(payments, ANA)], allowed_principals=[ANA, 1402433619])
        assert "allowed_principals[1]: '1402433619'" in result["msg"]
        assert scene.shares(payments) == {}

    @pytest.mark.parametrize("check_mode", [False, True], ids=["run", "check mode"])
    def test_a_run_that_would_remove_more_than_it_may_does_nothing(
        self, scene: Scene, run: Any, check_mode: bool
    ) -> None:
        payments = scene.make(name="Payments", shares={ANA: "ACCEPTED", BEN: "PENDING", CLEO: "EXPIRED"})
        lens = scene.make(LENS, "Lens", {ANA: "ACCEPTED", BEN: "EXPIRED"})
        task = {"resources": [entry(payments, DAN, purge_shares=True), entry(lens, ANA, state="absent")]}
        scene.watch()

        result = run("wa_shares", check_mode=check_mode, **task, max_removals=3)
        assert result["failed"]
        assert scene.nothing_changed()
        assert result["msg"] == (
            "Nothing was changed. max_removals: it is 3, and this run would delete 4: "
            f"workload 'Payments' ({payments.id}) with {ANA} READONLY ACCEPTED, {BEN} READONLY PENDING, "
            f"{CLEO} READONLY EXPIRED; lens 'Lens' ({lens.arn}) with {ANA} ACCEPTED"
        )
        assert [diff["before_header"] for diff in result["diff"]] == [
            f"shares of workload 'Payments' ({payments.id})",
            f"shares of lens 'Lens' ({lens.arn})",
        ]
        assert result["diff"][1] | {"before_header": "", "after_header": ""} == {
            "before_header": "",
            "after_header": "",
            "before": f"{ANA} ACCEPTED\n{BEN} EXPIRED\n",
            "after": f"{BEN} EXPIRED\n",
        }
        assert not run("wa_shares", check_mode=check_mode, **task, max_removals=4)["failed"]

    def test_who_would_lose_access_is_named_up_to_twenty(self, scene: Scene, run: Any) -> None:
        lenses = [scene.make(LENS, name, dict.fromkeys(accounts(15), "ACCEPTED")) for name in ("One", "Two")]
        task = {"resources": [entry(lens, purge_shares=True) for lens in lenses]}
        result = run("wa_shares", **task, max_removals=29)
        assert result["msg"].count(" ACCEPTED") == 20
        assert result["msg"].endswith(" ACCEPTED; and 10 more")
        assert sum(diff["before"].count("\n") for diff in result["diff"]) == 30

    def test_a_renewal_is_no_removal(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares={ANA: "EXPIRED", BEN: "REVOKED"})
        result = run("wa_shares", resources=[entry(payments, ANA, BEN, purge_shares=True)], max_removals=0)
        assert result.by_name == {"Payments": {ANA: "renewed", BEN: "renewed"}}


class TestTheWholeSet:
    """Everything of it is right, or nothing is shared."""

    @pytest.mark.parametrize(
        ("bad", "says"),
        [
            ({"workload": "0" * 32, "shared_with": [ANA]}, ["0" * 32, "does not exist"]),
            ({"workload": "Nobody", "shared_with": [ANA]}, ["resources[1]", "'Nobody'"]),
            ({"lens": "serverless", "shared_with": [ANA]}, ["official"]),
            ({"lens": "Draft", "shared_with": [ANA]}, ["never published"]),
            ({"workload": "Payments", "shared_with": ["bob"]}, ["resources[1].shared_with[0]: 'bob'"]),
            ({"workload": "Payments", "shared_with": [ANA], "state": "absent"}, ["contradict", ANA]),
        ],
        ids=["ID", "name", "official lens", "unpublished lens", "principal", "contradiction"],
    )
    @pytest.mark.parametrize("check_mode", [True, False])
    def test_one_bad_entry_stops_the_run_before_the_first_change(
        self, scene: Scene, run: Any, bad: dict[str, Any], says: list[str], check_mode: bool
    ) -> None:
        payments = scene.make()
        scene.emulator.create_lens("Draft", publish=False)
        scene.watch()

        result = run("wa_shares", resources=[entry(payments, ANA), bad], check_mode=check_mode)
        assert result["failed"]
        assert [text for text in says if text not in result["msg"]] == [], result["msg"]
        assert scene.nothing_changed()

    def test_the_owner_may_stand_in_the_set(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        result = run("wa_shares", resources=[entry(payments, OWNER, ANA)])
        assert not result["failed"], result["msg"]
        assert list(scene.shares(payments)) == [ANA]


def test_a_region_has_its_own_resources_and_shares(scene: Scene, run: Any) -> None:
    here = scene.make(name="Payments")
    there = scene.make(name="Payments", region="eu-west-1")

    run("wa_shares", region="eu-west-1", resources=[{"workload": "Payments", "shared_with": accounts(2)}])
    assert scene.shares(here) == {}
    assert list(scene.shares(there)) == accounts(2)
