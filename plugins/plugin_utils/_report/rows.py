# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""The shares of a report in one list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .reasons import Row


def flat_shares(report: Mapping[str, Any]) -> list[Row]:
    """The report's shares in one list, each with its resource and principal spelled out: what the CSV has."""
    principals = {principal["principal"]: principal for principal in report["principals"]}
    rows = []
    for resource in report["resources"]:
        of_resource = {
            "owner": resource["owner"],
            "account_id": resource["account_id"],
            "region": resource["region"],
            "kind": resource["resource"]["kind"],
            "resource_name": resource["resource"]["name"],
            "resource_id": resource["resource"]["id"],
            "resource_arn": resource["resource"]["arn"],
        }
        for share in resource["shares"]:
            principal = principals[share["principal"]]
            rows.append(
                {
                    **of_resource,
                    "shared_with": share["shared_with"],
                    "principal_kind": principal["kind"],
                    "principal_account_id": principal["account"],
                    "principal_name": principal["name"],
                    "permission_type": share["permission_type"],
                    "status": share["status"],
                    "state": share["state"],
                    "status_message": share["status_message"],
                    "attention": share["attention"],
                    "first_seen": share["first_seen"],
                    "pending_age": share["pending_age"],
                    "until": share["until"],
                    "reason": share["reason"],
                    "declared": share["declared"],
                    "share_id": share["share_id"],
                }
            )
    return rows
