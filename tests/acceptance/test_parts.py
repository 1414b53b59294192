# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts that no setting of the endpoint can show."""

from __future__ import annotations

import boto3
import pytest
from botocore.stub import ANY, Stubber

from tests.aws.answers import Unknown, without_identifiers
from tests.aws.kinds import PROFILE
from tests.aws.questions.limits import counts_beside, largest_taken
from tests.aws.resources import make
from tests.aws.watching import Pace, Sighting, Span, watch
from tests.emulator.testing import PASSED


@pytest.mark.parametrize("limit", [1, 7, 10, 24, 25, 49, 50])
@pytest.mark.parametrize("message", ["No.", "MaxResults must be between 1 and {limit}.", "between 1 and 50"])
def test_finds_the_largest_page_whatever_the_refusal_says(limit: int, message: str) -> None:
    asked = []

    def refusal(size: int) -> str | None:
        asked.append(size)
        return message.replace("{limit}", str(limit)) if size > limit else None

    assert largest_taken(refusal) == limit
    assert len(asked) <= (2 if "{limit}" in message else 7)


def test_no_page_size_at_all_is_not_found_out() -> None:
    with pytest.raises(Unknown):
        largest_taken(lambda _size: "MaxResults is not supported.")


@pytest.mark.parametrize(("filled", "counts"), [(19, True), (20, False)])
def test_a_share_counts_where_one_fewer_finds_a_place(filled: int, counts: bool) -> None:
    assert counts_beside(filled) is counts


@pytest.mark.parametrize("filled", [0, 18, 21])
def test_another_quota_than_the_known_one_is_not_found_out(filled: int) -> None:
    with pytest.raises(Unknown):
        counts_beside(filled)


@pytest.mark.parametrize(
    ("misses", "after", "by", "seconds"),
    [(0, 0, 0.9, 0), (4, 0.8, 1.1, 1), (8, 1.9, 3.2, 2), (1, 0.1, 0.34, 0.3), (40, 9.95, 10.2, 10)],
)
def test_tells_the_roundest_number_of_seconds(misses: int, after: float, by: float, seconds: float) -> None:
    assert Sighting(misses, after, by).seconds == seconds


def test_what_never_shows_has_no_sighting() -> None:
    looks = {"there": lambda: True, "nowhere": lambda: False}
    seen = watch(looks, dict.fromkeys(looks, Span(0, 0)), Pace(patience=0, pause=0))
    assert seen["nowhere"] is None
    assert seen["there"] is not None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("account 123456789012 and 20261121", "account <account> and 20261121"),
        ("arn:aws:iam::123456789012:user/a/b, gone", "<ARN>, gone"),
        ("r-ab12, ou-ab12-cdefghij, o-abcdefghij", "<organization>, <OU>, <organization>"),
        ("no-one's 0123456789abcdef0123456789abcdef", "no-one's <ID>"),
    ],
)
def test_identifiers_are_not_shown(text: str, shown: str) -> None:
    assert without_identifiers(text) == shown


def test_a_profile_whose_questions_must_be_answered_is_made_with_answers() -> None:
    client = boto3.client("wellarchitected", "us-east-1", **PASSED)
    question = {
        "QuestionId": "stage",
        "QuestionChoices": [{"ChoiceId": "a"}, {"ChoiceId": "b"}, {"ChoiceId": "c"}],
        "MinSelectedChoices": 2,
    }
    asked = {"ProfileName": "mine", "ProfileDescription": ANY, "Tags": {"a": "b"}}
    with Stubber(client) as stubber:
        stubber.add_client_error(
            "create_profile", "ValidationException", expected_params={**asked, "ProfileQuestions": []}
        )
        stubber.add_response("get_profile_template", {"ProfileTemplate": {"TemplateQuestions": [question]}})
        stubber.add_response(
            "create_profile",
            {"ProfileArn": "arn:of:mine"},
            {**asked, "ProfileQuestions": [{"QuestionId": "stage", "SelectedChoiceIds": ["a", "b"]}]},
        )
        made = make(client, PROFILE, "mine", {"a": "b"}, "us-east-1", Pace())
    assert made.identifier == "arn:of:mine"
