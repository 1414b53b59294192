# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults anywhere: a run ends as declared, or with a true account of what it did, and the next one ends as declared.

The faults of a seed are always the same; which call of which thread meets them is not. WA_FAULT_SEEDS=100 runs more,
with pytest itself: ansible-test keeps the variable from the tests.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter, defaultdict
from typing import Any

import pytest

from .scenes import Result, Scene, accounts

SEEDS = range(1, 1 + int(os.environ.get("WA_FAULT_SEEDS", "4")))
RETRIED = ("server_error", "unavailable_html", "drop", "lost_answer", "throttle")
CHANGES = ("created", "updated", "renewed", "deleted")
Shares = dict[str, dict[str, dict[str, Any]]]


class Run:
    """A task for many resources of one kind, and what is to be true of it after any run."""

    def __init__(self, scene: Scene, run: Any, option: str, made: list[dict[str, Any]]) -> None:
        self.scene = scene
        self.emulator = scene.emulator
        self.option = option
        self.made = made
        self.wanted: dict[str, str | None] = {}
        self._run = run

    def want(self, wanted: dict[str, str | None]) -> None:
        """The permission that each principal is to have on every resource; no other is to have any."""
        self.wanted = wanted

    def run(self) -> Result:
        shared_with = [
            {"principal": principal, "permission_type": permission} if permission else principal
            for principal, permission in self.wanted.items()
        ]
        names = [{self.option: resource["name"]} for resource in self.made]
        return self._run("wa_shares", resources=names, shared_with=shared_with, purge_shares=True)

    def shares(self) -> Shares:
        """By ARN and ShareId; fails where a principal has two shares of one resource."""
        found: Shares = defaultdict(dict)
        for share in self.scene.rows():
            found[share["resource_arn"]][share["share_id"]] = share
        for arn, shares in found.items():
            twice = [who for who, count in Counter(s["shared_with"] for s in shares.values()).items() if count > 1]
            assert twice == [], arn
        return found

    def is_as_wanted(self, shares: dict[str, dict[str, Any]]) -> bool:
        alive = all(share["status"] != "EXPIRED" for share in shares.values())
        return alive and {share["shared_with"]: share["permission_type"] for share in shares.values()} == self.wanted

    def check_nothing_lost(self, before: Shares, after: Shares) -> None:
        """Access that is to stay was there all the time: the share is the same."""
        for arn, shares in before.items():
            kept = {
                share_id
                for share_id, share in shares.items()
                if share["status"] != "EXPIRED" and share["shared_with"] in self.wanted
            }
            assert kept <= set(after[arn])

    def check_account(self, result: Result, before: Shares, after: Shares) -> None:
        if "resources" not in result:  # refused, or nothing could be listed
            assert result["failed"]
            assert after == before
            return
        failed = [row for row in result["resources"] if row.get("error")]
        counts: Counter[str] = Counter()
        for row in result["resources"]:
            counts.update(share["action"] for share in row["shares"])
            self.check_row(row, before[row["resource"]["arn"]], after[row["resource"]["arn"]])
        summary = dict(result["summary"])
        # A failed result has only the resources that changed or failed.
        assert summary.pop("unchanged") >= counts.pop("unchanged", 0)
        assert summary == {**dict.fromkeys((*CHANGES, "accepted"), 0), **counts, "failed": len(failed)}
        assert result["failed"] == bool(failed)
        assert result["changed"] == any(row["changed"] for row in result["resources"])
        assert len(result["msg"].splitlines()) <= 25

    def check_row(self, row: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
        for share in row["shares"]:
            assert (share["share_id"] in after) == (share["action"] != "deleted")
            if share["action"] != "unchanged":  # which is also said of a share that was found after a conflict
                assert (share["share_id"] in before) == (share["action"] in ("deleted", "updated"))
            if share["action"] != "deleted":
                there = after[share["share_id"]]
                assert there["shared_with"] == share["shared_with"]
                assert there["permission_type"] == share["permission_type"]
        if any(share["action"] != "unchanged" for share in row["shares"]):
            assert row["changed"]
        if "error" not in row:
            assert self.is_as_wanted(after)
        elif "list" in row["error"] and not row["shares"]:
            assert after == before
        else:
            gone = {share["shared_with"] for share in before.values()} - set(self.wanted)
            # Of a renewal that was left half done, the row says that the inactive share was deleted.
            done = {
                share["shared_with"]
                for share in row["shares"]
                if share["action"] != "deleted" or share["shared_with"] in gone
            }
            self.check_not_done((set(self.wanted) | gone) - done, row["error"])

    def check_not_done(self, not_done: set[str], error: str) -> None:
        """Every principal that no row has is named as not done, or counted where they are many."""
        named = {principal for principal in not_done if principal in error}
        assert named == not_done or re.search(r"\d+ (more|other)", error) or not named


def script_faults(task: Run, chance: random.Random, changes: int) -> None:
    """Faults that are retried, of all calls, and some that are not, of a few."""
    for fault in RETRIED:
        task.emulator.fault(fault, probability=chance.uniform(0.005, 0.04), seed=chance.randrange(2**32))
    for fault in chance.sample(("access_denied", "quota", "not_json", "conflict", "server_error", "outage"), k=3):
        resource = chance.choice(task.made)
        named = {"lens": {"LensAlias": resource["arn"]}}.get(task.option, {"WorkloadId": resource["id"]})
        kind = {"lens": "Lens"}.get(task.option, "Workload")
        operation = chance.choice([f"Create{kind}Share", f"Delete{kind}Share", f"List{kind}Shares"])
        if fault == "outage":
            task.emulator.fault("unavailable_html", after=chance.randrange(changes), times=chance.randrange(5, 60))
        elif fault == "not_json":
            after = chance.randrange(changes // 2)
            task.emulator.fault(
                "not_json", operation=f"*{kind}Share", after=after, times=3, after_work=chance.random() < 0.5
            )
        elif fault == "conflict":
            task.emulator.fault("conflict", operation=f"Create{kind}Share", after=chance.randrange(9), times=5)
        else:
            task.emulator.fault(fault, operation=operation, match=named, after=chance.randrange(2))
    if chance.random() < 0.4:
        kind = {"lens": "Lens"}.get(task.option, "Workload")
        task.emulator.fault("expired_credentials", operation=f"*{kind}Share", after=chance.randrange(changes))


def check(task: Run, chance: random.Random, changes: int) -> Result:
    before = task.shares()
    script_faults(task, chance, changes)
    result = task.run()
    task.emulator.clear_faults()
    after = task.shares()
    task.check_account(result, before, after)
    task.check_nothing_lost(before, after)

    again = task.run()
    assert not again["failed"], again["msg"]
    converged = task.shares()
    assert all(task.is_as_wanted(converged[resource["arn"]]) for resource in task.made)
    task.check_nothing_lost(after, converged)
    return result


def test_2000_shares_from_nothing(scene: Scene, run: Any) -> None:
    task = Run(scene, run, "lens", scene.emulator.seed(lenses=20))
    task.want(dict.fromkeys(accounts(100)))

    check(task, random.Random(0), changes=2000)
    assert len(scene.rows()) == 2000
    scene.watch()
    assert not task.run()["changed"]
    assert scene.emulator.calls() == {"ListLenses": 1, "ListLensShares": 200}


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_a_tenth_of_2000_shares_of_lenses_is_to_change(scene: Scene, run: Any, seed: int) -> None:
    chance = random.Random(seed)
    task = Run(scene, run, "lens", scene.emulator.seed(lenses=20, shares=accounts(100)))
    for resource in task.made:
        scene.emulator.force(chance.choice(resource["share_ids"]), "EXPIRED")
    task.want(dict.fromkeys(accounts(105)[5:]))

    check(task, chance, changes=200)


@pytest.mark.parametrize("seed", SEEDS[1::2])
def test_shares_of_workloads_are_to_change_in_every_way(scene: Scene, run: Any, seed: int) -> None:
    chance = random.Random(seed)
    task = Run(scene, run, "workload", scene.emulator.seed(workloads=20, shares=accounts(10)))
    for resource in task.made:
        scene.emulator.force(chance.choice(resource["share_ids"]), "EXPIRED")
    everyone = accounts(13)[3:]
    task.want({principal: chance.choice(["READONLY", "CONTRIBUTOR"]) for principal in everyone})

    check(task, chance, changes=200)
