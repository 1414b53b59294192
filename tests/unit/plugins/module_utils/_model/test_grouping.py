# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Equal errors are told once, and nothing that is told is longer than a person reads."""

from __future__ import annotations

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.grouping import (
    GROUPS_AT_MOST,
    MESSAGE,
    Failed,
    alike,
    as_message,
    cut,
    failures_in_lines,
    fitting,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput


def failed(name: str, *errors: str, sort: str = "workload") -> Failed:
    whole = f"{sort} {name}: {' '.join(errors)}"
    return Failed(sort, name, whole, errors, (f"{sort} {name}", f"arn:{name}", "111122223333"))


def denied(name: str, sort: str = "workload") -> Failed:
    return failed(name, f"Failed to share {sort} {name} with 111122223333: denied on arn:{name}.", sort=sort)


def test_equal_errors_are_one_line_with_two_names_and_how_many_more() -> None:
    lines = failures_in_lines([denied(f"payments-{number:03}") for number in range(1, 196)])
    assert lines == ["195 workloads (payments-001, payments-002 … 193 more): Failed to share … with …: denied on …."]


def test_three_that_failed_alike_are_told_one_by_one_and_whole() -> None:
    three = [denied(name) for name in "abc"]
    assert failures_in_lines(three) == [one.whole for one in three]
    assert len(failures_in_lines([*three, denied("d")])) == 1


def test_what_failed_alone_in_two_ways_is_told_once() -> None:
    one = failed("a", "This.", "That.")
    assert failures_in_lines([one]) == [one.whole]


def test_the_largest_group_comes_first_and_kinds_are_counted_apart() -> None:
    errors = [failed("x", "Odd.")] + [denied(f"l{number}", "lens") for number in range(2)]
    errors += [failed(f"w{number}", "Failed to share … with …: denied on ….") for number in range(3)]
    assert failures_in_lines(errors) == [
        "2 lenses and 3 workloads (l0, l1 … 3 more): Failed to share … with …: denied on ….",
        "workload x: Odd.",
    ]


def test_errors_of_a_resource_are_in_the_group_of_each() -> None:
    both = [failed(f"w{number}", "This.", "That.") for number in range(4)]
    assert failures_in_lines(both) == ["4 workloads (w0, w1 … 2 more): This.", "4 workloads (w0, w1 … 2 more): That."]


def test_more_than_twenty_errors_are_counted() -> None:
    lines = failures_in_lines([failed(f"w{number}", f"Odd {number}.") for number in range(30)])
    assert len(lines) == GROUPS_AT_MOST + 1
    assert lines[-1] == "10 more errors, of 10 workloads"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("with 111122223333 and 1111222233334", "with … and 1111222233334."),
        ("of a.b, not of a.b.c or aXb", "of …, not of ….c or aXb."),
        ("two\nlines {} %s", "two lines {} %s."),
        ("of arn:a.b (a.b)", "of … (…)."),
    ],
)
def test_names_are_taken_as_they_are_and_not_out_of_longer_ones(error: str, told: str) -> None:
    assert alike(error, ("a.b", "111122223333", "arn:a.b", "")) == told


@pytest.mark.parametrize("name", ["x" * 3000, "ä" * 3000, "語" * 3000, "😀" * 3000, "\ud800" * 3000])
def test_a_message_is_shorter_than_16_kb_whatever_names_there_are(name: str) -> None:
    lines = failures_in_lines([failed(f"{name}{number}", f"Odd {number}.") for number in range(30)])
    assert len(as_message(lines).encode("utf-8", "replace")) <= MESSAGE
    assert len(str(InvalidInput(f"{name}{number}" for number in range(10_000))).encode("utf-8", "replace")) <= MESSAGE


def test_only_the_longest_lines_are_cut() -> None:
    assert fitting(["short", "x" * 50, "y" * 20], 60) == ["short", f"{'x' * 29}…", "y" * 20]
    assert fitting(["a", "b"], 4) == ["a", "b"]
    assert fitting([], 4) == []


def test_no_character_is_cut_in_two() -> None:
    assert cut("ää", 4) == "ää"
    assert cut("äää", 5) == "ä…"


def test_the_first_twenty_faults_are_told_and_the_others_counted() -> None:
    lines = str(InvalidInput(f"fault {number}" for number in range(10_000))).splitlines()
    assert lines[0] == "10,000 faults in the input:"
    assert lines[1] == "(1) fault 0"
    assert lines[-2:] == ["(20) fault 19", "and 9,980 more"]
    assert "more" not in str(InvalidInput(f"fault {number}" for number in range(20)))
