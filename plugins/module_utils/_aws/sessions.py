# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Whose credentials a call carries, and in which region: amazon.aws's options, one boto3 session for all clients."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Callable
from urllib.parse import urlsplit

try:
    import boto3
    import botocore.session
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule says that boto3 is missing before any of this is used.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

from .._model.invalid_input import InvalidInput
from .._model.places import OVER_ALL, OWN, Account, Place, parse_regions
from .._model.principal_names import PrincipalNames
from .errors import EXPIRED_CODES, UNRECOGNIZED, ServiceError
from .once import Once
from .page_sizes import PageSizes
from .regions import home_region, must_be_enabled, partitions_of_regions, regions_of_service
from .role_clients import RoleClient, RoleClients
from .service import WellArchitected

# botocore paces and repeats what was throttled, failed in the service (5xx) or got lost; a repeated create or delete
# carries the same ClientRequestToken. Ten attempts with its backoff (at most 20 s each) are a patience of two minutes.
RETRIES = {"mode": "adaptive", "total_max_attempts": 10}
ASSUME_ATTEMPTS = 3
CONNECT_TIMEOUT = 10  # seconds
READ_TIMEOUT = 30  # seconds; the service answers these calls in well under one

CLIENTS_KEPT = 40
"""Places whose clients are kept for another call. There may be thousands of places: the others share theirs."""

_WHO = "find out which account these credentials belong to"


