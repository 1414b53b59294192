# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of the pattern: they agree with each other, and AWX and ansible-builder take them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .awx import PATTERN, answered, refusal, survey_of

SURVEYS = ["share", "onboard", "collect", "audit"]
# What AWX exports for a question, and the types that the surveys here have. Source: AWX, JobTemplateSurveySpec.
QUESTION = {
    "question_name",
    "question_description",
    "required",
    "type",
    "variable",
    "min",
    "max",
    "default",
    "choices",
}
TYPES = {"text", "textarea", "multiplechoice", "multiselect", "integer"}


def builder(*arguments: str) -> str:
    command = [f"{sys.prefix}/bin/ansible-builder", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def test_the_definition_has_the_surveys_and_playbooks_of_the_files(project: Path) -> None:
    pattern = json.loads((project / PATTERN / "meta" / "pattern.json").read_text(encoding="utf-8"))
    templates = pattern["aap_resources"]["controller_job_templates"]

    assert pattern["name"] == PATTERN.name
    (workflow,) = pattern["aap_resources"]["controller_workflow_job_templates"]
    assert workflow["survey"] == survey_of(project, "share")
    assert {template["playbook"]: template["survey"] for template in templates} == {
        f"{name}.yml": survey_of(project, name) for name in SURVEYS
    }
    assert {path.name for path in (project / PATTERN / "playbooks").iterdir()} == {f"{name}.yml" for name in SURVEYS}
    assert [template["playbook"] for template in templates if template.get("primary")] == ["share.yml"]


@pytest.mark.parametrize("name", SURVEYS)
def test_awx_takes_the_survey(project: Path, name: str) -> None:
    survey = survey_of(project, name)

    assert set(survey) == {"name", "description", "spec"}
    variables = [question["variable"] for question in survey["spec"]]
    assert len(set(variables)) == len(variables)
    for question in survey["spec"]:
        assert set(question) == QUESTION
        assert question["type"] in TYPES
        assert bool(question["choices"]) == question["type"].startswith("multi")
        default: Any = question["default"]
        if question["type"] == "multiselect":
            default = default.split("\n")
        assert default == "" or refusal(question, default) is None


@pytest.mark.parametrize("name", SURVEYS)
def test_every_question_is_about_a_variable_that_something_reads(project: Path, name: str) -> None:
    playbook = (project / PATTERN / "playbooks" / f"{name}.yml").read_text(encoding="utf-8")
    for imported in re.findall(r"import_playbook: [./]+/(playbooks/\w+\.yml)", playbook):
        playbook += (project / imported).read_text(encoding="utf-8")
    spec = (project / "roles" / "wa_share" / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    options = yaml.safe_load(spec)["argument_specs"]["main"]["options"]

    for question in survey_of(project, name)["spec"]:
        assert question["variable"] in options or question["variable"] in playbook


def test_required_questions_are_few(project: Path) -> None:
    given = {"wa_share_regions": "eu-west-1", "wa_share_resources": "- workload: Payments"}
    for name in SURVEYS:
        answers = {"collect_regions": "eu-west-1"} if name == "collect" else given
        assert answered(survey_of(project, name), answers)


def test_an_execution_environment_gets_what_the_modules_need(collections: Path) -> None:
    found = yaml.safe_load(builder("introspect", str(collections)))

    needed = [line for line in found["python"] if "wellarchitected.sharing" in line]
    assert [line.split(">=")[0] for line in needed] == ["boto3", "botocore"]
    assert not [line for line in found.get("system", []) if "wellarchitected.sharing" in line]


def test_the_execution_environment_of_the_pattern_can_be_created(project: Path, tmp_path: Path) -> None:
    definition = project / PATTERN / "exec_env" / "execution-environment.yml"

    builder("create", "--file", str(definition), "--context", str(tmp_path), "--output-filename", "Containerfile")

    assert "python3.12" in (tmp_path / "Containerfile").read_text(encoding="utf-8")
    wanted = yaml.safe_load((tmp_path / "_build" / "requirements.yml").read_text(encoding="utf-8"))
    galaxy = yaml.safe_load((project / "MANIFEST.json").read_text(encoding="utf-8"))["collection_info"]
    assert {entry["name"]: entry["version"] for entry in wanted["collections"]} == {
        "wellarchitected.sharing": f">={galaxy['version']}",
        **galaxy["dependencies"],
    }
