# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rulebook account_joined: who gets what all accounts get, and when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import Emulator

from .rulebooks import EVENTS, HUB, Endpoint, Queue, Rulebook, running, wait_for

#: seconds in which a run comes of an event: the window in which events are gathered, on a busy machine
SOON = 120
#: the account in the files of the events; each test has others
IN_FILES, MANAGEMENT = "444455556666", "111122223333"
JOINED = {
    "account_created": "000000000021",
    "invitation_accepted": "100000000022",
    "account_joined": "100000000023",
    "account_enrolled": "100000000024",
}
IGNORED = (
    "account_not_created",
    "account_not_enrolled",
    "account_requested",
    "invitation_not_accepted",
    "workload_created",
)
OLD, STRANGER = "100000000030", "999999999999"
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
    """An event as EventBridge delivers it, about an account."""
    text = (EVENTS / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text.replace(IN_FILES, account))
    return found


@dataclass(frozen=True)
class Scene:
    emulator: Emulator
    queue: Queue
    rulebook: Rulebook

    def has(self) -> set[str]:
        """The accounts that have accepted the template."""
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


def test_whoever_joined_gets_what_all_accounts_get_and_nobody_else_does(scene: Scene) -> None:
    malformed = [event("account_created", "12345"), event("account_joined", "all"), "not JSON at all", {"source": "x"}]
    twice = event("account_joined", JOINED["account_created"])
    scene.queue.send(*[event(name, account) for name, account in JOINED.items()], twice)
    scene.queue.send(*[event(name) for name in IGNORED], *malformed)
    wait_for("shares", lambda: scene.has() >= set(JOINED.values()), SOON)
    wait_for("end of the run", lambda: scene.queue.is_empty() and scene.rulebook.ended() == scene.rulebook.started())
    assert scene.has() == set(JOINED.values())
    assert scene.rulebook.started() <= 2
    assert scene.rulebook.dropped() == len(malformed)
    assert scene.rulebook.started_for(IN_FILES) == scene.rulebook.started_for(MANAGEMENT) == 0


def test_an_account_that_is_not_in_the_inventory_is_told_after_the_others_were_onboarded(scene: Scene) -> None:
    scene.queue.send(event("account_created", STRANGER), event("account_created", OLD))
    wait_for("share", lambda: OLD in scene.has(), SOON)
    wait_for("word of the other", lambda: f"beyond the limit: {STRANGER}." in scene.rulebook.said())
    assert STRANGER not in scene.has()
