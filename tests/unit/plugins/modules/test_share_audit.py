# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_share_audit: everything that the account shares, compared with what is declared."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import OWNER
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    CLEO,
    DEAD,
    KINDS,
    LIVE,
    Scene,
    either_way,
    every_kind,
)


@pytest.fixture
def shared(scene: Scene) -> Scene:
    """Two workloads and a lens that are shared, and a profile that is not."""
    scene.make(name="Payments", shares={ANA: ("ACCEPTED", "CONTRIBUTOR"), BEN: "EXPIRED"})
    scene.make(name="Sandbox 1", shares={CLEO: "ACCEPTED"})
    scene.make(KINDS["lens"], "Standards", shares={ANA: "PENDING", CLEO: "REJECTED"})
    scene.make(KINDS["profile"], "Nobody's")
    scene.watch()
    return scene


def found(rows: Any) -> set[tuple[str | None, str | None, str]]:
    assert all(row["text"] for row in rows)
    return {(row["name"], row["shared_with"], row["difference"]) for row in rows}


SANDBOX = ("Sandbox 1", CLEO, "resource_not_declared")
STANDARDS = ("Standards", ANA, "resource_not_declared")


def test_what_was_adopted_is_as_declared(shared: Scene, run: Any) -> None:
    declared = run("wa_share_info")["declared"]
    assert len(declared) == 3
    result = run("wa_share_audit", resources=declared)
    assert (result["failed"], result["changed"], result["warnings"]) == (False, False, [])
    assert (result["drift"], result["undeclared"]) == ([], [])
    assert result["msg"] == "Everything is shared as declared: 4 resources compared."
    assert shared.nothing_changed()


def test_whatever_is_taken_out_of_what_was_adopted_is_named(shared: Scene, run: Any) -> None:
    declared = run("wa_share_info")["declared"]
    result = run("wa_share_audit", resources=declared[:1])
    assert result["failed"]
    assert not result["changed"]
    assert found(result["drift"]) == {SANDBOX, STANDARDS}
    for row in result["drift"]:
        assert row["text"] in result["msg"].splitlines()
    assert result["msg"].startswith("2 differences from what is declared:\n")

    ignored = run("wa_share_audit", resources=declared[:1], ignore=["Sandbox *", "Standards"])
    assert not ignored["failed"]
    assert ignored["msg"].splitlines() == [
        "Everything is shared as declared: 2 resources compared.",
        "Left out, since nobody declared them: 2 resources.",
    ]
    assert ignored["summary"] == {
        "resources": 4,
        "declared": 1,
        "left_out": 2,
        "shares": 5,
        "drift": 0,
        "undeclared": 0,
        "failed": 0,
    }
    assert shared.nothing_changed()


def test_what_nobody_declared_may_be_told_apart_or_not_at_all(shared: Scene, run: Any) -> None:
    declared = run("wa_share_info")["declared"][:1]
    told = run("wa_share_audit", resources=declared, undeclared="report")
    assert not told["failed"]
    assert (told["drift"], found(told["undeclared"])) == ([], {SANDBOX, STANDARDS})
    lines = told["msg"].splitlines()
    assert lines[:2] == [
        "Everything that is declared is shared as declared.",
        "2 shares of resources that nobody declared:",
    ]
    assert lines[2:] == [row["text"] for row in told["undeclared"]]
    ignored = run("wa_share_audit", resources=declared, undeclared="ignore")
    assert not ignored["failed"]
    assert (ignored["drift"], ignored["undeclared"], ignored["summary"]["left_out"]) == ([], [], 3)


def test_differences_may_be_told_without_failing(shared: Scene, run: Any) -> None:
    strict = run("wa_share_audit", resources=[])
    mild = run("wa_share_audit", resources=[], fail_on_drift=False)
    assert (strict["failed"], mild["failed"]) == (True, False)
    assert (strict["passed"], mild["passed"]) == (False, True)
    for key in ("drift", "undeclared", "resources", "summary", "msg"):
        assert strict[key] == mild[key]
    assert mild["summary"]["drift"] == 3


def test_the_resources_are_those_that_wa_share_info_lists(shared: Scene, run: Any) -> None:
    listed = run("wa_share_info")["resources"]
    shared.watch()
    assert run("wa_share_audit", resources=[], ignore=["*"])["resources"] == listed
    calls = shared.emulator.calls()
    kinds = KINDS.values()
    assert {kind.list_operation: calls.get(kind.list_operation) for kind in kinds} == {
        kind.list_operation: 1 for kind in kinds
    }
    assert sum(count for name, count in calls.items() if name.endswith("Shares")) == len(listed)


