# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What exists in each place: the resources that entries select, and their shares. Sharing, info and audit use it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ._accounts import Place
from ._client import WellArchitected
from ._declaration import Entry
from ._errors import ServiceError, at, join_path
from ._kinds import KINDS, Kind
from ._names import count_noun, is_pattern, matches_loosely, quote, suggestion
from ._places import PlaceResult, Runner, parallel_map, successful
from ._resources import Listed, ResourceFinder, explain_foreign, is_selected_by, list_shares
from ._shares import Resource


@dataclass
class PlaceSurvey:
    """What exists in one place."""

    matched: list[tuple[Entry, Resource]] = field(default_factory=list)
    """Each entry with each resource that it selects."""
    candidates: dict[int, tuple[Resource, ...]] = field(default_factory=dict)
    """What the reference of each entry alone selects, by the entry's position."""
    listed: dict[tuple[str, str], Listed] = field(default_factory=dict)
    """The resources, by their keys, with their shares."""
    ambiguous: dict[int, str] = field(default_factory=dict)
    """Why a name matches several resources here, ready to show, by the entry's position."""
    missing: list[str] = field(default_factory=list)
    """What was referred to by ID or ARN and cannot be shared, ready to show."""
    warnings: list[str] = field(default_factory=list)


@dataclass
class Survey:
    """What exists in all places."""

    results: list[PlaceResult[PlaceSurvey]]
    """Every place of the task, in their order."""
    missing: list[tuple[Entry, str]] = field(default_factory=list)
    """Entries that select nothing anywhere although they must, with the reason, ready to show."""
    ambiguous: list[tuple[Place, str]] = field(default_factory=list)
    """Names that match several resources in a place, ready to show."""
    errors: list[str] = field(default_factory=list)
    """What else is wrong with the input, as it showed in the places."""
    warnings: list[str] = field(default_factory=list)

    @property
    def places(self) -> list[tuple[Place, PlaceSurvey]]:
        """The places that could be read."""
        return successful(self.results)


def survey_places(runner: Runner, entries: Sequence[Entry], everything: bool = False) -> Survey:
    """What the entries select in every place, and all shares of it. ``everything``: of every resource there is.

    Raises ServiceError where the only place of the task cannot be read.
    """
    scope = runner.scope
    selected = [place for place in scope.places if everything or any(entry.applies_in(place) for entry in entries)]

    def survey(place: Place, service: WellArchitected) -> PlaceSurvey:
        return _survey_place(runner, place, service, entries, everything, len(selected))

    results = runner.run(selected, survey)
    by_place = {result.place: result for result in results}
    survey_of_all = Survey([by_place.get(place) or PlaceResult(place) for place in scope.places])
    if not scope.has_many and results and results[0].error is not None:
        raise results[0].error
    survey_of_all.errors.extend(error for result in results for error in result.input_errors)
    for place, found in survey_of_all.places:
        survey_of_all.ambiguous.extend((place, text) for text in found.ambiguous.values())
        survey_of_all.warnings.extend(found.warnings)
    for position, entry in enumerate(entries):
        _check_entry(runner, position, entry, survey_of_all, [one for one in results if entry.applies_in(one.place)])
    return survey_of_all


def _survey_place(
    runner: Runner,
    place: Place,
    service: WellArchitected,
    entries: Sequence[Entry],
    everything: bool,
    places: int,
) -> PlaceSurvey:
    """Raises ServiceError where the resources cannot be listed."""
    many = runner.scope.has_many
    finder = ResourceFinder(service, runner.threads(len(KINDS), places))
    here = [(position, entry) for position, entry in enumerate(entries) if entry.applies_in(place)]
    # In one of many places, an ID alone may be another place's.
    finder.load(_kinds_to_list((entry for _position, entry in here), everything, many))
    found = PlaceSurvey()
    for position, entry in here:
        try:
            resources = finder.find(entry.reference)
        except ValueError as error:
            found.ambiguous[position] = at(entry.path, f"{f'In {place.label}: ' if many else ''}{error}")
            continue
        found.candidates[position] = resources
        if everything and entry.reference.resource is not None:
            # The list of everything shows whether an ID or ARN is one of the account's own.
            resources = tuple(filter(None, map(finder.get, resources)))
            if not resources and not entry.reference.by_id:
                reason = finder.explain_missing(entry.reference.kind, entry.reference.text, place.label)
                found.missing.append(at(entry.path, reason))
        kept = [one for one in resources if not any(is_selected_by(text, one) for text in entry.exclude)]
        if entry.tags:
            kept = finder.with_tags(kept, entry.tags)
        found.matched.extend((entry, resource) for resource in kept)
    resources_here = {resource.key: resource for _entry, resource in found.matched}
    if everything:
        resources_here = {one.key: one for kind in KINDS.values() for one in finder.all_of(kind)}
    runner.progress.expect("resources listed", len(resources_here))

    def list_one(resource: Resource) -> Listed:
        listed = list_shares(service, resource)
        runner.progress.add()
        return listed

    threads = runner.threads(len(resources_here), places)
    found.listed = {one.resource.key: one for one in parallel_map(list_one, resources_here.values(), threads)}
    _drop_foreign(found)
    return found


def _kinds_to_list(entries: Iterable[Entry], everything: bool, many: bool) -> list[Kind]:
    if everything:
        return list(KINDS.values())
    references = [entry.reference for entry in entries]
    return [one.kind for one in references if one.resource is None or (many and one.by_id)]


