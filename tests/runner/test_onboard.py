# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job template that onboards accounts."""

from __future__ import annotations

import json

from tests.emulator.testing import Emulator

from .awx import Controller, Job

ANSWERS = {"wa_share_region": "us-east-1", "wa_share_resources": "- workload: Payments"}
INVENTORY = {
    "accounts": {"hosts": ["team-data"]},
    "_meta": {
        "hostvars": {
            "team-data": {
                "aws_account_id": "222233334444",
                "wa_accept_role_arn": "arn:aws:iam::222233334444:role/WellArchitectedAccept",
            }
        }
    },
}


def test_accounts_of_the_inventory_and_of_the_survey_get_and_accept(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    controller.inventory = INVENTORY

    job = controller.launch("onboard", {**ANSWERS, "onboard_account_ids": "111122223333 012345670123"})

    assert job.status == "successful", job.messages
    access = ["workload Payments READONLY ACCEPTED"]
    assert job.artifacts == {
        "wa_onboard_access": {"222233334444": access, "111122223333": access, "012345670123": access},
        "wa_onboard_errors": {},
    }
    assert {share["status"] for share in endpoint.shares()} == {"ACCEPTED"}
    assert set(job.stats["changed"]) == {"localhost", "team-data", "111122223333", "012345670123"}


def test_what_is_no_account_id_is_told_before_anything_is_shared(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")

    job = controller.launch("onboard", {**ANSWERS, "onboard_account_ids": "111122223333, team-data"})

    assert job.status == "failed"
    assert job.messages == "These are not account IDs of 12 digits: team-data."
    assert endpoint.shares() == []


def test_an_account_that_cannot_be_entered_is_told_and_the_others_are_done(
    endpoint: Emulator, controller: Controller
) -> None:
    endpoint.create_workload("Payments")
    endpoint.credentials("123456789012")
    endpoint.fault("error", service="sts", operation="AssumeRole", code="AccessDenied", status=403, times=1)

    job = controller.launch("onboard", {**ANSWERS, "onboard_account_ids": "111122223333 444455556666"})

    assert job.status == "failed"
    assert sum(job.stats["failures"].values()) == 1
    assert len(job.artifacts["wa_onboard_errors"]) == 1
    assert sorted(share["status"] for share in endpoint.shares()) == ["ACCEPTED", "PENDING"]


ODD = "Platform {{ 1 + 1 }} {0} %s <b>'\\ 🚀 دفعات"
THREE = json.dumps([{"workload": "Payments"}, {"lens": ODD}, {"template": "Central"}])


def final(job: Job) -> str:
    """The failure that the job ends with."""
    return job.of("runner_on_failed")[-1]["res"]["msg"]


def make_three(endpoint: Emulator) -> None:
    endpoint.create_workload("Payments")
    endpoint.create_lens(ODD)
    endpoint.create_template("Central")


def test_invitations_that_show_late_are_waited_for_and_nothing_else_is_accepted(
    endpoint: Emulator, controller: Controller
) -> None:
    make_three(endpoint)
    foreign = endpoint.create_profile("Foreign")["arn"]
    endpoint.client().create_profile_share(ProfileArn=foreign, SharedWith="111122223333")
    endpoint.settings(invitations_visible_after={"lens": 4, "template": 4})

    job = controller.launch(
        "onboard",
        {**ANSWERS, "wa_share_resources": THREE, "onboard_account_ids": "111122223333 444455556666"},
    )

    assert job.status == "successful", job.messages
    statuses = {(share["kind"], share["shared_with"]): share["status"] for share in endpoint.shares()}
    assert statuses.pop(("profile", "111122223333")) == "PENDING"
    assert len(statuses) == 6
    assert set(statuses.values()) == {"ACCEPTED"}
    access = job.artifacts["wa_onboard_access"]["444455556666"]
    assert access[1] == f"lens {ODD} ACCEPTED"


def test_a_full_quota_of_one_resource_keeps_nobody_from_accepting_and_is_what_the_job_fails_with(
    endpoint: Emulator, controller: Controller
) -> None:
    make_three(endpoint)
    endpoint.settings(quotas={"template": 1})

    job = controller.launch(
        "onboard",
        {**ANSWERS, "wa_share_resources": THREE, "onboard_account_ids": "111122223333 444455556666"},
    )

    assert job.status == "failed"
    assert "ServiceQuotaExceededException" in final(job)
    assert "review template 'Central'" in final(job)
    assert sorted(share["status"] for share in endpoint.shares()) == ["ACCEPTED"] * 5
    assert sorted(map(len, job.artifacts["wa_onboard_access"].values())) == [2, 3]
    assert job.artifacts["wa_onboard_errors"] == {}


def test_a_name_that_means_nothing_is_what_the_job_fails_with(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")

    job = controller.launch(
        "onboard", {**ANSWERS, "wa_share_resources": "- workload: Paymnets", "onboard_account_ids": "111122223333"}
    )

    assert job.status == "failed"
    assert "did you mean 'Payments'?" in final(job)
    assert job.artifacts["wa_onboard_access"] == {"111122223333": []}
