# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that share one resource: what each does for each of the four kinds."""

from __future__ import annotations

from typing import Any

from .names import ANA, BEN, BEN_ROLE, BEN_USER, CLEO, DAN, ORGANIZATION, OWNER, REGION
from .scenes import WORKLOAD, Kind, Scene, accounts, either_way, every_kind


@every_kind
def test_shares_with_everyone_declared_and_then_changes_nothing(scene: Scene, run: Any, kind: Kind) -> None:
    resource = scene.make(kind)
    options = {kind.option: resource.name, "shared_with": [ANA, BEN_USER, BEN_ROLE, DAN]}

    first = run(kind.module, **options)
    assert not first["failed"], first
    assert first["changed"]
    assert first.actions == {ANA: "created", BEN_USER: "created", BEN_ROLE: "created", DAN: "created"}
    assert first["resource"] == {
        "kind": kind.name,
        "id": resource.id,
        "arn": resource.arn,
        "name": resource.name,
        "account_id": OWNER,
        "region": REGION,
    }
    assert scene.shares(resource) == dict.fromkeys(options["shared_with"], "PENDING")
    assert scene.permissions(resource) == dict.fromkeys(options["shared_with"], kind.permissions[0])
    assert {row["share_id"] for row in first["shares"]} == {row["share_id"] for row in scene.rows(resource)}

    again = run(kind.module, **options)
    assert not again["changed"]
    assert set(again.actions.values()) == {"unchanged"}


@every_kind
def test_check_mode_predicts_the_run(scene: Scene, run: Any, kind: Kind) -> None:
    other = kind.permissions[-1]
    shares = {
        ANA: ("ACCEPTED", "READONLY"),
        BEN: ("EXPIRED", "READONLY"),
        CLEO: ("REJECTED", "READONLY"),
        BEN_USER: ("PENDING", "READONLY"),
        BEN_ROLE: ("REVOKED", "READONLY"),
    }
    resource = scene.make(kind, shares=shares)
    options: dict[str, Any] = {kind.option: resource.name, "shared_with": [DAN, ANA, BEN, CLEO], "purge_shares": True}
    if other:
        options["permission_type"] = other
    scene.watch()

    predicted = run(kind.module, check_mode=True, **options)
    assert scene.nothing_changed()
    assert predicted["changed"]
    assert predicted.actions == {
        DAN: "created",
        ANA: "updated" if other else "unchanged",
        BEN: "renewed",
        CLEO: "unchanged",  # rejected, and so not renewed
        BEN_USER: "deleted",
        BEN_ROLE: "deleted",
    }
    done = run(kind.module, **options)
    assert done.prediction() == predicted.prediction()
    assert done["diff"]["before"] != done["diff"]["after"]
    assert scene.shares(resource) == {DAN: "PENDING", ANA: "ACCEPTED", BEN: "PENDING", CLEO: "REJECTED"}

    again = run(kind.module, check_mode=True, **options)
    assert not again["changed"]
    assert again["diff"]["before"] == again["diff"]["after"]
    assert again.prediction() == run(kind.module, **options).prediction()


@every_kind
def test_purge_leaves_those_listed_only(scene: Scene, run: Any, kind: Kind) -> None:
    resource = scene.make(kind, shares={ANA: "ACCEPTED", BEN: "PENDING", CLEO: "EXPIRED"})

    kept = run(kind.module, **{kind.option: resource.name, "shared_with": [ANA]})
    assert not kept["changed"]
    assert len(scene.shares(resource)) == 3

    purged = run(kind.module, **{kind.option: resource.name, "shared_with": [ANA], "purge": True})
    assert purged.actions == {ANA: "unchanged", BEN: "deleted", CLEO: "deleted"}
    assert scene.shares(resource) == {ANA: "ACCEPTED"}

    emptied = run(kind.module, **{kind.option: resource.name, "shared_with": [], "purge_shares": True})
    assert emptied.actions == {ANA: "deleted"}
    assert scene.shares(resource) == {}
    assert not run(kind.module, **{kind.option: resource.name, "shared_with": [], "purge_shares": True})["changed"]


