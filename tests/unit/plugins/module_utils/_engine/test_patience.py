# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pauses between looks grow, and all of a run's waiting together takes no longer than its ``wait_timeout``."""

from __future__ import annotations

import threading
import time
import types

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine import patience
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.patience import Patience

TIMEOUT = 10  # seconds until a meeting that never comes about breaks the test


class Clock:
    """Time that passes by sleeping only. It does not begin at 0, and no clock of a machine does."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(patience, "time", clock)
    return clock


def take_all(pauses: patience.Pauses) -> int:
    """How many looks there are until the time is up."""
    looks = 0
    while pauses.take():
        looks += 1
        assert looks < 1000
    return looks


def test_the_first_look_comes_at_once_and_later_ones_ever_later(clock: Clock) -> None:
    looks = take_all(Patience(20).pauses())
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 2.5]  # the last as long as there is time
    assert looks == 1 + len(clock.slept)


@pytest.mark.parametrize("timeout", [0, -1])
def test_without_patience_there_is_one_look(clock: Clock, timeout: float) -> None:
    assert take_all(Patience(timeout).pauses()) == 1
    assert clock.slept == []


def test_what_one_thing_waited_the_next_one_cannot(clock: Clock) -> None:
    patience = Patience(3)
    first, second = patience.pauses(), patience.pauses()
    assert [first.take(), first.take(), first.take()] == [True] * 3
    assert clock.slept == [0.5, 1.0]
    assert take_all(second) == 1 + 2
    assert clock.slept[2:] == [0.5, 1.0]
    assert not first.take()


def test_time_between_waits_does_not_count(clock: Clock) -> None:
    patience = Patience(1)
    assert patience.sleep(0.5)
    clock.now += 100
    assert patience.sleep(0.5)
    assert not patience.sleep(0.5)


def test_the_time_in_which_several_wait_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    asleep, awake = threading.Barrier(3), threading.Barrier(3)

    def sleep(_seconds: float) -> None:
        asleep.wait(TIMEOUT)
        awake.wait(TIMEOUT)

    monkeypatch.setattr(patience, "time", types.SimpleNamespace(monotonic=lambda: now, sleep=sleep))
    three = Patience(3)
    threads = [threading.Thread(target=three.sleep, args=(2,)) for _number in range(2)]
    for thread in threads:
        thread.start()
    asleep.wait(TIMEOUT)
    now += 2  # Both have slept for these two seconds, and the third second is left.
    awake.wait(TIMEOUT)
    for thread in threads:
        thread.join(TIMEOUT)
    clock = Clock()
    monkeypatch.setattr(patience, "time", clock)
    assert take_all(three.pauses()) == 1 + 2
    assert sum(clock.slept) == 1


def test_who_comes_while_another_waits_has_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        if len(slept) == 1:
            now += 2  # The first is still asleep, and a second one comes.
            assert three.sleep(5)
            assert not three.sleep(5)
        else:
            now += seconds

    monkeypatch.setattr(patience, "time", types.SimpleNamespace(monotonic=lambda: now, sleep=sleep))
    three = Patience(3)
    assert three.sleep(3)
    assert slept == [3, 1]
    assert time.monotonic() != now
