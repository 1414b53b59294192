# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CloudFormation templates of docs/iam, and stacks of them on the endpoint."""

from __future__ import annotations

from functools import cache
from typing import Any

from cfnlint.decode import decode

from tests.emulator.testing import Emulator

from .policies import FOLDER, as_list

TEMPLATES = sorted(FOLDER.glob("*.yml"))


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

    moto passes over AWS::Events::EventBusPolicy and AWS::SQS::QueuePolicy, and says so.
    """
    client = emulator.client("cloudformation", account, region)
    client.create_stack(
        StackName=name.replace("_", "-"),
        TemplateBody=(FOLDER / f"{name}.yml").read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    stack = client.describe_stacks(StackName=name.replace("_", "-"))["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def roles(emulator: Emulator, account: str, region: str = "us-east-1") -> dict[str, dict[str, Any]]:
    """The roles of the account by name: {trust: the trust policy, allowed: {action: (resource, condition)}}."""
    client = emulator.client("iam", account, region)
    found: dict[str, dict[str, Any]] = {}
    for role in client.list_roles()["Roles"]:
        name = role["RoleName"]
        policies = [
            client.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            for policy in client.list_role_policies(RoleName=name)["PolicyNames"]
        ]
        found[name] = {"trust": role["AssumeRolePolicyDocument"], "allowed": allowed_by(*policies)}
    return found


def allowed_by(*policies: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What the policies allow: {action: (resource, condition)}, where several resources are a tuple. Nothing is denied.

    Each action is allowed once for a resource.
    """
    allowed: dict[str, tuple[Any, Any]] = {}
    for statement in (one for policy in policies for one in policy["Statement"]):
        assert statement["Effect"] == "Allow"
        for action in as_list(statement["Action"]):
            resource, condition = statement["Resource"], statement.get("Condition")
            if action in allowed:
                there, same = allowed[action]
                there = there if isinstance(there, tuple) else (there,)
                assert condition == same
                assert resource not in there, f"{action} is allowed twice"
                resource = tuple(sorted((*there, resource)))
            allowed[action] = (resource, condition)
    return allowed
