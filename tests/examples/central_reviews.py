# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scene of the guide central_reviews: an organization with a reviews account, and the roles of its StackSet."""

from __future__ import annotations

from pathlib import Path

from tests.emulator.testing import OWNER, Emulator

from .policies import MANAGEMENT, make_organization, policy
from .scene import RECIPIENTS, REGION, set_resources, write_profiles
from .templates import deploy_stackset

HUB, SPOKES = OWNER, RECIPIENTS
#: those that the guide collects from
REGIONS = (REGION, "us-east-1")


def hub_keys(emulator: Emulator, organization: str) -> dict[str, str]:
    """The keys of the hub's role, which has the policies that the guide names."""
    return emulator.role(HUB, "WellArchitectedHub", *(policy(name, organization) for name in ("hub", "owner")))


def set_central_reviews(emulator: Emulator, home: Path) -> dict[str, str]:
    """Workloads in the spokes, standards in the hub, roles by the templates; from then on, policies are enforced.

    Returns the keys of the hub's role.

    Organization sharing is off: spokes and hub get invitations.
    """
    organization = make_organization(emulator, MANAGEMENT, [HUB, *SPOKES])
    client = emulator.client("organizations", MANAGEMENT)
    root = client.list_roots()["Roots"][0]["Id"]
    unit = client.create_organizational_unit(ParentId=root, Name="Workloads")["OrganizationalUnit"]["Id"]
    for account in (HUB, *SPOKES):
        client.move_account(AccountId=account, SourceParentId=root, DestinationParentId=unit)
    set_resources(emulator)
    for account in SPOKES:
        for region in REGIONS:
            for name in ("Payments", "Sandbox 1"):
                emulator.create_workload(name, account=account, region=region)
        deploy_stackset(emulator, account, organization)
    hub = hub_keys(emulator, organization)
    management = emulator.role(MANAGEMENT, "WellArchitectedManagement", policy("management"))
    write_profiles(emulator, home, {"default": hub, "profile platform": hub, "profile management": management})
    emulator.settings(iam_enforced=True)
    return hub


def check_central_reviews(emulator: Emulator) -> None:
    """What the guide promises is so: workloads are the hub's to review, and its standards are the spokes' to use."""
    shares = emulator.shares()
    assert {share["status"] for share in shares} == {"ACCEPTED"}
    found = sorted((share["kind"], share["owner"], share["region"], share["shared_with"]) for share in shares)
    collected = [("workload", spoke, region, HUB) for spoke in SPOKES for region in REGIONS]
    given = [(kind, HUB, REGION, spoke) for kind in ("lens", "template", "template") for spoke in SPOKES]
    assert found == sorted([*collected, *given])
