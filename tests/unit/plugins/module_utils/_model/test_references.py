# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How resources are named, and which resources names mean."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.catalogue import (
    Catalogue,
    add_second_look,
    look_up,
    read_catalogue,
    why_missing,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.kinds import KINDS, Kind
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.places import Scope
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.references import parse_reference
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.resources import Resource

from ..examples import ANA, ID, OTHER_ID, OWNER, REGION, SCOPE, arn, resource

LENS, PROFILE, TEMPLATE, WORKLOAD = (KINDS[name] for name in ("lens", "profile", "template", "workload"))
OFFICIAL_ARN = "arn:aws:wellarchitected::aws:lens/serverless"

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def found(*names: str, kind: str = "workload") -> Catalogue:
    """A catalogue of resources with these names, each with an ID of its own."""
    return Catalogue(tuple(resource(kind, f"{number:032x}", name) for number, name in enumerate(names)))


def names_meant(text: str, listed: Catalogue, wildcards: bool = True) -> list[str | None]:
    return [each.name for each in look_up(parse_reference(WORKLOAD, text, SCOPE, wildcards), listed)]


def refusal(text: str, listed: Catalogue, kind: Kind = WORKLOAD) -> str:
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        look_up(parse_reference(kind, text, SCOPE, wildcards=True), listed)
    return str(refused.value)


# IDs and ARNs


@every_kind
def test_an_arn_says_all_but_the_name(kind: Kind) -> None:
    text = arn(kind.name)
    reference = parse_reference(kind, text, SCOPE)
    assert reference.name is None
    assert reference.resource == Resource(kind, kind.id_from_arn(text), text, None, OWNER)


@pytest.mark.parametrize(
    ("partition", "region"),
    [
        ("aws-us-gov", "us-gov-west-1"),
        ("aws-cn", "cn-north-1"),
        ("aws-iso", "us-iso-east-1"),
        ("aws-iso-b", "us-isob-east-1"),
        ("aws-eusc", "eusc-de-east-1"),
    ],
)
def test_an_arn_may_be_of_any_partition(partition: str, region: str) -> None:
    text = f"arn:{partition}:wellarchitected:{region}:{OWNER}:workload/{ID}"
    assert parse_reference(WORKLOAD, text, Scope((region,))).resource == Resource(WORKLOAD, ID, text, None, OWNER)


def test_32_hexadecimal_digits_are_the_id_of_a_workload() -> None:
    reference = parse_reference(WORKLOAD, ID, SCOPE)
    assert reference.name is None
    assert reference.resource == Resource(WORKLOAD, ID)


@pytest.mark.parametrize("kind", [LENS, TEMPLATE, PROFILE], ids=lambda kind: kind.name)
def test_other_kinds_have_no_such_id_so_it_is_a_name(kind: Kind) -> None:
    assert parse_reference(kind, ID, SCOPE).name == ID


@pytest.mark.parametrize(
    "text",
    [ID[1:], ID + "0", ID.upper(), f"{ID}\n", "g" * 32, "Payments", "payments (old)", "1", "*", "arn", "Arn:aws:x"],
)
def test_everything_else_is_a_name(text: str) -> None:
    reference = parse_reference(WORKLOAD, text, SCOPE)
    assert (reference.name, reference.resource, reference.is_pattern) == (text, None, False)


def test_a_number_is_the_name_that_it_is_written_as() -> None:
    assert parse_reference(WORKLOAD, 2024, SCOPE).name == "2024"


