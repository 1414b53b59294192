# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pages without a playbook, and what a browser does with one."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

# Chromium's names for what a script, its styles and its layout took, in seconds.
DURATIONS = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
NOW = datetime(2026, 1, 31, 12)


def write_page(
    path: Path,
    resources: list[dict[str, Any]],
    places: list[dict[str, Any]],
    owner: str = "production",
    before: dict[str, Any] | None = None,
    **wishes: Any,
) -> Path:
    """Write the page that the module would write for one owner, and return its path. ``before``: the report before."""
    from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.content import Wishes, report_on
    from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.owners import Owner
    from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.page import page

    report = report_on([Owner(owner, resources, places)], NOW, Wishes(**wishes), before)
    path.write_text(page(report), encoding="utf-8")
    return path


def opened(chromium: Any, url: str) -> Any:
    """The browser with the page just opened, and its logs empty but for this."""
    chromium.get("about:blank")
    for log in ("browser", "performance"):
        chromium.get_log(log)
    chromium.get(url)
    return chromium


def seconds_to_open(chromium: Any, path: Path) -> float:
    """The fastest of three attempts, since other programs run too."""
    seconds = []
    for _attempt in range(3):
        start = time.monotonic()
        opened(chromium, path.as_uri())
        seconds.append(time.monotonic() - start)
    return min(seconds)


def seconds_to_run(chromium: Any, script: str, *arguments: Any) -> float:
    """How long the page computes until what the script did is laid out. Waiting for a processor does not count."""

    def busy() -> float:
        metrics = chromium.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return sum(metric["value"] for metric in metrics if metric["name"] in DURATIONS)

    chromium.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    try:
        before = busy()
        chromium.execute_script(f"{script}\ndocument.body.offsetHeight;", *arguments)
        return busy() - before
    finally:
        chromium.execute_cdp_cmd("Performance.disable", {})


def choose(page: Any, selector: str, value: str) -> None:
    """Choose the option of a select whose text begins so."""
    page.execute_script(
        """
        const select = document.querySelector(arguments[0]);
        select.selectedIndex = [...select.options].findIndex((option) => option.text.startsWith(arguments[1]));
        select.dispatchEvent(new Event("change", { bubbles: true }));
        """,
        selector,
        value,
    )


def click(page: Any, selector: str) -> None:
    page.execute_script("document.querySelector(arguments[0]).click()", selector)


def texts(page: Any, selector: str) -> list[str]:
    """The texts of all elements that the selector finds."""
    script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent.trim())"
    return page.execute_script(script, selector)
