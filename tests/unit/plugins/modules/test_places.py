# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_shares in many accounts and Regions: one task, each place with its own errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from .names import ANA, BEN, OWNER, REGIONS
from .scenes import TEMPLATE, Scene, account, accounts, errors

ALL = {"workload": "*"}
HUB = OWNER
SIX = accounts(6)


@pytest.fixture
def six(scene: Scene) -> Scene:
    """Six accounts, two Regions, two workloads in each place."""
    for one in SIX:
        for region in REGIONS:
            for name in ("Payments", "Search"):
                scene.make(name=name, account=one, region=region)
    scene.watch()
    return scene


def options(*resources: Mapping[str, Any], owners: Any = SIX, **more: Any) -> dict[str, Any]:
    return {
        "accounts": [one if isinstance(one, dict) else account(one) for one in owners],
        "regions": list(REGIONS),
        "resources": list(resources) or [ALL],
        "shared_with": [HUB],
        **more,
    }


def test_one_task_shares_everything_of_six_accounts_in_two_regions(six: Scene, run: Any) -> None:
    predicted = run("wa_shares", check_mode=True, **options())
    assert six.nothing_changed()
    six.watch()
    first = run("wa_shares", **options())
    assert not first["failed"], first["msg"]
    assert predicted.prediction() == first.prediction()
    assert first["summary"]["created"] == 24
    assert len(six.rows()) == 24
    assert [(row["resource"]["account_id"], row["resource"]["region"]) for row in first["resources"]] == [
        (one, region) for one in SIX for region in REGIONS for _name in range(2)
    ]
    assert first["places"] == [{"account_id": one, "region": region, "name": None} for one in SIX for region in REGIONS]
    assert len(first["diff"]) == 24
    assert all(any(region in diff["before_header"] for region in REGIONS) for diff in first["diff"])
    for call in six.emulator.record():
        if "WorkloadId" in call["params"]:
            (row,) = (row for row in first["resources"] if row["resource"]["id"] == call["params"]["WorkloadId"])
            assert (call["account"], call["region"]) == (row["resource"]["account_id"], row["resource"]["region"])

    six.watch()
    again = run("wa_shares", **options())
    assert not again["changed"]
    assert six.emulator.calls() == {"ListWorkloads": 12, "ListWorkloadShares": 24}
    assert len(six.emulator.record("sts")) == 6


def test_roles_are_assumed_in_the_first_region_where_the_task_has_none(six: Scene, run: Any) -> None:
    result = run("wa_shares", **options(regions=["eu-west-1"]), without=("region",))
    assert result["summary"]["created"] == 12, result["msg"]
    assert {row["region"] for row in six.emulator.record("sts")} == {"eu-west-1"}


def test_the_calling_account_needs_no_role(scene: Scene, run: Any) -> None:
    scene.make(name="Mine")
    scene.make(name="Theirs", account=ANA)
    result = run("wa_shares", **options(owners=[{"account_id": OWNER}, ANA], shared_with=[BEN]))
    assert not result["failed"], result["msg"]
    assert [row["resource"]["name"] for row in result["resources"]] == ["Mine", "Theirs"]


def test_the_owner_is_left_out_of_its_own_recipients(six: Scene, run: Any) -> None:
    result = run("wa_shares", **options(shared_with=[SIX[0], HUB]))
    assert result["summary"]["created"] == 44
    (warning,) = result["warnings"]
    assert SIX[0] in warning


