# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs of a pattern's templates, run through ansible-runner with the files that AWX gives it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ansible_runner
import yaml

from tests.emulator.testing import Emulator

PATTERN = Path("extensions", "patterns", "share_resources")
TEMPLATE = "Well-Architected / a job template"
Answers = dict[str, Any]


class Unsafe(str):
    """Text that a person typed: AWX marks it, so that Ansible takes no template from it."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(Unsafe, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text)))


def marked(value: Any) -> Any:
    """The value, with all text in it marked as unsafe."""
    if isinstance(value, str):
        return Unsafe(value)
    if isinstance(value, list):
        return [marked(item) for item in value]
    if isinstance(value, dict):
        return {marked(key): marked(item) for key, item in value.items()}
    return value


def survey_of(project: Path, name: str) -> dict[str, Any]:
    return json.loads((project / PATTERN / "template_surveys" / f"{name}.json").read_text(encoding="utf-8"))


def refusal(question: dict[str, Any], answer: Any) -> str | None:
    """Why AWX does not take the answer to a survey's question, in short; None if it does."""
    kind, name = question["type"], question["variable"]
    if answer in ("", None, []):
        return f"{name} is required" if question["required"] else None
    if kind in ("text", "textarea", "multiplechoice") and not isinstance(answer, str):
        return f"{name} is to be a string"
    if kind in ("text", "textarea") and not question["min"] <= len(answer) <= question["max"]:
        return f"{name} has {len(answer)} characters"
    if kind == "integer" and (not isinstance(answer, int) or not question["min"] <= answer <= question["max"]):
        return f"{name} is no number from {question['min']} to {question['max']}"
    chosen = answer if kind == "multiselect" else [answer] if kind == "multiplechoice" else []
    if any(choice not in question["choices"] for choice in chosen):
        return f"{name} is none of {question['choices']}"
    return None


def answered(survey: dict[str, Any], answers: Answers) -> Answers:
    """The variables that AWX makes of a survey: every question's, answered, defaulted or blank."""
    unknown = set(answers) - {question["variable"] for question in survey["spec"]}
    assert not unknown, f"the survey does not ask for {unknown}"
    variables: Answers = {}
    for question in survey["spec"]:
        default = question["default"]
        if question["type"] == "multiselect":
            default = default.split("\n") if default else []
        answer = answers.get(question["variable"], default)
        problem = refusal(question, answer)
        assert problem is None, problem
        variables[question["variable"]] = answer
    return variables


def meta_variables(job: int, part: tuple[int, int] | None) -> Answers:
    """What AWX tells a job about itself. Source: ansible/awx, awx/main/models, the methods awx_meta_vars."""
    told = {"job_id": job, "job_template_name": TEMPLATE, "job_launch_type": "workflow" if part else "manual"}
    # A sliced job is a workflow job, which create_unified_job calls as the job template.
    return {**told, "workflow_job_id": job, "workflow_job_name": TEMPLATE} if part else told


def sliced(inventory: dict[str, Any], part: tuple[int, int] | None) -> dict[str, Any]:
    """The inventory that a slice gets: every so many hosts, by name, and groups with these.

    Source: ansible/awx, awx/main/models/inventory.py, get_script_data.
    """
    if not part:
        return inventory
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
    """A job that ended, as its page in AWX shows it."""

    status: str
    events: list[dict[str, Any]]
    artifacts: dict[str, Any]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event["event_data"] for event in self.events if event["event"] == kind]

    @property
    def stats(self) -> dict[str, dict[str, int]]:
        """Counts by name (ok, changed, failures…) and host: of the recap."""
        (recap,) = self.of("playbook_on_stats")
        return {name: counts for name, counts in recap.items() if isinstance(counts, dict)}

    @property
    def changed(self) -> list[str]:
        """The names of the tasks that changed something."""
        events = self.of("runner_on_ok") + self.of("runner_on_failed")
        return [event["task"] for event in events if event["res"].get("changed")]

    @property
    def messages(self) -> str:
        """What the failures say."""
        return "\n".join(str(event["res"].get("msg", event["res"])) for event in self.of("runner_on_failed"))

    @property
    def stdout(self) -> str:
        return "\n".join(event["stdout"] for event in self.events)


