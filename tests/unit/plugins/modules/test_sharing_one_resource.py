# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that share one resource: what each does for each of the four kinds."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    BEN_ROLE,
    BEN_USER,
    CLEO,
    DAN,
    KINDS,
    ORGANIZATION,
    ORGANIZATION_ARN,
    OU,
    OU_ARN,
    OWNER,
    REGION,
    Kind,
    Scene,
    accounts,
    every_kind,
)


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
    assert scene.permissions(resource) == dict.fromkeys(options["shared_with"], kind.default_permission)
    assert {row["share_id"] for row in first["shares"]} == {row["share_id"] for row in scene.rows(resource)}

    again = run(kind.module, **options)
    assert not again["changed"]
    assert set(again.actions.values()) == {"unchanged"}


@every_kind
def test_check_mode_says_exactly_what_the_run_then_does(scene: Scene, run: Any, kind: Kind) -> None:
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
        CLEO: "unchanged",  # rejected, and so not sent again
        BEN_USER: "deleted",
        BEN_ROLE: "deleted",
    }
    done = run(kind.module, **options)
    assert done.prediction() == predicted.prediction()
    assert done["diff"]["before"] != done["diff"]["after"]
    assert scene.shares(resource) == {DAN: "PENDING", ANA: "ACCEPTED", BEN: "PENDING", CLEO: "REJECTED"}

    again = run(kind.module, check_mode=True, **options)
    assert not again["changed"]
    assert again["diff"] == {"before": "", "after": ""}
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
def test_absent_removes_those_listed_live_or_dead_and_then_nothing(scene: Scene, run: Any, kind: Kind) -> None:
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


def test_a_permission_is_changed_in_place_and_access_never_lapses(scene: Scene, run: Any) -> None:
    resource = scene.make(KINDS["workload"], shares={ANA: "ACCEPTED", BEN: "PENDING"})
    scene.watch()

    result = run("wa_workload_share", workload=resource.name, shared_with=[ANA, BEN], permission_type="CONTRIBUTOR")
    assert result.actions == {ANA: "updated", BEN: "updated"}
    assert scene.changes() == {"UpdateWorkloadShare": 2}
    assert {row["shared_with"]: row["share_id"] for row in scene.rows(resource)} == resource.shares
    assert scene.shares(resource) == {ANA: "ACCEPTED", BEN: "PENDING"}
    assert scene.permissions(resource) == {ANA: "CONTRIBUTOR", BEN: "CONTRIBUTOR"}


def test_what_is_declared_is_what_will_be_so_a_contributor_becomes_a_reader(scene: Scene, run: Any) -> None:
    resource = scene.make(KINDS["workload"], shares={ANA: "ACCEPTED"}, permission="CONTRIBUTOR")

    assert run("wa_workload_share", workload=resource.name, shared_with=[ANA]).actions == {ANA: "updated"}
    assert scene.permissions(resource) == {ANA: "READONLY"}


@every_kind
def test_a_principal_twice_in_two_forms_is_shared_with_once(scene: Scene, run: Any, kind: Kind) -> None:
    resource = scene.make(kind)
    options = {kind.option: resource.name, "shared_with": [f"arn:aws:iam::{ANA}:root", ANA, BEN, BEN]}

    assert run(kind.module, **options).actions == {f"arn:aws:iam::{ANA}:root": "created", BEN: "created"}
    assert list(scene.shares(resource)) == [f"arn:aws:iam::{ANA}:root", BEN]
    assert not run(kind.module, **{**options, "shared_with": [ANA, f"arn:aws:iam::{BEN}:root"]})["changed"]


@every_kind
def test_the_owner_is_left_out_with_a_warning(scene: Scene, run: Any, kind: Kind) -> None:
    for number, own_account_fails in enumerate((True, False)):
        scene.emulator.settings(own_account_fails=own_account_fails)
        resource = scene.make(kind, f"Payments {number}")
        scene.watch()

        for named_by, principal in ((resource.identifier, ANA), (resource.name, BEN)):
            options = {kind.option: named_by, "shared_with": [f"arn:aws:iam::{OWNER}:root", principal]}
            for check_mode in (True, False):
                result = run(kind.module, check_mode=check_mode, **options)
                assert result.actions == {principal: "created"}
                assert [warning for warning in result["warnings"] if OWNER in warning], result["warnings"]
            assert not run(kind.module, **options)["changed"]
        assert scene.changes() == {f"Create{kind.stem}Share": 2}
        assert list(scene.shares(resource)) == [ANA, BEN]


@every_kind
def test_a_full_quota_never_blocks_a_swap(scene: Scene, run: Any, kind: Kind) -> None:
    scene.emulator.settings(quotas={kind.name: 20})
    before, after = accounts(20), accounts(20, first=300000000000)
    resource = scene.make(kind, shares=before)

    result = run(kind.module, **{kind.option: resource.name, "shared_with": after, "purge_shares": True})
    assert not result["failed"], result
    assert sorted(scene.shares(resource)) == after


