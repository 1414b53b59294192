#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_share_drift_info
short_description: Compare existing shares with a declaration
version_added: 1.0.0
description:
  - Lists everything that the calling account shares in the Region, or that any number of accounts share in any number
    of Regions, compares it with a declaration, and changes nothing. The declaration is written as for
    M(wellarchitected.sharing.wa_shares).
  - An active share that is not declared is drift, whether or not its resource is declared, and whatever
    O(resources[].purge_shares) is. So is a declared share that does not exist, is inactive, or has another permission,
    and a declared resource that does not exist.
  - An inactive share that is not declared gives no access and is not drift.
  - The module does not fail for drift. It fails if something could not be read.
options:
  undeclared:
    description:
      - How to report active shares of resources that are not declared. V(fail) counts them as drift, V(report) returns
        them as RV(undeclared), and V(ignore) does not compare these resources.
      - A share of a declared resource is drift in any case.
    type: str
    choices: [fail, report, ignore]
    default: fail
  ignore:
    description:
      - The names, patterns, IDs and ARNs of resources that are not compared if they are not declared.
      - A declared resource is always compared, also if only a pattern declares it.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - wellarchitected.sharing._declared
  - wellarchitected.sharing._places
  - wellarchitected.sharing._principals
  - wellarchitected.sharing._guardrails
  - wellarchitected.sharing._attributes.info
  - wellarchitected.sharing._attributes.long
  - wellarchitected.sharing._attributes
  - amazon.aws.boto3
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - The owner's account, its users and its roles need no share and are not compared.
  - An empty O(shared_with) declares that a resource is shared with no principal.
seealso:
  - module: wellarchitected.sharing.wa_shares
    description: Applies the declaration.
  - module: wellarchitected.sharing.wa_share_info
    description: Lists existing shares, ready to be declared.
  - module: wellarchitected.sharing.wa_share_report
    description: Writes a report of the shares and of the drift.
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# These examples use the credentials and the Region of the environment.

- name: List existing shares
  wellarchitected.sharing.wa_share_info:
    region: eu-west-1
  register: existing

- name: Compare them with a declaration
  wellarchitected.sharing.wa_share_drift_info:
    region: eu-west-1
    resources: "{{ existing.declared }}"
    ignore:
      - Sandbox *
  register: audit

- name: Fail if there is drift
  ansible.builtin.assert:
    that: audit.drift == []
    fail_msg: "{{ audit.msg }}"

- name: Return undeclared resources apart from the drift
  wellarchitected.sharing.wa_share_drift_info:
    resources:
      - workload: Payments
        permission_type: CONTRIBUTOR
      - template: CentralTemplate*
    shared_with:
      - "111122223333"
      - "444455556666"
    undeclared: report
"""

RETURN = r"""
msg:
  description: What was compared, and the first differences, one per line.
  returned: always
  type: str
  sample: "No drift: 9 resources compared. Checked: 1 account, 1 Region."
errors:
  description: What failed, with equal errors grouped, one string each. Empty if nothing failed.
  returned: always, except when Ansible rejects an option
  type: list
  elements: str
  sample: []
