# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Measure how fast the collection is, against the goals and against the other ways, on the local endpoint.

Usage: python tests/bench/bench.py [--quick] [--no-fail] [--only PART] [--output FILE], by `make bench`.

Everything is run as whole processes, at 50 ms a call, one after the other. Prints the figures and the goals, and writes
them to docs/benchmarks.md. The exit code is 1 if a goal is missed.
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
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from endpoint import endpoint
from figures import (
    Figure,
    Goal,
    at_least,
    at_least_times,
    at_most,
    at_most_times,
    exactly,
    extrapolate,
    figure_rows,
    goal_rows,
    no_faster_than,
    no_faster_than_shares,
    table,
)
from runs import HERE, LATENCY_MS, Run, Stage
from startup import startup_phases

from collection_tree import CACHE, ROOT

OWNER = "123456789012"
WORKLOADS, ACCOUNTS = 20, 10
SHARES = WORKLOADS * ACCOUNTS

EMPTY, EMPTY_AWS = "empty run: one `ping`", "empty AWS run: one `amazon.aws.aws_caller_info`"
FRESH, AGAIN = "fresh", "again"
ROLE, MODULE = "playbook with the role wa_share", "playbook with wa_shares alone"
SEQUENTIAL, THREADS = "boto3 script, sequential", "boto3 script, 8 threads"
LOOPED = "wa_workload_share looped over workloads x accounts"
LOOPED_WORKLOADS = "wa_workload_share looped over workloads"
CLI = "AWS CLI loop"

REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1"]
WORKLOADS_OF_PLACE = 5
PLACES, MANY_THREADS = "playbook with wa_shares", "boto3 script, 32 threads"


class Bench:
    """What was measured so far."""

    def __init__(self, stage: Stage, quick: bool) -> None:
        self.stage = stage
        self.quick = quick
        self.goals: list[Goal] = []
        self.sections: list[tuple[str, str]] = []
        self._started = time.monotonic()

    def rounds(self, count: int) -> int:
        return min(count, 2) if self.quick else count

    def say(self, text: str) -> None:
        print(f"[{time.monotonic() - self._started:4.0f} s] {text}", flush=True)

    def section(self, title: str, *texts: str) -> None:
        self.sections.append((title, "\n\n".join(text for text in texts if text)))


def resources(workloads: int, accounts: int) -> dict[str, Any]:
    """The variables of a run: so many workloads by name, each with so many accounts."""
    shared_with = account_ids(accounts)
    named = [{"workload": f"bench-{number:03d}", "shared_with": shared_with} for number in range(workloads)]
    return {"wa_share_resources": named}


def account_ids(count: int) -> list[str]:
    return [str(200000000000 + number) for number in range(count)]


def best(name: str, runs: list[Run]) -> Figure:
    """The figure of several runs of the same: the fastest. Stops where they differ in the calls they made."""
    if any(run.calls != runs[0].calls for run in runs):
        sys.exit(f"{name}: the runs made different calls: {[run.calls for run in runs]}")
    fastest = min(runs, key=lambda run: run.seconds)
    in_process = None
    if fastest.output.startswith('{"seconds"'):
        in_process = min(json.loads(run.output)["seconds"] for run in runs)
    peak = max((run.peak_mib for run in runs if run.peak_mib), default=None)
    cpu = min((run.cpu_seconds for run in runs if run.cpu_seconds), default=None)
    return Figure(name, fastest.seconds, len(runs), fastest.total_calls, peak, in_process=in_process, cpu_seconds=cpu)


