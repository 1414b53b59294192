# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles that docs/iam/stackset.yml makes: they allow what docs/iam says, and only the hub assumes them.

The template is deployed with moto's CloudFormation, and the endpoint enforces the result. What the hub does with the
roles is in test_iam.py.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from awscli.clidriver import create_clidriver
from botocore.exceptions import ClientError

from tests.emulator.testing import OWNER, Emulator, session

from .conftest import keys
from .documents import blocks_of, documents
from .policies import ACCEPT_ROLE, FOLDER, allowed_by, make_organization, policy
from .scene import REGION, set_organization
from .templates import EXTERNAL_ID, TEMPLATES, deploy_stackset, roles, template

HUB, SPOKE, OTHER_MEMBER, STRANGER = OWNER, "111122223333", "222233334444", "444455556666"
SHARE_ROLE, AUDIT_ROLE = "WellArchitectedShare", "WellArchitectedAudit"
ORGANIZATION = "o-abcdefghij"


def test_cfn_lint_finds_nothing() -> None:
    names = [path.name for path in TEMPLATES]
    assert names == ["events_hub.yml", "events_member.yml", "stackset.yml"]
    linter = Path(sys.executable).parent / "cfn-lint"
    done = subprocess.run([linter, *names], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_names_a_partition(path: Path) -> None:
    assert "arn:aws" not in path.read_text(encoding="utf-8")


# What the roles may do


def rights(name: str) -> set[tuple[str, str]]:
    """What a policy of docs/iam allows in the partition aws, except assuming a role: no role assumes another."""
    allowed = allowed_by(policy(name))
    return {(action, on.replace("arn:*:", "arn:aws:")) for action, on in allowed if action != "sts:AssumeRole"}


def about_workloads() -> set[tuple[str, str]]:
    return {(action, on) for action, on in rights("owner") if "Workload" in action or on.endswith(":workload/*")}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {SHARE_ROLE: "workloads", ACCEPT_ROLE: "recipient", AUDIT_ROLE: "auditor"}),
        ({"Kinds": "all"}, {SHARE_ROLE: "owner", ACCEPT_ROLE: "recipient", AUDIT_ROLE: "auditor"}),
        ({"AcceptRoleName": "", "AuditRoleName": ""}, {SHARE_ROLE: "workloads"}),
        ({"ShareRoleName": "", "Kinds": "all"}, {ACCEPT_ROLE: "recipient", AUDIT_ROLE: "auditor"}),
        ({"ShareRoleName": "", "AcceptRoleName": "", "AuditRoleName": "Reader"}, {"Reader": "auditor"}),
    ],
    ids=str,
)
def test_the_roles_may_do_what_the_policies_say(
    emulator: Emulator, parameters: dict[str, str], expected: dict[str, str]
) -> None:
    deploy_stackset(emulator, SPOKE, ORGANIZATION, **parameters)
    made = {name: allowed_by(*role["Policies"]) for name, role in roles(emulator, SPOKE).items()}
    assert made == {
        name: about_workloads() if policies == "workloads" else rights(policies) for name, policies in expected.items()
    }


def test_the_audit_role_changes_nothing(emulator: Emulator) -> None:
    deploy_stackset(emulator, SPOKE, ORGANIZATION)
    allowed = allowed_by(*roles(emulator, SPOKE)[AUDIT_ROLE]["Policies"])
    assert {action.partition(":")[2][:4] for action, _on in allowed} == {"List"}


def test_a_path_and_a_permissions_boundary_are_those_of_every_role(emulator: Emulator) -> None:
    boundary = f"arn:aws:iam::{SPOKE}:policy/Boundary"
    outputs = deploy_stackset(
        emulator, SPOKE, ORGANIZATION, RolePath="/partners/reviews/", PermissionsBoundaryArn=boundary
    )
    made = roles(emulator, SPOKE).values()
    assert [role["PermissionsBoundary"]["PermissionsBoundaryArn"] for role in made] == [boundary] * 3
    prefix = f"arn:aws:iam::{SPOKE}:role/partners/reviews/"
    assert outputs == {
        "ShareRoleArn": prefix + SHARE_ROLE,
        "AcceptRoleArn": prefix + ACCEPT_ROLE,
        "AuditRoleArn": prefix + AUDIT_ROLE,
    }


# Who may assume them