@dataclass
class Controller:
    """Runs jobs as AWX does: a private data directory for each."""

    folder: Path
    project: Path
    collections: Path
    endpoint: Emulator
    inventory: dict[str, Any] = field(default_factory=dict)
    job: int = 0

    def launch(
        self,
        playbook: str,
        answers: Answers,
        *arguments: str,
        part: tuple[int, int] | None = None,
        more: Answers | None = None,
    ) -> Job:
        """Run a playbook of the pattern with the answers to its survey, and arguments of ansible-playbook.

        ``part``: which slice of the job it is, and of how many. ``more``: other extra variables.
        """
        variables = answered(survey_of(self.project, playbook), answers)
        variables = {name: marked(value) for name, value in {**variables, **(more or {})}.items()}
        return self._run(PATTERN / "playbooks" / f"{playbook}.yml", variables, arguments, part)

    def play(self, playbook: str, variables: Answers, *arguments: str) -> Job:
        """Run a playbook of the collection with extra variables, and arguments of ansible-playbook."""
        return self._run(Path("playbooks", f"{playbook}.yml"), variables, arguments, None)

    def kept(self) -> str:
        """All that the jobs so far have printed and left, in one text."""
        files = (path for path in sorted(self.folder.glob("awx_*/artifacts/**/*")) if path.is_file())
        return "\n".join(path.read_text(encoding="utf-8") for path in files)

    def _run(self, playbook: Path, variables: Answers, arguments: Sequence[str], part: tuple[int, int] | None) -> Job:
        self.job += 1
        private = self.folder / f"awx_{self.job}"
        for name in ("inventory", "env", "artifacts"):
            (private / name).mkdir(parents=True)
        shutil.copytree(self.project, private / "project")
        # AWX gives the inventory as a script.
        hosts = private / "inventory" / "hosts"
        inventory = json.dumps({"_meta": {"hostvars": {}}, **sliced(self.inventory, part)})
        hosts.write_text(f"#! {sys.executable}\nprint({inventory!r})\n", encoding="utf-8")
        hosts.chmod(0o700)
        launched = {
            f"{awx}_{name}": value for awx in ("awx", "tower") for name, value in meta_variables(self.job, part).items()
        }
        text = yaml.dump({**launched, **variables}, Dumper=_Dumper)
        (private / "env" / "extravars").write_text(text, encoding="utf-8")
        (private / "env" / "envvars").write_text(json.dumps(self._environment()), encoding="utf-8")
        (private / "env" / "cmdline").write_text(shlex.join(arguments), encoding="utf-8")
        run = ansible_runner.run(private_data_dir=str(private), playbook=str(playbook), ident=str(self.job), quiet=True)
        events = list(run.events)
        artifacts: dict[str, Any] = {}
        for event in events:
            artifacts.update(event.get("event_data", {}).get("artifact_data", {}))
        return Job(run.status, events, artifacts)

    def launch_workflow(
        self, name: str, answers: Answers, approves: Callable[[Job], bool], more: Answers | None = None
    ) -> list[Job]:
        """Run the nodes of a workflow of the pattern, as far as it goes. Each gets the artifacts of those before it.

        ``approves``: what somebody who looks at the job before an approval says. ``more``: other extra variables.
        Source: ansible/awx, awx/main/models/workflow.py, get_job_kwargs: artifacts are extra variables of the job.
        """
        resources = json.loads((self.project / PATTERN / "meta" / "pattern.json").read_text("utf-8"))["aap_resources"]
        playbooks = {one["name"]: Path(one["playbook"]).stem for one in resources["controller_job_templates"]}
        (workflow,) = [one for one in resources["controller_workflow_job_templates"] if one["name"] == name]
        nodes = {node["identifier"]: node for node in workflow["workflow_nodes"]}
        followers = {after["identifier"] for node in nodes.values() for after in node["related"]["success_nodes"]}
        (identifier,) = nodes.keys() - followers
        jobs: list[Job] = []
        artifacts: Answers = {}
        while identifier:
            node = nodes[identifier]
            if node["unified_job_template"]["type"] == "workflow_approval":
                goes_on = approves(jobs[-1])
            else:
                check = ("--check",) if node["job_type"] == "check" else ()
                playbook = playbooks[node["unified_job_template"]["name"]]
                jobs.append(self.launch(playbook, answers, *check, more={**(more or {}), **artifacts}))
                artifacts.update(jobs[-1].artifacts)
                goes_on = jobs[-1].status == "successful"
            after = node["related"]["success_nodes"]
            identifier = after[0]["identifier"] if goes_on and after else ""
        return jobs

    def _environment(self) -> dict[str, str]:
        """The variables of AWX's credential type for AWS, and those that it sets for every job."""
        keys = self.endpoint.credentials("123456789012")
        return {
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
