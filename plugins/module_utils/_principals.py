# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Principals: who a resource is shared with, compared by what they identify and never by how they are written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ._names import escape_controls, suggestion

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

# Every form of the SharedWith parameter, each with its kind and what identifies it.
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
    "Expected an account ID of 12 digits, the ARN of an account's root, an IAM user or an IAM role, "
    "or the ID or ARN of an organization (o-...) or organizational unit (ou-...)"
)


@dataclass(frozen=True)
class Principal:
    """Who a resource is shared with. Two forms of one principal are equal."""

    kind: str
    """account, user, role, organization, ou, or unknown (a form that only the service knows)."""
    identity: str
    """The account ID, ``ACCOUNT/path/name``, or the organization's or OU's ID."""
    text: str = field(compare=False)
    """As it was written, which is what the API gets."""
    name: str | None = field(default=None, compare=False)
    """The user's name for it. The API never sees it."""

    @property
    def label(self) -> str:
        """For messages: ``111122223333 (payments)``, or the text alone."""
        return escape_controls(f"{self.text} ({self.name})" if self.name else self.text)

    @property
    def account(self) -> str | None:
        """The account ID of an account, user or role; None for the rest."""
        return self.identity[:12] if self.kind in (ACCOUNT, USER, ROLE) else None

    @property
    def in_organizations(self) -> bool:
        """Whether sharing with it needs organization sharing, and sends no invitation."""
        return self.kind in (ORGANIZATION, OU)

    def is_covered_by(self, principals: Collection[Principal]) -> bool:
        """Whether ``principals`` has this one. An account covers its users and roles; an OU covers only itself."""
        account = self.account
        return self in principals or (account is not None and Principal(ACCOUNT, account, account) in principals)


def parse_principal(text: Any, partition: str | None = None) -> Principal:
    """The principal that ``text`` names: a str, or a number as YAML parses unquoted digits.

    ``partition``: the one that an ARN must be of; None: any. Raises ValueError with the reason, ready to show.
    """
    if text is None or text == "":
        raise ValueError(f"The principal is empty. {EXPECTED}.")
    written = str(text)
    for kind, form in _FORMS:
        match = form.fullmatch(written)
        if match:
            check_partition(written, partition)
            groups = match.groupdict()
            identity = groups.get("id") or "/".join(filter(None, (groups.get("account"), groups.get("name"))))
            return Principal(kind, identity, written)
    raise ValueError(f"{written!r} {_explain(written)}.")


def parse_account_id(text: Any, partition: str | None = None) -> str:
    """The account ID in ``text``, an ID or the ARN of an account's root. Raises ValueError, ready to show."""
    if text is None or text == "":
        raise ValueError("The account ID is empty. Enter an account ID of 12 digits.")
    principal = parse_principal(text, partition)
    if principal.kind != ACCOUNT:
        raise ValueError(f"{principal.text} is not an account. Enter an account ID of 12 digits.")
    return principal.identity


def check_partition(text: str, partition: str | None) -> None:
    """Raises ValueError, ready to show, for an ARN of another partition than this; None: any is good."""
    own = text.split(":")[1] if text.startswith("arn:") else None
    if own and partition and own != partition:
        raise ValueError(
            f"{text!r} is in the partition {own}, but this task works in {partition}. Nothing can be shared across "
            "partitions."
        )


def parse_listed_principal(text: str) -> Principal:
    """As ``parse_principal``, for what the service lists: an unknown form becomes a principal of kind unknown."""
    try:
        return parse_principal(text)
    except ValueError:
        return Principal(UNKNOWN, text, text)


def restore_account_id(digits: str) -> str | None:
    """The account ID that lost its leading zero: as YAML 1.1 parses it (octal), or as a spreadsheet stores it."""
    if not digits.isascii() or not digits.isdigit() or len(digits) >= 12:
        return None
    octal = f"{int(digits):o}"
    # Twelve octal digits with a leading zero are a number of eleven octal digits.
    return f"0{octal}" if len(octal) == 11 else digits.zfill(12) if len(digits) == 11 else None


