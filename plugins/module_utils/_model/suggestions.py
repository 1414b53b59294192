# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What somebody may have meant: the words that are nearest to a misspelt one."""

from __future__ import annotations

import difflib
import heapq
import re
from collections.abc import Iterable

_COMPARED = 30  # words that difflib compares letter by letter
SUGGESTED = 3
ALIKE = 0.6


def nearest(word: str, words: Iterable[str], alike: float = ALIKE) -> list[str]:
    """At most three of ``words`` that are much like ``word``, the nearest first. Capitals do not count.

    ``alike``: how much, from 0 to 1, as difflib measures it. A word that has all parts of ``word`` is like it, too:
    ``allowed`` is near to ``allowed_principals``.
    """
    folded = {known.casefold(): known for known in words}
    wanted = word.casefold()
    pairs = _pairs(wanted)
    # difflib takes 30 microseconds a word, which is too much for thousands of them.
    likely = heapq.nlargest(_COMPARED, folded, key=lambda known: (len(pairs & _pairs(known)), -len(known)))
    close = difflib.get_close_matches(wanted, likely, n=SUGGESTED, cutoff=alike)
    parts = _parts(wanted)
    whole = [known for known in likely if parts and parts <= _parts(known)]
    return [folded[known] for known in dict.fromkeys([*close, *whole])][:SUGGESTED]


def _parts(word: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", word))


def _pairs(word: str) -> set[str]:
    return {word[place : place + 2] for place in range(len(word) - 1)}
