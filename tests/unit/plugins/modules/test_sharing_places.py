# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wa_shares in many accounts and regions: one task, every place for itself, guard rails over all of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws import role_clients
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws import sessions as sessions_module
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine import sharing, visiting
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput

from .scenes import ANA, BEN, CLEO, KINDS, OWNER, Scene, accounts

REGIONS = ("us-east-1", "eu-west-1")
ALL = {"workload": "*"}
HUB = OWNER
SPOKES = accounts(6)


def spoke(account_id: str, **more: str) -> dict[str, str]:
    return {"account_id": account_id, "role_arn": f"arn:aws:iam::{account_id}:role/Share", **more}


@pytest.fixture
def six(scene: Scene) -> Scene:
    """Six accounts, two regions, two workloads in each place."""
    for account in SPOKES:
        for region in REGIONS:
            for name in ("Payments", "Search"):
                scene.make(name=name, account=account, region=region)
    scene.watch()
    return scene


def options(*resources: Mapping[str, Any], spokes: Any = SPOKES, **more: Any) -> dict[str, Any]:
    return {
        "accounts": [one if isinstance(one, dict) else spoke(one) for one in spokes],
        "regions": list(REGIONS),
        "resources": list(resources) or [ALL],
        "shared_with": [HUB],
        **more,
    }


