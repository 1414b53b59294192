# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The definition of the pattern: valid, and in agreement with its playbooks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from .awx import PATTERN, questions, resources

# The rules for what the pattern uses, of pattern-schema-1.0.0.json in specifications/ of ansible/pattern-service.
TEXT = {"type": "string"}
NAME = {"type": "string", "maxLength": 200}
FLAGS = ("primary", *(f"ask_{what}_on_launch" for what in ("credential", "inventory", "verbosity")))
KINDS = ["text", "textarea", "password", "integer", "float", "multiplechoice", "multiselect"]


def described(required: str, /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required.split(), "properties": properties}


def listed(items: dict[str, Any], **rules: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **rules}


QUESTION = {
    **described(
        "type question_name question_description variable required",
        type={"enum": KINDS},
        question_name=TEXT,
        question_description=TEXT,
        variable={"type": "string", "maxLength": 64, "pattern": "^[a-z0-9_]+$"},
        required={"type": "boolean"},
        choices=listed(TEXT),
        default=TEXT,
    ),
    "if": {"properties": {"type": {"const": "multiplechoice"}}},
    "then": {"required": ["choices"]},
}
LABELS = listed(TEXT, minItems=1, uniqueItems=True)
TEMPLATE = described(
    "name description playbook",
    name=NAME,
    description=TEXT,
    playbook=TEXT,
    labels=LABELS,
    survey=described("name description spec", name=TEXT, description=TEXT, spec=listed(QUESTION)),
    **{flag: {"type": "boolean"} for flag in FLAGS},
)
SCHEMA = described(
    "schema_version name title description short_description aap_resources",
    schema_version=TEXT,
    name={"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[a-z0-9_]+$"},
    title={"type": "string", "maxLength": 64},
    description=TEXT,
    short_description=TEXT,
    tags=listed(TEXT, uniqueItems=True),
    aap_resources=described(
        "controller_project controller_job_templates",
        controller_project=described("name description", name=NAME, description=TEXT),
        controller_execution_environment=described(
            "name description image_name",
            name=NAME,
            description=TEXT,
            image_name=TEXT,
            pull={"enum": ["always", "missing", "never"]},
        ),
        controller_labels=LABELS,
        controller_job_templates=listed(TEMPLATE, minItems=1),
    ),
)
GUARDRAILS = ("allowed_principals", "max_removals", "approved_plan", "expected_account_id")


@pytest.fixture(scope="module")
def templates(project: Path) -> list[dict[str, Any]]:
    return resources(project)["controller_job_templates"]


def playbook(project: Path, name: str) -> Path:
    return project / PATTERN / "playbooks" / name


def test_the_definition_is_valid(project: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    pattern = json.loads((project / PATTERN / "meta" / "pattern.json").read_text(encoding="utf-8"))

    jsonschema.Draft202012Validator(SCHEMA).validate(pattern)
    assert pattern["name"] == PATTERN.name
    assert not pattern["short_description"].endswith(".")


def test_one_playbook_is_primary_and_each_has_an_argument_spec(project: Path, templates: list[dict[str, Any]]) -> None:
    assert [template["playbook"] for template in templates if template.get("primary")] == ["share.yml"]
    assert {template["playbook"] for template in templates} == {
        path.name for path in playbook(project, "").glob("*.yml") if ".meta." not in path.name
    }
    for template in templates:
        name = Path(template["playbook"]).stem
        meta = yaml.safe_load(playbook(project, f"{name}.meta.yml").read_text(encoding="utf-8"))
        spec = meta["argument_specs"][name]["options"]
        if "survey" in template:
            asked = questions(template)
            assert {question["variable"]: question["choices"] for question in asked} == {
                option: rules.get("choices", []) for option, rules in spec.items()
            }
            assert [question["required"] for question in asked] == [
                rules.get("required", False) for rules in spec.values()
            ]


def test_answers_have_variables_of_their_own_and_no_defaults(project: Path, templates: list[dict[str, Any]]) -> None:
    for template in templates:
        text = playbook(project, template["playbook"]).read_text(encoding="utf-8")
        for question in questions(template):
            assert re.fullmatch("survey_[a-z_]+", question["variable"])
            assert question["variable"] in text
            assert question["default"] == ""
            assert not any(guardrail in question["variable"] for guardrail in GUARDRAILS)


def test_no_launch_chooses_the_inventory_or_the_credential(templates: list[dict[str, Any]]) -> None:
    for template in templates:
        assert template["ask_inventory_on_launch"] is template["ask_credential_on_launch"] is False


def test_what_can_be_answered_can_run_from_the_inventory_and_after_approval(
    project: Path, templates: list[dict[str, Any]]
) -> None:
    found = {template["name"]: template for template in templates}
    workflows = {workflow["preview"]: workflow for workflow in resources(project)["controller_workflow_job_templates"]}
    for name, template in found.items():
        if all(question["required"] for question in questions(template)):
            continue  # no survey, or one that a rulebook answers
        assert found[f"{name} from inventory"]["playbook"] == template["playbook"]
        if template["playbook"] == "audit.yml":
            continue
        approved = found[workflows[name]["approved"]]
        assert approved["playbook"] == template["playbook"].replace(".yml", "_approved.yml")
        assert template["ask_job_type_on_launch"]  # so that a workflow can have it as a check
        assert not approved["ask_job_type_on_launch"]
        assert not questions(approved)
    for schedule in resources(project)["controller_schedules"]:
        assert not questions(found[schedule["template"]])
