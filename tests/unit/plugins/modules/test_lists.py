# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists as the service gives them: in pages of the size that it likes, with rows that may lack anything."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import botocore.httpsession
import pytest
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    KINDS,
    OWNER,
    Result,
    Scene,
    accounts,
    entry,
)

SEVEN = {"*": 7, "ListLensShares": 7}


def refused(scene: Scene) -> Counter[str]:
    """How often each operation was refused."""
    return Counter(call["operation"] for call in scene.emulator.record() if call["error"] == "ValidationException")


@pytest.fixture
def seven(scene: Scene) -> Scene:
    """Every list takes at most 7: two resources of each kind, each with 16 shares."""
    scene.emulator.settings(max_results=SEVEN)
    scene.emulator.seed(workloads=9, lenses=9, templates=9, profiles=9, shares=accounts(16))
    scene.watch()
    return scene


class TestALimitThatNobodyKnewOf:
    """The list is asked again without MaxResults: one refused call for each operation and run."""

    def test_of_one_lens(self, seven: Scene, run: Any) -> None:
        result = run("wa_lens_share", lens="seed-003", shared_with=accounts(17))
        assert result["failed"] is False
        assert Counter(share["action"] for share in result["shares"]) == {"unchanged": 16, "created": 1}
        assert refused(seven) == {"ListLenses": 1, "ListLensShares": 1}

    def test_of_many_resources_of_every_kind(self, seven: Scene, run: Any) -> None:
        resources = [{kind.option: "seed-*", "shared_with": accounts(17)} for kind in KINDS.values()]
        result = run("wa_shares", resources=resources)
        assert result["summary"] == {
            "created": 36,
            "updated": 0,
            "renewed": 0,
            "deleted": 0,
            "unchanged": 36 * 16,
            "failed": 0,
        }
        assert max(refused(seven).values()) == 1

    def test_of_everything_there_is(self, seven: Scene, run: Any) -> None:
        result = run("wa_share_info")
        assert result["summary"]["shares"] == 36 * 16
        assert max(refused(seven).values()) == 1
        assert len(refused(seven)) == 8

    def test_one_resource_that_cannot_be_listed_does_not_hide_the_limit(self, seven: Scene, run: Any) -> None:
        seven.emulator.fault("access_denied", operation="ListTemplateShares", times=1)
        result = run("wa_share_info", template=["seed-*"])
        assert [bool(item.get("error")) for item in result["resources"]].count(True) == 1
        assert result["summary"]["shares"] == 8 * 16
        assert refused(seven)["ListTemplateShares"] <= 1


