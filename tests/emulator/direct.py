# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that the endpoint makes to its own services, without HTTP."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlencode

from botocore.serialize import create_serializer
from moto.core.utils import get_service_model

from .answers import Answer
from .calls import Call

WSGI = Callable[[dict[str, Any], Any], Any]


def ask(application: WSGI, environ: dict[str, Any]) -> Answer:
    """The whole answer of a WSGI application."""
    head: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        head["status"], head["headers"] = status, headers

    chunks = application(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    headers = [(name, value) for name, value in head["headers"] if name.lower() != "content-length"]
    error = next((value for name, value in headers if name.lower() == "x-amzn-errortype"), None)
    return Answer(int(head["status"].split()[0]), body, headers, error)


def answer_from(response: tuple[int, Mapping[str, Any], str | bytes]) -> Answer:
    """The answer of a response of moto's: status, headers and body."""
    status, fields, body = response
    headers = [(name, str(value)) for name, value in fields.items()]
    error = next((value for name, value in headers if name.lower() == "x-amzn-errortype"), None)
    return Answer(status, body.encode() if isinstance(body, str) else body, headers, error)


def call_directly(application: WSGI, call: Call) -> Answer:
    """Make `call` as its account. Idempotency tokens are made up where they are missing."""
    operation = get_service_model(call.service).operation_model(call.operation)
    params = dict(call.params)
    for member in operation.idempotent_members:
        params.setdefault(member, str(uuid.uuid4()))
    protocol = operation.service_model.protocol
    request = create_serializer(protocol, include_validation=False).serialize_to_request(params, operation)
    body = request["body"]
    if isinstance(body, Mapping):
        body = urlencode(body)
    if isinstance(body, str):
        body = body.encode()
    query = request["query_string"]
    query = query if isinstance(query, str) else urlencode(query)
    host = f"{call.service}.{call.region}.amazonaws.com"
    scope = f"20200101/{call.region}/{call.service}/aws4_request"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(request["url_path"]),
        "RAW_URI": request["url_path"] + (f"?{query}" if query else ""),
        "QUERY_STRING": query,
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=EMULATOR/{scope}",
        "HTTP_X_MOTO_ACCOUNT_ID": call.account,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
    }
    for name, value in request["headers"].items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return ask(application, environ)
