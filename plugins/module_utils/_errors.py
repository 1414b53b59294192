# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What goes wrong: invalid input with its path, and errors of the service with code, reason and advice apart."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

try:
    from botocore import exceptions
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    BotoCoreError = Exception  # AnsibleAWSModule reports that botocore is missing before any of this is used.
else:
    # The credentials cannot be found or refreshed. Some of these came with later versions of botocore.
    _NO_CREDENTIALS = tuple(
        getattr(exceptions, name)
        for name in (
            "CredentialRetrievalError",
            "LoginError",
            "MetadataRetrievalError",
            "NoCredentialsError",
            "PartialCredentialsError",
            "SSOError",
            "TokenRetrievalError",
        )
        if hasattr(exceptions, name)
    )

from ._names import escape_controls
from ._session import explain

ERRORS_SHOWN = 20  # of invalid input, in one message

# A Region that the account has not enabled answers UnrecognizedClientException, too (aws/chalice issue 1445).
UNRECOGNIZED = "UnrecognizedClientException"
EXPIRED_CODES = frozenset(("ExpiredToken", "ExpiredTokenException"))
INVALID_KEY_CODES = frozenset(("RequestExpired", "InvalidClientTokenId", UNRECOGNIZED)) | EXPIRED_CODES
SIGNATURE_CODES = frozenset(("InvalidSignatureException", "SignatureDoesNotMatch"))
DENIED_CODES = frozenset(("AccessDeniedException", "AccessDenied"))
THROTTLED_CODES = frozenset(("ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"))
# Source: IAM user guide, access denied error messages.
_DENIED_BY_SCP = "with an explicit deny in a service control policy"
_DENIED_ACTION = re.compile(r"not authorized to perform: (?P<action>[\w-]{1,64}:\w{1,128})")


class InvalidInput(Exception):
    """The input cannot be used. ``errors``: each ``<path>: <what is wrong>. <how to fix it>.``"""

    def __init__(self, errors: Iterable[str]) -> None:
        self.errors = tuple(dict.fromkeys(errors))
        super().__init__(self._format())

    def _format(self) -> str:
        if len(self.errors) == 1:
            return self.errors[0]
        lines = [f"({number}) {error}" for number, error in enumerate(self.errors[:ERRORS_SHOWN], 1)]
        more = len(self.errors) - ERRORS_SHOWN
        return "\n".join(
            [f"{len(self.errors):,} errors in the input:", *lines, *([f"and {more:,} more"] if more > 0 else [])]
        )


def raise_if_any(errors: Iterable[str]) -> None:
    """Raises InvalidInput with the errors, if there are any."""
    errors = tuple(errors)
    if errors:
        raise InvalidInput(errors)


def join_path(path: str, inner: str) -> str:
    """The path of ``inner`` within ``path``: ``resources[12].shared_with[1]``. The task itself has an empty path."""
    return f"{path}.{inner}" if path and inner else path or inner


def at(path: str, error: str) -> str:
    """The error with its path: ``resources[12].shared_with[1]: 'bob' is not a valid principal.``"""
    return f"{path}: {error}" if path else error


@dataclass(frozen=True)
class Failure:
    """Why something failed: ``message`` with all names, ``common`` without them, so that equal failures are one."""

    message: str
    common: str
    traceback: str = ""


class UnreadableResponse(BotoCoreError):
    """The service answered, but not with what its model promises."""

    fmt = "The response cannot be read: {why}"


class CredentialsUnavailable(BotoCoreError):
    """The credentials of the configuration cannot be had, whatever exception botocore raised for it."""

    fmt = "{why}"


