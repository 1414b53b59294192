#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_organization_sharing
short_description: Enable or disable sharing of AWS Well-Architected resources within an organization
version_added: 1.0.0
description:
  - Enables or disables sharing of the AWS Well-Architected Tool with the organization and its organizational units.
  - While it is enabled, accounts of the organization need no invitation.
  - Other global settings are not changed.
options:
  state:
    description: Whether organization sharing is enabled.
    type: str
    choices: [enabled, disabled]
    required: true
  regions:
    description:
      - The Regions to set it in. The default is the O(region) of the task. A failure in one does not keep the others
        from being processed.
      - V(all) selects every Region of the partition that has the service. Of these, Regions that the account has not
        enabled, or that a service control policy denies, are skipped and listed in RV(places).
    type: list
    elements: str
extends_documentation_fragment:
  - wellarchitected.sharing._guardrails
  - wellarchitected.sharing._attributes.changes
  - wellarchitected.sharing._attributes
  - amazon.aws.boto3
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - Use the credentials of the organization's management account. To enable it, they need
    C(iam:CreateServiceLinkedRole), since AWS creates a role for it.
  - AWS does not document whether the setting belongs to the account or to the Region. It is set in each Region of the
    task, so list every Region that you use.
  - AWS does not document what happens to existing shares when organization sharing is disabled.
seealso:
  - module: wellarchitected.sharing.wa_shares
    description: Shares with organizations and organizational units.
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# These examples use the credentials of the environment.

- name: Enable sharing with the organization and its organizational units
  wellarchitected.sharing.wa_organization_sharing:
    state: enabled
    region: eu-west-1
  register: organization_sharing

- name: Enable it in both Regions that are used
  wellarchitected.sharing.wa_organization_sharing:
    state: enabled
    regions:
      - eu-west-1
      - us-east-1
"""

RETURN = r"""
changed:
  description: Whether the setting was changed in any Region.
  returned: always
  type: bool
  sample: true
msg:
  description: What was done, in one line, or what failed.
  returned: always
  type: str
  sample: Organization sharing is ENABLED in 2 Regions.
errors:
  description: What failed, with equal errors grouped, one string each. Empty if nothing failed.
  returned: always, except when Ansible rejects an option
  type: list
  elements: str
  sample: []
organization_sharing_status:
  description: The setting after the task, or in check mode the predicted setting.
  returned: success
  type: str
  sample: ENABLED
places:
  description: The Regions, in the order of O(regions).
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  contains:
    account_id:
      description: Always V(null), which is the calling account.
      type: str
    region:
      description: The Region.
      type: str
      sample: eu-west-1
    name:
      description: Always V(null).
      type: str
    organization_sharing_status:
      description: The setting there, or V(null) if it could not be read.
      type: str
      sample: ENABLED
    error:
      description: What failed there. Only present if so.
      type: str
    skipped:
      description: Why the Region was skipped. Only present if so.
      type: str
diff:
  description: The setting before and after, one line per Region.
  returned: always, except when the input is invalid or nothing could be read
  type: dict
  sample:
    before: "organization sharing in eu-west-1: DISABLED\\n"
    after: "organization sharing in eu-west-1: ENABLED\\n"
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils import _options, _results
from ..module_utils._accounts import Place
from ..module_utils._client import WellArchitected
from ..module_utils._guardrails import ACCOUNT_GUARDRAIL
from ..module_utils._names import count_noun


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "state": {"type": "str", "choices": ["enabled", "disabled"], "required": True},
            "regions": _options.PLACES["regions"],
            **ACCOUNT_GUARDRAIL,
        },
        supports_check_mode=True,
    )
    wanted: str = module.params["state"].upper()

    def read(_place: Place, service: WellArchitected) -> str:
        return service.get_organization_sharing()

    def set_it(_place: Place, service: WellArchitected) -> bool:
        service.set_organization_sharing(wanted)
        return True

    with _results.reporting_errors(module):
        task = _options.open_task(module)
        runner = task.start()
        results = runner.run(task.scope.places, read)
        before = {one.place: one.value for one in results if one.value is not None}
        for one in results:
            # One Region after the other: AWS does not document whether the first call is for all Regions.
            if one.value not in (None, wanted) and not module.check_mode:
                done = runner.run([one.place], set_it)[0]
                one.error, one.skipped = done.error, done.skipped
        if not task.scope.has_many and results[0].error is not None:
            raise results[0].error
    failed = _results.fail_places(results)
    unchanged = {one.place for one in results if one.error or one.skipped}
    after = {place: status if place in unchanged else wanted for place, status in before.items()}
    result: dict[str, Any] = {
        "changed": before != after,
        "places": [{**one.as_result(), "organization_sharing_status": after.get(one.place)} for one in results],
        "diff": {"before": _format(before), "after": _format(after)},
    }
    if not failed:
        result["organization_sharing_status"] = wanted
    changed = count_noun(sum(status == wanted for status in after.values()), "Region")
    head = (
        f"{_results.describe_failed(failed, len(results), 'Region')}Organization sharing is {wanted} in {changed}."
        f"{_results.describe_skipped(results)}"
    )
    _results.exit_module(module, result, head, failed)


def _format(statuses: dict[Place, str]) -> str:
    return "".join(f"organization sharing in {place.region}: {status}\n" for place, status in statuses.items())


if __name__ == "__main__":
    main()
