# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles that docs/iam/stackset.yml makes: they allow what docs/iam says, and only the hub assumes them.

The template is deployed with moto's CloudFormation, and the endpoint enforces what came of it.
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
from .in_process import Perform
from .policies import ACCEPTING, FOLDER, allowed, make_organization, policy
from .scene import REGION, set_organization
from .templates import TEMPLATES, allowed_by, deploy, roles, template

HUB, SPOKE, OTHER_MEMBER, STRANGER = OWNER, "111122223333", "222233334444", "444455556666"
SHARING = "WellArchitectedShare"
SHARE_ROLE = f"arn:aws:iam::{SPOKE}:role/{SHARING}"
ACCEPT_ROLE = f"arn:aws:iam::{SPOKE}:role/{ACCEPTING}"

TAGS = "wellarchitected:ListTagsForResource"

Keys = dict[str, str]


def test_cfn_lint_finds_nothing() -> None:
    names = [path.name for path in TEMPLATES]
    assert names == ["events_hub.yml", "events_member.yml", "stackset.yml"]
    linter = Path(sys.executable).parent / "cfn-lint"
    done = subprocess.run([linter, *names], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def stackset(emulator: Emulator, organization: str, **parameters: str) -> dict[str, str]:
    """The stack of one account. Its roles are the account's, wherever the stack is."""
    return deploy(emulator, "stackset", SPOKE, HubAccountId=HUB, OrganizationId=organization, **parameters)


# What the roles may do


@pytest.fixture
def made(emulator: Emulator, request: pytest.FixtureRequest) -> dict[str, Any]:
    """The roles that a stack with these parameters makes."""
    stackset(emulator, "o-abcdefghij", **request.param)
    return roles(emulator, SPOKE)


def about_workloads() -> dict[str, tuple[Any, Any]]:
    """The part of owner.json that is about workloads."""
    owner = allowed_by(policy("owner"))
    (tags_of,) = [arn for arn in owner[TAGS][0] if arn.endswith(":workload/*")]
    return {**{action: on for action, on in owner.items() if "Workload" in action}, TAGS: (tags_of, None)}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ({"Kinds": "all"}, {SHARING: "all", ACCEPTING: "answers"}),
        ({}, {SHARING: "workloads", ACCEPTING: "answers"}),
        ({"Roles": "share"}, {SHARING: "workloads"}),
        ({"Roles": "share", "Kinds": "all"}, {SHARING: "all"}),
        ({"Roles": "accept", "Kinds": "all"}, {ACCEPTING: "answers"}),
    ],
    indirect=["made"],
    ids=str,
)
def test_the_roles_may_do_what_the_policies_say(made: dict[str, Any], expected: dict[str, str]) -> None:
    everything = allowed_by(policy("owner"))
    # Whoever is assumed assumes nobody.
    assert everything.pop("sts:AssumeRole")
    assert len(about_workloads()) == 6
    duties = {"all": everything, "workloads": about_workloads(), "answers": allowed_by(policy("recipient"))}
    assert {name: role["allowed"] for name, role in made.items()} == {
        name: duties[duty] for name, duty in expected.items()
    }


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_names_a_partition(path: Path) -> None:
    """They serve AWS GovCloud too. moto knows one partition for all stacks, so that is for the text to show."""
    assert "arn:aws" not in path.read_text(encoding="utf-8")


def test_outputs_are_the_variables_of_the_inventory(emulator: Emulator) -> None:
    assert stackset(emulator, "o-abcdefghij") == {"ShareRoleArn": SHARE_ROLE, "AcceptRoleArn": ACCEPT_ROLE}


# Who may assume them


