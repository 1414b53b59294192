# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job template that audits what is shared."""

from __future__ import annotations

from pathlib import Path

from tests.emulator.testing import Emulator

from .awx import Controller


def test_differences_fail_the_job_unless_asked_not_to(
    endpoint: Emulator, controller: Controller, tmp_path: Path
) -> None:
    workload = endpoint.create_workload("Payments")
    endpoint.client().create_workload_share(
        WorkloadId=workload["id"], SharedWith="444455556666", PermissionType="READONLY"
    )
    answers = {
        "wa_share_region": "us-east-1",
        "wa_share_resources": "- workload: Payments",
        "wa_share_shared_with": "111122223333 444455556666",
    }
    difference = f"workload 'Payments' ({workload['id']}), 111122223333: is not shared"

    strict = controller.launch("audit", answers)
    assert strict.status == "failed"
    assert "1 shares differ" in strict.messages or "1 share differs" in strict.messages
    assert difference in strict.messages
    assert strict.artifacts["wa_audit_drift"][0].startswith(difference)

    report = tmp_path / "report.html"
    told = controller.launch("audit", {**answers, "fail_on_drift": "false", "audit_report_path": str(report)})
    assert told.status == "successful"
    assert told.artifacts["wa_audit_drift"] == strict.artifacts["wa_audit_drift"]
    assert "Payments" in report.read_text(encoding="utf-8")

    declared = controller.launch("audit", {**answers, "wa_share_shared_with": '"444455556666"'})
    assert declared.status == "successful"
    assert declared.artifacts["wa_audit_drift"] == []

    assert len(endpoint.shares()) == 1