def side_by_side(bench: Bench) -> None:
    """Workloads shared by name with accounts, every way there is, fresh and again."""
    stage = bench.stage
    work = stage.write("resources.json", resources(WORKLOADS, ACCOUNTS))
    script = [sys.executable, HERE / "boto3_script.py", work]
    ways: dict[str, Callable[[], Run]] = {
        ROLE: lambda: stage.playbook("role.yml", "-e", f"@{work}"),
        MODULE: lambda: stage.playbook("module.yml", "-e", f"@{work}"),
        THREADS: lambda: stage.run([*script, "--threads", "8"]),
        SEQUENTIAL: lambda: stage.run(script),
    }
    fresh: dict[str, list[Run]] = {way: [] for way in ways}
    again: dict[str, list[Run]] = {way: [] for way in ways}
    empty: dict[str, list[Run]] = {EMPTY: [], EMPTY_AWS: []}

    stage.playbook("caller.yml")  # Files are read from the disk once, before anything counts.
    bench.say(f"{WORKLOADS} workloads x {ACCOUNTS} accounts, fresh")
    for number in range(bench.rounds(3)):
        for way, run in ways.items():
            if way != SEQUENTIAL or not number:
                stage.set(workloads=WORKLOADS)
                fresh[way].append(run())
    bench.say("again, and empty runs")
    # In turns, so that whatever else the machine does befalls all of them.
    for number in range(bench.rounds(7)):
        empty[EMPTY].append(stage.playbook("ping.yml"))
        empty[EMPTY_AWS].append(stage.playbook("caller.yml"))
        for way, run in ways.items():
            if way != SEQUENTIAL or number < 2:
                again[way].append(run())

    figures = {way: best(way, runs) for way, runs in empty.items()}
    for way in ways:
        for word, runs in ((FRESH, fresh), (AGAIN, again)):
            figures[f"{way}, {word}"] = best(f"{way}, {word}", runs[way])
    for figure in (looped(bench), looped_workloads(bench), cli_loop(bench)):
        figures[figure.name] = figure
    bench.section(f"{WORKLOADS} workloads x {ACCOUNTS} accounts, by name", table(figure_rows(figures.values())))

    role, role_again = figures[f"{ROLE}, {FRESH}"], figures[f"{ROLE}, {AGAIN}"]
    module_again = figures[f"{MODULE}, {AGAIN}"]
    threads, sequential = figures[f"{THREADS}, {FRESH}"], figures[f"{SEQUENTIAL}, {FRESH}"]
    calls = 1 + WORKLOADS
    bench.goals += [
        at_most("role, fresh: time over the 8-thread script", role.seconds - threads.seconds, 1.0, "s"),
        at_least_times("role, fresh: against the sequential script", sequential.seconds, role.seconds, 4),
        at_most("role, again: time over wa_shares alone", role_again.seconds - module_again.seconds, 0.05, "s"),
        at_most(
            "wa_shares alone, again: time over the empty AWS run",
            module_again.seconds - figures[EMPTY_AWS].seconds,
            0.2,
            "s",
        ),
        at_most("role, again: calls", role_again.calls or 0, calls, "calls"),
        at_most("role, fresh: calls", role.calls or 0, calls + SHARES, "calls"),
        at_least_times("role, fresh: against wa_workload_share looped", figures[LOOPED].seconds, role.seconds, 20),
    ]


def looped(bench: Bench) -> Figure:
    bench.say("looped single shares")
    samples = [sample(bench, "looped.yml", 1, accounts) for accounts in (2, ACCOUNTS)]
    return Figure(
        LOOPED, extrapolate(samples[0], samples[1], SHARES), 1, extrapolated=f"2 and {ACCOUNTS} of {SHARES} items"
    )


def looped_workloads(bench: Bench) -> Figure:
    samples = [sample(bench, "looped_workloads.yml", workloads, ACCOUNTS) for workloads in (1, 4)]
    seconds = extrapolate(samples[0], samples[1], WORKLOADS)
    return Figure(LOOPED_WORKLOADS, seconds, 1, extrapolated=f"1 and 4 of {WORKLOADS} items")


def sample(bench: Bench, playbook: str, workloads: int, accounts: int) -> tuple[int, float]:
    """A part of the work, fresh, with all workloads there: (items, seconds)."""
    bench.stage.set(workloads=WORKLOADS)
    work = bench.stage.write("sample.json", resources(workloads, accounts))
    run = bench.stage.playbook(playbook, "-e", f"@{work}")
    return (
        workloads * accounts if workloads == 1 else workloads
    ) if playbook == "looped.yml" else workloads, run.seconds


