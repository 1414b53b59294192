# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_share_drift_info: everything that the accounts share beside the desired state. It never fails for drift."""

from __future__ import annotations

from typing import Any

import pytest

from .names import ANA, BEN, CLEO, OWNER, REGIONS
from .scenes import KINDS, LENS, PROFILE, TEMPLATE, Result, Scene, account, accounts, entry, errors


def find_drift(run: Any, *resources: dict[str, Any], **options: Any) -> Result:
    """Whatever it finds, it does not fail."""
    result: Result = run("wa_share_drift_info", resources=list(resources), **options)
    assert (result["failed"], result["changed"]) == (False, False), result["msg"]
    return result


def found(rows: Any) -> set[tuple[str | None, str | None, str]]:
    assert all(row["text"] for row in rows)
    return {(row["name"], row["shared_with"], row["difference"]) for row in rows}


@pytest.fixture
def shared(scene: Scene) -> Scene:
    """Two workloads and a lens that are shared, and a profile that is not."""
    scene.make(name="Payments", shares={ANA: ("ACCEPTED", "CONTRIBUTOR"), BEN: "EXPIRED"})
    scene.make(name="Sandbox 1", shares={CLEO: "ACCEPTED"})
    scene.make(LENS, "Standards", shares={ANA: "PENDING", CLEO: "REJECTED"})
    scene.make(PROFILE, "Not shared")
    scene.watch()
    return scene


SANDBOX = ("Sandbox 1", CLEO, "resource_not_declared")
STANDARDS = ("Standards", ANA, "resource_not_declared")


def test_what_was_imported_is_as_declared(shared: Scene, run: Any) -> None:
    declared = run("wa_share_info")["declared"]
    assert len(declared) == 3
    result = find_drift(run, *declared)
    assert (result["warnings"], result["drift"], result["undeclared"]) == ([], [], [])
    assert result.lacks("4") == []
    assert shared.nothing_changed()


def test_resources_that_are_not_declared_are_drift_unless_options_say_otherwise(shared: Scene, run: Any) -> None:
    declared = run("wa_share_info")["declared"][:1]
    result = find_drift(run, *declared)
    assert found(result["drift"]) == {SANDBOX, STANDARDS}
    assert result.lacks("2", *(row["text"] for row in result["drift"])) == []

    reported = find_drift(run, *declared, undeclared="report")
    assert (reported["drift"], found(reported["undeclared"])) == ([], {SANDBOX, STANDARDS})
    assert reported.lacks(*(row["text"] for row in reported["undeclared"])) == []
    for options in ({"undeclared": "ignore"}, {"ignore": ["Sandbox *", "Standards"]}):
        ignored = find_drift(run, *declared, **options)
        assert (ignored["drift"], ignored["undeclared"]) == ([], [])
    assert shared.nothing_changed()


def test_everything_is_listed_once(shared: Scene, run: Any) -> None:
    listed = run("wa_share_info")["resources"]
    shared.watch()
    assert find_drift(run, ignore=["*"])["resources"] == listed
    calls = shared.emulator.calls()
    assert [calls.get(kind.list_operation) for kind in KINDS.values()] == [1] * 4
    assert sum(count for name, count in calls.items() if name.endswith("Shares")) == len(listed)


def test_missing_shares_and_other_permissions(scene: Scene, run: Any) -> None:
    scene.make(name="Payments", shares={ANA: ("ACCEPTED", "CONTRIBUTOR")})
    assert found(find_drift(run, {"workload": "Payments", "shared_with": [ANA, BEN]})["drift"]) == {
        ("Payments", ANA, "permission"),
        ("Payments", BEN, "not_shared"),
    }
    assert found(find_drift(run, {"workload": "Payments", "shared_with": []})["drift"]) == {
        ("Payments", ANA, "not_declared")
    }


def test_what_is_declared_and_does_not_exist_is_drift(shared: Scene, run: Any) -> None:
    lens = next(row["resource_arn"] for row in shared.rows() if ":lens/" in row["resource_arn"])
    declared = [
        {"workload": "Paymets"},
        {"workload": "0" * 32},
        {"lens": lens},
        {"lens": lens.replace(OWNER, BEN)},
        {"template": "Nothing*"},
    ]
    result = find_drift(run, *declared, shared_with=[ANA], undeclared="ignore")
    assert [row["difference"] for row in result["drift"]] == ["not_found"] * 3
    texts = [row["text"] for row in result["drift"]]
    for text, words in zip(texts, (["resources[0]", "'Paymets'", "Payments"], ["0" * 32], [BEN])):
        assert [word for word in words if word not in text] == []
    assert "resources[4]" in result["warnings"][0]


def test_a_name_that_matches_two_in_one_of_two_regions_is_drift_there(scene: Scene, run: Any) -> None:
    """Whatever other places have: which of the two the name refers to cannot be known."""
    template = TEMPLATE
    scene.make(template, "Central", [ANA], region="us-east-1")
    for _twice in range(2):
        scene.make(template, "Central", [ANA], region="eu-west-1")
    declared = {"template": "Central", "shared_with": [ANA]}
    result = find_drift(run, declared, regions=REGIONS, undeclared="ignore")
    rows = [row for row in result["drift"] if row["shared_with"] is None]
    assert [row["region"] for row in rows] == ["eu-west-1"]
    assert "2" in rows[0]["text"]
    assert "Central" in rows[0]["text"]
    assert result.lacks("eu-west-1") == []


