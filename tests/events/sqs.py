# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Serve moto's SQS on a port: python -m tests.events.sqs PORT.

moto answers batches with an empty list `Failed`, which AWS leaves out (aws/aws-sdk issue 657). The event source
aws_sqs_queue of amazon.aws 11.4 takes the empty list for a failure, so it is left out here too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple


def main(port: int) -> None:
    moto = DomainDispatcherApplication(create_backend_app)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started: list[Any] = []
        body = b"".join(moto(environ, lambda *arguments: started.extend(arguments)))
        if b'"Failed"' in body:
            answer = json.loads(body)
            body = json.dumps({name: value for name, value in answer.items() if value != []}).encode()
        status, headers = started[:2]
        start_response(status, [(name, value) for name, value in headers if name.lower() != "content-length"])
        return [body]

    run_simple("127.0.0.1", port, application, threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
