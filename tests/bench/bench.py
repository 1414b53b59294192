# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Measure how fast the collection is, compared with boto3 scripts and AWS CLI loops, on the local endpoint.

Usage: python tests/bench/bench.py [--quick] [--only PART], by `make bench`.

Every run is a whole process, at 50 ms a call, one after the other. The table goes to docs/dev/benchmarks.md, all runs
to build/benchmarks.json. The exit code is 1 where a goal is missed. With --quick, sizes are smaller and the table is
printed only.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from endpoint import endpoint
from runs import HERE, LATENCY_MS, Run, Stage

from collection_tree import CACHE, ROOT

OWNER = "123456789012"
REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1"]
Way = Callable[[], Run]


class Bench:
    """The rows of the table, and every run."""

    def __init__(self, stage: Stage, quick: bool) -> None:
        self.stage = stage
        self.quick = quick
        self.rows: list[list[str]] = []
        self.runs: dict[str, list[float]] = {}
        self.missed: list[str] = []

    def best(self, name: str, way: Way, rounds: int = 1) -> Run:
        """Run this way several times, and return the fastest."""
        runs = [way() for _round in range(1 if self.quick else rounds)]
        self.runs.setdefault(name, []).extend(run.seconds for run in runs)
        return min(runs, key=lambda run: run.seconds)

    def row(self, name: str, run: Run | float, note: str = "", *goals: tuple[str, bool]) -> None:
        """Add a row: a run, or seconds that were calculated, with its goals and whether each is met."""
        if isinstance(run, Run):
            memory = f"{run.peak_mib:,.0f} MiB" if run.peak_mib else ""
            cells = [f"{run.seconds:,.2f} s", f"{run.calls:,}", memory]
        else:
            cells = [f"about {run:,.0f} s", "", ""]
        words = "; ".join(goal if met else f"**missed**: {goal}" for goal, met in goals)
        self.rows.append([name, *cells, "; ".join(filter(None, (words, note)))])
        self.missed += [f"{name}: {goal}" for goal, met in goals if not met]
        print(" | ".join(self.rows[-1]), flush=True)


def at_most(value: float, limit: float, unit: str, what: str = "") -> tuple[str, bool]:
    """A goal: in words, and whether it is met."""
    digits = 2 if unit == "s" else 0
    return f"{what or 'goal'} at most {limit:,.{digits}f} {unit} ({value:,.{digits}f})", value <= limit


def account_ids(count: int) -> list[str]:
    return [str(200000000000 + number) for number in range(count)]


def resources(workloads: int, accounts: int = 10) -> dict[str, Any]:
    """The variables of a run: this number of workloads by name, each shared with this number of accounts."""
    shared_with = account_ids(accounts)
    named = [{"workload": f"bench-{number:03d}", "shared_with": shared_with} for number in range(workloads)]
    return {"wa_share_resources": named}


def extrapolate(small: tuple[int, float], large: tuple[int, float], count: int) -> float:
    """Seconds for ``count`` items, from two samples (items, seconds)."""
    return small[1] + (large[1] - small[1]) / (large[0] - small[0]) * (count - small[0])


