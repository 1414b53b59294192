# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong while invitations are answered: what the user is told, and what the next run does about it.

``docs/faults.md`` is this table in words: one row for each test.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws import sessions
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.service import WellArchitected
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.answering import Answerer
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    CLEO,
    KINDS,
    OWNER,
    Result,
    Scene,
    account,
    accounts,
)

ANSWER, LIST, ASSUME = "UpdateShareInvitation", "ListShareInvitations", "AssumeRole"
SEEDS = range(1, 1 + int(os.environ.get("WA_FAULT_SEEDS", "6")))


class Answering:
    """Accounts that the owner has invited to three resources, and a stranger to one."""

    recipients = (ANA, BEN)

    def __init__(self, scene: Scene, run: Any, how: str) -> None:
        self.scene = scene
        self.emulator = scene.emulator
        self.clock: Any = None
        self._run = run
        made = [scene.make(KINDS[kind], "Central", self.recipients) for kind in ("workload", "lens", "template")]
        self.workload, self.lens, self.template = made
        self.stranger = scene.make(KINDS["profile"], "Foreign", self.recipients, account=CLEO)
        self.meant: dict[str, Any] = {"shared_by": [OWNER]}
        if how == "what was shared":
            resources = [{"workload": "Central"}, {"lens": "Central"}, {"template": "Central"}]
            shared = run("wa_shares", resources=resources, shared_with=list(self.recipients))
            self.meant = {"shared": shared["resources"]}
        self.invitations = {
            (row["shared_with"], row["kind"]): row["invitation_id"] for row in scene.rows() if row["owner"] == OWNER
        }
        scene.watch()

    def run(self, **options: Any) -> Result:
        before = self.statuses()
        listed = [account(recipient) for recipient in self.recipients]
        result = self._run("wa_share_invitation", **{"accounts": listed, **self.meant, **options})
        self.check_account(result, before)
        return result

    def statuses(self) -> dict[tuple[str, str], str]:
        """Of the owner's shares, by recipient and kind."""
        return {(row["shared_with"], row["kind"]): row["status"] for row in self.scene.rows() if row["owner"] == OWNER}

    def check_account(self, result: Result, before: dict[tuple[str, str], str]) -> None:
        """What the result says was done is done, and what was not is told. The stranger is never answered."""
        after = self.statuses()
        assert set(self.scene.shares(self.stranger).values()) == {"PENDING"}
        done = {(row["account_id"], row["resource"]["kind"]): row["action"] for row in result["invitations"]}
        assert len(done) == len(result["invitations"])
        for key, action in done.items():
            assert action == "gone" or (before[key], after.get(key)) == ("PENDING", action.upper())
        failed = {place["account_id"]: place["error"] for place in result["places"] if "error" in place}
        assert [place["account_id"] for place in result["places"]] == list(self.recipients)
        for key, status in after.items():
            assert status != "PENDING" or key[0] in failed
        actions = [row["action"] for row in result["invitations"]]
        counts = {action: actions.count(action) for action in ("accepted", "rejected", "gone")}
        assert result["summary"] == {**counts, "failed": len(failed)}
        assert result["failed"] == bool(failed)
        assert result["changed"] == any(action != "gone" for action in actions)
        assert [error for error in failed.values() if error not in result["msg"]] == []

    def check_done(self) -> None:
        assert set(self.statuses().values()) == {"ACCEPTED"}

    def check_converges(self) -> None:
        """Without the fault, the next run does what is still to do, and the one after that nothing."""
        self.emulator.clear_faults()
        result = self.run()
        assert not result["failed"], result["msg"]
        assert set(self.statuses().values()) <= {"ACCEPTED", "REJECTED"}
        self.scene.watch()
        assert not self.run()["changed"]
        assert self.scene.nothing_changed()

    def of(self, recipient: str, kind: str) -> dict[str, Any]:
        """The calls that answer one invitation."""
        return {"operation": ANSWER, "match": {"ShareInvitationId": self.invitations[recipient, kind]}}

    def error(self, result: Result) -> str:
        """What is told of Ana, who is the only one that anything is told of."""
        errors = {place["account_id"]: place["error"] for place in result["places"] if "error" in place}
        assert set(errors) == {ANA}
        assert result["msg"].startswith("1 of 2 accounts failed.")
        return errors[ANA]


