# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job template that collects the workloads of every account of an inventory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, ClassVar
from unittest import mock

import pytest
from moto.organizations import utils as organizations
from moto.sts.models import sts_backends

from tests.emulator.testing import OWNER, Emulator

from .awx import Controller, Job

HUB = OWNER
REGIONS = ("us-east-1", "eu-west-1")
ANSWERS = {"collect_regions": "us-east-1, eu-west-1"}
ROLE = "WellArchitectedShare"
PRINTED_AT_MOST = 4096


def role_of(account: str) -> str:
    return f"arn:aws:iam::{account}:role/{ROLE}"


def ids(count: int) -> list[str]:
    """IDs of accounts; the first begin with 0."""
    return [f"{number:04}22223333" for number in range(1, count + 1)]


def inventory(accounts: Iterable[str], **more: Any) -> dict[str, Any]:
    """Hosts by account ID, each with its role. ``more``: variables of the group."""
    variables = {f"team-{account[:4]}": {"aws_account_id": account} for account in accounts}
    # Nothing logs in to an account, whatever the inventory says of its hosts.
    of_group = {"wa_share_role_arn": role_of("{{ aws_account_id }}"), "ansible_connection": "ssh", **more}
    return {"accounts": {"hosts": list(variables), "vars": of_group}, "_meta": {"hostvars": variables}}


def host_of(controller: Controller, host: str) -> dict[str, Any]:
    found: dict[str, Any] = controller.inventory["_meta"]["hostvars"][host]
    return found


def final(job: Job) -> str:
    """What the job ends with."""
    told = [event for event in job.of("runner_on_ok") + job.of("runner_on_failed") if event["task"].startswith("Say")]
    return str(told[-1]["res"]["msg"])


def found(endpoint: Emulator) -> Counter[tuple[str, str, str, str]]:
    """Owner, region, principal and status of each share, with how many there are."""
    return Counter(
        (share["owner"], share["region"], share["shared_with"], share["status"]) for share in endpoint.shares()
    )


def collected(accounts: Iterable[str], each: int = 1, regions: Iterable[str] = REGIONS) -> Counter[Any]:
    return Counter({(account, region, HUB, "ACCEPTED"): each for account in accounts for region in regions})


def assumed(endpoint: Emulator) -> Counter[str]:
    """How often a role was assumed, by its account."""
    asked = [call["params"] for call in endpoint.record("sts") if call["operation"] == "AssumeRole"]
    return Counter(params["RoleArn"].split(":")[4] for params in asked)


def given_keys() -> dict[str, list[str]]:
    """What AWS STS gave to whoever assumed a role, by the role's account: keys, secrets and tokens."""
    given: dict[str, list[str]] = {}
    for backends in sts_backends.values():
        for backend in backends.values():
            for role in backend.assumed_roles:
                texts = (role.access_key_id, role.secret_access_key, role.session_token)
                given.setdefault(role.role_arn.split(":")[4], []).extend(texts)
    return given


def test_all_of_twenty_accounts_is_collected_and_again_what_is_new(endpoint: Emulator, controller: Controller) -> None:
    accounts, regions = ids(20), ["eu-west-1"]
    answers = {"collect_regions": regions[0]}
    controller.inventory = inventory([*accounts, HUB])
    endpoint.seed(workloads=2, accounts=[*accounts, HUB], regions=regions)
    endpoint.credentials(HUB)
    endpoint.clear_record()

    done = controller.launch("collect", answers)

    assert done.status == "successful", done.messages
    assert final(done) == "40 created, 40 accepted"
    assert found(endpoint) == collected(accounts, 2, regions)
    assert assumed(endpoint) == Counter(accounts)
    assert done.artifacts["wa_collect_summary"]["created"] == 40
    assert {**done.artifacts, "wa_collect_summary": {}} == {
        "wa_collect_summary": {},
        "wa_collect_accepted": 40,
        "wa_collect_errors": [],
        "wa_collect_failed": {},
    }
    for account in accounts:
        client = endpoint.client(account=account, region=regions[0])
        for workload in client.list_workloads()["WorkloadSummaries"]:
            (share,) = client.list_workload_shares(WorkloadId=workload["WorkloadId"])["WorkloadShareSummaries"]
            assert (share["SharedWith"], share["Status"]) == (HUB, "ACCEPTED")

    endpoint.create_workload("New since", account=accounts[7], region=regions[0])
    checked = controller.launch("collect", answers, "--check", "--diff")

    assert final(checked) == "1 would be created"
    assert re.search(rf"\+[^\n]*{HUB}[^\n]* READONLY new", checked.stdout)
    assert found(endpoint) == collected(accounts, 2, regions)

    endpoint.clear_record()
    again = controller.launch("collect", answers)

    assert final(again) == "1 created, 1 accepted"
    assert again.artifacts["wa_collect_summary"] == checked.artifacts["wa_collect_summary"]
    assert again.artifacts["wa_collect_summary"]["unchanged"] == 40
    assert found(endpoint) == collected(accounts, 2, regions) + collected([accounts[7]], 1, regions)
    # One list of each workload's shares, and another of what was shared: is there an invitation to wait for?
    assert endpoint.calls() == {
        "ListWorkloads": 20,
        "ListWorkloadShares": 42,
        "CreateWorkloadShare": 1,
        "ListShareInvitations": 1,
        "UpdateShareInvitation": 1,
    }


