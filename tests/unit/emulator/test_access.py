# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""With `iam_enforced`, a call needs a key of moto's IAM or STS, and policies that allow it."""

from __future__ import annotations

import json
from typing import Any
from unittest import mock

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import ALLOW_ANYONE, OWNER, Emulator, session
from botocore.config import Config
from botocore.exceptions import ClientError

RECIPIENT = "111122223333"
ACCEPT = f"arn:aws:iam::{RECIPIENT}:role/Accept"


def allow(*actions: str, on: str | list[str] = "*", effect: str = "Allow", **condition: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": list(actions), "Resource": on}
    return {"Version": "2012-10-17", "Statement": [{**statement, **({"Condition": condition} if condition else {})}]}


def trust(principal: str, **condition: Any) -> dict[str, Any]:
    statement = {**ALLOW_ANYONE, "Principal": {"AWS": principal}, **({"Condition": condition} if condition else {})}
    return {"Version": "2012-10-17", "Statement": [statement]}


def client(emulator: Emulator, credentials: dict[str, str], service: str = "wellarchitected") -> Any:
    return session().client(
        service,
        region_name="us-east-1",
        endpoint_url=emulator.url,
        config=Config(retries={"total_max_attempts": 1}),
        **credentials,
    )


def error(call: Any, **parameters: Any) -> tuple[str, str]:
    """The code and message that a call is refused with."""
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("wellarchitected", "list_workloads", "UnrecognizedClientException"),
        ("organizations", "list_roots", "UnrecognizedClientException"),
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
    ],
)
def test_unknown_keys_are_refused_as_the_service_does(
    emulator: Emulator, service: str, operation: str, code: str
) -> None:
    emulator.settings(iam_enforced=True)
    found = error(getattr(emulator.client(service), operation))
    assert found == (code, "The security token included in the request is invalid.")


def test_a_wrong_secret_is_a_wrong_signature(emulator: Emulator) -> None:
    keys = emulator.role(OWNER, "Auditor", allow("wellarchitected:*"))
    emulator.settings(iam_enforced=True)
    wrong = {**keys, "aws_secret_access_key": "wrong"}
    assert error(client(emulator, wrong).list_workloads)[0] == "InvalidSignatureException"
    assert client(emulator, keys).list_workloads()["WorkloadSummaries"] == []


def test_a_denied_call_is_answered_as_aws_does_and_not_done(emulator: Emulator) -> None:
    lens = emulator.create_lens("Platform Standards")["arn"]
    workload = emulator.create_workload("Payments")
    keys = emulator.role(OWNER, "Auditor", allow("wellarchitected:List*"))
    emulator.settings(iam_enforced=True)
    caller = client(emulator, keys)
    user = f"arn:aws:sts::{OWNER}:assumed-role/Auditor/emulator"

    def words(operation: str, resource: str) -> tuple[str, str]:
        action = f"wellarchitected:{operation}"
        return "AccessDeniedException", (
            f"User: {user} is not authorized to perform: {action} on resource: {resource} "
            f"because no identity-based policy allows the {action} action"
        )

    found = error(caller.create_lens_share, LensAlias=lens, SharedWith=RECIPIENT)
    assert found == words("CreateLensShare", lens)
    found = error(
        caller.create_workload_share, WorkloadId=workload["id"], SharedWith=RECIPIENT, PermissionType="READONLY"
    )
    assert found == words("CreateWorkloadShare", workload["arn"])
    assert error(caller.get_global_settings) == words("GetGlobalSettings", "*")
    assert caller.list_lens_shares(LensAlias=lens)["LensShareSummaries"] == []


