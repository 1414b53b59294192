# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks take turns, their steps keep their order, and as many are under way as allowed."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.side_by_side import at_once, in_turns

TIMEOUT = 10  # seconds until a meeting that never comes about breaks the test


class Peak:
    """The most that were inside at one time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self.most = 0

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self._inside -= 1


@pytest.mark.parametrize("threads", [0, 1, 2, 3, 8])
def test_answers_come_in_the_order_of_their_items(threads: int) -> None:
    assert at_once(str.upper, iter("abcde"), threads) == list("ABCDE")


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_without_items_there_are_no_answers(threads: int) -> None:
    assert at_once(str.upper, [], threads) == []


def test_as_many_items_are_under_way_as_there_are_threads_and_no_more() -> None:
    meeting, peak = threading.Barrier(3), Peak()

    def meet(_item: int) -> None:
        with peak:
            meeting.wait(TIMEOUT)

    at_once(meet, range(9), 3)
    assert peak.most == 3


@pytest.mark.parametrize(("items", "threads"), [(1, 8), (5, 1)], ids=["one item", "one thread"])
def test_what_goes_one_after_the_other_runs_in_the_thread_that_asks(items: int, threads: int) -> None:
    ran_in = at_once(lambda _item: threading.get_ident(), range(items), threads)
    assert ran_in == [threading.get_ident()] * items


@pytest.mark.parametrize("threads", [1, 4])
def test_an_error_reaches_the_caller(threads: int) -> None:
    with pytest.raises(ZeroDivisionError):
        at_once(lambda item: 1 // item, [1, 0, 2], threads)


def steps(name: str, count: int, log: list[str]) -> Iterator[None]:
    for number in range(1, count + 1):
        log.append(f"{name}{number}")
        yield


def test_tasks_take_turns() -> None:
    log: list[str] = []
    in_turns([steps("a", 3, log), steps("b", 1, log), steps("c", 2, log)], threads=1)
    assert log == ["a1", "b1", "c1", "a2", "c2", "a3"]


@pytest.mark.parametrize("threads", [1, 2, 3, 16])
def test_every_task_runs_to_its_end_with_its_steps_in_order(threads: int) -> None:
    logs: list[list[str]] = [[] for _task in range(7)]
    in_turns([steps("s", count, log) for count, log in enumerate(logs)], threads)
    assert logs == [[f"s{number}" for number in range(1, count + 1)] for count in range(7)]


@pytest.mark.parametrize("threads", [1, 8])
def test_no_tasks_are_no_work(threads: int) -> None:
    in_turns(iter(()), threads)


def test_what_follows_the_last_step_is_done_too() -> None:
    log: list[str] = []

    def task() -> Iterator[None]:
        yield
        log.append("end")

    in_turns([task(), task()], threads=2)
    assert log == ["end", "end"]


def test_steps_of_different_tasks_are_under_way_at_once_but_never_more_than_the_threads() -> None:
    meeting, peak = threading.Barrier(2), Peak()

    def task() -> Iterator[None]:
        for _step in range(3):
            with peak:
                meeting.wait(TIMEOUT)
            yield

    in_turns([task() for _task in range(4)], threads=2)
    assert peak.most == 2


def test_the_steps_of_one_task_are_never_under_way_at_once() -> None:
    peaks = [Peak() for _task in range(4)]

    def task(peak: Peak) -> Iterator[None]:
        for _step in range(200):
            with peak:
                pass
            yield

    in_turns([task(peak) for peak in peaks], threads=8)
    assert [peak.most for peak in peaks] == [1, 1, 1, 1]


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_in_a_task_reaches_the_caller(threads: int) -> None:
    def task() -> Iterator[None]:
        yield
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_turns([task(), steps("a", 3, [])], threads)
