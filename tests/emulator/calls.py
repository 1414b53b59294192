# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a request asks for: the service, account and region, and by botocore's models the operation and parameters."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from .service import NAME, requests

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/,\s]+)/[^/]*/(?P<region>[^/]*)/(?P<service>[^/]*)/aws4_request")
_ACCESS_KEY = re.compile(r"[A-Z0-9]{20}")
#: services whose calls never make a key
_MAKE_NO_KEYS = frozenset({"wellarchitected", "organizations"})


@dataclass(frozen=True)
class Call:
    """One request; `operation` is None where the service's model has none like it."""

    service: str
    region: str
    account: str
    operation: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    #: the access key that it is made with
    key: str = ""
    #: what it asks of the Well-Architected Tool, where that is so, as it arrived
    asked: Any = None


_loading = Lock()
_loaded: set[str] = set()


def _load(service: str) -> None:
    """Read the service's model once, though its first calls come in by many threads at once.

    Raises UnknownServiceError where there is none.
    """
    if service not in _loaded:
        with _loading:
            get_service_model(service)
            get_service_router(service)
            _loaded.add(service)


class Accounts:
    """Which account an access key is of, by moto's rules.

    moto looks through the keys of every account for every call. What it finds is remembered here: a key never moves,
    and an unknown key becomes known only by a call to a service that makes keys.
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._unknown: set[str] = set()

    def account_of(self, environ: Mapping[str, Any], access_key: str) -> str:
        given = os.environ.get("MOTO_ACCOUNT_ID") or environ.get("HTTP_X_MOTO_ACCOUNT_ID")
        if given:
            return str(given)
        if access_key in self._known:
            return self._known[access_key]
        if access_key in self._unknown or not _ACCESS_KEY.fullmatch(access_key):
            return str(DEFAULT_ACCOUNT_ID)
        from moto.iam.models import get_account_id_from, iam_backends

        account = get_account_id_from(access_key)
        partitions = iam_backends.get(account) or {}
        if any(access_key in backend.access_keys for backend in partitions.values()):
            self._known[access_key] = account
        else:
            self._unknown.add(access_key)
        return account

    def learn(self, access_key: str, account: str) -> None:
        """A key was made for the account."""
        self._known[access_key] = account

    def served(self, service: str) -> None:
        """A call was served that may have made keys."""
        if service not in _MAKE_NO_KEYS:
            self._unknown.clear()

    def clear(self) -> None:
        self._known.clear()
        self._unknown.clear()


def identify(environ: Mapping[str, Any], body: bytes, accounts: Accounts) -> Call:
    """The call that a request makes. Never raises: what is not known is left out."""
    credential = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if credential is None:
        return Call("", "", accounts.account_of(environ, ""))
    service, region = credential["service"], credential["region"]
    key = credential["key"]
    account = accounts.account_of(environ, key)
    try:
        _load(service)
        if service == NAME:
            asked = requests.asked(environ["REQUEST_METHOD"], _raw_path(environ), environ.get("QUERY_STRING", ""), body)
            if asked:
                return Call(service, region, account, asked.operation, asked.parameters, key, asked)
        model = get_service_model(service)
        request = Request({**environ, "wsgi.input": io.BytesIO(body)})
        operation, uri_params = get_service_router(service).match(request)
    except (UnknownServiceError, HTTPException, NotImplementedError):
        return Call(service, region, account, key=key)
    protocol = determine_request_protocol(model, request.content_type)
    try:
        params = PROTOCOL_PARSERS[protocol](operation, map_type=dict).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": body,
                "url_path": request.path,
                "url_params": uri_params,
            }
        )
    except Exception:  # a request that is not as the model says: the service answers with the error
        params = {}
    return Call(service, region, account, operation.name, params, key)


def _raw_path(environ: Mapping[str, Any]) -> str:
    """The path with its percent-encoding: an ARN in it has slashes."""
    return str(environ.get("RAW_URI") or environ["PATH_INFO"]).partition("?")[0]
