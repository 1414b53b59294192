# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Clients that carry the keys of one role after the other, for runs over thousands of places."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable


@dataclass(frozen=True)
class RoleClient:
    """A client of boto3, and the credentials of botocore that it signs each request with."""

    client: Any
    credentials: Any

    def take(self, keys: Mapping[str, str]) -> None:
        """Signs with these keys from now on, as AWS STS gave them."""
        self.credentials.access_key = keys["aws_access_key_id"]
        self.credentials.secret_key = keys["aws_secret_access_key"]
        self.credentials.token = keys["aws_session_token"]


class RoleClients:
    """Lends each client to one place at a time. To make one takes as long as to make two calls with it."""

    def __init__(self, make: Callable[[str], RoleClient]) -> None:
        """``make``: a client in a region, whose keys do not matter."""
        self._make = make
        self._lock = threading.Lock()
        self._free: defaultdict[str, list[RoleClient]] = defaultdict(list)

    def lend(self, region: str, keys: Mapping[str, str]) -> RoleClient:
        """A client that nobody else has."""
        with self._lock:
            free = self._free[region]
            lent = free.pop() if free else None
        if lent is None:
            lent = self._make(region)
        lent.take(keys)
        return lent

    def give_back(self, region: str, lent: RoleClient) -> None:
        """Nobody uses the client any more, from no thread."""
        with self._lock:
            self._free[region].append(lent)
