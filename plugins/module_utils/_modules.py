# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What the sharing modules' ``main`` functions call: options in, result or failure out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Callable, NoReturn, TypeVar

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.wellarchitected.sharing.plugins.module_utils._applying import Work
from ansible_collections.wellarchitected.sharing.plugins.module_utils._declaration import (
    Entry,
    InvalidInput,
    parse_entries,
    parse_entry,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._kinds import KINDS
from ansible_collections.wellarchitected.sharing.plugins.module_utils._options import many_resources, one_resource
from ansible_collections.wellarchitected.sharing.plugins.module_utils._results import (
    diff,
    left_dead_warning,
    resource_result,
    summarize,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._service import ServiceError, WellArchitected
from ansible_collections.wellarchitected.sharing.plugins.module_utils._sharing import share, validate

Answer = TypeVar("Answer")


def share_one_resource(kind_name: str) -> NoReturn:
    """The whole of wa_workload_share, wa_lens_share, wa_template_share and wa_profile_share."""
    kind = KINDS[kind_name]
    module = AnsibleAWSModule(argument_spec=one_resource(kind), supports_check_mode=True)
    works = _share(module, lambda region: (parse_entry(module.params, {}, region),))
    result = resource_result(works[0])
    if works[0].error:
        module.fail_json(msg=result.pop("error"), diff=_one_diff(works), **result)
    module.exit_json(diff=_one_diff(works), **result)


def share_many_resources() -> NoReturn:
    """The whole of wa_shares."""
    module = AnsibleAWSModule(argument_spec=many_resources(), supports_check_mode=True)
    refuse_below(module, concurrency=1, max_removals=0)

    def parse(region: str) -> Sequence[Entry]:
        return parse_entries(module.params["resources"], module.params, region)

    if module.params["validate_only"]:
        works = _attempt(module, lambda service: validate(service, parse(service.region), module.params, module.warn))
        module.exit_json(
            changed=False,
            resolved=[
                {
                    "resource": work.declaration.resource.as_result(),
                    "entries": work.declaration.as_entries(),
                    "removals": work.plan.removals,
                }
                for work in works
            ],
        )
    works = _share(module, parse)
    result: dict[str, Any] = {
        "changed": any(work.changed for work in works),
        "resources": [resource_result(work) for work in works],
        "summary": summarize(works),
        "diff": diff(works),
    }
    failed = [work for work in works if work.error]
    if failed:
        module.fail_json(msg=_account(works, failed, result["summary"]), **result)
    module.exit_json(**result)


def refuse_below(module: AnsibleAWSModule, **least: int) -> None:
    """Fails the task if an option, where it is given, is a number less than what is said here."""
    for option, bound in least.items():
        value = module.params.get(option)
        if value is not None and value < bound:
            module.fail_json(msg=f"Nothing was changed. {option} is {value}, and the least it can be is {bound}")


def fail_for(module: AnsibleAWSModule, error: ServiceError) -> NoReturn:
    """Fails the task with what was being done, why it failed and what to do, and with what the service answered."""
    answer = getattr(error.exception, "response", None) or {}
    module.fail_json(msg=str(error), **camel_dict_to_snake_dict(answer))


def _share(module: AnsibleAWSModule, parse: Callable[[str], Sequence[Entry]]) -> list[Work]:
    refuse_below(module, wait_timeout=0)
    works = _attempt(
        module,
        lambda service: share(service, parse(service.region), module.params, module.check_mode, module.warn),
    )
    for work in works:
        warning = left_dead_warning(work)
        if warning:
            module.warn(warning)
    return works


def _attempt(module: AnsibleAWSModule, action: Callable[[WellArchitected], Answer]) -> Answer:
    try:
        return action(WellArchitected(module, module.params.get("concurrency") or 1))
    except InvalidInput as error:
        module.fail_json(msg=f"Nothing was changed. {error}")
    except ServiceError as error:
        fail_for(module, error)


def _one_diff(works: Sequence[Work]) -> dict[str, str]:
    found = diff(works)
    return found[0] if found else {"before": "", "after": ""}


def _account(works: Sequence[Work], failed: Sequence[Work], summary: dict[str, int]) -> str:
    done = ", ".join(f"{count} {action}" for action, count in summary.items() if action != "failed" and count)
    reasons = " ".join(f"{work.declaration.resource.label}: {work.error}" for work in failed)
    return f"{len(failed)} of {len(works)} resources failed. Shares: {done or 'none was touched'}. {reasons}"