def errors(result: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    return {(row["account_id"], row["region"]): row["error"] for row in result["places"] if "error" in row}


def test_one_task_shares_everything_of_six_accounts_in_two_regions(six: Scene, run: Any) -> None:
    first = run("wa_shares", **options())
    assert not first["failed"], first
    assert first["summary"]["created"] == 24
    assert len(six.rows()) == 24
    assert [(row["resource"]["account_id"], row["resource"]["region"]) for row in first["resources"]] == [
        (account, region) for account in SPOKES for region in REGIONS for _name in range(2)
    ]
    assert [row["resource"]["arn"].split(":")[3:5] for row in first["resources"]] == [
        [row["resource"]["region"], row["resource"]["account_id"]] for row in first["resources"]
    ]
    assert first["places"] == [
        {"account_id": account, "region": region, "name": None} for account in SPOKES for region in REGIONS
    ]

    six.watch()
    again = run("wa_shares", **options())
    assert not again["changed"]
    assert six.emulator.calls() == {"ListWorkloads": 12, "ListWorkloadShares": 24}
    assert 0 < len(six.emulator.record("sts")) <= 6


def test_check_mode_predicts_the_run(six: Scene, run: Any) -> None:
    predicted = run("wa_shares", check_mode=True, **options())
    assert six.nothing_changed()
    done = run("wa_shares", **options())
    assert predicted.prediction() == done.prediction()
    assert {diff["before_header"].rpartition(" in ")[2] for diff in done["diff"]} == set(REGIONS)


def test_the_region_of_the_first_that_is_named_is_where_roles_are_assumed(six: Scene, run: Any) -> None:
    result = run("wa_shares", **options(regions=["eu-west-1"]), without="region")
    assert result["summary"]["created"] == 12, result
    assert {row["region"] for row in six.emulator.record("sts")} == {"eu-west-1"}


class TestNames:
    def test_an_exact_name_must_be_in_at_least_one_place(self, scene: Scene, run: Any) -> None:
        scene.make(name="Only here", account=SPOKES[1], region="eu-west-1")
        result = run("wa_shares", **options({"workload": "Only here"}))
        assert not result["failed"], result
        assert [row["resource"]["account_id"] for row in result["resources"]] == [SPOKES[1]]
        assert result["warnings"] == []

    def test_a_name_that_is_in_none_is_refused_with_what_is_near(self, six: Scene, run: Any) -> None:
        result = run("wa_shares", **options(ALL, {"workload": "Paymets"}))
        assert result["msg"] == (
            "Nothing was changed. resources[1]: workload 'Paymets' does not exist in any of the 12 places "
            "(did you mean 'Payments'?)"
        )
        assert six.nothing_changed()

    def test_a_name_that_is_in_none_of_those_that_could_be_read_is_a_warning(self, six: Scene, run: Any) -> None:
        six.emulator.settings(refused_roles=[spoke(SPOKES[0])["role_arn"]])
        result = run("wa_shares", **options(ALL, {"workload": "Elsewhere"}))
        assert result["summary"]["created"] == 20
        assert result["warnings"] == ["resources[1]: workload 'Elsewhere' is in none of the places that could be read"]

    def test_a_name_that_means_two_in_one_place_is_refused_there(self, six: Scene, run: Any) -> None:
        for _twice in range(2):
            six.make(KINDS["template"], "Search", account=SPOKES[2], region="eu-west-1")
        result = run("wa_shares", **options({"template": "Search"}))
        assert f"resources[0]: in {SPOKES[2]} in eu-west-1, review template 'Search' means 2 resources" in result["msg"]
        assert len(six.rows()) == 0

    def test_an_arn_means_its_own_place_only(self, six: Scene, run: Any) -> None:
        there = six.make(name="Third", account=SPOKES[0], region="eu-west-1")
        six.watch()
        result = run("wa_shares", **options({"workload": there.arn}))
        assert [row["resource"]["arn"] for row in result["resources"]] == [there.arn]
        assert six.emulator.calls() == {"ListWorkloadShares": 1, "CreateWorkloadShare": 1}

    def test_an_id_is_looked_for_in_every_place(self, six: Scene, run: Any) -> None:
        there = six.make(name="Third", account=SPOKES[4], region="eu-west-1")
        result = run("wa_shares", **options({"workload": there.id}))
        assert [row["resource"]["arn"] for row in result["resources"]] == [there.arn]

    @pytest.mark.parametrize(
        ("arn", "why"),
        [
            (
                f"arn:aws:wellarchitected:eu-west-2:{SPOKES[0]}:lens/{'a' * 32}",
                "is in eu-west-2, but this task works in us-east-1, eu-west-1",
            ),
            (
                f"arn:aws:wellarchitected:eu-west-1:{ANA}:lens/{'a' * 32}",
                f"belongs to account {ANA}, which is not one of this task's accounts",
            ),
        ],
    )
    def test_an_arn_from_elsewhere_is_refused(self, six: Scene, run: Any, arn: str, why: str) -> None:
        result = run("wa_shares", **options(ALL, {"lens": arn}))
        assert why in result["msg"]
        assert six.nothing_changed()

    def test_entries_may_be_about_some_accounts_and_regions_only(self, six: Scene, run: Any) -> None:
        given = options(
            {"workload": "Payments", "accounts": ["payments", SPOKES[1]], "regions": ["eu-west-1"]},
            {"workload": "Search", "regions": ["us-east-1"], "shared_with": [ANA]},
            spokes=[spoke(SPOKES[0], name="payments"), *SPOKES[1:]],
        )
        result = run("wa_shares", **given)
        assert {
            (row["resource"]["name"], row["resource"]["account_id"], row["resource"]["region"])
            for row in result["resources"]
        } == {
            ("Payments", SPOKES[0], "eu-west-1"),
            ("Payments", SPOKES[1], "eu-west-1"),
            *(("Search", account, "us-east-1") for account in SPOKES),
        }

    def test_two_entries_of_one_resource_are_one_in_each_place(self, six: Scene, run: Any) -> None:
        result = run("wa_shares", **options(ALL, {"workload": "Search", "shared_with": [ANA], "accounts": SPOKES[:1]}))
        searches = [row for row in result["resources"] if row["resource"]["name"] == "Search"]
        assert len(result["resources"]) == 24
        assert [len(row["shares"]) for row in searches] == [2, 2] + [1] * 10

    def test_a_pattern_that_matches_nothing_anywhere_warns_once(self, six: Scene, run: Any) -> None:
        result = run("wa_shares", **options({"workload": "X*"}, {"workload": "Pay*"}))
        assert result["warnings"] == ["resources[0]: no workload of any of the 12 places matches 'X*'"]

    def test_what_is_left_out_in_one_place_warns_in_none(self, six: Scene, run: Any) -> None:
        six.make(name="Private", account=SPOKES[3], region="us-east-1")
        result = run("wa_shares", **options({**ALL, "exclude": ["Private", "Privat"]}))
        assert len(result["resources"]) == 24
        assert len(result["warnings"]) == 1
        assert "is called 'Privat' (did you mean 'Private'?)" in result["warnings"][0]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"accounts": []}, "accounts: it is empty: leave it out for the account of the credentials"),
        ({"regions": []}, "regions: it is empty: leave it out for the region of the client"),
        ({"regions": ["Frankfurt"]}, "regions[0]: 'Frankfurt' is not a region (such as eu-central-1)"),
        ({"regions": ["us-east-1", "eu-wset-1x"]}, "regions[1]: 'eu-wset-1x' is not a region"),
        ({"regions": ["cn-north-1"]}, "regions[0]: cn-north-1 is in the partition aws-cn"),
        ({"accounts": [{"account_id": "111"}]}, "accounts[0].account_id: '111' is a number of 3 characters"),
        ({"accounts": [{"account_id": ANA}]}, f"There is no role to assume in {ANA}, and the credentials are those of"),
        (
            {"accounts": [spoke(ANA), {**spoke(ANA), "external_id": "x"}]},
            f"accounts[1]: {ANA} is listed twice, with different roles",
        ),
        ({"resources": [{**ALL, "accounts": [ANA]}]}, f"resources[0].accounts[0]: {ANA} is not one of this task's"),
        ({"resources": [{**ALL, "regions": ["eu-wset-1"]}]}, "eu-wset-1 is not one of its regions (did you mean"),
        ({"resources": [{**ALL, "regions": []}]}, "resources[0].regions: it is empty: leave it out for all of"),
    ],
)
def test_places_that_cannot_be_are_refused_before_any_change(
    six: Scene, run: Any, wrong: dict[str, Any], says: str
) -> None:
    result = run("wa_shares", **options(**wrong) if "resources" not in wrong else {**options(), **wrong})
    assert result["failed"]
    assert says in result["msg"]
    assert six.nothing_changed()


