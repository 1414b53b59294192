# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pages without a playbook, and what a browser does with one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

NOW = datetime(2026, 1, 31, 12)


def write_page(
    path: Path,
    resources: list[dict[str, Any]],
    places: list[dict[str, Any]],
    owner: str = "production",
    before: dict[str, Any] | None = None,
    **options: Any,
) -> Path:
    """Write the page that the module would write for one owner, and return its path. ``before``: the report before."""
    from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.page import render_page

    path.write_text(render_page(report_on(resources, places, owner, NOW, before, **options)), encoding="utf-8")
    return path


def report_on(
    resources: list[dict[str, Any]],
    places: list[dict[str, Any]],
    owner: str,
    now: datetime,
    before: dict[str, Any] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """The report on one owner."""
    from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.owners import Owner
    from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.report import (
        ReportOptions,
        build_report,
    )

    return build_report([Owner(owner, resources, places)], now, ReportOptions(**options), before)


def opened(chromium: Any, url: str) -> Any:
    """The browser with the page just opened, and its logs empty but for this."""
    chromium.get("about:blank")
    for log in ("browser", "performance"):
        chromium.get_log(log)
    chromium.get(url)
    return chromium


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


def type_words(page: Any, words: str) -> None:
    """Type into the filter, in place of what it has."""
    script = (
        "const box = document.getElementById('filter'); box.value = arguments[0]; box.dispatchEvent(new Event('input'))"
    )
    page.execute_script(script, words)


def dark(page: Any, is_dark: bool = True) -> None:
    """Let the system prefer dark, or light."""
    scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def texts(page: Any, selector: str) -> list[str]:
    """The texts of all elements that the selector finds, with single spaces."""
    script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)"
    return [" ".join(text.split()) for text in page.execute_script(script, selector)]
