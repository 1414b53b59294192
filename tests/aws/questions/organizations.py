# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shares with an organization or OU. Only an owner whose organization sharing is on can find out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..accounts import ORGANIZATION, SWITCH, UNIT, service_regions
from ..answers import Answer, Unknown, without_identifiers
from ..kinds import TEMPLATE, WORKLOAD
from ..resources import SWITCHED_TAG, Resource
from ..sharing import DEAD, find, refusal, share, wait_for
from ..stage import Stage
from .by_kind import by_kind
from .limits import counts_beside, fill

STATUS = "OrganizationSharingStatus"


def _principal(stage: Stage) -> str:
    """The organization or OU to share with. Raises Unknown where there is none, or organization sharing is off."""
    given = stage.accounts.organization or stage.accounts.unit
    if not given:
        raise Unknown(f"neither {ORGANIZATION} nor {UNIT} is set")
    if stage.owner.get_global_settings().get(STATUS) != "ENABLED":
        raise Unknown("organization sharing is not enabled in the owner's account")
    return given


def _as_arn(stage: Stage, principal: str) -> str:
    """The ARN of the owner's organization, or of an OU in it."""
    try:
        organizations = stage.accounts.owner.client("organizations")
        arn = organizations.describe_organization()["Organization"]["Arn"]
    except (ClientError, BotoCoreError) as problem:
        raise Unknown(
            "lists show IDs as they were given, and the owner may not read its organization's ARN"
        ) from problem
    return arn if principal.startswith("o-") else f"{arn.replace(':organization/', ':ou/')}/{principal}"


def listed_as(stage: Stage) -> Mapping[str, Answer]:
    principal = _principal(stage)
    if _listed(stage, principal).startswith("arn:"):
        return {"list_organization_as": Answer("arn", "An ID is listed as the ARN.")}
    if _listed(stage, _as_arn(stage, principal)).startswith("arn:"):
        return {"list_organization_as": Answer("given", "An ID is listed as the ID, and an ARN as the ARN.")}
    return {"list_organization_as": Answer("id", "An ARN is listed as the ID.")}


def _listed(stage: Stage, principal: str) -> str:
    """SharedWith in the list, of a share with the principal."""
    with stage.throw_away(WORKLOAD) as (resource,):
        share_id = share(stage, resource, principal)
        return wait_for(stage, "a new share", lambda: find(stage, resource, share_id))["SharedWith"]


def association(stage: Stage) -> Mapping[str, Answer]:
    principal = _principal(stage)
    with stage.throw_away(WORKLOAD) as (resource,):
        lists, row = _associate(stage, resource, share(stage, resource, principal))
    if row["Status"] == "ASSOCIATING":
        text = f"Still ASSOCIATING after {stage.pace.patience:g} s."
        return {
            "associating_lists": Answer(-1, text),
            "association_fails": Answer(None, f"Not known: {text}"),
        }
    text = f"{row['Status']} after {lists} lists, {stage.pace.pause:g} s apart, that said ASSOCIATING."
    message = without_identifiers(row.get("StatusMessage") or "")
    if row["Status"] in DEAD and not message:
        failure = Answer(None, "Not known: the association failed without a StatusMessage.")
    elif row["Status"] in DEAD:
        failure = Answer(message, text)
    else:
        failure = Answer(None, f"It did not fail: {text}")
    return {"associating_lists": Answer(lists, text), "association_fails": failure}


def _associate(stage: Stage, resource: Resource, share_id: str) -> tuple[int, dict[str, Any]]:
    """How many lists showed the share ASSOCIATING, and the share as the last list has it."""
    row = wait_for(stage, "a new share", lambda: find(stage, resource, share_id))
    lists, deadline = 0, time.monotonic() + stage.pace.patience
    while row["Status"] == "ASSOCIATING" and time.monotonic() < deadline:
        lists += 1
        time.sleep(stage.pace.pause)
        row = find(stage, resource, share_id) or row
    return lists, row


