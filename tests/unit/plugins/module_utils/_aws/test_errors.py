# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failed call says: what was being done, why it failed, what to do; and what the run may do after it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.errors import ServiceError, UnreadableAnswer
from botocore import exceptions

ARN = "arn:aws:wellarchitected:eu-west-1:123456789012:lens/0123456789abcdef0123456789abcdef"
URL = {"endpoint_url": "https://wellarchitected.eu-west-1.amazonaws.com"}


def answer(code: str, message: str = "No.", status: int = 400, retries: int = 0) -> exceptions.ClientError:
    """What botocore raises for an answer of the service."""
    return exceptions.ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status, "RetryAttempts": retries},
        },
        "CreateLensShare",
    )


def failed(cause: Exception, target: str = ARN) -> ServiceError:
    return ServiceError("share it", cause, "CreateLensShare", target)


@pytest.mark.parametrize(
    ("cause", "advice"),
    [
        (answer("AccessDeniedException"), f"need the IAM action wellarchitected:CreateLensShare on {ARN}"),
        (answer("AccessDenied"), f"need the IAM action wellarchitected:CreateLensShare on {ARN}"),
        (
            answer("AccessDeniedException", "You are not authorized to perform: iam:CreateServiceLinkedRole"),
            "The credentials need the IAM action iam:CreateServiceLinkedRole",
        ),
        (answer("ServiceQuotaExceededException", status=402), "This quota cannot be raised."),
        (answer("ExpiredTokenException"), "The credentials are no longer valid"),
        (answer("InvalidClientTokenId"), "The credentials are no longer valid"),
        (answer("UnrecognizedClientException"), "The credentials are no longer valid"),
        (answer("SignatureDoesNotMatch"), "Check the secret key, and the clock"),
        (UnreadableAnswer(why="it is not a JSON object"), "Whether it was done is not known."),
        (exceptions.NoCredentialsError(), "Set access_key and secret_key, profile"),
        (answer("ThrottlingException", status=429), "The account's rate limit is used up"),
        (exceptions.EndpointConnectionError(**URL), "The service cannot be reached"),
        (exceptions.ReadTimeoutError(**URL), "The service cannot be reached"),
        (answer("503", status=503), "The service is not available now"),
        (answer("ValidationException"), ""),
        (answer("InternalServerException", status=500), ""),
    ],
)
def test_the_advice_is_for_the_reason(cause: Exception, advice: str) -> None:
    error = failed(cause)
    assert advice in error.advice
    assert bool(advice) == bool(error.advice)
    assert str(error).startswith("Failed to share it: ")
    assert str(error).endswith(error.advice)
    assert ".." not in str(error)


def test_a_permission_is_named_with_what_it_is_for_where_that_is_known() -> None:
    denied = answer("AccessDeniedException")
    assert failed(denied, target="").advice.endswith("the IAM action wellarchitected:CreateLensShare")
    elsewhere = answer("AccessDeniedException", "not authorized to perform: iam:CreateServiceLinkedRole")
    assert failed(elsewhere).advice.endswith("the IAM action iam:CreateServiceLinkedRole")


@pytest.mark.parametrize(
    ("cause", "reason", "code"),
    [
        (answer("ConflictException", "It is there."), "ConflictException: It is there.", "ConflictException"),
        (answer("ConflictException", ""), "ConflictException: no message", "ConflictException"),
        (UnreadableAnswer(why="x"), "the answer cannot be read: x", "UnreadableAnswer"),
        (exceptions.ClientError({}, "CreateLensShare"), "ClientError: no message", "ClientError"),
    ],
)
def test_the_reason_is_what_the_service_said(cause: Exception, reason: str, code: str) -> None:
    assert (failed(cause).reason, failed(cause).code) == (reason, code)
    assert str(failed(cause)).startswith(f"Failed to share it: {reason.rstrip('.')}")


NOTHING: dict[str, Any] = dict.fromkeys(
    ("stops_run", "down", "unreachable", "throttled", "denied", "not_found", "conflict", "invalid", "over_quota"), False
)


@pytest.mark.parametrize(
    ("cause", "is_so"),
    [
        (answer("ExpiredToken"), {"stops_run"}),
        (answer("InvalidSignatureException"), {"stops_run"}),
        (answer("Throttling"), {"stops_run", "throttled"}),
        (answer("ServiceUnavailable", status=503), {"stops_run", "down"}),
        (exceptions.ConnectionClosedError(**URL), {"stops_run", "unreachable"}),
        (exceptions.NoCredentialsError(), {"stops_run"}),
        (answer("AccessDeniedException"), {"denied"}),
        (answer("ResourceNotFoundException"), {"not_found"}),
        (answer("ConflictException"), {"conflict"}),
        (answer("ValidationException"), {"invalid"}),
        (answer("ServiceQuotaExceededException"), {"over_quota"}),
        (answer("InternalServerException", status=500), set()),
        (UnreadableAnswer(why="x"), set()),
    ],
)
def test_what_kind_of_failure_it_is(cause: Exception, is_so: set[str]) -> None:
    error = failed(cause)
    assert {name for name in NOTHING if getattr(error, name)} == is_so


def test_whether_the_call_was_repeated() -> None:
    assert failed(answer("ConflictException", retries=1)).retried
    assert not failed(answer("ConflictException")).retried
    assert not failed(exceptions.NoCredentialsError()).retried


def test_a_parameter_is_refused_by_name() -> None:
    refused = answer("ValidationException", "1 validation error: MaxResults is too large")
    assert failed(refused).refuses("MaxResults")
    assert not failed(refused).refuses("NextToken")
    assert not failed(answer("ConflictException", "MaxResults")).refuses("MaxResults")
