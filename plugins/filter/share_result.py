# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of several wa_shares tasks as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

DOCUMENTATION = r"""
name: share_result
short_description: Put the results of a looped wa_shares task together
version_added: 1.0.0
description:
  - Turns what a task of M(wellarchitected.sharing.wa_shares) registered, looped or not, into one result.
options:
  _input:
    description: The registered variable.
    type: dict
    required: true
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Show how many shares were created by all batches
  ansible.builtin.debug:
    msg: "{{ (batches | wellarchitected.sharing.share_result).summary.created }}"
  vars:
    batches:
      results:
        - {changed: true, resources: [], summary: {created: 2, failed: 0}}
        - {changed: false, resources: [], summary: {created: 1, failed: 0}}
"""

RETURN = r"""
_value:
  description: A dictionary of C(changed), C(resources) and C(summary), as in M(wellarchitected.sharing.wa_shares).
  type: dict
"""


def share_result(registered: Mapping[str, Any]) -> dict[str, Any]:
    """``changed``, ``resources`` and ``summary`` of all the results in ``registered``."""
    results = registered.get("results", [registered])
    summary: Counter[str] = Counter()
    for result in results:
        summary.update(result.get("summary", {}))
    return {
        "changed": any(result.get("changed", False) for result in results),
        "resources": [resource for result in results for resource in result.get("resources", ())],
        "summary": dict(summary),
    }


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"share_result": share_result}
