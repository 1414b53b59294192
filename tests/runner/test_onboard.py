# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job template that onboards accounts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tests.emulator.testing import Emulator

from .awx import Controller, Job

ANSWERS = {"wa_share_regions": "us-east-1", "wa_share_resources": "- workload: Payments"}
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
    assert set(job.of("runner_on_ok")[-1]["res"]["msg"]) == {"team-data", "111122223333", "012345670123"}


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
    assert job.artifacts["wa_onboard_access"] == {}


TWO = {"team-data": "222233334444", "team-search": "333344445555"}


def inventory(roles: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """The two accounts, with a role that is right where ``roles`` has none for the host."""
    variables = {
        name: {
            "aws_account_id": account,
            "wa_accept_role_arn": roles.get(name, f"arn:aws:iam::{account}:role/WellArchitectedAccept"),
            # Nothing logs in to an account, whatever the inventory says of its hosts.
            "ansible_connection": "ssh",
            "ansible_python_interpreter": "/nonexistent",
        }
        for name, account in TWO.items()
    }
    return {"accounts": {"hosts": list(TWO)}, "_meta": {"hostvars": variables}}


def test_a_limit_leaves_the_other_accounts_alone(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    controller.inventory = inventory()

    job = controller.launch("onboard", ANSWERS, "--limit", "localhost,team-search")

    assert job.status == "successful", job.messages
    assert {share["shared_with"]: share["status"] for share in endpoint.shares()} == {"333344445555": "ACCEPTED"}
    assert list(job.artifacts["wa_onboard_access"]) == ["333344445555"]


def test_a_limit_without_localhost_is_enough(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    controller.inventory = inventory()

    job = controller.launch("onboard", ANSWERS, "--limit", "team-data")

    assert job.status == "successful", job.messages
    assert {share["shared_with"]: share["status"] for share in endpoint.shares()} == {"222233334444": "ACCEPTED"}


def test_a_limit_and_purge_would_take_access_away(endpoint: Emulator, controller: Controller) -> None:
    workload = endpoint.create_workload("Payments")["id"]
    endpoint.client().create_workload_share(WorkloadId=workload, SharedWith="222233334444", PermissionType="READONLY")
    controller.inventory = inventory()

    job = controller.launch("onboard", ANSWERS, "-e", "wa_share_purge=yes", "--limit", "team-search")

    assert job.status == "failed"
    assert "The limit leaves out 1 of the 2 hosts of the group accounts" in job.messages
    assert [share["shared_with"] for share in endpoint.shares()] == ["222233334444"]


def test_a_limit_that_leaves_no_account_is_a_failure(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    controller.inventory = {**inventory(), "local": {"hosts": ["localhost"]}}

    job = controller.launch("onboard", ANSWERS, "--limit", "localhost")

    assert job.status == "failed"
    assert job.messages == "Nothing was changed. No host of the group accounts is within the limit"
    assert endpoint.shares() == []


def test_what_is_wrong_with_the_inventory_is_told_before_anything_is_shared(
    endpoint: Emulator, controller: Controller
) -> None:
    endpoint.create_workload("Payments")
    role = "arn:aws:iam::222233334444:role/WellArchitectedAccept"
    controller.inventory = inventory({"team-search": role})
    del controller.inventory["_meta"]["hostvars"]["team-data"]["aws_account_id"]

    job = controller.launch("onboard", ANSWERS)

    assert job.status == "failed"
    assert "team-data: aws_account_id is missing" in job.messages
    assert f"team-search: wa_accept_role_arn, {role}, is not a role of account 333344445555" in job.messages
    assert endpoint.shares() == []


def test_sharing_and_an_account_fail_and_the_job_ends_with_the_failure_of_sharing(
    endpoint: Emulator, controller: Controller
) -> None:
    make_three(endpoint)
    controller.inventory = inventory()
    endpoint.settings(quotas={"template": 1}, refused_roles=["arn:aws:iam::*:role/WellArchitectedAccept"])

    job = controller.launch("onboard", {**ANSWERS, "wa_share_resources": THREE})

    assert job.status == "failed"
    assert "ServiceQuotaExceededException" in final(job)
    assert set(job.artifacts["wa_onboard_errors"]) == set(TWO.values())
    assert all("AccessDenied" in error for error in job.artifacts["wa_onboard_errors"].values())
    assert sorted(map(len, job.artifacts["wa_onboard_access"].values())) == [2, 3]


def test_credentials_that_nobody_knows_are_what_the_job_fails_with(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    controller.inventory = inventory()
    endpoint.fault("error", operation="ListWorkloads", code="InvalidSignatureException", status=403)

    job = controller.launch("onboard", ANSWERS)

    assert job.status == "failed"
    assert "InvalidSignatureException" in final(job)
    assert job.artifacts == {"wa_onboard_access": {}, "wa_onboard_errors": {}}
    assert endpoint.shares() == []


def test_a_number_that_is_none_is_told_before_anything_is_shared(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    controller.inventory = inventory()

    job = controller.launch("onboard", ANSWERS, "-e", "onboard_wait_timeout=30s")

    assert job.status == "failed"
    assert job.messages == "Nothing was changed. onboard_wait_timeout: 30s is not a whole number of seconds"
    assert endpoint.shares() == []


def test_settings_of_one_host_are_not_for_all(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    controller.inventory = inventory()
    controller.inventory["_meta"]["hostvars"]["team-data"]["wa_share_purge"] = True

    job = controller.launch("onboard", {"wa_share_regions": "us-east-1", "wa_share_resources": "- workload: Payments"})

    assert job.status == "failed"
    assert "team-search: wa_share_purge is not as team-data has it" in job.messages
    assert endpoint.shares() == []


def test_a_list_of_the_users_own_is_for_other_playbooks(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    controller.inventory = inventory()

    job = controller.launch("onboard", ANSWERS, "-e", '{"wa_share_shared_with": ["999988887777"]}')

    assert job.status == "successful", job.messages
    assert {share["shared_with"] for share in endpoint.shares()} == set(TWO.values())


def test_the_owner_among_the_accounts_needs_no_share(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    controller.inventory = inventory()
    controller.inventory["accounts"]["hosts"].append("own")
    controller.inventory["_meta"]["hostvars"]["own"] = {"aws_account_id": "123456789012"}

    job = controller.launch("onboard", ANSWERS)

    assert job.status == "successful", job.messages
    assert {share["shared_with"]: share["status"] for share in endpoint.shares()} == dict.fromkeys(
        TWO.values(), "ACCEPTED"
    )
    assert job.artifacts["wa_onboard_access"]["123456789012"] == []


def test_how_long_to_wait_may_be_a_setting_of_the_inventory(endpoint: Emulator, controller: Controller) -> None:
    endpoint.create_workload("Payments")
    controller.inventory = inventory()
    controller.inventory["accounts"]["vars"] = {"onboard_wait_timeout": "a minute"}

    job = controller.launch("onboard", ANSWERS)

    assert job.messages == "Nothing was changed. onboard_wait_timeout: a minute is not a whole number of seconds"
