# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""What is declared of the shares in a report: until when and why, and which declared shares do not exist."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timezone
from typing import Any

from ...module_utils._declaration import parse_until
from ...module_utils._errors import at, raise_if_any
from ...module_utils._principals import Principal, parse_principal
from .shape import TIME_FORMAT, Row

# What identifies a resource, the most certain first.
_IDENTIFIERS = ("arn", "id", "name")


@dataclass(frozen=True)
class Declared:
    """One declared principal on one resource. Strings are empty where the declaration has none."""

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
    """The first moment without access, in the report's format."""
    reason: str
    where: str
    """The path in the user's declaration."""

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.arn or self.id or self.name

    @property
    def label(self) -> str:
        return self.name or self.id or self.arn

    def can_be_in(self, account_id: str, region: str) -> bool:
        """Whether it can refer to a resource there. An empty string can be any account or Region."""
        pairs = ((self.account_id, account_id), (self.region, region))
        return all(not own or not other or own == other for own, other in pairs)


class Declaration:
    """All that is declared, to be looked up by resource."""

    def __init__(self, rows: Sequence[Declared]) -> None:
        self.rows = rows
        self._by_resource: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position, row in enumerate(rows):
            self._by_resource[row.key].append(position)

    def of_resource(self, resource: Row) -> list[int]:
        """What is declared of this resource: positions in ``rows``, in their order."""
        named, place = resource["resource"], (resource["account_id"], resource["region"])
        keys = {(named["kind"], named[name]) for name in _IDENTIFIERS if named[name]}
        positions = sorted({position for key in keys for position in self._by_resource.get(key, ())})
        return [position for position in positions if self.rows[position].can_be_in(*place)]


def parse_declaration(given: Iterable[Mapping[str, Any]]) -> Declaration:
    """The declaration in the option ``declared``. Raises InvalidInput with every error."""
    errors: list[str] = []
    rows = [row for number, item in enumerate(given) if (row := _parse(item, f"declared[{number}]", errors))]
    raise_if_any(errors)
    return Declaration(rows)


def _parse(given: Mapping[str, Any], path: str, errors: list[str]) -> Declared | None:
    text = {key: "" if value is None else str(value) for key, value in given.items()}
    known = len(errors)
    if not any(text.get(name) for name in _IDENTIFIERS):
        errors.append(at(path, "The resource is missing. Set arn, id or name."))
    ends_at, until, principal = "", text.get("until", ""), None
    try:
        principal = parse_principal(given["shared_with"])
    except ValueError as error:
        errors.append(at(f"{path}.shared_with", str(error)))
    try:
        ends_at = parse_until(until).at.astimezone(timezone.utc).strftime(TIME_FORMAT) if until else ""
    except ValueError as error:
        errors.append(at(f"{path}.until", str(error)))
    if principal is None or len(errors) > known:
        return None
    names = ("kind", *_IDENTIFIERS, "account_id", "region", "permission_type", "until", "reason")
    return Declared(
        **{name: text.get(name, "") for name in names},
        principal=principal,
        ends_at=ends_at,
        where=text.get("where") or path,
    )


def entries_of(
    rows: Sequence[Declared],
    shares: Mapping[str, set[int]],
    end: Callable[[str], str],
    name_of: Callable[[Principal], str],
) -> list[Row]:
    """A row for each path in the declaration. ``shares``: positions in ``rows`` by active, inactive and not_shared."""
    by_path: dict[str, list[Declared]] = defaultdict(list)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for position, row in enumerate(rows):
        by_path[row.where].append(row)
        counts[row.where].update(state for state, positions in shares.items() if position in positions)
    return [
        {
            "where": where,
            "permission_type": members[0].permission_type,
            "until": members[0].until,
            "end": end(members[0].ends_at),
            "reason": members[0].reason,
            "shared_with": [
                {"principal": principal.text, "name": name_of(principal)}
                for principal in dict.fromkeys(row.principal for row in members)
            ],
            "resources": [
                dict(zip(("kind", "name", "account_id", "region"), resource))
                for resource in dict.fromkeys((row.kind, row.label, row.account_id, row.region) for row in members)
            ],
            **{state: counts[where][state] for state in shares},
        }
        for where, members in by_path.items()
    ]
