# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run of a role prints, and what it keeps. All cases run in one start of Ansible."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import Emulator

from .plays import Case, Outcome, Player, Run

RECIPIENTS = ["111122223333", "444455556666"]
PRINTED_AT_MOST = 4096
WITH_INVALID_INPUT_AT_MOST = 5120
LINES_AT_MOST = 25
EVERYTHING = {"wa_share_resources": [{"workload": "payments-*"}], "wa_share_shared_with": RECIPIENTS}
OWNERS = {
    name: f"7{number:03}00000000"
    for number, name in enumerate(("few_denied", "all_denied", "expiring", "unknown", "unwritable", "shared", "again"))
}
OWNERS["again"] = OWNERS["shared"]
FAILED = {"few_denied": 4, "all_denied": 200, "expiring": 150}


@dataclass
class Outputs:
    folder: Path
    run: Run
    checked: Run

    def __getitem__(self, name: str) -> Outcome:
        return self.run.outcomes[name]


@pytest.fixture(scope="module")
def outputs(collections: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outputs]:
    folder = tmp_path_factory.mktemp("outputs")
    with Emulator() as endpoint:
        for name in ("few_denied", "all_denied", "expiring", "shared"):
            endpoint.seed(prefix="payments-", workloads=200, account=OWNERS[name])
        for row in endpoint.client(account=OWNERS["few_denied"]).list_workloads(MaxResults=4)["WorkloadSummaries"]:
            match = {"WorkloadId": row["WorkloadId"]}
            endpoint.fault("access_denied", operation="CreateWorkloadShare", match=match)
        endpoint.fault("access_denied", account=OWNERS["all_denied"], operation="CreateWorkloadShare")
        endpoint.fault("expired_credentials", account=OWNERS["expiring"], operation="CreateWorkloadShare", after=50)

        def case(name: str, **variables: Any) -> Case:
            given = {**EVERYTHING, "wa_share_result_path": f"{name}.json"}
            return Case("wa_share", {**given, **variables}, caller=OWNERS[name])

        cases = {
            "few_denied": case("few_denied"),
            "all_denied": case("all_denied"),
            "expiring": case("expiring", wa_share_shared_with=RECIPIENTS[:1]),
            "unknown": case("unknown", wa_share_resources=[{"workload": f"none-{n:05}"} for n in range(2_000)]),
            "shared": case("shared"),
            "again": case("again"),
        }
        player = Player(folder, collections, endpoint)
        checked = player.run({"shared": case("shared", wa_share_result_path="checked.json")}, "--check")
        yield Outputs(folder, player.run(cases), checked)


@pytest.mark.parametrize("name", [*FAILED, "unknown"])
def test_a_failure_is_short_and_its_result_is_kept(outputs: Outputs, name: str) -> None:
    outcome = outputs[name]
    at_most = PRINTED_AT_MOST if name in FAILED else WITH_INVALID_INPUT_AT_MOST
    assert len(outcome.output.encode()) < at_most, outcome.output
    assert 0 < len(outcome.failure.splitlines()) <= LINES_AT_MOST
    assert outcome.failure == outcome.result["msg"]
    assert outcome.result["errors"]
    if name in FAILED:
        assert outcome.result["summary"]["failed"] == FAILED[name]
        assert sum("error" in row for row in outcome.result["resources"]) == FAILED[name]
        assert json.loads((outputs.folder / f"{name}.json").read_text(encoding="utf-8")) == outcome.result


@pytest.mark.parametrize("name", ["few_denied", "all_denied"])
def test_equal_errors_are_one_with_their_advice(outputs: Outputs, name: str) -> None:
    assert outputs[name].failure.count("The credentials need the IAM action") == 1


def test_a_run_that_went_well_prints_one_line_of_what_was_done(outputs: Outputs) -> None:
    for run, name, count in (
        (outputs.checked, "shared", "400"),
        (outputs.run, "shared", "400"),
        (outputs.run, "again", "400"),
    ):
        outcome = run.outcomes[name]
        assert outcome.failure == ""
        assert len(outcome.result["msg"].splitlines()) == 1
        assert count in outcome.result["msg"]
        assert outcome.result["msg"] in outcome.output
        assert len(outcome.output.encode()) < PRINTED_AT_MOST
    assert outputs["again"].result["changed"] is False


def test_the_result_is_in_a_file_that_only_the_user_can_read(outputs: Outputs) -> None:
    path = outputs.folder / "shared.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text(encoding="utf-8")) == outputs["shared"].result
    assert not (outputs.folder / "checked.json").exists()


def test_the_artifacts_are_those_of_the_last_run_only(outputs: Outputs) -> None:
    """Imports of a role in one run do not add up."""
    assert outputs.run.artifacts["wa_share_summary"] == outputs["again"].result["summary"]
    assert outputs.run.artifacts["wa_share_errors"] == []
    assert "wa_share_plan" not in outputs.run.artifacts


def test_a_check_hands_out_its_plan(outputs: Outputs) -> None:
    result = outputs.checked.outcomes["shared"].result
    assert json.loads(outputs.checked.artifacts["wa_share_plan"]) == result["plan"]
    assert outputs.checked.artifacts["wa_share_plan_sha256"] == result["plan_sha256"]
    assert len(result["plan"]) == 400
