# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each account has, once the owner has shared and the accounts have answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._model.principals import (
    ACCOUNT,
    parse_listed_principal,
)

DOCUMENTATION = r"""
name: account_access
short_description: Tell what each account has after sharing and accepting
version_added: 1.0.0
description:
  - Puts the owner's side and the recipients' side of an onboarding together, account by account.
options:
  _input:
    description: The C(wa_share_result) of the role P(wellarchitected.sharing.wa_share#role).
    type: dict
    required: true
  answers:
    description: The RV(wellarchitected.sharing.wa_share_invitations#module:accounts) of the accounts that answered.
    type: list
    elements: dict
    default: []
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Show what an account has
  ansible.builtin.debug:
    msg: "{{ (result | wellarchitected.sharing.account_access)['111122223333'].access }}"
  vars:
    result:
      resources:
        - resource: {kind: lens, name: Platform Standards, id: 0123456789abcdef0123456789abcdef}
          shares:
            - {shared_with: "111122223333", status: ACCEPTED, permission_type: null, action: unchanged}
"""

RETURN = r"""
_value:
  description:
    - A dictionary by account ID. Each value has C(access), a list of texts such as
      C(workload Payments READONLY ACCEPTED); C(changed), whether anything changed for the account; and C(error), which
      is empty where nothing failed.
  type: dict
"""


def account_access(result: Mapping[str, Any], answers: Any = ()) -> dict[str, dict[str, Any]]:
    """Access, change and error by account ID. Removed shares are told as such."""
    answered: dict[tuple[str, str], str] = {}
    accounts: dict[str, dict[str, Any]] = {}

    def of(account: str) -> dict[str, Any]:
        return accounts.setdefault(account, {"access": [], "changed": False, "error": ""})

    for answer in answers:
        entry = of(answer["account_id"])
        entry["changed"] = bool(answer.get("changed"))
        entry["error"] = answer.get("error", "")
        for invitation in answer.get("invitations", ()):
            answered[(answer["account_id"], invitation["resource"]["id"])] = invitation["action"]
    for item in result["resources"]:
        resource = item["resource"]
        for share in item["shares"]:
            principal = parse_listed_principal(share["shared_with"])
            if principal.kind != ACCOUNT:
                continue
            entry = of(principal.identity)
            entry["changed"] = entry["changed"] or share["action"] != "unchanged"
            answer = answered.get((principal.identity, resource["id"]), "gone")
            status = share["status"] or share["action"]
            if share["status"] == "PENDING" and answer != "gone":
                status = answer.upper()
            if share["action"] == "deleted":
                status = "removed"
            words = (resource["kind"], resource["name"] or resource["id"], share["permission_type"], status)
            entry["access"].append(" ".join(filter(None, words)))
    return accounts


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"account_access": account_access}
