# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Clients, made by ``sessions``, that carry the keys of one role after the other: for runs over thousands of places."""

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

    def sign_with(self, keys: Mapping[str, str]) -> None:
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

    def lease(self, region: str) -> Lease:
        return Lease(self, region)

    def _take(self, region: str) -> RoleClient:
        with self._lock:
            free = self._free[region]
            taken = free.pop() if free else None
        return taken or self._make(region)

    def _give_back(self, region: str, taken: RoleClient) -> None:
        with self._lock:
            self._free[region].append(taken)


class Lease:
    """One place's use of a client, which nobody else has meanwhile."""

    def __init__(self, clients: RoleClients, region: str) -> None:
        self._clients = clients
        self._region = region
        self._taken: RoleClient | None = None

    def client(self, keys: Mapping[str, str]) -> Any:
        """Another client than before, of boto3, with these keys.

        The one before, whose keys have expired, may be in use by other threads: it is lent to nobody again.
        """
        self._taken = self._clients._take(self._region)
        self._taken.sign_with(keys)
        return self._taken.client

    def end(self) -> None:
        """Nobody uses the client any more, from no thread."""
        if self._taken is not None:
            self._clients._give_back(self._region, self._taken)
            self._taken = None
