# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job template that audits what is shared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.emulator.testing import Emulator

from .awx import Controller

FINE = "Everything is shared as declared"
SANDBOX, STANDARDS = "workload 'Sandbox 1' (", "lens 'Standards' ("


@pytest.fixture
def answers(endpoint: Emulator, tmp_path: Path) -> dict[str, Any]:
    """Three resources are shared, and the first is declared, as wa_share_info's ``declared`` has it."""
    client = endpoint.client()
    for name in ("Payments", "Sandbox 1"):
        workload = endpoint.create_workload(name)
        client.create_workload_share(WorkloadId=workload["id"], SharedWith="444455556666", PermissionType="READONLY")
        if name == "Payments":
            entry = {"principal": "444455556666", "permission_type": "READONLY"}
            declared = [{"workload": workload["arn"], "shared_with": [entry]}]
    lens = endpoint.create_lens("Standards")
    client.create_lens_share(LensAlias=lens["arn"], SharedWith="444455556666")
    return {
        "wa_share_regions": "us-east-1",
        "wa_share_resources": yaml.safe_dump(declared),
        "audit_report_path": str(tmp_path / "report.html"),
    }


def test_differences_fail_the_job_unless_asked_not_to(
    endpoint: Emulator, controller: Controller, tmp_path: Path
) -> None:
    workload = endpoint.create_workload("Payments")
    endpoint.client().create_workload_share(
        WorkloadId=workload["id"], SharedWith="444455556666", PermissionType="READONLY"
    )
    answers = {
        "wa_share_regions": "us-east-1",
        "wa_share_resources": "- workload: Payments",
        "wa_share_shared_with": "111122223333 444455556666",
    }
    difference = f"workload 'Payments' ({workload['id']}), 111122223333: is not shared (READONLY is declared)"

    strict = controller.launch("audit", answers)
    assert strict.status == "failed"
    assert strict.messages == str(["1 difference from what is declared:", difference])
    assert strict.artifacts["wa_audit_drift"] == [difference]
    assert strict.artifacts["wa_audit_counts"]["live"] == 1

    report = tmp_path / "report.html"
    told = controller.launch("audit", {**answers, "audit_fail_on_drift": "false", "audit_report_path": str(report)})
    assert told.status == "successful", told.stdout
    assert difference in told.stdout
    assert told.artifacts == strict.artifacts
    assert "Payments" in report.read_text(encoding="utf-8")

    declared = controller.launch("audit", {**answers, "wa_share_shared_with": '"444455556666"'})
    assert declared.status == "successful"
    assert FINE in declared.stdout
    assert declared.artifacts["wa_audit_drift"] == []

    assert len(endpoint.shares()) == 1


def test_what_nobody_declared_fails_the_job_and_is_named(controller: Controller, answers: dict[str, Any]) -> None:
    job = controller.launch("audit", answers)
    assert job.status == "failed"
    assert [line.partition("(")[0] + "(" for line in job.artifacts["wa_audit_drift"]] == [SANDBOX, STANDARDS]
    for line in job.artifacts["wa_audit_drift"]:
        assert line in job.of("runner_on_failed")[0]["res"]["msg"]
    assert FINE not in job.stdout
    report = Path(answers["audit_report_path"]).read_text(encoding="utf-8")
    assert all(name in report for name in ("Payments", "Sandbox 1", "Standards"))

    ignored = controller.launch("audit", {**answers, "audit_ignore": "Sandbox *\nStandards"})
    assert ignored.status == "successful"
    assert "Left out, since nobody declared them: 2 resources." in ignored.stdout
    assert ignored.artifacts["wa_audit_drift"] == []


@pytest.mark.parametrize(("choice", "told"), [("report", 2), ("ignore", 0)])
def test_what_nobody_declared_may_be_told_or_not(
    controller: Controller, answers: dict[str, Any], choice: str, told: int
) -> None:
    job = controller.launch("audit", {**answers, "audit_undeclared": choice})
    assert job.status == "successful"
    assert job.artifacts["wa_audit_drift"] == []
    assert len(job.artifacts["wa_audit_undeclared"]) == told
    assert all(line in job.stdout for line in job.artifacts["wa_audit_undeclared"])


