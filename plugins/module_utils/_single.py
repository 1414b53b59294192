# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The main of wa_workload_share, wa_lens_share, wa_template_share and wa_profile_share, which share one resource."""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from . import _options, _results
from ._declaration import Defaults, parse_entry
from ._guardrails import parse_guardrails
from ._kinds import KINDS
from ._sharing import share


def main(kind_name: str) -> None:
    """``kind_name``: a key of KINDS."""
    module = AnsibleAWSModule(argument_spec=_options.single_share_spec(KINDS[kind_name]), supports_check_mode=True)
    params = module.params
    with _results.reporting_errors(module, one=True):
        task = _options.open_task(module)
        guardrails = parse_guardrails(params, task.names, task.errors)
        defaults = Defaults(task.names, with_patterns=False)
        entries = parse_entry({"account_wide": False, **params}, defaults, task.scope, task.errors)
        shared = share(
            task.start(),
            entries,
            defaults,
            guardrails,
            check_mode=module.check_mode,
            wait=params["wait"],
            wait_timeout=params["wait_timeout"],
        )
    [run] = shared.runs
    result: dict[str, Any] = {
        **_results.format_run(run),
        "diff": (_results.diff_runs([run], False) or [{"before": "", "after": ""}])[0],
    }
    summary = _results.describe_counts(
        {key: count for key, count in _results.summarize_runs([run]).items() if key != "failed"},
        "Shares",
        "No shares were changed.",
    )
    if run.error:
        error = result.pop("error")
        module.fail_json(**result, msg=error, errors=[error])
    module.exit_json(**result, msg=summary, errors=[])
