# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This doc fragment is private to the wellarchitected.sharing collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    # What all modules that share have in common.
    DOCUMENTATION = r"""
options:
  purge_shares:
    description:
      - Whether to delete every share with a principal that is not listed. Resources with state V(absent) only lose the
        principals that are listed.
    type: bool
    default: false
    aliases: [purge]
  renew:
    description:
      - The statuses of inactive shares to renew, which deletes the share and creates it again.
      - An inactive share with another status is left unchanged, with a warning. So a recipient who rejected an
        invitation is not invited again unless V(REJECTED) is listed.
    type: list
    elements: str
    choices: [REJECTED, EXPIRED, REVOKED, FAILED]
    default: [EXPIRED, REVOKED, FAILED]
  wait:
    description:
      - Whether to wait until no declared share is V(ASSOCIATING), the first status of shares with organizations and
        organizational units.
      - A share that becomes V(FAILED) then fails the task.
    type: bool
    default: false
  wait_timeout:
    description:
      - The number of seconds that the task may wait, for all waiting together. It waits for associations with O(wait),
        after conflicts, and for shares that cannot be deleted yet.
      - Retries of calls that failed or were throttled do not count. They are limited by O(aws_config).
    type: int
    default: 120
notes:
  - A resource is shared within its own Region only, with principals of the same partition.
  - AWS's official lenses, and lenses that were never published, cannot be shared.
  - An account, user or role receives an invitation, which expires after seven days if it is not accepted. Recipients
    can accept it with M(wellarchitected.sharing.wa_share_invitation).
  - The owner's account, its users and its roles need no share. They are left out with a warning.
  - AWS's documentation of today does not list IAM roles as principals. Until 2023 it did. The ARN of a role is sent to
    AWS as it is, and AWS decides.
  - Deleting the share of a lens prevents new use of the lens. Workloads that already use it keep it.
  - AWS's quotas are 20 shares per workload, 300 per lens and 20 per review template. They cannot be raised. A share
    with an organization or organizational unit is one share.
"""

    # Modules that share one resource.
    ONE = r"""
options:
  shared_with:
    description:
      - The principals to share with. Each is an account ID of 12 digits (in quotes, since YAML parses a leading zero
        as an octal number), the ARN of an account's root, of an IAM user or of an IAM role, the ID or ARN of an
        organization or organizational unit, or a name from O(principals).
      - Two forms of one principal are one principal.
      - The list may be empty only with O(purge_shares=true), which then deletes every share.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(present) shares the resource with every principal in O(shared_with).
      - V(absent) deletes the shares with the principals in O(shared_with), whatever their status. It cannot be
        combined with O(purge_shares).
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: wellarchitected.sharing.wa_shares
    description: Shares any number of resources in one task.
  - module: wellarchitected.sharing.wa_share_invitation
    description: Accepts the invitations in the recipients' accounts.
"""
