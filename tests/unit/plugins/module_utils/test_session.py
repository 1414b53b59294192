# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials that cannot be obtained: the reason, and what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._session import (
    CredentialsError,
    explain,
    open_session,
)
from botocore import exceptions

SSO = "sso_account_id = 111122223333\nsso_role_name = Reader\n"
ROLE = "role_arn = arn:aws:iam::111122223333:role/Reader\n"
CONFIG = f"""\
[profile web]
{ROLE}web_identity_token_file = /nowhere/token
[profile sso]
{SSO}sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
[profile sso-session]
{SSO}sso_session = main
[sso-session main]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
[profile empty]
credential_process = true
[profile list]
credential_process = echo []
[profile failing]
credential_process = sh -c "printf 'locked\\n\\033[1m' >&2; exit 1"
[profile missing]
credential_process = /nowhere/program
[profile loop]
{ROLE}source_profile = loop2
[profile loop2]
{ROLE}source_profile = loop
[profile good]
credential_process = echo '{{"Version": 1, "AccessKeyId": "AKIAEXAMPLE", "SecretAccessKey": "EXAMPLE-not-real"}}'
"""


@pytest.fixture(autouse=True)
def configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    (tmp_path / "config").write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.parametrize(
    ("profile", "reason", "advice"),
    [
        (None, "Unable to locate credentials", "Set access_key and secret_key, profile, or"),
        ("web", "No such file or directory: /nowhere/token", "AWS_WEB_IDENTITY_TOKEN_FILE"),
        ("sso", "Error loading SSO Token: ", "Run aws sso login --profile sso."),
        ("sso-session", "Error loading SSO Token: ", "Run aws sso login --profile sso-session."),
        ("empty", "credential_process is not a JSON object", "Run the credential_process by hand"),
        ("list", "credential_process is not a JSON object", "Run the credential_process by hand"),
        ("failing", r"locked\n\x1b[1m", "Check the AWS configuration files."),
        ("missing", "No such file or directory: /nowhere/program", "Check the path."),
        ("loop", "Infinite loop in credential configuration", "Check the AWS configuration files."),
        ("unknown", "The config profile (unknown) could not be found", "Check the option profile"),
    ],
)
def test_the_reason_and_what_to_do(profile: str | None, reason: str, advice: str) -> None:
    with pytest.raises(CredentialsError) as error:
        open_session(profile_name=profile)
    message = str(error.value)
    assert message.startswith("Could not obtain AWS credentials: ")
    assert reason in message
    assert advice in message
    assert ".." not in message


@pytest.mark.parametrize(("given", "missing"), [("access_key_id", "secret_key"), ("secret_access_key", "access_key")])
def test_half_of_a_pair_of_keys_is_an_error(given: str, missing: str) -> None:
    with pytest.raises(CredentialsError, match=f"missing: {missing}"):
        open_session(**{f"aws_{given}": "EXAMPLE"})


@pytest.mark.parametrize(
    ("cause", "reason", "advice"),
    [
        (EOFError(), "cannot be entered without a terminal", "export-credentials --profile me --format env"),
        (exceptions.RefreshWithMFAUnsupportedError(), "needs an MFA code", "leave the profile out"),
        (exceptions.UnauthorizedSSOTokenError(), "has expired", "Run aws sso login --profile me"),
        (exceptions.EndpointConnectionError(endpoint_url="https://sts"), "Could not connect", "Check the network"),
        (
            exceptions.ClientError({"Error": {"Code": "ExpiredToken", "Message": "Old."}}, "AssumeRole"),
            "(ExpiredToken) when calling the AssumeRole operation: Old.",
            "Renew the profile's source credentials",
        ),
        (RuntimeError(), "RuntimeError", "Try aws sts get-caller-identity --profile me"),
    ],
)
def test_what_needs_more_than_files(cause: Exception, reason: str, advice: str) -> None:
    explained = explain(cause, "me")
    assert reason in explained[0]
    assert advice in explained[1]


def test_a_session_has_its_credentials() -> None:
    assert open_session(profile_name="good").get_credentials().access_key == "AKIAEXAMPLE"
