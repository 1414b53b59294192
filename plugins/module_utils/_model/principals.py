# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Principals: who a resource is shared with, compared by what they mean and never by how they are written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from .invalid_input import InvalidInput
from .reading import UNREAD

ACCOUNT = "account"
USER = "user"
ROLE = "role"
ORGANIZATION = "organization"
OU = "ou"
UNKNOWN = "unknown"

_ARN = r"arn:aws(?:-[a-z]+)*"
_IAM_NAME = r"(?:[\x21-\x7e]+/)?[A-Za-z0-9_+=,.@-]{1,64}"
_ORGANIZATION_ID = r"o-[a-z0-9]{10,32}"
_OU_ID = r"ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}"

# Every form of the SharedWith parameter that the API reference names, each with its kind and what identifies it.
# Sources: CreateWorkloadShare (SharedWith); Organizations API (patterns of organization and OU IDs); IAM (names).
_FORMS = tuple(
    (kind, re.compile(pattern, re.ASCII))
    for kind, pattern in (
        (ACCOUNT, r"(?P<account>\d{12})"),
        (ACCOUNT, rf"{_ARN}:iam::(?P<account>\d{{12}}):root"),
        (USER, rf"{_ARN}:iam::(?P<account>\d{{12}}):user/(?P<name>{_IAM_NAME})"),
        (ROLE, rf"{_ARN}:iam::(?P<account>\d{{12}}):role/(?P<name>{_IAM_NAME})"),
        (ORGANIZATION, rf"(?P<id>{_ORGANIZATION_ID})"),
        (ORGANIZATION, rf"{_ARN}:organizations::\d{{12}}:organization/(?P<id>{_ORGANIZATION_ID})"),
        (OU, rf"(?P<id>{_OU_ID})"),
        (OU, rf"{_ARN}:organizations::\d{{12}}:ou/{_ORGANIZATION_ID}/(?P<id>{_OU_ID})"),
    )
)

EXPECTED = (
    "an account ID of 12 digits, the ARN of an account's root, an IAM user or an IAM role, "
    "or the ID or ARN of an organization (o-...) or organizational unit (ou-...)"
)


@dataclass(frozen=True)
class Principal:
    """Who a resource is shared with. Equal principals mean the same one, however each was written."""

    kind: str
    """account, user, role, organization, ou, or unknown (listed by the service in a form not known here)."""
    identity: str
    """What the principal is told apart by: the account ID, ``ACCOUNT/path/name``, or the organization's or OU's ID."""
    text: str = field(compare=False)
    """As it was written: this is what the API is given."""

    @property
    def account(self) -> str | None:
        """The account ID of an account, user or role; None for the rest."""
        return self.identity[:12] if self.kind in (ACCOUNT, USER, ROLE) else None

    @property
    def in_organizations(self) -> bool:
        """Whether sharing with it needs organization sharing, and sends no invitation."""
        return self.kind in (ORGANIZATION, OU)

    def is_allowed_by(self, allowed: Collection[Principal]) -> bool:
        """Whether a guard rail that names ``allowed`` lets this one through.

        An account allows its users and roles. An organization or OU allows itself only, never the accounts in it.
        """
        account = self.account
        return self in allowed or (account is not None and Principal(ACCOUNT, account, account) in allowed)


def parse_principal(text: Any) -> Principal:
    """The principal that ``text`` names: a str, or a number as YAML reads unquoted digits.

    Raises ValueError with the reason, ready to show, for anything that the API would not take.
    """
    if text is None or text == "":
        raise ValueError(f"it is empty: expected {EXPECTED}")
    written = str(text)
    for kind, form in _FORMS:
        match = form.fullmatch(written)
        if match:
            found = match.groupdict()
            identity = found.get("id") or "/".join(filter(None, (found.get("account"), found.get("name"))))
            return Principal(kind, identity, written)
    raise ValueError(f"{written!r} {_reason(written, text)}")


def parse_listed_principal(text: str) -> Principal:
    """As ``parse_principal``, for what the service lists: a form not known here becomes a principal of its own."""
    try:
        return parse_principal(text)
    except ValueError:
        return Principal(UNKNOWN, text, text)


def parse_principals(option: str, listed: Iterable[Any]) -> tuple[Principal, ...]:
    """The principals in the value of ``option``, each once. Raises InvalidInput that names every bad one."""
    faults: list[str] = []
    principals: list[Principal] = []
    for position, item in enumerate(listed):
        if item is UNREAD:
            continue
        try:
            principals.append(parse_principal(item))
        except ValueError as error:
            faults.append(f"{option}[{position}]: {error}")
    if faults:
        raise InvalidInput(faults)
    return tuple(dict.fromkeys(principals))


def _reason(written: str, text: Any) -> str:
    """Why ``written`` is no principal; follows it in a sentence. ``text``: as it was given."""
    if re.fullmatch(r"[0-9]+", written) and isinstance(text, str) and len(written) > 10:
        return _count(len(written))
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", written):
        return (
            f"is a number of {len(written)} characters, not an account ID of 12 digits. Put account IDs in quotes: "
            "YAML reads an unquoted number that starts with 0 as octal, so 012345670123 becomes 1402433619"
        )
    if re.fullmatch(r"\d{4}-\d{4}-\d{4}", written, re.ASCII):
        return f"has dashes, which AWS's console puts there: write {written.replace('-', '')}"
    if len(pieces := re.split(r"[\s,;]+", written.strip())) > 1 and all(map(_is_principal, pieces)):
        return "has blanks or commas in it: each principal is an item of its own"
    if re.match(rf"{_ARN}:sts:", written):
        return "is a session, not a principal: name the role itself, arn:aws:iam::ACCOUNT:role/NAME"
    return f"is not a principal: expected {EXPECTED}"


def _is_principal(text: str) -> bool:
    return any(form.fullmatch(text) for _kind, form in _FORMS)


def _count(digits: int) -> str:
    """What is wrong with so many digits. No octal number that YAML makes of an account ID has more than ten."""
    wrong = abs(digits - 12)
    which = "missing" if digits < 12 else "too many"
    return f"has {digits} digits, and an account ID has 12: {'one is' if wrong == 1 else f'{wrong} are'} {which}"
