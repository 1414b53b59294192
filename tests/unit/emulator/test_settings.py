# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every setting, both ways."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator
from botocore.exceptions import ClientError

from .scenes import (
    KINDS,
    OTHER,
    RECIPIENT,
    Kind,
    create,
    delete,
    enable_organization_sharing,
    every_kind,
    refused,
    share,
    shares,
    statuses,
)

WORKLOAD, LENS = KINDS["workload"], KINDS["lens"]
DEAD = ("REJECTED", "EXPIRED", "REVOKED", "FAILED")
ORGANIZATION_ARN = "arn:aws:organizations::123456789012:organization/o-abcdefghij"
OU_ARN = "arn:aws:organizations::123456789012:ou/o-abcdefghij/ou-ab12-cdefghij"


@pytest.mark.parametrize(
    ("form", "given", "listed"),
    [
        ("given", "o-abcdefghij", "o-abcdefghij"),
        ("given", ORGANIZATION_ARN, ORGANIZATION_ARN),
        ("id", ORGANIZATION_ARN, "o-abcdefghij"),
        ("id", OU_ARN, "ou-ab12-cdefghij"),
        ("arn", "o-abcdefghij", ORGANIZATION_ARN),
        ("arn", OU_ARN, OU_ARN),
        ("id", f"arn:aws:iam::{RECIPIENT}:root", f"arn:aws:iam::{RECIPIENT}:root"),
    ],
)
def test_list_organization_as(emulator: Emulator, form: str, given: str, listed: str) -> None:
    enable_organization_sharing(emulator)
    emulator.settings(list_organization_as=form)
    resource = create(emulator, LENS)
    share(emulator.client(), LENS, resource, given)
    assert [one["SharedWith"] for one in shares(emulator.client(), LENS, resource)] == [listed]


def test_list_organization_as_arn_knows_the_owners_organization(emulator: Emulator) -> None:
    organization = emulator.client("organizations").create_organization(FeatureSet="ALL")["Organization"]
    enable_organization_sharing(emulator)
    emulator.settings(list_organization_as="arn")
    resource = create(emulator, LENS)
    share(emulator.client(), LENS, resource, "ou-ab12-cdefghij")
    (listed,) = shares(emulator.client(), LENS, resource)
    assert listed["SharedWith"] == f"{organization['Arn'].replace(':organization/', ':ou/')}/ou-ab12-cdefghij"


@every_kind
def test_create_conflicts_on_inactive(emulator: Emulator, kind: Kind) -> None:
    owner = emulator.client()
    for dead in DEAD:
        emulator.settings(create_conflicts_on_inactive=True)
        resource = create(emulator, kind, f"a {dead} share's")
        emulator.force(share(owner, kind, resource), dead)
        with refused(owner, "ConflictException"):
            share(owner, kind, resource)
        emulator.settings(create_conflicts_on_inactive=False)
        share(owner, kind, resource)
        assert statuses(owner, kind, resource) == [dead, "PENDING"]


def test_update_fails_on_inactive(emulator: Emulator) -> None:
    owner = emulator.client()
    workload = create(emulator, WORKLOAD)
    update = {"WorkloadId": workload, "ShareId": share(owner, WORKLOAD, workload), "PermissionType": "CONTRIBUTOR"}
    for dead in DEAD:
        emulator.force(update["ShareId"], dead)
        emulator.settings(update_fails_on_inactive=True)
        with refused(owner, "ConflictException"):
            owner.update_workload_share(**update)
        emulator.settings(update_fails_on_inactive=False)
        assert owner.update_workload_share(**update)["WorkloadShare"]["Status"] == dead


@pytest.mark.parametrize("conflicts", [True, False])
def test_delete_conflicts_while_associating(emulator: Emulator, conflicts: bool) -> None:
    enable_organization_sharing(emulator)
    emulator.settings(delete_conflicts_while_associating=conflicts, associating_lists=1)
    owner = emulator.client()
    resource = create(emulator, LENS)
    share_id = share(owner, LENS, resource, "o-abcdefghij")
    if conflicts:
        with refused(owner, "ConflictException"):
            delete(owner, LENS, resource, share_id)
        assert [statuses(owner, LENS, resource) for _time in range(2)] == [["ASSOCIATING"], ["ASSOCIATED"]]
    delete(owner, LENS, resource, share_id)
    assert statuses(owner, LENS, resource) == []


