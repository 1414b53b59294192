# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This doc fragment is private to the wellarchitected.sharing collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    # What an action plugin does around a module that may take long: see plugins/plugin_utils/long_task.py.
    DOCUMENTATION = r"""
options: {}
attributes:
  action:
    description:
      - Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
    support: full
  async:
    description: Supports being used with the C(async) keyword.
    support: full
    details:
      - It then shows no progress, and no line of what was done.
notes:
  - A run that takes longer than five seconds shows how far it is, about every five seconds. It does not where it runs
    on another host than the controller, with C(async), or with C(no_log).
  - Lists may also be text, as the surveys of AWX give them, in YAML or JSON. A list of principals, accounts, statuses
    or IDs may also be separated by blanks, commas, semicolons or line breaks.
"""
