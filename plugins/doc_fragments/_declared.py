# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This doc fragment is private to the wellarchitected.sharing collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    # The declaration of what any number of resources are shared with.
    DOCUMENTATION = r"""
options:
  resources:
    description:
      - The resources, and with whom each is shared. Each entry has exactly one of O(resources[].workload),
        O(resources[].lens), O(resources[].template), O(resources[].wa_profile) and O(resources[].resource).
      - A name with the wildcard V(*) or V(?) is a pattern. It matches every resource of the kind that the account owns
        and whose name fits, also none. Escape V(*), V(?) and V(\\) with a backslash to match them literally.
      - An entry applies in every account and Region of the task. An exact name must be found in at least one of them.
        An ARN applies only to its own account and Region.
      - Entries that match the same resource are combined. It is an error if they contradict each other.
    type: list
    elements: dict
    required: true
    suboptions:
      workload:
        description: The ID, ARN or name of a workload, or a pattern.
        type: str
      lens:
        description: The ARN or name of a published custom lens, or a pattern.
        type: str
      template:
        description: The ARN or name of a review template, or a pattern.
        type: str
      wa_profile:
        description:
          - The ARN or name of a Well-Architected profile, or a pattern.
          - The option O(profile) is the AWS credentials profile.
        type: str
      resource:
        description: A pattern that matches resources of every kind.
        type: str
      exclude:
        description:
          - The names, patterns, IDs and ARNs of resources to exclude from the matches of the entry's pattern.
          - A name, ID or ARN that excludes nothing is an error before the first change. So is a pattern that excludes
            nothing, but would if case and Unicode normalization did not matter.
        type: list
        elements: str
      shared_with:
        description:
          - The principals of this entry, in place of O(shared_with). Each is a principal as there, or a dictionary of
            C(principal) and, where they differ from the entry's, C(until), C(reason) and, for workloads,
            C(permission_type).
          - The list may be empty only with O(resources[].purge_shares=true), which then deletes every share.
        type: list
        elements: raw
      permission_type:
        description: The permission of this entry's principals, in place of O(permission_type). For workloads only.
        type: str
        choices: [READONLY, CONTRIBUTOR]
      until:
        description:
          - The end of the access of this entry's principals. A date (V(2026-12-31)) is the end of that day in UTC. A
            time needs a time zone (V(2026-12-31T18:00:00+01:00)).
          - From then on, the principals are treated as with O(resources[].state=absent). Access is not revoked by
            itself, but by the next run after that. The end is not stored in AWS.
          - The C(until) of a principal in O(resources[].shared_with) takes precedence.
        type: str
      reason:
        description:
          - The reason for the access of this entry's principals, for results and reports. It is not stored in AWS.
          - The C(reason) of a principal in O(resources[].shared_with) takes precedence.
        type: str
      tags:
        description:
          - The tags that a resource must have to match the entry's pattern, all of them. Values may be patterns.
          - Keys and values must be strings. Put values such as C(yes) and C(1.10) in quotes.
          - Tags are listed only for resources whose name matches.
        type: dict
      state:
        description:
          - V(present) shares the resources with every principal.
          - V(absent) deletes the shares with the principals, whatever their status.
        type: str
        choices: [present, absent]
        default: present
      account_wide:
        description:
          - Whether to also delete the shares with the users and roles of the listed accounts. It requires
            O(resources[].state=absent).
        type: bool
        default: false
      purge_shares:
        description:
          - Whether to delete every share of this entry's resources with a principal that is not listed. The default is
            the task's.
        type: bool
        aliases: [purge]
      renew:
        description: The statuses of inactive shares to renew. The default is the task's.
        type: list
        elements: str
        choices: [REJECTED, EXPIRED, REVOKED, FAILED]
      accounts:
        description: The accounts that the entry applies in, by ID or name. The default is all of O(accounts).
        type: list
        elements: str
      regions:
        description: The Regions that the entry applies in. The default is all of O(regions).
        type: list
        elements: str
  shared_with:
    description:
      - The principals of entries without O(resources[].shared_with).
      - Each is an account ID of 12 digits (in quotes, since YAML parses a leading zero as an octal number), the ARN of
        an account's root, of an IAM user or of an IAM role, the ID or ARN of an organization or organizational unit, or
        a name from O(principals). Two forms of one principal are one principal.
    type: list
    elements: raw
  permission_type:
    description:
      - The permission of workload entries without O(resources[].permission_type). If neither is set, it is
        V(READONLY).
      - What is declared is the whole of a share. An existing share with another permission is updated, and the
        recipient may have to accept it again.
    type: str
    choices: [READONLY, CONTRIBUTOR]
"""
