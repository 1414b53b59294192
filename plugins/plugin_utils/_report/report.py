# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""The report as data: what every owner shares with whom, and what needs attention first.

Reads nothing but its arguments, not even the clock.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ...module_utils._errors import raise_if_any
from ...module_utils._kinds import KINDS
from ...module_utils._principals import (
    ACCOUNT,
    ORGANIZATION,
    OU,
    ROLE,
    USER,
    Principal,
    PrincipalNames,
    parse_listed_principal,
    parse_principal_names,
)
from .changes import located_shares, remember, share_key, timeline
from .declaration import Declared, entries_of, parse_declaration
from .owners import Owner, Sources, may_miss, read_owners
from .reasons import ACTIVE, ENDED, ENDS_SOON_DAYS, INACTIVE, MISSING, NOTES, REASONS, STATES, Context, JudgedShare
from .shape import SHARE, TIME_FORMAT, Row, row_of, rows_of

EXPIRES_AFTER = 7  # days. Source: Well-Architected user guide, sharing resources.


@dataclass(frozen=True)
class ReportOptions:
    """The options of a report beside its owners. For lists of principals, None: no principal is judged by it."""

    title: str = "AWS Well-Architected shares"
    principals: Mapping[str, Any] | None = None
    """Names for principals, as wa_shares takes them, of any partition."""
    known_accounts: Mapping[str, str] = field(default_factory=dict)
    """Names for accounts that ``principals`` does not name, by ID."""
    allowed_principals: Sequence[str] | None = None
    organization: Sequence[str] | None = None
    pending_days: float = 3.0
    not_read: Sequence[str] = ()
    """Names of owners that were not listed."""
    declared: Sequence[Mapping[str, Any]] | None = None
    """What is declared. None: not known; no share is judged by it."""


def build_report(
    owners: Sequence[Owner],
    now: datetime,
    options: ReportOptions = ReportOptions(),
    before: Row | None = None,
    since: Row | None = None,
    reports: Mapping[str, Row | str] | None = None,
) -> Row:
    """The report on ``owners`` at ``now`` (UTC), in the shape REPORT. ``before``: the report that it replaces.

    ``since``: the report to compare with in its place. ``reports``: other reports whose rows this one has too, by the
    name that their owners get in front; a string: why there is none. Raises InvalidInput with every error.
    """
    draft = _Draft(
        owners, now, options, {share_key(*found): found[1]["first_seen"] for found in located_shares(before)}
    )
    for name, other in (reports or {}).items():
        draft.add_report(name, other)
    report = draft.report(options.title)
    report["remembered"] = remember(before, report)
    remembered = {share["principal"] for row in report["remembered"] for share in row["shares"]}
    known = {one["principal"] for one in report["principals"]}
    if before:
        report["principals"] += [one for one in before["principals"] if one["principal"] in remembered - known]
    report["changes"] = timeline(report, before, since)
    if before and {**before, "changed_at": report["changed_at"]} == report:
        report["changed_at"] = before["changed_at"]
    return report


