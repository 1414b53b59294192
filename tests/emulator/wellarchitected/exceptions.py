# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service's errors. moto takes status and members (ResourceId, QuotaCode …) of each from botocore's model."""

from __future__ import annotations

from collections.abc import Sequence

from moto.core.exceptions import ServiceException


class WellArchitectedException(ServiceException):
    """Base of all errors that the service answers with."""


class ValidationException(WellArchitectedException):
    """400. `fields` is a sequence of (member name, what is wrong with it)."""

    code = "ValidationException"

    def __init__(self, message: str, reason: str = "OTHER", fields: Sequence[tuple[str, str]] = ()):
        super().__init__(message)
        self.reason = "FIELD_VALIDATION_FAILED" if fields else reason
        self.fields = [{"Name": name, "Message": problem} for name, problem in fields] or None


class ResourceException(WellArchitectedException):
    """Base of the errors that name the resource they are about."""

    def __init__(self, message: str, resource_id: str, resource_type: str):
        super().__init__(message)
        self.resource_id = resource_id
        self.resource_type = resource_type


class ResourceNotFoundException(ResourceException):
    code = "ResourceNotFoundException"

    def __init__(self, resource_id: str, resource_type: str):
        super().__init__(f"The {resource_type} {resource_id} was not found.", resource_id, resource_type)


class ConflictException(ResourceException):
    code = "ConflictException"


class ServiceQuotaExceededException(ResourceException):
    """402. The quota code is a placeholder: AWS publishes none for shares."""

    code = "ServiceQuotaExceededException"

    def __init__(self, message: str, resource_id: str, resource_type: str):
        super().__init__(message, resource_id, resource_type)
        self.quota_code = f"{resource_type}_SHARES"
        self.service_code = "wellarchitected"


class AccessDeniedException(WellArchitectedException):
    code = "AccessDeniedException"
