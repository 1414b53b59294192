# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Progress: lines on the standard error of a long run, and none of a short one or one in the background."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.emulator.testing import Emulator

from .plays import Player

RECIPIENTS = [f"1111222200{number:02}" for number in range(20)]
SLOW = 400  # milliseconds a call: 160 shares, 8 at once, take 8 seconds


def test_a_long_run_shows_progress(endpoint: Emulator, collections: Path, tmp_path: Path) -> None:
    for number in range(8):
        endpoint.create_workload(f"Payments {number}")
    endpoint.settings(latency_ms=SLOW)

    def share(name: str, workload: str, count: int, **task: Any) -> dict[str, Any]:
        options = {"resources": [{"workload": workload}], "shared_with": RECIPIENTS[:count]}
        tasks = [{"name": name, "wellarchitected.sharing.wa_shares": options, "register": "done", **task}]
        if "async" in task:
            wait = {"jid": "{{ done.ansible_job_id }}"}
            tasks.append({"name": "Wait", "ansible.builtin.async_status": wait, "register": "done"})
            tasks[-1].update({"until": "done.finished", "retries": 100, "delay": 1})
        show = {"msg": "{{ done.summary.created }} created"}
        tasks.append({"name": "Show", "ansible.builtin.debug": show})
        # The folder of background jobs must not depend on whose home folder HOME is.
        variables = {"ansible_async_dir": str(tmp_path / "async")}
        return {"name": name, "hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}

    plays = [
        share("short", "Payments 0", 2),
        share("background", "Payments 1", 20, **{"async": 600, "poll": 0}),
        share("long", "Payments *", 20),
    ]
    (tmp_path / "plays.json").write_text(json.dumps(plays), encoding="utf-8")

    done = Player(tmp_path, collections, endpoint).file("plays.json", "", local_temp=str(tmp_path / "tmp"))

    assert done.code == 0, done.output
    short, background, long = re.split(r"^PLAY \[\w+\]", done.output, flags=re.MULTILINE)[1:]
    assert "2 created" in short
    assert "20 created" in background
    assert "progress" not in short + background
    assert "138 created" in long
    lines = re.findall(r"^progress: \[localhost\] (\d+) of (\d+) ", long, re.MULTILINE)
    assert lines, long
    assert all(0 < int(number) <= int(total) for number, total in lines)
    assert not list((tmp_path / "tmp").rglob("progress-*"))
