# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job template that shares resources."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.testing import Emulator

from .awx import Controller

ANSWERS = {
    "wa_share_regions": "us-east-1",
    "wa_share_resources": "- workload: *ayments\n  permission_type: CONTRIBUTOR\n- lens: Platform Standards\n",
    "wa_share_shared_with": "111122223333\n012345670123",
    "wa_share_renew": ["EXPIRED", "REJECTED"],
    "wa_share_max_removals": 5,
}


@pytest.fixture(autouse=True)
def scene(endpoint: Emulator) -> None:
    endpoint.create_workload("Payments")
    endpoint.create_lens("Platform Standards")


def shared(endpoint: Emulator) -> set[str]:
    return {share["shared_with"] for share in endpoint.shares()}


def test_a_check_run_says_what_would_be_done_and_the_run_does_it(endpoint: Emulator, controller: Controller) -> None:
    summary = {"created": 4, "updated": 0, "renewed": 0, "deleted": 0, "unchanged": 0, "failed": 0}

    checked = controller.launch("share", ANSWERS, "--check")
    assert checked.status == "successful"
    assert checked.artifacts["wa_share_summary"] == summary
    assert shared(endpoint) == set()

    done = controller.launch("share", ANSWERS)
    assert done.status == "successful"
    assert done.artifacts == {"wa_share_changed": True, "wa_share_summary": summary}
    assert done.changed == ["Share the resources"]
    assert done.stats["changed"] == {"localhost": 1}
    assert done.stats["failures"] == {}
    assert shared(endpoint) == {"111122223333", "012345670123"}


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        pytest.param(
            {"wa_share_resources": "- workload: [Payments"},
            "this text is not YAML: while parsing a flow sequence",
            id="broken YAML",
        ),
        pytest.param(
            {"wa_share_resources": "Payments, Search"},
            "every entry needs a key and a value, as in '- workload: Payments', unlike: Payments, Search",
            id="names only",
        ),
        pytest.param(
            {"wa_share_resources": "- workload: *\n- lens: *\n  lens: Standards"},
            "resources: line 3 has the key lens for the second time in one entry",
            id="a key twice",
        ),
        pytest.param(
            {"wa_share_allowed_principals": "111122223333 444455556666"},
            "012345670123",
            id="a principal that is not allowed",
        ),
    ],
)
def test_a_bad_answer_changes_nothing_and_is_told(
    endpoint: Emulator, controller: Controller, answers: dict[str, Any], message: str
) -> None:
    job = controller.launch("share", {**ANSWERS, **answers})

    assert job.status == "failed"
    assert message in job.messages
    # The module's failure, and the role's.
    assert [message in event["res"]["msg"] for event in job.of("runner_on_failed")] == [True, True]
    assert job.stats["failures"] == {"localhost": 1}
    assert shared(endpoint) == set()


def test_an_account_id_that_is_all_of_an_answer_is_never_taken_for_another(
    endpoint: Emulator, controller: Controller
) -> None:
    """ansible-core 2.19 and later read what AWX passes on as an octal number; earlier ones as text."""
    job = controller.launch("share", {**ANSWERS, "wa_share_shared_with": "012345670123"})

    if job.status == "failed":
        assert "Put account IDs in quotes" in job.messages
        assert shared(endpoint) == set()
    else:
        assert shared(endpoint) == {"012345670123"}