@pytest.mark.parametrize("named_as", KINDS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_arn_of_another_kind_is_refused_with_the_option_to_use(named_as: str, kind: str) -> None:
    if named_as == kind:
        assert parse_reference(KINDS[named_as], arn(kind), SCOPE).resource is not None
        return
    with pytest.raises(ValueError, match="name it with") as refused:
        parse_reference(KINDS[named_as], arn(kind), SCOPE)
    assert str(refused.value) == f"{arn(kind)} is the ARN of a {KINDS[kind].label}: name it with {KINDS[kind].option}"


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-2"])
@every_kind
def test_an_arn_of_another_region_is_refused(kind: Kind, region: str) -> None:
    text = arn(kind.name, region=region)
    with pytest.raises(ValueError, match="within its own region only") as refused:
        parse_reference(kind, text, SCOPE)
    assert str(refused.value).startswith(f"{text} is in {region}, but this task works in {REGION}")


@pytest.mark.parametrize(
    "text",
    [
        "arn:",
        "arn:aws",
        f"arn:aws:s3:::{ID}",
        f"arn:aws:servicecatalog:{REGION}:{OWNER}:workload/{ID}",
        f"arn:aws:wellarchitected:{REGION}:{OWNER}:milestone/{ID}",
        f"arn:aws:wellarchitected:{REGION}:{OWNER}:{ID}",
        f"arn:aws:wellarchitected:{REGION}:ana:workload/{ID}",
        f"arn:aws:iam::{ANA}:role/ana",
    ],
)
@every_kind
def test_any_other_arn_is_refused_with_the_form_expected(kind: Kind, text: str) -> None:
    with pytest.raises(ValueError, match="is not the ARN of") as refused:
        parse_reference(kind, text, SCOPE)
    form = f"arn:aws:wellarchitected:{REGION}:ACCOUNT:{kind.arn_type}/ID"
    assert str(refused.value) == f"{text} is not the ARN of a {kind.label} ({form})"


@pytest.mark.parametrize("text", [OFFICIAL_ARN, OFFICIAL_ARN.replace("aws:w", "aws-us-gov:w")])
def test_the_arn_of_an_official_lens_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="AWS's official lenses: they are everyone's and cannot be shared") as refused:
        parse_reference(LENS, text, SCOPE)
    assert str(refused.value).startswith(text)


# Results and messages


def test_a_named_resource_is_shown_with_its_name_and_what_the_api_takes() -> None:
    assert resource("lens", name="Standards").label == f"lens 'Standards' ({arn('lens')})"
    assert resource("template", name="T").label == f"review template 'T' ({arn('template')})"


def test_a_resource_without_a_known_name_is_shown_by_what_the_api_takes() -> None:
    assert Resource(WORKLOAD, ID).label == f"workload {ID}"


@every_kind
def test_in_results_the_id_is_the_last_part_of_the_arn(kind: Kind) -> None:
    assert resource(kind.name, name="One").as_result() == {
        "kind": kind.name,
        "id": ID,
        "arn": arn(kind.name),
        "name": "One",
    }


def test_in_results_what_is_not_known_is_none() -> None:
    assert Resource(WORKLOAD, ID).as_result() == {"kind": "workload", "id": ID, "arn": None, "name": None}


# Exact names


def test_a_name_means_the_one_resource_that_has_exactly_it() -> None:
    listed = found("Payments", "payments", "Payments 2", "Old Payments")
    assert names_meant("Payments", listed) == ["Payments"]


@pytest.mark.parametrize("name", ["a.b", "a+b", "(a)", "[ab]", "^a$", "a|b", "a\\d", "{a}", "ä", " a "])
def test_a_name_may_have_any_characters(name: str) -> None:
    assert names_meant(name, found("a", "aab", "ab", "axb", "a1", name)) == [name]


@pytest.mark.parametrize("name", ["What?", "a*b"])
def test_where_wildcards_are_not_taken_they_are_characters_of_the_name(name: str) -> None:
    assert names_meant(name, found("Whatx", "axb", name), wildcards=False) == [name]


def test_a_name_of_several_resources_is_refused_with_what_tells_them_apart() -> None:
    listed = found("Payments", "Search", "Payments")
    assert refusal("Payments", listed) == (
        f"workload 'Payments' means 2 resources: name one by its ID or ARN ({listed.found[0].id}, {listed.found[2].id})"
    )


def test_a_name_of_several_lenses_is_refused_with_their_arns() -> None:
    listed = found("Standards", "Standards", kind="lens")
    assert refusal("Standards", listed, LENS).endswith(f"({listed.found[0].arn}, {listed.found[1].arn})")


# Wildcards


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("*", ["", "Pay", "Payments", "Payments 2", "payments"], id="* is everything"),
        pytest.param("Pay*", ["Pay", "Payments", "Payments 2"], id="* is any characters or none, case-sensitive"),
        pytest.param("*ments", ["Payments", "payments"], id="* at the start"),
        pytest.param("P*s", ["Payments"], id="* within, and the whole name counts"),
        pytest.param("Payments ?", ["Payments 2"], id="? is exactly one character"),
        pytest.param("?ayments", ["Payments", "payments"], id="? at the start"),
        pytest.param("Pay?", [], id="? is not none"),
        pytest.param("P?y*", ["Pay", "Payments", "Payments 2"], id="both"),
        pytest.param("Search*", [], id="no match is no error"),
    ],
)
def test_wildcards_mean_every_match(text: str, meant: list[str]) -> None:
    listed = found("payments", "Payments 2", "Payments", "Pay", "")
    assert names_meant(text, listed) == meant


