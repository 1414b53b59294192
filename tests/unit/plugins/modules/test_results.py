# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules return and say: one line on success, short failures, errors as lines, names as they are."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from .names import ANA, BEN, CLEO, NAMES, OWNER
from .scenes import LENS, TEMPLATE, WORKLOAD, Result, Scene, account, accounts, entry, errors, keys

#: the model's pattern for the names of review templates; those of the other kinds take any character
TEMPLATE_NAME = re.compile(r"[A-Za-z0-9-_.,:/()@!&?#+'\u2019\s]+$")
#: an escape sequence, a bell, an override of the writing direction, a zero-width joiner, a line and a paragraph break
CONTROL = "Pay\x1b[2J\x07\u202e\u200d\u2028\u2029ments"
UNSEEN = ("\x1b", "\x07", "\u202e", "\u200d", "\u2028", "\u2029")


class TestSuccess:
    @pytest.mark.parametrize("check_mode", [False, True], ids=["run", "check mode"])
    def test_msg_is_one_line_of_what_was_done(self, scene: Scene, run: Any, check_mode: bool) -> None:
        payments = scene.make(shares=[CLEO])
        many = run("wa_shares", resources=[entry(payments, ANA, BEN, purge_shares=True)], check_mode=check_mode)
        assert many["errors"] == []
        for result, words in (
            (many, ["2", "created", "1", "deleted"]),
            (run("wa_workload_share", workload="Payments", shared_with=[BEN], check_mode=check_mode), []),
            (run("wa_share_info"), []),
            (run("wa_share_drift_info", resources=[entry(payments, ANA, BEN, CLEO)]), []),
            (run("wa_share_invitation", shared_by=[BEN]), []),
        ):
            assert not result["failed"], result["msg"]
            assert result.lacks(*words) == []
            assert "\n" not in result["msg"] or "drift" in result

    def test_nothing_internal_is_returned(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[ANA])
        known = {"changed", "failed", "warnings", "msg", "errors", "places", "summary", "resources"}
        shared = run("wa_shares", resources=[entry(payments, BEN)])
        assert set(shared) <= known | {"recipients", "plan", "plan_sha256", "diff"}
        assert isinstance(shared["diff"], list)
        assert set(run("wa_workload_share", workload="Payments", shared_with=[CLEO])) <= {
            *known - {"resources"}, "resource", "shares", "diff",
        }  # fmt: skip
        assert set(run("wa_share_info")) <= known | {"declared", "declared_is_partial"}
        assert set(run("wa_share_drift_info", resources=[])) <= known | {"drift", "undeclared", "declared", "passed"}


