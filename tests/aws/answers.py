# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was found out: the endpoint's settings with their values, and in words."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

WIDTH = 118
# ARNs, organizations, OUs, the service's own IDs, accounts: nothing that identifies the account.
_IDENTIFIERS = (
    (re.compile(r"\barn:[^\s,;\"']+"), "<ARN>"),
    (re.compile(r"\bou-[0-9a-z]{4,32}-[0-9a-z]{8,32}\b"), "<OU>"),
    (re.compile(r"\b[or]-[0-9a-z]{4,32}\b"), "<organization>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<ID>"),
    (re.compile(r"\b[0-9]{12}\b"), "<account>"),
)


class Unknown(Exception):
    """Could not be found out; says why."""


@dataclass(frozen=True)
class Answer:
    """A setting's value, None where it could not be found out, and what AWS does, or why that is not known."""

    value: Any
    text: str


def without_identifiers(text: str) -> str:
    """The text without account IDs, ARNs and the like, so that it can be published."""
    for pattern, word in _IDENTIFIERS:
        text = pattern.sub(word, text)
    return text


def reason(problem: Exception) -> str:
    """Why a question has no answer."""
    if isinstance(problem, ClientError):
        error = problem.response["Error"]
        text = f"{problem.operation_name} was answered with {error['Code']}: {error.get('Message', '')}"
    elif isinstance(problem, BotoCoreError):
        text = f"{type(problem).__name__}: {problem}"
    else:
        text = str(problem)
    return without_identifiers(text)


def agreed(values: Mapping[str, Any], problems: Mapping[str, str], words: Mapping[Any, str]) -> Answer:
    """One answer from those by kind: null where they differ, or where there is none.

    `words` say what each value means; `problems` is why other kinds have none.
    """
    text = [f"{kind}: {words[value]}" for kind, value in values.items()]
    text += [f"{kind}: not known, {problem}" for kind, problem in problems.items()]
    if len(set(values.values())) == 1:
        value = next(iter(values.values()))
        return Answer(value, "; ".join(text) if problems else words[value])
    return Answer(None, "; ".join(text))


def as_json(answers: Mapping[str, Answer]) -> str:
    """The endpoint's settings, by their names. null: not known, or for association_fails that they succeed."""
    return json.dumps({name: answer.value for name, answer in answers.items()}, indent=2, sort_keys=True) + "\n"


def as_table(answers: Mapping[str, Answer], questions: Mapping[str, str]) -> str:
    """The answers as text: setting, value, and below them the question and what AWS does."""
    lines = []
    for name, answer in answers.items():
        lines.append(f"{name}: {json.dumps(answer.value, sort_keys=True)}")
        lines.extend(textwrap.wrap(questions[name], WIDTH, initial_indent="    ? ", subsequent_indent="      "))
        lines.extend(textwrap.wrap(answer.text, WIDTH, initial_indent="    > ", subsequent_indent="      "))
    return "\n".join(lines)
