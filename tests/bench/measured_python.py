# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An interpreter for modules that notes of each module process its memory at its peak, its CPU, and how long it ran.

bench.py writes it out with a first line that makes it executable, as ansible_python_interpreter. The module itself runs
in an ordinary Python (BENCH_PYTHON) of its own; its figures are added to the file BENCH_MODULES, a JSON object a line.
With BENCH_PHASES, the module runs under module_phases.py, which notes where the time goes.
"""

import json
import os
import sys
import time

python = os.environ["BENCH_PYTHON"]
command = [python, *sys.argv[1:]]
actions = []
if "BENCH_PHASES" in os.environ:
    command = [python, "-X", "importtime", os.environ["BENCH_MODULE_PHASES"], *sys.argv[1:]]
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [(os.POSIX_SPAWN_OPEN, 2, os.environ["BENCH_IMPORTS"], flags, 0o600)]
start = time.monotonic()
pid = os.posix_spawn(python, command, os.environ, file_actions=actions)
_pid, status, usage = os.wait4(pid, 0)
end = time.monotonic()
with open(os.environ["BENCH_MODULES"], "a", encoding="utf-8") as notes:
    used = {"peak_kib": usage.ru_maxrss, "cpu_seconds": usage.ru_utime + usage.ru_stime}
    print(json.dumps({"start": start, "end": end, **used}), file=notes)
sys.exit(os.waitstatus_to_exitcode(status))
