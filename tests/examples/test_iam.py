# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM policies in docs/iam allow the calls that are really made, and no others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import OWNER, Emulator

from .conftest import Run
from .documents import ROOT
from .scene import RECIPIENTS, enable_organization_sharing, set_invitations, set_organization, set_resources

POLICIES = ROOT / "docs" / "iam"
PLAYBOOKS = Path(__file__).parent / "iam"
INVENTORY = "{plugin: wellarchitected.sharing.organization_accounts, tags: true}\n"
# GetCallerIdentity needs no permission. amazon.aws.aws_caller_info asks for the account's alias too, and does without.
NEED_NOTHING = {"sts:GetCallerIdentity", "iam:ListAccountAliases"}
# The ARNs that each action takes, by the Service Authorization Reference; an action that is not here takes "*" only.
RESOURCE_TYPES = {
    **{f"wellarchitected:{verb}WorkloadShare": "workload" for verb in ("Create", "Delete", "Update")},
    **{f"wellarchitected:{verb}LensShare": "lens" for verb in ("Create", "Delete")},
    **{f"wellarchitected:{verb}TemplateShare": "review-template" for verb in ("Create", "Delete")},
    **{f"wellarchitected:{verb}ProfileShare": "profile" for verb in ("Create", "Delete")},
    "wellarchitected:ListWorkloadShares": "workload",
    "wellarchitected:ListLensShares": "lens",
    "wellarchitected:ListTemplateShares": "review-template",
    "wellarchitected:ListProfileShares": "profile",
}


@dataclass(frozen=True)
class Duty:
    """All that one policy is for, as a run of playbooks."""

    policy: str
    command: tuple[str, ...]
    account: str = OWNER
    """Whose calls are those of the duty."""


DUTIES = (
    Duty("owner", ("ansible-playbook", "-i", "accounts.yml", "owner.yml")),
    Duty("recipient", ("ansible-playbook", "recipient.yml"), RECIPIENTS[0]),
    Duty("auditor", ("ansible-playbook", "auditor.yml")),
    Duty("management", ("ansible-playbook", "-i", "organization_accounts.yml", "management.yml")),
)


def statements(policy: str) -> list[dict[str, Any]]:
    return json.loads((POLICIES / f"{policy}.json").read_text(encoding="utf-8"))["Statement"]


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def allowed(policy: str) -> Iterator[tuple[str, str]]:
    """Every action that the policy allows, with its resource."""
    for statement in statements(policy):
        assert statement["Effect"] == "Allow"
        for action in as_list(statement["Action"]):
            yield action, statement["Resource"]


def set_scene(duty: Duty, emulator: Emulator) -> None:
    set_resources(emulator)
    if duty.policy == "management":
        set_organization(emulator)
        emulator.client().update_global_settings(OrganizationSharingStatus="DISABLED")
    else:
        enable_organization_sharing(emulator)
    if duty.policy in ("recipient", "auditor"):
        set_invitations(emulator)


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.policy)
def test_policy_allows_what_is_called_and_nothing_else(
    duty: Duty, emulator: Emulator, run: Run, tmp_path: Path
) -> None:
    shutil.copytree(PLAYBOOKS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "organization_accounts.yml").write_text(INVENTORY, encoding="utf-8")
    set_scene(duty, emulator)
    emulator.clear_record()

    run(duty.command, f"the duties of {duty.policy}", None if duty.account == OWNER else duty.account)

    assert called(emulator, duty.account) == {action for action, _resource in allowed(duty.policy)}
    if duty.policy == "owner":
        # The roles that the owner assumes need the recipient's policy, and no more.
        assert called(emulator, RECIPIENTS[0]) == {action for action, _resource in allowed("recipient")}


def called(emulator: Emulator, account: str) -> set[str]:
    """The IAM actions of the calls that the account made."""
    calls = [call for call in emulator.record("") if call["account"] == account]
    return {f"{call['service']}:{call['operation']}" for call in calls} - NEED_NOTHING


@pytest.mark.parametrize("policy", [duty.policy for duty in DUTIES])
def test_policy_names_resources_wherever_an_action_takes_any(policy: str) -> None:
    for action, resource in allowed(policy):
        kind = RESOURCE_TYPES.get(action)
        expected = f"arn:aws:wellarchitected:*:*:{kind}/*" if kind else "*"
        assert resource == expected or (action == "sts:AssumeRole" and resource.startswith("arn:aws:iam::*:role/"))
