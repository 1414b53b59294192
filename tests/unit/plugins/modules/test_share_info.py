# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_share_info: what is shared with whom, and the same as a declaration."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    CLEO,
    KINDS,
    Scene,
)


@pytest.fixture
def shared(scene: Scene) -> Scene:
    """A workload and a lens that are shared, and a profile that is not."""
    scene.make(name="Payments", shares={ANA: ("ACCEPTED", "CONTRIBUTOR"), BEN: "EXPIRED"})
    scene.make(KINDS["lens"], "Standards", shares={ANA: "PENDING", CLEO: "REJECTED"})
    scene.make(KINDS["profile"], "Nobody's")
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
            "Nobody's": {},
        },
    ),
    ({"workload": ["*"]}, {"Payments": {ANA: "ACCEPTED", BEN: "EXPIRED"}}),
    ({"workload": [], "wa_profile": ["Nobody's"]}, {"Nobody's": {}}),
    ({"status": ["EXPIRED", "PENDING"]}, {"Payments": {BEN: "EXPIRED"}, "Standards": {ANA: "PENDING"}}),
    ({"shared_with": [f"arn:aws:iam::{CLEO}:root"]}, {"Standards": {CLEO: "REJECTED"}}),
    ({"shared_with": [ANA], "status": ["PENDING"]}, {"Standards": {ANA: "PENDING"}}),
    ({"shared_with": [], "status": [], "lens": ["S*"]}, {"Standards": {ANA: "PENDING", CLEO: "REJECTED"}}),
    ({"shared_with": [CLEO], "status": ["ACCEPTED"]}, {}),
)


def test_what_is_asked_is_what_is_told(shared: Scene, run: Any) -> None:
    for options, expected in QUESTIONS:
        result = run("wa_share_info", **options)
        assert (result["failed"], result["changed"], result["warnings"]) == (False, False, [])
        assert shares(result) == expected
        assert result["summary"]["resources"] == len(expected)
        assert result["summary"]["shares"] == sum(map(len, expected.values()))
    assert shared.nothing_changed()


def test_a_share_is_told_with_all_that_is_known_of_it(shared: Scene, run: Any) -> None:
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


def test_what_is_live_is_told_as_a_declaration(shared: Scene, run: Any) -> None:
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
    ids=["none", "names", "every live status", "some statuses", "principals"],
)
def test_nobody_purges_by_what_filters_left(scene: Scene, run: Any, filters: dict[str, Any], partial: bool) -> None:
    payments = scene.make(name="Payments", shares={ANA: "ACCEPTED", BEN: "PENDING"})
    info = run("wa_share_info", **filters)
    assert info["declared_is_partial"] is partial
    run("wa_shares", resources=info["declared"], purge_shares=True, max_removals=0)
    assert set(scene.shares(payments)) == {ANA, BEN}
    assert partial == all(entry.get("purge_shares") is False for entry in info["declared"])


def test_principals_may_be_asked_for_by_name_and_are_shown_with_it(scene: Scene, run: Any) -> None:
    scene.make(name="Payments", shares={ANA: "ACCEPTED", BEN: "PENDING", CLEO: "PENDING"})
    names = {"payments": ANA, "partners": ["payments", BEN]}
    info = run("wa_share_info", principals=names, shared_with=["partners"])
    (row,) = info["resources"]
    assert [(share["shared_with"], share["shared_with_name"]) for share in row["shares"]] == [
        (ANA, "payments"),
        (BEN, None),
    ]
    assert [each["principal"] for each in info["declared"][0]["shared_with"]] == [ANA, BEN]


def test_one_resource_that_cannot_be_listed_leaves_the_others(shared: Scene, run: Any) -> None:
    shared.emulator.fault("access_denied", operation="ListLensShares")
    result = run("wa_share_info")
    assert result["failed"]
    assert result["msg"].startswith("1 of 3 resources failed.\nFailed to list the shares of lens 'Standards'")
    assert [row["resource"]["name"] for row in result["resources"] if "error" in row] == ["Standards"]
    assert shares(result)["Payments"] == {ANA: "ACCEPTED", BEN: "EXPIRED"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"shared_with": [ANA, "12345"]}, "shared_with[1]: '12345' is a number of 5 characters"),
        ({"workload": ["Nothing"]}, "workload[0]: workload 'Nothing' does not exist"),
        ({"concurrency": 0}, "concurrency: it is 0, and the least it can be is 1"),
    ],
)
def test_what_is_wrong_with_the_question(shared: Scene, run: Any, options: dict[str, Any], says: str) -> None:
    result = run("wa_share_info", **options)
    assert result["failed"]
    assert says in result["msg"]


