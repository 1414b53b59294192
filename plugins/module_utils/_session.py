# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The boto3 session, with credentials obtained before the first call: their errors are not the service's."""

from __future__ import annotations

import json
from typing import Any

try:
    import boto3
    from botocore import exceptions
except ImportError:
    pass  # amazon.aws reports that boto3 is missing before any of this is used.

from ._names import escape_controls


class CredentialsError(Exception):
    """There are no credentials to make a call with, and none was made. ``str()``: reason and advice, ready to show."""

    def __init__(self, reason: str, advice: str) -> None:
        self.reason = reason
        self.advice = advice
        super().__init__(f"Could not obtain AWS credentials: {reason.strip().rstrip('.')}. {advice}.")


def open_session(**options: Any) -> Any:
    """Return a boto3 session that has its credentials. The options are those of boto3.Session.

    Raises CredentialsError. A profile's MFA code is asked for here, once for all clients of the session.
    """
    profile = options.get("profile_name")
    try:
        session = boto3.Session(**options)
        profile = session.profile_name
        credentials = session.get_credentials()
        if credentials is None:
            raise exceptions.NoCredentialsError
        keys = credentials.get_frozen_credentials()
        if not keys.access_key or not keys.secret_key:
            missing = "secret_key" if keys.access_key else "access_key"
            raise exceptions.PartialCredentialsError(provider="the options or the environment", cred_var=missing)
    except Exception as cause:  # botocore lets through whatever a file, a process or a prompt raises.
        raise CredentialsError(*explain(cause, profile)) from cause
    return session


def explain(cause: Exception, profile: str | None = None) -> tuple[str, str]:
    """Return why credentials could not be obtained, and what to do: two sentences without their periods."""
    login = f" --profile {profile}" if profile and profile != "default" else ""
    reason = escape_controls(str(cause).strip()) or type(cause).__name__
    if isinstance(cause, (EOFError, exceptions.RefreshWithMFAUnsupportedError)):
        return (
            "The profile needs an MFA code, which cannot be entered without a terminal",
            f"Run aws configure export-credentials{login} --format env in a terminal, set the environment variables "
            "that it prints, and leave the profile out",
        )
    if isinstance(cause, OSError) and cause.filename:
        return (
            f"{cause.strerror}: {escape_controls(str(cause.filename))}",
            "Check the path. The profile or the environment names it as the token file "
            "(AWS_WEB_IDENTITY_TOKEN_FILE) or the credential_process",
        )
    # What credential_process prints is never shown: it may be a secret.
    if isinstance(cause, (json.JSONDecodeError, UnicodeDecodeError, AttributeError)):
        return (
            "The output of the profile's credential_process is not a JSON object",
            "Run the credential_process by hand and check what it prints",
        )
    if isinstance(cause, (exceptions.SSOError, exceptions.TokenRetrievalError)):
        return reason, f"Run aws sso login{login}"
    # Since botocore 1.41.
    if isinstance(cause, getattr(exceptions, "LoginError", ())):
        return reason, f"Run aws login{login}"
    if isinstance(cause, exceptions.ProfileNotFound):
        return reason, "Check the option profile, AWS_PROFILE and the AWS configuration files"
    if isinstance(cause, (exceptions.ConnectionError, exceptions.HTTPClientError)):
        return reason, "Check the network, the proxy, the Region and endpoint_url"
    if isinstance(cause, exceptions.ClientError):
        return (
            reason,
            f"Renew the profile's source credentials, and check the role. Try aws sts get-caller-identity{login}",
        )
    if isinstance(cause, (exceptions.NoCredentialsError, exceptions.PartialCredentialsError)):
        return reason, "Set access_key and secret_key, profile, or their environment variables"
    return reason, f"Check the AWS configuration files. Try aws sts get-caller-identity{login}"