class _Draft:
    """The rows of a report while they are collected."""

    def __init__(
        self, owners: Sequence[Owner], now: datetime, options: ReportOptions, first_seen: Mapping[str, str]
    ) -> None:
        errors: list[str] = []
        self.names = parse_principal_names(options.principals, None, errors)
        self.now, self.first_seen = now, first_seen
        self.context = Context(
            now=_format(now),
            pending_too_long=_format(now - timedelta(days=options.pending_days)),
            ends_soon=_format(now + timedelta(days=ENDS_SOON_DAYS)),
            allowed=_parse_list("allowed_principals", options.allowed_principals, self.names, errors),
            organization=_parse_list("organization", options.organization, self.names, errors),
            has_declaration=options.declared is not None,
        )
        raise_if_any(errors)
        self.declaration = parse_declaration(options.declared or ())
        named = {principal.identity: name for principal, name in self.names.names.items() if principal.kind == ACCOUNT}
        self.accounts = {**options.known_accounts, **named}
        self.sources: Sources = read_owners(owners, self.accounts, options.not_read)
        for owner in self.sources.owners:
            if owner["account_id"]:
                self.accounts.setdefault(owner["account_id"], owner["name"])
        self.principals: dict[str, Row] = {}
        self.missing: list[Row] = []
        self.has_declaration = self.context.has_declaration
        shared: dict[str, set[int]] = {ACTIVE: set(), INACTIVE: set()}
        listed = {position for row in self.sources.resources for position in self._judge_shares(row, shared)}
        self.declared = self._compare(shared, listed)

    def _judge_shares(self, resource: Row, shared: Mapping[str, set[int]]) -> list[int]:
        """Replaces the shares of the resource by those of a report, and returns what is declared of it."""
        positions = self.declaration.of_resource(resource)
        by_principal: dict[Principal, list[int]] = defaultdict(list)
        for position in positions:
            by_principal[self.declaration.rows[position].principal].append(position)
        shares = []
        for given in resource["shares"]:
            principal = parse_listed_principal(str(given["shared_with"]))
            declared = by_principal.get(principal, [])
            share = self._judge(given, resource, principal, declared)
            shares.append(share)
            if declared:
                shared[ACTIVE if share["state"] == ACTIVE else INACTIVE].update(declared)
        resource["shares"] = shares
        return positions

    def _judge(self, given: Mapping[str, Any], resource: Row, principal: Principal, declared: Sequence[int]) -> Row:
        """The share as a report has it, by the first of what declares it."""
        rows = [self.declaration.rows[position] for position in declared]
        first = rows[0] if rows else None
        text = {key: str(given.get(key) or "") for key in ("share_id", "status", "status_message", "permission_type")}
        shared_with = self._describe(principal)
        self.principals.setdefault(shared_with["principal"], shared_with)
        share: Row = {**text, "shared_with": principal.text, "principal": shared_with["principal"]}
        first_seen = self.first_seen.get(share_key(resource, share), self.context.now)
        judged = JudgedShare(principal, text["status"], text["permission_type"], first_seen, first)
        return {
            **share,
            "state": judged.state,
            "first_seen": first_seen,
            "pending_age": _pending_age(text["status"], first_seen, self.now),
            "until": first.until if first else "",
            "reason": first.reason if first else "",
            "declared": list(dict.fromkeys(row.where for row in rows)),
            "attention": self.context.reasons(judged),
        }

    def _describe(self, principal: Principal) -> Row:
        """The principal as a report has it. Its key can be read by people."""
        key, account = principal.identity, principal.account or ""
        if principal.kind in (USER, ROLE):
            key = f"{account}:{principal.kind}/{key.partition('/')[2]}"
        return {"principal": key, "kind": principal.kind, "account": account, "name": self._name_of(principal)}

    def _name_of(self, principal: Principal) -> str:
        return self.names.names.get(principal) or self.accounts.get(principal.account or "", "")

    def _compare(self, shared: dict[str, set[int]], listed: set[int]) -> list[Row]:
        """The entries of the declaration. What is declared and does not exist is added to ``missing``.

        ``shared``: positions in the declaration with an active, or an inactive, share. ``listed``: those whose resource
        is listed.
        """
        shared[INACTIVE] -= shared[ACTIVE]
        exist, sources = shared[ACTIVE] | shared[INACTIVE], asdict(self.sources)
        rows = self.declaration.rows
        missing = [
            position
            for position, row in enumerate(rows)
            if position not in exist
            and self.context.end(row.ends_at) != ENDED
            and (position in listed or not may_miss(sources, row.account_id, row.region))
        ]
        self.missing += [self._missing(rows[position]) for position in missing]
        return entries_of(rows, {**shared, "not_shared": set(missing)}, self.context.end, self._name_of)

    def _missing(self, row: Declared) -> Row:
        """A declared share that does not exist, beside the others that need attention."""
        names = [owner["name"] for owner in self.sources.owners if owner["account_id"] == row.account_id]
        resource = {
            "owner": names[0] if names else row.account_id,
            "account_id": row.account_id,
            "region": row.region,
            "resource": {key: getattr(row, key) for key in ("kind", "id", "arn", "name")},
        }
        principal = self._describe(row.principal)
        declared = {key: getattr(row, key) for key in ("permission_type", "until", "reason")}
        lists = {"declared": [row.where], "attention": [MISSING]}
        share = {**dict.fromkeys(SHARE, ""), **declared, **lists, "shared_with": row.principal.text}
        return row_of(resource, {**share, "principal": principal["principal"]}, principal)

    def add_report(self, name: str, other: Row | str) -> None:
        """Adds the rows of another report, with its name before those of its owners."""
        if isinstance(other, str):
            self.sources.not_read.append({"name": name, "account_id": "", "regions": [], "why": other})
            return

        def named(row: Row, key: str) -> Row:
            return {**row, key: f"{name}: {row[key]}"}

        def declared(row: Row) -> Row:
            return {**row, "declared": [f"{name}: {where}" for where in row["declared"]]}

        self.sources.owners += [named(row, "name") for row in other["owners"]]
        self.sources.not_read += [named(row, "name") for row in other["not_read"]]
        self.sources.skipped += [named(row, "name") for row in other["skipped"]]
        self.sources.resources += [
            {**named(row, "owner"), "shares": [declared(share) for share in row["shares"]]}
            for row in other["resources"]
        ]
        for group in other["attention"]:
            if group["reason"] == MISSING:
                self.missing += [declared(named(row, "owner")) for row in group["shares"]]
        for principal in other["principals"]:
            self.principals.setdefault(principal["principal"], principal)
        self.declared += [named(row, "where") for row in other["declared"]]
        self.has_declaration = self.has_declaration or other["has_declaration"]

    def report(self, title: str) -> Row:
        resources = sorted(self.sources.resources, key=_resource_order)
        principals = sorted(self.principals.values(), key=_principal_order)
        rows = rows_of({"resources": resources, "principals": principals})
        statuses = Counter(row["status"] for row in rows)
        states = Counter(row["state"] for row in rows)
        urgent = [*self.missing, *(row for row in rows if row["attention"])]
        groups = {name: [row for row in urgent if name in row["attention"]] for name in REASONS}
        return {
            "title": title,
            "changed_at": self.context.now,
            "owners": self.sources.owners,
            "not_read": self.sources.not_read,
            "skipped": self.sources.skipped,
            "counts": {
                "resources": len(resources),
                "unshared": sum(not resource["shares"] for resource in resources),
                "principals": len(self.principals),
                "shares": len(rows),
                "active": states[ACTIVE],
                "inactive": states[INACTIVE],
                "missing": len(self.missing),
                "attention": sum(not NOTES.issuperset(row["attention"]) for row in rows) + len(self.missing),
                "statuses": {
                    status: statuses[status]
                    for status in (*STATES, *sorted(set(statuses) - set(STATES)))
                    if statuses[status]
                },
            },
            "attention": [
                {"reason": name, **asdict(REASONS[name]), "shares": found} for name, found in groups.items() if found
            ],
            "changes": [],
            "principals": principals,
            "resources": resources,
            "has_declaration": self.has_declaration,
            "declared": self.declared,
            "remembered": [],
        }


