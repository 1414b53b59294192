# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Many things under way at once: the steps of one task in order, the steps of different tasks side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_DONE = object()


def in_turns(tasks: Iterable[Iterator[object]], threads: int) -> None:
    """Runs every task to its end. A task is an iterator: what it does up to its next item is one step.

    A task's steps run one after the other. The tasks take turns, so that one with many steps does not run on alone
    when all others are done.
    """
    waiting = deque(tasks)

    def work() -> None:
        while True:
            try:
                task = waiting.popleft()
            except IndexError:
                return  # What is still under way is in the hands of the other threads.
            if next(task, _DONE) is not _DONE:
                waiting.append(task)

    at_once(lambda _thread: work(), range(max(1, min(threads, len(waiting)))), threads)


def at_once(function: Callable[[Item], Answer], items: Iterable[Item], threads: int) -> list[Answer]:
    """The answers of ``function`` for all items, in their order, with up to ``threads`` under way at once."""
    todo = list(items)
    if threads <= 1 or len(todo) <= 1:
        return [function(item) for item in todo]
    with ThreadPoolExecutor(max_workers=min(threads, len(todo))) as pool:
        return list(pool.map(function, todo))
