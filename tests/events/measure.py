# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure how long it takes from a workload's event in the queue to the share that the hub has accepted.

Usage: python -m tests.events.measure ROUNDS LATENCY_MS, with tests/tools in PYTHONPATH, by `make bench`.

Prints JSON: the seconds of each round, every one of another account, on one rulebook that waits for events.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from tests.emulator.testing import Emulator

from .rulebooks import Endpoint, Queue, collections, delivered, running, spokes, wait_for

REGION = "eu-west-1"


def measure(rounds: int, latency_ms: float, folder: Path) -> list[float]:
    """The seconds of each round. The endpoint answers each call after the latency."""
    accounts = {f"account-{number}": f"{number:012d}" for number in range(1, rounds + 1)}
    installed = collections(folder / "collections")
    endpoint, queue = Endpoint(), Queue("wellarchitected-sharing-workloads", folder)
    emulator = Emulator(url=endpoint.url)
    variables = {"wa_events_endpoint_url": queue.url, "wa_events_region": "us-east-1"}
    taken: list[float] = []
    try:
        with running("workload_created", folder, installed, spokes(accounts), variables, endpoint.url) as rulebook:
            for account in accounts.values():
                emulator.create_workload("a workload", account=account, region=REGION)
                endpoint.front.change_settings({"latency_ms": latency_ms})
                start = time.monotonic()
                queue.send(delivered("workload_created", REGION, account))
                wait_for("share", lambda: [share for share in emulator.shares() if share["status"] == "ACCEPTED"])
                taken.append(time.monotonic() - start)
                wait_for("end of the run", lambda: rulebook.ended() == rulebook.started() == len(taken))
                endpoint.front.reset()
    finally:
        queue.stop()
        endpoint.stop()
    return taken


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        print(json.dumps(measure(int(sys.argv[1]), float(sys.argv[2]), Path(temporary))))
