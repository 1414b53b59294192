# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The page where it is known what is declared: ends, reasons, links to the declaration, and what changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from .fabricated import resource, share
from .pages import NOW, click, opened, seconds_to_open, texts, write_page

ANA, BEN = "444455556666", "777788889999"
SCRIPT = "<script>alert(1)</script> {{ 1 / 0 }} {} %s"
WHERE = f'resources[0].shared_with["{SCRIPT}"]'
REASON = '"><img src=x onerror=alert(1)> a review'


def entry(name: str, number: int, *shares: dict[str, Any]) -> dict[str, Any]:
    return {"resource": resource("workload", name, number), "shares": list(shares)}


BEFORE = [
    entry(
        "payments", 1, share(ANA, "PENDING", "READONLY", share_id="1"), share(BEN, "ACCEPTED", "READONLY", share_id="2")
    ),
    entry(SCRIPT, 2, share(ANA, "ACCEPTED", "READONLY", share_id="3")),
]
AFTER = [
    entry("payments", 1, share(ANA, "ACCEPTED", "READONLY", share_id="1")),
    entry(SCRIPT, 2, share(ANA, "ACCEPTED", "CONTRIBUTOR", share_id="3"), share(BEN, "ACCEPTED", share_id="4")),
]
DECLARED = [
    {
        "kind": "workload",
        "name": "payments",
        "shared_with": ANA,
        "until": "2026-01-30",
        "reason": REASON,
        "where": WHERE,
    },
    {"kind": "workload", "name": SCRIPT, "shared_with": ANA, "until": "2026-02-07", "where": "resources[1]"},
    {"kind": "workload", "name": "planned", "shared_with": BEN, "reason": "a partner", "where": "resources[2]"},
]


@pytest.fixture(scope="module")
def written(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.content import Wishes, report_on
    from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.owners import Owner

    before = report_on([Owner("production", BEFORE)], NOW - timedelta(days=4), Wishes(declared=DECLARED))
    path = tmp_path_factory.mktemp("declared") / "report.html"
    return write_page(path, AFTER, [], before=before, declared=DECLARED, principals={SCRIPT: BEN})


@pytest.fixture
def page(chromium: Any, written: Path) -> Any:
    return opened(chromium, written.as_uri())


def group(page: Any, label: str) -> list[str]:
    """The cells of the last column of what needs attention for this reason."""
    script = """
    const group = [...document.querySelectorAll("details.group")].find((one) =>
      one.querySelector("summary b").textContent === arguments[0]);
    return [...group.querySelectorAll("tbody td:last-child")].map((cell) => cell.textContent.trim());
    """
    return page.execute_script(script, label)


def test_each_finding_has_end_reason_and_link(page: Any) -> None:
    assert texts(page, "details.group summary b") == [
        "Ended, but still shared",
        "Shared, but not declared",
        "Declared, but not shared",
        "Ends within 14 days",
    ]
    assert texts(page, "details.critical summary .level") == ["critical"]
    assert group(page, "Ended, but still shared") == [f"until 2026-01-30 {REASON} {WHERE}"]
    assert group(page, "Shared, but not declared") == ["not declared"]
    assert group(page, "Declared, but not shared") == ["a partner resources[2]"]
    assert group(page, "Ends within 14 days") == ["until 2026-02-07 resources[1]"]
    assert page.get_log("browser") == []


def test_each_row_has_end_reason_and_link(page: Any) -> None:
    click(page, "#view-list")
    heads = [title.rstrip(" ↕") for title in texts(page, "#list thead th")]
    assert heads == [
        "Resource",
        "Kind",
        "Principal",
        "Permission",
        "Status",
        "Until",
        "Reason",
        "First seen",
        "Declared",
    ]
    rows = [
        texts(page, f"#list tbody td:nth-child({heads.index(head) + 1})") for head in ("Until", "Reason", "Declared")
    ]
    assert list(zip(*rows)) == [
        ("2026-02-07", "", "resources[1]"),
        ("", "", "not declared"),
        ("2026-01-30", REASON, WHERE),
    ]
    page.find_element("id", "filter").send_keys("onerror 2026-01")
    assert len(texts(page, "#list tbody tr")) == 1


def test_a_link_leads_to_what_is_declared(page: Any) -> None:
    click(page, "#view-list")
    click(page, "#list a")
    assert texts(page, "tr:target td:first-child") == ["resources[1]"]
    reached = "return document.querySelector('tr:target').getBoundingClientRect().top < innerHeight"
    assert page.execute_script(reached)


def test_the_declaration_says_what_became_of_each_entry(page: Any) -> None:
    columns = zip(*(texts(page, f"#declaration tbody td:nth-child({column})") for column in (1, 2, 5, 6, 7)))
    assert list(columns) == [
        (WHERE, "payments workload", "2026-01-30 ended", REASON, "1 still live"),
        ("resources[1]", f"{SCRIPT} workload", "2026-02-07 soon", "", "1 live"),
        ("resources[2]", "planned workload", "", "a partner", "1 not shared"),
    ]
    assert texts(page, "#declaration td:nth-child(3) b") == [SCRIPT]


def test_what_changed_is_told_step_by_step(page: Any) -> None:
    assert texts(page, ".timeline summary .change") == ["1 added", "1 gone", "1 permission changed", "1 accepted"]
    assert texts(page, ".timeline summary time") == ["2026-01-31", "2026-01-27"]
    assert texts(page, ".timeline td:nth-child(1)") == ["Added", "Gone", "Permission changed", "Accepted"]
    assert texts(page, ".timeline td:nth-child(4)")[2] == "READONLY → CONTRIBUTOR"
    assert texts(page, ".timeline td:nth-child(5)") == ["ACCEPTED", "ACCEPTED", "ACCEPTED", "PENDING →  ACCEPTED"]


def test_it_fits_a_phone(page: Any) -> None:
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        for view in ("matrix", "list"):
            click(page, f"#view-{view}")
            assert page.execute_script("return document.documentElement.scrollWidth") == 390
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_without_scripts_it_is_all_there(page: Any, written: Path) -> None:
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.get(written.as_uri())
        cells = [cell.text for cell in page.find_elements("css selector", "noscript td:last-child")]
        assert cells[0] == f"until 2026-01-30 {REASON} {WHERE}"
        page.find_element("css selector", "noscript td:last-child a").click()
        assert page.find_element("css selector", "tr:target code").text == WHERE
    finally:
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_thousands_of_declared_shares_open_within_two_seconds(chromium: Any, tree: Path, tmp_path: Path) -> None:
    resources = [entry(f"workload-{number}", number, share(ANA, share_id=f"{number}")) for number in range(6000)]
    rows = [
        {"kind": "workload", "arn": one["resource"]["arn"], "shared_with": ANA, "where": f"resources[{number % 300}]"}
        for number, one in enumerate(resources)
    ]
    seconds = seconds_to_open(chromium, write_page(tmp_path / "many.html", resources, [], declared=rows))
    print(f"open: {seconds:.2f} s")
    assert seconds < 2
    assert len(chromium.find_elements("css selector", "#declaration tbody tr")) == 300
