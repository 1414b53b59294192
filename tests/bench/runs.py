# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Running whole processes against the endpoint, timed, and setting the endpoint's scene for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collection_tree import CACHE, collection_tree
from tests.emulator.testing import SECRET_KEY

HERE = Path(__file__).parent
PLAYBOOKS = HERE / "playbooks"
LATENCY_MS = 50
REGION = "us-east-1"


@dataclass(frozen=True)
class Run:
    """One process, run to its end."""

    seconds: float
    output: str
    calls: dict[str, int]
    """By operation, as the endpoint counted them."""
    peak_mib: float | None
    """The largest module process, where that was asked for."""
    cpu_seconds: float | None = None
    """Of all module processes, where that was asked for."""

    @property
    def total_calls(self) -> int:
        return sum(self.calls.values())


class Stage:
    """The endpoint, and the environment of the processes that are run against it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.folder = CACHE / "bench"
        self.modules = self.folder / "modules.jsonl"
        self.measured_python = self.folder / "measured-python"
        self.environment = _environment(url)
        self.environment["BENCH_MODULES"] = str(self.modules)
        (self.folder / "ansible.cfg").write_text("", encoding="utf-8")
        self.environment["ANSIBLE_CONFIG"] = str(self.folder / "ansible.cfg")
        wrapper = (HERE / "measured_python.py").read_text(encoding="utf-8")
        self.measured_python.write_text(f"#!{sys.executable} -IS\n{wrapper}", encoding="utf-8")
        self.measured_python.chmod(0o755)

    def control(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """Ask the endpoint's control API."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._url}/_emulator/{path}", data, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            return json.load(answer)

    def set(self, **counts: Any) -> None:
        """Begin anew with so many ``workloads``, ``templates`` and so on, and ``shares``, as the seed takes them."""
        self.control("reset", {})
        self.control("seed", {"prefix": "bench-", "region": REGION, **counts})
        self.control("settings", {"latency_ms": LATENCY_MS})

    def shares(self) -> int:
        """How many shares there are."""
        return len(self.control("shares")["shares"])

    def run(self, command: Sequence[str | Path], **environment: str) -> Run:
        """Run a command to its end. Stops the benchmark where it fails: then nothing it measures means anything."""
        self.control("record", method="DELETE")
        self.modules.unlink(missing_ok=True)
        output = self.folder / "output"
        with output.open("w", encoding="utf-8") as log:
            start = time.perf_counter()
            process = subprocess.Popen(
                [str(word) for word in command],
                cwd=PLAYBOOKS,
                env={**self.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            exit_code = process.wait()
            seconds = time.perf_counter() - start
        text = output.read_text(encoding="utf-8")
        if exit_code:
            sys.exit(f"{text[-4000:]}\n{' '.join(map(str, command))} ended with {exit_code}.")
        calls = self.control("record/summary")["by_operation"]
        modules = self._modules()
        return Run(
            seconds,
            text,
            calls,
            max((module["peak_kib"] / 1024 for module in modules), default=None),
            sum(module["cpu_seconds"] for module in modules) if modules else None,
        )

    def playbook(self, name: str, *arguments: str | Path, memory: bool = False, **environment: str) -> Run:
        """Run a playbook. With ``memory``, its modules run in Pythons that are measured, 20 ms slower each."""
        measured = ["-e", f"ansible_python_interpreter={self.measured_python}"] if memory else []
        return self.run(["ansible-playbook", name, *arguments, *measured], **environment)

    def write(self, name: str, document: Any) -> Path:
        """Write a JSON file, which is YAML too, for a run."""
        path = self.folder / name
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    def _modules(self) -> list[dict[str, float]]:
        """What was noted of each module process."""
        with suppress(FileNotFoundError):
            return [json.loads(line) for line in self.modules.read_text(encoding="utf-8").splitlines()]
        return []


def _environment(url: str) -> dict[str, str]:
    """What the processes see: nothing of the user's AWS and Ansible settings, and the collection as it is now."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_", "PYTHON"))}
    return {
        **kept,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_URL": url,
        "AWS_ENDPOINT_URL": url,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "ANSIBLE_COLLECTIONS_PATH": str(collection_tree("bench").parents[2]),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOWS": "true",
        "BENCH_PYTHON": sys.executable,
        "BENCH_MODULE_PHASES": str(HERE / "module_phases.py"),
    }
