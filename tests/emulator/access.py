# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who calls, and whether their policies allow it, where the setting `iam_enforced` is on.

Users, roles, keys and policies are those of moto's IAM and STS, and moto checks the signature. Policies are evaluated
here: moto's own evaluation passes over conditions that it does not know, and looks for a role in the caller's account
only. What is not known here raises NotImplementedError, which the front answers with 501.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from moto.iam.access_control import IAMPolicy, IAMRequest
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

from .answers import XML_SERVICES, Answer, error_answer
from .calls import Call
from .service import models

LINKED_SERVICE = "wellarchitected.amazonaws.com"
LINKED_PATH = f"/aws-service-role/{LINKED_SERVICE}/"
LINKED_ROLE = "AWSServiceRoleForWellArchitected"
#: keys that nothing here made are of one of these where their ID ends so
OTHER_PARTITIONS = ("aws-us-gov", "aws-cn")
#: need no permission, by the Service Authorization Reference
FREE = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})
#: the condition keys that are evaluated; one that a call has no value for is never met
KEYS = frozenset(
    {
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:PrincipalOrgID",
        "aws:RequestedRegion",
        "aws:ResourceAccount",
        "aws:ResourceOrgID",
        "iam:AWSServiceName",
        "sts:ExternalId",
    }
)


class Decision(Enum):
    """What policies say of a call."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNMENTIONED = "unmentioned"


@dataclass(frozen=True)
class Caller:
    """Whose keys a call is made with: `arn` as messages have it, `principal` the user or role that policies mean."""

    account: str
    partition: str
    arn: str
    principal: str
    policies: tuple[str, ...]
    """Policy documents, as JSON."""


@dataclass(frozen=True)
class Asked:
    """What IAM is asked about a call: `keys` are the condition keys that have a value."""

    action: str
    resource: str
    keys: Mapping[str, str]


class Refused(Exception):
    """The call is not made: the error code of JSON services and of XML services, and the message."""

    def __init__(self, json_code: str, xml_code: str, message: str):
        super().__init__(message)
        self.json_code, self.xml_code, self.message = json_code, xml_code, message

    def answer(self, service: str) -> Answer:
        code = self.xml_code if service in XML_SERVICES else self.json_code
        return error_answer(service, code, 403, self.message)


class _Request(IAMRequest):
    """moto's request, with the errors of AWS's JSON services."""

    @property
    def key(self) -> Any:
        return self._access_key

    def _raise_invalid_access_key(self, _reason: str) -> None:
        message = "The security token included in the request is invalid."
        raise Refused("UnrecognizedClientException", "InvalidClientTokenId", message)

    def _raise_signature_does_not_match(self) -> None:
        message = (
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details."
        )
        raise Refused("InvalidSignatureException", "SignatureDoesNotMatch", message)


def refusal(call: Call, environ: Mapping[str, Any], body: bytes) -> Answer | None:
    """What IAM answers in the service's place, or None where the call is allowed.

    Raises NotImplementedError where a policy has what is not evaluated here.
    """
    try:
        caller = _caller(call, environ, body)
        if call.operation and f"{call.service}:{call.operation}" not in FREE:
            with models.lock:
                _authorize(caller, call)
    except Refused as refused:
        return refused.answer(call.service)
    return None


# Who calls


def _caller(call: Call, environ: Mapping[str, Any], body: bytes) -> Caller:
    """Raises Refused where the key is unknown or the signature is not the key's."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    if "Credential=" not in headers.get("Authorization", ""):
        raise Refused(
            "MissingAuthenticationTokenException", "MissingAuthenticationToken", "Missing Authentication Token"
        )
    path = environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ["PATH_INFO"]
    request = _Request(
        account_id=call.account,
        method=environ["REQUEST_METHOD"],
        path=path,
        data={},
        body=body,
        headers=headers,
        action=call.operation or "",
    )
    request.check_signature()
    partition = get_partition(call.region)
    session = sts_backends[call.account][partition].get_assumed_role_from_access_key(_key_id(headers))
    return Caller(
        call.account,
        partition,
        request.key.arn,
        session.role_arn if session else request.key.arn,
        tuple(_documents(request.key.collect_policies)),
    )