class TestNames:
    def test_an_exact_name_must_be_in_at_least_one_place(self, scene: Scene, run: Any) -> None:
        scene.make(name="Only here", account=SIX[1], region="eu-west-1")
        result = run("wa_shares", **options({"workload": "Only here"}))
        assert not result["failed"], result["msg"]
        assert [row["resource"]["account_id"] for row in result["resources"]] == [SIX[1]]
        assert result["warnings"] == []

    @pytest.mark.parametrize(
        ("resource", "words"),
        [
            ({"workload": "Paymets"}, ["resources[1]", "'Paymets'", "'Payments'"]),
            ({"template": "Twin"}, ["resources[1]", "'Twin'", "2", SIX[2], "eu-west-1"]),
            ({"lens": f"arn:aws:wellarchitected:eu-west-2:{SIX[0]}:lens/{'a' * 32}"}, ["resources[1]", "eu-west-2"]),
            ({"lens": f"arn:aws:wellarchitected:eu-west-1:{ANA}:lens/{'a' * 32}"}, ["resources[1]", ANA]),
        ],
        ids=str,
    )
    def test_what_is_in_no_place_or_ambiguous_is_refused(
        self, six: Scene, run: Any, resource: dict[str, str], words: list[str]
    ) -> None:
        for _twice in range(2):
            six.make(TEMPLATE, "Twin", account=SIX[2], region="eu-west-1")
        six.watch()
        result = run("wa_shares", **options(ALL, resource))
        assert result["failed"]
        assert result.lacks(*words) == []
        assert six.nothing_changed()

    def test_a_name_that_is_in_none_of_those_that_could_be_read_is_a_warning(self, six: Scene, run: Any) -> None:
        six.emulator.settings(refused_roles=[account(SIX[0])["role_arn"]])
        result = run("wa_shares", **options(ALL, {"workload": "Elsewhere"}))
        assert result["summary"]["created"] == 20
        assert any("resources[1]" in warning and "'Elsewhere'" in warning for warning in result["warnings"])

    def test_an_id_or_arn_is_in_its_own_place_only(self, six: Scene, run: Any) -> None:
        there = six.make(name="Third", account=SIX[0], region="eu-west-1")
        six.watch()
        result = run("wa_shares", **options({"workload": there.arn}))
        assert [row["resource"]["arn"] for row in result["resources"]] == [there.arn]
        assert six.emulator.calls() == {"ListWorkloadShares": 1, "CreateWorkloadShare": 1}
        by_id = run("wa_shares", **options({"workload": there.id}))
        assert [row["resource"]["arn"] for row in by_id["resources"]] == [there.arn]

    def test_entries_may_apply_in_some_accounts_and_regions_only(self, six: Scene, run: Any) -> None:
        given = options(
            {"workload": "Payments", "accounts": ["payments", SIX[1]], "regions": ["eu-west-1"]},
            {"workload": "Search", "regions": ["us-east-1"], "shared_with": [ANA]},
            owners=[account(SIX[0], name="payments"), *SIX[1:]],
        )
        found = {
            (row["resource"]["name"], row["resource"]["account_id"], row["resource"]["region"])
            for row in run("wa_shares", **given)["resources"]
        }
        assert found == {
            *(("Payments", one, "eu-west-1") for one in SIX[:2]),
            *(("Search", one, "us-east-1") for one in SIX),
        }

    def test_a_pattern_that_matches_nothing_anywhere_warns_once(self, six: Scene, run: Any) -> None:
        (warning,) = run("wa_shares", **options({"workload": "X*"}, {"workload": "Pay*"}))["warnings"]
        assert "resources[0]" in warning
        assert "'X*'" in warning


