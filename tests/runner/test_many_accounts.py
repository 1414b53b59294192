# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""60 accounts in every Region, AWS Control Tower's Region deny on half of them, and one whose role is gone.

The job's last message names the one, and its artifacts are small.
"""

from __future__ import annotations

import json

from tests.emulator.testing import Emulator

from .awx import Controller

ACCOUNTS = {f"acct-{number:03}": f"5000000000{number:02}" for number in range(60)}
DENIED = list(ACCOUNTS.values())[:30]
BROKEN = "acct-047"
ALLOWED = ("eu-west-1", "us-east-1")


def test_one_failure_is_not_hidden_by_regions_that_policies_deny(controller: Controller, endpoint: Emulator) -> None:
    endpoint.seed(workloads=1, accounts=list(ACCOUNTS.values()), regions=list(ALLOWED))
    endpoint.make_roles("WellArchitectedShare", list(ACCOUNTS.values()))
    endpoint.fault("denied_by_scp", account=DENIED, region="[!eu]*")
    endpoint.fault("denied_by_scp", account=DENIED, region="eu-[!w]*")
    endpoint.settings(refused_roles=[f"arn:aws:iam::{ACCOUNTS[BROKEN]}:role/*"])
    role = "arn:aws:iam::{}:role/WellArchitectedShare"
    hosts = {
        name: {"aws_account_id": account, "wa_share_role_arn": role.format(account)}
        for name, account in ACCOUNTS.items()
    }
    controller.inventory = {"accounts": {"hosts": list(hosts)}, "_meta": {"hostvars": hosts}}

    job = controller.play("collect_workloads", {"wa_share_regions": ["us-east-1", "all"]})

    assert job.status == "failed"
    head, *errors = job.messages.splitlines()
    assert head.startswith("18 of 1,080 accounts and Regions failed. Shares: 118 created, 118 accepted.")
    assert "A service control policy denies the service in this Region" in head
    assert len(head) < 1500
    (error,) = errors
    assert error.startswith(f"18 accounts and Regions ({BROKEN} ({ACCOUNTS[BROKEN]}) in ")
    assert "sts:AssumeRole" in error
    assert len(json.dumps(job.artifacts)) < 1000
