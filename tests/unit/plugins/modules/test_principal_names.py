# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names for principals in whole modules, and ARNs of other partitions: refused before any call."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    CLEO,
    DAN,
    KINDS,
    OWNER,
    Kind,
    Scene,
    every_kind,
)

NAMES = {"payments": ANA, "search": BEN, "partners": ["search", CLEO], "all": ["payments", "partners"]}
NAMES_LOOKED_UP = {"ListWorkloads", "ListLenses", "ListReviewTemplates", "ListProfiles"}
GOV = f"arn:aws-us-gov:iam::{ANA}:root"
ELSEWHERE = f"'{GOV}' is in the partition aws-us-gov, but this task works in aws: nothing is shared across partitions"


def test_names_stand_wherever_a_principal_may_and_are_shown_beside_the_ids(scene: Scene, run: Any) -> None:
    payments = scene.make(name="Payments", shares={ANA: "ACCEPTED", DAN: "ACCEPTED"})
    editor = {"principal": "leaving", "permission_type": "CONTRIBUTOR"}
    task = {
        "principals": {**NAMES, "leaving": DAN},
        "resources": [{"workload": "Payments", "shared_with": ["partners", editor]}],
        "allowed_principals": ["all", "leaving"],
        "purge_shares": True,
    }
    result = run("wa_shares", **task)
    assert not result["failed"], result["msg"]
    rows = result["resources"][0]["shares"]
    assert {row["shared_with"]: (row["shared_with_name"], row["action"]) for row in rows} == {
        BEN: ("search", "created"),
        CLEO: (None, "created"),
        DAN: ("leaving", "updated"),
        ANA: ("payments", "deleted"),
    }
    assert result["diff"][0]["before"].startswith(
        f"{DAN} (leaving) READONLY ACCEPTED\n{ANA} (payments) READONLY ACCEPTED"
    )
    assert f"{BEN} (search) READONLY new\n" in result["diff"][0]["after"]
    assert {call["params"]["SharedWith"] for call in scene.emulator.record() if "SharedWith" in call["params"]} >= {BEN}
    assert set(scene.shares(payments)) == {BEN, CLEO, DAN}
    assert run("wa_shares", **task)["changed"] is False


@every_kind
def test_a_single_module_takes_names_too(scene: Scene, run: Any, kind: Kind) -> None:
    resource = scene.make(kind)
    result = run(kind.module, **{kind.option: resource.arn, "shared_with": ["all"], "principals": NAMES})
    assert result.actions == {ANA: "created", BEN: "created", CLEO: "created"}
    assert [row["shared_with_name"] for row in result["shares"]] == ["payments", "search", None]


