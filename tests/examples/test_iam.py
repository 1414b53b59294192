# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM policies in docs/iam allow the calls that are really made, and no others.

The endpoint enforces them. Each duty is done twice. Once by whole playbooks, with keys that have exactly the policy:
nothing may be missing. And once by its modules, in this process, with keys that lack one action: whichever is taken
away, something fails, and says which action is missing.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import OWNER, Emulator

from .conftest import Run
from .in_process import Perform
from .policies import ACCEPTING, FOLDER, OPTIONAL, OWNERS, allowed, as_list, enforce, policy, set_recipients
from .scene import RECIPIENTS, UNIT, enable_organization_sharing, set_invitations, set_organization, set_resources

PLAYBOOKS = Path(__file__).parent / "iam"
INVENTORY = "{plugin: wellarchitected.sharing.organization_accounts, tags: true}\n"
# GetCallerIdentity needs no permission.
NEED_NOTHING = {"sts:GetCallerIdentity", *OPTIONAL}
# AWS asks for it when the service makes its role: no call of ours.
NOT_CALLED = {"iam:CreateServiceLinkedRole"}
# The ARNs that each action takes, by the Service Authorization Reference; an action that is not here takes "*" only.
RESOURCE_TYPES = {
    **{f"wellarchitected:{verb}WorkloadShare": ("workload",) for verb in ("Create", "Delete", "Update")},
    **{f"wellarchitected:{verb}LensShare": ("lens",) for verb in ("Create", "Delete")},
    **{f"wellarchitected:{verb}TemplateShare": ("review-template",) for verb in ("Create", "Delete")},
    **{f"wellarchitected:{verb}ProfileShare": ("profile",) for verb in ("Create", "Delete")},
    "wellarchitected:ListWorkloadShares": ("workload",),
    "wellarchitected:ListLensShares": ("lens",),
    "wellarchitected:ListTemplateShares": ("review-template",),
    "wellarchitected:ListProfileShares": ("profile",),
    "wellarchitected:ListTagsForResource": ("workload", "lens", "review-template", "profile"),
}
EVERYTHING: list[dict[str, Any]] = [
    {"workload": "Pay*"},
    {"workload": "*", "tags": {"tier": "1"}},
    {"lens": "Platform Standards"},
    {"template": "CentralTemplateWeb"},
    {"wa_profile": "Business Critical"},
]
ACCEPT = [{"account_id": RECIPIENTS[0], "role_arn": f"arn:aws:iam::{RECIPIENTS[0]}:role/{ACCEPTING}"}]

Step = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Duty:
    """All that one policy is for: as a run of playbooks, and as modules with their options."""

    policy: str
    command: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def account(self) -> str | None:
        """The account whose calls are those of the duty, where it is not the owner's."""
        return RECIPIENTS[0] if self.policy == "recipient" else None


DUTIES = (
    Duty(
        "owner",
        ("ansible-playbook", "-i", "accounts.yml", "owner.yml"),
        (
            ("wa_shares", {"resources": EVERYTHING, "shared_with": [RECIPIENTS[0], UNIT]}),
            ("wa_shares", {"resources": [{"workload": "Payments"}], "shared_with": [RECIPIENTS[0]]}),
            (
                "wa_shares",
                {
                    "resources": [{"workload": "Payments", "permission_type": "CONTRIBUTOR"}],
                    "shared_with": [RECIPIENTS[0]],
                },
            ),
            ("wa_share_invitation", {"accounts": ACCEPT, "shared_by": [OWNER]}),
            ("wa_shares", {"resources": EVERYTHING, "shared_with": [], "purge_shares": True}),
        ),
    ),
    Duty(
        "recipient",
        ("ansible-playbook", "recipient.yml"),
        (
            ("wa_share_invitation_info", {}),
            ("wa_share_invitation", {"shared_by": [OWNER], "state": "rejected", "resource_type": ["workload"]}),
            ("wa_share_invitation", {"shared_by": [OWNER]}),
        ),
    ),
    Duty(
        "auditor",
        ("ansible-playbook", "auditor.yml"),
        (
            ("wa_share_audit", {"resources": EVERYTHING, "shared_with": [], "fail_on_drift": False}),
            ("wa_share_info", {}),
        ),
    ),
    Duty(
        "management",
        ("ansible-playbook", "-i", "organization_accounts.yml", "management.yml"),
        (
            ("wa_organization_sharing", {"state": "enabled"}),
            ("organization_accounts", {"tags": True}),
        ),
    ),
)


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
    enforce(emulator, tmp_path / "home", "owner" if duty.account else duty.policy)
    emulator.clear_record()

    run(duty.command, f"the duties of {duty.policy}", duty.account)

    assert called(emulator, duty.account or OWNER) == {action for action, _on in allowed(duty.policy)} - NOT_CALLED
    denied = {action(call) for call in emulator.record("") if str(call["error"]).startswith("AccessDenied")}
    assert denied <= set(OPTIONAL)
    if duty.policy == "owner":
        # The roles that the owner assumes need the recipient's policy, and no more.
        assert called(emulator, RECIPIENTS[0]) == {action for action, _on in allowed("recipient")}


