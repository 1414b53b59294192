#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_share_invitation
short_description: Accept or reject invitations to AWS Well-Architected resources
version_added: 1.0.0
description:
  - Accepts or rejects the pending invitations that match all conditions, in the calling account or in any number of
    accounts and Regions.
  - If the owner is an account of yours, too, O(wellarchitected.sharing.wa_shares#module:accept_in) of
    M(wellarchitected.sharing.wa_shares) shares and accepts in one task.
  - An invitation disappears once it is answered, so that it is not an error if none is pending.
  - The failure of one invitation or account does not keep the others from being processed. The task then fails and
    reports which did.
options:
  state:
    description: The answer to the invitations.
    type: str
    choices: [accepted, rejected]
    default: accepted
  shared_by:
    description:
      - The account IDs of the owners whose invitations are answered. Invitations of other owners are never answered.
      - Required unless O(share_invitation_ids) is given.
    type: list
    elements: str
  wait_timeout:
    description:
      - The number of seconds to wait for invitations, in all accounts and Regions together. The default is not to
        wait.
      - The task waits in each account and Region until at least one invitation matches, or until all
        O(share_invitation_ids) were found.
    type: int
    default: 0
extends_documentation_fragment:
  - wellarchitected.sharing._invitations
  - wellarchitected.sharing._places
  - wellarchitected.sharing._guardrails
  - wellarchitected.sharing._attributes.changes
  - wellarchitected.sharing._attributes.long
  - wellarchitected.sharing._attributes
  - amazon.aws.boto3
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - An invitation expires seven days after it was sent. The owner's next run then renews it.
  - Invitations of IAM users and roles can only be accepted with the credentials of that user or role. In accounts that
    the task assumes a role in, they are ignored.
seealso:
  - module: wellarchitected.sharing.wa_share_invitation_info
    description: Lists pending invitations.
  - module: wellarchitected.sharing.wa_shares
    description: Shares, and accepts in accounts of your own.
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# These examples use the credentials and the Region of the environment.

- name: Accept everything that the platform account shares
  wellarchitected.sharing.wa_share_invitation:
    region: eu-west-1
    shared_by:
      - "123456789012"

- name: Accept the central templates of the platform account, once the first of them is shared
  wellarchitected.sharing.wa_share_invitation:
    shared_by:
      - "123456789012"
    resource_type:
      - template
    name: CentralTemplate*
    wait_timeout: 60

- name: Accept in two accounts what the platform account shares
  wellarchitected.sharing.wa_share_invitation:
    shared_by:
      - "123456789012"
    accounts:
      - account_id: "111122223333"
        role_arn: arn:aws:iam::111122223333:role/WellArchitectedAccept
      - account_id: "444455556666"
        role_arn: arn:aws:iam::444455556666:role/WellArchitectedAccept
        name: team-search

- name: Reject everything that a former partner shares, in two Regions
  wellarchitected.sharing.wa_share_invitation:
    shared_by:
      - "210987654321"
    regions:
      - eu-west-1
      - us-east-1
    state: rejected

- name: Reject one invitation
  wellarchitected.sharing.wa_share_invitation:
    share_invitation_ids:
      - fedcba9876543210fedcba9876543210
    state: rejected
"""

RETURN = r"""
changed:
  description: Whether any invitation was answered.
  returned: always
  type: bool
  sample: true
msg:
  description: What was done, in one line. If the task failed, also what failed, with equal errors grouped.
  returned: always
  type: str
  sample: "Invitations: 6 accepted."
errors:
  description: What failed, with equal errors grouped, one string each. Empty if nothing failed.
  returned: always, except when Ansible rejects an option
  type: list
  elements: str
  sample: []
invitations:
  description:
    - The selected invitations, each as in
      RV(wellarchitected.sharing.wa_share_invitation_info#module:invitations), and with what was done to it.
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  contains:
    action:
      description: V(accepted) or V(rejected). V(gone) if it was answered, deleted or expired after it was listed.
      type: str
      sample: accepted
places:
  description:
    - The accounts and Regions of the task, as in RV(wellarchitected.sharing.wa_shares#module:places). One that could
      not be processed has an C(error), one that was skipped has C(skipped), with the reason.
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  sample:
    - account_id: "111122223333"
      region: eu-west-1
      name: team-payments
summary:
  description: The number of invitations by action, and of accounts and Regions that failed.
  returned: always, except when the input is invalid or nothing could be read
  type: dict
  sample:
    accepted: 6
    rejected: 0
    gone: 0
    failed: 0
diff:
  description: The invitations of each account and Region before and after, one line each.
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  sample:
    - before_header: invitations of 111122223333 in eu-west-1
      after_header: invitations of 111122223333 in eu-west-1
      before: "workload 'Payments' from 123456789012: pending\\n"
      after: "workload 'Payments' from 123456789012: accepted\\n"
"""

from collections import Counter
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils import _options, _results
from ..module_utils._accept import (
    ACCEPTED,
    GONE,
    REJECTED,
    Answer,
    Conditions,
    Invitation,
    Recipient,
    answer_invitations,
    parse_conditions,
)
from ..module_utils._names import escape_controls
from ..module_utils._waiting import WaitBudget


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            **_options.INVITATIONS,
            "state": {"type": "str", "choices": [ACCEPTED, REJECTED], "default": ACCEPTED},
            "wait_timeout": {"type": "int", "default": 0},
            "progress_path": {"type": "path"},
        },
        required_one_of=[["shared_by", "share_invitation_ids"]],
        supports_check_mode=True,
    )
    params = module.params
    with _results.reporting_errors(module):
        task = _options.open_task(module)
        conditions = parse_conditions(params, task.names, task.errors)
        if params["shared_by"] is None and params["share_invitation_ids"] is None:
            # Ansible takes null for given. Without a condition everyone's invitations would be answered.
            task.errors.append("shared_by, share_invitation_ids: Both are null. Set at least one of the two.")
        runner = task.start()
    recipients = [Recipient(place) for place in task.scope.places]
    answer = Answer(
        select=lambda recipient, invitation: _select(conditions, recipient, invitation),
        waits_for_more=lambda recipient: not recipient.tried or bool(conditions.ids - _tried(recipients)),
        action=params["state"],
        resource_type=conditions.only_type,
        check_mode=module.check_mode,
    )
    answer_invitations(runner, recipients, answer, WaitBudget(params["wait_timeout"]))
    missing = sorted(conditions.ids - _tried(recipients))
    if missing and params["wait_timeout"]:
        time = f"within {params['wait_timeout']} s"
        _results.warn_all([f"These invitations did not appear {time}, or were answered before: {', '.join(missing)}."])
    actions = Counter(action for recipient in recipients for _invitation, action in recipient.answered)
    counts = {action: actions[action] for action in (ACCEPTED, REJECTED, GONE)}
    failed = _results.fail_recipients(recipients)
    result: dict[str, Any] = {
        "changed": any(recipient.changed for recipient in recipients),
        "invitations": [
            invitation.as_result(recipient.place, action=action)
            for recipient in recipients
            for invitation, action in recipient.answered
        ],
        "places": [recipient.as_place_result() for recipient in recipients],
        "summary": {**counts, "failed": len(failed)},
        "diff": [_diff(recipient) for recipient in recipients if recipient.changed],
    }
    head = (
        f"{_results.describe_failed(failed, len(recipients), _results.PLACE)}"
        f"{_results.describe_counts(counts, 'Invitations', 'No invitation was answered.')}"
        f"{_results.describe_skipped(recipients)}"
    )
    _results.exit_module(module, result, head, failed, detail="")


def _select(conditions: Conditions, recipient: Recipient, invitation: Invitation) -> bool:
    # Only the user or role itself can answer its invitation.
    is_possible = recipient.place.account.role_arn is None or invitation.is_for_account
    return is_possible and conditions.select(invitation)


def _tried(recipients: list[Recipient]) -> frozenset[str]:
    return frozenset(identifier for recipient in recipients for identifier in recipient.tried)


def _diff(recipient: Recipient) -> dict[str, str]:
    """A line per invitation that was answered."""
    answered = [(one, action) for one, action in recipient.answered if action != GONE]
    account = recipient.place.account.id or answered[0][0].recipient
    header = f"invitations of {account} in {recipient.place.region}"
    return {
        "before_header": header,
        "after_header": header,
        "before": "".join(f"{escape_controls(one.label)}: pending\n" for one, _action in answered),
        "after": "".join(f"{escape_controls(one.label)}: {action}\n" for one, action in answered),
    }


if __name__ == "__main__":
    main()
