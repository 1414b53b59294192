# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recipient's side: which invitations are answered, which are waited for, and what is told of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine import progress
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    BEN_USER,
    CLEO,
    DAN,
    KINDS,
    ORGANIZATION,
    OWNER,
    Result,
    Scene,
    account,
    accounts,
)

THREE = ("workload", "lens", "template")
ODD_NAMES = (
    "Payments {}",
    "{0}",
    "{kwargs}",
    "100% %s",
    'it\'s "quoted"',
    "back\\slash",
    "<b>bold</b>",
    "{{ lookup('env', 'HOME') }}",
    "🚀 launch",
    "دفعات",
)


def share(run: Any, **options: Any) -> Result:
    """The owner shares the three kinds' `Central` with Ana and Ben, and waits until their statuses are known."""
    resources = [{KINDS[kind].option: "Central"} for kind in THREE]
    return run("wa_shares", **{"resources": resources, "shared_with": [ANA, BEN], "wait": True, **options})


def accept(run: Any, shared: Any, *recipients: str, **options: Any) -> Result:
    listed = [account(recipient) for recipient in recipients or (ANA, BEN)]
    return run("wa_share_invitation", shared=shared["resources"], accounts=listed, **options)


@pytest.fixture
def central(scene: Scene) -> list[Any]:
    return [scene.make(KINDS[kind], "Central") for kind in THREE]


def statuses(scene: Scene) -> set[tuple[str, str, str]]:
    return {(row["kind"], row["shared_with"], row["status"]) for row in scene.rows()}


