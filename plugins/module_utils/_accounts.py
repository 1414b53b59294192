# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Accounts, Regions, and the client of each: one boto3 session, one AssumeRole per account, one client per place."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Callable, Generic, TypeVar

try:
    import botocore.session
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports that boto3 is missing before any of this is used.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

from ._client import WellArchitected
from ._errors import EXPIRED_CODES, UNRECOGNIZED, CredentialsUnavailable, InvalidInput, ServiceError
from ._names import escape_controls, suggestion
from ._principals import PrincipalNames
from ._session import CredentialsError, open_session
from ._shares import Resource

SERVICE = "wellarchitected"
ALL_REGIONS = "all"
RUN_CONCURRENCY_FACTOR = 4
"""The calls at once over all places, as a multiple of those in one place."""
# botocore paces and repeats what was throttled, failed in the service (5xx) or got lost; a repeated create or delete
# carries the same ClientRequestToken. Ten attempts, with its backoff of at most 20 s each, wait for two minutes.
RETRIES = {"mode": "adaptive", "total_max_attempts": 10}
ASSUME_ATTEMPTS = 3
CONNECT_TIMEOUT = 10  # seconds
READ_TIMEOUT = 30  # seconds; the service answers these calls in well under one
CLIENTS_KEPT = 128
_KEYS = ("profile_name", "aws_access_key_id", "aws_secret_access_key", "aws_session_token")

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+){1,4}-[0-9]{1,2}")
# Enabled in every account; all others have to be enabled first. Source: AWS Account Management Reference, "Enable or
# disable AWS Regions in your account" (those launched before 20 March 2019). GovCloud and China have own accounts.
_ALWAYS_ENABLED = frozenset(
    [
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    ]
)
_HOME_REGIONS = (("us-gov-", "us-gov-west-1"), ("cn-", "cn-north-1"))

NOT_ENABLED = "The account has not enabled the Region."
NOT_ENABLED_OR_INVALID = (
    "The account has not enabled the Region, or the session token of the calling credentials is not valid there."
)
DENIED_BY_SCP = "A service control policy denies the service in this Region."


@dataclass(frozen=True)
class Account:
    """An account that a task works in."""

    id: str | None
    """None: the calling account, where its ID need not be known."""
    role_arn: str | None = None
    """The role to assume; None: the task's own credentials are the account's."""
    external_id: str | None = None
    name: str | None = None
    """For messages."""

    @property
    def label(self) -> str:
        """For messages: ``team-payments (111122223333)``, or the ID alone."""
        if self.id is None:
            return "the calling account"
        return f"{escape_controls(self.name)} ({self.id})" if self.name else self.id


CALLER = Account(None)
"""The calling account."""


@dataclass(frozen=True)
class Place:
    """One account in one Region: what rate limits and credentials belong to."""

    account: Account
    region: str

    @property
    def label(self) -> str:
        """For messages: ``team-payments (111122223333) in eu-west-1``."""
        return f"{self.account.label} in {self.region}"

    def may_contain(self, resource: Resource) -> bool:
        """Whether the resource may be here, as far as its ARN shows."""
        if resource.region not in (None, self.region):
            return False
        return resource.owner is None or self.account.id in (None, resource.owner)

    def as_result(self, **more: str | None) -> dict[str, Any]:
        """The dictionary that modules return. ``more``: keys that are there only where they have a text."""
        known = {"account_id": self.account.id, "region": self.region, "name": self.account.name}
        return {**known, **{key: text for key, text in more.items() if text}}


Answer = TypeVar("Answer")


class _Once(Generic[Answer]):
    """The result of a call that is made once for any number of threads. A ServiceError is kept and raised each time."""

    def __init__(self, call: Callable[[], Answer]) -> None:
        self._call = call
        self._lock = threading.Lock()
        self._answer: Answer | None = None
        self._error: ServiceError | None = None

    @property
    def has_succeeded(self) -> bool:
        return self._answer is not None

    def get(self) -> Answer:
        with self._lock:
            if self._error is not None:
                raise self._error
            if self._answer is None:
                try:
                    self._answer = self._call()
                except ServiceError as error:
                    self._error = error
                    raise
            return self._answer


