# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts that still have to accept something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._model.principals import (
    ACCOUNT,
    parse_listed_principal,
)

DOCUMENTATION = r"""
name: pending_accounts
short_description: Pick the accounts that still have to accept something
version_added: 1.0.0
description:
  - Picks from the C(wa_share_result) of the role P(wellarchitected.sharing.wa_share#role) the accounts that have a
    share in status V(PENDING).
options:
  _input:
    description: The result, or one of M(wellarchitected.sharing.wa_shares) or M(wellarchitected.sharing.wa_share_info).
    type: dict
    required: true
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Show who has not accepted yet
  ansible.builtin.debug:
    msg: "{{ result | wellarchitected.sharing.pending_accounts }}"
  vars:
    result:
      resources:
        - resource: {kind: lens, name: Platform Standards}
          shares:
            - {shared_with: "111122223333", status: PENDING}
"""

RETURN = r"""
_value:
  description: The account IDs.
  type: list
  elements: str
"""


def pending_accounts(result: Mapping[str, Any]) -> list[str]:
    """The IDs of the accounts with a PENDING share in ``result``, each once, in the order found."""
    found: dict[str, None] = {}
    for item in result["resources"]:
        for share in item["shares"]:
            principal = parse_listed_principal(share["shared_with"])
            if share["status"] == "PENDING" and principal.kind == ACCOUNT:
                found[principal.identity] = None
    return list(found)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"pending_accounts": pending_accounts}
