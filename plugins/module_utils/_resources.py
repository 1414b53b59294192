# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Resources as users refer to them: by ID, ARN, name or pattern, and found in what the service lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ansible_collections.amazon.aws.plugins.module_utils.arn import parse_aws_arn

from ._client import WellArchitected
from ._errors import ServiceError
from ._kinds import KINDS, Kind
from ._names import has_tags, is_pattern, matches, normalize, quote, suggestion, unescape
from ._places import Scope, parallel_map
from ._principals import check_partition
from ._shares import Resource, Share

_ARN_TYPES = {kind.arn_type: kind for kind in KINDS.values()}
_ID = re.compile(r"[0-9a-f]{32}")
_OFFICIAL = "is an official lens of AWS. Official lenses are available to every account and cannot be shared."


@dataclass(frozen=True)
class Reference:
    """What the user wrote to select resources: one of ``resource``, ``name`` and ``pattern`` is set."""

    kind: Kind
    text: str
    resource: Resource | None = None
    """Known from the text alone, which is an ID or an ARN."""
    name: str | None = None
    pattern: str | None = None

    @property
    def by_id(self) -> bool:
        """Whether the text is an ID alone, which does not show where the resource is."""
        return self.resource is not None and self.resource.arn is None

    @property
    def label(self) -> str:
        return f"{self.kind.label} {quote(self.text)}"


def parse_reference(
    kind: Kind, text: str, scope: Scope, partition: str | None = None, with_patterns: bool = True
) -> Reference:
    """What ``text`` refers to. Without ``with_patterns``, a name is exactly the text.

    ``scope``: where the task works. ``partition``: of its Regions; None: not known. Raises ValueError, ready to show.
    """
    if not text.strip():
        raise ValueError(f"The {kind.label} is empty. Enter a name, an ARN{'' if kind.id_is_arn else ', an ID'}.")
    if text.startswith("arn:"):
        resource = _parse_arn(kind, text, scope)
        check_partition(text, partition)
        return Reference(kind, text, resource=resource)
    if not kind.id_is_arn and _ID.fullmatch(text):
        return Reference(kind, text, resource=Resource(kind, text))
    if not with_patterns:
        return Reference(kind, text, name=normalize(text))
    if is_pattern(text):
        return Reference(kind, text, pattern=text)
    return Reference(kind, text, name=unescape(text))


def select_all(kind: Kind) -> Reference:
    """A reference to every resource of the kind."""
    return Reference(kind, "*", pattern="*")


def is_selected_by(text: str, resource: Resource) -> bool:
    """Whether an item of ``exclude`` or ``ignore`` (name, pattern, ID or ARN) selects the resource."""
    if text.startswith("arn:"):
        return text == resource.arn
    if text == resource.id.rpartition("/")[2]:
        return True
    if is_pattern(text):
        return matches(text, resource.name or "")
    return unescape(text) == normalize(resource.name or "")


def _parse_arn(kind: Kind, arn: str, scope: Scope) -> Resource:
    expected = f"Expected arn:aws:wellarchitected:{scope.regions[0]}:ACCOUNT:{kind.arn_type}/ID."
    parts = parse_aws_arn(arn) or {}
    arn_type = parts.get("resource_type") or ""
    if parts.get("service") == "wellarchitected" and arn_type.startswith("agent-"):
        raise ValueError(
            f"{arn} belongs to AWS Well-Architected Agent. Its resources are shared by resource policies, which this "
            "collection does not manage. They are unrelated to those of the AWS Well-Architected Tool."
        )
    if arn_type == "lens" and parts.get("account_id") in ("aws", "", None):
        raise ValueError(f"{arn} {_OFFICIAL}")
    other = _ARN_TYPES.get(arn_type)
    if parts.get("service") != "wellarchitected" or other is None:
        raise ValueError(f"{arn} is not the ARN of a {kind.label}. {expected}")
    if other is not kind:
        raise ValueError(f"{arn} is the ARN of a {other.label}. Set the key {other.option} instead of {kind.option}.")
    form = rf"arn:[a-z-]+:wellarchitected:[a-z0-9-]+:\d{{12}}:{kind.arn_type}/{kind.arn_id}"
    if not re.fullmatch(form, arn, re.ASCII):
        wildcards = " Wildcards are for names only." if re.search(r"[*?]", arn) else ""
        raise ValueError(f"{arn} is not the ARN of a {kind.label}. {expected}{wildcards}")
    resource = Resource(kind, kind.id_from_arn(arn), arn, None, parts["account_id"])
    scope.check_contains(resource)
    return resource


@dataclass
class _Catalog:
    """What was listed of one kind."""

    own: dict[str, Resource] = field(default_factory=dict)
    """By ID: what can be shared."""
    by_name: dict[str, list[Resource]] = field(default_factory=dict)
    official: set[str] = field(default_factory=set)
    """Names, aliases and ARNs of official lenses; from the list of everything."""
    unpublished: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    """Names and ARNs of what other accounts own."""
    is_complete: bool = False
    """Whether everything was listed, to explain what is missing."""


