# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The calls: one small function per operation, with botocore's retries below and the translation of errors around."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Callable

try:
    import botocore
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule says that botocore is missing before any of this is used.

from .._model.kinds import Kind
from .._model.principal_names import PrincipalNames
from .._model.principals import Principal, parse_listed_principal
from .._model.resources import Resource
from .._model.shares import Share
from .errors import UNRECOGNIZED, ServiceError, UnreadableAnswer
from .page_sizes import PageSizes


class WellArchitected:
    """The Well-Architected Tool in one account and region, for any number of threads."""

    def __init__(
        self,
        client: Any,
        page_sizes: PageSizes,
        names: PrincipalNames,
        caller: Callable[[], str],
        explain_unrecognized: Callable[[str], str],
        under_way: AbstractContextManager[Any] | None = None,
        renewed: Callable[[], Any] | None = None,
        account: str | None = None,
        release: Callable[[], None] | None = None,
    ) -> None:
        """``client``: boto3's. ``page_sizes``: what is known of them, one for a whole run. ``names``: of principals.

        ``caller``: tells the account ID of the client's credentials, or raises ServiceError. ``explain_unrecognized``:
        tells what an UnrecognizedClientException means in the region that it is given. ``under_way``: what every
        attempt of a call enters. ``renewed``: gives a client with other keys, once those of the client have expired, or
        raises ServiceError. ``account``: the account ID, where it is known without asking. ``release``: called once no
        call is made any more, unless the client paces itself, since the account is throttled.
        """
        self._client = client
        self._under_way = under_way or nullcontext()
        self._renewed = renewed
        self._renewing = threading.Lock()
        self._paced = False
        self._release = release
        self.account = account
        """The account ID of the credentials, where it is known without asking."""
        self._page_sizes = page_sizes
        self.names = names
        self.caller = caller
        self._explain_unrecognized = explain_unrecognized
        self._watch(client)
        self.region: str = client.meta.region_name
        self.endpoint_url: str = client.meta.endpoint_url

    def close(self) -> None:
        """No call is made any more, from no thread: the client may be another's from now on."""
        for event, handler in self._handlers():
            self._client.meta.events.unregister(event, handler)
        self._client = None
        if self._release and not self._paced:
            self._release()

    def call(self, operation: str, doing: str, target: str = "", **parameters: Any) -> dict[str, Any]:
        """The answer to one operation, by its API name (``ListLensShares``).

        ``doing`` follows "Failed to" in errors; ``target`` is the ARN or ID that a missing permission is for.
        Raises ServiceError.
        """
        client = self._client
        try:
            return self._call(client, operation, doing, target, parameters)
        except ServiceError as error:
            if not error.expired or self._renewed is None:
                raise
            # What is refused for its keys was not done.
            return self._call(self._renew(client), operation, doing, target, parameters)

    def _watch(self, client: Any) -> None:
        for event, handler in self._handlers():
            client.meta.events.register(event, handler)

    def _handlers(self) -> tuple[tuple[str, Callable[..., None]], ...]:
        return (
            ("after-call.wellarchitected", _refuse_unreadable),
            # A call that waits for its next attempt, since the account is throttled, is not under way.
            ("before-send.wellarchitected", self._enter),
            ("response-received.wellarchitected", self._leave),
        )

    def _enter(self, **_event: Any) -> None:
        # What a handler of this event returns would be taken for the answer.
        self._under_way.__enter__()

    def _leave(self, **_event: Any) -> None:
        self._under_way.__exit__(None, None, None)

    def _renew(self, expired: Any) -> Any:
        with self._renewing:
            if self._client is expired and self._renewed is not None:
                self._client = self._renewed()
                self._watch(self._client)
            return self._client

    def _call(
        self, client: Any, operation: str, doing: str, target: str, parameters: Mapping[str, Any]
    ) -> dict[str, Any]:
        method = getattr(client, botocore.xform_name(operation))
        try:
            answer: dict[str, Any] = method(**parameters)
            self._paced = self._paced or bool(answer.get("ResponseMetadata", {}).get("RetryAttempts"))
            return answer
        except (BotoCoreError, ClientError) as cause:
            error = ServiceError(doing, cause, operation, target)
            self._paced = self._paced or error.throttled or error.retried
            if error.code == UNRECOGNIZED:
                error.advice = self._explain_unrecognized(self.region)
            raise error from cause
        except Exception as cause:  # botocore's parser stumbles over an answer of another shape.
            unreadable = UnreadableAnswer(why=f"{type(cause).__name__}: {cause}")
            raise ServiceError(doing, unreadable, operation, target) from cause

    def pages(
        self,
        operation: str,
        key: str,
        doing: str,
        target: str = "",
        on_page: Callable[[Any], None] | None = None,
        **parameters: Any,
    ) -> Iterator[Any]:
        """All items of a list operation, through all its pages (botocore has no paginator for these).

        ``on_page``: gets the items of each page that is not the last before the next one is asked for.
        """
        size = self._page_sizes.ask(operation)
        while True:
            limit = {} if size is None else {"MaxResults": size}
            try:
                answer = self.call(operation, doing, target, **limit, **parameters)
            except ServiceError as error:
                if size is None:
                    raise
                if not error.refuses("MaxResults"):
                    self._page_sizes.forget(operation)
                    raise
                self._page_sizes.refused(operation)
                size = None
                continue
            if size is not None:
                self._page_sizes.taken(operation)
            token = answer.get("NextToken")
            if token and on_page:
                on_page(answer.get(key, ()))
            yield from answer.get(key, ())
            if not token:
                return
            parameters["NextToken"] = token

    def list_resources(
        self, kind: Kind, second_look: bool = False, on_page: Callable[[list[dict[str, Any]]], None] | None = None
    ) -> list[dict[str, Any]]:
        """The summaries of a kind's list operation: what can be shared, or with ``second_look`` what else there is.

        ``on_page``: gets those of each page that is not the last as soon as they are there.
        """
        extra: Mapping[str, Any] = kind.everything if second_look else kind.owned
        doing, operation = f"list every {kind.label} of this account", kind.list_operation

        def read(rows: Iterable[Any]) -> list[dict[str, Any]]:
            rows = list(rows)
            for row in rows:
                if not isinstance(row, Mapping):
                    raise UnreadableAnswer(why=f"a row is {row!r}")
                _refuse_other_than_text(row, (kind.arn_key, kind.name_key, "Owner"))
            return rows

        checked = (lambda rows: on_page(read(rows))) if on_page else None
        try:
            return read(self.pages(operation, kind.list_key, doing, on_page=checked, **extra))
        except UnreadableAnswer as cause:
            raise ServiceError(doing, cause, operation) from cause

    def list_shares(self, resource: Resource) -> list[Share]:
        """Every share of the resource, live and dead."""
        kind = resource.kind
        doing, target = f"list the shares of {resource.label}", resource.arn or resource.id
        operation = kind.list_shares_operation
        named: Mapping[str, Any] = {kind.id_parameter: resource.id}
        rows = self.pages(operation, kind.list_shares_key, doing, target, **named)
        try:
            return [_read_share(row, self.names) for row in rows]
        except UnreadableAnswer as cause:
            raise ServiceError(doing, cause, operation, target) from cause

    def list_tags(self, resource: Resource) -> dict[str, str]:
        """The tags of a resource whose ARN is known."""
        doing, target = f"list the tags of {resource.label}", resource.arn or ""
        operation = "ListTagsForResource"
        tags = self.call(operation, doing, target, WorkloadArn=target).get("Tags") or {}
        try:
            if not isinstance(tags, Mapping):
                raise UnreadableAnswer(why=f"its tags are {tags!r}")
            _refuse_other_than_text(tags, tags)
        except UnreadableAnswer as cause:
            raise ServiceError(doing, cause, operation, target) from cause
        return {key: value or "" for key, value in tags.items()}

    def create_share(self, resource: Resource, principal: Principal, permission: str | None) -> str | None:
        """Shares the resource and returns the ShareId; None where the service does not say it."""
        parameters = {resource.kind.id_parameter: resource.id, "SharedWith": principal.text}
        if permission is not None:
            parameters["PermissionType"] = permission
        doing = f"share {resource.label} with {principal.label}"
        try:
            answer = self.call(resource.kind.create_operation, doing, resource.arn or resource.id, **parameters)
        except ServiceError as error:
            about_it = error.operation == resource.kind.create_operation
            if about_it and principal.in_organizations and (error.denied or error.invalid):
                error.advice = ". ".join(filter(None, (error.advice, _ORGANIZATION_ADVICE)))
            raise
        return answer.get("ShareId")

    def update_share(self, resource: Resource, share: Share, permission: str | None) -> None:
        self._change_share(
            resource.kind.update_operation,
            f"give {share.principal.label} {permission} on {resource.label}",
            resource,
            share,
            PermissionType=permission,
        )

    def delete_share(self, resource: Resource, share: Share) -> None:
        doing = f"stop sharing {resource.label} with {share.principal.label}"
        self._change_share(resource.kind.delete_operation, doing, resource, share)

    def list_invitations(self, resource_type: str | None = None) -> list[dict[str, Any]]:
        """The summaries of every pending invitation, of one ShareResourceType if given."""
        extra: Mapping[str, Any] = {"ShareResourceType": resource_type} if resource_type else {}
        return list(
            self.pages("ListShareInvitations", "ShareInvitationSummaries", "list the pending invitations", **extra)
        )

    def answer_invitation(self, invitation_id: str, accept: bool, label: str) -> None:
        """Accepts or rejects. ``label`` says for messages what is shared by whom."""
        self.call(
            "UpdateShareInvitation",
            f"{'accept' if accept else 'reject'} the invitation to {label}",
            ShareInvitationId=invitation_id,
            ShareInvitationAction="ACCEPT" if accept else "REJECT",
        )

    def organization_sharing(self) -> str:
        """ENABLED or DISABLED."""
        settings = self.call("GetGlobalSettings", "read the global settings")
        return settings.get("OrganizationSharingStatus") or "DISABLED"

    def set_organization_sharing(self, status: str) -> None:
        """``status``: ENABLED or DISABLED. Settings that are not sent stay as they are."""
        word = "enable" if status == "ENABLED" else "disable"
        self.call("UpdateGlobalSettings", f"{word} organization sharing", OrganizationSharingStatus=status)

    def _change_share(self, operation: str, doing: str, resource: Resource, share: Share, **parameters: Any) -> None:
        parameters.update({resource.kind.id_parameter: resource.id, "ShareId": share.share_id})
        self.call(operation, doing, resource.arn or resource.id, **parameters)