def test_errors_of_aws_name_the_principal(scene: Scene, run: Any) -> None:
    scene.make(name="Payments")
    scene.emulator.fault("access_denied", operation="CreateWorkloadShare")
    result = run("wa_shares", principals=NAMES, resources=[{"workload": "Payments", "shared_with": ["payments"]}])
    assert f"with {ANA} (payments)" in result["msg"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"principals": {"a": ["b"], "b": "a"}}, ["stands on itself"]),
        ({"principals": NAMES, "resources": [{"workload": "Payments", "shared_with": ["paymnts"]}]}, [
            "resources[0]", "shared_with[0]: 'paymnts' is not a principal", "(did you mean 'payments'?)"
        ]),
        ({"principals": NAMES, "allowed_principals": ["partner"]}, [
            "allowed_principals[0]: 'partner' is not a principal", "(did you mean 'partners'?)"
        ]),
        ({"principals": NAMES, "allowed_principals": ["partners"]}, [
            f"allowed_principals: {ANA} (payments) is not in it, but in resources[0]"
        ]),
        ({"principals": {"nobody": []}, "resources": [{"workload": "Payments", "shared_with": ["nobody"]}]}, [
            "shared_with may be empty only with purge_shares"
        ]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_names_is_told_before_any_change(
    scene: Scene, run: Any, options: Any, says: list[str]
) -> None:
    scene.make(name="Payments")
    scene.watch()
    result = run("wa_shares", **{"resources": [{"workload": "Payments", "shared_with": [ANA]}], **options})
    assert result["failed"]
    assert all(text in result["msg"] for text in says), result["msg"]
    assert set(scene.emulator.calls()) <= NAMES_LOOKED_UP


@pytest.mark.parametrize(
    ("module", "options", "place"),
    [
        ("wa_shares", {"resources": [{"workload": "Payments", "shared_with": [BEN, GOV]}]}, "shared_with[1]: "),
        ("wa_shares", {"resources": [{"workload": "Payments"}], "shared_with": [GOV]}, "shared_with[0]: "),
        (
            "wa_shares",
            {"resources": [{"workload": "Payments", "shared_with": [BEN]}], "allowed_principals": [BEN, GOV]},
            "allowed_principals[1]: ",
        ),
        (
            "wa_shares",
            {"resources": [{"workload": "Payments", "shared_with": [BEN]}], "principals": {"ana": GOV}},
            "principals.ana: ",
        ),
        ("wa_workload_share", {"workload": "Payments", "shared_with": [GOV]}, "shared_with[0]: "),
        (
            "wa_workload_share",
            {"workload": "Payments", "shared_with": [BEN], "allowed_principals": [GOV]},
            "allowed_principals[0]: ",
        ),
        ("wa_share_info", {"shared_with": [GOV]}, "shared_with[0]: "),
        ("wa_share_invitation", {"shared_by": [GOV]}, "shared_by[0]: "),
        ("wa_share_invitation_info", {"shared_by": [GOV]}, "shared_by[0]: "),
        ("wa_share_invitation", {"shared_by": [BEN], "accounts": [{"account_id": GOV}]}, "accounts[0].account_id: "),
    ],
)
def test_a_principal_of_another_partition_is_refused_before_any_change(
    scene: Scene, run: Any, module: str, options: Any, place: str
) -> None:
    scene.make(name="Payments")
    scene.watch()
    result = run(module, **options)
    assert result["failed"]
    assert f"{place}{ELSEWHERE}" in result["msg"]
    assert set(scene.emulator.calls()) <= NAMES_LOOKED_UP


def test_a_resource_or_role_of_another_partition_is_refused_before_any_change(scene: Scene, run: Any) -> None:
    arn = f"arn:aws-us-gov:wellarchitected:us-east-1:{OWNER}:workload/{'0' * 32}"
    role = f"arn:aws-us-gov:iam::{BEN}:role/accept"
    account = {"account_id": BEN, "role_arn": role}
    scene.watch()
    for module, options, place in (
        ("wa_shares", {"resources": [{"workload": arn, "shared_with": [BEN]}]}, "resources[0]"),
        ("wa_workload_share", {"workload": arn, "shared_with": [BEN]}, ""),
        ("wa_share_info", {"workload": [arn]}, "workload[0]: "),
        ("wa_share_invitation", {"shared_by": [ANA], "accounts": [account]}, "accounts[0].role_arn: "),
    ):  # fmt: skip
        result = run(module, **options)
        assert result["failed"]
        assert place in result["msg"]
        assert "is in the partition aws-us-gov, but this task works in aws" in result["msg"]
    assert set(scene.emulator.calls()) <= NAMES_LOOKED_UP


def test_in_a_region_that_botocore_does_not_know_any_partition_is_taken(scene: Scene, run: Any) -> None:
    result = run("wa_share_info", region="of-tomorrow-1", shared_with=[GOV])
    assert "partition" not in result.get("msg", "")


class TestGuardRailsOfOneResource:
    @every_kind
    def test_nothing_is_shared_with_anyone_who_is_not_allowed(self, scene: Scene, run: Any, kind: Kind) -> None:
        scene.make(kind, "Payments")
        scene.watch()
        task = {kind.option: "Payments", "shared_with": ["all"], "principals": NAMES}
        result = run(kind.module, **task, allowed_principals=["partners"])
        assert result["msg"] == (
            f"Nothing was changed. allowed_principals: {ANA} (payments) is not in it, but in {kind.label} 'Payments'"
        )
        assert set(scene.emulator.calls()) <= NAMES_LOOKED_UP
        assert run(kind.module, **task, allowed_principals=["partners", ANA])["changed"]

    @every_kind
    @pytest.mark.parametrize("check_mode", [False, True], ids=["run", "check mode"])
    def test_no_more_is_removed_than_may_be(self, scene: Scene, run: Any, kind: Kind, check_mode: bool) -> None:
        resource = scene.make(kind, "Payments", {ANA: "ACCEPTED", BEN: "REJECTED", CLEO: "EXPIRED"})
        scene.watch()
        task = {kind.option: "Payments", "shared_with": [CLEO], "purge_shares": True, "principals": NAMES}
        result = run(kind.module, check_mode=check_mode, **task, max_removals=1)
        assert result["failed"]
        assert scene.nothing_changed()
        permission = " READONLY" if kind.default_permission else ""
        assert "max_removals: it is 1, and this run would delete 2: " in result["msg"]
        assert result["msg"].endswith(
            f" with {ANA} (payments){permission} ACCEPTED, {BEN} (search){permission} REJECTED"
        )
        assert result["diff"]["before"].count("\n") == 3
        assert result["diff"]["after"] == f"{CLEO}{permission} new\n"
        # The renewal of Cleo's share is no removal.
        good = run(kind.module, check_mode=check_mode, **task, max_removals=2)
        assert good.actions == {CLEO: "renewed", ANA: "deleted", BEN: "deleted"}
        assert (set(scene.shares(resource)) == {CLEO}) is not check_mode

    @pytest.mark.parametrize("guard", [{"allowed_principals": ""}, {"allowed_principals": []}, {"max_removals": ""}])
    def test_one_that_is_blank_is_not_open(self, scene: Scene, run: Any, guard: dict[str, Any]) -> None:
        workload = scene.make(shares=[BEN])
        result = run("wa_workload_share", workload=workload.id, shared_with=[ANA], purge_shares=True, **guard)
        assert result["failed"]
        assert set(scene.shares(workload)) == {BEN}


class TestExclude:
    def share(self, run: Any, *exclude: str, workload: str = "*", **options: Any) -> Any:
        entry = {"workload": workload, "exclude": list(exclude), "shared_with": [ANA]}
        return run("wa_shares", resources=[{**entry, **options}])

    @pytest.fixture(autouse=True)
    def made(self, scene: Scene) -> None:
        for name in ("Payments", "Payments test", "Search", "Search test", "all*"):
            scene.make(name=name)

    @pytest.mark.parametrize(
        ("exclude", "left"),
        [
            (["*test"], {"Payments", "Search", "all*"}),
            (["Payments", "Search*"], {"Payments test", "all*"}),
            (["all*"], {"Payments", "Payments test", "Search", "Search test"}),
            ([r"all\*"], {"Payments", "Payments test", "Search", "Search test"}),
            (["nothing of the *"], {"Payments", "Payments test", "Search", "Search test", "all*"}),
            ([], {"Payments", "Payments test", "Search", "Search test", "all*"}),
        ],
    )
    def test_matches_are_left_out(self, run: Any, exclude: list[str], left: set[str]) -> None:
        result = self.share(run, *exclude)
        assert set(result.by_name) == left
        assert result["warnings"] == []

    def test_a_whole_name_that_leaves_out_nothing_gets_a_warning(self, run: Any) -> None:
        result = self.share(run, "Serch")
        assert len(result.by_name) == 5
        assert result["warnings"] == [
            "resources[0].exclude: no workload that '*' matches is called 'Serch' "
            "(did you mean 'Search' or 'Search test'?)"
        ]

    def test_leaving_out_everything_gets_a_warning(self, run: Any) -> None:
        result = self.share(run, "*")
        assert (result["changed"], result["resources"]) == (False, [])
        assert result["warnings"] == ["resources[0].exclude: it leaves out every workload that '*' matches"]

    @pytest.mark.parametrize("workload", ["Payments", "0" * 32, r"all\*"])
    def test_beside_no_wildcard_it_is_refused(self, scene: Scene, run: Any, workload: str) -> None:
        scene.watch()
        result = self.share(run, "Search", workload=workload)
        assert f"exclude: it leaves out matches of a name with wildcards, and {workload!r} has none" in result["msg"]
        assert "resources[0]" in result["msg"]
        assert set(scene.emulator.calls()) <= NAMES_LOOKED_UP

    def test_an_empty_one_is_refused(self, run: Any) -> None:
        assert "exclude[1]: it is empty" in self.share(run, "Search", "")["msg"]

    def test_what_is_left_out_keeps_its_shares_when_others_purge(self, scene: Scene, run: Any) -> None:
        kept = scene.make(KINDS["lens"], "Kept", shares=[BEN])
        scene.make(KINDS["lens"], "Other", shares=[BEN])
        entry = {"lens": "*", "exclude": ["Kept"], "shared_with": [ANA], "purge_shares": True}
        assert set(run("wa_shares", resources=[entry]).by_name) == {"Other"}
        assert set(scene.shares(kept)) == {BEN}
