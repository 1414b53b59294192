# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""One resource: the whole of wa_workload_share, wa_lens_share, wa_template_share and wa_profile_share."""

from __future__ import annotations

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._engine.declaration import parse_entry
from .._engine.results import diff, resource_result, warn_of_dead
from .._engine.settings import Defaults, Settings
from .._engine.sharing import share
from .._model.kinds import KINDS
from .options import one_resource
from .task import connect, refuse_below, telling_faults, warn


def main(kind_name: str) -> None:
    """``kind_name``: a key of KINDS."""
    module = AnsibleAWSModule(argument_spec=one_resource(KINDS[kind_name]), supports_check_mode=True)
    refuse_below(module, wait_timeout=0)
    params = module.params
    with telling_faults(module):
        settings = Settings(check_mode=module.check_mode, wait=params["wait"], wait_timeout=params["wait_timeout"])
        _sessions, service = connect(module)
        entry = parse_entry(params, Defaults(), service.region)
        works = share(service, (entry,), Defaults(), settings, warn)
    warn_of_dead(works, warn)
    result = resource_result(works[0])
    result["diff"] = (diff(works) or [{"before": "", "after": ""}])[0]
    if works[0].error:
        module.fail_json(msg=result.pop("error"), **result)
    module.exit_json(**result)
