# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Translates requests to the models, and what they return to responses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.utils import get_service_model

from .kinds import KINDS, LENS, PROFILE, TEMPLATE, WORKLOAD, Kind
from .models import Resource, Share, SharesPage, WellArchitectedBackend, lock, wellarchitected_backends
from .paging import largest_page
from .validation import Asked, check_request, operation_by_path, request_parameters


class WellArchitectedResponse(BaseResponse):
    """Handler for Well-Architected Tool requests and responses."""

    #: a body that is not UTF-8 is the client's error
    use_raw_body = True

    def __init__(self) -> None:
        super().__init__(service_name="wellarchitected")
        self.automated_parameter_parsing = True
        self._action: str | None = None
        self._refused: ServiceException | None = None

    @property
    def backend(self) -> WellArchitectedBackend:
        """The backend of this account and region."""
        return wellarchitected_backends[self.current_account][self.region]

    # How a request comes in

    def _get_action(self) -> str:
        # moto asks for it five times a request, and matches the path each time
        if self._action is None:
            self._action = self._get_action_from_method_and_request_uri(self.normalized_request)
        if self._action is None:  # moto's router takes a request that misses a required query parameter for another
            self._action, self.uri_match = operation_by_path(
                get_service_model("wellarchitected"), self.method, self.raw_path
            )
        return self._action

    def parse_parameters(self, request: Any) -> None:
        """Take the parameters as they arrived, and check them: moto's parser turns them into what they should be."""
        operation = get_service_model("wellarchitected").operation_model(self._get_action())
        self.params = {}
        try:
            self._take(request_parameters(operation, self.uri_match, request.args, request.data))
        except ServiceException as refused:
            self._refused = refused

    def _take(self, parameters: Mapping[str, Any]) -> None:
        """Raises ValidationException where the parameters are not as the model says."""
        operation = get_service_model("wellarchitected").operation_model(self._get_action())
        self.params = dict(parameters)
        check_request(operation, self.params, largest_page(operation.name))

    @classmethod
    def answer(cls, asked: Asked, account: str, region: str) -> TYPE_RESPONSE:
        """Status, headers and body for a request that was looked into already: a third of the work of `dispatch`."""
        response = cls()
        response._action, response.uri_match, response._refused = asked.operation, dict(asked.uri), asked.refused
        response.params, response.headers, response.response_headers = {}, {}, {"server": "amazon.com"}
        response.current_account, response.region = account, region
        if not asked.refused:
            try:
                response._take(asked.parameters)
            except ServiceException as refused:
                response._refused = refused
        return response.call_action()

    def call_action(self) -> TYPE_RESPONSE:
        with lock:
            if self._refused:
                return self.serialized(ActionResult(self._refused))
            token = self.params.get("ClientRequestToken") if self._get_action() else None
            if token is None:
                return super().call_action()
            return self._call_once(self._get_action(), token)

    def _call_once(self, action: str, token: str) -> TYPE_RESPONSE:
        try:
            first = self.backend.first_response(action, self.params, token)
        except ServiceException as refused:
            return self.serialized(ActionResult(refused))
        if first is not None:
            return first
        response = super().call_action()
        if response[0] == 200:
            self.backend.remember_response(action, self.params, token, response)
        return response

    def _page_size(self) -> int:
        return self.params.get("MaxResults") or largest_page(self._get_action())

    # Shares, of every kind

    @staticmethod
    def _created(share: Share) -> ActionResult:
        resource = share.resource
        return ActionResult({resource.kind.identifier: resource.identifier, "ShareId": share.id})

    def _share_page(self, kind: Kind, list_shares: Callable[..., SharesPage]) -> ActionResult:
        """The answer of the list operation of the kind, which `list_shares` of the backend is."""
        identifier = self.params[kind.identifier]
        shares, next_token = list_shares(
            identifier,
            self.params.get("SharedWithPrefix"),
            self.params.get("Status"),
            self.params.get("NextToken"),
            self._page_size(),
        )
        summaries = [share.summary() for share in shares]
        return ActionResult({kind.identifier: identifier, kind.share_summaries: summaries, "NextToken": next_token})

    def create_workload_share(self) -> ActionResult:
        share = self.backend.create_workload_share(
            self.params["WorkloadId"], self.params["SharedWith"], self.params["PermissionType"]
        )
        return self._created(share)

    def delete_workload_share(self) -> ActionResult:
        self.backend.delete_workload_share(self.params["WorkloadId"], self.params["ShareId"])
        return EmptyResult()

    def list_workload_shares(self) -> ActionResult:
        return self._share_page(WORKLOAD, self.backend.list_workload_shares)

    def create_lens_share(self) -> ActionResult:
        share = self.backend.create_lens_share(self.params["LensAlias"], self.params["SharedWith"])
        return self._created(share)

    def delete_lens_share(self) -> ActionResult:
        self.backend.delete_lens_share(self.params["LensAlias"], self.params["ShareId"])
        return EmptyResult()

    def list_lens_shares(self) -> ActionResult:
        return self._share_page(LENS, self.backend.list_lens_shares)

    def create_template_share(self) -> ActionResult:
        share = self.backend.create_template_share(self.params["TemplateArn"], self.params["SharedWith"])
        return self._created(share)

    def delete_template_share(self) -> ActionResult:
        self.backend.delete_template_share(self.params["TemplateArn"], self.params["ShareId"])
        return EmptyResult()

    def list_template_shares(self) -> ActionResult:
        return self._share_page(TEMPLATE, self.backend.list_template_shares)

    def create_profile_share(self) -> ActionResult:
        share = self.backend.create_profile_share(self.params["ProfileArn"], self.params["SharedWith"])
        return self._created(share)

    def delete_profile_share(self) -> ActionResult:
        self.backend.delete_profile_share(self.params["ProfileArn"], self.params["ShareId"])
        return EmptyResult()

    def list_profile_shares(self) -> ActionResult:
        return self._share_page(PROFILE, self.backend.list_profile_shares)

    def update_workload_share(self) -> ActionResult:
        share = self.backend.update_workload_share(
            self.params["WorkloadId"], self.params["ShareId"], self.params["PermissionType"]
        )
        workload = share.resource
        shown = {
            **share.summary(),
            "SharedBy": workload.owner,
            "WorkloadName": workload.name,
            "WorkloadId": workload.id,
        }
        return ActionResult({"WorkloadId": workload.id, "WorkloadShare": shown})

    # Invitations

    def list_share_invitations(self) -> ActionResult:
        names = [kind.prefix_member for kind in KINDS]
        prefixes = {name: self.params[name] for name in names if name in self.params}
        invitations, next_token = self.backend.list_share_invitations(
            self.params.get("ShareResourceType"),
            prefixes,
            next_token=self.params.get("NextToken"),
            page_size=self._page_size(),
        )
        summaries = [
            {
                "ShareInvitationId": share.invitation_id,
                "SharedBy": share.resource.owner,
                "SharedWith": share.shared_with,
                "PermissionType": share.permission_type,
                "ShareResourceType": share.resource.kind.resource_type,
                share.resource.kind.name_member: share.resource.name,
                share.resource.kind.arn_member: share.resource.identifier,
            }
            for share in invitations
        ]
        return ActionResult({"ShareInvitationSummaries": summaries, "NextToken": next_token})

    def update_share_invitation(self) -> ActionResult:
        share = self.backend.update_share_invitation(
            self.params["ShareInvitationId"], self.params["ShareInvitationAction"]
        )
        kind = share.resource.kind
        invitation = {
            "ShareInvitationId": share.invitation_id,
            "ShareResourceType": kind.resource_type,
            kind.identifier: share.resource.identifier,
            kind.arn_member: share.resource.identifier,
        }
        return ActionResult({"ShareInvitation": invitation})

    # Global settings

    def get_global_settings(self) -> ActionResult:
        return ActionResult(self.backend.get_global_settings())

    def update_global_settings(self) -> ActionResult:
        names = ("OrganizationSharingStatus", "DiscoveryIntegrationStatus")
        self.backend.update_global_settings({name: self.params[name] for name in names if name in self.params})
        return EmptyResult()

    # Tags, of every kind: the model calls all their ARNs WorkloadArn

    def list_tags_for_resource(self) -> ActionResult:
        return ActionResult({"Tags": self.backend.list_tags_for_resource(self.params["WorkloadArn"])})

    def tag_resource(self) -> ActionResult:
        self.backend.tag_resource(self.params["WorkloadArn"], self.params["Tags"])
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        self.backend.untag_resource(self.params["WorkloadArn"], self.params["TagKeys"])
        return EmptyResult()

    # Workloads

    def create_workload(self) -> ActionResult:
        workload = self.backend.create_workload(self.params["WorkloadName"], self.params)
        return ActionResult({"WorkloadId": workload.id, "WorkloadArn": workload.arn})

    def get_workload(self) -> ActionResult:
        workload, share = self.backend.get_workload(self.params["WorkloadId"])
        given = {
            name: workload.given.get(name)
            for name in (
                "Description",
                "Environment",
                "AccountIds",
                "AwsRegions",
                "NonAwsRegions",
                "PillarPriorities",
                "ArchitecturalDesign",
                "ReviewOwner",
                "IndustryType",
                "Industry",
                "Notes",
                "DiscoveryConfig",
                "Applications",
            )
        }
        shown = {
            **given,
            **self._workload_summary(workload),
            "Tags": workload.tags or None,
            "ShareInvitationId": share and share.invitation_id,
        }
        return ActionResult({"Workload": shown})

    def delete_workload(self) -> ActionResult:
        self.backend.delete_workload(self.params["WorkloadId"])
        return EmptyResult()

    def list_workloads(self) -> ActionResult:
        workloads, next_token = self.backend.list_workloads(
            self.params.get("WorkloadNamePrefix"), self.params.get("NextToken"), self._page_size()
        )
        summaries = [self._workload_summary(workload) for workload in workloads]
        return ActionResult({"WorkloadSummaries": summaries, "NextToken": next_token})

    @staticmethod
    def _workload_summary(workload: Resource) -> dict[str, Any]:
        return {
            "WorkloadId": workload.id,
            "WorkloadArn": workload.arn,
            "WorkloadName": workload.name,
            "Owner": workload.owner,
            "UpdatedAt": workload.updated_at,
            "Lenses": workload.given["Lenses"],
            "RiskCounts": {"UNANSWERED": 0},
            "ImprovementStatus": "NOT_APPLICABLE",
            "Profiles": [{"ProfileArn": arn} for arn in workload.given.get("ProfileArns", [])],
        }

    # Lenses

    def import_lens(self) -> ActionResult:
        lens = self.backend.import_lens(
            self.params["JSONString"], self.params.get("LensAlias"), self.params.get("Tags")
        )
        # no Status, though the model has one: awslabs/operational-readiness-review-custom-war-lens, docs/gates.md
        return ActionResult({"LensArn": lens.arn})

    def create_lens_version(self) -> ActionResult:
        version = self.params["LensVersion"]
        lens = self.backend.create_lens_version(self.params["LensAlias"], version)
        return ActionResult({"LensArn": lens.arn, "LensVersion": version})

    def delete_lens(self) -> ActionResult:
        self.backend.delete_lens(self.params["LensAlias"])
        return EmptyResult()

    def list_lenses(self) -> ActionResult:
        lenses, next_token = self.backend.list_lenses(
            lens_type=self.params.get("LensType"),
            lens_status=self.params.get("LensStatus"),
            name=self.params.get("LensName"),
            next_token=self.params.get("NextToken"),
            page_size=self._page_size(),
        )
        return ActionResult({"LensSummaries": lenses, "NextToken": next_token})

    # Review templates

    def create_review_template(self) -> ActionResult:
        template = self.backend.create_review_template(self.params["TemplateName"], self.params)
        return ActionResult({"TemplateArn": template.arn})

    def delete_review_template(self) -> ActionResult:
        self.backend.delete_review_template(self.params["TemplateArn"])
        return EmptyResult()

    def list_review_templates(self) -> ActionResult:
        templates, next_token = self.backend.list_review_templates(self.params.get("NextToken"), self._page_size())
        summaries = [
            {
                "TemplateArn": template.arn,
                "TemplateName": template.name,
                "Description": template.given["Description"],
                "Lenses": template.given["Lenses"],
                "Owner": template.owner,
                "UpdatedAt": template.updated_at,
                "UpdateStatus": "CURRENT",
            }
            for template in templates
        ]
        return ActionResult({"ReviewTemplates": summaries, "NextToken": next_token})

    # Profiles

    def create_profile(self) -> ActionResult:
        profile = self.backend.create_profile(self.params["ProfileName"], self.params)
        return ActionResult({"ProfileArn": profile.arn, "ProfileVersion": "1"})

    def delete_profile(self) -> ActionResult:
        self.backend.delete_profile(self.params["ProfileArn"])
        return EmptyResult()

    def list_profiles(self) -> ActionResult:
        profiles, next_token = self.backend.list_profiles(
            self.params.get("ProfileNamePrefix"),
            self.params.get("ProfileOwnerType"),
            self.params.get("NextToken"),
            self._page_size(),
        )
        summaries = [
            {
                "ProfileArn": profile.arn,
                "ProfileVersion": "1",
                "ProfileName": profile.name,
                "ProfileDescription": profile.given["ProfileDescription"],
                "Owner": profile.owner,
                "CreatedAt": profile.created_at,
                "UpdatedAt": profile.updated_at,
            }
            for profile in profiles
        ]
        return ActionResult({"ProfileSummaries": summaries, "NextToken": next_token})
