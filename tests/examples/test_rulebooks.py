# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rulebooks, as far as they can be read without ansible-rulebook: `make events` runs them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from .documents import ROOT

RULEBOOKS = ROOT / "extensions" / "eda" / "rulebooks"
PATTERN = ROOT / "extensions" / "patterns" / "share_resources"
HUB = ROOT / "docs" / "iam" / "events_hub.yml"
PAIRS = ("workload_created", "account_joined")
ACTIONS = {"run_playbook", "run_job_template"}


def ruleset(name: str) -> dict[str, Any]:
    (found,) = yaml.safe_load((RULEBOOKS / f"{name}.yml").read_text(encoding="utf-8"))
    return found


def runs(name: str) -> dict[str, Any]:
    """The arguments of the rulebook's one action that runs something."""
    (found,) = [
        arguments
        for rule in ruleset(name)["rules"]
        for action, arguments in rule["action"].items()
        if action in ACTIONS
    ]
    return found


def without_runs(name: str) -> dict[str, Any]:
    found = ruleset(name)
    for rule in found["rules"]:
        rule["action"] = {action: arguments for action, arguments in rule["action"].items() if action not in ACTIONS}
    return found


@pytest.mark.parametrize("name", PAIRS)
def test_the_rulebook_for_awx_differs_only_in_what_it_runs(name: str) -> None:
    assert without_runs(name) == without_runs(f"{name}_awx")
    playbook, job = runs(name), runs(f"{name}_awx")
    (value,), (answer,) = playbook["extra_vars"].values(), job["job_args"]["extra_vars"].values()
    assert answer == f"--- {value}"
    assert all(playbook[same] == job[same] for same in ("lock", "retries", "delay"))
    assert job["include_events"] is False


@pytest.mark.parametrize("name", PAIRS)
def test_a_rulebook_runs_a_playbook_or_a_job_template_that_reads_its_variable(name: str) -> None:
    playbook, job = runs(name), runs(f"{name}_awx")
    text = (ROOT / "playbooks" / f"{playbook['name'].rpartition('.')[2]}.yml").read_text(encoding="utf-8")
    assert all(variable in text for variable in playbook["extra_vars"])
    pattern = json.loads((PATTERN / "meta" / "pattern.json").read_text(encoding="utf-8"))
    (template,) = [
        one for one in pattern["aap_resources"]["controller_job_templates"] if f"'{one['name']}'" in job["name"]
    ]
    assert {question["variable"] for question in template["survey"]["spec"]} == set(job["job_args"]["extra_vars"])


@pytest.mark.parametrize("name", PAIRS)
def test_a_message_is_deleted_only_once_the_rules_have_it(name: str) -> None:
    assert ruleset(name)["sources"][0]["amazon.aws.aws_sqs_queue"]["feedback"] is True


@pytest.mark.parametrize("name", PAIRS)
def test_patterns_in_conditions_have_bounded_repetition(name: str) -> None:
    text = (RULEBOOKS / f"{name}.yml").read_text(encoding="utf-8")
    patterns = re.findall(r'match\("(.*?)"\)', text)
    assert patterns
    assert not [pattern for pattern in patterns if re.search(r"[])}a-z.][+*]", pattern)]


@pytest.mark.parametrize("name", PAIRS)
def test_a_rulebook_reads_the_queue_that_the_template_makes(name: str) -> None:
    (source,) = ruleset(name)["sources"]
    queues = re.findall(r"QueueName: (\S+)", HUB.read_text(encoding="utf-8"))
    default = re.search(r"default\('([^']+)'\)", source["amazon.aws.aws_sqs_queue"]["name"])
    assert default
    assert default[1] in queues


@pytest.mark.parametrize("name", PAIRS)
def test_a_rulebook_knows_every_event_that_the_template_sends_to_its_queue(name: str) -> None:
    queue = {"workload_created": "WorkloadQueue", "account_joined": "AccountQueue"}[name]
    rules = yaml.safe_load(HUB.read_text(encoding="utf-8"))["Resources"].values()
    sent = {
        event
        for rule in rules
        if rule["Type"] == "AWS::Events::Rule" and queue in str(rule["Properties"]["Targets"][0]["Arn"])
        for event in rule["Properties"]["EventPattern"]["detail"]["eventName"]
    }
    conditions = [rule["condition"] for rule in ruleset(name)["rules"] if "post_event" in rule["action"]]
    taken = {event for condition in conditions for event in re.findall(r'eventName == "(\w+)"', condition)}
    assert taken == sent != set()
