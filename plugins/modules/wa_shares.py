#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_shares
short_description: Share any number of AWS Well-Architected resources
version_added: 1.0.0
description:
  - Shares workloads, custom lenses, review templates and profiles of the AWS Well-Architected Tool with accounts, IAM
    users, IAM roles, organizations and organizational units, all in one task - also of many accounts, in many regions.
  - The whole set is checked, and the guard rails are applied over all places, before the first change.
  - One resource's failure leaves the others to finish. The task then fails and says what did and did not happen.
  - Blank text is as if the option was not given, but for the guard rails. A blank O(allowed_principals) allows nobody,
    and a blank O(max_removals) is an error.
options:
  concurrency:
    description:
      - How many calls may be under way at once in one place, and at most four times as many over all of them. The
        changes of one resource are made one after the other.
    type: int
    default: 8
  approved_plan:
    description:
      - A guard rail. What a run, or a run in check mode, returned as RV(plan), and what somebody approved. If this run
        would make a change that is not in it, nothing is changed and the task fails and names it.
      - Changes that were made already are fine. So an approved run may be repeated until everything is done.
      - To renew a dead share is the same wish as to create one. An empty list approves nothing.
    type: list
    elements: dict
extends_documentation_fragment:
  - wellarchitected.sharing._declared
  - wellarchitected.sharing._places
  - wellarchitected.sharing._long_task
  - wellarchitected.sharing._sharing
  - wellarchitected.sharing._principals
  - wellarchitected.sharing._principals.guard_rails
  - wellarchitected.sharing._attributes.changes
  - wellarchitected.sharing._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: wellarchitected.sharing.wa_workload_share
  - module: wellarchitected.sharing.wa_lens_share
  - module: wellarchitected.sharing.wa_template_share
  - module: wellarchitected.sharing.wa_profile_share
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# Note: These examples do not set authentication details, see the AWS Guide for details.

- name: Share two workloads and every central template
  wellarchitected.sharing.wa_shares:
    resources:
      - workload: Payments
        shared_with:
          - "111122223333"
          - principal: "444455556666"
            permission_type: CONTRIBUTOR
      - workload: Search
        shared_with:
          - arn:aws:iam::111122223333:user/reviewers/ana
      - template: CentralTemplate*
        shared_with:
          - ou-ab12-cdefghij

- name: Share everything of one name with the same accounts, and with nobody else
  wellarchitected.sharing.wa_shares:
    resources:
      - lens: Platform Standards
      - wa_profile: Business Critical
      - workload: Payments
        permission_type: CONTRIBUTOR
    shared_with:
      - "111122223333"
      - "444455556666"
    purge_shares: true
    max_removals: 5
    allowed_principals:
      - "111122223333"
      - "444455556666"
      - ou-ab12-cdefghij

- name: Share every workload of two accounts with a reviews account, in two regions
  wellarchitected.sharing.wa_shares:
    accounts:
      - account_id: "111122223333"
        role_arn: arn:aws:iam::111122223333:role/WellArchitectedShare
        name: payments
      - account_id: "444455556666"
        role_arn: arn:aws:iam::444455556666:role/WellArchitectedShare
        name: search
    regions:
      - eu-west-1
      - us-east-1
    resources:
      - workload: "*"
      - lens: Platform*
        accounts:
          - payments
        regions:
          - eu-west-1
    shared_with:
      - "123456789012"

- name: Give a partner access to what is tagged, until the end of the year
  wellarchitected.sharing.wa_shares:
    resources:
      - workload: "*"
        tags:
          tier: "1"
          team: pay*
        shared_with:
          - principal: "111122223333"
            until: "2026-12-31"
            reason: Review of the fourth quarter

- name: Call the principals by names, and share all but some
  wellarchitected.sharing.wa_shares:
    principals:
      payments: "111122223333"
      search: "444455556666"
      everybody: [payments, search, "777788889999"]
    resources:
      - template: "*"
        exclude: ["*draft*"]
        shared_with: [everybody]
      - workload: Payments
        shared_with: [search]
    allowed_principals: [everybody]

- name: Take one account's access away
  wellarchitected.sharing.wa_shares:
    resources:
      - workload: Payments
        state: absent
      - lens: Platform Standards
        state: absent
    shared_with:
      - "444455556666"
"""

RETURN = r"""
changed:
  description: Whether any share was created, updated, renewed or deleted.
  returned: always
  type: bool
  sample: true
resources:
  description: What was done, by resource, in the order declared. Also returned if the task fails midway.
  returned: unless the input is refused
  type: list
  elements: dict
  contains:
    resource:
      description: The resource, as far as it is known. One that was named by its ID has no ARN and no name here.
      type: dict
      contains:
        kind:
          description: V(workload), V(lens), V(template) or V(profile).
          type: str
          sample: workload
        id:
          description: The ID, which is the last part of the ARN.
          type: str
          sample: 0123456789abcdef0123456789abcdef
        arn:
          description: The ARN.
          type: str
          sample: arn:aws:wellarchitected:eu-west-1:123456789012:workload/0123456789abcdef0123456789abcdef
        name:
          description: The name, where the resource was named by it.
          type: str
          sample: Payments
        account_id:
          description: The account that owns it, where that is known without asking.
          type: str
          sample: "123456789012"
        region:
          description: The region that it is in.
          type: str
          sample: eu-west-1
    shares:
      description: The share of each principal declared, in the order declared, then the shares removed.
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
          description: V(READONLY) or V(CONTRIBUTOR) for workloads, else none.
          type: str
          sample: READONLY
        action:
          description: V(created), V(updated), V(renewed), V(deleted) or V(unchanged).
          type: str
          sample: created
        until:
          description: When the access ends, as it is declared. None where it has no end.
          type: str
          sample: "2026-12-31"
        ended:
          description: Whether the access has ended, which is why the share was deleted.
          type: bool
          sample: false
        reason:
          description: Why the principal has access, as it is declared.
          type: str
          sample: Review of the third quarter
    changed:
      description: Whether any share of the resource was changed.
      type: bool
      sample: true
    error:
      description: What failed, why, and what was not done. Only there if the resource failed.
      type: str
summary:
  description: Counts of shares by what was done, and of resources that failed.
  returned: unless the input is refused
  type: dict
  sample: {"created": 3, "updated": 0, "renewed": 0, "deleted": 0, "unchanged": 12, "failed": 0}
plan:
  description: Every change, as it was planned before the first was made. It is the same in check mode and in the run.
  returned: unless the input is refused for anything but a guard rail
  type: list
  elements: dict
  sample:
    - account_id: "123456789012"
      region: eu-west-1
      kind: workload
      id: 0123456789abcdef0123456789abcdef
      name: Payments
      shared_with: "111122223333"
      permission_type: READONLY
      action: created
places:
  description: Where the task worked, in the order of O(accounts) and O(regions).
  returned: unless the input is refused
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
diff:
  description: The shares before and after of each resource that changed, one line each.
  returned: unless the input is refused
  type: list
  elements: dict
  sample:
    - before_header: shares of workload 'Payments' (0123456789abcdef0123456789abcdef)
      before: ""
      after_header: shares of workload 'Payments' (0123456789abcdef0123456789abcdef)
      after: "111122223333 READONLY new\n"
"""

from ..module_utils._modules import shares


def main() -> None:
    shares.main()


if __name__ == "__main__":
    main()
