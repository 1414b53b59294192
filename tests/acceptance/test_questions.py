# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each question finds out what the endpoint is set to, whichever way that is, and nothing is left of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.aws.accounts import accounts_from
from tests.aws.answers import as_json
from tests.aws.questions import QUESTIONS, SETTINGS, Question, ask
from tests.aws.stage import Stage
from tests.aws.watching import Pace
from tests.emulator.testing import Emulator

from .conftest import LISTS, PACE, everything

#: for what is never to come
IMPATIENT = Pace(patience=1, pause=0.05)

AT_ONCE = {"workload": 0, "lens": 0, "template": 0, "profile": 0}
FAILURE = "The organization does not let this service in."

# Setting, the value that is to be found out, and what else it takes for that.
ALONE: list[tuple[str, Any, dict[str, Any]]] = [
    ("create_conflicts_on_inactive", True, {}),
    ("create_conflicts_on_inactive", False, {}),
    ("update_fails_on_inactive", True, {}),
    ("update_fails_on_inactive", False, {}),
    ("update_makes_pending", True, {}),
    ("update_makes_pending", False, {}),
    ("only_recipient_answers", True, {}),
    ("only_recipient_answers", False, {}),
    ("shares_visible_after", 0, {}),
    ("shares_visible_after", 1, {}),
    ("shares_visible_after", 0, {"shares_visible_after_lists": 3}),
    ("shares_visible_after_lists", 0, {"shares_visible_after": 1}),
    ("shares_visible_after_lists", 3, {}),
    ("invitations_visible_after", AT_ONCE, {}),
    ("invitations_visible_after", {**AT_ONCE, "lens": 1, "profile": 2}, {}),
    ("max_results", {name: 10 if name == "ListLensShares" else 50 for name in LISTS}, {}),
    ("max_results", {name: size for size, name in enumerate(LISTS, 7)}, {}),
    ("own_account_fails", True, {}),
    ("own_account_fails", False, {}),
    ("share_id_is_invitation_id", True, {}),
    ("share_id_is_invitation_id", False, {}),
    ("inactive_shares_count", True, {}),
    ("inactive_shares_count", False, {"create_conflicts_on_inactive": False}),
    ("conflicts_after_delete", 0, {}),
    ("conflicts_after_delete", 1, {}),
]
IN_AN_ORGANIZATION: list[tuple[str, Any, dict[str, Any]]] = [
    ("list_organization_as", "given", {}),
    ("list_organization_as", "id", {"associating_lists": 1}),
    ("list_organization_as", "arn", {}),
    ("delete_conflicts_while_associating", True, {}),
    ("delete_conflicts_while_associating", True, {"associating_lists": -1}),
    ("delete_conflicts_while_associating", False, {"associating_lists": 2}),
    ("associating_lists", 0, {}),
    ("associating_lists", 3, {}),
    ("associating_lists", 2, {"association_fails": FAILURE}),
    ("associating_lists", -1, {}),
    ("association_fails", None, {}),
    ("association_fails", FAILURE, {"associating_lists": 1}),
    ("organization_shares_count", True, {}),
    ("organization_shares_count", False, {"associating_lists": 1}),
]


def question_of(setting: str) -> Question:
    return next(question for question in QUESTIONS if setting in question.settings)


def answer_to(stage: Stage, setting: str) -> Any:
    """The answer to the setting's question, and to no other."""
    answers = ask(stage, question_of(setting))
    assert tuple(answers) == question_of(setting).settings
    assert not answers[setting].text.startswith("Not known"), answers[setting].text
    return answers[setting].value


@pytest.mark.parametrize(("setting", "value", "others"), ALONE)
def test_finds_out(aws: Emulator, stage: Stage, setting: str, value: Any, others: dict[str, Any]) -> None:
    aws.settings(**{setting: value}, **others)
    assert answer_to(stage, setting) == value
    assert everything(aws) == []


@pytest.mark.usefixtures("organization")
@pytest.mark.parametrize(("setting", "value", "others"), IN_AN_ORGANIZATION)
def test_finds_out_with_an_organization(
    aws: Emulator, environment: dict[str, str], setting: str, value: Any, others: dict[str, Any]
) -> None:
    aws.settings(**{setting: value}, **others)
    assert answer_to(Stage(accounts_from(environment), IMPATIENT), setting) == value
    assert everything(aws) == []


