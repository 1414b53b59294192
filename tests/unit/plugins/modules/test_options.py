# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What amazon.aws's options and the numbers among ours do before any call, and that a module's file runs it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins import modules
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.conftest import Exit, patch_module_args
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import ANA, Scene

FILES = sorted(Path(next(iter(modules.__path__))).glob("wa_*.py"))


def test_a_module_runs_where_its_file_is_run_and_not_where_it_is_imported(run: Any) -> None:
    package = modules.__name__
    ran = []
    for file in FILES:
        code = compile(file.read_text(encoding="utf-8"), str(file), "exec")
        with patch_module_args({"unheard_of": 1, "_ansible_remote_tmp": "/tmp", "_ansible_keep_remote_files": False}):
            exec(code, {"__name__": f"{package}.imported", "__package__": package})
            with contextlib.suppress(Exit):
                exec(code, {"__name__": "__main__", "__package__": package})
                continue
        ran.append(file.stem)
    # These are their action plugins' work.
    assert set(ran) == {file.stem for file in FILES} - {"wa_share_report", "wa_inventory_accounts"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"without": "region"}, "Nothing was changed. There is no region: set the option region, AWS_REGION, or a"),
        (
            {"without": "access_key", "secret_key": "", "profile": "nobody's"},
            "Failed to use the profile: The config profile (nobody's) could not be found",
        ),
        ({"endpoint_url": "nowhere"}, "Failed to connect to wellarchitected: Invalid endpoint: nowhere"),
    ],
    ids=["no region", "no such profile", "no such endpoint"],
)
def test_credentials_and_places_that_cannot_be_used(scene: Scene, run: Any, options: Any, says: str) -> None:
    scene.watch()
    result = run("wa_shares", resources=[{"workload": "*", "shared_with": [ANA]}], **options)
    assert result["failed"]
    assert result["msg"].startswith(says)
    assert scene.emulator.calls() == {}


LEAST = (
    ("wa_shares", "concurrency", 1, {"resources": []}),
    ("wa_shares", "max_removals", 0, {"resources": []}),
    ("wa_shares", "wait_timeout", 0, {"resources": []}),
    ("wa_workload_share", "wait_timeout", 0, {"workload": "Payments", "shared_with": [ANA]}),
    ("wa_share_info", "concurrency", 1, {}),
    ("wa_share_invitation", "concurrency", 1, {"shared_by": [ANA]}),
    ("wa_share_invitation", "wait_timeout", 0, {"shared_by": [ANA]}),
)


def test_a_number_that_makes_no_sense_is_refused_before_any_change(scene: Scene, run: Any) -> None:
    scene.make(name="Payments")
    for module, option, least, others in LEAST:
        scene.watch()
        result = run(module, **{option: least - 1}, **others)
        assert result["failed"]
        assert result["msg"].endswith(f"{option}: it is {least - 1}, and the least it can be is {least}")
        assert scene.nothing_changed()
        assert not run(module, **{option: least}, **others)["failed"]
