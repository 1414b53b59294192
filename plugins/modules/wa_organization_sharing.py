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
extends_documentation_fragment:
  - wellarchitected.sharing._attributes.changes
  - wellarchitected.sharing._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - Use the credentials of the organization's management account.
  - AWS does not say whether the setting is the account's or the region's. It is set in the region of the task. Run the
    task in each region that is used.
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
# Note: These examples do not set authentication details, see the AWS Guide for details.

- name: Allow sharing with the organization and its organizational units
  wellarchitected.sharing.wa_organization_sharing:
    state: enabled
"""

RETURN = r"""
changed:
  description: Whether the setting was changed.
  returned: always
  type: bool
  sample: true
organization_sharing_status:
  description: The setting as it is now, or in check mode would be.
  returned: success
  type: str
  sample: ENABLED
diff:
  description: The setting before and after.
  returned: success
  type: dict
  sample: {"before": "organization sharing: DISABLED\n", "after": "organization sharing: ENABLED\n"}
"""

from ..module_utils._modules import organization_sharing


def main() -> None:
    organization_sharing.main()


if __name__ == "__main__":
    main()