def test_shares_visible_after(emulator: Emulator) -> None:
    emulator.settings(shares_visible_after=30)
    owner = emulator.client()
    resource = create(emulator, LENS)
    share(owner, LENS, resource)
    assert statuses(owner, LENS, resource) == []
    with refused(owner, "ConflictException"):
        share(owner, LENS, resource)
    emulator.advance(31)
    assert statuses(owner, LENS, resource) == ["PENDING"]


def test_shares_visible_after_lists(emulator: Emulator) -> None:
    emulator.settings(shares_visible_after_lists=2)
    owner = emulator.client()
    resource = create(emulator, LENS)
    share(owner, LENS, resource)
    assert [len(statuses(owner, LENS, resource)) for _time in range(4)] == [0, 0, 1, 1]


@every_kind
@pytest.mark.parametrize("same", [True, False])
def test_share_id_is_invitation_id(emulator: Emulator, kind: Kind, same: bool) -> None:
    emulator.settings(share_id_is_invitation_id=same)
    resource = create(emulator, kind)
    share_id = share(emulator.client(), kind, resource)
    recipient = emulator.client(account=RECIPIENT)
    (invitation,) = recipient.list_share_invitations()["ShareInvitationSummaries"]
    assert (invitation["ShareInvitationId"] == share_id) is (same or kind is WORKLOAD)
    recipient.update_share_invitation(ShareInvitationId=invitation["ShareInvitationId"], ShareInvitationAction="ACCEPT")
    assert statuses(emulator.client(), kind, resource) == ["ACCEPTED"]


@pytest.mark.parametrize("fails", [True, False])
def test_own_account_fails(emulator: Emulator, fails: bool) -> None:
    emulator.settings(own_account_fails=fails)
    owner = emulator.client()
    resource = create(emulator, LENS)
    if fails:
        with refused(owner, "ValidationException"):
            share(owner, LENS, resource, "arn:aws:iam::123456789012:root")
    else:
        share(owner, LENS, resource, "123456789012")
    for colleague in ("user/colleague", "role/colleague"):
        with refused(owner, "ValidationException") as caught:
            share(owner, LENS, resource, f"arn:aws:iam::123456789012:{colleague}")
        message = caught.value.response["Error"]["Message"]
        assert message == "[Validation] The shared with user cannot belong to the sharer's account."


@pytest.mark.parametrize(
    ("lists", "seen"),
    [
        (0, ["ASSOCIATED", "ASSOCIATED"]),
        (1, ["ASSOCIATING", "ASSOCIATED"]),
        (-1, ["ASSOCIATING", "ASSOCIATING"]),
    ],
)
def test_associating_lists(emulator: Emulator, lists: int, seen: list[str]) -> None:
    enable_organization_sharing(emulator)
    emulator.settings(associating_lists=lists)
    resource = create(emulator, LENS)
    share(emulator.client(), LENS, resource, "o-abcdefghij")
    assert [statuses(emulator.client(), LENS, resource)[0] for _time in range(2)] == seen


def test_association_fails(emulator: Emulator) -> None:
    enable_organization_sharing(emulator)
    emulator.settings(association_fails="The organization was not found.")
    resource = create(emulator, LENS)
    share(emulator.client(), LENS, resource, "o-abcdefghij")
    (listed,) = shares(emulator.client(), LENS, resource)
    assert (listed["Status"], listed["StatusMessage"]) == ("FAILED", "The organization was not found.")


def test_invitation_ttl_seconds(emulator: Emulator) -> None:
    emulator.settings(invitation_ttl_seconds=60)
    resource = create(emulator, LENS)
    share(emulator.client(), LENS, resource)
    emulator.advance(61)
    assert statuses(emulator.client(), LENS, resource) == ["EXPIRED"]


