# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CloudFormation templates of docs/iam, and stacks of them on the endpoint."""

from __future__ import annotations

from functools import cache
from typing import Any

from cfnlint.decode import decode

from tests.emulator.testing import OWNER, Emulator

from .policies import FOLDER

TEMPLATES = sorted(FOLDER.glob("*.yml"))
EXTERNAL_ID = "reviews-2026"


@cache
def template(name: str) -> dict[str, Any]:
    """The template as it stands, with functions in their long form, such as {"Ref": ...} and {"Fn::GetAtt": [...]}."""
    found, _matches = decode(str(FOLDER / f"{name}.yml"))
    return found


def resources(name: str, kind: str) -> dict[str, dict[str, Any]]:
    """The properties of the template's resources of one type, by their logical ID."""
    return {
        key: resource["Properties"] for key, resource in template(name)["Resources"].items() if resource["Type"] == kind
    }


def deploy(
    emulator: Emulator, name: str, account: str | None, region: str = "us-east-1", **parameters: str
) -> dict[str, str]:
    """Make a stack of the template. Returns its outputs.

    moto ignores AWS::Events::EventBusPolicy and AWS::SQS::QueuePolicy, with a warning, and takes AWS::Partition for
    `aws` in every Region.
    """
    client = emulator.client("cloudformation", account, region)
    partition = "aws-us-gov" if region.startswith("us-gov-") else "aws"
    client.create_stack(
        StackName=name.replace("_", "-"),
        TemplateBody=(FOLDER / f"{name}.yml").read_text(encoding="utf-8").replace("${AWS::Partition}", partition),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    stack = client.describe_stacks(StackName=name.replace("_", "-"))["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def deploy_stackset(
    emulator: Emulator, account: str, organization: str, region: str = "us-east-1", **parameters: str
) -> dict[str, str]:
    """The StackSet's stack in one account, which trusts the owner's roles WellArchitected*. Returns its outputs."""
    partition = "aws-us-gov" if region.startswith("us-gov-") else "aws"
    required = {
        "HubAccountId": OWNER,
        "OrganizationId": organization,
        "HubRoleArn": f"arn:{partition}:iam::{OWNER}:role/WellArchitected*",
        "ExternalId": EXTERNAL_ID,
    }
    return deploy(emulator, "stackset", account, region, **{**required, **parameters})


def roles(emulator: Emulator, account: str, region: str = "us-east-1") -> dict[str, dict[str, Any]]:
    """The roles of the account by name, as IAM has them, with their `Policies`."""
    client = emulator.client("iam", account, region)
    return {
        role["RoleName"]: {
            **client.get_role(RoleName=role["RoleName"])["Role"],
            "Policies": [
                client.get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"]
                for name in client.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
            ],
        }
        for role in client.list_roles()["Roles"]
    }
