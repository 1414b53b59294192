# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This doc fragment is private to the wellarchitected.sharing collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    # What every module of the collection has in common.
    DOCUMENTATION = r"""
options: {}
requirements:
  - botocore >= 1.34.85
attributes:
  action_group:
    description: Use C(group/wellarchitected.sharing.wa) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - wellarchitected.sharing.wa
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
  diff_mode:
    description: Returns details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the system controlled or queried by the module has not changed in a relevant way.
"""

    # Modules that change something.
    CHANGES = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - Check mode and the diff come from the same plan as the run.
  diff_mode:
    support: full
  idempotent:
    support: full
"""

    # Modules that only read.
    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This action does not modify state.
  diff_mode:
    support: N/A
    details:
      - This action does not modify state.
  idempotent:
    support: full
    details:
      - This action does not modify state.
"""

    # Modules that may take long, whose progress their action plugin shows.
    LONG = r"""
options:
  progress_path:
    description:
      - The path of a file, on the host where the module runs, to which a long run appends a line every few seconds.
      - Without it, a run on the control node shows these lines itself, unless it uses C(async) or C(no_log).
    type: path
attributes:
  action:
    description:
      - Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
    support: full
  async:
    description: Supports being used with the C(async) keyword.
    support: full
"""
