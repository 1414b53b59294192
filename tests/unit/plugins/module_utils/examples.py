# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that the tests of module_utils share: accounts, resources, and short ways to write principals and shares."""

from __future__ import annotations

from ansible_collections.wellarchitected.sharing.plugins.module_utils._accounts import CALLER, Place
from ansible_collections.wellarchitected.sharing.plugins.module_utils._declaration import Declaration, Defaults, Grant
from ansible_collections.wellarchitected.sharing.plugins.module_utils._kinds import KINDS
from ansible_collections.wellarchitected.sharing.plugins.module_utils._places import Scope
from ansible_collections.wellarchitected.sharing.plugins.module_utils._principals import (
    PrincipalNames,
    parse_listed_principal,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._shares import Resource, Share

REGION = "eu-west-1"
HERE = Place(CALLER, REGION)
SCOPE = Scope((REGION,))
OWNER = "123456789012"

ANA, BEN, CLEO = "111122223333", "444455556666", "777788889999"  # accounts
ANA_ROOT = f"arn:aws:iam::{ANA}:root"
ANA_USER = f"arn:aws:iam::{ANA}:user/reviewers/ana"
ANA_ROLE = f"arn:aws:iam::{ANA}:role/reviewers/ana"
ORGANIZATION = "o-abcdefghij"
ORGANIZATION_ARN = f"arn:aws:organizations::{OWNER}:organization/{ORGANIZATION}"
OU = "ou-ab12-cdefghij"
OU_ARN = f"arn:aws:organizations::{OWNER}:ou/{ORGANIZATION}/{OU}"

ID = "0123456789abcdef0123456789abcdef"
OTHER_ID = "fedcba9876543210fedcba9876543210"


def arn(kind: str, resource_id: str = ID, region: str = REGION, account: str = OWNER) -> str:
    return f"arn:aws:wellarchitected:{region}:{account}:{KINDS[kind].arn_type}/{resource_id}"


def resource(kind: str, resource_id: str = ID, name: str | None = None) -> Resource:
    """As a list operation returns it."""
    the_arn = arn(kind, resource_id)
    return Resource(KINDS[kind], KINDS[kind].id_from_arn(the_arn), the_arn, name, OWNER)


TASK = Defaults(PrincipalNames("aws"))
"""The defaults of a task that sets no option."""


def declare(*grants: Grant, **more: object) -> Declaration:
    """The declaration of a workload with these grants."""
    return Declaration(resource("workload"), grants, **more)  # type: ignore[arg-type]


def grant(principal: str, permission: str | None = None) -> Grant:
    return Grant(parse_listed_principal(principal), permission)


def share(
    principal: str,
    status: str = "ACCEPTED",
    permission: str | None = None,
    share_id: str | None = None,
    message: str | None = None,
) -> Share:
    """As the service lists it. The default ShareId is the principal and the status."""
    return Share(share_id or f"{principal} {status}", parse_listed_principal(principal), status, permission, message)
