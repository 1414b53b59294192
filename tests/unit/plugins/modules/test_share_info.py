# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_share_info, and lists as the service gives them: in pages of the size that it accepts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from .names import ANA, BEN, CLEO, OWNER, REGIONS
from .scenes import KINDS, LENS, PROFILE, Scene, account, accounts, errors


@pytest.fixture
def shared(scene: Scene) -> Scene:
    """A workload and a lens that are shared, and a profile that is not."""
    scene.make(name="Payments", shares={ANA: ("ACCEPTED", "CONTRIBUTOR"), BEN: "EXPIRED"})
    scene.make(LENS, "Standards", shares={ANA: "PENDING", CLEO: "REJECTED"})
    scene.make(PROFILE, "Not shared")
    scene.watch()
    return scene


def shares(result: Any) -> dict[str, dict[str, str]]:
    """By the names of resources: the status of each principal's share."""
    return {
        row["resource"]["name"]: {share["shared_with"]: share["status"] for share in row["shares"]}
        for row in result["resources"]
    }


QUESTIONS: tuple[tuple[dict[str, Any], dict[str, dict[str, str]]], ...] = (
    (
        {},
        {
            "Payments": {ANA: "ACCEPTED", BEN: "EXPIRED"},
            "Standards": {ANA: "PENDING", CLEO: "REJECTED"},
            "Not shared": {},
        },
    ),
    ({"workload": ["*"]}, {"Payments": {ANA: "ACCEPTED", BEN: "EXPIRED"}}),
    ({"workload": [], "wa_profile": ["Not shared"]}, {"Not shared": {}}),
    ({"status": ["EXPIRED", "PENDING"]}, {"Payments": {BEN: "EXPIRED"}, "Standards": {ANA: "PENDING"}}),
    ({"shared_with": [f"arn:aws:iam::{CLEO}:root"]}, {"Standards": {CLEO: "REJECTED"}}),
    ({"shared_with": [ANA], "status": ["PENDING"]}, {"Standards": {ANA: "PENDING"}}),
    ({"shared_with": [], "status": [], "lens": ["S*"]}, {"Standards": {ANA: "PENDING", CLEO: "REJECTED"}}),
    ({"shared_with": [CLEO], "status": ["ACCEPTED"]}, {}),
)


@pytest.mark.parametrize(("options", "expected"), QUESTIONS, ids=str)
def test_filters(shared: Scene, run: Any, options: dict[str, Any], expected: dict[str, dict[str, str]]) -> None:
    result = run("wa_share_info", **options)
    assert (result["failed"], result["changed"], result["warnings"]) == (False, False, [])
    assert shares(result) == expected
    assert result["summary"]["resources"] == len(expected)
    assert result["summary"]["shares"] == sum(map(len, expected.values()))
    assert shared.nothing_changed()


def test_a_share_is_returned_with_all_that_is_known_of_it(shared: Scene, run: Any) -> None:
    row = run("wa_share_info", workload=["Payments"], status=["ACCEPTED"])["resources"][0]
    assert set(row) == {"resource", "shares"}
    there = next(share for share in shared.rows() if share["status"] == "ACCEPTED")
    assert row["shares"] == [
        {
            "shared_with": ANA,
            "shared_with_name": None,
            "share_id": there["share_id"],
            "status": "ACCEPTED",
            "status_message": None,
            "permission_type": "CONTRIBUTOR",
        }
    ]


def test_active_shares_are_returned_as_a_declaration(shared: Scene, run: Any) -> None:
    workload, lens = shared.rows()[0]["resource_arn"], shared.rows()[-1]["resource_arn"]
    declared = run("wa_share_info")["declared"]
    assert declared == [
        {"workload": workload, "shared_with": [{"principal": ANA, "permission_type": "CONTRIBUTOR"}]},
        {"lens": lens, "shared_with": [ANA]},
    ]
    assert run("wa_shares", resources=declared)["changed"] is False


@pytest.mark.parametrize(
    ("filters", "partial"),
    [
        ({}, False),
        ({"workload": ["*"]}, False),
        ({"status": ["PENDING", "ACCEPTED", "ASSOCIATING", "ASSOCIATED"]}, False),
        ({"status": ["ACCEPTED"]}, True),
        ({"shared_with": [ANA]}, True),
    ],
    ids=["none", "names", "every active status", "some statuses", "principals"],
)
def test_a_filtered_declaration_purges_nothing(scene: Scene, run: Any, filters: dict[str, Any], partial: bool) -> None:
    payments = scene.make(name="Payments", shares={ANA: "ACCEPTED", BEN: "PENDING"})
    declared = run("wa_share_info", **filters)["declared"]
    run("wa_shares", resources=declared, purge_shares=True, max_removals=0)
    assert set(scene.shares(payments)) == {ANA, BEN}
    assert partial == all(entry.get("purge_shares") is False for entry in declared)


def test_a_name_for_no_principals_selects_no_shares(scene: Scene, run: Any) -> None:
    scene.make(shares=[ANA])
    result = run("wa_share_info", shared_with=["partners"], principals={"partners": []})
    assert not result["failed"], result["msg"]
    assert result["resources"] == result["declared"] == []
    assert result["declared_is_partial"]


