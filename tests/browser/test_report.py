# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What only a browser shows of the report: its matrix, list, filters, groups and sorting, light and dark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from .fabricated import landscape, organization, resource, share
from .pages import NOW, choose, click, dark, opened, report_on, texts, type_words, write_page

PAYMENTS, LEDGER, RISK = "111122223333", "222233334444", "333344445555"
HUB, ANA, ORGANIZATION = "999988887777", "444455556666", "o-abcdefghij"
ROLE = f"arn:aws:iam::{ANA}:role/ci/Deploy"
EU, US = "eu-west-1", "us-east-1"
SCRIPT = "<script>alert(1)</script> {{ 1 / 0 }} {} %s"
IMAGE = '"><img src=x onerror=alert(1)>'
HEBREW = "\u05ea\u05e9\u05dc\u05d5\u05de\u05d9\u05dd 12"
PLACES = [
    {"account_id": PAYMENTS, "region": EU, "name": "payments"},
    {"account_id": PAYMENTS, "region": US, "name": "payments"},
    {"account_id": LEDGER, "region": EU, "name": SCRIPT},
    {"account_id": LEDGER, "region": US, "name": SCRIPT, "skipped": "the account has not enabled the Region"},
    {"account_id": RISK, "region": EU, "name": "risk", "error": IMAGE},
]


def owned(kind: str, name: str, number: int, account: str, region: str, *shares: dict[str, Any]) -> dict[str, Any]:
    found = resource(kind, name, number, account)
    return {"resource": {**found, "arn": found["arn"].replace(EU, region)}, "shares": list(shares)}


RESOURCES = [
    owned(
        "workload",
        "api",
        1,
        PAYMENTS,
        EU,
        share(HUB, "ACCEPTED", "CONTRIBUTOR"),
        share(ANA, "EXPIRED", "READONLY", share_id="e"),
        share(ORGANIZATION, "FAILED", "READONLY", status_message=f"Not enabled {IMAGE}"),
    ),
    owned("workload", SCRIPT, 2, PAYMENTS, US, share(HUB, "PENDING", "READONLY", share_id="w")),
    owned(
        "lens",
        HEBREW,
        3,
        LEDGER,
        EU,
        share(HUB, share_id="l"),
        share(ROLE, "REVOKED"),
        share(ORGANIZATION, "ASSOCIATED"),
    ),
    owned("workload", "alone", 4, LEDGER, EU),
]
DECLARED = [
    {"kind": "workload", "name": "api", "shared_with": HUB, "until": "2026-01-30", "reason": IMAGE, "where": SCRIPT},
    {"kind": "workload", "name": "planned", "shared_with": ANA, "where": "resources[1]", "account_id": LEDGER},
]


