# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the report's files say: CSV that is no formula, JSON that stays inside its script element."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.filter.csp_hash import csp_hash
from ansible_collections.wellarchitected.sharing.plugins.filter.share_report import share_report
from ansible_collections.wellarchitected.sharing.plugins.filter.share_report_csv import COLUMNS, share_report_csv
from ansible_collections.wellarchitected.sharing.plugins.filter.share_report_files import share_report_files

ANA = "444455556666"


def report_on(name: str, *statuses: str) -> dict[str, Any]:
    shares = [
        {"shared_with": f"{number:012d}", "status": status, "share_id": f"s-{number}"}
        for number, status in enumerate(statuses)
    ]
    resource = {"kind": "lens", "id": "arn", "arn": "arn", "name": name}
    return share_report([("production", [{"resource": resource, "shares": shares}])], now="2026-01-31T12:00:00Z")


def rows(report: dict[str, Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(share_report_csv(report))))


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1"])
def test_a_formula_gets_an_apostrophe(name: str) -> None:
    assert rows(report_on(name, "ACCEPTED"))[0]["resource_name"] == f"'{name}"


@pytest.mark.parametrize("name", ["a=b", "comma, here", 'a "quote"', "two\nlines", "Ünïcode", "it's", ""])
def test_other_text_is_as_it_was(name: str) -> None:
    assert rows(report_on(name, "ACCEPTED"))[0]["resource_name"] == name


def test_an_empty_report_has_a_line_of_headings() -> None:
    assert share_report_csv(share_report([], now="2026-01-31T12:00:00Z")) == f"{','.join(COLUMNS)}\r\n"


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "<!-- <script>", "]]>", "a\u2028b\u2029c", "&lt;", "\\", '"']
)
def test_the_data_stay_inside_their_script_element(name: str) -> None:
    data = share_report_files(report_on(name, "ACCEPTED"))["data"]
    assert not set("<>&\u2028\u2029") & set(data)
    assert json.loads(data)["resources"][0][0] == name


def test_a_share_is_numbers_into_tables() -> None:
    data = json.loads(share_report_files(report_on("a", "ACCEPTED", "FAILED"))["data"])
    assert data["statuses"] == ["ACCEPTED", "FAILED"]
    assert data["reasons"] == [["failed", "Failed"]]
    assert data["shares"] == [[0, 0, 0, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0, 1]]


def test_the_json_is_the_whole_report() -> None:
    report = report_on("Ünïcode", "ACCEPTED")
    files = share_report_files(report)
    assert json.loads(files["json"]) == report
    assert "Ünïcode" in files["json"]


def test_rows_without_scripts_are_limited_and_begin_with_the_most_urgent() -> None:
    files = share_report_files(report_on("a", "ACCEPTED", "PENDING", "EXPIRED", "FAILED"), limit=3)
    assert [row["status"] for row in files["rows"]] == ["FAILED", "EXPIRED", "PENDING"]
    assert files["more"] == 1


def test_the_hash_is_that_of_the_specification() -> None:
    # Source: CSP Level 3, section 8.4, with the script alert('Hello, world.');
    expected = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
    assert csp_hash("alert('Hello, world.');") == expected
