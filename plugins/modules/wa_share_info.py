#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_share_info
short_description: List who AWS Well-Architected resources are shared with
version_added: 1.0.0
description:
  - Lists the shares of workloads, custom lenses, review templates and profiles that the calling account owns, or that
    any number of accounts own in any number of Regions.
  - Without O(workload), O(lens), O(template) and O(wa_profile), it lists the shares of all resources.
options:
  workload:
    description: The workloads, each by ID, ARN, name or pattern. A pattern has the wildcard V(*) or V(?).
    type: list
    elements: str
  lens:
    description: The published custom lenses, each by ARN, name or pattern.
    type: list
    elements: str
  template:
    description: The review templates, each by ARN, name or pattern.
    type: list
    elements: str
  wa_profile:
    description:
      - The Well-Architected profiles, each by ARN, name or pattern.
      - The option O(profile) is the AWS credentials profile.
    type: list
    elements: str
  status:
    description: The statuses of the shares to list. Only resources with such a share are listed.
    type: list
    elements: str
    choices: [PENDING, ACCEPTED, ASSOCIATING, ASSOCIATED, REJECTED, EXPIRED, REVOKED, FAILED]
  shared_with:
    description:
      - The principals of the shares to list. Only resources with such a share are listed.
      - Two forms of one principal are one principal.
    type: list
    elements: str
extends_documentation_fragment:
  - wellarchitected.sharing._places
  - wellarchitected.sharing._principals
  - wellarchitected.sharing._guardrails
  - wellarchitected.sharing._attributes.info
  - wellarchitected.sharing._attributes.long
  - wellarchitected.sharing._attributes
  - amazon.aws.boto3
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: wellarchitected.sharing.wa_shares
    description: Takes RV(declared) as its declaration.
  - module: wellarchitected.sharing.wa_share_drift_info
    description: Compares existing shares with a declaration.
  - module: wellarchitected.sharing.wa_share_report
    description: Writes a report of them.
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# These examples use the credentials and the Region of the environment.

- name: List every share of the account in a Region
  wellarchitected.sharing.wa_share_info:
    region: eu-west-1
  register: existing

- name: Declare the existing shares as they are
  wellarchitected.sharing.wa_shares:
    resources: "{{ existing.declared }}"

- name: List what one account was invited to and did not accept
  wellarchitected.sharing.wa_share_info:
    shared_with:
      - "111122223333"
    status:
      - PENDING
      - EXPIRED
      - REJECTED

- name: List who has access to the central templates
  wellarchitected.sharing.wa_share_info:
    template:
      - CentralTemplate*
"""

RETURN = r"""
msg:
  description: What was listed, in one line, or what failed.
  returned: always
  type: str
  sample: "4 resources with 12 shares. Checked: 1 account, 1 Region."
errors:
  description: What failed, with equal errors grouped, one string each. Empty if nothing failed.
  returned: always, except when Ansible rejects an option
  type: list
  elements: str
  sample: []