def delete_conflicts(stage: Stage) -> Mapping[str, Answer]:
    """A delete right after the create shows a conflict; that there is none shows only where a list said ASSOCIATING."""
    principal = _principal(stage)

    def delete(resource: Resource, share_id: str) -> bool:
        delete_share = stage.owner.delete_workload_share
        return refusal(lambda: delete_share(**resource.parameters, ShareId=share_id)) is not None

    with stage.throw_away(WORKLOAD) as (resource,):
        if delete(resource, share(stage, resource, principal)):
            return {"delete_conflicts_while_associating": Answer(True, "Refused right after the share was made.")}
    with stage.throw_away(WORKLOAD) as (resource,):
        share_id = share(stage, resource, principal)
        row = wait_for(stage, "a new share", lambda: find(stage, resource, share_id))
        if row["Status"] != "ASSOCIATING":
            raise Unknown(f"a delete right after the create is taken, but the first list already says {row['Status']}")
        conflicts = delete(resource, share_id)
    text = "Refused" if conflicts else "Taken"
    return {"delete_conflicts_while_associating": Answer(conflicts, f"{text}, after a list that said ASSOCIATING.")}


def shares_count(stage: Stage) -> Mapping[str, Answer]:
    principal = _principal(stage)

    def ask(resource: Resource) -> bool:
        _lists, row = _associate(stage, resource, share(stage, resource, principal))
        if row["Status"] in DEAD:
            raise Unknown(f"the share with the organization is {row['Status']}")
        return counts_beside(fill(stage, resource))

    words = {
        True: "A share with an organization takes a place of the quota.",
        False: "A share with an organization takes no place of the quota.",
    }
    return by_kind(stage, "organization_shares_count", ask, words, (WORKLOAD, TEMPLATE))


def sharing_is_regional(stage: Stage) -> Mapping[str, Answer]:
    """Regions that differ show it. Where all are the same only switching one does: done where it is asked for."""
    here = stage.accounts.region
    statuses = _statuses(stage)
    if len(set(statuses.values())) > 1:
        return _regional(True, f"{len(statuses)} regions do not agree.")
    if len(statuses) < 2:
        raise Unknown("no second region could be read")
    if statuses[here] == "ENABLED" or not stage.accounts.may_switch:
        raise Unknown(
            f"{len(statuses)} regions all say {statuses[here]}. Only switching it shows more, which is done where "
            f"{SWITCH} is set and all say DISABLED"
        )
    other = next(region for region in statuses if region != here)
    if _switched_on_shows(stage, other):
        return _regional(False, "Switched on in one region, it is on in another.")
    return _regional(True, "Switched on in one region, it is off in another.")


def _regional(value: bool, text: str) -> Mapping[str, Answer]:
    return {"organization_sharing_is_regional": Answer(value, text)}


def _statuses(stage: Stage) -> dict[str, str]:
    """The owner's OrganizationSharingStatus, by region, of the regions that can be read."""
    statuses = {}
    for region in sorted({stage.accounts.region, *service_regions(stage.accounts.region)}):
        try:
            answer = stage.accounts.owner.client(region=region).get_global_settings()
        except (ClientError, BotoCoreError):
            continue
        statuses[region] = answer.get(STATUS, "DISABLED")
    return statuses


def _switched_on_shows(stage: Stage, other: str) -> bool:
    """Whether switching organization sharing on here shows in another region. It is off again afterwards."""
    elsewhere = stage.accounts.owner.client(region=other)

    def enabled(client: Any) -> bool:
        return client.get_global_settings().get(STATUS) == "ENABLED"

    # Kept until it is off again: what the run's end, or `make aws-clean`, finds with this tag is switched off.
    marker = stage.make(WORKLOAD, tags={SWITCHED_TAG: stage.accounts.region})
    try:
        stage.owner.update_global_settings(**{STATUS: "ENABLED"})
        wait_for(stage, "a new status", lambda: enabled(stage.owner))
        with suppress(Unknown):
            return wait_for(stage, "a new status elsewhere", lambda: enabled(elsewhere))
        return False
    finally:
        stage.owner.update_global_settings(**{STATUS: "DISABLED"})
        stage.remove(marker)