class TestSharesAreListedWhileNamesStillAre:
    """Names come page by page, one after the other. What they mean need not wait for the last of them."""

    @pytest.fixture
    def many(self, scene: Scene) -> Scene:
        """Six pages of names."""
        scene.emulator.settings(max_results=SEVEN)
        scene.emulator.seed(workloads=40, shares=[ANA])
        scene.emulator.settings(latency_ms=15)
        scene.watch()
        return scene

    @staticmethod
    def share(run: Any, numbers: Iterable[int] = range(40), **options: Any) -> Result:
        resources = [{"workload": f"seed-{number:03}"} for number in numbers]
        return run("wa_shares", **{"resources": resources, "shared_with": [ANA], **options})

    @staticmethod
    def early(scene: Scene) -> int:
        """How many lists of shares began before the last page of names was asked for."""
        operations = [call["operation"] for call in scene.emulator.record()]
        last = max(index for index, operation in enumerate(operations) if operation == "ListWorkloads")
        return operations[:last].count("ListWorkloadShares")

    def check_calls(self, scene: Scene, lists: int = 40) -> None:
        calls = scene.emulator.calls()
        # One of each is refused, for asking for more than may be.
        assert 6 <= calls.pop("ListWorkloads") <= 7
        assert lists <= calls.pop("ListWorkloadShares") <= lists + 1
        assert calls == {}

    @pytest.mark.parametrize("how", ["by name", "by pattern", "all there is", "an audit"])
    def test_each_is_listed_once(self, many: Scene, run: Any, how: str) -> None:
        if how == "by name":
            result = self.share(run)
        elif how == "by pattern":
            result = run("wa_shares", resources=[{"workload": "seed-*"}], shared_with=[ANA])
        elif how == "all there is":
            result = run("wa_share_info", workload=["seed-*"])
        else:
            result = run("wa_share_audit", resources=[{"workload": "seed-*"}], shared_with=[ANA])
        assert not result["failed"], result["msg"]
        assert [item["resource"]["name"] for item in result["resources"]] == [f"seed-{n:03}" for n in range(40)]
        assert [[share["shared_with"] for share in item["shares"]] for item in result["resources"]] == [[ANA]] * 40
        assert self.early(many) > 5
        assert many.emulator.summary()["most_at_once"] <= 8
        if how != "an audit":  # which lists every kind
            self.check_calls(many)

    def test_no_more_calls_at_once_than_asked_for(self, many: Scene, run: Any) -> None:
        self.share(run, concurrency=3)
        assert self.early(many) > 0
        assert many.emulator.summary()["most_at_once"] == 3

    def test_one_after_the_other(self, many: Scene, run: Any) -> None:
        self.share(run, concurrency=1)
        assert self.early(many) == 0
        assert many.emulator.summary()["most_at_once"] == 1

    def test_only_what_is_meant(self, many: Scene, run: Any) -> None:
        self.share(run, [0, 1, 39])
        run("wa_shares", resources=[{"workload": "seed-*", "exclude": ["seed-0*"]}], shared_with=[ANA])
        assert many.emulator.calls()["ListWorkloadShares"] <= 3 + 1

    def test_a_name_that_another_page_has_too_is_refused(self, many: Scene, run: Any) -> None:
        many.emulator.seed(templates=40)
        many.make(KINDS["template"], "seed-000")
        many.watch()
        result = run("wa_shares", resources=[{"template": "seed-000"}], shared_with=[ANA])
        assert "template 'seed-000' means 2 resources" in result["msg"]
        assert many.emulator.calls()["ListTemplateShares"] > 0
        assert many.nothing_changed()

    def test_a_name_with_a_question_mark_that_is_there_twice_is_refused(self, many: Scene, run: Any) -> None:
        for _twice in range(2):
            many.make(KINDS["template"], "all?")
        many.emulator.seed(templates=10)  # another page after these two
        many.watch()
        result = run("wa_shares", resources=[{"template": "all?"}], shared_with=[ANA])
        assert "resources[0]: review template 'all?' means 2 resources" in result["msg"]

    def test_one_that_cannot_be_listed_is_its_own_error(self, many: Scene, run: Any) -> None:
        resource = many.emulator.seed(workloads=1, prefix="denied-")[0]
        many.emulator.fault("access_denied", operation="ListWorkloadShares", match={"WorkloadId": resource["id"]})
        result = run("wa_share_info", workload=["*"])
        assert [item["resource"]["name"] for item in result["resources"] if "error" in item] == ["denied-000"]
        assert result["summary"]["shares"] == 40

    def test_what_stops_the_run_stops_it(self, many: Scene, run: Any) -> None:
        many.emulator.fault("expired_credentials", operation="ListWorkloadShares", after=3)
        result = self.share(run, shared_with=[ANA, BEN])
        assert result["failed"]
        assert "expired" in result["msg"]
        assert many.emulator.calls()["ListWorkloadShares"] <= 3 + 8
        assert many.nothing_changed()

    def test_of_what_others_share_a_few_are_tried(self, scene: Scene, run: Any) -> None:
        """Their shares are only their owners' to list."""
        for number in range(40):
            scene.make(name=f"Theirs {number}", shares=[OWNER], account=ANA)
        scene.make(name="Ours", shares=[BEN])
        owner = scene.emulator.client()
        invitations = owner.list_share_invitations(MaxResults=50)["ShareInvitationSummaries"]
        assert len(invitations) == 40
        for invitation in invitations:
            owner.update_share_invitation(
                ShareInvitationId=invitation["ShareInvitationId"], ShareInvitationAction="ACCEPT"
            )
        scene.emulator.settings(max_results=SEVEN, latency_ms=15)
        scene.watch()
        result = run("wa_share_info", workload=["*"])
        assert [item["resource"]["name"] for item in result["resources"]] == ["Ours"]
        assert scene.emulator.calls()["ListWorkloadShares"] <= 1 + 8

    def test_names_that_stop_coming_stop_it(self, many: Scene, run: Any) -> None:
        many.emulator.fault("access_denied", operation="ListWorkloads", after=3)
        result = self.share(run, shared_with=[ANA, BEN])
        assert "wellarchitected:ListWorkloads" in result["msg"]
        assert many.nothing_changed()


