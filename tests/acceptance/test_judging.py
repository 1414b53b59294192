# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of the collection's steps are judged for each kind, and failures are shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.aws import __main__ as entry
from tests.aws import collection
from tests.aws.accounts import Accounts
from tests.aws.answers import Answer
from tests.aws.collection import STEPS
from tests.aws.kinds import KINDS, LENS, WORKLOAD
from tests.aws.resources import Resource
from tests.aws.stage import Stage

from .conftest import PACE

RESOURCES = {kind.name: Resource(kind, f"id-{kind.name}", f"arn-{kind.name}", f"my-{kind.name}", {}) for kind in KINDS}


def rows(**row: Any) -> list[dict[str, Any]]:
    return [{"resource": {"name": resource.name}, **row} for resource in RESOURCES.values()]


def listed(*statuses: str, permission: str = "READONLY") -> dict[str, Any]:
    return {"resources": rows(shares=[{"status": status, "permission_type": permission} for status in statuses])}


def good() -> dict[str, Any]:
    """The results of a run in which all is well."""
    single = {f"{done}_{kind.name}": {"changed": True} for done in ("share", "remove") for kind in KINDS}
    return {
        **single,
        "listed_shared": listed("PENDING"),
        "rejected": {"invitations": rows(action="rejected")},
        "listed_rejected": listed("REJECTED"),
        "left": {"resources": rows(changed=False)},
        "renewed": {"resources": rows(changed=True)},
        "accepted": {"invitations": rows(action="accepted")},
        "listed_accepted": listed("ACCEPTED"),
        "updated": {"changed": True},
        "shared_again": {"resources": rows(changed=False)},
        "listed_updated": listed("ACCEPTED", permission="CONTRIBUTOR"),
        "report": {"report.html": "my-workload my-lens my-template my-profile"},
        "listed_removed": {"resources": rows(shares=[])},
    }


def problems(results: dict[str, Any], kind: str = "lens") -> dict[str, str]:
    found = {step.name: step.problem(results, RESOURCES[kind]) for step in STEPS}
    return {name: problem for name, problem in found.items() if problem}


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_good_run_has_no_problems(kind: str) -> None:
    assert problems(good(), kind) == {}


def test_every_step_that_did_not_run_is_a_problem() -> None:
    assert sorted(problems({})) == sorted(step.name for step in STEPS)


WRONG = [
    ("share_lens", {"failed": True, "msg": "Denied."}, "share", "Denied."),
    ("share_lens", {"changed": False}, "share", "changed is False, not True"),
    ("listed_shared", listed("PENDING", "PENDING"), "list", "its shares are ['PENDING', 'PENDING'], not [PENDING]"),
    ("listed_shared", {"failed": True, "msg": "Denied."}, "list", "Denied."),
    ("rejected", {"invitations": []}, "reject", "what was done is [], not ['rejected']"),
    ("left", {"resources": rows(changed=True)}, "leave rejected", "changed is True, not False"),
    ("renewed", {"resources": rows(changed=False, error="Conflict."), "failed": True}, "renew", "Conflict."),
    ("renewed", {"failed": True, "msg": "Denied."}, "renew", "Denied."),
    ("accepted", {"invitations": rows(action="gone")}, "accept", "what was done is ['gone'], not ['accepted']"),
    ("report", {"report.html": "my-lens", "report.csv": ""}, "report", "the report does not name it in report.csv"),
    ("report", {}, "report", "no report was written"),
    ("remove_lens", {"changed": False}, "remove", "changed is False, not True"),
    ("listed_removed", listed("ACCEPTED"), "list removed", "its shares are ['ACCEPTED'], not []"),
]


@pytest.mark.parametrize(("result", "value", "step", "problem"), WRONG)
def test_a_failure_is_reported_for_its_step(result: str, value: Any, step: str, problem: str) -> None:
    assert problems({**good(), result: value}) == {step: problem}


def test_a_permission_that_was_not_updated_is_wrong_for_workloads_only() -> None:
    results = {**good(), "listed_updated": listed("ACCEPTED")}
    assert problems(results, "workload") == {"list updated": "the permissions are ['READONLY'], not CONTRIBUTOR"}
    assert problems(results, "template") == {}


@pytest.mark.parametrize(("problem", "exit_code"), [("Denied.", 1), (None, 0)])
def test_a_step_that_failed_is_shown_and_fails_the_run(
    accounts: Accounts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    problem: str | None,
    exit_code: int,
) -> None:
    def drive(_stage: Stage, _environment: Any, _log: Path) -> dict[str, dict[str, str | None]]:
        return {"update": {WORKLOAD.name: None, LENS.name: problem}}

    monkeypatch.setattr(collection, "drive", drive)
    monkeypatch.setattr(entry, "ask", lambda _stage, question: dict.fromkeys(question.settings, Answer(None, "No.")))
    assert entry.run(accounts, PACE, tmp_path) == exit_code
    shown = capsys.readouterr().out
    word = "FAILED" if problem else "ok"
    assert f"update          ok        {word:<6}    -         -" in shown
    assert ("    lens: Denied." in shown) == bool(problem)
