#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_share_invitations
short_description: Accept or reject invitations to AWS Well-Architected resources in many accounts
version_added: 1.0.0
description:
  - Does what M(wellarchitected.sharing.wa_share_invitation) does, for any number of accounts in one task.
  - It assumes a role in each account and works in many of them at once, so that hundreds of accounts take seconds.
  - One account's failure leaves the others to finish. The task then fails, and says which did.
options:
  accounts:
    description: The accounts whose invitations to answer.
    type: list
    elements: dict
    required: true
    suboptions:
      account_id:
        description: The account ID, 12 digits in quotes.
        type: str
        required: true
      role_arn:
        description:
          - The role to assume in the account. Without one, the task's own credentials must be the account's.
        type: str
  state:
    description: The answer to give.
    type: str
    choices: [accepted, rejected]
    default: accepted
  shared_by:
    description:
      - The account IDs of the owners whose invitations are meant. Invitations of others are never answered.
    type: list
    elements: str
    required: true
  resource_type:
    description: The kinds of resource meant. All by default.
    type: list
    elements: str
    choices: [workload, lens, template, profile]
  name:
    description: The name of the shared resource, with the wildcards V(*) and V(?). Any by default.
    type: str
  wait_timeout:
    description: How many seconds to wait in each account for at least one invitation that fits.
    type: int
    default: 0
  concurrency:
    description: In how many accounts to work at once.
    type: int
    default: 16
extends_documentation_fragment:
  - wellarchitected.sharing._attributes.changes
  - wellarchitected.sharing._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: wellarchitected.sharing.wa_share_invitation
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# Note: These examples do not set authentication details, see the AWS Guide for details.

- name: Accept in two accounts what the platform account shares
  wellarchitected.sharing.wa_share_invitations:
    shared_by:
      - "123456789012"
    accounts:
      - account_id: "111122223333"
        role_arn: arn:aws:iam::111122223333:role/WellArchitectedAccept
      - account_id: "444455556666"
        role_arn: arn:aws:iam::444455556666:role/WellArchitectedAccept
"""

RETURN = r"""
changed:
  description: Whether any invitation was answered.
  returned: always
  type: bool
  sample: true
accounts:
  description: What was done in each account, in the order given. Also returned if some accounts failed.
  returned: unless the input is refused
  type: list
  elements: dict
  contains:
    account_id:
      description: The account.
      type: str
      sample: "111122223333"
    changed:
      description: Whether any invitation of the account was answered.
      type: bool
      sample: true
    invitations:
      description:
        - As in M(wellarchitected.sharing.wa_share_invitation).
      type: list
      elements: dict
    error:
      description: What failed, and why. Only there if something did.
      type: str
summary:
  description: Counts of invitations by what was done, and of accounts that failed.
  returned: unless the input is refused
  type: dict
  sample: {"accepted": 6, "rejected": 0, "gone": 0, "failed": 0}
diff:
  description: The invitations of each account before and after, one line each.
  returned: unless the input is refused
  type: list
  elements: dict
"""

from ..module_utils._modules.share_invitation import (
    answer_invitations_of_accounts,
)


def main() -> None:
    answer_invitations_of_accounts()


if __name__ == "__main__":
    main()
