# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page and the CSV file: every name is text, and never markup or a formula."""

from __future__ import annotations

import csv
import io
import json
import time
from html.parser import HTMLParser
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.csv_text import COLUMNS, csv_text
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.page import (
    csp_hash,
    render_page,
    script_data,
)
from hypothesis import given
from hypothesis import strategies as st

from .given import NAMES, NEXT_DAY, entry, report_named, report_on, share

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


class Elements(HTMLParser):
    """The elements of a page, the texts in them and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append((self.tags[-1] if self.tags else "", data))

    def of(self, tag: str) -> list[str]:
        return [text for where, text in self.texts if where == tag]


def report_of(name: str = "payments", *statuses: str) -> dict[str, Any]:
    """The report on a workload of this name with a share in each of the statuses."""
    shares = [share(f"{number:012d}", status) for number, status in enumerate(statuses)]
    return report_on(entry(*shares, id="0", arn="arn", name=name))


def items(data: dict[str, Any], column: str) -> list[str]:
    """The name of the item of each share in the data for the script."""
    return [data["columns"][column]["items"][item][0] for item in data["columns"][column]["of"]]


class TestThePage:
    @pytest.mark.parametrize("name", NAMES)
    def test_has_names_as_text(self, name: str) -> None:
        plain, named = (Elements(render_page(report_named(text))) for text in ("plain", name))
        assert named.tags == plain.tags
        assert len(named.attributes) == len(plain.attributes)
        for tag in ("title", "h1", "bdi", "b", "td", "li", "span", "code", "del"):
            assert named.of(tag) == [text.replace("plain", name) for text in plain.of(tag)]
        assert named.of("title")[0] == name
        assert named.of("bdi").count(name) == 12

    @pytest.mark.parametrize("name", [*NAMES, "<!-- <script>", "&lt;"])
    def test_keeps_its_data_inside_their_script_element(self, name: str) -> None:
        data = script_data(report_of(name, "ACCEPTED"))
        assert data.isascii()
        assert not set("<>&") & set(data)
        assert items(json.loads(data), "resource") == [name]

    def test_has_its_data_as_columns(self) -> None:
        data = json.loads(script_data(report_of("a", "ACCEPTED", "FAILED", "FAILED")))
        assert items(data, "status") == ["ACCEPTED", "FAILED", "FAILED"]
        assert items(data, "attention") == ["", "failed", "failed"]
        assert data["reasons"] == {"failed": "Failed"}

    def test_has_the_age_of_an_invitation_beside_its_status(self) -> None:
        """With its script and without, and in what needs attention."""
        before = report_of("a", "PENDING", "ACCEPTED")
        assert '<span class="quiet age">' not in render_page(before)
        report = report_on(
            *(entry(share(f"{0:012d}", "PENDING"), id="0", arn="arn", name="a"),), before=before, now=NEXT_DAY
        )
        with_script, _tag, without = render_page(report).partition("<noscript>")
        cell = ' PENDING <span class="quiet age">pending for 1 of 7 days</span></td>'
        assert (with_script.count(cell), without.count(cell)) == (1, 1)
        assert items(json.loads(script_data(report)), "pending_age") == ["pending for 1 of 7 days"]

    def test_lists_the_most_urgent_shares_first_without_its_script(self) -> None:
        report = report_of("a", "ACCEPTED", "PENDING", "EXPIRED", "FAILED")
        without = render_page(report, limit=3).partition("<noscript>")[2]
        positions = [without.find(f"{status}</td>") for status in ("FAILED", "EXPIRED", "PENDING", "ACCEPTED")]
        assert 0 < positions[0] < positions[1] < positions[2]
        assert positions[3] == -1
        assert "And 1 more." in without
        assert "more. The CSV file" not in render_page(report, limit=4)

    def test_lets_only_its_own_script_and_style_work(self) -> None:
        text = render_page(report_of("a", "ACCEPTED"))
        elements = Elements(text)
        script = text.rpartition("<script>")[2].partition("</script>")[0]
        style = text.partition("<style>")[2].partition("</style>")[0]
        policy = next(value for name, value in elements.attributes if name == "content" and "default-src" in str(value))
        assert policy == (
            f"default-src 'none'; script-src {csp_hash(script)}; style-src {csp_hash(style)}; "
            "base-uri 'none'; form-action 'none'"
        )
        # Source of the value: CSP Level 3, section 8.4.
        assert csp_hash("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"

    def test_links_only_to_itself(self) -> None:
        elements = Elements(render_page(report_named("a")))
        links = {value for name, value in elements.attributes if name in ("src", "href", "action")}
        assert links == {"#declared-0", "#declared-1"}
        assert links <= {f"#{value}" for name, value in elements.attributes if name == "id"}


def cells(name: str) -> str:
    """The resource's name in the CSV file."""
    return next(csv.DictReader(io.StringIO(csv_text(report_of(name, "ACCEPTED")), newline="")))["resource_name"]


class TestTheCsvFile:
    @pytest.mark.parametrize(
        ("name", "cell"),
        [
            *((f"{sign}1", f"'{sign}1") for sign in SIGNS),
            ("  =1", "  '=1"),
            ("\u00a0=1", "\u00a0'=1"),
            ("\ufeff=1", "\ufeff'=1"),
            ("\u200b=1", "\u200b'=1"),
            ("\x00=1", "\x00'=1"),
            ('"=1', "\"'=1"),
            ("\ttab", "'\ttab"),
            ("\t=1", "'\t'=1"),
            ("a;=1+1", "a;'=1+1"),
            ('a; "=1+1', "a; \"'=1+1"),
            ("a|@b", "a|'@b"),
            ("two\n-lines", "two\n'-lines"),
            *(
                (name, name)
                for name in ("a=b", "a - b", "comma, here", 'a "quote"', "two\nlines", "a; b", "it's", *NAMES)
            ),
        ],
    )
    def test_has_an_apostrophe_before_what_a_spreadsheet_takes_for_a_formula(self, name: str, cell: str) -> None:
        assert cells(name) == cell

    @given(name=st.text(alphabet=st.sampled_from([*SIGNS, *";|\t\r\n,\"' a1\ufeff\u202e"]), max_size=8))
    def test_has_no_formula_whatever_separates_its_cells(self, name: str) -> None:
        text = csv_text(report_of(name, "ACCEPTED"))
        for separator in ",;|\t":
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                for cell in row:
                    assert not cell.strip(' "\ufeff\u202e\t\r\n').startswith(tuple(SIGNS)), (separator, cell)

    @pytest.mark.parametrize("run", ["\n", ";", "\n =", '"'])
    def test_takes_time_in_proportion_to_the_length_of_a_cell(self, run: str) -> None:
        start = time.process_time()
        csv_text(report_of(run * 50_000, "ACCEPTED"))
        assert time.process_time() - start < 1

    @pytest.mark.parametrize("name", NAMES)
    def test_has_names_as_they_are(self, name: str) -> None:
        (row,) = csv.DictReader(io.StringIO(csv_text(report_named(name)), newline=""))
        assert (row["owner"], row["principal_name"], row["status_message"]) == (name, name, name)

    def test_has_a_line_of_headings(self) -> None:
        assert csv_text(report_on(owners=[])) == f"{','.join(COLUMNS)}\r\n"
