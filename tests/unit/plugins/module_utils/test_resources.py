# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How users refer to resources: by ID, ARN, name or pattern."""

from __future__ import annotations

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._accounts import Account
from ansible_collections.wellarchitected.sharing.plugins.module_utils._kinds import KINDS, Kind
from ansible_collections.wellarchitected.sharing.plugins.module_utils._places import Scope
from ansible_collections.wellarchitected.sharing.plugins.module_utils._resources import (
    Reference,
    is_selected_by,
    parse_reference,
    select_all,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._shares import Resource

from .examples import ANA, BEN, ID, OTHER_ID, OWNER, REGION, SCOPE, arn, resource

LENS, TEMPLATE, WORKLOAD = KINDS["lens"], KINDS["template"], KINDS["workload"]
COMPOSED, DECOMPOSED = "Caf\u00e9", "Cafe\u0301"
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def refusal(kind: str, text: str, scope: Scope = SCOPE, partition: str | None = "aws") -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        parse_reference(KINDS[kind], text, scope, partition)
    return str(caught.value)


@every_kind
def test_an_arn_shows_everything_but_the_name(kind: Kind) -> None:
    text = arn(kind.name)
    reference = parse_reference(kind, text, SCOPE, "aws")
    assert reference == Reference(kind, text, resource=Resource(kind, kind.id_from_arn(text), text, None, OWNER))
    assert not reference.by_id


@pytest.mark.parametrize(
    ("partition", "region"),
    [
        ("aws-us-gov", "us-gov-west-1"),
        ("aws-cn", "cn-north-1"),
        ("aws-iso-b", "us-isob-east-1"),
        ("aws-eusc", "eusc-de-east-1"),
    ],
)
def test_an_arn_is_of_the_partition_of_the_task(partition: str, region: str) -> None:
    text = f"arn:{partition}:wellarchitected:{region}:{OWNER}:workload/{ID}"
    for known in (partition, None):
        reference = parse_reference(WORKLOAD, text, Scope((region,)), known)
        assert reference.resource == Resource(WORKLOAD, ID, text, None, OWNER)
    assert f"partition {partition}" in refusal("workload", text, Scope((region,)))


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("lens", "arn:aws:wellarchitected:us-east-1::lens/serverless", "is an official lens of AWS"),
        ("lens", "arn:aws:wellarchitected::aws:lens/serverless", "is an official lens of AWS"),
        ("workload", "arn:aws:wellarchitected::aws:lens/wellarchitected", "is an official lens of AWS"),
        ("profile", f"arn:aws:wellarchitected:{REGION}:{OWNER}:agent-profile/ab12", "AWS Well-Architected Agent"),
        ("lens", f"arn:aws:wellarchitected:{REGION}:{OWNER}:agent-space/ab12", "AWS Well-Architected Agent"),
        ("workload", arn("lens"), "is the ARN of a lens. Set the key lens instead of workload"),
        ("lens", arn("profile"), "is the ARN of a profile. Set the key wa_profile instead of lens"),
        ("template", f"arn:aws:s3:::{ID}", "is not the ARN of a review template. Expected arn:aws:wellarchitected:"),
        ("workload", f"arn:aws:s3:{REGION}:{OWNER}:workload/{ID}", "is not the ARN of a workload"),
        ("lens", f"arn:aws:wellarchitected:{REGION}:{OWNER}:dashboard/a", "is not the ARN of a lens"),
        ("lens", f"arn:aws:wellarchitected:{REGION}:1234:lens/a", "is not the ARN of a lens"),
        ("lens", f"arn:aws:wellarchitected::{OWNER}:lens/a", "is not the ARN of a lens"),
        ("lens", arn("lens", "a b"), "is not the ARN of a lens"),
        ("lens", arn("lens", "a*"), "Wildcards are for names only"),
        ("template", arn("template", "?" * 32), "Wildcards are for names only"),
        ("workload", arn("workload", "Payments"), "is not the ARN of a workload"),
        ("workload", arn("workload", ID).replace("workload/", "workload:"), "is not the ARN of a workload"),
        ("workload", arn("workload", f"{ID}\n"), "is not the ARN of a workload"),
        ("workload", f"arn:x:{arn('workload')}", "is not the ARN of a workload"),
        ("workload", "arn:", "is not the ARN of a workload"),
        ("workload", arn("workload", region="us-east-1"), f"is in us-east-1, but this task works in {REGION}"),
        ("workload", "", "The workload is empty. Enter a name, an ARN, an ID."),
        ("template", " \n", "The review template is empty. Enter a name, an ARN."),
    ],
)
def test_what_cannot_be_shared_is_explained(kind: str, text: str, words: str) -> None:
    message = refusal(kind, text, partition=None)
    assert words in message
    assert message.startswith(text) or "empty" in message
    assert ("Wildcards" in message) is ("Wildcards" in words)


