# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This doc fragment is private to the wellarchitected.sharing collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    # Where a task works: any number of accounts in any number of Regions.
    DOCUMENTATION = r"""
options:
  accounts:
    description:
      - The accounts to work in. The default is the calling account.
      - The module itself assumes each role, once. The keys are in no variable, log or result, and are renewed where
        they expire in a long run.
    type: list
    elements: dict
    suboptions:
      account_id:
        description: The account ID, 12 digits in quotes.
        type: raw
        required: true
      role_arn:
        description:
          - The ARN of the role to assume in the account. Without it, the task's own credentials must be the account's.
        type: str
      external_id:
        description: The external ID that the role's trust policy requires.
        type: str
      name:
        description: The name of the account in messages and results.
        type: str
  regions:
    description:
      - The Regions to work in, in each account. The default is the O(region) of the task.
      - V(all) selects every Region of the partition that has the service. Of these, Regions that an account has not
        enabled, or that a service control policy denies, are skipped and listed in RV(places) and RV(msg).
      - Roles are assumed at the AWS STS endpoint of the task's O(region).
    type: list
    elements: str
  concurrency:
    description:
      - The maximum number of API calls at once in one account and Region. The task as a whole makes at most four times
        as many.
    type: int
    default: 8
notes:
  - An account and Region that cannot be read does not keep the others from being processed. The task then fails and
    names it.
"""
