# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run whole processes against the local endpoint and measure them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collection_tree import CACHE, collection_tree
from tests.emulator.testing import SECRET_KEY

HERE = Path(__file__).parent
LATENCY_MS = 50
REGION = "us-east-1"


@dataclass(frozen=True)
class Run:
    """One process, from its start to its end; the best of several."""

    seconds: float
    calls: int
    output: str
    peak_mib: float | None = None
    """Peak memory of the module process, if it was measured, or of a script that prints its own."""

    @property
    def in_process(self) -> float:
        """Seconds that a script printed: without the start of the interpreter and the imports."""
        return float(json.loads(self.output)["seconds"])


class Stage:
    """The endpoint, and the environment of the processes that run against it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.folder = CACHE / "bench"
        self._modules = self.folder / "modules"
        self._measured_python = self.folder / "measured-python"
        (self.folder / "ansible.cfg").write_text("", encoding="utf-8")
        code = (HERE / "measured_python.py").read_text(encoding="utf-8")
        self._measured_python.write_text(f"#!{sys.executable} -IS\n{code}", encoding="utf-8")
        self._measured_python.chmod(0o755)
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_", "PYTHON"))}
        self._environment = {
            **kept,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_URL": url,
            "AWS_ENDPOINT_URL": url,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_PAGER": "",
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(collection_tree("bench").parents[2]),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "BENCH_PYTHON": sys.executable,
            "BENCH_MODULES": str(self._modules),
        }

    def control(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """Make a request of the endpoint's control API."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._url}/_emulator/{path}", data, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            return json.load(answer)

    def seed(self, **counts: Any) -> None:
        """Reset the endpoint and create these numbers of ``workloads``, ``lenses`` and so on, with ``shares``."""
        self.control("reset", {})
        self.control("seed", {"prefix": "bench-", "region": REGION, **counts})
        self.control("settings", {"latency_ms": LATENCY_MS})

    def run(self, command: Sequence[str | Path]) -> Run:
        """Run a command. The benchmark ends where the command fails."""
        self.control("record", method="DELETE")
        self._modules.unlink(missing_ok=True)
        start = time.perf_counter()
        done = subprocess.run(
            [str(word) for word in command],
            cwd=HERE / "playbooks",
            env=self._environment,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        seconds = time.perf_counter() - start
        if done.returncode:
            sys.exit(f"{done.stdout[-4000:]}\n{' '.join(map(str, command))} ended with {done.returncode}.")
        peak = None
        if self._modules.exists():
            peak = max(int(line) for line in self._modules.read_text(encoding="utf-8").split()) / 1024
        return Run(seconds, self.control("record/summary")["total"], done.stdout, peak)

    def playbook(self, name: str, *arguments: str | Path, memory: bool = False) -> Run:
        """Run a playbook. With ``memory``, the memory of its modules is measured, which takes 20 ms for each."""
        measured = ["-e", f"ansible_python_interpreter={self._measured_python}"] if memory else []
        return self.run(["ansible-playbook", name, *arguments, *measured])

    def write(self, name: str, document: Any) -> Path:
        """Write a JSON file for a run."""
        path = self.folder / name
        path.write_text(json.dumps(document), encoding="utf-8")
        return path