def principal_arn(call: Call) -> str:
    """The user, role or account that the call's keys are of."""
    partition = get_partition(call.region)
    session = sts_backends[call.account][partition].get_assumed_role_from_access_key(call.key)
    if session:
        return str(session.role_arn)
    backend = iam_backends.get(call.account, {}).get(partition)
    key = backend.access_keys.get(call.key) if backend else None
    return f"arn:{partition}:iam::{call.account}:{f'user/{key.user_name}' if key else 'root'}"


def partition_of(call: Call) -> str:
    """The partition of keys that are no role's session: of IAM's user, or as their ID ends, else `aws`."""
    backends = iam_backends.get(call.account, {})
    for partition in OTHER_PARTITIONS:
        if call.key.endswith(partition) or (partition in backends and call.key in backends[partition].access_keys):
            return partition
    return "aws"


def _key_id(headers: Mapping[str, str]) -> str:
    return headers["Authorization"].partition("Credential=")[2].partition("/")[0]


def _documents(collect: Callable[[], Iterable[Any]]) -> Iterable[str]:
    """The identity's policies as JSON. A session of a role that does not exist in IAM has none."""
    try:
        policies = list(collect())
    except NotFoundException:
        return
    for policy in policies:
        yield json.dumps(IAMPolicy(policy)._policy_json)


# What is allowed


def _authorize(caller: Caller, call: Call) -> None:
    """Raises Refused, with AWS's words, where the caller may not make the call."""
    asked = Asked(f"{call.service}:{call.operation}", _resource(call, caller), _keys(caller, call))
    if asked.action == "sts:AssumeRole":
        _authorize_role(caller, asked)
        return
    _require(caller, asked)
    if call.operation == "UpdateGlobalSettings" and call.params.get("OrganizationSharingStatus") == "ENABLED":
        _make_service_linked_role(caller)


def _require(caller: Caller, asked: Asked) -> None:
    decision = _decide((_statements(document) for document in caller.policies), asked)
    if decision is not Decision.ALLOWED:
        why = f" because no identity-based policy allows the {asked.action} action"
        raise _denied(caller, asked, _EXPLICITLY if decision is Decision.DENIED else why)


_EXPLICITLY = " with an explicit deny in an identity-based policy"


def _denied(caller: Caller, asked: Asked, why: str) -> Refused:
    message = f"User: {caller.arn} is not authorized to perform: {asked.action} on resource: {asked.resource}{why}"
    return Refused("AccessDeniedException", "AccessDenied", message)


def _authorize_role(caller: Caller, asked: Asked) -> None:
    """The caller's policies and the role's trust policy must both allow it; a role that is not there allows nothing.

    AWS lets a trust policy that names a user or role of its own account do without the caller's policies.
    """
    decision = _decide((_statements(document) for document in caller.policies), asked)
    role = _role(asked.resource)
    trust = Decision.UNMENTIONED
    if role is not None:
        statements = [
            statement
            for statement in _statements(role.assume_role_policy_document)
            if _is_principal(statement.get("Principal", {}), caller)
        ]
        trust = _decide([statements], asked, of_resource=True)
    if decision is not Decision.ALLOWED or trust is not Decision.ALLOWED:
        raise _denied(caller, asked, _EXPLICITLY if decision is Decision.DENIED else "")


def _make_service_linked_role(caller: Caller) -> None:
    """The service makes its role with the caller's permissions, where the account has none."""
    backend = iam_backends[caller.account][caller.partition]
    arn = f"arn:{caller.partition}:iam::{caller.account}:role{LINKED_PATH}{LINKED_ROLE}"
    if _role(arn) is not None:
        return
    keys = {**_principal_keys(caller), **_resource_keys(caller.account, caller.partition)}
    _require(caller, Asked("iam:CreateServiceLinkedRole", arn, {**keys, "iam:AWSServiceName": LINKED_SERVICE}))
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": LINKED_SERVICE}, "Action": "sts:AssumeRole"}],
    }
    backend.create_role(LINKED_ROLE, json.dumps(trust), LINKED_PATH, None, "", [], None, LINKED_SERVICE)


def _role(arn: str) -> Any:
    """moto's role of this ARN, in whichever account; None where there is none."""
    parts = arn.split(":")
    try:
        return iam_backends[parts[4]][parts[1]].get_role_by_arn(arn)
    except (IndexError, KeyError, NotFoundException):
        return None


# What IAM knows of the call


