# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection on AWS: its modules and its report, run by ansible-playbook, and what is to come of each step."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .accounts import OWNER, RECIPIENT
from .answers import reason, without_identifiers
from .kinds import KINDS, WORKLOAD
from .resources import Resource
from .sharing import pages
from .stage import Stage

ROOT = Path(__file__).resolve().parents[2]
PLAYBOOK = Path(__file__).with_name("collection.yml")
WORD = "driven-"

Results = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """Something that the collection does, and what is wrong with how it came out for a resource (None: nothing)."""

    name: str
    problem: Callable[[Results, Resource], str | None]


def _module(result: str, changed: bool) -> Callable[[Results, Resource], str | None]:
    """A task of one of the single modules; `result` may have {kind}."""

    def problem(results: Results, resource: Resource) -> str | None:
        done = results.get(result.replace("{kind}", resource.kind.name), {})
        if done.get("failed", not done):
            return str(done.get("msg", "it was not run"))
        return None if done["changed"] == changed else f"changed is {done['changed']}, not {changed}"

    return problem


def _shares(result: str, changed: bool) -> Callable[[Results, Resource], str | None]:
    """A task of wa_shares, and what it says of the resource."""

    def problem(results: Results, resource: Resource) -> str | None:
        done = results.get(result, {})
        row = next((row for row in done.get("resources", ()) if row["resource"]["name"] == resource.name), None)
        if row is None:
            return str(done.get("msg", "it was not run"))
        if row.get("error"):
            return str(row["error"])
        return None if row["changed"] == changed else f"changed is {row['changed']}, not {changed}"

    return problem


def _listed(result: str, *statuses: str, permission: str = "READONLY") -> Callable[[Results, Resource], str | None]:
    """A list by wa_share_info in which the resource has one share with one of these statuses, or without any, none."""

    def problem(results: Results, resource: Resource) -> str | None:
        listed = results.get(result, {})
        if "resources" not in listed:
            return str(listed.get("msg", "it was not run"))
        shares = [
            share for row in listed["resources"] if row["resource"]["name"] == resource.name for share in row["shares"]
        ]
        found = [share["status"] for share in shares]
        if len(found) != bool(statuses) or not set(found) <= set(statuses):
            return f"its shares are {found}, not [{' or '.join(statuses)}]"
        if resource.kind is WORKLOAD and any(share["permission_type"] != permission for share in shares):
            return f"the permissions are {[share['permission_type'] for share in shares]}, not {permission}"
        return None

    return problem


def _answered(result: str, action: str) -> Callable[[Results, Resource], str | None]:
    def problem(results: Results, resource: Resource) -> str | None:
        done = results.get(result, {})
        if "invitations" not in done:
            return str(done.get("msg", "it was not run"))
        found = [row["action"] for row in done["invitations"] if row["resource"]["name"] == resource.name]
        return None if found == [action] else f"what was done is {found}, not {[action]}"

    return problem


def _reported(results: Results, resource: Resource) -> str | None:
    report = results.get("report", {})
    missing = [name for name, text in report.items() if resource.name not in text]
    if not report:
        return "no report was written"
    return f"the report does not name it in {', '.join(missing)}" if missing else None


STEPS = (
    Step("share", _module("share_{kind}", changed=True)),
    Step("list", _listed("listed_shared", "PENDING")),
    Step("reject", _answered("rejected", "rejected")),
    Step("list rejected", _listed("listed_rejected", "REJECTED")),
    Step("leave rejected", _shares("left", changed=False)),
    Step("renew", _shares("renewed", changed=True)),
    Step("accept", _answered("accepted", "accepted")),
    Step("list accepted", _listed("listed_accepted", "ACCEPTED")),
    Step("update", _module("updated", changed=True)),
    Step("share again", _shares("shared_again", changed=False)),
    Step("list updated", _listed("listed_updated", "ACCEPTED", "PENDING", permission="CONTRIBUTOR")),
    Step("report", _reported),
    Step("remove", _module("remove_{kind}", changed=True)),
    Step("list removed", _listed("listed_removed")),
)


