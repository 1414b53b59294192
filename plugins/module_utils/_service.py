# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The calls: one small function per operation, with botocore's retries below and the translation of errors around."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from typing import Any

try:
    import boto3
    import botocore
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError
except ImportError:
    BotoCoreError = Exception  # AnsibleAWSModule says that botocore is missing before any of this is used.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.errors import AWSErrorHandler
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.wellarchitected.sharing.plugins.module_utils._kinds import Kind
from ansible_collections.wellarchitected.sharing.plugins.module_utils._planning import Share
from ansible_collections.wellarchitected.sharing.plugins.module_utils._principals import (
    Principal,
    parse_listed_principal,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._references import Resource

PAGE_SIZE = 50  # The most that the API gives at once.

# botocore paces and repeats what was throttled, failed in the service (5xx) or got lost; a repeated create or delete
# carries the same ClientRequestToken. Ten attempts with its backoff (at most 20 s each) are a patience of two minutes.
RETRIES = {"mode": "adaptive", "total_max_attempts": 10}
CONNECT_TIMEOUT = 10  # seconds
READ_TIMEOUT = 30  # seconds; the service answers these calls in well under one

EXPIRED_CODES = frozenset(
    ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "UnrecognizedClientException", "InvalidClientTokenId")
)
DENIED_CODES = frozenset(("AccessDeniedException", "AccessDenied"))
_DENIED_ACTION = re.compile(r"not authorized to perform: (?P<action>[\w-]+:\w+)")


class UnreadableAnswer(BotoCoreError):
    """The service said 200, but with a body that is not a JSON object: whether the call was done is not known."""

    fmt = "the answer to {operation} is not JSON, so whether it was done is not known"


class ServiceError(AnsibleAWSError):
    """A call failed for good. ``str()`` says what was being done, to what, why it failed and what to do."""

    operation: str = ""
    advice: str = ""

    @property
    def code(self) -> str:
        """The API's error code, or the name of botocore's exception."""
        if isinstance(self.exception, ClientError):
            return self.exception.response.get("Error", {}).get("Code", "")
        return type(self.exception).__name__

    @property
    def reason(self) -> str:
        """What the service said, without botocore's words around it."""
        if isinstance(self.exception, ClientError):
            error = self.exception.response.get("Error", {})
            return f"{error.get('Code')}: {error.get('Message') or 'no message'}"
        return str(self.exception)

    @property
    def stops_run(self) -> bool:
        """Whether every further call would fail alike: the credentials expired, or the service is out of reach."""
        if self.code in EXPIRED_CODES:
            return True
        unreachable = isinstance(self.exception, (ConnectionError, HTTPClientError))
        return unreachable or isinstance(self.exception, botocore.exceptions.NoCredentialsError)

    @property
    def denied(self) -> bool:
        return self.code in DENIED_CODES

    @property
    def not_found(self) -> bool:
        return self.code == "ResourceNotFoundException"

    @property
    def conflict(self) -> bool:
        return self.code == "ConflictException"

    @property
    def invalid(self) -> bool:
        return self.code == "ValidationException"

    @property
    def over_quota(self) -> bool:
        return self.code == "ServiceQuotaExceededException"

    def __str__(self) -> str:
        text = f"{self.message}: {self.reason}"
        return f"{text.rstrip('.')}. {self.advice}" if self.advice else text


class _ErrorHandler(AWSErrorHandler):
    _CUSTOM_EXCEPTION = ServiceError


