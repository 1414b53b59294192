#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_shares
short_description: Share any number of AWS Well-Architected resources
version_added: 1.0.0
description:
  - Shares workloads, custom lenses, review templates and profiles of the AWS Well-Architected Tool with accounts, IAM
    users, IAM roles, organizations and organizational units, in any number of accounts and Regions, in one task.
  - Accepts the shares in the recipients' accounts, too, where O(accept_in) lists them.
  - Validates the input, and applies the guardrails over all accounts and Regions, before the first change.
  - The failure of one resource does not keep the others from being processed. The task then fails and reports what was
    done and what was not.
options:
  accept_in:
    description:
      - The recipients' accounts in which the task accepts what it shares with them, also where the invitation was
        already pending. It accepts nothing else.
      - Each is a dictionary as in O(accounts). The task assumes the role in the Regions of the shared resources.
      - An account that the task shares nothing with, or where nothing is pending, is not called. The task waits up to
        O(wait_timeout) seconds for invitations that do not show yet.
      - Invitations of IAM users and roles are ignored. Only the user or role can accept them.
    type: list
    elements: dict
    suboptions:
      account_id:
        description: The account ID, 12 digits in quotes.
        type: raw
        required: true
      role_arn:
        description:
          - The ARN of the role to assume in the account. Without it, the task's own credentials must be the account's.
        type: str
      external_id:
        description: The external ID that the role's trust policy requires.
        type: str
      name:
        description: The name of the account in messages and results.
        type: str
extends_documentation_fragment:
  - wellarchitected.sharing._declared
  - wellarchitected.sharing._places
  - wellarchitected.sharing._sharing
  - wellarchitected.sharing._principals
  - wellarchitected.sharing._guardrails
  - wellarchitected.sharing._guardrails.plan
  - wellarchitected.sharing._guardrails.shares
  - wellarchitected.sharing._attributes.changes
  - wellarchitected.sharing._attributes.long
  - wellarchitected.sharing._attributes
  - amazon.aws.boto3
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: wellarchitected.sharing.wa_share_info
    description: Lists existing shares, ready to be declared.
  - module: wellarchitected.sharing.wa_share_drift_info
    description: Compares existing shares with a declaration.
  - module: wellarchitected.sharing.wa_share_invitation
    description: Accepts invitations of other owners.
  - module: wellarchitected.sharing.wa_workload_share
    description: Shares one workload.
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# These examples use the credentials and the Region of the environment.

- name: Share two workloads and every central template
  wellarchitected.sharing.wa_shares:
    resources:
      - workload: Payments
        shared_with:
          - "111122223333"
          - principal: "444455556666"
            permission_type: CONTRIBUTOR
      - workload: Search
        shared_with:
          - arn:aws:iam::111122223333:user/reviewers/ana
      - template: CentralTemplate*
        shared_with:
          - ou-ab12-cdefghij

- name: Share a lens, a profile and a workload with two accounts and with no other principal
  wellarchitected.sharing.wa_shares:
    resources:
      - lens: Platform Standards
      - wa_profile: Business Critical
      - workload: Payments
        permission_type: CONTRIBUTOR
    shared_with:
      - "111122223333"
      - "444455556666"
    purge_shares: true
    max_removals: 5
    allowed_principals:
      - "111122223333"
      - "444455556666"
      - ou-ab12-cdefghij

- name: Share every workload of two accounts with the calling account, in two Regions, and accept there
  wellarchitected.sharing.wa_shares:
    accounts:
      - account_id: "111122223333"
        role_arn: arn:aws:iam::111122223333:role/WellArchitectedShare
        name: payments
      - account_id: "444455556666"
        role_arn: arn:aws:iam::444455556666:role/WellArchitectedShare
        name: search
    regions:
      - eu-west-1
      - us-east-1
    resources:
      - workload: "*"
        exclude: ["Sandbox*"]
      - lens: Platform*
        accounts:
          - payments
        regions:
          - eu-west-1
    shared_with:
      - "123456789012"
    accept_in:
      - account_id: "123456789012"

- name: Share tagged workloads with a partner until the end of the year
  wellarchitected.sharing.wa_shares:
    resources:
      - workload: "*"
        tags:
          tier: "1"
          team: pay*
        shared_with:
          - principal: "111122223333"
            until: "2026-12-31"
            reason: Review of the fourth quarter

- name: Use names for principals
  wellarchitected.sharing.wa_shares:
    principals:
      payments: "111122223333"
      search: "444455556666"
      partners: [payments, search, "777788889999"]
    resources:
      - template: "*"
        exclude: ["*draft*"]
        shared_with: [partners]
      - workload: Payments
        shared_with: [search]
    allowed_principals: [partners]