def _resource(call: Call, caller: Caller) -> str:
    """The ARN that the action is on, or * where it takes none, by the Service Authorization Reference."""
    params = call.params
    if call.service == "wellarchitected":
        if "WorkloadId" in params:
            return (
                f"arn:{caller.partition}:wellarchitected:{call.region}:{call.account}:workload/{params['WorkloadId']}"
            )
        if "LensAlias" in params and not params["LensAlias"].startswith("arn:"):
            return f"arn:{caller.partition}:wellarchitected::aws:lens/{params['LensAlias']}"
        for name in ("LensAlias", "TemplateArn", "ProfileArn", "WorkloadArn"):
            if name in params:
                return str(params[name])
    if call.service == "sts" and "RoleArn" in params:
        return str(params["RoleArn"])
    return "*"


def _keys(caller: Caller, call: Call) -> dict[str, str]:
    arn = _resource(call, caller)
    owner = arn.split(":")[4] if arn.startswith("arn:") else call.account
    external = {"sts:ExternalId": call.params["ExternalId"]} if "ExternalId" in call.params else {}
    keys = {**_principal_keys(caller), **_resource_keys(owner, caller.partition)}
    return {**keys, **external, "aws:RequestedRegion": call.region}


def _principal_keys(caller: Caller) -> dict[str, str]:
    keys = {"aws:PrincipalArn": caller.principal, "aws:PrincipalAccount": caller.account}
    return _with_organization(keys, "aws:PrincipalOrgID", caller.account, caller.partition)


def _resource_keys(account: str, partition: str) -> dict[str, str]:
    return _with_organization({"aws:ResourceAccount": account}, "aws:ResourceOrgID", account, partition)


def _with_organization(keys: dict[str, str], name: str, account: str, partition: str) -> dict[str, str]:
    organization = models.organization_id(account, partition)
    return {**keys, name: organization} if organization else keys


# Policies


def _statements(document: str) -> list[dict[str, Any]]:
    return _as_list(json.loads(document)["Statement"])


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _decide(policies: Iterable[list[dict[str, Any]]], asked: Asked, of_resource: bool = False) -> Decision:
    """An explicit deny wins; `of_resource`: the policy is a role's own, so its statements name no resource."""
    effects = {
        statement["Effect"]
        for statements in policies
        for statement in statements
        if _is_about(statement, asked, of_resource)
    }
    if "Deny" in effects:
        return Decision.DENIED
    return Decision.ALLOWED if "Allow" in effects else Decision.UNMENTIONED


def _is_about(statement: Mapping[str, Any], asked: Asked, of_resource: bool) -> bool:
    known = {"Sid", "Effect", "Action", "Resource", "Condition", "Principal"}
    if set(statement) - known:
        raise NotImplementedError(f"The policy element {', '.join(sorted(set(statement) - known))} is not evaluated.")
    if "${" in json.dumps(statement):
        raise NotImplementedError(f"The policy variables of {json.dumps(statement)} are not evaluated.")
    return (
        any(_like(pattern.lower(), asked.action.lower()) for pattern in _as_list(statement["Action"]))
        and (of_resource or any(_like(pattern, asked.resource) for pattern in _as_list(statement["Resource"])))
        and _conditions_hold(statement.get("Condition", {}), asked.keys)
    )


def _like(pattern: str, text: str) -> bool:
    """IAM's wildcards: * is any text, ? any character."""
    regular = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    return re.fullmatch(regular, text, re.DOTALL) is not None


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, value: wanted == value,
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
}


def _conditions_hold(conditions: Mapping[str, Mapping[str, Any]], keys: Mapping[str, str]) -> bool:
    """All conditions must hold. One on a key that the call has no value for does not."""
    for operator, tests in conditions.items():
        for key, wanted in tests.items():
            if operator not in _OPERATORS or key not in KEYS:
                raise NotImplementedError(f"The condition {operator} on {key} is not evaluated.")
            if key not in keys or not any(_OPERATORS[operator](one, keys[key]) for one in _as_list(wanted)):
                return False
    return True


def _is_principal(principal: Any, caller: Caller) -> bool:
    """Whether a trust policy's Principal is the caller: everyone, the account, the user or role, or the session."""
    if principal == "*":
        return True
    names = {"*", caller.account, f"arn:{caller.partition}:iam::{caller.account}:root", caller.principal, caller.arn}
    return any(one in names for one in _as_list(principal.get("AWS", [])))