class WellArchitected:
    """The Well-Architected Tool in one account and region, for any number of threads."""

    def __init__(self, module: AnsibleAWSModule, concurrency: int = 1, client: Any = None) -> None:
        """``concurrency``: how many calls may be under way at once; the connection pool is sized for it.

        ``client``: a client with other credentials than the task's.
        """
        self._module = module
        self._caller: str | None = None
        self._caller_lock = threading.Lock()
        self._client = client or module.client("wellarchitected", config=_config(concurrency))
        self._client.meta.events.register("after-call.wellarchitected", _refuse_unreadable)
        self.region: str = self._client.meta.region_name

    def call(self, operation: str, doing: str, target: str = "", **parameters: Any) -> dict[str, Any]:
        """The answer to one operation, by its API name (``ListLensShares``).

        ``doing`` follows "Failed to" in errors; ``target`` is the ARN or ID that a missing permission is for.
        Raises ServiceError.
        """
        method = getattr(self._client, botocore.xform_name(operation))
        try:
            return _ErrorHandler.common_error_handler(doing)(method)(**parameters)
        except ServiceError as error:
            error.operation = operation
            error.advice = _advise(error, target)
            raise

    def pages(self, operation: str, key: str, doing: str, target: str = "", **parameters: Any) -> Iterator[Any]:
        """All items of a list operation, through all its pages (botocore has no paginator for these)."""
        while True:
            answer = self.call(operation, doing, target, MaxResults=PAGE_SIZE, **parameters)
            yield from answer.get(key, ())
            token = answer.get("NextToken")
            if not token:
                return
            parameters["NextToken"] = token

    def caller(self) -> str:
        """The account ID of the credentials in use, asked once."""
        with self._caller_lock:
            if self._caller is None:
                sts = self._module.client("sts", config=Config(retries=RETRIES))
                doing = "find out which account these credentials belong to"
                try:
                    self._caller = _ErrorHandler.common_error_handler(doing)(sts.get_caller_identity)()["Account"]
                except ServiceError as error:
                    error.operation = "GetCallerIdentity"
                    error.advice = (
                        "If endpoint_url is an endpoint of the Well-Architected Tool only, set it in the environment "
                        "instead (AWS_ENDPOINT_URL_WELLARCHITECTED), so that AWS STS keeps its own"
                    )
                    if error.code in EXPIRED_CODES:
                        error.advice = _advise(error, "")
                    raise
            return self._caller

    def list_resources(self, kind: Kind, second_look: bool = False) -> list[dict[str, Any]]:
        """The summaries of a kind's list operation: what can be shared, or with ``second_look`` what else there is."""
        extra = kind.everything if second_look else kind.owned
        return list(self.pages(kind.list_operation, kind.list_key, f"list every {kind.label} of this account", **extra))

    def list_shares(self, resource: Resource) -> list[Share]:
        """Every share of the resource, live and dead."""
        kind = resource.kind
        return [
            _share(summary)
            for summary in self.pages(
                kind.list_shares_operation,
                kind.list_shares_key,
                f"list the shares of {resource.label}",
                resource.arn or resource.id,
                **{kind.id_parameter: resource.id},
            )
        ]

    def create_share(self, resource: Resource, principal: Principal, permission: str | None) -> str | None:
        """Shares the resource and returns the ShareId; None where the service does not say it."""
        parameters = {resource.kind.id_parameter: resource.id, "SharedWith": principal.text}
        if permission is not None:
            parameters["PermissionType"] = permission
        doing = f"share {resource.label} with {principal.text}"
        try:
            answer = self.call(resource.kind.create_operation, doing, resource.arn or resource.id, **parameters)
        except ServiceError as error:
            if principal.in_organizations and (error.denied or error.invalid):
                error.advice = " ".join((error.advice, _ORGANIZATION_ADVICE)).strip()
            raise
        return answer.get("ShareId")

    def update_share(self, resource: Resource, share: Share, permission: str | None) -> None:
        self._change_share(
            resource.kind.update_operation,
            f"give {share.principal.text} {permission} on {resource.label}",
            resource,
            share,
            PermissionType=permission,
        )

    def delete_share(self, resource: Resource, share: Share) -> None:
        doing = f"stop sharing {resource.label} with {share.principal.text}"
        self._change_share(resource.kind.delete_operation, doing, resource, share)

    def list_invitations(self, resource_type: str | None = None) -> list[dict[str, Any]]:
        """The summaries of every pending invitation, of one ShareResourceType if given."""
        extra = {"ShareResourceType": resource_type} if resource_type else {}
        return list(
            self.pages("ListShareInvitations", "ShareInvitationSummaries", "list the pending invitations", **extra)
        )

    def answer_invitation(self, invitation_id: str, accept: bool, label: str) -> None:
        """Accepts or rejects. ``label`` says for messages what is shared by whom."""
        self.call(
            "UpdateShareInvitation",
            f"{'accept' if accept else 'reject'} the invitation to {label}",
            ShareInvitationId=invitation_id,
            ShareInvitationAction="ACCEPT" if accept else "REJECT",
        )

    def organization_sharing(self) -> str:
        """ENABLED or DISABLED."""
        settings = self.call("GetGlobalSettings", "read the global settings")
        return settings.get("OrganizationSharingStatus") or "DISABLED"

    def set_organization_sharing(self, status: str) -> None:
        """``status``: ENABLED or DISABLED. Settings that are not sent stay as they are."""
        word = "enable" if status == "ENABLED" else "disable"
        self.call("UpdateGlobalSettings", f"{word} organization sharing", OrganizationSharingStatus=status)

    def _change_share(self, operation: str, doing: str, resource: Resource, share: Share, **parameters: Any) -> None:
        parameters.update({resource.kind.id_parameter: resource.id, "ShareId": share.share_id})
        self.call(operation, doing, resource.arn or resource.id, **parameters)