@every_kind
def test_absent_removes_those_listed_active_or_inactive_and_then_nothing(scene: Scene, run: Any, kind: Kind) -> None:
    resource = scene.make(kind, shares={ANA: "ACCEPTED", BEN: "EXPIRED", CLEO: "PENDING", DAN: "REJECTED"})
    options = {kind.option: resource.name, "shared_with": [ANA, BEN, DAN, BEN_USER], "state": "absent"}

    predicted = run(kind.module, check_mode=True, **options)
    done = run(kind.module, **options)
    assert done.actions == {ANA: "deleted", BEN: "deleted", DAN: "deleted"}
    assert done.prediction() == predicted.prediction()
    assert scene.shares(resource) == {CLEO: "PENDING"}

    again = run(kind.module, **options)
    assert not again["changed"]
    assert again["shares"] == []


@every_kind
def test_an_id_an_arn_or_a_name_does(scene: Scene, run: Any, kind: Kind) -> None:
    resource = scene.make(kind)

    for text, principal in ((resource.identifier, ANA), (resource.arn, BEN), (resource.name, CLEO)):
        result = run(kind.module, **{kind.option: text, "shared_with": [principal]})
        assert result.actions == {principal: "created"}, result
        assert result["resource"]["id"] == resource.id
    assert list(scene.shares(resource)) == [ANA, BEN, CLEO]


@either_way("update of an accepted share")
def test_a_permission_is_updated_in_place_and_the_status_is_the_services(
    scene: Scene, run: Any, answer: dict[str, Any]
) -> None:
    scene.emulator.settings(**answer)
    resource = scene.make(WORKLOAD, shares={ANA: "ACCEPTED", BEN: "PENDING"})
    scene.watch()

    result = run("wa_workload_share", workload=resource.name, shared_with=[ANA, BEN], permission_type="CONTRIBUTOR")
    assert result.actions == {ANA: "updated", BEN: "updated"}
    assert scene.changes() == {"UpdateWorkloadShare": 2}
    assert {row["shared_with"]: row["share_id"] for row in scene.rows(resource)} == resource.shares
    after = "PENDING" if answer["update_makes_pending"] else "ACCEPTED"
    assert scene.shares(resource) == {ANA: after, BEN: "PENDING"}
    assert {row["shared_with"]: row["status"] for row in result["shares"]} == {ANA: after, BEN: "PENDING"}
    assert scene.permissions(resource) == {ANA: "CONTRIBUTOR", BEN: "CONTRIBUTOR"}
    assert not run("wa_workload_share", workload=resource.name, shared_with=[ANA, BEN], permission_type="CONTRIBUTOR")[
        "changed"
    ]


def test_what_is_declared_is_what_will_be_so_a_contributor_becomes_a_reader(scene: Scene, run: Any) -> None:
    resource = scene.make(WORKLOAD, shares={ANA: "ACCEPTED"}, permission="CONTRIBUTOR")

    assert run("wa_workload_share", workload=resource.name, shared_with=[ANA]).actions == {ANA: "updated"}
    assert scene.permissions(resource) == {ANA: "READONLY"}


@every_kind
def test_a_full_quota_never_blocks_a_swap(scene: Scene, run: Any, kind: Kind) -> None:
    scene.emulator.settings(quotas={kind.name: 20})
    before, after = accounts(20), accounts(20, first=300000000000)
    resource = scene.make(kind, shares=before)

    result = run(kind.module, **{kind.option: resource.name, "shared_with": after, "purge_shares": True})
    assert not result["failed"], result
    assert sorted(scene.shares(resource)) == after


@every_kind
def test_without_organization_sharing_the_error_names_the_module_that_enables_it(
    scene: Scene, run: Any, kind: Kind
) -> None:
    resource = scene.make(kind)

    result = run(kind.module, **{kind.option: resource.name, "shared_with": [ANA, ORGANIZATION]})
    assert result["failed"]
    assert "wellarchitected.sharing.wa_organization_sharing" in result["msg"]
    assert ORGANIZATION in result["msg"]
    assert scene.shares(resource) == {ANA: "PENDING"}
