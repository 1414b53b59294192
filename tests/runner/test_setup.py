# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook that sets a controller up for the pattern."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from .awx import PATTERN, survey_of
from .controller_api import add, controller_api

AWX = Path(sysconfig.get_path("purelib"), "ansible_collections", "awx", "awx")


def set_up(project: Path, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(f"{sys.prefix}/bin/ansible-playbook", str(project / PATTERN / "setup.yml")),
            *("-e", "pattern_inventory=Accounts", "-e", "pattern_credential=aws-owner"),
            *("-e", "pattern_scm_url=https://git.example.com/sharing.git"),
            *("-e", "pattern_image=registry.example.com/ee"),
        ],
        env={**os.environ, "CONTROLLER_HOST": url, "CONTROLLER_OAUTH_TOKEN": "token"},
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.skipif(not AWX.is_dir(), reason="the ansible package has no awx.awx here")
def test_the_controller_gets_the_job_templates_with_their_surveys(project: Path) -> None:
    with controller_api() as (url, objects):
        for kind, name in (("organizations", "Default"), ("inventories", "Accounts"), ("credentials", "aws-owner")):
            add(objects, kind, name=name)
        done = set_up(project, url)
        again = set_up(project, url)

    assert done.returncode == 0, done.stdout
    assert again.returncode == 0, again.stdout
    assert " changed=0 " in again.stdout, again.stdout
    assert [thing["scm_url"] for thing in objects["projects"]] == ["https://git.example.com/sharing.git"]
    assert [thing["image"] for thing in objects["execution_environments"]] == ["registry.example.com/ee"]
    for template in objects["job_templates"]:
        playbook = Path(template["playbook"])
        assert (project / playbook).is_file()
        assert template["survey_spec"] == survey_of(project, playbook.stem)
        assert [credential["name"] for credential in template["credentials"]] == ["aws-owner"]
        assert (template["inventory"], template["project"], template["execution_environment"]) == (1, 1, 1)
    assert len(objects["job_templates"]) == 4

    (workflow,) = objects["workflow_job_templates"]
    assert (workflow["name"], workflow["inventory"]) == ("Well-Architected / Share what was approved", 1)
    assert workflow["survey_spec"] == survey_of(project, "share")
    preview, approve, share = objects["workflow_job_template_nodes"]
    (template,) = [one for one in objects["job_templates"] if Path(one["playbook"]).stem == "share"]
    # A node may have a job type of its own only where the job template asks for one.
    assert template["ask_job_type_on_launch"] is True
    assert [(node["unified_job_template"], node["job_type"]) for node in (preview, share)] == [
        (template["id"], "check"),
        (template["id"], "run"),
    ]
    assert approve["unified_job_template"]["name"] == "Approve the plan"
    assert [[after["identifier"] for after in node.get("success_nodes", [])] for node in (preview, approve, share)] == [
        ["approve"],
        ["share"],
        [],
    ]
    assert {node["workflow_job_template"] for node in (preview, approve, share)} == {workflow["id"]}
