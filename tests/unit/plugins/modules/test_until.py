# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access that ends, and accounts that leave with their users and roles."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

import pytest

from .names import ANA, BEN, BEN_ROLE, BEN_USER
from .scenes import Scene, entry

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

    def test_it_counts_as_a_removal_and_is_in_the_plan(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[ANA])
        result = run("wa_shares", resources=[entry(payments, ends(ANA))], max_removals=0)
        assert result.lacks("max_removals", ANA, ENDED) == []
        assert [row["action"] for row in result["plan"]] == ["deleted"]

    def test_ended_access_is_drift_as_long_as_it_is_shared(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[ANA])
        declared = {"resources": [entry(payments, ends(ANA, reason="Audit"))]}
        (row,) = run("wa_share_drift_info", **declared)["drift"]
        assert (row["difference"], row["until"], row["reason"]) == ("ended", ENDED, "Audit")
        assert ENDED in row["text"]
        run("wa_shares", **declared)
        assert run("wa_share_drift_info", **declared)["drift"] == []


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
