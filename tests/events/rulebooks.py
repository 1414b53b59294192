# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ansible-rulebook as users run it: the collection from its archive, a queue, and the local endpoint as AWS."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from archive import build, galaxy

from tests.emulator.front import Front
from tests.emulator.server import Server
from tests.emulator.testing import PASSED as KEYS

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv-events"
EVENTS = ROOT / "tests" / "examples" / "events"
HUB = "123456789012"
READY_SECONDS = 120
#: how long any effect of a run may take to show
PATIENCE_SECONDS = 180
JAVA_VERSION = 17
#: what ansible-rulebook's log says of a rule that matched after its time window
MATCH = "Writing payload on the async channel"


def delivered(name: str, region: str, account: str | None = None, **changes: Any) -> dict[str, Any]:
    """An event as EventBridge delivers it, with another Region and account."""
    document = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return {**document, "account": account or document["account"], "region": region, **changes}


def spokes(accounts: Mapping[str, str]) -> dict[str, Any]:
    """The inventory of accounts to collect workloads from. ``accounts``: IDs by host."""
    role = "arn:aws:iam::{{ aws_account_id }}:role/WellArchitectedShare"
    hosts = {host: {"aws_account_id": account} for host, account in accounts.items()}
    return {"accounts": {"hosts": hosts, "vars": {"wa_share_role_arn": role}}}


def java_version() -> int:
    """The major version of the installed Java, 0 without one."""
    java = shutil.which("java", path=f"{os.environ.get('JAVA_HOME', '')}/bin:{os.environ['PATH']}")
    if java is None:
        return 0
    output = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', output)
    return int(found[1]) if found else 0


def wait_for(what: str, is_there: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """Wait until `is_there` returns something true, and return that."""
    deadline = time.monotonic() + seconds
    while not (found := is_there()):
        assert time.monotonic() < deadline, f"After {seconds:.0f} s there is no {what}"
        time.sleep(0.1)
    return found


class Endpoint:
    """The local endpoint in this process. It can stop for a while and keeps its state."""

    def __init__(self) -> None:
        self.front = Front()
        self.front.reset()
        self._server = Server(self.front)
        self._server.start()
        self.url = self._server.url

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server = Server(self.front, port=self._server.port)
        self._server.start()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Queue:
    """A queue of moto's SQS, in its own process."""

    def __init__(self, name: str, folder: Path):
        self.name = name
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._log = (folder / "sqs.log").open("w", encoding="utf-8")
        self._client = boto3.client("sqs", endpoint_url=self.url, region_name="us-east-1", **KEYS)
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.events.sqs", str(self._port)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=self._log, stderr=subprocess.STDOUT)
        wait_for("SQS", self._answers)
        self._url = self._client.create_queue(QueueName=self.name)["QueueUrl"]

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def send(self, *bodies: Any) -> None:
        """Put messages into the queue, as EventBridge does. Strings go in unchanged."""
        texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
        for start in range(0, len(texts), 10):
            entries = [{"Id": str(i), "MessageBody": text} for i, text in enumerate(texts[start : start + 10])]
            self._client.send_message_batch(QueueUrl=self._url, Entries=entries)

    def is_empty(self) -> bool:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return all(int(counts[name]) == 0 for name in names)

    def stop(self) -> None:
        """Stop SQS, which loses the messages of the queue."""
        self._process.terminate()
        self._process.wait()


class Rulebook:
    """A rulebook that runs."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._path = folder / "rulebook.log"

    def log(self) -> str:
        return self._path.read_text(encoding="utf-8")

    def started(self) -> int:
        """The number of runs that the rules started."""
        return self.log().count(MATCH)

    def repeated(self) -> int:
        """The number of repeated runs, after failures."""
        return self.log().count("Previous run_playbook failed")

    def ended(self) -> int:
        """The number of runs that ended. A run with its repetitions counts once."""
        return self.log().count("PLAY RECAP") - self.repeated()

    def started_for(self, account: str) -> int:
        """The number of started runs that name the account."""
        return sum(MATCH in line and f'"{account}"' in line for line in self.log().splitlines())

    def dropped(self) -> int:
        return self.log().count("Dropped message ")


def collections(folder: Path) -> Path:
    """A collections path with the collection, installed from its archive, and the amazon.aws that has event sources."""
    path = folder / "collections"
    shutil.copytree(VENV / "collections", path, symlinks=True)
    galaxy("install", "--offline", "--collections-path", str(path), str(build(folder / "archive")))
    return path


@contextmanager
def running(
    name: str,
    folder: Path,
    path: Path,
    inventory: Mapping[str, Any],
    variables: Mapping[str, Any],
    url: str,
    *more: str,
) -> Iterator[Rulebook]:
    """Run the rulebook `name` of the collection, with AWS at `url`, until the end of the context."""
    # A folder, as with the inventory plugin and group_vars.
    settings = folder / "inventory" / "group_vars"
    settings.mkdir(parents=True)
    for group, content in inventory.items():
        (settings / f"{group}.yml").write_text(json.dumps(content["vars"]), encoding="utf-8")
    hosts = {group: {"hosts": content["hosts"]} for group, content in inventory.items()}
    (folder / "inventory" / "accounts.yml").write_text(json.dumps(hosts), encoding="utf-8")
    (folder / "events.yml").write_text(json.dumps(variables), encoding="utf-8")
    command = [
        str(VENV / "bin" / "ansible-rulebook"),
        *("--rulebook", f"wellarchitected.sharing.{name}", "--inventory", "inventory", "--vars", "events.yml"),
        *("--persistence-id", name, "--verbose", *more),
    ]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_", "EDA_"))}
    environment = {
        **kept,
        "PATH": f"{VENV / 'bin'}:{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(path),
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": KEYS["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": KEYS["aws_secret_access_key"],
        # As in the guide: SQS may be unreachable for a while.
        "AWS_RETRY_MODE": "standard",
        "AWS_MAX_ATTEMPTS": "20",
        "PYTHONUNBUFFERED": "1",
    }
    with (folder / "rulebook.log").open("w", encoding="utf-8") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
    rulebook = Rulebook(folder)
    try:
        wait_for(
            "rulebook", lambda: process.poll() is not None or "Waiting for events" in rulebook.log(), READY_SECONDS
        )
        assert process.poll() is None, rulebook.log()
        yield rulebook
        assert process.poll() is None, rulebook.log()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