@every_kind
def test_quotas(emulator: Emulator, kind: Kind) -> None:
    enable_organization_sharing(emulator)
    emulator.settings(quotas={kind.name: 2})
    owner = emulator.client()
    resource = create(emulator, kind)
    share(owner, kind, resource, RECIPIENT)
    second = share(owner, kind, resource, f"arn:aws:iam::{RECIPIENT}:user/someone")
    with refused(owner, "ServiceQuotaExceededException") as caught:
        share(owner, kind, resource, OTHER)
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 402
    assert (answer["ResourceId"], answer["ServiceCode"]) == (resource, "wellarchitected")
    assert answer["QuotaCode"]
    share(owner, kind, resource, "o-abcdefghij")
    emulator.force(second, "REJECTED")
    share(owner, kind, resource, OTHER)


def test_quotas_are_those_of_the_general_reference(emulator: Emulator) -> None:
    assert emulator.settings()["quotas"] == {"workload": 20, "lens": 300, "template": 20, "profile": None}


@pytest.mark.parametrize("count", [True, False])
def test_organization_shares_count(emulator: Emulator, count: bool) -> None:
    enable_organization_sharing(emulator)
    emulator.settings(quotas={"lens": 2}, organization_shares_count=count)
    owner, resource = emulator.client(), create(emulator, LENS)
    share(owner, LENS, resource, "o-abcdefghij")
    share(owner, LENS, resource, RECIPIENT)
    for principal in ("ou-ab12-cdefghij", OTHER):
        if count:
            with refused(owner, "ServiceQuotaExceededException"):
                share(owner, LENS, resource, principal)
        else:
            share(owner, LENS, resource, principal)


@pytest.mark.parametrize("count", [True, False])
def test_inactive_shares_count(emulator: Emulator, count: bool) -> None:
    emulator.settings(quotas={"lens": 1}, inactive_shares_count=count)
    owner, resource = emulator.client(), create(emulator, LENS)
    dead = share(owner, LENS, resource, RECIPIENT)
    emulator.force(dead, "REJECTED")
    if count:
        with refused(owner, "ServiceQuotaExceededException"):
            share(owner, LENS, resource, OTHER)
        delete(owner, LENS, resource, dead)
    share(owner, LENS, resource, OTHER)


@pytest.mark.parametrize("regional", [True, False])
def test_organization_sharing_is_regional(emulator: Emulator, regional: bool) -> None:
    emulator.settings(organization_sharing_is_regional=regional)
    emulator.client(region="eu-west-1").update_global_settings(OrganizationSharingStatus="ENABLED")
    found = {
        region: emulator.client(region=region).get_global_settings()["OrganizationSharingStatus"]
        for region in ("eu-west-1", "us-east-1", "us-west-2")
    }
    elsewhere = "DISABLED" if regional else "ENABLED"
    assert found == {"eu-west-1": "ENABLED", "us-east-1": elsewhere, "us-west-2": elsewhere}


@every_kind
def test_invitations_visible_after(emulator: Emulator, kind: Kind) -> None:
    emulator.settings(invitations_visible_after={kind.name: 30})
    share(emulator.client(), kind, create(emulator, kind))
    prompt = next(one for one in KINDS.values() if one is not kind)
    share(emulator.client(), prompt, create(emulator, prompt))
    recipient = emulator.client(account=RECIPIENT)

    def listed() -> list[str]:
        return [one["ShareResourceType"] for one in recipient.list_share_invitations()["ShareInvitationSummaries"]]

    assert listed() == [prompt.resource_type]
    emulator.advance(31)
    assert listed() == [kind.resource_type, prompt.resource_type]


@every_kind
def test_conflicts_after_delete(emulator: Emulator, kind: Kind) -> None:
    emulator.settings(conflicts_after_delete=60)
    owner, resource, another = emulator.client(), create(emulator, kind, "one"), create(emulator, kind, "two")
    delete(owner, kind, resource, share(owner, kind, resource))
    assert statuses(owner, kind, resource) == []
    with refused(owner, "ConflictException"):
        share(owner, kind, resource, f"arn:aws:iam::{RECIPIENT}:root")
    share(owner, kind, resource, OTHER)
    share(owner, kind, another)
    emulator.advance(61)
    share(owner, kind, resource)


