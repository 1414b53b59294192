# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names as users write them: patterns, suggestions, escaping."""

from __future__ import annotations

import time

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._names import (
    count_noun,
    escape_controls,
    has_tags,
    is_pattern,
    matches,
    matches_loosely,
    nearest_names,
    suggestion,
    summarize_names,
    unescape,
)

COMPOSED, DECOMPOSED = "Caf\u00e9", "Cafe\u0301"


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("*", "", True),
        ("*", "anything\nat all", True),
        ("Prod*", "Prod", True),
        ("Prod*", "Prod secret", True),
        ("Prod*", "prod secret", False),
        ("*secret", "Prod secret", True),
        ("*secret", "secret Prod", False),
        ("P*s*t", "Prod secret", True),
        ("P*x*t", "Prod secret", False),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("ab*ba", "aba", False),
        ("?", "", False),
        ("?", "a", True),
        ("a?c", "abc", True),
        ("a?*c", "ac", False),
        (r"Prod\*", "Prod*", True),
        (r"Prod\*", "Prod secret", False),
        (r"\*\?", "*?", True),
        (r"a\\b*", r"a\b c", True),
        (r"a\b*", r"a\b c", True),
        ("[a-z]*", "[a-z] x", True),
        ("[a-z]*", "b", False),
        ("a.c*", "abc", False),
        (f"{COMPOSED}*", f"{DECOMPOSED} 1", True),
        (f"{DECOMPOSED}*", f"{COMPOSED} 1", True),
    ],
)
def test_a_pattern_matches_whole_names(pattern: str, name: str, expected: bool) -> None:
    assert matches(pattern, name) is expected


def test_many_wildcards_take_little_time() -> None:
    start = time.perf_counter()
    assert not matches("*a" * 30 + "b", "a" * 10_000)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("text", "expected"), [("a", False), ("a*", True), ("?", True), (r"a\*", False), (r"a\\*", True), ("", False)]
)
def test_only_an_unescaped_wildcard_makes_a_pattern(text: str, expected: bool) -> None:
    assert is_pattern(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [(r"a\*b", "a*b"), (r"a\\b", r"a\b"), (r"a\b", r"a\b"), (DECOMPOSED, COMPOSED)]
)
def test_a_name_without_wildcards_is_unescaped_and_normalized(text: str, expected: str) -> None:
    assert unescape(text) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"), [("prod*", True), ("PROD ONE", True), ("\uff30rod*", True), ("x*", False)]
)
def test_matching_loosely_ignores_case_and_form(pattern: str, expected: bool) -> None:
    assert matches_loosely(pattern, "Prod one") is expected


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ({}, True),
        ({"tier": "1"}, True),
        ({"tier": "1", "team": "pay*"}, True),
        ({"tier": "2"}, False),
        ({"tier": "1", "other": "*"}, False),
    ],
)
def test_all_tags_have_to_match(patterns: dict[str, str], expected: bool) -> None:
    assert has_tags({"tier": "1", "team": "payments"}, patterns) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café 100 %", "Café 100 %"),
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\u202eb", r"a\u202eb"),
        ("a\u2028b\u2029", r"a\u2028b\u2029"),
        ("a\nb", r"a\nb"),
        ("\u00a0", "\u00a0"),
    ],
)
def test_control_characters_are_escaped(text: str, expected: str) -> None:
    assert escape_controls(text) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("payment", ["Payments"]), ("allowed", ["allowed_principals"]), ("zzz", [])],
)
def test_the_nearest_names_are_suggested(word: str, expected: list[str]) -> None:
    assert nearest_names(word, ["Payments", "Search", "allowed_principals"]) == expected


def test_suggestions_and_summaries_are_parts_of_messages() -> None:
    assert suggestion("payment", ["Payments"]) == " (did you mean 'Payments'?)"
    assert suggestion("zzz", ["Payments"]) == ""
    assert summarize_names(["a", "b"], 2) == "a, b"
    assert summarize_names(list("abcd"), 2) == "a, b and 2 more"


@pytest.mark.parametrize(
    ("number", "noun", "expected"),
    [(0, "share", "0 shares"), (1, "share", "1 share"), (1200, "share", "1,200 shares"), (2, "lens", "2 lenses")],
)
def test_nouns_are_counted(number: int, noun: str, expected: str) -> None:
    assert count_noun(number, noun) == expected
