# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many: rows on a page, shares of a resource."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from ..answers import Answer, Unknown
from ..kinds import KINDS, TEMPLATE, WORKLOAD
from ..resources import Resource
from ..sharing import answered_share, share
from ..stage import Stage
from .by_kind import by_kind

#: the largest that botocore's model allows
LARGEST = 50
RESOURCE_LISTS = ("ListWorkloads", "ListLenses", "ListReviewTemplates", "ListProfiles")
#: General Reference, Well-Architected Tool quotas: shares per workload and per review template
QUOTA = 20
_LIMIT = re.compile(r"MaxResults must be between 1 and (\d+)")

Refusal = Callable[[int], "str | None"]


def max_results(stage: Stage) -> Mapping[str, Answer]:
    value = {}
    with stage.throw_away(*KINDS) as resources:
        for resource in resources:
            operation = resource.kind.list_shares_operation
            value[operation] = largest_taken(_refusal_of(stage.owner, operation, resource.parameters))
    value["ListShareInvitations"] = largest_taken(_refusal_of(stage.recipient, "ListShareInvitations", {}))
    for operation in RESOURCE_LISTS:
        value[operation] = largest_taken(_refusal_of(stage.owner, operation, {}))
    return {"max_results": Answer(value, f"The most that each takes; the model says {LARGEST}.")}


def _refusal_of(client: Any, operation: str, parameters: Mapping[str, Any]) -> Refusal:
    def refused(size: int) -> str | None:
        try:
            getattr(client, xform_name(operation))(**parameters, MaxResults=size)
        except ClientError as problem:
            if problem.response["Error"]["Code"] != "ValidationException":
                raise
            return problem.response["Error"].get("Message", "") or "refused"
        return None

    return refused


def largest_taken(refusal: Refusal) -> int:
    """The largest size, at most LARGEST, that is not refused. `refusal` gives the message for a size, None if taken.

    Raises Unknown where not even 1 is taken.
    """
    message = refusal(LARGEST)
    if message is None:
        return LARGEST
    limit = _LIMIT.search(message)
    if limit and 1 <= int(limit[1]) < LARGEST and refusal(int(limit[1])) is None:
        return int(limit[1])
    taken, refused = 0, LARGEST
    while refused - taken > 1:
        middle = (taken + refused) // 2
        if refusal(middle) is None:
            taken = middle
        else:
            refused = middle
    if not taken:
        raise Unknown("no MaxResults at all is taken")
    return taken


def inactive_shares_count(stage: Stage) -> Mapping[str, Answer]:
    def ask(resource: Resource) -> bool:
        answered_share(stage, resource, "REJECT")
        return counts_beside(fill(stage, resource))

    words = {
        True: "A REJECTED share takes a place of the quota.",
        False: "A REJECTED share takes no place of the quota.",
    }
    return by_kind(stage, "inactive_shares_count", ask, words, (WORKLOAD, TEMPLATE))


def counts_beside(filled: int) -> bool:
    """Whether the one share that was there before counts, from how many others then found a place."""
    if filled not in (QUOTA - 1, QUOTA):
        raise Unknown(f"{filled} more shares found a place, and not {QUOTA - 1} or {QUOTA}")
    return filled == QUOTA - 1


def fill(stage: Stage, resource: Resource) -> int:
    """Share a resource until its quota is full. Returns how many shares found a place.

    With made-up users of the recipient's own account: a made-up account ID may be a stranger's, who would be invited.
    """
    recipient = stage.accounts.recipient
    for number in range(QUOTA + 2):
        try:
            share(stage, resource, f"arn:{recipient.partition}:iam::{recipient.id}:user/{stage.prefix}{number}")
        except ClientError as problem:
            if problem.response["Error"]["Code"] == "ServiceQuotaExceededException":
                return number
            raise
    raise Unknown(f"{QUOTA + 2} shares did not fill the quota")
