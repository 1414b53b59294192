# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sharing with organizations, OUs, and accounts of the owner's own organization."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator

from .scenes import Kind, create, enable_organization_sharing, every_kind, refused, resources, share, statuses

ORGANIZATION, OU = "o-abcdefghij", "ou-ab12-cdefghij"


def organization(emulator: Emulator) -> tuple[dict[str, Any], str, str]:
    """An organization of the owner's: itself, a member account, and the OU that the member is in."""
    client = emulator.client("organizations")
    made = client.create_organization(FeatureSet="ALL")["Organization"]
    root = client.list_roots()["Roots"][0]["Id"]
    unit = client.create_organizational_unit(ParentId=root, Name="unit")["OrganizationalUnit"]["Id"]
    inner = client.create_organizational_unit(ParentId=unit, Name="inner")["OrganizationalUnit"]["Id"]
    member = client.create_account(AccountName="member", Email="m@example.com")["CreateAccountStatus"]["AccountId"]
    client.move_account(AccountId=member, SourceParentId=root, DestinationParentId=inner)
    return made, member, unit


@every_kind
@pytest.mark.parametrize("principal", [ORGANIZATION, OU])
def test_organization_principals_need_organization_sharing(emulator: Emulator, kind: Kind, principal: str) -> None:
    owner = emulator.client()
    resource = create(emulator, kind)
    with refused(owner, "ValidationException") as caught:
        share(owner, kind, resource, principal)
    assert "UpdateGlobalSettings" in caught.value.response["Message"]


@every_kind
@pytest.mark.parametrize("principal", [ORGANIZATION, OU])
def test_organization_principals_are_associated_without_an_invitation(
    emulator: Emulator, kind: Kind, principal: str
) -> None:
    enable_organization_sharing(emulator)
    emulator.settings(associating_lists=2)
    owner = emulator.client()
    resource = create(emulator, kind)
    share(owner, kind, resource, principal)
    seen = [statuses(owner, kind, resource) for _time in range(4)]
    assert seen == [["ASSOCIATING"], ["ASSOCIATING"], ["ASSOCIATED"], ["ASSOCIATED"]]


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


@pytest.mark.parametrize("enabled", [True, False])
def test_an_account_of_the_same_organization_needs_no_invitation(emulator: Emulator, enabled: bool) -> None:
    _made, member, _unit = organization(emulator)
    if enabled:
        enable_organization_sharing(emulator)
    owner, client = emulator.client(), emulator.client(account=member)
    workload = emulator.create_workload("a workload")["id"]
    owner.create_workload_share(WorkloadId=workload, SharedWith=member, PermissionType="READONLY")
    assert len(client.list_share_invitations()["ShareInvitationSummaries"]) == (0 if enabled else 1)
    listed = owner.list_workload_shares(WorkloadId=workload)["WorkloadShareSummaries"]
    assert [one["Status"] for one in listed] == ["ASSOCIATED" if enabled else "PENDING"]


def test_organization_sharing_is_of_the_account_not_of_the_region(emulator: Emulator) -> None:
    enable_organization_sharing(emulator)
    assert emulator.client(region="eu-west-1").get_global_settings()["OrganizationSharingStatus"] == "ENABLED"
    assert emulator.client(account="111122223333").get_global_settings()["OrganizationSharingStatus"] == "DISABLED"


def test_each_global_setting_is_changed_by_itself(emulator: Emulator) -> None:
    owner = emulator.client()
    owner.update_global_settings(DiscoveryIntegrationStatus="ENABLED")
    owner.update_global_settings(OrganizationSharingStatus="ENABLED")
    owner.update_global_settings(OrganizationSharingStatus="DISABLED")
    answer = owner.get_global_settings()
    assert (answer["OrganizationSharingStatus"], answer["DiscoveryIntegrationStatus"]) == ("DISABLED", "ENABLED")


def test_a_reset_forgets_the_members_of_organizations(emulator: Emulator) -> None:
    organization(emulator)
    emulator.reset()
    organization(emulator)
