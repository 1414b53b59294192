# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job template that onboards accounts."""

from __future__ import annotations

from tests.emulator.testing import Emulator

from .awx import Controller

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

    assert job.status == "successful"
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