def cli_loop(bench: Bench) -> Figure:
    bench.say("AWS CLI loop")
    bench.stage.set(workloads=WORKLOADS)
    run = bench.stage.run([HERE / "cli_loop.sh", "bench-000", *account_ids(ACCOUNTS)])
    seconds = run.seconds / run.total_calls * (WORKLOADS + SHARES)
    return Figure(CLI, seconds, 1, WORKLOADS + SHARES, extrapolated=f"1 of {WORKLOADS} workloads")


def growth(bench: Bench) -> None:
    """200, 2,000 and 10,000 shares, through the role and through the module."""
    stage = bench.stage
    sizes = (20, 100) if bench.quick else (20, 200, 1000)
    figures: list[Figure] = []
    for way, playbook in ((ROLE, "role.yml"), (MODULE, "module.yml")):
        costs: list[tuple[int, Figure, Figure]] = []
        for workloads in sizes:
            shares = workloads * ACCOUNTS
            bench.say(f"{shares:,} shares: {way}")
            work = stage.write("growth.json", resources(workloads, ACCOUNTS))
            arguments = (playbook, "-e", f"@{work}")
            stage.set(workloads=workloads)
            run = stage.playbook(*arguments, memory=True)
            bench.goals.append(lines_of_progress(f"{way}, {shares:,} shares, fresh", run))
            fresh = best(f"{way}, {shares:,} shares, fresh", [run])
            again = best(f"{way}, {shares:,} shares, again", [stage.playbook(*arguments, memory=True)])
            figures += [fresh, again]
            costs.append((shares, fresh, again))
            if shares == 10000:
                peak = max(fresh.peak_mib or 0, again.peak_mib or 0)
                bench.goals += [
                    at_most(f"{again.name}: time", again.seconds, 10, "s"),
                    at_most(f"{again.name}: calls", again.calls or 0, 20 + workloads, "calls", "20 pages of workloads"),
                    at_most(f"{way}, 10,000 shares: memory of the module", peak, 100, "MiB"),
                ]
        for (few, *small), (many, *large) in zip(costs, costs[1:]):
            for word, less, more in zip((FRESH, AGAIN), small, large):
                what = f"{way}, {word}"
                bench.goals += [
                    no_faster_than_shares(f"{what}: time", (few, less.seconds), (many, more.seconds)),
                    no_faster_than_shares(f"{what}: calls", (few, less.calls or 0), (many, more.calls or 0)),
                ]
    bench.section(
        "Growth",
        f"{ACCOUNTS} accounts each, every resource with its own list. Memory is the peak of the module process.",
        table(figure_rows(figures)),
    )


