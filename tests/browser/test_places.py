# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The page of many owners in many regions: shown per row, filtered and grouped by, and quick with thousands of rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .fabricated import organization, resource, share
from .pages import choose, click, opened, seconds_to_open, seconds_to_run, texts, write_page

HUB, PARTNER = "999988887777", "444455556666"
PAYMENTS, LEDGER, RISK = "111122223333", "222233334444", "333344445555"
EU, US = "eu-west-1", "us-east-1"
SCRIPT = "<script>alert(1)</script> {{ 1 / 0 }} {} %s"
DENIED = '"><img src=x onerror=alert(1)> AccessDenied'
PLACES = [
    {"account_id": PAYMENTS, "region": EU, "name": SCRIPT},
    {"account_id": PAYMENTS, "region": US, "name": SCRIPT},
    {"account_id": LEDGER, "region": EU, "name": "ledger"},
    {"account_id": LEDGER, "region": US, "name": "ledger", "skipped": "the account has not enabled the region"},
    {"account_id": RISK, "region": EU, "name": SCRIPT, "error": DENIED},
    {"account_id": RISK, "region": US, "name": SCRIPT, "error": DENIED},
]


def owned(kind: str, name: str, number: int, account: str, region: str, *shares: dict[str, Any]) -> dict[str, Any]:
    made = resource(kind, name, number, account)
    return {"resource": {**made, "arn": made["arn"].replace(EU, region)}, "shares": list(shares)}


RESOURCES = [
    owned("workload", "api", 1, PAYMENTS, EU, share(HUB), share(PARTNER, "EXPIRED", share_id="e")),
    owned("workload", "web", 2, PAYMENTS, US, share(HUB, share_id="w")),
    owned("lens", "api", 3, LEDGER, EU, share(HUB, share_id="l")),
    owned("workload", "alone", 4, LEDGER, EU),
]


