# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages with examples: what exists before them, with which policies they run, and what must exist afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.emulator.testing import OWNER, Emulator

from .documents import ROOT, blocks_of, documents
from .policies import MANAGEMENT, OWNERS, enforce, make_organization, policy
from .scene import RECIPIENTS, REGION, set_invitations, set_organization, set_resources, write_profiles
from .templates import deploy_stackset

PAGES = [path for path in documents() if blocks_of(path)]
REGIONS = (REGION, "us-east-1")
FIRST, SECOND = RECIPIENTS
USER = f"arn:aws:iam::{SECOND}:user/reviewers/ana"

Shares = set[tuple[str, str, str, str, str | None]]


def ids(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def shares_of(emulator: Emulator) -> Shares:
    """Every share: (kind, Region, owner, principal, permission). A later status than PENDING is not looked at."""
    return {
        (share["kind"], share["region"], share["owner"], share["shared_with"], share["permission_type"])
        for share in emulator.shares()
    }


# Scenes. Each ends with policies enforced, and with an AWS configuration in `home` that has the profiles of the guides.


def set_platform(emulator: Emulator, home: Path, *policies: str) -> None:
    """The owner is the management account of an organization; the recipients are in another one."""
    set_organization(emulator)
    set_resources(emulator)
    enforce(emulator, home, *policies)


def set_invited(emulator: Emulator, home: Path, *policies: str) -> None:
    """The same, and the recipients have invitations."""
    set_organization(emulator)
    set_resources(emulator)
    set_invitations(emulator)
    enforce(emulator, home, *policies)


def set_one_share(emulator: Emulator, home: Path, *policies: str) -> None:
    """One account has access to one workload."""
    workload = set_resources(emulator)["workload"][0]["id"]
    client = emulator.client(region=REGION)
    client.create_workload_share(WorkloadId=workload, SharedWith=FIRST, PermissionType="READONLY")
    enforce(emulator, home, *policies)


def set_shared(emulator: Emulator, home: Path, *policies: str) -> None:
    """Two accounts and a user have access to a workload and a lens, which somebody shared in the console."""
    made = set_resources(emulator)
    client = emulator.client(region=REGION)
    for principal in (*RECIPIENTS, USER):
        client.create_workload_share(
            WorkloadId=made["workload"][0]["id"], SharedWith=principal, PermissionType="READONLY"
        )
        client.create_lens_share(LensAlias=made["lens"][0]["arn"], SharedWith=principal)
    enforce(emulator, home, *policies)


def set_hub(emulator: Emulator, home: Path, *policies: str, kinds: str = "workloads") -> None:
    """One organization of a management account, the hub (the owner) and two accounts with workloads and the StackSet's
    roles. Organization sharing is off, so invitations are sent."""
    organization = make_organization(emulator, MANAGEMENT, [OWNER, *RECIPIENTS])
    client = emulator.client("organizations", MANAGEMENT)
    root = client.list_roots()["Roots"][0]["Id"]
    unit = client.create_organizational_unit(ParentId=root, Name="Workloads")["OrganizationalUnit"]["Id"]
    for account in (OWNER, *RECIPIENTS):
        client.move_account(AccountId=account, SourceParentId=root, DestinationParentId=unit)
    set_resources(emulator)
    for account in RECIPIENTS:
        for region in REGIONS:
            for name in ("Payments", "Sandbox 1"):
                emulator.create_workload(name, account=account, region=region)
        deploy_stackset(emulator, account, organization, Kinds=kinds)
    hub = emulator.role(OWNER, OWNERS["hub"], *(policy(name, organization) for name in policies))
    management = emulator.role(MANAGEMENT, "WellArchitectedManagement", policy("management", organization))
    for account in RECIPIENTS:
        emulator.role(account, "emulator", policy("recipient"))
        emulator.credentials(account)  # while every account may assume the role
    write_profiles(emulator, home, {"default": hub, "profile platform": hub, "profile management": management})
    emulator.settings(iam_enforced=True)


def set_collected(emulator: Emulator, home: Path, *policies: str) -> None:
    """The same, and every workload is shared with the hub."""
    set_hub(emulator, home, *policies)
    emulator.settings(iam_enforced=False)
    for account in RECIPIENTS:
        for region in REGIONS:
            owner = emulator.client(account=account, region=region)
            for workload in owner.list_workloads()["WorkloadSummaries"]:
                owner.create_workload_share(
                    WorkloadId=workload["WorkloadId"], SharedWith=OWNER, PermissionType="READONLY"
                )
    emulator.settings(iam_enforced=True)


@dataclass(frozen=True)
class Scene:
    """How a page is set up, with which policies of docs/iam, and the shares that exist once its examples were run."""

    set_up: Callable[..., None] = set_platform
    policies: tuple[str, ...] = ("owner",)
    shares: Shares | None = None


GUIDES = "docs/docsite/rst"
COLLECTED: Shares = {
    ("workload", region, account, OWNER, "CONTRIBUTOR") for region in REGIONS for account in RECIPIENTS
}
SCENES = {
    f"{GUIDES}/approval.rst": Scene(
        set_shared,
        shares={
            ("workload", REGION, OWNER, FIRST, "CONTRIBUTOR"),
            *(("lens", REGION, OWNER, account, None) for account in RECIPIENTS),
        },
    ),
    f"{GUIDES}/collect.rst": Scene(set_hub, ("hub",), COLLECTED),
    f"{GUIDES}/credentials.rst": Scene(policies=("owner",)),
    f"{GUIDES}/drift.rst": Scene(set_collected, ("auditor",)),
    f"{GUIDES}/evidence.rst": Scene(set_collected, ("auditor",)),
    f"{GUIDES}/offboard.rst": Scene(
        set_shared,
        shares={(kind, REGION, OWNER, FIRST, right) for kind, right in (("workload", "READONLY"), ("lens", None))},
    ),
    f"{GUIDES}/onboard.rst": Scene(set_hub),
    f"{GUIDES}/organization.rst": Scene(policies=("owner", "management")),
    f"{GUIDES}/see_access.rst": Scene(set_collected, ("auditor",)),
    "roles/wa_accept/README.md": Scene(set_invited),
    "roles/wa_audit/README.md": Scene(set_one_share, ("auditor",)),
    "roles/wa_collect/README.md": Scene(set_hub, ("hub",)),
    "roles/wa_offboard/README.md": Scene(partial(set_hub, kinds="all"), ("hub",)),
    "roles/wa_onboard/README.md": Scene(set_hub),
    "roles/wa_share_report/README.md": Scene(policies=("auditor",)),
}


def scene_of(path: Path) -> Scene:
    return SCENES.get(ids(path), Scene())


def set_page(path: Path, emulator: Emulator, home: Path) -> None:
    """Set the scene of a page."""
    scene = scene_of(path)
    scene.set_up(emulator, home, *scene.policies)