class TestWhatWasShared:
    @pytest.mark.parametrize("equal", [True, False], ids=["ShareId is the invitation's", "ShareId is another"])
    def test_only_invitations_to_what_was_shared_are_answered(
        self, scene: Scene, run: Any, central: list[Any], equal: bool
    ) -> None:
        scene.emulator.settings(share_id_is_invitation_id=equal)
        others = [
            scene.make(KINDS["lens"], "Another of the owner's", [ANA]),
            scene.make(KINDS["lens"], "Central", [ANA], account=CLEO),
        ]
        result = accept(run, share(run))
        assert result["summary"] == {"accepted": 6, "rejected": 0, "gone": 0, "failed": 0}
        for resource in central:
            assert scene.shares(resource) == {ANA: "ACCEPTED", BEN: "ACCEPTED"}
        for resource in others:
            assert scene.shares(resource) == {ANA: "PENDING"}

    def test_an_account_that_expects_nothing_is_not_asked(self, scene: Scene, run: Any, central: list[Any]) -> None:
        accept(run, share(run))
        shared = share(run, shared_with=[ANA, BEN, DAN])
        scene.watch()

        result = accept(run, shared, ANA, BEN, DAN, CLEO)
        assert result["summary"]["accepted"] == 3
        assert scene.emulator.calls() == {"ListShareInvitations": 1, "UpdateShareInvitation": 3}
        assumed = [call["params"]["RoleArn"] for call in scene.emulator.record("sts") if "RoleArn" in call["params"]]
        assert [arn.split(":")[4] for arn in assumed] == [DAN]
        assert [place["account_id"] for place in result["places"]] == [ANA, BEN, DAN, CLEO]

    def test_nothing_that_was_shared_is_nothing_to_answer(self, scene: Scene, run: Any) -> None:
        lens = scene.make(KINDS["lens"], "Central", [ANA])
        result = accept(run, {"resources": []})
        assert not result["changed"]
        assert not result["failed"]
        assert scene.shares(lens) == {ANA: "PENDING"}

    def test_the_other_conditions_hold_too(self, scene: Scene, run: Any, central: list[Any]) -> None:
        result = accept(run, share(run), resource_type=["lens", "template"], name="C*", shared_by=[OWNER])
        assert result["summary"]["accepted"] == 4
        assert scene.shares(central[0]) == {ANA: "PENDING", BEN: "PENDING"}

    def test_what_an_account_has_is_told_from_both_sides(self, scene: Scene, run: Any, central: list[Any]) -> None:
        scene.share(central[0], DAN)
        shared = run(
            "wa_shares",
            resources=[
                {"workload": "Central", "shared_with": [ANA, CLEO, BEN_USER], "purge_shares": True},
                {"lens": "Central", "shared_with": [ANA]},
            ],
            wait=True,
        )
        result = accept(run, shared, ANA, BEN)
        assert result["accounts"] == [
            {
                "account_id": ANA,
                "name": None,
                "access": ["workload Central READONLY ACCEPTED", "lens Central ACCEPTED"],
                "changed": True,
                "error": "",
            },
            {"account_id": BEN, "name": None, "access": [], "changed": False, "error": ""},
            *(
                {"account_id": one, "name": None, "access": [has], "changed": True, "error": ""}
                for one, has in (
                    (CLEO, "workload Central READONLY PENDING"),
                    (DAN, "workload Central READONLY removed"),
                )
            ),
        ]
        assert scene.shares(central[0])[BEN_USER] == "PENDING"

    def test_a_rejection_is_told_as_such(self, run: Any, central: list[Any]) -> None:
        result = accept(run, share(run), ANA, state="rejected")
        assert {line.rpartition(" ")[2] for line in result["accounts"][0]["access"]} == {"REJECTED"}
        assert result["diff"][0]["after"].count(": rejected\n") == 3

    def test_the_second_time_there_is_nothing_to_do(self, scene: Scene, run: Any, central: list[Any]) -> None:
        accept(run, share(run))
        scene.watch()
        result = accept(run, share(run), wait_timeout=30)
        assert not result["changed"]
        assert not result["failed"]
        assert {entry["changed"] for entry in result["accounts"]} == {False}
        assert "ListShareInvitations" not in scene.emulator.calls()

    def test_a_permission_that_was_changed_is_accepted_where_it_has_to_be(
        self, scene: Scene, run: Any, central: list[Any]
    ) -> None:
        accept(run, share(run))
        shared = share(run, permission_type="CONTRIBUTOR")
        assert shared["summary"]["updated"] == 2
        scene.emulator.force(scene.rows(central[0])[0]["share_id"], "PENDING")
        result = accept(run, shared, wait_timeout=30)
        assert result["summary"]["accepted"] == 1
        assert scene.shares(central[0]) == {ANA: "ACCEPTED", BEN: "ACCEPTED"}

    def test_accounts_of_the_organization_have_nothing_to_accept(self, scene: Scene, run: Any) -> None:
        scene.enable_organization_sharing()
        scene.make(name="Central")
        shared = run("wa_shares", resources=[{"workload": "Central", "shared_with": [ORGANIZATION]}], wait=True)
        result = accept(run, shared, wait_timeout=30)
        assert [(one["account_id"], one["access"], one["changed"]) for one in result["accounts"]] == [
            (ANA, [], False),
            (BEN, [], False),
        ]

    def test_without_accounts_it_is_the_account_of_the_credentials(self, scene: Scene, run: Any) -> None:
        scene.make(KINDS["lens"], "Theirs", [OWNER, ANA], account=CLEO)
        rows = run("wa_share_info", lens=["Theirs"], **keys(scene, CLEO))
        result = run("wa_share_invitation", shared=rows["resources"])
        assert result["places"] == [{"account_id": OWNER, "region": "us-east-1", "name": None}]
        assert [row["account_id"] for row in result["invitations"]] == [OWNER]

    @pytest.mark.parametrize(
        ("row", "says"),
        [
            ({}, "shared[1]: it is not one of the resources that wa_shares returned"),
            ({"resource": {"kind": "book"}, "shares": []}, "shared[1]: it is not one of the resources"),
            ({"resource": {"kind": "lens", "arn": "x", "name": None}, "shares": []}, "shared[1]: it is not one of"),
            (
                {
                    "resource": {
                        "kind": "lens",
                        "arn": f"arn:aws:wellarchitected:eu-west-1:{OWNER}:lens/a",
                        "name": "A",
                        "id": "a",
                    },
                    "shares": [],
                },
                f"shared[1]: arn:aws:wellarchitected:eu-west-1:{OWNER}:lens/a is in eu-west-1, but this task works in",
            ),
        ],
        ids=str,
    )
    def test_what_no_task_returned_is_refused(
        self, scene: Scene, run: Any, central: list[Any], row: dict[str, Any], says: str
    ) -> None:
        shared = share(run)
        scene.watch()
        result = accept(run, {"resources": [shared["resources"][0], row]}, regions=["us-east-1"])
        assert result["failed"]
        assert f"Nothing was changed. {says}" in result["msg"]
        assert scene.emulator.calls() == {}


