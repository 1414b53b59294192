# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two accounts, as the environment names them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

SERVICE = "wellarchitected"
OWNER, RECIPIENT = "WA_OWNER_PROFILE", "WA_RECIPIENT_PROFILE"
ORGANIZATION, UNIT = "WA_ORGANIZATION_ID", "WA_OU_ID"
SWITCH = "WA_SWITCH_ORGANIZATION_SHARING"
_PATTERNS = {ORGANIZATION: r"o-[a-z0-9]{10,32}", UNIT: r"ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}"}
_CONFIG = Config(retries={"mode": "standard", "max_attempts": 8}, connect_timeout=10, read_timeout=30)


class NotReady(Exception):
    """The run cannot begin; says what to do."""


@dataclass(frozen=True)
class Account:
    """An account, and how to ask it."""

    profile: str
    id: str
    partition: str
    session: boto3.Session

    def client(self, service: str = SERVICE, region: str | None = None) -> Any:
        return self.session.client(service, region_name=region, config=_CONFIG)


@dataclass(frozen=True)
class Accounts:
    """Who owns what is shared, who it is shared with, and, where given, the organization and OU to share it with."""

    owner: Account
    recipient: Account
    region: str
    organization: str | None = None
    unit: str | None = None
    #: whether organization sharing may be switched on for a moment
    may_switch: bool = False


def accounts_from(environment: Mapping[str, str]) -> Accounts:
    """The accounts that the variables name. Raises NotReady with what is wrong with them."""
    missing = [name for name in (OWNER, RECIPIENT, "AWS_REGION") if not environment.get(name)]
    if missing:
        raise NotReady(
            f"Set {', '.join(missing)}. {OWNER} and {RECIPIENT} name AWS profiles (aws configure list-profiles) of two "
            "accounts: one that shares, and one that it shares with. AWS_REGION is where."
        )
    for name, pattern in _PATTERNS.items():
        if environment.get(name) and not re.fullmatch(pattern, environment[name]):
            raise NotReady(f"{name} is {environment[name]!r}, which is not the ID of one ({pattern}).")
    region = environment["AWS_REGION"]
    _check_region(region)
    owner, recipient = (_account(environment[name], name, region) for name in (OWNER, RECIPIENT))
    if owner.id == recipient.id:
        raise NotReady(
            f"{OWNER} ({owner.profile}) and {RECIPIENT} ({recipient.profile}) are both account {owner.id}. "
            "An owner cannot be its own recipient: name a profile of another account."
        )
    for account in (owner, recipient):
        _check_service(account, region)
    return Accounts(
        owner,
        recipient,
        region,
        environment.get(ORGANIZATION) or None,
        environment.get(UNIT) or None,
        environment.get(SWITCH, "").lower() in ("1", "true", "yes"),
    )


def service_regions(region: str) -> list[str]:
    """The regions that have the service, in the partition of `region`, as botocore knows them."""
    session = boto3.Session()
    return session.get_available_regions(SERVICE, partition_name=session.get_partition_for_region(region))


def _check_region(region: str) -> None:
    try:
        regions = service_regions(region)
    except BotoCoreError as problem:
        raise NotReady(f"AWS_REGION is {region!r}: {problem}") from problem
    if region not in regions:
        has = f"It is in {', '.join(regions)}." if regions else "No region of its partition has it."
        raise NotReady(f"AWS_REGION is {region}, which does not have the AWS Well-Architected Tool. {has}")


def _account(profile: str, variable: str, region: str) -> Account:
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        identity = session.client("sts", config=_CONFIG).get_caller_identity()
    except (BotoCoreError, ClientError) as problem:
        raise NotReady(f"The profile {profile!r} of {variable} does not work: {problem}") from problem
    return Account(profile, identity["Account"], identity["Arn"].split(":")[1], session)


def _check_service(account: Account, region: str) -> None:
    try:
        account.client().get_global_settings()
    except (BotoCoreError, ClientError) as problem:
        code = problem.response["Error"]["Code"] if isinstance(problem, ClientError) else ""
        disabled = f" The credentials are good, so {region} may not be enabled in the account."
        raise NotReady(
            f"Account {account.id} (profile {account.profile}) cannot use the AWS Well-Architected Tool in {region}: "
            f"{problem}{disabled if code == 'UnrecognizedClientException' else ''}"
        ) from problem
