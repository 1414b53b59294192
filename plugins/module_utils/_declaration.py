# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The desired state: entries of a task's options, and from them one declaration per resource. Makes no calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from ._accounts import Place
from ._errors import at, join_path
from ._kinds import KINDS, Kind
from ._names import quote
from ._options import ANY_KIND, ENTRY_SPEC, KIND_KEYS, PRINCIPAL_SPEC, check_entries, check_entry
from ._places import Part, Scope
from ._principals import ACCOUNT, Principal, PrincipalNames
from ._resources import Reference, parse_reference
from ._shares import INACTIVE_STATUSES, PERMISSIONS, RENEWED_BY_DEFAULT, Resource

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# What datetime.fromisoformat parses in every version of Python, and Z. It accepts more, and differs by version.
_TIME = re.compile(rf"{_DATE.pattern}[T ]\d\d:\d\d(:\d\d(\.\d{{3}}|\.\d{{6}})?)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)


@dataclass(frozen=True)
class Until:
    """When access ends. Two forms of one moment are equal."""

    at: datetime
    """The first moment without access."""
    text: str = field(compare=False)
    """As the user wrote it."""


@dataclass(frozen=True)
class Grant:
    """One principal's declared access."""

    principal: Principal
    permission: str | None = None
    """READONLY or CONTRIBUTOR; None for kinds without permissions."""
    until: Until | None = None
    reason: str | None = None
    path: str = field(default="", compare=False)
    """The principal's path in the input."""

    def has_ended(self, now: datetime) -> bool:
        return self.until is not None and now >= self.until.at


@dataclass(frozen=True)
class Defaults:
    """The task's options that apply to entries without their own."""

    names: PrincipalNames
    shared_with: Sequence[Any] | None = None
    permission_type: str | None = None
    purge_shares: bool = False
    renew: frozenset[str] = frozenset(RENEWED_BY_DEFAULT)
    with_patterns: bool = True
    """Whether names of resources may be patterns."""
    now: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    """Access that has ended by then is as declared absent."""


@dataclass(frozen=True)
class Entry:
    """One declared entry: which resources it selects, and the desired state of their shares."""

    path: str
    reference: Reference
    grants: tuple[Grant, ...] = ()
    removals: tuple[Grant, ...] = ()
    """Principals that are declared absent, or whose access has ended."""
    is_absent: bool = False
    account_wide: bool = False
    """Whether to also delete the shares of the users and roles of the accounts in ``removals``."""
    purge: bool | None = None
    """None: as the task's default."""
    renew: frozenset[str] | None = None
    exclude: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    part: Part = field(default_factory=Part)

    def applies_in(self, place: Place) -> bool:
        resource = self.reference.resource
        return self.part.has(place) and (resource is None or place.may_contain(resource))


@dataclass(frozen=True)
class Declaration:
    """The desired state of one resource's shares."""

    resource: Resource
    grants: tuple[Grant, ...] = ()
    """Each principal once."""
    removals: tuple[Principal, ...] = ()
    """Principals whose every share, active or inactive, is deleted."""
    purge: bool = False
    """Whether shares with principals not in ``grants`` are deleted."""
    renew: frozenset[str] = frozenset()
    """Statuses of inactive shares to renew."""
    removed_accounts: frozenset[str] = frozenset()
    """Account IDs: every share with the account, its users and its roles is deleted."""
    by_id: bool = False
    """Whether only IDs and ARNs refer to it, so that the caller may not own it."""
    ended: tuple[Grant, ...] = ()
    """Declared access that has ended."""
    terms: Mapping[Principal, Grant] = field(default_factory=dict)
    """The grant with the end and reason of each principal's access, where they are declared."""

    def removes(self, principal: Principal) -> bool:
        """Whether every share with the principal is deleted, even without purge."""
        return principal in self.removals or principal.account in self.removed_accounts

    def only(self, principal: Principal) -> Declaration:
        """The part of this that is about one principal."""
        grants = tuple(grant for grant in self.grants if grant.principal == principal)
        removed = (self.purge and not grants) or self.removes(principal)
        return replace(
            self, grants=grants, removals=(principal,) if removed else (), purge=False, removed_accounts=frozenset()
        )


def parse_until(value: str) -> Until:
    """When access ends: an ISO date, which is the end of that day in UTC, or a time with its zone.

    Raises ValueError with the reason, ready to show.
    """
    text = str(value).strip()
    try:
        if _DATE.fullmatch(text):
            return Until(datetime.fromisoformat(text).replace(tzinfo=timezone.utc) + timedelta(days=1), text)
        if not _TIME.fullmatch(text):
            raise ValueError
        # datetime of Python before 3.11 does not parse Z.
        moment = datetime.fromisoformat(re.sub("[Zz]$", "+00:00", text))
        if moment.tzinfo is not None:
            moment.astimezone(timezone.utc)
    except OverflowError:
        raise ValueError(f"{text!r} is too far in the future. Leave it out for access without an end.") from None
    except ValueError:
        raise ValueError(
            f"{text!r} is not a valid date or time. Expected a date (2026-12-31) or a time with its zone "
            "(2026-12-31T18:00:00+01:00)."
        ) from None
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone. Add one, as in {text}Z or {text}+01:00.")
    return Until(moment, text)


def parse_entries(
    resources: Sequence[Any], defaults: Defaults, scope: Scope, errors: list[str], path: str = "resources"
) -> tuple[Entry, ...]:
    """The valid entries of an option such as ``resources``. Everything that is wrong is added to ``errors``."""
    checked = check_entries(path, resources, ENTRY_SPEC, errors, [KIND_KEYS], [KIND_KEYS])
    return tuple(entry for where, options in checked for entry in parse_entry(options, defaults, scope, errors, where))


def parse_entry(
    options: Mapping[str, Any], defaults: Defaults, scope: Scope, errors: list[str], path: str = ""
) -> tuple[Entry, ...]:
    """The entry in options that were checked by ENTRY_SPEC: one for each kind that it selects.

    Everything that is wrong is added to ``errors``, once.
    """
    key = next(key for key in KIND_KEYS if options.get(key) is not None)
    kinds = [kind for kind in KINDS.values() if key in (kind.option, ANY_KIND)]
    entries: list[Entry] = []
    found: list[str] = []
    for kind in kinds:
        entry = _parse_one(kind, key, options, defaults, scope, found, path)
        if entry is not None:
            entries.append(entry)
    errors.extend(dict.fromkeys(found))
    return tuple(entries)


def _parse_one(
    kind: Kind,
    key: str,
    options: Mapping[str, Any],
    defaults: Defaults,
    scope: Scope,
    errors: list[str],
    path: str,
) -> Entry | None:
    reference: Reference | None = None
    try:
        reference = parse_reference(kind, options[key], scope, defaults.names.partition, defaults.with_patterns)
        if key == ANY_KIND and reference.pattern is None:
            raise ValueError(
                f"{quote(options[key])} is not a pattern. Use the key of a kind, such as workload, for a name."
            )
    except ValueError as error:
        errors.append(at(join_path(path, key), str(error)))
    is_absent = options["state"] == "absent"
    purge = options.get("purge_shares")
    if is_absent and purge:
        errors.append(
            at(
                join_path(path, "purge_shares"),
                "It cannot be combined with state=absent, which deletes the listed shares.",
            )
        )
    permission = options.get("permission_type")
    if permission and key != ANY_KIND and not kind.has_permission:
        errors.append(
            at(
                join_path(path, "permission_type"),
                f"Only workloads have a permission. Remove it from this {kind.label}.",
            )
        )
    grants = _parse_grants(kind, options, defaults, errors, path)
    own_list = options.get("shared_with") is not None
    has_list = own_list or defaults.shared_with is not None
    if not has_list:
        errors.append(at(join_path(path, "shared_with"), "No principals are listed. Set shared_with, or the task's."))
    elif grants == ():
        if not is_absent and purge is None:
            purge = defaults.purge_shares
        if not purge:
            errors.append(
                at(
                    join_path(path, "shared_with"),
                    "The list is empty. List principals, or set purge_shares to delete every share.",
                )
            )
    exclude = tuple(options.get("exclude") or ())
    tags: Mapping[str, str] = options.get("tags") or {}
    for option, value in (("exclude", exclude), ("tags", tags)):
        if value and reference and reference.pattern is None:
            errors.append(
                at(join_path(path, option), f"It narrows a pattern, and {quote(reference.text)} is not one. Remove it.")
            )
    errors.extend(
        f"{join_path(path, 'exclude')}[{position}]: The name is empty. Remove it."
        for position, name in enumerate(exclude)
        if not name.strip()
    )
    if options.get("tags") == {}:
        errors.append(at(join_path(path, "tags"), "It is empty. Leave it out, or add the tags to match."))
    if options["account_wide"]:
        where = join_path(path, "account_wide")
        if not is_absent:
            errors.append(at(where, "It deletes shares, so it needs state=absent."))
        errors.extend(
            at(where, f"{grant.principal.label} is not an account. List only accounts.")
            for grant in grants or ()
            if grant.principal.kind != ACCOUNT
        )
    part = scope.parse_part(options.get("accounts"), options.get("regions"), path, errors)
    if reference is None or errors:
        return None
    renew = options.get("renew")
    entry = Entry(
        path,
        reference,
        grants=tuple(grant for grant in grants or () if not is_absent and not grant.has_ended(defaults.now)),
        removals=tuple(grant for grant in grants or () if is_absent or grant.has_ended(defaults.now)),
        is_absent=is_absent,
        account_wide=options["account_wide"],
        purge=None if is_absent else purge,
        renew=None if renew is None else frozenset(renew),
        exclude=exclude,
        tags=tags,
        part=part,
    )
    if not any(map(entry.applies_in, scope.places)):
        errors.append(
            at(path, f"{reference.text} is in none of the accounts and Regions that the entry selects. Correct them.")
        )
        return None
    return entry


def _parse_grants(
    kind: Kind, options: Mapping[str, Any], defaults: Defaults, errors: list[str], path: str
) -> tuple[Grant, ...] | None:
    """The principals of an entry, or else of the task; None where one of them is wrong."""
    own = options.get("shared_with")
    listed, place = (own, path) if own is not None else (defaults.shared_with or (), "")
    is_absent = options["state"] == "absent"
    until = _parse_end(options, is_absent, path, errors)
    grants: dict[Principal, Grant] = {}
    before = len(errors)
    for position, item in enumerate(listed):
        where = f"{join_path(place, 'shared_with')}[{position}]"
        details: Mapping[str, Any] = {"principal": item}
        if isinstance(item, Mapping):
            checked = check_entry(where, item, PRINCIPAL_SPEC, errors)
            if checked is None:
                continue
            details = checked
        permission = details.get("permission_type")
        if permission and not kind.has_permission and own is not None and options.get(ANY_KIND) is None:
            # The task's own list serves all kinds: its permissions apply to the workloads.
            errors.append(
                f"{where}.permission_type: Only workloads have a permission. Remove it from this {kind.label}."
            )
        permission = permission or options.get("permission_type") or defaults.permission_type or PERMISSIONS[0]
        try:
            principals = defaults.names.resolve(details["principal"])
        except ValueError as error:
            errors.append(f"{join_path(where, 'principal') if isinstance(item, Mapping) else where}: {error}")
            continue
        for principal in principals:
            grant = Grant(
                principal,
                permission if kind.has_permission else None,
                _parse_end(details, is_absent, where, errors) or until,
                details.get("reason") or options.get("reason"),
                where,
            )
            known = grants.setdefault(principal, grant)
            if not is_absent and known.permission != grant.permission:
                errors.append(
                    f"{where}: {principal.label} is listed twice, with {known.permission} and with {grant.permission}. "
                    "Remove one of the two."
                )
            if known.until != grant.until:
                errors.append(
                    f"{where}: {principal.label} is listed twice, {_format_end(known)} and {_format_end(grant)}. "
                    "Remove one of the two."
                )
    return tuple(grants.values()) if len(errors) == before else None


def _parse_end(options: Mapping[str, Any], is_absent: bool, path: str, errors: list[str]) -> Until | None:
    if options.get("until") is None:
        return None
    where = join_path(path, "until")
    if is_absent:
        errors.append(at(where, "It cannot be combined with state=absent, which revokes access at once."))
    try:
        return parse_until(options["until"])
    except ValueError as error:
        errors.append(at(where, str(error)))
        return None


def _format_end(grant: Grant) -> str:
    return f"until {grant.until.text}" if grant.until else "without an end"


def merge_entries(
    matched: Iterable[tuple[Entry, Resource]], defaults: Defaults, errors: list[str]
) -> tuple[Declaration, ...]:
    """One declaration per resource, in the order in which the resources are first matched.

    Entries that match the same resource are one. Where they contradict each other, that is added to ``errors``.
    """
    by_resource: dict[tuple[str, str], list[tuple[Entry, Resource]]] = {}
    for entry, resource in matched:
        by_resource.setdefault(resource.key, []).append((entry, resource))
    return tuple(_merge(pairs, defaults, errors) for pairs in by_resource.values())


def _merge(pairs: Sequence[tuple[Entry, Resource]], defaults: Defaults, errors: list[str]) -> Declaration:
    entries = [entry for entry, _resource in pairs]
    resource = _combine([resource for _entry, resource in pairs])
    paths = " and ".join(dict.fromkeys(entry.path for entry in entries))

    def report(what: str) -> None:
        errors.append(
            f"{paths}: These entries contradict each other for {resource.label}: {what}. Correct one of them."
        )

    declared: dict[Principal, Grant] = {}
    for grant in (grant for entry in entries if not entry.is_absent for grant in (*entry.grants, *entry.removals)):
        known = declared.setdefault(grant.principal, grant)
        if known.permission != grant.permission:
            report(f"{grant.principal.label} has {known.permission} and {grant.permission}")
        if known.until != grant.until:
            report(f"{grant.principal.label} has access {_format_end(known)} and {_format_end(grant)}")
    grants: dict[Principal, Grant] = {}
    for grant in (grant for entry in entries for grant in entry.grants):
        grants.setdefault(grant.principal, grant)
    removals = dict.fromkeys(grant.principal for entry in entries for grant in entry.removals)
    removed = frozenset(one.principal.identity for entry in entries if entry.account_wide for one in entry.removals)
    for principal in grants:
        if principal in removals:
            report(f"{principal.label} is present and absent")
        elif principal.account in removed:
            report(f"{principal.label} is present, and its account is absent with account_wide")
    purges = {entry.purge for entry in entries} - {None}
    if len(purges) > 1:
        report("purge_shares is true and false")
    renews = {entry.renew for entry in entries if entry.grants} - {None}
    if len(renews) > 1:
        lists = [
            str([status for status in INACTIVE_STATUSES if status in renew]) for renew in renews if renew is not None
        ]
        report(f"renew is {' and '.join(sorted(lists))}")
    # The task's purge_shares is about present shares: an entry that only removes some leaves the others unchanged.
    purge = next(iter(purges)) if purges else defaults.purge_shares and any(not entry.is_absent for entry in entries)
    ended = {one.principal: one for entry in entries if not entry.is_absent for one in entry.removals}
    return Declaration(
        resource,
        tuple(grants.values()),
        tuple(removals),
        bool(purge),
        frozenset(next(iter(renews)) or ()) if renews else defaults.renew,
        removed,
        by_id=all(entry.reference.resource is not None for entry in entries),
        ended=tuple(ended.values()),
        terms=_merge_terms(entries),
    )


def _merge_terms(entries: Sequence[Entry]) -> dict[Principal, Grant]:
    """The end and reason of each principal's access, from whichever entry has them."""
    terms: dict[Principal, Grant] = {}
    for grant in (grant for entry in entries for grant in (*entry.grants, *entry.removals)):
        known = terms.get(grant.principal, grant)
        terms[grant.principal] = replace(known, until=known.until or grant.until, reason=known.reason or grant.reason)
    return {principal: grant for principal, grant in terms.items() if grant.until or grant.reason}


def _combine(resources: Sequence[Resource]) -> Resource:
    """One resource with everything that its references show of it."""

    def first(values: Iterable[str | None]) -> str | None:
        return next(filter(None, values), None)

    return replace(
        resources[0],
        arn=first(resource.arn for resource in resources),
        name=first(resource.name for resource in resources),
        owner=first(resource.owner for resource in resources),
    )