def one_account(bench: Bench) -> None:
    """20 workloads shared by name with 10 accounts, in each way."""
    stage, workloads = bench.stage, 20
    work = stage.write("resources.json", resources(workloads))
    script = [sys.executable, HERE / "boto3_script.py", work]
    ways: dict[str, Way] = {
        "sequential": lambda: stage.run(script),
        "threads": lambda: stage.run([*script, "--threads", "8"]),
        "module": lambda: stage.playbook("module.yml", "-e", f"@{work}"),
        "role": lambda: stage.playbook("role.yml", "-e", f"@{work}"),
    }
    stage.playbook("caller.yml")  # The first run reads files from the disk.
    fresh: dict[str, Run] = {}
    again: dict[str, Run] = {}
    empty: Run | None = None
    # In turns, so that other load of the machine affects all ways.
    for _round in range(1 if bench.quick else 5):
        found = bench.best("empty", lambda: stage.playbook("caller.yml"))
        empty = min(empty or found, found, key=lambda run: run.seconds)
        for name, way in ways.items():
            stage.seed(workloads=workloads)
            for word, runs in (("fresh", fresh), ("again", again)):
                run = bench.best(f"{name}, {word}", way)
                runs[name] = min(runs.get(name, run), run, key=lambda run: run.seconds)
    assert empty
    size = f"{workloads} workloads x 10 accounts: "
    bench.row("Empty task: `amazon.aws.aws_caller_info`", empty)
    for name, words in (("sequential", "boto3 script, sequential"), ("threads", "boto3 script, 8 threads")):
        run = fresh[name]
        bench.row(f"{size}{words}, fresh", run, f"{run.in_process:.2f} s without Python's start")
    for word, runs, calls in (("fresh", fresh, 221), ("again", again, 21)):
        role = runs["role"]
        limit = empty.seconds + runs["threads"].in_process + 0.25
        goals = [at_most(role.seconds, limit, "s"), at_most(role.calls, calls, "calls")]
        if word == "fresh":
            goals.append(at_most(3 * role.seconds, runs["sequential"].seconds, "s", "3 times as long:"))
        bench.row(f"{size}role wa_share, {word}", role, "", *goals)
    module, role = again["module"], again["role"]
    over = [at_most(module.seconds - empty.seconds, 0.3, "s", "over the empty task,")]
    over.append(at_most(role.seconds - module.seconds, 0.15, "s", "role over it,"))
    bench.row(f"{size}wa_shares alone, again", module, "", *over)

    samples = []
    for accounts in (2, 10):
        stage.seed(workloads=workloads)
        sample = stage.write("sample.json", resources(1, accounts))
        samples.append((accounts, stage.playbook("looped.yml", "-e", f"@{sample}").seconds))
    bench.row(f"{size}wa_workload_share looped, fresh", extrapolate(*samples, count=10 * workloads), "extrapolated")
    stage.seed(workloads=workloads)
    loop = stage.run([HERE / "cli_loop.sh", "bench-000", *account_ids(10)])
    bench.row(f"{size}AWS CLI loop, fresh", loop.seconds * workloads, "extrapolated")


def many_shares(bench: Bench) -> None:
    """10,000 shares of one account, and listing 2,000."""
    stage, workloads = bench.stage, 20 if bench.quick else 1000
    work = stage.write("growth.json", resources(workloads))
    stage.seed(workloads=workloads)
    size = f"{workloads * 10:,} shares, one account: role wa_share"
    ways = {
        word: bench.best(f"{size}, {word}", lambda: stage.playbook("role.yml", "-e", f"@{work}", memory=True))
        for word in ("fresh", "again")
    }
    bench.row(f"{size}, fresh", ways["fresh"], "", at_most(ways["fresh"].peak_mib or 0, 100, "MiB"))
    again = ways["again"]
    bench.row(f"{size}, again", again, "", at_most(again.seconds, 12, "s"), at_most(again.calls, 1020, "calls"))
    stage.seed(workloads=200, shares=account_ids(10))
    bench.row("2,000 shares: wa_share_info", bench.best("info", lambda: stage.playbook("info.yml"), 3))


def many_places(bench: Bench) -> None:
    """Every account shares 5 workloads in each of 4 Regions with one account."""
    for count in (3, 30) if bench.quick else (30, 300):
        accounts_and_regions(bench, count)


