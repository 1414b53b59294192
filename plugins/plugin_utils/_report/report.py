# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""The report as data: what every owner shares with whom, and what needs attention first.

Reads nothing but its arguments, not even the clock.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
from .declaration import ENDED, Declaration, end_of, entries_of, parse_declaration
from .owners import Owner, Sources, may_miss, read_owners
from .reasons import ACTIVE, ENDS_SOON_DAYS, INACTIVE, MISSING, NOTES, REASONS, STATES, Context, JudgedShare
from .shape import ROW, TIME_FORMAT, Row, row_of, rows_of

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
        self.accounts = {**options.known_accounts, **_account_names(self.names)}
        self.sources: Sources = read_owners(owners, self.accounts, options.not_read)
        labels: dict[str, set[str]] = defaultdict(set)
        for owner in self.sources.owners:
            labels[owner["account_id"]].add(owner["name"])
        # An owner's name is its account's, unless the account has two.
        self.accounts = {
            **{account: min(found) for account, found in labels.items() if len(found) == 1},
            **self.accounts,
        }
        self.principals: dict[str, Row] = {}
        shared: dict[str, set[int]] = {ACTIVE: set(), INACTIVE: set()}
        seen: set[int] = set()
        for resource in self.sources.resources:
            seen.update(self._judge_shares(resource, shared))
        self.missing: list[Row] = []
        self.declared = self._declared(self.declaration, shared, seen)
        self.has_declaration = self.context.has_declaration

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
        share: Row = {**text, "shared_with": principal.text, "principal": self._add_principal(principal)}
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
            "attention": [reason.name for reason in REASONS if reason.applies(judged, self.context)],
        }

    def _add_principal(self, principal: Principal) -> str:
        """Its key, which people can read."""
        key = principal.identity
        if principal.kind in (USER, ROLE):
            account, _slash, name = key.partition("/")
            key = f"{account}:{principal.kind}/{name}"
        if key not in self.principals:
            account, name = principal.account or "", self._name_of(principal)
            self.principals[key] = {"principal": key, "kind": principal.kind, "account": account, "name": name}
        return key

    def _name_of(self, principal: Principal) -> str:
        return self.names.names.get(principal) or self.accounts.get(principal.account or "", "")

    def _declared(self, declaration: Declaration, shared: dict[str, set[int]], seen: set[int]) -> list[Row]:
        """The entries of the declaration; what of it does not exist is added to ``missing``."""

        def end(ends_at: str) -> str:
            return end_of(ends_at, self.context.now, self.context.ends_soon)

        shared[INACTIVE] -= shared[ACTIVE]
        sources = asdict(self.sources)
        missing = {
            position
            for position, row in enumerate(declaration.rows)
            if position not in shared[ACTIVE] | shared[INACTIVE]
            and end(row.ends_at) != ENDED
            and (position in seen or not may_miss(sources, row.account_id, row.region))
        }
        for position in sorted(missing):
            row = declaration.rows[position]
            label = next((one["name"] for one in self.sources.owners if one["account_id"] == row.account_id), "")
            named = {"kind": row.kind, "id": row.id, "arn": row.arn, "name": row.name}
            place = {"owner": label or row.account_id, "account_id": row.account_id, "region": row.region}
            account, name = row.principal.account or "", self._name_of(row.principal)
            share = {
                **dict.fromkeys(ROW, ""),
                "shared_with": row.principal.text,
                "principal": row.principal.identity,
                "permission_type": row.permission_type,
                "until": row.until,
                "reason": row.reason,
                "declared": [row.where],
                "attention": [MISSING],
            }
            principal = {"kind": row.principal.kind, "account": account, "name": name}
            self.missing.append(row_of({**place, "resource": named}, share, principal))
        return entries_of(declaration.rows, {**shared, "not_shared": missing}, end, self._name_of)

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
        groups = [
            (reason, [row for row in (*self.missing, *rows) if reason.name in row["attention"]]) for reason in REASONS
        ]
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
                "statuses": {status: statuses[status] for status in in_order(statuses)},
            },
            "attention": [
                {"reason": one.name, "level": one.level, "label": one.label, "advice": one.advice, "shares": found}
                for one, found in groups
                if found
            ],
            "changes": [],
            "principals": principals,
            "resources": resources,
            "has_declaration": self.has_declaration,
            "declared": self.declared,
            "remembered": [],
        }


def in_order(statuses: Iterable[str]) -> list[str]:
    """The statuses in the order of the documentation, unknown ones last."""
    known = list(STATES)
    return sorted(statuses, key=lambda status: (known.index(status) if status in known else len(known), status))


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


def _account_names(names: PrincipalNames) -> dict[str, str]:
    return {principal.identity: name for principal, name in names.names.items() if principal.kind == ACCOUNT}


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
