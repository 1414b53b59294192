# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM policies of docs/iam, and roles on the endpoint that have just them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from tests.emulator.testing import OWNER, Emulator

from .documents import ROOT
from .scene import RECIPIENTS, write_profiles

FOLDER = ROOT / "docs" / "iam"
PLACEHOLDER = "o-abcdefghij"
#: the role of each policy, in the owner's account: the names that the policies and guides give
OWNERS = {
    "owner": "WellArchitectedOwner",
    "auditor": "WellArchitectedAuditor",
    "management": "WellArchitectedAdministrator",
}
ACCEPTING = "WellArchitectedAccept"
#: denied reads that are coped with, and how
OPTIONAL = {"iam:ListAccountAliases": "amazon.aws.aws_caller_info asks for the account's alias, and does without"}


def policy(name: str, organization: str = PLACEHOLDER, without: str | None = None) -> dict[str, Any]:
    """The policy with the organization's ID filled in, and one action less."""
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    document = json.loads(text.replace(PLACEHOLDER, organization))
    for statement in document["Statement"]:
        statement["Action"] = [action for action in as_list(statement["Action"]) if action != without]
    document["Statement"] = [statement for statement in document["Statement"] if statement["Action"]]
    return document


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def allowed(name: str) -> Iterator[tuple[str, str]]:
    """Every action that the policy allows, with its resource."""
    for statement in policy(name)["Statement"]:
        assert statement["Effect"] == "Allow"
        for action in statement["Action"]:
            yield action, statement["Resource"]


def set_recipients(emulator: Emulator, without: str | None = None, accounts: Sequence[str] = RECIPIENTS) -> str:
    """The recipients' organization, which is not the owner's, and their roles. Returns the organization's ID.

    The owner may assume the role that the guides name. `Emulator.credentials` are a role's with the same policy.
    """
    organization = make_organization(emulator, "999900001111", accounts)
    trust = json.loads((FOLDER / "recipient_trust.json").read_text(encoding="utf-8"))
    for account in accounts:
        emulator.role(account, ACCEPTING, policy("recipient"), trust=trust)
        emulator.role(account, "emulator", policy("recipient", without=without))
        emulator.credentials(account)  # while anybody may assume anything
    return organization


def make_organization(emulator: Emulator, management: str, accounts: Sequence[str]) -> str:
    """An organization with these accounts besides its management account. Returns its ID."""
    from moto.organizations import utils

    client = emulator.client("organizations", management)
    organization = client.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    for account in accounts:
        with mock.patch.object(utils, "make_random_account_id", return_value=account):
            client.create_account(AccountName=account, Email=f"{account}@example.com")
    return organization


def enforce(emulator: Emulator, home: Path, *default: str) -> None:
    """From now on every call needs a policy that allows it.

    The default profile and the profile `platform` get the policies that `default` names, the profile `management` its
    own, the recipients theirs. The scene is to be complete.
    """
    organization = set_recipients(emulator)
    platform = emulator.role(OWNER, OWNERS[default[0]], *(policy(name, organization) for name in default))
    management = emulator.role(OWNER, "WellArchitectedManagement", policy("management"))
    profiles = {"default": platform, "profile platform": platform, "profile management": management}
    write_profiles(emulator, home, profiles)
    emulator.settings(iam_enforced=True)
