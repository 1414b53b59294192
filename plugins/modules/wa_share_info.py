#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_share_info
short_description: List who AWS Well-Architected resources are shared with
version_added: 1.0.0
description:
  - Lists the shares of workloads, custom lenses, review templates and profiles that the calling account owns,
    or many accounts in many regions.
  - Without O(workload), O(lens), O(template) and O(wa_profile) it lists everything.
  - Blank text is as if the option was not given. Text with names of resources has them separated by commas or line
    breaks, since names may have blanks in them.
options:
  workload:
    description: Workloads, each by ID, ARN or name, or several by a name with the wildcards V(*) and V(?).
    type: list
    elements: str
  lens:
    description: Published custom lenses, each by ARN or name, or several by a name with wildcards.
    type: list
    elements: str
  template:
    description: Review templates, each by ARN or name, or several by a name with wildcards.
    type: list
    elements: str
  wa_profile:
    description:
      - Well-Architected profiles, each by ARN or name, or several by a name with wildcards.
      - It is not named O(profile), which is the AWS credentials profile of the common options.
    type: list
    elements: str
  status:
    description: List only shares in one of these statuses, and only resources that have one.
    type: list
    elements: str
    choices: [PENDING, ACCEPTED, ASSOCIATING, ASSOCIATED, REJECTED, EXPIRED, REVOKED, FAILED]
  shared_with:
    description:
      - List only shares with one of these principals, and only resources that have one.
      - Two forms of one principal are one principal.
    type: list
    elements: str
  declaration:
    description:
      - What is declared so far, as the O(wellarchitected.sharing.wa_shares#module:resources) of
        M(wellarchitected.sharing.wa_shares), for the same accounts and regions. Entries have C(shared_with) of their
        own.
      - RV(declared) then keeps the C(until) and C(reason) of principals that have access. Neither AWS nor a share knows
        them. It does not matter how principals and resources are written there.
      - There is a warning for what is declared of a resource that is not there.
    type: list
    elements: dict
  concurrency:
    description: How many calls may be under way at once.
    type: int
    default: 8
extends_documentation_fragment:
  - wellarchitected.sharing._places
  - wellarchitected.sharing._long_task
  - wellarchitected.sharing._principals
  - wellarchitected.sharing._attributes.info
  - wellarchitected.sharing._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: wellarchitected.sharing.wa_shares
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# Note: These examples do not set authentication details, see the AWS Guide for details.

- name: List every share of the account
  wellarchitected.sharing.wa_share_info:
  register: everything

- name: Manage from now on what is there, as it is
  wellarchitected.sharing.wa_shares:
    resources: "{{ everything.declared }}"

- name: List it again, and keep the ends and reasons that were written down since
  wellarchitected.sharing.wa_share_info:
    declaration:
      - workload: Payments
        shared_with:
          - principal: "111122223333"
            until: "2099-12-31"
            reason: Yearly review
  register: later

- name: List what one account has been invited to and did not accept
  wellarchitected.sharing.wa_share_info:
    shared_with:
      - "111122223333"
    status:
      - PENDING
      - EXPIRED
      - REJECTED

- name: List who has access to the central templates
  wellarchitected.sharing.wa_share_info:
    template:
      - CentralTemplate*
"""

RETURN = r"""
resources:
  description: The resources with their shares.
  returned: success
  type: list
  elements: dict
  contains:
    resource:
      description: The resource, as far as it is known. One that was named by its ID has no ARN and no name here.
      type: dict
      sample:
        kind: workload
        id: 0123456789abcdef0123456789abcdef
        arn: arn:aws:wellarchitected:eu-west-1:123456789012:workload/0123456789abcdef0123456789abcdef
        name: Payments
        account_id: "123456789012"
        region: eu-west-1
    shares:
      description: The shares that O(status) and O(shared_with) ask for.
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
          description: The ID of the share.
          type: str
          sample: fedcba9876543210fedcba9876543210
        status:
          description: The status of the share.
          type: str
          sample: ACCEPTED
        status_message:
          description: Why a share failed, as the service says it.
          type: str
        permission_type:
          description: V(READONLY) or V(CONTRIBUTOR) for workloads, else none.
          type: str
          sample: READONLY
    error:
      description: Why the shares could not be listed. Only there if so; the task then fails.
      type: str
declared:
  description:
    - The live shares as the O(wellarchitected.sharing.wa_shares#module:resources) of
      M(wellarchitected.sharing.wa_shares), to adopt what is there. With O(declaration), principals have the C(until)
      and C(reason) of it.
    - Where RV(declared_is_partial) is true, each entry has C(purge_shares=false), so that nobody purges by a part.
  returned: success
  type: list
  elements: dict
  sample:
    - workload: arn:aws:wellarchitected:eu-west-1:123456789012:workload/0123456789abcdef0123456789abcdef
      shared_with:
        - principal: "111122223333"
          permission_type: READONLY
declared_is_partial:
  description:
    - Whether O(status) or O(shared_with) may have kept live shares of these resources out of RV(declared).
  returned: success
  type: bool
  sample: false
summary:
  description: Counts of resources, of shares, and of shares by status and by kind.
  returned: success
  type: dict
  sample:
    resources: 4
    shares: 12
    by_status: {"PENDING": 2, "ACCEPTED": 10}
    by_kind: {"workload": 8, "lens": 4}
places:
  description: Where the task looked, in the order of O(accounts) and O(regions).
  returned: success
  type: list
  elements: dict
  contains:
    account_id:
      description: The account. None for that of the credentials, where O(accounts) is not given.
      type: str
      sample: "123456789012"
    region:
      description: The region.
      type: str
      sample: eu-west-1
    name:
      description: The name in O(accounts), if it has one.
      type: str
      sample: team-payments
    error:
      description: Why the place could not be read. Only there if it failed.
      type: str
    skipped:
      description: Why there was nothing to read. Only there if V(all) regions are meant and this one is not enabled.
      type: str
      sample: the account has not enabled the region
"""

from ..module_utils._modules import share_info


def main() -> None:
    share_info.main()


if __name__ == "__main__":
    main()
