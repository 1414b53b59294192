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

OUTCOMES = "outcomes.json"


@dataclass(frozen=True)
class Case:
    """A role on the hosts of some accounts, with variables of the inventory."""

    role: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    hosts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The hosts of the play, in the group ``accounts``, with their variables; may be empty."""
    caller: str = OWNER
    """The calling account."""


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


LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}


def environment(endpoint: Emulator, collections: Path, caller: str = OWNER) -> dict[str, str]:
    """The environment of a run, with the credentials of the account ``caller``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_"))}
    return {
        **kept,
        **credentials(endpoint, caller),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "true",
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

    def keep(failure: str) -> dict[str, Any]:
        outcome = {"failure": failure, "result": f"{{{{ {spec.role}_result | default({{}}) }}}}"}
        return {"name": "Keep what came of it", "ansible.builtin.set_fact": {"outcome": outcome}, "no_log": True}

    return {
        "name": case,
        "hosts": group_of(case),
        "gather_facts": False,
        "environment": dict(keys),
        "tasks": [
            {
                "name": "All",
                "run_once": True,
                "block": [role, keep("")],
                "rescue": [keep("{{ ansible_failed_result.msg }}")],
            }
        ],
    }


def last_play(hosts: list[str]) -> dict[str, Any]:
    """The play that writes the outcomes of these hosts."""
    write = {
        "content": f"{{{{ {hosts!r} | map('extract', hostvars, 'outcome') | list | to_json }}}}",
        "dest": OUTCOMES,
        "mode": "0600",
    }
    task = {
        "name": "Write the outcomes",
        "ansible.builtin.copy": write,
        "check_mode": False,
        "diff": False,
        "no_log": True,
    }
    return {"name": "last", "hosts": "localhost", "gather_facts": False, "tasks": [task]}


def group_of(case: str) -> str:
    return f"case_{case}"


def inventory_of(cases: Mapping[str, Case]) -> dict[str, Any]:
    """The hosts of all cases, each named by its case and itself; those that are accounts in the group ``accounts``."""
    owners: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for case, spec in cases.items():
        hosts = {f"{case}-{name}": {**variables} for name, variables in spec.hosts.items()}
        group = {"hosts": hosts or {f"{case}-here": LOCAL}, "vars": {**(ROLES if hosts else {}), **spec.variables}}
        (owners if hosts else others)[group_of(case)] = group
    return {"all": {"children": {"accounts": {"children": owners}, **others}}}


def _groups(inventory: Mapping[str, Any]) -> dict[str, Any]:
    children = inventory["all"]["children"]
    return {
        **children["accounts"]["children"],
        **{name: group for name, group in children.items() if name != "accounts"},
    }


@dataclass
class Player:
    """Runs cases, and playbooks of the collection, on the installed collection."""

    folder: Path
    collections: Path
    endpoint: Emulator

    def run(self, cases: Mapping[str, Case], *arguments: str) -> Run:
        """All cases in one run of ansible-playbook, in their order."""
        hosts = inventory_of(cases)
        first = {case: next(iter(group["hosts"])) for case, group in _groups(hosts).items()}
        plays = [play(case, spec, credentials(self.endpoint, spec.caller)) for case, spec in cases.items()]
        plays.append(last_play([first[group_of(case)] for case in cases]))
        (self.folder / OUTCOMES).unlink(missing_ok=True)
        (self.folder / "cases.json").write_text(json.dumps(plays), encoding="utf-8")
        done = self.file("cases.json", hosts, *arguments)
        assert (self.folder / OUTCOMES).exists(), done.output
        kept = json.loads((self.folder / OUTCOMES).read_text(encoding="utf-8"))
        sections = dict(re.findall(r"^PLAY \[(\w+)\] \**\n(.*?)(?=^PLAY )", done.output, re.M | re.S))
        outcomes = {
            case: Outcome(came["failure"], came["result"], sections[case])
            for case, came in zip(cases, kept, strict=True)
        }
        return Run(done.code, done.output, outcomes, done.artifacts)

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
