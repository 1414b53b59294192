# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""Whose shares a report is on: owners by account and region, their resources, and the places that were not read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...module_utils._model.invalid_input import InvalidInput
from ...module_utils._model.kinds import KINDS
from .reasons import Row

_ARN = re.compile(r"arn:[^:]*:wellarchitected:(?P<region>[^:]*):(?P<account>\d*):")


@dataclass(frozen=True)
class Owner:
    """Whatever the shares were listed for: an account, or many accounts and regions in one result."""

    name: str
    resources: Sequence[Mapping[str, Any]]
    """As the ``resources`` that wa_share_info returns."""
    places: Sequence[Mapping[str, Any]] = ()
    """As the ``places`` that wa_share_info returns: account_id, region, name, and error or skipped where so."""


@dataclass(frozen=True)
class Owned:
    """What the owners have. Rows are ready for JSON, with "" for what nobody knows."""

    owners: list[Row]
    """name and account_id of each, by name."""
    regions: list[str]
    resources: list[Row]
    """owner, account_id, region, resource and shares, as they were given, of each resource once."""
    not_read: list[Row]
    """name, account_id, regions (none: whatever there is) and why, of what could not be read."""
    skipped: list[Row]
    """The same of the places that were passed over, such as regions that an account has not enabled."""

    def may_miss(self, account_id: str, region: str) -> bool:
        """Whether a resource there may be missing because it could not be read."""
        return may_miss(self.not_read, self.owners, account_id, region)


def may_miss(not_read: Sequence[Row], owners: Sequence[Row], account_id: str, region: str) -> bool:
    """Whether a resource there may be missing in a report with these ``not_read`` and ``owners``.

    An owner that could not be asked at all may be any account, but one that was read. "": nobody knows where.
    """
    was_read = any(account_id and owner["account_id"] == account_id for owner in owners)
    return any(
        (
            (not row["account_id"] and not was_read)
            or (row["account_id"] and (not account_id or row["account_id"] == account_id))
        )
        and (not region or not row["regions"] or region in row["regions"])
        for row in not_read
    )


def owned_by(owners: Sequence[Owner], names: Mapping[str, str], not_read: Iterable[str] = ()) -> Owned:
    """What the owners have. ``names``: of accounts, by ID. ``not_read``: the owners that could not be asked at all.

    Raises InvalidInput that names every entry which wa_share_info would not return.
    """
    faults = _faults(owners)
    if faults:
        raise InvalidInput(faults)
    labelled = [_labelled(owner, names) for owner in owners]
    resources, failed = _resources(labelled)
    places = [(place, one) for one in labelled for place in one.places]
    return Owned(
        owners=_owners(labelled),
        regions=_regions(labelled, resources),
        resources=resources,
        not_read=_by_reason(
            [
                *((name, "", "", "") for name in not_read),
                *((one.label(place), place.account, place.region, place.error) for place, one in places if place.error),
                *failed,
            ]
        ),
        skipped=_by_reason(
            (one.label(place), place.account, place.region, place.skipped) for place, one in places if place.skipped
        ),
    )


@dataclass(frozen=True)
class _Place:
    """An account in a region, either "" where nobody knows it."""

    account: str
    region: str
    name: str = ""
    error: str = ""
    skipped: str = ""

    @property
    def read(self) -> bool:
        return not self.error and not self.skipped


@dataclass(frozen=True)
class _Labelled:
    """An owner with its places, and what to call its accounts."""

    owner: Owner
    places: Sequence[_Place]
    account: str
    """The only one that it has, if it has only one."""
    region: str
    """The only one that it has, if it has only one."""
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, place: _Place) -> str:
        return self.labels.get(place.account, self.owner.name)

    def place_of(self, resource: Mapping[str, Any]) -> _Place:
        """Where the resource is: as it says itself, as its ARN says, or as there is only one place."""
        account, region = account_and_region(resource)
        return _Place(account or self.account, region or self.region)


def _labelled(owner: Owner, names: Mapping[str, str]) -> _Labelled:
    """The owner's account goes by its place's name, or else by the owner's; one of many by its own, or by its ID."""
    places = [_read_place(place) for place in owner.places]
    of_resources = (_Place(*account_and_region(entry["resource"])) for entry in owner.resources)
    accounts = dict.fromkeys(place.account for place in (*places, *of_resources) if place.account)
    regions = {place.region for place in places if place.region}
    only = next(iter(accounts)) if len(accounts) == 1 else ""
    own = {place.account or only: place.name for place in reversed(places) if place.name}
    labels = {
        account: own.get(account) or (owner.name if only else names.get(account) or account) for account in accounts
    }
    return _Labelled(
        owner,
        [_Place(place.account or only, place.region, place.name, place.error, place.skipped) for place in places],
        only,
        next(iter(regions)) if len(regions) == 1 else "",
        {"": own.get("") or owner.name, **labels},
    )


