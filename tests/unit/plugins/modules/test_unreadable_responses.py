# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of another shape: never read as "nothing is shared", never a run without end."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import pytest
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    CLEO,
    KINDS,
    OWNER,
    Scene,
    account,
    accounts,
    entry,
    module_process,
)

SHARE = {"ShareId": "a" * 32, "SharedWith": ANA, "Status": "ACCEPTED", "PermissionType": "READONLY"}
LENS_ARN = f"arn:aws:wellarchitected:us-east-1:{OWNER}:lens/{'a' * 32}"
#: answers without the list of shares that was asked for
NO_SHARES: tuple[Any, ...] = (
    {},
    {"WorkloadShareSummaries": None},
    {"WorkloadId": "0" * 32, "WorkloadShareSummaries": None},
    {"message": "blocked by proxy"},
    {"WorkloadShareSummaries": 7},
    [],
    "Forbidden",
    7,
    None,
)
#: rows of a list of shares that say nothing, or something else
BAD_ROWS: tuple[Any, ...] = (
    {**SHARE, "ShareId": None},
    {**SHARE, "Status": None},
    {**SHARE, "Status": 7},
    {**SHARE, "SharedWith": None},
    {**SHARE, "PermissionType": 7},
    "text",
    5,
    [],
    None,
)
BAD_SHARES = (
    *NO_SHARES,
    *({"WorkloadId": "0" * 32, "WorkloadShareSummaries": [SHARE, row]} for row in BAD_ROWS),
)
NO_WORKLOADS: tuple[Any, ...] = (
    {},
    {"WorkloadSummaries": None},
    {"message": "blocked by proxy"},
    {"WorkloadSummaries": 7},
    [],
    {"WorkloadSummaries": [None]},
    {"WorkloadSummaries": ["text"]},
    {"WorkloadSummaries": [{"WorkloadId": "0" * 32, "WorkloadName": "Payments", "Owner": OWNER}]},
    {"WorkloadSummaries": [{"WorkloadName": 7, "WorkloadArn": 7, "WorkloadId": 7, "Owner": []}]},
)


class TestShares:
    """The error is that resource's; all others are read and changed."""

    @pytest.mark.parametrize("body", BAD_SHARES, ids=str)
    def test_in_every_module(self, scene: Scene, run: Any, body: Any) -> None:
        first, second = scene.make(name="First", shares=[ANA]), scene.make(name="Second", shares=[ANA])
        scene.answer("ListWorkloadShares", body, match={"WorkloadId": first.id})
        scene.watch()

        info = run("wa_share_info")
        drift = run("wa_share_drift_info", resources=[entry(first, ANA), entry(second, ANA)])
        one = run("wa_workload_share", workload="First", shared_with=[BEN])
        assert scene.nothing_changed()
        many = run("wa_shares", resources=[entry(first, BEN), entry(second, BEN)])
        for result in (info, drift, one, many):
            assert result["failed"]
            assert result.lacks("First") == []
            assert "Traceback" not in result["msg"]
        for result in (info, many):
            failed = {row["resource"]["name"]: bool(row.get("error")) for row in result["resources"]}
            assert failed == {"First": True, "Second": False}
        assert set(scene.shares(first)) == {ANA}
        assert set(scene.shares(second)) == {ANA, BEN}

    def test_of_every_kind(self, scene: Scene, run: Any) -> None:
        for kind in KINDS.values():
            resource = scene.make(kind, "Payments", shares=[ANA])
            for body in ({}, {f"{kind.stem}ShareSummaries": None}):
                scene.answer(f"List{kind.stem}Shares", body)
                result = run("wa_share_drift_info", resources=[entry(resource, ANA)])
                assert result["failed"], (kind, body)
                scene.emulator.clear_faults()

    def test_an_empty_list_is_a_list(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        scene.answer("ListWorkloadShares", {"WorkloadId": payments.id, "WorkloadShareSummaries": []})
        assert not run("wa_share_info")["failed"]


class TestResources:
    @pytest.mark.parametrize("body", NO_WORKLOADS, ids=str)
    def test_are_an_error_before_any_change(self, scene: Scene, run: Any, body: Any) -> None:
        payments = scene.make(shares=[BEN])
        scene.answer("ListWorkloads", body)
        scene.watch()
        for name, task in (
            ("wa_share_info", {}),
            ("wa_share_drift_info", {"resources": [entry(payments, ANA)], "undeclared": "ignore"}),
            ("wa_shares", {"resources": [{"workload": "*", "shared_with": [ANA]}]}),
            ("wa_workload_share", {"workload": "Payments", "shared_with": [ANA]}),
        ):
            result = run(name, **task)
            assert result["failed"], name
            assert result.lacks("workload") == []
            assert "Traceback" not in result["msg"]
        assert scene.nothing_changed()

    @pytest.mark.parametrize(("kind", "operation"), [(kind.name, kind.list_operation) for kind in KINDS.values()])
    def test_of_every_kind(self, scene: Scene, run: Any, kind: str, operation: str) -> None:
        scene.answer(operation, {})
        assert run("wa_share_drift_info", resources=[])["failed"]
        assert run("wa_share_info", **{KINDS[kind].option: ["*"]})["failed"]


class TestInvitations:
    ROW: ClassVar = {
        "ShareInvitationId": "a" * 32,
        "SharedBy": CLEO,
        "SharedWith": OWNER,
        "ShareResourceType": "LENS",
        "LensName": "Central",
        "LensArn": LENS_ARN,
    }

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"ShareInvitationSummaries": None},
            {"message": "blocked by proxy"},
            {"ShareInvitationSummaries": 7},
            [],
            *(
                {"ShareInvitationSummaries": [row]}
                for row in (
                    None,
                    "text",
                    {**ROW, "ShareInvitationId": None},
                    {**ROW, "SharedBy": None},
                    {**ROW, "SharedBy": 7, "ShareResourceType": None},
                    {**ROW, "LensArn": 7},
                    {**ROW, "LensName": ["Central"]},
                )
            ),
        ],
        ids=str,
    )
    def test_are_that_places_error(self, scene: Scene, run: Any, body: Any) -> None:
        lens = scene.make(KINDS["lens"], "Central", [ANA, BEN], account=CLEO)
        scene.answer("ListShareInvitations", body, account=ANA)
        where = [account(ANA), account(BEN)]
        for result in (
            run("wa_share_invitation_info", accounts=where),
            run("wa_share_invitation", accounts=where, shared_by=[CLEO]),
        ):
            assert result["failed"]
            assert [row["account_id"] for row in result["places"] if row.get("error")] == [ANA]
            assert "Traceback" not in result["msg"]
        assert scene.shares(lens) == {ANA: "PENDING", BEN: "ACCEPTED"}


