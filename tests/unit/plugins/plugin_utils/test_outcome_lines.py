# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The line that a run ends with, and how much of a failure is shown."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils.outcome_lines import (
    HEAD,
    SHORT,
    SHOWN,
    done_line,
    shortened,
)


def result(of: str = "resources", count: int = 200, places: int | None = None, **summary: int) -> dict[str, Any]:
    there = {} if places is None else {"places": [{}] * places}
    return {of: [{}] * count, "summary": {"failed": 0, **summary}, **there}


@pytest.mark.parametrize(
    ("done", "check_mode", "seconds", "line"),
    [
        (
            result(created=392, updated=8, renewed=0, unchanged=1600),
            False,
            12.3,
            "200 resources in 1 place: 392 created, 8 updated, 1,600 unchanged; 12 s",
        ),
        (
            result(created=392, unchanged=1600),
            True,
            1.2,
            "200 resources in 1 place: 392 would be created, 1,600 unchanged; 1 s",
        ),
        (result(count=1, places=3, deleted=1), False, 0.1, "1 resource in 3 places: 1 deleted; 1 s"),
        (result(count=0), False, 0.1, "0 resources in 1 place: nothing to do; 1 s"),
        (
            result("invitations", 3, 2, accepted=2, gone=1),
            False,
            3600,
            "3 invitations in 2 places: 2 accepted, 1 gone; 3,600 s",
        ),
        ({"summary": {"created": 1}}, False, 1, ""),
        ({"changed": False}, False, 1, ""),
    ],
)
def test_a_line_says_what_was_done(done: dict[str, Any], check_mode: bool, seconds: float, line: str) -> None:
    assert done_line(done, check_mode, seconds) == line


def test_a_short_message_needs_no_lines_beside_it() -> None:
    assert shortened("Nothing was changed. It is missing") == ("Nothing was changed. It is missing", [])
    assert shortened("") == ("", [])


@pytest.mark.parametrize("character", ["x", "ä", "語", "😀"])
def test_a_long_message_is_shown_in_lines_that_fit(character: str) -> None:
    message, lines = shortened("\n".join(["Head.", *(character * 500 for _line in range(20))]))
    assert message == "Head. (the lines above say more)"
    assert lines[0] == "Head."
    assert len(lines) == 10
    assert len("\n".join(lines).encode()) <= SHOWN
    message, lines = shortened(character * 5000)
    assert len(message.encode()) <= HEAD < SHORT
    assert len(lines) == 1
    assert HEAD < len(lines[0].encode()) <= SHOWN