def accounts_and_regions(bench: Bench, count: int) -> None:
    stage = bench.stage
    roles = [{"account_id": each, "role_arn": f"arn:aws:iam::{each}:role/Share"} for each in account_ids(count)]
    work = stage.write("places.json", {"accounts": roles, "regions": REGIONS, "shared_with": OWNER})
    ways: dict[str, Way] = {
        "boto3 script, 32 threads": lambda: stage.run([sys.executable, HERE / "many_places.py", work]),
        "wa_shares": lambda: stage.playbook("places.yml", "-e", f"@{work}", memory=True),
    }
    shares = count * len(REGIONS) * 5
    measured: dict[tuple[str, str], Run] = {}
    for way, run in ways.items():
        stage.seed(accounts=account_ids(count), regions=REGIONS, workloads=5)
        for word in ("fresh", "again"):
            measured[way, word] = bench.best(f"{count} accounts: {way}, {word}", run, 2 if word == "again" else 1)
        if len(stage.control("shares")["shares"]) != shares:
            sys.exit(f"{way} did not create {shares:,} shares.")
    for word in ("fresh", "again"):
        script, mine = measured["boto3 script, 32 threads", word], measured["wa_shares", word]
        size = f"{count} accounts x 4 Regions x 5 workloads: "
        bench.row(f"{size}boto3 script, 32 threads, {word}", script)
        calls = count + count * len(REGIONS) + shares * (2 if word == "fresh" else 1)
        goals = [at_most(mine.seconds, script.seconds + (2 if count < 300 else 0), "s")]
        goals += [at_most(mine.calls, calls, "calls"), at_most(mine.peak_mib or 0, 200, "MiB")]
        bench.row(f"{size}wa_shares, {word}", mine, "", *goals)


def onboarding(bench: Bench) -> None:
    """Three lenses shared with every account of an inventory, and accepted there."""
    stage, count = bench.stage, 30 if bench.quick else 300
    shared = stage.write("onboarding.json", {"wa_onboard_resources": [{"lens": "bench-*"}]})
    hosts = {f"account-{account}": {"aws_account_id": account} for account in account_ids(count)}
    common = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "wa_accept_role_arn": "arn:aws:iam::{{ aws_account_id }}:role/Accept",
    }
    inventory = stage.write("inventory.json", {"accounts": {"hosts": hosts, "vars": common}})
    playbook = ("wellarchitected.sharing.onboard_accounts", "-i", inventory, "-e", f"@{shared}")
    stage.seed(lenses=3)
    for word, limit in (("fresh", 20), ("again", 4)):
        run = bench.best(f"onboarding, {word}", lambda: stage.playbook(*playbook), 2 if word == "again" else 1)
        bench.row(f"Onboarding, {count} accounts x 3 lenses, {word}", run, "", at_most(run.seconds, limit, "s"))


def events(bench: Bench) -> None:
    """From a workload's event in the queue to the share that the hub has accepted."""
    command = [sys.executable, "-m", "tests.events.measure", "2" if bench.quick else "5", str(LATENCY_MS)]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, text=True)
    seconds = json.loads(done.stdout)
    bench.runs["event"] = seconds
    bench.row("From an event to the accepted share", max(seconds), "the slowest; 5 s of it collect events")


PARTS = (one_account, many_shares, many_places, onboarding, events)


def document(bench: Bench) -> str:
    """The text of docs/dev/benchmarks.md."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("ansible-core", "boto3", "awscli"))
    lines = ["| what | time | calls | memory | goals and notes |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(row)} |" for row in bench.rows]
    return (
        "<!-- Written by `make bench`: do not edit. -->\n\n# Benchmarks\n\n"
        f"Wall-clock time of whole processes on the local endpoint at {LATENCY_MS} ms a call, the best of several "
        "runs. Fresh: nothing is shared. Again: nothing is to change. Memory is the peak of the module process.\n\n"
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {versions}; {datetime.date.today()}.\n\n"
    ) + "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer runs and smaller sizes; writes no file")
    parser.add_argument("--only", choices=[part.__name__ for part in PARTS], action="append", help="only these parts")
    arguments = parser.parse_args()
    with endpoint(CACHE / "bench") as url:
        bench = Bench(Stage(url), arguments.quick)
        for part in PARTS:
            if not arguments.only or part.__name__ in arguments.only:
                part(bench)
    details = ROOT / "build" / "benchmarks.json"
    details.parent.mkdir(exist_ok=True)
    details.write_text(json.dumps(bench.runs, indent=1), encoding="utf-8")
    if not arguments.quick and not arguments.only:
        Path(ROOT, "docs", "dev", "benchmarks.md").write_text(document(bench), encoding="utf-8")
    print(*(f"Missed: {goal}" for goal in bench.missed), sep="\n")
    sys.exit(1 if bench.missed else 0)


if __name__ == "__main__":
    main()
