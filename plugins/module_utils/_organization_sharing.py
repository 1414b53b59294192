# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Organization sharing on or off: the whole of wa_organization_sharing."""

from __future__ import annotations

from typing import NoReturn

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.wellarchitected.sharing.plugins.module_utils._modules import fail_for
from ansible_collections.wellarchitected.sharing.plugins.module_utils._service import ServiceError, WellArchitected


def set_organization_sharing() -> NoReturn:
    """The ``main`` of wa_organization_sharing."""
    module = AnsibleAWSModule(
        argument_spec={"state": {"type": "str", "choices": ["enabled", "disabled"], "default": "enabled"}},
        supports_check_mode=True,
    )
    wanted = module.params["state"].upper()
    try:
        service = WellArchitected(module)
        before = service.organization_sharing()
        if before != wanted and not module.check_mode:
            service.set_organization_sharing(wanted)
    except ServiceError as error:
        fail_for(module, error)
    module.exit_json(
        changed=before != wanted,
        organization_sharing_status=wanted,
        diff={"before": f"organization sharing: {before}\n", "after": f"organization sharing: {wanted}\n"},
    )
