# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is sent back where moto is not asked, or its answer is not wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import responses as status_texts
from typing import Any
from xml.sax.saxutils import escape

#: services that answer in XML; all others that are served here answer in JSON
XML_SERVICES = frozenset({"sts", "iam"})


@dataclass(frozen=True)
class Answer:
    """An HTTP response; Content-Length is the sender's to add. `error` is the AWS error code, if it is an error."""

    status: int
    body: bytes
    headers: list[tuple[str, str]] = field(default_factory=list)
    error: str | None = None

    @property
    def status_line(self) -> str:
        return f"{self.status} {status_texts.get(self.status, 'Unknown')}"


def json_answer(document: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(document, default=str).encode(), [("Content-Type", "application/json")])


def error_answer(
    service: str, code: str, status: int, message: str, members: Mapping[str, Any] | None = None
) -> Answer:
    """The AWS error `code` in the form that clients of `service` expect; `members` are ResourceId and the like."""
    if service in XML_SERVICES:
        blame = "Sender" if status < 500 else "Receiver"
        text = (
            f"<ErrorResponse><Error><Type>{blame}</Type><Code>{escape(code)}</Code>"
            f"<Message>{escape(message)}</Message></Error><RequestId>emulator</RequestId></ErrorResponse>"
        )
        return Answer(status, text.encode(), [("Content-Type", "text/xml")], code)
    document = {"__type": code, "Message": message, **(members or {})}
    headers = [("Content-Type", "application/json"), ("X-Amzn-ErrorType", code)]
    return Answer(status, json.dumps(document).encode(), headers, code)