class AssumedRoles:
    """Roles in many accounts, assumed with the task's credentials, for any number of threads."""

    def __init__(self, module: AnsibleAWSModule, concurrency: int) -> None:
        self._module = module
        self._sts = module.client("sts", config=_config(concurrency))
        # amazon.aws makes a session for every client, which costs 90 ms: too much for hundreds of accounts.
        self._session = boto3.session.Session()
        self._session_lock = threading.Lock()

    def service(self, role_arn: str) -> WellArchitected:
        """The Well-Architected Tool as the role sees it. Raises ServiceError where the role cannot be assumed."""
        assume = _ErrorHandler.common_error_handler(f"assume {role_arn}")(self._sts.assume_role)
        try:
            keys = assume(RoleArn=role_arn, RoleSessionName="wellarchitected.sharing")["Credentials"]
        except ServiceError as error:
            error.operation = "AssumeRole"
            error.advice = _advise(error, role_arn)
            if error.denied:
                error.advice = "The role must exist and trust these credentials, which need sts:AssumeRole on it"
            raise
        region, endpoint_url, connection = get_aws_connection_info(self._module)
        config = _config(1)
        if connection.get("aws_config"):
            config = config.merge(connection["aws_config"])
        with self._session_lock:
            client = self._session.client(
                "wellarchitected",
                region_name=region,
                endpoint_url=endpoint_url,
                verify=connection["verify"],
                config=config,
                aws_access_key_id=keys["AccessKeyId"],
                aws_secret_access_key=keys["SecretAccessKey"],
                aws_session_token=keys["SessionToken"],
            )
        return WellArchitected(self._module, client=client)


def _config(concurrency: int) -> Config:
    return Config(
        retries=RETRIES,
        max_pool_connections=max(concurrency, 1),
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
    )


_ORGANIZATION_ADVICE = (
    "Sharing with an organization or organizational unit needs organization sharing. If it is not enabled yet, do so "
    "once, from the organization's management account, with wellarchitected.sharing.wa_organization_sharing"
)


def _advise(error: ServiceError, target: str) -> str:
    """What to do about it; empty where what the service said is enough."""
    if error.denied:
        own = f"wellarchitected:{error.operation}"
        # The service may need more of the caller than the call itself: a role that it makes, for one.
        named = _DENIED_ACTION.search(error.reason)
        action = named["action"] if named else own
        return f"The credentials need the IAM action {action}" + (f" on {target}" if target and action == own else "")
    if error.over_quota:
        return "Remove shares (purge_shares), share with the organization or OU instead, or ask AWS for a higher quota"
    if error.code in EXPIRED_CODES:
        return "The credentials are no longer valid: renew them and run again, what is done stays done"
    if isinstance(error.exception, UnreadableAnswer):
        return "Run again: what is already there is left as it is"
    if isinstance(error.exception, botocore.exceptions.NoCredentialsError):
        return "Set access_key and secret_key, profile, or their environment variables"
    if error.stops_run:
        return "The service cannot be reached: check the network, the region and endpoint_url"
    if error.code == "ThrottlingException":
        return "The account's rate limit is used up: run again, with a lower concurrency"
    return ""


def _share(summary: dict[str, Any]) -> Share:
    return Share(
        share_id=summary["ShareId"],
        principal=parse_listed_principal(summary["SharedWith"]),
        status=summary["Status"],
        permission=summary.get("PermissionType"),
        status_message=summary.get("StatusMessage"),
    )


def _refuse_unreadable(http_response: Any, model: Any, **_others: Any) -> None:
    # botocore takes a body that is not JSON for an empty answer, which would read as "nothing is shared".
    if http_response.status_code >= 300:
        return
    if model.output_shape is None and not http_response.content.strip():
        return
    try:
        readable = isinstance(json.loads(http_response.content), dict)
    except ValueError:
        readable = False
    if not readable:
        raise UnreadableAnswer(operation=model.name)
