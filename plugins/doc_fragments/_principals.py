# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This doc fragment is private to the wellarchitected.sharing collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    # Names for principals.
    DOCUMENTATION = r"""
options:
  principals:
    description:
      - Names for principals, and for lists of them, to be used wherever a principal may. Each name stands for a
        principal, for another name, or for a list of both. A list may be empty, and then means nobody.
      - A principal is shown with the first name that means it alone, as in C(111122223333 (payments)). AWS is told no
        name.
      - An ID or ARN cannot be a name, unless it is the ID that it stands for.
    type: dict
"""

    # The guard rails of modules that share.
    GUARD_RAILS = r"""
options:
  allowed_principals:
    description:
      - A guard rail. If anything is to be shared with anyone not listed here, nothing is changed and the task fails.
      - An account allows its users and roles. An organization or organizational unit allows itself only, not the
        accounts in it.
      - An empty list allows nobody.
    type: list
    elements: raw
  max_removals:
    description:
      - A guard rail. If the run would delete more shares than this, nothing is changed and the task fails. It says who
        would lose access, and returns all that it would have changed as C(diff).
      - Renewals do not count. They only delete shares that give no access any more.
    type: int
"""
