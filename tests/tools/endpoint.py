# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local Well-Architected endpoint, running for as long as something needs it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collection_tree import ROOT

ENDPOINT_START_SECONDS = 60


@contextmanager
def endpoint(folder: Path, *arguments: str) -> Iterator[str]:
    """Run the local Well-Architected endpoint and give its URL; stop it at the end, however that comes.

    `folder` is for its log. The arguments are those of `python -m tests.emulator`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port_file, log = folder / "port", folder / "endpoint.log"
    port_file.unlink(missing_ok=True)
    with log.open("w", encoding="utf-8") as output:
        command = [sys.executable, "-m", "tests.emulator", "--port-file", str(port_file), *arguments]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + ENDPOINT_START_SECONDS
        while not (port := port_file.read_text(encoding="utf-8").strip() if port_file.exists() else ""):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"The local Well-Architected endpoint did not start:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