def may_assume(emulator: Emulator, credentials: dict[str, str], role: str, external_id: str = EXTERNAL_ID) -> bool:
    """Whether the holder of the credentials may assume the role of this name in the spoke."""
    client = session().client("sts", endpoint_url=emulator.url, **credentials)
    more = {"ExternalId": external_id} if external_id else {}
    try:
        client.assume_role(RoleArn=f"arn:aws:iam::{SPOKE}:role/{role}", RoleSessionName="test", **more)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True


def caller(emulator: Emulator, account: str, name: str) -> dict[str, str]:
    """The credentials of a role whose own policies let it assume every role that trusts it."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    return emulator.role(account, name, {"Version": "2012-10-17", "Statement": [statement]})


def test_only_the_hubs_role_assumes_them_and_only_with_the_external_id(emulator: Emulator) -> None:
    organization = make_organization(emulator, "999900001111", [HUB, SPOKE, OTHER_MEMBER])
    make_organization(emulator, "888800001111", [STRANGER])
    auditor = f"arn:aws:iam::{HUB}:role/Auditor"
    deploy_stackset(emulator, SPOKE, organization, AuditorRoleArn=auditor)
    asking = [
        (HUB, "WellArchitectedHub"),
        (HUB, "Auditor"),
        (HUB, "Developer"),
        (OTHER_MEMBER, "WellArchitectedHub"),
        (STRANGER, "WellArchitectedHub"),
    ]
    callers = {names: caller(emulator, *names) for names in asking}
    emulator.settings(iam_enforced=True)

    def who(role: str, external_id: str = EXTERNAL_ID) -> list[str]:
        return [names[1] for names, held in callers.items() if may_assume(emulator, held, role, external_id)]

    assert who(SHARE_ROLE) == ["WellArchitectedHub"]
    assert who(ACCEPT_ROLE) == ["WellArchitectedHub"]
    assert who(AUDIT_ROLE) == ["WellArchitectedHub", "Auditor"]
    assert [who(role, given) for role in (SHARE_ROLE, ACCEPT_ROLE, AUDIT_ROLE) for given in ("", "other")] == [[]] * 6


def test_the_hub_does_not_once_it_left_the_organization(emulator: Emulator) -> None:
    organization = make_organization(emulator, "999900001111", [SPOKE])
    make_organization(emulator, "888800001111", [HUB])
    deploy_stackset(emulator, SPOKE, organization)
    hub = caller(emulator, HUB, "WellArchitectedHub")
    emulator.settings(iam_enforced=True)
    assert not [role for role in (SHARE_ROLE, ACCEPT_ROLE, AUDIT_ROLE) if may_assume(emulator, hub, role)]


# How they are deployed


def parameters_of(name: str) -> dict[str, dict[str, Any]]:
    return template(name)["Parameters"]


def test_what_protects_the_roles_has_no_default() -> None:
    required = {key for key, parameter in parameters_of("stackset").items() if "Default" not in parameter}
    assert required == {"HubAccountId", "OrganizationId", "HubRoleArn", "ExternalId"}
    assert not [key for key in required if re.fullmatch(parameters_of("stackset")[key]["AllowedPattern"], "")]


def aws_commands() -> list[tuple[str, list[str]]]:
    """The commands of AWS CLI in the guides, with where they are."""
    blocks = (block for path in documents() for block in blocks_of(path) if block.language == "console")
    return [(block.where, words) for block in blocks for words in block.commands if words[:1] == ["aws"]]


@pytest.mark.filterwarnings("ignore:Tried to parse AWS..(Events..EventBusPolicy|SQS..QueuePolicy)")
def test_the_guides_commands_deploy_the_templates(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """On moto, which makes no stacks of organizational units; so far as AWS CLI and it check them."""
    set_organization(emulator)
    monkeypatch.chdir(FOLDER)
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
    for key, value in keys(emulator, None).items():
        monkeypatch.setenv(key, value)
    for where, words in aws_commands():
        assert create_clidriver().main(words[1:]) == 0, where
    client = emulator.client("cloudformation", region=REGION)
    made = client.list_stack_sets()["Summaries"]
    assert {one["StackSetName"] for one in made} == {"wellarchitected-sharing", "wellarchitected-sharing-events"}
    for one in made:
        described = client.describe_stack_set(StackSetName=one["StackSetName"])["StackSet"]
        (name,) = [path.stem for path in TEMPLATES if path.read_text(encoding="utf-8") == described["TemplateBody"]]
        given = {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in described["Parameters"]}
        parameters = parameters_of(name)
        assert given.keys() >= {key for key, parameter in parameters.items() if "Default" not in parameter}
        for key, value in given.items():
            assert re.fullmatch(parameters[key]["AllowedPattern"], value), key