- name: Revoke the access of an account and of its users and roles to resources of every kind
  wellarchitected.sharing.wa_shares:
    resources:
      - resource: "*"
        state: absent
        account_wide: true
    shared_with:
      - "444455556666"

- name: Plan the shares
  wellarchitected.sharing.wa_shares:
    resources:
      - lens: Platform Standards
        shared_with: ["111122223333"]
  check_mode: true
  register: preview

- name: Share what was approved and nothing else
  wellarchitected.sharing.wa_shares:
    resources:
      - lens: Platform Standards
        shared_with: ["111122223333"]
    approved_plan: "{{ preview.plan }}"
    wait: true
"""

RETURN = r"""
changed:
  description: Whether any share was created, updated, renewed, deleted or accepted.
  returned: always
  type: bool
  sample: true
msg:
  description: What was done, in one line. If the task failed, also what failed, with equal errors grouped.
  returned: always
  type: str
  sample: "Shares: 3 created, 12 unchanged. Checked: 1 account, 1 Region."
errors:
  description: What failed, with equal errors grouped, one string each. Empty if nothing failed.
  returned: always, except when Ansible rejects an option
  type: list
  elements: str
  sample: []
resources:
  description:
    - What was done, by resource, in the order declared.
    - If the task failed, only the resources that changed or failed.
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  contains:
    resource:
      description:
        - The resource, as far as it is known. A workload that only its ID refers to has no ARN and no name here.
      type: dict
      contains:
        kind:
          description: V(workload), V(lens), V(template) or V(profile).
          type: str
          sample: workload
        id:
          description: The ID, which is the last part of the ARN.
          type: str
          sample: 0123456789abcdef0123456789abcdef
        arn:
          description: The ARN.
          type: str
          sample: arn:aws:wellarchitected:eu-west-1:123456789012:workload/0123456789abcdef0123456789abcdef
        name:
          description: The name, if the resource was listed.
          type: str
          sample: Payments
        account_id:
          description: The account that owns it, if that is known without a call.
          type: str
          sample: "123456789012"
        region:
          description: The Region that it is in.
          type: str
          sample: eu-west-1
    shares:
      description: The share of each declared principal, in the order declared, then the deleted shares.
      type: list
      elements: dict
      contains:
        shared_with:
          description: The principal.
          type: str
          sample: "111122223333"
        shared_with_name:
          description: The name of the principal in O(principals), or V(null).
          type: str
          sample: payments
        share_id:
          description: The ID of the share. V(null) in check mode for a share that does not exist yet.
          type: str
          sample: fedcba9876543210fedcba9876543210
        status:
          description:
            - The last status that AWS returned. V(null) for a share that was just created, unless O(wait=true).
          type: str
          sample: ACCEPTED
        status_message:
          description: AWS's explanation of a share that failed, or V(null).
          type: str
        permission_type:
          description: V(READONLY) or V(CONTRIBUTOR) for workloads, V(null) for other kinds.
          type: str
          sample: READONLY
        action:
          description: V(created), V(updated), V(renewed), V(deleted) or V(unchanged).
          type: str
          sample: created
        until:
          description: The declared end of the access, or V(null).
          type: str
          sample: "2026-12-31"
        ended:
          description: Whether the access has ended, which is why the share was deleted.
          type: bool
          sample: false
        reason:
          description: The declared reason for the access, or V(null).
          type: str
          sample: Review of the third quarter
    changed:
      description: Whether any share of the resource was changed.
      type: bool
      sample: true
    error:
      description: What failed, why, and what was not done. Only present if the resource failed.
      type: str
summary:
  description: The number of shares by action, of shares accepted in O(accept_in), and of resources that failed.
  returned: always, except when the input is invalid or nothing could be read
  type: dict
  sample:
    created: 3
    updated: 0
    renewed: 0
    deleted: 0
    accepted: 3
    unchanged: 12
    failed: 0
plan:
  description: Every change, as planned before the first was made. It is the same in check mode and in the run.
  returned: always, except when the input is invalid for another reason than a guardrail
  type: list
  elements: dict
  contains:
    account_id:
      description: The account that owns the resource, if it is known, or V(null).
      type: str
    region:
      description: The Region of the resource.
      type: str
    kind:
      description: V(workload), V(lens), V(template) or V(profile).
      type: str
    id:
      description: The ID of the resource.
      type: str
    name:
      description: The name of the resource, if it is known, or V(null).
      type: str
    shared_with:
      description: The principal.
      type: str
    permission_type:
      description: The permission after the change. Of a share to be deleted, its permission.
      type: str
    action:
      description: V(created), V(updated), V(renewed) or V(deleted).
      type: str
  sample:
    - account_id: "123456789012"
      region: eu-west-1
      kind: workload
      id: 0123456789abcdef0123456789abcdef
      name: Payments
      shared_with: "111122223333"
      permission_type: READONLY
      action: created
