# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Whose credentials a call carries, and in which region: amazon.aws's options, one boto3 session for all clients."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlsplit

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule says that boto3 is missing before any of this is used.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

from .._model.invalid_input import InvalidInput
from .._model.principal_names import PrincipalNames
from .errors import EXPIRED_CODES, ServiceError
from .once import Once
from .page_sizes import PageSizes
from .regions import home_region, must_be_enabled, partition_of, regions_of_service
from .service import WellArchitected

# botocore paces and repeats what was throttled, failed in the service (5xx) or got lost; a repeated create or delete
# carries the same ClientRequestToken. Ten attempts with its backoff (at most 20 s each) are a patience of two minutes.
RETRIES = {"mode": "adaptive", "total_max_attempts": 10}
ASSUME_ATTEMPTS = 3
CONNECT_TIMEOUT = 10  # seconds
READ_TIMEOUT = 30  # seconds; the service answers these calls in well under one

_WHO = "find out which account these credentials belong to"


class Sessions:
    """All clients of one task. One session for all: another one for every client would cost 90 ms each."""

    def __init__(self, module: AnsibleAWSModule, concurrency: int = 1) -> None:
        """``concurrency``: how many calls may be under way at once; the connection pools are sized for it.

        Raises InvalidInput where there is no region, and ServiceError where botocore cannot work with the options.
        """
        self._concurrency = concurrency
        region, endpoint_url, connection = get_aws_connection_info(module)
        if not region:
            raise InvalidInput(["There is no region: set the option region, AWS_REGION, or a profile that has one"])
        self.region: str = region
        self._endpoint_url = endpoint_url
        self._own_config = connection.pop("aws_config", None)
        self._connection = connection
        self._lock = threading.Lock()
        self._page_sizes = PageSizes()
        self.names = PrincipalNames()
        """How principals are read, and shown where AWS lists them. To be set before the first client is made."""
        try:
            self._session = boto3.session.Session(profile_name=connection.pop("profile_name", None))
        except BotoCoreError as cause:
            raise ServiceError("use the profile", cause, "") from cause
        # A hang of AWS STS is met once for each account: ten attempts of each would take minutes.
        self._sts = Once(lambda: self._client("sts", self._concurrency, attempts=ASSUME_ATTEMPTS))
        self._caller = Once(self._ask_caller)
        self._unrecognized = Once(self._ask_elsewhere)

    @property
    def partition(self) -> str | None:
        """The partition of the region; None where botocore does not know it."""
        return partition_of(self._session, self.region)

    def service(self) -> WellArchitected:
        """The Well-Architected Tool with the task's own credentials."""
        client = self._client("wellarchitected", self._concurrency)
        return WellArchitected(client, self._page_sizes, self.names, self.caller, self._explain_unrecognized)

    def assume(self, role_arn: str, external_id: str | None = None) -> WellArchitected:
        """The Well-Architected Tool as the role sees it. Raises ServiceError where the role cannot be assumed."""
        sts = self._sts.get()
        condition = {"ExternalId": external_id} if external_id else {}
        try:
            keys = sts.assume_role(RoleArn=role_arn, RoleSessionName="wellarchitected.sharing", **condition)[
                "Credentials"
            ]
        except (BotoCoreError, ClientError) as cause:
            error = ServiceError(f"assume {role_arn}", cause, "AssumeRole", role_arn)
            if error.denied:
                error.advice = "The role must exist and trust these credentials, which need sts:AssumeRole on it"
            raise error from cause
        client = self._client(
            "wellarchitected",
            self._concurrency,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )
        account = role_arn.split(":")[4]
        # AWS STS has just given the keys.
        return WellArchitected(
            client,
            self._page_sizes,
            self.names,
            lambda: account,
            lambda region: _explain_good_credentials(account, region),
        )

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

    def missing_service(self, service: WellArchitected) -> str | None:
        """A warning where botocore does not know the region; it may be newer than this botocore.

        Raises InvalidInput where botocore knows the region, and that it does not have the service. An endpoint of the
        user's own is not judged.
        """
        if not urlsplit(service.endpoint_url).netloc.startswith(("wellarchitected.", "wellarchitected-fips.")):
            return None
        there = regions_of_service(self._session, "wellarchitected")
        if self.region in there:
            return None
        if self.region in regions_of_service(self._session, "sts"):
            raise InvalidInput(
                [f"The AWS Well-Architected Tool is not in the region {self.region}. It is in {', '.join(there)}"]
            )
        return (
            f"botocore does not know the region {self.region}: if it is not misspelt, it is newer than this botocore, "
            "and may not have the AWS Well-Architected Tool"
        )

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
            sts = self._client("sts", 1, region=region, attempts=1)
            ask = AWSRetry.jittered_backoff(retries=4, delay=1, max_delay=4)(sts.get_caller_identity)
            return str(ask()["Account"])
        except (BotoCoreError, ClientError) as cause:
            raise ServiceError(_WHO, cause, "GetCallerIdentity") from cause

    def _client(
        self, service: str, pool: int, region: str | None = None, attempts: int | None = None, **keys: str
    ) -> Any:
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
            with self._lock:
                return self._session.client(
                    service,
                    region_name=region or self.region,
                    endpoint_url=self._endpoint_url,
                    config=config,
                    **{**self._connection, **keys},
                )
        except (BotoCoreError, ValueError) as cause:
            raise ServiceError(f"connect to {service}", cause, "") from cause


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
