# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service's errors. moto takes status and members (ResourceId, QuotaCode …) of each from botocore's model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from moto.core.exceptions import ServiceException

#: operations whose ValidationException was recorded with all members of the error as JSON in its message:
#: turbot/steampipe-plugin-aws, aws/table_aws_wellarchitected_lens_share.go
ERRORS_IN_THE_MESSAGE = frozenset({"ListLensShares"})
QUOTA_CODES = {"WORKLOAD": "L-7E98904D", "LENS": "L-E62A1DE4", "TEMPLATE": "L-A5DDC022"}


class WellArchitectedException(ServiceException):
    """Base of all errors that the service answers with."""


class ValidationException(WellArchitectedException):
    """400. `fields` is a sequence of (member name, what is wrong with it)."""

    code = "ValidationException"

    def __init__(self, message: str, reason: str = "OTHER", fields: Sequence[tuple[str, str]] = ()):
        super().__init__(f"[Validation] {message}")
        self.reason: str | None = "FIELD_VALIDATION_FAILED" if fields else reason
        self.fields = [{"Name": name, "Message": problem} for name, problem in fields] or None


class MaxResultsRefused(ValidationException):
    """A MaxResults that is out of the list's range, in the words that were recorded."""

    def __init__(self, operation: str, largest: int):
        problem = f"MaxResults must be between 1 and {largest}."
        super().__init__(problem, fields=[("MaxResults", problem)])
        if operation in ERRORS_IN_THE_MESSAGE:
            # It was not recorded whether the answer had Reason and Fields as well: they are left out.
            members = {"reason": self.reason, "message": self.message, "fields": _compact(self.fields)}
            self.message = f"[Validation] {_compact(members)}"
            self.reason = self.fields = None


def _compact(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"))


class ResourceException(WellArchitectedException):
    """Base of the errors that name the resource they are about."""

    def __init__(self, message: str, resource_id: str, resource_type: str):
        super().__init__(message)
        self.resource_id = resource_id
        self.resource_type = resource_type


class ResourceNotFoundException(ResourceException):
    code = "ResourceNotFoundException"

    def __init__(self, resource_id: str, resource_type: str):
        word = resource_type.lower().replace("_", " ")
        super().__init__(f"[ResourceNotFound] No {word} with ID {resource_id}", resource_id, resource_type)


class ConflictException(ResourceException):
    code = "ConflictException"


class ServiceQuotaExceededException(ResourceException):
    """402. Quota codes by the General Reference, which has none for profiles: theirs is a placeholder."""

    code = "ServiceQuotaExceededException"

    def __init__(self, message: str, resource_id: str, resource_type: str):
        super().__init__(message, resource_id, resource_type)
        self.quota_code = QUOTA_CODES.get(resource_type, f"{resource_type}_SHARES")
        self.service_code = "wellarchitected"


class AccessDeniedException(WellArchitectedException):
    code = "AccessDeniedException"
