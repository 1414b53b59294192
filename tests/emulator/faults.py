# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scripted faults, and the calls that they affect. The front carries them out."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from fnmatch import fnmatchcase
from threading import Lock
from typing import Any

from .calls import Call

#: the call goes on after these
PASSING = frozenset({"slow", "meanwhile"})
#: AWS errors by fault: code, HTTP status, message, further members
ERRORS: dict[str, tuple[str, int, str, dict[str, str]]] = {
    "throttle": ("ThrottlingException", 429, "Rate exceeded", {}),
    "server_error": ("InternalServerException", 500, "There is a problem with the service.", {}),
    "access_denied": (
        "AccessDeniedException",
        403,
        "User: arn:aws:iam::{account}:user/emulator is not authorized to perform: {service}:{operation} "
        "because no identity-based policy allows the {service}:{operation} action",
        {},
    ),
    # the IAM user guide, "Troubleshoot access denied error messages"
    "denied_by_scp": (
        "AccessDeniedException",
        403,
        "User: arn:aws:iam::{account}:user/emulator is not authorized to perform: {service}:{operation} "
        "with an explicit deny in a service control policy",
        {},
    ),
    "expired_credentials": (
        "ExpiredTokenException",
        403,
        "The security token included in the request is expired",
        {},
    ),
    "quota": (
        "ServiceQuotaExceededException",
        402,
        "You have reached your quota.",
        {"ResourceId": "emulator", "ResourceType": "EMULATOR", "QuotaCode": "L-EMULATOR", "ServiceCode": "{service}"},
    ),
    "conflict": (
        "ConflictException",
        409,
        "The resource is being changed.",
        {"ResourceId": "emulator", "ResourceType": "EMULATOR"},
    ),
}
#: what some services call these errors
OTHER_CODES = {
    ("sts", "throttle"): "Throttling",
    ("sts", "access_denied"): "AccessDenied",
    ("sts", "denied_by_scp"): "AccessDenied",
    ("sts", "expired_credentials"): "ExpiredToken",
    ("sts", "server_error"): "InternalFailure",
    ("organizations", "throttle"): "TooManyRequestsException",
    ("organizations", "server_error"): "ServiceException",
}
FAULTS = frozenset(
    {"unavailable_html", "drop", "lost_answer", "not_json", "answer", "repeated_token", "error", *PASSING, *ERRORS}
)


@dataclass
class Fault:
    """One scripted fault: what it is, and the calls that it is for."""

    fault: str
    operation: str = "*"
    service: str = "wellarchitected"
    #: parameters that the call must have, with these values
    match: dict[str, Any] = field(default_factory=dict)
    #: the accounts and regions whose calls it is for: a name or glob, or a list of them
    account: str | list[str] = "*"
    region: str | list[str] = "*"
    #: matching calls that are unaffected at first
    after: int = 0
    #: the number of calls that it affects; None: all
    times: int | None = None
    #: the probability with which it affects a matching call; the same calls for the same seed
    probability: float = 1.0
    seed: int = 0
    #: slow: milliseconds
    delay_ms: float = 0
    #: not_json and answer: whether the work is done
    after_work: bool = False
    #: answer: what is sent as JSON, of whatever shape
    body: Any = None
    #: error and answer: the HTTP status; None: 500 of an error, 200 of an answer
    status: int | None = None
    #: error
    code: str = "InternalFailure"
    message: str = "A scripted fault"
    members: dict[str, Any] = field(default_factory=dict)
    #: meanwhile: the call to make first: operation, params, and service, account and region where they are others
    meanwhile: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.fault not in FAULTS:
            raise ValueError(f"fault: {self.fault!r} is not valid. Use one of {', '.join(sorted(FAULTS))}.")
        if self.fault == "meanwhile" and "operation" not in self.meanwhile:
            raise ValueError("The fault meanwhile needs a call to make: meanwhile: {operation, params}.")
        self.seen = 0
        self.fired = 0
        self._random = random.Random(self.seed)

    def affects(self, call: Call) -> bool:
        """Whether it affects this call. Counts the call."""
        if not (
            fnmatchcase(call.service, self.service)
            and fnmatchcase(call.operation or "", self.operation)
            and _names(self.account, call.account)
            and _names(self.region, call.region)
            and all(call.params.get(name) == value for name, value in self.match.items())
        ):
            return False
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.fired >= self.times):
            return False
        if self.probability < 1 and self._random.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def describe(self) -> dict[str, Any]:
        """The script as JSON, with the number of calls that matched (seen) and that it affected (fired)."""
        return {**asdict(self), "seen": self.seen, "fired": self.fired}


def _names(wanted: str | list[str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in ([wanted] if isinstance(wanted, str) else wanted))


def fault_from(document: Mapping[str, Any]) -> Fault:
    """The fault that a JSON object scripts. Raises ValueError where it does not."""
    known = {spec.name for spec in fields(Fault)}
    unknown = sorted(set(document) - known)
    if unknown:
        raise ValueError(f"A fault has no {', '.join(unknown)}. It has: {', '.join(sorted(known))}.")
    if "fault" not in document:
        raise ValueError(f"Say which fault: {', '.join(sorted(FAULTS))}.")
    return Fault(**document)


class Faults:
    """The faults in force, in the order they were added."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._scripted: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._scripted.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._scripted.clear()

    def affecting(self, call: Call) -> list[Fault]:
        """The faults that affect the call: any number after which it goes on, and at most one that ends it."""
        found = []
        with self._lock:
            for fault in self._scripted:
                if fault.affects(call):
                    found.append(fault)
                    if fault.fault not in PASSING:
                        break
        return found

    def describe(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.describe() for fault in self._scripted]