class Sessions:
    """All clients of one task. One session for all: another one for every client would cost 90 ms each."""

    def __init__(self, module: AnsibleAWSModule, concurrency: int = 1, region: str | None = None) -> None:
        """``concurrency``: how many calls may be under way at once in one place; the connection pools are sized for it.
        ``region``: the client's, where the task and its environment name none.

        Raises InvalidInput where there is no region, and ServiceError where botocore cannot work with the options.
        """
        self._concurrency = concurrency
        own, endpoint_url, connection = get_aws_connection_info(module)
        region = own or region
        if not region:
            raise InvalidInput(["There is no region: set the option region, AWS_REGION, or a profile that has one"])
        self.region: str = region
        """The client's: where AWS STS is asked, and where a task works that names no other."""
        self._endpoint_url = endpoint_url
        self._own_config = connection.pop("aws_config", None)
        self._connection = connection
        self._lock = threading.Lock()
        self._page_sizes = PageSizes()
        self._under_way = threading.BoundedSemaphore(max(concurrency, 1) * OVER_ALL)
        self._services: dict[Place, WellArchitected] = {}
        self._role_clients = RoleClients(self._role_client)
        self._roles: dict[Account, _Role] = {}
        self.names = PrincipalNames()
        """How principals are read, and shown where AWS lists them. To be set before the first client is made."""
        try:
            underlying = botocore.session.get_session()
            # Regions that have to be enabled refuse what the global endpoint of AWS STS gives.
            underlying.set_config_variable("sts_regional_endpoints", "regional")
            self._session = boto3.session.Session(
                botocore_session=underlying, profile_name=connection.pop("profile_name", None)
            )
        except BotoCoreError as cause:
            raise ServiceError("use the profile", cause, "") from cause
        # A hang of AWS STS is met once for each account: ten attempts of each would take minutes.
        self._sts = Once(lambda: self._client("sts", self.over_all, self.region, attempts=ASSUME_ATTEMPTS))
        self._role_session = Once(lambda: _session_beside(underlying))
        self._caller = Once(self._ask_caller)
        self._unrecognized = Once(self._ask_elsewhere)

    @property
    def over_all(self) -> int:
        """How many calls may be under way at once over all places."""
        return max(self._concurrency, 1) * OVER_ALL

    @property
    def partition(self) -> str | None:
        """The partition of the region; None where botocore does not know it."""
        return partitions_of_regions(self._session).get(self.region)

    def regions(self, listed: Sequence[Any] | None) -> tuple[str, ...]:
        """The regions of the option ``regions``. Raises InvalidInput that names every fault."""
        if listed is None:
            return (self.region,)
        partitions = partitions_of_regions(self._session)
        there = regions_of_service(self._session, "wellarchitected")
        of_service = [region for region in there if partitions.get(region) == partitions.get(self.region)]
        return parse_regions(listed, self.region, of_service, partitions)

    def own(self, region: str | None = None) -> WellArchitected:
        """The Well-Architected Tool with the task's own credentials. ``region``: None: the client's."""
        return self.service(Place(OWN, region or self.region))

    def service(self, place: Place) -> WellArchitected:
        """The Well-Architected Tool in the place, until it is left. Cheap where it was not left since.

        Raises ServiceError where the account's role cannot be assumed.
        """
        with self._lock:
            known = self._services.get(place)
        if known is not None:
            return known
        service = self._connect(place)
        with self._lock:
            self._services[place] = service
        return service

    def leave(self, place: Place) -> None:
        """Nobody is at work in the place any more, in no thread. In a run over many, another place gets its client."""
        with self._lock:
            if place.account.role_arn is None or len(self._services) <= CLIENTS_KEPT or place not in self._services:
                return
            service = self._services.pop(place)
        service.close()

    def is_own(self, account: Account) -> bool:
        """Whether the task's own credentials are the account's. Raises ServiceError where nobody can tell."""
        return account.role_arn is None and (account.id is None or account.id == self.caller())

    def entered(self, account: Account) -> bool:
        """Whether the account's role was assumed before, or needs not be."""
        return account.role_arn is None or (account in self._roles and self._roles[account].assumed)

    def no_role(self, account: Account) -> str:
        """Why there is no way into an account that has no role, and is not the task's own."""
        return (
            f"There is no role to assume in {account.id}, and the credentials are those of {self.caller()}: set the "
            "role_arn of the account (of the inventory's host: wa_accept_role_arn or wa_share_role_arn)"
        )

    def _connect(self, place: Place) -> WellArchitected:
        account, region = place.account, place.region
        if account.role_arn is None:
            if not self.is_own(account):
                raise InvalidInput([self.no_role(account)])
            client = self._client("wellarchitected", self._concurrency, region)
            return self._service(client, self.caller, self._explain_unrecognized)
        with self._lock:
            role = self._roles.setdefault(account, _Role(account, self._assume))
        # AWS STS has just given the keys, and the account stands in the role's ARN.
        owner = account.role_arn.split(":")[4]
        made_with = role.keys()
        lease = self._role_clients.lease(region)

        def renewed() -> Any:
            nonlocal made_with
            made_with = role.renewed(made_with)
            return lease.client(made_with)

        return self._service(
            lease.client(made_with),
            lambda: owner,
            lambda there: _explain_good_credentials(owner, there),
            renewed,
            owner,
            lease.end,
        )

    def _role_client(self, region: str) -> RoleClient:
        """A client whose keys are set later."""
        without_keys = {key: value for key, value in self._connection.items() if not key.startswith("aws_")}
        botocore_session, session = self._role_session.get()
        with self._lock:
            # A client takes the credentials that the session has at that moment.
            botocore_session.set_credentials("", "", "")
            credentials = botocore_session.get_credentials()
            client = self._make(session, "wellarchitected", self._concurrency, region, None, without_keys)
        return RoleClient(client, credentials)

    def _service(
        self,
        client: Any,
        caller: Callable[[], str],
        explain_unrecognized: Callable[[str], str],
        renewed: Callable[[], Any] | None = None,
        account: str | None = None,
        release: Callable[[], None] | None = None,
    ) -> WellArchitected:
        return WellArchitected(
            client,
            self._page_sizes,
            self.names,
            caller,
            explain_unrecognized,
            self._under_way,
            renewed,
            account,
            release,
        )

    def _assume(self, account: Account) -> Mapping[str, str]:
        """The keys of the account's role, as a client takes them."""
        role_arn = account.role_arn or ""
        sts = self._sts.get()
        condition = {"ExternalId": account.external_id} if account.external_id else {}
        try:
            with self._under_way:
                keys = sts.assume_role(RoleArn=role_arn, RoleSessionName="wellarchitected.sharing", **condition)[
                    "Credentials"
                ]
        except (BotoCoreError, ClientError) as cause:
            error = ServiceError(f"assume {role_arn}", cause, "AssumeRole", role_arn)
            if error.denied:
                error.advice = "The role must exist and trust these credentials, which need sts:AssumeRole on it"
            raise error from cause
        return {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }

    def caller(self) -> str:
        """The account ID of the task's credentials. Asked once: a failure is remembered too, and raised again."""
        return self._caller.get()

    def _explain_unrecognized(self, region: str) -> str:
        account, refused = self._unrecognized.get()
        if account:
            return _explain_good_credentials(account, region)
        if not refused and must_be_enabled(region):
            return f"Either the credentials are not valid, or the account has not enabled {region}. {_enable(region)}"
        return "The credentials are no longer valid: renew them and run again, what is done stays done"

    def not_enabled(self, place: Place, error: ServiceError) -> bool:
        """Whether the error says that the account has not enabled the region, and nothing is wrong with its keys."""
        if error.code != UNRECOGNIZED or not must_be_enabled(place.region):
            return False
        return place.account.role_arn is not None or bool(self._unrecognized.get()[0])

    def missing_service(self, regions: Sequence[str]) -> list[str]:
        """Warnings for regions that botocore does not know; they may be newer than this botocore.

        Raises InvalidInput where botocore knows a region, and that it does not have the service. An endpoint of the
        user's own is not judged.
        """
        url = self.own(regions[0]).endpoint_url
        if not urlsplit(url).netloc.startswith(("wellarchitected.", "wellarchitected-fips.")):
            return []
        there = regions_of_service(self._session, "wellarchitected")
        known = partitions_of_regions(self._session)
        without = [region for region in regions if region in known and region not in there]
        if without:
            raise InvalidInput(
                f"The AWS Well-Architected Tool is not in the region {region}. It is in {', '.join(there)}"
                for region in without
            )
        return [
            f"botocore does not know the region {region}: if it is not misspelt, it is newer than this botocore, "
            "and may not have the AWS Well-Architected Tool"
            for region in regions
            if region not in known
        ]

    def _ask_caller(self) -> str:
        try:
            return self._identity(self.region)
        except ServiceError as error:
            if error.code not in EXPIRED_CODES:
                error.advice = (
                    "If endpoint_url is an endpoint of the Well-Architected Tool only, set it in the environment "
                    "instead (AWS_ENDPOINT_URL_WELLARCHITECTED), so that AWS STS keeps its own"
                )
            raise

    def _ask_elsewhere(self) -> tuple[str, bool]:
        """The account, as the region that nobody has to enable knows it; else whether the credentials were refused."""
        try:
            return self._identity(home_region(self.region)), False
        except ServiceError as error:
            return "", error.code in EXPIRED_CODES

    def _identity(self, region: str) -> str:
        """One GetCallerIdentity: whoever hangs, hangs once."""
        try:
            sts = self._client("sts", 1, region, attempts=1)
            ask = AWSRetry.jittered_backoff(retries=4, delay=1, max_delay=4)(sts.get_caller_identity)
            return str(ask()["Account"])
        except (BotoCoreError, ClientError) as cause:
            raise ServiceError(_WHO, cause, "GetCallerIdentity") from cause

    def _client(self, service: str, pool: int, region: str, attempts: int | None = None) -> Any:
        """A client with the task's own credentials."""
        with self._lock:
            return self._make(self._session, service, pool, region, attempts, self._connection)

    def _make(
        self, session: Any, service: str, pool: int, region: str, attempts: int | None, connection: Mapping[str, Any]
    ) -> Any:
        """A client. Nobody else may make one of this session meanwhile. ``session``: boto3's."""
        config = Config(
            retries=RETRIES,
            max_pool_connections=max(pool, 1),
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
        )
        if self._own_config:
            config = config.merge(self._own_config)
        if attempts is not None:
            config = config.merge(Config(retries={"mode": "standard", "total_max_attempts": attempts}))
        try:
            return session.client(
                service, region_name=region, endpoint_url=self._endpoint_url, config=config, **connection
            )
        except (BotoCoreError, ValueError) as cause:
            raise ServiceError(f"connect to {service}", cause, "") from cause


