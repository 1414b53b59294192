# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""One resource: the whole of wa_workload_share, wa_lens_share, wa_template_share and wa_profile_share."""

from __future__ import annotations

from .._engine.declaration import parse_only_entry
from .._engine.results import diff, resource_result, warn_of_dead
from .._engine.settings import Defaults, Settings
from .._engine.sharing import share
from .._model.kinds import KINDS
from .options import one_resource
from .task import allowed_principals, connect, least, open_module, telling_faults, warn


def main(kind_name: str) -> None:
    """``kind_name``: a key of KINDS."""
    module, params, faults = open_module(one_resource(KINDS[kind_name]))
    with telling_faults(module, one=True):
        least(params, faults, max_removals=0, wait_timeout=0)
        sessions, scope = connect(module, params, faults)
        settings = Settings(
            check_mode=module.check_mode,
            wait=params["wait"],
            wait_timeout=params["wait_timeout"],
            allowed_principals=allowed_principals(params, sessions.names, faults),
            max_removals=params["max_removals"],
        )
        defaults = Defaults(names=sessions.names)
        entries = parse_only_entry(params, defaults, scope, faults)
        shared = share(sessions, scope, entries, defaults, settings, warn, faults)
        if not shared.works:
            module.fail_json(msg=shared.visits[0].error or "")
        [(place, work)] = shared.works
    warn_of_dead([work], warn)
    result = resource_result(work, place)
    result["diff"] = (diff([work]) or [{"before": "", "after": ""}])[0]
    if work.error:
        module.fail_json(msg=result.pop("error"), **result)
    module.exit_json(**result)
