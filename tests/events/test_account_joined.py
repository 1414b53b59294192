# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rulebook account_joined: which accounts are onboarded, and when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import Emulator

from .rulebooks import EVENTS, HUB, Endpoint, Queue, Rulebook, running, wait_for

#: seconds until an event causes a run, on a busy machine
SOON = 120
#: the accounts in the files of the events; the tests use others
IN_FILES, MANAGEMENT = "444455556666", "111122223333"
JOINED = {
    "account_created": "000000000021",
    "invitation_accepted": "100000000022",
    "account_joined": "100000000023",
    "account_enrolled": "100000000024",
}
OTHERS = (
    "account_not_created",
    "account_not_enrolled",
    "account_requested",
    "invitation_not_accepted",
    "workload_created",
)
OLD, STRANGER = "100000000030", "999999999999"
NOT_IN_INVENTORY = "Not onboarded: {}."
INVENTORY = {
    "accounts": {
        "hosts": {f"team-{account[-2:]}": {"aws_account_id": account} for account in (*JOINED.values(), OLD, IN_FILES)},
        "vars": {
            "wa_accept_role_arn": "arn:aws:iam::{{ aws_account_id }}:role/WellArchitectedAccept",
            "wa_share_resources": [{"template": "Central"}],
        },
    }
}


def event(name: str, account: str = IN_FILES) -> dict[str, Any]:
    """An event as EventBridge delivers it, of this account."""
    text = (EVENTS / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text.replace(IN_FILES, account))
    return found


@dataclass(frozen=True)
class Scene:
    emulator: Emulator
    queue: Queue
    rulebook: Rulebook

    def onboarded(self) -> set[str]:
        """The accounts that accepted the template."""
        shares = self.emulator.shares()
        assert {share["owner"] for share in shares} <= {HUB}
        return {share["shared_with"] for share in shares if share["status"] == "ACCEPTED"}


@pytest.fixture(scope="module")
def scene(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("account_joined")
    endpoint, queue = Endpoint(), Queue("wellarchitected-sharing-accounts", folder)
    variables = {"wa_events_endpoint_url": queue.url, "wa_events_region": "us-east-1"}
    emulator = Emulator(url=endpoint.url)
    emulator.create_template("Central")
    try:
        with running("account_joined", folder, installed, INVENTORY, variables, endpoint.url) as rulebook:
            yield Scene(emulator, queue, rulebook)
    finally:
        queue.stop()
        endpoint.stop()


def test_accounts_that_joined_are_onboarded_and_no_others(scene: Scene) -> None:
    malformed = [event("account_created", "12345"), event("account_joined", "all"), "not JSON at all", {"source": "x"}]
    twice = event("account_joined", JOINED["account_created"])
    scene.queue.send(*[event(name, account) for name, account in JOINED.items()], twice)
    another = json.dumps(event("invitation_accepted")).replace('"INVITE"', '"ENABLE_ALL_FEATURES"')
    scene.queue.send(another, *[event(name) for name in OTHERS], *malformed)
    wait_for("shares", lambda: scene.onboarded() >= set(JOINED.values()), SOON)
    wait_for("end of the run", lambda: scene.queue.is_empty() and scene.rulebook.ended() == scene.rulebook.started())
    assert scene.onboarded() == set(JOINED.values())
    assert scene.rulebook.started() <= 2
    assert scene.rulebook.dropped() == len(OTHERS) + len(malformed)
    assert scene.rulebook.started_for(IN_FILES) == scene.rulebook.started_for(MANAGEMENT) == 0


def test_an_account_that_is_not_in_the_inventory_is_reported_after_the_others_are_onboarded(scene: Scene) -> None:
    scene.queue.send(event("account_created", STRANGER), event("account_created", OLD))
    wait_for("share", lambda: OLD in scene.onboarded(), SOON)
    wait_for("report of the other account", lambda: NOT_IN_INVENTORY.format(STRANGER) in scene.rulebook.log())
    assert STRANGER not in scene.onboarded()
