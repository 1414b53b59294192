# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make demo` does what it shows, and ends with the report. It fails by itself where a step does not fit one screen."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from .documents import ROOT


def test_the_demo_ends_with_the_report() -> None:
    tools, programs = ROOT / "tests" / "tools", os.path.dirname(sys.executable)
    done = subprocess.run(
        [sys.executable, "-m", "tests.demo.demo"],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": f"{tools}{os.pathsep}{ROOT}",
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        },
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "[DEPRECATION WARNING]" not in done.stdout
    last = re.search(r"The report is (\S+): open it in a browser\.\n\Z", done.stdout)
    assert last, done.stdout
    assert "Platform Standards" in (ROOT / last[1]).read_text(encoding="utf-8")
    assert re.search(r"lens +Platform Standards +222233334444 +ACCEPTED", done.stdout)
