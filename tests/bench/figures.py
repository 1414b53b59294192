# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Figures, goals and tables of the benchmark. Nothing here runs anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured thing: a row of a table."""

    name: str
    seconds: float
    """Wall clock of the whole process, the best of ``runs``."""
    runs: int
    calls: int | None = None
    """What the endpoint counted in one run, calls to AWS STS too."""
    peak_mib: float | None = None
    """The largest module process, or the script, at its peak."""
    extrapolated: str = ""
    """From what, where it was not run whole."""
    in_process: float | None = None
    """Seconds without the start of the interpreter and the imports."""
    cpu_seconds: float | None = None
    """CPU of the module processes, or of the script: what other work of the machine changes least."""


@dataclass(frozen=True)
class Goal:
    """A limit that a figure must keep."""

    what: str
    limit: str
    measured: str
    met: bool


def at_most(what: str, measured: float, limit: float, unit: str, where: str = "") -> Goal:
    """A goal that ``measured`` is at most ``limit``. ``where``: what the limit was made from."""
    return Goal(
        what, f"at most {shown(limit, unit)}{where and f' ({where})'}", shown(measured, unit), measured <= limit
    )


def at_least(what: str, measured: float, limit: float, unit: str) -> Goal:
    """A goal that ``measured`` is at least ``limit``."""
    return Goal(what, f"at least {shown(limit, unit)}", shown(measured, unit), measured >= limit)


def at_least_times(what: str, slow: float, fast: float, times: float) -> Goal:
    """A goal that ``fast`` (seconds) is at least ``times`` faster than ``slow``."""
    return Goal(what, f"at least {times:g} x", f"{slow / fast:.1f} x", slow >= times * fast)


def at_most_times(what: str, measured: float, other: float, times: float) -> Goal:
    """A goal that ``measured`` (seconds) is at most ``times`` what ``other`` is."""
    return Goal(what, f"at most {times:g} x", f"{measured / other:.2f} x", measured <= times * other)


def exactly(what: str, measured: Mapping[str, int], expected: Mapping[str, int]) -> Goal:
    """A goal that calls, by operation, are these and no others."""
    return Goal(what, _told_calls(expected), _told_calls(measured), dict(measured) == dict(expected))


def _told_calls(calls: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {operation}" for operation, count in sorted(calls.items()))


def no_faster_than(what: str, unit: str, small: tuple[int, float], large: tuple[int, float]) -> Goal:
    """A goal that a cost grows no faster than what it is for. Both are (how many of the ``unit``, cost)."""
    growth, allowed = large[1] / small[1], large[0] / small[0]
    name = f"{what}, {small[0]:,} to {large[0]:,} {unit}"
    return Goal(name, f"at most {allowed:g} x", f"{growth:.2f} x", growth <= allowed)


def no_faster_than_shares(what: str, small: tuple[int, float], large: tuple[int, float]) -> Goal:
    """A goal that a cost grows no faster than the shares. Both are (shares, cost)."""
    return no_faster_than(what, "shares", small, large)


def extrapolate(small: tuple[int, float], large: tuple[int, float], count: int) -> float:
    """The seconds that ``count`` items take, from two samples (items, seconds): a start, and so much for each item."""
    each = (large[1] - small[1]) / (large[0] - small[0])
    return small[1] + each * (count - small[0])


def shown(value: float, unit: str) -> str:
    if unit in ("calls", "lines", "MiB"):
        return f"{value:,.0f} {unit}"
    return f"{value:,.2f} {unit}"


def figure_rows(figures: Iterable[Figure]) -> list[list[str]]:
    """The header and a row for each figure, as ``table`` takes them."""
    rows = [["what", "time", "CPU", "calls", "memory"]]
    for figure in figures:
        if figure.extrapolated:
            time = f"~{figure.seconds:,.0f} s, extrapolated from {figure.extrapolated}"
        else:
            time = f"{figure.seconds:,.2f} s (best of {figure.runs})" if figure.runs > 1 else f"{figure.seconds:,.2f} s"
        if figure.in_process is not None:
            time += f"; in process {figure.in_process:,.2f} s"
        calls = "" if figure.calls is None else f"{figure.calls:,}"
        memory = "" if figure.peak_mib is None else f"{figure.peak_mib:,.0f} MiB"
        cpu = "" if figure.cpu_seconds is None else f"{figure.cpu_seconds:,.1f} s"
        rows.append([figure.name, time, cpu, calls, memory])
    return rows


def goal_rows(goals: Iterable[Goal]) -> list[list[str]]:
    rows = [["goal", "must be", "is", ""]]
    return rows + [[goal.what, goal.limit, goal.measured, "met" if goal.met else "**missed**"] for goal in goals]


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, laid out so that it reads well as text too. Columns that are all empty are left out."""
    kept = [index for index in range(len(rows[0])) if any(row[index] for row in rows[1:])]
    rows = [[row[index] for index in kept] for row in rows]
    widths = [max(len(row[index]) for row in rows) for index in range(len(kept))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


OWNERS = {
    "this collection": ("ansible_collections.wellarchitected",),
    "amazon.aws": ("ansible_collections",),
    "ansible-core": ("ansible",),
    "boto3 and botocore": ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "certifi", "six"),
}


def imports_by_owner(importtime: str) -> dict[str, float]:
    """Seconds of imports by owner, from what ``python -X importtime`` wrote. What is nobody's is Python's own."""
    seconds = dict.fromkeys([*OWNERS, "Python's library"], 0.0)
    for line in importtime.splitlines():
        mark, _colon, rest = line.partition(":")
        columns = rest.split("|")
        if mark != "import time" or len(columns) != 3 or not columns[0].strip().isdigit():
            continue
        name = columns[2].strip()
        owner = next((owner for owner, prefixes in OWNERS.items() if _is_in(name, prefixes)), "Python's library")
        seconds[owner] += int(columns[0]) / 1e6
    return seconds


def _is_in(name: str, prefixes: Iterable[str]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)
