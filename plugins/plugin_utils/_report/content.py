# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""The report as plain data, ready for JSON: what every owner shares with whom, and what needs attention first.

Reads nothing but its arguments, not even the clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ...module_utils._model.invalid_input import InvalidInput
from ...module_utils._model.principal_names import PrincipalNames, parse_principal_names
from ...module_utils._model.principals import (
    ACCOUNT,
    ORGANIZATION,
    OU,
    ROLE,
    USER,
    Principal,
    parse_listed_principal,
    parse_principals,
)
from .changes import Since, timeline
from .declared import NOT_DECLARED, Declaration, Declared, declared_of, outcome_of, read_declared
from .owners import Owned, Owner, owned_by
from .reasons import (
    DEAD,
    ENDS_SOON_DAYS,
    LIVE,
    MISSING,
    NOTE,
    REASONS,
    STATES,
    UNKNOWN,
    Circumstances,
    Row,
)
from .sightings import TIME_FORMAT, first_sightings, pending_age, remembered, sighting

# What the rows of what needs attention have of a share.
_OF_SHARE = (
    "permission_type",
    "status",
    "status_message",
    "first_seen",
    "pending_age",
    "share_id",
    "until",
    "reason",
    "declared",
)


@dataclass(frozen=True)
class Wishes:
    """What a report is to be, beside its owners. ``None`` for a list of principals: nobody is judged by it."""

    title: str = "AWS Well-Architected shares"
    principals: Mapping[str, Any] | None = None
    """Names for principals, and for lists of them, as wa_shares takes them. Owners may be of several partitions."""
    allowed_principals: Sequence[str] | None = None
    organization: Sequence[str] | None = None
    pending_days: float = 3.0
    not_read: Sequence[str] = ()
    """The owners that could not be asked."""
    declared: Sequence[Mapping[str, Any]] | None = None
    """What should be shared, as ``read_declared`` takes it. ``None``: nobody knows; no share is judged by it."""


def report_on(
    owners: Iterable[Owner],
    now: datetime,
    wishes: Wishes = Wishes(),
    before: Row | None = None,
    since: Since | None = None,
) -> Row:
    """The report on ``owners`` at ``now`` (UTC). ``before``: the report that it replaces, if there is one.

    ``since``: the report to compare with, if it is not that one. Returns title, changed_at (when a report first said
    what this one says), owners, regions, not_read, skipped, counts, attention, changes, principals, resources, declared
    (None: nobody knows) and remembered. Raises InvalidInput where an owner's resources are none, or a list names
    something that is no principal.
    """
    names = parse_principal_names(wishes.principals)
    if names.faults:
        raise InvalidInput(names.faults)
    declaration = None if wishes.declared is None else read_declared(wishes.declared)
    of_accounts = {one.identity: name for one, name in names.names.items() if one.kind == ACCOUNT}
    owned = owned_by(list(owners), of_accounts, wishes.not_read)
    seen = first_sightings(before)
    circumstances = Circumstances(
        pending_before=_text(now - timedelta(days=wishes.pending_days)),
        allowed=_principals("allowed_principals", wishes.allowed_principals, names),
        organization=_principals("organization", wishes.organization, names),
        now=_text(now),
        ends_soon=_text(now + timedelta(days=ENDS_SOON_DAYS)),
        declared=declaration is not None,
    )
    principals: dict[str, Principal] = {}
    for resource in owned.resources:
        resource["shares"] = [
            _share(share, resource, seen, now, principals, circumstances, declaration) for share in resource["shares"]
        ]
    name_of = _naming(names, _owners_by_account(owned.owners))
    outcome = outcome_of(declaration, owned, principals, circumstances, name_of) if declaration is not None else None
    missing = [_missing(row, _label_of(row, owned), name_of) for row in outcome.missing] if outcome else []
    report: Row = {
        "title": wishes.title,
        "changed_at": _text(now),
        "owners": owned.owners,
        "regions": owned.regions,
        "not_read": owned.not_read,
        "skipped": owned.skipped,
        "counts": _counts(owned.resources, principals, len(missing)),
        "attention": _attention(owned.resources, missing, {key: name_of(one) for key, one in principals.items()}),
        "changes": [],
        "principals": _in_their_order(principals, name_of),
        "resources": owned.resources,
        "declared": outcome.entries if outcome else None,
        "remembered": remembered(seen, owned.resources) if owned.not_read else {},
    }
    report["changes"] = timeline(report, before, since, report["changed_at"])
    if before and {**before, "changed_at": report["changed_at"]} == report:
        report["changed_at"] = before["changed_at"]
    return report


def _text(moment: datetime) -> str:
    return moment.strftime(TIME_FORMAT)


def _share(
    share: Mapping[str, Any],
    resource: Row,
    seen: Mapping[str, str],
    now: datetime,
    principals: dict[str, Principal],
    circumstances: Circumstances,
    declaration: Declaration | None,
) -> Row:
    principal = parse_listed_principal(str(share["shared_with"]))
    key = _key(principal)
    principals.setdefault(key, principal)
    status = str(share["status"])
    row: dict[str, Any] = {
        "shared_with": principal.text,
        "principal": key,
        "share_id": str(share.get("share_id") or ""),
        "status": status,
        "state": STATES.get(status, UNKNOWN),
        "status_message": str(share.get("status_message") or ""),
        "permission_type": str(share.get("permission_type") or ""),
        **(declared_of(declaration, resource, principal) if declaration is not None else NOT_DECLARED),
    }
    row["first_seen"] = seen.get(sighting(row, resource), _text(now))
    row["pending_age"] = pending_age(status, row["first_seen"], now)
    row["attention"] = [reason.name for reason in REASONS if reason.applies(row, principal, circumstances)]
    return row


