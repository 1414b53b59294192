# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The whole of wa_share_invitation_info."""

from __future__ import annotations

from .._model.invitations import Conditions, parse_conditions, read_invitations
from .options import invitation_conditions
from .task import connect, open_module, telling_faults


def main() -> None:
    module, params, faults = open_module(invitation_conditions())
    with telling_faults(module, changes=False):
        sessions, _scope = connect(module, params, faults)
        service = sessions.own()
        wanted = Conditions()
        with faults.collected():
            wanted = parse_conditions(params, sessions.partition)
        faults.refuse()
        found, unread = read_invitations(service.list_invitations(wanted.only_type), wanted)
    invitations = [
        {"account_id": invitation.account, "region": service.region, **invitation.as_result()} for invitation in found
    ]
    if unread:
        module.fail_json(msg=". ".join(unread), changed=False, invitations=invitations)
    module.exit_json(changed=False, invitations=invitations)
