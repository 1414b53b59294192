# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""What is declared of the shares of a report: until when, why and where, and what of it is not shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timezone
from typing import Any

from ...module_utils._model.invalid_input import InvalidInput
from ...module_utils._model.principals import Principal, parse_principal
from ...module_utils._model.terms import parse_until
from .owners import Owned, account_and_region
from .reasons import LIVE, Circumstances, Row
from .sightings import TIME_FORMAT

ENDED = "ended"
SOON = "soon"
# What a resource may be named by, the surest first.
_NAMED_BY = ("arn", "id", "name")


@dataclass(frozen=True)
class Declared:
    """One principal on one resource, as it was declared. Texts are "" where nothing is said."""

    kind: str
    arn: str
    id: str
    name: str
    account_id: str
    region: str
    principal: Principal
    permission_type: str
    until: str
    """As it was written."""
    ends_at: str
    """The first moment without access, as the report writes times."""
    reason: str
    where: str
    """The place in what the user wrote."""

    @property
    def key(self) -> tuple[str, str]:
        """What its resource is looked for by."""
        return (self.kind, next(text for name in _NAMED_BY if (text := getattr(self, name))))

    def is_in(self, account_id: str, region: str) -> bool:
        """Whether it may mean a resource there; what nobody knows may be anything."""
        return all(
            not own or not other or own == other
            for own, other in ((self.account_id, account_id), (self.region, region))
        )


class Declaration:
    """All that is declared, to be found by resource and principal."""

    def __init__(self, rows: Sequence[Declared]) -> None:
        self.rows = rows
        self._positions: dict[tuple[str, str], list[int]] = {}
        self._of_principal: dict[tuple[str, str, Principal], list[int]] = {}
        for position, row in enumerate(rows):
            self._positions.setdefault(row.key, []).append(position)
            self._of_principal.setdefault((*row.key, row.principal), []).append(position)

    def of_share(self, resource: Row, principal: Principal) -> list[int]:
        """Which rows declare this principal on this resource: positions in ``rows``, in their order."""
        found = [
            position
            for kind, text in _keys(resource)
            for position in self._of_principal.get((kind, text, principal), ())
        ]
        return self._there(found, resource)

    def of_resource(self, resource: Row) -> list[int]:
        """Which rows are about this resource."""
        return self._there([one for key in _keys(resource) for one in self._positions.get(key, ())], resource)

    def _there(self, positions: Sequence[int], resource: Row) -> list[int]:
        place = (resource["account_id"], resource["region"])
        return sorted({position for position in positions if self.rows[position].is_in(*place)})


def _keys(resource: Row) -> set[tuple[str, str]]:
    named = resource["resource"]
    return {(named["kind"], named[name]) for name in _NAMED_BY if named[name]}


def read_declared(given: Sequence[Mapping[str, Any]]) -> Declaration:
    """What is declared. Rows have kind, arn or id or name, account_id, region, shared_with, permission_type, until,
    reason and where; None: nothing is said. Raises InvalidInput that names every bad one.
    """
    faults: list[str] = []
    rows = [row for position, one in enumerate(given) if (row := _read(one, f"declared[{position}]", faults))]
    if faults:
        raise InvalidInput(faults)
    return Declaration(rows)