@pytest.mark.parametrize(
    ("policies", "allowed"),
    [
        ([], False),
        ([allow("wellarchitected:ListWorkloads")], True),
        ([allow("wellarchitected:ListWorkload")], False),
        ([allow("wellarchitected:ListWorkloads", on="arn:aws:wellarchitected:*:*:workload/*")], False),
        ([allow("*"), allow("wellarchitected:ListWorkloads", effect="Deny")], False),
        ([allow("WellArchitected:listworkloads")], True),
        ([allow("wellarchitected:List?orkloads")], True),
        ([allow("wellarchitected:*")], True),
        ([allow("*")], True),
        ([allow("*", StringEquals={"aws:RequestedRegion": "us-east-1"})], True),
        ([allow("*", StringEquals={"aws:RequestedRegion": ["eu-west-1", "us-east-1"]})], True),
        ([allow("*", StringEquals={"aws:RequestedRegion": "eu-west-1"})], False),
        ([allow("*", StringEquals={"aws:ResourceOrgID": "o-abcdefghij"})], False),
        ([allow("*"), allow("*", effect="Deny", StringEquals={"aws:RequestedRegion": "eu-west-1"})], True),
        ([allow("*", StringLike={"aws:PrincipalArn": f"arn:aws:iam::{OWNER}:role/*"})], True),
    ],
)
def test_policies_are_evaluated_as_iam_does(emulator: Emulator, policies: list[dict[str, Any]], allowed: bool) -> None:
    caller = client(emulator, emulator.role(OWNER, "Tested", *policies))
    emulator.settings(iam_enforced=True)
    if allowed:
        caller.list_workloads()
    else:
        assert error(caller.list_workloads)[0] == "AccessDeniedException"


@pytest.mark.parametrize(
    "policy",
    [
        allow("*", StringNotEquals={"aws:RequestedRegion": "us-east-1"}),
        allow("*", StringEquals={"aws:SourceVpc": "vpc-1"}),
        allow("*", StringEquals={"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}),
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}},
    ],
)
def test_a_policy_that_is_not_evaluated_is_a_501(emulator: Emulator, policy: dict[str, Any]) -> None:
    caller = client(emulator, emulator.role(OWNER, "Tested", policy))
    emulator.client("organizations").create_organization(FeatureSet="ALL")
    emulator.settings(iam_enforced=True)
    code, message = error(caller.list_workloads)
    assert code == "NotImplemented"
    assert "not evaluated" in message


