#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_share_invitation_info
short_description: List the pending invitations to AWS Well-Architected resources
version_added: 1.0.0
description:
  - Lists the pending invitations of the calling account, or of any number of accounts in any number of Regions.
  - An invitation is no longer listed once it is answered, deleted or expired.
options:
  shared_by:
    description: The account IDs of the owners. The default is all owners.
    type: list
    elements: str
extends_documentation_fragment:
  - wellarchitected.sharing._invitations
  - wellarchitected.sharing._places
  - wellarchitected.sharing._guardrails
  - wellarchitected.sharing._attributes.info
  - wellarchitected.sharing._attributes
  - amazon.aws.boto3
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: wellarchitected.sharing.wa_share_invitation
    description: Accepts or rejects them.
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# These examples use the credentials and the Region of the environment.

- name: List all pending invitations in a Region
  wellarchitected.sharing.wa_share_invitation_info:
    region: eu-west-1

- name: List the workloads that one account shares
  wellarchitected.sharing.wa_share_invitation_info:
    shared_by:
      - "123456789012"
    resource_type:
      - workload

- name: List the pending invitations of two accounts in every Region
  wellarchitected.sharing.wa_share_invitation_info:
    accounts:
      - account_id: "111122223333"
        role_arn: arn:aws:iam::111122223333:role/WellArchitectedAccept
      - account_id: "444455556666"
        role_arn: arn:aws:iam::444455556666:role/WellArchitectedAccept
    regions:
      - all
"""

RETURN = r"""
msg:
  description: What was listed, in one line, or what failed.
  returned: always
  type: str
  sample: 3 pending invitations.
errors:
  description: What failed, with equal errors grouped, one string each. Empty if nothing failed.
  returned: always, except when Ansible rejects an option
  type: list
  elements: str
  sample: []
invitations:
  description: The selected invitations, by account and Region, sorted by owner, kind and name.
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  contains:
    account_id:
      description: The account ID of the recipient.
      type: str
      sample: "111122223333"
    region:
      description: The Region of the resource and of the invitation.
      type: str
      sample: eu-west-1
    share_invitation_id:
      description: The ID of the invitation.
      type: str
      sample: fedcba9876543210fedcba9876543210
    shared_by:
      description: The account ID of the owner.
      type: str
      sample: "123456789012"
    shared_with:
      description: The principal that is invited.
      type: str
      sample: "111122223333"
    permission_type:
      description: V(READONLY) or V(CONTRIBUTOR) for workloads, V(null) for other kinds.
      type: str
      sample: READONLY
    resource:
      description: The shared resource. The C(arn) of a workload is V(null).
      type: dict
      sample:
        kind: workload
        id: 0123456789abcdef0123456789abcdef
        arn:
        name: Payments
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
from ..module_utils._accept import Invitation, Recipient, list_invitations, parse_conditions
from ..module_utils._accounts import Place
from ..module_utils._client import WellArchitected
from ..module_utils._errors import Failure
from ..module_utils._names import count_noun


def main() -> None:
    module = AnsibleAWSModule(argument_spec=_options.INVITATIONS, supports_check_mode=True)
    with _results.reporting_errors(module, changes=False):
        task = _options.open_task(module)
        conditions = parse_conditions(module.params, task.names, task.errors)

        def read(_place: Place, service: WellArchitected) -> tuple[list[Invitation], list[Failure]]:
            return list_invitations(service, conditions.only_type)

        results = task.start().run(task.scope.places, read)
        if not task.scope.has_many and results[0].error is not None:
            raise results[0].error
    recipients: list[Recipient] = []
    rows: list[dict[str, Any]] = []
    for result in results:
        invitations, failures = result.value or ([], [])
        rows.extend(one.as_result(result.place) for one in invitations if conditions.select(one))
        failures = [*failures, *([result.error.failure] if result.error else [])]
        recipients.append(Recipient(result.place, failures=failures, skipped=result.skipped))
    failed = _results.fail_recipients(recipients)
    head = (
        f"{_results.describe_failed(failed, len(recipients), _results.PLACE)}"
        f"{count_noun(len(rows), 'pending invitation')}."
        f"{_results.describe_skipped(recipients)}"
    )
    places = [one.as_place_result() for one in recipients]
    _results.exit_module(module, {"changed": False, "invitations": rows, "places": places}, head, failed)


if __name__ == "__main__":
    main()