class TestFailedResults:
    """Short, whatever happened: at most 25 lines of message, equal errors once, the rare ones first."""

    def check(self, result: Result, *first: str) -> None:
        assert result["failed"]
        lines = result["msg"].splitlines()
        assert len(lines) <= 25
        assert len(result["msg"].encode()) < 4_000
        assert result["errors"]
        assert "\n" not in "".join(result["errors"])
        assert not [line for line in result["errors"] if line not in result["msg"]]
        text = "\n".join(result["errors"])
        places = [text.index(word) for word in first]
        assert places == sorted(places)

    def test_equal_errors_of_many_resources_are_one_line(self, scene: Scene, run: Any) -> None:
        scene.emulator.seed(workloads=200)
        scene.emulator.fault("access_denied", operation="CreateWorkloadShare")
        result = run("wa_shares", resources=[{"workload": "*", "shared_with": [ANA]}])
        self.check(result, "wellarchitected:CreateWorkloadShare")
        assert len(result["errors"]) == 1
        assert "200" in result["errors"][0]
        assert "seed-000" in result["errors"][0]

    def test_equal_errors_of_many_places_are_one_line(self, scene: Scene, run: Any) -> None:
        scene.emulator.settings(refused_roles=["*"])
        for name, task in (
            ("wa_shares", {"resources": [{"workload": "*", "shared_with": [ANA]}]}),
            ("wa_share_info", {}),
            ("wa_share_drift_info", {"resources": []}),
            ("wa_share_invitation_info", {}),
            ("wa_share_invitation", {"shared_by": [OWNER]}),
        ):
            result = run(name, accounts=[account(one) for one in accounts(100)], **task)
            assert result["failed"]
            assert len(result["msg"].splitlines()) <= 25, name
            assert result.lacks("100", accounts(1)[0]) == []
            assert result["msg"].count("sts:AssumeRole") <= 2, name

    def test_the_rare_error_comes_first(self, scene: Scene, run: Any) -> None:
        """One account whose role is gone does not hide behind many denied Regions."""
        many = accounts(30)
        scene.emulator.settings(refused_roles=[account(many[17])["role_arn"]])
        scene.emulator.fault("denied_by_scp", region="eu-west-1", account=many[:17] + many[18:])
        result = run(
            "wa_shares",
            accounts=[account(one) for one in many],
            regions=["us-east-1", "eu-west-1"],
            resources=[{"workload": "*", "shared_with": [ANA]}],
        )
        self.check(result, many[17], "service control policy")
        assert len(errors(result)) == 31

    def test_errors_of_many_reasons_end_with_their_number(self, scene: Scene, run: Any) -> None:
        scene.emulator.seed(workloads=60)
        for number, made in enumerate(scene.emulator.seed(workloads=60, prefix="other-")):
            scene.emulator.fault(
                "error",
                operation="ListWorkloadShares",
                match={"WorkloadId": made["id"]},
                code=f"Odd{chr(97 + number // 26)}{chr(97 + number % 26)}Exception",
                status=400,
                message="Not so.",
            )
        result = run("wa_shares", resources=[{"workload": "*", "shared_with": [ANA]}])
        assert len(result["msg"].splitlines()) <= 25
        assert result.lacks("60", "Oddaa") == []
        assert re.search(r"and \d+ (more|other)", result["msg"])

    def test_resources_are_only_those_that_changed_or_failed(self, scene: Scene, run: Any) -> None:
        made = {name: scene.make(name=name, shares=[ANA]) for name in ("Same", "Denied", "Changed")}
        scene.emulator.fault("access_denied", operation="CreateWorkloadShare", match={"WorkloadId": made["Denied"].id})
        task = [entry(made["Same"], ANA), entry(made["Denied"], ANA, BEN), entry(made["Changed"], ANA, BEN)]
        result = run("wa_shares", resources=task)
        assert [row["resource"]["name"] for row in result["resources"]] == ["Denied", "Changed"]
        assert (result["summary"]["failed"], result["summary"]["created"]) == (1, 1)
        assert result["summary"]["unchanged"] == 3
        self.check(result, "Denied")
        scene.emulator.clear_faults()
        assert len(run("wa_shares", resources=task)["resources"]) == 3

    def test_a_refusal_of_the_input_has_errors_too(self, scene: Scene, run: Any) -> None:
        scene.make()
        result = run(
            "wa_shares",
            resources=[{"workload": "Paymets", "shared_with": [ANA]}, {"lens": "serverless", "shared_with": [ANA]}],
        )
        self.check(result)
        assert len(result["errors"]) == 2

    def test_many_errors_of_the_input_are_cut_short(self, scene: Scene, run: Any) -> None:
        resources = [{"workload": f"Nothing {number}", "shared_with": ["bob"]} for number in range(200)]
        result = run("wa_shares", resources=resources)
        assert result["failed"]
        assert len(result["msg"].splitlines()) <= 25
        assert result.lacks("200", "resources[0]", "more") == []


