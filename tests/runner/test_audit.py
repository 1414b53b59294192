# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role wa_audit: differences, the report and the evidence. All cases run in one start of Ansible."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import Emulator

from .plays import Case, Outcome, Player, Run

RECIPIENT = "444455556666"
OWNERS = {
    name: f"8{number:03}00000000" for number, name in enumerate(("clean", "drifting", "listed", "unreadable", "failed"))
}
MEMBERS = [f"80000000000{number}" for number in range(1, 4)]
REGIONS = ["us-east-1", "eu-west-1"]
DECLARED = [{"workload": "Payments", "shared_with": [RECIPIENT]}]


@dataclass
class Audits:
    folder: Path
    run: Run

    def __getitem__(self, name: str) -> Outcome:
        return self.run.outcomes[name]

    def evidence(self, name: str) -> dict[str, Any]:
        return json.loads((self.folder / f"{name}.evidence.json").read_text(encoding="utf-8"))

    def page(self, name: str) -> Path:
        return self.folder / f"{name}.html"


def cases(endpoint: Emulator) -> dict[str, Case]:
    """Each owner shares Payments as declared; all but the first also share a lens that is not declared."""
    for name, owner in OWNERS.items():
        workload = endpoint.create_workload("Payments", account=owner)["id"]
        client = endpoint.client(account=owner)
        client.create_workload_share(WorkloadId=workload, SharedWith=RECIPIENT, PermissionType="READONLY")
        if name != "clean":
            lens = endpoint.create_lens("Standards", account=owner)["arn"]
            client.create_lens_share(LensAlias=lens, SharedWith=RECIPIENT)
    endpoint.seed(workloads=1, prefix="Payments ", accounts=MEMBERS, regions=REGIONS, shares=[RECIPIENT])
    roles = {member: f"arn:aws:iam::{member}:role/WellArchitectedAudit" for member in MEMBERS}
    endpoint.settings(refused_roles=[roles[MEMBERS[0]]])
    endpoint.fault("expired_credentials", account=OWNERS["failed"])
    accounts = [
        {"account_id": member, "role_arn": role, "name": f"team-{member[-1]}"} for member, role in roles.items()
    ]

    def case(name: str, **variables: Any) -> Case:
        given = {
            "wa_share_regions": ["us-east-1"],
            "wa_share_resources": DECLARED,
            "wa_audit_report_path": f"{name}.html",
            "wa_audit_evidence_path": f"{name}.evidence.json",
        }
        return Case("wa_audit", {**given, **variables}, caller=OWNERS[name])

    return {
        "clean": case("clean"),
        "drifting": case("drifting"),
        "listed": case("listed", wa_audit_fail_on_drift=False),
        "unreadable": case(
            "unreadable",
            wa_audit_accounts=accounts,
            wa_audit_regions=REGIONS,
            wa_audit_resources=[{"workload": "*", "shared_with": [RECIPIENT]}],
        ),
        "failed": case("failed"),
    }


@pytest.fixture(scope="module")
def audits(collections: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audits]:
    folder = tmp_path_factory.mktemp("audits")
    with Emulator() as endpoint:
        yield Audits(folder, Player(folder, collections, endpoint).run(cases(endpoint)))


def test_what_is_as_declared_passes(audits: Audits) -> None:
    assert audits["clean"].failure == ""
    assert audits["clean"].result["drift"] == []
    assert audits["clean"].result["changed"] is False


def test_drift_fails_the_run_after_the_report(audits: Audits) -> None:
    assert "Standards" in audits["drifting"].failure
    assert RECIPIENT in audits["drifting"].failure
    assert "Standards" in audits.page("drifting").read_text(encoding="utf-8")


def test_drift_does_not_fail_the_run_where_a_variable_says_so(audits: Audits) -> None:
    assert audits["listed"].failure == ""
    assert [row["difference"] for row in audits["listed"].result["drift"]] == ["resource_not_declared"]


def test_an_account_that_cannot_be_read_fails_the_run_and_is_named_in_the_report(audits: Audits) -> None:
    assert MEMBERS[0] in audits["unreadable"].failure
    page = audits.page("unreadable").read_text(encoding="utf-8")
    assert f"team-{MEMBERS[0][-1]}" in page
    assert all(f"team-{member[-1]}" in page for member in MEMBERS[1:])


def test_a_run_that_reads_nothing_fails_and_replaces_no_report(audits: Audits) -> None:
    assert "no longer valid" in audits["failed"].failure or "expired" in audits["failed"].failure.lower()
    assert not audits.page("failed").exists()


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("clean", "in_desired_state"),
        ("drifting", "drift"),
        ("listed", "drift"),
        ("unreadable", "incomplete"),
        ("failed", "incomplete"),
    ],
)
def test_every_run_leaves_dated_evidence(audits: Audits, name: str, verdict: str) -> None:
    evidence = audits.evidence(name)
    assert evidence["verdict"] == verdict
    assert evidence["checked_at"]
    assert OWNERS[name] in json.dumps(evidence)


def test_the_artifacts_are_those_of_the_last_audit_only(audits: Audits) -> None:
    """Two imports in one run do not add up."""
    assert audits.run.artifacts["wa_audit_drift"] == []
    assert len(audits.run.artifacts["wa_audit_errors"]) == len(audits["failed"].result["errors"])