class TestChanges:
    """An answer to a change that cannot be read: whether it was done is not known, and the message says so."""

    @pytest.mark.parametrize("body", [[], 7, "text"], ids=str)
    def test_of_a_create(self, scene: Scene, run: Any, body: Any) -> None:
        first, second = scene.make(name="First"), scene.make(name="Second")
        scene.answer("CreateWorkloadShare", body, match={"WorkloadId": first.id})
        result = run("wa_shares", resources=[entry(first, ANA), entry(second, ANA)])
        assert result["failed"]
        assert result.lacks("First", ANA) == []
        assert set(scene.shares(second)) == {ANA}


class TestRunsThatEnd:
    """In a process of its own: a run that does not end is killed, and fails the test."""

    def end(self, scene: Scene, name: str, **task: Any) -> dict[str, Any]:
        with module_process(scene.emulator.url, name, **task) as process:
            try:
                output, _errors = process.communicate(timeout=25)
            finally:
                process.kill()
        return dict(json.loads(output))

    @pytest.mark.parametrize(
        ("body", "status"), [([], 200), ({"WorkloadShareSummaries": 7}, 200), ("Forbidden", 403)], ids=str
    )
    def test_whatever_is_answered_without_end(self, scene: Scene, body: Any, status: int) -> None:
        scene.emulator.seed(workloads=50)
        scene.answer("ListWorkloadShares", body, status=status)
        result = self.end(scene, "wa_share_info", workload=["*"])
        assert result["failed"]
        assert sum("error" in row for row in result["resources"]) == 50

    @pytest.mark.parametrize(
        ("body", "status"), [([], 200), ({"WorkloadSummaries": 7}, 200), ("Forbidden", 403)], ids=str
    )
    def test_in_more_places_than_there_are_threads(self, scene: Scene, body: Any, status: int) -> None:
        scene.answer("ListWorkloads", body, status=status)
        many = [account(one) for one in accounts(50)]
        task = {"accounts": many, "resources": [{"workload": "*", "shared_with": [ANA]}], "concurrency": 1}
        result = self.end(scene, "wa_shares", **task)
        assert result["failed"]
        assert sum("error" in row for row in result["places"]) == 50
        assert len(result["msg"].splitlines()) <= 25

    @pytest.mark.parametrize(
        ("operation", "body"),
        [
            ("ListWorkloads", {"WorkloadSummaries": [], "NextToken": "again"}),
            ("ListWorkloadShares", {"WorkloadShareSummaries": [], "NextToken": "again"}),
        ],
        ids=["resources", "shares"],
    )
    def test_a_token_that_repeats(self, scene: Scene, run: Any, operation: str, body: Any) -> None:
        payments = scene.make()
        scene.answer(operation, body, times=200)
        scene.watch()
        result = run("wa_shares", resources=[entry(payments, ANA)])
        assert result["failed"]
        assert result.lacks("NextToken") == []
        assert scene.emulator.calls(operation)[operation] <= 3
        assert scene.nothing_changed()
