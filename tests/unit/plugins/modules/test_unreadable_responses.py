# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of another shape: never read as "nothing is shared", never a run without end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from .names import ANA, BEN, CLEO, OWNER
from .scenes import KINDS, LENS, Scene, account, accounts, entry, errors

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
        lens = scene.make(LENS, "Central", [ANA, BEN], account=CLEO)
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


class TestRunsThatEnd:
    """However often such an answer comes, for more resources and places than there are threads."""

    @pytest.fixture(autouse=True)
    def end(self) -> Iterator[None]:
        """A run that does not end is interrupted, and fails the test."""
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.alarm(120)
        yield
        signal.alarm(0)

    @pytest.mark.parametrize(("body", "status"), [([], 200), (7, 200), ("Forbidden", 403)], ids=str)
    def test_whatever_is_answered(self, scene: Scene, run: Any, body: Any, status: int) -> None:
        scene.emulator.seed(workloads=50)
        scene.answer("ListWorkloadShares", body, status=status)
        resources = run("wa_share_info", workload=["*"])["resources"]
        assert sum("error" in row for row in resources) == 50

        scene.answer("ListWorkloads", body, status=status)
        many = [account(one) for one in accounts(50)]
        result = run("wa_shares", accounts=many, resources=[{"workload": "*", "shared_with": [ANA]}], concurrency=1)
        assert len(errors(result)) == 50
        assert len(result["errors"]) == 1

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
