# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM policies of docs/iam, and roles on the endpoint that have just them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from tests.emulator.testing import OWNER, Emulator

from .documents import ROOT
from .scene import RECIPIENTS, write_profiles

FOLDER = ROOT / "docs" / "iam"
PLACEHOLDER = "o-abcdefghij"
MANAGEMENT = "999900001111"
ACCEPT_ROLE = "WellArchitectedAccept"
#: the role of each policy, in the owner's account: the names that the policies and guides give
OWNERS = {
    "owner": "WellArchitectedOwner",
    "auditor": "WellArchitectedAuditor",
    "hub": "WellArchitectedHub",
    "management": "WellArchitectedAdministrator",
}
HOME_REGIONS = {"aws": "eu-west-1", "aws-us-gov": "us-gov-west-1"}


def policy(name: str, organization: str = PLACEHOLDER, without: str | None = None) -> dict[str, Any]:
    """The policy with the organization's ID in it, and without one action."""
    document = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8").replace(PLACEHOLDER, organization))
    for statement in document["Statement"]:
        statement["Action"] = [action for action in as_list(statement["Action"]) if action != without]
    document["Statement"] = [statement for statement in document["Statement"] if statement["Action"]]
    return document


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def actions(name: str) -> list[str]:
    """Every action that the policy allows, once."""
    return list({action: None for statement in policy(name)["Statement"] for action in statement["Action"]})


def allowed_by(*policies: dict[str, Any]) -> set[tuple[str, str]]:
    """The actions that the policies allow, each with a resource. No statement denies anything."""
    statements = [statement for one in policies for statement in one["Statement"]]
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    return {
        (action, resource)
        for statement in statements
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    }


def make_organization(emulator: Emulator, management: str, accounts: Sequence[str], region: str = "us-east-1") -> str:
    """An organization with these accounts besides its management account. Returns its ID."""
    from moto.organizations import utils

    client = emulator.client("organizations", management, region)
    organization = client.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    for account in accounts:
        with mock.patch.object(utils, "make_random_account_id", return_value=account):
            client.create_account(AccountName=account, Email=f"{account}@example.com")
    return organization


def set_recipients(emulator: Emulator, without: str | None = None, partition: str = "aws") -> str:
    """The recipients' organization, which is not the owner's, and their roles. Returns the organization's ID.

    The owner may assume the role that the guides name. `Emulator.credentials` are a role's with the same policy, but
    for one action.
    """
    organization = make_organization(emulator, MANAGEMENT, RECIPIENTS, HOME_REGIONS[partition])
    trust = json.loads((FOLDER / "recipient_trust.json").read_text(encoding="utf-8"))
    for account in RECIPIENTS:
        emulator.role(account, ACCEPT_ROLE, policy("recipient"), trust=trust, partition=partition)
        emulator.role(account, "emulator", policy("recipient", without=without), partition=partition)
        emulator.credentials(account, partition)  # while every account may assume the role
    return organization


def enforce(emulator: Emulator, home: Path, *default: str) -> None:
    """From now on every call needs a policy that allows it.

    The default profile and the profile `platform` get the policies that `default` names, the profile `management` its
    own, the recipients theirs. The scene must be complete.
    """
    organization = set_recipients(emulator)
    platform = emulator.role(OWNER, OWNERS[default[0]], *(policy(name, organization) for name in default))
    management = emulator.role(OWNER, "WellArchitectedManagement", policy("management"))
    profiles = {"default": platform, "profile platform": platform, "profile management": management}
    write_profiles(emulator, home, profiles)
    emulator.settings(iam_enforced=True)
