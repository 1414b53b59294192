# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A plugin of pytest: writes which lines of plugins each test runs, and how long it takes. Used by mutate.py.

Each test adds a line of JSON to the file that COVERED_LINES names: test, failed, seconds, and lines by file. It works
in the forks that ansible-test makes for tests, and in threads. What runs while a file is imported is no test's.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

VARIABLE = "COVERED_LINES"
_MARK = f"{os.sep}sharing{os.sep}plugins{os.sep}"


class _Lines:
    """The lines that run between ``start`` and ``stop``."""

    def __init__(self) -> None:
        self.by_file: dict[str, set[int]] = defaultdict(set)
        self.failed = False
        self._since = 0.0

    def start(self) -> None:
        self.by_file.clear()
        self.failed = False
        self._since = time.monotonic()
        threading.settrace(self._trace)
        sys.settrace(self._trace)

    def stop(self) -> float:
        """Returns the seconds since the start."""
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]
        return time.monotonic() - self._since

    def _trace(self, frame: Any, _event: str, _argument: Any) -> Any:
        name = frame.f_code.co_filename
        if _MARK not in name:
            return None
        lines = self.by_file[f"plugins/{name.rpartition(_MARK)[2]}"]
        lines.add(frame.f_lineno)

        def trace_line(frame: Any, _event: str, _argument: Any) -> Any:
            lines.add(frame.f_lineno)
            return trace_line

        return trace_line


_lines = _Lines()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    _lines.start()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = yield
    _lines.failed |= report.failed
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    try:
        return (yield)
    finally:
        seconds = _lines.stop()
        lines = {path: sorted(found) for path, found in _lines.by_file.items()}
        record = {"test": item.nodeid, "failed": _lines.failed, "seconds": round(seconds, 3), "lines": lines}
        with open(os.environ[VARIABLE], "ab", buffering=0) as file:
            file.write(f"{json.dumps(record)}\n".encode())
