# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM policies in docs/iam allow the calls that are made, in each partition, and no others.

The endpoint enforces them. Each policy's modules run with credentials that have it, and then without each of its
actions in turn: a step must fail, with a message that names the action. The guides' examples run with the policies that
the guides name, see test_examples.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.testing import OWNER, Emulator

from .in_process import Perform
from .policies import (
    ACCEPT_ROLE,
    FOLDER,
    HOME_REGIONS,
    MANAGEMENT,
    OWNERS,
    actions,
    allowed_by,
    make_organization,
    policy,
    set_recipients,
)
from .scene import RECIPIENTS, UNIT, enable_organization_sharing, set_invitations, set_organization, set_resources
from .templates import EXTERNAL_ID, deploy_stackset

# The ARNs that each action takes, by the Service Authorization Reference; an action that is not here takes "*" only.
RESOURCE_TYPES = {
    **{f"{verb}WorkloadShare": {"workload"} for verb in ("Create", "Delete", "Update")},
    **{f"{verb}LensShare": {"lens"} for verb in ("Create", "Delete")},
    **{f"{verb}TemplateShare": {"review-template"} for verb in ("Create", "Delete")},
    **{f"{verb}ProfileShare": {"profile"} for verb in ("Create", "Delete")},
    "ListWorkloadShares": {"workload"},
    "ListLensShares": {"lens"},
    "ListTemplateShares": {"review-template"},
    "ListProfileShares": {"profile"},
    "ListTagsForResource": {"workload", "lens", "review-template", "profile"},
}
RECIPIENT, SPOKE = RECIPIENTS
EVERYTHING: list[dict[str, Any]] = [
    {"workload": "Pay*"},
    {"workload": "*", "tags": {"tier": "1"}},
    {"lens": "Platform Standards"},
    {"template": "CentralTemplateWeb"},
    {"wa_profile": "Business Critical"},
]
CONTRIBUTOR = [{"workload": "Payments", "permission_type": "CONTRIBUTOR"}]

Step = tuple[str, dict[str, Any]]


def in_account(account: str, role: str, partition: str, **more: str) -> list[dict[str, str]]:
    return [{"account_id": account, "role_arn": f"arn:{partition}:iam::{account}:role/{role}", **more}]


def steps(name: str, partition: str) -> list[Step]:
    """All that one policy is for: modules with their options."""
    accept = in_account(RECIPIENT, ACCEPT_ROLE, partition)
    share = in_account(SPOKE, "WellArchitectedShare", partition, external_id=EXTERNAL_ID)
    audit = in_account(SPOKE, "WellArchitectedAudit", partition, external_id=EXTERNAL_ID)
    return {
        "owner": [
            ("wa_shares", {"resources": EVERYTHING, "shared_with": [RECIPIENT, UNIT], "accept_in": accept}),
            ("wa_shares", {"resources": CONTRIBUTOR, "shared_with": [RECIPIENT]}),
            ("wa_shares", {"resources": EVERYTHING, "shared_with": [], "purge_shares": True}),
        ],
        "recipient": [
            ("wa_share_invitation_info", {}),
            ("wa_share_invitation", {"shared_by": [OWNER], "state": "rejected", "resource_type": ["workload"]}),
            ("wa_share_invitation", {"shared_by": [OWNER]}),
        ],
        "auditor": [
            ("wa_share_drift_info", {"resources": EVERYTHING, "shared_with": []}),
            ("wa_share_info", {}),
            ("wa_share_info", {"accounts": audit}),
        ],
        "hub": [
            (
                "wa_shares",
                {
                    "accounts": share,
                    "resources": [{"workload": "*"}],
                    "shared_with": [OWNER],
                    "accept_in": [{"account_id": OWNER}],
                },
            ),
        ],
        "management": [
            ("wa_organization_sharing", {"state": "enabled"}),
            ("organization_accounts", {"tags": True}),
        ],
    }[name]


