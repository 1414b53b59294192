# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Why a call failed, and what to do about it."""

from __future__ import annotations

import re
from typing import Any

try:
    from botocore import exceptions
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    BotoCoreError = Exception  # AnsibleAWSModule says that botocore is missing before any of this is used.
else:
    # What botocore raises where there are no credentials, or where they cannot be had again.
    _NO_CREDENTIALS = (
        exceptions.NoCredentialsError,
        exceptions.PartialCredentialsError,
        exceptions.CredentialRetrievalError,
        exceptions.TokenRetrievalError,
        exceptions.SSOError,
    )

# UnrecognizedClientException is also what a region answers that the account has not enabled (aws/chalice issue 1445).
UNRECOGNIZED = "UnrecognizedClientException"
EXPIRED_CODES = frozenset(
    ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId", UNRECOGNIZED)
)
_RENEWABLE_CODES = frozenset(("ExpiredToken", "ExpiredTokenException"))
SIGNATURE_CODES = frozenset(("InvalidSignatureException", "SignatureDoesNotMatch"))
DENIED_CODES = frozenset(("AccessDeniedException", "AccessDenied"))
_DENIED_ACTION = re.compile(r"not authorized to perform: (?P<action>[\w-]+:\w+)")
THROTTLED_CODES = frozenset(("ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"))
UNAVAILABLE = 503  # the HTTP status of a service that is down as a whole


class UnreadableAnswer(BotoCoreError):
    """The service said 200, but not with what its model promises: whether the call was done is not known."""

    fmt = "the answer cannot be read: {why}"


class ServiceError(Exception):
    """A call failed for good. ``str()`` says what was being done, to what, why it failed and what to do."""

    def __init__(self, doing: str, cause: Exception, operation: str, target: str = "") -> None:
        """``doing`` follows "Failed to"; ``target`` is the ARN or ID that a missing permission is for."""
        super().__init__(doing)
        self.doing = doing
        self.cause = cause
        self.operation = operation
        self.target = target
        self.advice = _advise(self)

    @property
    def answer(self) -> dict[str, Any]:
        """What the service answered; empty where it did not."""
        return self.cause.response if isinstance(self.cause, ClientError) else {}

    @property
    def code(self) -> str:
        """The API's error code, or the name of botocore's exception."""
        return self.answer.get("Error", {}).get("Code") or type(self.cause).__name__

    @property
    def reason(self) -> str:
        """What the service said, without botocore's words around it."""
        if isinstance(self.cause, ClientError):
            return f"{self.code}: {self.answer.get('Error', {}).get('Message') or 'no message'}"
        return str(self.cause)

    @property
    def retried(self) -> bool:
        """Whether botocore repeated the call: the first try may have been done, and only its answer got lost."""
        return bool(self.answer.get("ResponseMetadata", {}).get("RetryAttempts"))

    @property
    def stops_run(self) -> bool:
        """Whether every further call would fail alike: bad credentials, a throttle without end, no service."""
        return (
            self.code in EXPIRED_CODES
            or self.code in SIGNATURE_CODES
            or self.throttled
            or self.down
            or self.unreachable
            or isinstance(self.cause, _NO_CREDENTIALS)
        )

    @property
    def down(self) -> bool:
        """Whether the service as a whole is."""
        return self.answer.get("ResponseMetadata", {}).get("HTTPStatusCode") == UNAVAILABLE

    @property
    def unreachable(self) -> bool:
        return isinstance(self.cause, (exceptions.ConnectionError, exceptions.HTTPClientError))

    @property
    def throttled(self) -> bool:
        return self.code in THROTTLED_CODES

    @property
    def expired(self) -> bool:
        """Whether the keys of a session have expired, so that others would do."""
        return self.code in _RENEWABLE_CODES

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

    def refuses(self, parameter: str) -> bool:
        """Whether the service says that this parameter of the request is what is wrong."""
        return self.invalid and parameter in self.reason

    def __str__(self) -> str:
        text = f"Failed to {self.doing}: {self.reason}"
        return f"{text.rstrip('.')}. {self.advice}" if self.advice else text


def _advise(error: ServiceError) -> str:
    """What to do about it; empty where what the service said is enough."""
    if error.denied:
        own = f"wellarchitected:{error.operation}"
        # The service may need more of the caller than the call itself: a role that it makes, for one.
        named = _DENIED_ACTION.search(error.reason)
        action = named["action"] if named else own
        where = f" on {error.target}" if error.target and action == own else ""
        return f"The credentials need the IAM action {action}{where}"
    if error.over_quota:
        return (
            "This quota cannot be raised. Share with an OU or the organization instead, which is one share for all its "
            "accounts, or remove shares that are no longer needed (purge_shares)"
        )
    if error.code in EXPIRED_CODES:
        return "The credentials are no longer valid: renew them and run again, what is done stays done"
    if error.code in SIGNATURE_CODES:
        return "Check the secret key, and the clock of this machine: a signature is good for a few minutes only"
    if isinstance(error.cause, UnreadableAnswer):
        return "Whether it was done is not known. Run again: what is already there is left as it is"
    if isinstance(error.cause, _NO_CREDENTIALS):
        return "Set access_key and secret_key, profile, or their environment variables"
    if error.throttled:
        return "The account's rate limit is used up: run again, with a lower concurrency"
    if error.unreachable:
        return "The service cannot be reached: check the network, the region and endpoint_url"
    if error.stops_run:
        return "The service is not available now: run again later, what is done stays done"
    return ""
