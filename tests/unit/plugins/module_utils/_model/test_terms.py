# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When access ends."""

from __future__ import annotations

from datetime import timezone

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.terms import Terms, parse_until


@pytest.mark.parametrize(
    ("until", "end"),
    [
        ("2026-03-31", "2026-04-01T00:00:00+00:00"),
        ("2024-02-29", "2024-03-01T00:00:00+00:00"),
        ("2026-03-31T18:00:00Z", "2026-03-31T18:00:00+00:00"),
        ("2026-03-31T18:00:00+02:00", "2026-03-31T16:00:00+00:00"),
        ("2026-03-31 18:00:00-05:30", "2026-03-31T23:30:00+00:00"),
        ("2026-03-31T18:00z", "2026-03-31T18:00:00+00:00"),
    ],
)
def test_a_date_means_the_end_of_that_day_and_a_time_itself(until: str, end: str) -> None:
    assert parse_until(until).at.astimezone(timezone.utc).isoformat() == end


def test_the_end_itself_is_without_access() -> None:
    until = parse_until("2026-03-31")
    assert Terms(until).ended(until.at)
    assert not Terms().ended(until.at)


def test_two_ways_to_write_one_moment_are_one_end() -> None:
    assert parse_until("2026-03-31") == parse_until("2026-04-01T02:00:00+02:00")
