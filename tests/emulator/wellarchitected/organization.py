# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What moto's Organizations knows of an account. Nothing is created by asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moto.organizations.models import OrganizationsBackend


def _organization_backend(account_id: str, partition: str) -> OrganizationsBackend | None:
    from moto.organizations.models import organizations_backends

    management, partition = organizations_backends.master_accounts.get(account_id, (account_id, partition))
    if management not in organizations_backends:
        return None
    return organizations_backends[management].get(partition)


def organization_arn(account_id: str, partition: str) -> str | None:
    """ARN of the organization that the account is in, or None."""
    backend = _organization_backend(account_id, partition)
    return backend.org.arn if backend and backend.org else None


def organization_id(account_id: str, partition: str) -> str | None:
    """ID of the organization that the account is in, or None."""
    backend = _organization_backend(account_id, partition)
    return backend.org.id if backend and backend.org else None


def ou_ids(account_id: str, partition: str) -> set[str]:
    """IDs of the OUs that the account is in, at any depth."""
    backend = _organization_backend(account_id, partition)
    if not backend or not backend.org:
        return set()
    parents = {unit.id: unit.parent_id for unit in backend.ou}
    unit = next((account.parent_id for account in backend.accounts if account.id == account_id), None)
    found: set[str] = set()
    while unit in parents and unit not in found:
        found.add(unit)
        unit = parents[unit]
    return found
