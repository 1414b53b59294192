# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What the user declares: module options turned into entries, and entries into one declaration per resource.

Nothing here makes a call. Every fault is collected and told at once, with the place where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Callable

from .._model.invalid_input import Faults, InvalidInput, at, told
from .._model.kinds import KINDS, Kind
from .._model.names import choose_by_name, has_wildcards
from .._model.places import Part, Place, Scope
from .._model.principal_names import PrincipalNames
from .._model.principals import ACCOUNT, Principal
from .._model.reading import UNREAD, read_options, unread
from .._model.references import Reference, parse_reference
from .._model.resources import Resource
from .._model.shares import DEAD_STATUSES, PERMISSIONS
from .._model.suggestions import nearest, suggestion
from .._model.terms import NO_TERMS, Terms, Until, parse_until
from .planning import Grant, Wanted
from .settings import Defaults, Warn

NAMED_AT_MOST = 10  # places named in one message
_PRINCIPAL = {
    "principal": {"type": "raw", "required": True},
    "permission_type": {"type": "str", "choices": list(PERMISSIONS)},
    "until": {"type": "str"},
    "reason": {"type": "str"},
}
"""An item of shared_with that is a dictionary, as an argument spec."""


@dataclass(frozen=True)
class Entry:
    """One declared entry: a reference to one or more resources, and what is to be true of their shares."""

    where: str
    """Its place in the input, for messages: ``resources[3]``, or nothing for a module that takes one resource."""
    reference: Reference
    grants: tuple[Grant, ...] = ()
    removals: tuple[Grant, ...] = ()
    """Whose shares are to go: what is declared absent, and what has ended."""
    absent: bool = False
    """Whether the entry is about removals only."""
    account_wide: bool = False
    """Whether the shares of the users and roles of the accounts in ``removals`` are to go too."""
    purge: bool | None = None
    """None where the entry leaves it to the task."""
    renew: frozenset[str] | None = None
    """None where the entry leaves it to the task."""
    exclude: tuple[str, ...] = ()
    """Names, with or without wildcards, of resources that the reference's pattern is not to mean."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """The values, with or without wildcards, that tags of the reference's matches must have."""
    part: Part = field(default_factory=Part)
    """Which of the task's places it is about."""

    def applies_in(self, place: Place) -> bool:
        """Whether it is about the place. An ARN is about its own only."""
        resource = self.reference.resource
        return self.part.has(place) and (resource is None or place.has(resource))


@dataclass(frozen=True)
class Declaration:
    """All that is declared of one resource."""

    resource: Resource
    wanted: Wanted
    by_text: bool = False
    """Whether the resource was named by ID or ARN, so that nothing has shown yet that the caller owns it."""
    by_pattern: bool = False
    """Whether the resource is only there for matching a name with wildcards."""
    ended: tuple[Grant, ...] = ()
    """Principals whose access was declared, and has ended."""
    terms: Mapping[Principal, Terms] = field(default_factory=dict)
    """On what terms principals have access, or had it, where anything is said of that."""


def parse_entry(
    options: Mapping[str, Any],
    defaults: Defaults,
    scope: Scope,
    where: str = "",
    wildcards: bool = False,
) -> Entry:
    """One entry from its options, with the task's defaults for what it leaves out.

    ``options``: a kind's option, exclude, tags, shared_with, permission_type, until, reason, state, account_wide,
    purge_shares, renew, accounts, regions (None: not given). ``scope``: where the task works.
    Raises InvalidInput with every fault of the entry.
    """
    entry, faults = read_entry(options, defaults, scope, where, wildcards)
    if faults or entry is None:
        raise InvalidInput(faults)
    return entry