@pytest.mark.parametrize("value", [True, False])
def test_switches_organization_sharing_only_when_asked(aws: Emulator, environment: dict[str, str], value: bool) -> None:
    setting = "organization_sharing_is_regional"
    aws.settings(**{setting: value})
    aws.clear_record()
    answer = ask(Stage(accounts_from(environment), PACE), question_of(setting))[setting]
    assert answer.value is None
    assert aws.calls("UpdateGlobalSettings") == {"UpdateGlobalSettings": 0}

    asked = {**environment, "WA_SWITCH_ORGANIZATION_SHARING": "true"}
    assert answer_to(Stage(accounts_from(asked), IMPATIENT), setting) == value
    assert aws.client().get_global_settings()["OrganizationSharingStatus"] == "DISABLED"
    assert everything(aws) == []


@pytest.mark.usefixtures("organization")
@pytest.mark.parametrize(("is_regional", "value"), [(True, True), (False, None)])
def test_reads_whether_organization_sharing_is_regional_from_regions_that_differ(
    aws: Emulator, environment: dict[str, str], is_regional: bool, value: bool | None
) -> None:
    setting = "organization_sharing_is_regional"
    aws.settings(**{setting: is_regional})
    aws.client().update_global_settings(OrganizationSharingStatus="ENABLED")
    asked = {**environment, "WA_SWITCH_ORGANIZATION_SHARING": "true"}
    aws.clear_record()
    answer = ask(Stage(accounts_from(asked), PACE), question_of(setting))[setting]
    assert answer.value == value
    # Disabling it could revoke access, so that is never done.
    assert aws.calls("UpdateGlobalSettings") == {"UpdateGlobalSettings": 0}


def test_every_setting_is_found_out_with_more_than_one_value(aws: Emulator) -> None:
    values: dict[str, set[str]] = {"organization_sharing_is_regional": {"True", "False"}}
    for setting, value, _others in (*ALONE, *IN_AN_ORGANIZATION):
        values.setdefault(setting, set()).add(str(value))
    assert sorted(values) == sorted(SETTINGS)
    assert [setting for setting, found in values.items() if len(found) < 2] == []
    assert set(SETTINGS) <= set(aws.settings())
    asked = [setting for question in QUESTIONS for setting in question.settings]
    assert sorted(asked) == sorted(SETTINGS)


def test_says_null_and_why_where_there_is_no_organization(stage: Stage) -> None:
    for setting in ("list_organization_as", "organization_shares_count", "associating_lists"):
        answer = ask(stage, question_of(setting))[setting]
        assert answer.value is None
        assert "neither WA_ORGANIZATION_ID nor WA_OU_ID is set" in answer.text


def test_says_null_and_why_where_a_call_is_denied(aws: Emulator, stage: Stage) -> None:
    aws.fault("access_denied", operation="CreateTemplateShare")
    answer = ask(stage, question_of("own_account_fails"))["own_account_fails"]
    assert answer.value is True
    assert "template: not known, CreateTemplateShare was answered with AccessDeniedException" in answer.text


def test_says_null_where_the_kinds_differ(aws: Emulator, stage: Stage) -> None:
    aws.fault("error", operation="CreateLensShare", code="ValidationException", status=400, message="No.")
    aws.settings(own_account_fails=False)
    answer = ask(stage, question_of("own_account_fails"))["own_account_fails"]
    assert answer.value is None
    assert "workload: AWS makes a share with the owner's own account" in answer.text
    assert "lens: AWS refuses the owner's own account" in answer.text


@pytest.mark.usefixtures("organization")
def test_answers_have_no_account_ids(aws: Emulator, environment: dict[str, str]) -> None:
    aws.settings(association_fails="123456789012 of o-abcdefghij/ou-ab12-cdefghij: arn:aws:iam::123456789012:role/x.")
    answers = ask(Stage(accounts_from(environment), PACE), question_of("association_fails"))
    assert answers["association_fails"].value == "<account> of <organization>/<OU>: <ARN>"
    assert "123456789012" not in as_json(answers)
