# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The shares that there are, of many resources side by side, and whose each resource is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .._aws.errors import ServiceError
from .._aws.service import WellArchitected
from .._aws.side_by_side import at_once
from .._model.listed import Listed
from .._model.resources import Resource
from .progress import LISTED, Progress
from .settings import Warn
from .unexpected import unexpected


def list_shares(
    service: WellArchitected,
    resources: Sequence[Resource],
    concurrency: int,
    progress: Progress,
    already: Mapping[tuple[str, str], Listed],
) -> list[Listed]:
    """The shares of each resource, in their order. Raises ServiceError only where every further list would fail too.

    ``already``: what is listed, by the resources' keys.
    """

    def listed(resource: Resource) -> Listed:
        known = already.get(resource.key)
        found = replace(known, resource=resource) if known else list_one(service, resource)
        progress.add(done=not found.error, failed=bool(found.error))
        return found

    progress.expect(LISTED, len(resources))
    return at_once(listed, resources, concurrency)


def list_one(service: WellArchitected, resource: Resource) -> Listed:
    """The shares of one resource. Raises ServiceError only where every further list would fail too."""
    try:
        return Listed(resource, tuple(service.list_shares(resource)))
    except ServiceError as error:
        if error.stops_run:
            raise
        refused = error.not_found or error.invalid or error.denied
        foreign = belongs_to_another(service, resource) if refused else None
        return Listed(resource, (), str(error), error.not_found, error.invalid, foreign)
    except Exception as error:
        return Listed(resource, (), unexpected(f"list the shares of {resource.label}", error))


def leave_out_foreign(listed: Listed, by_pattern: bool, warn: Warn) -> bool:
    """Whether the resource is another's and only there for matching a name, which gets a warning."""
    if not (by_pattern and listed.foreign):
        return False
    resource = listed.resource
    warn(f"{resource.label} matches too, but belongs to account {resource.owner}: only its owner can share it")
    return True


def belongs_to_another(service: WellArchitected, resource: Resource) -> str | None:
    """Why the resource is not the caller's to share; None where it is, or where that cannot be found out."""
    try:
        if resource.owner is None or resource.owner == service.caller():
            return None
    except ServiceError:
        return None
    return (
        f"{resource.label} belongs to account {resource.owner}, and these credentials are {service.caller()}'s: "
        "only its owner can share it"
    )
