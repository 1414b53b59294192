# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An interpreter for modules that writes down the peak memory of each module process.

bench.py adds a first line that makes this file executable, and names it as ansible_python_interpreter. The module runs
in an ordinary Python (BENCH_PYTHON); its memory (KiB) is appended to the file BENCH_MODULES.
"""

import os
import sys

python = os.environ["BENCH_PYTHON"]
pid = os.posix_spawn(python, [python, *sys.argv[1:]], os.environ)
_pid, status, usage = os.wait4(pid, 0)
with open(os.environ["BENCH_MODULES"], "a", encoding="utf-8") as notes:
    print(usage.ru_maxrss, file=notes)
sys.exit(os.waitstatus_to_exitcode(status))
