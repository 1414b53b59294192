# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the modules share: scenes at the local endpoint, and short ways to read results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import OWNER, Emulator

REGION = "us-east-1"
MODULES = (
    "wa_workload_share",
    "wa_lens_share",
    "wa_template_share",
    "wa_profile_share",
    "wa_shares",
    "wa_share_invitation",
    "wa_share_invitation_info",
    "wa_share_audit",
    "wa_share_info",
    "wa_organization_sharing",
)

ANA, BEN, CLEO, DAN = "111122223333", "444455556666", "777788889999", "012345670123"  # accounts
BEN_USER = f"arn:aws:iam::{BEN}:user/reviewers/ben"
BEN_ROLE = f"arn:aws:iam::{BEN}:role/reviewers/ben"
ORGANIZATION = "o-abcdefghij"
ORGANIZATION_ARN = f"arn:aws:organizations::{OWNER}:organization/{ORGANIZATION}"
OU = "ou-ab12-cdefghij"
OU_ARN = f"arn:aws:organizations::{OWNER}:ou/{ORGANIZATION}/{OU}"

LIVE = ("PENDING", "ACCEPTED", "ASSOCIATING", "ASSOCIATED")
DEAD = ("REJECTED", "EXPIRED", "REVOKED", "FAILED")
#: what AWS's documentation leaves open, as settings of the endpoint: each question, and its answers
OPEN_QUESTIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "how organizations are listed": tuple({"list_organization_as": form} for form in ("given", "id", "arn")),
    "create where there is a dead share": (
        {"create_conflicts_on_inactive": True},
        {"create_conflicts_on_inactive": False},
    ),
    "update of a dead share": ({"update_fails_on_inactive": True}, {"update_fails_on_inactive": False}),
    "delete while associating": (
        {"delete_conflicts_while_associating": True, "associating_lists": 3},
        {"delete_conflicts_while_associating": False, "associating_lists": 3},
    ),
    "when a share shows": (
        {"shares_visible_after": 0},
        {"shares_visible_after": 5},
        {"shares_visible_after_lists": 2},
    ),
    "the invitation's ID": ({"share_id_is_invitation_id": True}, {"share_id_is_invitation_id": False}),
    "quotas": (
        {"organization_shares_count": True, "inactive_shares_count": True},
        {"organization_shares_count": False, "inactive_shares_count": False},
    ),
    "what conflicts after a delete": ({"conflicts_after_delete": 0}, {"conflicts_after_delete": 3}),
    "the size of pages": ({"max_results": {"*": 50}}, {"max_results": {"*": 7, "ListLensShares": 7}}),
    "where organization sharing is set": (
        {"organization_sharing_is_regional": False},
        {"organization_sharing_is_regional": True},
    ),
    "the owner's own account": ({"own_account_fails": True}, {"own_account_fails": False}),
}


def either_way(*questions: str) -> Any:
    """Runs a test with each answer to these questions, or to all of them; the test takes it as ``answer``."""
    answers = [answer for question in questions or OPEN_QUESTIONS for answer in OPEN_QUESTIONS[question]]
    ids = ["-".join(f"{name}={value}" for name, value in answer.items()) for answer in answers]
    return pytest.mark.parametrize("answer", answers, ids=ids)


@dataclass(frozen=True)
class Kind:
    name: str
    module: str
    option: str
    #: the word in ``Create…Share`` and its sisters
    stem: str
    #: the parameter that names the resource in them
    identifier: str
    list_operation: str
    #: the word of messages
    label: str
    permissions: tuple[str | None, ...] = (None,)

    @property
    def default_permission(self) -> str | None:
        return self.permissions[0]


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "workload",
            "wa_workload_share",
            "workload",
            "Workload",
            "WorkloadId",
            "ListWorkloads",
            "workload",
            ("READONLY", "CONTRIBUTOR"),
        ),
        Kind("lens", "wa_lens_share", "lens", "Lens", "LensAlias", "ListLenses", "lens"),
        Kind(
            "template",
            "wa_template_share",
            "template",
            "Template",
            "TemplateArn",
            "ListReviewTemplates",
            "review template",
        ),
        Kind("profile", "wa_profile_share", "wa_profile", "Profile", "ProfileArn", "ListProfiles", "profile"),
    )
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def accounts(count: int, first: int = 200000000000) -> list[str]:
    return [f"{first + number:012d}" for number in range(count)]