class ServiceError(Exception):
    """A call failed and was not, or not successfully, retried. ``str()`` is the whole message with advice."""

    def __init__(
        self, action: str, cause: Exception, operation: str, subject: str = "", names: Iterable[str] = ()
    ) -> None:
        """``action`` and ``subject`` follow "Failed to": what was done, and to what.

        ``operation``: the API's name. ``names``: texts in the service's own message that only this call has, such as
        ARNs; the first is what a missing permission is for.
        """
        super().__init__(action, subject)
        self.action = action
        self.subject = subject
        self.cause = cause
        self.operation = operation
        self.names = tuple(filter(None, names))
        self.advice = _advise(self)

    @property
    def response(self) -> dict[str, Any]:
        """The service's response; empty where there was none."""
        return self.cause.response if isinstance(self.cause, ClientError) else {}

    @property
    def code(self) -> str:
        """The API's error code, or the name of botocore's exception."""
        return self.response.get("Error", {}).get("Code") or type(self.cause).__name__

    @property
    def reason(self) -> str:
        """The service's own code and message, for a terminal."""
        if isinstance(self.cause, ClientError):
            return escape_controls(f"{self.code}: {self.response.get('Error', {}).get('Message') or 'no message'}")
        return escape_controls(" ".join(str(self.cause).split()))

    @property
    def message(self) -> str:
        """Reason and advice: what AnsibleAWSModule.fail_json_aws puts behind its own message."""
        return _sentences(self.reason, self.advice)

    @property
    def headline(self) -> str:
        return f"Failed to {' '.join(filter(None, (self.action, self.subject)))}"

    def __str__(self) -> str:
        return f"{self.headline}: {self.message}"

    @property
    def failure(self) -> Failure:
        reason = self.reason
        for name in sorted(self.names, key=len, reverse=True):
            reason = reason.replace(name, "…")
        advice = self.advice
        for name in sorted(self.names, key=len, reverse=True):
            advice = advice.replace(name, "…")
        return Failure(str(self), f"Failed to {self.action}: {_sentences(reason, advice)}")

    @property
    def was_retried(self) -> bool:
        """Whether botocore repeated the call: the first try may have succeeded, and only its response was lost."""
        return bool(self.response.get("ResponseMetadata", {}).get("RetryAttempts"))

    @property
    def is_fatal(self) -> bool:
        """Whether every further call would fail for the same reason."""
        return (
            self.code in INVALID_KEY_CODES | SIGNATURE_CODES
            or self.is_throttled
            or self.is_down
            or self.is_unreachable
            or self.lacks_credentials
        )

    @property
    def is_down(self) -> bool:
        """Whether the service as a whole is (HTTP status 503)."""
        return self.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 503

    @property
    def is_unreachable(self) -> bool:
        return isinstance(self.cause, (exceptions.ConnectionError, exceptions.HTTPClientError))

    @property
    def lacks_credentials(self) -> bool:
        return isinstance(self.cause, (CredentialsUnavailable, *_NO_CREDENTIALS))

    @property
    def is_throttled(self) -> bool:
        return self.code in THROTTLED_CODES

    @property
    def has_expired_keys(self) -> bool:
        return self.code in EXPIRED_CODES

    @property
    def is_denied(self) -> bool:
        return self.code in DENIED_CODES

    @property
    def is_denied_by_scp(self) -> bool:
        return self.is_denied and _DENIED_BY_SCP in self.reason

    @property
    def is_not_found(self) -> bool:
        return self.code == "ResourceNotFoundException"

    @property
    def is_conflict(self) -> bool:
        return self.code == "ConflictException"

    @property
    def is_invalid(self) -> bool:
        return self.code == "ValidationException"

    @property
    def is_over_quota(self) -> bool:
        return self.code == "ServiceQuotaExceededException"

    def refuses(self, parameter: str) -> bool:
        """Whether the service reports that this parameter of the request is wrong."""
        return self.is_invalid and parameter in self.reason


class Bug(ServiceError):
    """An unexpected exception, which is a bug in this collection."""

    def __init__(self, action: str, cause: Exception, subject: str = "") -> None:
        super().__init__(action, cause, "", subject)
        self.traceback = "".join(traceback.format_exception(type(cause), cause, cause.__traceback__))
        self.advice = "This is a bug in wellarchitected.sharing. Report it with the output of -vvv"

    @property
    def reason(self) -> str:
        return escape_controls(f"{type(self.cause).__name__}: {self.cause}")

    @property
    def is_fatal(self) -> bool:
        return False

    @property
    def failure(self) -> Failure:
        failure = super().failure
        return Failure(failure.message, failure.common, self.traceback)


def _sentences(*texts: str) -> str:
    return " ".join(f"{text.strip().rstrip('.')}." for text in texts if text.strip())


def _advise(error: ServiceError) -> str:
    """How to fix it; empty where the service's own message is enough."""
    cause = error.cause
    if error.is_denied_by_scp:
        return (
            "A service control policy of the organization denies this, so no IAM permission helps. Ask the "
            "organization's administrators, or leave the Region out"
        )
    if error.is_denied:
        own = f"wellarchitected:{error.operation}"
        # The service may need more permissions of the caller than the call itself, such as to create a role.
        named = _DENIED_ACTION.search(error.reason)
        action = named["action"] if named else own
        where = f" on {error.names[0]}" if error.names and action == own else ""
        return f"The credentials need the IAM action {action}{where}"
    if error.is_over_quota:
        return (
            "AWS does not raise this quota. Share with an OU or the organization instead, which is one share for all "
            "its accounts, or delete shares that are no longer needed"
        )
    if error.code in INVALID_KEY_CODES:
        return "The credentials are no longer valid. Renew them and run again; completed changes are kept"
    if error.code in SIGNATURE_CODES:
        return "Check the secret key and the clock of this machine: a signature is valid for a few minutes only"
    if isinstance(cause, UnreadableResponse):
        if error.operation.startswith(("List", "Get")):
            return "Check the network, proxies and endpoint_url, and run again"
        return "The call may or may not have succeeded. Run again; existing shares are not duplicated"
    if error.lacks_credentials:
        return explain(cause)[1]
    if error.is_throttled:
        return "The account's rate limit is exceeded. Run again with a lower concurrency"
    if error.is_unreachable:
        return "The service cannot be reached. Check the network, the Region and endpoint_url"
    if error.is_fatal:
        return "The service is not available. Run again later; completed changes are kept"
    return ""