class TestFailures:
    """A place's failure is its own line; everything else is done; a second run repairs."""

    @pytest.mark.parametrize(
        ("fault", "regions", "words"),
        [
            ({"refused_roles": [account(SIX[1])["role_arn"]]}, REGIONS, ["role/WellArchitected", "trust"]),
            ({"disabled_regions": {SIX[1]: ["eu-west-1"]}}, ["eu-west-1"], ["eu-west-1"]),
            (
                {"fault": "access_denied", "operation": "ListWorkloads"},
                ["eu-west-1"],
                ["wellarchitected:ListWorkloads"],
            ),
            ({"fault": "throttle"}, ["eu-west-1"], ["rate"]),
            ({"fault": "drop"}, ["eu-west-1"], ["reach"]),
            ({"fault": "expired_credentials", "operation": "ListWorkloads"}, ["eu-west-1"], ["credentials"]),
            ({"fault": "not_json", "operation": "ListWorkloads"}, ["eu-west-1"], []),
            ({"fault": "answer", "body": {"WorkloadSummaries": 7}, "operation": "ListWorkloads"}, ["eu-west-1"], []),
        ],
        ids=["role", "Region", "denied", "throttled", "dropped", "expired", "not JSON", "another shape"],
    )
    def test_of_one_place(self, six: Scene, run: Any, fault: Any, regions: Any, words: list[str]) -> None:
        if "fault" in fault:
            six.emulator.fault(account=SIX[1], region="eu-west-1", **fault)
        else:
            six.emulator.settings(**fault)
        result = run("wa_shares", **options())
        assert result["failed"]
        failed = errors(result)
        assert set(failed) == {(SIX[1], region) for region in regions}
        assert [word for word in words if word not in "".join(failed.values())] == []
        assert result.lacks(SIX[1], *words) == []
        assert result["summary"]["created"] == 24 - 2 * len(failed)

        six.emulator.clear_faults()
        six.emulator.settings(refused_roles=[], disabled_regions={})
        repaired = run("wa_shares", **options())
        assert not repaired["failed"], repaired["msg"]
        assert repaired["summary"]["created"] == 2 * len(failed)

    def test_keys_that_expire_midway_are_renewed(self, six: Scene, run: Any) -> None:
        six.emulator.fault("expired_credentials", operation="CreateWorkloadShare", account=SIX[3], times=1)
        result = run("wa_shares", **options())
        assert not result["failed"], result["msg"]
        assert result["summary"]["created"] == 24
        assert len(six.emulator.record("sts")) == 7

    def test_keys_that_expire_again_are_renewed_again(self, six: Scene, run: Any) -> None:
        for operation in ("ListWorkloads", "CreateWorkloadShare"):
            fault = {"operation": operation, "account": SIX[3], "region": "us-east-1", "times": 1}
            six.emulator.fault("expired_credentials", **fault)
        result = run("wa_shares", **options())
        assert not result["failed"], result["msg"]
        assert len(six.emulator.record("sts")) == 8

    def test_one_account_whose_role_throttles_does_not_stop_others(self, six: Scene, run: Any) -> None:
        six.emulator.fault("throttle", service="sts", match={"RoleArn": account(SIX[0])["role_arn"]})
        result = run("wa_shares", **options(), concurrency=1)
        assert {one for one, _region in errors(result)} == {SIX[0]}
        assert result["summary"]["created"] == 20

    def test_a_region_that_is_unreachable_is_tried_for_a_few_accounts(self, six: Scene, run: Any) -> None:
        six.emulator.fault("drop", region="eu-west-1")
        retries = {"aws_config": {"retries": {"total_max_attempts": 2, "mode": "standard"}}}
        result = run("wa_shares", **options(), concurrency=1, **retries)
        assert set(errors(result)) == {(one, "eu-west-1") for one in SIX}
        assert result["summary"]["created"] == 12
        assert six.emulator.faults()[0]["fired"] <= 2 * 5
        assert len(result["msg"].splitlines()) <= 6

    def test_calling_credentials_that_have_expired_are_tried_once(self, six: Scene, run: Any) -> None:
        six.emulator.fault("expired_credentials", service="sts", operation="AssumeRole")
        result = run("wa_shares", **options(), concurrency=1)
        assert len(errors(result)) == 12
        assert six.emulator.faults()[0]["fired"] <= 4
        assert result.lacks("credentials") == []

    def test_an_account_without_a_role_is_not_even_read(self, six: Scene, run: Any) -> None:
        result = run("wa_shares", **options(owners=[{"account_id": ANA}, SIX[0]]))
        assert result.lacks(ANA, "role_arn") == []
        assert six.emulator.calls() == {}
