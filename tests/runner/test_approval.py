# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow in which somebody approves the plan, between the job that makes it and the job that carries it out."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import Emulator

from .awx import Controller, Job

WORKFLOW = "Well-Architected / Share what was approved"
ODD = "Platform {{ 1 + 1 }} {0} %s <b>'\\ 🚀 دفعات"
ANSWERS = {
    "wa_share_regions": "us-east-1",
    "wa_share_resources": json.dumps([{"workload": "*"}, {"lens": ODD}]),
    "wa_share_shared_with": "111122223333\n012345670123",
}


@pytest.fixture(autouse=True)
def scene(endpoint: Emulator) -> None:
    endpoint.create_workload("Payments")
    endpoint.create_lens(ODD)


@pytest.fixture(params=["an artifact", "a file"])
def more(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """How the plan travels, as extra variables."""
    return {"wa_share_plan_path": str(tmp_path / "plan.json")} if request.param == "a file" else {}


def changes(plan: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(change["name"], change["shared_with"], change["action"]) for change in plan}


def test_what_was_approved_is_done(
    endpoint: Emulator, controller: Controller, more: dict[str, Any], tmp_path: Path
) -> None:
    looked: list[Job] = []

    def approves(preview: Job) -> bool:
        assert endpoint.shares() == []
        looked.append(preview)
        return True

    preview, share = controller.launch_workflow(WORKFLOW, ANSWERS, approves, more)

    assert looked == [preview]
    assert (preview.status, share.status) == ("successful", "successful"), share.stdout
    expected = {(name, who, "created") for name in ("Payments", ODD) for who in ("111122223333", "012345670123")}
    if more:
        file = tmp_path / "plan.json"
        assert changes(json.loads(file.read_text(encoding="utf-8"))) == expected
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert "wa_share_plan" not in preview.artifacts
    else:
        assert changes(json.loads(preview.artifacts["wa_share_plan"])) == expected
    assert share.artifacts["wa_share_summary"]["created"] == 4
    assert len(endpoint.shares()) == 4
    # Nothing but the plan itself changes in a preview.
    assert set(preview.changed) - {"Share the resources"} <= {"Write it to the file"}


def test_what_changed_meanwhile_is_refused(endpoint: Emulator, controller: Controller, more: dict[str, Any]) -> None:
    def approves(_preview: Job) -> bool:
        endpoint.create_workload("Search")
        return True

    _preview, share = controller.launch_workflow(WORKFLOW, ANSWERS, approves, more)

    assert share.status == "failed"
    told = "wa_share_approved_plan: this run would make 2 changes that it does not have: created workload 'Search' ("
    assert told in share.messages
    assert endpoint.shares() == []


def test_what_nobody_approves_is_not_done(endpoint: Emulator, controller: Controller) -> None:
    assert len(controller.launch_workflow(WORKFLOW, ANSWERS, lambda _preview: False)) == 1
    assert endpoint.shares() == []


def test_a_preview_that_fails_asks_nobody(endpoint: Emulator, controller: Controller) -> None:
    asked: list[Job] = []
    answers = {**ANSWERS, "wa_share_allowed_principals": "111122223333 444455556666"}
    (preview,) = controller.launch_workflow(WORKFLOW, answers, lambda job: not asked.append(job))
    assert (preview.status, asked) == ("failed", [])
    assert "wa_share_plan" not in preview.artifacts


def test_a_file_that_is_not_the_one_that_was_approved_is_refused(
    endpoint: Emulator, controller: Controller, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    for text in ("[]\n", None):

        def approves(_preview: Job, text: str | None = text) -> bool:
            file.unlink() if text is None else file.write_text(text, encoding="utf-8")
            return True

        jobs = controller.launch_workflow(WORKFLOW, ANSWERS, approves, {"wa_share_plan_path": str(file)})
        assert jobs[-1].status == "failed"
        why = "the plan that was approved" if text else "there"
        assert f"Nothing was changed. {file} is not {why}: run the check again" in jobs[-1].messages
    assert endpoint.shares() == []
