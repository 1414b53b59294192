# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes many resources and shares at once, by the models' own methods: all rules hold, quotas too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

LENSES = ["wellarchitected"]


def _workload(backend: Any, name: str) -> Any:
    given = {"Lenses": LENSES, "AwsRegions": [backend.region_name], "ReviewOwner": "seed", "Description": name}
    return backend.create_workload(name, {**given, "Environment": "PRODUCTION"})


def _lens(backend: Any, name: str) -> Any:
    lens = backend.import_lens(json.dumps({"schemaVersion": "2021-11-01", "name": name, "pillars": []}), None)
    return backend.create_lens_version(lens.arn, "1.0")


def _template(backend: Any, name: str) -> Any:
    return backend.create_review_template(name, {"Description": name, "Lenses": LENSES})


def _profile(backend: Any, name: str) -> Any:
    return backend.create_profile(name, {"ProfileDescription": name})


_MAKERS = {"workloads": _workload, "lenses": _lens, "templates": _template, "profiles": _profile}


def seed(backend: Any, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Make resources, each shared with every principal of `shares`, for the account and region of `backend`.

    `asked` has counts by `workloads`, `lenses`, `templates`, `profiles`; `prefix` of the names, which end in a number
    of at least three digits from 000; `shares`; `permission_type` (READONLY) of workloads. Returns
    {kind, id, arn, name, share_ids} of each.
    """
    made = []
    for plural, make in _MAKERS.items():
        for number in range(int(asked.get(plural, 0))):
            resource = make(backend, f"{asked.get('prefix', 'seed-')}{number:03d}")
            shares = [
                backend.create_share(
                    resource.kind, resource.identifier, principal, asked.get("permission_type", "READONLY")
                )
                for principal in asked.get("shares", [])
            ]
            made.append(
                {
                    "kind": resource.kind.name,
                    "id": resource.id,
                    "arn": resource.arn,
                    "name": resource.name,
                    "share_ids": [share.id for share in shares],
                }
            )
    return made