@pytest.mark.parametrize("special", list(".+()[]^$|\\{}-#&~ "))
def test_all_but_the_wildcards_stands_for_itself(special: str) -> None:
    name = f"a{special}b"
    assert names_meant(f"a{special}b*", found(name, "ab", "aab", "axb", "a", "b", "aa")) == [name]


@pytest.mark.parametrize(
    ("text", "meant"),
    [("a\\*", ["a*"]), ("a\\?", ["a?"]), ("a\\\\*", ["a\\", "a\\b"]), ("a\\?*", ["a?"])],
    ids=["before *", "before ?", "before itself", "before one of two"],
)
def test_a_backslash_takes_a_wildcards_meaning_away(text: str, meant: list[str]) -> None:
    assert names_meant(text, found("a\\b", "a\\", "a*", "a?", "ab")) == meant


def test_a_wildcard_spans_line_breaks() -> None:
    assert names_meant("a*c", found("a\nb\nc")) == ["a\nb\nc"]


def test_matches_of_one_name_are_all_meant_in_the_order_of_name_and_id() -> None:
    listed = Catalogue(tuple(resource("workload", an_id, name) for name, an_id in [("B", ID), ("A", "f"), ("A", "e")]))
    meant = look_up(parse_reference(WORKLOAD, "?", SCOPE, wildcards=True), listed)
    assert [(each.name, each.id) for each in meant] == [("A", "e"), ("A", "f"), ("B", ID)]


# Catalogues


def summary(kind: Kind, name: str, resource_id: str = ID, owner: str | None = OWNER, **more: Any) -> dict[str, Any]:
    """An item of the kind's list operation."""
    the_arn = arn(kind.name, resource_id, account=owner or OWNER)
    return {kind.arn_key: the_arn, kind.name_key: name, **({"Owner": owner} if owner else {}), **more}


@every_kind
def test_what_is_listed_is_found_by_its_name_and_fully_known(kind: Kind) -> None:
    listed = read_catalogue(kind, [summary(kind, "One")], None)
    assert look_up(parse_reference(kind, "One", SCOPE), listed) == (resource(kind.name, name="One"),)


@every_kind
def test_an_owner_that_is_not_listed_is_not_known(kind: Kind) -> None:
    (one,) = read_catalogue(kind, [summary(kind, "One", owner=None)], OWNER).found
    assert one.owner is None


@every_kind
def test_what_belongs_to_another_account_is_not_found_and_the_reason_is_told(kind: Kind) -> None:
    theirs = summary(kind, "Theirs", OTHER_ID, owner=ANA)
    listed = read_catalogue(kind, [summary(kind, "Mine"), theirs], OWNER)
    assert [each.name for each in listed.found] == ["Mine"]
    for text in ("Theirs", theirs[kind.arn_key]):
        assert why_missing(text, listed) == "belongs to another account: only its owner can share it"


@every_kind
def test_the_callers_own_is_found_though_another_account_shares_one_of_the_same_name(kind: Kind) -> None:
    listed = read_catalogue(kind, [summary(kind, "Both", OTHER_ID, owner=ANA), summary(kind, "Both")], OWNER)
    assert look_up(parse_reference(kind, "Both", SCOPE), listed) == (resource(kind.name, name="Both"),)


def test_what_is_listed_twice_is_one_resource() -> None:
    listed = read_catalogue(WORKLOAD, [summary(WORKLOAD, "One"), summary(WORKLOAD, "One")], None)
    assert names_meant("One", listed) == ["One"]


# Why a name was not found

PUBLISHED = summary(LENS, "Published", LensType="CUSTOM_SELF")
SECOND_LOOK = [
    PUBLISHED,
    summary(LENS, "Draft", OTHER_ID, LensType="CUSTOM_SELF"),
    summary(LENS, "Theirs", "c" * 32, owner=ANA, LensType="CUSTOM_SHARED"),
    {"LensArn": OFFICIAL_ARN, "LensAlias": "serverless", "LensName": "Serverless Lens", "LensType": "AWS_OFFICIAL"},
]


def lenses_looked_at_twice() -> Catalogue:
    return add_second_look(read_catalogue(LENS, [PUBLISHED], None), LENS, SECOND_LOOK)


