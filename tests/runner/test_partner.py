# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a partner relies on, in each partition, with the policies and roles of docs/iam enforced: the right account, an
approved plan, and dated evidence from a role that only reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import OWNER, Emulator
from tests.examples.policies import HOME_REGIONS, MANAGEMENT, OWNERS, make_organization, policy

from .awx import Controller, Job

ACCOUNTS = {"payments": "111122223333", "search": "444455556666"}
OTHER = "888877776666"
EXTERNAL_ID = "reviews-2026"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": OWNER},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
        }
    ],
}
RESOURCES = [{"workload": "*", "exclude": ["Sandbox *"]}]


@dataclass
class Partner:
    """A controller, and the roles whose credentials its jobs have: of the hub, or of another account."""

    controller: Controller
    partition: str
    roles: dict[str, dict[str, str]]
    """Credentials by the policy that they have."""

    def run(self, role: str, playbook: str, variables: dict[str, Any], *arguments: str) -> Job:
        """Run a playbook of the collection with the credentials of a role, and with variables of the inventory."""
        self.controller.keys = self.roles[role]
        regions = {"wa_share_regions": [HOME_REGIONS[self.partition]]}
        self.controller.inventory["all"] = {"vars": {**regions, **variables}}
        return self.controller.play(playbook, {"awx_job_id": self.controller.job + 1}, *arguments)


def inventory_of(partition: str, accounts: dict[str, str]) -> dict[str, Any]:
    duties = ("share", "accept", "audit")
    hosts = {
        name: {
            "aws_account_id": account,
            **{
                f"wa_{duty}_role_arn": f"arn:{partition}:iam::{account}:role/WellArchitected{duty.title()}"
                for duty in duties
            },
            **{f"wa_{duty}_external_id": EXTERNAL_ID for duty in duties},
        }
        for name, account in accounts.items()
    }
    return {"accounts": {"hosts": list(hosts)}, "_meta": {"hostvars": hosts}}


@pytest.fixture(params=list(HOME_REGIONS))
def partner(request: pytest.FixtureRequest, endpoint: Emulator, controller: Controller) -> Partner:
    """The hub (the owner) of an organization whose accounts have workloads and roles as the StackSet makes them."""
    partition = request.param
    region = HOME_REGIONS[partition]
    organization = make_organization(endpoint, MANAGEMENT, [OWNER, *ACCOUNTS.values()], region)
    hub = None if partition == "aws" else OWNER
    endpoint.create_lens("Platform Standards", account=hub, region=region)
    for duty, name in (("share", "owner"), ("accept", "recipient"), ("audit", "auditor")):
        role = f"WellArchitected{duty.title()}"
        endpoint.make_roles(role, list(ACCOUNTS.values()), policy(name), trust=TRUST, partition=partition)
    for account in ACCOUNTS.values():
        for name in ("Payments", "Sandbox 1"):
            endpoint.create_workload(name, account=account, region=region)
    policies = {"hub": ("hub", "owner"), "auditor": ("auditor",)}
    roles = {
        name: endpoint.role(OWNER, OWNERS[name], *(policy(one, organization) for one in having), partition=partition)
        for name, having in policies.items()
    }
    roles["other"] = endpoint.role(OTHER, OWNERS["hub"], policy("hub", organization), partition=partition)
    endpoint.settings(iam_enforced=True)
    endpoint.clear_record()
    controller.inventory = inventory_of(partition, ACCOUNTS)
    return Partner(controller, partition, roles)


def shares(endpoint: Emulator) -> set[tuple[str, str, str, str]]:
    return {(share["kind"], share["owner"], share["shared_with"], share["status"]) for share in endpoint.shares()}


COLLECT = {"wa_collect_resources": RESOURCES, "wa_collect_permission_type": "CONTRIBUTOR"}
ONBOARD = {"wa_onboard_resources": [{"lens": "Platform Standards"}]}
OFFBOARD = {"wa_offboard_accounts": [ACCOUNTS["search"]], "wa_offboard_calling_account": True}
AUDIT = {
    "wa_audit_resources": RESOURCES,
    "wa_audit_shared_with": [{"principal": OWNER, "permission_type": "CONTRIBUTOR"}],
    "wa_audit_accounts": "{{ groups['accounts'] | map('extract', hostvars) | wellarchitected.sharing.accounts("
    "role_arn='wa_audit_role_arn', external_id='wa_audit_external_id') }}",
}
JOBS = {
    "collect_workloads": COLLECT,
    "onboard_accounts": ONBOARD,
    "offboard_accounts": OFFBOARD,
    "audit": AUDIT,
}


# Issue 24.6: the right account


@pytest.mark.parametrize(
    ("partner", "playbook"),
    [*(("aws", name) for name in JOBS), ("aws-us-gov", "collect_workloads")],
    indirect=["partner"],
)
def test_credentials_of_another_account_are_refused_before_any_call(
    partner: Partner, endpoint: Emulator, playbook: str
) -> None:
    job = partner.run("other", playbook, {**JOBS[playbook], "wa_share_expected_account_id": OWNER})
    assert job.status == "failed"
    assert OWNER in job.messages
    assert OTHER in job.messages
    assert {call["operation"] for call in endpoint.record("")} <= {"GetCallerIdentity", "ListAccountAliases"}


