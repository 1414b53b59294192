# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four kinds of resource that can be shared, in the words of the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Kind:
    """One kind of resource. `create_{name}_share` and its siblings are its methods of the boto3 client."""

    name: str
    #: ShareResourceType of its invitations
    resource_type: str
    #: the parameter of share requests that names the resource
    identifier: str
    #: the client's methods on the resource itself, and what they need besides the identifier
    list_method: str
    delete_method: str
    #: the members of the resource list's answer
    summaries: str
    name_member: str
    arn_member: str
    list_parameters: Mapping[str, Any] = field(default_factory=dict)
    delete_parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def share_summaries(self) -> str:
        """The member of the share list's answer that has the shares."""
        return f"{self.name.capitalize()}ShareSummaries"

    @property
    def list_shares_operation(self) -> str:
        return f"List{self.name.capitalize()}Shares"


WORKLOAD = Kind(
    name="workload",
    resource_type="WORKLOAD",
    identifier="WorkloadId",
    list_method="list_workloads",
    delete_method="delete_workload",
    summaries="WorkloadSummaries",
    name_member="WorkloadName",
    arn_member="WorkloadArn",
)
LENS = Kind(
    name="lens",
    resource_type="LENS",
    identifier="LensAlias",
    list_method="list_lenses",
    delete_method="delete_lens",
    summaries="LensSummaries",
    name_member="LensName",
    arn_member="LensArn",
    # A lens that a killed run did not come to publish is a draft.
    list_parameters={"LensType": "CUSTOM_SELF", "LensStatus": "ALL"},
    delete_parameters={"LensStatus": "ALL"},
)
TEMPLATE = Kind(
    name="template",
    resource_type="TEMPLATE",
    identifier="TemplateArn",
    list_method="list_review_templates",
    delete_method="delete_review_template",
    summaries="ReviewTemplates",
    name_member="TemplateName",
    arn_member="TemplateArn",
)
PROFILE = Kind(
    name="profile",
    resource_type="PROFILE",
    identifier="ProfileArn",
    list_method="list_profiles",
    delete_method="delete_profile",
    summaries="ProfileSummaries",
    name_member="ProfileName",
    arn_member="ProfileArn",
    list_parameters={"ProfileOwnerType": "SELF"},
)
KINDS = (WORKLOAD, LENS, TEMPLATE, PROFILE)