_ORGANIZATION_ADVICE = (
    "Sharing with an organization or organizational unit needs organization sharing. If it is not enabled yet, do so "
    "once, from the organization's management account, with wellarchitected.sharing.wa_organization_sharing"
)


def _refuse_other_than_text(row: Mapping[str, Any], keys: Iterable[str]) -> None:
    """Raises UnreadableAnswer where one of the keys is there, but has no text."""
    for key in keys:
        if not isinstance(row.get(key), (str, type(None))):
            raise UnreadableAnswer(why=f"the {key} of a row is {row[key]!r}")


def _read_share(row: Any, names: PrincipalNames) -> Share:
    """The share in a row of a list. Raises UnreadableAnswer where the row lacks what every share has."""
    if not isinstance(row, Mapping):
        raise UnreadableAnswer(why=f"a row is {row!r}")
    missing = [key for key in ("ShareId", "SharedWith", "Status") if not isinstance(row.get(key), str)]
    if missing:
        raise UnreadableAnswer(why=f"a row has no {' and no '.join(missing)}")
    _refuse_other_than_text(row, ("PermissionType", "StatusMessage"))
    return Share(
        share_id=row["ShareId"],
        principal=names.named(parse_listed_principal(row["SharedWith"])),
        status=row["Status"],
        permission=row.get("PermissionType"),
        status_message=row.get("StatusMessage"),
    )


def _refuse_unreadable(http_response: Any, model: Any, **_others: Any) -> None:
    # botocore takes a body that is not JSON for an empty answer, which would read as "nothing is shared".
    if http_response.status_code >= 300:
        return
    if model.output_shape is None and not http_response.content.strip():
        return
    try:
        readable = isinstance(json.loads(http_response.content), dict)
    except ValueError:
        readable = False
    if not readable:
        raise UnreadableAnswer(why="it is not a JSON object")
