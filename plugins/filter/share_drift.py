# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What differs from what is declared, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._model.shares import DEAD_STATUSES

DOCUMENTATION = r"""
name: share_drift
short_description: Say what differs from what is declared
version_added: 1.0.0
description:
  - Turns the C(wa_share_result) of a run of the role P(wellarchitected.sharing.wa_share#role) in check mode into one
    line per difference.
options:
  _input:
    description: The result, or one of M(wellarchitected.sharing.wa_shares).
    type: dict
    required: true
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Show what differs
  ansible.builtin.debug:
    msg: "{{ result | wellarchitected.sharing.share_drift }}"
  vars:
    result:
      resources:
        - resource: {kind: workload, name: Payments, id: 0123456789abcdef0123456789abcdef}
          shares:
            - {shared_with: "111122223333", status: PENDING, permission_type: READONLY, action: deleted}
"""

RETURN = r"""
_value:
  description: The differences. Empty where everything is as declared.
  type: list
  elements: str
"""

_WORDS = {
    "created": "is not shared",
    "updated": "has the other permission",
    "renewed": "has a dead share",
    "deleted": "is shared, but not declared",
}
_LEFT_DEAD = "has a dead share, which is not sent again"


def share_drift(result: Mapping[str, Any]) -> list[str]:
    """One line per share in ``result`` that is not as declared, and one per resource that could not be looked at."""
    lines: list[str] = []
    for item in result["resources"]:
        resource = item["resource"]
        label = f"{resource['kind']} {resource['name'] or resource['id']}"
        for share in item["shares"]:
            words = _WORDS.get(share["action"]) or (_LEFT_DEAD if share["status"] in DEAD_STATUSES else None)
            if words:
                facts = " ".join(filter(None, (share["permission_type"], share["status"])))
                facts = f" ({facts})" if facts else ""
                lines.append(f"{label}, {share['shared_with']}: {words}{facts}")
        if item.get("error"):
            lines.append(f"{label}: {item['error']}")
    return lines


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"share_drift": share_drift}
