# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four kinds of resource that can be shared. They differ in these words and numbers only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of resource, in the API's words."""

    name: str
    #: ShareResourceType of its invitations, and ResourceType in errors
    resource_type: str
    #: the member of share requests that names the resource
    identifier: str
    #: the member of the list's answer that holds the shares
    share_summaries: str
    #: the members of an invitation that name the resource
    name_member: str
    arn_member: str
    #: the filter of ListShareInvitations
    prefix_member: str
    #: the word in the resource's ARN
    arn_type: str
    has_permission: bool = False


WORKLOAD = Kind(
    name="workload",
    resource_type="WORKLOAD",
    identifier="WorkloadId",
    share_summaries="WorkloadShareSummaries",
    name_member="WorkloadName",
    arn_member="WorkloadId",
    prefix_member="WorkloadNamePrefix",
    arn_type="workload",
    has_permission=True,
)
LENS = Kind(
    name="lens",
    resource_type="LENS",
    identifier="LensAlias",
    share_summaries="LensShareSummaries",
    name_member="LensName",
    arn_member="LensArn",
    prefix_member="LensNamePrefix",
    arn_type="lens",
)
TEMPLATE = Kind(
    name="template",
    resource_type="TEMPLATE",
    identifier="TemplateArn",
    share_summaries="TemplateShareSummaries",
    name_member="TemplateName",
    arn_member="TemplateArn",
    prefix_member="TemplateNamePrefix",
    arn_type="review-template",
)
PROFILE = Kind(
    name="profile",
    resource_type="PROFILE",
    identifier="ProfileArn",
    share_summaries="ProfileShareSummaries",
    name_member="ProfileName",
    arn_member="ProfileArn",
    prefix_member="ProfileNamePrefix",
    arn_type="profile",
)
KINDS = (WORKLOAD, LENS, TEMPLATE, PROFILE)