def _format(moment: datetime) -> str:
    return moment.strftime(TIME_FORMAT)


def _parse_list(
    option: str, listed: Sequence[str] | None, names: PrincipalNames, errors: list[str]
) -> frozenset[Principal] | None:
    found: set[Principal] = set()
    for position, item in enumerate(listed or ()):
        try:
            found.update(names.resolve(item))
        except ValueError as error:
            errors.append(f"{option}[{position}]: {error}")
    return None if listed is None else frozenset(found)


def _pending_age(status: str, first_seen: str, now: datetime) -> str:
    """``pending for 5 of 7 days``: whole days since a report first saw the invitation. Empty before one has passed."""
    try:
        days = (now.replace(tzinfo=None) - datetime.strptime(first_seen, TIME_FORMAT)).days
    except ValueError:
        return ""
    if status != "PENDING" or days < 1:
        return ""
    return f"pending for {days} of {EXPIRES_AFTER} days" if days <= EXPIRES_AFTER else f"pending for {days} days"


def _resource_order(row: Row) -> tuple[Any, ...]:
    kinds, named = list(KINDS), row["resource"]
    kind = kinds.index(named["kind"]) if named["kind"] in kinds else len(kinds)
    return kind, named["name"].casefold(), row["owner"], row["region"], named["arn"]


def _principal_order(row: Row) -> tuple[Any, ...]:
    """Organizations, OUs, then accounts with their users and roles, each by name."""
    order = {ORGANIZATION: 0, OU: 1, ACCOUNT: 2, USER: 2, ROLE: 2}
    return order.get(row["kind"], len(order)), not row["name"], row["name"].casefold(), row["principal"]
