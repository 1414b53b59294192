# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of the controller's API that the modules of awx.awx need to set up a pattern."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Objects = dict[str, list[dict[str, Any]]]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: Any) -> None:
        pass

    def _answer(self, document: Any, status: int = 200) -> None:
        prefix: str = self.server.prefix  # type: ignore[attr-defined]
        body = json.dumps(document).replace('"/api/', f'"{prefix}').encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("X-API-Product-Version", "24.6.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _parts(self) -> tuple[str, int | None, str | None, dict[str, str]]:
        address = urlsplit(self.path)
        prefix: str = self.server.prefix  # type: ignore[attr-defined]
        found = re.fullmatch(rf"{prefix}v2/([a-z_]+)/(?:(\d+)/)?(?:([a-z_]+)/)?", address.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        if not found:
            return "", None, None, query
        return found[1], int(found[2]) if found[2] else None, found[3], query

    def do_GET(self) -> None:
        kind, number, part, query = self._parts()
        objects: Objects = self.server.objects  # type: ignore[attr-defined]
        if kind in ("", "ping"):
            self._answer({"version": "24.6.1", "current_version": "/api/v2/", "available_versions": {"v2": "/api/v2/"}})
        elif number is None:
            found = [thing for thing in _listed(objects, kind) if _matches(thing, query)]
            self._answer({"count": len(found), "results": found, "next": None})
        elif part:
            kept = objects[kind][number - 1].get(part, {} if part == "survey_spec" else [])
            self._answer(kept if part == "survey_spec" else {"count": len(kept), "results": kept, "next": None})
        else:
            self._answer(objects[kind][number - 1])

    def do_POST(self) -> None:
        kind, number, part, _query = self._parts()
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        objects: Objects = self.server.objects  # type: ignore[attr-defined]
        if number is None and kind == "execution_environments" and asked["name"] in names_of(objects, kind):
            self._answer({"name": ["This name is taken."]}, 400)  # by whichever organization
        elif number is None:
            self._answer(add(objects, kind, **asked), 201)
        elif part == "survey_spec":
            objects[kind][number - 1][part] = asked
            self._answer({}, 200)
        elif part == "create_approval_template":
            made = add(objects, "workflow_approval_templates", **asked)
            node = objects[kind][number - 1]
            node["unified_job_template"] = made
            node["related"]["unified_job_template"] = made["url"]
            self._answer(made, 201)
        else:
            of = kind if part in NODES else part or ""
            linked = next(thing for thing in objects[of] if thing["id"] == asked["id"])
            objects[kind][number - 1].setdefault(part or "", []).append(linked)
            self._answer({}, 204)

    def do_PATCH(self) -> None:
        kind, number, _part, _query = self._parts()
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        objects: Objects = self.server.objects  # type: ignore[attr-defined]
        objects[kind][(number or 0) - 1].update(asked)
        self._answer(objects[kind][(number or 0) - 1])


NODES = ("success_nodes", "failure_nodes", "always_nodes")


def _listed(objects: Objects, kind: str) -> list[dict[str, Any]]:
    if kind == "unified_job_templates":
        return [*objects.get("job_templates", []), *objects.get("workflow_job_templates", [])]
    return objects.get(kind, [])


def names_of(objects: Objects, kind: str) -> list[str]:
    return [thing["name"] for thing in objects.get(kind, [])]


def _matches(thing: dict[str, Any], query: dict[str, str]) -> bool:
    """Whether the object has the members of a query. Members that the object lacks are ignored."""
    either = {name[4:]: value for name, value in query.items() if name.startswith("or__")}
    asked = {name: value for name, value in query.items() if not name.startswith("or__")}
    return all(str(thing[name]) == value for name, value in asked.items() if name in thing) and (
        not either or any(str(thing.get(name)) == value for name, value in either.items())
    )


def add(objects: Objects, kind: str, **members: Any) -> dict[str, Any]:
    """Add an object of this kind, and return it as the API shows it."""
    things = objects.setdefault(kind, [])
    url = f"/api/v2/{kind}/{len(things) + 1}/"
    related = {part: f"{url}{part}/" for part in ("survey_spec", "labels", "credentials", "instance_groups", *NODES)}
    made = {"id": len(things) + 1, "type": kind.rstrip("s"), "url": url, "related": related, "summary_fields": {}}
    things.append({**made, "status": "successful", "scm_revision": "", **members})
    return things[-1]


@contextmanager
def controller_api(prefix: str = "/api/") -> Iterator[tuple[str, Objects]]:
    """Serve the API below the prefix until the end of the context: its URL, and its objects by kind."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.objects, server.prefix = {}, prefix  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.objects  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