def test_a_resource_that_cannot_be_listed_fails_the_job_with_a_report_all_the_same(
    endpoint: Emulator, controller: Controller, answers: dict[str, Any]
) -> None:
    endpoint.fault("access_denied", operation="ListLensShares")
    job = controller.launch("audit", {**answers, "audit_fail_on_drift": "false"})
    assert job.status == "failed"
    assert "wellarchitected:ListLensShares" in job.messages
    assert "Sandbox 1" in job.messages
    assert len(job.artifacts["wa_audit_drift"]) == 2
    assert job.artifacts["wa_audit_counts"]["resources"] == 2
    report = Path(answers["audit_report_path"]).read_text(encoding="utf-8")
    assert "Not in this report" in report
    assert "lens Standards" in report
    assert FINE not in job.stdout


def test_credentials_that_fail_are_what_the_job_fails_with(
    endpoint: Emulator, controller: Controller, answers: dict[str, Any]
) -> None:
    endpoint.fault("expired_credentials", operation="List*")
    job = controller.launch("audit", {**answers, "audit_fail_on_drift": "false", "audit_undeclared": "ignore"})
    assert job.status == "failed"
    assert "The credentials are no longer valid" in job.messages
    assert len(job.of("runner_on_failed")) == 1
    assert FINE not in job.stdout
    assert job.artifacts == {}
    assert not Path(answers["audit_report_path"]).exists()


def test_a_limit_that_leaves_nothing_to_audit_is_no_success(controller: Controller, answers: dict[str, Any]) -> None:
    controller.inventory = {"all": {"hosts": ["elsewhere"]}}
    job = controller.launch("audit", answers, "--limit", "elsewhere")
    assert job.status == "failed"
    assert "The limit elsewhere leaves out localhost, where the audit runs: nothing was compared." in job.messages
    assert FINE not in job.stdout


class TestManyPlaces:
    """Accounts and regions in one run, as wa_share_accounts and wa_share_regions say."""

    def test_drift_of_one_place_is_found_and_one_that_cannot_be_read_is_told_in_both(
        self, endpoint: Emulator, controller: Controller, tmp_path: Path
    ) -> None:
        *_others, drifted, refused = owners = [f"{number:04}22223333" for number in range(1, 7)]
        regions = ["us-east-1", "eu-west-1"]
        endpoint.seed(workloads=1, accounts=owners, regions=regions, shares=["444455556666"])
        lens = endpoint.create_lens("Standards", account=drifted, region="eu-west-1")["arn"]
        client = endpoint.client(account=drifted, region="eu-west-1")
        client.create_lens_share(LensAlias=lens, SharedWith="999988887777")
        roles = {owner: f"arn:aws:iam::{owner}:role/WellArchitectedShare" for owner in owners}
        endpoint.settings(refused_roles=[roles[refused]])
        page = tmp_path / "report.html"
        variables = {
            "wa_share_accounts": [
                {"account_id": owner, "role_arn": roles[owner], "name": f"team-{owner[:4]}"} for owner in owners
            ],
            "wa_share_regions": regions,
            "wa_share_resources": [{"workload": "*", "shared_with": ["444455556666"]}],
            "wa_share_report_path": str(page),
            "wa_share_report_json_path": str(tmp_path / "report.json"),
        }

        job = controller.play("audit", variables)

        assert job.status == "failed"
        (difference,) = job.artifacts["wa_audit_drift"]
        assert difference.startswith("lens 'Standards' (")
        assert f"team-{drifted[:4]} ({drifted}) in eu-west-1" in difference
        assert difference in job.messages
        assert "2 of 12 places failed" in job.messages
        assert f"({refused})" in job.messages
        assert "Failed to assume" in job.messages
        assert job.artifacts["wa_audit_counts"]["live"] == 11
        report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
        found = {(row["account_id"], row["region"]) for row in report["resources"]}
        assert found == {(owner, region) for owner in owners[:-1] for region in regions}
        shown = page.read_text(encoding="utf-8")
        assert all(f"team-{owner[:4]}" in shown for owner in owners)
        assert "Not in this report" in shown
        assert "Failed to assume" in shown
