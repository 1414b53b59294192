# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The local endpoint as a process of its own, in the place of AWS, and two AWS profiles for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.aws.accounts import Accounts, accounts_from
from tests.aws.stage import Stage
from tests.aws.watching import Pace
from tests.emulator.testing import OWNER, Emulator

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"
RECIPIENT = "111122223333"
#: what has a MaxResults
LISTS = (
    "ListWorkloadShares",
    "ListLensShares",
    "ListTemplateShares",
    "ListProfileShares",
    "ListShareInvitations",
    "ListWorkloads",
    "ListLenses",
    "ListReviewTemplates",
    "ListProfiles",
)
PACE = Pace(patience=4, pause=0.05)


@dataclass(frozen=True)
class Organization:
    """An organization of the owner's."""

    id: str
    unit: str


@pytest.fixture(scope="session")
def _url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from endpoint import endpoint

    with endpoint(tmp_path_factory.mktemp("endpoint")) as url:
        yield url


@pytest.fixture
def aws(_url: str) -> Iterator[Emulator]:
    """What stands in for AWS, empty."""
    with Emulator(url=_url) as emulator:
        emulator.reset()
        yield emulator


@pytest.fixture
def environment(aws: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a user who has two profiles, which is also that of the test."""
    config = tmp_path / "config"
    profiles = {"wa-owner": aws.credentials(), "wa-recipient": aws.credentials(RECIPIENT)}
    lines = []
    for name, credentials in profiles.items():
        lines += [f"[profile {name}]", *(f"{key} = {value}" for key, value in credentials.items())]
    config.write_text("\n".join([*lines, ""]), encoding="utf-8")
    for name in list(os.environ):
        if name.startswith(("AWS_", "WA_", "MAKE", "MFLAGS")):
            monkeypatch.delenv(name)
    variables = {
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_REGION": REGION,
        "WA_OWNER_PROFILE": "wa-owner",
        "WA_RECIPIENT_PROFILE": "wa-recipient",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return dict(os.environ)


@pytest.fixture
def organization(aws: Emulator, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Organization:
    """The owner's organization, with an OU and organization sharing. The recipient is not in it."""
    client = aws.client("organizations")
    made = Organization(
        client.create_organization(FeatureSet="ALL")["Organization"]["Id"],
        client.create_organizational_unit(ParentId=client.list_roots()["Roots"][0]["Id"], Name="Unit")[
            "OrganizationalUnit"
        ]["Id"],
    )
    aws.client().update_global_settings(OrganizationSharingStatus="ENABLED")
    for name, value in {"WA_ORGANIZATION_ID": made.id, "WA_OU_ID": made.unit}.items():
        environment[name] = value
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def accounts(environment: dict[str, str]) -> Accounts:
    return accounts_from(environment)


@pytest.fixture
def stage(accounts: Accounts) -> Stage:
    return Stage(accounts, PACE)


def everything(aws: Emulator) -> list[str]:
    """The names of all resources of the two accounts."""
    names = []
    for account in (OWNER, RECIPIENT):
        client = aws.client(account=None if account == OWNER else account)
        names += [row["WorkloadName"] for row in client.list_workloads()["WorkloadSummaries"]]
        lenses = client.list_lenses(LensStatus="ALL")["LensSummaries"]
        names += [row["LensName"] for row in lenses if row["Owner"] == account]
        names += [row["TemplateName"] for row in client.list_review_templates()["ReviewTemplates"]]
        names += [row["ProfileName"] for row in client.list_profiles()["ProfileSummaries"]]
    return names