def set_scene(name: str, emulator: Emulator, partition: str, without: str | None) -> dict[str, str]:
    """Everything that the policy's steps need, and a role that has it but for one action. Returns its credentials."""
    region = HOME_REGIONS[partition]
    set_resources(emulator, region)
    organization = ""
    if name == "management":
        set_organization(emulator, region=region)
        emulator.client(region=region).update_global_settings(OrganizationSharingStatus="DISABLED")
    elif name in ("hub", "auditor"):
        organization = make_organization(emulator, MANAGEMENT, [OWNER, SPOKE], region)
        deploy_stackset(emulator, SPOKE, organization, region)
        emulator.create_workload("Search", account=SPOKE, region=region)
        for make in (emulator.create_lens, emulator.create_template, emulator.create_profile):
            make("Standards", account=SPOKE, region=region)
    else:
        enable_organization_sharing(emulator, region)
        if name == "recipient":
            set_invitations(emulator, region)
        organization = set_recipients(emulator, without if name == "recipient" else None, partition)
    if name == "recipient":
        return emulator.credentials(RECIPIENT, partition)
    return emulator.role(OWNER, OWNERS[name], policy(name, organization, without), partition=partition)


def failure(
    name: str, emulator: Emulator, perform: Perform, partition: str = "aws", without: str | None = None
) -> str | None:
    """The message of the first step that fails, in a scene of its own; None if no step does."""
    emulator.reset()
    credentials = set_scene(name, emulator, partition, without)
    emulator.settings(iam_enforced=True)
    for module, options in steps(name, partition):
        message = perform(credentials, module, {"region": HOME_REGIONS[partition], **options})
        if message is not None:
            return message
    return None


NAMES = ["owner", "recipient", "auditor", "hub", "management"]


@pytest.mark.parametrize("partition", HOME_REGIONS)
@pytest.mark.parametrize("name", NAMES)
def test_a_policy_is_enough_for_what_it_is_for(name: str, partition: str, emulator: Emulator, perform: Perform) -> None:
    assert failure(name, emulator, perform, partition) is None


@pytest.mark.parametrize("name", NAMES)
def test_each_action_of_a_policy_is_needed_and_named_where_it_is_missing(
    name: str, emulator: Emulator, perform: Perform
) -> None:
    for without in actions(name):
        message = failure(name, emulator, perform, without=without)
        assert message is not None, f"no step needs {without}"
        assert f"not authorized to perform: {without} " in message
        advice = "need sts:AssumeRole" if without == "sts:AssumeRole" else f"the IAM action {without}"
        assert advice in message


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_names_resources_where_an_action_takes_any(name: str) -> None:
    """In every partition: their ARNs have a wildcard for it."""
    found: dict[str, set[str]] = {}
    for action, resource in allowed_by(policy(name)):
        found.setdefault(action, set()).add(resource)
    for action, given in found.items():
        if action in ("sts:AssumeRole", "iam:CreateServiceLinkedRole"):
            assert all(resource.startswith("arn:*:iam::*:role/") for resource in given)
            continue
        kinds = RESOURCE_TYPES.get(action.removeprefix("wellarchitected:"), set())
        wanted = {f"arn:*:wellarchitected:*:*:{kind}/*" for kind in kinds} or {"*"}
        # One statement of auditor.json is for all kinds, and another action's resources in it allow nothing.
        assert given >= wanted
        assert kinds or given == {"*"}


@pytest.mark.parametrize(("name", "step"), [("owner", 0), ("hub", 0), ("auditor", 2)])
def test_a_role_in_another_organization_is_not_assumed(
    name: str, step: int, emulator: Emulator, perform: Perform
) -> None:
    """The placeholder o-abcdefghij is no organization's ID."""
    set_scene(name, emulator, "aws", None)
    credentials = emulator.role(OWNER, f"{OWNERS[name]}2", policy(name))
    emulator.settings(iam_enforced=True)
    module, options = steps(name, "aws")[step]
    message = perform(credentials, module, options)
    assert message is not None
    assert "not authorized to perform: sts:AssumeRole " in message


def test_every_policy_is_tested() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {*NAMES, "recipient_trust"}