@pytest.fixture
def one_place_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """With ``concurrency: 1``: what fails first is no chance."""
    monkeypatch.setattr(sessions, "OVER_ALL", 1)


@pytest.fixture(params=["the owner", "what was shared"])
def answering(request: pytest.FixtureRequest, scene: Scene, run: Any) -> Answering:
    return Answering(scene, run, request.param)


class TestFaultsThatPass:
    """Retried until they are over: the user sees a run like any other."""

    @pytest.mark.parametrize("fault", ["server_error", "unavailable_html", "drop", "throttle"])
    def test_a_failure_of_any_call_is_retried(self, answering: Answering, fault: str) -> None:
        # A role is tried three times, and all of them may be one account's.
        calls = (("sts", ASSUME, 2), ("wellarchitected", LIST, 3), ("wellarchitected", ANSWER, 3))
        for service, operation, times in calls:
            answering.emulator.fault(fault, service=service, operation=operation, times=times)

        result = answering.run()
        assert result["summary"] == {"accepted": 6, "rejected": 0, "gone": 0, "failed": 0}, result
        assert [fault["fired"] for fault in answering.emulator.faults()] == [2, 3, 3]
        answering.check_done()
        answering.check_converges()

    @pytest.mark.parametrize("state", ["accepted", "rejected"])
    def test_a_lost_answer_is_asked_for_again_and_what_was_done_is_told(self, answering: Answering, state: str) -> None:
        answering.emulator.fault("lost_answer", operation=ANSWER, times=2)

        result = answering.run(state=state)
        assert {row["action"] for row in result["invitations"]} == {state}
        assert result["summary"][state] == 6
        assert not result["failed"]
        answering.check_converges()

    def test_throttling_of_a_third_of_all_calls_only_takes_time(self, answering: Answering, clock: Any) -> None:
        answering.emulator.fault("throttle", probability=0.33, seed=7)

        result = answering.run()
        assert result["summary"]["accepted"] == 6, result
        assert clock.moved > 1
        answering.check_done()