def test_an_arn_is_of_an_account_of_the_task() -> None:
    scope = Scope((REGION, "us-east-1"), (Account(ANA), Account(BEN)))
    assert parse_reference(WORKLOAD, arn("workload", account=BEN), scope).resource
    assert refusal("workload", arn("workload"), scope) == (
        f"workload {ID} belongs to account {OWNER}, which is not one of this task's accounts. Only its owner can share "
        "it."
    )


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (WORKLOAD, ID, Reference(WORKLOAD, ID, resource=Resource(WORKLOAD, ID))),
        (LENS, ID, Reference(LENS, ID, name=ID)),
        (WORKLOAD, ID[1:], Reference(WORKLOAD, ID[1:], name=ID[1:])),
        (WORKLOAD, ID.upper(), Reference(WORKLOAD, ID.upper(), name=ID.upper())),
        (WORKLOAD, f"{ID}\n", Reference(WORKLOAD, f"{ID}\n", name=f"{ID}\n")),
        (WORKLOAD, "Arn:aws", Reference(WORKLOAD, "Arn:aws", name="Arn:aws")),
        (WORKLOAD, "Pay*", Reference(WORKLOAD, "Pay*", pattern="Pay*")),
        (WORKLOAD, r"Pay\*", Reference(WORKLOAD, r"Pay\*", name="Pay*")),
        (WORKLOAD, DECOMPOSED, Reference(WORKLOAD, DECOMPOSED, name=COMPOSED)),
    ],
)
def test_everything_else_is_an_id_a_name_or_a_pattern(kind: Kind, text: str, expected: Reference) -> None:
    reference = parse_reference(kind, text, SCOPE, "aws")
    assert reference == expected
    assert reference.by_id is (expected.resource is not None)
    assert reference.label.startswith(f"{kind.label} '")


def test_without_patterns_a_name_is_the_text() -> None:
    for text in ("Pay*", r"Pay\*"):
        assert parse_reference(WORKLOAD, text, SCOPE, with_patterns=False) == Reference(WORKLOAD, text, name=text)
    assert parse_reference(WORKLOAD, DECOMPOSED, SCOPE, with_patterns=False).name == COMPOSED


PAYMENTS = resource("workload", name="Payments")
STAR = resource("template", name="Pay*")
NAMELESS = Resource(LENS, arn("lens"), arn("lens"))


@pytest.mark.parametrize(
    ("text", "one", "expected"),
    [
        ("Payments", PAYMENTS, True),
        ("payments", PAYMENTS, False),
        ("Pay", PAYMENTS, False),
        ("Pay*", PAYMENTS, True),
        ("pay*", PAYMENTS, False),
        (r"Pay\*", PAYMENTS, False),
        (r"Pay\*", STAR, True),
        (ID, PAYMENTS, True),
        (ID, STAR, True),
        (OTHER_ID, PAYMENTS, False),
        (arn("workload"), PAYMENTS, True),
        (arn("workload"), STAR, False),
        (arn("template"), STAR, True),
        (arn("workload", region="us-east-1"), PAYMENTS, False),
        (COMPOSED, resource("workload", name=DECOMPOSED), True),
        (DECOMPOSED, resource("workload", name=COMPOSED), True),
        ("*", NAMELESS, True),
        ("?*", NAMELESS, False),
        ("None", NAMELESS, False),
    ],
)
def test_exclude_and_ignore_select_by_name_pattern_id_or_arn(text: str, one: Resource, expected: bool) -> None:
    assert is_selected_by(text, one) is expected


def test_all_resources_of_a_kind_are_selected_by_an_asterisk() -> None:
    assert select_all(LENS) == Reference(LENS, "*", pattern="*")
