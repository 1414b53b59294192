# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of the Well-Architected Tool: resources, who they are shared with, and what becomes of a share."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import RLock
from typing import Any, TypeAlias

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.common_models import BaseModel
from moto.moto_api._internal import mock_random as random

from .exceptions import (
    AccessDeniedException,
    ConflictException,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    ValidationException,
)
from .kinds import KINDS, LENS, PROFILE, TEMPLATE, WORKLOAD, Kind
from .lenses import is_official, official_lenses
from .organization import organization_arn, organization_id, ou_ids
from .paging import page
from .principals import Principal, parse_principal
from .settings import clock, settings

#: the one lock around the models
lock = RLock()

INACTIVE = frozenset({"REJECTED", "EXPIRED", "REVOKED", "FAILED"})
GIVES_ACCESS = frozenset({"ACCEPTED", "ASSOCIATED"})
LENS_NAME_LENGTH = 128
#: AWS's lenses come before all others in lists
FIRST_CUSTOM_LENS = 1000
#: where an account's global settings are kept: UpdateGlobalSettings speaks of the account, not of a region
HOME_REGIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}

_serials = itertools.count(1)


def new_id() -> str:
    return f"{random.getrandbits(128):032x}"


class Resource(BaseModel):
    """A workload, lens, review template or profile; `given` are the parameters it was created with."""

    def __init__(self, kind: Kind, owner: str, region: str, partition: str, name: str, given: Mapping[str, Any]):
        self.kind = kind
        self.owner = owner
        self.region = region
        self.partition = partition
        self.name = name
        self.given = given
        self.tags: dict[str, str] = {}
        self.serial = next(_serials)
        self.id = new_id()
        self.arn = f"arn:{partition}:wellarchitected:{region}:{owner}:{kind.arn_type}/{self.id}"
        self.created_at = self.updated_at = clock.now()
        self.shares: dict[str, Share] = {}
        #: when the share of a principal was deleted last
        self.unshared_at: dict[Principal, datetime] = {}
        #: the versions of a lens that were published, oldest first
        self.versions: list[str] = []
        self.has_draft = kind is LENS

    @property
    def identifier(self) -> str:
        """What share requests name it by."""
        return self.id if self.kind is WORKLOAD else self.arn

    def was_just_unshared(self, principal: Principal, now: datetime) -> bool:
        """Whether a share with the principal was deleted too shortly ago for another one."""
        waits = settings.conflicts_after_delete
        return (
            waits > 0 and principal in self.unshared_at and (now - self.unshared_at[principal]).total_seconds() < waits
        )


class Share(BaseModel):
    """One principal's access to one resource."""

    def __init__(self, resource: Resource, shared_with: str, principal: Principal, permission_type: str | None):
        self.resource = resource
        self.shared_with = shared_with
        self.principal = principal
        self.permission_type = permission_type
        self.serial = next(_serials)
        self.id = new_id()
        # recorded for workloads: turbot/steampipe-plugin-aws, pull requests 1690 and 1692
        same_id = resource.kind is WORKLOAD or settings.share_id_is_invitation_id
        self.invitation_id = self.id if same_id else new_id()
        self.created_at = self.invited_at = clock.now()
        self.status = "PENDING"
        self.status_message: str | None = None
        self.lists_until_visible = settings.shares_visible_after_lists
        self.lists_while_associating = 0

    @property
    def is_inactive(self) -> bool:
        return self.status in INACTIVE

    @property
    def is_invitation(self) -> bool:
        return self.status == "PENDING" and not self.principal.in_organizations

    def age(self, now: datetime) -> None:
        """Let time do to the share what it does by itself."""
        if self.is_invitation and (now - self.invited_at).total_seconds() >= settings.invitation_ttl_seconds:
            self.status = "EXPIRED"

    def is_awaited(self, now: datetime) -> bool:
        """Whether the invitation does not show yet in its recipient's list."""
        waits = settings.invitations_visible_after[self.resource.kind.name]
        return waits > 0 and (now - self.created_at).total_seconds() < waits

    def counts_for_quota(self) -> bool:
        if self.is_inactive and not settings.inactive_shares_count:
            return False
        return not self.principal.in_organizations or settings.organization_shares_count

    def is_hidden(self, now: datetime, first_page: bool) -> bool:
        """Whether the share does not show yet in the list of the resource's shares, of which first pages count."""
        if settings.shares_visible_after_lists > 0 and self.lists_until_visible > 0:
            self.lists_until_visible -= first_page
            return True
        return settings.shares_visible_after > 0 and (
            (now - self.created_at).total_seconds() < settings.shares_visible_after
        )

    def settle(self) -> None:
        """Let an association end."""
        if self.status != "ASSOCIATING" or settings.associating_lists < 0:
            return
        if settings.associating_lists > 0 and self.lists_while_associating < settings.associating_lists:
            self.lists_while_associating += 1
            return
        self.status = "FAILED" if settings.association_fails else "ASSOCIATED"
        self.status_message = settings.association_fails

    def presented_principal(self) -> str:
        """SharedWith as lists show it."""
        form = settings.list_organization_as
        if not self.principal.in_organizations or form == "given":
            return self.shared_with
        if form == "id":
            return self.principal.key
        if self.shared_with.startswith("arn:"):
            return self.shared_with
        owner, partition = self.resource.owner, self.resource.partition
        arn = organization_arn(owner, partition)
        if self.principal.kind == "organization":
            return arn or f"arn:{partition}:organizations::{owner}:organization/{self.principal.key}"
        arn = arn or f"arn:{partition}:organizations::{owner}:organization/o-unknownunknown"
        return f"{arn.replace(':organization/', ':ou/')}/{self.principal.key}"

    def summary(self) -> dict[str, Any]:
        return {
            "ShareId": self.id,
            "SharedWith": self.presented_principal(),
            "PermissionType": self.permission_type,
            "Status": self.status,
            "StatusMessage": self.status_message,
        }