def read_entry(
    options: Mapping[str, Any],
    defaults: Defaults,
    scope: Scope,
    where: str = "",
    wildcards: bool = False,
) -> tuple[Entry | None, list[str]]:
    """As ``parse_entry``, with what is wrong beside what could be read. None: nothing says which resource is meant."""
    faults: list[str] = []
    kind, reference = _parse_resource(options, scope, wildcards, defaults.names.partition, faults)
    absent = options.get("state") == "absent"
    purge = options.get("purge_shares")
    if absent and purge:
        faults.append("state=absent removes the principals listed and purge_shares those not listed: use one of them")

    permission = options.get("permission_type")
    if permission and kind and not kind.has_permission:
        faults.append(f"permission_type is for workloads only: a {kind.label} has no permission")
    default_permission = permission or defaults.permission_type or PERMISSIONS[0]

    own = options.get("shared_with") is not None
    listed = options["shared_with"] if own else defaults.shared_with
    if listed and _means_nobody(listed, defaults.names):
        listed = []
    if listed is None:
        if not unread(options, "shared_with"):
            faults.append("shared_with is missing")
    elif not listed and not absent and purge is None:
        purge = defaults.purge_shares
    if listed == [] and not purge and not unread(options, "purge_shares"):
        faults.append("shared_with may be empty only with purge_shares, which then removes every share")
    if not own and kind and not kind.has_permission:
        # The task's list serves all kinds: what it says of permissions is for the workloads.
        listed = [_without_permission(item) for item in listed or ()]
    faults = [told(where, fault) for fault in faults]
    # A fault in the task's own list stands there, however many entries use the list.
    exclude = _parse_exclude(options.get("exclude"), reference, at(where, "exclude"), faults)
    place = where if own else ""
    tags = _parse_tags(options.get("tags"), reference, at(where, "tags"), faults)
    terms = _parse_terms(options, absent, where, faults)
    grants = _parse_grants(listed or (), kind, default_permission, absent, place, terms, defaults.names, faults)
    account_wide = _parse_account_wide(options, absent, grants, where, faults)

    part = scope.parse_part(options.get("accounts"), options.get("regions"), where, faults)
    renew = options.get("renew")
    if reference is None:
        return None, faults
    entry = Entry(
        where,
        reference,
        grants=tuple(grant for grant in grants if not absent and not grant.terms.ended(defaults.now)),
        removals=tuple(grant for grant in grants if absent or grant.terms.ended(defaults.now)),
        absent=absent,
        account_wide=account_wide,
        purge=None if absent else purge,
        renew=None if renew is None else frozenset(renew),
        exclude=exclude,
        tags=tags,
        part=part,
    )
    narrowed = part != Part() or (reference.resource is not None and not reference.is_id)
    if not faults and narrowed and not any(map(entry.applies_in, scope.places)):
        faults.append(told(where, f"{reference.text} is in none of the accounts and regions that the entry names"))
    return entry, faults


def parse_entries(
    resources: Sequence[Mapping[str, Any]],
    defaults: Defaults,
    scope: Scope,
    faults: Faults,
    where: str = "resources",
) -> tuple[Entry, ...]:
    """The entries of an option, such as ``resources``, whose resource can be looked up.

    What is wrong with any is added to ``faults``.
    """
    entries: list[Entry] = []
    for index, options in enumerate(resources):
        entry, found = read_entry(options, defaults, scope, f"{where}[{index}]", wildcards=True)
        faults.found.extend(found)
        if entry is not None:
            entries.append(entry)
    return tuple(entries)


def parse_only_entry(options: Mapping[str, Any], defaults: Defaults, scope: Scope, faults: Faults) -> tuple[Entry, ...]:
    """As ``parse_entries``, of a module that takes one resource."""
    entry, found = read_entry(options, defaults, scope)
    faults.found.extend(found)
    return () if entry is None else (entry,)


def leave_out(entry: Entry, resources: Sequence[Resource]) -> tuple[Resource, ...]:
    """The resources without those that ``exclude`` names."""
    excluded = {resource for name in entry.exclude for resource in _called(name, resources)}
    return tuple(resource for resource in resources if resource not in excluded)


