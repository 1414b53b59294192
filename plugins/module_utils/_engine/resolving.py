# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Which resources the entries of a declaration mean in each place, and what is told of names over all places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._aws.errors import ServiceError
from .._aws.names_lookup import NamesLookup
from .._aws.sessions import Sessions
from .._model.catalogue import HERE, matches_nothing
from .._model.invalid_input import told
from .._model.places import Place
from .._model.resources import Resource
from .declaration import Entry, leave_out, warn_of_exclude
from .settings import Warn
from .visiting import Visit


@dataclass
class Meanings:
    """What the entries that are about one place mean there."""

    found: dict[str, tuple[Resource, ...]] = field(default_factory=dict)
    """What each entry means, by its ``where``, also what it leaves out. Without those that mean nothing."""
    faults: list[str] = field(default_factory=list)
    """Names that mean several resources, and those that mean none where there is no other place to have them."""

    def kept(self, entries: Iterable[Entry]) -> list[tuple[Entry, Resource]]:
        """Each entry with each resource that is declared by it."""
        return [
            (entry, resource) for entry in entries for resource in leave_out(entry, self.found.get(entry.where, ()))
        ]


def resolve_in(place: Place, lookup: NamesLookup, entries: Sequence[Entry], concurrency: int, alone: bool) -> Meanings:
    """What the entries mean in the place. Raises ServiceError where its resources cannot be listed.

    ``entries``: those that are about the place. ``alone``: whether it is the only place: otherwise a name that means
    nothing here may be another place's, and so may an ID.
    """
    meanings = Meanings()
    references = [entry.reference for entry in entries]
    lookup.load_for(references, concurrency)
    if not alone:
        lookup.load((reference.kind for reference in references if reference.is_id), concurrency)
    for entry in entries:
        try:
            if alone:
                found = lookup.look_up(entry.reference)
            else:
                found = lookup.look_up_if_there(entry.reference)
        except ValueError as error:
            where = "" if alone else f"in {place.label}, "
            meanings.faults.append(told(entry.where, f"{where}{error}"))
            continue
        found = with_tags(entry, found, lookup, concurrency)
        if found:
            meanings.found[entry.where] = found
    return meanings


def with_tags(entry: Entry, found: Sequence[Resource], lookup: NamesLookup, concurrency: int) -> tuple[Resource, ...]:
    """The resources without those that lack a tag which the entry asks for. What it leaves out anyway is not asked for.

    Raises ServiceError where tags cannot be listed: nobody is to have access for want of a look.
    """
    if not entry.tags:
        return tuple(found)
    kept = leave_out(entry, found)
    tagged = lookup.with_tags(kept, entry.tags, concurrency)
    return tuple(resource for resource in found if resource in tagged or resource not in kept)


def tell_of_names(
    entries: Sequence[Entry],
    read: Sequence[tuple[Place, Meanings]],
    visits: Sequence[Visit[Any]],
    warn: Warn,
) -> list[Entry]:
    """Warns of entries that mean nothing anywhere, or leave out what they should not, and returns those that must mean
    something, but do so in none of the places. Where one of theirs could not be read, they may: that is a warning.

    ``read``: the places of the ``visits`` that could be.
    """
    missing: list[Entry] = []
    for entry in entries:
        about = [meanings for place, meanings in read if entry.applies_in(place)]
        found = [resource for meanings in about for resource in meanings.found.get(entry.where, ())]
        warn_of_exclude(entry, found, warn)
        others = [visit for visit in visits if visit.found is None and entry.applies_in(visit.place)]
        if found or entry.reference.everything or not (about or others):
            continue
        label = entry.reference.kind.label
        if entry.reference.is_pattern:
            if about or all(visit.skipped for visit in others):
                tags = ", ".join(f"{key}={value}" for key, value in entry.tags.items())
                nothing = matches_nothing(entry.reference, _named(max(1, len(about))))
                warn(told(entry.where, f"{nothing} with the tags {tags}" if tags else nothing))
        elif any(visit.error or visit.faults for visit in others):
            if about:
                warn(told(entry.where, f"{label} {entry.reference.text!r} is in none of the places that could be read"))
        else:
            missing.append(entry)
    return missing


def why_in_none(sessions: Sessions, entry: Entry, read: Sequence[Place]) -> str:
    """Why the entry means nothing in any of the places, ready to show. The first that it is about is asked again."""
    about = [place for place in read if entry.applies_in(place)]
    if not about:
        label = entry.reference.kind.label
        return told(entry.where, f"{label} {entry.reference.text!r} is in no region that its account has enabled")
    try:
        lookup = NamesLookup(sessions.service(about[0]))
        lookup.load((entry.reference.kind,), 1)
        return told(entry.where, lookup.explain(entry.reference, _named(len(about))))
    except ServiceError as error:
        return told(entry.where, str(error))


def _named(places: int) -> str:
    return HERE if places == 1 else f"any of the {places:,} places"
