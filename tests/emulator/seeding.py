# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes many resources, shares and roles at once, by the models' own methods: all rules hold, quotas too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

from .service import models

LENSES = ["wellarchitected"]
_ASSUME = "sts:AssumeRole"


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


def seed(asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Make resources in every one of `accounts` and `regions`, each shared with every principal of `shares`.

    `asked` has counts by `workloads`, `lenses`, `templates`, `profiles`, for each place; `prefix` of the names, which
    end in a number of at least three digits from 000; `shares`; `permission_type` (READONLY) of workloads. One
    `account` (the owner) and one `region` (us-east-1) do too. Returns {kind, id, arn, name, account, region, share_ids}
    of each, place by place. Raises ValueError where a region has no service.
    """
    accounts = asked.get("accounts", [asked.get("account", DEFAULT_ACCOUNT_ID)])
    regions = asked.get("regions", [asked.get("region", "us-east-1")])
    made = []
    for account in accounts:
        for region in regions:
            made += _seed_place(_backend(account, region), asked)
    return made


def _backend(account: str, region: str) -> Any:
    backends = models.wellarchitected_backends[account]
    if region not in backends:
        raise ValueError(f"The region {region!r} does not have the service.")
    return backends[region]


def _seed_place(backend: Any, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
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
                    "account": resource.owner,
                    "region": resource.region,
                    "share_ids": [share.id for share in shares],
                }
            )
    return made


#: everybody may assume the role: what it may do is its policies' to say
_ANYONE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": _ASSUME}]}


def make_roles(asked: Mapping[str, Any]) -> list[str]:
    """Make the IAM role `name` in every one of `accounts`, with the policy documents `policies`: their ARNs.

    `trust` is its trust policy; by default, everybody may assume it. `partition`: by default, aws. Raises ValueError
    where a part is missing, and moto's errors, as where an account has such a role.
    """
    if not asked.get("name") or not asked.get("accounts"):
        raise ValueError("Say which role to make, and where: {name, accounts: [account, ...]}.")
    trust = json.dumps(asked.get("trust") or _ANYONE)
    made = []
    for account in asked["accounts"]:
        backend = iam_backends[account][asked.get("partition", "aws")]
        role = backend.create_role(asked["name"], trust, "/", None, "", [], None)
        for number, policy in enumerate(asked.get("policies", [])):
            backend.put_role_policy(asked["name"], f"policy{number}", json.dumps(policy))
        made.append(role.arn)
    return made
