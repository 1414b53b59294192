# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""How a task is to run, apart from what it declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Callable

from .._model import terms
from .._model.places import OVER_ALL
from .._model.principal_names import PrincipalNames
from .._model.principals import Principal
from .approving import Approved
from .progress import Progress

ITEMS_A_CONNECTION = 8

Warn = Callable[[str], None]
"""Takes a warning for the user."""


@dataclass(frozen=True)
class Settings:
    """The options of a sharing task beside its resources."""

    check_mode: bool = False
    concurrency: int = 1
    """Calls under way at once."""
    wait: bool = False
    wait_timeout: float = 120
    """Seconds; all waiting of the run together."""
    allowed_principals: frozenset[Principal] | None = None
    """Guard rail; None: not set."""
    max_removals: int | None = None
    """Guard rail; None: not set."""
    approved: Approved | None = None
    """Guard rail; None: not set."""
    progress: Progress = field(default_factory=Progress)

    def threads(self, items: int, places: int) -> int:
        """How many of so many items may be under way at once in one of so many places.

        All of ``concurrency`` where it is the only place. Where there are many, others keep the run busy, and each more
        connection of a place costs a millisecond: a place with few items needs but one.
        """
        if places <= 1:
            return self.concurrency
        share = self.concurrency * OVER_ALL // places
        return max(1, min(self.concurrency, max(share, items // ITEMS_A_CONNECTION)))

    def threads_beside(self, calls: int, places: int) -> int:
        """How many calls may be under way beside so many others, in one of so many places: where it is the only one."""
        return max(0, self.concurrency - calls) if places <= 1 else 0


def _now() -> datetime:
    return terms.now()  # looked up when it is asked for: tests move time


@dataclass(frozen=True)
class Defaults:
    """What holds for entries that do not say otherwise."""

    shared_with: Sequence[Any] | None = None
    """Principals as the user wrote them; None: each entry has its own."""
    permission_type: str | None = None
    purge_shares: bool = False
    renew: frozenset[str] = frozenset()
    now: datetime = field(default_factory=_now)
    """What has ended by then counts as absent."""
    names: PrincipalNames = field(default_factory=PrincipalNames)
    """How principals are read, in every entry."""