@pytest.fixture(scope="module")
def written(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("places") / "report.html"
    return write_page(path, RESOURCES, PLACES, "localhost", principals={"Reviews hub": HUB})


@pytest.fixture
def page(chromium: Any, written: Path) -> Any:
    return opened(chromium, written.as_uri())


def listed(page: Any, *columns: int) -> list[tuple[str, ...]]:
    """The cells of these columns of the list, from 1, row by row."""
    click(page, "#view-list")
    return list(zip(*(texts(page, f"#list tbody td:nth-child({column})") for column in columns)))


def rows(page: Any) -> list[str]:
    """The names in the matrix's rows, with those of groups in brackets."""
    script = """
    return [...document.querySelectorAll("#matrix tbody tr > th")].map((head) =>
      head.classList.contains("group-head") ? `[${head.textContent}]` : head.querySelector("b").textContent);
    """
    return page.execute_script(script)


class TestWhereThingsAre:
    def test_each_row_has_its_owner_and_region(self, page: Any) -> None:
        assert listed(page, 1, 3, 4) == [
            ("api", f"{SCRIPT} {PAYMENTS}", EU),
            ("api", f"{SCRIPT} {PAYMENTS}", EU),
            ("web", f"{SCRIPT} {PAYMENTS}", US),
            ("api", f"ledger {LEDGER}", EU),
        ]
        assert page.get_log("browser") == []

    def test_so_it_is_among_what_needs_attention_and_without_scripts(self, page: Any, written: Path) -> None:
        assert texts(page, "details.warning td:first-child") == [f"api workload of {SCRIPT} {PAYMENTS} in {EU}"]
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            page.get(written.as_uri())
            regions = [cell.text for cell in page.find_elements("css selector", "noscript td:nth-child(4)")]
            assert sorted(regions) == [EU, EU, EU, US]
        finally:
            page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    def test_one_owner_in_one_region_needs_neither(self, chromium: Any, tree: Path, tmp_path: Path) -> None:
        page = opened(chromium, write_page(tmp_path / "one.html", RESOURCES[:1], PLACES[:1]).as_uri())
        click(page, "#view-list")
        heads = [title.rstrip(" ↕") for title in texts(page, "#list thead th")]
        assert heads == ["Resource", "Kind", "Principal", "Permission", "Status", "First seen"]
        assert texts(page, "#choices label select") == ["every principal444455556666 (1)999988887777 (1)"]

    def test_places_that_could_not_be_read_are_told_with_the_reason(self, page: Any) -> None:
        assert texts(page, ".banner li") == [f"{SCRIPT} {RISK} in {EU}, {US}: {DENIED}"]
        assert "1 could not be read" in page.find_element("css selector", ".banner").text

    def test_places_that_were_passed_over_are_told_quietly(self, page: Any) -> None:
        aside = page.find_element("css selector", ".aside")
        assert aside.text == "Passed over: 1 place"
        assert texts(page, ".aside li") == [f"ledger {LEDGER} in {US}: the account has not enabled the region"]


class TestFilters:
    @pytest.mark.parametrize(
        ("name", "value", "found", "in_the_matrix"),
        [
            ("owner", "ledger", ["api"], ["alone", "api"]),
            ("region", US, ["web"], ["web"]),
            ("kind", "lens", ["api"], ["api"]),
            ("principal", PARTNER, ["api"], ["api"]),
            ("principal", "Reviews hub", ["api", "web", "api"], ["api", "web", "api"]),
        ],
    )
    def test_by_one(self, page: Any, name: str, value: str, found: list[str], in_the_matrix: list[str]) -> None:
        choose(page, f"[data-only={name}]", value)
        assert rows(page) == in_the_matrix
        assert [row[0] for row in listed(page, 1)] == found

    def test_by_all_together_and_by_words(self, page: Any) -> None:
        choose(page, "[data-only=owner]", SCRIPT)
        choose(page, "[data-only=region]", EU)
        assert listed(page, 1, 6) == [("api", ""), ("api", "")]
        choose(page, "[data-only=principal]", PARTNER)
        assert len(listed(page, 1)) == 1
        choose(page, "[data-only=principal]", "every")
        page.find_element("id", "filter").send_keys("expired")
        assert len(listed(page, 1)) == 1
        click(page, "#reset")
        assert len(listed(page, 1)) == 4
        assert page.execute_script("return document.querySelector('[data-only=owner]').selectedIndex") == 0

    def test_words_find_accounts_and_regions(self, page: Any) -> None:
        page.find_element("id", "filter").send_keys(f"{PAYMENTS} {US}")
        assert rows(page) == ["web"]


class TestGroups:
    @pytest.mark.parametrize(
        ("name", "groups"),
        [
            (
                "owner",
                [
                    f"{SCRIPT} {PAYMENTS} 3 shares · 2 live · 1 dead · 1 needing attention",
                    f"ledger {LEDGER} 1 share · 1 live",
                ],
            ),
            ("region", [f"{EU} 3 shares · 2 live · 1 dead · 1 needing attention", f"{US} 1 share · 1 live"]),
            (
                "principal",
                [f"{PARTNER} 1 share · 1 dead · 1 needing attention", f"Reviews hub {HUB} 3 shares · 3 live"],
            ),
            ("kind", ["lens 1 share · 1 live", "workload 3 shares · 2 live · 1 dead · 1 needing attention"]),
        ],
    )
    def test_the_list_sums_up_each_group(self, page: Any, name: str, groups: list[str]) -> None:
        click(page, "#view-list")
        choose(page, "#group", name)
        script = """
        return [...document.querySelectorAll("#list th[scope=rowgroup]")].map((head) =>
          head.innerText.replace(/\\s+/g, " ").trim());
        """
        assert page.execute_script(script) == groups
        assert len(listed(page, 1)) == 4
        assert page.get_log("browser") == []

    def test_a_group_can_be_closed_and_opened_again(self, page: Any) -> None:
        click(page, "#view-list")
        choose(page, "#group", "owner")
        click(page, "#list [data-group]")
        assert page.switch_to.active_element.get_attribute("aria-expanded") == "false"
        assert texts(page, "#list tbody td:nth-child(1)") == ["api"]
        click(page, "#list [data-group]")
        assert len(texts(page, "#list tbody td:nth-child(1)")) == 4

    def test_rows_are_sorted_within_their_group(self, page: Any) -> None:
        click(page, "#view-list")
        choose(page, "#group", "owner")
        for _direction in range(2):
            click(page, "#list thead th:first-child button")
        assert [row[0] for row in listed(page, 1)] == ["web", "api", "api", "api"]

    @pytest.mark.parametrize(
        ("name", "heads"),
        [
            ("owner", [f"[{SCRIPT} {PAYMENTS}]", "api", "web", f"[ledger {LEDGER}]", "alone", "api"]),
            ("region", [f"[{EU}]", "alone", "api", "api", f"[{US}]", "web"]),
            ("kind", ["[lens]", "api", "[workload]", "alone", "api", "web"]),
        ],
    )
    def test_the_matrix_has_a_heading_for_each_group(self, page: Any, name: str, heads: list[str]) -> None:
        choose(page, "#group", name)
        assert rows(page) == heads
        click(page, "#swap")
        assert not [row for row in rows(page) if row.startswith("[")]
        choose(page, "#group", "nothing")
        choose(page, "#group", name)
        assert rows(page) == heads

    def test_keys_pass_over_the_headings(self, page: Any) -> None:
        choose(page, "#group", "owner")
        page.execute_script("document.querySelector('#matrix td[data-at]').focus()")
        found = []
        for key in ("\ue015", "\ue015", "\ue013", "\ue013", "\ue013"):  # down twice, up three times
            page.switch_to.active_element.send_keys(key)
            found.append(page.switch_to.active_element.get_attribute("data-at"))
        assert found == ["2 0", "4 0", "2 0", "1 0", "1 0"]


@pytest.fixture(scope="module")
def many(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Path]:
    """The page of 20,480 shares, which the accounts of an organization in four regions have with their hub."""
    resources, places = organization(320, (EU, US, "eu-central-1", "ap-southeast-2"), 16, (HUB,))
    path = tmp_path_factory.mktemp("many") / "report.html"
    return len(resources), write_page(path, resources, places, "localhost", principals={"Reviews hub": HUB})


GROUP = """
const group = document.getElementById("group");
group.value = arguments[0];
group.dispatchEvent(new Event("change", { bubbles: true }));
"""
ONLY = """
const choice = document.querySelector(`[data-only=${arguments[0]}]`);
choice.selectedIndex = arguments[1];
choice.dispatchEvent(new Event("change", { bubbles: true }));
"""
TYPED = """
const box = document.getElementById("filter");
box.value = arguments[0];
box.dispatchEvent(new Event("input"));
"""
OPEN_ALL = "document.querySelectorAll('[data-group][aria-expanded=false]').forEach((one) => one.click());"


class TestThousandsOfRows:
    def test_open_within_two_seconds_grouped_by_owner(self, chromium: Any, many: tuple[int, Path]) -> None:
        number, path = many
        seconds = seconds_to_open(chromium, path)
        print(f"open {number} shares: {seconds:.2f} s")
        assert seconds < 2
        assert chromium.find_element("id", "found-text").text.startswith(f"{number} of {number} shares")
        assert chromium.find_element("css selector", "#list [data-group]").is_displayed()

    @pytest.mark.parametrize("view", ["matrix", "list"])
    def test_filter_and_group_within_a_fifth_of_a_second(
        self, chromium: Any, many: tuple[int, Path], view: str
    ) -> None:
        number, path = many
        opened(chromium, path.as_uri())
        click(chromium, f"#view-{view}")
        steps: list[tuple[str, tuple[Any, ...]]] = [
            *((GROUP, (name,)) for name in ("region", "kind", "owner", "")),
            *((TYPED, (text,)) for text in ("p", "payments 2000", "expired", "")),
            *((ONLY, (name, index)) for name in ("owner", "region", "kind") for index in (1, 0)),
        ]
        times = {
            f"{script.split(chr(34))[1] if script != ONLY else 'only'} {arguments}": min(
                seconds_to_run(chromium, script, *arguments) for _attempt in range(2)
            )
            for script, arguments in steps
        }
        print(f"{number} in the {view}:", {step: f"{seconds * 1000:.0f} ms" for step, seconds in times.items()})
        assert max(times.values()) < 0.2

    def test_a_group_that_is_closed_has_no_rows_in_the_document(self, chromium: Any, many: tuple[int, Path]) -> None:
        opened(chromium, many[1].as_uri())
        assert chromium.execute_script("return document.querySelectorAll('#list td').length") == 0
        chromium.execute_script(GROUP, "region")
        chromium.execute_script(OPEN_ALL)
        assert chromium.execute_script("return document.querySelectorAll('#list tr.member').length") == 4 * 200
        click(chromium, "#list [data-more]")
        assert chromium.execute_script("return document.querySelectorAll('#list tr.member').length") == 5 * 200
