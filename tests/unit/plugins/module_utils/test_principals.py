# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Principals: forms, equality, what is not one, and names for them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._principals import (
    Principal,
    parse_account_id,
    parse_listed_principal,
    parse_principal,
    parse_principal_names,
    restore_account_id,
)

from .examples import ANA, ANA_ROLE, ANA_ROOT, ANA_USER, BEN, ORGANIZATION, ORGANIZATION_ARN, OU, OU_ARN

GOVCLOUD_ROOT = f"arn:aws-us-gov:iam::{ANA}:root"


@pytest.mark.parametrize(
    ("text", "kind", "identity", "account"),
    [
        (ANA, "account", ANA, ANA),
        (int(ANA), "account", ANA, ANA),
        (ANA_ROOT, "account", ANA, ANA),
        (GOVCLOUD_ROOT, "account", ANA, ANA),
        (ANA_USER, "user", f"{ANA}/reviewers/ana", ANA),
        (ANA_ROLE, "role", f"{ANA}/reviewers/ana", ANA),
        (ORGANIZATION, "organization", ORGANIZATION, None),
        (ORGANIZATION_ARN, "organization", ORGANIZATION, None),
        (OU, "ou", OU, None),
        (OU_ARN, "ou", OU, None),
    ],
)
def test_every_form_is_parsed(text: Any, kind: str, identity: str, account: str | None) -> None:
    principal = parse_principal(text)
    assert (principal.kind, principal.identity, principal.account) == (kind, identity, account)
    assert principal.text == str(text)


@pytest.mark.parametrize("forms", [(ANA, ANA_ROOT, GOVCLOUD_ROOT), (ORGANIZATION, ORGANIZATION_ARN), (OU, OU_ARN)])
def test_forms_of_one_principal_are_equal(forms: tuple[str, ...]) -> None:
    assert len({parse_principal(form) for form in forms}) == 1


def test_a_user_and_a_role_of_one_name_differ() -> None:
    assert parse_principal(ANA_USER) != parse_principal(ANA_ROLE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["empty"]),
        (None, ["empty"]),
        ("bob", ["'bob'", "not a valid principal", "12 digits", "o-...", "ou-..."]),
        ("1402433619", ["quotes", "012345670123"]),
        (1402433619, ["quotes", "012345670123"]),
        ("12345670123", ["quotes", "012345670123"]),
        ("123", ["3 digits", "12 digits", "quotes"]),
        ("1234567890123", ["13 digits"]),
        (1.402433619, ["number", "quotes"]),
        ("1111-2222-3333", ["dashes", ANA]),
        (f"{ANA} {BEN}", ["item of the list"]),
        (f"{ANA},{BEN}", ["item of the list"]),
        (f"arn:aws:sts::{ANA}:assumed-role/reviewers/ana", ["session", "role/NAME"]),
        (f"arn:aws:organizations::{BEN}:account/{ORGANIZATION}/{ANA}", ["account ID", ANA]),
        ("r-ab12", ["root", "o-..."]),
        (f"arn:aws:organizations::{BEN}:root/{ORGANIZATION}/r-ab12", ["root", "o-..."]),
        (f"arn:aws:iam::{ANA}:group/reviewers", ["not a valid principal"]),
        ("\u0661" * 12, ["not a valid principal"]),
        (f"{ANA}\n", ["not a valid principal"]),
    ],
)
def test_what_is_not_a_principal_is_explained(text: Any, words: list[str]) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        parse_principal(text)
    message = str(caught.value)
    assert [word for word in words if word not in message] == []
    assert message.endswith(".")


def test_an_arn_has_to_be_of_the_partition() -> None:
    assert parse_principal(GOVCLOUD_ROOT, "aws-us-gov").account == ANA
    assert parse_principal(ANA, "aws-us-gov").account == ANA
    with pytest.raises(ValueError, match=r"partition aws-us-gov.*works in aws"):
        parse_principal(GOVCLOUD_ROOT, "aws")


def test_only_accounts_have_account_ids() -> None:
    assert parse_account_id(ANA_ROOT) == ANA
    with pytest.raises(ValueError, match="not an account"):
        parse_account_id(ANA_USER)
    with pytest.raises(ValueError, match="The account ID is empty"):
        parse_account_id("")


def test_an_unknown_form_that_the_service_lists_is_kept() -> None:
    assert parse_listed_principal("new:form") == Principal("unknown", "new:form", "new:form")


@pytest.mark.parametrize(
    ("digits", "expected"),
    [("1402433619", "012345670123"), ("12345670123", "012345670123"), ("123", None), ("1" * 12, None), ("x", None)],
)
def test_a_lost_leading_zero_is_restored(digits: str, expected: str | None) -> None:
    assert restore_account_id(digits) == expected


@pytest.mark.parametrize(
    ("text", "listed", "expected"),
    [
        (ANA, [ANA], True),
        (ANA_USER, [ANA], True),
        (ANA_ROLE, [ANA_ROOT], True),
        (ANA, [ANA_USER], False),
        (ANA, [OU], False),
        (OU, [OU_ARN], True),
        (OU, [ORGANIZATION], False),
    ],
)
def test_an_account_covers_its_users_and_roles(text: str, listed: list[str], expected: bool) -> None:
    assert parse_principal(text).is_covered_by({parse_principal(one) for one in listed}) is expected


class TestNames:
    def test_a_name_refers_to_a_principal_another_name_or_a_list(self) -> None:
        errors: list[str] = []
        given = {"all": ["ana", "others"], "ana": ANA, "others": [BEN], "none": [], "alias": "ana"}
        names = parse_principal_names(given, "aws", errors)
        assert errors == []
        assert {name: [one.text for one in group] for name, group in names.groups.items()} == {
            "all": [ANA, BEN],
            "ana": [ANA],
            "others": [BEN],
            "none": [],
            "alias": [ANA],
        }
        assert [one.label for one in names.resolve("all")] == [f"{ANA} (ana)", BEN]
        assert names.resolve(ANA_ROOT)[0].label == f"{ANA_ROOT} (ana)"

    def test_an_id_may_refer_to_itself(self) -> None:
        errors: list[str] = []
        assert parse_principal_names({ANA: ANA}, "aws", errors).resolve(ANA)[0].account == ANA
        assert errors == []

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"a": "b", "b": "a"}, ["principals.b", "refers to itself", "a -> b -> a"]),
            ({"a": ["a"]}, ["principals.a[0]", "refers to itself"]),
            ({"ana": "bob"}, ["principals.ana", "'bob'"]),
            ({"ana": [ANA, "bob"]}, ["principals.ana[1]", "'bob'"]),
            ({"ana": None}, ["principals.ana", "None"]),
            ({"ana": {"principal": ANA}}, ["principals.ana", "Expected a principal"]),
            ({ANA: BEN}, [ANA, "cannot be a name"]),
            ({"": ANA}, ["cannot be a name"]),
            ({"ana": GOVCLOUD_ROOT}, ["principals.ana", "partition"]),
        ],
    )
    def test_errors_have_their_path(self, given: dict[Any, Any], words: list[str]) -> None:
        errors: list[str] = []
        parse_principal_names(given, "aws", errors)
        assert len(errors) == 1
        assert [word for word in words if word not in errors[0]] == []

    def test_a_name_is_suggested(self) -> None:
        names = parse_principal_names({"payments": ANA}, "aws", [])
        with pytest.raises(ValueError, match="did you mean 'payments'"):
            names.resolve("payment")
