# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing what runs made: by name and tag, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from botocore.exceptions import BotoCoreError, ClientError

from .accounts import Account
from .resources import SWITCHED_TAG, Resource, remove, throw_aways
from .watching import Pace


def clean(account: Account, prefix: str, pace: Pace, made: Iterable[Resource] = ()) -> tuple[list[str], list[str]]:
    """Remove the account's resources that have the tag and whose names begin with `prefix`, and those just `made`.

    Returns the names of what was removed, and what could not be, with the reasons.
    """
    client = account.client()
    removed: list[str] = []
    problems: list[str] = []
    # A list may not show yet what was made last.
    found = {resource.arn: resource for resource in made}
    try:
        found.update({resource.arn: resource for resource in throw_aways(client, account.id, prefix)})
    except (ClientError, BotoCoreError) as problem:
        problems.append(f"account {account.id} could not be searched: {problem}")
    for resource in found.values():
        try:
            if SWITCHED_TAG in resource.tags:
                client.update_global_settings(OrganizationSharingStatus="DISABLED")
            remove(client, resource, pace)
            removed.append(f"{resource.kind.name} {resource.name}")
        except (ClientError, BotoCoreError) as problem:
            problems.append(f"{resource.kind.name} {resource.name} of account {account.id}: {problem}")
    return removed, problems