@pytest.mark.parametrize(
    ("limits", "sizes"),
    [
        ({}, {"ListLensShares": 10, "ListProfileShares": 50, "ListLenses": 50}),
        ({"*": 7}, {"ListLensShares": 10, "ListProfileShares": 7, "ListLenses": 7}),
        ({"*": 7, "ListLensShares": 50}, {"ListLensShares": 50, "ListProfileShares": 7, "ListLenses": 7}),
        ({"ListProfileShares": 3}, {"ListLensShares": 10, "ListProfileShares": 3, "ListLenses": 50}),
    ],
)
def test_max_results(emulator: Emulator, limits: dict[str, int], sizes: dict[str, int]) -> None:
    emulator.settings(max_results=limits)
    owner, principals = emulator.client(), [f"{200000000000 + number}" for number in range(51)]
    emulator.seed(lenses=1, profiles=1, shares=principals)
    emulator.seed(lenses=50, prefix="more-")
    lens = owner.list_lenses(LensType="CUSTOM_SELF")["LensSummaries"][0]["LensArn"]
    profile = owner.list_profiles()["ProfileSummaries"][0]["ProfileArn"]
    lists = {
        "ListLensShares": (owner.list_lens_shares, {"LensAlias": lens}, "LensShareSummaries"),
        "ListProfileShares": (owner.list_profile_shares, {"ProfileArn": profile}, "ProfileShareSummaries"),
        "ListLenses": (owner.list_lenses, {}, "LensSummaries"),
    }
    for operation, size in sizes.items():
        call, parameters, member = lists[operation]
        assert len(call(**parameters)[member]) == len(call(**parameters, MaxResults=size)[member]) == size
        with refused(owner, "ValidationException") as caught:
            call(**parameters, MaxResults=size + 1)
        assert f"[Validation] MaxResults must be between 1 and {size}." in caught.value.response["Error"]["Message"]


def test_disabled_regions(emulator: Emulator) -> None:
    for disabled, of_owner in ((["ap-east-1"], True), ({RECIPIENT: ["ap-east-1"]}, False)):
        emulator.settings(disabled_regions=disabled)
        for account, refuses in ((None, of_owner), (RECIPIENT, True)):
            client = emulator.client(account=account, region="ap-east-1")
            if refuses:
                with pytest.raises(ClientError) as caught:
                    client.list_workloads()
                answer = caught.value.response
                assert answer["ResponseMetadata"]["HTTPStatusCode"] == 403
                assert answer["Error"]["Code"] == "UnrecognizedClientException"
                assert answer["Error"]["Message"] == "The security token included in the request is invalid."
            else:
                client.list_workloads()
            emulator.client(account=account, region="eu-west-1").list_workloads()
            emulator.client("sts", account=account, region="ap-east-1").get_caller_identity()


def test_refused_roles(emulator: Emulator) -> None:
    emulator.settings(refused_roles=[f"arn:aws:iam::{RECIPIENT}:role/*"])
    sts = emulator.client("sts")
    with pytest.raises(ClientError) as caught:
        sts.assume_role(RoleArn=f"arn:aws:iam::{RECIPIENT}:role/path/sharing", RoleSessionName="a-session")
    answer = caught.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("AccessDenied", 403)
    assert "sts:AssumeRole" in answer["Error"]["Message"]
    sts.assume_role(RoleArn=f"arn:aws:iam::{OTHER}:role/path/sharing", RoleSessionName="a-session")


def test_latency_ms(emulator: Emulator) -> None:
    owner = emulator.client()
    owner.get_global_settings()
    emulator.settings(latency_ms=40)
    began = time.monotonic()
    owner.get_global_settings()
    assert time.monotonic() - began >= 0.04