@pytest.mark.parametrize("asked", [{}, {"lens": ["Standards"]}, {"lens": ["Stan*"]}], ids=str)
@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException", "InternalServerException"])
def test_a_resource_that_cannot_be_listed_is_never_returned_as_not_shared(
    shared: Scene, run: Any, asked: dict[str, Any], code: str
) -> None:
    status = {"ValidationException": 400, "AccessDeniedException": 403, "InternalServerException": 500}[code]
    shared.emulator.fault("error", operation="ListLensShares", code=code, status=status, message="Not so.")
    result = run("wa_share_info", **asked)
    assert result["failed"]
    assert result.lacks("Standards", code) == []
    (failed,) = (row for row in result["resources"] if row.get("error"))
    assert code in failed["error"]
    assert asked or shares(result)["Payments"] == {ANA: "ACCEPTED", BEN: "EXPIRED"}


def test_what_was_deleted_between_two_lists_is_left_out_of_a_pattern(scene: Scene, run: Any) -> None:
    payments = scene.make()
    scene.make(name="Another")
    deleted = {"operation": "DeleteWorkload"}
    scene.emulator.fault(
        "meanwhile", operation="ListWorkloadShares", times=1, match={"WorkloadId": payments.id}, meanwhile=deleted
    )
    result = run("wa_share_info")
    assert not result["failed"], result["msg"]
    assert [row["resource"]["name"] for row in result["resources"]] == ["Another"]


class TestPages:
    def refused(self, scene: Scene) -> Counter[str]:
        """How often each operation was refused."""
        return Counter(call["operation"] for call in scene.emulator.record() if call["error"] == "ValidationException")

    @pytest.fixture
    def seven(self, scene: Scene) -> Scene:
        """Every list accepts at most 7: nine resources of each kind, each with 16 shares."""
        scene.emulator.settings(max_results={"*": 7, "ListLensShares": 7})
        scene.emulator.seed(workloads=9, lenses=9, templates=9, profiles=9, shares=accounts(16))
        scene.watch()
        return scene

    def test_as_large_as_the_service_accepts(self, scene: Scene, run: Any) -> None:
        scene.emulator.seed(workloads=20, shares=accounts(20))
        scene.emulator.seed(lenses=1, shares=accounts(25))
        scene.watch()
        assert run("wa_share_info")["summary"]["shares"] == 20 * 20 + 25
        assert scene.emulator.calls("ListWorkloadShares", "ListLensShares") == {
            "ListWorkloadShares": 20,
            "ListLensShares": 3,
        }
        assert not self.refused(scene)

    def test_a_list_that_refuses_its_max_results_is_asked_again_without(self, seven: Scene, run: Any) -> None:
        assert run("wa_share_info")["summary"]["shares"] == 36 * 16
        assert len(self.refused(seven)) == 8
        seven.watch()
        one = run("wa_lens_share", lens="seed-003", shared_with=accounts(17))
        assert Counter(share["action"] for share in one["shares"]) == {"unchanged": 16, "created": 1}
        resources = [{kind.option: "seed-*", "shared_with": accounts(17)} for kind in KINDS.values()]
        assert run("wa_shares", resources=resources).counts == {"created": 35, "unchanged": 36 * 16 + 1}

    @pytest.mark.parametrize("concurrency", [1, 3])
    def test_no_more_calls_at_once_than_concurrency(self, seven: Scene, run: Any, concurrency: int) -> None:
        seven.emulator.settings(latency_ms=10)
        run("wa_share_info", concurrency=concurrency)
        assert seven.emulator.summary()["most_at_once"] == concurrency


class TestManyPlaces:
    def test_info_lists_all_of_them(self, scene: Scene, run: Any) -> None:
        for one in accounts(6):
            for region in REGIONS:
                for name in ("Payments", "Search"):
                    scene.make(name=name, shares=[OWNER], account=one, region=region)
        where = {"accounts": [account(one) for one in accounts(6)], "regions": REGIONS}
        scene.watch()
        found = run("wa_share_info", **where, workload=["*"])
        assert found["summary"]["shares"] == 24
        assert [(row["resource"]["account_id"], row["resource"]["region"]) for row in found["resources"]] == [
            (one, region) for one in accounts(6) for region in REGIONS for _name in range(2)
        ]
        assert scene.emulator.calls() == {"ListWorkloads": 12, "ListWorkloadShares": 24}
        assert not run("wa_shares", **where, resources=found["declared"])["changed"]
        assert run("wa_share_info", **where, workload=["Payments", "Paymets"]).lacks("workload[1]", "'Paymets'") == []

        scene.emulator.fault("access_denied", operation="ListWorkloads", account=accounts(2)[1], region="eu-west-1")
        failed = run("wa_share_info", **where, workload=["*"])
        assert failed["failed"]
        assert list(errors(failed)) == [(accounts(2)[1], "eu-west-1")]
        assert failed.lacks(accounts(2)[1], "eu-west-1") == []
        assert failed["summary"]["resources"] == 22