resources:
  description: The resources with their shares.
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  contains:
    resource:
      description:
        - The resource, as far as it is known. A workload that only its ID refers to has no ARN and no name here.
      type: dict
      sample:
        kind: workload
        id: 0123456789abcdef0123456789abcdef
        arn: arn:aws:wellarchitected:eu-west-1:123456789012:workload/0123456789abcdef0123456789abcdef
        name: Payments
        account_id: "123456789012"
        region: eu-west-1
    shares:
      description:
        - The shares that O(status) and O(shared_with) select, each as in
          RV(wellarchitected.sharing.wa_shares#module:resources[].shares), without action, end and reason.
      type: list
      elements: dict
    error:
      description: Why the shares could not be listed. Only present if so. The task then fails.
      type: str
declared:
  description:
    - The active shares as the O(wellarchitected.sharing.wa_shares#module:resources) of
      M(wellarchitected.sharing.wa_shares), to import existing shares into a declaration.
    - If RV(declared_is_partial) is true, each entry has C(purge_shares=false), so that no share is purged that was not
      listed.
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  sample:
    - workload: arn:aws:wellarchitected:eu-west-1:123456789012:workload/0123456789abcdef0123456789abcdef
      shared_with:
        - principal: "111122223333"
          permission_type: READONLY
declared_is_partial:
  description: Whether O(status) or O(shared_with) may have excluded active shares of these resources.
  returned: always, except when the input is invalid or nothing could be read
  type: bool
  sample: false
summary:
  description: The number of resources, of shares, of shares by status and by kind, and of resources that failed.
  returned: always, except when the input is invalid or nothing could be read
  type: dict
  sample:
    resources: 4
    shares: 12
    by_status:
      PENDING: 2
      ACCEPTED: 10
    by_kind:
      workload: 8
      lens: 4
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

from collections import Counter
from dataclasses import replace
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils import _options, _results
from ..module_utils._declaration import Entry
from ..module_utils._errors import raise_if_any
from ..module_utils._kinds import KINDS
from ..module_utils._names import count_noun
from ..module_utils._places import Scope
from ..module_utils._principals import Principal
from ..module_utils._resources import Listed, parse_reference, select_all
from ..module_utils._shares import ACTIVE_STATUSES, STATUSES, Share
from ..module_utils._survey import survey_places


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            **{kind.option: {"type": "list", "elements": "str"} for kind in KINDS.values()},
            "status": {"type": "list", "elements": "str", "choices": list(STATUSES)},
            "shared_with": {"type": "list", "elements": "str"},
            "progress_path": {"type": "path"},
            **_options.PRINCIPALS,
            **_options.PLACES,
        },
        supports_check_mode=True,
    )
    params = module.params
    with _results.reporting_errors(module, changes=False):
        task = _options.open_task(module)
        statuses = frozenset(params["status"] or ())
        principals = _parse_principals(params, task)
        entries = _parse_entries(params, task.scope, task)
        survey = survey_places(task.start(), entries)
        raise_if_any([*survey.errors, *(text for _where, text in (*survey.ambiguous, *survey.missing))])
    _results.warn_all(survey.warnings)

    def is_selected(share: Share) -> bool:
        return (not statuses or share.status in statuses) and (principals is None or share.principal in principals)

    located = [
        (place, replace(item, shares=tuple(filter(is_selected, item.shares))))
        for place, found in survey.places
        for item in found.listed.values()
        # What only a pattern selected may have been deleted between the two lists.
        if item.error is None or not item.error.is_not_found
    ]
    if statuses or principals is not None:
        located = [(place, item) for place, item in located if item.shares or item.error]
    is_partial = bool(principals is not None or (statuses and not statuses.issuperset(ACTIVE_STATUSES)))
    listed = [item for _place, item in located]
    summary = _summarize(listed)
    result: dict[str, Any] = {
        "changed": False,
        "resources": [_results.format_listed(item, place) for place, item in located],
        "declared": [_export(item, is_partial) for item in listed if any(share.is_active for share in item.shares)],
        "declared_is_partial": is_partial,
        "summary": summary,
        "places": [one.as_result() for one in survey.results],
    }
    places = _results.fail_places(survey.results)
    failed = _results.fail_listed(located, task.scope.has_many)
    head = (
        f"{_results.describe_failed(places, len(survey.results), _results.PLACE)}"
        f"{_results.describe_failed(failed, len(listed), 'resource')}"
        f"{count_noun(summary['resources'], 'resource')} with {count_noun(summary['shares'], 'share')}."
        f"{_results.describe_scope(survey.results)}{_results.describe_skipped(survey.results)}"
    )
    _results.exit_module(module, result, head, [*places, *failed], detail="")


def _parse_principals(params: dict[str, Any], task: _options.Task) -> frozenset[Principal] | None:
    """The principals of shared_with; None where it lists none. A name may refer to an empty list, which is no share."""
    principals: set[Principal] = set()
    for position, text in enumerate(params["shared_with"] or ()):
        try:
            principals.update(task.names.resolve(text))
        except ValueError as error:
            task.errors.append(f"shared_with[{position}]: {error}")
    return frozenset(principals) if params["shared_with"] else None


def _parse_entries(params: dict[str, Any], scope: Scope, task: _options.Task) -> list[Entry]:
    """An entry for each reference in the options; one for every kind where there are none."""
    named = [kind for kind in KINDS.values() if params[kind.option] is not None]
    if not named:
        return [Entry("", select_all(kind)) for kind in KINDS.values()]
    entries: list[Entry] = []
    for kind in named:
        for position, text in enumerate(params[kind.option]):
            path = f"{kind.option}[{position}]"
            try:
                entries.append(Entry(path, parse_reference(kind, text, scope, task.names.partition)))
            except ValueError as error:
                task.errors.append(f"{path}: {error}")
    return entries


def _export(listed: Listed, is_partial: bool) -> dict[str, Any]:
    """The active shares as an entry of the option ``resources`` of wa_shares."""
    kind = listed.resource.kind
    return {
        kind.option: listed.resource.arn or listed.resource.id,
        "shared_with": [
            {"principal": share.principal.text, "permission_type": share.permission}
            if kind.has_permission
            else share.principal.text
            for share in listed.shares
            if share.is_active
        ],
        **({"purge_shares": False} if is_partial else {}),
    }


def _summarize(listed: list[Listed]) -> dict[str, Any]:
    by_status = Counter(share.status for item in listed for share in item.shares)
    by_kind = Counter(item.resource.kind.name for item in listed for _share in item.shares)
    return {
        "resources": len(listed),
        "shares": sum(by_kind.values()),
        "by_status": {status: by_status[status] for status in STATUSES},
        "by_kind": {name: by_kind[name] for name in KINDS},
        "failed": sum(item.error is not None for item in listed),
    }


if __name__ == "__main__":
    main()