def test_every_page_of_130_shares_is_read(scene: Scene, run: Any) -> None:
    everyone = accounts(130)
    (lens,) = scene.emulator.seed(lenses=1, shares=everyone)
    scene.watch()

    result = run("wa_lens_share", lens=lens["name"], shared_with=everyone)
    assert not result["changed"]
    assert len(result["shares"]) == 130
    assert scene.emulator.calls() == {"ListLenses": 1, "ListLensShares": 13}

    removed = run("wa_lens_share", lens=lens["name"], shared_with=[everyone[129]], state="absent")
    assert removed.actions == {everyone[129]: "deleted"}


def test_the_number_of_calls_is_one_for_each_change_and_each_page(scene: Scene, run: Any) -> None:
    resource = scene.make(KINDS["workload"], shares={ANA: "ACCEPTED", BEN: "EXPIRED", CLEO: "PENDING"})
    scene.watch()

    run(
        "wa_workload_share",
        workload=resource.name,
        shared_with=[ANA, BEN, DAN],
        permission_type="CONTRIBUTOR",
        purge_shares=True,
    )
    assert scene.emulator.calls() == {
        "ListWorkloads": 1,
        "ListWorkloadShares": 1,
        "UpdateWorkloadShare": 1,
        "DeleteWorkloadShare": 2,  # one of them of the share that is sent again
        "CreateWorkloadShare": 2,
    }


class TestWaiting:
    def test_until_nothing_is_associating(self, scene: Scene, run: Any, clock: Any) -> None:
        scene.enable_organization_sharing()
        scene.emulator.settings(associating_lists=3)
        resource = scene.make(KINDS["workload"])

        result = run("wa_workload_share", workload=resource.name, shared_with=[ORGANIZATION, OU], wait=True)
        assert not result["failed"], result
        assert [row["status"] for row in result["shares"]] == ["ASSOCIATED", "ASSOCIATED"]
        assert clock.moved > 0

    def test_a_share_that_is_associating_already_is_waited_for_too(self, scene: Scene, run: Any) -> None:
        scene.enable_organization_sharing()
        scene.emulator.settings(associating_lists=3)
        resource = scene.make(KINDS["lens"], shares={OU: ""})

        result = run("wa_lens_share", lens=resource.name, shared_with=[OU], wait=True)
        assert not result["changed"]
        assert [row["status"] for row in result["shares"]] == ["ASSOCIATED"]

    def test_a_share_that_fails_fails_the_task_and_says_why(self, scene: Scene, run: Any) -> None:
        scene.enable_organization_sharing()
        scene.emulator.settings(associating_lists=1, association_fails="The unit was deleted meanwhile.")
        resource = scene.make(KINDS["workload"])

        result = run("wa_workload_share", workload=resource.name, shared_with=[ANA, OU], wait=True)
        assert result["failed"]
        assert "The unit was deleted meanwhile" in result["msg"]
        assert OU in result["msg"]
        assert [row["status"] for row in result["shares"]] == ["PENDING", "FAILED"]
        assert result["changed"]

    def test_the_time_is_up(self, scene: Scene, run: Any, clock: Any) -> None:
        scene.enable_organization_sharing()
        scene.emulator.settings(associating_lists=-1)
        resource = scene.make(KINDS["workload"])

        result = run("wa_workload_share", workload=resource.name, shared_with=[OU], wait=True, wait_timeout=30)
        assert result["failed"]
        assert "30 s" in result["msg"]
        assert OU in result["msg"]
        assert 20 <= clock.moved <= 30

    def test_without_wait_nobody_waits(self, scene: Scene, run: Any, clock: Any) -> None:
        scene.enable_organization_sharing()
        scene.emulator.settings(associating_lists=-1)
        resource = scene.make(KINDS["workload"])

        assert not run("wa_workload_share", workload=resource.name, shared_with=[OU])["failed"]
        assert clock.moved == 0


class TestOrganizations:
    @every_kind
    def test_a_refusal_for_want_of_organization_sharing_names_the_module_that_enables_it(
        self, scene: Scene, run: Any, kind: Kind
    ) -> None:
        resource = scene.make(kind)

        result = run(kind.module, **{kind.option: resource.name, "shared_with": [ANA, ORGANIZATION]})
        assert result["failed"]
        assert "wellarchitected.sharing.wa_organization_sharing" in result["msg"]
        assert ORGANIZATION in result["msg"]
        assert scene.shares(resource) == {ANA: "PENDING"}

    @pytest.mark.parametrize("listed_as", ["given", "id", "arn"])
    def test_an_id_and_an_arn_mean_the_same_however_they_are_listed(
        self, scene: Scene, run: Any, listed_as: str
    ) -> None:
        scene.enable_organization_sharing()
        scene.emulator.settings(list_organization_as=listed_as)
        for forms in ((ORGANIZATION, OU), (ORGANIZATION_ARN, OU_ARN)):
            resource = scene.make(KINDS["template"], forms[0], shares=dict.fromkeys(forms, "ASSOCIATED"))

            for declared in ((ORGANIZATION, OU), (ORGANIZATION_ARN, OU_ARN), (ORGANIZATION_ARN, OU)):
                options = {"template": resource.arn, "shared_with": list(declared), "purge_shares": True}
                assert not run("wa_template_share", **options)["changed"]
            removed = run("wa_template_share", template=resource.arn, shared_with=[OU_ARN], state="absent")
            assert list(removed.actions.values()) == ["deleted"]
            assert list(scene.shares(resource)) == [forms[0]]
