# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Job templates and workflows of the pattern, run by ansible-runner with the files that AWX gives it.

The rules for variables are AWX's (ansible/awx, awx/main/models/mixins.py, models/workflow.py, utils/safe_yaml.py).
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ansible_runner
import yaml

from tests.emulator.testing import OWNER, Emulator

PATTERN = Path("extensions", "patterns", "share_resources")
PREFIX = "Well-Architected / "
Answers = dict[str, Any]
Template = dict[str, Any]


class _Unsafe(yaml.SafeDumper):
    """Marks every string, so that Ansible takes no template from what a person typed."""

    def represent_data(self, data: Any) -> yaml.Node:
        return self.represent_scalar("!unsafe", data) if isinstance(data, str) else super().represent_data(data)


def extra_variables(variables: Answers, trusted: Answers) -> str:
    """The YAML that AWX passes to a job. ``trusted``: the variables of the job template, which AWX does not mark."""
    return "".join(
        yaml.dump(
            {name: value}, Dumper=yaml.SafeDumper if name in trusted and trusted[name] == value else _Unsafe, width=1e9
        )
        for name, value in variables.items()
    )


def resources(project: Path) -> dict[str, list[Template]]:
    """The controller's resources that the pattern defines, by kind."""
    pattern: dict[str, Any] = json.loads((project / PATTERN / "meta" / "pattern.json").read_text(encoding="utf-8"))
    return pattern["aap_resources"]


def find(templates: list[Template], name: str) -> Template:
    return next(template for template in templates if template["name"] == PREFIX + name)


def questions(template: Template) -> list[dict[str, Any]]:
    return template.get("survey", {}).get("spec", [])


def error_of(question: dict[str, Any], answer: Any) -> str:
    """Why AWX rejects an answer; empty if it does not."""
    name, kind = question["variable"], question["type"]
    if kind in ("text", "textarea"):
        fits = isinstance(answer, str) and question["min"] <= len(answer) <= question["max"]
        return "" if fits and (answer or not question["required"]) else f"{name}: not a string of this length"
    chosen = answer if kind == "multiselect" else [answer]
    fits = isinstance(chosen, list) and all(choice in question["choices"] for choice in chosen)
    return "" if fits else f"{name}: not a choice"


def accepted(template: Template, answers: Answers) -> Answers:
    """The answers to the template's survey, which are the only variables that it takes on launch."""
    asked = {question["variable"]: question for question in questions(template)}
    assert not answers.keys() - asked.keys(), f"variables are not allowed on launch: {answers.keys() - asked.keys()}"
    problems = [error_of(asked[name], answer) for name, answer in answers.items()]
    problems += [name for name, question in asked.items() if question["required"] and name not in answers]
    assert not any(problems), problems
    return answers


def job_variables(template: Template, variables: Answers, runtime: Answers) -> Answers:
    """Variables of a job: of its template, then valid defaults of the survey, then those of the launch."""
    defaults = {
        question["variable"]: question["default"]
        for question in questions(template)
        if not error_of(question, question["default"])
    }
    return {**variables, **defaults, **runtime}


def sliced(inventory: dict[str, Any], part: tuple[int, int]) -> dict[str, Any]:
    """The inventory of a slice: every so many hosts, by name, and groups with these. ``part``: number and count.

    Source: ansible/awx, awx/main/models/inventory.py, get_script_data.
    """
    number, count = part
    everyone = sorted({host for group in inventory.values() for host in group.get("hosts", [])})
    mine = everyone[number - 1 :: count]
    groups = {
        name: {**group, "hosts": [host for host in group["hosts"] if host in mine]}
        for name, group in inventory.items()
        if name != "_meta"
    }
    variables = inventory.get("_meta", {}).get("hostvars", {})
    return {**groups, "_meta": {"hostvars": {host: variables[host] for host in mine}}}


@dataclass(frozen=True)
class Job:
    """A finished job, as its page in AWX shows it."""

    status: str
    events: list[dict[str, Any]]
    artifacts: dict[str, Any]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event["event_data"] for event in self.events if event["event"] == kind]

    @property
    def messages(self) -> str:
        """The messages of the failures."""
        return "\n".join(str(event["res"].get("msg", event["res"])) for event in self.of("runner_on_failed"))

    @property
    def stdout(self) -> str:
        return "\n".join(event["stdout"] for event in self.events)