SharesPage: TypeAlias = tuple[list[Share], str | None]


@dataclass(frozen=True)
class FirstResult:
    """What a request with a ClientRequestToken was answered with."""

    parameters: Mapping[str, Any]
    response: Any


class WellArchitectedBackend(BaseBackend):
    """One account's Well-Architected Tool in one region."""

    def __init__(self, region_name: str, account_id: str):
        super().__init__(region_name, account_id)
        self.resources: dict[str, dict[str, Resource]] = {kind.name: {} for kind in KINDS}
        #: the shares of the account's resources in the region by whom they reach: account, organization ID or OU ID
        self._reaching: dict[str, dict[str, Share]] = {}
        self._global_settings = {"OrganizationSharingStatus": "DISABLED", "DiscoveryIntegrationStatus": "DISABLED"}
        self._first_results: dict[tuple[str, str], FirstResult] = {}

    # Retried requests

    def first_response(self, operation: str, parameters: Mapping[str, Any], token: str) -> Any:
        """What the request with this token was answered with first, or None.

        Raises ConflictException where the token came with other parameters.
        """
        first = self._first_results.get((operation, token))
        if first is None:
            return None
        if first.parameters != parameters:
            raise ConflictException(
                "The ClientRequestToken was used before with other parameters.", token, "CLIENT_REQUEST_TOKEN"
            )
        return first.response

    def remember_response(self, operation: str, parameters: Mapping[str, Any], token: str, response: Any) -> None:
        self._first_results[(operation, token)] = FirstResult(dict(parameters), response)

    # Whose resource it is

    def _others(self) -> Iterator[WellArchitectedBackend]:
        for account_id, regions in list(wellarchitected_backends.items()):
            other = regions.get(self.region_name)
            if other and account_id != self.account_id:
                yield other

    def all_shares(self) -> Iterator[Share]:
        """The shares of the account's resources in the region, aged to now."""
        now = clock.now()
        for kind in KINDS:
            for resource in self.resources[kind.name].values():
                for share in resource.shares.values():
                    share.age(now)
                    yield share

    def shares_reaching(self, keys: Iterable[str]) -> list[Share]:
        """The shares with any of these accounts (also their users and roles), organizations or OUs, aged to now."""
        found = [share for key in keys for share in self._reaching.get(key, {}).values()]
        if found:
            now = clock.now()
            found.sort(key=lambda share: share.serial)
            for share in found:
                share.age(now)
        return found

    def _forget_reaching(self, share: Share) -> None:
        del self._reaching[share.principal.reaches][share.id]

    def _received(self, kind: Kind) -> Iterator[Share]:
        """The shares that give this account access to another's resource."""
        organization = organization_id(self.account_id, self.partition)
        mine = {self.account_id}
        if organization:
            mine |= {organization} | ou_ids(self.account_id, self.partition)
        for other in self._others():
            for share in other.shares_reaching(mine):
                if share.resource.kind is not kind:
                    continue
                if settings.associating_lists == 0:
                    share.settle()
                if share.status in GIVES_ACCESS:
                    yield share

    def _visible(self, kind: Kind) -> list[tuple[Resource, Share | None]]:
        """The account's own resources (with None), and those of others with a share that gives access."""
        found: dict[str, tuple[Resource, Share | None]] = {
            resource.arn: (resource, None) for resource in self.resources[kind.name].values()
        }
        for share in self._received(kind):
            found.setdefault(share.resource.arn, (share.resource, share))
        return sorted(found.values(), key=lambda pair: pair[0].serial)

    def _own(self, kind: Kind, identifier: str) -> Resource:
        """The account's own resource.

        Raises ResourceNotFoundException, or AccessDeniedException where it is another's that is shared with this
        account, or ValidationException for one of AWS's lenses.
        """
        if kind is LENS and is_official(identifier):
            raise ValidationException(
                "This operation is not permitted on AWS official lenses.",
                fields=[(kind.identifier, "Names an AWS official lens")],
            )
        resource = self.resources[kind.name].get(identifier)
        if resource:
            return resource
        if any(share.resource.identifier == identifier for share in self._received(kind)):
            raise AccessDeniedException(
                f"User: arn:{self.partition}:iam::{self.account_id}:root is not authorized to perform this action on "
                f"the {kind.resource_type} {identifier}: only its owner may."
            )
        raise ResourceNotFoundException(identifier, kind.resource_type)

    # Shares, of every kind

    def _shareable(self, kind: Kind, identifier: str) -> Resource:
        resource = self._own(kind, identifier)
        if kind is LENS and not resource.versions:
            raise ValidationException(
                "The lens was never published. Publish it with CreateLensVersion before sharing it.",
                fields=[(kind.identifier, "Names a lens whose status is DRAFT")],
            )
        return resource

    def create_share(self, kind: Kind, identifier: str, shared_with: str, permission_type: str | None = None) -> Share:
        """Share a resource. Raises what CreateWorkloadShare and its siblings answer with."""
        resource = self._shareable(kind, identifier)
        principal = parse_principal(shared_with)
        if principal is None:
            raise ValidationException(
                f"The principal {shared_with} is not valid.",
                fields=[("SharedWith", "Not an account ID, or ARN of a user or role, or organization or OU ID or ARN")],
            )
        if principal.account == self.account_id and (principal.kind != "account" or settings.own_account_fails):
            # recorded for a user: a public test log of 2026-09-26, us-east-1
            raise ValidationException("The shared with user cannot belong to the sharer's account.")
        through_organization = self._goes_through_organization(principal)
        self._check_conflicts(resource, principal, shared_with)
        self._check_quota(resource, principal)
        share = Share(resource, shared_with, principal, permission_type if kind.has_permission else None)
        if through_organization:
            share.status = "ASSOCIATING"
        resource.shares[share.id] = share
        self._reaching.setdefault(principal.reaches, {})[share.id] = share
        return share

    @staticmethod
    def _check_conflicts(resource: Resource, principal: Principal, shared_with: str) -> None:
        """Raises ConflictException where the principal cannot be given another share."""
        word = resource.kind.resource_type
        now = clock.now()
        for share in resource.shares.values():
            share.age(now)
            if share.principal == principal and (not share.is_inactive or settings.create_conflicts_on_inactive):
                raise ConflictException(
                    f"The {word} is shared with {shared_with} already, by {share.id}, {share.status}.",
                    share.id,
                    f"{word}_SHARE",
                )
        if resource.was_just_unshared(principal, now):
            raise ConflictException(
                f"The share of the {word} with {shared_with} is being deleted.", resource.identifier, word
            )

    @staticmethod
    def _check_quota(resource: Resource, principal: Principal) -> None:
        """Raises ServiceQuotaExceededException where one more share with the principal is too many."""
        quota = settings.quotas[resource.kind.name]
        if quota is None or (principal.in_organizations and not settings.organization_shares_count):
            return
        counted = sum(share.counts_for_quota() for share in resource.shares.values())
        if counted >= quota:
            word = resource.kind.resource_type
            raise ServiceQuotaExceededException(
                f"The {word} has {counted} shares; the quota is {quota}.", resource.identifier, word
            )

    def _goes_through_organization(self, principal: Principal) -> bool:
        """Whether a share with the principal is associated by Organizations, without an invitation."""
        enabled = self._account_settings["OrganizationSharingStatus"] == "ENABLED"
        if principal.in_organizations and not enabled:
            raise ValidationException(
                "Sharing with an organization or organizational unit needs AWS Organizations support. "
                "Enable it with UpdateGlobalSettings (OrganizationSharingStatus).",
                fields=[("SharedWith", "Organization sharing is not enabled")],
            )
        if principal.in_organizations or not enabled or not principal.account:
            return principal.in_organizations
        mine = organization_id(self.account_id, self.partition)
        return mine is not None and mine == organization_id(principal.account, self.partition)

    def _share(self, kind: Kind, identifier: str, share_id: str) -> Share:
        share = self._own(kind, identifier).shares.get(share_id)
        if share is None:
            raise ResourceNotFoundException(share_id, f"{kind.resource_type}_SHARE")
        share.age(clock.now())
        return share

    def update_workload_share(self, identifier: str, share_id: str, permission_type: str) -> Share:
        share = self._share(WORKLOAD, identifier, share_id)
        if share.is_inactive and settings.update_fails_on_inactive:
            raise ConflictException(
                f"The share is {share.status} and cannot be updated.", share_id, f"{WORKLOAD.resource_type}_SHARE"
            )
        share.permission_type = permission_type
        if share.status == "ACCEPTED" and settings.update_makes_pending:
            share.status = "PENDING"
        # a modified share has seven days again: user guide, changing a share
        share.invited_at = clock.now()
        return share

    def _delete_share(self, kind: Kind, identifier: str, share_id: str) -> None:
        share = self._share(kind, identifier, share_id)
        if share.status == "ASSOCIATING" and settings.delete_conflicts_while_associating:
            raise ConflictException(
                "The share is ASSOCIATING and cannot be deleted yet.", share_id, f"{kind.resource_type}_SHARE"
            )
        del share.resource.shares[share_id]
        self._forget_reaching(share)
        share.resource.unshared_at[share.principal] = clock.now()

    def _list_shares(
        self,
        kind: Kind,
        identifier: str,
        shared_with_prefix: str | None,
        status: str | None,
        next_token: str | None,
        page_size: int,
    ) -> SharesPage:
        """A page of a resource's shares."""
        if kind is LENS and is_official(identifier):
            return [], None
        resource = self._own(kind, identifier)
        now = clock.now()
        found = []
        for share in resource.shares.values():
            share.age(now)
            if share.is_hidden(now, not next_token):
                continue
            if not next_token:
                share.settle()
            if status in (None, share.status) and share.presented_principal().startswith(shared_with_prefix or ""):
                found.append(share)
        question = {"of": identifier, "prefix": shared_with_prefix, "status": status}
        return page(found, lambda share: share.serial, question, next_token, page_size)

    # Shares, by operation

    def create_workload_share(self, workload_id: str, shared_with: str, permission_type: str) -> Share:
        return self.create_share(WORKLOAD, workload_id, shared_with, permission_type)

    def delete_workload_share(self, workload_id: str, share_id: str) -> None:
        self._delete_share(WORKLOAD, workload_id, share_id)

    def list_workload_shares(
        self, workload_id: str, prefix: str | None, status: str | None, next_token: str | None, page_size: int
    ) -> SharesPage:
        return self._list_shares(WORKLOAD, workload_id, prefix, status, next_token, page_size)

    def create_lens_share(self, lens_alias: str, shared_with: str) -> Share:
        return self.create_share(LENS, lens_alias, shared_with)

    def delete_lens_share(self, lens_alias: str, share_id: str) -> None:
        self._delete_share(LENS, lens_alias, share_id)

    def list_lens_shares(
        self, lens_alias: str, prefix: str | None, status: str | None, next_token: str | None, page_size: int
    ) -> SharesPage:
        return self._list_shares(LENS, lens_alias, prefix, status, next_token, page_size)

    def create_template_share(self, template_arn: str, shared_with: str) -> Share:
        return self.create_share(TEMPLATE, template_arn, shared_with)

    def delete_template_share(self, template_arn: str, share_id: str) -> None:
        self._delete_share(TEMPLATE, template_arn, share_id)

    def list_template_shares(
        self, template_arn: str, prefix: str | None, status: str | None, next_token: str | None, page_size: int
    ) -> SharesPage:
        return self._list_shares(TEMPLATE, template_arn, prefix, status, next_token, page_size)

    def create_profile_share(self, profile_arn: str, shared_with: str) -> Share:
        return self.create_share(PROFILE, profile_arn, shared_with)

    def delete_profile_share(self, profile_arn: str, share_id: str) -> None:
        self._delete_share(PROFILE, profile_arn, share_id)

    def list_profile_shares(
        self, profile_arn: str, prefix: str | None, status: str | None, next_token: str | None, page_size: int
    ) -> SharesPage:
        return self._list_shares(PROFILE, profile_arn, prefix, status, next_token, page_size)

    # Invitations

    def _invitations(self) -> Iterator[Share]:
        """The shares with this account, or users and roles of it, whatever became of them."""
        for backend in (self, *self._others()):
            yield from backend.shares_reaching([self.account_id])

    def list_share_invitations(
        self,
        resource_type: str | None,
        prefixes: Mapping[str, str],
        next_token: str | None,
        page_size: int,
    ) -> tuple[list[Share], str | None]:
        """A page of the pending invitations; `prefixes` are those of WorkloadNamePrefix … that were given."""
        if len(prefixes) > 1:
            raise ValidationException(
                f"{', '.join(prefixes)} are mutually exclusive.", fields=[(name, "Not alone") for name in prefixes]
            )
        wanted = [kind for kind in KINDS if resource_type in (None, kind.resource_type)]
        if prefixes:
            wanted = [kind for kind in wanted if kind.prefix_member in prefixes]
            if not wanted:
                raise ValidationException(
                    f"{', '.join(prefixes)} does not go with the ShareResourceType {resource_type}.",
                    fields=[(name, "Not the prefix of the ShareResourceType") for name in prefixes],
                )
        prefix = next(iter(prefixes.values()), "")
        found = [
            share
            for share in self._invitations()
            if share.is_invitation
            and not share.is_awaited(clock.now())
            and share.resource.kind in wanted
            and share.resource.name.startswith(prefix)
        ]
        found.sort(key=lambda share: share.serial)
        question = {"type": resource_type, "prefixes": dict(prefixes)}
        return page(found, lambda share: share.serial, question, next_token, page_size)

    def invited_identity(self, invitation_id: str | None) -> str | None:
        """The ARN of the user or role that the invitation is for; None where it is for an account, or not found."""
        identities = (
            share.principal.key
            for share in self._invitations()
            if share.invitation_id == invitation_id and share.principal.kind != "account"
        )
        return next(identities, None)

    def update_share_invitation(self, invitation_id: str, action: str) -> Share:
        for share in self._invitations():
            if share.invitation_id != invitation_id:
                continue
            if share.is_invitation:
                share.status = "ACCEPTED" if action == "ACCEPT" else "REJECTED"
                return share
            if share.status in ("ACCEPTED", "REJECTED"):
                raise ConflictException(
                    f"The invitation was answered before: it is {share.status}.", invitation_id, "SHARE_INVITATION"
                )
        raise ResourceNotFoundException(invitation_id, "SHARE_INVITATION")

    # Global settings

    def get_global_settings(self) -> dict[str, str]:
        return dict(self._account_settings)

    @property
    def _account_settings(self) -> dict[str, str]:
        if settings.organization_sharing_is_regional:
            return self._global_settings
        home = HOME_REGIONS.get(self.partition, self.region_name)
        regions = wellarchitected_backends[self.account_id]
        return regions[home]._global_settings if home in regions else self._global_settings

    def update_global_settings(self, changes: Mapping[str, str]) -> None:
        self._account_settings.update(changes)

    # Workloads

    def create_workload(self, name: str, given: Mapping[str, Any]) -> Resource:
        if not given.get("AwsRegions") and not given.get("NonAwsRegions"):
            raise ValidationException(
                "Either AwsRegions, NonAwsRegions, or both must be specified.", fields=[("AwsRegions", "Missing")]
            )
        if not given.get("ReviewOwner"):
            raise ValidationException("ReviewOwner must be specified.", fields=[("ReviewOwner", "Missing")])
        for other in self.resources[WORKLOAD.name].values():
            # Spaces and capitalization are ignored when checking for uniqueness, says the model of WorkloadName.
            if _squeezed(other.name) == _squeezed(name):
                raise ConflictException(f"A workload named {other.name} exists.", other.id, WORKLOAD.resource_type)
        self._check_lenses([lens for lens in given["Lenses"] if not is_official(lens)])
        return self._create(WORKLOAD, name, given)

    def _check_lenses(self, custom: Sequence[str]) -> None:
        """Raises ValidationException where one of the custom lenses cannot be applied to a new workload."""
        if not custom:
            return
        usable = {resource.arn for resource, _share in self._visible(LENS) if resource.versions}
        for lens in custom:
            if lens not in usable:
                raise ValidationException(
                    f"The lens {lens} cannot be used.", fields=[("Lenses", "Not a lens that the account can use")]
                )

    def get_workload(self, workload_id: str) -> tuple[Resource, Share | None]:
        """The workload, and the share that gives access where it is another's."""
        for resource, share in self._visible(WORKLOAD):
            if resource.id == workload_id:
                return resource, share
        raise ResourceNotFoundException(workload_id, WORKLOAD.resource_type)

    def list_workloads(
        self, prefix: str | None, next_token: str | None, page_size: int
    ) -> tuple[list[Resource], str | None]:
        found = [resource for resource, _share in self._visible(WORKLOAD) if resource.name.startswith(prefix or "")]
        return page(found, lambda resource: resource.serial, {"prefix": prefix}, next_token, page_size)

    # Review templates and profiles

    def create_review_template(self, name: str, given: Mapping[str, Any]) -> Resource:
        return self._create(TEMPLATE, name, given)

    def list_review_templates(self, next_token: str | None, page_size: int) -> tuple[list[Resource], str | None]:
        found = [resource for resource, _share in self._visible(TEMPLATE)]
        return page(found, lambda resource: resource.serial, {}, next_token, page_size)

    def create_profile(self, name: str, given: Mapping[str, Any]) -> Resource:
        return self._create(PROFILE, name, given)

    def list_profiles(
        self, prefix: str | None, owner_type: str | None, next_token: str | None, page_size: int
    ) -> tuple[list[Resource], str | None]:
        found = [
            resource
            for resource, share in self._visible(PROFILE)
            if resource.name.startswith(prefix or "") and owner_type in (None, "SHARED" if share else "SELF")
        ]
        question = {"prefix": prefix, "owner_type": owner_type}
        return page(found, lambda resource: resource.serial, question, next_token, page_size)

    # Lenses

    def import_lens(self, document: str, alias: str | None, tags: Mapping[str, str] | None = None) -> Resource:
        """Import a lens with `tags`, or a new draft of the lens that `alias` names."""
        try:
            lens = json.loads(document)
        except ValueError as problem:
            raise ValidationException(
                f"JSONString is not JSON: {problem}", fields=[("JSONString", "Not JSON")]
            ) from problem
        name = lens.get("name") if isinstance(lens, dict) else None
        if not isinstance(name, str) or not 1 <= len(name) <= LENS_NAME_LENGTH:
            raise ValidationException(
                "The lens needs a name of 1 to 128 characters.", fields=[("JSONString", "name is missing or too long")]
            )
        if alias and not alias.startswith("arn:"):
            # recorded: boto/boto3 issue 3302
            raise ValidationException(f"Invalid lens alias {alias} (allowed value as alias is LensARN)")
        resource = self._own(LENS, alias) if alias else None
        self._check_lens_name(name, resource)
        if resource is None:
            return self._create(LENS, name, {"description": lens.get("description")}, tags)
        resource.name, resource.given, resource.has_draft = name, {"description": lens.get("description")}, True
        resource.updated_at = clock.now()
        return resource

    def _check_lens_name(self, name: str, mine: Resource | None) -> None:
        """Raises ValidationException where the lens `mine`, or a new one, cannot have the name.

        Both messages: awslabs/operational-readiness-review-custom-war-lens, docs/gates.md.
        """
        if mine and mine.versions and name != mine.name:
            raise ValidationException("Lens name must match published name")
        for other in self.resources[LENS.name].values():
            if other is not mine and _squeezed(other.name) == _squeezed(name):
                raise ValidationException(f"A lens with normalized name {_squeezed(name)} already exists.")

    def create_lens_version(self, alias: str, version: str) -> Resource:
        """Publish a lens's draft."""
        resource = self._own(LENS, alias)
        if not resource.has_draft or version in resource.versions:
            raise ConflictException(
                f"The lens has no draft, or has a version {version} already.", alias, LENS.resource_type
            )
        resource.versions.append(version)
        resource.has_draft = False
        resource.updated_at = clock.now()
        return resource

    def list_lenses(
        self,
        lens_type: str | None,
        lens_status: str | None,
        name: str | None,
        next_token: str | None,
        page_size: int,
    ) -> tuple[list[dict[str, Any]], str | None]:
        """A page of lens summaries. Without a LensStatus, published lenses only: a guess."""
        lens_status = lens_status or "PUBLISHED"
        found = official_lenses(self.partition) if lens_status != "DRAFT" else []
        for resource, share in self._visible(LENS):
            published = bool(resource.versions) and lens_status != "DRAFT"
            draft = resource.has_draft and share is None and lens_status != "PUBLISHED"
            if published or draft:
                found.append(
                    {
                        "LensArn": resource.arn,
                        "LensName": resource.name,
                        "LensType": "CUSTOM_SHARED" if share else "CUSTOM_SELF",
                        "Description": resource.given.get("description"),
                        "CreatedAt": resource.created_at,
                        "UpdatedAt": resource.updated_at,
                        "LensVersion": resource.versions[-1] if published else "DRAFT",
                        "Owner": resource.owner,
                        "LensStatus": "PUBLISHED" if published else "DRAFT",
                        "Serial": FIRST_CUSTOM_LENS + resource.serial,
                    }
                )
        found = [lens for lens in found if lens_type in (None, lens["LensType"]) and name in (None, lens["LensName"])]
        question = {"type": lens_type, "status": lens_status, "name": name}
        return page(found, lambda lens: lens["Serial"], question, next_token, page_size)

    # Resources, of every kind

    def _create(
        self, kind: Kind, name: str, given: Mapping[str, Any], tags: Mapping[str, str] | None = None
    ) -> Resource:
        resource = Resource(kind, self.account_id, self.region_name, self.partition, name, given)
        resource.tags.update(tags or given.get("Tags", {}))
        self.resources[kind.name][resource.identifier] = resource
        return resource

    def list_tags_for_resource(self, arn: str) -> dict[str, str]:
        return dict(self._tags_of(arn))

    def tag_resource(self, arn: str, tags: Mapping[str, str]) -> None:
        self._tags_of(arn).update(tags)

    def untag_resource(self, arn: str, keys: Sequence[str]) -> None:
        tags = self._tags_of(arn)
        for key in keys:
            tags.pop(key, None)

    def _tags_of(self, arn: str) -> dict[str, str]:
        """The tags of the account's own resource, to read and to change.

        Raises what `_own` does, and ValidationException where `arn` names none of the four kinds.
        """
        words = "|".join(kind.arn_type for kind in KINDS)
        match = re.fullmatch(rf"arn:aws[a-z-]*:wellarchitected:[a-z0-9-]*:(?:\d{{12}}|aws)?:({words})/([^/]+)", arn)
        if match is None:
            raise ValidationException(
                f"{arn} is not the ARN of a workload, lens, review template or profile.",
                fields=[("WorkloadArn", "Not such an ARN")],
            )
        kind = next(kind for kind in KINDS if kind.arn_type == match[1])
        resource = self._own(kind, match[2] if kind is WORKLOAD else arn)
        if resource.arn != arn:
            raise ResourceNotFoundException(arn, kind.resource_type)
        return resource.tags

    def delete_workload(self, workload_id: str) -> None:
        self._delete(WORKLOAD, workload_id)

    def delete_lens(self, lens_alias: str) -> None:
        self._delete(LENS, lens_alias)

    def delete_review_template(self, template_arn: str) -> None:
        self._delete(TEMPLATE, template_arn)

    def delete_profile(self, profile_arn: str) -> None:
        self._delete(PROFILE, profile_arn)

    def _delete(self, kind: Kind, identifier: str) -> None:
        """Delete a resource, and with it its shares and invitations."""
        resource = self._own(kind, identifier)
        for share in resource.shares.values():
            self._forget_reaching(share)
        del self.resources[kind.name][resource.identifier]


def _squeezed(name: str) -> str:
    return "".join(name.split()).lower()


wellarchitected_backends = BackendDict(WellArchitectedBackend, "wellarchitected")
