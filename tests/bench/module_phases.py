# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run a packaged module and note when its process came how far. The arguments are those of the module's interpreter.

Adds JSON objects {event, at, ...} to the file BENCH_PHASES; `at` is of the monotonic clock, in seconds, the same in all
processes of the machine. How long imports take is not measured here but by Python itself, -X importtime.
"""

import time

STARTED = time.monotonic()

import os  # noqa: E402

os.write(2, b"started\n")  # Imports before this are the interpreter's own.

import functools  # noqa: E402
import json  # noqa: E402
import runpy  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402

import boto3.session  # noqa: E402
import botocore.client  # noqa: E402

lock = threading.Lock()
spans = {"client": [0.0, 0.0, 0.0], "calls": [0.0, 0.0, 0.0]}  # first start, last end, sum


def timed(span, function):
    """The function, with each of its calls noted in the span."""

    @functools.wraps(function)
    def call(*args, **kwargs):
        start = time.monotonic()
        try:
            return function(*args, **kwargs)
        finally:
            end = time.monotonic()
            with lock:
                noted = spans[span]
                noted[0] = noted[0] or start
                noted[1] = max(noted[1], end)
                noted[2] += end - start

    return call


boto3.session.Session.__init__ = timed("client", boto3.session.Session.__init__)
boto3.session.Session.client = timed("client", boto3.session.Session.client)
botocore.client.BaseClient._make_api_call = timed("calls", botocore.client.BaseClient._make_api_call)

sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    ended = time.monotonic()
    first, last, _sum = spans["calls"]
    with open(os.environ["BENCH_PHASES"], "a", encoding="utf-8") as notes:
        noted = {"started": STARTED, "client": spans["client"][2], "calls": last - first, "ended": ended}
        print(json.dumps({"event": "module", **noted}), file=notes)
