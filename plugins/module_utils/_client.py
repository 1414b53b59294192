# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The Well-Architected API: one method per operation, with botocore's retries below and ServiceError above."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Callable

try:
    import botocore
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports that botocore is missing before any of this is used.

from ._errors import UNRECOGNIZED, ServiceError, UnreadableResponse
from ._kinds import Kind
from ._principals import Principal, PrincipalNames, parse_listed_principal
from ._shares import Resource, Share

PAGE_SIZE = 50
# ListLensShares refuses more, whatever the model says.
# Source: turbot/steampipe-plugin-aws, aws/table_aws_wellarchitected_lens_share.go
PAGE_SIZES = {"ListLensShares": 10}

_ORGANIZATION_ADVICE = (
    "Sharing with an organization or organizational unit needs organization sharing. If it is not enabled yet, enable "
    "it from the organization's management account with wellarchitected.sharing.wa_organization_sharing"
)


class WellArchitected:
    """The Well-Architected Tool in one account and Region, for any number of threads."""

    def __init__(
        self,
        client: Any,
        limiter: AbstractContextManager[Any],
        names: PrincipalNames,
        account: str | Callable[[], str],
        reconnect: Callable[[], Any] | None = None,
        explain_unrecognized: Callable[[], str] = str,
    ) -> None:
        """``client``: boto3's. ``limiter``: entered by every call, to bound the calls of the whole run.

        ``account``: the account ID of the credentials, or a function that asks for it and may raise ServiceError.
        ``reconnect``: returns a client with new keys, once those of the client have expired; may raise ServiceError.
        ``explain_unrecognized``: returns advice on an UnrecognizedClientException, which may be about the Region.
        """
        self._client = _checked(client)
        self._limiter = limiter
        self._names = names
        self._reconnect = reconnect
        self._explain_unrecognized = explain_unrecognized
        self._reconnecting = threading.Lock()
        self._account = account

    @property
    def account(self) -> str | None:
        """The account ID of the credentials, where it is known without a call."""
        return self._account if isinstance(self._account, str) else None

    def get_account(self) -> str:
        """The account ID of the credentials. Raises ServiceError where it has to be asked for and cannot be."""
        return self._account if isinstance(self._account, str) else self._account()

    def call(
        self, operation: str, action: str, subject: str = "", names: tuple[str, ...] = (), **parameters: Any
    ) -> Any:
        """The response of one operation, by its API name. The rest is as in ServiceError, which it raises."""
        client = self._client
        try:
            return self._call(client, operation, action, subject, names, parameters)
        except ServiceError as error:
            if not error.has_expired_keys or self._reconnect is None:
                raise
        with self._reconnecting:
            if self._client is client:
                self._client = _checked(self._reconnect())
        # A call that was refused for its keys was not carried out.
        return self._call(self._client, operation, action, subject, names, parameters)

    def _call(
        self,
        client: Any,
        operation: str,
        action: str,
        subject: str,
        names: tuple[str, ...],
        parameters: Mapping[str, Any],
    ) -> Any:
        try:
            with self._limiter:
                return getattr(client, botocore.xform_name(operation))(**parameters)
        except (BotoCoreError, ClientError) as cause:
            error = ServiceError(action, cause, operation, subject, (*names, self.account or ""))
            if error.code == UNRECOGNIZED:
                error.advice = self._explain_unrecognized() or error.advice
            raise error from cause
        except Exception as cause:  # botocore's parser raises anything over a response of another shape.
            unreadable = UnreadableResponse(why=f"{type(cause).__name__}: {cause}")
            raise ServiceError(action, unreadable, operation, subject, names) from cause

    def _list(
        self, operation: str, key: str, action: str, subject: str = "", names: tuple[str, ...] = (), **parameters: Any
    ) -> Iterator[Mapping[str, Any]]:
        """All items of a list operation, through all its pages (botocore has no paginators for these)."""
        size: int | None = PAGE_SIZES.get(operation, PAGE_SIZE)
        tokens: set[str] = set()
        while True:
            limit = {} if size is None else {"MaxResults": size}
            try:
                response = self.call(operation, action, subject, names, **limit, **parameters)
            except ServiceError as error:
                if size is None or not error.refuses("MaxResults"):
                    raise
                size = None
                continue
            for row in response.get(key, ()):
                if not isinstance(row, Mapping):
                    raise _unreadable(f"an item of {key} is {row!r}", operation, action, subject)
                yield row
            token = response.get("NextToken")
            if not token:
                return
            if token in tokens:
                raise _unreadable("the same NextToken came twice", operation, action, subject)
            tokens.add(token)
            parameters["NextToken"] = token

    def list_resources(self, kind: Kind, every: bool = False) -> list[Mapping[str, Any]]:
        """The summaries of the kind's list operation: what can be shared; with ``every``: what else exists, too."""
        operation, action = kind.list_operation, f"list {kind.plural}"
        filters: Mapping[str, Any] = kind.all_filter if every else kind.shareable_filter
        rows = list(self._list(operation, kind.list_key, action, **filters))
        for row in rows:
            _check_strings(row, (kind.arn_key, kind.name_key, "Owner"), operation, action)
            missing = [key for key in (kind.arn_key, kind.name_key) if not row.get(key)]
            if missing:
                raise _unreadable(f"an item has no {' and no '.join(missing)}", operation, action)
        return rows

    def list_shares(self, resource: Resource) -> list[Share]:
        """Every share of the resource, active and inactive."""
        kind, operation = resource.kind, resource.kind.list_shares_operation
        action, subject = "list shares", f"of {resource.label}"
        parameter: Mapping[str, Any] = {kind.id_parameter: resource.id}
        shares: list[Share] = []
        for row in self._list(operation, kind.list_shares_key, action, subject, _names_of(resource), **parameter):
            _check_strings(row, ("PermissionType", "StatusMessage"), operation, action, subject)
            missing = [key for key in ("ShareId", "SharedWith", "Status") if not isinstance(row.get(key), str)]
            if missing:
                raise _unreadable(f"a share has no {' and no '.join(missing)}", operation, action, subject)
            shares.append(
                Share(
                    share_id=row["ShareId"],
                    principal=self._names.with_name(parse_listed_principal(row["SharedWith"])),
                    status=row["Status"],
                    permission=row.get("PermissionType"),
                    status_message=row.get("StatusMessage"),
                )
            )
        return shares

    def list_tags(self, resource: Resource) -> dict[str, str]:
        """The tags of a resource whose ARN is known."""
        operation, action, subject = "ListTagsForResource", "list tags", f"of {resource.label}"
        response = self.call(operation, action, subject, _names_of(resource), WorkloadArn=resource.arn)
        tags = response.get("Tags") or {}
        if not isinstance(tags, Mapping):
            raise _unreadable(f"the tags are {tags!r}", operation, action, subject)
        _check_strings(tags, tags, operation, action, subject)
        return {key: value or "" for key, value in tags.items()}

    def create_share(self, resource: Resource, principal: Principal, permission: str | None) -> str | None:
        """Shares the resource and returns the ShareId; None where the response has none."""
        parameters = {resource.kind.id_parameter: resource.id, "SharedWith": principal.text}
        if permission is not None:
            parameters["PermissionType"] = permission
        operation, subject = resource.kind.create_operation, f"of {resource.label} with {principal.label}"
        names = (*_names_of(resource), principal.text)
        try:
            response = self.call(operation, "create a share", subject, names, **parameters)
        except ServiceError as error:
            if principal.in_organizations and error.operation == operation and (error.is_denied or error.is_invalid):
                error.advice = ". ".join(filter(None, (error.advice, _ORGANIZATION_ADVICE)))
            raise
        _check_strings(response, ("ShareId",), operation, "create a share", subject)
        share_id: str | None = response.get("ShareId")
        return share_id

    def update_share(self, resource: Resource, share: Share, permission: str | None) -> str | None:
        """Sets the permission and returns the share's new status; None where the response has none."""
        subject = f"of {share.principal.label} on {resource.label} to {permission}"
        response = self._change_share(
            resource.kind.update_operation, "set the permission", subject, resource, share, PermissionType=permission
        )
        updated: Mapping[str, Any] = response.get(f"{resource.kind.share_stem}Share") or {}
        _check_strings(updated, ("Status",), resource.kind.update_operation, "set the permission", subject)
        status: str | None = updated.get("Status")
        return status

    def delete_share(self, resource: Resource, share: Share) -> None:
        subject = f"of {resource.label} with {share.principal.label}"
        self._change_share(resource.kind.delete_operation, "delete a share", subject, resource, share)

    def _change_share(
        self, operation: str, action: str, subject: str, resource: Resource, share: Share, **parameters: Any
    ) -> Any:
        parameters.update({resource.kind.id_parameter: resource.id, "ShareId": share.share_id})
        names = (*_names_of(resource), share.principal.text, share.share_id)
        return self.call(operation, action, subject, names, **parameters)

    def list_invitations(self, resource_type: str | None = None) -> list[Mapping[str, Any]]:
        """The summaries of all pending invitations, of one ShareResourceType if given."""
        extra: Mapping[str, Any] = {"ShareResourceType": resource_type} if resource_type else {}
        return list(self._list("ListShareInvitations", "ShareInvitationSummaries", "list pending invitations", **extra))

    def answer_invitation(self, invitation_id: str, accept: bool, label: str) -> None:
        """Accepts or rejects an invitation. ``label``: what is shared by which account, for messages."""
        self.call(
            "UpdateShareInvitation",
            f"{'accept' if accept else 'reject'} an invitation",
            f"to {label}",
            (invitation_id, label),
            ShareInvitationId=invitation_id,
            ShareInvitationAction="ACCEPT" if accept else "REJECT",
        )

    def get_organization_sharing(self) -> str:
        """ENABLED or DISABLED."""
        settings = self.call("GetGlobalSettings", "read the global settings")
        return settings.get("OrganizationSharingStatus") or "DISABLED"

    def set_organization_sharing(self, status: str) -> None:
        """``status``: ENABLED or DISABLED. Settings that are not sent stay as they are."""
        word = "enable" if status == "ENABLED" else "disable"
        self.call("UpdateGlobalSettings", f"{word} organization sharing", OrganizationSharingStatus=status)