def _session_beside(other: Any) -> tuple[Any, Any]:
    """A session of botocore whose credentials are set by hand, and boto3's on it. It reads no model that ``other`` has
    read.
    """
    session = botocore.session.get_session()
    session.register_component("data_loader", other.get_component("data_loader"))
    return session, boto3.session.Session(botocore_session=session)


class _Role:
    """The keys of one account's role: asked for once, and again only when they have expired."""

    def __init__(self, account: Account, assume: Callable[[Account], Mapping[str, str]]) -> None:
        self._account = account
        self._assume = assume
        self._lock = threading.Lock()
        self._asked = Once(lambda: assume(account))

    @property
    def assumed(self) -> bool:
        return self._asked.answered

    def keys(self) -> Mapping[str, str]:
        """Raises ServiceError, each time, where the role cannot be assumed."""
        return self._asked.get()

    def renewed(self, expired: Mapping[str, str]) -> Mapping[str, str]:
        """Other keys than the expired ones, which are asked for once, whoever wants them."""
        with self._lock:
            if self._asked.get() is expired:
                self._asked = Once(lambda: self._assume(self._account))
        return self._asked.get()


def _explain_good_credentials(account: str, region: str) -> str:
    """What an UnrecognizedClientException means where AWS STS takes the credentials."""
    if must_be_enabled(region):
        return f"The credentials are good, but account {account} has not enabled {region}. {_enable(region)}"
    return f"AWS STS takes these credentials, of account {account}: check the region {region} and endpoint_url"


def _enable(region: str) -> str:
    return (
        f"Enable {region} for the account, or leave it out. Where it is enabled, the credentials came from the global "
        "endpoint of AWS STS: take them from a regional one (AWS_STS_REGIONAL_ENDPOINTS=regional)"
    )
