# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""The shape of a report, which is what its JSON file has. Strings are empty where a value is not known."""

from __future__ import annotations

import json
from typing import Any

Row = dict[str, Any]

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"  # UTC


def _strings(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, str)


_LISTS = {"attention": [str], "declared": [str]}
SHARE = {
    **_strings("shared_with", "principal", "share_id", "status", "state", "status_message", "permission_type"),
    **_strings("first_seen", "pending_age", "until", "reason"),
    **_LISTS,
}
RESOURCE = {
    **_strings("owner", "account_id", "region"),
    "resource": _strings("kind", "id", "arn", "name"),
    "shares": [SHARE],
}
#: one share with its resource and principal spelled out: what the CSV file has, and what needs attention
ROW = {
    **_strings("owner", "account_id", "region", "kind", "resource_name", "resource_id", "resource_arn"),
    **_strings("shared_with", "principal", "principal_kind", "principal_account_id", "principal_name"),
    **_strings("permission_type", "status", "state", "status_message", "first_seen", "pending_age", "until", "reason"),
    **_LISTS,
    "share_id": str,
}
_PLACE = {**_strings("name", "account_id", "why"), "regions": [str]}
_ENTRY = {
    **_strings("where", "permission_type", "until", "end", "reason"),
    "shared_with": [_strings("principal", "name")],
    "resources": [_strings("kind", "name", "account_id", "region")],
    **dict.fromkeys(("active", "inactive", "not_shared"), int),
}
CHANGE = {**ROW, **_strings("change", "permission_type_before", "status_before")}
REPORT = {
    "title": str,
    "changed_at": str,
    "owners": [{**_strings("name", "account_id"), "regions": [str]}],
    "not_read": [_PLACE],
    "skipped": [_PLACE],
    "counts": dict,
    "attention": [{**_strings("reason", "level", "label", "advice"), "shares": [ROW]}],
    "changes": [{"since": str, "at": str, "counts": dict, "rows": [CHANGE]}],
    "principals": [_strings("principal", "kind", "account", "name")],
    "resources": [RESOURCE],
    "has_declaration": bool,
    "declared": [_ENTRY],
    # As in resources: what an earlier report had, and what this one may miss.
    "remembered": [RESOURCE],
}


def parse_report(text: str) -> Row | None:
    """The report in ``text``, the content of a JSON file; None where it is not a report of this version."""
    try:
        report = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not has_shape(report, REPORT):
        return None
    known = {principal["principal"] for principal in report["principals"]}
    used = {share["principal"] for row in (*report["resources"], *report["remembered"]) for share in row["shares"]}
    return report if used <= known else None


def has_shape(value: Any, shape: Any) -> bool:
    """Whether ``value`` is of the type ``shape``, or has its keys or items, all the way down."""
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(
            key in value and has_shape(value[key], inner) for key, inner in shape.items()
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(has_shape(item, shape[0]) for item in value)
    return isinstance(value, shape)


def rows_of(report: Row) -> list[Row]:
    """All shares of the report, each as a ROW."""
    principals = {principal["principal"]: principal for principal in report["principals"]}
    return [
        row_of(resource, share, principals[share["principal"]])
        for resource in report["resources"]
        for share in resource["shares"]
    ]


def row_of(resource: Row, share: Row, principal: Row) -> Row:
    """The ROW of one share."""
    row = {
        **share,
        "owner": resource["owner"],
        "account_id": resource["account_id"],
        "region": resource["region"],
        "kind": resource["resource"]["kind"],
        "resource_name": resource["resource"]["name"],
        "resource_id": resource["resource"]["id"],
        "resource_arn": resource["resource"]["arn"],
        "principal_kind": principal["kind"],
        "principal_account_id": principal["account"],
        "principal_name": principal["name"],
    }
    return {column: row[column] for column in ROW}