drift:
  description: The differences from the declaration. Empty if there are none.
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  contains:
    kind:
      description: V(workload), V(lens), V(template) or V(profile). V(null) if a declared resource was not found.
      type: str
      sample: workload
    id:
      description: The ID, which is the last part of the ARN.
      type: str
      sample: 0123456789abcdef0123456789abcdef
    arn:
      description: The ARN of the resource.
      type: str
      sample: arn:aws:wellarchitected:eu-west-1:123456789012:workload/0123456789abcdef0123456789abcdef
    name:
      description: The name of the resource.
      type: str
      sample: Payments
    account_id:
      description: The account that owns it. V(null) if a declared resource was not found.
      type: str
      sample: "123456789012"
    region:
      description: The Region that it is in. V(null) if a declared resource was not found.
      type: str
      sample: eu-west-1
    shared_with:
      description: The principal. V(null) for a difference of the resource as a whole.
      type: str
      sample: "111122223333"
    shared_with_name:
      description: The name of the principal in O(principals), or V(null).
      type: str
      sample: payments
    difference:
      description:
        - V(not_shared) - a declared share does not exist.
        - V(inactive) - a declared share is inactive.
        - V(permission) - a declared share has another permission.
        - V(ended) - an active share exists although the declared access has ended.
        - V(not_declared) - an active share of a declared resource is not declared.
        - V(resource_not_declared) - an active share of a resource that is not declared.
        - V(not_found) - a declared resource does not exist or cannot be shared.
        - V(ambiguous) - a declared name matches several resources.
        - V(not_listed) - the shares of the resource could not be listed.
      type: str
      sample: not_shared
    status:
      description: The status of the share, or V(null).
      type: str
      sample: ACCEPTED
    permission_type:
      description: The permission of the share of a workload, or V(null).
      type: str
      sample: READONLY
    declared_permission_type:
      description: The declared permission for a workload, or V(null).
      type: str
      sample: READONLY
    until:
      description: The declared end of the access, or V(null).
      type: str
      sample: "2026-12-31"
    reason:
      description: The declared reason for the access, or V(null).
      type: str
      sample: Review of the third quarter
    text:
      description: The difference in words.
      type: str
      sample: "lens 'Platform' (arn:aws:wellarchitected:eu-west-1:123456789012:lens/0123), 111122223333: not shared"
