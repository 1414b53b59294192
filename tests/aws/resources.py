# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Throw-away resources: made, found again by their name and tag, and removed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from .kinds import KINDS, LENS, TEMPLATE, WORKLOAD, Kind
from .watching import Pace

PREFIX = "wa-sharing-acceptance-"
TAG = "wellarchitected.sharing:acceptance"
#: on the resource of a run that switched organization sharing on, for as long as it is
SWITCHED_TAG = "wellarchitected.sharing:acceptance-switched-organization-sharing"
TEXT = "Made by the acceptance run of the Ansible collection wellarchitected.sharing, which removes it"


@dataclass(frozen=True)
class Resource:
    """A throw-away resource; `identifier` is what share requests name it by."""

    kind: Kind
    identifier: str
    arn: str
    name: str
    tags: Mapping[str, str] = field(compare=False)

    @property
    def parameters(self) -> dict[str, str]:
        """The parameter of share requests that names it."""
        return {self.kind.identifier: self.identifier}


def make(client: Any, kind: Kind, name: str, tags: Mapping[str, str], region: str, pace: Pace) -> Resource:
    """Make a resource that can be shared."""
    if kind is WORKLOAD:
        made = client.create_workload(
            WorkloadName=name,
            Description=TEXT,
            Environment="PREPRODUCTION",
            AwsRegions=[region],
            ReviewOwner="acceptance run",
            Lenses=["wellarchitected"],
            Tags=tags,
        )
        return Resource(kind, made["WorkloadId"], made["WorkloadArn"], name, tags)
    if kind is LENS:
        arn = client.import_lens(JSONString=json.dumps(_lens(name)), Tags=tags)["LensArn"]
        _publish(client, arn, pace)
    elif kind is TEMPLATE:
        arn = client.create_review_template(TemplateName=name, Description=TEXT, Lenses=["wellarchitected"], Tags=tags)[
            "TemplateArn"
        ]
    else:
        arn = _make_profile(client, name, tags)
    return Resource(kind, arn, arn, name, tags)


def _lens(name: str) -> dict[str, Any]:
    """The smallest lens that the user guide's "Lens format specification" allows."""
    return {
        "schemaVersion": "2021-11-01",
        "name": name,
        "description": TEXT,
        "pillars": [
            {
                "id": "acceptance",
                "name": "Acceptance",
                "questions": [
                    {
                        "id": "acceptance_q1",
                        "title": "Is this a throw-away lens?",
                        "description": TEXT,
                        "choices": [
                            {
                                "id": "choice1",
                                "title": "Yes",
                                "helpfulResource": {"displayText": "It is removed at the end of the run."},
                                "improvementPlan": {"displayText": "Nothing to improve."},
                            }
                        ],
                        "riskRules": [
                            {"condition": "choice1", "risk": "NO_RISK"},
                            {"condition": "default", "risk": "HIGH_RISK"},
                        ],
                    }
                ],
            }
        ],
    }


def _publish(client: Any, arn: str, pace: Pace) -> None:
    """Publish a lens. Its import may still be under way, which ImportLensStatus has a word for."""
    deadline = time.monotonic() + pace.patience
    while True:
        try:
            client.create_lens_version(LensAlias=arn, LensVersion="1.0")
            return
        except client.exceptions.ConflictException:
            if time.monotonic() > deadline:
                raise
            time.sleep(pace.pause)


def _make_profile(client: Any, name: str, tags: Mapping[str, str]) -> str:
    """Make a profile, without answers to its questions unless AWS wants them. Returns its ARN."""

    def create(answers: list[dict[str, Any]]) -> str:
        return client.create_profile(ProfileName=name, ProfileDescription=TEXT, ProfileQuestions=answers, Tags=tags)[
            "ProfileArn"
        ]

    try:
        return create([])
    except client.exceptions.ValidationException:
        questions = client.get_profile_template()["ProfileTemplate"]["TemplateQuestions"]
        return create(
            [
                {
                    "QuestionId": question["QuestionId"],
                    "SelectedChoiceIds": [
                        choice["ChoiceId"]
                        for choice in question["QuestionChoices"][: max(1, question.get("MinSelectedChoices", 0))]
                    ],
                }
                for question in questions
            ]
        )


def pages(client: Any, method: str, member: str, **parameters: Any) -> Iterator[dict[str, Any]]:
    """All rows of a list."""
    token: dict[str, str] = {}
    while True:
        answer = getattr(client, method)(**parameters, **token)
        yield from answer.get(member, [])
        if not answer.get("NextToken"):
            return
        token = {"NextToken": answer["NextToken"]}


def throw_aways(client: Any, account: str, prefix: str) -> Iterator[Resource]:
    """The account's own resources whose name begins with `prefix` and that have the tag."""
    seen = set()
    for kind in KINDS:
        for row in pages(client, kind.list_method, kind.summaries, **kind.list_parameters):
            name, arn = row[kind.name_member], row[kind.arn_member]
            if row.get("Owner") != account or not name.startswith(prefix) or arn in seen:
                continue
            seen.add(arn)
            tags = client.list_tags_for_resource(WorkloadArn=arn).get("Tags", {})
            if TAG in tags:
                yield Resource(kind, row["WorkloadId"] if kind is WORKLOAD else arn, arn, name, tags)


def remove(client: Any, resource: Resource, pace: Pace) -> None:
    """Remove a resource and its shares, as soon as AWS lets it. Raises ClientError where it never does."""
    deadline = time.monotonic() + pace.patience
    while True:
        try:
            _remove_shares(client, resource)
            getattr(client, resource.kind.delete_method)(**resource.parameters, **resource.kind.delete_parameters)
            return
        except client.exceptions.ResourceNotFoundException:
            return
        except ClientError as problem:
            if problem.response["Error"]["Code"] != "ConflictException" or time.monotonic() > deadline:
                raise
            time.sleep(pace.pause)


def _remove_shares(client: Any, resource: Resource) -> None:
    """Delete the shares. One that is ASSOCIATING may not let itself be deleted: then the resource takes it along."""
    kind = resource.kind
    for share in list(pages(client, f"list_{kind.name}_shares", kind.share_summaries, **resource.parameters)):
        try:
            getattr(client, f"delete_{kind.name}_share")(**resource.parameters, ShareId=share["ShareId"])
        except (client.exceptions.ConflictException, client.exceptions.ResourceNotFoundException):
            continue
