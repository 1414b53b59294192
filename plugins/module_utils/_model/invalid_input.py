# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What is wrong with the input, all of it told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from .grouping import as_message

TOLD_AT_MOST = 20


class InvalidInput(Exception):
    """The input cannot be used as it stands. ``faults``: each a sentence that says where and why."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__(self._text())

    def _text(self) -> str:
        """One fault as it is; more are numbered, each on a line of its own, and those after the first 20 counted."""
        if len(self.faults) == 1:
            return self.faults[0]
        lines = [
            f"{len(self.faults):,} faults in the input:",
            *(f"({number}) {fault}" for number, fault in enumerate(self.faults[:TOLD_AT_MOST], 1)),
        ]
        if len(self.faults) > TOLD_AT_MOST:
            lines.append(f"and {len(self.faults) - TOLD_AT_MOST:,} more")
        return as_message(lines)


class Faults:
    """What is wrong so far. Reading goes on after a fault, so that all of them are told at once."""

    def __init__(self, found: Iterable[str] = ()) -> None:
        self.found = list(found)

    def __bool__(self) -> bool:
        return bool(self.found)

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Keeps the faults of an InvalidInput for later."""
        try:
            yield
        except InvalidInput as error:
            self.found.extend(error.faults)

    def refuse(self) -> None:
        """Raises InvalidInput with every fault, if there is any."""
        if self.found:
            raise InvalidInput(self.found)


def at(where: str, inner: str) -> str:
    """The place of ``inner`` in the place ``where``: ``resources[12].shared_with[1]``. The task itself has none."""
    return f"{where}.{inner}" if where else inner


def told(where: str, why: str) -> str:
    """A fault with its place: ``resources[12].shared_with[1]: 'bob' is not a principal``."""
    return f"{where}: {why}" if where else why