def test_rate_limit(emulator: Emulator) -> None:
    emulator.settings(rate_limit={"rate": 0.001, "burst": 2})
    owner, other = emulator.client(), emulator.client(account=RECIPIENT)
    owner.get_global_settings()
    other.get_global_settings()
    with refused(owner, "ThrottlingException") as caught:
        owner.get_global_settings()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    emulator.advance(1000)
    owner.get_global_settings()
    emulator.settings(rate_limit={"rate": 0.001, "burst": 1, "per": "account"})
    owner.get_global_settings()
    other.get_global_settings()
    with refused(other, "ThrottlingException"):
        other.get_global_settings()


def test_rate_limit_by_place(emulator: Emulator) -> None:
    emulator.settings(rate_limit={"rate": 0.001, "burst": 1, "per": "place"})
    here, there = emulator.client(), emulator.client(region="eu-west-1")
    here.get_global_settings()
    there.get_global_settings()
    emulator.client(account=RECIPIENT).get_global_settings()
    with refused(here, "ThrottlingException"):
        here.get_global_settings()


@pytest.mark.parametrize("whose", [{"accounts": [RECIPIENT]}, {"regions": ["eu-west-1"]}])
def test_rate_limit_of_some_places_is_felt_by_no_other(emulator: Emulator, whose: dict[str, list[str]]) -> None:
    emulator.settings(rate_limit={"rate": 0, "burst": 0, **whose})
    emulator.client().get_global_settings()
    throttled = emulator.client(account=RECIPIENT, region="eu-west-1")
    with refused(throttled, "ThrottlingException"):
        throttled.get_global_settings()


def test_session_seconds(emulator: Emulator) -> None:
    emulator.settings(session_seconds=900)
    assumed = emulator.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{RECIPIENT}:role/emulator", RoleSessionName="emulator"
    )
    left = assumed["Credentials"]["Expiration"] - datetime.now(timezone.utc)
    assert 890 < left.total_seconds() <= 900
    session = emulator.client(account=RECIPIENT)
    emulator.advance(899)
    session.get_global_settings()
    emulator.advance(1)
    with pytest.raises(ClientError) as caught:
        session.get_global_settings()
    assert caught.value.response["Error"] == {
        "Code": "ExpiredTokenException",
        "Message": "The security token included in the request is expired",
    }
    with pytest.raises(ClientError) as caught:
        emulator.client("sts", account=RECIPIENT).get_caller_identity()
    assert caught.value.response["Error"]["Code"] == "ExpiredToken"
    emulator.client_of(emulator.assume(f"arn:aws:iam::{RECIPIENT}:role/emulator")).get_global_settings()
    emulator.client().get_global_settings()


def test_session_seconds_by_account(emulator: Emulator) -> None:
    emulator.settings(session_seconds={RECIPIENT: 60, "*": 600})
    short, long = (emulator.client(account=account) for account in (RECIPIENT, OTHER))
    short.get_global_settings()
    long.get_global_settings()
    emulator.advance(60)
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        short.get_global_settings()
    long.get_global_settings()


def test_session_calls(emulator: Emulator) -> None:
    emulator.settings(session_calls={RECIPIENT: 2})
    session = emulator.client(account=RECIPIENT)
    for _time in range(2):
        session.get_global_settings()
        emulator.client(account=OTHER).get_global_settings()
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        session.get_global_settings()
    emulator.client(account=OTHER).get_global_settings()
    again = emulator.client_of(emulator.assume(f"arn:aws:iam::{RECIPIENT}:role/emulator"))
    again.get_global_settings()


def test_iam_enforced(emulator: Emulator) -> None:
    """More on it in test_access.py."""
    emulator.client().list_workloads()
    emulator.settings(iam_enforced=True)
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        emulator.client().list_workloads()


@pytest.mark.parametrize("pending", [False, True])
def test_update_makes_pending(emulator: Emulator, pending: bool) -> None:
    emulator.settings(update_makes_pending=pending)
    owner, recipient = emulator.client(), emulator.client(account=RECIPIENT)
    workload = create(emulator, WORKLOAD)
    share_id = share(owner, WORKLOAD, workload)
    recipient.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT")
    answer = owner.update_workload_share(WorkloadId=workload, ShareId=share_id, PermissionType="CONTRIBUTOR")
    invitations = recipient.list_share_invitations()["ShareInvitationSummaries"]
    assert answer["WorkloadShare"]["Status"] == ("PENDING" if pending else "ACCEPTED")
    assert [one["ShareInvitationId"] for one in invitations] == [share_id] * pending
    assert len(recipient.list_workloads()["WorkloadSummaries"]) == (not pending)


