# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The flow that all sharing modules run: declare, resolve, list, plan, guard, apply.

Whatever is wrong with the input is found before the first change.
"""

from __future__ import annotations

from collections.abc import Sequence

from .._aws.errors import ServiceError
from .._aws.names_lookup import NamesLookup
from .._aws.service import WellArchitected
from .._model.catalogue import matches_nothing
from .._model.invalid_input import Faults, InvalidInput, told
from .._model.resources import Resource
from .applying import Applier, Work
from .declaration import Declaration, Entry, guard_allowed, merge_entries
from .listing import belongs_to_another, leave_out_foreign, list_shares
from .patience import Patience
from .planning import CREATED, needs_owner, plan_shares, too_many_removals
from .settings import Defaults, Settings, Warn


def share(
    service: WellArchitected,
    entries: Sequence[Entry],
    defaults: Defaults,
    settings: Settings,
    warn: Warn,
    faults: Faults,
) -> list[Work]:
    """Makes the shares as declared, or in check mode says what that would change.

    ``faults``: what is wrong so far. With any, the names are looked up all the same, which only reads.
    Raises InvalidInput before any change, and ServiceError where not even the resources could be listed. A resource's
    own failure is in its Work.
    """
    with faults.collected():
        guard_allowed(entries, settings.allowed_principals)
    lookup = NamesLookup(service)
    declarations = _resolve_all(lookup, service, entries, defaults, settings.concurrency, warn, faults)
    works = _list(service, declarations, settings, warn, faults)
    _plan(service, works, warn)
    with faults.collected():
        _refuse_what_cannot_be_shared(service, lookup, works, settings.concurrency)
    faults.refuse()
    _guard_removals(works, settings.max_removals)

    if settings.check_mode:
        for work in works:
            work.predict()
        return works
    applier = Applier(service, settings.concurrency, Patience(settings.wait_timeout), settings.progress)
    applier.apply(works)
    if settings.wait:
        applier.wait(works)
    return works


def _resolve_all(
    lookup: NamesLookup,
    service: WellArchitected,
    entries: Sequence[Entry],
    defaults: Defaults,
    concurrency: int,
    warn: Warn,
    faults: Faults,
) -> tuple[Declaration, ...]:
    """As ``resolve``, but raises InvalidInput with all ``faults``, and whose the resources are that ARNs name."""
    declarations: tuple[Declaration, ...] = ()
    try:
        with faults.collected():
            declarations = resolve(lookup, entries, defaults, concurrency, warn)
    except ServiceError:
        faults.refuse()  # They come first: mended, they may be all.
        raise
    if faults:
        for entry in entries:
            resource = entry.reference.resource
            foreign = None if resource is None else belongs_to_another(service, resource)
            if foreign:
                faults.found.append(told(entry.where, foreign))
    faults.refuse()
    return declarations


def resolve(
    lookup: NamesLookup, entries: Sequence[Entry], defaults: Defaults, concurrency: int, warn: Warn
) -> tuple[Declaration, ...]:
    """One declaration per resource that the entries name. Raises InvalidInput with every name that means nothing."""
    lookup.load_for((entry.reference for entry in entries), concurrency)
    resolved: list[tuple[Entry, Resource]] = []
    faults: list[str] = []
    for entry in entries:
        reference = entry.reference
        try:
            resources = lookup.look_up(reference)
        except ValueError as error:
            faults.append(told(entry.where, str(error)))
            continue
        if not resources:
            warn(told(entry.where, matches_nothing(reference)))
        resolved.extend((entry, resource) for resource in resources)
    if faults:
        raise InvalidInput(faults)
    return merge_entries(resolved, defaults)


def _list(
    service: WellArchitected,
    declarations: Sequence[Declaration],
    settings: Settings,
    warn: Warn,
    faults: Faults,
) -> list[Work]:
    """The declared resources with their shares, but for others' that only a pattern named."""
    refused: list[str] = []
    works: list[Work] = []
    resources = [declaration.resource for declaration in declarations]
    listed = list_shares(service, resources, settings.concurrency, settings.progress)
    for declaration, found in zip(declarations, listed):
        if leave_out_foreign(found, declaration.by_pattern, warn):
            continue
        if found.foreign:
            refused.append(found.foreign)
        elif (found.missing or found.invalid) and declaration.by_text:
            refused.append(f"{found.resource.label} does not exist in {service.region}. {found.error}")
        works.append(Work(declaration, found.shares, errors=[found.error] if found.error else []))
    faults.found.extend(sorted(refused))
    return works


def _plan(service: WellArchitected, works: Sequence[Work], warn: Warn) -> None:
    dropped: dict[tuple[str, str], list[str]] = {}
    for work in works:
        if work.errors:
            continue
        declaration = work.declaration
        owner = declaration.resource.owner
        work.plan = plan_shares(declaration.wanted, work.listed, owner)
        if owner is None and needs_owner(work.plan):
            owner = service.caller()
            work.plan = plan_shares(declaration.wanted, work.listed, owner)
        for principal in work.plan.owner_dropped:
            dropped.setdefault((owner or "", principal.text), []).append(declaration.resource.label)
    for (account, text), labels in dropped.items():
        others = f" and {len(labels) - 1} more" if len(labels) > 1 else ""
        warn(
            f"{account} owns {labels[0]}{others}: the owner, its users and its roles need no share, so {text} "
            "was left out"
        )


def _refuse_what_cannot_be_shared(
    service: WellArchitected, lookup: NamesLookup, works: Sequence[Work], concurrency: int
) -> None:
    """What was named by ID or ARN, and is about to be changed, must be the caller's own and published."""
    changing = [work for work in works if work.declaration.by_text and work.plan.changes]
    faults = [foreign for work in changing if (foreign := belongs_to_another(service, work.declaration.resource))]
    unproven = [
        work.declaration.resource
        for work in changing
        # What has a share was published.
        if work.declaration.resource.kind.must_be_published
        and not work.listed
        and any(step.action == CREATED for step in work.plan.steps)
    ]
    if unproven and not faults:
        lookup.load((resource.kind for resource in unproven), concurrency)
        for resource in unproven:
            try:
                lookup.find(resource)
            except ValueError as error:
                faults.append(str(error))
    if faults:
        raise InvalidInput(faults)


def _guard_removals(works: Sequence[Work], most: int | None) -> None:
    if not too_many_removals([work.plan for work in works], most):
        return
    removals = {work.declaration.resource.label: work.plan.removals for work in works if work.plan.removals}
    total = sum(removals.values())
    named = ", ".join(f"{count} of {label}" for label, count in removals.items())
    raise InvalidInput([f"This run would delete {total} shares, and max_removals is {most}: {named}"])