plan_sha256:
  description: The SHA-256 of the plan, to refer to it in a ticket. It does not depend on the order of the changes.
  returned: when RV(plan) is returned
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
places:
  description: The accounts and Regions of the task, in the order of O(accounts) and O(regions).
  returned: always, except when the input is invalid or nothing could be read
  type: list
  elements: dict
  contains:
    account_id:
      description: The account ID. V(null) for the calling account if O(accounts) is not given.
      type: str
      sample: "123456789012"
    region:
      description: The Region.
      type: str
      sample: eu-west-1
    name:
      description: The name in O(accounts), or V(null).
      type: str
      sample: team-payments
    error:
      description: Why the account and Region could not be read. Only present if so.
      type: str
    skipped:
      description: Why the account and Region was skipped. Only present if so.
      type: str
      sample: The account has not enabled the Region.
recipients:
  description: The accounts and Regions of O(accept_in) that were called.
  returned: when O(accept_in) is given, except when the input is invalid
  type: list
  elements: dict
  contains:
    account_id:
      description: The account ID.
      type: str
      sample: "111122223333"
    region:
      description: The Region.
      type: str
      sample: eu-west-1
    name:
      description: The name in O(accept_in), or V(null).
      type: str
      sample: team-payments
    accepted:
      description: The number of invitations accepted.
      type: int
      sample: 3
    error:
      description: What failed. Only present if so.
      type: str
diff:
  description: The shares before and after of each changed resource, one line each.
  returned: always, except when the input is invalid for another reason than a guardrail
  type: list
  elements: dict
  sample:
    - before_header: shares of workload 'Payments' (0123456789abcdef0123456789abcdef)
      before: ""
      after_header: shares of workload 'Payments' (0123456789abcdef0123456789abcdef)
      after: "111122223333 READONLY new\n"
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils import _options, _results
from ..module_utils._declaration import Defaults, parse_entries
from ..module_utils._guardrails import parse_guardrails
from ..module_utils._sharing import Shared, share


def main() -> None:
    module = AnsibleAWSModule(argument_spec=_options.SHARES, supports_check_mode=True)
    params = module.params
    with _results.reporting_errors(module):
        task = _options.open_task(module)
        recipients = () if params["accept_in"] is None else task.parse_accounts("accept_in", params["accept_in"])
        guardrails = parse_guardrails(params, task.names, task.errors)
        defaults = Defaults(
            task.names,
            params["shared_with"],
            params["permission_type"],
            params["purge_shares"],
            frozenset(params["renew"]),
        )
        entries = parse_entries(params["resources"], defaults, task.scope, task.errors)
        runner = task.start(recipients)
        shared = share(
            runner,
            entries,
            defaults,
            guardrails,
            check_mode=module.check_mode,
            wait=params["wait"],
            wait_timeout=params["wait_timeout"],
            accept_in=recipients,
        )
    if not params["resources"]:
        _results.warn_all(["resources is empty: no resource is declared, so nothing was done."])
    name_place = task.scope.has_many
    failed = [
        *_results.fail_places(shared.results),
        *_results.fail_resources(shared.runs, name_place),
        *_results.fail_recipients(shared.recipients),
    ]
    result: dict[str, Any] = {
        **shared.as_result(name_place),
        "resources": [_results.format_run(run, defaults.now) for run in shared.runs],
        "summary": _results.summarize_runs(shared.runs),
        "places": [one.as_result() for one in shared.results],
    }
    if params["accept_in"] is not None:
        result["recipients"] = [one.as_result() for one in shared.recipients]
    _results.exit_module(module, result, _describe(shared, result["summary"]), failed)


def _describe(shared: Shared, summary: dict[str, int]) -> str:
    """What was done, in one line."""
    heads = (
        _results.describe_failed(_results.fail_places(shared.results), len(shared.results), _results.PLACE),
        _results.describe_failed(_results.fail_resources(shared.runs, False), len(shared.runs), "resource"),
        _results.describe_failed(_results.fail_recipients(shared.recipients), len(shared.recipients), "recipient"),
    )
    counts = {**summary, "failed": 0, "not done": sum(len(run.not_done) for run in shared.runs)}
    done = _results.describe_counts(counts, "Shares", "No shares were changed.")
    skipped = _results.describe_skipped([*shared.results, *shared.recipients])
    return f"{''.join(heads)}{done}{_results.describe_scope(shared.results)}{skipped}"


if __name__ == "__main__":
    main()
