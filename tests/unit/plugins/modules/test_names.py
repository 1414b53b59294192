# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user or AWS named is data: no name is ever a format, a pattern, a template or markup by accident.

``tests/integration/targets/names`` takes the same names through roles, playbooks and the report.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.names import NAMES
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    OWNER,
    Scene,
    entry,
    every_kind,
)

#: the model's pattern for the names of review templates; those of the other kinds take any character
TEMPLATE_NAME = re.compile(r"[A-Za-z0-9-_.,:/()@!&?#+'\u2019\s]+$")


@every_kind
def test_one_resource(scene: Scene, run: Any, kind: Any) -> None:
    """All of them beside each other: each name means its own resource and no other."""
    names = [name for name in NAMES if kind.name != "template" or TEMPLATE_NAME.match(name)]
    resources = {name: scene.make(kind, name, shares=[BEN]) for name in names}
    for name, resource in resources.items():
        task = {kind.option: name, "shared_with": [ANA]}
        foreseen = run(kind.module, check_mode=True, **task)
        result = run(kind.module, **task)
        assert not result["failed"], result["msg"]
        assert result["resource"]["name"] == name
        assert result.prediction() == foreseen.prediction()
        assert repr(name) in result["diff"]["after_header"]
        assert set(scene.shares(resource)) == {ANA, BEN}


def test_many_resources(scene: Scene, run: Any) -> None:
    resources = [scene.make(name=name) for name in NAMES]
    result = run("wa_shares", resources=[entry(resource, ANA) for resource in resources])
    assert result.by_name == {name: {ANA: "created"} for name in NAMES}
    scene.make(name="Another")
    everything = run("wa_shares", resources=[{"workload": "*", "shared_with": [ANA]}])
    assert everything.by_name == {**{name: {ANA: "unchanged"} for name in NAMES}, "Another": {ANA: "created"}}
    of_ben = [entry(resource, BEN) for resource in resources]
    drift = run("wa_share_audit", resources=of_ben, ignore=["Another"])["drift"]
    assert len(drift) == 2 * len(NAMES)
    for name in NAMES:
        assert sum(row["text"].startswith(f"workload {name!r} (") for row in drift) == 2, name


@pytest.mark.parametrize("operation", ["ListWorkloadShares", "CreateWorkloadShare", "UpdateWorkloadShare", "Delete*"])
def test_messages_of_what_failed(scene: Scene, run: Any, operation: str) -> None:
    shares = {BEN: ("ACCEPTED", "CONTRIBUTOR"), OWNER[::-1]: "ACCEPTED"}
    resources = [scene.make(name=name, shares=shares) for name in NAMES]
    scene.emulator.fault("access_denied", operation=operation)
    result = run("wa_shares", resources=[entry(resource, ANA, BEN, purge_shares=True) for resource in resources])
    assert result["summary"]["failed"] == len(NAMES)
    assert f"{len(NAMES)} workloads ({NAMES[0]}, {NAMES[1]} … {len(NAMES) - 2} more): Failed to " in result["msg"]
    for resource, row in zip(resources, result["resources"]):
        assert f"workload {resource.name!r} ({resource.id})" in row["error"]
        assert resource.arn in row["error"]


def test_what_is_misspelt_or_refused(scene: Scene, run: Any) -> None:
    for name in NAMES:
        missing = run("wa_shares", resources=[{"workload": f"{name}x", "shared_with": [ANA]}])
        told = missing.get("msg") or " ".join(missing["warnings"])
        assert repr(f"{name}x") in told
        refused = run("wa_shares", resources=[{"workload": name, "shared_with": [name]}])
        assert f"resources[0].shared_with[0]: {name!r} is" in refused["msg"] or not name


def test_lists(scene: Scene, run: Any) -> None:
    for name in NAMES:
        scene.make(name=name, shares=[ANA])
    for asked in ({}, {"workload": list(NAMES)}):
        found = run("wa_share_info", **asked)["resources"]
        assert {item["resource"]["name"] for item in found} == set(NAMES)
        assert all(item["shares"][0]["shared_with"] == ANA for item in found)


def test_a_failed_list(scene: Scene, run: Any) -> None:
    for name in NAMES:
        scene.make(name=name, shares=[ANA])
    scene.emulator.fault("access_denied", operation="ListWorkloadShares")
    result = run("wa_share_info")
    assert f"{len(NAMES)} workloads (" in result["msg"]
    errors = "\n".join(item["error"] for item in result["resources"])
    for name in NAMES:
        assert f"Failed to list the shares of workload {name!r}" in errors
