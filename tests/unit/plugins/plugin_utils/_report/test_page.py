# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page: names are text in it, data stay inside their script element, and it needs nothing but itself."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.page import (
    csp_hash,
    data_for_script,
    page,
)

from .names import NAMES, report_named_all_over, report_of_name


class Elements(HTMLParser):
    """The elements of a page: how many of each, and the texts in them."""

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


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_text_wherever_it_stands(name: str) -> None:
    plain, named = (Elements(page(report_named_all_over(text))) for text in ("plain", name))
    assert named.tags == plain.tags
    assert len(named.attributes) == len(plain.attributes)
    for tag in ("title", "h1", "bdi", "b", "td", "li", "span", "code", "del"):
        assert named.of(tag) == [text.replace("plain", name) for text in plain.of(tag)]
    assert named.of("title")[0] == name
    assert named.of("bdi").count(name) == 12


@pytest.mark.parametrize("name", [*NAMES, "a\u2028b\u2029c", "<!-- <script>", "&lt;"])
def test_the_data_stay_inside_their_script_element(name: str) -> None:
    data = data_for_script(report_of_name(name, "ACCEPTED"))
    assert data.isascii()
    assert not set("<>&") & set(data)
    assert json.loads(data)["resources"][0][0] == name


def test_a_share_is_numbers_into_tables() -> None:
    data = json.loads(data_for_script(report_of_name("a", "ACCEPTED", "FAILED")))
    assert data["statuses"] == ["ACCEPTED", "FAILED"]
    assert data["reasons"] == [["failed", "Failed", "critical"]]
    assert data["shares"] == [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1], [0, 1, 1, 0, 0, 0, 0, 1, 0, 0, -1]]


def test_an_invitation_has_its_age_beside_its_status() -> None:
    """With scripts and without, and among what needs attention."""
    report = report_of_name("a", "PENDING", "ACCEPTED")
    assert '<span class="quiet age">' not in page(report)
    for share in (report["resources"][0]["shares"][0], report["attention"][0]["shares"][0]):
        assert share["status"] == "PENDING"
        share["pending_age"] = "pending for 5 of 7 days"
    with_scripts, _tag, without = page(report).partition("<noscript>")
    cell = ' PENDING <span class="quiet age">pending for 5 of 7 days</span></td>'
    assert (with_scripts.count(cell), without.count(cell)) == (1, 1)
    data = json.loads(data_for_script(report))
    assert [data["ages"][share[6]] for share in data["shares"]] == ["pending for 5 of 7 days", ""]


def test_rows_without_scripts_are_limited_and_begin_with_the_most_urgent() -> None:
    report = report_of_name("a", "ACCEPTED", "PENDING", "EXPIRED", "FAILED")
    without_scripts = page(report, limit=3).partition("<noscript>")[2]
    positions = [without_scripts.find(f"{status}</td>") for status in ("FAILED", "EXPIRED", "PENDING", "ACCEPTED")]
    assert positions[:3] == sorted(positions[:3])
    assert positions[0] > 0
    assert positions[3] == -1
    assert "And 1 more" in without_scripts
    assert " more: they are in the CSV" not in page(report, limit=4)


def test_the_policy_lets_only_the_page_s_own_script_and_style_work() -> None:
    text = page(report_of_name("a", "ACCEPTED"))
    elements = Elements(text)
    script = text.rpartition("<script>")[2].partition("</script>")[0]
    style = text.partition("<style>")[2].partition("</style>")[0]
    policy = next(value for name, value in elements.attributes if name == "content" and "default-src" in str(value))
    assert policy == (
        f"default-src 'none'; script-src {csp_hash(script)}; style-src {csp_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not {"src", "href", "action"} & {name for name, _value in elements.attributes}


def test_it_links_to_itself_only() -> None:
    elements = Elements(page(report_named_all_over("a")))
    links = {value for name, value in elements.attributes if name in ("src", "href", "action")}
    anchors = {f"#{value}" for name, value in elements.attributes if name == "id"}
    assert links == {"#declared-0", "#declared-1"}
    assert links <= anchors


def test_it_says_what_deleting_the_share_of_a_lens_does_not_do() -> None:
    assert "does not take the lens away from workloads that already use it" in page(report_of_name("a"))


def test_the_hash_is_that_of_the_specification() -> None:
    # Source: CSP Level 3, section 8.4, with the script alert('Hello, world.');
    expected = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
    assert csp_hash("alert('Hello, world.');") == expected
