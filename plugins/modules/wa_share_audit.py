#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_share_audit
short_description: Compare what is shared with what is declared
version_added: 1.0.0
description:
  - Lists everything that the calling account shares in the region, or many accounts in many regions, compares it with
    what is declared, and changes nothing. What is declared is written as for M(wellarchitected.sharing.wa_shares).
  - A live share that nobody declared is drift, whether or not its resource is declared, and whatever
    O(resources[].purge_shares) says. So is a declared share that is not there, that is dead, or that has another
    permission, and a declared resource that is not there.
  - A dead share that nobody declared gives no access, and is no drift.
  - A resource whose shares cannot be listed is told with the rest, and fails the task.
  - Blank text is as if the option was not given. Text with names has them separated by commas or line breaks, since
    names may have blanks in them.
options:
  undeclared:
    description:
      - What becomes of the live shares of resources that nobody declared. V(fail) counts them as drift, V(report)
        returns them apart as RV(undeclared), and V(ignore) leaves those resources out.
      - A share of a declared resource is drift in any case.
    type: str
    choices: [fail, report, ignore]
    default: fail
  ignore:
    description:
      - Names of resources that are left out where nobody declared them, with the wildcards V(*) and V(?). A resource
        that has exactly this name is the one that is meant. A backslash before a wildcard takes its meaning away.
      - A declared resource is compared whatever its name is, also where only a name with wildcards declares it.
    type: list
    elements: str
    default: []
  fail_on_drift:
    description:
      - Whether the task fails where there is drift. It always fails where the shares of a resource cannot be listed.
    type: bool
    default: true
  concurrency:
    description: How many calls may be under way at once.
    type: int
    default: 8
extends_documentation_fragment:
  - wellarchitected.sharing._declared
  - wellarchitected.sharing._places
  - wellarchitected.sharing._long_task
  - wellarchitected.sharing._principals
  - wellarchitected.sharing._attributes.info
  - wellarchitected.sharing._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - The owner's own account, and its users and roles, need no share, and are not compared.
  - An empty O(shared_with) says that a resource is shared with nobody.
seealso:
  - module: wellarchitected.sharing.wa_shares
  - module: wellarchitected.sharing.wa_share_info
    description: Writes what is shared now as such a declaration.
  - module: wellarchitected.sharing.wa_share_report
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# Note: These examples do not set authentication details, see the AWS Guide for details.

- name: Write down what is shared, as it is
  wellarchitected.sharing.wa_share_info:
  register: adopted

- name: Fail where anything else is shared, or anything of it no longer
  wellarchitected.sharing.wa_share_audit:
    resources: "{{ adopted.declared }}"
    ignore:
      - Sandbox *

- name: Tell what differs, and do not fail for it
  wellarchitected.sharing.wa_share_audit:
    resources:
      - workload: Payments
        permission_type: CONTRIBUTOR
      - template: CentralTemplate*
    shared_with:
      - "111122223333"
      - "444455556666"
    undeclared: report
    fail_on_drift: false
  register: audited

- name: Name the accounts that have access without being declared
  ansible.builtin.debug:
    msg: >-
      {{ (audited.drift + audited.undeclared) | selectattr('difference', 'search', 'not_declared$')
         | map(attribute='shared_with') | unique }}
"""

RETURN = r"""
passed:
  description:
    - Whether the shares of every resource that counts could be listed and, unless O(fail_on_drift=false), there is no
      drift. The task fails where it is V(false).
  returned: unless the input is refused, or not even the resources can be listed
  type: bool
  sample: true