def warn_of_exclude(entry: Entry, resources: Sequence[Resource], warn: Warn) -> None:
    """Warns where ``exclude`` does not do what was meant. ``resources``: what the entry means, wherever it is."""
    if not (entry.exclude and resources):
        return
    label, text = entry.reference.kind.label, entry.reference.text
    where = at(entry.where, "exclude")
    for name in entry.exclude:
        # A pattern may be there for what is still to come; a whole name that leaves nothing out is misspelt.
        if not has_wildcards(name) and not _called(name, resources):
            near = nearest(name, (resource.name or "" for resource in resources))
            warn(told(where, f"no {label} that {text!r} matches is called {name!r}{suggestion(near)}"))
    if not leave_out(entry, resources):
        warn(told(where, f"it leaves out every {label} that {text!r} matches"))


def _called(name: str, resources: Sequence[Resource]) -> list[Resource]:
    return choose_by_name(name, resources, lambda resource: resource.name or "")


def guard_allowed(entries: Iterable[Entry], allowed: frozenset[Principal] | None) -> None:
    """The guard rail ``allowed_principals``. Raises InvalidInput that names everyone not allowed, and where."""
    if allowed is None:
        return
    places: dict[Principal, list[str]] = {}
    for entry in entries:
        for grant in entry.grants:
            if not grant.principal.is_allowed_by(allowed):
                where = entry.where or f"{entry.reference.kind.label} {entry.reference.text!r}"
                places.setdefault(grant.principal, []).append(where)
    if places:
        raise InvalidInput(
            f"allowed_principals: {principal.label} is not in it, but in {_name_places(found)}"
            for principal, found in places.items()
        )


def merge_entries(resolved: Iterable[tuple[Entry, Resource]], defaults: Defaults) -> tuple[Declaration, ...]:
    """One declaration per resource, in the order in which the resources are first named.

    Entries that name the same resource, however they name it, are one. Raises InvalidInput where they
    contradict each other.
    """
    by_resource: dict[tuple[str, str], list[tuple[Entry, Resource]]] = {}
    for entry, resource in resolved:
        by_resource.setdefault(resource.key, []).append((entry, resource))
    faults: list[str] = []
    declarations = [_merge(found, defaults, faults) for found in by_resource.values()]
    if faults:
        raise InvalidInput(faults)
    return tuple(declarations)


def _parse_resource(
    options: Mapping[str, Any], scope: Scope, wildcards: bool, partition: str | None, faults: list[str]
) -> tuple[Kind | None, Reference | None]:
    named = [kind for kind in KINDS.values() if options.get(kind.option) is not None]
    if len(named) == 1 and not options[named[0].option]:
        faults.append(f"{named[0].option} is empty")
        return named[0], None
    if len(named) != 1:
        if unread(options, *(kind.option for kind in KINDS.values())):
            return None, None
        choice = ", ".join(kind.option for kind in KINDS.values())
        faults.append(f"exactly one of {choice} must name the resource, not {len(named)} of them")
        return None, None
    kind = named[0]
    try:
        return kind, parse_reference(kind, options[kind.option], scope, wildcards, partition)
    except ValueError as error:
        faults.append(str(error))
        return kind, None


def _parse_exclude(
    listed: Sequence[Any] | None, reference: Reference | None, where: str, faults: list[str]
) -> tuple[str, ...]:
    if listed and reference and not reference.is_pattern:
        faults.append(f"{where}: it leaves out matches of a name with wildcards, and {reference.text!r} has none")
    faults.extend(
        f"{where}[{position}]: it is empty"
        for position, name in enumerate(listed or ())
        if name is not UNREAD and not str(name).strip()
    )
    return tuple(str(name) for name in listed or () if name is not UNREAD)