OFFICIAL = "is one of AWS's official lenses: they are everyone's and cannot be shared"
UNPUBLISHED = "was never published, and an unpublished lens cannot be shared: publish a version of it first"
FOREIGN = "belongs to another account: only its owner can share it"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Serverless Lens", OFFICIAL),
        ("serverless", OFFICIAL),
        (OFFICIAL_ARN, OFFICIAL),
        ("Draft", UNPUBLISHED),
        (arn("lens", OTHER_ID), UNPUBLISHED),
        ("Theirs", FOREIGN),
        (arn("lens", "c" * 32, account=ANA), FOREIGN),
        ("Unheard of", "does not exist in this account and region"),
    ],
)
def test_a_second_look_says_why_a_lens_is_not_found(text: str, reason: str) -> None:
    assert why_missing(text, lenses_looked_at_twice()) == reason


def test_the_reason_follows_the_name_in_the_message() -> None:
    assert refusal("Draft", lenses_looked_at_twice(), LENS) == f"lens 'Draft' {UNPUBLISHED}"


def test_a_second_look_adds_nothing_to_what_can_be_shared() -> None:
    assert lenses_looked_at_twice().found == read_catalogue(LENS, [PUBLISHED], None).found


def test_only_what_the_first_look_did_not_show_is_unpublished() -> None:
    assert lenses_looked_at_twice().unpublished == {"Draft", arn("lens", OTHER_ID)}


def test_a_published_lens_is_found_though_a_draft_has_the_same_name() -> None:
    draft = summary(LENS, "Published", OTHER_ID, LensType="CUSTOM_SELF")
    listed = add_second_look(read_catalogue(LENS, [PUBLISHED], None), LENS, [PUBLISHED, draft])
    assert look_up(parse_reference(LENS, "Published", SCOPE), listed) == (resource("lens", name="Published"),)


def test_a_second_look_at_profiles_finds_those_that_others_share() -> None:
    theirs = summary(PROFILE, "Theirs", OTHER_ID, owner=ANA)
    listed = add_second_look(read_catalogue(PROFILE, [summary(PROFILE, "Mine")], None), PROFILE, [theirs])
    assert why_missing("Theirs", listed) == FOREIGN


def test_a_second_look_keeps_what_the_first_knew() -> None:
    first = read_catalogue(PROFILE, [summary(PROFILE, "Theirs", OTHER_ID, owner=ANA)], OWNER)
    assert why_missing("Theirs", add_second_look(first, PROFILE, [])) == FOREIGN


# Hints


def test_a_name_like_one_that_exists_is_hinted_at() -> None:
    assert refusal("Paymnets", found("Payments", "Search")) == (
        "workload 'Paymnets' does not exist in this account and region (did you mean 'Payments'?)"
    )


def test_the_nearest_names_come_first_and_at_most_three_are_hinted_at() -> None:
    listed = found("Payments B", "Payments", "Payments A", "Payments CC")
    assert refusal("Payment", listed).count("'Payments") == 3
    assert "did you mean 'Payments' or " in refusal("Payment", listed)


@pytest.mark.parametrize("listed", [found(), found("Search", "")], ids=["nothing there", "nothing like it"])
def test_without_a_name_like_it_there_is_no_hint(listed: Catalogue) -> None:
    assert refusal("Payments", listed) == "workload 'Payments' does not exist in this account and region"


@pytest.mark.parametrize(
    ("kind", "arn_text", "reason"),
    [
        ("lens", "arn:aws:wellarchitected:eu-west-1::lens/x", "is not the ARN of a lens"),
        ("lens", "arn:aws:wellarchitected:eu-west-1:123:lens/x", "is not the ARN of a lens"),
        ("lens", "arn:aws:wellarchitected:eu-west-1:123456789012:lens/a*", "Wildcards are for names"),
        (
            "workload",
            "arn:aws:wellarchitected:eu-west-1:123456789012:workload/Payments",
            "is not the ARN of a workload",
        ),
        ("workload", f"arn:aws:wellarchitected:eu-west-1:123456789012:workload:{'a' * 32}", "is not the ARN"),
    ],
)
def test_an_arn_that_cannot_be_one_is_refused(kind: str, arn_text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_reference(KINDS[kind], arn_text, SCOPE, wildcards=True)


def test_near_names_are_each_named_once_and_found_whatever_their_case() -> None:
    listed = Catalogue((resource("workload", "a" * 32, "Payments"), resource("workload", "b" * 32, "Payments")))
    assert why_missing("PAYMENTS", listed).endswith("(did you mean 'Payments'?)")