def test_the_accounts_own_credentials_need_no_role(scene: Scene, run: Any) -> None:
    scene.make(name="Mine")
    scene.make(name="Theirs", account=ANA)
    result = run("wa_shares", **options(spokes=[{"account_id": OWNER}, ANA], shared_with=[BEN]))
    assert not result["failed"], result
    assert [row["resource"]["name"] for row in result["resources"]] == ["Mine", "Theirs"]


def test_the_owner_is_left_out_of_its_own_recipients_in_its_own_places(six: Scene, run: Any) -> None:
    result = run("wa_shares", **options(shared_with=[SPOKES[0], HUB]))
    assert result["summary"]["created"] == 44
    assert [warning for warning in result["warnings"] if f"{SPOKES[0]} was left out" in warning] == result["warnings"]
    assert len(result["warnings"]) == 1


class TestGuardRails:
    def test_max_removals_counts_over_all_places(self, six: Scene, run: Any) -> None:
        run("wa_shares", **options(shared_with=[HUB, ANA]))
        six.watch()
        result = run("wa_shares", **options(purge_shares=True, max_removals=23))
        assert "max_removals: it is 23, and this run would delete 24" in result["msg"]
        assert f"in {SPOKES[0]} in us-east-1 with {ANA}" in result["msg"]
        assert six.nothing_changed()
        assert run("wa_shares", **options(purge_shares=True, max_removals=24))["summary"]["deleted"] == 24

    def test_allowed_principals_are_judged_before_any_change(self, six: Scene, run: Any) -> None:
        given = options(ALL, {"workload": "Search", "accounts": SPOKES[5:], "shared_with": [CLEO]})
        result = run("wa_shares", **given, allowed_principals=[HUB])
        assert f"allowed_principals: {CLEO} is not in it, but in resources[1]" in result["msg"]
        assert six.nothing_changed()