def _parse_tags(
    given: Mapping[str, Any] | None, reference: Reference | None, where: str, faults: list[str]
) -> dict[str, str]:
    if given is None:
        return {}
    if not given:
        faults.append(f"{where}: it is empty: leave it out, or say which tags the matches must have")
    if given and reference and not reference.is_pattern:
        faults.append(
            f"{where}: it chooses among the matches of a name with wildcards, and {reference.text!r} has none"
        )
    faults.extend(
        f"{at(where, str(key))}: it is no text"
        for key, value in given.items()
        if isinstance(value, (Mapping, list)) or value is None
    )
    return {str(key): str(value) for key, value in given.items()}


def _parse_terms(options: Mapping[str, Any], absent: bool, where: str, faults: list[str]) -> Terms:
    given = options.get("until")
    until: Until | None = None
    if given is not None:
        try:
            until = parse_until(given)
        except ValueError as error:
            faults.append(told(at(where, "until"), str(error)))
        if absent:
            faults.append(told(at(where, "until"), "state=absent takes access away at once: leave out one of the two"))
    return Terms(until, options.get("reason"))


def _parse_account_wide(
    options: Mapping[str, Any], absent: bool, grants: Sequence[Grant], where: str, faults: list[str]
) -> bool:
    if not options.get("account_wide"):
        return False
    place = at(where, "account_wide")
    if not absent:
        faults.append(f"{place}: it takes access away, so it goes with state=absent only")
    faults.extend(
        f"{place}: {grant.principal.label} is not an account" for grant in grants if grant.principal.kind != ACCOUNT
    )
    return True


def _without_permission(item: Any) -> Any:
    return (
        {key: value for key, value in item.items() if key != "permission_type"} if isinstance(item, Mapping) else item
    )


def _named_end(terms: Terms) -> str:
    return f"until {terms.until.text}" if terms.until else "without an end"


def _first_of_each(grants: Iterable[Grant]) -> dict[Principal, Grant]:
    """Each principal once, as it was written first."""
    found: dict[Principal, Grant] = {}
    for grant in grants:
        found.setdefault(grant.principal, grant)
    return found


def _merge_terms(grants: Iterable[Grant]) -> dict[Principal, Terms]:
    """What is said of each principal, in whichever entry."""
    merged: dict[Principal, Terms] = {}
    for grant in grants:
        there = merged.get(grant.principal, NO_TERMS)
        merged[grant.principal] = Terms(there.until or grant.terms.until, there.reason or grant.terms.reason)
    return {principal: terms for principal, terms in merged.items() if terms != NO_TERMS}


def _means_nobody(listed: Iterable[Any], names: PrincipalNames) -> bool:
    """Whether all of them are names of empty lists. Whom a faulty name means nobody knows."""
    texts = [item.get("principal") if isinstance(item, Mapping) else item for item in listed]
    return not names.faults and all(isinstance(text, str) and names.meanings.get(text) == () for text in texts)


def _name_places(places: Sequence[str]) -> str:
    named = ", ".join(places[:NAMED_AT_MOST])
    return f"{named} and {len(places) - NAMED_AT_MOST} more" if len(places) > NAMED_AT_MOST else named


def _parse_grants(
    listed: Iterable[Any],
    kind: Kind | None,
    default_permission: str,
    absent: bool,
    where: str,
    terms: Terms,
    names: PrincipalNames,
    faults: list[str],
) -> tuple[Grant, ...]:
    """``terms``: of principals that have none of their own."""
    grants: dict[Principal, Grant] = {}
    for position, item in enumerate(listed):
        if item is UNREAD:
            continue
        place = at(where, f"shared_with[{position}]")
        text, permission, text_place, own = item, None, place, terms
        if isinstance(item, Mapping):
            read = read_options(_PRINCIPAL, item, faults, place)
            text, permission, text_place = read["principal"], read["permission_type"], at(place, "principal")
            if permission and kind and not kind.has_permission:
                faults.append(told(place, f"permission_type is for workloads only: a {kind.label} has no permission"))
            if unread(read, "principal"):
                continue
            said = _parse_terms(read, absent, place, faults)
            own = Terms(said.until or terms.until, said.reason or terms.reason)
        own = replace(own, where=place)
        try:
            meant = names.read(text)
        except ValueError as error:
            faults.append(told(text_place, str(error)))
            continue
        granted = (permission or default_permission) if kind and kind.has_permission else None
        for principal in meant:
            there = grants.setdefault(principal, Grant(principal, granted, own))
            if not absent and there.permission != granted:
                faults.append(f"{place}: {principal.label} is listed twice, with {there.permission} and with {granted}")
            if there.terms.until != own.until:
                faults.append(
                    f"{place}: {principal.label} is listed twice, {_named_end(there.terms)} and {_named_end(own)}"
                )
    return tuple(grants.values())


