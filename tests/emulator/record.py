# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record of every AWS request that reached the endpoint, served or not."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from .calls import Call


@dataclass
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


class Record:
    """The requests, in the order they came in."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: list[Entry] = []
        self._under_way = 0
        self._most_at_once = 0

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
            self._under_way += 1
            self._most_at_once = max(self._most_at_once, self._under_way)
        return entry

    def end(self, entry: Entry, status: int, error: str | None) -> None:
        with self._lock:
            entry.status = status
            entry.error = error
            self._under_way -= 1

    def clear(self) -> None:
        with self._lock:
            self._entries = []
            self._most_at_once = self._under_way

    def calls(self, service: str | None = None) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(entry) for entry in self._entries if service in (None, entry.service)]

    def summary(self, service: str | None = None) -> dict[str, Any]:
        """Counts: total, by operation, of errors by code, and of the most requests that were under way at once."""
        with self._lock:
            entries = [entry for entry in self._entries if service in (None, entry.service)]
            return {
                "total": len(entries),
                "by_operation": dict(Counter(entry.operation or "unknown" for entry in entries)),
                "errors": dict(Counter(entry.error for entry in entries if entry.error)),
                "most_at_once": self._most_at_once,
            }
