# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions of assumed roles: whose they are, and when they end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from .answers import Answer
from .service import service_settings

_ACCESS_KEY = re.compile(rb"<AccessKeyId>(.+?)</AccessKeyId>")
_EXPIRATION = re.compile(rb"(?<=<Expiration>).+?(?=</Expiration>)")
#: the limit of all accounts that are not named
ANY_ACCOUNT = "*"

Limit = float | Mapping[str, float | None] | None


@dataclass
class _Session:
    account: str
    partition: str
    began: datetime
    calls: int = 0


def of_account(limit: Limit, account: str) -> float | None:
    """The limit of one account: a setting is one for all, or by account."""
    return limit.get(account, limit.get(ANY_ACCOUNT)) if isinstance(limit, Mapping) else limit


class Sessions:
    """The sessions by access key."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_key: dict[str, _Session] = {}

    def begin(self, role_arn: str, answer: Answer, seconds: Limit) -> tuple[str, str, Answer]:
        """Note the session that STS answered AssumeRole with: its key, its account, and the answer with its end."""
        made = _ACCESS_KEY.search(answer.body)
        if made is None:
            raise RuntimeError("The answer of AssumeRole has no AccessKeyId.")
        key, now = made[1].decode(), service_settings.clock.now()
        _arn, partition, _iam, _region, account, *_name = role_arn.split(":")
        with self._lock:
            self._by_key[key] = _Session(account, partition, now)
        lifetime = of_account(seconds, account)
        if lifetime is not None:
            ends = f"{now + timedelta(seconds=lifetime):%Y-%m-%dT%H:%M:%SZ}"
            answer = replace(answer, body=_EXPIRATION.sub(ends.encode(), answer.body))
        return key, account, answer

    def partition_of(self, key: str) -> str | None:
        """The partition of the role whose session has the key, or None."""
        with self._lock:
            session = self._by_key.get(key)
        return session.partition if session else None

    def is_over(self, key: str, seconds: Limit, calls: Limit) -> bool:
        """Whether the session has ended before this call, which is counted."""
        with self._lock:
            session = self._by_key.get(key)
            if session is None:
                return False
            session.calls += 1
            most, lifetime = of_account(calls, session.account), of_account(seconds, session.account)
            age = (service_settings.clock.now() - session.began).total_seconds()
            return (most is not None and session.calls > most) or (lifetime is not None and age >= lifetime)

    def clear(self) -> None:
        with self._lock:
            self._by_key.clear()
