# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done for each principal, whatever the answer to the open questions about the service."""

from __future__ import annotations

from typing import Any

import pytest

from .names import (
    ACTIVE,
    ANA,
    BEN,
    BEN_ROLE,
    BEN_USER,
    CLEO,
    INACTIVE,
    ORGANIZATION,
    ORGANIZATION_ARN,
    OU,
    OU_ARN,
    OWNER,
)
from .scenes import LENS, PROFILE, TEMPLATE, WORKLOAD, Scene, Scenery, accounts, either_way, entry, every_kind

#: what is done where there is a share of this status, (with the permission declared, with another one)
ACTIVE_TABLE = {
    "PENDING": ("unchanged", "updated"),
    "ACCEPTED": ("unchanged", "updated"),
    "ASSOCIATING": ("unchanged", "updated"),
    "ASSOCIATED": ("unchanged", "updated"),
}
#: what is done where there is an inactive share: (by default, with every status in renew, with none)
INACTIVE_TABLE = {
    "REJECTED": ("unchanged", "renewed", "unchanged"),
    "EXPIRED": ("renewed", "renewed", "unchanged"),
    "REVOKED": ("renewed", "renewed", "unchanged"),
    "FAILED": ("renewed", "renewed", "unchanged"),
}
STATUSES = dict(zip(accounts(8), ACTIVE + INACTIVE))
NEW = "999900001111"


def settle(scene: Scene, answer: dict[str, Any]) -> None:
    """The existing shares are old; from now on the service answers the open question this way."""
    scene.emulator.advance(60)
    scene.emulator.settings(**answer)
    scene.watch()


def shares_of_every_status(permission: str = "READONLY") -> dict[str, tuple[str, str]]:
    statuses = {**STATUSES, OU: "ASSOCIATED", ORGANIZATION: "FAILED"}
    return {principal: (status, permission) for principal, status in statuses.items()}


def expected(column: int, renew: int) -> dict[str, str]:
    """The tables, for the principals of ``shares_of_every_status`` and a new one."""
    done = {
        principal: ACTIVE_TABLE[status][column] if status in ACTIVE else INACTIVE_TABLE[status][renew]
        for principal, status in STATUSES.items()
    }
    there = {OU: ACTIVE_TABLE["ASSOCIATED"][column], ORGANIZATION: INACTIVE_TABLE["FAILED"][renew]}
    return {**done, **there, NEW: "created"}


def by_id(done: dict[str, str]) -> dict[str, str]:
    """A share that stays is returned as it is listed, one that is sent as it is declared: here both are the ID."""
    return {principal.rpartition("/")[2]: action for principal, action in done.items()}


def share_ids(scene: Scene, *resources: Scenery) -> set[str]:
    return {row["share_id"] for resource in resources for row in scene.rows(resource)}