def _read_place(given: Mapping[str, Any]) -> _Place:
    skipped = given.get("skipped")
    return _Place(
        account=_text(given.get("account_id")),
        region=_text(given.get("region")),
        name=_text(given.get("name")),
        error=_text(given.get("error")),
        skipped="passed over" if skipped is True else _text(skipped),
    )


def account_and_region(resource: Mapping[str, Any]) -> tuple[str, str]:
    """Where the resource is, as it says itself, or else as its ARN says. "": nobody knows."""
    arn = _ARN.match(_text(resource.get("arn")))
    account, region = (arn["account"], arn["region"]) if arn else ("", "")
    return _text(resource.get("account_id")) or account, _text(resource.get("region")) or region


def _text(value: Any) -> str:
    return str(value or "")


def _faults(owners: Sequence[Owner]) -> list[str]:
    """What is wrong with the entries of the owners, each with its place."""
    of_resources = [
        f"owners[{number}].resources[{position}]: {fault}. Give what wa_share_info returned as its resources"
        for number, owner in enumerate(owners)
        for position, entry in enumerate(owner.resources)
        for fault in _faults_of_resource(entry)
    ]
    of_places = [
        f"owners[{number}].places[{position}]: it has neither account_id nor region. "
        "Give what wa_share_info returned as its places"
        for number, owner in enumerate(owners)
        for position, place in enumerate(owner.places)
        if not isinstance(place, Mapping) or not {"account_id", "region"} & set(place)
    ]
    return of_resources + of_places


def _faults_of_resource(entry: Any) -> list[str]:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("resource"), Mapping):
        return ["there is no resource in it"]
    shares = entry.get("shares") or ()
    if not isinstance(shares, Sequence) or isinstance(shares, str):
        return ["its shares are not a list"]
    return [
        f"shares[{number}] has no shared_with or no status"
        for number, share in enumerate(shares)
        if not isinstance(share, Mapping) or not {"shared_with", "status"}.issubset(share)
    ]


def _owners(labelled: Sequence[_Labelled]) -> list[Row]:
    """Every owner of which anything was read, each with its account."""
    found = {
        (one.label(place), place.account)
        for one in labelled
        for place in (
            *(place for place in one.places if place.read),
            *(one.place_of(entry["resource"]) for entry in one.owner.resources),
            *(() if one.owner.resources or one.places else (_Place("", ""),)),
        )
    }
    in_order = sorted(found, key=lambda owner: (owner[0].casefold(), *owner))
    return [{"name": name, "account_id": account} for name, account in in_order]


def _regions(labelled: Sequence[_Labelled], resources: Sequence[Row]) -> list[str]:
    read = {place.region for one in labelled for place in one.places if place.read}
    return sorted({*read, *(row["region"] for row in resources)} - {""})


def _resources(labelled: Sequence[_Labelled]) -> tuple[list[Row], list[tuple[str, str, str, str]]]:
    """Every resource once, with every share once, by kind and name: two owners may be one account.

    And the resources whose shares could not be listed, for whoever reads: they are not known to be shared with nobody.
    """
    found: dict[str, Row] = {}
    failed: list[tuple[str, str, str, str]] = []
    for one in labelled:
        for entry in one.owner.resources:
            resource = {key: _text(entry["resource"].get(key)) for key in ("kind", "id", "arn", "name")}
            place = one.place_of(entry["resource"])
            label = one.label(place)
            if entry.get("error"):
                called = f"{resource['kind']} {resource['name'] or resource['id']} of {label}"
                failed.append((called, place.account, place.region, _text(entry["error"])))
                continue
            row = found.setdefault(
                resource["arn"] or f"{place.account or label} {place.region} {resource['kind']} {resource['id']}",
                {
                    "owner": label,
                    "account_id": place.account,
                    "region": place.region,
                    "resource": resource,
                    "shares": {},
                },
            )
            for share in entry.get("shares") or ():
                row["shares"].setdefault(share.get("share_id") or share["shared_with"], share)
    order = {kind: position for position, kind in enumerate(KINDS)}
    rows = [{**row, "shares": list(row["shares"].values())} for row in found.values()]
    in_order = sorted(
        rows,
        key=lambda row: (
            order.get(row["resource"]["kind"], len(order)),
            row["resource"]["name"].casefold(),
            row["owner"],
            row["region"],
            row["resource"]["arn"],
        ),
    )
    return in_order, failed


def _by_reason(places: Iterable[tuple[str, str, str, str]]) -> list[Row]:
    """A row for each name, account and reason, with the regions that it is the same in."""
    regions: dict[tuple[str, str, str], set[str]] = {}
    for name, account, region, why in places:
        regions.setdefault((name, account, why), set()).add(region)
    return [
        {"name": name, "account_id": account, "regions": sorted(found - {""}), "why": why}
        for (name, account, why), found in sorted(regions.items())
    ]
