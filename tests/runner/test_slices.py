# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sliced jobs: each slice does its own accounts, and together they do what one job does."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.emulator.testing import Emulator

from .awx import Controller, sliced

ACCOUNTS = {f"team-{name}": f"{number:012}" for number, name in enumerate(("data", "pay", "search", "shop", "web"), 1)}
INVENTORY: dict[str, Any] = {
    "accounts": {"hosts": list(ACCOUNTS)},
    "_meta": {
        "hostvars": {
            host: {
                "aws_account_id": account,
                "wa_accept_role_arn": f"arn:aws:iam::{account}:role/WellArchitectedAccept",
                "wa_share_role_arn": f"arn:aws:iam::{account}:role/WellArchitectedShare",
            }
            for host, account in ACCOUNTS.items()
        }
    },
}
ANSWERS = {"wa_share_regions": "us-east-1", "wa_share_resources": "- workload: Payments"}


def roles(endpoint: Emulator) -> Counter[str]:
    """How often a role was assumed, by its account."""
    asked = [call["params"] for call in endpoint.record("sts") if call["operation"] == "AssumeRole"]
    return Counter(params["RoleArn"].split(":")[4] for params in asked)


def test_two_slices_onboard_each_account_once(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    endpoint.credentials("123456789012")
    controller.inventory = INVENTORY
    done: list[str] = []
    for number in (1, 2):
        mine = [ACCOUNTS[host] for host in sliced(INVENTORY, (number, 2))["accounts"]["hosts"]]
        endpoint.clear_record()

        job = controller.launch("onboard", ANSWERS, part=(number, 2))

        assert job.status == "successful", job.messages
        assert sorted(job.artifacts["wa_onboard_access"]) == mine
        assert roles(endpoint) == Counter(mine)
        done += mine
    assert sorted(done) == sorted(ACCOUNTS.values())
    assert {share["shared_with"]: share["status"] for share in endpoint.shares()} == dict.fromkeys(done, "ACCEPTED")


def test_two_slices_collect_from_each_account_once(endpoint: Emulator, controller: Controller) -> None:
    for account in ACCOUNTS.values():
        for region in ("eu-west-1", "us-east-1"):
            endpoint.create_workload("Payments", account=account, region=region)
    endpoint.create_workload("The hub's own")
    endpoint.credentials("123456789012")
    controller.inventory = INVENTORY
    done: list[str] = []
    for number in (1, 2):
        mine = [ACCOUNTS[host] for host in sliced(INVENTORY, (number, 2))["accounts"]["hosts"]]
        endpoint.clear_record()

        job = controller.launch("collect", {"collect_regions": "eu-west-1, us-east-1"}, part=(number, 2))

        assert job.status == "successful", job.messages
        assert job.artifacts["wa_collect_summary"]["created"] == job.artifacts["wa_collect_accepted"] == 2 * len(mine)
        assert job.artifacts["wa_collect_errors"] == []
        assert roles(endpoint) == Counter(mine)
        done += mine
    assert sorted(done) == sorted(ACCOUNTS.values())
    shares = [(share["owner"], share["region"], share["shared_with"], share["status"]) for share in endpoint.shares()]
    assert sorted(shares) == sorted(
        (account, region, "123456789012", "ACCEPTED") for account in done for region in ("eu-west-1", "us-east-1")
    )


def test_accounts_of_the_survey_would_be_in_every_slice(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    controller.inventory = INVENTORY

    job = controller.launch("onboard", {**ANSWERS, "onboard_account_ids": "111122223333 444455556666"}, part=(1, 2))

    assert job.status == "failed"
    assert job.messages.startswith("Every slice of this job would onboard the accounts of the survey")
    assert endpoint.shares() == []
