# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of the service, and the answers of each operation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator
from botocore.exceptions import ConnectionClosedError

from .scenes import (
    KINDS,
    OTHER,
    RECIPIENT,
    Kind,
    create,
    delete,
    enable_organization_sharing,
    every_kind,
    made,
    organization,
    refused,
    resources,
    share,
    shares,
    statuses,
)

WORKLOAD, LENS = KINDS["workload"], KINDS["lens"]


@every_kind
def test_shares_of_a_resource_that_is_only_shared_with_the_caller_are_denied(emulator: Emulator, kind: Kind) -> None:
    recipient = emulator.client(account=RECIPIENT)
    resource = create(emulator, kind)
    share_id = share(emulator.client(), kind, resource)
    recipient.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT")
    with refused(recipient, "AccessDeniedException"):
        shares(recipient, kind, resource)
    with refused(recipient, "AccessDeniedException"):
        share(recipient, kind, resource, OTHER)
    with refused(recipient, "AccessDeniedException"):
        delete(recipient, kind, resource, share_id)


@every_kind
def test_a_resource_of_another_account_or_region_is_not_found(emulator: Emulator, kind: Kind) -> None:
    resource = create(emulator, kind)
    for client in (emulator.client(account=OTHER), emulator.client(region="eu-west-1")):
        with refused(client, "ResourceNotFoundException") as caught:
            shares(client, kind, resource)
        assert caught.value.response["ResourceId"] == resource
        assert caught.value.response["ResourceType"] == kind.resource_type


SAME_PRINCIPAL = [
    (RECIPIENT, f"arn:aws:iam::{RECIPIENT}:root"),
    (f"arn:aws-us-gov:iam::{RECIPIENT}:root", RECIPIENT),
    ("o-abcdefghij", f"arn:aws:organizations::{RECIPIENT}:organization/o-abcdefghij"),
    (f"arn:aws:organizations::{RECIPIENT}:ou/o-abcdefghij/ou-ab12-cdefghij", "ou-ab12-cdefghij"),
]


@every_kind
@pytest.mark.parametrize(("first", "second"), SAME_PRINCIPAL)
def test_two_forms_of_one_principal_conflict(emulator: Emulator, kind: Kind, first: str, second: str) -> None:
    enable_organization_sharing(emulator)
    owner = emulator.client()
    resource = create(emulator, kind)
    share_id = share(owner, kind, resource, first)
    with refused(owner, "ConflictException") as caught:
        share(owner, kind, resource, second)
    assert caught.value.response["ResourceId"] == share_id
    share(owner, kind, resource, f"arn:aws:iam::{RECIPIENT}:user/someone")


GOOD_PRINCIPALS = [
    "000000000000",
    f"arn:aws-cn:iam::{RECIPIENT}:root",
    f"arn:aws-iso-b:iam::{RECIPIENT}:user/path/some.one+x=y@z",
    f"arn:aws:iam::{RECIPIENT}:role/aws-reserved/sso/Admin",
    "o-abcdefghij",
    "ou-ab12-cdefghij",
]


BAD_PRINCIPALS = [
    "11112222333x",
    "1111222233334",
    f"arn:aws:iam::{RECIPIENT}:group/some",
    "arn:aws:iam::1111:root",
    f"arn:gcp:iam::{RECIPIENT}:root",
    "o-ABCDEFGHIJKL",
    "ou-ab12-cdefghij/extra",
    f"arn:aws:organizations::{RECIPIENT}:account/o-abcdefghij/111122223333",
    f"{RECIPIENT}\n",
]


@pytest.mark.parametrize("principal", GOOD_PRINCIPALS)
def test_every_form_of_a_principal_is_taken(emulator: Emulator, principal: str) -> None:
    enable_organization_sharing(emulator)
    share(emulator.client(), LENS, create(emulator, LENS), principal)


@pytest.mark.parametrize("principal", BAD_PRINCIPALS)
def test_what_is_no_principal_is_refused(emulator: Emulator, principal: str) -> None:
    enable_organization_sharing(emulator)
    owner = emulator.client()
    resource = create(emulator, LENS)
    with refused(owner, "ValidationException") as caught:
        share(owner, LENS, resource, principal)
    assert [field["Name"] for field in caught.value.response["Fields"]] == ["SharedWith"]


def test_a_lens_that_was_never_published_cannot_be_shared(emulator: Emulator) -> None:
    owner = emulator.client()
    resource = emulator.create_lens("a draft", publish=False)["id"]
    with refused(owner, "ValidationException"):
        share(owner, LENS, resource)
    owner.create_lens_version(LensAlias=resource, LensVersion="1")
    share(owner, LENS, resource)


def invitations(emulator: Emulator, account: str = RECIPIENT, **filters: Any) -> list[dict[str, Any]]:
    return emulator.client(account=account).list_share_invitations(**filters)["ShareInvitationSummaries"]


