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
    users, IAM roles, organizations and organizational units, all in one task.
  - The whole set is checked, and the guard rails are applied, before the first change.
  - One resource's failure leaves the others to finish. The task then fails and says what did and did not happen.
  - Blank text is as if the option was not given, but for the guard rails. A blank O(allowed_principals) allows nobody,
    and a blank O(max_removals) is an error.
options:
  resources:
    description:
      - The resources to share. Exactly one of O(resources[].workload), O(resources[].lens), O(resources[].template)
        and O(resources[].wa_profile) names the resource of an entry.
      - Each takes an ARN (a workload also its ID), an exact name, or a name with the wildcards V(*) and V(?), which
        means every match that the calling account owns. A resource that has exactly this name is the one that is
        meant. A backslash before a wildcard takes its meaning away.
      - Two entries that name the same resource are one. It is an error if they contradict each other.
    type: list
    elements: dict
    required: true
    suboptions:
      workload:
        description: A workload, by ID, ARN or name, or several by a name with wildcards.
        type: str
      lens:
        description: A published custom lens, by ARN or name, or several by a name with wildcards.
        type: str
      template:
        description: A review template, by ARN or name, or several by a name with wildcards.
        type: str
      wa_profile:
        description:
          - A Well-Architected profile, by ARN or name, or several by a name with wildcards.
          - It is not named O(profile), which is the AWS credentials profile of the common options.
        type: str
      exclude:
        description:
          - Names of resources that the wildcards of this entry are not to mean, themselves with wildcards or without.
          - There is a warning for a name without wildcards that leaves out nothing.
        type: list
        elements: str
      shared_with:
        description:
          - The principals of this entry, in place of O(shared_with). Each is a principal as there, or for workloads
            a dictionary of C(principal) and C(permission_type).
          - May be empty only with O(resources[].purge_shares=true), which then removes every share.
        type: list
        elements: raw
      permission_type:
        description: The permission of this entry's principals, in place of O(permission_type). Workloads only.
        type: str
        choices: [READONLY, CONTRIBUTOR]
      state:
        description:
          - V(present) makes sure that the resource is shared with every principal.
          - V(absent) removes the shares of the principals, whatever their status. A lens stays in the workloads of
            theirs that use it.
        type: str
        choices: [present, absent]
        default: present
      purge_shares:
        description: The O(purge_shares) of this entry, in place of the task's.
        type: bool
        aliases: [purge]
      renew:
        description: The O(renew) of this entry, in place of the task's.
        type: list
        elements: str
        choices: [REJECTED, EXPIRED, REVOKED, FAILED]
  shared_with:
    description:
      - The principals for entries that have no O(resources[].shared_with) of their own.
      - Each is an account ID of 12 digits (quoted, since YAML takes a leading zero for an octal number), the ARN of
        an account's root, of an IAM user or of an IAM role, or the ID or ARN of an organization or organizational
        unit. Two forms of one principal are one principal.
    type: list
    elements: raw
  permission_type:
    description:
      - The permission for workload entries that have no O(resources[].permission_type) of their own. It is
        V(READONLY) where nothing is said. A live share that has the other one is updated in place.
    type: str
    choices: [READONLY, CONTRIBUTOR]
  concurrency:
    description:
      - How many calls may be under way at once. The changes of one resource are made one after the other.
    type: int
    default: 8
extends_documentation_fragment:
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
drift:
  description:
    - What was not as declared, one line each. In check mode it is what a run would change, and what it would leave,
      such as a share whose invitation was rejected.
    - Empty where everything was as declared.
  returned: unless the input is refused
  type: list
  elements: str
  sample: ["review template 'Web' (0123456789abcdef0123456789abcdef), 111122223333: is not shared"]
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
