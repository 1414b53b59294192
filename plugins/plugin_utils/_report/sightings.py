# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""Since when a share has been seen: AWS tells no date of a share, so the previous report does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._model.invalid_input import InvalidInput
from .reasons import Row

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