class TestFailures:
    """A place's failure is its own line; everything else is done; a second run repairs."""

    def check(self, six: Scene, run: Any, place: tuple[str, str] | None, says: str, missing: int) -> None:
        result = run("wa_shares", **options())
        assert result["failed"]
        found = errors(result)
        assert place is None or list(found) == [place], found
        assert all(says in error for error in found.values()), found
        assert len(found) * 2 == missing
        assert result["summary"]["created"] == 24 - missing
        assert f"{len(found)} of 12 places failed" in result["msg"]
        six.emulator.clear_faults()
        six.emulator.settings(refused_roles=[], disabled_regions=[])
        repaired = run("wa_shares", **options())
        assert not repaired["failed"], repaired
        assert repaired["summary"]["created"] == missing
        assert len(six.rows()) == 24

    def test_a_role_that_cannot_be_assumed(self, six: Scene, run: Any) -> None:
        six.emulator.settings(refused_roles=[spoke(SPOKES[2])["role_arn"]])
        self.check(six, run, None, "The role must exist and trust these credentials", missing=4)

    def test_a_region_that_is_denied_to_one_account(self, six: Scene, run: Any) -> None:
        six.emulator.fault("access_denied", operation="ListWorkloads", account=SPOKES[1], region="eu-west-1")
        self.check(six, run, (SPOKES[1], "eu-west-1"), "wellarchitected:ListWorkloads", missing=2)

    def test_a_region_that_one_account_has_not_enabled(self, six: Scene, run: Any) -> None:
        six.emulator.settings(disabled_regions={SPOKES[1]: ["eu-west-1"]})
        self.check(six, run, (SPOKES[1], "eu-west-1"), "check the region eu-west-1", missing=2)

    def test_a_place_that_throttles_for_ever(self, six: Scene, run: Any) -> None:
        six.emulator.fault("throttle", account=SPOKES[1], region="eu-west-1", times=1000)
        self.check(six, run, (SPOKES[1], "eu-west-1"), "rate limit is used up", missing=2)

    def test_keys_that_have_expired_for_good(self, six: Scene, run: Any) -> None:
        six.emulator.fault("expired_credentials", operation="ListWorkloads", account=SPOKES[3], region="us-east-1")
        self.check(six, run, (SPOKES[3], "us-east-1"), "no longer valid", missing=2)

    def test_keys_that_expire_midway_are_renewed(self, six: Scene, run: Any) -> None:
        six.emulator.fault("expired_credentials", operation="CreateWorkloadShare", account=SPOKES[3], times=1)
        result = run("wa_shares", **options())
        assert not result["failed"], result
        assert result["summary"]["created"] == 24
        assert len(six.emulator.record("sts")) == 7

    def test_what_fails_midway_in_one_place_is_told_with_the_place(self, six: Scene, run: Any) -> None:
        six.emulator.fault("access_denied", operation="CreateWorkloadShare", account=SPOKES[3], region="us-east-1")
        result = run("wa_shares", **options())
        assert result["summary"]["created"] == 22
        failed = [row for row in result["resources"] if "error" in row]
        assert {(row["resource"]["account_id"], row["resource"]["region"]) for row in failed} == {
            (SPOKES[3], "us-east-1")
        }
        assert f"in {SPOKES[3]} in us-east-1" in result["msg"]

    def test_all_that_is_known_of_the_roles_is_in_no_result(self, six: Scene, run: Any) -> None:
        six.emulator.fault("access_denied", operation="CreateWorkloadShare", account=SPOKES[3])
        result = run("wa_shares", **options())
        shown = json.dumps(result)
        assert "ASIA" not in shown
        assert "SessionToken" not in shown
        assert "session_token" not in shown.replace('"session_token": null', "").replace("aws_session_token", "")


