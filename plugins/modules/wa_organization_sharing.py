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
  - Sets whether the AWS Well-Architected Tool may share resources with the organization and its organizational units.
  - Accounts of the same organization then need no invitation either.
  - No other global setting is touched.
options:
  state:
    description: Whether organization sharing is to be enabled.
    type: str
    choices: [enabled, disabled]
    required: true
  regions:
    description:
      - The regions to set it in. By default, the region of the client. What fails in one leaves the others to finish.
      - V(all) means every region of the partition that has the service, as far as botocore knows them. Those that the
        account has not enabled are passed over, and named in RV(places).
    type: list
    elements: str
extends_documentation_fragment:
  - wellarchitected.sharing._attributes.changes
  - wellarchitected.sharing._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - Use the credentials of the organization's management account.
  - AWS does not say whether the setting is the account's or the region's. It is set in each region asked for, so name
    every region that is used.
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# Note: These examples do not set authentication details, see the AWS Guide for details.

- name: Allow sharing with the organization and its organizational units
  wellarchitected.sharing.wa_organization_sharing:
    state: enabled

- name: Allow it in both regions that are used
  wellarchitected.sharing.wa_organization_sharing:
    state: enabled
    regions:
      - eu-west-1
      - us-east-1
"""

RETURN = r"""
changed:
  description: Whether the setting was changed, in any region.
  returned: always
  type: bool
  sample: true
organization_sharing_status:
  description: The setting as it is now, or in check mode would be.
  returned: success
  type: str
  sample: ENABLED
places:
  description: The regions, in the order given. Also returned if some of several failed.
  returned: success
  type: list
  elements: dict
  contains:
    account_id:
      description: Always none, which is the account of the credentials.
      type: str
    region:
      description: The region.
      type: str
    name:
      description: Always none.
      type: str
    organization_sharing_status:
      description: The setting there, as it is now or in check mode would be. None where it could not be read.
      type: str
    error:
      description: What failed there, and why. Only there if something did.
      type: str
    skipped:
      description: Why it was not set there. Only there with V(all) among O(regions), for a region that the account has
        not enabled.
      type: str
  sample:
    - account_id:
      region: eu-west-1
      name:
      organization_sharing_status: ENABLED
diff:
  description: The setting before and after. A line for each region, which names it where there are several.
  returned: success
  type: dict
  sample: {"before": "organization sharing: DISABLED\n", "after": "organization sharing: ENABLED\n"}
"""

from ..module_utils._modules import organization_sharing


def main() -> None:
    organization_sharing.main()


if __name__ == "__main__":
    main()
