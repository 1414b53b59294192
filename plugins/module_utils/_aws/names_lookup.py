# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What there is to be named: the resources of each kind, listed once and only where they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from .._model.catalogue import Catalogue, add_second_look, look_up, look_up_if_there, read_catalogue, why_missing
from .._model.kinds import Kind
from .._model.names import has_tags
from .._model.references import Reference
from .._model.resources import Resource
from .service import WellArchitected
from .side_by_side import at_once

SUGGESTED_FOR = 20  # misspelt names of a run: more suggestions than that nobody reads


class Early(Protocol):
    """What uses the time in which names are listed."""

    @property
    def listens(self) -> bool:
        """Whether pages are of any use to it."""

    def page(self, kind: Kind, found: tuple[Resource, ...]) -> None:
        """Takes some of a kind's resources, before the next page of them is asked for. From any thread."""

    def stop(self) -> None:
        """No page comes for now: no call is under way any more when this returns."""


class NamesLookup:
    """What there is of each kind: listed once, and only where it is asked for."""

    def __init__(self, service: WellArchitected, early: Early | None = None) -> None:
        self._service = service
        self._early = early
        self._listed: dict[str, Catalogue] = {}
        self._looked_twice: set[str] = set()
        self._missed = 0
        self._tags: dict[str | None, dict[str, str]] = {}

    def load_for(self, references: Iterable[Reference], concurrency: int) -> None:
        """Lists the kinds that references name something of: an ID or ARN needs no list."""
        self.load((reference.kind for reference in references if reference.name is not None), concurrency)

    def load(self, kinds: Iterable[Kind], concurrency: int) -> None:
        """Lists the kinds that were not listed yet, side by side."""
        missing = [kind for kind in dict.fromkeys(kinds) if kind.name not in self._listed]
        try:
            self._listed.update(zip((kind.name for kind in missing), at_once(self._list, missing, concurrency)))
        finally:
            if self._early:
                self._early.stop()

    def look_up_if_there(self, reference: Reference) -> tuple[Resource, ...]:
        """The resources that a reference means, none where they may be elsewhere. What has an ARN is taken for there.

        Raises ValueError where a name means several.
        """
        if reference.resource is not None and not reference.is_id:
            return (reference.resource,)
        return look_up_if_there(reference, self._listed[reference.kind.name])

    def explain(self, reference: Reference, where: str) -> str:
        """Why a reference means nothing, ready to show. ``where``: in which places."""
        try:
            look_up(reference, self._second_look(reference.kind), where=where)
        except ValueError as error:
            return str(error)
        return f"{reference.kind.label} {reference.text!r} was not there before"

    def look_up(self, reference: Reference) -> tuple[Resource, ...]:
        """The resources that a reference means. Raises ValueError as ``catalogue.look_up`` does."""
        if reference.resource is not None:
            return (reference.resource,)
        kind = reference.kind
        try:
            return look_up(reference, self._listed[kind.name])
        except ValueError:
            self._missed += 1
            return look_up(reference, self._second_look(kind), suggest=self._missed <= SUGGESTED_FOR)

    def find(self, resource: Resource) -> Resource:
        """The resource as it is listed. Raises ValueError, ready to show, where it is not among what can be shared."""
        kind = resource.kind
        for found in self._listed[kind.name].found:
            if found.id == resource.id:
                return found
        raise ValueError(f"{resource.label} {why_missing(resource.arn or resource.id, self._second_look(kind))}")

    def with_tags(
        self, resources: Iterable[Resource], wanted: Mapping[str, str], concurrency: int
    ) -> tuple[Resource, ...]:
        """Those of the resources that have all the tags; a value may have wildcards. Each is asked for once."""
        # Others' resources, shared with the caller, are not the caller's to share, and show no tags.
        candidates = tuple(one for one in resources if one.owner is None or one.owner == self._service.caller())
        unknown = [resource for resource in candidates if resource.arn not in self._tags]
        found = at_once(self._service.list_tags, unknown, concurrency)
        self._tags.update(zip((resource.arn for resource in unknown), found))
        return tuple(resource for resource in candidates if has_tags(self._tags[resource.arn], wanted))

    def _list(self, kind: Kind) -> Catalogue:
        early = self._early
        owners: set[str] = set()

        def read(summaries: list[dict[str, Any]]) -> Catalogue:
            owners.update(owner for _arn, _name, owner in map(kind.describe, summaries) if owner)
            # With several owners in the list, some are others' resources, shared with the caller.
            caller = self._service.caller() if len(owners) > 1 else self._service.account
            return read_catalogue(kind, summaries, caller)

        def tell(page: list[dict[str, Any]]) -> None:
            if early and early.listens:
                early.page(kind, read(page).found)

        return read(self._service.list_resources(kind, on_page=tell if early and early.listens else None))

    def _second_look(self, kind: Kind) -> Catalogue:
        if kind.everything != kind.owned and kind.name not in self._looked_twice:
            self._looked_twice.add(kind.name)
            summaries = self._service.list_resources(kind, second_look=True)
            self._listed[kind.name] = add_second_look(self._listed[kind.name], kind, summaries)
        return self._listed[kind.name]