def lines_of_progress(name: str, run: Run) -> Goal:
    """Whether a run shows its progress: none where it ends before the first line is due, else one every 5 s or so."""
    lines = run.output.count("progress: [localhost]")
    what = f"{name}: lines of progress"
    return at_most(what, lines, 0, "lines") if run.seconds < 5 else at_least(what, lines, run.seconds // 7, "lines")


def listing(bench: Bench) -> None:
    """wa_share_info on 200 resources with 10 shares each."""
    bench.say("wa_share_info")
    bench.stage.set(workloads=200, shares=account_ids(10))
    runs = [bench.stage.playbook("info.yml") for _round in range(bench.rounds(3))]
    figure = best("playbook with wa_share_info, 200 workloads x 10 shares", runs)
    bench.section("Reading everything", table(figure_rows([figure])))
    bench.goals += [
        at_most("wa_share_info, 2,000 shares: time", figure.seconds, 4, "s"),
        at_most(
            "wa_share_info, 2,000 shares: calls",
            figure.calls or 0,
            4 + 3 + 200,
            "calls",
            "4 pages of workloads, 3 other kinds, 200 lists of shares",
        ),
    ]


def onboarding(bench: Bench) -> None:
    """Accounts of an inventory: shared with and accepted in each."""
    stage, count = bench.stage, 30 if bench.quick else 300
    bench.say(f"onboarding of {count} accounts")
    shared = stage.write("onboarding.json", {"wa_share_resources": [{"lens": "bench-*"}]})
    kinds = {"lenses": 3}  # A lens takes 300 shares; of the other kinds none takes more than 20.

    def onboard(accounts: list[str]) -> Run:
        hosts = inventory(stage, accounts)
        return stage.playbook("wellarchitected.sharing.onboard_accounts", "-i", hosts, "-e", f"@{shared}")

    accounts = account_ids(count)
    stage.set(**kinds)
    missing_one = best(f"{count - 1} accounts x 3 resources, fresh", [onboard(accounts[:-1])])
    with_new = best(f"{count} accounts, 1 of them new", [onboard(accounts)])
    again = best(f"{count} accounts, nothing new", [onboard(accounts) for _round in range(bench.rounds(2))])
    one_host = best(
        "the same shares, 1 account in the inventory", [onboard(accounts[:1]) for _round in range(bench.rounds(2))]
    )
    each_ms = (again.seconds - one_host.seconds) / (count - 1) * 1000

    if count == 300:
        bench.goals.append(at_most(f"onboarding, {again.name}: time", again.seconds, 6, "s"))

    bench.say("onboarding host by host")
    few, many = 5, 15
    samples = []
    for hosts in (few, many):
        stage.set(**kinds, shares=account_ids(hosts))
        each = inventory(stage, account_ids(hosts))
        run = stage.playbook("accept.yml", "-i", each, "-e", json.dumps({"wa_accept_shared_by": [OWNER]}))
        samples.append((hosts, run.seconds))
    by_host = Figure(
        f"only the accepting, the role wa_accept on {count} hosts",
        extrapolate(samples[0], samples[1], count),
        1,
        extrapolated=f"{few} and {many} hosts, 5 forks",
    )
    bench.section(
        f"Onboarding of {count} accounts",
        "`playbooks/onboard_accounts.yml`: three lenses, shared with every account, and accepted there. "
        "A list of a lens's shares has 10 to the page.",
        table(figure_rows([missing_one, with_new, again, one_host, by_host])),
        f"The controller spends {each_ms:.1f} ms on each account that has nothing new.",
    )


def inventory(stage: Stage, accounts: list[str]) -> Path:
    """An inventory with a host for each account."""
    hosts = {f"account-{account}": {"aws_account_id": account} for account in accounts}
    common = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "wa_accept_role_arn": "arn:aws:iam::{{ aws_account_id }}:role/Accept",
    }
    return stage.write("inventory.json", {"accounts": {"hosts": hosts, "vars": common}})


def places(bench: Bench) -> None:
    """Every account shares its workloads, in every region, with one account."""
    figures: list[Figure] = []
    costs: list[dict[str, Figure]] = []
    sizes = (3, 30) if bench.quick else (30, 300)
    for count in sizes:
        of_size = places_of(bench, count)
        costs.append(of_size)
        figures += of_size.values()
    figures.append(one_after_the_other(bench, sizes[-1]))
    for word in (FRESH, AGAIN):
        way = f"{PLACES}, {word}"
        small, large = ((count, of_size[way]) for count, of_size in zip(sizes, costs))
        for what, cost in (("time", seconds_of), ("calls", calls_of)):
            bench.goals.append(
                no_faster_than(
                    f"places, {word}: {what}", "accounts", (small[0], cost(small[1])), (large[0], cost(large[1]))
                )
            )
    bench.section(
        f"{sizes[-1]} accounts x {len(REGIONS)} regions x {WORKLOADS_OF_PLACE} workloads",
        "Every account shares its workloads, in every region, with one account. Both assume each account's role once. "
        "Memory is the peak of the module process, or of the script; CPU is theirs too.",
        table(figure_rows(figures)),
        "One after the other is how danjhd/wa-automate-sharing makes its calls, from one machine; on AWS, its Lambdas "
        "can run side by side.",
    )


def seconds_of(figure: Figure) -> float:
    return figure.seconds


def calls_of(figure: Figure) -> float:
    return figure.calls or 0