# Issue 24.7 and 24.8: evidence from a role that only reads


def evidence_of(partner: Partner, **variables: Any) -> tuple[Job, dict[str, Any]]:
    """A job of the audit, and its evidence, whose files are those that it names."""
    folder = partner.controller.folder
    path = folder / f"evidence-{partner.controller.job}.json"
    page = folder / "shares.html"
    files = {"wa_audit_evidence_path": str(path), "wa_audit_report_path": str(page)}
    job = partner.run("auditor", "audit", {**AUDIT, **files, **variables})
    assert path.exists(), job.stdout
    evidence = json.loads(path.read_text(encoding="utf-8"))
    for name, digest in evidence["files"].items():
        file = Path(name) if Path(name).is_absolute() else folder / name
        assert hashlib.sha256(file.read_bytes()).hexdigest() == digest
    return job, evidence


def test_three_audits_leave_three_verdicts(partner: Partner, endpoint: Emulator) -> None:
    collected = partner.run("hub", "collect_workloads", COLLECT)
    assert collected.status == "successful", collected.stdout
    endpoint.clear_record()

    clean, first = evidence_of(partner)
    assert clean.status == "successful", clean.stdout
    assert first["verdict"] == "in_desired_state"
    assert {call["operation"] for call in endpoint.record() if not call["operation"].startswith("List")} == set()

    again, second = evidence_of(partner)
    assert again.status == "successful"
    assert int(second["job_id"]) == partner.controller.job
    assert second["checked_at"] > first["checked_at"]
    assert second["declaration_sha256"] == first["declaration_sha256"]

    (share,) = [one for one in endpoint.shares() if one["owner"] == ACCOUNTS["search"]]
    endpoint.force(share["share_id"], "REVOKED")
    drifted, third = evidence_of(partner)
    assert drifted.status == "failed"
    assert third["verdict"] == "drift"
    assert len(drifted.artifacts["wa_audit_drift"]) == 1

    endpoint.settings(refused_roles=[f"arn:{partner.partition}:iam::{ACCOUNTS['payments']}:role/*"])
    unread, fourth = evidence_of(partner)
    assert unread.status == "failed"
    assert fourth["verdict"] == "incomplete"
    assert [place["account_id"] for place in fourth["failed"]] == [ACCOUNTS["payments"]]
    assert ACCOUNTS["payments"] in unread.messages
    caller = f"arn:{partner.partition}:sts::{OWNER}:assumed-role/{OWNERS['auditor']}/"
    for evidence in (first, third, fourth):
        assert evidence["caller"]["account_id"] == OWNER
        assert evidence["caller"]["arn"].startswith(caller)
        assert evidence["versions"].keys() >= {"ansible_core", "botocore"}


# Issue 24.9: approval for every change


Tamper = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def fewer(plan: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return plan[:-1]


def other(plan: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last change is with another account."""
    return [*plan[:-1], {**plan[-1], "shared_with": OTHER}]


COLLECTED = {("workload", account, OWNER, "ACCEPTED") for account in ACCOUNTS.values()}


@pytest.mark.parametrize(
    ("partner", "playbook", "tamper", "expected"),
    [
        ("aws", "collect_workloads", fewer, COLLECTED),
        ("aws-us-gov", "collect_workloads", other, COLLECTED),
        ("aws", "onboard_accounts", other, {("lens", OWNER, account, "ACCEPTED") for account in ACCOUNTS.values()}),
        ("aws", "offboard_accounts", fewer, {("lens", OWNER, ACCOUNTS["payments"], "PENDING")}),
    ],
    indirect=["partner"],
)
def test_a_job_does_what_was_approved_and_nothing_after_the_plan_was_changed(
    partner: Partner, endpoint: Emulator, playbook: str, tamper: Tamper, expected: set[tuple[str, str, str, str]]
) -> None:
    role = f"wa_{playbook.partition('_')[0]}"
    if playbook == "offboard_accounts":
        share_lens(partner, endpoint)
    before = shares(endpoint)
    check = partner.run("hub", playbook, JOBS[playbook], "--check")
    assert check.status == "successful", check.stdout
    plan = json.loads(check.artifacts[f"{role}_plan"])
    assert len(check.artifacts[f"{role}_plan_sha256"]) == 64
    assert shares(endpoint) == before

    refused = partner.run("hub", playbook, {**JOBS[playbook], f"{role}_approved_plan": tamper(plan)})
    assert refused.status == "failed"
    assert "Nothing was changed" in refused.messages
    assert shares(endpoint) == before

    approved = partner.run("hub", playbook, {**JOBS[playbook], f"{role}_approved_plan": plan})
    assert approved.status == "successful", approved.stdout
    assert shares(endpoint) == expected


def share_lens(partner: Partner, endpoint: Emulator) -> None:
    """Both accounts have a lens of the hub, as pending invitations."""
    client = endpoint.client_of(partner.roles["hub"], region=HOME_REGIONS[partner.partition])
    (lens,) = [one["LensArn"] for one in client.list_lenses(LensType="CUSTOM_SELF")["LensSummaries"]]
    for account in ACCOUNTS.values():
        client.create_lens_share(LensAlias=lens, SharedWith=account)
