# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Progress as users see it: on a terminal, in AWX, and not where there is nobody to see it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import SECRET_KEY, Emulator

from .awx import Controller

LINE = re.compile(r"progress: \[localhost\] ([\d,]+) of 160 shares done$", re.MULTILINE)
ACCOUNTS = [f"1111222200{number:02}" for number in range(20)]
EVERY = 5  # seconds between two lines
SLOW = 400  # milliseconds a call: 160 shares, 8 at once, take 8 seconds


@pytest.fixture(autouse=True)
def scene(endpoint: Emulator) -> None:
    for number in range(8):
        endpoint.create_workload(f"Payments {number}")
    endpoint.settings(latency_ms=SLOW)


def play(folder: Path, collections: Path, endpoint: Emulator, **task: Any) -> subprocess.CompletedProcess[str]:
    """Runs a playbook of one task, and waits for it where it is left to itself."""
    share = {"name": "Share", "wellarchitected.sharing.wa_shares": task.pop("share"), "register": "done", **task}
    wait = {
        "name": "Wait",
        "ansible.builtin.async_status": {"jid": "{{ done.ansible_job_id }}"},
        "register": "done",
        "until": "done.finished",
        "retries": 100,
        "delay": 1,
    }
    tell = {"name": "Tell", "ansible.builtin.debug": {"msg": "created={{ done.summary.created }}"}}
    tasks = [share, wait, tell] if "async" in task else [share, tell]
    plays = [{"name": "Play", "hosts": "localhost", "gather_facts": False, "tasks": tasks}]
    (folder / "play.json").write_text(json.dumps(plays), encoding="utf-8")
    return subprocess.run(
        [f"{sys.prefix}/bin/ansible-playbook", "play.json"],
        cwd=folder,
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
            "ANSIBLE_ASYNC_DIR": str(folder / "async"),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": "us-east-1",
            "AWS_URL": endpoint.url,
        },
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def counted(output: str) -> list[int]:
    """How many shares each line says are done."""
    return [int(count.replace(",", "")) for count in LINE.findall(output)]


def test_a_long_run_says_how_far_it_is(endpoint: Emulator, collections: Path, tmp_path: Path) -> None:
    done = play(tmp_path, collections, endpoint, share={"resources": "- workload: *", "shared_with": ACCOUNTS})
    assert "created=160" in done.stdout, done.stdout
    counts = counted(done.stderr)
    assert counts
    assert counts == sorted(set(counts))
    assert 0 < counts[0] < 160
    assert "progress" not in done.stdout
    assert [path for path in (tmp_path / "tmp").rglob("*") if path.is_file()] == []


def test_a_run_over_many_places_says_how_many_of_them_are_done(
    endpoint: Emulator, collections: Path, tmp_path: Path
) -> None:
    owners = [f"2222333300{number:02}" for number in range(24)]
    endpoint.seed(workloads=1, accounts=owners)
    accounts = [{"account_id": owner, "role_arn": f"arn:aws:iam::{owner}:role/Share"} for owner in owners]
    # Four calls at once: 24 roles, and as many lists of each sort and shares, take ten seconds.
    share = {"accounts": accounts, "resources": "- workload: *", "shared_with": ACCOUNTS[:1], "concurrency": 1}

    done = play(tmp_path, collections, endpoint, share=share)

    assert "created=24" in done.stdout, done.stdout
    told = re.findall(r"progress: \[localhost\] .*, (\d+) places of 24$", done.stderr, re.MULTILINE)
    assert told, done.stderr
    assert all(int(count) <= 24 for count in told)


def test_a_short_run_says_nothing(endpoint: Emulator, collections: Path, tmp_path: Path) -> None:
    endpoint.settings(latency_ms=50)
    began = time.monotonic()
    done = play(tmp_path, collections, endpoint, share={"resources": "- workload: * 0", "shared_with": ACCOUNTS})
    assert "created=20" in done.stdout, done.stdout
    # On a machine that is very busy it is no short run.
    assert "progress" not in done.stdout + done.stderr or time.monotonic() - began > 2 * EVERY


def test_a_task_in_the_background_says_nothing(endpoint: Emulator, collections: Path, tmp_path: Path) -> None:
    share = {"resources": "- workload: *1\n- workload: *2", "shared_with": ACCOUNTS, "concurrency": 2}
    done = play(tmp_path, collections, endpoint, share=share, **{"async": 600, "poll": 0})
    assert "created=40" in done.stdout, done.stdout
    assert "progress" not in done.stdout + done.stderr


def test_awx_shows_it_among_the_output_of_the_job(endpoint: Emulator, controller: Controller) -> None:
    answers = {
        "wa_share_regions": "us-east-1",
        "wa_share_resources": "- workload: *",
        "wa_share_shared_with": "\n".join(ACCOUNTS),
    }
    job = controller.launch("share", answers)
    assert job.status == "successful"
    assert job.artifacts["wa_share_summary"]["created"] == 160
    plain = re.sub(r"\x1b\[[0-9;]*m", "", job.stdout).replace("\r", "")
    counts = counted(plain)
    assert counts
    assert counts == sorted(set(counts))
    assert plain.index("TASK [wellarchitected.sharing.wa_share : Share") < plain.index("progress:")
    assert plain.index("progress:") < plain.index("changed: [localhost]")
