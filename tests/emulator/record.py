# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record of every AWS request that reached the endpoint, served or not."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from .calls import Call


@dataclass(slots=True)
class Entry:
    """One request. `status` is None while it is under way, and 0 where the connection was closed without an answer."""

    n: int
    at: float
    service: str
    operation: str | None
    account: str
    region: str
    params: dict[str, Any]
    status: int | None = None
    error: str | None = None
    fault: str | None = None


class AtOnce:
    """How many calls are under way, and the most that were."""

    def __init__(self) -> None:
        self.under_way = 0
        self.most = 0

    def begin(self) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)

    def end(self) -> None:
        self.under_way -= 1

    def begin_anew(self) -> None:
        self.most = self.under_way


class Record:
    """The requests, in the order they came in."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: list[Entry] = []
        self._at_once = AtOnce()
        self._at_once_by_place: defaultdict[tuple[str, str], AtOnce] = defaultdict(AtOnce)
        self._counted: dict[int, tuple[AtOnce, AtOnce]] = {}

    def begin(self, call: Call) -> Entry:
        with self._lock:
            entry = Entry(
                n=len(self._entries) + 1,
                at=round(time.time(), 4),
                service=call.service,
                operation=call.operation,
                account=call.account,
                region=call.region,
                params=dict(call.params),
            )
            self._entries.append(entry)
            self._counted[id(entry)] = (self._at_once, self._at_once_by_place[call.account, call.region])
            for counter in self._counted[id(entry)]:
                counter.begin()
        return entry

    def end(self, entry: Entry, status: int, error: str | None) -> None:
        with self._lock:
            entry.status = status
            entry.error = error
            for counter in self._counted.pop(id(entry)):
                counter.end()

    def clear(self) -> None:
        with self._lock:
            self._entries = []
            self._at_once.begin_anew()
            for place in self._at_once_by_place.values():
                place.begin_anew()

    def reset(self) -> None:
        """As ``clear``; what is still under way, such as a call that its client gave up, does not count any more."""
        self.clear()
        with self._lock:
            self._at_once = AtOnce()
            self._at_once_by_place.clear()

    def calls(self, **wanted: str | None) -> list[dict[str, Any]]:
        """The requests as JSON; `wanted`: service, account, region, each where it is not None."""
        with self._lock:
            return [asdict(entry) for entry in self._chosen(wanted)]

    def summary(self, **wanted: str | None) -> dict[str, Any]:
        """Counts: total, by operation, of errors by code; and the most requests of all that were under way at once."""
        with self._lock:
            return {**_counts(self._chosen(wanted)), "most_at_once": self._at_once.most}

    def places(self, **wanted: str | None) -> list[dict[str, Any]]:
        """The summary of each account and region that was called for, with the most that were under way there."""
        with self._lock:
            by_place: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
            for entry in self._chosen(wanted):
                by_place[entry.account, entry.region].append(entry)
            return [
                {
                    "account": account,
                    "region": region,
                    **_counts(entries),
                    "most_at_once": self._at_once_by_place[account, region].most,
                }
                for (account, region), entries in sorted(by_place.items())
            ]

    def _chosen(self, wanted: Mapping[str, str | None]) -> list[Entry]:
        asked = {name: value for name, value in wanted.items() if value is not None}
        return [e for e in self._entries if all(getattr(e, name) == value for name, value in asked.items())]


def _counts(entries: list[Entry]) -> dict[str, Any]:
    return {
        "total": len(entries),
        "by_operation": dict(Counter(entry.operation or "unknown" for entry in entries)),
        "errors": dict(Counter(entry.error for entry in entries if entry.error)),
    }