def drive(stage: Stage, environment: Mapping[str, str], log: Path) -> dict[str, dict[str, str | None]]:
    """Drive the collection through all steps for all kinds. Returns by step and kind what is wrong, None: nothing.

    What Ansible prints goes to `log`.
    """
    resources: list[Resource] = []
    for kind in KINDS:
        try:
            resources.append(stage.make(kind, WORD))
        except (ClientError, BotoCoreError) as problem:
            return {"make": {kind.name: reason(problem)}}
    with tempfile.TemporaryDirectory() as folder:
        results = _play(stage, resources, environment, Path(folder), log)
    outcome = {
        step.name: {
            resource.kind.name: _without(step.problem(results, resource))
            for resource in resources
            if step.name != "update" or resource.kind is WORKLOAD
        }
        for step in STEPS
    }
    outcome["nothing left"] = {resource.kind.name: _left(stage, resource) for resource in resources}
    for resource in resources:
        stage.remove(resource)
    return outcome


def _without(problem: str | None) -> str | None:
    return problem and without_identifiers(problem)


def _left(stage: Stage, resource: Resource) -> str | None:
    """What AWS itself says of the resource's shares in the end."""
    rows = pages(stage.owner, f"list_{resource.kind.name}_shares", resource.kind.share_summaries, **resource.parameters)
    try:
        left = [row["Status"] for row in rows]
    except (ClientError, BotoCoreError) as problem:
        return reason(problem)
    return f"AWS still lists {left}" if left else None


def _play(
    stage: Stage, resources: list[Resource], environment: Mapping[str, str], folder: Path, log: Path
) -> dict[str, Any]:
    """Run the playbook. Returns the results of its tasks by the names that they are registered under."""
    variables = {
        "names": {resource.kind.name: resource.name for resource in resources},
        "pattern": f"{stage.prefix}{WORD}*",
        "owner": {"id": stage.accounts.owner.id, "profile": stage.accounts.owner.profile},
        "recipient": {"id": stage.accounts.recipient.id, "profile": stage.accounts.recipient.profile},
        "folder": str(folder),
        "patience": int(stage.pace.patience),
        "looks": max(2, int(stage.pace.patience / max(1, stage.pace.pause))),
        "pause": max(1, round(stage.pace.pause)),
    }
    (folder / "variables.json").write_text(json.dumps(variables), encoding="utf-8")
    command = [
        str(Path(sys.executable).with_name("ansible-playbook")),
        str(PLAYBOOK),
        "-e",
        f"@{folder}/variables.json",
    ]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as output:
        # In a session of its own: Ctrl+C is for the run, which ends Ansible and all that it started.
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            process.wait()
        except BaseException:
            _kill(process)
            raise
    results = folder / "results.json"
    found = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    found["report"] = {
        file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("report.*")) if file.is_file()
    }
    return found


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that descend from it, so that nothing changes while resources are removed.

    Ansible's workers are no members of its process group, and outlive it. Without `ps` they finish what they are at.
    """
    process.send_signal(signal.SIGSTOP)
    for pid in [*_descendants(process.pid), process.pid]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def _descendants(pid: int) -> list[int]:
    """The IDs of the processes that descend from a process, children before their own children."""
    try:
        listing = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="], check=False, stdout=subprocess.PIPE, text=True
        ).stdout
    except OSError:
        return []
    children: dict[int, list[int]] = {}
    for line in listing.splitlines():
        child, parent = line.split()
        children.setdefault(int(parent), []).append(int(child))
    found = list(children.get(pid, ()))
    for descendant in found:
        found.extend(children.get(descendant, ()))
    return found


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What Ansible sees: the profiles and no other credentials, and the collection as it is now."""
    sys.path.insert(0, str(ROOT / "tests" / "tools"))
    from collection_tree import collection_tree

    other = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
    other += ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", OWNER, RECIPIENT)
    kept = {name: value for name, value in environment.items() if name not in other and not name.startswith("ANSIBLE_")}
    return {
        **kept,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", os.defpath)]),
        "ANSIBLE_COLLECTIONS_PATH": str(collection_tree("aws").parents[2]),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_NOCOWS": "true",
        "ANSIBLE_PIPELINING": "true",
    }
