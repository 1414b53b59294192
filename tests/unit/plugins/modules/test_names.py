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
    KINDS,
    OWNER,
    Scene,
    entry,
)

#: the model's pattern for the names of review templates; those of the other kinds take any character
TEMPLATE_NAME = re.compile(r"[A-Za-z0-9-_.,:/()@!&?#+'\u2019\s]+$")
every_name = pytest.mark.parametrize("name", NAMES)


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in KINDS.values() for name in NAMES if kind.name != "template" or TEMPLATE_NAME.match(name)],
)
def test_one_resource(scene: Scene, run: Any, kind: Any, name: str) -> None:
    resource = scene.make(kind, name, shares=[BEN])
    task = {kind.option: name, "shared_with": [ANA]}
    foreseen = run(kind.module, check_mode=True, **task)
    result = run(kind.module, **task)
    assert not result["failed"], result["msg"]
    assert result["resource"]["name"] == name
    assert result.prediction() == foreseen.prediction()
    assert repr(name) in result["diff"]["after_header"]
    assert set(scene.shares(resource)) == {ANA, BEN}


@every_name
def test_many_resources(scene: Scene, run: Any, name: str) -> None:
    resource = scene.make(name=name)
    scene.make(name="Another")
    assert run("wa_shares", resources=[entry(resource, ANA)]).by_name == {name: {ANA: "created"}}
    assert run("wa_shares", resources=[{"workload": "*", "shared_with": [ANA]}]).by_name == {
        name: {ANA: "unchanged"},
        "Another": {ANA: "created"},
    }
    drift = run("wa_shares", check_mode=True, resources=[entry(resource, BEN, purge_shares=True)])["drift"]
    assert all(repr(name) in line for line in drift)
    assert len(drift) == 2


@every_name
@pytest.mark.parametrize("operation", ["ListWorkloadShares", "CreateWorkloadShare", "UpdateWorkloadShare", "Delete*"])
def test_messages_of_what_failed(scene: Scene, run: Any, name: str, operation: str) -> None:
    resource = scene.make(name=name, shares={BEN: ("ACCEPTED", "CONTRIBUTOR"), OWNER[::-1]: "ACCEPTED"})
    scene.emulator.fault("access_denied", operation=operation)
    result = run("wa_shares", resources=[entry(resource, ANA, BEN, purge_shares=True)])
    assert result["failed"]
    assert f"workload {name!r} ({resource.id})" in result["msg"]
    assert resource.arn in result["msg"]


@every_name
def test_what_is_misspelt_or_refused(scene: Scene, run: Any, name: str) -> None:
    scene.make(name=name)
    missing = run("wa_shares", resources=[{"workload": f"{name}x", "shared_with": [ANA]}])
    told = missing.get("msg") or " ".join(missing["warnings"])
    assert repr(f"{name}x") in told
    refused = run("wa_shares", resources=[{"workload": name, "shared_with": [name]}])
    assert f"shared_with[0]: {name!r} is" in refused["msg"]


@every_name
def test_lists(scene: Scene, run: Any, name: str) -> None:
    scene.make(name=name, shares=[ANA])
    for asked in ({}, {"workload": [name]}):
        (found,) = run("wa_share_info", **asked)["resources"]
        assert found["resource"]["name"] == name
        assert found["shares"][0]["shared_with"] == ANA


@every_name
def test_a_failed_list(scene: Scene, run: Any, name: str) -> None:
    scene.make(name=name, shares=[ANA])
    scene.emulator.fault("server_error", operation="ListWorkloadShares")
    assert f"Failed to list the shares of workload {name!r}" in run("wa_share_info")["msg"]