@every_kind
@pytest.mark.parametrize(("action", "status"), [("ACCEPT", "ACCEPTED"), ("REJECT", "REJECTED")])
def test_an_answered_invitation_vanishes(emulator: Emulator, kind: Kind, action: str, status: str) -> None:
    owner, recipient = emulator.client(), emulator.client(account=RECIPIENT)
    resource = create(emulator, kind)
    share_id = share(owner, kind, resource)
    answer = recipient.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction=action)
    assert answer["ShareInvitation"]["ShareResourceType"] == kind.resource_type
    assert answer["ShareInvitation"][kind.identifier] == resource
    assert invitations(emulator) == []
    assert statuses(owner, kind, resource) == [status]
    assert resources(recipient, kind) == ([resource] if action == "ACCEPT" else [])
    with refused(recipient, "ConflictException"):
        recipient.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction=action)


def test_another_account_cannot_answer_an_invitation(emulator: Emulator) -> None:
    share_id = share(emulator.client(), KINDS["lens"], create(emulator, KINDS["lens"]))
    for client in (emulator.client(), emulator.client(account=OTHER)):
        with refused(client, "ResourceNotFoundException"):
            client.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT")


FILTERS = [
    ({}, {"workload", "lens", "template", "profile"}),
    ({"ShareResourceType": "LENS"}, {"lens"}),
    ({"ShareResourceType": "TEMPLATE"}, {"template"}),
    ({"WorkloadNamePrefix": "a "}, {"workload"}),
    ({"WorkloadNamePrefix": "A "}, set()),
    ({"LensNamePrefix": ""}, {"lens"}),
    ({"ShareResourceType": "PROFILE", "ProfileNamePrefix": "a profile"}, {"profile"}),
    ({"TemplateNamePrefix": "no such"}, set()),
]


@pytest.mark.parametrize(("filters", "found"), FILTERS)
def test_invitations_are_filtered_by_type_and_prefix(
    emulator: Emulator, filters: dict[str, str], found: set[str]
) -> None:
    for kind in KINDS.values():
        share(emulator.client(), kind, create(emulator, kind, f"a {kind.name}"))
    assert {one["ShareResourceType"].lower() for one in invitations(emulator, **filters)} == found


@every_kind
@pytest.mark.parametrize("principal", ["o-abcdefghij", "ou-ab12-cdefghij"])
def test_organization_principals_need_organization_sharing(emulator: Emulator, kind: Kind, principal: str) -> None:
    owner = emulator.client()
    resource = create(emulator, kind)
    with refused(owner, "ValidationException") as caught:
        share(owner, kind, resource, principal)
    assert "UpdateGlobalSettings" in caught.value.response["Message"]


@every_kind
def test_accounts_of_the_organization_and_of_its_ous_have_access(emulator: Emulator, kind: Kind) -> None:
    made, member, unit = organization(emulator)
    enable_organization_sharing(emulator)
    owner = emulator.client()
    by_organization, by_unit = create(emulator, kind, "for all"), create(emulator, kind, "for the unit")
    share(owner, kind, by_organization, made["Arn"])
    share(owner, kind, by_unit, unit)
    assert resources(emulator.client(account=member), kind) == [by_organization, by_unit]
    assert resources(emulator.client(account="999988887777"), kind) == []


ORGANIZATION, OU = "o-abcdefghij", "ou-ab12-cdefghij"


TOKEN = {"ClientRequestToken": "the token"}


@every_kind
def test_a_create_sent_again_returns_the_first_result(emulator: Emulator, kind: Kind) -> None:
    owner = emulator.client()
    resource = create(emulator, kind)
    first = share(owner, kind, resource, **TOKEN)
    assert share(owner, kind, resource, **TOKEN) == first
    assert statuses(owner, kind, resource) == ["PENDING"]


@every_kind
def test_the_same_token_with_other_parameters_conflicts(emulator: Emulator, kind: Kind) -> None:
    owner = emulator.client()
    resource = create(emulator, kind)
    share(owner, kind, resource, RECIPIENT, **TOKEN)
    with refused(owner, "ConflictException"):
        share(owner, kind, resource, OTHER, **TOKEN)


def test_a_create_whose_answer_was_lost_is_done_once(emulator: Emulator) -> None:
    owner, kind = emulator.client(), KINDS["lens"]
    resource = create(emulator, kind)
    emulator.fault("lost_answer", operation="CreateLensShare", times=1)
    with pytest.raises(ConnectionClosedError):
        share(owner, kind, resource, **TOKEN)
    share_id = share(owner, kind, resource, **TOKEN)
    assert [one["share_id"] for one in emulator.shares()] == [share_id]


PRINCIPALS = [f"{200000000000 + number}" for number in range(130)]


