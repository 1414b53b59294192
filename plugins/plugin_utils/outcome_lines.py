# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""What a run says when it ends: a line of what was done, and of what failed no more than can be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._model.grouping import cut, fitting

# With what Ansible prints around them, and it prints a message up to four times, a failure stays under 4 KB.
SHOWN = 1_300  # bytes of all lines of one failure
SHORT = 400  # bytes of a message that is a line by itself
READABLE = 10  # lines that are long enough to be read where all of them are cut
_SEE = " (the lines above say more)"
HEAD = 160  # bytes of the first of several lines


def done_line(result: Mapping[str, Any], check_mode: bool, seconds: float) -> str:
    """``200 resources in 1 place: 392 created, 1,600 unchanged; 12 s``. Blank where the module does not count."""
    counts = result.get("summary")
    if not isinstance(counts, Mapping):
        return ""
    what = next((name for name in ("resources", "invitations") if isinstance(result.get(name), list)), None)
    if what is None:
        return ""
    places = len(result["places"]) if isinstance(result.get("places"), list) else 1
    # What is as it is to be will be so, also in check mode.
    would = "would be " if check_mode else ""
    acts = [
        f"{count:,} {'' if word in ('unchanged', 'gone') else would}{word}"
        for word, count in counts.items()
        if count and word != "failed"
    ]
    number = len(result[what])
    nothing = "nothing to do"
    return (
        f"{_counted(number, what.rstrip('s'))} in {_counted(places, 'place')}: {', '.join(acts) or nothing}; "
        f"{max(1, round(seconds)):,} s"
    )


def shortened(message: str) -> tuple[str, list[str]]:
    """A failure's message as Ansible is to print it, and the lines that are shown before it: all of the message, or as
    much as fits. No lines where the message is one that is short by itself.
    """
    lines = message.splitlines()
    if len(lines) == 1 and len(message.encode("utf-8", "backslashreplace")) <= SHORT:
        return message, []
    if not lines:
        return message, []
    return f"{cut(lines[0], HEAD - len(_SEE)).rstrip(':')}{_SEE}", fitting(_first(lines), SHOWN)


def _first(lines: list[str]) -> list[str]:
    """The first lines, and how many more there are: fewer that can be read are better than all of them cut."""
    if len("\n".join(lines).encode("utf-8", "backslashreplace")) < SHOWN or len(lines) <= READABLE:
        return lines
    return [*lines[: READABLE - 1], f"… and {len(lines) - READABLE + 1} more lines, which are in the result"]


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