class TestEveryRegion:
    def test_regions_that_are_not_enabled_are_passed_over(self, scene: Scene, run: Any) -> None:
        scene.make(account=ANA, region="us-east-1")
        scene.make(account=ANA, region="ap-east-1")
        scene.emulator.settings(disabled_regions={ANA: ["me-south-1"]})
        result = run("wa_shares", **options(spokes=[ANA], regions=["all"]))
        assert not result["failed"], result
        skipped = [row for row in result["places"] if "skipped" in row]
        assert [(row["region"], row["skipped"]) for row in skipped] == [
            ("me-south-1", "the account has not enabled the region")
        ]
        assert {row["region"] for row in result["places"]} >= {"us-east-1", "eu-west-1", "ap-east-1"}
        assert not any(row["region"].startswith(("cn-", "us-gov-")) for row in result["places"])
        assert result["summary"]["created"] == 2

    def test_one_that_is_named_is_not_passed_over(self, scene: Scene, run: Any) -> None:
        scene.emulator.settings(disabled_regions={ANA: ["me-south-1"]})
        result = run("wa_shares", **options(spokes=[ANA], regions=["me-south-1", "us-east-1"]))
        assert f"account {ANA} has not enabled me-south-1" in errors(result)[(ANA, "me-south-1")]

    def test_bad_credentials_are_not_taken_for_it(self, scene: Scene, run: Any) -> None:
        scene.emulator.fault("error", service="sts", code="InvalidClientTokenId", status=403)
        scene.emulator.settings(disabled_regions=["me-south-1"])
        result = run("wa_shares", regions=["all"], resources=[ALL], shared_with=[ANA])
        assert [row["region"] for row in result["places"] if "error" in row] == ["me-south-1"]


def test_a_kind_that_must_be_published_is_looked_up_in_its_own_place(scene: Scene, run: Any) -> None:
    lens = scene.make(KINDS["lens"], "Standards", account=ANA, region="eu-west-1")
    result = run("wa_shares", **options({"lens": lens.arn}, spokes=[ANA, BEN]))
    assert not result["failed"], result
    assert result["summary"]["created"] == 1


class TestLooking:
    """wa_share_info and wa_share_audit over the same places."""

    def test_info_lists_all_places(self, six: Scene, run: Any) -> None:
        run("wa_shares", **options())
        six.watch()
        where = {key: value for key, value in options().items() if key in ("accounts", "regions")}
        found = run("wa_share_info", **where, workload=["*"])
        assert found["summary"]["shares"] == 24
        assert [(row["resource"]["account_id"], row["resource"]["region"]) for row in found["resources"]] == [
            (account, region) for account in SPOKES for region in REGIONS for _name in range(2)
        ]
        assert six.emulator.calls() == {"ListWorkloads": 12, "ListWorkloadShares": 24}
        again = run("wa_shares", **where, resources=found["declared"])
        assert not again["changed"], again

    def test_info_tells_the_place_that_failed_and_returns_the_others(self, six: Scene, run: Any) -> None:
        six.emulator.fault("access_denied", operation="ListWorkloads", account=SPOKES[1], region="eu-west-1")
        where = {key: value for key, value in options().items() if key in ("accounts", "regions")}
        found = run("wa_share_info", **where, workload=["*"])
        assert found["failed"]
        assert list(errors(found)) == [(SPOKES[1], "eu-west-1")]
        assert found["summary"]["resources"] == 22
        assert found["msg"].startswith("1 of 12 places failed.")

    def test_a_name_that_is_in_no_place_is_refused(self, six: Scene, run: Any) -> None:
        where = {key: value for key, value in options().items() if key in ("accounts", "regions")}
        found = run("wa_share_info", **where, workload=["Payments", "Paymets"])
        assert "workload[1]: workload 'Paymets' does not exist in any of the 12 places" in found["msg"]

    def test_the_audit_compares_all_places(self, six: Scene, run: Any) -> None:
        run("wa_shares", **options())
        six.make(name="Secret", shares=[CLEO], account=SPOKES[5], region="eu-west-1")
        declared = options(ALL, {"workload": "Secret", "shared_with": []})
        found = run("wa_share_audit", **declared)
        drift = [(row["account_id"], row["region"], row["shared_with"], row["difference"]) for row in found["drift"]]
        assert drift == [
            (SPOKES[5], "eu-west-1", HUB, "not_shared"),
            (SPOKES[5], "eu-west-1", CLEO, "not_declared"),
        ]
        assert f"in {SPOKES[5]} in eu-west-1, {CLEO}: is shared" in found["msg"]
        assert not found["passed"]

    def test_the_audit_does_not_pass_where_a_place_was_not_read(self, six: Scene, run: Any) -> None:
        run("wa_shares", **options())
        six.emulator.fault("access_denied", operation="ListLenses", account=SPOKES[1], region="eu-west-1")
        found = run("wa_share_audit", **options())
        assert found["drift"] == []
        assert not found["passed"]
        assert "1 of 12 places failed." in found["msg"]

    def test_what_is_declared_and_in_no_place_is_drift(self, six: Scene, run: Any) -> None:
        run("wa_shares", **options())
        found = run(
            "wa_share_audit", **options(ALL, {"workload": "Gone"}, {"workload": "Search", "accounts": SPOKES[:1]})
        )
        assert [row["text"] for row in found["drift"]] == [
            "resources[1]: workload 'Gone' does not exist in any of the 12 places"
        ]