class Connections:
    """All clients of one task. One boto3 session for all: each would cost 90 ms."""

    def __init__(self, module: AnsibleAWSModule, concurrency: int = 1, region: str | None = None) -> None:
        """``concurrency``: calls at once in one place, which connection pools are sized for.

        ``region``: where the task works if neither its options nor its environment name one. Raises InvalidInput where
        there is none, and ServiceError where botocore cannot use the configuration.
        """
        self._concurrency = max(concurrency, 1)
        own_region, self._endpoint_url, self._connection = get_aws_connection_info(module)
        self.region: str = own_region or region or ""
        if not self.region:
            raise InvalidInput(
                ["region: No Region is set. Set the option region, AWS_REGION, or a profile that has one."]
            )
        self._own_config = self._connection.pop("aws_config", None)
        self._lock = threading.Lock()
        self._limiter = threading.BoundedSemaphore(self.run_concurrency)
        self._roles: dict[Account, _Once[Mapping[str, str]]] = {}
        self.names = PrincipalNames()
        """How principals are shown that AWS lists. Set before the first client is made."""
        self._botocore = botocore.session.get_session()
        # Regions that have to be enabled refuse the tokens of the global endpoint of AWS STS.
        self._botocore.set_config_variable("sts_regional_endpoints", "regional")
        self._session = _Once(self._open_session)
        # AWS STS that hangs is waited for once per account.
        self._sts = _Once(lambda: self._client("sts", self.run_concurrency, self.region, ASSUME_ATTEMPTS))
        self._caller = _Once(lambda: self._get_identity(self.region))
        self._home_caller = _Once(lambda: self._get_identity(_home_region(self.region)))
        self.client = lru_cache(CLIENTS_KEPT)(self._connect)
        """``client(place)``: the Well-Architected Tool in the place. Raises ServiceError, such as where the account's
        role cannot be assumed."""

    @property
    def run_concurrency(self) -> int:
        """Calls at once over all places."""
        return self._concurrency * RUN_CONCURRENCY_FACTOR

    @property
    def partition(self) -> str | None:
        """The partition of the Region; None where botocore does not know the Region."""
        return self._partitions.get(self.region)

    def caller(self) -> Mapping[str, str]:
        """The response of GetCallerIdentity (Account, Arn) for the task's own credentials, asked for once."""
        return self._caller.get()

    def is_own(self, account: Account) -> bool:
        """Whether the task's own credentials are the account's. Raises ServiceError where that cannot be found out."""
        return account.role_arn is None and (account.id is None or account.id == self.caller()["Account"])

    def has_assumed(self, account: Account) -> bool:
        """Whether the account's role was assumed, or need not be."""
        return account.role_arn is None or (account in self._roles and self._roles[account].has_succeeded)

    def explain_missing_role(self, account: Account) -> str | None:
        """Why the account cannot be entered: it has no role and is not the calling account. None: it can be."""
        if account.role_arn is not None or account.id is None or self.is_own(account):
            return None
        return (
            f"Account {account.id} has no role_arn and the credentials belong to {self.caller()['Account']}. Set "
            "role_arn for this account (inventory: wa_share_role_arn or wa_accept_role_arn)."
        )

    def owner_of(self, place: Place) -> str:
        """The account ID of the place. Raises ServiceError where it has to be asked for and cannot be."""
        return place.account.id or self.caller()["Account"]

    def explain_skip(self, place: Place, error: ServiceError) -> str | None:
        """Why a Region that only ``all`` selected has nothing to read, which is not a failure; None: it is one."""
        if error.operation == "AssumeRole":
            return None  # That is about the account and not about its Region.
        if error.is_denied_by_scp:
            return DENIED_BY_SCP
        if error.code != UNRECOGNIZED or not _must_be_enabled(place.region):
            return None
        if place.account.role_arn is not None:
            return NOT_ENABLED  # AWS STS has just issued the keys.
        try:
            self._home_caller.get()
        except ServiceError:
            return None
        return NOT_ENABLED_OR_INVALID if self._has_session_token() else NOT_ENABLED

    def check_regions(self, listed: Sequence[str] | None, errors: list[str]) -> tuple[tuple[str, ...], list[str]]:
        """The Regions of the option ``regions``, each once, in their order, and warnings about them.

        None: the Region of the task. What is wrong is added to ``errors``.
        """
        if listed == []:
            errors.append("regions: The list is empty. Leave the option out to use the Region of the task.")
        partitions, regions = self._partitions, dict.fromkeys(() if listed else (self.region,))
        partition = partitions.get(self.region)
        for position, text in enumerate(listed or ()):
            if text == ALL_REGIONS:
                regions.update(dict.fromkeys(self._regions_of_service(partition)))
                if not partition:
                    errors.append(
                        f"regions[{position}]: botocore does not know the Region {self.region}, so it does not know "
                        f"which Regions {ALL_REGIONS!r} includes. List the Regions."
                    )
            elif not _REGION.fullmatch(text):
                hint = suggestion(text, (*partitions, ALL_REGIONS))
                errors.append(
                    f"regions[{position}]: {text!r} is not a valid Region{hint}. Expected a name such as us-east-1."
                )
            elif partition and partitions.get(text, partition) != partition:
                errors.append(
                    f"regions[{position}]: {text} is in the partition {partitions[text]}, but the credentials are used "
                    f"in {self.region}, in {partition}. No credentials are valid in two partitions."
                )
            else:
                regions[text] = None
        known = self._regions_of_service(None)
        unknown = [] if self._endpoint_url else [region for region in regions if region not in known]
        return tuple(regions), [
            f"botocore does not list the AWS Well-Architected Tool in the Region {region}. If the task fails there, "
            f"check the name{suggestion(region, known)}."
            for region in unknown
        ]

    @cached_property
    def _partitions(self) -> dict[str, str]:
        """The partition of each Region that botocore knows. AWS STS is in every Region."""
        return {
            region: str(partition)
            for partition in self._botocore.get_available_partitions()
            for region in self._botocore.get_available_regions("sts", partition)
        }

    def _regions_of_service(self, partition: str | None) -> list[str]:
        partitions = [partition] if partition else self._botocore.get_available_partitions()
        return [region for one in partitions for region in self._botocore.get_available_regions(SERVICE, one)]

    def _connect(self, place: Place) -> WellArchitected:
        account, region = place.account, place.region
        if account.role_arn is None:
            client = self._client(SERVICE, self._concurrency, region)
            return WellArchitected(
                client,
                self._limiter,
                self.names,
                account.id or (lambda: self.caller()["Account"]),
                explain_unrecognized=lambda: self._explain_unrecognized(region),
            )
        with self._lock:
            role = self._roles.setdefault(account, _Once(lambda: self._assume(account)))
        keys = role.get()

        def reconnect() -> Any:
            nonlocal role
            with self._lock:
                # The client of another Region may have renewed them.
                if self._roles[account] is role:
                    self._roles[account] = _Once(lambda: self._assume(account))
                role = self._roles[account]
            return self._client(SERVICE, self._concurrency, region, keys=role.get())

        owner = account.role_arn.split(":")[4]
        client = self._client(SERVICE, self._concurrency, region, keys=keys)
        return WellArchitected(
            client, self._limiter, self.names, owner, reconnect, lambda: _explain_valid_credentials(owner, region)
        )

    def _assume(self, account: Account) -> Mapping[str, str]:
        """The keys of the account's role, as a client takes them."""
        role_arn = account.role_arn or ""
        sts = self._sts.get()
        condition = {"ExternalId": account.external_id} if account.external_id else {}
        try:
            with self._limiter:
                response = sts.assume_role(RoleArn=role_arn, RoleSessionName="wellarchitected.sharing", **condition)
            keys = response["Credentials"]
            return {
                "aws_access_key_id": keys["AccessKeyId"],
                "aws_secret_access_key": keys["SecretAccessKey"],
                "aws_session_token": keys["SessionToken"],
            }
        except (BotoCoreError, ClientError) as cause:
            error = ServiceError("assume the role", cause, "AssumeRole", role_arn, (role_arn, account.id or ""))
            if error.is_denied and not error.is_denied_by_scp:
                error.advice = "The role must exist and trust these credentials, which need sts:AssumeRole on it"
            raise error from cause

    def _get_identity(self, region: str) -> Mapping[str, str]:
        try:
            sts = self._client("sts", 1, region, attempts=1)
            ask = AWSRetry.jittered_backoff(retries=4, delay=1, max_delay=4)(sts.get_caller_identity)
            response = ask()
            return {"Account": str(response["Account"]), "Arn": str(response.get("Arn") or "")}
        except (BotoCoreError, ClientError, KeyError) as cause:
            error = ServiceError("find out which account the credentials belong to", cause, "GetCallerIdentity")
            if error.code not in EXPIRED_CODES and not error.lacks_credentials:
                error.advice = (
                    "If endpoint_url is an endpoint of the Well-Architected Tool only, set it in the environment "
                    "instead (AWS_ENDPOINT_URL_WELLARCHITECTED), so that AWS STS keeps its own"
                )
            raise error from cause

    def _open_session(self) -> Any:
        """The boto3 session, with its credentials, so that what goes wrong with them is not taken for the service's."""
        keys = {key: self._connection.pop(key, None) for key in _KEYS}
        try:
            return open_session(botocore_session=self._botocore, **keys)
        except CredentialsError as cause:
            error = ServiceError("obtain AWS credentials", CredentialsUnavailable(why=cause.reason), "")
            error.advice = cause.advice
            raise error from cause

    def _has_session_token(self) -> bool:
        return bool(self._session.get().get_credentials().get_frozen_credentials().token)

    def _explain_unrecognized(self, region: str) -> str:
        """What an UnrecognizedClientException for the task's own credentials means. Asks AWS STS in the home Region."""
        try:
            return _explain_valid_credentials(self._home_caller.get()["Account"], region)
        except ServiceError as error:
            if error.code not in EXPIRED_CODES | {"InvalidClientTokenId", UNRECOGNIZED} and _must_be_enabled(region):
                return (
                    f"Either the credentials are not valid, or the account has not enabled {region}. {_enable(region)}"
                )
        return ""

    def _client(
        self, service: str, pool: int, region: str, attempts: int | None = None, keys: Mapping[str, str] | None = None
    ) -> Any:
        """A boto3 client. ``keys``: None: the task's own. A session makes one client at a time."""
        config = Config(
            retries=RETRIES, max_pool_connections=pool, connect_timeout=CONNECT_TIMEOUT, read_timeout=READ_TIMEOUT
        )
        if self._own_config:
            config = config.merge(self._own_config)
        if attempts is not None:
            config = config.merge(Config(retries={"mode": "standard", "total_max_attempts": attempts}))
        session = self._session.get()
        try:
            with self._lock:
                return session.client(
                    service,
                    region_name=region,
                    endpoint_url=self._endpoint_url,
                    config=config,
                    **{**self._connection, **(keys or {})},
                )
        except (BotoCoreError, ValueError) as cause:
            raise ServiceError("create a client", cause, "", f"for {service} in {region}") from cause


def _must_be_enabled(region: str) -> bool:
    return region not in _ALWAYS_ENABLED and not region.startswith(tuple(prefix for prefix, _home in _HOME_REGIONS))


def _home_region(region: str) -> str:
    """A Region of the same partition that every account has."""
    return next((home for prefix, home in _HOME_REGIONS if region.startswith(prefix)), "us-east-1")


def _explain_valid_credentials(account: str, region: str) -> str:
    """What an UnrecognizedClientException means where AWS STS accepts the credentials."""
    if _must_be_enabled(region):
        return f"The credentials are valid, but account {account} has not enabled {region}. {_enable(region)}"
    return f"AWS STS accepts these credentials, of account {account}. Check the Region {region} and endpoint_url"


def _enable(region: str) -> str:
    return (
        f"Enable {region} for the account, or leave it out. If it is enabled, the credentials came from the global "
        "endpoint of AWS STS: get them from a regional one (AWS_STS_REGIONAL_ENDPOINTS=regional)"
    )