def _names_of(resource: Resource) -> tuple[str, ...]:
    return (resource.arn or resource.id, resource.id, resource.id.rpartition("/")[2])


def _unreadable(why: str, operation: str, action: str, subject: str = "") -> ServiceError:
    return ServiceError(action, UnreadableResponse(why=why), operation, subject)


def _check_strings(row: Mapping[str, Any], keys: Iterable[str], operation: str, action: str, subject: str = "") -> None:
    """Raises ServiceError where one of the keys has a value that is not a string."""
    for key in keys:
        if not isinstance(row.get(key), (str, type(None))):
            raise _unreadable(f"the {key} of an item is {row[key]!r}", operation, action, subject)


def _checked(client: Any) -> Any:
    """The client, with a check of each response."""
    client.meta.events.register("after-call.wellarchitected", _check_response)
    return client


def _check_response(http_response: Any, model: Any, **_others: Any) -> None:
    """Raises UnreadableResponse for a success whose body has nothing of what the model promises.

    botocore parses a body that is not JSON, or lacks its list, as an empty response: "nothing is shared".
    """
    if http_response.status_code >= 300 or (model.output_shape is None and not http_response.content.strip()):
        return
    try:
        body = json.loads(http_response.content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise UnreadableResponse(why="it is not a JSON object")
    members = model.output_shape.members if model.output_shape is not None else {}
    for name, shape in members.items():
        if shape.type_name == "list" and not isinstance(body.get(name, []), list):
            raise UnreadableResponse(why=f"{name} is {body[name]!r}")
    # An account that never changed its global settings may have none.
    if members and model.name != "GetGlobalSettings" and not any(body.get(name) is not None for name in members):
        raise UnreadableResponse(why=f"it has none of {', '.join(members)}")