def keys(scene: Scene, owner: str) -> dict[str, str]:
    found = scene.emulator.credentials(owner)
    return {
        "access_key": found["aws_access_key_id"],
        "secret_key": found["aws_secret_access_key"],
        "session_token": found["aws_session_token"],
    }


class TestWaiting:
    @pytest.mark.parametrize("wait", [True, False], ids=["the owner waited", "the owner did not wait"])
    def test_every_expected_invitation_is_waited_for_and_not_the_first(
        self, scene: Scene, run: Any, clock: Any, central: list[Any], wait: bool
    ) -> None:
        scene.emulator.settings(invitations_visible_after={"lens": 4, "template": 4})
        foreign = scene.make(KINDS["profile"], "Foreign", [ANA])
        result = accept(run, share(run, wait=wait), wait_timeout=30)
        assert result["summary"] == {"accepted": 6, "rejected": 0, "gone": 0, "failed": 0}
        assert 3 < clock.moved < 12
        assert scene.shares(foreign) == {ANA: "PENDING"}

    def test_an_invitation_that_does_not_show_is_told_and_the_others_are_answered(
        self, scene: Scene, run: Any, clock: Any, central: list[Any]
    ) -> None:
        scene.emulator.settings(invitations_visible_after={"lens": 600})
        result = accept(run, share(run), wait_timeout=10)
        assert result["failed"]
        assert result["summary"] == {"accepted": 4, "rejected": 0, "gone": 0, "failed": 2}
        assert (
            f"The invitation to lens 'Central' from {OWNER} did not show within 10 s" in result["accounts"][0]["error"]
        )
        assert 9 < clock.moved < 12

    def test_all_accounts_wait_together(self, scene: Scene, run: Any, clock: Any, central: list[Any]) -> None:
        scene.emulator.settings(invitations_visible_after={"lens": 600})
        many = accounts(15)
        result = accept(run, share(run, shared_with=many), *many, wait_timeout=10, concurrency=2)
        assert result["summary"]["failed"] == 15
        assert result["summary"]["accepted"] == 30
        assert clock.moved < 12

    def test_check_mode_does_not_wait_for_what_is_only_going_to_be_shared(
        self, scene: Scene, run: Any, clock: Any, central: list[Any]
    ) -> None:
        shared = share(run, check_mode=True)
        result = accept(run, shared, wait_timeout=30, check_mode=True)
        assert not result["failed"]
        assert clock.moved == 0
        assert result["accounts"][0]["access"][0] == "workload Central READONLY created"

    def test_check_mode_predicts_what_is_pending(self, scene: Scene, run: Any, central: list[Any]) -> None:
        shared = share(run)
        predicted = accept(run, shared, check_mode=True)
        assert {status for _kind, _who, status in statuses(scene)} == {"PENDING"}
        done = accept(run, shared)
        assert predicted == done
        assert done["changed"]

    def test_without_shared_it_waits_for_one_that_fits(self, scene: Scene, run: Any, clock: Any) -> None:
        scene.emulator.settings(invitations_visible_after={"lens": 4})
        lens = scene.make(KINDS["lens"], "Central", [ANA])
        result = run("wa_share_invitation", accounts=[account(ANA)], shared_by=[OWNER], wait_timeout=30)
        assert result["summary"]["accepted"] == 1
        assert scene.shares(lens) == {ANA: "ACCEPTED"}
        assert 3 < clock.moved < 12

    def test_every_invitation_that_is_named_is_waited_for(self, scene: Scene, run: Any, clock: Any) -> None:
        scene.emulator.settings(invitations_visible_after={"lens": 4, "template": 6})
        made = [scene.make(KINDS[kind], "Central", [ANA]) for kind in THREE]
        ids = [scene.rows(resource)[0]["invitation_id"] for resource in made]
        result = run("wa_share_invitation", accounts=[account(ANA)], share_invitation_ids=ids, wait_timeout=30)
        assert result["summary"] == {"accepted": 3, "rejected": 0, "gone": 0, "failed": 0}
        assert 5 < clock.moved < 15

    @pytest.mark.parametrize("timeout", [0, 10])
    def test_a_named_invitation_that_does_not_show_in_time_is_told(
        self, scene: Scene, run: Any, clock: Any, timeout: int
    ) -> None:
        scene.emulator.settings(invitations_visible_after={"lens": 600})
        made = [scene.make(KINDS[kind], "Central", [ANA]) for kind in THREE]
        ids = [scene.rows(resource)[0]["invitation_id"] for resource in made]
        result = run("wa_share_invitation", accounts=[account(ANA)], share_invitation_ids=ids, wait_timeout=timeout)
        assert result["summary"] == {"accepted": 2, "rejected": 0, "gone": 0, "failed": 0}
        late = f"These invitations did not show within 10 s, or were answered before: {ids[1]}"
        assert result["warnings"] == ([late] if timeout else [])

    def test_named_invitations_of_several_accounts_are_waited_for_together(
        self, scene: Scene, run: Any, clock: Any
    ) -> None:
        """An invitation is one account's: no other one misses it."""
        lens = scene.make(KINDS["lens"], "Central", [ANA, BEN])
        ids = [row["invitation_id"] for row in scene.rows(lens)]
        listed = [account(ANA), account(BEN)]
        result = run("wa_share_invitation", accounts=listed, share_invitation_ids=ids, wait_timeout=30, concurrency=1)
        assert result["summary"] == {"accepted": 2, "rejected": 0, "gone": 0, "failed": 0}
        assert clock.moved == 0

    def test_nothing_pending_is_no_error(self, run: Any, clock: Any) -> None:
        result = run("wa_share_invitation", accounts=[account(ANA)], shared_by=[OWNER], wait_timeout=5)
        assert not result["failed"]
        assert not result["changed"]
        assert 4 < clock.moved < 6