def places_of(bench: Bench, count: int) -> dict[str, Figure]:
    """The figures of so many accounts, by way and whether it was fresh. Their goals are added."""
    stage = bench.stage
    work = write_places(stage, count)
    ways: dict[str, Callable[[], Run]] = {
        PLACES: lambda: stage.playbook("places.yml", "-e", f"@{work}", memory=True),
        MANY_THREADS: lambda: stage.run([sys.executable, HERE / "many_places.py", work, "--threads", "32"]),
    }
    resources = count * len(REGIONS) * WORKLOADS_OF_PLACE
    reads = {"AssumeRole": count, "ListWorkloads": count * len(REGIONS), "ListWorkloadShares": resources}
    expected = {FRESH: {**reads, "CreateWorkloadShare": resources}, AGAIN: reads}
    runs: dict[str, list[Run]] = {}
    for way, run in ways.items():
        bench.say(f"{count} accounts x {len(REGIONS)} regions x {WORKLOADS_OF_PLACE} workloads: {way}")
        stage.set(accounts=account_ids(count), regions=REGIONS, workloads=WORKLOADS_OF_PLACE)
        runs[f"{way}, {FRESH}"] = [run()]
        if stage.shares() != resources:
            sys.exit(f"{way}: {stage.shares():,} of {resources:,} shares were made.")
    # In turns, so that whatever else the machine does befalls both.
    for _round in range(bench.rounds(2)):
        for way, run in ways.items():
            runs.setdefault(f"{way}, {AGAIN}", []).append(run())
    name = f"{count} accounts, "
    rows = [f"{way}, {word}" for way in ways for word in (FRESH, AGAIN)]
    figures = {row: as_told(best(name + row, runs[row]), runs[row]) for row in rows}
    for word in (FRESH, AGAIN):
        mine, script = f"{PLACES}, {word}", f"{MANY_THREADS}, {word}"
        if runs[script][0].calls != expected[word]:
            sys.exit(f"{name}{script}: these are not the calls to compare with: {runs[script][0].calls}")
        bench.goals.append(exactly(f"{name}{mine}: calls", runs[mine][0].calls, expected[word]))
        if count == 300:
            bench.goals += [
                at_most_times(
                    f"{name}{word}: wa_shares against the script", figures[mine].seconds, figures[script].seconds, 1.3
                ),
                at_most(f"{name}{mine}: memory of the module", figures[mine].peak_mib or 0, 200, "MiB"),
            ]
        bench.goals.append(lines_of_progress(f"{name}{mine}", runs[mine][0]))
    return figures


def write_places(stage: Stage, count: int) -> Path:
    """The variables of the playbook, which the script reads too."""
    accounts = [
        {"account_id": account, "role_arn": f"arn:aws:iam::{account}:role/Share"} for account in account_ids(count)
    ]
    return stage.write("places.json", {"accounts": accounts, "regions": REGIONS, "shared_with": OWNER})


def as_told(figure: Figure, runs: list[Run]) -> Figure:
    """The figure with the memory and CPU that a script told of itself."""
    if figure.in_process is None:
        return figure
    told = [json.loads(run.output) for run in runs]
    return replace(
        figure,
        peak_mib=max(one["peak_mib"] for one in told),
        cpu_seconds=min(one["cpu_seconds"] for one in told),
    )


def one_after_the_other(bench: Bench, count: int) -> Figure:
    """What so many accounts take with one call after the other, fresh."""
    bench.say("one account after the other")
    few, many = 1, 3
    samples = []
    for accounts in (few, many):
        bench.stage.set(accounts=account_ids(accounts), regions=REGIONS, workloads=WORKLOADS_OF_PLACE)
        work = write_places(bench.stage, accounts)
        run = bench.stage.run([sys.executable, HERE / "many_places.py", work, "--threads", "1"])
        samples.append((accounts, run.seconds))
    return Figure(
        f"{count} accounts, boto3 script, one after the other, fresh",
        extrapolate(samples[0], samples[1], count),
        1,
        extrapolated=f"{few} and {many} accounts",
    )