def test_what_the_service_takes_is_asked_for(scene: Scene, run: Any) -> None:
    """One call a list: 50 items each, and 10 of the shares of a lens, which is all that AWS takes."""
    scene.emulator.seed(workloads=20, shares=accounts(20))
    scene.emulator.seed(lenses=1, shares=accounts(25))
    scene.watch()
    assert run("wa_share_info")["summary"]["shares"] == 20 * 20 + 25
    assert scene.emulator.calls("ListWorkloadShares", "ListLensShares") == {
        "ListWorkloadShares": 20,
        "ListLensShares": 3,
    }
    assert not refused(scene)
    sizes = {call["params"].get("MaxResults") for call in scene.emulator.record() if "LensShares" in call["operation"]}
    assert sizes == {10}


@pytest.mark.parametrize(
    "row", [{"ShareId": None}, {"Status": None}, {"SharedWith": None}, {"PermissionType": 7}, "text", 5, [], None]
)
@pytest.mark.parametrize("module", ["wa_shares", "wa_workload_share", "wa_share_info"])
def test_a_row_of_another_shape_is_its_resources_error(
    scene: Scene, run: Any, row: Any, module: str, reshape: Any
) -> None:
    first = scene.make(name="First", shares=[ANA])
    second = scene.make(name="Second", shares=[ANA])
    reshape("WorkloadShareSummaries", row, first.id)
    if module == "wa_workload_share":
        result = run(module, workload="First", shared_with=[BEN])
        assert result["failed"]
        assert "answer cannot be read" in result["msg"]
        return
    if module == "wa_share_info":
        result = run(module)
    else:
        result = run(module, resources=[entry(first, BEN), entry(second, BEN)])
        assert BEN in scene.shares(second)
    assert result["failed"]
    assert "Traceback" not in result["msg"]
    errors = {item["resource"]["name"]: item.get("error") for item in result["resources"]}
    assert "answer cannot be read" in errors["First"]
    assert errors["Second"] is None
    assert result["resources"][1]["shares"]


@pytest.fixture
def reshape(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``reshape(key, row, workload)``: answers have one more row, like the first or as given."""
    real = botocore.httpsession.URLLib3Session.send
    wanted: dict[str, Any] = {}

    def send(session: Any, request: Any) -> Any:
        response = real(session, request)
        if wanted and wanted["path"] in request.url:
            answer = json.loads(response.content)
            rows = answer[wanted["key"]]
            row = wanted["row"]
            rows.append({**rows[0], **row} if isinstance(row, dict) else row)
            response._content = json.dumps(answer).encode()
        return response

    def set_row(key: str, row: Any, workload: str = "", path: str = "") -> None:
        wanted.update(path=path or f"/workloads/{workload}/shares", key=key, row=row)

    monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", send)
    return set_row


@pytest.mark.parametrize("row", [None, "text", 5, {"WorkloadName": 7}, {"Owner": []}])
def test_a_list_of_resources_with_a_row_of_another_shape_is_told_before_any_change(
    scene: Scene, run: Any, row: Any, reshape: Any
) -> None:
    first = scene.make(name="First")
    reshape("WorkloadSummaries", row, path="/workloadsSummaries")
    scene.watch()
    result = run("wa_shares", resources=[entry(first, ANA)])
    assert "Failed to list every workload of this account: the answer cannot be read" in result["msg"]
    assert scene.nothing_changed()


class TestAListThatIsRefused:
    """wa_share_info keeps what it could not list, with the error: nobody takes it for not shared."""

    @pytest.mark.parametrize("asked", [{}, {"workload": ["Payments"]}, {"workload": ["Pay*"]}], ids=str)
    @pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException", "InternalServerException"])
    def test_is_told(self, scene: Scene, run: Any, asked: dict[str, Any], code: str) -> None:
        scene.make(shares=[ANA])
        status = {"ValidationException": 400, "AccessDeniedException": 403, "InternalServerException": 500}[code]
        scene.emulator.fault("error", operation="ListWorkloadShares", code=code, status=status, message="Not so.")
        result = run("wa_share_info", **asked)
        assert result["failed"]
        (found,) = result["resources"]
        assert code in found["error"]

    def test_but_what_vanished_between_the_lists_is_left_out_of_a_pattern(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        scene.make(name="Another")
        scene.emulator.fault(
            "meanwhile",
            operation="ListWorkloadShares",
            times=1,
            match={"WorkloadId": payments.id},
            meanwhile={"operation": "DeleteWorkload"},
        )
        result = run("wa_share_info")
        assert not result["failed"], result["msg"]
        assert [item["resource"]["name"] for item in result["resources"]] == ["Another"]
