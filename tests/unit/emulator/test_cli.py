# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The AWS CLI is the endpoint's first outside client: it takes a share of each kind through its whole life."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator

from .scenes import KINDS, RECIPIENT, Kind, every_kind

AWS = Path(sys.executable).parent / "aws"
pytestmark = pytest.mark.skipif(not AWS.exists(), reason="there is no AWS CLI beside this Python")

CREATE: dict[str, list[str]] = {
    "workload": [
        "create-workload",
        "--workload-name=from the CLI",
        "--description=A scene",
        "--environment=PRODUCTION",
        "--aws-regions=us-east-1",
        "--review-owner=owner",
        "--lenses=wellarchitected",
    ],
    "lens": ["import-lens", "--json-string", json.dumps({"name": "from the CLI"})],
    "template": [
        "create-review-template",
        "--template-name=from the CLI",
        "--description=A scene",
        "--lenses=wellarchitected",
    ],
    "profile": [
        "create-profile",
        "--profile-name=from the CLI",
        "--profile-description=A scene",
        "--profile-questions=[]",
    ],
}


class CommandLine:
    """`aws wellarchitected`, as one account."""

    def __init__(self, emulator: Emulator, account: str | None = None):
        keys = {name.upper(): value for name, value in emulator.credentials(account).items()}
        nothing = os.devnull
        self._environment = {
            **keys,
            "PATH": os.environ.get("PATH", ""),
            "AWS_ENDPOINT_URL": emulator.url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": nothing,
            "AWS_SHARED_CREDENTIALS_FILE": nothing,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def __call__(self, *arguments: str) -> Any:
        command = [sys.executable, str(AWS), "wellarchitected", *arguments, "--output=json"]
        ended = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout or "{}")


@every_kind
def test_the_life_of_a_share(emulator: Emulator, kind: Kind) -> None:
    owner, recipient = CommandLine(emulator), CommandLine(emulator, RECIPIENT)
    made = owner(*CREATE[kind.name])
    resource = made[kind.identifier.replace("Alias", "Arn")]
    if kind.name == "lens":
        owner("create-lens-version", f"--lens-alias={resource}", "--lens-version=1")
    names = {"WorkloadId": "workload-id", "LensAlias": "lens-alias"}
    named = f"--{names.get(kind.identifier, f'{kind.name}-arn')}={resource}"
    permission = ["--permission-type=READONLY"] if kind.name == "workload" else []

    share_id = owner(f"create-{kind.name}-share", named, f"--shared-with={RECIPIENT}", *permission)["ShareId"]
    (invitation,) = recipient("list-share-invitations", f"--share-resource-type={kind.resource_type}")[
        "ShareInvitationSummaries"
    ]
    assert invitation[kind.name_member] == "from the CLI"
    recipient(
        "update-share-invitation",
        f"--share-invitation-id={invitation['ShareInvitationId']}",
        "--share-invitation-action=ACCEPT",
    )
    if kind.name == "workload":
        owner("update-workload-share", named, f"--share-id={share_id}", "--permission-type=CONTRIBUTOR")
    (listed,) = owner(f"list-{kind.name}-shares", named)[kind.summaries]
    assert (listed["ShareId"], listed["Status"]) == (share_id, "ACCEPTED")
    assert listed.get("PermissionType") == ("CONTRIBUTOR" if kind.name == "workload" else None)
    owner(f"delete-{kind.name}-share", named, f"--share-id={share_id}")
    assert emulator.shares() == []
    assert set(KINDS) == set(CREATE)
