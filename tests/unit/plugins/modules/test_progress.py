# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option progress_path: a line every few seconds of a long run, in a file; the test's clock is the run's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .names import ANA, BEN, OU, OWNER
from .scenes import Scene, account, entry


def test_a_long_run_writes_lines_and_a_short_one_none(scene: Scene, run: Any, clock: Any, tmp_path: Path) -> None:
    workloads = [scene.make(name=f"Workload {number}") for number in range(15)]
    short, long = tmp_path / "short", tmp_path / "long"
    assert not run("wa_shares", resources=[entry(workloads[0], ANA)], progress_path=str(short))["failed"]
    assert not short.exists() or short.read_text(encoding="utf-8") == ""

    scene.emulator.fault("throttle", operation="Create*", probability=0.5, seed=3)
    result = run("wa_shares", resources=[entry(one, ANA, BEN) for one in workloads], progress_path=str(long))
    assert not result["failed"], result["msg"]
    lines = long.read_text(encoding="utf-8").splitlines()
    assert lines
    assert len(lines) <= clock.moved / 2
    assert any("of 15" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "task", "words"),
    [
        ("wa_share_info", {"workload": ["*"]}, ["of 30"]),
        ("wa_share_drift_info", {"resources": []}, ["of 30"]),
        ("wa_share_invitation", {"shared_by": [OWNER], "accounts": [account(ANA)]}, ["of 30"]),
    ],
)
def test_every_long_module_writes_them(
    scene: Scene, run: Any, tmp_path: Path, name: str, task: dict[str, Any], words: list[str]
) -> None:
    for number in range(30):
        scene.make(name=f"Workload {number}", shares=[ANA])
    for operation in ("ListWorkloadShares", "UpdateShareInvitation"):
        scene.emulator.fault("throttle", operation=operation, probability=0.4, seed=5)
    path = tmp_path / "progress"
    result = run(name, progress_path=str(path), **task)
    assert not result["failed"], result["msg"]
    written = path.read_text(encoding="utf-8")
    assert [word for word in words if word not in written] == []


def test_a_file_that_cannot_be_written_fails_nothing(scene: Scene, run: Any, clock: Any, tmp_path: Path) -> None:
    scene.enable_organization_sharing()
    scene.emulator.settings(associating_lists=4)
    task = {"resources": [entry(scene.make(), BEN, OU)], "wait": True}
    result = run("wa_shares", progress_path=str(tmp_path / "missing" / "progress"), **task)
    assert not result["failed"], result["msg"]
    assert clock.moved > 5
