# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Organization sharing on or off: the whole of wa_organization_sharing."""

from __future__ import annotations

from .task import connect, open_module, telling_faults


def main() -> None:
    module, params, faults = open_module(
        {"state": {"type": "str", "choices": ["enabled", "disabled"], "required": True}}
    )
    with telling_faults(module):
        sessions, _scope = connect(module, params, faults)
        faults.refuse()
        service = sessions.own()
        wanted = params["state"].upper()
        before = service.organization_sharing()
        if before != wanted and not module.check_mode:
            service.set_organization_sharing(wanted)
        module.exit_json(
            changed=before != wanted,
            organization_sharing_status=wanted,
            diff={"before": f"organization sharing: {before}\n", "after": f"organization sharing: {wanted}\n"},
        )
