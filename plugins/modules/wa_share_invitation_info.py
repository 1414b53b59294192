#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_share_invitation_info
short_description: List the pending invitations to AWS Well-Architected resources
version_added: 1.0.0
description:
  - Lists the pending invitations of the calling account, or of any number of accounts and regions.
  - Invitations vanish once they are answered, withdrawn or expired.
options:
  shared_by:
    description: The account IDs of the owners whose invitations are meant. All by default.
    type: list
    elements: str
extends_documentation_fragment:
  - wellarchitected.sharing._invitations
  - wellarchitected.sharing._places
  - wellarchitected.sharing._attributes.info
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

- name: List everything that waits for an answer
  wellarchitected.sharing.wa_share_invitation_info:

- name: List the workloads that one account shares
  wellarchitected.sharing.wa_share_invitation_info:
    shared_by:
      - "123456789012"
    resource_type:
      - workload

- name: List what waits in two accounts, wherever the service is
  wellarchitected.sharing.wa_share_invitation_info:
    accounts:
      - account_id: "111122223333"
        role_arn: arn:aws:iam::111122223333:role/WellArchitectedAccept
      - account_id: "444455556666"
        role_arn: arn:aws:iam::444455556666:role/WellArchitectedAccept
    regions:
      - all
"""

RETURN = r"""
invitations:
  description:
    - The invitations that fit, of each place sorted by owner, kind and name. Also returned if some places failed.
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
places:
  description: The accounts in their regions, in the order given.
  returned: unless the input is refused
  type: list
  elements: dict
  contains:
    account_id:
      description: The account. None for the account of the credentials, unless O(accounts) is given.
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
      description: Why nothing was listed there. Only there with V(all) among O(regions), for a region that the account
        has not enabled.
      type: str
  sample:
    - account_id: "111122223333"
      region: eu-west-1
      name: team-payments
"""

from ..module_utils._modules import share_invitation_info


def main() -> None:
    share_invitation_info.main()


if __name__ == "__main__":
    main()
