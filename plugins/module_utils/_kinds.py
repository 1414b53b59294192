# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The four kinds of resource as a table: everything that differs between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Kind:
    """What the API calls things for one kind of resource. Source: botocore's service model, API 2020-03-31.

    Operations carry their API names (``CreateLensShare``), which are also the names of their IAM actions.
    """

    name: str
    """workload, lens, template or profile, as results have it."""
    option: str
    """The module option that names such a resource."""
    label: str
    """The word for messages."""
    arn_type: str
    """What an ARN has before the slash: ``arn:aws:wellarchitected:REGION:ACCOUNT:<arn_type>/...``."""
    arn_id: str
    """A pattern for what it has after the slash. Source: the model's patterns; lenses have none."""
    id_parameter: str
    """The request parameter that names the resource in the operations on its shares."""
    list_operation: str
    """Lists the resources, to find them by name."""
    list_key: str
    """The member of that response that has its summaries."""
    shareable_filter: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Parameters that make the list show only what can be shared: the caller's own, and published."""
    all_filter: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Parameters for a second list that shows why a name was not found. As ``shareable_filter``: none."""
    share_stem: str = ""
    """The API's word in ``Create<stem>Share`` and its sisters, and before Name, Id and Arn in summaries."""
    has_permission: bool = False
    must_be_published: bool = False
    """Whether unpublished ones exist, which cannot be shared and are not listed."""
    id_is_arn: bool = True
    """Whether ``id_parameter`` takes the ARN (all but workloads)."""

    @property
    def plural(self) -> str:
        return f"{self.label}{'es' if self.label.endswith('s') else 's'}"

    @property
    def create_operation(self) -> str:
        return f"Create{self.share_stem}Share"

    @property
    def delete_operation(self) -> str:
        return f"Delete{self.share_stem}Share"

    @property
    def update_operation(self) -> str:
        return f"Update{self.share_stem}Share"

    @property
    def list_shares_operation(self) -> str:
        return f"List{self.share_stem}Shares"

    @property
    def list_shares_key(self) -> str:
        return f"{self.share_stem}ShareSummaries"

    @property
    def name_key(self) -> str:
        return f"{self.share_stem}Name"

    @property
    def arn_key(self) -> str:
        return f"{self.share_stem}Arn"

    @property
    def invitation_type(self) -> str:
        """The ShareResourceType of this kind's invitations."""
        return self.share_stem.upper()

    def id_from_arn(self, arn: str) -> str:
        """The value of ``id_parameter`` for the resource with this ARN."""
        return arn if self.id_is_arn else arn.rpartition("/")[2]

    def describe(self, summary: Mapping[str, Any]) -> tuple[str, str, str]:
        """ARN, name and owner (account ID) in a summary of ``list_operation``; empty where it has none."""
        return summary.get(self.arn_key) or "", summary.get(self.name_key) or "", summary.get("Owner") or ""


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            name="workload",
            option="workload",
            label="workload",
            arn_type="workload",
            arn_id="[0-9a-f]{32}",
            id_parameter="WorkloadId",
            list_operation="ListWorkloads",
            list_key="WorkloadSummaries",
            share_stem="Workload",
            has_permission=True,
            id_is_arn=False,
        ),
        Kind(
            name="lens",
            option="lens",
            label="lens",
            arn_type="lens",
            arn_id="[A-Za-z0-9._-]+",
            id_parameter="LensAlias",
            list_operation="ListLenses",
            list_key="LensSummaries",
            shareable_filter={"LensType": "CUSTOM_SELF", "LensStatus": "PUBLISHED"},
            all_filter={"LensStatus": "ALL"},
            share_stem="Lens",
            must_be_published=True,
        ),
        Kind(
            name="template",
            option="template",
            label="review template",
            arn_type="review-template",
            arn_id="[0-9a-f]{32}",
            id_parameter="TemplateArn",
            list_operation="ListReviewTemplates",
            list_key="ReviewTemplates",
            share_stem="Template",
        ),
        Kind(
            name="profile",
            option="wa_profile",
            label="profile",
            arn_type="profile",
            arn_id="[a-z0-9]+",
            id_parameter="ProfileArn",
            list_operation="ListProfiles",
            list_key="ProfileSummaries",
            shareable_filter={"ProfileOwnerType": "SELF"},
            all_filter={"ProfileOwnerType": "SHARED"},
            share_stem="Profile",
        ),
    )
}