class TestDeclaration:
    """What was declared so far keeps its ends and reasons."""

    def test_ends_and_reasons_stay_however_principals_and_resources_are_written(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares={ANA: ("PENDING", "CONTRIBUTOR"), BEN: "PENDING", CLEO: "PENDING"})
        lens = scene.make(KINDS["lens"], "Standards", shares=[ANA, BEN])
        declaration = [
            {
                "workload": "Pay*",
                "shared_with": [{"principal": "ana", "until": "2026-12-31"}, {"principal": BEN, "reason": "Partner"}],
            },
            {"lens": lens.name, "shared_with": [f"arn:aws:iam::{ANA}:root"], "until": "2020-01-31", "reason": "Audit"},
        ]
        result = run("wa_share_info", declaration=declaration, principals={"ana": ANA})
        assert result["declared"] == [
            {
                "workload": payments.arn,
                "shared_with": [
                    {"principal": ANA, "permission_type": "CONTRIBUTOR", "until": "2026-12-31"},
                    {"principal": BEN, "permission_type": "READONLY", "reason": "Partner"},
                    {"principal": CLEO, "permission_type": "READONLY"},
                ],
            },
            # It has ended, and is still shared: the next run of wa_shares takes it away.
            {"lens": lens.arn, "shared_with": [{"principal": ANA, "until": "2020-01-31", "reason": "Audit"}, BEN]},
        ]
        again = run("wa_share_info", declaration=result["declared"])
        assert again["declared"] == result["declared"]
        assert again["warnings"] == []

    def test_what_is_declared_absent_says_nothing_of_access(self, scene: Scene, run: Any) -> None:
        lens = scene.make(KINDS["lens"], shares=[ANA])
        gone = [{"lens": lens.name, "shared_with": [ANA], "state": "absent", "reason": "Left"}]
        assert run("wa_share_info", declaration=gone)["declared"] == [{"lens": lens.arn, "shared_with": [ANA]}]

    def test_only_the_kinds_that_are_asked_for_are_listed(self, scene: Scene, run: Any) -> None:
        scene.make(KINDS["lens"], shares=[ANA])
        scene.watch()
        declaration = [{"workload": "Nowhere", "shared_with": [ANA]}, {"lens": "*", "shared_with": [ANA]}]
        assert run("wa_share_info", lens=["*"], declaration=declaration)["warnings"] == []
        assert scene.emulator.calls() == {"ListLenses": 1, "ListLensShares": 1}

    def test_what_is_not_there_any_more_is_a_warning(self, scene: Scene, run: Any) -> None:
        scene.make(shares=[ANA])
        result = run("wa_share_info", declaration=[{"workload": "Paymnts", "shared_with": [ANA]}])
        assert not result["failed"]
        (warning,) = result["warnings"]
        assert warning.startswith("declaration[0]: workload 'Paymnts' does not exist in ")
        assert "did you mean 'Payments'?" in warning

    def test_everything_that_is_wrong_is_told_with_its_place(self, scene: Scene, run: Any) -> None:
        scene.make()
        result = run(
            "wa_share_info",
            declaration=[
                {"workload": "Payments", "shared_with": [{"principal": "nobody"}], "until": "soon"},
                {"workloads": "Payments", "shared_with": [ANA]},
                "Payments",
            ],
        )
        assert result["failed"]
        for told in (
            "declaration[0].until: 'soon' is neither",
            "declaration[0].shared_with[0].principal: 'nobody'",
            "declaration[1].workloads: there is no such option",
            "declaration[2]: every entry needs a key and a value",
        ):
            assert told in result["msg"]

    def test_two_ends_of_one_principal_contradict_each_other(self, scene: Scene, run: Any) -> None:
        scene.make(shares=[ANA])
        both = [
            {"workload": name, "shared_with": [{"principal": ANA, "until": until}]}
            for name, until in (("Payments", "2026-01-01"), ("*", "2026-02-01"))
        ]
        assert "but contradict each other" in run("wa_share_info", declaration=both)["msg"]

    def test_in_many_places_each_has_its_own(self, scene: Scene, run: Any) -> None:
        regions = ["us-east-1", "eu-west-1"]
        arns = [scene.make(KINDS["lens"], shares=[ANA], region=region).arn for region in regions]
        declaration = [
            {"lens": "*", "shared_with": [{"principal": ANA, "until": "2026-12-31"}], "regions": ["eu-west-1"]}
        ]
        result = run("wa_share_info", regions=regions, declaration=declaration)
        assert result["declared"] == [
            {"lens": arns[0], "shared_with": [ANA]},
            {"lens": arns[1], "shared_with": [{"principal": ANA, "until": "2026-12-31"}]},
        ]
