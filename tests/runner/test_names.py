# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that nobody expects, through the roles, the playbooks and the report: they arrive as they were given."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.emulator.testing import Emulator
from tests.unit.plugins.modules.names import NAMES

from .awx import Controller


def test_odd_names_arrive_in_artifacts_messages_and_reports(
    endpoint: Emulator, controller: Controller, tmp_path: Path
) -> None:
    for name in NAMES:
        endpoint.create_workload(name)
        endpoint.create_lens(name)

    onboarded = controller.launch(
        "onboard",
        {
            "wa_share_regions": "us-east-1",
            "wa_share_resources": json.dumps([{"workload": name} for name in NAMES] + [{"lens": "*"}]),
            "onboard_account_ids": "111122223333",
        },
    )
    assert onboarded.status == "successful", onboarded.messages
    assert {share["status"] for share in endpoint.shares()} == {"ACCEPTED"}
    assert set(onboarded.artifacts["wa_onboard_access"]["111122223333"]) == {
        *(f"workload {name} READONLY ACCEPTED" for name in NAMES),
        *(f"lens {name} ACCEPTED" for name in NAMES),
    }

    report = tmp_path / "report.html"
    audited = controller.launch(
        "audit",
        {
            "wa_share_regions": "us-east-1",
            "wa_share_resources": json.dumps([{"workload": name} for name in NAMES]),
            "wa_share_shared_with": "444455556666",
            "audit_report_path": str(report),
        },
        "--diff",
    )
    assert audited.status == "failed"
    drift = audited.artifacts["wa_audit_drift"]
    for name in NAMES:
        assert [line for line in drift if line.startswith(f"workload {name!r} (") and "is not shared" in line], name
    told = audited.of("runner_on_failed")[0]["res"]["msg"][1:-1]
    assert len(told) >= 8  # As many as fit: how long each is depends on the names.
    assert set(told) <= set(drift)
    page = report.read_text(encoding="utf-8")
    assert "<script>alert(1)</script>" not in page
    assert "49" not in re.sub(r"[0-9a-f]{32}|\d{12}", "", "".join(drift))  # An ID may have it by chance.
