# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This doc fragment is private to the wellarchitected.sharing collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    # Which invitations a task is about.
    DOCUMENTATION = r"""
options:
  resource_type:
    description: The kinds of resource meant. All by default.
    type: list
    elements: str
    choices: [workload, lens, template, profile]
  name:
    description:
      - The name of the shared resource, with the wildcards V(*) and V(?). Any by default.
      - An invitation to a resource that has exactly this name wins over those that the wildcards match. It wins as long
        as it is pending.
      - A backslash before V(*), V(?) or a backslash takes it for the character itself. Use it wherever a name has such
        a character.
    type: str
  share_invitation_ids:
    description: The IDs of the invitations meant, and no others. With O(shared_by), both must fit.
    type: list
    elements: str
"""