class TestWhatAColdReaderFound:
    @pytest.mark.parametrize(
        ("names", "why"),
        [
            (("prod", "prod"), f"accounts: {SPOKES[0]} and {SPOKES[1]} are both called prod"),
            ((SPOKES[1], "x"), f"accounts: {SPOKES[0]} is called {SPOKES[1]}, which is another account's ID"),
        ],
    )
    def test_a_name_that_may_mean_another_account_is_refused(
        self, six: Scene, run: Any, names: tuple[str, str], why: str
    ) -> None:
        spokes = [spoke(account, name=name) for account, name in zip(SPOKES, names)]
        assert why in run("wa_shares", **options(spokes=spokes))["msg"]
        assert six.nothing_changed()

    @pytest.mark.parametrize("regions", [["me-south-1"], None])
    def test_what_can_only_be_in_a_region_that_was_passed_over_is_not_taken_for_done(
        self, scene: Scene, run: Any, regions: list[str] | None
    ) -> None:
        scene.make(account=ANA, region="us-east-1")
        scene.emulator.settings(disabled_regions={ANA: ["me-south-1"]})
        arn = f"arn:aws:wellarchitected:me-south-1:{ANA}:workload/{'a' * 32}"
        named = {"workload": "Payments", "regions": regions} if regions else {"workload": arn}
        given = options(named, spokes=[ANA], regions=["all"])
        refused = run("wa_shares", **given)
        assert "is in no region that its account has enabled" in refused["msg"]
        audited = run("wa_share_audit", **given)
        assert [row["difference"] for row in audited["drift"]] == ["not_found"]

    def test_a_region_that_is_named_beside_all_is_not_passed_over(self, scene: Scene, run: Any) -> None:
        scene.emulator.settings(disabled_regions={ANA: ["me-south-1", "ap-east-1"]})
        result = run("wa_shares", **options(spokes=[ANA], regions=["all", "me-south-1"]))
        assert list(errors(result)) == [(ANA, "me-south-1")]
        assert [row["region"] for row in result["places"] if "skipped" in row] == ["ap-east-1"]

    def test_one_account_whose_role_throttles_keeps_nobody_else_out(self, six: Scene, run: Any) -> None:
        six.emulator.fault("throttle", service="sts", match={"RoleArn": spoke(SPOKES[0])["role_arn"]}, times=1000)
        result = run("wa_shares", **options(), concurrency=1)
        assert {account for account, _region in errors(result)} == {SPOKES[0]}
        assert result["summary"]["created"] == 20

    def test_one_account_whose_connections_drop_keeps_nobody_else_out(self, six: Scene, run: Any) -> None:
        six.emulator.fault("drop", account=SPOKES[0], region="eu-west-1", times=1000)
        result = run("wa_shares", **options(), concurrency=1)
        assert list(errors(result)) == [(SPOKES[0], "eu-west-1")]

    def test_roles_are_assumed_at_a_regional_endpoint(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_STS_REGIONAL_ENDPOINTS", "legacy")
        monkeypatch.setattr(sessions_module, "get_aws_connection_info", lambda _module: ("eu-west-1", None, {}))
        sessions = sessions_module.Sessions(None)
        sts = sessions._client("sts", 1, "eu-west-1")
        assert sts.meta.endpoint_url == "https://sts.eu-west-1.amazonaws.com"

    def test_others_resources_show_no_tags_and_are_left_out(self, scene: Scene, run: Any) -> None:
        shared = scene.make(name="Hub's", shares=[ANA])
        scene.emulator.client(account=ANA).update_share_invitation(
            ShareInvitationId=scene.emulator.client(account=ANA).list_share_invitations()["ShareInvitationSummaries"][
                0
            ]["ShareInvitationId"],
            ShareInvitationAction="ACCEPT",
        )
        result = run("wa_shares", **options({**ALL, "tags": {"a": "b"}}, spokes=[ANA], regions=["us-east-1"]))
        assert not result["failed"], (result, shared)

    def test_what_a_place_finds_wrong_is_not_taken_for_nothing(
        self, six: Scene, run: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_arguments: Any, **_more: Any) -> None:
            raise InvalidInput(["it cannot be"])

        monkeypatch.setattr(sharing, "resolve_in", refuse)
        assert run("wa_shares", **options())["msg"] == "Nothing was changed. it cannot be"

    def test_a_fault_of_the_collection_in_a_module_of_one_resource_is_told(
        self, scene: Scene, run: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stumble(*_arguments: Any, **_more: Any) -> None:
            raise KeyError("oops")

        monkeypatch.setattr(sharing, "resolve_in", stumble)
        result = run("wa_workload_share", workload=scene.make().name, shared_with=[ANA])
        assert result["failed"]
        assert "KeyError: 'oops'" in result["msg"]

    def test_an_account_without_a_role_is_not_even_read(self, six: Scene, run: Any) -> None:
        result = run("wa_shares", **options(spokes=[{"account_id": ANA}, SPOKES[0]]))
        assert f"There is no role to assume in {ANA}" in result["msg"]
        assert {row["account"] for row in six.emulator.record()} <= {SPOKES[0]}


class TestManyPlaces:
    """More places than clients are kept for: they share clients, and each call carries the keys of its own account."""

    @pytest.fixture(autouse=True)
    def few_clients(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sessions_module, "CLIENTS_KEPT", 1)

    def test_each_call_is_made_as_its_own_account(self, six: Scene, run: Any) -> None:
        result = run("wa_shares", **options())
        assert result["summary"]["created"] == 24
        calls = [call for call in six.emulator.record() if "WorkloadId" in call["params"]]
        owner = {row["resource"]["id"]: row["resource"]["account_id"] for row in result["resources"]}
        where = {row["resource"]["id"]: row["resource"]["region"] for row in result["resources"]}
        assert calls
        assert [(call["account"], call["region"]) for call in calls] == [
            (owner[call["params"]["WorkloadId"]], where[call["params"]["WorkloadId"]]) for call in calls
        ]

    def test_keys_that_expire_midway_are_renewed(self, six: Scene, run: Any) -> None:
        six.emulator.fault("expired_credentials", operation="CreateWorkloadShare", account=SPOKES[3], times=1)
        result = run("wa_shares", **options())
        assert not result["failed"], result
        assert len(six.rows()) == 24

    def test_one_that_was_throttled_is_lent_to_nobody(
        self, six: Scene, run: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lent: list[Any] = []
        take = role_clients.RoleClients._take
        monkeypatch.setattr(
            role_clients.RoleClients, "_take", lambda self, region: lent.append(take(self, region)) or lent[-1]
        )
        six.emulator.fault("throttle", operation="ListWorkloads", times=1)
        # One place after the other, each of whose clients the next one gets.
        monkeypatch.setattr(visiting, "at_once", lambda function, items, _threads: list(map(function, items)))
        result = run("wa_share_info", accounts=options()["accounts"], regions=["us-east-1"], workload=["*"])
        assert result["summary"]["resources"] == 12
        throttled, second, *others = lent
        assert second is not throttled
        assert len(others) == 4
        assert all(one is second for one in others)

    def test_what_was_left_makes_no_call(self, six: Scene, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        made: list[Any] = []
        connect = sessions_module.Sessions._connect
        monkeypatch.setattr(
            sessions_module.Sessions,
            "_connect",
            lambda self, place: made.append(connect(self, place)) or made[-1],
        )
        run("wa_shares", **options(), check_mode=True)
        six.watch()
        with pytest.raises(AttributeError):
            made[-1].call("ListWorkloads", "list")
        assert six.emulator.calls() == {}
