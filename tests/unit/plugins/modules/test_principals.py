# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Principals in whole modules: names for them, forms that mean the same, and ARNs of other partitions."""

from __future__ import annotations

from typing import Any

import pytest

from .names import ANA, BEN, CLEO, DAN, ORGANIZATION, ORGANIZATION_ARN, OU, OU_ARN, OWNER
from .scenes import TEMPLATE, Kind, Scene, account, either_way, every_kind

NAMES = {"payments": ANA, "search": BEN, "partners": ["search", CLEO], "all": ["payments", "partners"]}
GOV = f"arn:aws-us-gov:iam::{ANA}:root"


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
    assert f"{DAN} (leaving) READONLY ACCEPTED\n" in result["diff"][0]["before"]
    assert f"{BEN} (search) READONLY" in result["diff"][0]["after"]
    assert set(scene.shares(payments)) == {BEN, CLEO, DAN}
    assert run("wa_shares", **task)["changed"] is False
    scene.emulator.fault("access_denied", operation="CreateWorkloadShare")
    failed = run("wa_shares", principals=NAMES, resources=[{"workload": "Payments", "shared_with": ["payments"]}])
    assert failed.lacks(ANA, "payments") == []


@every_kind
def test_a_single_module_takes_names_too(scene: Scene, run: Any, kind: Kind) -> None:
    resource = scene.make(kind)
    result = run(kind.module, **{kind.option: resource.arn, "shared_with": ["all"], "principals": NAMES})
    assert result.actions == {ANA: "created", BEN: "created", CLEO: "created"}
    assert [row["shared_with_name"] for row in result["shares"]] == ["payments", "search", None]


def test_lists_take_and_show_names_too(scene: Scene, run: Any) -> None:
    scene.make(name="Payments", shares={ANA: "ACCEPTED", BEN: "PENDING", CLEO: "PENDING"})
    names = {"payments": ANA, "partners": ["payments", BEN]}
    info = run("wa_share_info", principals=names, shared_with=["partners"])
    rows = info["resources"][0]["shares"]
    assert [(row["shared_with"], row["shared_with_name"]) for row in rows] == [(ANA, "payments"), (BEN, None)]
    assert [each["principal"] for each in info["declared"][0]["shared_with"]] == [ANA, BEN]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"principals": {"a": ["b"], "b": "a"}}, ["principals", "a"]),
        ({"principals": NAMES, "resources": [{"workload": "Payments", "shared_with": ["paymnts"]}]}, [
            "resources[0].shared_with[0]", "'paymnts'", "'payments'"
        ]),
        ({"principals": {"none": []}, "resources": [{"workload": "Payments", "shared_with": ["none"]}]}, [
            "resources[0]", "shared_with", "purge_shares"
        ]),
        ({"principals": {ANA: BEN}}, ["principals", ANA]),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_with_names_is_refused(scene: Scene, run: Any, options: Any, words: list[str]) -> None:
    scene.make(name="Payments")
    scene.watch()
    result = run("wa_shares", **{"resources": [{"workload": "Payments", "shared_with": [ANA]}], **options})
    assert result["failed"]
    assert result.lacks(*words) == []
    assert scene.nothing_changed()


@either_way("how organizations are listed")
def test_two_forms_of_an_organization_are_one(scene: Scene, run: Any, answer: dict[str, Any]) -> None:
    scene.enable_organization_sharing()
    scene.emulator.settings(**answer)
    for forms in ((ORGANIZATION, OU), (ORGANIZATION_ARN, OU_ARN)):
        resource = scene.make(TEMPLATE, forms[0], shares=dict.fromkeys(forms, "ASSOCIATED"))
        for declared in ((ORGANIZATION, OU), (ORGANIZATION_ARN, OU_ARN), (ORGANIZATION_ARN, OU)):
            options = {"template": resource.arn, "shared_with": list(declared), "purge_shares": True}
            assert not run("wa_template_share", **options)["changed"]
        removed = run("wa_template_share", template=resource.arn, shared_with=[OU_ARN], state="absent")
        assert list(removed.actions.values()) == ["deleted"]
        assert list(scene.shares(resource)) == [forms[0]]


ONE = {"workload": "Payments", "shared_with": [BEN]}
GOV_ROLE = f"arn:aws-us-gov:iam::{BEN}:role/accept"
GOV_WORKLOAD = f"arn:aws-us-gov:wellarchitected:us-east-1:{OWNER}:workload/{'0' * 32}"


@pytest.mark.parametrize(
    ("module", "options", "path"),
    [
        ("wa_shares", {"resources": [{"workload": "Payments", "shared_with": [BEN, GOV]}]}, "shared_with[1]"),
        ("wa_shares", {"resources": [{"workload": "Payments"}], "shared_with": [GOV]}, "shared_with[0]"),
        ("wa_shares", {"resources": [ONE], "allowed_principals": [BEN, GOV]}, "allowed_principals[1]"),
        ("wa_shares", {"resources": [ONE], "principals": {"ana": GOV}}, "principals.ana"),
        ("wa_shares", {"resources": [{**ONE, "workload": GOV_WORKLOAD}]}, "resources[0]"),
        ("wa_workload_share", {**ONE, "shared_with": [GOV]}, "shared_with[0]"),
        ("wa_workload_share", {**ONE, "workload": GOV_WORKLOAD}, "workload"),
        ("wa_workload_share", {**ONE, "allowed_principals": [GOV]}, "allowed_principals[0]"),
        ("wa_share_info", {"shared_with": [GOV]}, "shared_with[0]"),
        ("wa_share_info", {"workload": [GOV_WORKLOAD]}, "workload[0]"),
        ("wa_share_invitation", {"shared_by": [GOV]}, "shared_by[0]"),
        ("wa_share_invitation_info", {"shared_by": [GOV]}, "shared_by[0]"),
        ("wa_share_invitation", {"shared_by": [BEN], "accounts": [{"account_id": GOV}]}, "accounts[0].account_id"),
        ("wa_share_info", {"accounts": [account(BEN, role_arn=GOV_ROLE)]}, "accounts[0].role_arn"),
    ],
    ids=str,
)
def test_what_is_of_another_partition_is_refused(scene: Scene, run: Any, module: str, options: Any, path: str) -> None:
    scene.make(name="Payments")
    scene.watch()
    result = run(module, **options)
    assert result["failed"]
    assert result.lacks(path, "aws-us-gov") == []
    assert scene.emulator.calls() == {}