class TestControlCharacters:
    """Escaped wherever a terminal shows them: messages, warnings, diffs. Data has the name as it is."""

    def test_in_names(self, scene: Scene, run: Any) -> None:
        payments = scene.make(name=CONTROL, shares={BEN: "REJECTED", CLEO: "ACCEPTED"})
        task = {"resources": [entry(payments, ANA, BEN, purge_shares=True)]}
        results = [
            run("wa_share_drift_info", **task),
            run("wa_shares", **task, max_removals=0),
            run("wa_shares", **task, check_mode=True),
            run("wa_share_info", workload=["Payments"]),
            run("wa_workload_share", workload=CONTROL + "x", shared_with=[ANA]),
        ]
        scene.emulator.fault("access_denied", operation="CreateWorkloadShare")
        results.append(run("wa_shares", **task))
        scene.emulator.clear_faults()
        results.append(run("wa_workload_share", workload=CONTROL, shared_with=[ANA]))
        for result in results:
            shown = [result["msg"], *result["warnings"], *result.get("errors", ())]
            diffs = result.get("diff", [])
            for diff in diffs if isinstance(diffs, list) else [diffs]:
                shown += diff.values()
            shown += [row["text"] for row in result.get("drift", ())]
            found = [character for character in UNSEEN if character in "\n".join(shown)]
            assert found == [], shown
        assert run("wa_shares", **task, check_mode=True)["resources"][0]["resource"]["name"] == CONTROL

    @pytest.mark.parametrize("regions", [["us-east-1"], ["us-east-1", "eu-west-1"]])
    @pytest.mark.parametrize("operation", ["Create*", "ListWorkloads"])
    def test_in_what_the_service_says(self, scene: Scene, run: Any, operation: str, regions: list[str]) -> None:
        payments = scene.make()
        scene.emulator.fault(
            "error", operation=operation, code="ValidationException", status=400, message="No \x1b[31m\u202e"
        )
        result = run("wa_shares", resources=[entry(payments, ANA)], regions=regions)
        assert result.lacks("ValidationException") == []
        shown = [result["msg"], *result["errors"], *(row.get("error", "") for row in result.get("places", ()))]
        assert not [character for character in UNSEEN if character in "\n".join(shown)]

    def test_in_names_for_principals(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        scene.emulator.fault("access_denied", operation="CreateWorkloadShare")
        result = run("wa_workload_share", workload=payments.name, shared_with=[CONTROL], principals={CONTROL: ANA})
        assert result.lacks(ANA) == []
        assert not [character for character in UNSEEN if character in result["msg"]]


class TestNames:
    """What a user or AWS named is data: no name is a format, a pattern, a template or markup by accident."""

    @pytest.mark.parametrize("kind", [WORKLOAD, TEMPLATE], ids=["workload", "template"])
    def test_one_resource(self, scene: Scene, run: Any, kind: Any) -> None:
        """All of them beside each other: each name selects its own resource and no other."""
        names = [name for name in NAMES if kind.name != "template" or TEMPLATE_NAME.match(name)]
        resources = {name: scene.make(kind, name, shares=[BEN]) for name in names}
        for name, resource in resources.items():
            task = {kind.option: name, "shared_with": [ANA]}
            result = run(kind.module, **task)
            assert not result["failed"], result["msg"]
            assert result["resource"]["name"] == name
            assert set(scene.shares(resource)) == {ANA, BEN}

    def test_many_resources_and_the_drift_report(self, scene: Scene, run: Any) -> None:
        escaped = {name: re.sub(r"([*?\\])", r"\\\1", name) for name in NAMES}
        for name in NAMES:
            scene.make(name=name)
        result = run("wa_shares", resources=[{"workload": text, "shared_with": [ANA]} for text in escaped.values()])
        assert result.by_name == {name: {ANA: "created"} for name in NAMES}
        of_ben = [{"workload": text, "shared_with": [BEN]} for text in escaped.values()]
        drift = run("wa_share_drift_info", resources=of_ben)["drift"]
        assert {row["name"] for row in drift} == set(NAMES)
        assert len(drift) == 2 * len(NAMES)
        found = run("wa_share_info", workload=list(escaped.values()))["resources"]
        assert {item["resource"]["name"] for item in found} == set(NAMES)

    def test_invitations(self, scene: Scene, run: Any) -> None:
        lenses = {name: scene.make(LENS, name, [ANA]) for name in NAMES}
        for name, lens in lenses.items():
            text = re.sub(r"([*?\\])", r"\\\1", name)
            accepted = run("wa_share_invitation", name=text, shared_by=[OWNER], **keys(scene, ANA))
            assert [row["resource"]["name"] for row in accepted["invitations"]] == [name]
            assert scene.shares(lens) == {ANA: "ACCEPTED"}


def test_the_keys_of_roles_are_in_no_result(scene: Scene, run: Any) -> None:
    scene.make(account=ANA)
    for fault in ({"fault": "access_denied"}, {"fault": "expired_credentials"}, {"fault": "answer", "body": 7}):
        scene.emulator.clear_faults()
        scene.emulator.fault(operation="Create*", **fault)
        task = {"resources": [{"workload": "*", "shared_with": [BEN]}], "accounts": [account(ANA)]}
        shown = json.dumps(run("wa_shares", **task))
        for word in ("ASIA", "SessionToken", "SecretAccessKey", "X-Amz-Security-Token"):
            assert word not in shown
