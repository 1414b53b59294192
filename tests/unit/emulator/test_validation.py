# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every request is checked against botocore's service model: cases are made from the model itself."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator import service as _service
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator
from botocore.model import OperationModel, Shape
from moto.core.utils import get_service_model

MODEL = get_service_model(_service.NAME)
OPERATIONS = [
    *(
        f"{verb}{kind}Share{s}"
        for kind in ("Workload", "Lens", "Template", "Profile")
        for verb, s in (("Create", ""), ("Delete", ""), ("List", "s"))
    ),
    "UpdateWorkloadShare",
    "ListShareInvitations",
    "UpdateShareInvitation",
    "UpdateGlobalSettings",
    "ListWorkloads",
    "ListLenses",
    "ListReviewTemplates",
    "ListProfiles",
    "GetWorkload",
    "CreateWorkload",
    "DeleteWorkload",
    "ImportLens",
    "CreateLensVersion",
    "CreateReviewTemplate",
    "CreateProfile",
    "DeleteLens",
    "DeleteReviewTemplate",
    "DeleteProfile",
    "TagResource",
    "UntagResource",
]
#: texts that satisfy the patterns of the model
GOOD = {
    "WorkloadId": "a" * 32,
    "WorkloadArn": f"arn:aws:wellarchitected:us-east-1:123456789012:workload/{'a' * 32}",
    "Tags": {"key": "value"},
    "TagKeys": ["key"],
    "ShareId": "b" * 32,
    "ShareInvitationId": "c" * 32,
    "SharedWith": "111122223333",
    "TemplateArn": f"arn:aws:wellarchitected:us-east-1:123456789012:review-template/{'d' * 32}",
    "ProfileArn": "arn:aws:wellarchitected:us-east-1:123456789012:profile/0123456789",
    "LensAlias": f"arn:aws:wellarchitected:us-east-1:123456789012:lens/{'e' * 32}",
    "ClientRequestToken": "token",
    "JSONString": json.dumps({"name": "a lens"}),
}


def good_value(name: str, shape: Shape) -> Any:
    if name in GOOD:
        return GOOD[name]
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else "text"
    return {"list": [], "integer": 1, "boolean": True, "map": {}, "structure": {}}[shape.type_name]


def good_request(operation: OperationModel) -> dict[str, Any]:
    members = operation.input_shape.members
    return {name: good_value(name, members[name]) for name in operation.input_shape.required_members}


def bad_values(shape: Shape) -> Iterator[tuple[str, Any]]:
    """What is wrong, and a value of which it is."""
    limits = shape.metadata
    in_path_or_query = "location" in shape.serialization
    if shape.type_name == "string":
        if limits.get("min"):
            if not in_path_or_query:
                yield "empty", ""
            if limits["min"] > 1:
                yield "too short", "a"
        if "max" in limits:
            yield "too long", "a" * (limits["max"] + 1)
        if "pattern" in limits:
            yield "bad pattern", "\u00e9" * max(limits.get("min", 1), 1)
        if shape.enum:
            yield "bad enum", "NO_SUCH"
        if not in_path_or_query:
            yield "bad type", 12
    elif shape.type_name == "integer":
        yield "too small", limits["min"] - 1
        yield "too large", limits["max"] + 1
        yield "bad type", "many"
    elif shape.type_name in ("list", "map", "structure", "boolean"):
        yield "bad type", "text"
        if shape.type_name == "list" and "max" in limits:
            yield "too long", ["text"] * (limits["max"] + 1)


def send(emulator: Emulator, operation: str, parameters: dict[str, Any], body: bytes | None = None) -> Any:
    """Send a request that no SDK would make: the parameters by the model, or the body as it is."""
    model = MODEL.operation_model(operation)
    path, members = model.http["requestUri"], model.input_shape.members
    query, document = [], {}
    for name, value in parameters.items():
        location = members[name].serialization.get("location")
        if location == "uri":
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        elif location == "querystring":
            query.append(f"{name}={quote(str(value))}")
        else:
            document[name] = value
    address = urlsplit(emulator.url)
    connection = http.client.HTTPConnection(address.hostname, address.port)
    scope = "Credential=test/20200101/us-east-1/wellarchitected/aws4_request"
    connection.request(
        model.http["method"],
        path + ("?" + "&".join(query) if query else ""),
        json.dumps(document) if body is None else body,
        {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"},
    )
    response = connection.getresponse()
    answer = {"status": response.status, "code": response.getheader("X-Amzn-ErrorType"), **json.load(response)}
    connection.close()
    return answer


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_parameter_is_checked_and_missed_where_it_is_required(emulator: Emulator, operation: str) -> None:
    model = MODEL.operation_model(operation)
    cases = 0
    for name, shape in model.input_shape.members.items():
        for what, value in bad_values(shape):
            answer = send(emulator, operation, {**good_request(model), name: value})
            assert (answer["status"], answer["code"]) == (400, "ValidationException"), (name, what)
            assert name in answer["Message"]
            cases += 1
            if '"reason":' in answer["Message"]:
                continue  # as ListLensShares answers to MaxResults: the members of the error are in its message
            assert answer["Reason"] == "FIELD_VALIDATION_FAILED"
            assert any(field["Name"].split(".")[0] == name for field in answer["Fields"]), (name, what)
    assert cases
    for name in model.input_shape.required_members:
        if model.input_shape.members[name].serialization.get("location") == "uri":
            continue
        request = good_request(model)
        del request[name]
        answer = send(emulator, operation, request)
        assert (answer["status"], answer["code"]) == (400, "ValidationException")
        assert answer["Fields"] == [{"Name": name, "Message": "Member must not be null"}]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff"])
def test_a_body_that_is_no_json_object_cannot_be_parsed(emulator: Emulator, body: bytes) -> None:
    answer = send(emulator, "ListWorkloads", {}, body)
    assert (answer["status"], answer["code"], answer["Reason"]) == (400, "ValidationException", "CANNOT_PARSE")


def test_what_lies_in_lists_and_structures_is_checked_too(emulator: Emulator) -> None:
    model = MODEL.operation_model("CreateWorkload")
    request = {**good_request(model), "AccountIds": ["111122223333", "12"], "Tags": {"key": "v" * 257}}
    answer = send(emulator, "CreateWorkload", request)
    assert {field["Name"] for field in answer["Fields"]} == {"AccountIds.2.member", "Tags.key.member"}


def test_all_errors_are_reported_together(emulator: Emulator) -> None:
    request = {"WorkloadId": "x", "SharedWith": "1", "PermissionType": "WRITE"}
    answer = send(emulator, "CreateWorkloadShare", request)
    found = {field["Name"] for field in answer["Fields"]}
    assert found == {"WorkloadId", "SharedWith", "PermissionType", "ClientRequestToken"}


def test_every_operation_of_the_service_is_in_the_table() -> None:
    handlers = _service.models.wellarchitected_backends["123456789012"]["us-east-1"].urls.values()
    handled = next(iter(handlers)).__self__
    from moto.core.utils import camelcase_to_underscores

    served = [name for name in MODEL.operation_names if hasattr(handled, camelcase_to_underscores(name))]
    nothing_to_check = {"GetGlobalSettings", "ListTagsForResource"}
    assert set(served) == {*OPERATIONS, *nothing_to_check}
