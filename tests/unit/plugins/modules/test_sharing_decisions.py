# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done for each principal, whichever way the questions go that AWS's documentation leaves open."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    CLEO,
    DEAD,
    KINDS,
    LIVE,
    ORGANIZATION,
    ORGANIZATION_ARN,
    OU,
    OU_ARN,
    OWNER,
    Scene,
    Scenery,
    accounts,
    either_way,
    entry,
    every_kind,
)

#: what is done where there is a share of this status, (with the permission declared, with another one)
LIVE_TABLE = {
    "PENDING": ("unchanged", "updated"),
    "ACCEPTED": ("unchanged", "updated"),
    "ASSOCIATING": ("unchanged", "updated"),
    "ASSOCIATED": ("unchanged", "updated"),
}
#: what is done where there is a dead share, (where renew is left to its default, where it is all, where it is empty)
DEAD_TABLE = {
    "REJECTED": ("unchanged", "renewed", "unchanged"),
    "EXPIRED": ("renewed", "renewed", "unchanged"),
    "REVOKED": ("renewed", "renewed", "unchanged"),
    "FAILED": ("renewed", "renewed", "unchanged"),
}
STATUSES = dict(zip(accounts(8), LIVE + DEAD))
NEW = "999900001111"


def settle(scene: Scene, answer: dict[str, Any]) -> None:
    """What is there is long there; from now on the service answers the open question this way."""
    scene.emulator.advance(60)
    scene.emulator.settings(**answer)
    scene.watch()


def shares_of_every_status(permission: str = "READONLY") -> dict[str, tuple[str, str]]:
    statuses = {**STATUSES, OU: "ASSOCIATED", ORGANIZATION: "FAILED"}
    return {principal: (status, permission) for principal, status in statuses.items()}


def expected(column: int, renew: int) -> dict[str, str]:
    """The tables, for the principals of ``shares_of_every_status`` and a new one."""
    done = {
        principal: LIVE_TABLE[status][column] if status in LIVE else DEAD_TABLE[status][renew]
        for principal, status in STATUSES.items()
    }
    there = {OU: LIVE_TABLE["ASSOCIATED"][column], ORGANIZATION: DEAD_TABLE["FAILED"][renew]}
    return {**done, **there, NEW: "created"}


def by_id(done: dict[str, str]) -> dict[str, str]:
    """A share that stays is returned as it is listed, one that is sent as it is declared: here both are the ID."""
    return {principal.rpartition("/")[2]: action for principal, action in done.items()}


def share_ids(scene: Scene, *resources: Scenery) -> set[str]:
    return {row["share_id"] for resource in resources for row in scene.rows(resource)}


@either_way()
def test_every_row_of_the_table_holds(scene: Scene, run: Any, answer: dict[str, Any]) -> None:
    scene.enable_organization_sharing()
    workload, lens = KINDS["workload"], KINDS["lens"]
    same = scene.make(workload, "same permission", shares_of_every_status())
    other = scene.make(workload, "other permission", shares_of_every_status("CONTRIBUTOR"))
    never = scene.make(lens, "never again", shares_of_every_status())
    settle(scene, answer)
    declared = (*STATUSES, NEW, OU_ARN, ORGANIZATION_ARN, OWNER)
    resources = [
        entry(same, *declared),
        entry(other, *declared, renew=list(DEAD)),
        entry(never, *declared, renew=[]),
    ]

    predicted = run("wa_shares", check_mode=True, resources=resources)
    assert scene.nothing_changed()
    first = run("wa_shares", resources=resources)
    assert not first["failed"], first["msg"]
    for result in (predicted, first):
        assert {name: by_id(done) for name, done in result.by_name.items()} == {
            "same permission": expected(column=0, renew=0),
            "other permission": expected(column=1, renew=1),
            "never again": expected(column=0, renew=2),
        }
    assert OWNER not in {call["params"].get("SharedWith") for call in scene.emulator.record()}
    left_dead = [warning for warning in first["warnings"] if "renew" in warning]
    assert len(left_dead) == 2  # of the one where one was REJECTED, and of the one where nothing is renewed
    after = share_ids(scene, same, other, never)

    again = run("wa_shares", resources=resources)
    assert not again["failed"], again["msg"]
    assert not again["changed"]
    assert share_ids(scene, same, other, never) == after


@either_way("how organizations are listed", "delete while associating", "the owner's own account")
def test_every_share_can_be_removed(scene: Scene, run: Any, answer: dict[str, Any]) -> None:
    scene.enable_organization_sharing()
    absent = scene.make(KINDS["workload"], "absent", shares_of_every_status())
    purged = scene.make(KINDS["profile"], "purged", {ANA: "ACCEPTED", **shares_of_every_status()})
    settle(scene, answer)
    resources = [
        entry(absent, *STATUSES, OU_ARN, ORGANIZATION_ARN, OWNER, state="absent"),
        entry(purged, ANA, purge_shares=True),
    ]

    result = run("wa_shares", resources=resources)
    assert not result["failed"], result["msg"]
    assert result["summary"] == {
        "created": 0,
        "updated": 0,
        "renewed": 0,
        "deleted": 20,
        "unchanged": 1,
        "failed": 0,
    }
    assert scene.shares(absent) == {}
    assert scene.shares(purged) == {ANA: "ACCEPTED"}
    assert not run("wa_shares", resources=resources)["changed"]


