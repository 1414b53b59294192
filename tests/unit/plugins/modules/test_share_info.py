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
