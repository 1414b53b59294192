# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What somebody may have meant: the words that are nearest to a misspelt one."""

from __future__ import annotations

import difflib
import heapq
from collections.abc import Iterable

_COMPARED = 30  # words that difflib compares letter by letter
SUGGESTED = 3


def nearest(word: str, words: Iterable[str]) -> list[str]:
    """At most three of ``words`` that are much like ``word``, the nearest first. Capitals do not count."""
    folded = {known.casefold(): known for known in words}
    wanted = word.casefold()
    pairs = _pairs(wanted)
    # difflib takes 30 microseconds a word, which is too much for thousands of them.
    likely = heapq.nlargest(_COMPARED, folded, key=lambda known: (len(pairs & _pairs(known)), -len(known)))
    return [folded[known] for known in difflib.get_close_matches(wanted, likely, n=SUGGESTED)]


def suggestion(near: Iterable[str]) -> str:
    """What follows a message: `` (did you mean 'Payments' or 'Payment'?)``; nothing where nothing is near."""
    words = " or ".join(map(repr, near))
    return f" (did you mean {words}?)" if words else ""


def _pairs(word: str) -> set[str]:
    return {word[place : place + 2] for place in range(len(word) - 1)}
