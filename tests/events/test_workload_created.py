# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rulebook workload_created: which workloads are shared, and when."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import Emulator

from .rulebooks import HUB, Endpoint, Queue, Rulebook, delivered, running, spokes, wait_for

REGION = "eu-west-1"
#: seconds until an event causes a run, on a busy machine
SOON = 120
HOSTS = "arn-and-id workload-id twice fifty dropped choosing meanwhile outage repeated queue neighbour"
ACCOUNTS = {host: f"{number:012d}" for number, host in enumerate(HOSTS.split(), start=77)}
STRANGER, ELSEWHERE = "999999999999", "111122223333"


def event(name: str = "workload_created", account: str | None = None, **changes: Any) -> dict[str, Any]:
    return delivered(name, REGION, account, **changes)


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The event with this value at the path."""
    found = copy.deepcopy(document)
    *parents, last = path.split(".")
    inner = found
    for name in parents:
        inner = inner[name]
    inner[last] = value
    return found


@dataclass(frozen=True)
class Scene:
    endpoint: Endpoint
    emulator: Emulator
    queue: Queue
    rulebook: Rulebook

    def workload(self, host: str, name: str = "a workload") -> None:
        self.emulator.create_workload(name, account=ACCOUNTS[host], region=REGION)

    def shared(self, host: str) -> list[str]:
        """The names of the account's workloads that the hub has."""
        shares = [share for share in self.emulator.shares() if share["owner"] == ACCOUNTS[host]]
        assert {share["shared_with"] for share in shares} <= {HUB}
        return sorted(share["resource_name"] for share in shares if share["status"] == "ACCEPTED")

    def started_for(self, host: str) -> int:
        return self.rulebook.started_for(ACCOUNTS[host])

    def run_to_the_end(self, *events: Any) -> None:
        """Put events into the queue that must cause a run, and wait for its end."""
        before = self.rulebook.started()
        self.queue.send(*events)
        wait_for("run", lambda: self.rulebook.started() > before, SOON)
        wait_for("end of it", lambda: self.queue.is_empty() and self.rulebook.ended() == self.rulebook.started())