def called(emulator: Emulator, account: str) -> set[str]:
    """The IAM actions of the calls that the account made."""
    return {action(call) for call in emulator.record("") if call["account"] == account} - NEED_NOTHING


def action(call: dict[str, Any]) -> str:
    return f"{call['service']}:{call['operation']}"


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.policy)
def test_whichever_action_is_taken_away_something_fails_and_names_it(
    duty: Duty,
    emulator: Emulator,
    perform: Perform,
) -> None:
    told = {without: failure(duty, emulator, perform, without) for without, _on in allowed(duty.policy)}
    assert failure(duty, emulator, perform, None) is None
    for without, message in told.items():
        assert message is not None, f"nothing needs {without}"
        assert f"not authorized to perform: {without} " in message
        advice = "need sts:AssumeRole" if without == "sts:AssumeRole" else f"the IAM action {without}"
        assert advice in message


def failure(duty: Duty, emulator: Emulator, perform: Perform, without: str | None) -> str | None:
    """The message of the first step that fails without the action, in a scene of its own; None: none does."""
    emulator.reset()
    set_scene(duty, emulator)
    organization = set_recipients(emulator, without if duty.account else None, RECIPIENTS[:1])
    if duty.account:
        credentials = emulator.credentials(duty.account)
    else:
        credentials = emulator.role(OWNER, OWNERS[duty.policy], policy(duty.policy, organization, without))
    emulator.settings(iam_enforced=True)
    messages = (perform(credentials, name, options) for name, options in duty.steps)
    return next((message for message in messages if message is not None), None)


@pytest.mark.parametrize("name", ["hub", *(duty.policy for duty in DUTIES)])
def test_policy_names_resources_wherever_an_action_takes_any(name: str) -> None:
    for action, resource in allowed(name):
        expected = [f"arn:aws:wellarchitected:*:*:{kind}/*" for kind in RESOURCE_TYPES.get(action, ())] or ["*"]
        roles = {"sts:AssumeRole": "arn:aws:iam::*:role/", "iam:CreateServiceLinkedRole": "arn:aws:iam::*:role/aws-"}
        assert resource in expected or (action in roles and resource.startswith(roles[action]))


def test_roles_of_other_organizations_are_not_assumed(emulator: Emulator, perform: Perform) -> None:
    """The placeholder as it stands is nobody's organization."""
    set_invitations_for_the_owner(emulator)
    credentials = emulator.role(OWNER, OWNERS["owner"], policy("owner"))
    emulator.settings(iam_enforced=True)
    message = perform(credentials, "wa_share_invitation", {"accounts": ACCEPT, "shared_by": [OWNER]})
    assert message is not None
    assert "not authorized to perform: sts:AssumeRole " in message


def set_invitations_for_the_owner(emulator: Emulator) -> None:
    set_resources(emulator)
    set_invitations(emulator)
    set_recipients(emulator)


def test_trusted_access_is_a_policy_of_its_own() -> None:
    """Nothing here calls it, so that no other policy has it."""
    assert {path.stem for path in FOLDER.glob("*.json")} == {
        *(duty.policy for duty in DUTIES),
        "hub",  # see test_stackset.py
        "recipient_trust",
        "management-trusted-access",
    }
    extra = {action for statement in policy("management-trusted-access")["Statement"] for action in statement["Action"]}
    assert extra == {"organizations:EnableAWSServiceAccess", "organizations:DisableAWSServiceAccess"}
    assert not extra & {action for duty in DUTIES for action, _on in allowed(duty.policy)}
    assert all(
        as_list(statement["Condition"]["StringEquals"]["organizations:ServicePrincipal"])
        for statement in policy("management-trusted-access")["Statement"]
    )
