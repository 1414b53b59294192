# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The open questions: each asks AWS, and answers with values of the endpoint's settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from ..answers import Answer, Unknown, reason
from ..stage import Stage
from . import existing_shares, limits, organizations, principals, visibility

SETTINGS = {
    "list_organization_as": "Does a list return an organization or OU as it was given, as ID, or as ARN?",
    "create_conflicts_on_inactive": "Does Create conflict when only an inactive share exists?",
    "update_fails_on_inactive": "Does Update fail on an inactive share?",
    "update_makes_pending": "Does an update of an ACCEPTED share make it PENDING?",
    "delete_conflicts_while_associating": "Does Delete conflict while ASSOCIATING?",
    "shares_visible_after": "After how many seconds does a new share show in the owner's lists?",
    "shares_visible_after_lists": "How many of the owner's lists miss a new share, however late they are made?",
    "invitations_visible_after": "After how many seconds does a new invitation show in the recipient's list?",
    "max_results": "What is the largest MaxResults that each list takes?",
    "own_account_fails": "Does sharing with the owner's own account fail?",
    "only_recipient_answers": "Can only the user who was invited answer the invitation, and not the account?",
    "share_id_is_invitation_id": "Is the ShareId of a lens, template or profile share its ShareInvitationId?",
    "organization_shares_count": "Do shares with organizations and OUs count for the quota?",
    "inactive_shares_count": "Do inactive shares count for the quota?",
    "organization_sharing_is_regional": "Is organization sharing a setting of the region, not of the account?",
    "conflicts_after_delete": "For how many seconds after a delete does Create conflict, though no list shows a share?",
    "associating_lists": "How many lists show a share with an organization as ASSOCIATING? -1: it never ends.",
    "association_fails": "With which StatusMessage do shares with an organization end FAILED? null: they do not.",
}


@dataclass(frozen=True)
class Question:
    """Something to ask of AWS, and the settings that it answers. `ask` may raise Unknown."""

    settings: tuple[str, ...]
    ask: Callable[[Stage], Mapping[str, Answer]]


QUESTIONS = (
    Question(("max_results",), limits.max_results),
    Question(("own_account_fails",), principals.own_account_fails),
    Question(("shares_visible_after", "shares_visible_after_lists"), visibility.shares_visible),
    Question(("invitations_visible_after",), visibility.invitations_visible),
    Question(("conflicts_after_delete",), visibility.conflicts_after_delete),
    Question(("only_recipient_answers",), principals.only_recipient_answers),
    Question(("share_id_is_invitation_id",), principals.share_id_is_invitation_id),
    Question(("create_conflicts_on_inactive",), existing_shares.create_conflicts),
    Question(("update_fails_on_inactive",), existing_shares.update_fails),
    Question(("update_makes_pending",), existing_shares.update_makes_pending),
    Question(("inactive_shares_count",), limits.inactive_shares_count),
    Question(("organization_sharing_is_regional",), organizations.sharing_is_regional),
    Question(("list_organization_as",), organizations.listed_as),
    Question(("associating_lists", "association_fails"), organizations.association),
    Question(("delete_conflicts_while_associating",), organizations.delete_conflicts),
    Question(("organization_shares_count",), organizations.shares_count),
)


def ask(stage: Stage, question: Question) -> dict[str, Answer]:
    """The answers to a question: null with the reason where AWS, or the run's accounts, do not give them."""
    try:
        return dict(question.ask(stage))
    except (Unknown, ClientError, BotoCoreError) as problem:
        return dict.fromkeys(question.settings, Answer(None, f"Not found out: {reason(problem)}."))