class TestFaultsOfOneInvitation:
    """All others are answered; then the task fails, and says which was not."""

    @pytest.mark.parametrize(
        ("fault", "says"),
        [
            ("access_denied", "The credentials need the IAM action wellarchitected:UpdateShareInvitation"),
            ("server_error", "InternalServerException"),
            ("not_json", "it is not a JSON object. Whether it was done is not known"),
            ("quota", "ServiceQuotaExceededException"),
            ("conflict", "ConflictException: The resource is being changed."),
        ],
    )
    def test_an_answer_that_fails(self, answering: Answering, fault: str, says: str) -> None:
        answering.emulator.fault(fault, **answering.of(ANA, "lens"))

        result = answering.run()
        error = answering.error(result)
        assert f"Failed to accept the invitation to lens 'Central' from {OWNER}" in error
        assert says in error
        assert result["summary"] == {"accepted": 5, "rejected": 0, "gone": 0, "failed": 1}
        answering.check_converges()

    def test_a_conflict_after_a_retry_is_no_sign_that_it_was_answered(self, answering: Answering) -> None:
        answering.emulator.fault("throttle", times=1, **answering.of(ANA, "lens"))
        answering.emulator.fault("conflict", **answering.of(ANA, "lens"))

        result = answering.run()
        assert "ConflictException" in answering.error(result)
        assert answering.statuses()[ANA, "lens"] == "PENDING"
        answering.check_converges()

    def test_an_answer_that_is_not_json_and_was_done(self, answering: Answering) -> None:
        answering.emulator.fault("not_json", after_work=True, times=1, **answering.of(ANA, "lens"))

        result = answering.run()
        assert "Whether it was done is not known" in answering.error(result)
        answering.check_done()
        answering.check_converges()

    def test_an_exception_that_nobody_thought_of(self, answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
        real = WellArchitected.answer_invitation

        def answer(service: WellArchitected, invitation_id: str, accept: bool, label: str) -> None:
            if invitation_id == answering.invitations[ANA, "lens"]:
                raise KeyError("{0} %s")
            real(service, invitation_id, accept, label)

        with monkeypatch.context() as spoilt:
            spoilt.setattr(WellArchitected, "answer_invitation", answer)
            result = answering.run()
        error = answering.error(result)
        assert "Failed to answer the invitation to lens 'Central'" in error
        assert "KeyError: '{0} %s'" in error
        assert result["summary"]["accepted"] == 5
        answering.check_converges()

    @pytest.mark.parametrize(
        "rows", [[None], [{"ShareInvitationId": None}], None, KeyError("nobody thought of it")], ids=repr
    )
    def test_nobody_can_tell_whether_a_conflict_means_that_it_was_answered(
        self, answering: Answering, monkeypatch: pytest.MonkeyPatch, rows: Any
    ) -> None:
        answering.emulator.fault("conflict", **answering.of(ANA, "lens"))
        real = WellArchitected.list_invitations

        def listed(service: WellArchitected, only_type: Any = None) -> Any:
            if only_type != "LENS":
                return real(service, only_type)
            if isinstance(rows, Exception):
                raise rows
            return rows

        with monkeypatch.context() as spoilt:
            spoilt.setattr(WellArchitected, "list_invitations", listed)
            result = answering.run()
        assert "ConflictException" in answering.error(result)
        assert result["summary"] == {"accepted": 5, "rejected": 0, "gone": 0, "failed": 1}
        answering.check_converges()

    def test_what_was_accepted_before_an_end_that_nobody_thought_of_is_told(
        self, answering: Answering, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = Answerer._answer

        def answer(answerer: Answerer, service: Any, recipient: Any, invitation: Any) -> Any:
            if invitation.id == answering.invitations[ANA, "lens"]:
                raise KeyError("nobody thought of it")
            return real(answerer, service, recipient, invitation)

        with monkeypatch.context() as spoilt:
            spoilt.setattr(Answerer, "_answer", answer)
            result = answering.run()
        assert "KeyError" in answering.error(result)
        # Which of that account's others were on their way by then is chance.
        accepted = [share for share in answering.emulator.shares() if share["status"] == "ACCEPTED"]
        assert result["summary"] == {"accepted": len(accepted), "rejected": 0, "gone": 0, "failed": 1}
        assert len(accepted) >= 3
        answering.check_converges()


class TestFaultsOfOneAccount:
    """The other accounts are finished; then the task fails, and says which was not."""

    @pytest.mark.parametrize(
        ("fault", "says"),
        [
            ("access_denied", "IAM action wellarchitected:ListShareInvitations"),
            ("expired_credentials", "no longer valid"),
            ("not_json", "it is not a JSON object"),
            ("server_error", "InternalServerException"),
            ("throttle", "rate limit is used up"),
        ],
    )
    def test_the_invitations_cannot_be_listed(self, answering: Answering, fault: str, says: str) -> None:
        answering.emulator.fault(fault, operation=LIST, account=ANA)

        result = answering.run()
        error = answering.error(result)
        assert "Failed to list the pending invitations" in error
        assert says in error
        assert {row["account_id"] for row in result["invitations"]} == {BEN}
        answering.check_converges()

    def test_the_role_cannot_be_assumed(self, answering: Answering) -> None:
        answering.emulator.settings(refused_roles=[f"arn:aws:iam::{ANA}:role/*"])

        result = answering.run()
        error = answering.error(result)
        assert f"Failed to assume arn:aws:iam::{ANA}:role/Accept" in error
        assert "The role must exist and trust these credentials, which need sts:AssumeRole on it" in error
        assert result["summary"]["accepted"] == 3
        answering.emulator.settings(refused_roles=[])
        answering.check_converges()

    def test_the_keys_of_the_role_expire_midway(self, answering: Answering) -> None:
        answering.emulator.fault("expired_credentials", operation=ANSWER, account=ANA, after=1)

        result = answering.run(concurrency=1)
        error = answering.error(result)
        assert "The credentials are no longer valid" in error
        assert "Not answered: the invitation to workload 'Central'" in error
        assert answering.emulator.faults()[0]["fired"] == 2, "with the keys, and with those that took their place"
        assert result["summary"] == {"accepted": 4, "rejected": 0, "gone": 0, "failed": 1}
        answering.check_converges()

    def test_keys_that_have_expired_are_renewed(self, answering: Answering) -> None:
        answering.emulator.fault("expired_credentials", operation=ANSWER, account=ANA, after=1, times=1)

        result = answering.run(concurrency=1)
        assert not result.get("failed"), result
        assert answering.emulator.faults()[0]["fired"] == 1

    @pytest.mark.parametrize(
        ("spoil", "says"),
        [
            ({"ShareInvitationId": None}, "the row has no ShareInvitationId"),
            ({"SharedBy": None}, "the row has no SharedBy"),
            ({"SharedBy": 7, "ShareResourceType": None}, "the row has no SharedBy and no ShareResourceType"),
            ({"LensArn": 7}, "its LensArn is no text"),
            ({"LensName": ["Central"], "SharedWith": 7}, "its SharedWith and LensName are no text"),
            ({"PermissionType": {}}, "its PermissionType is no text"),
            (None, "the row is no object"),
        ],
        ids=str,
    )
    def test_a_row_of_another_shape(
        self, answering: Answering, monkeypatch: pytest.MonkeyPatch, spoil: Any, says: str
    ) -> None:
        real = WellArchitected.list_invitations

        def listed(service: WellArchitected, *only: Any) -> list[Any]:
            rows = real(service, *only)
            lens = answering.invitations[ANA, "lens"]
            return [(spoil and {**row, **spoil}) if row["ShareInvitationId"] == lens else row for row in rows]

        with monkeypatch.context() as spoilt:
            spoilt.setattr(WellArchitected, "list_invitations", listed)
            result = answering.run()
        assert f"Failed to read one of the pending invitations: {says}" in answering.error(result)
        assert result["summary"] == {"accepted": 5, "rejected": 0, "gone": 0, "failed": 1}
        answering.check_converges()

    @pytest.mark.usefixtures("one_place_at_a_time")
    def test_a_list_that_breaks_in_a_way_nobody_thought_of(
        self, answering: Answering, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = WellArchitected.list_invitations
        seen: list[WellArchitected] = []

        def listed(service: WellArchitected, *only: Any) -> list[Any]:
            seen.append(service)
            if service is seen[0]:
                raise TypeError("nobody thought of it")
            return real(service, *only)

        with monkeypatch.context() as spoilt:
            spoilt.setattr(WellArchitected, "list_invitations", listed)
            result = answering.run(concurrency=1)
        assert f"Failed to list the pending invitations of {ANA}: TypeError" in answering.error(result)
        assert result["summary"]["accepted"] == 3
        answering.check_converges()


class TestFaultsThatStopTheRun:
    """What fails one account would fail every other: nothing more is tried, and the result says how far it came."""

    @pytest.mark.usefixtures("one_place_at_a_time")
    def test_the_own_credentials_expire_before_a_role_is_assumed(self, answering: Answering) -> None:
        answering.emulator.fault("expired_credentials", service="sts", operation=ASSUME, after=1)

        result = answering.run(concurrency=1)
        assert result["summary"] == {"accepted": 3, "rejected": 0, "gone": 0, "failed": 1}
        assert f"Failed to assume arn:aws:iam::{BEN}:role/Accept" in result["msg"]
        answering.check_converges()

    @pytest.mark.usefixtures("one_place_at_a_time")
    @pytest.mark.parametrize("after", [1, 3, 6])
    @pytest.mark.parametrize("fault", ["drop", "unavailable_html"])
    def test_a_service_that_cannot_be_reached_any_more(self, answering: Answering, fault: str, after: int) -> None:
        answering.emulator.fault(fault, after=after)

        retries = {"total_max_attempts": 3, "mode": "standard"}
        result = answering.run(concurrency=1, aws_config={"retries": retries})
        # One call of each account that is left, and its retries: that one did not get through says nothing of another.
        assert answering.emulator.faults()[0]["fired"] == (6 if after < 4 else 3)
        assert result["summary"]["accepted"] == after - (1 if after < 5 else 2)
        assert result["summary"]["failed"] == (2 if after < 4 else 1)
        answering.check_converges()


class TestOthersAtWork:
    """Someone else answers or withdraws at the same time. The task succeeds."""

    def test_others_answer_between_list_and_answer(self, answering: Answering) -> None:
        answering.emulator.fault(
            "meanwhile",
            **answering.of(ANA, "lens"),
            times=1,
            meanwhile={"operation": ANSWER, "params": {"ShareInvitationAction": "REJECT"}},
        )

        result = answering.run()
        assert not result["failed"], result["msg"]
        assert result["summary"] == {"accepted": 5, "rejected": 0, "gone": 1, "failed": 0}
        assert answering.statuses()[ANA, "lens"] == "REJECTED"
        answering.check_converges()

    def test_the_owner_withdraws_between_list_and_answer(self, answering: Answering) -> None:
        withdrawn = {"ShareId": answering.lens.shares[ANA], "LensAlias": answering.lens.arn}
        answering.emulator.fault(
            "meanwhile",
            **answering.of(ANA, "lens"),
            times=1,
            meanwhile={"operation": "DeleteLensShare", "account": OWNER, "params": withdrawn},
        )

        result = answering.run()
        assert not result["failed"], result["msg"]
        assert result["summary"] == {"accepted": 5, "rejected": 0, "gone": 1, "failed": 0}
        answering.check_converges()


@pytest.mark.parametrize("seed", SEEDS)
def test_faults_anywhere(scene: Scene, run: Any, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Ten accounts: any run ends with a true account of what it did, and the next one ends as declared."""
    chance = random.Random(seed)
    monkeypatch.setattr(Answering, "recipients", tuple(accounts(10)))
    answering = Answering(scene, run, chance.choice(["the owner", "what was shared"]))
    for fault in ("server_error", "unavailable_html", "drop", "lost_answer", "throttle"):
        answering.emulator.fault(fault, probability=chance.uniform(0.01, 0.08), seed=chance.randrange(2**32))
    for fault in chance.sample(("access_denied", "not_json", "conflict", "server_error", "expired_credentials"), k=3):
        more = {} if fault == "server_error" else {"times": chance.randrange(1, 4)}
        befallen = chance.choice(answering.recipients)
        answering.emulator.fault(fault, operation=chance.choice([LIST, ANSWER]), account=befallen, **more)
    if chance.random() < 0.4:
        answering.emulator.fault("expired_credentials", service="sts", operation=ASSUME, after=chance.randrange(9))

    before = answering.statuses()
    listed = [account(recipient) for recipient in answering.recipients]
    result = run("wa_share_invitation", accounts=listed, **answering.meant)
    after = answering.statuses()
    told = {(row["account_id"], row["resource"]["kind"]): row["action"] for row in result["invitations"]}
    failed = {place["account_id"] for place in result["places"] if "error" in place}
    assert result["failed"] == bool(failed)
    for key, status in after.items():
        assert (before[key], status) in (("PENDING", "PENDING"), ("PENDING", "ACCEPTED"))
        if status == "PENDING":
            assert key[0] in failed
            assert key not in told
        elif key not in told:
            assert key[0] in failed  # it was done, and nobody heard of it
    assert all(after[key] == "ACCEPTED" for key, action in told.items() if action == "accepted")
    answering.check_converges()
    answering.check_done()
