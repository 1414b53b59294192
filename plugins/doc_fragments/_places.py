# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Where a task works: any number of accounts in any number of regions.
    DOCUMENTATION = r"""
options:
  accounts:
    description:
      - The accounts to work in. By default, the account of the credentials.
      - Their roles are assumed by the module itself, once each. The keys are in no variable, log or result, and are
        renewed where they expire in a long run.
    type: list
    elements: dict
    suboptions:
      account_id:
        description: The account ID, 12 digits in quotes.
        type: str
        required: true
      role_arn:
        description:
          - The role to assume in the account. Without one, the task's own credentials must be the account's.
        type: str
      external_id:
        description: The external ID that the role's trust policy asks for.
        type: str
      name:
        description: What to call the account in messages and in RV(places).
        type: str
  regions:
    description:
      - The regions to work in, in each of O(accounts). By default, the region of the client.
      - V(all) means every region of the partition that has the service, as far as botocore knows them. Those that an
        account has not enabled are passed over, and named in RV(places).
      - Roles are assumed in the region of the client, from the AWS STS endpoint there.
    type: list
    elements: str
notes:
  - An account in a region is a place. A place that cannot be read fails alone - the others are done, then the task
    fails and names it.
"""
