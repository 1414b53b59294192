# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access that ends, plans that were approved, resources chosen by their tags, accounts that leave."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model import terms

from .scenes import ANA, BEN, BEN_ROLE, BEN_USER, CLEO, KINDS, OU, OWNER, Scene, entry


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``at("2026-10-01T00:00:00+00:00")``: what time it is from then on."""

    def move(text: str) -> None:
        monkeypatch.setattr(terms, "now", lambda: datetime.fromisoformat(text))

    move("2026-09-01T12:00:00+00:00")
    return move


BEFORE, AFTER = "2026-09-30T23:59:59+00:00", "2026-10-01T00:00:00+00:00"
UNTIL = {"principal": ANA, "until": "2026-09-30"}


class TestUntil:
    def test_access_lasts_to_the_end_of_that_day_in_utc(self, scene: Scene, run: Any, at: Any) -> None:
        payments = scene.make()
        declared = {"resources": [entry(payments, UNTIL, BEN)]}
        first = run("wa_shares", **declared)
        assert first.by_name == {"Payments": {ANA: "created", BEN: "created"}}
        assert [(row["until"], row["ended"]) for row in first["resources"][0]["shares"]] == [
            ("2026-09-30", False),
            (None, False),
        ]
        at(BEFORE)
        assert not run("wa_shares", **declared)["changed"]
        at(AFTER)
        last = run("wa_shares", **declared)
        assert last.by_name == {"Payments": {BEN: "unchanged", ANA: "deleted"}}
        (row,) = [row for row in last["resources"][0]["shares"] if row["shared_with"] == ANA]
        assert (row["until"], row["ended"]) == ("2026-09-30", True)
        assert scene.shares(payments) == {BEN: "PENDING"}
        assert not run("wa_shares", **declared)["changed"]

    def test_what_never_was_is_nothing_to_do(self, scene: Scene, run: Any, at: Any) -> None:
        at(AFTER)
        result = run("wa_shares", resources=[entry(scene.make(), UNTIL)])
        assert not result["failed"], result
        assert not result["changed"]

    def test_an_entry_has_an_end_for_all_but_those_with_their_own(self, scene: Scene, run: Any, at: Any) -> None:
        payments = scene.make(shares=[ANA, BEN])
        at(AFTER)
        other = {"principal": BEN, "until": "2026-12-31"}
        result = run("wa_shares", resources=[entry(payments, ANA, other, until="2026-09-30", reason="Audit")])
        assert result.by_name == {"Payments": {BEN: "unchanged", ANA: "deleted"}}
        assert {row["reason"] for row in result["resources"][0]["shares"]} == {"Audit"}

    def test_the_tasks_list_may_have_ends_too_for_every_kind(self, scene: Scene, run: Any, at: Any) -> None:
        lens = scene.make(KINDS["lens"], shares=[ANA])
        at(AFTER)
        result = run(
            "wa_shares", resources=[{"lens": lens.name}], shared_with=[{**UNTIL, "permission_type": "READONLY"}]
        )
        assert result.by_name == {"Payments": {ANA: "deleted"}}

    def test_it_counts_as_a_removal(self, scene: Scene, run: Any, at: Any) -> None:
        payments = scene.make(shares=[ANA])
        at(AFTER)
        result = run("wa_shares", resources=[entry(payments, UNTIL)], max_removals=0)
        assert "max_removals: it is 0, and this run would delete 1" in result["msg"]
        assert scene.shares(payments) == {ANA: "PENDING"}

    def test_whoever_has_ended_does_not_keep_the_rest_from_being_purged(self, scene: Scene, run: Any, at: Any) -> None:
        payments = scene.make(shares=[ANA, BEN, CLEO])
        at(AFTER)
        result = run("wa_shares", resources=[entry(payments, UNTIL, BEN)], purge_shares=True)
        assert result.by_name == {"Payments": {BEN: "unchanged", ANA: "deleted", CLEO: "deleted"}}

    @pytest.mark.parametrize(
        ("until", "why"),
        [
            ("2026-02-30", "'2026-02-30' is neither a date (2026-12-31) nor a time with its zone"),
            ("next week", "'next week' is neither a date"),
            ("2026-09-30T12:00:00", "has no zone: a time needs one"),
            ("9999-12-31", "is too far away to be an end"),
        ],
    )
    def test_what_is_no_end_is_refused(self, scene: Scene, run: Any, at: Any, until: str, why: str) -> None:
        result = run("wa_shares", resources=[entry(scene.make(), {"principal": ANA, "until": until})])
        assert why in result["msg"]
        assert "resources[0].shared_with[0].until: " in result["msg"]

    @pytest.mark.parametrize("until", ["2026-09-30T24:00:00+00:00".replace("24", "23"), "2026-10-01T01:00:00+02:00"])
    def test_a_time_is_taken_with_its_zone(self, scene: Scene, run: Any, at: Any, until: str) -> None:
        payments = scene.make(shares=[ANA])
        declared = {"resources": [entry(payments, {"principal": ANA, "until": until})]}
        at("2026-09-30T22:59:59+00:00")
        assert not run("wa_shares", **declared)["changed"]
        at("2026-09-30T23:00:00+00:00")
        assert run("wa_shares", **declared)["changed"]

    def test_two_ends_contradict_each_other(self, scene: Scene, run: Any, at: Any) -> None:
        payments = scene.make()
        in_one = run("wa_shares", resources=[entry(payments, UNTIL, {"principal": ANA, "until": "2026-12-31"})])
        assert f"{ANA} is listed twice, until 2026-09-30 and until 2026-12-31" in in_one["msg"]
        in_two = run("wa_shares", resources=[entry(payments, UNTIL), entry(payments, ANA)])
        assert f"{ANA} is to have access until 2026-09-30 and without an end" in in_two["msg"]
        same = run("wa_shares", resources=[entry(payments, UNTIL), entry(payments, {**UNTIL, "until": AFTER})])
        assert not same["failed"], same

    def test_absent_needs_no_end(self, scene: Scene, run: Any, at: Any) -> None:
        result = run("wa_shares", resources=[entry(scene.make(), UNTIL, state="absent")])
        assert "state=absent takes access away at once" in result["msg"]

    def test_the_audit_tells_what_has_ended_and_is_still_shared(self, scene: Scene, run: Any, at: Any) -> None:
        payments = scene.make(shares=[ANA])
        declared = {"resources": [entry(payments, {**UNTIL, "reason": "Audit"})]}
        assert run("wa_share_audit", **declared)["passed"]
        at(AFTER)
        (found,) = run("wa_share_audit", **declared)["drift"]
        assert (found["difference"], found["until"], found["reason"]) == ("ended", "2026-09-30", "Audit")
        assert "is still shared, though access was until 2026-09-30 (READONLY PENDING)" in found["text"]


class TestTags:
    @pytest.fixture
    def tagged(self, scene: Scene) -> Scene:
        for name, tags in (
            ("One", {"tier": "1", "team": "payments"}),
            ("Two", {"tier": "2", "team": "payments"}),
            ("Three", {"tier": "1"}),
            ("Four", {"tier": "1", "team": "pay*"}),
        ):
            made = scene.make(name=name)
            scene.emulator.client().tag_resource(WorkloadArn=made.arn, Tags=tags)
        scene.watch()
        return scene

    def test_all_tags_must_match(self, tagged: Scene, run: Any) -> None:
        chosen = {"workload": "*", "tags": {"tier": 1, "team": "pay*"}, "shared_with": [ANA]}
        result = run("wa_shares", resources=[chosen])
        assert sorted(result.by_name) == ["Four", "One"]
        calls = tagged.emulator.calls()
        assert (calls["ListTagsForResource"], calls["ListWorkloads"], calls["ListWorkloadShares"]) == (4, 1, 2)

    def test_only_candidates_are_asked_for_and_each_once(self, tagged: Scene, run: Any) -> None:
        run(
            "wa_shares",
            resources=[
                {"workload": "T*", "tags": {"tier": "1"}, "shared_with": [ANA]},
                {"workload": "*", "exclude": ["Four"], "tags": {"tier": "2"}, "shared_with": [BEN]},
            ],
            check_mode=True,
        )
        assert tagged.emulator.calls()["ListTagsForResource"] == 3

    def test_none_that_matches_is_a_warning(self, tagged: Scene, run: Any) -> None:
        result = run("wa_shares", resources=[{"workload": "*", "tags": {"tier": "9"}, "shared_with": [ANA]}])
        assert result["warnings"] == [
            "resources[0]: no workload of this account and region matches '*' with the tags tier=9"
        ]

    def test_a_denied_call_names_the_action(self, tagged: Scene, run: Any) -> None:
        tagged.emulator.fault("access_denied", operation="ListTagsForResource")
        result = run("wa_shares", resources=[{"workload": "*", "tags": {"tier": "1"}, "shared_with": [ANA]}])
        assert "The credentials need the IAM action wellarchitected:ListTagsForResource on arn:" in result["msg"]
        assert tagged.nothing_changed()

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"workload": "One", "tags": {"tier": "1"}}, "it chooses among the matches of a name with wildcards"),
            ({"workload": "*", "tags": {}}, "resources[0].tags: it is empty"),
            ({"workload": "*", "tags": {"tier": ["1"]}}, "resources[0].tags.tier: it is no text"),
        ],
    )
    def test_what_cannot_be_is_refused(self, tagged: Scene, run: Any, given: dict[str, Any], why: str) -> None:
        assert why in run("wa_shares", resources=[{**given, "shared_with": [ANA]}])["msg"]

    def test_the_audit_chooses_by_tags_too(self, tagged: Scene, run: Any) -> None:
        declared = {"resources": [{"workload": "*", "tags": {"team": "*"}, "shared_with": [ANA]}]}
        run("wa_shares", **declared)
        assert run("wa_share_audit", **declared)["passed"]


class TestAccountWide:
    def test_the_accounts_users_and_roles_go_too(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[ANA, BEN, BEN_USER, BEN_ROLE])
        gone = {"workload": "*", "state": "absent", "shared_with": [BEN]}
        assert run("wa_shares", resources=[gone], check_mode=True)["summary"]["deleted"] == 1
        result = run("wa_shares", resources=[{**gone, "account_wide": True}])
        assert result["summary"]["deleted"] == 3
        assert scene.shares(payments) == {ANA: "PENDING"}
        assert not run("wa_shares", resources=[{**gone, "account_wide": True}])["changed"]

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            (
                {"shared_with": [BEN]},
                "resources[0].account_wide: it takes access away, so it goes with state=absent only",
            ),
            (
                {"shared_with": [BEN_USER], "state": "absent"},
                f"resources[0].account_wide: {BEN_USER} is not an account",
            ),
            ({"shared_with": [OU], "state": "absent"}, f"resources[0].account_wide: {OU} is not an account"),
        ],
    )
    def test_what_cannot_be_is_refused(self, scene: Scene, run: Any, given: dict[str, Any], why: str) -> None:
        scene.make()
        assert why in run("wa_shares", resources=[{"workload": "*", "account_wide": True, **given}])["msg"]

    def test_a_user_cannot_stay_where_the_account_goes(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        gone = {"workload": "*", "state": "absent", "shared_with": [BEN], "account_wide": True}
        result = run("wa_shares", resources=[gone, entry(payments, BEN_USER)])
        assert f"{BEN_USER} is to be present, and its account to be absent" in result["msg"]


class TestApprovedPlan:
    @pytest.fixture
    def approved(self, scene: Scene, run: Any) -> Any:
        """A scene with a share of each sort to come, and the plan of it."""
        payments = scene.make(shares={BEN: ("PENDING", "READONLY"), CLEO: "PENDING"})
        declared = {
            "resources": [entry(payments, ANA, {"principal": BEN, "permission_type": "CONTRIBUTOR"})],
            "purge_shares": True,
        }
        plan = run("wa_shares", check_mode=True, **declared)["plan"]
        scene.watch()
        return payments, declared, plan

    def test_the_plan_is_every_change_and_the_same_in_the_run(self, approved: Any, run: Any) -> None:
        payments, declared, plan = approved
        where = {"account_id": OWNER, "region": "us-east-1", "kind": "workload", "id": payments.id, "name": "Payments"}
        assert plan == [
            {**where, "shared_with": CLEO, "permission_type": "READONLY", "action": "deleted"},
            {**where, "shared_with": BEN, "permission_type": "CONTRIBUTOR", "action": "updated"},
            {**where, "shared_with": ANA, "permission_type": "READONLY", "action": "created"},
        ]
        done = run("wa_shares", approved_plan=plan, **declared)
        assert not done["failed"], done
        assert done["plan"] == plan
        again = run("wa_shares", approved_plan=plan, **declared)
        assert (again["changed"], again["plan"]) == (False, [])

    @pytest.mark.parametrize(
        "more",
        [
            {"shared_with": [OU]},
            {"permission_type": "CONTRIBUTOR", "shared_with": [ANA]},
        ],
        ids=["another principal", "another permission"],
    )
    def test_what_is_not_in_it_is_named_and_nothing_is_done(
        self, approved: Any, scene: Scene, run: Any, more: dict[str, Any]
    ) -> None:
        _payments, _declared, plan = approved
        result = run("wa_shares", approved_plan=plan, resources=[{"workload": "Payments", **more}])
        assert result["failed"]
        assert (
            "approved_plan: this run would make 1 change that it does not have: created workload 'Payments'"
            in (result["msg"])
        )
        assert f"with {more['shared_with'][0]}" in result["msg"]
        assert len(result["plan"]) == 1
        assert scene.nothing_changed()

    def test_another_resource_and_a_removal_are_not_in_it(self, approved: Any, scene: Scene, run: Any) -> None:
        _payments, _declared, plan = approved
        search = scene.make(name="Search", shares=[ANA])
        scene.watch()
        other = run("wa_shares", approved_plan=plan, resources=[entry(search, BEN)])
        assert "created workload 'Search'" in other["msg"]
        removal = run("wa_shares", approved_plan=plan, resources=[entry(search, ANA, state="absent")])
        assert "deleted workload 'Search'" in removal["msg"]
        assert scene.nothing_changed()

    def test_to_renew_is_the_same_wish_as_to_create(self, approved: Any, scene: Scene, run: Any) -> None:
        payments, declared, plan = approved
        scene.emulator.force(scene.share(payments, ANA), "EXPIRED")
        result = run("wa_shares", approved_plan=plan, **declared)
        assert not result["failed"], result
        assert result.by_name["Payments"][ANA] == "renewed"

    def test_one_that_is_half_done_is_finished(self, approved: Any, scene: Scene, run: Any) -> None:
        _payments, declared, plan = approved
        scene.emulator.fault("server_error", operation="CreateWorkloadShare", times=100)
        assert run("wa_shares", approved_plan=plan, **declared)["failed"]
        scene.emulator.clear_faults()
        result = run("wa_shares", approved_plan=plan, **declared)
        assert result.by_name == {"Payments": {ANA: "created", BEN: "unchanged"}}

    def test_what_others_do_meanwhile_opens_no_way_round_it(self, approved: Any, scene: Scene, run: Any) -> None:
        payments, declared, plan = approved
        scene.emulator.fault(
            "meanwhile",
            operation="UpdateWorkloadShare",
            meanwhile={
                "operation": "DeleteWorkloadShare",
                "params": {"WorkloadId": payments.id, "ShareId": payments.shares[BEN]},
            },
            times=1,
        )
        result = run("wa_shares", approved_plan=plan, **declared)
        assert BEN not in scene.shares(payments)
        assert "it would have to be created now, and approved_plan does not have that" in result["msg"]

    @pytest.mark.parametrize("empty", [[], ""])
    def test_an_empty_one_approves_nothing(self, approved: Any, scene: Scene, run: Any, empty: Any) -> None:
        _payments, declared, _plan = approved
        result = run("wa_shares", approved_plan=empty, **declared)
        assert "3 changes that it does not have" in result["msg"]
        assert scene.nothing_changed()

    def test_one_of_another_account_is_refused(self, approved: Any, scene: Scene, run: Any) -> None:
        _payments, declared, plan = approved
        others = [{**row, "account_id": ANA} for row in plan]
        assert "3 changes" in run("wa_shares", approved_plan=others, **declared)["msg"]
        assert scene.nothing_changed()

    def test_it_compares_principals_by_what_they_mean(self, approved: Any, run: Any) -> None:
        _payments, declared, plan = approved
        other = [{**row, "shared_with": f"arn:aws:iam::{row['shared_with']}:root"} for row in plan]
        assert not run("wa_shares", approved_plan=other, **declared)["failed"]

    @pytest.mark.parametrize(
        ("row", "why"),
        [
            ({"kind": "workload"}, "approved_plan[0]: it is no change of a plan: look at id, shared_with, action"),
            ({"kind": "x", "id": "y", "shared_with": ANA, "action": "created"}, "it is no change of a plan: x created"),
        ],
    )
    def test_what_is_no_plan_is_refused(self, approved: Any, run: Any, row: dict[str, Any], why: str) -> None:
        _payments, declared, _plan = approved
        assert why in run("wa_shares", approved_plan=[row], **declared)["msg"]

    def test_it_may_be_json(self, approved: Any, run: Any) -> None:
        _payments, declared, plan = approved
        assert not run("wa_shares", approved_plan=json.loads(json.dumps(plan)), **declared)["failed"]


def test_the_real_clock_is_in_utc() -> None:
    assert abs((terms.now() - datetime.now(timezone.utc)).total_seconds()) < 5


def test_the_audit_returns_what_is_declared_for_the_report(scene: Scene, run: Any, at: Any) -> None:
    payments = scene.make()
    at(AFTER)
    declared = entry(payments, {**UNTIL, "reason": "Audit"}, BEN, OWNER)
    result = run("wa_share_audit", resources=[declared, {"workload": "*", "shared_with": [CLEO], "state": "absent"}])
    where = {key: result["declared"][0][key] for key in ("kind", "id", "arn", "name", "account_id", "region")}
    assert where["arn"] == payments.arn
    assert result["declared"] == [
        {
            **where,
            "shared_with": who,
            "permission_type": "READONLY",
            "until": until,
            "reason": reason,
            "where": f"resources[0].shared_with[{position}]",
        }
        for position, (who, until, reason) in ((1, (BEN, None, None)), (0, (ANA, "2026-09-30", "Audit")))
    ]