@either_way()
def test_every_row_of_the_table_holds(scene: Scene, run: Any, answer: dict[str, Any]) -> None:
    scene.enable_organization_sharing()
    workload, lens = WORKLOAD, LENS
    same = scene.make(workload, "same permission", shares_of_every_status())
    other = scene.make(workload, "other permission", shares_of_every_status("CONTRIBUTOR"))
    never = scene.make(lens, "never again", shares_of_every_status())
    settle(scene, answer)
    declared = (*STATUSES, NEW, OU_ARN, ORGANIZATION_ARN, OWNER)
    resources = [
        entry(same, *declared),
        entry(other, *declared, renew=list(INACTIVE)),
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
    left_inactive = [warning for warning in first["warnings"] if "renew" in warning]
    assert len(left_inactive) == 2  # where one was REJECTED, and where nothing is renewed
    after = share_ids(scene, same, other, never)

    again = run("wa_shares", resources=resources)
    assert not again["failed"], again["msg"]
    assert not again["changed"]
    assert share_ids(scene, same, other, never) == after


@either_way("how organizations are listed", "delete while associating", "the owner's own account")
def test_every_share_can_be_removed(scene: Scene, run: Any, answer: dict[str, Any]) -> None:
    scene.enable_organization_sharing()
    absent = scene.make(WORKLOAD, "absent", shares_of_every_status())
    purged = scene.make(PROFILE, "purged", {ANA: "ACCEPTED", **shares_of_every_status()})
    settle(scene, answer)
    resources = [
        entry(absent, *STATUSES, OU_ARN, ORGANIZATION_ARN, OWNER, state="absent"),
        entry(purged, ANA, purge_shares=True),
    ]

    result = run("wa_shares", resources=resources)
    assert not result["failed"], result["msg"]
    assert result.counts == {"deleted": 20, "unchanged": 1}
    assert scene.shares(absent) == {}
    assert scene.shares(purged) == {ANA: "ACCEPTED"}
    assert not run("wa_shares", resources=resources)["changed"]


@either_way("when a share shows", "create where there is an inactive share", "delete while associating")
def test_a_share_of_a_moment_ago_is_found_whatever_the_next_run_wants_of_it(
    scene: Scene, run: Any, answer: dict[str, Any]
) -> None:
    scene.enable_organization_sharing()
    workload = scene.make(WORKLOAD)
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


class TestAUserWhoseAccountIsRemoved:
    """AWS: "You must delete both workload invitations to remove the user's permission"."""

    @pytest.mark.parametrize("check_mode", [True, False], ids=["check mode", "run"])
    @pytest.mark.parametrize("declared", ["nothing of the user", "the user"])
    def test_gets_a_warning_where_its_own_share_stays(
        self, scene: Scene, run: Any, check_mode: bool, declared: str
    ) -> None:
        payments = scene.make(shares=[ANA, BEN, BEN_USER, BEN_ROLE])
        task = [entry(payments, BEN, state="absent")]
        if declared == "the user":
            task.append(entry(payments, BEN_USER))
        result = run("wa_shares", resources=task, check_mode=check_mode)
        assert result["summary"]["deleted"] == 1
        warnings = "\n".join(result["warnings"])
        assert [who for who in (BEN, BEN_USER, BEN_ROLE, "Payments") if who not in warnings] == []

    @pytest.mark.parametrize(
        "more",
        [
            {"shared_with": [BEN], "state": "absent", "account_wide": True},
            {"shared_with": [BEN, BEN_USER, BEN_ROLE], "state": "absent"},
            {"shared_with": [ANA], "purge_shares": True},
            {"shared_with": [BEN_USER], "state": "absent"},
            {"shared_with": [CLEO], "state": "absent"},
        ],
        ids=str,
    )
    def test_gets_none_elsewhere(self, scene: Scene, run: Any, more: dict[str, Any]) -> None:
        scene.make(shares=[ANA, BEN, BEN_USER, BEN_ROLE, CLEO])
        assert run("wa_shares", resources=[{"workload": "Payments", **more}])["warnings"] == []

    def test_gets_one_from_a_single_module_and_when_access_ends(self, scene: Scene, run: Any) -> None:
        ended = {"principal": BEN, "until": "2020-01-31"}
        for name, module, task in (
            ("One", "wa_workload_share", {"workload": "One", "shared_with": [BEN], "state": "absent"}),
            ("Two", "wa_shares", {"resources": [{"workload": "Two", "shared_with": [ended]}]}),
        ):
            scene.make(name=name, shares=[BEN, BEN_USER])
            assert any(BEN_USER in warning for warning in run(module, **task)["warnings"])


@every_kind
def test_an_invitation_that_expired_is_renewed(scene: Scene, run: Any, kind: Any) -> None:
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
    workload = scene.make(WORKLOAD, shares=[OU, ANA])
    options = {"workload": workload.name, "shared_with": [OU, ANA], "state": "absent", "wait_timeout": 60}

    result = run("wa_workload_share", **options)
    assert result["failed"]
    assert result.lacks("ASSOCIATING", OU) == []
    assert result.actions == {ANA: "deleted"}
    assert 40 <= clock.moved <= 60

    scene.emulator.settings(associating_lists=2)
    assert run("wa_workload_share", **options).actions == {OU: "deleted"}
    assert scene.shares(workload) == {}


@pytest.mark.parametrize("status", INACTIVE)
def test_an_inactive_share_that_is_not_renewed_gets_a_warning(scene: Scene, run: Any, status: str) -> None:
    template = scene.make(TEMPLATE, shares={ANA: status})

    result = run("wa_template_share", template=template.name, shared_with=[ANA], renew=[])
    assert not result["changed"]
    (warning,) = result["warnings"]
    assert f"{ANA} ({status})" in warning
    assert template.name in warning
    assert "renew" in warning
