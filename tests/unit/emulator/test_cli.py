# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The AWS CLI is the endpoint's first outside client: it takes a share of each kind through its whole life."""

from __future__ import annotations

import contextlib
import io
import json
import os
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator

from .scenes import KINDS, RECIPIENT, Kind, every_kind

clidriver = pytest.importorskip("awscli.clidriver", reason="this Python has no AWS CLI")
# On import it says in the environment where it has data files of its own.
DATA_PATH = os.environ.pop("AWS_DATA_PATH")

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
    """`aws wellarchitected`, as one account, in this process: the command needs half a second to start."""

    def __init__(self, emulator: Emulator, patch: pytest.MonkeyPatch, account: str | None = None):
        keys = {name.upper(): value for name, value in emulator.credentials(account).items()}
        nothing = os.devnull
        self._patch = patch
        self._environment = {
            **keys,
            "AWS_DATA_PATH": DATA_PATH,
            "AWS_ENDPOINT_URL": emulator.url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": nothing,
            "AWS_SHARED_CREDENTIALS_FILE": nothing,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def __call__(self, *arguments: str) -> Any:
        for name, value in self._environment.items():
            self._patch.setenv(name, value)
        written, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(written), contextlib.redirect_stderr(errors):
            ended = clidriver.create_clidriver().main(["wellarchitected", *arguments, "--output=json"])
        assert ended == 0, errors.getvalue()
        return json.loads(written.getvalue() or "{}")


@every_kind
def test_the_life_of_a_share(emulator: Emulator, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    owner, recipient = CommandLine(emulator, monkeypatch), CommandLine(emulator, monkeypatch, RECIPIENT)
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