def _best_known(resources: Sequence[Resource]) -> Resource:
    """One resource, with all that its different references say of it."""

    def first(values: Iterable[str | None]) -> str | None:
        return next(filter(None, values), None)

    return replace(
        resources[0],
        arn=first(resource.arn for resource in resources),
        name=first(resource.name for resource in resources),
        owner=first(resource.owner for resource in resources),
    )


def _merge(resolved: Sequence[tuple[Entry, Resource]], defaults: Defaults, faults: list[str]) -> Declaration:
    entries = [entry for entry, _resource in resolved]
    resource = _best_known([resource for _entry, resource in resolved])
    places = " and ".join(dict.fromkeys(entry.where for entry in entries))

    def contradict(what: str) -> None:
        faults.append(f"{places} name the same {resource.label}, but contradict each other: {what}")

    def agreed(name: str, values: Iterable[Any], default: Any, shown: Callable[[Any], Any]) -> Any:
        given = [value for value in values if value is not None]
        if any(value != given[0] for value in given):
            contradict(f"{name} is " + " and ".join(dict.fromkeys(str(shown(value)) for value in given)))
        return given[0] if given else default

    granted: dict[Principal, Grant] = {}
    for grant in (grant for entry in entries if not entry.absent for grant in (*entry.grants, *entry.removals)):
        there = granted.setdefault(grant.principal, grant)
        if there.permission != grant.permission:
            contradict(f"{grant.principal.label} is to have {there.permission} and {grant.permission}")
        if there.terms.until != grant.terms.until:
            contradict(
                f"{grant.principal.label} is to have access {_named_end(there.terms)} and {_named_end(grant.terms)}"
            )
    grants = _first_of_each(grant for entry in entries for grant in entry.grants)
    removals = _first_of_each(grant for entry in entries for grant in entry.removals)
    gone = frozenset(grant.principal.identity for entry in entries if entry.account_wide for grant in entry.removals)
    for principal in removals:
        if principal in grants:
            contradict(f"{principal.label} is to be present and absent")
    for principal in grants:
        if principal not in removals and principal.account in gone:
            contradict(f"{principal.label} is to be present, and its account to be absent, account_wide")
    purge = agreed("purge_shares", (entry.purge for entry in entries), None, str)
    renew = agreed(
        "renew",
        (entry.renew for entry in entries if entry.grants),
        defaults.renew,
        lambda value: [status for status in DEAD_STATUSES if status in value],
    )
    if purge is None:
        # The task's default is about declared shares: an entry that only removes some leaves the others be.
        purge = defaults.purge_shares and any(not entry.absent for entry in entries)
    return Declaration(
        resource,
        Wanted(tuple(grants.values()), tuple(removals), purge, renew, gone),
        by_text=all(entry.reference.name is None for entry in entries),
        by_pattern=all(entry.reference.matches_only(found) for entry, found in resolved),
        ended=tuple(
            _first_of_each(grant for entry in entries if not entry.absent for grant in entry.removals).values()
        ),
        terms=_merge_terms([grant for entry in entries for grant in (*entry.grants, *entry.removals)]),
    )