@dataclass
class Controller:
    """Runs jobs as AWX does, each in a private data directory."""

    folder: Path
    project: Path
    collections: Path
    endpoint: Emulator
    inventory: dict[str, Any] = field(default_factory=dict)
    variables: Answers = field(default_factory=dict)
    """The variables of every job template, as setup.yml sets them."""
    keys: dict[str, str] | None = None
    """The keys of the credential. Without them: of the owner's account."""
    region: str | None = None
    """The Region of the environment."""
    job: int = 0

    def launch(self, name: str, answers: Answers | None = None, *, check: bool = False) -> Job:
        """Launch a job template with the answers to its survey."""
        template = find(resources(self.project)["controller_job_templates"], name)
        assert not check or template["ask_job_type_on_launch"]
        return self._run_template(template, accepted(template, answers or {}), check)

    def launch_workflow(self, name: str, answers: Answers, approves: Callable[[Job], bool]) -> list[Job]:
        """Launch a workflow as setup.yml makes it: preview, approval, run.

        ``approves``: whether to approve the preview. A node's job gets the artifacts of the nodes before it, and the
        workflow's variables win over these, whatever the job template accepts on launch (get_job_kwargs).
        """
        found = resources(self.project)
        workflow = find(found["controller_workflow_job_templates"], name)
        preview, approved = (
            next(one for one in found["controller_job_templates"] if one["name"] == workflow[node])
            for node in ("preview", "approved")
        )
        variables = job_variables(preview, {}, accepted(preview, answers))
        jobs = [self._run_template(preview, variables, check=True)]
        if jobs[0].status == "successful" and approves(jobs[0]):
            jobs.append(self._run_template(approved, {**jobs[0].artifacts, **variables}))
        return jobs

    def play(self, playbook: str, variables: Answers, *arguments: str) -> Job:
        """Run a playbook of the collection with variables of a job template, and arguments of ansible-playbook."""
        return self.run_file(Path("playbooks", f"{playbook}.yml"), extra_variables(variables, variables), arguments)

    def _run_template(self, template: Template, runtime: Answers, check: bool = False) -> Job:
        meta = {"awx_job_id": self.job + 1, "awx_job_template_name": template["name"], "awx_project_revision": "0" * 40}
        text = extra_variables({**job_variables(template, self.variables, runtime), **meta}, self.variables)
        arguments = ["--check", "--diff"] if check else []
        return self.run_file(PATTERN / "playbooks" / template["playbook"], text, arguments)

    def run_file(self, playbook: Path, variables: str, arguments: Sequence[str] = ()) -> Job:
        """Run a playbook of the project with a file of extra variables."""
        self.job += 1
        private = self.folder / f"awx_{self.job}"
        for name in ("inventory", "env", "artifacts"):
            (private / name).mkdir(parents=True)
        (private / "project").symlink_to(self.project)
        # AWX gives the inventory as a script.
        hosts = private / "inventory" / "hosts"
        inventory = json.dumps({"_meta": {"hostvars": {}}, **self.inventory})
        hosts.write_text(f"#! {sys.executable}\nprint({inventory!r})\n", encoding="utf-8")
        hosts.chmod(0o700)
        (private / "env" / "extravars").write_text(variables, encoding="utf-8")
        (private / "env" / "envvars").write_text(json.dumps(self._environment()), encoding="utf-8")
        (private / "env" / "cmdline").write_text(shlex.join(arguments), encoding="utf-8")
        run = ansible_runner.run(private_data_dir=str(private), playbook=str(playbook), ident=str(self.job), quiet=True)
        events = list(run.events)
        artifacts: dict[str, Any] = {}
        for event in events:
            artifacts.update(event.get("event_data", {}).get("artifact_data", {}))
        return Job(run.status, events, artifacts)

    def _environment(self) -> dict[str, str]:
        """The variables of AWX's credential type for AWS, and those that it sets for every job."""
        keys = self.keys or self.endpoint.credentials(OWNER)
        return {
            **({"AWS_DEFAULT_REGION": self.region} if self.region else {}),
            "AWS_ACCESS_KEY_ID": keys["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": keys["aws_secret_access_key"],
            "AWS_SECURITY_TOKEN": keys["aws_session_token"],
            "AWS_SESSION_TOKEN": keys["aws_session_token"],
            "ANSIBLE_FORCE_COLOR": "True",
            "ANSIBLE_HOST_KEY_CHECKING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "PATH": f"{sys.prefix}/bin{os.pathsep}{os.environ['PATH']}",
            # In place of AWS.
            "AWS_URL": self.endpoint.url,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