def test_what_is_wrong_with_the_inventory_is_told_before_the_first_call(
    endpoint: Emulator, controller: Controller
) -> None:
    controller.inventory = inventory(ids(4))
    controller.inventory["accounts"]["hosts"].append("again")
    controller.inventory["_meta"]["hostvars"]["again"] = {"aws_account_id": ids(4)[0]}
    host_of(controller, "team-0002")["wa_share_role_arn"] = ""
    host_of(controller, "team-0003")["wa_share_role_arn"] = role_of(ids(4)[3])
    endpoint.credentials(HUB)
    endpoint.clear_record()

    job = controller.launch("collect", ANSWERS)

    assert job.status == "failed"
    assert f"again: aws_account_id, {ids(4)[0]}, is also that of team-0001" in job.messages
    assert "team-0002: wa_share_role_arn is missing" in job.messages
    assert f"team-0003: wa_share_role_arn, {role_of(ids(4)[3])}, is not a role of account {ids(4)[2]}" in job.messages
    assert endpoint.record("") == []
    assert len(job.of("runner_on_failed")) == 1


def test_the_answers_of_the_survey_and_a_limit(endpoint: Emulator, controller: Controller) -> None:
    one, two, *_others = accounts = ids(3)
    controller.inventory = inventory(accounts)
    everywhere = ("us-east-1", "ap-east-1")
    for account in accounts:
        for region in everywhere:
            endpoint.create_workload("Payments", account=account, region=region)
            endpoint.create_workload("Sandbox 1", account=account, region=region)
    endpoint.create_workload("Payments", account=one, region="me-south-1")
    endpoint.settings(disabled_regions={two: ["ap-east-1"], HUB: ["me-south-1"]})
    answers = {
        "collect_regions": "us-east-1, all",
        "collect_resources": "- workload: *\n  exclude: Sandbox *",
        "collect_permission_type": "CONTRIBUTOR",
        "collect_also_with": "- 999988887777\n- arn:aws:iam::012345670123:user/partner",
    }

    job = controller.launch("collect", answers, "--limit", "team-0001,team-0002")

    assert job.status == "successful", job.messages
    assert found(endpoint) == Counter(
        (account, region, principal, status)
        for account, region, hubs in (
            (one, "us-east-1", "ACCEPTED"),
            (one, "ap-east-1", "ACCEPTED"),
            (one, "me-south-1", "PENDING"),
            (two, "us-east-1", "ACCEPTED"),
        )
        for principal, status in (
            (HUB, hubs),
            ("999988887777", "PENDING"),
            ("arn:aws:iam::012345670123:user/partner", "PENDING"),
        )
    )
    assert {share["resource_name"] for share in endpoint.shares()} == {"Payments"}
    assert {share["permission_type"] for share in endpoint.shares()} == {"CONTRIBUTOR"}
    assert final(job) == "12 created, 3 accepted. " + (
        "Not accepted, since the account of the credentials has not enabled the region: me-south-1"
    )
    assert job.artifacts["wa_collect_errors"] == []


def test_what_is_collected_may_be_a_setting_of_the_inventory_and_an_organization_needs_no_invitations(
    endpoint: Emulator, controller: Controller
) -> None:
    (account,) = ids(1)
    management = endpoint.client("organizations", account)
    management.create_organization(FeatureSet="ALL")
    with mock.patch.object(organizations, "make_random_account_id", return_value=HUB):
        management.create_account(AccountName="Hub", Email="hub@example.com")
    endpoint.client(account=account).update_global_settings(OrganizationSharingStatus="ENABLED")
    controller.inventory = inventory(
        [account],
        collect_resources=[{"workload": "*", "exclude": ["Sandbox *"]}],
        collect_also_with=["999988887777"],
        collect_wait_timeout=20,
    )
    for name in ("Payments", "Sandbox 1"):
        endpoint.create_workload(name, account=account)

    job = controller.play("collect_workloads", {"collect_regions": ["us-east-1"]})

    assert job.status == "successful", job.messages
    shared = sorted((share["resource_name"], share["shared_with"], share["status"]) for share in endpoint.shares())
    assert shared == [("Payments", HUB, "ASSOCIATED"), ("Payments", "999988887777", "PENDING")]
    assert final(job) == "2 created"
    assert endpoint.calls("ListShareInvitations") == {"ListShareInvitations": 0}

    endpoint.clear_record()
    again = controller.play("collect_workloads", {"collect_regions": ["us-east-1"]})

    assert final(again) == "There is nothing new"
    assert again.changed == []
    assert endpoint.calls() == {"ListWorkloads": 1, "ListWorkloadShares": 1}


