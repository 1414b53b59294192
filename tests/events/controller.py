# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of the controller's API that ansible-rulebook needs to launch a job template and watch its end."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "token"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: Any) -> None:
        pass

    def _answer(self, document: Any, status: int = 200) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        if "unified_job_templates" in self.path:
            template = {
                "id": 1,
                "type": "job_template",
                "name": self.server.template,  # type: ignore[attr-defined]
                "related": {"launch": "/api/v2/job_templates/1/launch/"},
                "summary_fields": {"organization": {"name": "Default"}},
                # As setup.yml makes it: the survey is the only way in.
                **{f"ask_{what}_on_launch": False for what in ("limit", "labels", "inventory", "variables")},
            }
            self._answer({"results": [template], "next": None})
        elif "jobs" in self.path:
            ended = [{"id": n + 1, "type": "job", **_ENDED} for n in range(len(self._launched()))]
            self._answer({"results": ended, "next": None})
        else:
            self._answer({"version": "4.5.0"})

    def do_POST(self) -> None:
        self._launched().append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        number = len(self._launched())
        self._answer({"id": number, "url": f"/api/v2/jobs/{number}/", **_ENDED}, 201)

    def _launched(self) -> list[dict[str, Any]]:
        return self.server.launched  # type: ignore[attr-defined,no-any-return]


_ENDED = {"status": "successful", "created": "2026-01-01T00:00:00Z", "artifacts": {}}


@contextmanager
def controller(template: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Serve the API with one job template until the end of the context: its URL, and the arguments of launched jobs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.template, server.launched = template, []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.launched  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
