# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run parts of the test suite, two at a time, and say at the end which passed.

Usage: python tests/tools/parts.py [--note] PART... [-- COMMAND...]

Each PART is added to the COMMAND (default: make) and run. What a part prints appears in one piece when it ends. The
longest parts are best named first. Ends with a line for each part, the time of all, and the line `N passed, N failed`;
the exit code is 1 where a part failed. With --note, `make release` will know that these files passed.
"""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from tested import fingerprint, note

AT_ONCE = 2


@dataclass(frozen=True)
class Outcome:
    """How a part ended."""

    part: str
    exit_code: int
    seconds: float
    output: str

    @property
    def line(self) -> str:
        """Return the line for the summary."""
        word = "passed" if self.exit_code == 0 else f"FAILED (exit code {self.exit_code})"
        return f"{self.part:<12} {self.seconds:5.0f} s  {word}"


def run_part(part: str, command: list[str], running: list[subprocess.Popen[str]]) -> Outcome:
    """Run one part to its end. It is among the running ones meanwhile."""
    start = time.monotonic()
    with subprocess.Popen(
        [*command, part],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        running.append(process)
        output, _nothing = process.communicate()
        running.remove(process)
    return Outcome(part, process.returncode, time.monotonic() - start, output)


def main(parts: list[str], command: list[str], noted: bool) -> int:
    """Run the parts, print what they print, and return the exit code."""
    start = time.monotonic()
    before = fingerprint() if noted else ""
    outcomes: dict[str, Outcome] = {}
    running: list[subprocess.Popen[str]] = []

    def stop(number: int, _frame: object) -> None:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in running:
            process.send_signal(number)
        sys.exit(128 + number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        signal.signal(signal.SIGTERM, stop)
        for future in as_completed([pool.submit(run_part, part, command, running) for part in parts]):
            outcome = future.result()
            outcomes[outcome.part] = outcome
            print(f"==== {outcome.part}\n{outcome.output.rstrip()}\n", flush=True)
    print("==== summary")
    for part in parts:
        print(outcomes[part].line)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    print(f"{'all':<12} {time.monotonic() - start:5.0f} s, and {cpu:.0f} s of processors' time")
    failed = sum(outcome.exit_code != 0 for outcome in outcomes.values())
    print(f"{len(parts) - failed} passed, {failed} failed")
    if noted and not failed:
        note(before)
    return 1 if failed else 0


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--note"]
    split = words.index("--") if "--" in words else len(words)
    try:
        sys.exit(main(words[:split], words[split + 1 :] or ["make"], "--note" in sys.argv))
    except KeyboardInterrupt:  # The parts were interrupted with it.
        sys.exit(130)
