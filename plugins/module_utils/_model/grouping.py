# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Equal errors told once, with whom they befell: what a person reads where much has failed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

GROUPS_AT_MOST = 20
TOLD_WHOLE = 3  # of a group; what more have in common is told once
MESSAGE = 15_000  # bytes of a module's message
STAND_IN = "…"


@dataclass(frozen=True)
class Failed:
    """One thing that failed, and why. ``errors`` may name it, and others that only it has to do with."""

    sort: str
    """What it is, in the singular: ``workload``."""
    name: str
    whole: str
    """All that is said of it where nothing else failed alike."""
    errors: tuple[str, ...]
    texts: Collection[str] = ()
    """What tells its errors from equal ones: its ARN, its ID, its principals."""


def failures_in_lines(failures: Iterable[Failed]) -> list[str]:
    """A line for each group of equal errors, largest first: ``195 workloads (A, B … 193 more): ERROR``.

    Up to TOLD_WHOLE of a group are told one by one instead, each whole. At most GROUPS_AT_MOST lines, then one that
    counts the rest.
    """
    groups: dict[str, list[Failed]] = {}
    for failed in failures:
        own = _any_of(failed.texts)
        for error in dict.fromkeys(_alike(error, own) for error in failed.errors):
            groups.setdefault(error, []).append(failed)
    told = sorted(groups.items(), key=lambda group: -len(group[1]))
    lines: dict[str, list[Failed]] = {}
    for error, members in told:
        if len(members) > TOLD_WHOLE:
            lines[_line(members, error)] = members
        else:
            # What failed in two ways is told once: its whole has both.
            lines.update((" ".join(failed.whole.split()), [failed]) for failed in members)
    rest = list(lines.values())[GROUPS_AT_MOST:]
    shown = list(lines)[:GROUPS_AT_MOST]
    if rest:
        affected = {(failed.sort, failed.name): failed for members in rest for failed in members}
        shown.append(f"{len(rest):,} more errors, of {_count(list(affected.values()))}")
    return shown


def counted_failures(failed: Sequence[Failed], total: int, what: str) -> list[str]:
    """``2 of 12 places failed.``, or nothing where none did."""
    return [f"{len(failed):,} of {total:,} {what} failed."] if failed else []


def alike(error: str, texts: Collection[str]) -> str:
    """The error without what tells it from equal ones: a sentence on one line."""
    return _alike(error, _any_of(texts))


def _any_of(texts: Collection[str]) -> re.Pattern[str] | None:
    """Any of the texts, taken as it is, and never out of the middle of a longer number or word."""
    longest_first = sorted(filter(None, texts), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])") if longest_first else None


def _alike(error: str, own: re.Pattern[str] | None) -> str:
    common = own.sub(STAND_IN, error) if own else error
    return f"{' '.join(common.split()).rstrip('.')}."


def abbreviated(names: Sequence[str]) -> str:
    """``A, B … 193 more``."""
    return f"{', '.join(names[:2])} … {len(names) - 2:,} more"


def _line(members: Sequence[Failed], error: str) -> str:
    names = abbreviated([cut(" ".join(failed.name.split()), 80) for failed in members])
    return f"{_count(members)} ({names}): {error}"


def _count(members: Sequence[Failed]) -> str:
    """``195 workloads and 1 lens``."""
    counts = Counter(failed.sort for failed in members)
    return " and ".join(f"{count:,} {sort if count == 1 else plural(sort)}" for sort, count in counts.items())


def plural(noun: str) -> str:
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"


def fitting(lines: Sequence[str], most: int) -> list[str]:
    """The lines, the longest of them cut so that all together, with their line breaks, are ``most`` bytes or fewer."""
    sizes = [len(line.encode("utf-8", "backslashreplace")) + 1 for line in lines]
    left, widest = most, most
    for number, size in enumerate(sorted(sizes)):
        widest = left // (len(sizes) - number)
        if size > widest:
            return [cut(line, widest - 1) for line in lines]
        left -= size
    return list(lines)


def cut(text: str, most: int) -> str:
    """The text in at most so many bytes, which are four or more; what is cut ends with an ellipsis."""
    encoded = text.encode("utf-8", "backslashreplace")
    if len(encoded) <= most:
        return text
    ellipsis = "…".encode()
    return encoded[: most - len(ellipsis)].decode("utf-8", "ignore") + "…"


def as_message(lines: Sequence[str]) -> str:
    """The lines as a module's message, which is short enough to be shown."""
    return "\n".join(fitting(lines, MESSAGE))
