# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that cannot begin says what to do, and makes nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.aws.__main__ import run
from tests.aws.accounts import NotReady, accounts_from
from tests.emulator.testing import Emulator

from .conftest import PACE, everything

REFUSED = [
    ({"WA_OWNER_PROFILE": "", "AWS_REGION": ""}, "Set WA_OWNER_PROFILE, AWS_REGION."),
    ({"WA_RECIPIENT_PROFILE": "wa-missing"}, "The profile 'wa-missing' of WA_RECIPIENT_PROFILE does not work"),
    ({"WA_RECIPIENT_PROFILE": "wa-owner"}, "are both account 123456789012"),
    ({"AWS_REGION": "cn-north-1"}, "does not have the AWS Well-Architected Tool. No region of its partition has it."),
    (
        {"AWS_REGION": "af-south-1"},
        "AWS_REGION is af-south-1, which does not have the AWS Well-Architected Tool. It is",
    ),
    ({"AWS_REGION": "nowhere"}, "AWS_REGION is 'nowhere'"),
    ({"WA_ORGANIZATION_ID": "123"}, "WA_ORGANIZATION_ID is '123', which is not the ID of one"),
    ({"WA_OU_ID": "o-abcdefghij"}, "WA_OU_ID is 'o-abcdefghij', which is not the ID of one"),
]


@pytest.mark.parametrize(("variables", "message"), REFUSED)
def test_says_what_is_wrong_with_the_variables(
    aws: Emulator, environment: dict[str, str], variables: dict[str, str], message: str
) -> None:
    with pytest.raises(NotReady, match=re.escape(message)):
        accounts_from({**environment, **variables})
    assert aws.record() == []


def test_says_that_a_region_is_not_enabled(aws: Emulator, environment: dict[str, str]) -> None:
    aws.settings(disabled_regions=["us-east-1"])
    with pytest.raises(NotReady, match="The credentials are good, so us-east-1 may not be enabled in the account"):
        accounts_from(environment)


@pytest.mark.usefixtures("organization")
def test_says_that_a_recipient_in_the_organization_gets_no_invitations(
    aws: Emulator, environment: dict[str, str], tmp_path: Path
) -> None:
    member = aws.client("organizations").create_account(AccountName="Member", Email="member@example.com")
    account = member["CreateAccountStatus"]["AccountId"]
    with open(environment["AWS_CONFIG_FILE"], "a", encoding="utf-8") as config:
        config.write("[profile wa-member]\n")
        config.writelines(f"{name} = {value}\n" for name, value in aws.credentials(account).items())
    accounts = accounts_from({**environment, "WA_RECIPIENT_PROFILE": "wa-member"})
    with pytest.raises(NotReady, match="Take a recipient outside the organization"):
        run(accounts, PACE, tmp_path)
    assert everything(aws) == []
