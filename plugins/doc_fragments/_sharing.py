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
      - Whether to delete every share with a principal that is not listed. Resources whose state is V(absent) only ever
        lose the principals that are listed.
      - A principal whose share of a lens is deleted keeps the lens in the workloads that use it.
    type: bool
    default: false
    aliases: [purge]
  renew:
    description:
      - Statuses of dead shares to send again, by deleting the share and creating it anew.
      - A share in another dead status is left as it is, with a warning. So a recipient who rejected is not invited
        again unless V(REJECTED) is listed.
    type: list
    elements: str
    choices: [REJECTED, EXPIRED, REVOKED, FAILED]
    default: [EXPIRED, REVOKED, FAILED]
  wait:
    description:
      - Whether to wait until no declared share is V(ASSOCIATING), which shares with organizations and
        organizational units are at first.
      - A share that ends V(FAILED) then fails the task.
    type: bool
    default: false
  wait_timeout:
    description:
      - How many seconds the run may wait, all waiting together - for associations, with O(wait); for conflicts with
        what others do, or with what the service has not settled yet; and for shares that cannot be deleted yet.
      - Retries of calls that failed or were throttled do not count. Their limit is in O(aws_config).
    type: int
    default: 120
notes:
  - A resource is shared within its own region only, with principals of the same partition.
  - AWS's official lenses and lenses that were never published cannot be shared.
  - An account, user or role gets an invitation, which expires after seven days. The recipient accepts it with
    M(wellarchitected.sharing.wa_share_invitation).
  - The owner's own account, and its users and roles, are left out of the principals, with a warning.
  - AWS's documentation no longer names IAM roles among the principals, as it did until 2023. A role is sent as it is
    given, and AWS decides.
  - Deleting the share of a lens does not take the lens away from workloads that use it. AWS lets the recipient go on
    using it there, but not apply it to other workloads.
  - Minor versions of a lens reach its recipients by themselves. A major version must be accepted by each of them.
  - AWS's quotas of shares are 20 for a workload, 300 for a lens and 20 for a review template. None can be raised. An
    organization or organizational unit is one share.
"""

    # Modules that share one resource.
    ONE = r"""
options:
  shared_with:
    description:
      - The principals to share with. Each is an account ID of 12 digits (quoted, since YAML takes a leading zero for
        an octal number), the ARN of an account's root, of an IAM user or of an IAM role, or the ID or ARN of an
        organization or organizational unit.
      - Two forms of one principal are one principal.
      - May be empty only with O(purge_shares=true), which then removes every share.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(present) makes sure that the resource is shared with every principal in O(shared_with).
      - V(absent) removes the shares of the principals in O(shared_with), whatever their status. A lens stays in the
        workloads of theirs that use it. It does not go with O(purge_shares).
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: wellarchitected.sharing.wa_shares
    description: Takes any number of resources in one task.
"""
