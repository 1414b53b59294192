# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job templates that events launch. `make events` runs the rulebooks."""

from __future__ import annotations

from tests.emulator.testing import OWNER, Emulator

from .awx import Controller
from .test_approval import DATA, ELSEWHERE, INVENTORY, WEB


def test_only_the_accounts_and_regions_of_the_events_are_collected(endpoint: Emulator, controller: Controller) -> None:
    for account in (DATA, WEB, ELSEWHERE):
        for region in ("eu-west-1", "us-east-1"):
            endpoint.create_workload("Payments", account=account, region=region)
    controller.inventory = INVENTORY
    accounts = [{"account_id": account, "region": "eu-west-1"} for account in (WEB, ELSEWHERE)]

    job = controller.launch("Collect new workloads", {"survey_created": f"--- {accounts}"})

    assert job.status == "successful", job.messages
    assert [
        (share["owner"], share["region"], share["shared_with"], share["status"]) for share in endpoint.shares()
    ] == [(WEB, "eu-west-1", OWNER, "ACCEPTED")]
    assert ELSEWHERE in job.stdout


def test_an_account_that_joined_is_onboarded_and_a_missing_one_is_reported(
    endpoint: Emulator, controller: Controller
) -> None:
    endpoint.create_template("Central")
    declared = {"wa_share_resources": [{"template": "Central"}], "wa_share_regions": ["us-east-1"]}
    controller.inventory = {**INVENTORY, "all": {"vars": declared}}

    job = controller.launch("Onboard new accounts", {"survey_joined": f"--- ['{WEB}', '{ELSEWHERE}']"})

    assert job.status == "failed"
    assert [(share["shared_with"], share["status"]) for share in endpoint.shares()] == [(WEB, "ACCEPTED")], job.messages
    assert ELSEWHERE in job.messages
