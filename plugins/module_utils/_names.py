# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

r"""Names as users write them: patterns, suggestions, and many names in one message.

In a pattern ``*`` stands for any characters and ``?`` for any one; ``\*``, ``\?`` and ``\\`` are the characters
themselves. Names are compared in Unicode normalization form C.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

# An escaped character, or any one: a backslash before anything else is a backslash.
_TOKENS = re.compile(r"\\[*?\\]|.", re.DOTALL)
_CONTROL_CATEGORIES = frozenset(("Cc", "Cf", "Zl", "Zp"))
_SUGGESTED = 3
_COMPARED = 2000  # names; difflib takes 30 microseconds for each


def normalize(name: str) -> str:
    """The name in Unicode normalization form C."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def is_pattern(text: str) -> bool:
    """Whether ``text`` has a wildcard that is not escaped."""
    return any(token in ("*", "?") for token in _TOKENS.findall(text))


def unescape(text: str) -> str:
    """The name that ``text``, which is not a pattern, stands for."""
    return normalize("".join(token[-1] if token[0] == "\\" else token for token in _TOKENS.findall(text)))


def matches(pattern: str, name: str) -> bool:
    """Whether the whole name fits the pattern, in time proportional to the lengths of both."""
    name = normalize(name)
    *pieces, (last, length) = _pieces(pattern)
    if not pieces:
        return last.fullmatch(name) is not None
    found = pieces[0][0].match(name)
    for piece, _length in pieces[1:]:
        found = found and piece.search(name, found.end())
    tail = len(name) - length
    return found is not None and found.end() <= tail and last.fullmatch(name, tail) is not None


def matches_loosely(pattern: str, name: str) -> bool:
    """As ``matches``, without regard to case and to all that Unicode takes for equal (form KC)."""
    return matches(unicodedata.normalize("NFKC", pattern).casefold(), unicodedata.normalize("NFKC", name).casefold())


@lru_cache(maxsize=4096)
def _pieces(pattern: str) -> tuple[tuple[re.Pattern[str], int], ...]:
    """What the pattern has between its asterisks, each with its length."""
    pieces: list[list[str]] = [[]]
    for token in _TOKENS.findall(normalize(pattern)):
        if token == "*":
            pieces.append([])
        else:
            pieces[-1].append("." if token == "?" else re.escape(token[-1]))
    return tuple((re.compile("".join(piece), re.DOTALL), len(piece)) for piece in pieces)


def has_tags(tags: Mapping[str, str], patterns: Mapping[str, str]) -> bool:
    """Whether ``tags`` has every key of ``patterns`` with a value that fits."""
    return all(key in tags and matches(pattern, tags[key]) for key, pattern in patterns.items())


def escape_controls(text: str) -> str:
    """The text with control, format and line-separating characters as ``\\xNN`` or ``\\uNNNN``, for a terminal."""
    if text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _CONTROL_CATEGORIES else char
        for char in text
    )


def quote(text: str) -> str:
    """The text in quotes, as the user wrote it: repr() would double its backslashes."""
    return f"'{escape_controls(text)}'"


def nearest_names(word: str, words: Iterable[str]) -> list[str]:
    """At most three of ``words`` that are much like ``word``, the nearest first, without regard to case."""
    folded: dict[str, str] = {}
    for known in words:
        folded.setdefault(known.casefold(), known)
        if len(folded) >= _COMPARED:
            break
    wanted = word.casefold()
    # ``allowed`` is near to ``allowed_principals``.
    parts = set(re.findall(r"[^\W_]+", wanted))
    whole = [known for known in folded if parts and parts <= set(re.findall(r"[^\W_]+", known))]
    close = difflib.get_close_matches(wanted, folded, n=_SUGGESTED)
    return [folded[known] for known in dict.fromkeys([*close, *whole])][:_SUGGESTED]


def suggestion(word: str, words: Iterable[str]) -> str:
    """What follows a message: `` (did you mean 'Payments' or 'Payment'?)``; empty where nothing is near."""
    near = " or ".join(map(quote, nearest_names(word, words)))
    return f" (did you mean {near}?)" if near else ""


def summarize_names(names: Collection[str], limit: int = 10) -> str:
    """``us-east-1, eu-west-1 and 3 more``."""
    first = list(names)[:limit]
    more = len(names) - len(first)
    return ", ".join(first) + (f" and {more:,} more" if more else "")


def count_noun(number: int, noun: str) -> str:
    """``1 share``, ``1,200 lenses``, ``2 accounts and Regions``."""
    if number == 1:
        return f"1 {noun}"
    plurals = [f"{word}{'es' if word.endswith('s') else 's'}" for word in noun.split(" and ")]
    return f"{number:,} {' and '.join(plurals)}"