def pages(call: Any, member: str, **parameters: Any) -> list[list[Any]]:
    found = []
    while True:
        answer = call(**parameters)
        found.append(answer[member])
        if not answer.get("NextToken"):
            return found
        parameters["NextToken"] = answer["NextToken"]


def shared_lens(emulator: Emulator, principals: list[str]) -> str:
    lens = emulator.create_lens("a lens")["id"]
    for principal in principals:
        share(emulator.client(), KINDS["lens"], lens, principal)
    return lens


def test_what_is_deleted_between_two_pages_breaks_nothing(emulator: Emulator) -> None:
    kind, owner = KINDS["lens"], emulator.client()
    resource = shared_lens(emulator, PRINCIPALS[:6])
    by_principal = {one["SharedWith"]: one["ShareId"] for one in shares(owner, kind, resource)}
    first = owner.list_lens_shares(LensAlias=resource, MaxResults=2)
    for gone in (PRINCIPALS[0], PRINCIPALS[2]):
        delete(owner, kind, resource, by_principal[gone])
    share(owner, kind, resource, PRINCIPALS[10])
    rest = owner.list_lens_shares(LensAlias=resource, NextToken=first["NextToken"])
    listed = [one["SharedWith"] for one in rest["LensShareSummaries"]]
    assert listed == [PRINCIPALS[3], PRINCIPALS[4], PRINCIPALS[5], PRINCIPALS[10]]


@pytest.mark.parametrize("change", [{"NextToken": "nonsense"}, {"Status": "PENDING"}])
def test_a_token_is_good_for_the_request_it_was_given_to_only(emulator: Emulator, change: dict[str, str]) -> None:
    owner = emulator.client()
    resource = shared_lens(emulator, PRINCIPALS[:11])
    token = owner.list_lens_shares(LensAlias=resource)["NextToken"]
    with refused(owner, "ValidationException"):
        owner.list_lens_shares(**{"LensAlias": resource, "NextToken": token, **change})


def names(lenses: list[dict[str, Any]]) -> set[str]:
    return {lens["LensName"] for lens in lenses if lens["LensType"] != "AWS_OFFICIAL"}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {"published", "both"}),
        ({"LensStatus": "PUBLISHED"}, {"published", "both"}),
        ({"LensStatus": "DRAFT"}, {"draft", "both"}),
        ({"LensStatus": "ALL"}, {"published", "draft", "both"}),
        ({"LensType": "CUSTOM_SHARED"}, set()),
        ({"LensName": "published"}, {"published"}),
        ({"LensName": "publ"}, set()),
        ({"LensName": "draft"}, set()),
    ],
)
def test_lenses_are_filtered_by_status_type_and_full_name(
    emulator: Emulator, filters: dict[str, str], found: set[str]
) -> None:
    emulator.create_lens("published")
    emulator.create_lens("draft", publish=False)
    both = emulator.create_lens("both")["id"]
    owner = emulator.client()
    owner.import_lens(LensAlias=both, JSONString=json.dumps({"name": "both"}))
    assert names(owner.list_lenses(**filters)["LensSummaries"]) == found


def arn_of(emulator: Emulator, kind: Kind, name: str = "a resource", **where: str) -> str:
    return made(emulator, kind, name, **where)["arn"]


@every_kind
def test_tags_are_added_replaced_and_removed(emulator: Emulator, kind: Kind) -> None:
    owner, arn = emulator.client(), arn_of(emulator, kind)
    assert owner.list_tags_for_resource(WorkloadArn=arn)["Tags"] == {}
    owner.tag_resource(WorkloadArn=arn, Tags={"Team": "platform", "Stage": "test", "Cost": "1"})
    owner.tag_resource(WorkloadArn=arn, Tags={"Stage": "live"})
    owner.untag_resource(WorkloadArn=arn, TagKeys=["Cost", "Team", "No such"])
    assert owner.list_tags_for_resource(WorkloadArn=arn)["Tags"] == {"Stage": "live"}


@every_kind
def test_tags_of_another_account_region_or_nothing_are_not_found(emulator: Emulator, kind: Kind) -> None:
    mine = arn_of(emulator, kind)
    owner = emulator.client()
    for arn in (
        arn_of(emulator, kind, account=RECIPIENT),
        arn_of(emulator, kind, region="eu-west-1"),
        mine.replace("us-east-1", "us-east-2"),
        f"{mine[:-32]}{'0' * 32}",
    ):
        with refused(owner, "ResourceNotFoundException"):
            owner.list_tags_for_resource(WorkloadArn=arn)


def test_a_workloads_name_is_unique_without_spaces_and_capitals(emulator: Emulator) -> None:
    emulator.create_workload("My workload")
    with refused(emulator.client(), "ConflictException"):
        emulator.create_workload("myWork load")
    emulator.create_workload("My workload", region="eu-west-1")
    emulator.create_workload("My workload", account=RECIPIENT)