undeclared:
  description:
    - With O(undeclared=report), the active shares of resources that are not declared, as in RV(drift). Else empty.
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
declared:
  description:
    - What is declared for each principal on each resource that was found, also where the access has ended.
    - M(wellarchitected.sharing.wa_share_report) takes it in its option
      O(wellarchitected.sharing.wa_share_report#module:declared).
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  sample:
    - kind: workload
      id: 0123456789abcdef0123456789abcdef
      arn: arn:aws:wellarchitected:eu-west-1:123456789012:workload/0123456789abcdef0123456789abcdef
      name: Payments
      account_id: "123456789012"
      region: eu-west-1
      shared_with: "111122223333"
      permission_type: READONLY
      until: "2026-12-31"
      reason: Review of the fourth quarter
      where: resources[0].shared_with[0]
resources:
  description:
    - Everything that the accounts own with its shares, declared or not, as
      RV(wellarchitected.sharing.wa_share_info#module:resources) of M(wellarchitected.sharing.wa_share_info).
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
summary:
  description:
    - The number of resources that the accounts own, of declared, ignored and unreadable ones, of all shares, and of
      items in RV(drift) and RV(undeclared).
  returned: always, except when the input is invalid or nothing could be read
  type: dict
  sample:
    resources: 9
    declared: 6
    ignored: 2
    shares: 31
    drift: 3
    undeclared: 0
    failed: 0
places:
  description:
    - The accounts and Regions of the task, as in RV(wellarchitected.sharing.wa_shares#module:places). One that could
      not be read has an C(error), one that was skipped has C(skipped), with the reason.
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  sample:
    - account_id: "111122223333"
      region: eu-west-1
      name: team-payments
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils import _options, _results
from ..module_utils._audit import AMBIGUOUS, FAIL, IGNORE, NOT_FOUND, REPORT, Comparison, Difference, compare
from ..module_utils._declaration import Defaults, merge_entries, parse_entries
from ..module_utils._errors import raise_if_any
from ..module_utils._names import count_noun, escape_controls
from ..module_utils._survey import survey_places

SHOWN = 10  # differences in the message


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            **_options.DECLARATION,
            "undeclared": {"type": "str", "choices": [FAIL, REPORT, IGNORE], "default": FAIL},
            "ignore": {"type": "list", "elements": "str", "default": []},
            "progress_path": {"type": "path"},
        },
        supports_check_mode=True,
    )
    params = module.params
    with _results.reporting_errors(module, changes=False):
        task = _options.open_task(module)
        # An undeclared principal should have no access: an empty list needs no purge_shares.
        defaults = Defaults(task.names, params["shared_with"], params["permission_type"], purge_shares=True)
        entries = parse_entries(params["resources"], defaults, task.scope, task.errors)
        runner = task.start()
        survey = survey_places(runner, entries, everything=True)
        errors = list(survey.errors)
        declared = [(place, merge_entries(found.matched, defaults, errors)) for place, found in survey.places]
        raise_if_any(errors)
    _results.warn_all(survey.warnings)
    name_place = task.scope.has_many
    comparisons = [
        compare(
            found.listed.values(),
            {one.resource.key: one for one in declarations},
            params["undeclared"],
            params["ignore"],
            place,
            name_place,
        )
        for (place, found), (_place, declarations) in zip(survey.places, declared)
    ]
    comparison = Comparison(
        (
            *(Difference(NOT_FOUND, text) for _entry, text in survey.missing),
            *(Difference(AMBIGUOUS, text, place=place) for place, text in survey.ambiguous),
            *(one for found in comparisons for one in found.drift),
        ),
        tuple(one for found in comparisons for one in found.undeclared),
        sum(found.ignored for found in comparisons),
    )
    located = [
        (place, item)
        for place, found in survey.places
        for item in found.listed.values()
        if item.error is None or not (item.error.is_not_found or item.foreign)
    ]
    places = _results.fail_places(survey.results)
    failed = _results.fail_listed(located, name_place)
    summary = {
        "resources": len(located),
        "declared": sum(len(declarations) for _place, declarations in declared),
        "ignored": comparison.ignored,
        "shares": sum(len(item.shares) for _place, item in located),
        "drift": len(comparison.drift),
        "undeclared": len(comparison.undeclared),
        "failed": len(failed),
    }
    if not params["resources"] and summary["shares"]:
        _results.warn_all(["resources is empty: no share is declared, so every active share is drift."])
    result: dict[str, Any] = {
        "changed": False,
        "drift": [one.as_result() for one in comparison.drift],
        "undeclared": [one.as_result() for one in comparison.undeclared],
        "declared": [row for place, found in declared for one in found for row in _results.format_declared(one, place)],
        "resources": [_results.format_listed(item, place) for place, item in located],
        "summary": summary,
        "places": [one.as_result() for one in survey.results],
    }
    where = f"{_results.describe_scope(survey.results)}{_results.describe_skipped(survey.results)}"
    head = (
        f"{_results.describe_failed(places, len(survey.results), _results.PLACE)}"
        f"{_results.describe_failed(failed, len(located), 'resource')}"
        f"{_describe(comparison, summary, where)}"
    )
    _results.exit_module(module, result, head, [*places, *failed], detail="")


def _describe(comparison: Comparison, summary: dict[str, int], where: str) -> str:
    """What was compared and where, and the first differences, one per line."""
    compared = count_noun(summary["resources"] - summary["ignored"], "resource")
    if comparison.drift:
        heads = [f"{count_noun(len(comparison.drift), 'difference')} from the declaration, {compared} compared."]
    else:
        heads = [f"No drift: {compared} compared."]
    if comparison.undeclared:
        heads.append(f"{count_noun(len(comparison.undeclared), 'share')} of undeclared resources.")
    if comparison.ignored:
        heads.append(f"{count_noun(comparison.ignored, 'undeclared resource')} ignored.")
    differences = [*comparison.drift, *comparison.undeclared]
    lines = [escape_controls(one.text) for one in differences[:SHOWN]]
    if len(differences) > SHOWN:
        lines.append(f"and {len(differences) - SHOWN:,} more")
    return "\n".join([" ".join(heads) + where, *lines])


if __name__ == "__main__":
    main()
