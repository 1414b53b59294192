# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What is shared with whom: the whole of wa_share_info."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.wellarchitected.sharing.plugins.module_utils._catalogues import Catalogues
from ansible_collections.wellarchitected.sharing.plugins.module_utils._declaration import (
    InvalidInput,
    parse_principals,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._interleaving import at_once
from ansible_collections.wellarchitected.sharing.plugins.module_utils._kinds import (
    DEAD_STATUSES,
    KINDS,
    LIVE_STATUSES,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._modules import fail_for, refuse_below
from ansible_collections.wellarchitected.sharing.plugins.module_utils._planning import Share
from ansible_collections.wellarchitected.sharing.plugins.module_utils._references import (
    Reference,
    Resource,
    parse_reference,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._service import ServiceError, WellArchitected

STATUSES = LIVE_STATUSES + DEAD_STATUSES


@dataclass
class Listed:
    """One resource and its shares that pass the filters."""

    resource: Resource
    shares: Sequence[Share] = ()
    error: str | None = None
    gone: bool = False
    """It vanished between the two lists."""

    def as_result(self) -> dict[str, Any]:
        result: dict[str, Any] = {
            "resource": self.resource.as_result(),
            "shares": [
                {
                    "shared_with": share.principal.text,
                    "share_id": share.share_id,
                    "status": share.status,
                    "status_message": share.status_message,
                    "permission_type": share.permission,
                }
                for share in self.shares
            ],
        }
        if self.error:
            result["error"] = self.error
        return result

    def as_declared(self) -> dict[str, Any]:
        """The live shares as an entry of wa_shares' option ``resources``."""
        kind = self.resource.kind
        return {
            kind.option: self.resource.arn or self.resource.id,
            "name": self.resource.name,
            "shared_with": [
                {"principal": share.principal.text, "permission_type": share.permission}
                if kind.has_permission
                else share.principal.text
                for share in self.shares
                if share.live
            ],
        }


def list_everything() -> NoReturn:
    """The ``main`` of wa_share_info."""
    module = AnsibleAWSModule(
        argument_spec={
            **{kind.option: {"type": "list", "elements": "str"} for kind in KINDS.values()},
            "status": {"type": "list", "elements": "str", "choices": list(STATUSES)},
            "shared_with": {"type": "list", "elements": "str"},
            "concurrency": {"type": "int", "default": 8},
        },
        supports_check_mode=True,
    )
    refuse_below(module, concurrency=1)
    try:
        service = WellArchitected(module, module.params["concurrency"])
        listed = list_shares(service, module.params)
    except InvalidInput as error:
        module.fail_json(msg=str(error))
    except ServiceError as error:
        fail_for(module, error)
    result: dict[str, Any] = {
        "changed": False,
        "resources": [item.as_result() for item in listed],
        "declared": [declared for item in listed if (declared := item.as_declared())["shared_with"]],
        "summary": summarize(listed),
    }
    failed = [item.error for item in listed if item.error]
    if failed:
        module.fail_json(msg=f"{len(failed)} of {len(listed)} resources failed. {' '.join(failed)}", **result)
    module.exit_json(**result)


def list_shares(service: WellArchitected, params: Mapping[str, Any]) -> list[Listed]:
    """The resources that ``params`` name, or all, with their shares that pass the filters.

    ``params``: workload, lens, template, wa_profile (lists of IDs, ARNs, names, wildcards; None: not given), status,
    shared_with, concurrency. With a filter given, resources without a share that passes are left out. Raises
    InvalidInput for names that mean nothing and bad principals, ServiceError where the resources could not be listed.
    """
    principals = parse_principals("shared_with", params.get("shared_with") or ())
    statuses = params.get("status")
    resources = _resources(service, _references(params, service.region), params["concurrency"])

    def vanished(resource: Resource, error: ServiceError) -> bool:
        # What others share with the caller is in the lists of names too, and its shares are its owner's to see.
        return error.not_found or (error.denied and resource.owner not in (None, service.caller()))

    def list_one(resource: Resource) -> Listed:
        try:
            shares = service.list_shares(resource)
        except ServiceError as error:
            if error.stops_run:
                raise
            return Listed(resource, error=str(error), gone=resource.name is not None and vanished(resource, error))
        return Listed(
            resource,
            [
                share
                for share in shares
                if (not statuses or share.status in statuses) and (not principals or share.principal in principals)
            ],
        )

    filtered = bool(statuses or principals)
    listed = at_once(list_one, resources, params["concurrency"])
    return [item for item in listed if not item.gone and (item.shares or item.error or not filtered)]


def summarize(listed: Sequence[Listed]) -> dict[str, Any]:
    """Counts of resources, of shares, and of shares by status and by kind."""
    by_status = Counter(share.status for item in listed for share in item.shares)
    by_kind = Counter(item.resource.kind.name for item in listed for _share in item.shares)
    return {
        "resources": len(listed),
        "shares": sum(by_kind.values()),
        "by_status": {status: by_status[status] for status in STATUSES},
        "by_kind": {name: by_kind[name] for name in KINDS},
    }


def _references(params: Mapping[str, Any], region: str) -> list[tuple[str, Reference]]:
    """The references in the options, with where each stands; one for everything of each kind where there are none."""
    given = {kind: params[kind.option] for kind in KINDS.values() if params.get(kind.option) is not None}
    if not given:
        return [("", parse_reference(kind, "*", region, wildcards=True)) for kind in KINDS.values()]
    references: list[tuple[str, Reference]] = []
    faults: list[str] = []
    for kind, texts in given.items():
        for index, text in enumerate(texts):
            where = f"{kind.option}[{index}]: "
            try:
                references.append((where, parse_reference(kind, text, region, wildcards=True)))
            except ValueError as error:
                faults.append(f"{where}{error}")
    if faults:
        raise InvalidInput(faults)
    return references


def _resources(
    service: WellArchitected, references: Sequence[tuple[str, Reference]], concurrency: int
) -> list[Resource]:
    """The resources that the references mean, each once."""
    catalogues = Catalogues(service)
    catalogues.load_for((reference for _where, reference in references), concurrency)
    resources: dict[tuple[str, str], Resource] = {}
    faults: list[str] = []
    for where, reference in references:
        try:
            found = catalogues.look_up(reference)
        except ValueError as error:
            faults.append(f"{where}{error}")
            continue
        resources.update((resource.key, resource) for resource in found if resource.key not in resources)
    if faults:
        raise InvalidInput(faults)
    return list(resources.values())
