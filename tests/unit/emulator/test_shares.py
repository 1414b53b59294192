# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules that every kind's shares keep."""

from __future__ import annotations

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator

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
    resources,
    share,
    shares,
    statuses,
)

WORKLOAD, LENS = KINDS["workload"], KINDS["lens"]


@every_kind
def test_a_share_with_an_account_is_pending_and_listed_as_given(emulator: Emulator, kind: Kind) -> None:
    owner = emulator.client()
    resource = create(emulator, kind)
    share_id = share(owner, kind, resource)
    expected = {"ShareId": share_id, "SharedWith": RECIPIENT, "Status": "PENDING"}
    if kind.name == "workload":
        expected["PermissionType"] = "READONLY"
    assert shares(owner, kind, resource) == [expected]


@every_kind
def test_a_deleted_share_is_gone_with_its_access(emulator: Emulator, kind: Kind) -> None:
    owner, recipient = emulator.client(), emulator.client(account=RECIPIENT)
    resource = create(emulator, kind)
    share_id = share(owner, kind, resource)
    recipient.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT")
    assert resources(recipient, kind) == [resource]
    delete(owner, kind, resource, share_id)
    assert resources(recipient, kind) == []
    assert shares(owner, kind, resource) == []
    with refused(owner, "ResourceNotFoundException"):
        delete(owner, kind, resource, share_id)


@every_kind
def test_an_accepted_resource_is_listed_with_its_real_owner(emulator: Emulator, kind: Kind) -> None:
    recipient = emulator.client(account=RECIPIENT)
    resource = create(emulator, kind)
    share_id = share(emulator.client(), kind, resource)
    assert resources(recipient, kind) == []
    recipient.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT")
    operation, member, identifier = kind.lists
    listed = [one for one in getattr(recipient, operation)()[member] if one[identifier] == resource]
    assert [one["Owner"] for one in listed] == ["123456789012"]


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


@every_kind
def test_invitations_stay_in_the_region_of_the_resource(emulator: Emulator, kind: Kind) -> None:
    resource = create(emulator, kind)
    share(emulator.client(), kind, resource)
    elsewhere = emulator.client(account=RECIPIENT, region="eu-west-1")
    assert elsewhere.list_share_invitations()["ShareInvitationSummaries"] == []


@every_kind
def test_deleting_a_resource_deletes_its_shares_and_invitations(emulator: Emulator, kind: Kind) -> None:
    owner = emulator.client()
    resource = create(emulator, kind)
    share(owner, kind, resource)
    operation = "delete_review_template" if kind.name == "template" else f"delete_{kind.name}"
    more = {"LensStatus": "ALL"} if kind.name == "lens" else {}
    getattr(owner, operation)(**{kind.identifier: resource, **more})
    assert emulator.client(account=RECIPIENT).list_share_invitations()["ShareInvitationSummaries"] == []
    with refused(owner, "ResourceNotFoundException"):
        shares(owner, kind, resource)


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


@pytest.mark.parametrize("alias", ["serverless", "wellarchitected", "arn:aws:wellarchitected::aws:lens/serverless"])
def test_official_lenses_cannot_be_shared(emulator: Emulator, alias: str) -> None:
    owner = emulator.client()
    with refused(owner, "ValidationException"):
        share(owner, LENS, alias)


def test_a_lens_that_was_never_published_cannot_be_shared(emulator: Emulator) -> None:
    owner = emulator.client()
    resource = emulator.create_lens("a draft", publish=False)["id"]
    with refused(owner, "ValidationException"):
        share(owner, LENS, resource)
    owner.create_lens_version(LensAlias=resource, LensVersion="1")
    share(owner, LENS, resource)


def test_only_the_permission_of_a_workload_share_can_be_updated(emulator: Emulator) -> None:
    owner = emulator.client()
    workload = emulator.create_workload("a workload")["id"]
    share_id = share(owner, WORKLOAD, workload)
    answer = owner.update_workload_share(WorkloadId=workload, ShareId=share_id, PermissionType="CONTRIBUTOR")
    assert answer["WorkloadShare"] == {
        "ShareId": share_id,
        "SharedBy": "123456789012",
        "SharedWith": RECIPIENT,
        "PermissionType": "CONTRIBUTOR",
        "Status": "PENDING",
        "WorkloadName": "a workload",
        "WorkloadId": workload,
    }
    assert [one["PermissionType"] for one in shares(owner, WORKLOAD, workload)] == ["CONTRIBUTOR"]


def test_shares_are_filtered_by_status_and_prefix(emulator: Emulator) -> None:
    owner = emulator.client()
    resource = create(emulator, LENS)
    accepted = share(owner, LENS, resource, RECIPIENT)
    share(owner, LENS, resource, OTHER)
    recipient = emulator.client(account=RECIPIENT)
    recipient.update_share_invitation(ShareInvitationId=accepted, ShareInvitationAction="ACCEPT")
    assert [one["SharedWith"] for one in shares(owner, LENS, resource, Status="ACCEPTED")] == [RECIPIENT]
    assert [one["SharedWith"] for one in shares(owner, LENS, resource, SharedWithPrefix="4444")] == [OTHER]
    assert shares(owner, LENS, resource, SharedWithPrefix="4444", Status="ACCEPTED") == []
    assert statuses(owner, LENS, resource) == ["ACCEPTED", "PENDING"]
