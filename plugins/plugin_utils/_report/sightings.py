# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""Since when a share has been seen: AWS tells no date of a share, so the previous report does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ...module_utils._model.invalid_input import InvalidInput
from ...module_utils._model.invitations import EXPIRES_AFTER
from .reasons import Row

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"

# What a report must have to be taken for one.
MARKS = {"resources", "changed_at", "remembered"}


def previous_report(text: str) -> Row | None:
    """The report that ``text`` is, in JSON; None where there is no text. Raises InvalidInput if it is no report."""
    if not text.strip():
        return None
    try:
        report = json.loads(text)
        if MARKS.issubset(report):
            first_sightings(report)
            return report
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise InvalidInput(
        [
            "the JSON file that this report would replace is not such a report: "
            "move it away, or give the report another path"
        ]
    )


def sighting(share: Mapping[str, Any], resource: Mapping[str, Any]) -> str:
    """What a share is known by from one report to the next."""
    return share["share_id"] or f"{resource['resource']['arn']} {share['principal']}"


def first_sightings(report: Mapping[str, Any] | None) -> dict[str, str]:
    """When each share of the previous report was first seen, by its ``sighting``."""
    if not report:
        return {}
    return {
        **{key: str(first_seen) for key, first_seen in report["remembered"].items()},
        **{
            sighting(share, resource): str(share["first_seen"])
            for resource in report["resources"]
            for share in resource["shares"]
        },
    }


def remembered(seen: Mapping[str, str], resources: Sequence[Row]) -> dict[str, str]:
    """First sightings of shares that are not in this report, so that an owner's bad day does not lose them."""
    here = {sighting(share, resource) for resource in resources for share in resource["shares"]}
    return {key: seen[key] for key in sorted(seen) if key not in here}


def pending_age(status: str, first_seen: str, now: datetime) -> str:
    """How long an invitation has been seen waiting, in whole days: ``pending for 5 of 7 days``.

    Nothing for other shares, before a day has passed, and where ``first_seen`` is no time.
    """
    if status != "PENDING":
        return ""
    try:
        days = (now.replace(tzinfo=None) - datetime.strptime(first_seen, TIME_FORMAT)).days
    except ValueError:
        return ""
    if days < 1:
        return ""
    return f"pending for {days} of {EXPIRES_AFTER} days" if days <= EXPIRES_AFTER else f"pending for {days} days"