def test_a_list_that_is_denied_fails_and_the_rest_is_compared(shared: Scene, run: Any) -> None:
    declared = run("wa_share_info")["declared"]
    shared.emulator.fault("access_denied", operation="ListLensShares")
    result = run("wa_share_drift_info", resources=declared[:1])
    assert result["failed"]
    assert found(result["drift"]) == {SANDBOX, ("Standards", None, "not_listed")}
    assert result.lacks("Standards", "wellarchitected:ListLensShares") == []
    assert [row["resource"]["name"] for row in result["resources"] if row.get("error")] == ["Standards"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"fault": "access_denied", "operation": "ListProfiles"}, ["wellarchitected:ListProfiles"]),
        ({"fault": "access_denied", "operation": "ListWorkloads"}, ["wellarchitected:ListWorkloads"]),
        ({"fault": "expired_credentials", "operation": "List*"}, ["credentials"]),
        ({"fault": "expired_credentials", "operation": "List*", "after": 6}, ["credentials"]),
    ],
    ids=str,
)
def test_what_cannot_be_read_fails(shared: Scene, run: Any, fault: dict[str, Any], words: list[str]) -> None:
    shared.emulator.fault(**fault)
    result = run("wa_share_drift_info", resources=[], undeclared="ignore")
    assert result["failed"]
    assert result.lacks(*words) == []
    assert "is shared as declared" not in result["msg"]


@pytest.mark.parametrize("own", [True, False], ids=["beside an own one", "alone"])
def test_others_resources_are_not_compared(scene: Scene, run: Any, own: bool) -> None:
    """A workload that another account shares with this one is listed among the own ones."""
    theirs = scene.make(name="Theirs", shares={OWNER: "ACCEPTED"}, account=BEN)
    if own:
        scene.make(name="Payments", shares=[ANA])
    declared = [{"workload": "Payments", "shared_with": [ANA]}] if own else []
    result = find_drift(run, *declared)
    assert [row["resource"]["name"] for row in result["resources"]] == ["Payments"] * own
    (row,) = find_drift(run, *declared, {"workload": theirs.arn, "shared_with": [ANA]})["drift"]
    assert BEN in row["text"]


def test_the_message_is_short_however_much_differs(scene: Scene, run: Any) -> None:
    for number in range(30):
        scene.make(name=f"Workload {number:02}", shares=[ANA, BEN])
    result = find_drift(run)
    assert len(result["drift"]) == 60
    assert 8 < len(result["msg"].splitlines()) <= 25
    assert result.lacks("60", "more") == []
    assert len(result["msg"]) < 2000


def test_declared_has_ends_and_reasons_for_the_report(scene: Scene, run: Any) -> None:
    payments = scene.make()
    ended = {"principal": ANA, "until": "2020-01-31", "reason": "Audit"}
    absent = {"workload": "*", "shared_with": [CLEO], "state": "absent"}
    result = find_drift(run, entry(payments, ended, BEN, OWNER), absent)
    rows = [
        (row["arn"], row["shared_with"], row["permission_type"], row["until"], row["reason"])
        for row in result["declared"]
    ]
    assert rows == [
        (payments.arn, BEN, "READONLY", None, None),
        (payments.arn, ANA, "READONLY", "2020-01-31", "Audit"),
    ]


class TestManyPlaces:
    @pytest.fixture
    def six(self, scene: Scene, run: Any) -> dict[str, Any]:
        """Six accounts in two Regions share two workloads each with the owner: the options that declare it."""
        for one in accounts(6):
            for region in REGIONS:
                for name in ("Payments", "Search"):
                    scene.make(name=name, shares=[OWNER], account=one, region=region)
        return {"accounts": [account(one) for one in accounts(6)], "regions": REGIONS, "shared_with": [OWNER]}

    def test_are_all_compared(self, scene: Scene, run: Any, six: dict[str, Any]) -> None:
        last = accounts(6)[5]
        scene.make(name="Secret", shares=[CLEO], account=last, region="eu-west-1")
        result = find_drift(run, {"workload": "*"}, {"workload": "Secret", "shared_with": []}, **six)
        assert [
            (row["account_id"], row["region"], row["shared_with"], row["difference"]) for row in result["drift"]
        ] == [
            (last, "eu-west-1", OWNER, "not_shared"),
            (last, "eu-west-1", CLEO, "not_declared"),
        ]
        assert result.lacks(last, "eu-west-1", CLEO) == []

    def test_one_that_was_not_read_fails(self, scene: Scene, run: Any, six: dict[str, Any]) -> None:
        one = accounts(6)[1]
        scene.emulator.fault("access_denied", operation="ListLenses", account=one, region="eu-west-1")
        result = run("wa_share_drift_info", resources=[{"workload": "*"}], **six)
        assert result["failed"]
        assert list(errors(result)) == [(one, "eu-west-1")]
        assert result["drift"] == []
        assert result.lacks(one, "eu-west-1") == []

    def test_what_is_declared_and_in_no_place_is_drift_once(self, run: Any, six: dict[str, Any]) -> None:
        here = {"workload": "Search", "accounts": accounts(1)}
        result = find_drift(run, {"workload": "*"}, {"workload": "Gone"}, here, **six)
        (row,) = result["drift"]
        assert row["difference"] == "not_found"
        assert "resources[1]" in row["text"]
        assert "'Gone'" in row["text"]