def events(bench: Bench) -> None:
    """From an event in the queue to the accepted share, on a rulebook that waits."""
    rounds = bench.rounds(5)
    bench.say(f"the rulebook workload_created, {rounds} events")
    command = [sys.executable, "-m", "tests.events.measure", str(rounds), str(LATENCY_MS)]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, text=True)
    taken = json.loads(done.stdout)
    bench.section(
        "From an event to the share",
        f"A workload's event in the queue, of {rounds} accounts one after the other, until the hub has accepted the "
        "workload. Five seconds of each are the window in which the rulebook gathers events of one account.",
        table([["fastest", "slowest"], [f"{min(taken):.1f} s", f"{max(taken):.1f} s"]]),
    )


def startup(bench: Bench) -> None:
    """Where the time of a run that changes nothing goes."""
    bench.say("where a one-task run spends its time")
    bench.stage.set(workloads=WORKLOADS, shares=account_ids(ACCOUNTS))
    work = bench.stage.write("resources.json", resources(WORKLOADS, ACCOUNTS))
    ours = startup_phases(bench.stage, bench.rounds(7), "module.yml", "-e", f"@{work}")
    empty = dict(startup_phases(bench.stage, bench.rounds(7), "caller.yml"))
    columns = [(phase, seconds, empty[phase]) for phase, seconds in ours]
    columns.append(("**all**", sum(seconds for _phase, seconds in ours), sum(empty.values())))
    bench.section(
        "Where the time of a run goes",
        f"`wa_shares` alone on {WORKLOADS} workloads x {ACCOUNTS} accounts, nothing to do, beside the empty AWS run: "
        "of each the fastest run, phase by phase. Measuring slows them down by some 5 %, mostly the imports. The "
        "difference is the collection's own, and the calls.",
        table(
            [
                ["phase", "wa_shares, ms", "empty AWS run, ms"],
                *([phase, f"{mine * 1000:,.0f}", f"{others * 1000:,.0f}"] for phase, mine, others in columns),
            ]
        ),
    )


def machine() -> str:
    """What the figures depend on."""
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("ansible-core", "boto3", "botocore", "awscli")
    )
    return (
        f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, Python {platform.python_version()}, "
        f"{versions}; {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}."
    )


def document(bench: Bench) -> str:
    """docs/benchmarks.md"""
    intro = (
        "<!-- Written by `make bench`: do not edit. -->\n\n# Benchmarks\n\n"
        f"Every figure is the wall clock of a whole process (Python start, imports, everything), on the local "
        f"endpoint at {LATENCY_MS} ms a call, all in one run of `make bench` on one machine. "
        "Calls are what the endpoint counted. Fresh: nothing is shared yet. Again: everything is as declared.\n\n"
        f"Measured on: {machine()}"
    )
    goals = "## Goals\n\n" + table(goal_rows(bench.goals))
    sections = [f"## {title}\n\n{text}" for title, text in bench.sections]
    return "\n\n".join([intro, goals, *sections]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller sizes; writes no file of itself")
    parser.add_argument("--no-fail", action="store_true", help="exit with 0 even if a goal is missed")
    parser.add_argument("--output", type=Path, help="the file to write; docs/benchmarks.md unless --quick")
    parser.add_argument("--only", choices=[part.__name__ for part in PARTS], action="append", help="only these parts")
    arguments = parser.parse_args()
    output = arguments.output or (None if arguments.quick or arguments.only else ROOT / "docs" / "benchmarks.md")
    with endpoint(CACHE / "bench") as url:
        bench = Bench(Stage(url), arguments.quick)
        for part in PARTS:
            if not arguments.only or part.__name__ in arguments.only:
                part(bench)
    text = document(bench)
    print(f"\n{text}")
    if output:
        output.parent.mkdir(exist_ok=True)
        output.write_text(text, encoding="utf-8")
    missed = [goal for goal in bench.goals if not goal.met]
    bench.say(f"{len(bench.goals) - len(missed)} goals met, {len(missed)} missed")
    if missed and not arguments.no_fail:
        sys.exit(1)


PARTS = (side_by_side, growth, listing, onboarding, places, events, startup)


if __name__ == "__main__":
    main()
