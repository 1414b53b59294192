# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""A question that is asked once, whoever wants to know the answer."""

from __future__ import annotations

import threading
from typing import Callable, Generic, TypeVar

from .errors import ServiceError

Answer = TypeVar("Answer")


class Once(Generic[Answer]):
    """The answer of a function that is called at most once, by the first of any number of threads.

    A ServiceError is an answer too: it is remembered, and raised again.
    """

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._answers: list[Answer] = []
        self._error: ServiceError | None = None

    @property
    def answered(self) -> bool:
        """Whether there is an answer that is no error."""
        return bool(self._answers)

    def get(self) -> Answer:
        """The answer. Raises ServiceError, each time, where there is none."""
        with self._lock:
            if not self._answers and self._error is None:
                try:
                    self._answers.append(self._ask())
                except ServiceError as error:
                    self._error = error
            if self._error is not None:
                raise self._error
            return self._answers[0]
