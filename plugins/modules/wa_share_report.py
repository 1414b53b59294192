#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: this runs as an action plugin on the control node.

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_share_report
short_description: Report on one page who has access to AWS Well-Architected resources
version_added: 1.0.0
description:
  - Writes a report on what one or many owners share. The report is a self-contained HTML page, and the same data as
    CSV and as JSON. What needs attention comes first.
  - Makes no AWS API calls. Pass what M(wellarchitected.sharing.wa_share_info) or
    M(wellarchitected.sharing.wa_share_drift_info) returned.
  - The files change only when their data or their mode change.
  - The role P(wellarchitected.sharing.wa_share_report#role) lists the shares of every host of a play and reports on
    them.
options:
  owners:
    description: The owners and what they share. One of O(owners) and O(reports) is required.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the owner. It is also the name of its account, unless O(principals) or the places have one.
          - Where the resources are of several accounts, each account has its name in the places, in O(known_accounts)
            or in O(principals), and else its ID.
        type: str
        required: true
      resources:
        description:
          - The return value RV(wellarchitected.sharing.wa_share_info#module:resources), or that of
            M(wellarchitected.sharing.wa_share_drift_info).
          - Without it, the owner counts as not read. Where this is so for all owners, page, CSV and JSON stay as they
            are.
        type: list
        elements: dict
      places:
        description:
          - The return value C(places) of the same module. The report names what could not be read, and what was
            skipped.
        type: list
        elements: dict
        default: []
      error:
        description: The reason why the owner, or a part of it, could not be listed.
        type: str
  reports:
    description:
      - Other reports, to have all their rows on one page, for example those of several customers.
      - The report names those that cannot be read, and shows the others.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name to show before the names of that report's owners.
        type: str
        required: true
      path:
        description: The JSON file of that report.
        type: path
        required: true
  not_read:
    description: The names of owners that were not listed. The report shows them, and what it knew of them is kept.
    type: list
    elements: str
    default: []
  path:
    description:
      - The HTML page to write on the control node. A relative path starts at the working directory. The folder must
        exist.
      - No file of the report may be a symbolic link.
    type: path
    required: true
  csv_path:
    description:
      - The CSV file to write, with one line for each share. The default is the path of the page with C(.csv).
      - What a spreadsheet would take for a formula gets an apostrophe in front.
    type: path
  json_path:
    description:
      - The JSON file to write. The default is the path of the page with C(.json).
      - AWS returns no date of a share. Each report reads the JSON file that it replaces, to know when a share was
        first seen, for how long an invitation has been pending, and what changed. If the file is lost, all of this
        starts again with the next report - keep the file from run to run.
    type: path
  previous_json_path:
    description: The JSON file of an earlier report to compare with. The default is the one that is replaced.
    type: path
  evidence_path:
    description:
      - A JSON file that every run writes, whatever it finds, and that says what was checked when by whom.
      - It has C(checked_at), C(caller), C(versions), C(job_id), C(revision), C(verdict), C(counts), the accounts and
        Regions that were C(read), C(skipped) and C(failed), the SHA-256 of the report's C(files), and
        C(declaration_sha256).
      - The verdict is C(incomplete) where something could not be read, else C(drift) or C(in_desired_state), or
        C(not_compared) without O(evidence.drift).
      - A task that writes it is changed. Nothing is written in check mode.
    type: path
  evidence:
    description: What goes into O(evidence_path) beside the report's own data.
    type: dict
    suboptions:
      account_id:
        description: The calling account.
        type: str
      arn:
        description: The ARN of the caller.
        type: str
      job_id:
        description: The job in automation controller.
        type: str
      revision:
        description: The revision of the project in automation controller.
        type: str
      drift:
        description: The return value C(drift) of M(wellarchitected.sharing.wa_share_drift_info).
        type: list
        elements: dict
      undeclared:
        description: The return value C(undeclared) of M(wellarchitected.sharing.wa_share_drift_info).
        type: list
        elements: dict
      declaration:
        description:
          - What was declared, in any form. Only its SHA-256 is written, of the JSON with sorted keys, without white
            space, in ASCII.
        type: raw
  mode:
    description:
      - The permissions of the files, as octal digits in quotes such as V('0640').
      - Only the user who runs Ansible can read them by default, since they show who has access to what.
    type: str
    default: '0600'
  title:
    description: The title of the page.
    type: str
    default: AWS Well-Architected shares
  known_accounts:
    description: Names for accounts that O(principals) does not name, such as those of the inventory.
    type: list
    elements: dict
    default: []
    suboptions:
      account_id:
        description: The account ID.
        type: str
        required: true
      name:
        description: The name of the account.
        type: str
  allowed_principals:
    description:
      - The principals that may have access. An active share with another principal is critical. An empty list allows
        none. Without a list, all are allowed.
      - An account allows its users and roles. An organization or organizational unit allows only itself. ARNs may be
        of any partition.
    type: list
    elements: str
  organization:
    description:
      - The principals that make up the organization - its accounts and, if known, its ID. An active share with another
        principal is critical.
      - With the organization's ID, its organizational units belong to it where they are listed by ARN, and every other
        organization is outside. Without the ID, organizations and organizational units are not judged.
    type: list
    elements: str
  pending_days:
    description: The number of days after which a pending invitation needs attention.
    type: float
    default: 3.0
  declared:
    description:
      - Pass the return value C(declared) of M(wellarchitected.sharing.wa_share_drift_info). It has one row for each
        principal on each resource, also where access has ended.
      - The report shows when access ends and why it was given, and finds what differs. Active shares after their end
        are critical. Active shares that are not declared, declared shares that do not exist, and other permissions are
        warnings. An end within 14 days is a note.
      - An empty list declares nothing. Without a list, no share is judged by it. Use it where O(owners) has everything
        that they share, without filters. What could not be read is not judged.
    type: list
    elements: dict
    suboptions:
      kind:
        description: The kind of the resource.
        type: str
        required: true
        choices: [workload, lens, template, profile]
      arn:
        description:
          - The ARN of the resource. One of O(declared[].arn), O(declared[].id) and O(declared[].name) is required.
        type: str
      id:
        description: The ID of the resource.
        type: str
      name:
        description: The exact name of the resource.
        type: str
      account_id:
        description: The account that owns the resource. The default is any.
        type: str
      region:
        description: The Region of the resource. The default is any.
        type: str
      shared_with:
        description: The principal, as an ID or ARN.
        type: str
        required: true
      permission_type:
        description: The permission. The default is any.
        type: str
      until:
        description: When access ends. A date is the end of that day in UTC. A time needs its zone.
        type: raw
      reason:
        description: Why access was given.
        type: str
      where:
        description:
          - The path in the declaration, such as V(resources[3].shared_with[1]). The default is that of the row.
        type: str
extends_documentation_fragment:
  - wellarchitected.sharing._principals
attributes:
  action:
    description:
      - Indicates this has a corresponding action plugin so some parts of the options can be executed on the
        controller.
    support: full
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
  diff_mode:
    description: Returns details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    support: partial
    details: Shows the lines of the CSV file, unless it is large. For the other files it shows that they change.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the system controlled or queried by the module has not changed in a relevant way.
    support: partial
    details:
      - The age of a pending invitation changes every day. With O(evidence_path), every run is changed.
notes:
  - Runs on the control node, whatever the host, and needs no connection to it. Use C(run_once) where a play has
    several hosts.
  - Does not belong to the action group C(wa), since it takes no credentials and no Region.
seealso:
  - module: wellarchitected.sharing.wa_share_info
  - module: wellarchitected.sharing.wa_share_drift_info
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# Note: These examples do not set authentication details, see the AWS Guide for details.

- name: List what this account shares
  wellarchitected.sharing.wa_share_info:
    regions: eu-west-1
  register: shared

- name: Report on it in wa-shares.html, wa-shares.csv and wa-shares.json
  wellarchitected.sharing.wa_share_report:
    path: wa-shares.html
    owners:
      - name: platform
        resources: "{{ shared.resources }}"
        places: "{{ shared.places }}"
    allowed_principals:
      - "111122223333"
      - "444455556666"
  register: report

- name: Show what needs attention now
  ansible.builtin.debug:
    msg: "{{ report.attention | selectattr('level', 'eq', 'critical') }}"

- name: Show all customers on one page, from the JSON files of their reports
  wellarchitected.sharing.wa_share_report:
    path: customers.html
    reports:
      - name: Example Corp
        path: reports/example-corp.json
      - name: Example Ltd
        path: reports/example-ltd.json
"""

RETURN = r"""
path:
  description: The absolute path of the page.
  returned: success
  type: str
  sample: /srv/reports/wa-shares.html
csv_path:
  description: The absolute path of the CSV file.
  returned: success
  type: str
  sample: /srv/reports/wa-shares.csv
json_path:
  description: The absolute path of the JSON file.
  returned: success
  type: str
  sample: /srv/reports/wa-shares.json
evidence_path:
  description: The absolute path of the evidence file.
  returned: when O(evidence_path) is given
  type: str
  sample: /srv/reports/evidence.json
counts:
  description:
    - Counts of what is in the report. C(unshared) are resources without a share, C(missing) declared shares that do
      not exist, C(attention) the shares that need attention, missing ones included, C(statuses) the shares by status.
  returned: success
  type: dict
  sample:
    resources: 4
    unshared: 1
    principals: 3
    shares: 12
    active: 10
    inactive: 2
    missing: 0
    attention: 2
    statuses: {"PENDING": 2, "ACCEPTED": 8, "EXPIRED": 2}
not_read:
  description: The accounts and Regions, owners and resources that could not be read.
  returned: success
  type: list
  elements: dict
  sample:
    - name: payments
      account_id: "111122223333"
      regions: [eu-west-1]
      why: "Failed to assume the role: AccessDenied"
attention:
  description: What needs attention, the most urgent first.
  returned: success
  type: list
  elements: dict
  contains:
    reason:
      description: The reason, in one word.
      type: str
      sample: expired
    level:
      description: V(critical), V(warning), or V(note), which is not counted.
      type: str
      sample: warning
    label:
      description: The reason, for people.
      type: str
      sample: Expired
    advice:
      description: What to do.
      type: str
      sample: Not accepted within 7 days. Share again.
    shares:
      description:
        - The shares that the reason applies to, as the CSV file has them. Strings are empty where a value is not
          known. What is declared and not shared has no status and no share ID.
      type: list
      elements: dict
      sample:
        - owner: payments
          account_id: "123456789012"
          region: eu-west-1
          kind: workload
          resource_name: Checkout
          resource_id: 0123456789abcdef0123456789abcdef
          resource_arn: arn:aws:wellarchitected:eu-west-1:123456789012:workload/0123456789abcdef0123456789abcdef
          shared_with: "111122223333"
          principal: "111122223333"
          principal_kind: account
          principal_account_id: "111122223333"
          principal_name: Reviews
          permission_type: READONLY
          status: EXPIRED
          state: inactive
          status_message: ""
          first_seen: "2026-01-31T23:59:59Z"
          pending_age: ""
          until: "2026-12-31"
          reason: Review of the fourth quarter
          attention: [expired]
          declared: ["resources[0].shared_with[1]"]
          share_id: fedcba9876543210fedcba9876543210
changes:
  description: What changed since earlier reports, the newest first.
  returned: success
  type: list
  elements: dict
  contains:
    since:
      description: The time of the earlier report, in UTC.
      type: str
      sample: "2026-01-31T23:59:59Z"
    at:
      description: The time of the report that found the change, in UTC.
      type: str
      sample: "2026-02-01T23:59:59Z"
    counts:
      description: The number of changes of each kind.
      type: dict
      sample: {"added": 3, "accepted": 12}
    rows:
      description:
        - The first 200 changes. Each has what RV(attention[].shares) has, and C(change), C(permission_type_before) and
          C(status_before). The latter two are empty for what was added or is gone.
        - C(change) is V(added), V(gone), V(permission) for another permission, V(renewed) for another share with the
          same principal, V(accepted), or V(status) for another change of the status.
      type: list
      elements: dict
"""
