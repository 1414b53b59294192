# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""What changed between two reports: shares that were added, that are gone, or that are no longer what they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .owners import may_miss
from .reasons import Row

ADDED = "added"
GONE = "gone"
PERMISSION = "permission"
ACCEPTED = "accepted"
RENEWED = "renewed"
STATUS = "status"
#: what may have become of a share, in the order in which a report lists it
CHANGES: Mapping[str, str] = {
    ADDED: "Added",
    GONE: "Gone",
    PERMISSION: "Permission changed",
    RENEWED: "Shared again",
    ACCEPTED: "Accepted",
    STATUS: "Status changed",
}
STEPS_KEPT = 10
ROWS_KEPT = 200
_COLUMNS = (
    "change",
    "owner",
    "account_id",
    "region",
    "kind",
    "resource",
    "principal",
    "principal_name",
    "permission_type",
    "permission_type_before",
    "status",
    "status_before",
    "share_id",
)
_ON_ITS_WAY = {"PENDING": "ACCEPTED", "ASSOCIATING": "ASSOCIATED"}


@dataclass(frozen=True)
class Since:
    """The report that somebody chose to compare with, in place of the one that is replaced. None: it cannot be read."""

    report: Row | None


def comparable(report: Any) -> bool:
    """Whether ``report`` has the shape of those that this version writes, as far as they are compared."""
    try:
        for share in _shares(report):
            hash((share.of, share.sighting, tuple(_row(ADDED, share).values())))
        return (
            isinstance(report["changed_at"], str)
            and isinstance(report["remembered"], dict)
            and all({"name", "account_id"} <= set(owner) for owner in report["owners"])
            and all({"name", "account_id", "regions"} <= set(row) for row in report["not_read"])
        )
    except (LookupError, TypeError, AttributeError):
        return False


def timeline(report: Row, before: Row | None, since: Since | None, now: str) -> list[Row]:
    """The steps in which shares changed, the newest first.

    Each has since and at (the times of both reports), counts by what changed, and rows: the first 200. ``before``: the
    report that this one replaces. Its own steps are kept, unless the report is compared with another one.
    """
    if since:
        step = _step(since.report, report, now) if since.report else None
        there = _steps(before)[0] if _steps(before) else None
        if step and there and {**there, "at": now} == step:
            return [there]
        return [step] if step else []
    step = _step(before, report, now) if before and comparable(before) else None
    return [*([step] if step else []), *_steps(before)][:STEPS_KEPT]


def _steps(report: Row | None) -> list[Row]:
    steps = (report or {}).get("changes")
    return steps if isinstance(steps, list) and all(_is_step(step) for step in steps) else []


def _is_step(step: Any) -> bool:
    return (
        isinstance(step, dict)
        and set(step) == {"since", "at", "counts", "rows"}
        and isinstance(step["since"], str)
        and isinstance(step["at"], str)
        and isinstance(step["counts"], dict)
        and set(step["counts"]) <= set(CHANGES)
        and isinstance(step["rows"], list)
        and all(
            isinstance(row, dict) and set(row) == set(_COLUMNS) and row["change"] in CHANGES for row in step["rows"]
        )
    )


def _step(before: Row, report: Row, now: str) -> Row | None:
    rows = changes_between(before, report)
    counts = Counter(row["change"] for row in rows)
    if not rows:
        return None
    return {
        "since": before["changed_at"],
        "at": now,
        "counts": {change: counts[change] for change in CHANGES if counts[change]},
        "rows": rows[:ROWS_KEPT],
    }


def changes_between(before: Row, report: Row) -> list[Row]:
    """What became of the shares of one report in another, of two that this version writes.

    A share is known by its ID, or else by its resource and principal. What one of both could not read is not judged.
    """
    old, new = _shares(before), _shares(report)
    pairs = _pairs(old, new)
    rows = [row for was, now in pairs for row in _became(was, now)]
    known = {id(share) for pair in pairs for share in pair}
    rows += [
        _row(ADDED, share)
        for share in new
        if id(share) not in known and not _is_missed(share, before) and share.sighting not in before["remembered"]
    ]
    rows += [_row(GONE, share) for share in old if id(share) not in known and not _is_missed(share, report)]
    order = list(CHANGES)
    return sorted(rows, key=lambda row: order.index(row["change"]))


@dataclass(frozen=True)
class _Share:
    """A share with its resource, of one of the reports."""

    share: Mapping[str, Any]
    resource: Mapping[str, Any]
    name: str
    """The principal's."""

    @property
    def of(self) -> tuple[str, str]:
        named = self.resource["resource"]
        place = f"{self.resource['account_id']} {self.resource['region']} {named['kind']} {named['id']}"
        return (named["arn"] or place, self.share["principal"])

    @property
    def id(self) -> tuple[str, str]:
        return (self.of[0], self.share["share_id"])

    @property
    def sighting(self) -> str:
        return self.share["share_id"] or f"{self.resource['resource']['arn']} {self.share['principal']}"


def _shares(report: Row) -> list[_Share]:
    names = {principal["principal"]: principal["name"] for principal in report["principals"]}
    return [
        _Share(share, resource, names[share["principal"]])
        for resource in report["resources"]
        for share in resource["shares"]
    ]


def _pairs(old: Sequence[_Share], new: Sequence[_Share]) -> list[tuple[_Share, _Share]]:
    """The same share in both reports."""
    by_id = {share.id: share for share in old if share.share["share_id"]}
    pairs = [(by_id[now.id], now) for now in new if now.id in by_id]
    known = {id(share) for pair in pairs for share in pair}
    left: dict[tuple[str, str], list[_Share]] = {}
    for share in old:
        if id(share) not in known:
            left.setdefault(share.of, []).append(share)
    for now in new:
        if id(now) not in known and left.get(now.of):
            pairs.append((left[now.of].pop(0), now))
    return pairs


def _became(was: _Share, now: _Share) -> list[Row]:
    found = []
    if was.share["permission_type"] != now.share["permission_type"]:
        found.append(PERMISSION)
    if was.share["share_id"] != now.share["share_id"]:
        found.append(RENEWED)
    elif was.share["status"] != now.share["status"]:
        found.append(ACCEPTED if _ON_ITS_WAY.get(was.share["status"]) == now.share["status"] else STATUS)
    return [_row(change, now, was.share) for change in found]


def _is_missed(share: _Share, report: Row) -> bool:
    """Whether this report may not have it because it could not be read."""
    resource = share.resource
    if any(row["name"] == resource["owner"] and not row["account_id"] for row in report["not_read"]):
        return True
    return may_miss(report["not_read"], report["owners"], resource["account_id"], resource["region"])


def _row(change: str, share: _Share, was: Mapping[str, Any] | None = None) -> Row:
    before = was or {}
    return {
        "change": change,
        "owner": share.resource["owner"],
        "account_id": share.resource["account_id"],
        "region": share.resource["region"],
        "kind": share.resource["resource"]["kind"],
        "resource": share.resource["resource"]["name"] or share.resource["resource"]["id"],
        "principal": share.share["principal"],
        "principal_name": share.name,
        "permission_type": share.share["permission_type"],
        "permission_type_before": before.get("permission_type", ""),
        "status": share.share["status"],
        "status_before": before.get("status", ""),
        "share_id": share.share["share_id"],
    }
