# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who a resource is shared with: what each form means, what is refused, and what a guard rail lets through."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.principals import (
    Principal,
    parse_listed_principal,
    parse_principal,
)

from ..examples import ANA, ANA_ROLE, ANA_ROOT, ANA_USER, BEN, ORGANIZATION, ORGANIZATION_ARN, OU, OU_ARN, OWNER

PARTITIONS = ["aws", "aws-us-gov", "aws-cn", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"]

# Every form that a principal may have: its text, kind, what it is told apart by, and account. Two forms that are told
# apart by the same are one principal.
IDS = {
    "account ID": (ANA, "account", ANA, ANA),
    "account ID with leading zero": ("012345670123", "account", "012345670123", "012345670123"),
    "organization ID": (ORGANIZATION, "organization", ORGANIZATION, None),
    "OU ID": (OU, "ou", OU, None),
}
ARNS = {
    "root": (f"iam::{ANA}:root", "account", ANA, ANA),
    "user": (f"iam::{ANA}:user/ana", "user", f"{ANA}/ana", ANA),
    "user with path": (f"iam::{ANA}:user/a/b/ana", "user", f"{ANA}/a/b/ana", ANA),
    "user with every special character": (f"iam::{ANA}:user/a+b=c,d.e@f_g-h", "user", f"{ANA}/a+b=c,d.e@f_g-h", ANA),
    "role": (f"iam::{ANA}:role/Reviewer", "role", f"{ANA}/Reviewer", ANA),
    "role with path": (f"iam::{ANA}:role/aws-reserved/x/R", "role", f"{ANA}/aws-reserved/x/R", ANA),
    "user called root": (f"iam::{ANA}:user/root", "user", f"{ANA}/root", ANA),
    "organization": (f"organizations::{OWNER}:organization/{ORGANIZATION}", "organization", ORGANIZATION, None),
    "OU": (f"organizations::{OWNER}:ou/{ORGANIZATION}/{OU}", "ou", OU, None),
}
EVERY_FORM = list(IDS.values()) + [
    (f"arn:{partition}:{text}", kind, identity, account)
    for partition in PARTITIONS
    for text, kind, identity, account in ARNS.values()
]
EVERY_ID = list(IDS) + [f"{partition}-{name}" for partition in PARTITIONS for name in ARNS]


@pytest.mark.parametrize(("text", "kind", "identity", "account"), EVERY_FORM, ids=EVERY_ID)
def test_every_form_means_what_the_table_says(text: str, kind: str, identity: str, account: str | None) -> None:
    principal = parse_principal(text)
    assert (principal.kind, principal.identity, principal.account) == (kind, identity, account)


@pytest.mark.parametrize(("text", "kind", "identity", "account"), EVERY_FORM, ids=EVERY_ID)
def test_a_principal_is_kept_as_it_was_written(text: str, kind: str, identity: str, account: str | None) -> None:
    assert parse_principal(text).text == text


@pytest.mark.parametrize(("text", "kind", "identity", "account"), EVERY_FORM, ids=EVERY_ID)
def test_only_an_organization_or_ou_needs_organization_sharing(
    text: str, kind: str, identity: str, account: str | None
) -> None:
    assert parse_principal(text).in_organizations == (kind in ("organization", "ou"))


def test_a_number_of_12_digits_is_an_account() -> None:
    assert parse_principal(111122223333) == parse_principal("111122223333")
    assert parse_principal(111122223333).text == "111122223333"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "it is empty: expected an account ID of 12 digits"),
        ("", "it is empty: expected an account ID of 12 digits"),
        ("11112222333", "'11112222333' has 11 digits, and an account ID has 12: one is missing"),
        ("1111222233334", "'1111222233334' has 13 digits, and an account ID has 12: one is too many"),
        ("11112222333344", "'11112222333344' has 14 digits, and an account ID has 12: 2 are too many"),
        ("1111-2222-3333", "'1111-2222-3333' has dashes, which AWS's console puts there: write 111122223333"),
        (f"{ANA}, {BEN}", f"'{ANA}, {BEN}' has blanks or commas in it: each principal is an item of its own"),
        (f"{ANA} {OU}", f"'{ANA} {OU}' has blanks or commas in it: each principal is an item of its own"),
    ],
)
def test_what_was_nearly_right_is_told_what_is_wrong(text: Any, why: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        parse_principal(text)
    assert str(refused.value).startswith(why)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(ANA, ANA_ROOT, id="account ID and root ARN"),
        pytest.param(ORGANIZATION, ORGANIZATION_ARN, id="organization ID and ARN"),
        pytest.param(OU, OU_ARN, id="OU ID and ARN"),
        pytest.param(
            ORGANIZATION_ARN, ORGANIZATION_ARN.replace(OWNER, BEN), id="organization ARNs by different accounts"
        ),
    ],
)
def test_two_forms_of_one_principal_are_one_principal(one: str, other: str) -> None:
    first, second = parse_principal(one), parse_principal(other)
    assert first == second
    assert hash(first) == hash(second)
    assert len({first, second}) == 1
    assert first.text != second.text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(ANA, BEN, id="two accounts"),
        pytest.param(ANA, ANA_USER, id="an account and its user"),
        pytest.param(ANA_USER, ANA_ROLE, id="a user and the role of the same name"),
        pytest.param(ANA_USER, f"arn:aws:iam::{ANA}:user/ana", id="users of one name with different paths"),
        pytest.param(ANA_USER, ANA_USER.replace(ANA, BEN), id="users of one name in two accounts"),
        pytest.param(
            ANA_USER, ANA_USER.upper().replace("ARN:AWS:IAM", "arn:aws:iam").replace("USER", "user"), id="case"
        ),
        pytest.param(ORGANIZATION, "o-abcdefghik", id="two organizations"),
        pytest.param(ORGANIZATION, OU_ARN, id="an organization and an OU in it"),
        pytest.param(OU, "ou-ab12-cdefghik", id="two OUs"),
    ],
)
def test_what_means_different_principals_is_different(one: str, other: str) -> None:
    assert parse_principal(one) != parse_principal(other)


