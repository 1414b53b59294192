# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The time that a run may wait."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils import _waiting
from ansible_collections.wellarchitected.sharing.plugins.module_utils._waiting import WaitBudget


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each sleep: time passes by sleeping only."""
    slept: list[float] = []
    monkeypatch.setattr(_waiting, "time", SimpleNamespace(sleep=slept.append))
    return slept


class TestWaiting:
    def test_pauses_grow_and_end_with_the_time(self, slept: list[float]) -> None:
        assert len(list(WaitBudget(20).pauses())) == 8
        assert slept == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 2.5]
        assert len(list(WaitBudget(0).pauses())) == 1

    def test_a_run_waits_no_longer_than_its_time(self, slept: list[float]) -> None:
        budget = WaitBudget(3)
        assert len(list(budget.pauses())) == 4
        assert len(list(budget.pauses())) == 1
        assert sum(slept) == 3

    def test_what_waits_later_has_what_is_left(self, slept: list[float]) -> None:
        budget = WaitBudget(3)
        first = budget.pauses()
        assert [next(first, "end") for _try in range(3)] == [None] * 3
        assert slept == [0.5, 1.0]
        list(budget.pauses())
        assert slept[2:] == [0.5, 1.0]

    def test_what_waits_at_the_same_time_uses_the_same_seconds(self, slept: list[float]) -> None:
        budget = WaitBudget(3)
        first, second = budget.pauses(), budget.pauses()
        for pauses in (first, second):
            next(pauses)
        assert len(list(first)) == 3
        assert len(list(second)) == 3
        assert sum(slept) == 6
