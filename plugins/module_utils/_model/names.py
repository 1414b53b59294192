# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

r"""Names as users write them: ``*`` and ``?`` are wildcards, ``\*``, ``\?`` and ``\\`` the characters themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Callable, TypeVar

Named = TypeVar("Named")

# An escaped character, or any one: a backslash before anything else is a backslash.
_PARTS = re.compile(r"\\[*?\\]|.", re.DOTALL)


def has_wildcards(text: str) -> bool:
    """Whether ``text`` can mean several names."""
    return any(part in ("*", "?") for part in _PARTS.findall(text))


def name_pattern(text: str) -> re.Pattern[str]:
    """What a whole name must match, where ``*`` stands for any characters and ``?`` for any one."""
    wildcards = {"*": ".*", "?": "."}
    return re.compile("".join(wildcards.get(part) or re.escape(part[-1]) for part in _PARTS.findall(text)), re.DOTALL)


def choose_by_name(text: str, items: Iterable[Named], name_of: Callable[[Named], str]) -> list[Named]:
    """Those of ``items`` that ``text`` means, in their order.

    Whoever has exactly this name, letter for letter, is meant and nobody else. Only where nobody has, backslashes
    escape and wildcards match.
    """
    candidates = list(items)
    exact = [item for item in candidates if name_of(item) == text]
    if exact:
        return exact
    pattern = name_pattern(text)
    return [item for item in candidates if pattern.fullmatch(name_of(item))]


def has_tags(tags: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether there are all the wanted tags. A value that is exactly as wanted counts before any wildcard of it."""
    return all(
        key in tags and (tags[key] == value or name_pattern(value).fullmatch(tags[key]) is not None)
        for key, value in wanted.items()
    )
