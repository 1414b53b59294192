# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as CSV: every name as it is, and no formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.content import report_on
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.csv_text import COLUMNS, csv_text
from hypothesis import given
from hypothesis import strategies as st

from .names import NAMES, NOW, report_named_all_over, report_of_name

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


def rows(report: dict[str, Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(report), newline="")))


def written(name: str) -> str:
    return rows(report_of_name(name, "ACCEPTED"))[0]["resource_name"]


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\u00a0=1", "\ufeff=1", "\u200b=1", "\x00=1", '"=1', "\uff1d1", "\ttab"],
)
def test_a_formula_gets_an_apostrophe(name: str) -> None:
    assert written(name) == f"'{name}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("a;=1+1", "a;'=1+1"),
        ('a; "=1+1', "a;' \"=1+1"),
        ("a|@b", "a|'@b"),
        ("two\n-lines", "two\n'-lines"),
    ],
)
def test_a_formula_where_another_import_begins_a_cell_gets_one_too(name: str, text: str) -> None:
    assert written(name) == text


@pytest.mark.parametrize(
    "name", ["a=b", "a - b", "comma, here", 'a "quote"', "two\nlines", "a; b", "Ünïcode", "it's", "", *NAMES]
)
def test_other_text_is_as_it_was(name: str) -> None:
    assert written(name) == name


@pytest.mark.parametrize("name", NAMES)
def test_names_of_owners_and_accounts_and_messages_are_as_they_were(name: str) -> None:
    (row,) = rows(report_named_all_over(name))
    assert (row["owner"], row["principal_name"], row["status_message"]) == (name, name, name)


@given(name=st.text(alphabet=st.sampled_from([*SIGNS, *";|\t\r\n,\"' a1\ufeff\u202e"]), max_size=8))
def test_no_cell_is_a_formula_whatever_separates_the_cells(name: str) -> None:
    text = csv_text(report_of_name(name, "ACCEPTED"))
    for separator in ",;|\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            for cell in row:
                assert not cell.strip(' "\ufeff\u202e\t\r\n').startswith(tuple(SIGNS)), (separator, cell)


def test_an_empty_report_has_a_line_of_headings() -> None:
    assert csv_text(report_on([], NOW)) == f"{','.join(COLUMNS)}\r\n"
