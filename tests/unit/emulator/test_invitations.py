# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recipient's side."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator

from .scenes import KINDS, OTHER, RECIPIENT, Kind, create, every_kind, refused, resources, share, statuses


def invitations(emulator: Emulator, account: str = RECIPIENT, **filters: Any) -> list[dict[str, Any]]:
    return emulator.client(account=account).list_share_invitations(**filters)["ShareInvitationSummaries"]


@every_kind
def test_an_invitation_names_its_resource_in_the_words_of_its_kind(emulator: Emulator, kind: Kind) -> None:
    resource = create(emulator, kind, "the name")
    share_id = share(emulator.client(), kind, resource)
    (invitation,) = invitations(emulator)
    expected = {
        "ShareInvitationId": share_id,
        "SharedBy": "123456789012",
        "SharedWith": RECIPIENT,
        "ShareResourceType": kind.resource_type,
        kind.name_member: "the name",
        kind.identifier.replace("Alias", "Arn"): resource,
    }
    if kind.name == "workload":
        expected["PermissionType"] = "READONLY"
    assert invitation == expected


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


@every_kind
def test_an_invitation_that_nobody_answers_expires_after_seven_days(emulator: Emulator, kind: Kind) -> None:
    owner, recipient = emulator.client(), emulator.client(account=RECIPIENT)
    resource = create(emulator, kind)
    share_id = share(owner, kind, resource)
    emulator.advance(days=6.9)
    assert len(invitations(emulator)) == 1
    emulator.advance(days=0.2)
    assert invitations(emulator) == []
    assert statuses(owner, kind, resource) == ["EXPIRED"]
    with refused(recipient, "ResourceNotFoundException"):
        recipient.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT")


def test_access_that_was_accepted_does_not_expire(emulator: Emulator) -> None:
    owner = emulator.client()
    workload = emulator.create_workload("a workload")["id"]
    share_id = share(owner, KINDS["workload"], workload)
    recipient = emulator.client(account=RECIPIENT)
    recipient.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT")
    emulator.advance(days=400)
    assert statuses(owner, KINDS["workload"], workload) == ["ACCEPTED"]
    assert recipient.get_workload(WorkloadId=workload)["Workload"]["ShareInvitationId"] == share_id


@pytest.mark.parametrize("form", ["user/someone", "role/some", "root"])
def test_the_account_sees_the_invitations_of_its_users_and_roles(emulator: Emulator, form: str) -> None:
    principal = f"arn:aws:iam::{RECIPIENT}:{form}"
    share(emulator.client(), KINDS["lens"], create(emulator, KINDS["lens"]), principal)
    assert [one["SharedWith"] for one in invitations(emulator)] == [principal]
    assert invitations(emulator, OTHER) == []


def test_nobody_else_can_answer_an_invitation(emulator: Emulator) -> None:
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


@pytest.mark.parametrize(
    "filters",
    [
        {"WorkloadNamePrefix": "a", "LensNamePrefix": "a"},
        {"ShareResourceType": "LENS", "WorkloadNamePrefix": "a"},
    ],
)
def test_prefixes_that_do_not_go_together_are_refused(emulator: Emulator, filters: dict[str, str]) -> None:
    recipient = emulator.client(account=RECIPIENT)
    with refused(recipient, "ValidationException"):
        recipient.list_share_invitations(**filters)
