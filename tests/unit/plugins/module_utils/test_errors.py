# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors: of the input with their paths, of the service with code, reason and advice."""

from __future__ import annotations

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._errors import (
    Bug,
    CredentialsUnavailable,
    InvalidInput,
    ServiceError,
    UnreadableResponse,
    at,
    join_path,
    raise_if_any,
)
from botocore import exceptions

from .examples import ANA, arn

ARN = arn("lens")
URL = {"endpoint_url": "https://wellarchitected.eu-west-1.amazonaws.com"}
SCP = "not authorized to perform: wellarchitected:ListLenses with an explicit deny in a service control policy"


def response(code: str, message: str = "No.", status: int = 400, retries: int = 0) -> exceptions.ClientError:
    """What botocore raises for an error response."""
    metadata = {"HTTPStatusCode": status, "RetryAttempts": retries}
    return exceptions.ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, "CreateLensShare"
    )


def failed(cause: Exception, operation: str = "CreateLensShare", names: tuple[str, ...] = (ARN, ANA)) -> ServiceError:
    return ServiceError("create a share", cause, operation, f"of lens {ARN} with {ANA}", names)


@pytest.mark.parametrize(
    ("cause", "advice"),
    [
        (response("AccessDeniedException"), f"need the IAM action wellarchitected:CreateLensShare on {ARN}"),
        (response("AccessDenied"), f"need the IAM action wellarchitected:CreateLensShare on {ARN}"),
        (
            response("AccessDeniedException", "You are not authorized to perform: iam:CreateServiceLinkedRole on x"),
            "The credentials need the IAM action iam:CreateServiceLinkedRole",
        ),
        (response("AccessDeniedException", SCP), "A service control policy of the organization denies this"),
        (response("ServiceQuotaExceededException", status=402), "AWS does not raise this quota."),
        (response("ExpiredTokenException"), "The credentials are no longer valid."),
        (response("InvalidClientTokenId"), "The credentials are no longer valid."),
        (response("UnrecognizedClientException"), "The credentials are no longer valid."),
        (response("SignatureDoesNotMatch"), "Check the secret key and the clock"),
        (UnreadableResponse(why="it is not a JSON object"), "The call may or may not have succeeded."),
        (exceptions.NoCredentialsError(), "Set access_key and secret_key, profile"),
        (response("ThrottlingException", status=429), "The account's rate limit is exceeded."),
        (exceptions.EndpointConnectionError(**URL), "The service cannot be reached."),
        (exceptions.ReadTimeoutError(**URL), "The service cannot be reached."),
        (response("503", status=503), "The service is not available."),
        (response("ValidationException"), ""),
        (response("InternalServerException", status=500), ""),
    ],
)
def test_the_advice_depends_on_the_reason(cause: Exception, advice: str) -> None:
    error = failed(cause)
    assert advice in f"{error.advice}."
    assert bool(advice) == bool(error.advice)
    assert str(error).startswith(f"Failed to create a share of lens {ARN} with {ANA}: ")
    assert str(error).endswith(f"{error.advice}." if advice else "No.")
    assert ".." not in str(error)


def test_the_advice_depends_on_the_call() -> None:
    assert failed(response("AccessDenied"), names=()).advice.endswith("IAM action wellarchitected:CreateLensShare")
    other = response("AccessDenied", "not authorized to perform: iam:CreateServiceLinkedRole")
    assert failed(other).advice.endswith("IAM action iam:CreateServiceLinkedRole")
    for operation in ("ListLensShares", "GetGlobalSettings"):
        assert failed(UnreadableResponse(why="x"), operation).advice.startswith("Check the network")


@pytest.mark.parametrize(
    ("cause", "reason", "code"),
    [
        (response("ConflictException", "It exists."), "ConflictException: It exists.", "ConflictException"),
        (response("ConflictException", ""), "ConflictException: no message", "ConflictException"),
        (UnreadableResponse(why="x"), "The response cannot be read: x", "UnreadableResponse"),
        (CredentialsUnavailable(why="locked\nout"), "locked out", "CredentialsUnavailable"),
        (exceptions.ClientError({}, "CreateLensShare"), "ClientError: no message", "ClientError"),
    ],
)
def test_the_reason_is_the_services_own(cause: Exception, reason: str, code: str) -> None:
    assert (failed(cause).reason, failed(cause).code) == (reason, code)
    assert failed(cause).message.startswith(reason.rstrip("."))


