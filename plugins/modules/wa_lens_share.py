#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_lens_share
short_description: Share an AWS Well-Architected custom lens
version_added: 1.0.0
description:
  - Shares one custom lens of the AWS Well-Architected Tool with accounts, IAM users, IAM roles, organizations and
    organizational units, or stops sharing it.
options:
  lens:
    description:
      - The ARN or exact name of a published custom lens that the calling account owns.
    type: str
    required: true
extends_documentation_fragment:
  - wellarchitected.sharing._sharing.one
  - wellarchitected.sharing._sharing
  - wellarchitected.sharing._principals
  - wellarchitected.sharing._principals.guard_rails
  - wellarchitected.sharing._attributes.changes
  - wellarchitected.sharing._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# Note: These examples do not set authentication details, see the AWS Guide for details.

- name: Share the custom lens with two accounts
  wellarchitected.sharing.wa_lens_share:
    lens: Platform Standards
    shared_with:
      - "111122223333"
      - "444455556666"

- name: Share it with an organizational unit and nobody else
  wellarchitected.sharing.wa_lens_share:
    lens: Platform Standards
    shared_with:
      - ou-ab12-cdefghij
    purge_shares: true
    wait: true

- name: Stop sharing it with an account
  wellarchitected.sharing.wa_lens_share:
    lens: Platform Standards
    shared_with:
      - "444455556666"
    state: absent
"""

RETURN = r"""
changed:
  description: Whether any share was created, updated, renewed or deleted.
  returned: always
  type: bool
  sample: true
resource:
  description: The custom lens, as far as it is known. One that was named by its ID has no ARN and no name here.
  returned: success
  type: dict
  contains:
    kind:
      description: What kind of resource it is.
      type: str
      sample: lens
    id:
      description: The ID, which is the last part of the ARN.
      type: str
      sample: 0123456789abcdef0123456789abcdef
    arn:
      description: The ARN.
      type: str
      sample: arn:aws:wellarchitected:eu-west-1:123456789012:lens/0123456789abcdef0123456789abcdef
    name:
      description: The name, where the resource was named by it.
      type: str
      sample: Platform Standards
shares:
  description: The share of each principal declared, in the order declared, then the shares removed.
  returned: success
  type: list
  elements: dict
  contains:
    shared_with:
      description: The principal.
      type: str
      sample: "111122223333"
    shared_with_name:
      description: The name of the principal in O(principals), if it has one.
      type: str
      sample: payments
    share_id:
      description: The ID of the share. None in check mode for one that is still to be created.
      type: str
      sample: fedcba9876543210fedcba9876543210
    status:
      description: The status that was listed. None for a share that was just created, unless O(wait=true).
      type: str
      sample: ACCEPTED
    status_message:
      description: Why a share failed, as the service says it.
      type: str
    permission_type:
      description: V(READONLY) or V(CONTRIBUTOR). Only workloads have one.
      type: str
    action:
      description: What was done, or would be in check mode.
      type: str
      sample: created
diff:
  description: The shares before and after, one line each.
  returned: always
  type: dict
  sample:
    before_header: shares of custom lens
    before: ""
    after_header: shares of custom lens
    after: "111122223333 new\n"
"""

from ..module_utils._modules import single_share


def main() -> None:
    single_share.main("lens")


if __name__ == "__main__":
    main()
