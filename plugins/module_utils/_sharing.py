# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The flow that all sharing modules run: declare, resolve, list, plan, guard, apply.

Whatever is wrong with the input is found before the first change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.wellarchitected.sharing.plugins.module_utils._applying import Applier, Work
from ansible_collections.wellarchitected.sharing.plugins.module_utils._catalogues import Catalogues
from ansible_collections.wellarchitected.sharing.plugins.module_utils._declaration import (
    Declaration,
    Entry,
    InvalidInput,
    guard_allowed,
    merge_entries,
    parse_principals,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._interleaving import at_once
from ansible_collections.wellarchitected.sharing.plugins.module_utils._kinds import KINDS
from ansible_collections.wellarchitected.sharing.plugins.module_utils._planning import (
    CREATED,
    needs_owner,
    plan_shares,
    too_many_removals,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._references import (
    Resource,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._service import ServiceError, WellArchitected


def share(
    service: WellArchitected,
    entries: Sequence[Entry],
    params: Mapping[str, Any],
    check_mode: bool,
    warn: Any,
) -> list[Work]:
    """Makes the shares as declared, or in check mode says what that would change.

    ``params``: the task's options beside the resources; concurrency, allowed_principals and max_removals may lack.
    Raises InvalidInput before any change, and ServiceError where not even the resources could be listed. A resource's
    own failure is in its Work.
    """
    concurrency = params.get("concurrency") or 1
    _guard_principals(entries, params)
    catalogues = Catalogues(service)
    works = [Work(declaration) for declaration in resolve(catalogues, entries, params, warn)]
    works = _list_shares(service, works, concurrency, warn)
    _plan(service, works, warn)
    if not params.get("validated"):
        _refuse_what_cannot_be_shared(service, catalogues, works, concurrency)
    _guard_removals(works, params.get("max_removals"))

    if check_mode:
        for work in works:
            work.predict()
        return works
    applier = Applier(service, concurrency, params["wait_timeout"])
    applier.apply(works)
    if params["wait"]:
        applier.wait(works)
    return works


def validate(service: WellArchitected, entries: Sequence[Entry], params: Mapping[str, Any], warn: Any) -> list[Work]:
    """What ``share`` would find wrong before its first change, for a set that is then shared part by part.

    Every resource is looked up in the lists of its kind, so one list per kind is all it takes; the shares are listed
    only where ``max_removals`` is to be judged, and only then there are plans. Returns the declarations, each with its
    resource fully known.
    Raises as ``share`` does.
    """
    concurrency = params.get("concurrency") or 1
    _guard_principals(entries, params)
    catalogues = Catalogues(service)
    catalogues.load((entry.reference.kind for entry in entries), concurrency)
    declarations = resolve(catalogues, entries, params, warn)
    faults: list[str] = []
    works: list[Work] = []
    for declaration in declarations:
        try:
            known = replace(declaration, resource=catalogues.find(declaration.resource))
        except ValueError as error:
            faults.append(str(error))
            continue
        foreign = _foreign(service, known.resource)
        if foreign and declaration.by_pattern:
            _warn_of_foreign(known, warn)
        elif foreign:
            faults.append(foreign)
        else:
            works.append(Work(known))
    if faults:
        raise InvalidInput(faults)
    if params.get("max_removals") is not None:
        works = _list_shares(service, works, concurrency, warn)
        errors = [f"max_removals cannot be judged. {error}" for work in works for error in work.errors]
        if errors:
            raise InvalidInput(errors)
        _plan(service, works, warn)
        _guard_removals(works, params["max_removals"])
    return works


def resolve(
    catalogues: Catalogues, entries: Sequence[Entry], params: Mapping[str, Any], warn: Any
) -> tuple[Declaration, ...]:
    """One declaration per resource that the entries name. Raises InvalidInput with every name that means nothing."""
    catalogues.load_for((entry.reference for entry in entries), params.get("concurrency") or 1)
    resolved: list[tuple[Entry, Resource]] = []
    faults: list[str] = []
    for entry in entries:
        reference = entry.reference
        try:
            resources = catalogues.look_up(reference)
        except ValueError as error:
            faults.append(f"{entry.where}{error}")
            continue
        if not resources:
            warn(f"{entry.where}no {reference.kind.label} of this account and region matches {reference.text!r}")
        resolved.extend((entry, resource) for resource in resources)
    if faults:
        raise InvalidInput(faults)
    return merge_entries(resolved, params)


def _guard_principals(entries: Sequence[Entry], params: Mapping[str, Any]) -> None:
    allowed = params.get("allowed_principals")
    if allowed is not None:
        guard_allowed(entries, frozenset(parse_principals("allowed_principals", allowed)))


def _list_shares(service: WellArchitected, works: Sequence[Work], concurrency: int, warn: Any) -> list[Work]:
    """Lists the shares of each, and returns those that are the caller's, or may be."""
    faults: list[str] = []
    foreign_matches: list[Work] = []

    def list_one(work: Work) -> None:
        resource = work.declaration.resource
        try:
            work.listed = tuple(service.list_shares(resource))
        except ServiceError as error:
            if error.stops_run:
                raise
            if error.not_found or error.invalid or error.denied:
                foreign = _foreign(service, resource)
                if foreign and work.declaration.by_pattern:
                    foreign_matches.append(work)
                    return
                if foreign:
                    faults.append(foreign)
                elif work.declaration.by_text and not error.denied:
                    faults.append(f"{resource.label} does not exist in {service.region}: {error.reason}")
            work.errors.append(str(error))

    at_once(list_one, works, concurrency)
    if faults:
        raise InvalidInput(sorted(faults))
    for work in foreign_matches:
        _warn_of_foreign(work.declaration, warn)
    return [work for work in works if work not in foreign_matches]


def _warn_of_foreign(declaration: Declaration, warn: Any) -> None:
    resource = declaration.resource
    warn(f"{resource.label} matches too, but belongs to account {resource.owner}: only its owner can share it")


def _plan(service: WellArchitected, works: Sequence[Work], warn: Any) -> None:
    dropped: dict[str, list[str]] = {}
    for work in works:
        if work.errors:
            continue
        declaration = work.declaration
        owner = declaration.resource.owner
        work.plan = plan_shares(declaration.wanted, work.listed, owner)
        if owner is None and needs_owner(work.plan):
            owner = service.caller()
            work.plan = plan_shares(declaration.wanted, work.listed, owner)
        if work.plan.owner_dropped and owner:
            dropped.setdefault(owner, []).append(declaration.resource.label)
    for owner, labels in dropped.items():
        others = f" and {len(labels) - 1} more" if len(labels) > 1 else ""
        warn(f"{owner} owns {labels[0]}{others}: the owner needs no share and was left out of shared_with")


def _refuse_what_cannot_be_shared(
    service: WellArchitected, catalogues: Catalogues, works: Sequence[Work], concurrency: int
) -> None:
    """What was named by ID or ARN, and is about to be changed, must be the caller's own and published."""
    changing = [work for work in works if work.declaration.by_text and work.plan.changes]
    faults = [foreign for work in changing if (foreign := _foreign(service, work.declaration.resource))]
    lens = KINDS["lens"]
    unproven = [
        work.declaration.resource
        for work in changing
        # A lens that has a share was published.
        if work.declaration.resource.kind is lens
        and not work.listed
        and any(step.action == CREATED for step in work.plan.steps)
    ]
    if unproven and not faults:
        catalogues.load((lens,), concurrency)
        for resource in unproven:
            try:
                catalogues.find(resource)
            except ValueError as error:
                faults.append(str(error))
    if faults:
        raise InvalidInput(faults)


def _foreign(service: WellArchitected, resource: Resource) -> str | None:
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


def _guard_removals(works: Sequence[Work], most: int | None) -> None:
    if not too_many_removals([work.plan for work in works], most):
        return
    removals = {work.declaration.resource.label: work.plan.removals for work in works if work.plan.removals}
    total = sum(removals.values())
    named = ", ".join(f"{count} of {label}" for label, count in removals.items())
    raise InvalidInput([f"This run would delete {total} shares, and max_removals is {most}: {named}"])
