# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark's figures, goals and tables."""

from __future__ import annotations

import pytest
from ansible_collections.wellarchitected.sharing.tests.bench.figures import (
    Figure,
    at_least,
    at_least_times,
    at_most,
    at_most_times,
    exactly,
    extrapolate,
    figure_rows,
    imports_by_owner,
    no_faster_than,
    no_faster_than_shares,
    table,
)


def test_a_limit_itself_is_met():
    assert at_most("calls", 21, 21, "calls").met
    assert not at_most("calls", 22, 21, "calls").met
    assert at_least("role", 2, 2, "lines").met
    assert not at_least("role", 1, 2, "lines").met
    assert at_least_times("role", 8.0, 2.0, 4).met
    assert not at_least_times("role", 7.9, 2.0, 4).met
    assert at_most_times("places", 13.0, 10.0, 1.3).met
    assert not at_most_times("places", 13.1, 10.0, 1.3).met


@pytest.mark.parametrize(
    ("measured", "met"),
    [
        ({"AssumeRole": 1, "ListWorkloads": 4}, True),
        ({"ListWorkloads": 4, "AssumeRole": 1}, True),
        ({"AssumeRole": 1, "ListWorkloads": 3}, False),
        ({"AssumeRole": 1}, False),
        ({"AssumeRole": 1, "ListWorkloads": 4, "GetCallerIdentity": 1}, False),
    ],
)
def test_calls_must_be_these_and_no_others(measured, met):
    goal = exactly("places", measured, {"AssumeRole": 1, "ListWorkloads": 4})
    assert (goal.met, goal.limit) == (met, "1 AssumeRole, 4 ListWorkloads")


@pytest.mark.parametrize(("seconds", "met"), [(10.0, True), (20.0, True), (20.1, False)])
def test_a_cost_may_grow_as_the_shares_do(seconds, met):
    assert no_faster_than_shares("time", (200, 2.0), (2000, seconds)).met is met


def test_what_a_cost_grows_with_is_named():
    goal = no_faster_than("time", "accounts", (30, 3.0), (300, 27.0))
    assert (goal.what, goal.limit, goal.measured) == ("time, 30 to 300 accounts", "at most 10 x", "9.00 x")


def test_what_is_extrapolated_pays_for_the_start_once():
    assert extrapolate((2, 3.0), (10, 7.0), 200) == pytest.approx(2.0 + 200 * 0.5)


def test_an_extrapolated_figure_says_so():
    _header, row = figure_rows([Figure("loop", 99.6, 1, extrapolated="2 and 10 of 200 items")])
    assert row[:2] == ["loop", "~100 s, extrapolated from 2 and 10 of 200 items"]


def test_a_table_leaves_out_columns_that_are_empty():
    assert table([["what", "calls", "ms"], ["all", "", "1"]]) == "| what | ms |\n| ---- | -- |\n| all  | 1  |"


def test_imports_are_counted_for_their_owner_without_what_they_import():
    written = """
import time: self [us] | cumulative | imported package
import time:      1000 |       1000 |   ansible_collections.amazon.aws.plugins.module_utils.arn
import time:      2000 |       3000 | ansible_collections.wellarchitected.sharing.plugins.module_utils._kinds
import time:      4000 |       4000 | ansible.module_utils.basic
import time:      8000 |       8000 |     botocore.session
import time:     16000 |      16000 | ansiblelike
"""
    assert imports_by_owner(written) == {
        "this collection": 0.002,
        "amazon.aws": 0.001,
        "ansible-core": 0.004,
        "boto3 and botocore": 0.008,
        "Python's library": 0.016,
    }
