# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rulebooks, as far as they can be read without ansible-rulebook: `make events` runs them."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from .documents import ROOT

RULEBOOKS = ROOT / "extensions" / "eda" / "rulebooks"
HUB = ROOT / "docs" / "iam" / "events_hub.yml"
#: the variables of playbooks: what is nearly one of them is refused
SETTINGS = ROOT / "plugins" / "plugin_utils" / "variables.py"
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
def test_the_rulebook_for_awx_differs_in_what_it_runs_only(name: str) -> None:
    assert without_runs(name) == without_runs(f"{name}_awx")
    playbook, job = runs(name), runs(f"{name}_awx")
    assert playbook["extra_vars"] == job["job_args"]["extra_vars"]
    assert all(playbook[same] == job[same] for same in ("lock", "retries", "delay"))
    assert job["include_events"] is False


@pytest.mark.parametrize("name", PAIRS)
def test_what_a_rulebook_runs_is_there_and_takes_what_it_is_given(name: str) -> None:
    playbook = runs(name)
    namespace, collection, short = playbook["name"].split(".")
    text = (ROOT / "playbooks" / f"{short}.yml").read_text(encoding="utf-8")
    assert (namespace, collection) == ("wellarchitected", "sharing")
    for variable in playbook["extra_vars"]:
        prefix, _score, setting = variable.partition("_")
        assert re.search(rf'"{prefix}_": "[^"]*\b{setting}\b', SETTINGS.read_text(encoding="utf-8"))
        assert variable in text


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
