# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWS's documentation leaves open, as switches, and the service's clock, which can be moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from moto.core.utils import get_service_model

from .limits import ANY_LIST, INVITATION_TTL, LARGEST_PAGE, LARGEST_PAGES, QUOTAS

# A field by another name: linters know it as one only where it stands in a dataclass itself.
_field = partial(field)


def setting(default: Any, says: str, accepts: Callable[[Any], bool]) -> Any:
    """A dataclass field with a default, and a check of what it may be set to; `says` describes the valid values.

    A setting whose default is a dict is merged with what it is set to; all others are replaced.
    """
    metadata = {"says": says, "accepts": accepts, "merged": isinstance(default, dict)}
    if isinstance(default, dict | list):
        return _field(default_factory=lambda: copy(default), metadata=metadata)
    return _field(default=default, metadata=metadata)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def flag(default: bool) -> Any:
    return setting(default, "true or false", lambda value: isinstance(value, bool))


def count(default: int) -> Any:
    return setting(default, "a whole number, 0 or more", is_count)


def is_amount(value: Any) -> bool:
    return is_number(value) and value >= 0


def amount(default: float, unit: str) -> Any:
    return setting(default, f"a number of {unit}, 0 or more", is_amount)


def is_max_results(value: Any) -> bool:
    return isinstance(value, dict) and all(
        (name == ANY_LIST or name in list_operations()) and is_count(size) and 1 <= size <= LARGEST_PAGE
        for name, size in value.items()
    )


@cache
def list_operations() -> frozenset[str]:
    """The operations of the service that take MaxResults."""
    model = get_service_model("wellarchitected")
    inputs = {name: model.operation_model(name).input_shape for name in model.operation_names}
    return frozenset(name for name, shape in inputs.items() if shape and "MaxResults" in shape.members)


def by_kind(default: Mapping[str, Any], what: str, accepts: Callable[[Any], bool]) -> Any:
    """A setting that has a value for each kind of resource."""
    return setting(
        dict(default),
        f"an object of kind ({', '.join(default)}) to {what}",
        lambda value: isinstance(value, dict) and all(k in default and accepts(v) for k, v in value.items()),
    )


@dataclass
class Settings:
    """How the service answers where AWS's documentation leaves it open."""

    #: in lists of shares, organization principals are written as they were given, as ID or as ARN
    list_organization_as: str = setting("given", "given, id or arn", lambda value: value in ("given", "id", "arn"))
    #: CreateShare fails with ConflictException where the principal has only an inactive share
    create_conflicts_on_inactive: bool = flag(True)
    #: UpdateWorkloadShare fails with ConflictException on an inactive share
    update_fails_on_inactive: bool = flag(True)
    #: UpdateWorkloadShare makes an ACCEPTED share PENDING: its recipient has to accept again
    update_makes_pending: bool = flag(False)
    #: DeleteShare fails with ConflictException while the share is ASSOCIATING
    delete_conflicts_while_associating: bool = flag(False)
    #: seconds until a new share shows in lists
    shares_visible_after: float = amount(0, "seconds")
    #: lists of the resource's shares that a new share is missing from
    shares_visible_after_lists: int = count(0)
    #: the invitation's ID is the share's ID, for other kinds than workloads: theirs is, as was recorded
    share_id_is_invitation_id: bool = flag(True)
    #: sharing with the owner's own account ID fails with ValidationException; with its users and roles it always does
    own_account_fails: bool = flag(True)
    #: lists of the resource's shares that show a share as ASSOCIATING before it is settled; -1: it never is
    associating_lists: int = setting(
        0, "a whole number, -1 or more", lambda value: is_count(value) or (value == -1 and value is not True)
    )
    #: the StatusMessage of associations, which all fail; None: they succeed
    association_fails: str | None = setting(
        None, "null or a text", lambda value: value is None or (isinstance(value, str) and value != "")
    )
    #: seconds until an unanswered invitation is EXPIRED
    invitation_ttl_seconds: float = amount(INVITATION_TTL, "seconds")
    #: seconds until the invitation of a new share shows in its recipient's list, by kind
    invitations_visible_after: Mapping[str, float] = by_kind(dict.fromkeys(QUOTAS, 0), "seconds, 0 or more", is_amount)
    #: active shares with accounts, users and roles that a resource may have, by kind; None: any number
    quotas: Mapping[str, int | None] = by_kind(
        QUOTAS, "count, or null for none", lambda value: value is None or is_count(value)
    )
    #: shares with organizations and OUs count for the quota
    organization_shares_count: bool = flag(False)
    #: inactive shares count for the quota
    inactive_shares_count: bool = flag(False)
    #: the largest MaxResults that a list operation takes, and the size of its pages; "*": of all that are not named
    max_results: Mapping[str, int] = setting(
        LARGEST_PAGES,
        f'an object of list operation (or "{ANY_LIST}" for all others) to a whole number from 1 to {LARGEST_PAGE}',
        is_max_results,
    )
    #: organization sharing is a setting of the account in one region, not in all
    organization_sharing_is_regional: bool = flag(False)
    #: seconds in which a principal whose share was deleted cannot be given one again: ConflictException
    conflicts_after_delete: float = amount(0, "seconds")


def update_settings(target: Any, changes: Mapping[str, Any]) -> None:
    """Set the fields of the settings dataclass `target` that `changes` names; objects by name are merged.

    Raises ValueError that names the first setting that is unknown or of another type; nothing is changed then.
    """
    known = {spec.name: spec for spec in fields(target)}
    for name, value in changes.items():
        if name not in known:
            raise ValueError(f"{name} is not a setting. Use one of {', '.join(sorted(known))}.")
        if not known[name].metadata["accepts"](value):
            raise ValueError(f"The setting {name} is {known[name].metadata['says']}, not {value!r}.")
    for name, value in changes.items():
        if known[name].metadata["merged"]:
            value = {**getattr(target, name), **value}
        setattr(target, name, value)


def reset_settings(target: Any) -> None:
    """Set every field of the settings dataclass `target` to its default."""
    target.__init__()


class Clock:
    """The time, plus what it was moved by."""

    def __init__(self) -> None:
        self._moved = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._moved

    def advance(self, seconds: float) -> None:
        self._moved += timedelta(seconds=seconds)

    def reset(self) -> None:
        self._moved = timedelta()


settings = Settings()
clock = Clock()