def assume(emulator: Emulator, keys: Keys, role: str, external_id: str = "") -> Keys | None:
    """The keys of the role, or None where whoever has `keys` is denied it."""
    client = session().client("sts", endpoint_url=emulator.url, **keys)
    more = {"ExternalId": external_id} if external_id else {}
    try:
        made = client.assume_role(RoleArn=role, RoleSessionName="test", **more)["Credentials"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return None
    return {
        "aws_access_key_id": made["AccessKeyId"],
        "aws_secret_access_key": made["SecretAccessKey"],
        "aws_session_token": made["SessionToken"],
    }


def may_assume_all(emulator: Emulator, account: str, name: str) -> Keys:
    """A role whose own policies let it assume whatever trusts it."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    return emulator.role(account, name, {"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize("role", [SHARE_ROLE, ACCEPT_ROLE])
def test_only_the_hub_assumes_the_roles(emulator: Emulator, role: str) -> None:
    organization = make_organization(emulator, "999900001111", [HUB, SPOKE, OTHER_MEMBER])
    make_organization(emulator, "888800001111", [STRANGER])
    stackset(emulator, organization)
    callers = {account: may_assume_all(emulator, account, "Caller") for account in (HUB, OTHER_MEMBER, STRANGER)}
    emulator.settings(iam_enforced=True)
    assert [account for account, keys in callers.items() if assume(emulator, keys, role)] == [HUB]


@pytest.mark.parametrize("role", [SHARE_ROLE, ACCEPT_ROLE])
def test_the_hub_does_not_either_once_it_left_the_organization(emulator: Emulator, role: str) -> None:
    organization = make_organization(emulator, "999900001111", [SPOKE])
    make_organization(emulator, "888800001111", [HUB])
    stackset(emulator, organization)
    keys = may_assume_all(emulator, HUB, "Caller")
    emulator.settings(iam_enforced=True)
    assert assume(emulator, keys, role) is None


@pytest.mark.parametrize("role", [SHARE_ROLE, ACCEPT_ROLE])
def test_an_external_id_is_asked_for_where_there_is_one(emulator: Emulator, role: str) -> None:
    organization = make_organization(emulator, "999900001111", [HUB, SPOKE])
    stackset(emulator, organization, ExternalId="reviews-2026")
    keys = may_assume_all(emulator, HUB, "Caller")
    emulator.settings(iam_enforced=True)
    given = ("reviews-2026", "reviews-2025", "")
    assert [text for text in given if assume(emulator, keys, role, text)] == ["reviews-2026"]


@pytest.mark.parametrize("role", [SHARE_ROLE, ACCEPT_ROLE])
def test_one_role_of_the_hub_is_enough(emulator: Emulator, role: str) -> None:
    organization = make_organization(emulator, "999900001111", [HUB, SPOKE])
    stackset(emulator, organization, HubRoleArn=f"arn:aws:iam::{HUB}:role/WellArchitected*")
    callers = {name: may_assume_all(emulator, HUB, name) for name in ("WellArchitectedHub", "Developer")}
    emulator.settings(iam_enforced=True)
    assert [name for name, keys in callers.items() if assume(emulator, keys, role)] == ["WellArchitectedHub"]


# What the hub does with them


def collect(emulator: Emulator, perform: Perform, without: str | None) -> str | None:
    """The hub shares the spoke's workloads with itself, and accepts them. Returns the message of the step that fails.

    `without`: an action that hub.json does not allow then.
    """
    emulator.reset()
    organization = make_organization(emulator, "999900001111", [HUB, SPOKE])
    emulator.create_workload("Payments", account=SPOKE, region=REGION)
    stackset(emulator, organization)
    hub = emulator.role(HUB, "WellArchitectedHub", policy("hub", organization, without))
    emulator.settings(iam_enforced=True)
    emulator.clear_record()
    accounts = [{"account_id": SPOKE, "role_arn": SHARE_ROLE}]
    workloads = {"accounts": accounts, "resources": [{"workload": "*"}], "shared_with": [HUB]}
    return perform(hub, "wa_shares", workloads) or perform(hub, "wa_share_invitation", {"shared_by": [SPOKE]})


def test_the_hub_collects_workloads_with_its_policy_and_the_spokes_role(emulator: Emulator, perform: Perform) -> None:
    assert collect(emulator, perform, None) is None
    assert [share["status"] for share in emulator.shares()] == ["ACCEPTED"]
    for without in dict(allowed("hub")):
        assert f"not authorized to perform: {without} " in str(collect(emulator, perform, without))


# How they are deployed


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
        parameters = template(name)["Parameters"]
        given = {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in described["Parameters"]}
        assert given.keys() >= {key for key, parameter in parameters.items() if "Default" not in parameter}
        for key, value in given.items():
            assert re.fullmatch(parameters[key]["AllowedPattern"], value), key
