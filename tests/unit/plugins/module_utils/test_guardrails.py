# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guardrails: what they refuse and what they permit."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._errors import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.module_utils._guardrails import (
    Guardrails,
    check_account,
    hash_plan,
    parse_expected_account,
    parse_guardrails,
    plan_key,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._principals import PrincipalNames, parse_principal

from .examples import ANA, ANA_ROOT, ANA_USER, BEN, ID, OTHER_ID, OU, OWNER

ROW = {
    "account_id": OWNER,
    "region": "eu-west-1",
    "kind": "workload",
    "id": ID,
    "name": "Payments",
    "shared_with": ANA,
    "permission_type": "READONLY",
    "action": "created",
}


def guardrails(**params: Any) -> Guardrails:
    errors: list[str] = []
    given = {"allowed_principals": None, "max_removals": None, "approved_plan": None, **params}
    parsed = parse_guardrails(given, PrincipalNames("aws"), errors)
    assert errors == []
    return parsed


def refusal(rails: Guardrails, *rows: dict[str, Any]) -> str:
    with pytest.raises(InvalidInput) as caught:
        rails.check_plan(rows, {})
    return str(caught.value)


class TestAllowedPrincipals:
    @pytest.mark.parametrize(
        ("allowed", "granted", "refused"),
        [
            (None, [ANA], []),
            ([ANA], [ANA_ROOT, ANA_USER], []),
            ([], [ANA], [ANA]),
            ([ANA], [BEN, ANA, OU], [BEN, OU]),
            ([OU], [ANA], [ANA]),
        ],
    )
    def test_refuse_all_others(self, allowed: Any, granted: list[str], refused: list[str]) -> None:
        rails = guardrails(allowed_principals=allowed)
        pairs = [(f"shared_with[{place}]", parse_principal(text)) for place, text in enumerate(granted)]
        if not refused:
            rails.check_principals(pairs)
            return
        with pytest.raises(InvalidInput) as caught:
            rails.check_principals(pairs)
        assert [error.split()[1] for error in caught.value.errors] == refused
        assert all(error.startswith("shared_with[") for error in caught.value.errors)


class TestMaxRemovals:
    def test_counts_deletions_only(self) -> None:
        rows = [{**ROW, "action": action} for action in ("created", "updated", "renewed")]
        guardrails(max_removals=0).check_plan(rows, {})
        guardrails(max_removals=1).check_plan([*rows, {**ROW, "action": "deleted"}], {})
        guardrails().check_plan([{**ROW, "action": "deleted"}] * 100, {})

    def test_names_what_would_be_deleted(self) -> None:
        rows = [{**ROW, "action": "deleted", "shared_with": f"{number:012}"} for number in range(12)]
        message = refusal(guardrails(max_removals=11), *rows)
        assert "12 shares" in message
        assert "max_removals is 11" in message
        assert "000000000009" in message
        assert "000000000010" not in message
        assert "and 2 more" in message

    def test_says_when_access_ended(self) -> None:
        row = {**ROW, "action": "deleted"}
        with pytest.raises(InvalidInput, match="access ended on 2026-09-30"):
            guardrails(max_removals=0).check_plan([row], {plan_key(row): "2026-09-30"})


class TestApprovedPlan:
    @pytest.mark.parametrize(
        "more",
        [{}, {"shared_with": ANA_ROOT}, {"name": None}, {"action": "renewed"}, {"account_id": None}],
    )
    def test_permits_what_it_has(self, more: dict[str, Any]) -> None:
        guardrails(approved_plan=[ROW]).check_plan([{**ROW, **more}], {})
        guardrails(approved_plan=[{**ROW, **more}]).check_plan([ROW], {})

    def test_a_deletion_is_approved_whatever_the_permission(self) -> None:
        rails = guardrails(approved_plan=[{**ROW, "action": "deleted"}])
        rails.check_plan([{**ROW, "action": "deleted", "permission_type": "CONTRIBUTOR"}], {})

    def test_a_part_of_it_may_be_done_already(self) -> None:
        guardrails(approved_plan=[ROW, {**ROW, "shared_with": BEN}]).check_plan([ROW], {})
        guardrails(approved_plan=[ROW]).check_plan([], {})

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            *[("shared_with", BEN), ("shared_with", ANA_USER), ("permission_type", "CONTRIBUTOR"), ("id", OTHER_ID)],
            *[("action", "deleted"), ("kind", "lens"), ("region", "us-east-1"), ("account_id", BEN)],
        ],
    )
    def test_refuses_everything_else(self, key: str, value: str) -> None:
        message = refusal(guardrails(approved_plan=[ROW]), ROW, {**ROW, key: value})
        assert "1 change that is not in approved_plan" in message

    def test_an_empty_one_approves_nothing(self) -> None:
        assert "2 changes that are not" in refusal(guardrails(approved_plan=[]), ROW, {**ROW, "shared_with": BEN})

    def test_a_change_that_turned_up_later_has_to_be_in_it(self) -> None:
        rails = guardrails(approved_plan=[ROW], max_removals=5)
        assert rails.reason_against(ROW) is None
        assert "approved_plan" in str(rails.reason_against({**ROW, "action": "updated"}))
        assert "max_removals" in str(guardrails(max_removals=5).reason_against({**ROW, "action": "deleted"}))
        assert guardrails(max_removals=5).reason_against(ROW) is None
        assert guardrails().reason_against({**ROW, "action": "deleted"}) is None

    @pytest.mark.parametrize(
        ("key", "value"), [("kind", "disk"), ("action", "unchanged"), ("id", 7), ("shared_with", None), ("region", 7)]
    )
    def test_other_rows_are_errors(self, key: str, value: Any) -> None:
        errors: list[str] = []
        params = {"allowed_principals": None, "max_removals": None, "approved_plan": [ROW, {**ROW, key: value}]}
        parse_guardrails(params, PrincipalNames(), errors)
        assert len(errors) == 1
        assert errors[0].startswith("approved_plan[1]: ")
        assert key in errors[0]


def test_what_is_wrong_with_options_is_reported_together() -> None:
    errors: list[str] = []
    params = {"allowed_principals": ["bob", "", ANA], "max_removals": -1, "approved_plan": None}
    parse_guardrails(params, PrincipalNames("aws"), errors)
    assert [error.split(":")[0] for error in errors] == [
        "allowed_principals[0]",
        "allowed_principals[1]",
        "max_removals must be at least 0, got -1.",
    ]


def test_the_expected_account_is_compared() -> None:
    errors: list[str] = []
    assert parse_expected_account(None, errors) is None
    assert parse_expected_account(ANA_ROOT, errors) == ANA
    assert errors == []
    assert parse_expected_account("", errors) is None
    assert errors[0].startswith("expected_account_id: ")
    check_account(ANA, ANA)
    with pytest.raises(InvalidInput, match=rf"{ANA}.*{BEN}"):
        check_account(ANA, BEN)


def test_the_hash_of_a_plan_depends_on_its_changes_only() -> None:
    other = {**ROW, "shared_with": BEN}
    assert hash_plan([ROW, other]) == hash_plan([other, dict(reversed(ROW.items()))])
    assert hash_plan([ROW]) != hash_plan([other])
    assert len(hash_plan([])) == 64
