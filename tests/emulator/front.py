# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The front of the endpoint: a WSGI application around moto's that records, delays, throttles and breaks calls."""

from __future__ import annotations

import io
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from threading import Lock
from typing import Any

import boto3
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.utilities.utils import get_partition

from .access import partition_of, principal_arn, refusal
from .answers import XML_SERVICES, Answer, error_answer, json_answer
from .calls import Accounts, Call, identify
from .direct import answer_from, ask, call_directly
from .faults import ERRORS, OTHER_CODES, Fault, Faults
from .record import Entry, Record
from .service import NAME, models, responses, service_settings
from .sessions import Sessions

CONTROL = "/_emulator"


#: what has a token bucket of its own
_PER = ("all", "account", "place")


def _is_rate_limit(value: Any) -> bool:
    if value is None:
        return True
    return (
        isinstance(value, dict)
        and set(value) <= {"rate", "burst", "per", "accounts", "regions"}
        and service_settings.is_amount(value.get("rate"))
        and service_settings.is_count(value.get("burst"))
        and value.get("per", "all") in _PER
        and all(_is_texts(value.get(name, [])) for name in ("accounts", "regions"))
    )


def _is_session_limit(accepts: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """A check: null, or what is accepted, or both by account."""

    def accepts_limit(value: Any) -> bool:
        limits = value.values() if isinstance(value, dict) else [value]
        return all(limit is None or accepts(limit) for limit in limits)

    return accepts_limit


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _is_disabled_regions(value: Any) -> bool:
    return _is_texts(value) or (isinstance(value, dict) and all(_is_texts(regions) for regions in value.values()))


_reading_regions = Lock()


def served_regions() -> frozenset[str]:
    """The regions of all partitions that have the service, by botocore: those that the General Reference lists."""
    with _reading_regions:  # else each of the first calls that come in at once reads them
        return _served_regions()


@cache
def _served_regions() -> frozenset[str]:
    session = boto3.Session()
    return frozenset(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(NAME, partition_name=partition)
    )


@dataclass
class FrontSettings:
    """How the endpoint treats calls before they come to a service."""

    #: whether keys must be moto's IAM's or STS's, and their policies allow the call
    iam_enforced: bool = service_settings.flag(False)
    #: milliseconds that every call to an AWS service takes at least
    latency_ms: float = service_settings.amount(0, "milliseconds")
    #: token bucket over Well-Architected calls: None, or calls a second, calls at once, what has a bucket of its own,
    #: and the accounts and regions that it is for, if not for all
    rate_limit: Mapping[str, Any] | None = service_settings.setting(
        None,
        "null, or an object {rate: number, burst: whole number, per: all, account or place, "
        "accounts: list, regions: list}",
        _is_rate_limit,
    )
    #: seconds of the clock after which a role's session is over: None for never, or by account
    session_seconds: float | Mapping[str, float | None] | None = service_settings.setting(
        None,
        "null, or a number of seconds, 0 or more, or an object of account (or *) to either",
        _is_session_limit(service_settings.is_amount),
    )
    #: calls after which a role's session is over, whatever Expiration it was given: None for never, or by account
    session_calls: int | Mapping[str, int | None] | None = service_settings.setting(
        None,
        "null, or a whole number, 0 or more, or an object of account (or *) to either",
        _is_session_limit(service_settings.is_count),
    )
    #: regions that are not enabled: of every account, or by account
    disabled_regions: Sequence[str] | Mapping[str, Sequence[str]] = service_settings.setting(
        [], "a list of regions, or an object of account to such a list", _is_disabled_regions
    )
    #: whether only the user or role that was invited can answer its invitation, or its whole account
    only_recipient_answers: bool = service_settings.flag(True)
    #: ARNs of roles, with wildcards, that cannot be assumed
    refused_roles: Sequence[str] = service_settings.setting([], "a list of role ARNs, with wildcards", _is_texts)


class Dropped(ConnectionError):
    """The connection is closed without an answer: HTTP servers take it for a client that went away."""


class Dispatcher(DomainDispatcherApplication):
    """moto's dispatcher, which goes through its folders and 200 patterns for every request, with a short cut."""

    def get_application(self, environ: dict[str, Any]) -> Any:
        return self.app_instances.get(environ.get("emulator.service", "")) or super().get_application(environ)


@cache
def services() -> Dispatcher:
    """moto's services. Its applications have no state of their own, so all fronts share them."""
    return Dispatcher(create_backend_app)


class TokenBucket:
    """Lets `burst` calls through at once, and `rate` a second, by the service's clock."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._buckets: dict[tuple[str, ...], tuple[float, float]] = {}

    def allows(self, limit: Mapping[str, Any], call: Call) -> bool:
        if call.account not in limit.get("accounts", [call.account]):
            return True
        if call.region not in limit.get("regions", [call.region]):
            return True
        whose = {"all": (), "account": (call.account,), "place": (call.account, call.region)}[limit.get("per", "all")]
        now = service_settings.clock.now().timestamp()
        with self._lock:
            left, at = self._buckets.get(whose, (float(limit["burst"]), now))
            left = min(float(limit["burst"]), left + max(0.0, now - at) * limit["rate"])
            allowed = left >= 1
            self._buckets[whose] = (left - 1 if allowed else left, now)
        return allowed

    def clear(self) -> None:
        with self._lock:
            self._buckets.clear()


def scripted_error(fault: str, call: Call, members: Mapping[str, Any] | None = None) -> Answer:
    """The AWS error of a fault, in the words of the call and its service, with more `members`."""
    code, status, message, its_members = ERRORS[fault]
    words = {"account": call.account, "service": call.service, "operation": call.operation}
    given = {name: text.format(**words) for name, text in its_members.items()}
    code = OTHER_CODES.get((call.service, fault), code)
    return error_answer(call.service, code, status, message.format(**words), {**given, **(members or {})})


def _unknown_keys(service: str) -> Answer:
    code = "InvalidClientTokenId" if service in XML_SERVICES else "UnrecognizedClientException"
    return error_answer(service, code, 403, "The security token included in the request is invalid.")


def _wait_until(moment: float) -> None:
    """``moment``: as ``time.monotonic`` has it."""
    time.sleep(max(0.0, moment - time.monotonic()))


class Front:
    """Serves AWS calls by moto, and everything under /_emulator by the control API."""

    def __init__(self) -> None:
        from .control import Control

        self.services = services()
        self.settings = FrontSettings()
        self.faults = Faults()
        self.record = Record()
        self._accounts = Accounts()
        self._sessions = Sessions()
        self._bucket = TokenBucket()
        self._control = Control(self)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read()
        else:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = environ.get("PATH_INFO", "")
        if path == CONTROL or path.startswith(CONTROL + "/"):
            answer = self._control.answer(
                environ["REQUEST_METHOD"], path[len(CONTROL) :].strip("/"), environ.get("QUERY_STRING", ""), body
            )
        else:
            answer = self._serve(environ, body)
        start_response(answer.status_line, [*answer.headers, ("Content-Length", str(len(answer.body)))])
        return [answer.body]

    def reset(self) -> None:
        """Forget everything: resources, accounts, settings, faults, record, and how far the clock was moved."""
        with models.lock:
            BackendDict.reset()
            reset_model_data()
            organizations = sys.modules.get("moto.organizations.models")
            if organizations:  # moto's own reset leaves the members of organizations behind
                organizations.organizations_backends.master_accounts.clear()
            service_settings.reset_settings(service_settings.settings)
            service_settings.reset_settings(self.settings)
            service_settings.clock.reset()
        self.faults.clear()
        self.record.reset()
        self._accounts.clear()
        self._sessions.clear()
        self._bucket.clear()

    def change_settings(self, changes: dict[str, Any]) -> None:
        """Set some settings. Raises ValueError; then nothing is changed."""
        mine = {name: value for name, value in changes.items() if name in vars(self.settings)}
        others = {name: value for name, value in changes.items() if name not in mine}
        with models.lock:
            service_settings.update_settings(FrontSettings(), mine)  # raises before the first of the others is set
            service_settings.update_settings(service_settings.settings, others)
            service_settings.update_settings(self.settings, mine)
        if "rate_limit" in mine:
            self._bucket.clear()

    def all_settings(self) -> dict[str, Any]:
        return {**vars(service_settings.settings), **vars(self.settings)}

    def call(self, call: Call) -> Answer:
        """Make a call in process: it is not recorded, and no fault affects it."""
        return call_directly(self.services, call)

    def _serve(self, environ: dict[str, Any], body: bytes) -> Answer:
        call = identify(environ, body, self._accounts)
        entry = self.record.begin(call)
        at_least_until = time.monotonic() + self.settings.latency_ms / 1000
        try:
            answer = self._answer(call, environ, body, entry)
        except Dropped as dropped:
            _wait_until(at_least_until)
            self.record.end(entry, 0, str(dropped))
            raise
        except Exception as problem:
            code = "NotImplemented" if isinstance(problem, NotImplementedError) else "InternalFailure"
            status = 501 if isinstance(problem, NotImplementedError) else 500
            message = "".join(traceback.format_exception_only(problem)).strip()
            answer = error_answer(call.service, code, status, message)
        _wait_until(at_least_until)
        self.record.end(entry, answer.status, answer.error or (str(answer.status) if answer.status >= 400 else None))
        return answer

    def _answer(self, call: Call, environ: dict[str, Any], body: bytes, entry: Entry) -> Answer:
        limit = self.settings.rate_limit
        throttled = call.service == NAME and limit is not None and not self._bucket.allows(limit, call)
        faults = [] if throttled else self.faults.affecting(call)
        entry.fault = "+".join(fault.fault for fault in faults) or None
        delay_ms = sum(fault.delay_ms for fault in faults if fault.fault == "slow")
        if delay_ms:
            time.sleep((self.settings.latency_ms + delay_ms) / 1000)
        if throttled:
            return scripted_error("throttle", call)
        for fault in faults:
            if fault.fault == "meanwhile":
                self._call_meanwhile(fault, call)
            elif fault.fault != "slow":
                return self._apply(fault, call, environ, body)
        return self._refusal(call) or self._work(call, environ, body)

    def _refusal(self, call: Call) -> Answer | None:
        """The answer to a call that does not come to its service, or None.

        Raises Dropped for a region that does not have the service: AWS has no address for the call.
        """
        if call.service == NAME and call.region not in served_regions():
            raise Dropped("no_such_endpoint")
        if call.key and (self._sessions.partition_of(call.key) or partition_of(call)) != get_partition(call.region):
            return _unknown_keys(call.service)
        if self._sessions.is_over(call.key, self.settings.session_seconds, self.settings.session_calls):
            return scripted_error("expired_credentials", call)
        if call.service == NAME:
            disabled = self.settings.disabled_regions
            if call.region in (disabled.get(call.account, ()) if isinstance(disabled, Mapping) else disabled):
                # recorded: danjhd/wa-automate-sharing, README; aws/chalice issue 1445
                return _unknown_keys(NAME)
            if call.operation == "UpdateShareInvitation" and self.settings.only_recipient_answers:
                refused = self._refusal_to_answer(call)
                if refused:
                    return refused
        role = str(call.params.get("RoleArn", "")) if call.operation == "AssumeRole" else ""
        if role and any(fnmatchcase(role, pattern) for pattern in self.settings.refused_roles):
            user = f"arn:aws:iam::{call.account}:user/emulator"
            message = f"User: {user} is not authorized to perform: sts:AssumeRole on resource: {role}"
            return error_answer("sts", "AccessDenied", 403, message)
        return None

    def _refusal_to_answer(self, call: Call) -> Answer | None:
        """AccessDeniedException where the invitation is a user's or role's and another identity answers it, or None.

        Source: dev.to, shu85t, "Sharing an AWS Well-Architected workload", 2024-09-30. The words are a guess.
        """
        with models.lock:
            backend = models.wellarchitected_backends[call.account][call.region]
            invited = backend.invited_identity(call.params.get("ShareInvitationId"))
        caller = principal_arn(call)
        if invited in (None, caller):
            return None
        message = f"User: {caller} is not authorized to perform: {NAME}:{call.operation}"
        return error_answer(NAME, "AccessDeniedException", 403, message)

    def _work(self, call: Call, environ: dict[str, Any], body: bytes) -> Answer:
        refused = refusal(call, environ, body) if self.settings.iam_enforced else None
        if refused:
            return refused
        if call.asked:  # past moto's dispatcher and Flask, which take most of the time of a call
            return answer_from(responses.WellArchitectedResponse.answer(call.asked, call.account, call.region))
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["emulator.service"] = call.service
        environ.setdefault("HTTP_X_MOTO_ACCOUNT_ID", call.account)  # so that moto need not look for it again
        answer = ask(self.services, environ)
        if call.operation == "AssumeRole" and answer.status == 200:
            key, account, answer = self._sessions.begin(call.params["RoleArn"], answer, self.settings.session_seconds)
            self._accounts.learn(key, account)
        else:
            self._accounts.served(call.service)
        return answer

    def _apply(self, fault: Fault, call: Call, environ: dict[str, Any], body: bytes) -> Answer:
        kind = fault.fault
        if kind == "repeated_token":
            return self._first_page_again(call)
        if kind == "lost_answer" or fault.after_work:
            self._work(call, environ, body)
        if kind in ("drop", "lost_answer"):
            raise Dropped(kind)
        if kind == "not_json":
            return Answer(200, b"<html><body>not JSON</body></html>", [("Content-Type", "application/json")], kind)
        if kind == "answer":
            return json_answer(fault.body, fault.status or 200)
        if kind == "unavailable_html":
            text = b"<html><body><h1>503 Service Unavailable</h1></body></html>"
            return Answer(503, text, [("Content-Type", "text/html")], kind)
        if kind == "error":
            return error_answer(call.service, fault.code, fault.status or 500, fault.message, fault.members)
        return scripted_error(kind, call, fault.members)

    def _first_page_again(self, call: Call) -> Answer:
        """Answer a list with its first page, whatever page it asks for, and always with the same NextToken."""
        params = {name: value for name, value in call.params.items() if name != "NextToken"}
        answer = self.call(replace(call, params=params))
        if answer.status >= 400:
            return answer
        return json_answer({**json.loads(answer.body), "NextToken": "the-same-token"})

    def _call_meanwhile(self, fault: Fault, call: Call) -> None:
        """Make the fault's call. Required parameters that the fault does not give are those of the affected call."""
        asked = fault.meanwhile
        service = asked.get("service", call.service)
        operation = get_service_model(service).operation_model(asked["operation"])
        required = operation.input_shape.required_members if operation.input_shape else []
        params = {
            name: call.params[name]
            for name in required
            if name in call.params and name not in operation.idempotent_members
        }
        params.update(asked.get("params", {}))
        answer = self.call(
            Call(service, asked.get("region", call.region), asked.get("account", call.account), operation.name, params)
        )
        if answer.status >= 400:
            raise RuntimeError(f"The meanwhile call {operation.name} failed: {answer.body.decode()}")
