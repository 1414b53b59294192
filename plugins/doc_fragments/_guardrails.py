# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This doc fragment is private to the wellarchitected.sharing collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    # The guardrail that every module has.
    DOCUMENTATION = r"""
options:
  expected_account_id:
    description:
      - A guardrail. The account ID that the credentials of the task must belong to.
      - With the credentials of another account, the task fails before any call but C(sts:GetCallerIdentity).
    type: str
"""

    # The guardrails of modules that share.
    SHARES = r"""
options:
  allowed_principals:
    description:
      - A guardrail. The only principals that the task may share with. If another one is declared, nothing is changed
        and the task fails.
      - An account also allows its users and roles. An organization or organizational unit allows only itself, not the
        accounts in it.
      - An empty list allows no principal. Null is as if the option was not given.
    type: list
    elements: raw
  max_removals:
    description:
      - A guardrail. The largest number of shares that the task may delete. If it would delete more, nothing is
        changed, and the task fails and lists the shares that would be deleted.
      - Renewals do not count, since they only delete shares that give no access.
    type: int
"""

    # The guardrail of wa_shares.
    PLAN = r"""
options:
  approved_plan:
    description:
      - A guardrail. The RV(plan) that a task in check mode returned and that was approved. If the task requires a
        change that is not in it, nothing is changed, and the task fails and lists these changes.
      - Changes that were made already are accepted, so an approved task can be run again until it is complete.
      - Renewing an inactive share counts as creating it. An empty list approves no change. Null is as if the option
        was not given.
    type: list
    elements: dict
"""
