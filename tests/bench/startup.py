# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a one-task run spends its time, from the start of ansible-playbook to its end."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from figures import imports_by_owner
from runs import HERE, Stage


def startup_phases(stage: Stage, rounds: int, *arguments: str) -> list[tuple[str, float]]:
    """The phases of the fastest of ``rounds`` runs, each with its seconds; they add up to that whole run.

    The measuring itself makes the run some 5 % slower, most of it in the imports.
    """
    return min(
        (_phases(stage, arguments) for _round in range(rounds)),
        key=lambda phases: sum(seconds for _phase, seconds in phases),
    )


def _phases(stage: Stage, arguments: tuple[str, ...]) -> list[tuple[str, float]]:
    notes, imports = stage.folder / "phases.jsonl", stage.folder / "imports"
    notes.unlink(missing_ok=True)
    interpreter = f"ansible_python_interpreter={stage.measured_python}"
    command = [sys.executable, HERE / "controller_phases.py", *arguments, "-e", interpreter]
    start = time.monotonic()
    run = stage.run(command, BENCH_PHASES=str(notes), BENCH_IMPORTS=str(imports))
    end = start + run.seconds
    events = {event["event"]: event for event in _lines(notes)}
    at = {name: event["at"] for name, event in events.items() if "at" in event}
    module, process = events["module"], _lines(stage.modules)[0]
    _before, _mark, imported = imports.read_text(encoding="utf-8").partition("started\n")
    by_owner = imports_by_owner(imported)
    python_imports = by_owner.pop("Python's library")
    inside = process["end"] - module["started"]
    known = sum(by_owner.values()) + python_imports + module["client"] + module["calls"]
    return [
        ("controller: start Python, import ansible-core", at["imported"] - start),
        ("controller: inventory, playbook, variables, up to the task", at["packaging"] - at["imported"]),
        ("controller: package the module", at["packaged"] - at["packaging"]),
        ("controller: copy the package, start the process", process["start"] - at["packaged"]),
        ("module: start Python", module["started"] - process["start"]),
        ("module: imports, Python's library", python_imports),
        *((f"module: imports, {owner}", seconds) for owner, seconds in reversed(by_owner.items())),
        ("module: make the client (boto3)", module["client"]),
        ("module: calls, from the first to the last", module["calls"]),
        ("module: unpack, read the options, plan, answer, end", inside - known),
        ("controller: read the answer, clean up, recap, end", end - process["end"]),
    ]


def _lines(path: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
