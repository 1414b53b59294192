# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access that ends, and accounts that leave with their users and roles."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

import pytest
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    BEN_ROLE,
    BEN_USER,
    CLEO,
    KINDS,
    OU,
    Scene,
    entry,
)

NOW = datetime.now(timezone.utc)
LATER, ENDED = "2099-12-31", "2020-01-31"


def ends(principal: str, until: str = ENDED, **more: str) -> dict[str, str]:
    return {"principal": principal, "until": until, **more}


class TestUntil:
    @pytest.mark.parametrize(
        ("until", "ended"),
        [
            ((NOW - timedelta(days=1)).date().isoformat(), True),
            ((NOW + timedelta(days=1)).date().isoformat(), False),
            ((NOW - timedelta(minutes=1)).astimezone(timezone(timedelta(hours=9))).isoformat(), True),
            ((NOW + timedelta(hours=1)).astimezone(timezone(timedelta(hours=-9))).isoformat(), False),
            (f"{(NOW + timedelta(hours=1)).replace(tzinfo=None).isoformat(timespec='seconds')}Z", False),
        ],
        ids=["yesterday", "tomorrow", "a minute ago in UTC+9", "in an hour in UTC-9", "in an hour, Z"],
    )
    @pytest.mark.parametrize("shared", [True, False], ids=["is shared", "is not shared"])
    def test_access_lasts_until_then(self, scene: Scene, run: Any, until: str, ended: bool, shared: bool) -> None:
        payments = scene.make(shares=[ANA] if shared else [])
        declared = {"resources": [entry(payments, ends(ANA, until), BEN)]}
        predicted = run("wa_shares", check_mode=True, **declared)
        result = run("wa_shares", **declared)
        assert predicted.prediction() == result.prediction()
        done = {True: "deleted" if shared else None, False: "unchanged" if shared else "created"}[ended]
        assert result.by_name["Payments"].get(ANA) == done
        rows = {row["shared_with"]: (row["until"], row["ended"]) for row in result["resources"][0]["shares"]}
        assert rows.get(ANA) == ((until, ended) if done else None)
        assert rows[BEN] == (None, False)
        assert set(scene.shares(payments)) == ({BEN} if ended else {ANA, BEN})
        assert not run("wa_shares", **declared)["changed"]

    def test_an_entrys_end_is_for_all_but_those_with_their_own(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[ANA, BEN])
        result = run("wa_shares", resources=[entry(payments, ANA, ends(BEN, LATER), until=ENDED, reason="Audit")])
        assert result.by_name == {"Payments": {BEN: "unchanged", ANA: "deleted"}}
        assert {row["reason"] for row in result["resources"][0]["shares"]} == {"Audit"}

    def test_the_tasks_list_may_have_ends_too(self, scene: Scene, run: Any) -> None:
        lens = scene.make(KINDS["lens"], shares=[ANA])
        result = run("wa_shares", resources=[{"lens": lens.name}], shared_with=[ends(ANA, permission_type="READONLY")])
        assert result.by_name == {"Payments": {ANA: "deleted"}}

    def test_it_counts_as_a_removal_and_is_in_the_plan(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[ANA])
        result = run("wa_shares", resources=[entry(payments, ends(ANA))], max_removals=0)
        assert result.lacks("max_removals", ANA, ENDED) == []
        assert [row["action"] for row in result["plan"]] == ["deleted"]

    def test_purge_removes_it_once(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[ANA, BEN, CLEO])
        result = run("wa_shares", resources=[entry(payments, ends(ANA), BEN)], purge_shares=True)
        assert result.by_name == {"Payments": {BEN: "unchanged", ANA: "deleted", CLEO: "deleted"}}

    def test_ended_access_is_drift_as_long_as_it_is_shared(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[ANA])
        declared = {"resources": [entry(payments, ends(ANA, reason="Audit"))]}
        (row,) = run("wa_share_drift_info", **declared)["drift"]
        assert (row["difference"], row["until"], row["reason"]) == ("ended", ENDED, "Audit")
        assert ENDED in row["text"]
        run("wa_shares", **declared)
        assert run("wa_share_drift_info", **declared)["drift"] == []

    @pytest.mark.parametrize(
        ("until", "words"),
        [
            ("2026-02-30", ["'2026-02-30'"]),
            ("next week", ["'next week'", "2026-12-31"]),
            ("2026-09-30T12:00:00", ["zone"]),
            ("9999-12-31", ["9999-12-31"]),
        ],
    )
    def test_what_is_not_a_valid_end_is_refused(self, scene: Scene, run: Any, until: str, words: list[str]) -> None:
        result = run("wa_shares", resources=[entry(scene.make(), ends(ANA, until))])
        assert result.lacks("resources[0].shared_with[0].until", *words) == []

    def test_two_ends_contradict_each_other(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        two = run("wa_shares", resources=[entry(payments, ends(ANA, LATER), ends(ANA, "2098-12-31"))])
        assert two.lacks("resources[0].shared_with[1]", ANA, LATER, "2098-12-31") == []
        none = run("wa_shares", resources=[entry(payments, ends(ANA, LATER)), entry(payments, ANA)])
        assert none.lacks("resources[0]", "resources[1]", ANA, LATER) == []
        same = ends(ANA, "2100-01-01T00:00:00+00:00")
        assert not run("wa_shares", resources=[entry(payments, ends(ANA, LATER)), entry(payments, same)])["failed"]

    def test_absent_needs_no_end(self, scene: Scene, run: Any) -> None:
        result = run("wa_shares", resources=[entry(scene.make(), ends(ANA), state="absent")])
        assert result.lacks("resources[0]", "until", "absent") == []


class TestAccountWide:
    GONE: ClassVar = {"workload": "*", "state": "absent", "shared_with": [BEN]}

    def test_the_accounts_users_and_roles_are_removed_too(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[ANA, BEN, BEN_USER, BEN_ROLE])
        wide = {"resources": [{**self.GONE, "account_wide": True}]}
        assert run("wa_shares", check_mode=True, resources=[self.GONE])["summary"]["deleted"] == 1
        assert run("wa_shares", check_mode=True, **wide).counts == {"deleted": 3}
        assert run("wa_shares", **wide).counts == {"deleted": 3}
        assert scene.shares(payments) == {ANA: "PENDING"}
        assert not run("wa_shares", **wide)["changed"]

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"shared_with": [BEN]}, ["absent"]),
            ({"shared_with": [BEN_USER], "state": "absent"}, [BEN_USER]),
            ({"shared_with": [OU], "state": "absent"}, [OU]),
        ],
        ids=str,
    )
    def test_what_cannot_be_is_refused(self, scene: Scene, run: Any, given: dict[str, Any], words: list[str]) -> None:
        scene.make()
        result = run("wa_shares", resources=[{"workload": "*", "account_wide": True, **given}])
        assert result.lacks("resources[0]", "account_wide", *words) == []

    def test_a_user_cannot_stay_where_the_account_is_removed(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        result = run("wa_shares", resources=[{**self.GONE, "account_wide": True}, entry(payments, BEN_USER)])
        assert result["failed"]
        assert result.lacks(BEN_USER, "resources[0]", "resources[1]") == []