class ResourceFinder:
    """Finds resources in one place. Each kind is listed at most once, and only where a name or pattern needs it."""

    def __init__(self, service: WellArchitected, threads: int) -> None:
        self._service = service
        self._threads = threads
        self._catalogs: dict[str, _Catalog] = {}
        self._tags: dict[str | None, dict[str, str]] = {}

    def load(self, kinds: Iterable[Kind]) -> None:
        """Lists the kinds that were not listed yet, side by side. Raises ServiceError."""
        missing = [kind for kind in dict.fromkeys(kinds) if kind.name not in self._catalogs]
        self._catalogs.update(zip((kind.name for kind in missing), parallel_map(self._list, missing, self._threads)))

    def find(self, reference: Reference) -> tuple[Resource, ...]:
        """The resources that the reference selects here; an ARN is not looked up, nor an ID of a kind not loaded.

        Raises ValueError, ready to show, where a name is ambiguous.
        """
        catalog = self._catalogs.get(reference.kind.name)
        if reference.resource is not None:
            if not reference.by_id or catalog is None:
                return (reference.resource,)
            known = catalog.own.get(reference.resource.id)
            return (known,) if known else ()
        if catalog is None:
            return ()
        if reference.pattern is not None:
            named = [resource for resource in catalog.own.values() if matches(reference.pattern, resource.name or "")]
            return tuple(sorted(named, key=lambda resource: (resource.name or "", resource.id)))
        found = catalog.by_name.get(reference.name or "", [])
        if len(found) > 1:
            ids = ", ".join(sorted(resource.id for resource in found))
            raise ValueError(f"{reference.label} matches {len(found)} resources. Use the ID or ARN of one ({ids}).")
        return tuple(found)

    def get(self, resource: Resource) -> Resource | None:
        """The resource as it is listed; None where it cannot be shared. Its kind was loaded."""
        return self._catalogs[resource.kind.name].own.get(resource.id)

    def all_of(self, kind: Kind) -> list[Resource]:
        """Every resource of the kind that can be shared, by name. It was loaded."""
        return list(self.find(select_all(kind)))

    def explain_missing(self, kind: Kind, text: str, where: str, label: str = "") -> str:
        """Why a name or ARN is not among what can be shared, ready to show. May list once more. Raises ServiceError."""
        self.load((kind,))
        catalog, label = self._complete(kind), label or f"{kind.label} {quote(text)}"
        name = text if text.startswith("arn:") else unescape(text)
        if {text, name} & catalog.official:
            return f"{label} {_OFFICIAL}"
        if {text, name} & catalog.unpublished:
            return f"{label} was never published. Publish a version of the lens before you share it."
        if {text, name} & catalog.shared:
            return f"{label} belongs to another account. Only its owner can share it."
        if catalog.by_name.get(name) or text in catalog.own:
            return f"{label} appeared while the task was running. Run again."
        names = (resource.name for resource in catalog.own.values() if resource.name)
        return f"{label} does not exist in {where}{suggestion(text, names)}."

    def with_tags(self, resources: Iterable[Resource], patterns: Mapping[str, str]) -> list[Resource]:
        """Those of the resources whose tags fit. Each resource's tags are listed once. Raises ServiceError."""
        # The tags of other accounts' resources, which are shared with the caller, cannot be listed.
        own = [one for one in resources if one.owner is None or one.owner == self._service.get_account()]
        unknown = [resource for resource in own if resource.arn not in self._tags]
        listed = parallel_map(self._service.list_tags, unknown, self._threads)
        self._tags.update(zip((resource.arn for resource in unknown), listed))
        return [resource for resource in own if has_tags(self._tags[resource.arn], patterns)]

    def _list(self, kind: Kind) -> _Catalog:
        catalog = _Catalog()
        rows = [kind.describe(summary) for summary in self._service.list_resources(kind)]
        caller = self._service.account
        if caller is None and len({owner for _arn, _name, owner in rows if owner}) > 1:
            caller = self._service.get_account()  # Some of them are other accounts' resources, shared with the caller.
        for arn, name, owner in rows:
            if caller and owner and owner != caller:
                catalog.shared.update((arn, normalize(name)))
                continue
            resource = Resource(kind, kind.id_from_arn(arn), arn, name, owner or None)
            if catalog.own.setdefault(resource.id, resource) is resource:
                catalog.by_name.setdefault(normalize(name), []).append(resource)
        return catalog

    def _complete(self, kind: Kind) -> _Catalog:
        """The catalog with the reasons why a name may not be in it."""
        catalog = self._catalogs[kind.name]
        if kind.all_filter == kind.shareable_filter or catalog.is_complete:
            return catalog
        catalog.is_complete = True
        known = {resource.arn for resource in catalog.own.values()}
        for summary in self._service.list_resources(kind, every=True):
            arn, name, _owner = kind.describe(summary)
            texts = {arn, normalize(name), str(summary.get("LensAlias") or arn)}
            if summary.get("LensType") == "AWS_OFFICIAL":
                catalog.official |= texts
            elif summary.get("LensType") != "CUSTOM_SELF":
                catalog.shared |= texts
            elif arn not in known:
                catalog.unpublished |= texts
        return catalog


@dataclass
class Listed:
    """A resource with its shares, or with why they could not be listed."""

    resource: Resource
    shares: tuple[Share, ...] = ()
    error: ServiceError | None = None
    foreign: str | None = None
    """Why only another account can list and change the shares, where that is the reason for the error."""


def list_shares(service: WellArchitected, resource: Resource) -> Listed:
    """The shares of one resource. Raises ServiceError only where every further list would fail for the same reason."""
    try:
        return Listed(resource, tuple(service.list_shares(resource)))
    except ServiceError as error:
        if error.is_fatal:
            raise
        refused = error.is_not_found or error.is_invalid or error.is_denied
        return Listed(resource, (), error, explain_foreign(service, resource) if refused else None)


def explain_foreign(service: WellArchitected, resource: Resource) -> str | None:
    """Why the resource is not the caller's to share; None where it is, or where that cannot be found out."""
    try:
        if resource.owner is None or resource.owner == service.get_account():
            return None
        return (
            f"{resource.label} belongs to account {resource.owner}, but the credentials belong to "
            f"{service.get_account()}. Only its owner can share it."
        )
    except ServiceError:
        return None
