# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A name means itself first; wildcards match only where nothing has exactly that name, and a backslash escapes them."""

from __future__ import annotations

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.names import (
    choose_by_name,
    has_wildcards,
    name_pattern,
)

ODD = ["{}", "{0}", "%s", "100%", "'", '"', "<b>", "{{ x }}", "[a]", "a.b", "a|b", "^$", "(", "🚀", "سلام", "a\nb", ""]


@pytest.mark.parametrize(
    ("text", "names", "chosen"),
    [
        ("Ready", ["Ready", "ReadyX"], ["Ready"]),
        ("Ready?", ["Ready?", "ReadyX"], ["Ready?"]),
        ("Ready?", ["ReadyX", "ReadyY", "Ready", "ReadyXY"], ["ReadyX", "ReadyY"]),
        ("*", ["*", "Other"], ["*"]),
        ("*", ["Other", ""], ["Other", ""]),
        ("*prod*", ["prod", "a prod b", "Prod"], ["prod", "a prod b"]),
        (r"Ready\?", ["Ready?", "ReadyX"], ["Ready?"]),
        (r"Ready\?", ["ReadyX", r"Ready\X"], []),
        (r"\*\*", ["**", "ab"], ["**"]),
        (r"\*prod*", ["*prod 1", "xprod 1"], ["*prod 1"]),
        (r"C:\Payments", [r"C:\Payments", "C:Payments"], [r"C:\Payments"]),
        (r"C:\\Payments", [r"C:\Payments", "C:Payments"], [r"C:\Payments"]),
        (r"C:\\*", [r"C:\a", r"C:\*", "C:*"], [r"C:\a", r"C:\*"]),
        (r"Ready\?", [r"Ready\?", "Ready?"], [r"Ready\?"]),  # exactly this name, backslash and all
        ("end\\", ["end\\", "end"], ["end\\"]),
        ("Twice", ["Twice", "Twice"], ["Twice", "Twice"]),
    ],
)
def test_what_a_text_means(text: str, names: list[str], chosen: list[str]) -> None:
    assert choose_by_name(text, names, str) == chosen


@pytest.mark.parametrize("name", ODD)
def test_every_name_means_itself_and_is_matched_by_a_wildcard(name: str) -> None:
    assert choose_by_name(name, [*ODD, "x"], str) == [name]
    assert name_pattern("*").fullmatch(name)
    assert name_pattern(f"{name}*").fullmatch(f"{name} and more\n")
    assert not name_pattern(f"{name}?").fullmatch(name)
    assert not has_wildcards(name)


@pytest.mark.parametrize(
    ("text", "wild"), [("a*", True), ("a?", True), (r"a\*", False), (r"a\?", False), (r"a\\*", True), ("a\\", False)]
)
def test_whether_a_text_has_wildcards(text: str, wild: bool) -> None:
    assert has_wildcards(text) is wild
