# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that somebody could give, and a report on a resource of such a name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.content import Wishes, report_on
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.owners import Owner

NOW = datetime(2026, 1, 31, 12)
# What templates, formats, patterns, markup and terminals could take for their own.
NAMES = (
    "Payments {}",
    "{0} {kwargs} {{",
    "{{ 1 / 0 }}",
    "{% raw %}{# #}",
    "100 % %s %(name)s %%",
    "\"double\" and 'single'",
    "back\\slash \\1 \\u003c \\",
    "<b>bold</b> & &lt; &amp;",
    "</script><script>alert(1)</script>",
    "</style><!-- --> ]]>",
    "</title></textarea>",
    "rocket \U0001f680 family \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u0645\u062f\u0641\u0648\u0639\u0627\u062a",
    "\u05ea\u05e9\u05dc\u05d5\u05de\u05d9\u05dd 12",
    "turned \u202e around",
    "lines \u2028 \u2029 \u0085",
    "$HOME ${HOME} `id` $(id)",
    "__proto__",
    "constructor",
)


def report_of_name(name: str, *statuses: str) -> dict[str, Any]:
    """The report on a lens of this name with a share in each of the statuses."""
    shares = [
        {"shared_with": f"{number:012d}", "status": status, "share_id": f"s-{number}"}
        for number, status in enumerate(statuses)
    ]
    resource = {"kind": "lens", "id": "arn", "arn": "arn", "name": name}
    return report_on([Owner("production", [{"resource": resource, "shares": shares}])], NOW)


def report_named_all_over(name: str) -> dict[str, Any]:
    """The report in which everything that people can name has this name."""
    share = {"shared_with": "444455556666", "status": "FAILED", "status_message": name, "share_id": "s-1"}
    resource = {"kind": "lens", "id": "arn", "arn": "arn", "name": name, "account_id": "111122223333"}
    places = [
        {"account_id": "111122223333", "region": "eu-west-1", "name": name},
        {"account_id": "777788889999", "region": "eu-west-1", "name": name, "error": name},
        {"account_id": "777788889999", "region": "us-east-1", "name": name, "skipped": name},
    ]
    owners = [Owner("localhost", [{"resource": resource, "shares": [share]}], places)]
    declared = [
        {
            "kind": "lens",
            "arn": "arn",
            "shared_with": "444455556666",
            "until": "2026-02-01",
            "reason": name,
            "where": name,
        },
        {"kind": "lens", "name": name, "shared_with": "444455556667", "reason": name, "where": f"{name} 2"},
    ]
    wishes = Wishes(title=name, principals={name: "444455556666"}, not_read=[name], declared=declared)
    before = report_on(
        [Owner("localhost", [{"resource": resource, "shares": [{**share, "status": "PENDING"}]}], places)], NOW, wishes
    )
    return report_on(owners, NOW, wishes, before)
