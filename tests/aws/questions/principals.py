# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may be shared with, and what names an invitation."""

from __future__ import annotations

from collections.abc import Mapping

from ..answers import Answer
from ..kinds import LENS, PROFILE, TEMPLATE, WORKLOAD
from ..resources import Resource
from ..sharing import find_invitation, refusal, share, wait_for, wait_for_status
from ..stage import Stage
from .by_kind import by_kind


def own_account_fails(stage: Stage) -> Mapping[str, Answer]:
    def ask(resource: Resource) -> bool:
        return refusal(lambda: share(stage, resource, stage.accounts.owner.id)) is not None

    words = {True: "AWS refuses the owner's own account.", False: "AWS makes a share with the owner's own account."}
    return by_kind(stage, "own_account_fails", ask, words)


def share_id_is_invitation_id(stage: Stage) -> Mapping[str, Answer]:
    """Asked of all kinds but workloads, whose are the same: turbot/steampipe-plugin-aws, pull requests 1690, 1692."""

    def ask(resource: Resource) -> bool:
        share_id = share(stage, resource)
        return wait_for(stage, "the invitation", lambda: find_invitation(stage, resource)) == share_id

    words = {True: "The two are the same.", False: "They are two IDs."}
    return by_kind(stage, "share_id_is_invitation_id", ask, words, (LENS, TEMPLATE, PROFILE))


def only_recipient_answers(stage: Stage) -> Mapping[str, Answer]:
    """Asked of workloads, whose ShareId names the invitation: the account's list may not show the user's."""
    recipient = stage.accounts.recipient
    user = f"arn:{recipient.partition}:iam::{recipient.id}:user/{stage.prefix}user"

    def ask(resource: Resource) -> bool:
        share_id = share(stage, resource, user)
        wait_for_status(stage, resource, share_id, {"PENDING"})
        accept = stage.recipient.update_share_invitation
        refused = refusal(
            lambda: accept(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT"), {"AccessDeniedException"}
        )
        return refused is not None

    words = {
        True: "The account cannot accept the invitation of one of its users.",
        False: "The account can accept the invitation of one of its users.",
    }
    return by_kind(stage, "only_recipient_answers", ask, words, (WORKLOAD,))