REFUSED: dict[str, Any] = {
    "a name": "ana",
    "everyone": "*",
    "a space before": f" {ANA}",
    "a line break after": f"{ANA}\n",
    "a negative number": -11122223333,
    "root without an account": "arn:aws:iam:::root",
    "an account ID of 11 digits in an ARN": "arn:aws:iam::11112222333:root",
    "an account ID of 13 digits in an ARN": "arn:aws:iam::1111222233334:root",
    "an ARN with a region": f"arn:aws:iam:us-east-1:{ANA}:root",
    "another partition": f"arn:amazon:iam::{ANA}:root",
    "a user without a name": f"arn:aws:iam::{ANA}:user/",
    "a user's name with a space": f"arn:aws:iam::{ANA}:user/ana maria",
    "a group": f"arn:aws:iam::{ANA}:group/reviewers",
    "a policy": f"arn:aws:iam::{ANA}:policy/x",
    "another service": f"arn:aws:s3::{ANA}:user/ana",
    "something after root": f"{ANA_ROOT}/x",
    "a service principal": "wellarchitected.amazonaws.com",
    "an organization ID that is too short": "o-abcdefghi",
    "an organization ID that is too long": "o-" + "a" * 33,
    "an organization ID in capitals": "o-ABCDEFGHIJ",
    "an organization's root": "r-ab12",
    "an OU ID that is too short": "ou-ab12-cdefghi",
    "an OU ID with one part": "ou-ab12",
    "an organization ARN with an OU's ID": f"arn:aws:organizations::{OWNER}:organization/{OU}",
    "an OU ARN without the organization": f"arn:aws:organizations::{OWNER}:ou/{OU}",
    "an organization's account": f"arn:aws:organizations::{OWNER}:account/{ORGANIZATION}/{ANA}",
    "a truth value": True,
    "a list": [ANA],
    "a dict": {"account": ANA},
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused_with_its_text_and_what_is_expected(text: Any) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        parse_principal(text)
    assert str(refused.value).startswith(f"{str(text)!r} is not a principal: expected an account ID of 12 digits")
    assert "o-..." in str(refused.value)
    assert "ou-..." in str(refused.value)


@pytest.mark.parametrize(
    ("number", "characters"),
    [
        pytest.param(1402433619, 10, id="what YAML makes of 012345670123"),
        pytest.param("1402433619", 10, id="the same as Ansible's str option passes it"),
        pytest.param(0, 1, id="zero"),
        pytest.param(111122223333.0, 14, id="a decimal number"),
    ],
)
def test_a_number_that_yaml_may_have_made_is_told_to_be_quoted(number: Any, characters: int) -> None:
    with pytest.raises(ValueError, match="Put account IDs in quotes") as refused:
        parse_principal(number)
    message = str(refused.value)
    assert message.startswith(f"'{number}' is a number of {characters} characters, not an account ID of 12 digits")
    assert "012345670123 becomes 1402433619" in message


def test_the_advice_about_octal_numbers_is_true() -> None:
    assert int("012345670123", 8) == 1402433619


@pytest.mark.parametrize("partition", PARTITIONS)
def test_a_session_is_told_to_name_the_role_itself(partition: str) -> None:
    with pytest.raises(ValueError, match=r"is a session, not a principal: name the role itself, arn:aws:iam::ACCOUNT"):
        parse_principal(f"arn:{partition}:sts::{ANA}:assumed-role/Reviewer/ana")


@pytest.mark.parametrize("text", [ANA, ANA_ROOT, ANA_USER, ANA_ROLE, ORGANIZATION, ORGANIZATION_ARN, OU, OU_ARN])
def test_what_the_service_lists_is_read_as_what_the_user_writes(text: str) -> None:
    assert parse_listed_principal(text) == parse_principal(text)


def test_what_the_service_lists_in_a_form_not_known_is_a_principal_of_its_own() -> None:
    new, same, other = map(parse_listed_principal, ("team/reviewers", "team/reviewers", "team/others"))
    assert new == same != other
    assert new.text == "team/reviewers"
    assert new.account is None
    assert not new.in_organizations


@pytest.mark.parametrize(
    ("allowed", "principal", "let_through"),
    [
        pytest.param([ANA], ANA, True, id="an account allows itself"),
        pytest.param([ANA], ANA_ROOT, True, id="an account allows itself in its other form"),
        pytest.param([ANA_ROOT], ANA, True, id="an account in its other form allows itself"),
        pytest.param([ANA], ANA_USER, True, id="an account allows its users"),
        pytest.param([ANA], ANA_ROLE, True, id="an account allows its roles"),
        pytest.param([ANA_ROOT], ANA_ROLE, True, id="an account in its other form allows its roles"),
        pytest.param([ANA], BEN, False, id="an account allows no other"),
        pytest.param([ANA], ANA_USER.replace(ANA, BEN), False, id="an account allows no other's users"),
        pytest.param([ANA], ORGANIZATION, False, id="an account allows no organization"),
        pytest.param([OWNER], ORGANIZATION_ARN, False, id="not even the organization that it manages"),
        pytest.param([ANA_USER], ANA_USER, True, id="a user allows itself"),
        pytest.param([ANA_USER], ANA, False, id="a user does not allow its account"),
        pytest.param([ANA_USER], ANA_ROLE, False, id="a user does not allow a role of the same name"),
        pytest.param([ORGANIZATION], ORGANIZATION_ARN, True, id="an organization allows itself"),
        pytest.param([ORGANIZATION], ANA, False, id="an organization allows no accounts"),
        pytest.param([ORGANIZATION], OU_ARN, False, id="an organization allows no OU in it"),
        pytest.param([OU], OU_ARN, True, id="an OU allows itself"),
        pytest.param([OU], ANA, False, id="an OU allows no accounts"),
        pytest.param([OU], ORGANIZATION, False, id="an OU does not allow its organization"),
        pytest.param([OU, BEN, ANA], ANA_USER, True, id="any of several allows"),
        pytest.param([], ANA, False, id="nobody allows nobody"),
    ],
)
def test_what_the_guard_rail_lets_through(allowed: list[str], principal: str, let_through: bool) -> None:
    assert parse_principal(principal).is_allowed_by(frozenset(map(parse_principal, allowed))) is let_through


def test_a_principal_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        parse_principal(ANA).identity = BEN  # type: ignore[misc]


def test_the_text_tells_no_principals_apart() -> None:
    assert Principal("account", ANA, "written so") == Principal("account", ANA, "written otherwise")


@pytest.mark.parametrize(
    "text",
    [
        "\u0661\u0661\u0661\u0661\u0662\u0662\u0662\u0662\u0663\u0663\u0663\u0663",
        "arn:aws:iam::111122223333:user/*",
        "arn:aws:iam::111122223333:user/ana/",
        "arn:aws:iam::111122223333:role//ana",
        "arn:aws:iam::111122223333:user/an:a",
        f"arn:aws:iam::111122223333:user/{'a' * 65}",
    ],
    ids=["other digits", "wildcard", "path without a name", "empty path", "colon", "long name"],
)
def test_a_name_that_iam_would_not_take_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a principal"):
        parse_principal(text)
