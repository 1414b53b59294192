# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What is shared with whom: the whole of wa_share_info."""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._engine.finding import Filters, find_shares, summarize
from .._engine.progress import watched_progress
from .._engine.results import listed_result
from .._model.kinds import KINDS
from .._model.listed import Listed
from .._model.principals import parse_principals
from .._model.shares import STATUSES
from .task import connect, refuse_below, telling_faults


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            **{kind.option: {"type": "list", "elements": "str"} for kind in KINDS.values()},
            "status": {"type": "list", "elements": "str", "choices": list(STATUSES)},
            "shared_with": {"type": "list", "elements": "str"},
            "concurrency": {"type": "int", "default": 8},
        },
        supports_check_mode=True,
    )
    refuse_below(module, concurrency=1)
    params = module.params
    with telling_faults(module, changes=False):
        filters = Filters(
            frozenset(params["status"] or ()),
            frozenset(parse_principals("shared_with", params["shared_with"] or ())),
        )
        _sessions, service = connect(module, params["concurrency"])
        names = {kind: params[kind.option] for kind in KINDS.values() if params[kind.option] is not None}
        listed = find_shares(service, names, filters, params["concurrency"], module.warn, watched_progress())
    result: dict[str, Any] = {
        "changed": False,
        "resources": [listed_result(item) for item in listed],
        "declared": [declared for item in listed if (declared := _as_declared(item))["shared_with"]],
        "summary": summarize(listed),
    }
    failed = [item.error for item in listed if item.error]
    if failed:
        module.fail_json(msg=f"{len(failed)} of {len(listed)} resources failed. {' '.join(failed)}", **result)
    module.exit_json(**result)


def _as_declared(listed: Listed) -> dict[str, Any]:
    """The live shares as an entry of wa_shares' option ``resources``."""
    kind = listed.resource.kind
    return {
        kind.option: listed.resource.arn or listed.resource.id,
        "shared_with": [
            {"principal": share.principal.text, "permission_type": share.permission}
            if kind.has_permission
            else share.principal.text
            for share in listed.shares
            if share.live
        ],
    }
