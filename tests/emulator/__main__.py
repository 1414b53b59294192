# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m tests.emulator`: the endpoint as a process of its own."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path
from typing import Any


def _json_object(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"not JSON: {problem}") from problem
    if not isinstance(document, dict):
        raise argparse.ArgumentTypeError("not a JSON object")
    return document


def _arguments() -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes any that is free")
    parser.add_argument("--port-file", type=Path, help="a file to write the port to")
    parser.add_argument("--settings", type=_json_object, default={}, help="settings to start with, as a JSON object")
    parser.add_argument("--latency-ms", type=float, help="how long every call takes at least")
    return parser, parser.parse_args()


def main() -> None:
    parser, arguments = _arguments()
    from .front import Front
    from .server import Server

    settings = dict(arguments.settings)
    if arguments.latency_ms is not None:
        settings["latency_ms"] = arguments.latency_ms
    front = Front()
    try:
        front.change_settings(settings)
    except ValueError as problem:
        parser.error(str(problem))
    stopped = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda _signum, _frame: stopped.set())
    server = Server(front, arguments.host, arguments.port)
    server.start()
    if arguments.port_file:
        arguments.port_file.write_text(f"{server.port}\n", encoding="utf-8")
    print(f"Well-Architected endpoint on {server.url}", flush=True)
    stopped.wait()
    server.stop()


if __name__ == "__main__":
    main()
