# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Take the pictures of the report that the documentation shows, with Chromium.

Usage: python -m tests.browser.pictures

Writes docs/images/report-*.png, and those of the guides in docs/docsite/rst/images. Look at them before they are
committed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from .conftest import FLAGS
from .fabricated import landscape, organization
from .pages import NOW, dark, opened, report_on, write_page

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
OF_GUIDES = ROOT / "docs" / "docsite" / "rst" / "images"
SHARES = "document.getElementById('shares').scrollIntoView()"
TITLE = "Shared reviews, platform team"
HUB, PARTNER = "999988887777", "888877776666"
REASONS = ("Review of the first quarter", "Audit by a partner", "")
ENDS = ("2026-01-20", "2026-02-10", "2026-12-31", "")


def by_account(folder: Path, resources: int, principals: int, density: float) -> Path:
    """The page of an owner with that many resources and principals."""
    found, names = landscape(resources, principals, density)
    named = {name: account for account, name in names.items()}
    return write_page(folder / f"{principals}.html", found, [], title=TITLE, principals=named)


def of_owners(folder: Path) -> Path:
    """The page of 40 owners in four regions."""
    regions = ("eu-west-1", "eu-central-1", "us-east-1", "ap-southeast-2")
    found, places = organization(40, regions, 5, (HUB,))
    denied = "Failed to assume the role arn:aws:iam::121212121212:role/wa-sharing: AccessDenied"
    places += [
        {"account_id": "121212121212", "region": region, "name": "Sandbox", "error": denied} for region in regions
    ]
    return write_page(folder / "owners.html", found, places, title=TITLE, principals={"Reviews": HUB})


def as_declared(folder: Path) -> Path:
    """The page of what is declared, with what changed since two earlier reports."""
    found, places = organization(3, ("eu-west-1", "us-east-1"), 2, (HUB, PARTNER))
    shares = [(entry["resource"], share) for entry in found for share in entry["shares"]]
    declared = [
        {
            **{key: resource[key] for key in ("kind", "arn", "name")},
            "shared_with": share["shared_with"],
            "permission_type": share["permission_type"],
            "until": ENDS[number % 4],
            "reason": REASONS[number % 3],
            "where": f"resources[{number // 4}].shared_with[{number % 2}]",
        }
        for number, (resource, share) in enumerate(shares)
        if number % 9 != 5
    ]
    declared.append({"kind": "workload", "name": "checkout", "shared_with": PARTNER, "where": "resources[6]"})
    options = {"declared": declared, "principals": {"Reviews": HUB, "Partner": PARTNER}, "title": TITLE}
    before = None
    for days, left_out in ((9, 3), (4, 1)):
        some = [{**entry, "shares": entry["shares"] if at != left_out else []} for at, entry in enumerate(found)]
        before = report_on(some, places, "platform", NOW - timedelta(days=days), before, **options)
    return write_page(folder / "declared.html", found, places, "platform", before, **options)


def take(
    browser: Any, page: Path, picture: Path, size: tuple[int, int], is_dark: bool = False, script: str = ""
) -> None:
    """A picture of the page, after the script has run in it."""
    metrics: Mapping[str, Any] = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    dark(browser, is_dark)
    opened(browser, page.as_uri())
    browser.execute_script(script)
    browser.save_screenshot(str(picture))


def main() -> None:
    sys.path.insert(0, str(ROOT / "tests" / "tools"))
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    from collection_tree import collection_tree

    sys.path.insert(0, str(collection_tree("browser").parents[2]))
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in (*FLAGS, "--hide-scrollbars"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        take(browser, by_account(here, 12, 10, 0.6), IMAGES / "report-10.png", (1400, 1240))
        take(
            browser,
            by_account(here, 40, 300, 0.9),
            IMAGES / "report-300.png",
            (1600, 1000),
            is_dark=True,
            script=SHARES,
        )
        opens = "document.querySelectorAll('[data-group]')[1].click(); document.activeElement.blur()"
        take(browser, of_owners(here), OF_GUIDES / "report-owners.png", (1400, 1240), script=opens)
        take(browser, as_declared(here), OF_GUIDES / "report-declared.png", (1400, 1500))
    browser.quit()


if __name__ == "__main__":
    main()
