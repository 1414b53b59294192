# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP server: threads, connections that are kept, and nothing logged."""

from __future__ import annotations

import socket
import threading
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

from .front import Dropped, Front


class RequestHandler(MotoRequestHandler):
    """Answers with one write, and keeps the connection.

    werkzeug's handler closes every connection, and first waits 10 ms for what the client may still send.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        self.environ = self.make_environ()
        try:
            body = b"".join(self.server.app(self.environ, self._start_response))
        except Dropped:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if self.command == "HEAD":
            body = b""
        head = [f"HTTP/1.1 {self._status}", *(f"{name}: {value}" for name, value in self._headers), "", ""]
        self.wfile.write("\r\n".join(head).encode("latin-1") + body)

    def _start_response(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        self._status, self._headers = status, headers

    def log(self, type: str, message: str, *args: Any) -> None:
        """Log nothing."""


class Server(ThreadedWSGIServer):
    """Serves a front on a port of its own choice (port 0), or a given one."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, front: Front, host: str = "127.0.0.1", port: int = 0):
        super().__init__(host, port, front, RequestHandler)
        self.front = front
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error."""

    def start(self) -> None:
        """Serve in a thread, until `stop`."""
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving, and close the connections that clients keep."""
        self.shutdown()
        self._thread.join()
        self.server_close()
        with self._connections_lock:
            connections, self._connections = self._connections, set()
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
