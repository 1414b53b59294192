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
    organizational units, or revokes their access to it.
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
  - wellarchitected.sharing._guardrails
  - wellarchitected.sharing._guardrails.shares
  - wellarchitected.sharing._attributes.changes
  - wellarchitected.sharing._attributes
  - amazon.aws.boto3
  - amazon.aws.common.modules
  - amazon.aws.region.modules
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# These examples use the credentials and the Region of the environment.

- name: Share the custom lens with two accounts
  wellarchitected.sharing.wa_lens_share:
    lens: Platform Standards
    region: eu-west-1
    shared_with:
      - "111122223333"
      - "444455556666"

- name: Share the custom lens with an organizational unit and with no other principal
  wellarchitected.sharing.wa_lens_share:
    lens: Platform Standards
    shared_with:
      - ou-ab12-cdefghij
    purge_shares: true
    wait: true

- name: Revoke the access of an account
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
msg:
  description: What was done, in one line, or what failed.
  returned: always
  type: str
  sample: "Shares: 2 created."
errors:
  description: What failed, one string each. Empty if nothing failed.
  returned: always, except when Ansible rejects an option
  type: list
  elements: str
  sample: []
resource:
  description:
    - The resource, as in RV(wellarchitected.sharing.wa_shares#module:resources[].resource). Where O(lens) is an ARN,
      C(name) is V(null).
  returned: always, except when the input is invalid or nothing could be read
  type: dict
  sample:
    kind: lens
    id: 0123456789abcdef0123456789abcdef
    arn: arn:aws:wellarchitected:eu-west-1:123456789012:lens/0123456789abcdef0123456789abcdef
    name: Platform Standards
    account_id: "123456789012"
    region: eu-west-1
shares:
  description:
    - The share of each declared principal, in the order declared, then the deleted shares. Each is as in
      RV(wellarchitected.sharing.wa_shares#module:resources[].shares), without end and reason.
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  sample:
    - shared_with: "111122223333"
      shared_with_name:
      share_id: fedcba9876543210fedcba9876543210
      status: ACCEPTED
      status_message:
      permission_type:
      action: unchanged
plan:
  description: The changes that a guardrail refused, as RV(wellarchitected.sharing.wa_shares#module:plan).
  returned: when a guardrail refuses
  type: list
  elements: dict
plan_sha256:
  description: The SHA-256 of the plan.
  returned: when a guardrail refuses
  type: str
diff:
  description: The shares before and after, one line each.
  returned: always, except when the input is invalid for another reason than a guardrail
  type: dict
  sample:
    before_header: shares of lens 'Platform Standards' (ARN)
    before: ""
    after_header: shares of lens 'Platform Standards' (ARN)
    after: "111122223333 new\n"
"""

from ..module_utils._single import main as share_one


def main() -> None:
    share_one("lens")


if __name__ == "__main__":
    main()
