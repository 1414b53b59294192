# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What reports are made of in these tests."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.owners import Owner
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.report import ReportOptions, build_report
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.shape import TIME_FORMAT, parse_report

NOW, NEXT_DAY = "2026-01-31T12:00:00Z", "2026-02-01T12:00:00Z"
OWNER, OTHER, ANA, BEN = "111122223333", "222233334444", "444455556666", "777788889999"
EU, US = "eu-west-1", "us-east-1"
# What templates, formats, patterns, markup and terminals could interpret.
NAMES = (
    "Payments {} {0} {kwargs} {{",
    "{{ 1 / 0 }} {% raw %}{# #}",
    "100 % %s %(name)s %%",
    "\"double\" and 'single' back\\slash \\1 \\u003c \\",
    "<b>bold</b> & &lt; &amp; </title></textarea>",
    "</script><script>alert(1)</script>",
    "</style><!-- --> ]]>",
    "rocket \U0001f680 family \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u05ea\u05e9\u05dc\u05d5\u05de\u05d9\u05dd 12",
    "turned \u202e around",
    "lines \u2028 \u2029 \u0085",
    "$HOME ${HOME} `id` $(id)",
    "__proto__",
)


def share(
    shared_with: str = ANA,
    status: str = "ACCEPTED",
    share_id: str | None = None,
    permission: str | None = "READONLY",
    **more: Any,
) -> dict[str, Any]:
    """A share as wa_share_info returns it."""
    known = f"s-{shared_with}" if share_id is None else share_id
    return {"shared_with": shared_with, "status": status, "share_id": known, "permission_type": permission, **more}


def entry(
    *shares: dict[str, Any],
    name: str = "payments",
    account: str = OWNER,
    region: str = EU,
    kind: str = "workload",
    **more: Any,
) -> dict[str, Any]:
    """A resource with its shares as wa_share_info returns it. ``error``: why they could not be listed."""
    arn = f"arn:aws:wellarchitected:{region}:{account}:{kind}/{name}"
    error = {"error": more.pop("error")} if "error" in more else {}
    return {"resource": {"kind": kind, "id": name, "arn": arn, "name": name, **more}, "shares": list(shares), **error}


def place(account: str | None = OWNER, region: str | None = EU, name: str | None = None, **more: Any) -> dict[str, Any]:
    return {"account_id": account, "region": region, "name": name, **more}


def report_on(
    *entries: dict[str, Any],
    places: Any = (),
    owner: str = "platform",
    owners: list[Owner] | None = None,
    now: str = NOW,
    before: dict[str, Any] | None = None,
    since: dict[str, Any] | None = None,
    reports: dict[str, Any] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """The report on one owner, or on ``owners``. ``before`` is read from JSON, as the next run does."""
    known = parse_report(json.dumps(before)) if before else None
    found = [Owner(owner, list(entries), places)] if owners is None else owners
    at = datetime.strptime(now, TIME_FORMAT)
    return build_report(found, at, ReportOptions(**options), known, since, reports)


def reasons(report: dict[str, Any]) -> dict[str, list[str]]:
    """The principals of each reason for attention."""
    return {group["reason"]: [row["principal"] for row in group["shares"]] for group in report["attention"]}


def report_named(name: str) -> dict[str, Any]:
    """The report in which everything that people can name has this name."""
    lens = entry(
        share(ANA, "FAILED", "s-1", None, status_message=name), name=name, kind="lens", arn="arn", account_id=OWNER
    )
    places = [place(name=name), place(BEN, name=name, error=name), place(BEN, US, name, skipped=name)]
    declared = [
        {"kind": "lens", "arn": "arn", "shared_with": ANA, "until": "2026-02-01", "reason": name, "where": name},
        {"kind": "lens", "name": name, "shared_with": "444455556667", "reason": name, "where": f"{name} 2"},
    ]
    options = {"title": name, "principals": {name: ANA}, "not_read": [name], "declared": declared, "places": places}
    before = report_on({**lens, "shares": [{**lens["shares"][0], "status": "PENDING"}]}, **options)
    return report_on(lens, before=before, **options)
