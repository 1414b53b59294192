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
  - Accepts or rejects the pending invitations that fit all conditions, in the calling account or in any number of
    accounts and regions. It assumes a role in each account, and works in many of them at once.
  - An invitation vanishes once it is answered, so that nothing pending is not an error.
  - What fails for one invitation or place leaves the others to finish. The task then fails, and says which did.
options:
  state:
    description: The answer to give.
    type: str
    choices: [accepted, rejected]
    default: accepted
  shared_by:
    description:
      - The account IDs of the owners whose invitations are meant. Invitations of others are never answered.
      - Required unless O(share_invitation_ids) or O(shared) is given.
    type: list
    elements: str
  shared:
    description:
      - The RV(wellarchitected.sharing.wa_shares#module:resources) that a task of the owner returned, or a task of any
        number of owners in any number of regions. Only invitations to these shares are meant, each in its region, and
        places that have none to expect are not even asked.
      - Without O(regions), the regions to work in are those of these resources.
      - Let that task have O(wellarchitected.sharing.wa_shares#module:wait=true), so that it says which shares are
        V(PENDING). An account of the owner's organization gets no invitation where organization sharing is enabled.
      - Only shares with accounts count. The invitation of an IAM user or role is left to it.
    type: list
    elements: dict
  wait_timeout:
    description:
      - How many seconds to wait for invitations, in all places together. By default it does not wait.
      - With O(shared), it waits for the invitation of each share that is V(PENDING), and fails where one does not show.
        One that is so new that the owner does not know its status is waited for too, but need not show.
      - Else it waits in each place for at least one invitation that fits.
    type: int
    default: 0
  concurrency:
    description: How many calls may be under way at once in one place, and at most four times as many over all of them.
    type: int
    default: 8
extends_documentation_fragment:
  - wellarchitected.sharing._invitations
  - wellarchitected.sharing._places
  - wellarchitected.sharing._long_task
  - wellarchitected.sharing._attributes.changes
  - wellarchitected.sharing._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - An invitation expires seven days after it was sent. The owner's next run then sends it again.
seealso:
  - module: wellarchitected.sharing.wa_share_invitation_info
  - module: wellarchitected.sharing.wa_shares
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# Note: These examples do not set authentication details, see the AWS Guide for details.

- name: Accept everything that the platform account shares
  wellarchitected.sharing.wa_share_invitation:
    shared_by:
      - "123456789012"

- name: Accept its central templates, as soon as the first of them is shared
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

- name: Reject, in two regions, whatever a former partner shares
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
invitations:
  description: The invitations that fit, with what was done to each. Also returned if some failed.
  returned: unless the input is refused
  type: list
  elements: dict
  contains:
    account_id:
      description: The account ID of the recipient.
      type: str
      sample: "111122223333"
    region:
      description: The region of the resource, and of the invitation.
      type: str
      sample: eu-west-1
    share_invitation_id:
      description: The ID of the invitation.
      type: str
      sample: fedcba9876543210fedcba9876543210
    shared_by:
      description: The account ID of the owner.
      type: str
      sample: "123456789012"
    shared_with:
      description: The principal that is invited.
      type: str
      sample: "111122223333"
    permission_type:
      description: V(READONLY) or V(CONTRIBUTOR) for workloads, else none.
      type: str
      sample: READONLY
    resource:
      description: The resource that is shared. A workload has no ARN here.
      type: dict
      sample:
        kind: workload
        id: 0123456789abcdef0123456789abcdef
        arn:
        name: Payments
    action:
      description:
        - V(accepted) or V(rejected). V(gone) if the invitation was answered, withdrawn or expired meanwhile.
      type: str
      sample: accepted
places:
  description:
    - The accounts in their regions, in the order given. Those that had nothing to expect are here too.
  returned: unless the input is refused
  type: list
  elements: dict
  contains:
    account_id:
      description: The account. None for the account of the credentials, unless O(accounts) or O(shared) is given.
      type: str
    region:
      description: The region.
      type: str
    name:
      description: The O(accounts[].name), if it has one.
      type: str
    error:
      description: What failed there, and why. Only there if something did.
      type: str
    skipped:
      description: Why nothing was to be answered there. Only there with V(all) among O(regions), for a region that the
        account has not enabled.
      type: str
  sample:
    - account_id: "111122223333"
      region: eu-west-1
      name: team-payments
summary:
  description: Counts of invitations by what was done, and of places that failed.
  returned: unless the input is refused
  type: dict
  sample: {"accepted": 6, "rejected": 0, "gone": 0, "failed": 0}
accounts:
  description:
    - What each account has now, as the owner's task and the answers say it. Those of O(accounts) come first.
    - Where there are several regions, each text ends with its own.
  returned: when O(shared) is given
  type: list
  elements: dict
  contains:
    account_id:
      description: The account.
      type: str
    name:
      description: What O(accounts) calls it. Null for an account that is not among them.
      type: str
    access:
      description: A text for each share.
      type: list
      elements: str
    changed:
      description: Whether the owner's task or this one changed anything for the account.
      type: bool
    error:
      description: What failed. Empty where nothing did.
      type: str
  sample:
    - account_id: "111122223333"
      name: team-payments
      access: [workload Payments READONLY ACCEPTED, lens Platform Standards ACCEPTED]
      changed: true
      error: ""
diff:
  description: The invitations of each place before and after, one line each.
  returned: unless the input is refused
  type: list
  elements: dict
  sample:
    - before_header: invitations of 111122223333
      after_header: invitations of 111122223333
      before: "workload 'Payments' from 123456789012: pending\n"
      after: "workload 'Payments' from 123456789012: accepted\n"
"""

from ..module_utils._modules import share_invitation


def main() -> None:
    share_invitation.main()


if __name__ == "__main__":
    main()
