# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP server: threads, connections that are kept, and nothing logged."""

from __future__ import annotations

import socket
import sys
import threading
from typing import Any
from urllib.parse import unquote_to_bytes

from werkzeug.serving import DechunkedInput, ThreadedWSGIServer, WSGIRequestHandler

from .front import Dropped, Front

#: characters of the longest line of a request
MAX_LINE = 65536


class RequestHandler(WSGIRequestHandler):
    """Reads a request with few steps, answers it with one write, and keeps the connection.

    werkzeug's handler parses headers as those of an e-mail, which takes longer than most calls; it closes every
    connection, and first waits 10 ms for what the client may still send.
    """

    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        try:
            environ = self._read_request()
        except (OSError, ValueError):  # ValueError: not HTTP
            environ = None
        if environ is None:
            self.close_connection = True
            return
        try:
            body = b"".join(self.server.app(environ, self._start_response))
        except Dropped:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if environ["REQUEST_METHOD"] == "HEAD":
            body = b""
        head = [f"HTTP/1.1 {self._status}", *(f"{name}: {value}" for name, value in self._headers), "", ""]
        self.wfile.write("\r\n".join(head).encode("latin-1") + body)

    def _read_request(self) -> dict[str, Any] | None:
        """The next request as WSGI has it, or None where the client is done. Raises ValueError for what is not HTTP."""
        line = self.rfile.readline(MAX_LINE).decode("latin-1")
        if not line:
            return None
        method, target, version = line.split()
        headers: dict[str, str] = {}
        while (header := self.rfile.readline(MAX_LINE)) not in (b"\r\n", b"\n", b""):
            name, _colon, value = header.decode("latin-1").partition(":")
            key, value = f"HTTP_{name.strip().upper().replace('-', '_')}", value.strip()
            headers[key] = f"{headers[key]},{value}" if key in headers else value
        connection = headers.get("HTTP_CONNECTION", "").lower()
        self.close_connection = connection == "close" or (version == "HTTP/1.0" and connection != "keep-alive")
        if headers.pop("HTTP_EXPECT", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        chunked = headers.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
        path, _mark, query = target.partition("?")
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "RAW_URI": target,
            "REQUEST_URI": target,
            "SERVER_NAME": self.server.server_address[0],
            "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": version,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE", ""),
            "CONTENT_LENGTH": headers.pop("HTTP_CONTENT_LENGTH", ""),
            **headers,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": DechunkedInput(self.rfile) if chunked else self.rfile,
            "wsgi.input_terminated": chunked,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

    def _start_response(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        self._status, self._headers = status, headers


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
        """A client that closes its connection is not an error."""

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