class TestAccounts:
    def test_the_account_of_the_credentials_needs_no_role(self, scene: Scene, run: Any) -> None:
        scene.make(KINDS["lens"], "Theirs", [OWNER], account=CLEO)
        result = run("wa_share_invitation", shared_by=[CLEO], accounts=[{"account_id": OWNER}])
        assert result["summary"]["accepted"] == 1
        other = run("wa_share_invitation", shared_by=[CLEO], accounts=[{"account_id": ANA, "name": "team {} %s"}])
        assert f"There is no role to assume in 111122223333, and the credentials are those of {OWNER}" in other["msg"]
        assert other["places"][0]["name"] == "team {} %s"

    def test_an_account_is_called_by_its_name(self, scene: Scene, run: Any) -> None:
        scene.emulator.settings(refused_roles=["*"])
        listed = [account(ANA, name="team <b>{0}</b>"), account(BEN)]
        result = run("wa_share_invitation", shared_by=[OWNER], accounts=listed)
        assert result["msg"].startswith(
            f"2 of 2 accounts failed. Invitations: none was answered.\nteam <b>{{0}}</b> ({ANA}): "
        )

    def test_the_external_id_goes_with_the_role(self, scene: Scene, run: Any) -> None:
        run("wa_share_invitation", shared_by=[OWNER], accounts=[account(ANA, external_id="of-ana"), account(BEN)])
        asked = [call["params"] for call in scene.emulator.record("sts") if call["operation"] == "AssumeRole"]
        assert sorted(params.get("ExternalId", "") for params in asked) == ["", "of-ana"]

    def test_nobody_asks_who_the_caller_is_where_it_does_not_matter(self, scene: Scene, run: Any) -> None:
        scene.make(KINDS["lens"], "Theirs", [OWNER], account=CLEO)
        scene.watch()
        result = run("wa_share_invitation", shared_by=[CLEO])
        assert scene.emulator.record("sts") == []
        assert [row["account_id"] for row in result["invitations"]] == [OWNER]
        assert result["diff"][0]["before_header"] == f"invitations of {OWNER}"

    @pytest.mark.parametrize(
        ("listed", "says"),
        [
            ([{"account_id": "12"}], "accounts[0].account_id: '12' is a number of 2 characters"),
            ([{"account_id": ORGANIZATION}], f"accounts[0].account_id: {ORGANIZATION} is not an account"),
            ([{**account(ANA), "account_id": BEN}], f"is not a role of account {BEN}"),
            ([account(ANA), {"account_id": ANA}], f"accounts[1]: {ANA} is listed twice, with different roles"),
            ([account(ANA), account(ANA, external_id="x")], f"accounts[1]: {ANA} is listed twice"),
        ],
        ids=str,
    )
    def test_accounts_that_make_no_sense_are_refused(
        self, scene: Scene, run: Any, listed: list[dict[str, str]], says: str
    ) -> None:
        result = run("wa_share_invitation", shared_by=[OWNER], accounts=listed)
        assert result["failed"]
        assert says in result["msg"]
        assert scene.emulator.record("") == []

    def test_the_same_account_twice_is_asked_once(self, scene: Scene, run: Any) -> None:
        result = run("wa_share_invitation", shared_by=[OWNER], accounts=[account(ANA), account(ANA)])
        assert len(result["places"]) == 1
        assert scene.emulator.calls() == {"ListShareInvitations": 1}