class Result(dict[str, Any]):
    """What a module returned, with ``failed`` and the texts of its ``warnings``."""

    @property
    def actions(self) -> dict[str, str]:
        """Of a module for one resource: what was done for each principal."""
        return actions(self["shares"])

    @property
    def by_name(self) -> dict[str, dict[str, str]]:
        """Of wa_shares: the same for each resource, by its name or ID."""
        return {row["resource"]["name"] or row["resource"]["id"]: actions(row["shares"]) for row in self["resources"]}

    def prediction(self) -> dict[str, Any]:
        """What check mode must say as the run does: all but what only the service can know."""
        known = {name: self.get(name) for name in ("changed", "failed", "diff", "summary", "warnings")}
        if "resources" in self:
            return {**known, "resources": [_predictable(row) for row in self["resources"]]}
        return {**known, **_predictable(self)}


def actions(shares: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    shares = list(shares)
    found = {share["shared_with"]: share["action"] for share in shares}
    assert len(found) == len(shares), f"a principal stands twice in {shares}"
    return found


def _predictable(row: Mapping[str, Any]) -> dict[str, Any]:
    sent = ("created", "renewed")
    return {
        "resource": row["resource"],
        "changed": row["changed"],
        "shares": [
            {**share, "share_id": None, "status": None} if share["action"] in sent else share for share in row["shares"]
        ],
    }


@dataclass(frozen=True)
class Scenery:
    """A resource that was made for a test; ``shares`` has the ShareId of each principal."""

    kind: Kind
    id: str
    arn: str
    name: str
    shares: dict[str, str] = field(default_factory=dict)

    @property
    def identifier(self) -> str:
        """What share requests name it by."""
        return self.id if self.kind.name == "workload" else self.arn


class Scene:
    """Makes what a test needs at the local endpoint, and looks at what became of it."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def make(
        self,
        kind: Kind = KINDS["workload"],
        name: str = "Payments",
        shares: Sequence[str] | Mapping[str, str | tuple[str, str]] = (),
        permission: str = "READONLY",
        **where: str,
    ) -> Scenery:
        """A resource that is shared: ``shares`` are principals, or statuses by principal, or (status, permission)."""
        made = getattr(self.emulator, f"create_{kind.name}")(name, **where)
        resource = Scenery(kind, made["id"].rpartition("/")[2], made["arn"], name)
        wanted = shares if isinstance(shares, Mapping) else dict.fromkeys(shares)
        for principal, given in wanted.items():
            status, given_permission = given if isinstance(given, tuple) else (given, permission)
            resource.shares[principal] = self.share(resource, principal, given_permission, **where)
            if status:
                self.emulator.force(resource.shares[principal], status)
        return resource

    def share(self, resource: Scenery, principal: str, permission: str = "READONLY", **where: str) -> str:
        """Shares a resource by other hands than the module's; returns the ShareId."""
        more = {"PermissionType": permission} if resource.kind.name == "workload" else {}
        create = getattr(self.emulator.client(**where), f"create_{resource.kind.name}_share")
        return create(**{resource.kind.identifier: resource.identifier, "SharedWith": principal}, **more)["ShareId"]

    def enable_organization_sharing(self) -> None:
        self.emulator.client().update_global_settings(OrganizationSharingStatus="ENABLED")

    def rows(self, resource: Scenery | None = None) -> list[dict[str, Any]]:
        """The endpoint's shares, of one resource if given."""
        return [row for row in self.emulator.shares() if resource is None or row["resource_arn"] == resource.arn]

    def shares(self, resource: Scenery) -> dict[str, str]:
        """The status of each principal's share; fails where one has two."""
        rows = self.rows(resource)
        found = {row["shared_with"]: row["status"] for row in rows}
        assert len(found) == len(rows), f"a principal has two shares in {rows}"
        return found

    def permissions(self, resource: Scenery) -> dict[str, str | None]:
        return {row["shared_with"]: row["permission_type"] for row in self.rows(resource)}

    def watch(self) -> None:
        """Forgets the calls so far, which were the scene's."""
        self.emulator.clear_record()

    def changes(self) -> dict[str, int]:
        """The calls that change something, since ``watch``."""
        return dict(
            Counter(call["operation"] for call in self.emulator.record() if not call["operation"].startswith("List"))
        )

    def nothing_changed(self) -> bool:
        return not self.changes()


def account(account_id: str, **more: str) -> dict[str, str]:
    """An item of the option ``accounts``, with a role to assume."""
    return {"account_id": account_id, "role_arn": f"arn:aws:iam::{account_id}:role/Accept", **more}


def entry(resource: Scenery, *shared_with: Any, **more: Any) -> dict[str, Any]:
    """An entry of wa_shares that names the resource."""
    return {resource.kind.option: resource.name, "shared_with": list(shared_with), **more}