STATES = [name for name in vars(ServiceError) if name.startswith(("is_", "has_", "lacks_"))]


@pytest.mark.parametrize(
    ("cause", "states"),
    [
        (response("ExpiredToken"), {"is_fatal", "has_expired_keys"}),
        (response("RequestExpired"), {"is_fatal"}),
        (response("InvalidSignatureException"), {"is_fatal"}),
        (response("Throttling"), {"is_fatal", "is_throttled"}),
        (response("ServiceUnavailable", status=503), {"is_fatal", "is_down"}),
        (exceptions.ConnectionClosedError(**URL), {"is_fatal", "is_unreachable"}),
        (exceptions.NoCredentialsError(), {"is_fatal", "lacks_credentials"}),
        (CredentialsUnavailable(why="x"), {"is_fatal", "lacks_credentials"}),
        (response("AccessDeniedException"), {"is_denied"}),
        (response("AccessDeniedException", SCP), {"is_denied", "is_denied_by_scp"}),
        (response("ValidationException", SCP), {"is_invalid"}),
        (response("ResourceNotFoundException"), {"is_not_found"}),
        (response("ConflictException"), {"is_conflict"}),
        (response("ServiceQuotaExceededException"), {"is_over_quota"}),
        (response("InternalServerException", status=500), set()),
        (UnreadableResponse(why="x"), set()),
    ],
)
def test_what_a_caller_may_do_after_it(cause: Exception, states: set[str]) -> None:
    assert {name for name in STATES if getattr(failed(cause), name)} == states


def test_what_else_an_error_shows() -> None:
    conflict, refused = response("ConflictException", "MaxResults"), response("ValidationException", "MaxResults > 10")
    assert [failed(refused).refuses(name) for name in ("MaxResults", "NextToken")] == [True, False]
    assert not failed(conflict).refuses("MaxResults")
    assert failed(response("ConflictException", retries=1)).was_retried
    assert not failed(conflict).was_retried
    assert not failed(exceptions.NoCredentialsError()).was_retried


def test_failures_with_other_names_are_equal() -> None:
    """What is only this call's is left out: the subject, and the names in the service's message and in the advice."""
    denied = response("AccessDeniedException", f"User is not authorized on {ARN} for {ANA}.")
    failure = failed(denied, names=(ANA, ARN, "", "0123")).failure
    assert failure.message == str(failed(denied, names=(ANA, ARN)))
    assert failure.common == (
        "Failed to create a share: AccessDeniedException: User is not authorized on … for …. The credentials need the "
        "IAM action wellarchitected:CreateLensShare on …."
    )


def test_an_unexpected_exception_is_a_bug_with_its_traceback() -> None:
    try:
        raise KeyError("Owner")
    except KeyError as cause:
        bug = Bug("work", cause, "in eu-west-1")
    assert str(bug).startswith("Failed to work in eu-west-1: KeyError: 'Owner'. This is a bug in wellarchitected.shar")
    assert 'raise KeyError("Owner")' in bug.failure.traceback
    assert not bug.is_fatal
    assert failed(response("ConflictException")).failure.traceback == ""


@pytest.mark.parametrize(
    ("count", "lines"),
    [
        (1, ["error 0"]),
        (2, ["2 errors in the input:", "(1) error 0", "(2) error 1"]),
        (20, ["20 errors in the input:", *(f"({n + 1}) error {n}" for n in range(20))]),
        (2000, ["2,000 errors in the input:", *(f"({n + 1}) error {n}" for n in range(20)), "and 1,980 more"]),
    ],
)
def test_errors_of_the_input_are_numbered(count: int, lines: list[str]) -> None:
    error = InvalidInput(f"error {number % count}" for number in range(2 * count))
    assert str(error).split("\n") == lines
    assert len(error.errors) == count


def test_errors_of_the_input_have_paths_and_are_raised_together() -> None:
    assert [join_path("r[0]", "tags"), join_path("", "tags"), join_path("r", "")] == ["r[0].tags", "tags", "r"]
    assert [at("name", "It is empty."), at("", "It is empty.")] == ["name: It is empty.", "It is empty."]
    raise_if_any(iter(()))
    with pytest.raises(InvalidInput, match="name is empty"):
        raise_if_any(iter(["name is empty."]))