def test_progress_counts_invitations_and_places(
    scene: Scene, run: Any, central: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = share(run)
    watched = tmp_path / "progress"
    watched.touch()
    monkeypatch.setenv(progress.VARIABLE, str(watched))
    monkeypatch.setattr(progress, "INTERVAL", 0)
    scene.emulator.fault("access_denied", operation="UpdateShareInvitation", times=1)
    accept(run, shared, ANA, BEN, CLEO)
    record = json.loads(watched.read_text())
    assert record == {"what": "invitations answered", "done": 5, "failed": 1, "total": 6, "places": [2, 2]}


class TestNames:
    @pytest.mark.parametrize("name", ODD_NAMES)
    def test_a_name_means_itself_and_passes_through_unharmed(self, scene: Scene, run: Any, name: str) -> None:
        lens, other = (scene.make(KINDS["lens"], text, [ANA]) for text in (name, "Other"))
        resources = [{"lens": "*", "shared_with": [ANA]}]
        shared = run("wa_shares", resources=resources)
        found = run("wa_share_invitation_info", name=name, **keys(scene, ANA))
        assert [row["resource"]["name"] for row in found["invitations"]] == [name]

        result = accept(run, shared, ANA, name=name)
        assert not result["failed"], result["msg"]
        assert [row["resource"]["name"] for row in result["invitations"]] == [name]
        assert f"lens {name} ACCEPTED" in result["accounts"][0]["access"]
        assert repr(name) in result["diff"][0]["after"]
        assert (scene.shares(lens), scene.shares(other)) == ({ANA: "ACCEPTED"}, {ANA: "PENDING"})

    @pytest.mark.parametrize("name", ODD_NAMES)
    def test_a_message_has_the_name_as_it_is(self, scene: Scene, run: Any, name: str) -> None:
        scene.make(KINDS["lens"], name, [ANA])
        scene.emulator.fault("access_denied", operation="UpdateShareInvitation")
        result = run("wa_share_invitation", shared_by=[OWNER], accounts=[account(ANA)])
        assert f"Failed to accept the invitation to lens {name!r} from {OWNER}" in result["msg"]

    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("Ready?", ["Ready?"]),
            (r"Ready\?", ["Ready?"]),
            ("Ready*", ["Ready?", "ReadyX"]),
            (r"Ready\*", []),
            ("Ready??", []),
        ],
    )
    def test_an_exact_name_wins_and_a_backslash_escapes(
        self, scene: Scene, run: Any, name: str, meant: list[str]
    ) -> None:
        for text in ("Ready?", "ReadyX"):
            scene.make(KINDS["workload"], text, [ANA])
        found = run("wa_share_invitation_info", name=name, **keys(scene, ANA))
        assert [row["resource"]["name"] for row in found["invitations"]] == meant
        result = run("wa_share_invitation", shared_by=[OWNER], name=name, accounts=[account(ANA)])
        assert [row["resource"]["name"] for row in result["invitations"]] == meant