@pytest.fixture(scope="module")
def written(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page that knows what is declared, and what changed since four days before."""
    before = report_on(RESOURCES[:2], PLACES, "localhost", NOW - timedelta(days=4), declared=DECLARED)
    path = tmp_path_factory.mktemp("report") / "report.html"
    return write_page(path, RESOURCES, PLACES, "localhost", before, declared=DECLARED, principals={"Reviews": HUB})


@pytest.fixture
def page(chromium: Any, written: Path) -> Iterator[Any]:
    """The browser with the page just opened. In the end, its console has no error and nothing was requested."""
    yield opened(chromium, written.as_uri())
    assert chromium.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in chromium.get_log("performance")]
    requests = {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}
    assert {url.partition("#")[0] for url in requests} <= {written.as_uri(), "about:blank"}


def matrix(page: Any) -> dict[str, dict[str, str]]:
    """Row → column → cell of the matrix, where there is a share, in the order of the page. Groups are in brackets."""
    script = """
    const names = [...document.querySelectorAll("#matrix thead th:not(.corner) b")].map((name) => name.textContent);
    return [...document.querySelectorAll("#matrix tbody tr")].map((row) => {
      const head = row.querySelector("th");
      const name = head.querySelector("b").textContent;
      return [head.classList.contains("group-head") ? `[${name}]` : name,
        [...row.querySelectorAll("td")].map((cell, at) => [names[at], cell.getAttribute("aria-label")])];
    });
    """
    return {row: {column: cell for column, cell in cells if cell} for row, cells in page.execute_script(script)}


def listed(page: Any, *titles: str) -> list[tuple[str, ...]]:
    """The cells in these columns of the list, row by row."""
    click(page, "[data-view=list]")
    heads = [head.rstrip(" ↕▲▼") for head in texts(page, "#list thead th")]
    columns = (texts(page, f"#list tbody td:nth-child({heads.index(title) + 1})") for title in titles)
    return list(zip(*columns))


class TestTheMatrix:
    def test_has_each_share_in_its_cell(self, page: Any) -> None:
        assert matrix(page) == {
            "alone": {},
            "api": {ORGANIZATION: "FAILED, READONLY", ANA: "EXPIRED, READONLY", "Reviews": "ACCEPTED, CONTRIBUTOR"},
            SCRIPT: {"Reviews": "PENDING, READONLY"},
            HEBREW: {ORGANIZATION: "ASSOCIATED", "Reviews": "ACCEPTED", "role/ci/Deploy": "REVOKED"},
        }

    def test_shows_each_status_by_sign_shape_and_word(self, page: Any) -> None:
        script = """
        return Object.fromEntries([...document.querySelectorAll("#matrix td .mark")].map((mark) => [mark.dataset.s, [
          getComputedStyle(mark, "::before").content.replaceAll('"', ""), getComputedStyle(mark).borderTopStyle,
          getComputedStyle(mark).borderTopLeftRadius, mark.parentNode.innerText]]));
        """
        assert page.execute_script(script) == {
            "ACCEPTED": ["✓", "solid", "10px", "ACCEPTED"],
            "ASSOCIATED": ["✓", "solid", "10px", "ASSOCIATED"],
            "PENDING": ["…", "dashed", "10px", "PENDING"],
            "FAILED": ["!", "solid", "0px", "FAILED"],
            "EXPIRED": ["◷", "solid", "0px", "EXPIRED"],
            "REVOKED": ["⊘", "solid", "0px", "REVOKED"],
        }

    def test_can_be_sorted_and_swapped(self, page: Any) -> None:
        column = "#matrix thead th:nth-child(2) button"  # The organization
        click(page, column)
        assert list(matrix(page))[:2] == ["api", HEBREW]
        click(page, column)
        assert next(iter(matrix(page))) == HEBREW
        choose(page, "[data-order=rows]", "name")
        assert list(matrix(page)) == [SCRIPT, "alone", "api", HEBREW]
        choose(page, "[data-order=rows]", "most inactive")
        assert list(matrix(page))[:2] == ["api", HEBREW]
        choose(page, "[data-order=columns]", "name")
        before = matrix(page)
        click(page, "[data-swap]")
        after = matrix(page)
        assert {(row, column) for row in before for column in before[row]} == {
            (column, row) for row in after for column in after[row]
        }

    def test_is_walked_through_by_keys_and_describes_each_cell(self, page: Any) -> None:
        choose(page, "#group", "owner")
        page.execute_script("document.querySelector('#matrix td[data-at]').focus()")
        found = []
        for key in ("\ue014", "\ue015", "\ue015", "\ue015", "\ue013"):  # right, down three times over a heading, up
            page.switch_to.active_element.send_keys(key)
            found.append(page.switch_to.active_element.get_attribute("data-at"))
        assert found == ["1 1", "2 1", "4 1", "5 1", "4 1"]
        assert "ACCEPTED · CONTRIBUTOR" not in page.find_element("id", "detail").text
        page.execute_script("document.querySelector('#matrix td.active').focus()")
        assert "first seen 20" in page.find_element("id", "detail").text

    @pytest.mark.parametrize(
        ("name", "rows"),
        [
            ("owner", [f"[{SCRIPT}]", "alone", HEBREW, "[payments]", SCRIPT, "api"]),
            ("region", [f"[{EU}]", "alone", "api", HEBREW, f"[{US}]", SCRIPT]),
            ("kind", ["[lens]", HEBREW, "[workload]", SCRIPT, "alone", "api"]),
        ],
    )
    def test_has_a_heading_for_each_group(self, page: Any, name: str, rows: list[str]) -> None:
        choose(page, "#group", name)
        assert list(matrix(page)) == rows


class TestTheList:
    def test_has_a_row_for_each_share(self, page: Any) -> None:
        assert listed(page, "Resource", "Owner", "Region", "Principal", "Status") == [
            (SCRIPT, f"payments {PAYMENTS}", US, f"Reviews {HUB}", "PENDING pending for 4 of 7 days"),
            ("api", f"payments {PAYMENTS}", EU, f"Reviews {HUB}", "ACCEPTED"),
            ("api", f"payments {PAYMENTS}", EU, ANA, "EXPIRED"),
            ("api", f"payments {PAYMENTS}", EU, ORGANIZATION, "FAILED"),
            (HEBREW, f"{SCRIPT} {LEDGER}", EU, f"Reviews {HUB}", "ACCEPTED"),
            (HEBREW, f"{SCRIPT} {LEDGER}", EU, f"role/ci/Deploy {ANA}", "REVOKED"),
            (HEBREW, f"{SCRIPT} {LEDGER}", EU, ORGANIZATION, "ASSOCIATED"),
        ]
        assert listed(page, "Message", "Until", "Reason", "Declared")[1:4] == [
            ("", "2026-01-30", IMAGE, SCRIPT),
            ("", "", "", "not declared"),
            (f"Not enabled {IMAGE}", "", "", "not declared"),
        ]

    def test_can_be_sorted_by_each_column(self, page: Any) -> None:
        click(page, "[data-view=list]")
        for number in range(1, len(texts(page, "#list thead th")) + 1):
            states = []
            for _click in range(3):
                click(page, f"#list thead th:nth-child({number}) button")
                states.append(
                    page.find_element("css selector", f"#list thead th:nth-child({number})").get_attribute("aria-sort")
                )
            assert states == ["ascending", "descending", "none"]
        click(page, "#list thead th:nth-child(7) button")
        assert [row[0].split()[0] for row in listed(page, "Status")][:3] == ["FAILED", "EXPIRED", "REVOKED"]

    def test_sums_up_its_groups_which_open_and_close(self, page: Any) -> None:
        click(page, "[data-view=list]")
        choose(page, "#group", "owner")
        assert texts(page, "#list th[scope=rowgroup]") == [
            f"{SCRIPT} {LEDGER} 3 shares · 2 active · 1 inactive · 3 needing attention",
            f"payments {PAYMENTS} 4 shares · 2 active · 2 inactive · 4 needing attention",
        ]
        assert len(listed(page, "Resource")) == 7
        click(page, "#list [data-group]")
        assert page.switch_to.active_element.get_attribute("aria-expanded") == "false"
        assert len(listed(page, "Resource")) == 4

    def test_links_to_what_is_declared(self, page: Any) -> None:
        click(page, "[data-view=list]")
        click(page, "#list a")
        assert texts(page, "tr:target td:first-child") == [SCRIPT]
        assert page.execute_script(
            "return document.querySelector('tr:target').getBoundingClientRect().top < innerHeight"
        )


class TestTheFilter:
    @pytest.mark.parametrize(
        ("words", "resources"),
        [
            ("api", ["api"] * 3),
            ("API expired", ["api"]),
            (f"{PAYMENTS} {US}", [SCRIPT]),
            ("inactive", ["api", "api", HEBREW]),
            ("active api", ["api"]),
            ("reviews contributor", ["api"]),
            ("onerror 2026-01", ["api"]),
            ("<script>", [SCRIPT, HEBREW, HEBREW, HEBREW]),
            (HEBREW.split()[0], [HEBREW] * 3),
            ("unknown", []),
        ],
    )
    def test_finds_words_anywhere(self, page: Any, words: str, resources: list[str]) -> None:
        type_words(page, words)
        assert [row[0] for row in listed(page, "Resource")] == resources

    @pytest.mark.parametrize(
        ("name", "value", "rows"),
        [
            ("owner", "payments", [SCRIPT, "api"]),
            ("region", US, [SCRIPT]),
            ("kind", "lens", [HEBREW]),
            ("principal", "Reviews", [SCRIPT, "api", HEBREW]),
        ],
    )
    def test_shows_one_owner_region_kind_or_principal(self, page: Any, name: str, value: str, rows: list[str]) -> None:
        choose(page, f"[data-only={name}]", value)
        assert list(matrix(page)) == rows

    def test_combines_with_statuses_and_reasons_until_it_is_reset(self, page: Any) -> None:
        choose(page, "[data-only=owner]", "payments")
        click(page, "[data-status=EXPIRED]")
        click(page, "[data-status=PENDING]")
        assert list(matrix(page)) == [SCRIPT, "api"]
        click(page, "[data-reason=expired]")
        assert list(matrix(page)) == ["api"]
        assert texts(page, "#found-text") == ["1 of 7 shares, 1 resource \u00d7 1 principal, expired only"]
        click(page, "#reset")
        assert len(matrix(page)) == 4
        assert page.execute_script("return document.querySelector('[data-only=owner]').selectedIndex") == 0

    def test_finds_a_resource_without_shares(self, page: Any) -> None:
        type_words(page, "alone")
        assert texts(page, "#matrix .empty") == ["Not shared."]
        assert texts(page, "#matrix tbody b") == ["alone"]


class TestThePage:
    def test_counts_what_needs_attention_and_what_changed(self, page: Any) -> None:
        assert dict(zip(texts(page, ".tile dt"), texts(page, ".tile dd"))) == {
            "need attention": "8",
            "active shares": "4",
            "inactive shares": "3",
            "resources": "4",
            "principals": "4",
            "not shared": "1",
            "declared, not shared": "1",
        }
        assert texts(page, "details.group summary b") == [
            "Failed",
            "Ended, but still shared",
            "Expired",
            "Revoked",
            "Pending too long",
            "Not declared",
            "Declared, but not shared",
            "Shared with an organization",
        ]
        assert texts(page, ".timeline summary .change") == ["3 added"]
        assert texts(page, "#declaration tbody td:last-child") == ["1 still active", "1 not shared"]
        assert texts(page, ".banner li") == [f"risk {RISK} in {EU}: {IMAGE}"]
        assert texts(page, ".aside summary") == ["Skipped: 1 place"]

    def test_runs_no_script_but_its_own(self, page: Any) -> None:
        # An alert would have made every command fail.
        assert page.execute_script("return document.scripts.length") == 2
        assert page.execute_script("return document.querySelectorAll('img, #matrix script').length") == 0
        assert page.execute_script("return document.querySelector('[onerror]') === null")

    def test_leaves_the_text_beside_a_name_from_right_to_left_in_order(self, page: Any) -> None:
        script = """
        document.querySelectorAll("details").forEach((one) => (one.open = true));
        const cells = [...document.querySelectorAll("details td")];
        const cell = cells.find((one) => one.textContent.startsWith(arguments[0]));
        const text = cell.querySelector(".quiet").firstChild;
        const range = document.createRange();
        const left = (at) => (range.setStart(text, at), range.setEnd(text, at + 1), range.getBoundingClientRect().left);
        return [cell.querySelector("b").getBoundingClientRect().right, left(0), left(1), left(3)];
        """
        places = page.execute_script(script, HEBREW)
        assert places == sorted(places)

    def test_follows_the_system_into_the_dark(self, page: Any) -> None:
        def brightness(selector: str, style: str) -> float:
            color = page.execute_script(f"return getComputedStyle(document.querySelector('{selector}')).{style}")
            return sum(float(part) for part in color.strip("rgba()").split(",")[:3]) / 3

        for view in ("matrix", "list"):
            click(page, f"[data-view={view}]")
            for is_dark in (True, False):
                dark(page, is_dark)
                for selector in ("h1", f"#{view} b", f"#{view} .mark[data-s=EXPIRED]", ".advice", "#found"):
                    assert (brightness(selector, "color") > 110) is is_dark, selector
                for selector in ("body", f"#{view} thead th", ".tile", "#filter"):
                    assert (brightness(selector, "backgroundColor") < 110) is is_dark, selector

    def test_fits_a_phone(self, page: Any) -> None:
        size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
        page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        try:
            for view in ("matrix", "list"):
                click(page, f"[data-view={view}]")
                assert page.execute_script("return document.documentElement.scrollWidth") == 390
        finally:
            page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def test_is_all_there_without_its_script(self, page: Any, written: Path) -> None:
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            page.get(written.as_uri())
            rows = page.find_elements("css selector", "noscript tbody tr")
            assert len(rows) == 7
            assert "FAILED" in rows[0].text
            page.find_element("css selector", "noscript td:last-child a").click()
            assert page.find_element("css selector", "tr:target code").text == SCRIPT
            assert not page.find_element("id", "tools").is_displayed()
        finally:
            page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    def test_goes_on_paper_as_it_is_shown_with_everything_open(self, page: Any) -> None:
        page.execute_script("dispatchEvent(new Event('beforeprint'))")
        assert page.find_element("id", "matrix").is_displayed()
        assert not page.find_elements("css selector", "details:not([open])")
        page.execute_script("dispatchEvent(new Event('afterprint'))")
        assert page.find_elements("css selector", "details:not([open])")


def cells(page: Any, selector: str) -> int:
    return page.execute_script("return document.querySelectorAll(arguments[0]).length", selector)


def test_a_large_matrix_has_only_what_is_in_view(chromium: Any, tree: Path, tmp_path: Path) -> None:
    """200 resources by 300 principals, nearly every cell with a share. The longer side goes down the page."""
    resources, names = landscape(200, 300)
    path = write_page(tmp_path / "large.html", resources, [], principals={name: one for one, name in names.items()})
    page = opened(chromium, path.as_uri())
    assert texts(page, "#found-text") == ["59840 of 59840 shares, 200 resources \u00d7 300 principals"]
    assert 0 < cells(page, "#matrix td") < 3000
    script = """
    const [matrix, done] = [document.getElementById("matrix"), arguments[0]];
    [matrix.scrollTop, matrix.scrollLeft] = [1e6, 1e6];
    requestAnimationFrame(() => requestAnimationFrame(() => done(
      [...matrix.querySelectorAll("td[data-at]")].at(-1).dataset.at)));
    """
    assert page.execute_async_script(script) == "299 199"
    type_words(page, "payments pending")
    assert 0 < cells(page, "#matrix td") < 3000
    type_words(page, "")
    page.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert cells(page, "#list tbody tr") == 3000
    assert page.get_log("browser") == []


def test_many_owners_are_read_owner_by_owner(chromium: Any, tree: Path, tmp_path: Path) -> None:
    """20,480 shares of 320 accounts in four Regions with their hub."""
    resources, places = organization(320, (EU, US, "eu-central-1", "ap-southeast-2"), 16, (HUB,))
    page = opened(chromium, write_page(tmp_path / "many.html", resources, places).as_uri())
    assert (cells(page, "#list th[scope=rowgroup]"), cells(page, "#list td")) == (200, 0)
    click(page, "#list-next")
    assert cells(page, "#list th[scope=rowgroup]") == 320
    choose(page, "#group", "region")
    click(page, "#list [data-group]")
    assert cells(page, "#list tbody tr:has(td)") == 3001
    assert page.get_log("browser") == []
