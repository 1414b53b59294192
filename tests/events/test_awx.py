# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rulebooks for automation controller and AWX: which job they launch, and with which answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from .controller import TOKEN, controller
from .rulebooks import EVENTS, Queue, running, wait_for

SOON = 120
ACCOUNT, OTHER = "444455556666", "000000000041"
CASES = {
    "workload_created_awx": (
        "wellarchitected-sharing-workloads",
        "Well-Architected / Collect new workloads",
        ("workload_created", "workload_created_workload_id", "workload_denied"),
        {
            "survey_created": [
                {"account_id": OTHER, "region": "us-west-2"},
                {"account_id": ACCOUNT, "region": "us-west-2"},
            ]
        },
    ),
    "account_joined_awx": (
        "wellarchitected-sharing-accounts",
        "Well-Architected / Onboard new accounts",
        ("account_created", "account_joined", "account_not_created"),
        {"survey_joined": [OTHER, ACCOUNT]},
    ),
}


@pytest.mark.parametrize(("name", "case"), CASES.items(), ids=CASES)
def test_one_job_is_launched_with_the_accounts_of_the_events(
    installed: Path, tmp_path: Path, name: str, case: tuple[str, str, tuple[str, str, str], Mapping[str, Any]]
) -> None:
    queue_name, template, (first, second, ignored), expected = case
    texts = {event: (EVENTS / f"{event}.json").read_text(encoding="utf-8") for event in (first, second, ignored)}
    queue = Queue(queue_name, tmp_path)
    variables = {"wa_events_endpoint_url": queue.url, "wa_events_region": "us-east-1"}
    try:
        with controller(template) as (url, launched):
            more = ("--controller-url", url, "--controller-token", TOKEN)
            with running(name, tmp_path / "run", installed, {}, variables, url, *more):
                queue.send(texts[first], texts[second].replace(ACCOUNT, OTHER), texts[ignored])
                wait_for("job", lambda: launched, SOON)
    finally:
        queue.stop()
    (job,) = launched
    answers = job["extra_vars"]
    assert all(isinstance(answer, str) for answer in answers.values())  # as a survey takes it
    assert {name: sorted(yaml.safe_load(answer), key=str) for name, answer in answers.items()} == expected