@every_kind
@pytest.mark.parametrize("purge", [True, False])
def test_a_share_that_nobody_declared_of_a_declared_resource(scene: Scene, run: Any, kind: Any, purge: bool) -> None:
    resource = scene.make(kind, "Declared", shares={ANA: "ACCEPTED", BEN: "PENDING", CLEO: "REVOKED"})
    declared = {kind.option: resource.name, "shared_with": [ANA], "purge_shares": purge}
    result = run("wa_share_audit", resources=[declared], undeclared="ignore", ignore=["*"])
    assert result["failed"]
    assert found(result["drift"]) == {("Declared", BEN, "not_declared")}


@pytest.mark.parametrize("status", DEAD)
def test_inactive_shares_count_where_they_are_declared(scene: Scene, run: Any, status: str) -> None:
    scene.make(name="Declared", shares={ANA: status})
    scene.make(name="Undeclared", shares={ANA: status, BEN: status})
    result = run("wa_share_audit", resources=[{"workload": "Declared", "shared_with": [ANA]}])
    assert result["failed"]
    assert found(result["drift"]) == {("Declared", ANA, "dead")}
    declared = [{"workload": "Declared", "shared_with": [], "purge_shares": False, "state": "absent"}]
    assert not run("wa_share_audit", resources=[{"workload": "Declared"}], shared_with=[])["failed"]
    assert "shared_with may be empty only with purge_shares" in run("wa_share_audit", resources=declared)["msg"]


@pytest.mark.parametrize("status", LIVE)
def test_live_shares_count_where_they_are_not_declared(scene: Scene, run: Any, status: str) -> None:
    scene.make(name="Undeclared", shares={ANA: status})
    assert found(run("wa_share_audit", resources=[])["drift"]) == {("Undeclared", ANA, "resource_not_declared")}
    assert not run("wa_share_audit", resources=[{"workload": "Undeclared", "shared_with": [ANA]}])["failed"]


def test_an_empty_list_says_that_nobody_has_access(scene: Scene, run: Any) -> None:
    scene.make(name="Payments", shares=[ANA])
    result = run("wa_share_audit", resources=[{"workload": "Payments", "shared_with": []}])
    assert found(result["drift"]) == {("Payments", ANA, "not_declared")}


def test_what_is_declared_and_not_there_is_told_with_the_rest(shared: Scene, run: Any) -> None:
    lens = next(row["resource_arn"] for row in shared.rows() if ":lens/" in row["resource_arn"])
    declared = [
        {"workload": "Paymets"},
        {"workload": "0" * 32},
        {"lens": lens},
        {"lens": lens.replace(OWNER, BEN)},
        {"template": "Nothing*"},
    ]
    result = run("wa_share_audit", resources=declared, shared_with=[ANA], undeclared="ignore")
    assert result["failed"]
    assert [row["difference"] for row in result["drift"]] == ["not_found"] * 3
    lines = [row["text"] for row in result["drift"]]
    assert lines[0].startswith("resources[0]: workload 'Paymets' does not exist in this account and region (did you")
    assert lines[1].startswith(f"resources[1]: workload {'0' * 32} does not exist in this account and region")
    assert lines[2].startswith("resources[3]: lens arn:aws:wellarchitected:us-east-1:444455556666:lens/")
    assert result["warnings"] == ["resources[4]: no review template of this account and region matches 'Nothing*'"]
    assert [row["resource"]["name"] for row in result["resources"]] == [
        "Payments",
        "Sandbox 1",
        "Standards",
        "Nobody's",
    ]


@pytest.mark.parametrize("fails", [True, False])
def test_what_cannot_be_listed_fails_whatever_else(shared: Scene, run: Any, fails: bool) -> None:
    declared = run("wa_share_info")["declared"]
    shared.emulator.fault("access_denied", operation="ListLensShares")
    result = run("wa_share_audit", resources=declared[:1], fail_on_drift=fails)
    assert result["failed"]
    assert found(result["drift"]) == {SANDBOX, ("Standards", None, "not_listed")}
    lines = result["msg"].splitlines()
    assert lines[0] == "The shares of 1 resource could not be listed."
    assert lines[2].startswith("Failed to list the shares of lens 'Standards'")
    assert "wellarchitected:ListLensShares" in lines[2]
    assert [row["resource"]["name"] for row in result["resources"] if "error" in row] == ["Standards"]
    assert (result["passed"], result["summary"]["failed"]) == (False, 1)
    assert not run("wa_share_audit", resources=declared[:1], ignore=["Sand*", "Stand*"])["failed"]


