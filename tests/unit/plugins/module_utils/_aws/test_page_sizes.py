# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A list is asked for as many items as it gives, and a size that was refused is never sent again."""

from __future__ import annotations

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.page_sizes import PageSizes


@pytest.mark.parametrize(("operation", "size"), [("ListWorkloadShares", 50), ("ListLensShares", 10)])
def test_the_first_call_asks_for_as_many_as_the_service_is_known_to_give(operation: str, size: int) -> None:
    assert PageSizes().ask(operation) == size


def test_until_the_first_is_answered_others_go_without() -> None:
    sizes = PageSizes()
    sizes.ask("ListLensShares")
    assert sizes.ask("ListLensShares") is None
    assert sizes.ask("ListWorkloads") == 50


def test_what_was_taken_once_is_sent_from_then_on() -> None:
    sizes = PageSizes()
    sizes.ask("ListLensShares")
    sizes.taken("ListLensShares")
    assert [sizes.ask("ListLensShares"), sizes.ask("ListLensShares")] == [10, 10]


def test_what_was_refused_once_is_never_sent_again() -> None:
    sizes = PageSizes()
    sizes.ask("ListWorkloads")
    sizes.refused("ListWorkloads")
    assert sizes.ask("ListWorkloads") is None
    sizes.forget("ListWorkloads")
    assert sizes.ask("ListWorkloads") is None


def test_where_the_first_call_fails_for_another_reason_the_next_one_tries() -> None:
    sizes = PageSizes()
    sizes.ask("ListWorkloads")
    sizes.forget("ListWorkloads")
    assert sizes.ask("ListWorkloads") == 50


def test_a_failure_after_the_size_was_taken_says_nothing_of_the_size() -> None:
    sizes = PageSizes()
    sizes.ask("ListWorkloads")
    sizes.taken("ListWorkloads")
    sizes.forget("ListWorkloads")
    assert [sizes.ask("ListWorkloads"), sizes.ask("ListWorkloads")] == [50, 50]


def test_a_failure_of_what_was_never_asked_changes_nothing() -> None:
    sizes = PageSizes()
    sizes.forget("ListWorkloads")
    assert sizes.ask("ListWorkloads") == 50
