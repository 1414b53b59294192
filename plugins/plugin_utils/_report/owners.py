# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""Whose shares a report has: accounts by name, their resources, and what could not be read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...module_utils._errors import at, raise_if_any
from .shape import Row, has_shape

_ENTRY = {"resource": dict, "shares": [{"shared_with": str, "status": str}]}
_WRONG = "This is not what wa_share_info returns. Pass its return value"
_ARN = re.compile(r"arn:[^:]*:wellarchitected:(?P<region>[^:]*):(?P<account>\d*):")


@dataclass(frozen=True)
class Owner:
    """One account, or many accounts and Regions that were listed in one task."""

    name: str
    resources: Sequence[Mapping[str, Any]] | None
    """As wa_share_info returns them; None: they could not be listed."""
    places: Sequence[Mapping[str, Any]] = ()
    """As wa_share_info returns them."""
    error: str = ""
    """Why it could not be listed."""


@dataclass
class Sources:
    """What a report is made of. Rows have the shape of a report's, shares as they were given."""

    owners: list[Row] = field(default_factory=list)
    resources: list[Row] = field(default_factory=list)
    not_read: list[Row] = field(default_factory=list)
    skipped: list[Row] = field(default_factory=list)


def may_miss(report: Mapping[str, Any], account_id: str, region: str, owner: str = "") -> bool:
    """Whether the report, or the Sources as a dictionary, may lack a resource there because it could not be read.

    What was not read without a known account can be any account but those that were read. Empty strings: not known.
    """
    was_read = any(account_id and one["account_id"] == account_id for one in report["owners"])
    return any(
        (not region or not row["regions"] or region in row["regions"])
        and (
            not account_id or row["account_id"] == account_id
            if row["account_id"]
            else not was_read or (owner and row["name"] == owner)
        )
        for row in report["not_read"]
    )


def read_owners(owners: Sequence[Owner], names: Mapping[str, str], not_read: Iterable[str] = ()) -> Sources:
    """The owners' resources and places. ``names``: of accounts, by ID. ``not_read``: owners that were not listed.

    Raises InvalidInput with every row that wa_share_info would not return.
    """
    raise_if_any(error for number, owner in enumerate(owners) for error in _check(owner, f"owners[{number}]"))
    found = [_ReadOwner(owner, names) for owner in owners]
    resources, failed = _merge_resources(found)
    failed += [(name, "", "", "") for name in not_read]
    skipped = []
    for one in found:
        for account, region, place in one.places:
            if place.get("error"):
                failed.append((one.label(account), account, region, str(place["error"])))
            elif place.get("skipped"):
                skipped.append((one.label(account), account, region, str(place["skipped"])))
        if one.is_unread:
            failed.append((one.label(one.account), one.account, "", one.owner.error))
    read = _group_places((*place, "") for one in found for place in one.read())
    for row in read:
        del row["why"]
    return Sources(
        owners=sorted(read, key=lambda row: row["name"].casefold()),
        resources=resources,
        not_read=_group_places(failed),
        skipped=_group_places(skipped),
    )


class _ReadOwner:
    """An owner with the names of its accounts.

    An account goes by its name in the places; else the only account by its owner's name, and one of several by its name
    in the inventory or its ID.
    """

    def __init__(self, owner: Owner, names: Mapping[str, str]) -> None:
        self.owner = owner
        self.entries = owner.resources or ()
        places = [(str(place.get("account_id") or ""), str(place.get("region") or ""), place) for place in owner.places]
        accounts = {account for account, _region, _place in places}
        accounts |= {_locate(entry["resource"])[0] for entry in self.entries}
        regions = {region for _account, region, _place in places}
        self.account = next(iter(accounts - {""})) if len(accounts - {""}) == 1 else ""
        self.region = next(iter(regions - {""})) if len(regions - {""}) == 1 else ""
        self.places = [(account or self.account, region, place) for account, region, place in places]
        default = owner.name if len(accounts - {""}) < 2 else None
        self._labels = {account: default or names.get(account) or account or owner.name for account in {*accounts, ""}}
        self._labels.update(
            {account: str(place["name"]) for account, _region, place in reversed(self.places) if place.get("name")}
        )

    def label(self, account: str) -> str:
        return self._labels.get(account, self.owner.name)

    def locate(self, resource: Mapping[str, Any]) -> tuple[str, str]:
        """Account and Region of the resource: its own, or those of the only place."""
        account, region = _locate(resource)
        return account or self.account, region or self.region

    @property
    def is_unread(self) -> bool:
        """Whether it could not be listed, without a place or resource that has an error."""
        explained = any(place.get("error") for _account, _region, place in self.places)
        explained = explained or any(entry.get("error") for entry in self.entries)
        return not explained and (self.owner.resources is None or bool(self.owner.error))

    def read(self) -> Iterator[tuple[str, str, str]]:
        """Name, account and Region of each place that could be read."""
        if self.owner.resources is None:
            return
        for account, region, place in self.places:
            if not place.get("error") and not place.get("skipped"):
                yield self.label(account), account, region
        for entry in self.entries:
            account, region = self.locate(entry["resource"])
            yield self.label(account), account, region
        if not self.entries and not self.places and not self.owner.error:
            yield self.owner.name, "", ""


def _locate(resource: Mapping[str, Any]) -> tuple[str, str]:
    """Account and Region in the resource or its ARN; empty where neither has it."""
    arn = _ARN.match(str(resource.get("arn") or ""))
    account, region = (arn["account"], arn["region"]) if arn else ("", "")
    return str(resource.get("account_id") or account), str(resource.get("region") or region)


def _check(owner: Owner, path: str) -> Iterator[str]:
    for number, entry in enumerate(owner.resources or ()):
        if not has_shape({**entry, "shares": entry.get("shares") or []}, _ENTRY):
            yield at(f"{path}.resources[{number}]", f"{_WRONG} resources.")
    for number, place in enumerate(owner.places):
        if not {"account_id", "region"} & set(place):
            yield at(f"{path}.places[{number}]", f"{_WRONG} places.")


def _merge_resources(owners: Iterable[_ReadOwner]) -> tuple[list[Row], list[tuple[str, str, str, str]]]:
    """Every resource once with every share once, since two owners may be one account; and what could not be listed."""
    found: dict[str, Row] = {}
    failed = []
    for one in owners:
        for entry in one.entries:
            resource = {key: str(entry["resource"].get(key) or "") for key in ("kind", "id", "arn", "name")}
            account, region = one.locate(entry["resource"])
            label = one.label(account)
            if entry.get("error"):
                name = f"{resource['kind']} {resource['name'] or resource['id']} of {label}"
                failed.append((name, account, region, str(entry["error"])))
                continue
            row = found.setdefault(
                resource["arn"] or f"{account or label} {region} {resource['kind']} {resource['id']}",
                {"owner": label, "account_id": account, "region": region, "resource": resource, "shares": {}},
            )
            for share in entry.get("shares") or ():
                row["shares"].setdefault(share.get("share_id") or share["shared_with"], share)
    return [{**row, "shares": list(row["shares"].values())} for row in found.values()], failed


def _group_places(places: Iterable[tuple[str, str, str, str]]) -> list[Row]:
    """One row for each name, account and reason, with its Regions."""
    regions: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for name, account, region, why in places:
        regions[name, account, why].add(region)
    return [
        {"name": name, "account_id": account, "regions": sorted(found - {""}), "why": why}
        for (name, account, why), found in sorted(regions.items())
    ]