@either_way("when a share shows", "create where there is a dead share", "delete while associating")
def test_a_share_of_a_moment_ago_is_found_whatever_the_next_run_wants_of_it(
    scene: Scene, run: Any, answer: dict[str, Any]
) -> None:
    scene.enable_organization_sharing()
    workload = scene.make(KINDS["workload"])
    settle(scene, answer)

    assert run("wa_workload_share", workload=workload.name, shared_with=[ANA, BEN, OU])["changed"]
    again = run("wa_workload_share", workload=workload.name, shared_with=[ANA, BEN, OU])
    assert not again["failed"], again["msg"]
    assert not again["changed"]
    more = run("wa_workload_share", workload=workload.name, shared_with=[ANA, CLEO], permission_type="CONTRIBUTOR")
    assert not more["failed"], more["msg"]
    assert more.actions == {ANA: "updated", CLEO: "created"}
    renewed = scene.rows(workload)
    scene.emulator.force(next(row["share_id"] for row in renewed if row["shared_with"] == CLEO), "EXPIRED")
    last = run("wa_workload_share", workload=workload.name, shared_with=[CLEO], permission_type="CONTRIBUTOR")
    assert not last["failed"], last["msg"]
    assert scene.shares(workload)[CLEO] == "PENDING"


@every_kind
def test_an_invitation_that_was_not_answered_in_a_week_is_sent_again(scene: Scene, run: Any, kind: Any) -> None:
    resource = scene.make(kind, shares=[ANA])
    options = {kind.option: resource.name, "shared_with": [ANA]}
    scene.emulator.advance(days=6.9)
    assert not run(kind.module, **options)["changed"]

    scene.emulator.advance(days=0.2)
    assert scene.shares(resource) == {ANA: "EXPIRED"}
    assert run(kind.module, **options).actions == {ANA: "renewed"}
    assert scene.shares(resource) == {ANA: "PENDING"}
    assert not run(kind.module, **options)["changed"]


def test_a_share_that_stays_associating_is_waited_for_before_it_is_removed_but_not_for_ever(
    scene: Scene, run: Any, clock: Any
) -> None:
    scene.enable_organization_sharing()
    scene.emulator.settings(delete_conflicts_while_associating=True, associating_lists=-1)
    workload = scene.make(KINDS["workload"], shares=[OU, ANA])
    options = {"workload": workload.name, "shared_with": [OU, ANA], "state": "absent", "wait_timeout": 60}

    result = run("wa_workload_share", **options)
    assert result["failed"]
    assert "ASSOCIATING" in result["msg"]
    assert f"Not done: remove {OU}" in result["msg"]
    assert result.actions == {ANA: "deleted"}
    assert 40 <= clock.moved <= 60

    scene.emulator.settings(associating_lists=2)
    assert run("wa_workload_share", **options).actions == {OU: "deleted"}
    assert scene.shares(workload) == {}


@pytest.mark.parametrize("status", DEAD)
def test_a_dead_share_left_alone_is_warned_about_by_name(scene: Scene, run: Any, status: str) -> None:
    template = scene.make(KINDS["template"], shares={ANA: status})

    result = run("wa_template_share", template=template.name, shared_with=[ANA], renew=[])
    assert not result["changed"]
    (warning,) = result["warnings"]
    assert f"{ANA} ({status})" in warning
    assert template.name in warning
    assert "renew" in warning


class TestNamesThatCouldBePatterns:
    """A resource that has exactly the name given is the one; a backslash takes a wildcard's meaning away."""

    @pytest.mark.parametrize(
        ("text", "shared"),
        [
            ("Ready?", ["Ready?"]),
            ("Ready*", ["Ready?", "ReadyX", "Ready\\"]),
            ("Ready\\?", ["Ready?"]),
            ("Ready\\", ["Ready\\"]),
            ("Ready\\\\", ["Ready\\"]),
            ("Read??", ["Ready?", "ReadyX", "Ready\\"]),
            ("*", ["Ready?", "ReadyX", "Ready\\"]),
        ],
    )
    def test_of_wa_shares(self, scene: Scene, run: Any, text: str, shared: list[str]) -> None:
        for name in ("Ready?", "ReadyX", "Ready\\"):
            scene.make(name=name)
        result = run("wa_shares", resources=[{"workload": text, "shared_with": [ANA]}])
        assert set(result.by_name) == set(shared)

    def test_a_resource_named_like_the_wildcard_hides_nothing_from_a_list_of_everything(
        self, scene: Scene, run: Any
    ) -> None:
        for name in ("***", "Payments"):
            scene.make(name=name)
        names = [item["resource"]["name"] for item in run("wa_share_info")["resources"]]
        assert names == ["***", "Payments"]
        assert [item["resource"]["name"] for item in run("wa_share_info", workload=["***"])["resources"]] == ["***"]

    def test_of_a_single_module_mean_themselves(self, scene: Scene, run: Any) -> None:
        scene.make(name="ReadyX")
        assert "'Ready?' does not exist" in run("wa_workload_share", workload="Ready?", shared_with=[ANA])["msg"]
