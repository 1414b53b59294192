# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflows: a preview, an approval, and a run with the approved plan."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator.testing import Emulator

from .awx import PATTERN, Controller, Job, extra_variables

ODD = "Platform {{ 1 + 1 }} {0} %s <b>'\\ 🚀 دفعات"
HUB, DATA, WEB, ELSEWHERE = "123456789012", "222233334444", "012345670123", "999999999999"
INVENTORY: dict[str, Any] = {
    "accounts": {
        "hosts": ["data", "web"],
        "vars": {
            f"wa_{role}_role_arn": f"arn:aws:iam::{{{{ aws_account_id }}}}:role/WellArchitected{role.title()}"
            for role in ("share", "accept")
        },
    },
    "_meta": {"hostvars": {"data": {"aws_account_id": DATA}, "web": {"aws_account_id": WEB}}},
}
SHARE = {
    "survey_regions": "us-east-1",
    "survey_resources": json.dumps([{"workload": "*"}, {"lens": ODD}], ensure_ascii=False),
    "survey_shared_with": f"{DATA}\n{WEB}",
}


@pytest.fixture(autouse=True)
def scene(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    endpoint.create_lens(ODD)
    controller.inventory = INVENTORY
    controller.variables = {"wa_share_expected_account_id": HUB}


def approve(_preview: Job) -> bool:
    return True


def shared(endpoint: Emulator) -> set[tuple[str, str, str]]:
    return {(share["owner"], share["resource_name"], share["shared_with"]) for share in endpoint.shares()}


def test_the_approved_changes_are_made(endpoint: Emulator, controller: Controller) -> None:
    def approves(preview: Job) -> bool:
        assert preview.status == "successful", preview.messages
        assert endpoint.shares() == []
        assert ODD in preview.stdout
        plan = json.loads(preview.artifacts["wa_share_plan"])
        assert {(change["name"], change["shared_with"], change["action"]) for change in plan} == {
            (name, account, "created") for name in ("Payments", ODD) for account in (DATA, WEB)
        }
        assert len(preview.artifacts["wa_share_plan_sha256"]) == 64
        return True

    preview, run = controller.launch_workflow("Share resources after approval", SHARE, approves)

    assert run.status == "successful", run.messages
    assert preview.artifacts["wa_share_summary"]["created"] == run.artifacts["wa_share_summary"]["created"] == 4
    assert shared(endpoint) == {(HUB, name, account) for name in ("Payments", ODD) for account in (DATA, WEB)}


def test_a_change_that_is_not_in_the_plan_is_refused(endpoint: Emulator, controller: Controller) -> None:
    def creates_a_workload(_preview: Job) -> bool:
        endpoint.create_workload("Search")
        return True

    _preview, run = controller.launch_workflow("Share resources after approval", SHARE, creates_a_workload)
    assert run.status == "failed"
    assert "Search" in run.messages

    def shortens_the_plan(preview: Job) -> bool:
        preview.artifacts["wa_share_plan"] = json.dumps(json.loads(preview.artifacts["wa_share_plan"])[1:])
        return True

    _preview, run = controller.launch_workflow("Share resources after approval", SHARE, shortens_the_plan)
    assert run.status == "failed"
    assert endpoint.shares() == []


def test_a_rejected_or_failed_preview_changes_nothing(endpoint: Emulator, controller: Controller) -> None:
    assert len(controller.launch_workflow("Share resources after approval", SHARE, lambda _preview: False)) == 1
    controller.variables |= {"wa_share_allowed_principals": [DATA]}
    (preview,) = controller.launch_workflow("Share resources after approval", SHARE, approve)
    assert preview.status == "failed"
    assert WEB in preview.messages
    assert endpoint.shares() == []


def test_accounts_are_onboarded_collected_and_offboarded_after_approval(
    endpoint: Emulator, controller: Controller
) -> None:
    for account in (DATA, WEB):
        endpoint.create_workload("Search", account=account)

    answers = {"survey_regions": "us-east-1", "survey_resources": "- workload: Payments"}
    preview, run = controller.launch_workflow("Onboard accounts after approval", answers, approve)
    assert run.status == "successful", run.messages
    assert len(json.loads(preview.artifacts["wa_onboard_plan"])) == 2
    onboarded = {(HUB, "Payments", account) for account in (DATA, WEB)}
    assert shared(endpoint) == onboarded

    preview, run = controller.launch_workflow(
        "Collect workloads after approval", {"survey_regions": "us-east-1"}, approve
    )
    assert run.status == "successful", run.messages
    assert len(json.loads(preview.artifacts["wa_collect_plan"])) == 2
    assert shared(endpoint) == onboarded | {(account, "Search", HUB) for account in (DATA, WEB)}
    assert {share["status"] for share in endpoint.shares()} == {"ACCEPTED"}

    # The owners are the accounts of the inventory, so what the hub itself shares remains.
    collected = {"survey_regions": "us-east-1", "survey_accounts": HUB}
    preview, run = controller.launch_workflow("Offboard accounts after approval", collected, approve)
    assert run.status == "successful", run.messages
    assert len(json.loads(preview.artifacts["wa_offboard_plan"])) == 2
    assert shared(endpoint) == onboarded


@pytest.mark.parametrize("kind", ["share", "onboard", "collect", "offboard"])
def test_without_a_plan_the_run_fails(endpoint: Emulator, controller: Controller, kind: str) -> None:
    endpoint.clear_record()
    missing: list[dict[str, Any]] = [{}, {f"wa_{kind}_plan": None}, {f"wa_{kind}_plan": ""}]
    for plan in missing if kind == "share" else missing[:1]:
        playbook = PATTERN / "playbooks" / f"{kind}_approved.yml"
        job = controller.run_file(playbook, extra_variables({**SHARE, **plan}, {}))
        assert job.status == "failed"
        assert "The approved plan is missing." in job.messages
    assert endpoint.record() == []


def test_other_credentials_are_refused_before_any_other_call(endpoint: Emulator, controller: Controller) -> None:
    controller.keys = endpoint.credentials(ELSEWHERE)
    endpoint.clear_record()
    job = controller.launch("Share resources", SHARE)
    assert job.status == "failed"
    assert HUB in job.messages
    assert ELSEWHERE in job.messages
    assert {call["operation"] for call in endpoint.record("")} <= {"AssumeRole", "GetCallerIdentity"}
