# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait for something to show, and measure how long that takes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Pace:
    """How long to wait for anything (seconds), and how long between two looks (seconds)."""

    patience: float = 120
    pause: float = 0.25


@dataclass(frozen=True)
class Span:
    """When a call was sent and when it was answered: what it did happened in between (seconds, time.monotonic)."""

    sent: float
    answered: float


@dataclass(frozen=True)
class Sighting:
    """The looks that missed it, and that it showed more than `after` and at most `by` seconds after it was made."""

    misses: int
    after: float
    by: float

    @property
    def seconds(self) -> float:
        """The roundest number in between: a whole one where there is one. 0 where the first look saw it."""
        if not self.misses:
            return 0
        whole = math.ceil(self.after)
        return whole if whole <= self.by else round(self.by, 1)


def timed(call: Callable[[], object]) -> Span:
    sent = time.monotonic()
    call()
    return Span(sent, time.monotonic())


def watch(looks: Mapping[Key, Callable[[], bool]], since: Mapping[Key, Span], pace: Pace) -> dict[Key, Sighting | None]:
    """Look at each thing in turn until it shows. What does not show within the patience has None."""
    found: dict[Key, Sighting | None] = dict.fromkeys(looks)
    misses = dict.fromkeys(looks, 0)
    after = dict.fromkeys(looks, 0.0)
    deadline = time.monotonic() + pace.patience
    missing = list(looks)
    while True:
        for key in list(missing):
            sent = time.monotonic()
            if looks[key]():
                found[key] = Sighting(misses[key], after[key], time.monotonic() - since[key].sent)
                missing.remove(key)
            else:
                misses[key] += 1
                after[key] = max(after[key], sent - since[key].answered)
        if not missing or time.monotonic() > deadline:
            return found
        time.sleep(pace.pause)
