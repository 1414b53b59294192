# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This doc fragment is private to the wellarchitected.sharing collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    # What is declared of any number of resources.
    DOCUMENTATION = r"""
options:
  resources:
    description:
      - The resources to share. Exactly one of O(resources[].workload), O(resources[].lens), O(resources[].template)
        and O(resources[].wa_profile) names the resource of an entry.
      - Each takes an ARN (a workload also its ID), an exact name, or a name with the wildcards V(*) and V(?), which
        means every match that the account owns. A resource that has exactly this name is the one that is meant. A
        backslash before a wildcard takes its meaning away.
      - An entry is about every place, which is an account in a region. An exact name must be found in at least one of
        them. An ARN is about its own place only.
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
          - The principals of this entry, in place of O(shared_with). Each is a principal as there, or a dictionary of
            C(principal) and, where the entry's are not meant, C(until), C(reason) and for workloads C(permission_type).
          - May be empty only with O(resources[].purge_shares=true), which then removes every share.
        type: list
        elements: raw
      permission_type:
        description: The permission of this entry's principals, in place of O(permission_type). Workloads only.
        type: str
        choices: [READONLY, CONTRIBUTOR]
      until:
        description:
          - When the access of this entry's principals ends. A date (V(2026-12-31)) means the end of that day in UTC. A
            time needs a zone (V(2026-12-31T18:00:00+01:00)).
          - From then on the principals are as with O(resources[].state=absent). So whoever runs the task on a schedule
            takes access away in time. AWS knows nothing of it.
          - A principal's own C(until) in O(resources[].shared_with) comes first.
        type: str
      reason:
        description:
          - Why this entry's principals have access, for results and reports. AWS is not told.
          - A principal's own C(reason) in O(resources[].shared_with) comes first.
        type: str
      tags:
        description:
          - Tags that the resources must have, all of them, for an entry whose name has wildcards. A value may have the
            wildcards V(*) and V(?).
          - Only the tags of resources whose name matches are asked for, by C(ListTagsForResource).
        type: dict
      state:
        description:
          - V(present) makes sure that the resource is shared with every principal.
          - V(absent) removes the shares of the principals, whatever their status. A lens stays in the workloads of
            theirs that use it.
        type: str
        choices: [present, absent]
        default: present
      account_wide:
        description:
          - With O(resources[].state=absent), whether the shares of the users and roles of the accounts listed go too.
        type: bool
        default: false
      purge_shares:
        description: The O(wellarchitected.sharing.wa_shares#module:purge_shares) of this entry, in place of the task's.
        type: bool
        aliases: [purge]
      renew:
        description: The O(wellarchitected.sharing.wa_shares#module:renew) of this entry, in place of the task's.
        type: list
        elements: str
        choices: [REJECTED, EXPIRED, REVOKED, FAILED]
      accounts:
        description:
          - Which of O(accounts) this entry is about, by their IDs or names. By default, all of them.
        type: list
        elements: str
      regions:
        description: Which of O(regions) this entry is about. By default, all of them.
        type: list
        elements: str
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
"""
