# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_shares: many resources in one task, the calls that it takes, and what it returns."""

from __future__ import annotations

from typing import Any

import pytest

from .names import ANA, BEN, CLEO, DAN
from .scenes import KINDS, LENS, PROFILE, TEMPLATE, WORKLOAD, Kind, Scene, accounts, entry, every_kind


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
    assert done.counts == {"created": 1, "updated": 1, "renewed": 1, "deleted": 2, "unchanged": 2}
    assert len(done["diff"]) == 3
    assert scene.permissions(payments) == {ANA: "CONTRIBUTOR", BEN: "READONLY"}

    again = run("wa_shares", **task)
    assert not again["changed"]
    assert again["diff"] == []


@every_kind
def test_two_resources_of_one_name_are_selected_by_arn_or_pattern(scene: Scene, run: Any, kind: Kind) -> None:
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
        assert result.counts == {"created": 4, "updated": 6, "renewed": 2, "deleted": 4}
        assert scene.changes() == {"CreateWorkloadShare": 6, "UpdateWorkloadShare": 6, "DeleteWorkloadShare": 6}
        assert len(scene.emulator.record()) == 18 + 1 + 4

    @pytest.mark.parametrize("concurrency", [1, 4, None])
    def test_no_more_calls_at_once_than_concurrency(self, scene: Scene, run: Any, concurrency: int | None) -> None:
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


def test_a_region_has_its_own_resources_and_shares(scene: Scene, run: Any) -> None:
    here = scene.make(name="Payments")
    there = scene.make(name="Payments", region="eu-west-1")

    run("wa_shares", region="eu-west-1", resources=[{"workload": "Payments", "shared_with": accounts(2)}])
    assert scene.shares(here) == {}
    assert list(scene.shares(there)) == accounts(2)