REFUSED, DENIED, NOT_ENABLED, EXPIRED, RENEWED, *FINE = ids(8)


def fail_places(endpoint: Emulator) -> None:
    """Of the eight accounts, the first five fail, each in its own way, but for the last of them."""
    endpoint.settings(
        refused_roles=[role_of(REFUSED)],
        disabled_regions={NOT_ENABLED: ["ap-east-1"]},
        session_calls={RENEWED: 6},
    )
    endpoint.fault("denied_by_scp", account=DENIED, region="ap-east-1")
    endpoint.fault("expired_credentials", account=EXPIRED, region="us-east-1", operation="CreateWorkloadShare", after=1)


class TestPlacesThatFail:
    regions: ClassVar[tuple[str, ...]] = ("us-east-1", "ap-east-1")
    answers: ClassVar[dict[str, str]] = {"collect_regions": "us-east-1 ap-east-1"}

    @pytest.fixture(autouse=True)
    def scene(self, endpoint: Emulator, controller: Controller) -> None:
        controller.inventory = inventory(ids(8))
        endpoint.seed(workloads=2, accounts=ids(8), regions=list(self.regions))
        endpoint.credentials(HUB)

    def test_each_is_a_line_and_all_others_are_done_and_a_second_run_repairs(
        self, endpoint: Emulator, controller: Controller
    ) -> None:
        fail_places(endpoint)

        job = controller.launch("collect", self.answers)

        assert job.status == "failed"
        assert sum(job.stats["failures"].values()) == 1
        lines = job.stdout.splitlines()
        for text in (
            f"team-{REFUSED[:4]} ({REFUSED}) in us-east-1: Failed to assume {role_of(REFUSED)}: AccessDenied",
            f"team-{DENIED[:4]} ({DENIED}) in ap-east-1: ",
            f"team-{NOT_ENABLED[:4]} ({NOT_ENABLED}) in ap-east-1: ",
            f"team-{EXPIRED[:4]} ({EXPIRED}) in us-east-1: Failed to share workload 'seed-00",
        ):
            assert any(text in line for line in lines), (text, job.stdout)
        assert len(job.stdout.encode()) < PRINTED_AT_MOST, job.stdout
        done = found(endpoint)
        assert {key[3] for key in done} == {"ACCEPTED"}
        assert sum(count for key, count in done.items() if key[0] == EXPIRED) == 3
        both = collected([RENEWED, *FINE], 2, self.regions)
        one = collected([DENIED, NOT_ENABLED], 2, ["us-east-1"])
        assert Counter({key: count for key, count in done.items() if key[0] != EXPIRED}) == both + one
        failed = {(place["account_id"], place["region"]) for place in job.artifacts["wa_collect_errors"]}
        assert failed == {
            *((REFUSED, region) for region in self.regions),
            (DENIED, "ap-east-1"),
            (NOT_ENABLED, "ap-east-1"),
        }
        assert {arn.split(":")[4] for arn in job.artifacts["wa_collect_failed"]} == {EXPIRED}
        assert job.artifacts["wa_collect_accepted"] == 23
        assert job.artifacts["wa_collect_summary"]["created"] == 23

        endpoint.settings(refused_roles=[], disabled_regions=[])
        endpoint.clear_faults()
        repaired = controller.launch("collect", self.answers)

        assert repaired.status == "successful", repaired.messages
        assert found(endpoint) == collected(ids(8), 2, self.regions)
        assert final(repaired) == "9 created, 9 accepted"

    def test_no_key_of_an_assumed_role_is_shown_or_kept(self, endpoint: Emulator, controller: Controller) -> None:
        fail_places(endpoint)
        # An error of this collection's own would be told with a traceback.
        endpoint.fault("not_json", account=FINE[0], operation="ListWorkloads")

        job = controller.launch("collect", self.answers, "-vvvv")

        assert job.status == "failed"
        keys = given_keys()
        assert keys.keys() >= {*ids(8)} - {REFUSED}
        kept = controller.kept()
        assert "EXEC " in kept
        for account, texts in keys.items():
            if account != HUB:
                assert [text for text in texts if text in kept] == []


def test_where_the_hub_is_the_only_account_there_is_nothing_to_collect(
    endpoint: Emulator, controller: Controller
) -> None:
    """As in a slice that it is alone in."""
    controller.inventory = inventory([*ids(1), HUB])
    endpoint.seed(workloads=1, accounts=[*ids(1), HUB])

    job = controller.launch("collect", ANSWERS, "--limit", f"team-{HUB[:4]}")

    assert job.status == "successful", job.messages
    assert final(job) == "There is nothing new"
    assert job.artifacts == {
        "wa_collect_summary": {},
        "wa_collect_accepted": 0,
        "wa_collect_errors": [],
        "wa_collect_failed": {},
    }
    assert endpoint.shares() == []