def _explain(written: str) -> str:
    """Why ``written`` is not a principal; follows it in a sentence."""
    if re.fullmatch(r"[0-9]+", written):
        restored = restore_account_id(written)
        if restored:
            return (
                "is a number, not an account ID of 12 digits. Put account IDs in quotes: YAML and spreadsheets drop a "
                f"leading zero. The account ID may be {restored}"
            )
        return f"has {len(written)} digits. An account ID has 12 digits. Put account IDs in quotes"
    if re.fullmatch(r"[0-9.e+]+", written):
        return "is a number, not an account ID of 12 digits. Put account IDs in quotes"
    if re.fullmatch(r"\d{4}-\d{4}-\d{4}", written, re.ASCII):
        return f"has dashes, as AWS's console displays account IDs. Write {written.replace('-', '')}"
    account = re.fullmatch(rf"{_ARN}:organizations::\d{{12}}:account/{_ORGANIZATION_ID}/(\d{{12}})", written, re.ASCII)
    if account:
        return f"is the ARN of an account in AWS Organizations. Write the account ID, {account[1]}"
    if re.fullmatch(rf"r-[a-z0-9]{{4,32}}|{_ARN}:organizations::\d{{12}}:root/.+", written, re.ASCII):
        return "is the root of an organization. To share with the whole organization, write its ID (o-...)"
    if len(pieces := re.split(r"[\s,;]+", written.strip())) > 1 and all(map(_is_principal, pieces)):
        return "has several principals in one string. Make each of them an item of the list"
    if re.match(rf"{_ARN}:sts:", written):
        return "is a session of a role. Write the ARN of the role itself, arn:aws:iam::ACCOUNT:role/NAME"
    return f"is not a valid principal. {EXPECTED}"


def _is_principal(text: str) -> bool:
    return any(form.fullmatch(text) for _kind, form in _FORMS)


@dataclass(frozen=True)
class PrincipalNames:
    """The option ``principals``: names for principals and for lists of them, in the partition of the task."""

    partition: str | None = None
    """The partition of the task's Region; None: not known, so that any is good."""
    groups: Mapping[str, tuple[Principal, ...]] = field(default_factory=dict)
    """The principals of each name."""
    names: Mapping[Principal, str] = field(default_factory=dict)
    """The name to show beside a principal: the first that refers to it alone."""

    def resolve(self, text: Any) -> tuple[Principal, ...]:
        """The principals that ``text``, a principal or a name, refers to. Raises ValueError, ready to show."""
        if isinstance(text, str) and text in self.groups:
            return self.groups[text]
        return (self.with_name(_parse_or_suggest(text, self.partition, self.groups)),)

    def with_name(self, principal: Principal) -> Principal:
        """The same principal with its name, if it has one."""
        name = self.names.get(principal)
        return replace(principal, name=name) if name else principal


def _parse_or_suggest(text: Any, partition: str | None, names: Iterable[str]) -> Principal:
    try:
        return parse_principal(text, partition)
    except ValueError as error:
        hint = suggestion(str(text), names)
        raise ValueError(f"{str(error).rstrip('.')}{hint}." if hint else str(error)) from None


def parse_principal_names(given: Mapping[Any, Any] | None, partition: str | None, errors: list[str]) -> PrincipalNames:
    """The names in ``given``: a principal, another name, or a list of both, by name. None: no names.

    What is wrong is added to ``errors``, each with its path; such a name refers to no principal.
    """
    entries = {str(name): value for name, value in (given or {}).items()}
    groups: dict[str, tuple[Principal, ...]] = {}

    def resolve(name: str, path: tuple[str, ...]) -> tuple[Principal, ...]:
        if name in path:
            raise ValueError(f"The name refers to itself ({' -> '.join((*path, name))}). Remove one of the references.")
        if name in groups:
            return groups[name]
        value = entries[name]
        is_list = isinstance(value, (list, tuple))
        found: list[Principal] = []
        for position, item in enumerate(value if is_list else [value]):
            try:
                if isinstance(item, (Mapping, list, tuple)) or item in (None, ""):
                    raise ValueError(f"Expected a principal, a name, or a list of them, got {item!r}.")
                if str(item) in entries and not _is_principal(str(item)):
                    found.extend(resolve(str(item), (*path, name)))
                else:
                    found.append(_parse_or_suggest(item, partition, entries))
            except ValueError as error:
                errors.append(f"principals.{name}{f'[{position}]' if is_list else ''}: {error}")
        groups[name] = tuple(dict.fromkeys(found))
        return groups[name]

    for name in entries:
        resolve(name, ())
    for name in entries:
        # An ID that refers to itself is allowed: inventory hosts may have such names.
        if not name.strip() or name.startswith("arn:") or (_is_principal(name) and str(entries[name]) != name):
            errors.append(f"principals: {name!r} cannot be a name. Use a name that is not empty, an ID or an ARN.")
    names: dict[Principal, str] = {}
    for name, value in entries.items():
        if isinstance(value, (list, tuple)) or str(value) in entries or len(groups[name]) != 1:
            continue
        names.setdefault(groups[name][0], name)
    named = PrincipalNames(names=names).with_name
    return PrincipalNames(partition, {name: tuple(map(named, group)) for name, group in groups.items()}, names)
