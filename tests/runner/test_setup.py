# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook that sets up a controller for the pattern."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from .awx import PATTERN, PREFIX, find, resources
from .controller_api import add, controller_api

AWX = Path(sysconfig.get_path("purelib"), "ansible_collections", "awx", "awx")
GATEWAY = "/api/controller/"
ONE = {
    "pattern_inventory": "Accounts of Default",
    "pattern_credential": "aws-Default",
    "pattern_hub_account": "012345670123",
    "pattern_scm_url": "https://git.example.com/sharing.git",
    "pattern_image": "registry.example.com/ee:1",
    "pattern_schedules": True,
    "pattern_variables": {"wa_share_max_removals": 5},
}
OTHER = {**ONE, "pattern_organization": "Other", "pattern_inventory": "2", "pattern_image": "registry.example.com/ee:2"}
OTHER |= {"pattern_hub_account": "444455556666", "pattern_credential": "2", "pattern_schedules": False}
#: in an organization that has the pattern already, with an execution environment that exists
SECOND = {**ONE, "pattern_prefix": "B: ", "pattern_environment": "Shared"}
#: all definitions have the same members: these are enough
PARTS = {
    "controller_job_templates": ["Share resources", "Share resources as approved", "Audit shares from inventory"],
    "controller_workflow_job_templates": ["Share resources after approval"],
    "controller_schedules": ["Audit shares every night"],
}


def part_of(project: Path, parts: dict[str, list[str]]) -> dict[str, Any]:
    """The variable with a part of the pattern's definition."""
    found: dict[str, Any] = {**resources(project), "controller_labels": ["aws"]}
    for kind, names in parts.items():
        found[kind] = [{**find(found[kind], name), "labels": ["aws"]} for name in names]
    return {"pattern": {"name": PATTERN.name, "aap_resources": found}}


def set_up(project: Path, url: str, variables: dict[str, Any], **environment: str) -> str:
    """Run the playbook, and return what it printed."""
    command = [f"{sys.prefix}/bin/ansible-playbook", str(project / PATTERN / "setup.yml"), "-e", json.dumps(variables)]
    done = subprocess.run(
        command,
        env={**os.environ, "CONTROLLER_HOST": url, "CONTROLLER_OAUTH_TOKEN": "token", **environment},
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.skipif(not AWX.is_dir(), reason="the ansible package has no awx.awx here")
def test_each_organization_gets_its_own_job_templates_workflows_and_environment(project: Path) -> None:
    pattern = part_of(project, PARTS)
    single = part_of(project, {kind: names[:1] if "job" in kind else [] for kind, names in PARTS.items()})
    single["pattern"]["aap_resources"]["controller_workflow_job_templates"] = []
    with controller_api(GATEWAY) as (url, objects):
        for number, name in enumerate(("Default", "Other"), 1):
            add(objects, "organizations", name=name)
            add(objects, "inventories", name=f"Accounts of {name}", organization=number)
            add(objects, "credentials", name=f"aws-{name}", organization=number)
        add(objects, "execution_environments", name="Shared", organization=None, image="registry.example.com/shared")
        set_up(project, url, {**ONE, **pattern}, CONTROLLER_OPTIONAL_API_URLPATTERN_PREFIX=GATEWAY)
        first = copy.deepcopy(objects)
        set_up(project, url, {**OTHER, **pattern, "pattern_api_prefix": GATEWAY})
        set_up(project, url, {**SECOND, **single, "pattern_api_prefix": GATEWAY})
        again = set_up(project, url, {**ONE, **pattern, "pattern_api_prefix": GATEWAY})

    assert " changed=0 " in again, again
    for kind, things in first.items():
        assert objects[kind][: len(things)] == things, kind  # the others took nothing from the first
    assert [(thing["name"], thing["organization"], thing["image"]) for thing in objects["execution_environments"]] == [
        ("Shared", None, "registry.example.com/shared"),
        ("Well-Architected sharing (Default)", 1, "registry.example.com/ee:1"),
        ("Well-Architected sharing (Other)", 2, "registry.example.com/ee:2"),
    ]
    assert [(thing["name"], thing["organization"], thing["scm_url"]) for thing in objects["projects"]] == [
        ("Well-Architected sharing", 1, ONE["pattern_scm_url"]),
        ("Well-Architected sharing", 2, ONE["pattern_scm_url"]),
        ("B: Well-Architected sharing", 1, ONE["pattern_scm_url"]),
    ]
    names = [PREFIX + name for name in PARTS["controller_job_templates"]]
    templates = objects["job_templates"]
    assert [template["name"] for template in templates] == [*names, *names, f"B: {names[0]}"]
    assert [template["organization"] for template in templates] == [1, 1, 1, 2, 2, 2, 1]
    assert [template["execution_environment"] for template in templates] == [2, 2, 2, 3, 3, 3, 1]
    assert [template["project"] for template in templates] == [1, 1, 1, 2, 2, 2, 3]
    for template in templates:
        assert (project / template["playbook"]).is_file()
        assert template["ask_variables_on_launch"] is template["ask_inventory_on_launch"] is False
        assert template["inventory"] == template["credentials"][0]["id"] == template["organization"]
        hub = "012345670123" if template["organization"] == 1 else "444455556666"
        assert json.loads(template["extra_vars"]) == {"wa_share_expected_account_id": hub, "wa_share_max_removals": 5}
        definition = find(resources(project)["controller_job_templates"], template["name"].rpartition(PREFIX)[2])
        assert template["survey_enabled"] is ("survey" in definition)
        assert template.get("survey_spec") == definition.get("survey")
    assert [schedule["unified_job_template"] for schedule in objects["schedules"]] == [3]

    nodes = iter(objects["workflow_job_template_nodes"])
    for workflow, (preview, approval, run) in zip(
        objects["workflow_job_templates"], zip(nodes, nodes, nodes, strict=True), strict=True
    ):
        assert workflow["ask_variables_on_launch"] is False
        assert workflow["survey_spec"] == templates[0]["survey_spec"]
        made, ran = [templates[node["unified_job_template"] - 1] for node in (preview, run)]
        assert made["organization"] == ran["organization"] == workflow["organization"]
        assert [made["name"], ran["name"]] == names[:2]
        assert (preview["job_type"], preview["diff_mode"], run.get("job_type")) == ("check", True, None)
        assert approval["unified_job_template"]["name"] == "Approve Share resources"
        assert [
            [after["identifier"] for after in node.get("success_nodes", [])] for node in (preview, approval, run)
        ] == [
            ["approval"],
            ["run"],
            [],
        ]