@pytest.mark.parametrize("operation", ["ListProfiles", "ListWorkloads"])
def test_what_fails_as_a_whole_tells_no_result(shared: Scene, run: Any, operation: str) -> None:
    shared.emulator.fault("access_denied", operation=operation)
    result = run("wa_share_audit", resources=[], undeclared="ignore", fail_on_drift=False)
    assert result["failed"]
    assert f"wellarchitected:{operation}" in result["msg"]
    assert not {"drift", "undeclared", "resources", "summary"} & set(result)


@pytest.mark.parametrize("after", [0, 6])
def test_credentials_that_fail(shared: Scene, run: Any, after: int) -> None:
    """Before anything is listed, or while it is."""
    shared.emulator.fault("expired_credentials", operation="List*", after=after)
    result = run("wa_share_audit", resources=[], undeclared="ignore", fail_on_drift=False)
    assert result["failed"]
    assert "The credentials are no longer valid" in result["msg"]
    assert "drift" not in result


@pytest.mark.parametrize("own", [True, False], ids=["beside an own one", "alone"])
def test_others_resources_are_not_audited(scene: Scene, run: Any, own: bool) -> None:
    """A workload that another account shares with this one is listed among the own ones."""
    theirs = scene.make(name="Theirs", shares={OWNER: "ACCEPTED"}, account=BEN)
    if own:
        scene.make(name="Payments", shares=[ANA])
    declared = [{"workload": "Payments", "shared_with": [ANA]}] if own else []
    result = run("wa_share_audit", resources=declared)
    assert not result["failed"], result["msg"]
    assert [row["resource"]["name"] for row in result["resources"]] == ["Payments"] * own
    declared.append({"workload": theirs.arn, "shared_with": [ANA]})
    assert "belongs to" in run("wa_share_audit", resources=declared)["msg"]


def test_the_message_is_short_however_much_differs(scene: Scene, run: Any) -> None:
    for number in range(30):
        scene.make(name=f"Workload {number:02}", shares=[ANA, BEN])
    result = run("wa_share_audit", resources=[])
    lines = result["msg"].splitlines()
    assert (lines[0], len(result["drift"])) == ("60 differences from what is declared:", 60)
    assert lines[-1] == f"and {60 - (len(lines) - 2)} more: they are in drift"
    assert 8 < len(lines) <= 22
    assert len(result["msg"]) < 1500


@either_way("how organizations are listed")
def test_organizations_are_compared_by_what_they_mean(scene: Scene, run: Any, answer: dict[str, Any]) -> None:
    scene.emulator.settings(**answer)
    scene.enable_organization_sharing()
    scene.make(KINDS["template"], "Web", shares=["o-abcdefghij"])
    arn = f"arn:aws:organizations::{OWNER}:organization/o-abcdefghij"
    for form in ("o-abcdefghij", arn):
        assert run("wa_share_audit", resources=[{"template": "Web", "shared_with": [form]}])["drift"] == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"resources": [{"workload": "*", "shared_with": ["12345"]}]}, "resources[0].shared_with[0]: '12345' is a"),
        ({"resources": [{"workload": "*"}]}, "resources[0]: shared_with is missing"),
        ({"resources": [], "concurrency": 0}, "concurrency: it is 0, and the least it can be is 1"),
        (
            {
                "resources": [
                    {"workload": "Payments", "shared_with": [{"principal": ANA, "permission_type": "READONLY"}]},
                    {"workload": "Pay*", "shared_with": [{"principal": ANA, "permission_type": "CONTRIBUTOR"}]},
                ]
            },
            "but contradict each other",
        ),
    ],
)
def test_a_declaration_that_cannot_be_meant_is_refused(shared: Scene, run: Any, options: Any, says: str) -> None:
    result = run("wa_share_audit", **options)
    assert result["failed"]
    assert says in result["msg"]
    assert "drift" not in result
