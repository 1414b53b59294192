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
  - Accepts or rejects the pending invitations of the calling account that fit all conditions.
  - An invitation vanishes once it is answered, so that nothing pending is not an error.
  - To answer for many accounts in one task use M(wellarchitected.sharing.wa_share_invitations).
options:
  state:
    description: The answer to give.
    type: str
    choices: [accepted, rejected]
    default: accepted
  shared_by:
    description:
      - The account IDs of the owners whose invitations are meant. Invitations of others are never answered.
      - Required unless O(share_invitation_ids) is given.
    type: list
    elements: str
  resource_type:
    description: The kinds of resource meant. All by default.
    type: list
    elements: str
    choices: [workload, lens, template, profile]
  name:
    description: The name of the shared resource, with the wildcards V(*) and V(?). Any by default.
    type: str
  share_invitation_ids:
    description:
      - The IDs of the invitations meant, and no others. With O(shared_by), both must fit.
    type: list
    elements: str
  wait_timeout:
    description: How many seconds to wait for at least one invitation that fits. By default it does not wait.
    type: int
    default: 0
extends_documentation_fragment:
  - wellarchitected.sharing._attributes.changes
  - wellarchitected.sharing._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - An invitation expires seven days after it was sent. The owner's next run then sends it again.
seealso:
  - module: wellarchitected.sharing.wa_share_invitations
  - module: wellarchitected.sharing.wa_share_invitation_info
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
  description: The invitations that fit, with what was done to each.
  returned: success
  type: list
  elements: dict
  contains:
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
diff:
  description: The invitations before and after, one line each.
  returned: success
  type: dict
  sample:
    before: "workload 'Payments' from 123456789012: pending\n"
    after: "workload 'Payments' from 123456789012: accepted\n"
"""

from ..module_utils._modules.share_invitation import answer_invitations


def main() -> None:
    answer_invitations()


if __name__ == "__main__":
    main()
