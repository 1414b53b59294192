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
      - Names for principals and for lists of principals. A name can be used wherever a principal can.
      - Each value is a principal, another name, or a list of both. A list may be empty.
      - Results and messages show the first name that refers to exactly this principal, as in
        V(111122223333 (payments\)). AWS receives only the principals.
      - An ID or ARN cannot be a name, unless it refers to itself.
    type: dict
"""
