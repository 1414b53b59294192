#!/usr/bin/python
# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This is the documentation of the action plugin of the same name, which runs on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: wa_share_report
short_description: Report on one page what is shared with whom
version_added: 1.0.0
description:
  - Writes a report on what one or many owners share - an HTML page that needs nothing but itself, and the same data as
    CSV and as JSON. What needs attention comes first.
  - Asks AWS nothing. What is shared is given, as M(wellarchitected.sharing.wa_share_info) returned it.
  - The files change only when what they say changes, or their mode.
  - The role P(wellarchitected.sharing.wa_share_report#role) lists what every host of a play shares, and reports on
    all.
options:
  owners:
    description: The owners, and what they share.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - What to call this owner. Its account goes by this too, where O(principals) has no name for it.
          - Where O(owners[].resources) and O(owners[].places) are of several accounts, each goes by its name in
            O(owners[].places), or else in O(principals), or else by its ID.
        type: str
        required: true
      resources:
        description:
          - The return value RV(wellarchitected.sharing.wa_share_info#module:resources) of
            M(wellarchitected.sharing.wa_share_info).
          - The report names a resource whose shares could not be listed, and has nothing else of it.
          - A resource is in the account and region that it says itself, or else that its ARN says, or else in the only
            one of O(owners[].places).
        type: list
        elements: dict
        required: true
      places:
        description:
          - The return value C(places) of M(wellarchitected.sharing.wa_share_info), where it listed many accounts and
            regions. One owner may hold all of them.
          - Accounts go by their names here. The report names the places that could not be read, and those that were
            passed over.
        type: list
        elements: dict
        default: []
  not_read:
    description: The owners that could not be asked. The report names them.
    type: list
    elements: str
    default: []
  path:
    description:
      - Where to write the page, on the controller. A relative path starts at the working directory.
      - The folder must exist.
    type: path
    required: true
  csv_path:
    description:
      - Where to write the CSV file, one line for each share. By default beside the page, as C(.csv).
      - Text that a spreadsheet would take for a formula gets an apostrophe in front, since others choose the names.
    type: path
  json_path:
    description:
      - Where to write the JSON file. By default beside the page, as C(.json).
      - AWS tells no date of a share. The report reads its own previous JSON file to tell since when it has been seeing
        one, and for how many days an invitation has been pending.
    type: path
  mode:
    description:
      - The permissions of the three files, as octal digits in quotes such as V('0640').
      - By default only the user who runs Ansible can read who has access to what.
    type: raw
    default: '0600'
  title:
    description: The title of the page.
    type: str
    default: AWS Well-Architected shares
  allowed_principals:
    description:
      - The principals that may have access. A live share with anyone else is critical. An empty list allows nobody; no
        list, everybody.
      - Owners may be of several partitions, so an ARN may be of any.
      - An account allows its users and roles. An organization or organizational unit allows itself only.
    type: list
    elements: str
  organization:
    description:
      - The principals that make up the organization - its accounts and, if its ID is known, its ID. A live share with
        anyone else is critical.
      - With the organization's ID here, its organizational units belong to it where they are listed by ARN, and every
        other organization is outside. Without, organizations and organizational units are not judged.
    type: list
    elements: str
  pending_days:
    description: After how many days an invitation that nobody accepted needs attention.
    type: float
    default: 3.0
  declared:
    description:
      - What should be shared, one entry for each principal on each resource, as a declaration for
        M(wellarchitected.sharing.wa_shares) means it - wildcards resolved, owners left out, and ended access included.
      - The report shows when access ends and why it was given, links each share to what is declared for it, and finds
        what differs. Access that has ended and is still shared is critical. Live shares that nobody declared,
        declared ones that are not shared, and other permissions than declared are warnings. Access that ends within
        14 days is noted.
      - An empty list declares nothing. Without a list, no share is judged by it.
      - Give it where O(owners) have everything that they share. What was left out of them is not shared, for all that
        the report knows. What could not be read is not judged.
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
          - The ARN of the resource. It, O(declared[].id) or O(declared[].name) is needed. The first given counts.
        type: str
      id:
        description: The ID of the resource, in the place that is given.
        type: str
      name:
        description: The exact name of the resource, in the place that is given.
        type: str
      account_id:
        description: The account that owns the resource. Without, any may.
        type: str
      region:
        description: The region of the resource. Without, it may be in any.
        type: str
      shared_with:
        description: The principal, as an ID or ARN.
        type: str
        required: true
      permission_type:
        description: The permission. Without, any is as declared.
        type: str
      until:
        description:
          - When access ends. A date means the end of that day in UTC; a time needs its zone.
          - Where several entries declare one share, the first says this.
        type: raw
      reason:
        description: Why access was given.
        type: str
      where:
        description:
          - The place in what the user wrote, such as V(resources[3].shared_with[1]). The page has one row for each.
          - By default, the position of this entry.
        type: str
  previous_json_path:
    description:
      - An earlier JSON file of a report. The page tells what changed since - shares that were added, that are gone,
        that were accepted, or whose permission changed.
      - By default, the JSON file that is replaced, and the page has a timeline of the last ten reports in which
        anything changed.
      - What cannot be read, or is no such file, is a warning.
    type: path
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
    details:
      - Shows the lines of the CSV file, unless it is large. Of the page and the JSON file it says that they change.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the system controlled or queried by the module has not changed in a relevant way.
    support: partial
    details:
      - The age of an invitation that is pending changes every day, and it comes to need attention by waiting, see
        O(pending_days). Access that is declared to end does so by waiting too.
notes:
  - Runs on the controller, whatever the host, and needs no connection to it. Use C(run_once) where a play has several
    hosts.
  - Does not belong to the action group C(wa), since it takes no credentials and no region.
seealso:
  - module: wellarchitected.sharing.wa_share_info
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# Note: These examples do not set authentication details, see the AWS Guide for details.

- name: List what this account shares
  wellarchitected.sharing.wa_share_info:
  register: shared

- name: Report on it in wa-shares.html, wa-shares.csv and wa-shares.json
  wellarchitected.sharing.wa_share_report:
    path: wa-shares.html
    owners:
      - name: platform
        resources: "{{ shared.resources }}"
    allowed_principals:
      - "111122223333"
      - "444455556666"
  register: report

- name: Show what needs attention now
  ansible.builtin.debug:
    msg: "{{ report.attention | selectattr('level', 'eq', 'critical') }}"
"""

RETURN = r"""
path:
  description: Where the page is, absolute.
  returned: success
  type: str
  sample: /srv/reports/wa-shares.html
csv_path:
  description: Where the CSV file is, absolute.
  returned: success
  type: str
  sample: /srv/reports/wa-shares.csv
json_path:
  description: Where the JSON file is, absolute.
  returned: success
  type: str
  sample: /srv/reports/wa-shares.json
counts:
  description:
    - Counts of what is in the report. C(unshared) are resources without a share, C(missing) shares that are declared,
      but not there, C(attention) the shares that need attention, missing ones included, and C(statuses) the shares by
      status.
  returned: success
  type: dict
  sample:
    resources: 4
    unshared: 1
    principals: 3
    shares: 12
    live: 10
    dead: 2
    missing: 0
    attention: 2
    statuses: {"PENDING": 2, "ACCEPTED": 8, "EXPIRED": 2}
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
      description: V(critical), V(warning), or V(note), which does not count.
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
      description: The shares that the reason applies to. What is declared, but not shared, has no status and no ID.
      type: list
      elements: dict
      contains:
        owner:
          description: The owner.
          type: str
        account_id:
          description: The account ID of the owner. Empty where nobody knows it.
          type: str
        region:
          description: The region of the resource. Empty where nobody knows it.
          type: str
        kind:
          description: The kind of the resource.
          type: str
          sample: workload
        resource:
          description: The name of the resource, or its ID where it has no name here.
          type: str
        principal:
          description: Whom it is shared with.
          type: str
        principal_name:
          description: The name of whom it is shared with, if it has one.
          type: str
        permission_type:
          description: The permission of the share, or the declared one where there is no share. Only of workloads.
          type: str
        status:
          description: The status of the share.
          type: str
        status_message:
          description: Why a share failed, as the service says it.
          type: str
        first_seen:
          description: When a report first saw the share, in UTC.
          type: str
          sample: "2026-01-31T23:59:59Z"
        pending_age:
          description:
            - For how many whole days an invitation has been seen waiting, of those after which it expires. Empty
              before the first has passed, and for other shares.
          type: str
          sample: pending for 5 of 7 days
        share_id:
          description: The ID of the share.
          type: str
        until:
          description: When access ends, as O(declared) says it.
          type: str
        reason:
          description: Why access was given, as O(declared) says it.
          type: str
        declared:
          description: Where it is declared, as O(declared[].where) says it. Empty if it is not.
          type: list
          elements: str
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
      description: The time of the report that saw the change, in UTC.
      type: str
      sample: "2026-02-01T23:59:59Z"
    counts:
      description: How many shares changed, by what became of them, see C(change).
      type: dict
      sample: {"added": 3, "accepted": 12}
    rows:
      description: The first 200 of them.
      type: list
      elements: dict
      contains:
        change:
          description:
            - V(added), V(gone), V(permission) for another permission, V(renewed) for another share of the same,
              V(accepted), or V(status) for another change of the status.
          type: str
        owner:
          description: The owner.
          type: str
        account_id:
          description: The account ID of the owner. Empty where nobody knows it.
          type: str
        region:
          description: The region of the resource. Empty where nobody knows it.
          type: str
        kind:
          description: The kind of the resource.
          type: str
        resource:
          description: The name of the resource, or its ID where it has no name here.
          type: str
        principal:
          description: Whom it is shared with.
          type: str
        principal_name:
          description: The name of whom it is shared with, if it has one.
          type: str
        permission_type:
          description: The permission. Only of workloads.
          type: str
        permission_type_before:
          description: The permission before. Empty for what was added or is gone.
          type: str
        status:
          description: The status of the share, the last one where it is gone.
          type: str
        status_before:
          description: The status before. Empty for what was added or is gone.
          type: str
        share_id:
          description: The ID of the share.
          type: str
"""
