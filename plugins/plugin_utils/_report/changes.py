# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""What changed between two reports: shares that were added, that are gone, or that are different now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from .owners import may_miss
from .shape import CHANGE, Row, row_of

ADDED, GONE, PERMISSION, ACCEPTED, RENEWED, STATUS = "added", "gone", "permission", "accepted", "renewed", "status"
#: what can happen to a share, in the order of a report
CHANGES: Mapping[str, str] = {
    ADDED: "Added",
    GONE: "Gone",
    PERMISSION: "Permission changed",
    RENEWED: "Renewed",
    ACCEPTED: "Accepted",
    STATUS: "Status changed",
}
STEPS_KEPT = 10
ROWS_KEPT = 200
_ON_THEIR_WAY = {"PENDING": "ACCEPTED", "ASSOCIATING": "ASSOCIATED"}
Located = tuple[Row, Row]  # a resource and one of its shares


def share_key(resource: Row, share: Row) -> str:
    """What identifies a share from one report to the next."""
    return f"{_resource_key(resource)} {share['share_id'] or share['principal']}"


def located_shares(report: Row | None) -> Iterator[Located]:
    """All shares that the report has or remembers, each with its resource."""
    for resource in (*report["resources"], *report["remembered"]) if report else ():
        for share in resource["shares"]:
            yield resource, share


def remember(before: Row | None, report: Row) -> list[Row]:
    """The resources and shares of the report before that this one may miss, so that a bad day loses nothing."""
    shares = {share_key(*found) for found in located_shares({**report, "remembered": []})}
    resources = {_resource_key(resource) for resource in report["resources"]}
    remembered = []
    for resource in (*before["resources"], *before["remembered"]) if before else ():
        missed = [share for share in resource["shares"] if share_key(resource, share) not in shares]
        if (missed or _resource_key(resource) not in resources) and _is_missed(resource, report):
            remembered.append({**resource, "shares": missed})
    return remembered


def timeline(report: Row, before: Row | None, since: Row | None) -> list[Row]:
    """The steps in which shares changed, the newest first.

    Each has since and at (the times of both reports), counts by change, and rows: the first 200. ``before``: the report
    that this one replaces, whose steps are kept. ``since``: the report to compare with in its place, in one step.
    """
    known = before["changes"] if before else []
    if since:
        step = _step(since, report)
        unchanged = step and known and {**known[0], "at": step["at"]} == step
        return known[:1] if unchanged else [step] if step else []
    step = _step(before, report) if before else None
    return [*([step] if step else []), *known][:STEPS_KEPT]


def _step(before: Row, report: Row) -> Row | None:
    rows = changes_between(before, report)
    counts = Counter(row["change"] for row in rows)
    return (
        rows
        and {
            "since": before["changed_at"],
            "at": report["changed_at"],
            "counts": {change: counts[change] for change in CHANGES if counts[change]},
            "rows": rows[:ROWS_KEPT],
        }
    ) or None


def changes_between(before: Row, report: Row) -> list[Row]:
    """What happened to the shares of one report until another. What one of both could not read is left out."""
    old, new = list(located_shares(before)), list(located_shares(report))
    pairs = _pairs(old, new)
    paired = {id(share) for pair in pairs for _resource, share in pair}
    principals = {one["principal"]: one for one in (*before["principals"], *report["principals"])}

    def row(change: str, located: Located, was: Row | None = None) -> Row:
        resource, share = located
        past = {f"{key}_before": was[key] if was else "" for key in ("permission_type", "status")}
        found = {**row_of(resource, share, principals[share["principal"]]), **past, "change": change}
        return {column: found[column] for column in CHANGE}

    rows = [row(change, now, was) for (_resource, was), now in pairs for change in _differences(was, now[1])]
    # Where the report before could not read, it may remember what an earlier one did.
    known = {_place(resource) for resource in before["remembered"]}
    rows += [
        row(ADDED, now)
        for now in new
        if id(now[1]) not in paired and (_place(now[0]) in known or not _is_missed(now[0], before))
    ]
    rows += [row(GONE, was) for was in old if id(was[1]) not in paired and not _is_missed(was[0], report)]
    order = list(CHANGES)
    return sorted(rows, key=lambda found: order.index(found["change"]))


def _place(resource: Row) -> tuple[str, str, str]:
    return resource["owner"], resource["account_id"], resource["region"]


def _resource_key(resource: Row) -> str:
    named = resource["resource"]
    return named["arn"] or " ".join((*_place(resource)[1:], named["kind"], named["id"]))


def _subject(resource: Row, share: Row) -> tuple[str, str]:
    return _resource_key(resource), share["principal"]


def _pairs(old: Sequence[Located], new: Sequence[Located]) -> list[tuple[Located, Located]]:
    """The same share in both reports: by its key, else by resource and principal."""
    by_key = {share_key(*was): was for was in old}
    pairs, left = [], []
    for now in new:
        was = by_key.pop(share_key(*now), None)
        if was:
            pairs.append((was, now))
        else:
            left.append(now)
    paired = {id(was[1]) for was, _now in pairs}
    by_subject: dict[tuple[str, str], list[Located]] = defaultdict(list)
    for was in old:
        if id(was[1]) not in paired:
            by_subject[_subject(*was)].append(was)
    return pairs + [(same.pop(0), now) for now in left if (same := by_subject[_subject(*now)])]


def _differences(was: Row, now: Row) -> Iterator[str]:
    if was["permission_type"] != now["permission_type"]:
        yield PERMISSION
    if was["share_id"] != now["share_id"]:
        yield RENEWED
    elif was["status"] != now["status"]:
        yield ACCEPTED if _ON_THEIR_WAY.get(was["status"]) == now["status"] else STATUS


def _is_missed(resource: Row, report: Row) -> bool:
    return may_miss(report, resource["account_id"], resource["region"], resource["owner"])