def _key(principal: Principal) -> str:
    """What the principal is told apart by, as people would write it."""
    if principal.kind in (USER, ROLE):
        account, _slash, name = principal.identity.partition("/")
        return f"{account}:{principal.kind}/{name}"
    return principal.identity


def _naming(names: PrincipalNames, owners: Mapping[str, str]) -> Callable[[Principal], str]:
    """What gives a principal its name, or "".

    A user or role without a name of its own goes by its account's, and an account without one by its owner's label.
    """

    def name_of(principal: Principal) -> str:
        account = principal.account
        of_account = names.names.get(Principal(ACCOUNT, account, account), owners.get(account)) if account else None
        return names.names.get(principal) or of_account or ""

    return name_of


def _in_their_order(principals: Mapping[str, Principal], name_of: Callable[[Principal], str]) -> list[Row]:
    """The principals with their names: accounts with their users and roles first, by name."""
    rows = [
        {
            "principal": key,
            "kind": principal.kind,
            "account": principal.account or "",
            "name": name_of(principal),
        }
        for key, principal in principals.items()
    ]
    order = {kind: position for position, kind in enumerate((ORGANIZATION, OU, ACCOUNT, USER, ROLE))}
    kinds = {USER: ACCOUNT, ROLE: ACCOUNT}
    return sorted(
        rows,
        key=lambda row: (
            order.get(kinds.get(row["kind"], row["kind"]), len(order)),
            not row["name"],
            row["name"].casefold(),
            row["principal"],
        ),
    )


def _owners_by_account(owners: Sequence[Row]) -> dict[str, str]:
    """The owner's label by account ID, where it has one only."""
    labels: dict[str, set[str]] = {}
    for owner in owners:
        labels.setdefault(owner["account_id"], set()).add(owner["name"])
    return {account: min(found) for account, found in labels.items() if account and len(found) == 1}


def _counts(resources: Sequence[Row], principals: Mapping[str, Principal], missing: int) -> Row:
    shares = [share for resource in resources for share in resource["shares"]]
    states = Counter(share["state"] for share in shares)
    statuses = Counter(share["status"] for share in shares)
    noted = {reason.name for reason in REASONS if reason.level == NOTE}
    return {
        "resources": len(resources),
        "unshared": sum(not resource["shares"] for resource in resources),
        "principals": len(principals),
        "shares": len(shares),
        "live": states[LIVE],
        "dead": states[DEAD],
        "missing": missing,
        "attention": sum(not noted.issuperset(share["attention"]) for share in shares) + missing,
        "statuses": {status: statuses[status] for status in _in_order(statuses)},
    }


def _in_order(statuses: Iterable[str]) -> list[str]:
    known = list(STATES)
    return sorted(statuses, key=lambda status: (known.index(status) if status in known else len(known), status))


def _attention(resources: Sequence[Row], missing: list[Row], names: Mapping[str, str]) -> list[Row]:
    """The reasons that apply to any share, each with its shares; and what is missing."""
    found: dict[str, list[Row]] = {reason.name: [] for reason in REASONS}
    found[MISSING] = missing
    for resource in resources:
        for share in resource["shares"]:
            for name in share["attention"]:
                found[name].append(
                    {
                        "owner": resource["owner"],
                        "account_id": resource["account_id"],
                        "region": resource["region"],
                        "kind": resource["resource"]["kind"],
                        "resource": resource["resource"]["name"] or resource["resource"]["id"],
                        "principal": share["principal"],
                        "principal_name": names[share["principal"]],
                        **{key: share[key] for key in _OF_SHARE},
                    }
                )
    return [
        {
            "reason": reason.name,
            "level": reason.level,
            "label": reason.label,
            "advice": reason.advice,
            "shares": found[reason.name],
        }
        for reason in REASONS
        if found[reason.name]
    ]


def _missing(row: Declared, owner: str, name_of: Callable[[Principal], str]) -> Row:
    """What is declared, but not shared, beside the shares that need attention."""
    return {
        "owner": owner,
        "account_id": row.account_id,
        "region": row.region,
        "kind": row.kind,
        "resource": row.name or row.id or row.arn,
        "principal": _key(row.principal),
        "principal_name": name_of(row.principal),
        **dict.fromkeys(_OF_SHARE, ""),
        "permission_type": row.permission_type,
        "until": row.until,
        "reason": row.reason,
        "declared": [row.where],
    }


def _label_of(row: Declared, owned: Owned) -> str:
    """What the owner of a declared resource goes by."""
    labels = [owner["name"] for owner in owned.owners if row.account_id and owner["account_id"] == row.account_id]
    return labels[0] if labels else row.account_id


def _principals(option: str, listed: Sequence[str] | None, names: PrincipalNames) -> frozenset[Principal] | None:
    return None if listed is None else frozenset(parse_principals(option, listed, names.read))