@pytest.fixture(scope="module")
def scene(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("workload_created")
    endpoint, queue = Endpoint(), Queue("wellarchitected-sharing-workloads", folder)
    variables = {"wa_events_endpoint_url": queue.url, "wa_events_region": "us-east-1"}
    try:
        with running("workload_created", folder, installed, spokes(ACCOUNTS), variables, endpoint.url) as rulebook:
            yield Scene(endpoint, Emulator(url=endpoint.url), queue, rulebook)
    finally:
        queue.stop()
        endpoint.stop()


def test_the_hub_has_a_workload_seconds_after_the_event(scene: Scene) -> None:
    scene.workload("arn-and-id")
    scene.workload("neighbour")
    scene.queue.send(event("workload_created", ACCOUNTS["arn-and-id"]))
    wait_for("share", lambda: scene.shared("arn-and-id") == ["a workload"], SOON)
    assert scene.shared("neighbour") == []
    wait_for("end of the run", lambda: scene.rulebook.ended() == scene.rulebook.started() == 1)


GOOD = event(account=ACCOUNTS["dropped"])
DROPPED = [
    event("workload_denied", ACCOUNTS["dropped"]),
    event("answer_updated", ACCOUNTS["dropped"]),
    event("account_created", ACCOUNTS["dropped"]),
    "not JSON at all",
    [GOOD],
    {},
    {"source": "aws.wellarchitected", "detail": "text"},
    changed(GOOD, "account", f"{ACCOUNTS['dropped']}:dropped"),
    changed(GOOD, "account", f"{ACCOUNTS['dropped']}\n"),
    changed(GOOD, "account", ["dropped"]),
    changed(GOOD, "account", "all"),
    changed(GOOD, "account", None),
    changed(GOOD, "region", f"{REGION},us-east-1"),
    changed(GOOD, "region", "all"),
    changed(GOOD, "region", "aa" + "-a" * 5000 + "-"),  # must not exhaust the stack of the engine's patterns
    changed(GOOD, "region", "{{ lookup('pipe', 'id') }}"),
    changed(GOOD, "detail.responseElements", None),
    changed(GOOD, "detail.responseElements", {"Id": "*"}),
    changed(GOOD, "detail.eventSource", "example.com"),
    changed(GOOD, "source", "my.own"),
]
CHOSEN = {
    "SharedWith": ELSEWHERE,
    "wa_collect_also_with": [ELSEWHERE],
    "shared_with": [ELSEWHERE],
    "wa_share_role_arn": f"arn:aws:iam::{ELSEWHERE}:role/Other",
    "text": "{{ lookup('pipe', 'touch chosen') }}",
}


def choosing() -> dict[str, Any]:
    """An event that tries to choose the principals and the job."""
    document = event(account=ACCOUNTS["choosing"], meta={"hosts": "all", "extra_vars": CHOSEN}, **CHOSEN)
    document["detail"].update(CHOSEN)
    document["detail"]["responseElements"].update(CHOSEN)
    document["detail"]["requestParameters"] = CHOSEN
    return document


NAMES = [f"workload {number:02d}" for number in range(50)]


@pytest.fixture(scope="module")
def burst(scene: Scene) -> None:
    """Many events of many accounts and kinds in one second, and the runs that they cause."""
    for host in ("workload-id", "twice", "dropped", "choosing"):
        scene.workload(host)
    for name in NAMES:
        scene.workload("fifty", name)
    scene.emulator.create_workload("strange", account=STRANGER, region=REGION)
    scene.run_to_the_end(
        *[event(account=ACCOUNTS["fifty"]) for _name in NAMES],
        event("workload_created_workload_id", ACCOUNTS["workload-id"]),
        *[event(account=ACCOUNTS["twice"])] * 2,
        *DROPPED,
        choosing(),
        event(account=STRANGER),
    )


def test_both_forms_of_the_response_are_known(scene: Scene, burst: None) -> None:
    assert scene.shared("workload-id") == ["a workload"]


def test_fifty_events_of_an_account_in_a_second_are_at_most_two_runs(scene: Scene, burst: None) -> None:
    assert scene.shared("fifty") == NAMES
    assert 1 <= scene.started_for("fifty") <= 2


def test_the_same_event_twice_is_one_share(scene: Scene, burst: None) -> None:
    assert scene.shared("twice") == ["a workload"]
    scene.run_to_the_end(event(account=ACCOUNTS["twice"]))
    assert scene.shared("twice") == ["a workload"]
    assert len([share for share in scene.emulator.shares() if share["owner"] == ACCOUNTS["twice"]]) == 1


def test_other_and_malformed_events_are_logged_and_dropped(scene: Scene, burst: None) -> None:
    assert scene.rulebook.dropped() == len(DROPPED)
    assert scene.started_for("dropped") == 0
    assert scene.shared("dropped") == []


def test_an_event_chooses_neither_the_principals_nor_the_job(scene: Scene, burst: None) -> None:
    assert scene.shared("choosing") == ["a workload"]
    assert not [share for share in scene.emulator.shares() if ELSEWHERE in share["shared_with"]]
    assert ELSEWHERE not in {call["account"] for call in scene.emulator.record("")}
    assert not [call for call in scene.emulator.record("sts") if ELSEWHERE in str(call["params"])]
    assert not list(scene.rulebook.folder.rglob("chosen"))


def test_an_account_that_is_not_in_the_inventory_is_reported(scene: Scene, burst: None) -> None:
    assert f"Skipped, not in the inventory or the limit: {STRANGER}" in scene.rulebook.log()
    assert not [share for share in scene.emulator.shares() if share["owner"] == STRANGER]


def test_a_workload_created_during_a_run_is_shared_by_a_later_run(scene: Scene) -> None:
    def is_listed() -> bool:
        calls = [call for call in scene.emulator.record() if call["account"] == ACCOUNTS["meanwhile"]]
        return any(call["operation"] == "ListWorkloads" and call["status"] == 200 for call in calls)

    scene.workload("meanwhile", "first")
    # The slow call comes after the list: the second workload is in no list of this run.
    slow = {"operation": "CreateWorkloadShare", "account": ACCOUNTS["meanwhile"], "times": 1, "delay_ms": 8000}
    scene.emulator.fault("slow", **slow)
    scene.queue.send(event(account=ACCOUNTS["meanwhile"]))
    wait_for("list", is_listed, SOON)
    scene.workload("meanwhile", "second")
    scene.run_to_the_end(event(account=ACCOUNTS["meanwhile"]))
    assert scene.shared("meanwhile") == ["first", "second"]
    assert scene.started_for("meanwhile") == 2


def test_no_event_is_lost_while_aws_is_unreachable_for_ten_seconds(scene: Scene) -> None:
    scene.workload("outage", "first")
    scene.workload("outage", "second")
    scene.endpoint.stop()
    scene.queue.send(event(account=ACCOUNTS["outage"]))
    time.sleep(10)  # the time of other processes cannot be moved
    scene.endpoint.start()
    wait_for("shares", lambda: scene.shared("outage") == ["first", "second"])
    wait_for("end of the run", lambda: scene.rulebook.ended() == scene.rulebook.started())


def test_a_failed_run_is_repeated(scene: Scene) -> None:
    scene.workload("repeated")
    before = scene.rulebook.repeated()
    scene.emulator.fault("access_denied", service="sts", operation="AssumeRole", times=1)
    scene.queue.send(event(account=ACCOUNTS["repeated"]))
    wait_for("share", lambda: scene.shared("repeated") == ["a workload"])
    assert scene.rulebook.repeated() == before + 1
    assert scene.started_for("repeated") == 1


def test_the_rulebook_waits_for_a_queue_that_is_unreachable_for_ten_seconds(scene: Scene) -> None:
    scene.workload("queue")
    scene.queue.stop()
    time.sleep(10)  # the time of other processes cannot be moved
    scene.queue.start()
    scene.queue.send(event(account=ACCOUNTS["queue"]))
    wait_for("share", lambda: scene.shared("queue") == ["a workload"])
