# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Names for principals, and for lists of them: what the option ``principals`` declares. AWS never sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from .principals import Principal, parse_principal
from .suggestions import nearest, suggestion


@dataclass(frozen=True)
class PrincipalNames:
    """How the principals of a task are read and shown: with names, and with ARNs of one partition only."""

    partition: str | None = None
    """The one of the task's region; None: not known, so that every one may be."""
    meanings: Mapping[str, tuple[Principal, ...]] = field(default_factory=dict)
    """Whom each name means. Nobody, where the name's own entry is faulty: that is told once."""
    names: Mapping[Principal, str] = field(default_factory=dict)
    """The name to show beside a principal: the first that means it alone."""
    faults: tuple[str, ...] = ()
    """What is wrong with the entries, each with its place."""

    def read(self, text: Any) -> tuple[Principal, ...]:
        """Whom ``text`` means: a principal in any of its forms, or a name.

        Raises ValueError with the reason, ready to show.
        """
        if isinstance(text, str) and text in self.meanings:
            return self.meanings[text]
        try:
            return (self.named(parse_principal(text, self.partition)),)
        except ValueError as error:
            raise ValueError(f"{error}{suggestion(nearest(str(text), self.meanings))}") from None

    def named(self, principal: Principal) -> Principal:
        """The same with its name, if it has one."""
        name = self.names.get(principal)
        return replace(principal, name=name) if name else principal


@dataclass(frozen=True)
class _Entry:
    """What one name stands for, as it was written."""

    items: tuple[Any, ...]
    listed: bool
    """Whether it is a list: a list of one is no name for the one."""

    def place(self, name: str, position: int) -> str:
        return f"principals.{name}[{position}]" if self.listed else f"principals.{name}"


def parse_principal_names(given: Mapping[Any, Any] | None, partition: str | None = None) -> PrincipalNames:
    """The names in ``given``: a principal, another name, or a list of both, by name. None: there are no names.

    Nothing is raised: what is wrong is in ``faults``, so that all other input can be read and told too.
    """
    faults: list[str] = []
    entries = {str(name): _read_entry(str(name), value, faults) for name, value in (given or {}).items()}
    entries = {name: entry for name, entry in entries.items() if _may_be_name(name, entry, faults)}
    meanings: dict[str, tuple[Principal, ...]] = dict.fromkeys(entries, ())
    for name in _in_order(entries, faults):
        meanings[name] = _meaning(name, entries[name], PrincipalNames(partition, meanings), faults)
    names: dict[Principal, str] = {}
    for name, entry in entries.items():
        if meanings[name] and not entry.listed and entry.items[0] not in entries:
            names.setdefault(meanings[name][0], name)
    named = PrincipalNames(names=names).named
    shown = {name: tuple(map(named, meaning)) for name, meaning in meanings.items()}
    return PrincipalNames(partition, shown, names, tuple(faults))


def _read_entry(name: str, value: Any, faults: list[str]) -> _Entry:
    listed = isinstance(value, (list, tuple))
    items = tuple(value) if listed else (value,)
    if any(item is None or item == "" or isinstance(item, (Mapping, list, tuple)) for item in items):
        faults.append(f"principals.{name}: expected a principal, a name, or a list of them, not {value!r}")
        return _Entry((), listed)
    return _Entry(items, listed)


def _may_be_name(name: str, entry: _Entry, faults: list[str]) -> bool:
    """Whether the name can be told from a principal. An ID that means itself is let pass: hosts may be called so."""
    try:
        principal = parse_principal(name)
    except ValueError:
        if name.strip() and not name.startswith("arn:"):
            return True
    else:
        if [str(item) for item in entry.items] == [principal.text]:
            return False
    faults.append(f"principals: {name!r} cannot be a name: it is empty, or an ID or ARN itself")
    return False


def _in_order(entries: Mapping[str, _Entry], faults: list[str]) -> list[str]:
    """The names, each after those that it stands on. Of a circle of names, none."""
    left = dict(entries)
    while True:
        uses = {name: [item for item in entry.items if item in left] for name, entry in left.items()}
        try:
            return list(TopologicalSorter(uses).static_order())
        except CycleError as error:
            circle = list(reversed(error.args[1]))
            faults.append(f"principals.{circle[0]}: it stands on itself ({' -> '.join(circle)})")
            left = {name: entry for name, entry in left.items() if name not in circle}


def _meaning(name: str, entry: _Entry, known: PrincipalNames, faults: list[str]) -> tuple[Principal, ...]:
    found: list[Principal] = []
    for position, item in enumerate(entry.items):
        try:
            found.extend(known.read(item))
        except ValueError as error:
            faults.append(f"{entry.place(name, position)}: {error}")
    return tuple(dict.fromkeys(found))
