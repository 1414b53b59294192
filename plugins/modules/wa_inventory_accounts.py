#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This is the documentation of the action plugin of the same name, which runs on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_inventory_accounts
short_description: Read AWS accounts from the hosts of an inventory
version_added: 1.0.0
description:
  - Reads the hosts of a group as AWS accounts, as other modules of this collection take them in their option
    C(accounts). Only hosts of the play are read, so that C(--limit) means what it says.
  - Tells everything that is wrong with them at once, each by its host and variable, before anything is done.
  - Asks AWS nothing.
  - It is about all hosts at once. Use it with C(run_once), in the play that uses the accounts. Settings of this
    collection's roles and playbooks have to be the same for all of them, for the run sees those of one host.
options:
  group:
    description: The group whose hosts are accounts. Each has the variable C(aws_account_id).
    type: str
    default: accounts
  group_required:
    description: Whether it is an error if the inventory has no such group. A group without hosts always is.
    type: bool
    default: true
  leaving:
    description:
      - Accounts that leave, each an account ID of 12 digits, or a group or a host of the inventory, within the limit or
        not. Text has them separated by white space, commas or line breaks.
      - RV(accounts) is without them. It is an error if nobody else is left. In a slice of a job of AWX, which has a
        part of each group, only account IDs are taken.
    type: list
    elements: raw
  role_arn_variable:
    description: The hosts' variable with the ARN of the role to assume in the account.
    type: str
  role_required:
    description: Whether every host needs that role.
    type: bool
    default: false
  external_id_variable:
    description: The hosts' variable with the external ID that the role asks for.
    type: str
  principals:
    description:
      - More names for principals, or for lists of them, as O(wellarchitected.sharing.wa_shares#module:principals).
      - They are returned with those of the hosts, and win over them.
    type: dict
  purge:
    description:
      - Whether what is not declared is to be taken away. Then it is an error if the limit leaves out hosts of the
        group, for they would lose what they have. So it is in a slice of a job of AWX.
    type: bool
    default: false
  resources:
    description:
      - What is to be shared, as O(wellarchitected.sharing.wa_shares#module:resources).
      - An entry that purges counts as O(purge). An entry with principals of its own is an error if the limit leaves out
        hosts of the group, and in a slice of a job of AWX, for neither is about them.
    type: raw
attributes:
  action:
    description:
      - Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
    support: full
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
    details:
      - This action does not modify state.
  diff_mode:
    description: Returns details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    support: N/A
    details:
      - This action does not modify state.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the system controlled or queried by the module has not changed in a relevant way.
    support: N/A
    details:
      - This action does not modify state.
notes:
  - Runs on the controller, whatever the host, and needs no connection to it.
  - Does not belong to the action group C(wa), since it takes no credentials and no region.
seealso:
  - module: wellarchitected.sharing.wa_share_invitation
  - plugin: wellarchitected.sharing.organization_accounts
    plugin_type: inventory
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Read the accounts
  wellarchitected.sharing.wa_inventory_accounts:
    role_arn_variable: wa_accept_role_arn
  run_once: true
  register: inventory

- name: Accept in each what was shared with it
  wellarchitected.sharing.wa_share_invitation:
    accounts: "{{ inventory.accounts }}"
    shared_by: ["123456789012"]
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
accounts:
  description: The accounts, in the order of the group. Each is called as its host.
  returned: success
  type: list
  elements: dict
  sample:
    - account_id: "111122223333"
      role_arn: arn:aws:iam::111122223333:role/WellArchitectedAccept
      name: team-payments
leaving:
  description: The accounts of O(leaving). One that was named by its ID alone has no name.
  returned: success
  type: list
  elements: dict
  sample:
    - account_id: "444455556666"
      name: team-search
principals:
  description: The accounts' IDs by the names of their hosts, and O(principals).
  returned: success
  type: dict
  sample: {"team-payments": "111122223333"}
"""