def _read(given: Mapping[str, Any], place: str, faults: list[str]) -> Declared | None:
    texts = {key: _text(given.get(key)) for key in (*_NAMED_BY, "kind", "account_id", "region")}
    account_id, region = account_and_region(texts)
    before = len(faults)
    if not any(texts[name] for name in _NAMED_BY):
        faults.append(f"{place}: it names no resource: give its arn, id or name")
    principal = None
    try:
        principal = parse_principal(given.get("shared_with"))
    except ValueError as error:
        faults.append(f"{place}.shared_with: {error}")
    ends_at = ""
    until = _text(given.get("until"))
    try:
        ends_at = parse_until(until).at.astimezone(timezone.utc).strftime(TIME_FORMAT) if until else ""
    except ValueError as error:
        faults.append(f"{place}.until: {error}")
    if principal is None or len(faults) > before:
        return None
    return Declared(
        kind=texts["kind"],
        arn=texts["arn"],
        id=texts["id"],
        name=texts["name"],
        account_id=account_id,
        region=region,
        principal=principal,
        permission_type=_text(given.get("permission_type")),
        until=until,
        ends_at=ends_at,
        reason=_text(given.get("reason")),
        where=_text(given.get("where")) or place,
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def declared_of(declaration: Declaration, resource: Row, principal: Principal) -> Row:
    """What a share's row says of its declaration. Of several that declare it, the first counts."""
    rows = [declaration.rows[position] for position in declaration.of_share(resource, principal)]
    first = rows[0] if rows else None
    return {
        "until": first.until if first else "",
        "ends_at": first.ends_at if first else "",
        "reason": first.reason if first else "",
        "declared_permission_type": first.permission_type if first else "",
        "declared": list(dict.fromkeys(row.where for row in rows)),
    }


NOT_DECLARED: Row = {"until": "", "ends_at": "", "reason": "", "declared_permission_type": "", "declared": []}


@dataclass(frozen=True)
class Outcome:
    """What became of a declaration."""

    entries: list[Row]
    """For each place in what the user wrote: where, shared_with, permission_type, until, ends_at, end (soon, ended or
    ""), reason, resources (with kind, name, account_id and region), and counts of live, dead and not_shared."""
    missing: list[Declared]
    """What is declared and has not ended, but is not shared, dead or alive. What could not be read is not judged."""


def outcome_of(
    declaration: Declaration,
    owned: Owned,
    principals: Mapping[str, Principal],
    circumstances: Circumstances,
    name_of: Callable[[Principal], str],
) -> Outcome:
    """What became of the declaration. ``owned``: with shares as the report has them. ``name_of``: a name, or ""."""
    live: set[int] = set()
    dead: set[int] = set()
    seen: set[int] = set()
    for resource in owned.resources:
        seen.update(declaration.of_resource(resource))
        for share in resource["shares"]:
            found = declaration.of_share(resource, principals[share["principal"]])
            (live if share["state"] == LIVE else dead).update(found)
    dead -= live
    shared = live | dead
    missing = {
        position
        for position, row in enumerate(declaration.rows)
        if position not in shared
        and _end(row.ends_at, circumstances) != ENDED
        and (position in seen or not owned.may_miss(row.account_id, row.region))
    }
    return Outcome(
        entries=_entries(declaration.rows, live, dead, missing, circumstances, name_of),
        missing=[declaration.rows[position] for position in sorted(missing)],
    )


def _entries(
    rows: Sequence[Declared],
    live: set[int],
    dead: set[int],
    missing: set[int],
    circumstances: Circumstances,
    name_of: Callable[[Principal], str],
) -> list[Row]:
    found: dict[str, Row] = {}
    for position, row in enumerate(rows):
        entry = found.setdefault(
            row.where,
            {
                "where": row.where,
                "shared_with": {},
                "permission_type": row.permission_type,
                "until": row.until,
                "ends_at": row.ends_at,
                "end": _end(row.ends_at, circumstances),
                "reason": row.reason,
                "resources": {},
                "live": 0,
                "dead": 0,
                "not_shared": 0,
            },
        )
        entry["shared_with"][row.principal] = None
        resource = (row.kind, row.name or row.id or row.arn, row.account_id, row.region)
        entry["resources"][resource] = None
        entry["live"] += position in live
        entry["dead"] += position in dead
        entry["not_shared"] += position in missing
    return [
        {
            **entry,
            "shared_with": [{"principal": one.text, "name": name_of(one)} for one in entry["shared_with"]],
            "resources": [dict(zip(("kind", "name", "account_id", "region"), one)) for one in entry["resources"]],
        }
        for entry in found.values()
    ]


def _end(ends_at: str, circumstances: Circumstances) -> str:
    if not ends_at or ends_at > circumstances.ends_soon:
        return ""
    return ENDED if ends_at <= circumstances.now else SOON