def _drop_foreign(found: PlaceSurvey) -> None:
    """Leaves out, with a warning, what only a pattern selects and another account owns."""
    explicit = {resource.key for entry, resource in found.matched if entry.reference.pattern is None}
    for key, listed in list(found.listed.items()):
        if listed.foreign and key not in explicit:
            if any(resource.key == key for _entry, resource in found.matched):
                found.warnings.append(f"Skipped: {listed.foreign}")
            del found.listed[key]
            found.matched = [(entry, resource) for entry, resource in found.matched if resource.key != key]


def _check_entry(
    runner: Runner, position: int, entry: Entry, survey: Survey, results: Sequence[PlaceResult[PlaceSurvey]]
) -> None:
    """Adds what is wrong with an entry's reference and ``exclude``, seen over all of its places."""
    read = [(result.place, result.value) for result in results if result.value is not None]
    unread = [result for result in results if result.value is None and not result.skipped]
    candidates = [one for _place, found in read for one in found.candidates.get(position, ())]
    reference = entry.reference
    if reference.pattern is not None:
        _check_exclude(entry, candidates, survey, unread)
        matched = any(one is entry for _place, found in read for one, _resource in found.matched)
        excluded = candidates and not entry.tags
        if not matched and not excluded and (read or not unread) and (entry.tags or reference.pattern != "*"):
            tags = ", ".join(f"{key}={value}" for key, value in entry.tags.items())
            text = f"No {reference.kind.label} of {_describe(len(read))} matches {quote(reference.text)}"
            survey.warnings.append(at(entry.path, f"{text}{f' with the tags {tags}' if tags else ''}."))
    elif candidates:
        pass
    elif unread:
        if read:
            survey.warnings.append(
                at(
                    entry.path,
                    f"{reference.label} was not found. Some accounts or Regions could not be read: it may be there.",
                )
            )
    elif not any(position in found.ambiguous for _place, found in read):
        reason = _explain_missing(runner, entry, [place for place, _found in read])
        survey.missing.append((entry, at(entry.path, reason)))
    missing = [text for _place, found in read for text in found.missing if text.startswith(entry.path)]
    survey.missing.extend((entry, text) for text in missing[:1])


def _check_exclude(
    entry: Entry, candidates: Sequence[Resource], survey: Survey, unread: Sequence[PlaceResult[PlaceSurvey]]
) -> None:
    """What protects must not miss: an item that excludes nothing is an error, unless it is a pattern for the future.

    ``unread``: the places that could not be read, which may have what it excludes.
    """
    names = [resource.name or "" for resource in candidates]
    for index, text in enumerate(entry.exclude):
        if any(is_selected_by(text, resource) for resource in candidates):
            continue
        path = f"{join_path(entry.path, 'exclude')}[{index}]"
        loose = [name for name in names if matches_loosely(text, name)]
        if is_pattern(text) and not loose:
            continue
        hint = f" (did you mean {quote(loose[0])}?)" if loose else suggestion(text, names)
        matched = f"that {quote(entry.reference.text)} matches"
        advice = "Correct it or remove it."
        if unread:
            places = count_noun(len(unread), "account and Region")
            first = f"{unread[0].place.label}: {unread[0].error}" if unread[0].error else unread[0].place.label
            advice = f"{advice} It may be in {places} that could not be read ({first})."
        survey.errors.append(f"{path}: {quote(text)} excludes nothing {matched}{hint}. {advice}")
    if candidates and all(any(is_selected_by(text, one) for text in entry.exclude) for one in candidates):
        label = f"{entry.reference.kind.label} that {quote(entry.reference.text)} matches"
        survey.warnings.append(at(join_path(entry.path, "exclude"), f"It excludes every {label}."))


def _explain_missing(runner: Runner, entry: Entry, places: Sequence[Place]) -> str:
    """Why an entry selects nothing in any of its places: the first of them is asked again."""
    reference = entry.reference
    if not places:
        return f"{reference.label} is in no Region that its account has enabled. Correct accounts or regions."
    try:
        service = runner.connections.client(places[0])
        finder = ResourceFinder(service, 1)
        text = finder.explain_missing(reference.kind, reference.text, _describe(len(places)), reference.label)
    except ServiceError as error:
        return str(error)
    if reference.name is not None and is_pattern(reference.text):
        text = f"{text} This module takes one exact name. Patterns are for wellarchitected.sharing.wa_shares."
    return text


def _describe(places: int) -> str:
    return "this account and Region" if places <= 1 else f"any of the {places:,} accounts and Regions"


def check_shareable(service: WellArchitected, own: Sequence[Resource], published: Sequence[Resource]) -> list[str]:
    """Why resources cannot be shared that only IDs and ARNs refer to: ``own`` must be the caller's, ``published`` also
    published. Raises ServiceError.
    """
    errors = [text for resource in own if (text := explain_foreign(service, resource))]
    unproven = [resource for resource in published if resource.kind.must_be_published]
    if errors or not unproven:
        return errors
    finder = ResourceFinder(service, 1)
    finder.load(resource.kind for resource in unproven)
    return [
        finder.explain_missing(one.kind, one.arn or one.id, "this account and Region", one.label)
        for one in unproven
        if finder.get(one) is None
    ]
