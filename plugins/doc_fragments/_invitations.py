# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This doc fragment is private to the wellarchitected.sharing collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    # Which invitations a task selects.
    DOCUMENTATION = r"""
options:
  resource_type:
    description: The kinds of resources. The default is all kinds.
    type: list
    elements: str
    choices: [workload, lens, template, profile]
  name:
    description:
      - The name of the shared resource, or a pattern with the wildcards V(*) and V(?).
      - Escape V(*), V(?) and V(\\) with a backslash to match them literally.
    type: str
  share_invitation_ids:
    description: The IDs of the invitations. With O(shared_by), both must match.
    type: list
    elements: str
"""