drift:
  description:
    - What is not as declared. Also returned if the task fails for it.
    - Empty where everything that counts is as declared.
  returned: unless the input is refused, or not even the resources can be listed
  type: list
  elements: dict
  contains:
    kind:
      description: V(workload), V(lens), V(template) or V(profile). None where what is declared was not found.
      type: str
      sample: workload
    id:
      description: The ID, which is the last part of the ARN.
      type: str
      sample: 0123456789abcdef0123456789abcdef
    arn:
      description: The ARN of the resource.
      type: str
      sample: arn:aws:wellarchitected:eu-west-1:123456789012:workload/0123456789abcdef0123456789abcdef
    name:
      description: The name of the resource.
      type: str
      sample: Payments
    account_id:
      description: The account that owns it. None where what is declared was not found.
      type: str
      sample: "123456789012"
    region:
      description: The region that it is in. None where what is declared was not found.
      type: str
      sample: eu-west-1
    shared_with:
      description: The principal. None where it is about the resource as a whole.
      type: str
      sample: "111122223333"
    difference:
      description:
        - What differs. V(not_shared) and V(dead) are declared shares that are not there, or dead; V(permission) is one
          with another permission.
        - V(ended) is a live share with a principal whose declared access has ended.
        - V(not_declared) is a live share of a declared resource with a principal that is not declared, and
          V(resource_not_declared) one of a resource that nobody declared.
        - V(not_found) is a declared resource that is not there or cannot be shared, and V(not_listed) one whose
          shares could not be listed.
      type: str
      sample: not_shared
    status:
      description: The status of the share. None where there is none.
      type: str
      sample: ACCEPTED
    permission_type:
      description: V(READONLY) or V(CONTRIBUTOR) as the share of a workload has it, else none.
      type: str
      sample: READONLY
    declared_permission_type:
      description: V(READONLY) or V(CONTRIBUTOR) as it is declared for a workload, else none.
      type: str
      sample: READONLY
    until:
      description: When the access ends, as it is declared, else none.
      type: str
      sample: "2026-12-31"
    reason:
      description: Why the principal has access, as it is declared, else none.
      type: str
      sample: Review of the third quarter
    text:
      description: All of this in words.
      type: str
      sample: "lens 'Platform' (arn:aws:wellarchitected:eu-west-1:123456789012:lens/0123), 111122223333: is not shared"
undeclared:
  description:
    - With O(undeclared=report), the live shares of resources that nobody declared, as in RV(drift). Else empty, since
      they are in RV(drift) or left out.
  returned: unless the input is refused, or not even the resources can be listed
  type: list
  elements: dict
declared:
  description:
    - What is declared, for each principal on each resource that was found, also where the access has ended.
    - The option O(wellarchitected.sharing.wa_share_report#module:declared) of
      M(wellarchitected.sharing.wa_share_report) takes it as it is.
  returned: unless the input is refused, or not even the resources can be listed
  type: list
  elements: dict
  sample:
    - kind: workload
      id: 0123456789abcdef0123456789abcdef
      arn: arn:aws:wellarchitected:eu-west-1:123456789012:workload/0123456789abcdef0123456789abcdef
      name: Payments
      account_id: "123456789012"
      region: eu-west-1
      shared_with: "111122223333"
      permission_type: READONLY
      until: "2026-12-31"
      reason: Review of the fourth quarter
      where: resources[0].shared_with[0]
resources:
  description:
    - Everything that the account owns with its shares, declared or not, as
      RV(wellarchitected.sharing.wa_share_info#module:resources) of M(wellarchitected.sharing.wa_share_info). So a
      report needs no second look.
  returned: unless the input is refused, or not even the resources can be listed
  type: list
  elements: dict
summary:
  description:
    - Counts of the resources that the account owns, of those that are declared, left out, and failed to be listed; of
      all shares; and of what is in RV(drift) and in RV(undeclared).
  returned: unless the input is refused, or not even the resources can be listed
  type: dict
  sample: {"resources": 9, "declared": 6, "left_out": 2, "shares": 31, "drift": 3, "undeclared": 0, "failed": 0}
msg:
  description: What was compared and what differs, for people. The first differences, a line each, and how many more.
  returned: always
  type: str
  sample: "Everything is shared as declared: 9 resources compared."
places:
  description: Where the task looked, in the order of O(accounts) and O(regions).
  returned: unless the input is refused, or not even the resources can be listed
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

from ..module_utils._modules import share_audit


def main() -> None:
    share_audit.main()


if __name__ == "__main__":
    main()
