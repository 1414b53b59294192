# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of all batches as one, whatever became of each."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.filter.share_result import FilterModule

share_result = FilterModule().filters()["share_result"]


def row(name: str, changed: bool = False, **more: Any) -> dict[str, Any]:
    return {"resource": {"kind": "lens", "name": name}, "shares": [], "changed": changed, **more}


def summary(**counts: int) -> dict[str, int]:
    return {**dict.fromkeys(("created", "updated", "renewed", "deleted", "unchanged", "failed"), 0), **counts}


FIRST = {"changed": True, "resources": [row("A", True), row("B")], "summary": summary(created=2, unchanged=1)}
SECOND = {"changed": False, "resources": [row("C")], "summary": summary(unchanged=3)}
BROKEN = {
    "changed": True,
    "failed": True,
    "msg": "1 of 1 resources failed.",
    "resources": [row("D", True, error="Not done.")],
    "summary": summary(created=1, failed=1),
}
REFUSED = {"changed": False, "failed": True, "msg": "Nothing was changed."}
SKIPPED = {"changed": False, "skipped": True}


def test_batches_are_put_together_in_their_order() -> None:
    assert share_result({"changed": True, "results": [FIRST, SECOND]}) == {
        "changed": True,
        "resources": [row("A", True), row("B"), row("C")],
        "summary": summary(created=2, unchanged=4),
    }


def test_a_task_without_a_loop_is_one_batch() -> None:
    assert share_result(FIRST) == FIRST


def test_what_a_failed_batch_did_counts_too() -> None:
    together = share_result({"results": [SECOND, BROKEN]})
    assert together["changed"]
    assert [one["resource"]["name"] for one in together["resources"]] == ["C", "D"]
    assert together["summary"] == summary(created=1, unchanged=3, failed=1)


@pytest.mark.parametrize("other", [REFUSED, SKIPPED], ids=["refused", "skipped"])
def test_a_batch_that_did_nothing_adds_nothing(other: dict[str, Any]) -> None:
    assert share_result({"results": [SECOND, other]}) == share_result({"results": [SECOND]})


def test_no_batch_changed_means_not_changed() -> None:
    assert not share_result({"changed": True, "results": [SECOND, SECOND]})["changed"]


def test_counts_of_nothing_are_kept() -> None:
    assert share_result({"results": [SECOND, SECOND]})["summary"] == summary(unchanged=6)


@pytest.mark.parametrize("registered", [{"results": []}, SKIPPED, REFUSED], ids=["no loop items", "skipped", "refused"])
def test_nothing_at_all_is_a_result_too(registered: dict[str, Any]) -> None:
    together = share_result(registered)
    assert not together["changed"]
    assert together["resources"] == []
    assert not any(together["summary"].values())


def test_what_was_registered_stays_as_it_was() -> None:
    registered = {"results": [copy.deepcopy(FIRST), copy.deepcopy(BROKEN)]}
    before = copy.deepcopy(registered)
    share_result(registered)
    assert registered == before
