# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What offboarding tells of what went, and what its report keeps."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils.removals import (
    in_lines,
    read_runs,
    removed_rows,
    report_text,
    staying_lenses,
    with_run,
)

ANA = "111122223333"
NOW = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)


def row(kind: str = "workload", name: str = "Payments", *shares: dict[str, Any], **more: Any) -> dict[str, Any]:
    where = {"account_id": "123456789012", "region": "eu-west-1"}
    return {"resource": {"kind": kind, "id": "0", "arn": "arn", "name": name, **where}, "shares": list(shares), **more}


def share(action: str = "deleted", status: str = "ACCEPTED", **more: Any) -> dict[str, Any]:
    known = {"shared_with": ANA, "shared_with_name": None, "permission_type": "READONLY", "share_id": "1"}
    return {**known, "status": status, "action": action, "until": None, **more}


def result(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resources": list(rows), "places": [], **more}


def test_only_what_goes_is_told_as_it_was() -> None:
    done = result(row("workload", "Payments", share(), share("unchanged")), row("lens", "Standards"))
    assert removed_rows(done) == [
        {
            "kind": "workload",
            "id": "0",
            "arn": "arn",
            "name": "Payments",
            "account_id": "123456789012",
            "region": "eu-west-1",
            "shared_with": ANA,
            "shared_with_name": None,
            "permission_type": "READONLY",
            "status": "ACCEPTED",
            "share_id": "1",
        }
    ]
    assert in_lines(removed_rows(done), False) == [
        "1 share removed:",
        f"123456789012 eu-west-1: workload Payments with {ANA} READONLY ACCEPTED",
    ]
    assert in_lines(removed_rows(done), True)[0] == "1 share would be removed:"


def test_lenses_that_were_accepted_are_what_cannot_be_taken_back() -> None:
    done = result(
        row("lens", "Standards", share(permission_type=None)),
        row("lens", "Pending", share(status="PENDING", permission_type=None)),
        row("template", "Central", share(permission_type=None)),
        row("lens", "Standards", share(status="ASSOCIATED", permission_type=None)),
    )
    assert staying_lenses(removed_rows(done)) == ["Standards"]
    assert in_lines(removed_rows(done), False)[-1].endswith("which nobody can take back: Standards")


def test_many_lines_are_few_and_short() -> None:
    long = "{{ 🚀 }} %s\n" * 9
    lines = in_lines(removed_rows(result(*[row("lens", f"{long}{number}", share()) for number in range(99)])), False)
    assert lines[0] == "99 shares removed:"
    assert len("\n".join(lines).encode()) <= 2000
    assert not any("\n" in line for line in lines)
    assert lines[-1].endswith(" and 94 more")
    assert in_lines([], False) == ["These accounts have nothing here."]


def test_the_report_keeps_earlier_runs() -> None:
    first = with_run([], result(row("lens", "Standards", share())), [{"account_id": ANA}], NOW)
    assert first is not None
    (run,) = first
    assert (run["at"], run["accounts"]) == ("2026-11-21T12:00:00+00:00", [{"account_id": ANA}])
    assert (len(run["removed"]), run["kept_in_workloads_that_use_them"]) == (1, ["Standards"])
    more = with_run(first, result(row("lens", "Other", share())), [{"account_id": ANA}], NOW)
    assert more is not None
    assert (more[0], more[1]["removed"][0]["name"]) == (run, "Other")


@pytest.mark.parametrize(
    ("before", "done", "written"),
    [
        pytest.param([], result(), True, id="the first run that finds nothing"),
        pytest.param([{}], result(row()), False, id="a further one"),
        pytest.param([{}], result(row(error="Denied.")), True, id="a resource that failed"),
        pytest.param([{}], result(places=[{"error": "Denied."}]), True, id="a place that failed"),
        pytest.param([], {"failed": True}, False, id="one that was refused"),
    ],
)
def test_a_run_is_added_where_it_says_something_new(before: list[Any], done: dict[str, Any], written: bool) -> None:
    assert (with_run(before, done, [], NOW) is not None) == written


def test_a_report_is_read_back_and_nothing_else_is(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    assert read_runs(str(path)) == []
    path.write_text(report_text([{"at": "دفعات"}]), encoding="utf-8")
    assert read_runs(str(path)) == [{"at": "دفعات"}]
    for text in ("{}", "[]", "nothing", json.dumps({"runs": {}}), "5"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InvalidInput, match="is not a report of this playbook"):
            read_runs(str(path))