@pytest.mark.parametrize("principal", ["user/ana", "role/reviewers"])
def test_only_recipient_answers(emulator: Emulator, principal: str) -> None:
    arn = f"arn:aws:iam::{RECIPIENT}:{principal}"
    account, name = emulator.client(account=RECIPIENT), principal.partition("/")[2]
    if principal.startswith("user"):
        iam = emulator.client("iam", account=RECIPIENT)
        iam.create_user(UserName=name)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        keys = {"aws_access_key_id": made["AccessKeyId"], "aws_secret_access_key": made["SecretAccessKey"]}
    else:
        keys = emulator.assume(arn)
    owner, itself = emulator.client(), emulator.client_of(keys)
    for allowed in (account, itself):
        share_id = share(owner, WORKLOAD, create(emulator, WORKLOAD, f"for {allowed is itself}"), arn)
        answer = {"ShareInvitationId": share_id, "ShareInvitationAction": "ACCEPT"}
        emulator.settings(only_recipient_answers=True)
        if allowed is account:
            with refused(account, "AccessDeniedException"):
                account.update_share_invitation(**answer)
            emulator.settings(only_recipient_answers=False)
        allowed.update_share_invitation(**answer)


def test_every_setting_has_a_test(emulator: Emulator) -> None:
    assert [name for name in emulator.settings() if f"test_{name}" not in globals()] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"no_such_setting": 1},
        {"list_organization_as": "name"},
        {"own_account_fails": "yes"},
        {"associating_lists": -2},
        {"shares_visible_after_lists": 1.5},
        {"invitation_ttl_seconds": -1},
        {"quotas": {"workloads": 1}},
        {"quotas": {"workload": True}},
        {"latency_ms": "50"},
        {"rate_limit": {"rate": 1}},
        {"rate_limit": {"rate": 1, "burst": 1, "per": "region"}},
        {"rate_limit": {"rate": 1, "burst": 1, "accounts": "111122223333"}},
        {"session_seconds": -1},
        {"session_seconds": {"111122223333": "1"}},
        {"session_calls": 1.5},
        {"association_fails": ""},
        {"max_results": {"CreateLensShare": 10}},
        {"max_results": {"ListLensShare": 10}},
        {"max_results": {"ListLensShares": 51}},
        {"max_results": {"*": 0}},
        {"invitations_visible_after": {"lens": -1}},
        {"organization_shares_count": 1},
        {"conflicts_after_delete": -1},
        {"disabled_regions": "eu-west-1"},
        {"disabled_regions": {"111122223333": "eu-west-1"}},
        {"refused_roles": "arn:aws:iam::111122223333:role/*"},
    ],
)
def test_a_setting_that_is_none_or_of_another_type_is_refused_and_nothing_set(
    emulator: Emulator, changes: dict[str, Any]
) -> None:
    before = emulator.settings()
    with pytest.raises(ValueError, match=next(iter(changes))):
        emulator.settings(update_fails_on_inactive=False, **changes)
    assert emulator.settings() == before


@pytest.mark.parametrize(
    ("name", "part"),
    [("quotas", {"lens": 1}), ("invitations_visible_after", {"lens": 1}), ("max_results", {"ListLenses": 1})],
)
def test_settings_by_name_are_set_in_part(emulator: Emulator, name: str, part: dict[str, int]) -> None:
    before = emulator.settings()
    after = emulator.settings(**{name: part})
    assert after == {**before, name: {**before[name], **part}}


def test_regions_that_are_disabled_by_account_are_set_whole(emulator: Emulator) -> None:
    emulator.settings(disabled_regions={RECIPIENT: ["eu-west-1"]})
    assert emulator.settings(disabled_regions={OTHER: ["eu-west-1"]})["disabled_regions"] == {OTHER: ["eu-west-1"]}
    assert emulator.settings(disabled_regions=[])["disabled_regions"] == []
