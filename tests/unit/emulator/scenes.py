# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four kinds as the tests of the endpoint call them: one function for each thing that all four have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator

RECIPIENT = "111122223333"
OTHER = "444455556666"


@dataclass(frozen=True)
class Kind:
    name: str
    identifier: str
    summaries: str
    name_member: str
    #: the list of resources: operation, its answer's member, and what names a resource in it
    lists: tuple[str, str, str]

    @property
    def resource_type(self) -> str:
        return self.name.upper()


KINDS = {
    "workload": Kind(
        "workload",
        "WorkloadId",
        "WorkloadShareSummaries",
        "WorkloadName",
        ("list_workloads", "WorkloadSummaries", "WorkloadId"),
    ),
    "lens": Kind("lens", "LensAlias", "LensShareSummaries", "LensName", ("list_lenses", "LensSummaries", "LensArn")),
    "template": Kind(
        "template",
        "TemplateArn",
        "TemplateShareSummaries",
        "TemplateName",
        ("list_review_templates", "ReviewTemplates", "TemplateArn"),
    ),
    "profile": Kind(
        "profile",
        "ProfileArn",
        "ProfileShareSummaries",
        "ProfileName",
        ("list_profiles", "ProfileSummaries", "ProfileArn"),
    ),
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def create(emulator: Emulator, kind: Kind, name: str = "a resource", **where: str) -> str:
    """A resource of the kind; returns what share requests name it by."""
    return made(emulator, kind, name, **where)["id"]


def made(emulator: Emulator, kind: Kind, name: str, **where: str) -> dict[str, str]:
    """A resource of the kind: id, arn, name."""
    return getattr(emulator, f"create_{kind.name}")(name, **where)


def share(client: Any, kind: Kind, resource: str, principal: str = RECIPIENT, **more: Any) -> str:
    """Share the resource; returns the share's ID."""
    if kind.name == "workload":
        more.setdefault("PermissionType", "READONLY")
    call = getattr(client, f"create_{kind.name}_share")
    return call(**{kind.identifier: resource, "SharedWith": principal, **more})["ShareId"]


def shares(client: Any, kind: Kind, resource: str, **more: Any) -> list[dict[str, Any]]:
    """One page of the resource's shares."""
    return getattr(client, f"list_{kind.name}_shares")(**{kind.identifier: resource, **more})[kind.summaries]


def delete(client: Any, kind: Kind, resource: str, share_id: str, **more: Any) -> None:
    getattr(client, f"delete_{kind.name}_share")(**{kind.identifier: resource, "ShareId": share_id, **more})


def statuses(client: Any, kind: Kind, resource: str, **more: Any) -> list[str]:
    return [one["Status"] for one in shares(client, kind, resource, **more)]


def resources(client: Any, kind: Kind, **more: Any) -> list[str]:
    """What the list of the kind names, without AWS's own lenses."""
    operation, member, identifier = kind.lists
    return [
        one[identifier] for one in getattr(client, operation)(**more)[member] if one.get("LensType") != "AWS_OFFICIAL"
    ]


def enable_organization_sharing(emulator: Emulator) -> None:
    emulator.client().update_global_settings(OrganizationSharingStatus="ENABLED")


def refused(client: Any, code: str) -> Any:
    """A context in which `client` is answered with the modelled exception `code`."""
    return pytest.raises(getattr(client.exceptions, code))


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