def test_users_have_the_policies_of_their_own(emulator: Emulator) -> None:
    iam = emulator.client("iam")
    iam.create_user(UserName="reviewer")
    policy = json.dumps(allow("wellarchitected:ListWorkloads"))
    iam.put_user_policy(UserName="reviewer", PolicyName="mine", PolicyDocument=policy)
    key = iam.create_access_key(UserName="reviewer")["AccessKey"]
    emulator.settings(iam_enforced=True)
    caller = client(
        emulator, {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    )
    caller.list_workloads()
    assert f"User: arn:aws:iam::{OWNER}:user/reviewer is not" in error(caller.list_lenses)[1]


@pytest.mark.parametrize(
    ("policy", "trusts", "allowed"),
    [
        (allow("sts:AssumeRole"), trust(f"arn:aws:iam::{OWNER}:root"), True),
        (allow("sts:AssumeRole"), trust(OWNER), True),
        (allow("sts:AssumeRole"), trust(f"arn:aws:iam::{OWNER}:role/Owner"), True),
        (allow("sts:AssumeRole", on="arn:aws:iam::*:role/Accept"), trust("*"), True),
        (allow("sts:AssumeRole", on="arn:aws:iam::*:role/Other"), trust("*"), False),
        (allow("sts:TagSession"), trust("*"), False),
        (allow("sts:AssumeRole"), trust("arn:aws:iam::444455556666:root"), False),
        (
            allow("sts:AssumeRole"),
            trust(OWNER, ArnEquals={"aws:PrincipalArn": f"arn:aws:iam::{OWNER}:role/Owner"}),
            True,
        ),
        (
            allow("sts:AssumeRole"),
            trust(OWNER, ArnEquals={"aws:PrincipalArn": f"arn:aws:iam::{OWNER}:role/Another"}),
            False,
        ),
        (allow("sts:AssumeRole"), trust(OWNER, StringEquals={"sts:ExternalId": "shared"}), False),
    ],
)
def test_a_role_is_assumed_only_where_both_sides_allow_it(
    emulator: Emulator, policy: dict[str, Any], trusts: dict[str, Any], allowed: bool
) -> None:
    keys = emulator.role(OWNER, "Owner", policy)
    emulator.role(RECIPIENT, "Accept", allow("wellarchitected:ListShareInvitations"), trust=trusts)
    emulator.settings(iam_enforced=True)
    sts = client(emulator, keys, "sts")
    if not allowed:
        user = f"arn:aws:sts::{OWNER}:assumed-role/Owner/emulator"
        assert error(sts.assume_role, RoleArn=ACCEPT, RoleSessionName="onboarding") == (
            "AccessDenied",
            f"User: {user} is not authorized to perform: sts:AssumeRole on resource: {ACCEPT}",
        )
        return
    assumed = sts.assume_role(RoleArn=ACCEPT, RoleSessionName="onboarding")["Credentials"]
    caller = client(
        emulator,
        {
            "aws_access_key_id": assumed["AccessKeyId"],
            "aws_secret_access_key": assumed["SecretAccessKey"],
            "aws_session_token": assumed["SessionToken"],
        },
    )
    assert caller.list_share_invitations()["ShareInvitationSummaries"] == []
    assert error(caller.list_workloads)[0] == "AccessDeniedException"


@pytest.mark.parametrize("theirs", [True, False])
def test_a_role_may_be_limited_to_an_organization(emulator: Emulator, theirs: bool) -> None:
    from moto.organizations import utils

    organizations = emulator.client("organizations")
    organization = organizations.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    with mock.patch.object(utils, "make_random_account_id", return_value=RECIPIENT):
        organizations.create_account(AccountName="Payments", Email="payments@example.com")
    wanted = {"aws:ResourceOrgID": organization if theirs else "o-abcdefghij"}
    keys = emulator.role(OWNER, "Owner", allow("sts:AssumeRole", StringEquals=wanted))
    emulator.role(RECIPIENT, "Accept")
    emulator.settings(iam_enforced=True)
    sts = client(emulator, keys, "sts")
    if theirs:
        assert sts.assume_role(RoleArn=ACCEPT, RoleSessionName="onboarding")["Credentials"]
    else:
        assert error(sts.assume_role, RoleArn=ACCEPT, RoleSessionName="onboarding")[0] == "AccessDenied"


@pytest.mark.parametrize(
    ("name", "allowed"), [("wellarchitected.amazonaws.com", True), ("discovery.wellarchitected.amazonaws.com", False)]
)
def test_enabling_organization_sharing_makes_the_service_linked_role_with_the_callers_permissions(
    emulator: Emulator, name: str, allowed: bool
) -> None:
    emulator.client("organizations").create_organization(FeatureSet="ALL")
    makes = allow("iam:CreateServiceLinkedRole", StringEquals={"iam:AWSServiceName": name})
    only = allow("wellarchitected:*GlobalSettings")
    caller, later = (
        client(emulator, emulator.role(OWNER, role, *policies))
        for role, policies in (("Management", [only, makes]), ("Later", [only]))
    )
    emulator.settings(iam_enforced=True)
    if not allowed:
        code, message = error(caller.update_global_settings, OrganizationSharingStatus="ENABLED")
        assert code == "AccessDeniedException"
        assert "perform: iam:CreateServiceLinkedRole on resource: arn:aws:iam::" in message
        assert caller.get_global_settings()["OrganizationSharingStatus"] == "DISABLED"
        return
    caller.update_global_settings(OrganizationSharingStatus="ENABLED")
    later.update_global_settings(OrganizationSharingStatus="DISABLED")
    later.update_global_settings(OrganizationSharingStatus="ENABLED")  # the role is there
