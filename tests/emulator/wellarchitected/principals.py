# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The principals that a resource can be shared with: the forms of SharedWith."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PARTITION = r"arn:(?P<partition>aws(?:-[a-z]+)*)"
_ORGANIZATION_ID = r"o-[a-z0-9]{10,32}"
_OU_ID = r"ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}"
_FORMS = (
    ("account", re.compile(r"(?P<account>\d{12})")),
    ("account", re.compile(_PARTITION + r":iam::(?P<account>\d{12}):root")),
    ("user", re.compile(_PARTITION + r":iam::(?P<account>\d{12}):user/[\w+=,.@/-]+", re.ASCII)),
    ("role", re.compile(_PARTITION + r":iam::(?P<account>\d{12}):role/[\w+=,.@/-]+", re.ASCII)),
    ("organization", re.compile(rf"(?P<id>{_ORGANIZATION_ID})")),
    (
        "organization",
        re.compile(_PARTITION + rf":organizations::(?P<management>\d{{12}}):organization/(?P<id>{_ORGANIZATION_ID})"),
    ),
    ("ou", re.compile(rf"(?P<id>{_OU_ID})")),
    (
        "ou",
        re.compile(
            _PARTITION
            + rf":organizations::(?P<management>\d{{12}}):ou/(?P<organization>{_ORGANIZATION_ID})/(?P<id>{_OU_ID})"
        ),
    ),
)


@dataclass(frozen=True)
class Principal:
    """Two forms of one principal have the same `kind` and `key`."""

    kind: str
    #: account ID, ARN of a user or role, organization ID or OU ID
    key: str
    #: account of an account, user or role, else None
    account: str | None

    @property
    def in_organizations(self) -> bool:
        return self.account is None

    @property
    def reaches(self) -> str:
        """Whom a share with it gives access: an account, its users and roles too, an organization or an OU."""
        return self.account or self.key


def parse_principal(text: str) -> Principal | None:
    """The principal in `text` (a SharedWith), or None where it is not valid."""
    for kind, form in _FORMS:
        match = form.fullmatch(text)
        if match:
            found = match.groupdict()
            account = found.get("account")
            if kind in ("user", "role"):
                return Principal(kind, text, account)
            return Principal(kind, account or found["id"], account)
    return None
