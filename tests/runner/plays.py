# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many cases of roles in one run of ansible-playbook: each case is a play on hosts of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.emulator.testing import OWNER, PASSED, Emulator

RESULTS = "results"


@dataclass(frozen=True)
class Case:
    """A role on the hosts of some accounts, with variables of the inventory."""

    role: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    hosts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The hosts of the play, in the group ``accounts``, with their variables. Without any, one that is not an account."""
    caller: str = OWNER
    """The account of the credentials."""


@dataclass(frozen=True)
class Outcome:
    """What came of a case."""

    failure: str
    """The message of the task that failed; empty where none did."""
    result: dict[str, Any]
    """The variable with the role's result."""
    output: str
    """What Ansible printed of the play."""


@dataclass(frozen=True)
class Run:
    code: int
    output: str
    outcomes: dict[str, Outcome]
    artifacts: dict[str, Any]
    """The artifacts (set_stats) of the whole run: of two cases with the same artifact, those of the last."""


def accounts(ids: Mapping[str, str], **variables: Any) -> dict[str, dict[str, Any]]:
    """Hosts with their account IDs, by name. ``variables``: of each of them."""
    return {name: {"aws_account_id": account_id, **variables} for name, account_id in ids.items()}


# As docs/iam/stackset.yml names them.
ROLES = {
    f"wa_{duty}_role_arn": f"arn:aws:iam::{{{{ aws_account_id }}}}:role/WellArchitected{duty.title()}"
    for duty in ("share", "accept")
}


def environment(endpoint: Emulator, collections: Path, caller: str = OWNER) -> dict[str, str]:
    """The environment of a run, with the credentials of the account ``caller``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_"))}
    return {
        **kept,
        **credentials(endpoint, caller),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_SHOW_CUSTOM_STATS": "true",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint.url,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def credentials(endpoint: Emulator, caller: str) -> dict[str, str]:
    keys = PASSED if caller == OWNER else endpoint.credentials(caller)
    return {name.upper(): value for name, value in keys.items()}


def play(case: str, spec: Case, keys: Mapping[str, str]) -> dict[str, Any]:
    """The play of a case. It never fails: the failure is kept with the result."""
    role = {"name": "Run the role", "ansible.builtin.import_role": {"name": f"wellarchitected.sharing.{spec.role}"}}
    return {
        "name": case,
        "hosts": group_of(case),
        "gather_facts": False,
        "environment": dict(keys),
        "tasks": [
            {
                "name": "All",
                "run_once": True,
                "block": [role, keep(case, spec.role, "{}")],
                "rescue": [keep(case, spec.role, "ansible_failed_result")],
            }
        ],
    }


def keep(case: str, role: str, failure: str) -> dict[str, Any]:
    """A task that writes what came of a case to a file."""
    return {
        "name": "Keep what came of it",
        "ansible.builtin.copy": {
            "content": f"{{{{ {{'failure': {failure}, 'result': {role}_result | default({{}})}} | to_json }}}}",
            "dest": f"{{{{ playbook_dir }}}}/{RESULTS}/{case}.json",
            "mode": "0600",
        },
        "check_mode": False,
        "diff": False,
        "no_log": True,
        "delegate_to": "localhost",
    }


def group_of(case: str) -> str:
    return f"case_{case}"


def inventory_of(cases: Mapping[str, Case]) -> dict[str, Any]:
    """The hosts of all cases, each named by its case and itself; those that are accounts in the group ``accounts``."""
    owners: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for case, spec in cases.items():
        hosts = {f"{case}-{name}": {**variables} for name, variables in spec.hosts.items()}
        local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        group = {"hosts": hosts or {f"{case}-here": local}, "vars": {**(ROLES if hosts else {}), **spec.variables}}
        (owners if hosts else others)[group_of(case)] = group
    return {"all": {"children": {"accounts": {"children": owners}, **others}}}


@dataclass
class Player:
    """Runs cases, and playbooks of the collection, on the installed collection."""

    folder: Path
    collections: Path
    endpoint: Emulator

    def run(self, cases: Mapping[str, Case], *arguments: str) -> Run:
        """All cases in one run of ansible-playbook, in their order."""
        results = self.folder / RESULTS
        results.mkdir(exist_ok=True)
        for case in cases:
            (results / f"{case}.json").unlink(missing_ok=True)
        plays = [play(case, spec, credentials(self.endpoint, spec.caller)) for case, spec in cases.items()]
        (self.folder / "cases.json").write_text(json.dumps(plays), encoding="utf-8")
        (self.folder / "hosts.json").write_text(json.dumps(inventory_of(cases)), encoding="utf-8")
        code, output = self.ansible("-i", "hosts.json", "cases.json", *arguments)
        sections = {
            found[1]: found[2] for found in re.finditer(r"^PLAY \[(\w+)\] \**\n(.*?)(?=^PLAY )", output, re.M | re.S)
        }
        outcomes = {}
        for case in cases:
            kept = results / f"{case}.json"
            assert kept.exists(), output
            came = json.loads(kept.read_text(encoding="utf-8"))
            outcomes[case] = Outcome(str(came["failure"].get("msg", "")), came["result"], sections[case])
        return Run(code, output, outcomes, artifacts_of(output))

    def playbook(
        self, name: str, inventory: Mapping[str, Any] | str, variables: Mapping[str, Any], *arguments: str, **more: str
    ) -> Run:
        """A playbook of the collection, with extra variables; ``inventory`` may be any text."""
        (self.folder / "variables.json").write_text(json.dumps(dict(variables)), encoding="utf-8")
        return self.file(f"wellarchitected.sharing.{name}", inventory, "-e", "@variables.json", *arguments, **more)

    def file(self, playbook: str, inventory: Mapping[str, Any] | str, *arguments: str, **more: str) -> Run:
        """A playbook. ``more``: settings of Ansible, as in its environment variables without ANSIBLE_."""
        text = inventory if isinstance(inventory, str) else json.dumps(inventory)
        (self.folder / "hosts.json").write_text(text, encoding="utf-8")
        given = ["-i", "hosts.json"] if inventory else []
        code, output = self.ansible(*given, playbook, *arguments, **more)
        return Run(code, output, {}, artifacts_of(output))

    def ansible(self, *arguments: str, **more: str) -> tuple[int, str]:
        """Exit code and output of ansible-playbook."""
        settings = {f"ANSIBLE_{name.upper()}": value for name, value in more.items()}
        done = subprocess.run(
            [f"{sys.prefix}/bin/ansible-playbook", *arguments],
            cwd=self.folder,
            env={**environment(self.endpoint, self.collections), **settings},
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout


def artifacts_of(output: str) -> dict[str, Any]:
    """The artifacts as the default callback prints them after the recap."""
    found = re.search(r"^CUSTOM STATS: \**\n\s*RUN: (\{.*\})$", output, re.M)
    return json.loads(found[1]) if found else {}
