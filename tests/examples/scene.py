# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scene that the documentation's examples play in: whatever they name is there, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

from tests.emulator.testing import Emulator

REGION = "eu-west-1"
# Not of the owner's organization, so that they get invitations.
RECIPIENTS = ("111122223333", "444455556666")
MEMBERS = ("222233334444", "555566667777")
# The named profiles of examples, and the default one.
PROFILES = ("default", "profile platform", "profile management")
# The IDs that examples give for what AWS numbers by itself.
UNIT = "ou-ab12-cdefghij"
INVITATION = "fedcba9876543210fedcba9876543210"


def set_organization(emulator: Emulator, account: str | None = None, region: str = REGION) -> None:
    """An organization with OUs and accounts, and with organization sharing. ``account``: its management account."""
    from moto.organizations import utils

    client = emulator.client("organizations", account, region)
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]

    def unit(name: str, parent: str = root) -> str:
        return client.create_organizational_unit(ParentId=parent, Name=name)["OrganizationalUnit"]["Id"]

    def member(name: str, parent: str, account_id: str, environment: str) -> None:
        with mock.patch.object(utils, "make_random_account_id", return_value=account_id):
            made = client.create_account(
                AccountName=name,
                Email=f"{name.lower()}@example.com",
                Tags=[{"Key": "Environment", "Value": environment}],
            )
        client.move_account(
            AccountId=made["CreateAccountStatus"]["AccountId"], SourceParentId=root, DestinationParentId=parent
        )

    workloads = unit("Workloads")
    member("Payments", unit("Prod", workloads), MEMBERS[0], "Production")
    member("Search", workloads, MEMBERS[1], "Test")
    member("Legacy", workloads, "012345670123", "Production")
    with mock.patch.object(utils, "make_random_ou_id", return_value=UNIT):
        unit("Sandbox")
    enable_organization_sharing(emulator, region)


def enable_organization_sharing(emulator: Emulator, region: str = REGION) -> None:
    """Lets the owner share with organizational units, which need not exist for that."""
    emulator.client(region=region).update_global_settings(OrganizationSharingStatus="ENABLED")


def set_resources(emulator: Emulator, region: str = REGION) -> dict[str, list[dict[str, str]]]:
    """The resources that examples name, by kind. The owner has them. One of each kind has tags."""
    made = {
        "workload": [emulator.create_workload(name, region=region) for name in ("Payments", "Search")],
        "lens": [emulator.create_lens("Platform Standards", region=region)],
        "template": [
            emulator.create_template(name, region=region)
            for name in ("Central Template", "Central Web", "CentralTemplateData", "CentralTemplateWeb")
        ],
        "profile": [emulator.create_profile("Business Critical", region=region)],
    }
    for resources in made.values():
        emulator.client(region=region).tag_resource(
            WorkloadArn=resources[0]["arn"], Tags={"tier": "1", "team": "payments"}
        )
    return made


def set_invitations(emulator: Emulator, region: str = REGION) -> None:
    """Invitations from the owner to the recipients; one of them with the ID that examples give."""
    from moto.wellarchitected import models

    client = emulator.client(region=region)
    workload, template = (client.list_workloads()["WorkloadSummaries"][0], _template(client))
    for recipient in RECIPIENTS:
        client.create_workload_share(WorkloadId=workload["WorkloadId"], SharedWith=recipient, PermissionType="READONLY")
    client.create_template_share(TemplateArn=template, SharedWith=RECIPIENTS[1])
    with mock.patch.object(models, "new_id", return_value=INVITATION):
        client.create_template_share(TemplateArn=template, SharedWith=RECIPIENTS[0])


def _template(client: Any) -> str:
    templates = client.list_review_templates()["ReviewTemplates"]
    return next(found["TemplateArn"] for found in templates if found["TemplateName"] == "CentralTemplateWeb")


def write_profiles(emulator: Emulator, home: Path, profiles: dict[str, dict[str, str]] | None = None) -> None:
    """An AWS configuration: the owner's credentials by default, and the named profiles that examples use.

    ``profiles``: other credentials for them.
    """
    folder = home / ".aws"
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    for section in PROFILES:
        lines.append(f"[{section}]")
        credentials = (profiles or {}).get(section, emulator.credentials())
        lines.extend(f"{key} = {value}" for key, value in credentials.items())
    (folder / "config").write_text("\n".join([*lines, ""]), encoding="utf-8")
