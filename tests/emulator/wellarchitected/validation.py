# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks a request against botocore's service model: required, type, length, range, pattern, enum."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote

from botocore.model import OperationModel, ServiceModel, Shape
from moto.core.utils import get_service_model
from werkzeug.datastructures import MultiDict

from .exceptions import MaxResultsRefused, ValidationException

#: what JSON may hold for each type of the model
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "boolean": (bool,),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
    "timestamp": (int, float, str),
}


@cache
def _paths(service: ServiceModel) -> list[tuple[str, re.Pattern[str], str]]:
    found = []
    for name in service.operation_names:
        http = service.operation_model(name).http
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(http["requestUri"]))
        found.append((http["method"], re.compile(pattern), name))
    return found


def operation_by_path(service: ServiceModel, method: str, path: str) -> tuple[str | None, dict[str, str]]:
    """The operation that a method and path (still percent-encoded) name, and the parameters in the path."""
    for its_method, pattern, name in _paths(service):
        match = pattern.fullmatch(path) if its_method == method else None
        if match:
            return name, {key: unquote(value) for key, value in match.groupdict().items()}
    return None, {}


@dataclass(frozen=True)
class Asked:
    """A request that was looked into: `parameters` by the names of the model, each as it arrived."""

    operation: str
    uri: Mapping[str, str]
    parameters: Mapping[str, Any]
    #: why it has no parameters, where its body is not a JSON object
    refused: ValidationException | None = None


def asked(method: str, raw_path: str, query_string: str, body: bytes) -> Asked | None:
    """What a request asks for, by its method and path (still percent-encoded); None where no operation is like it."""
    service = get_service_model("wellarchitected")
    name, uri = operation_by_path(service, method, raw_path)
    if name is None:
        return None
    query = MultiDict(parse_qsl(query_string, keep_blank_values=True))
    try:
        return Asked(name, uri, request_parameters(service.operation_model(name), uri, query, body))
    except ValidationException as refused:
        return Asked(name, uri, {}, refused)


def request_parameters(
    operation: OperationModel, uri: Mapping[str, str], query: MultiDict[str, str], body: bytes
) -> dict[str, Any]:
    """The request's parameters by the names of the model, each as it arrived.

    Raises ValidationException (CANNOT_PARSE) where the body is not a JSON object.
    """
    try:
        document = json.loads(body) if body.strip() else {}
    except ValueError as problem:
        raise ValidationException(f"The request's body is not JSON: {problem}", reason="CANNOT_PARSE") from problem
    if not isinstance(document, dict):
        raise ValidationException("The request's body is not a JSON object.", reason="CANNOT_PARSE")
    if operation.input_shape is None:
        return {}
    places: dict[str | None, Mapping[str, Any]] = {"uri": uri, "querystring": query, None: document}
    found = {}
    for name, shape in operation.input_shape.members.items():
        place = places[shape.serialization.get("location")]
        its_name = shape.serialization.get("name", name)
        value: Any = place.get(its_name)
        if value is None:
            continue
        if place is query and shape.type_name == "list":
            value = query.getlist(its_name)
        if place is query and shape.type_name == "integer" and re.fullmatch(r"-?\d+", value):
            value = int(value)
        found[name] = value
    return found


def check_request(operation: OperationModel, parameters: Mapping[str, Any], largest_page: int) -> None:
    """Raises ValidationException that names every parameter that is not as the model says.

    A number for MaxResults that is not from 1 to `largest_page` is reported alone.
    """
    if operation.input_shape is None:
        return
    max_results = parameters.get("MaxResults")
    if isinstance(max_results, int) and not 1 <= max_results <= largest_page:
        raise MaxResultsRefused(operation.name, largest_page)
    problems = list(_problems(operation.input_shape, parameters, ""))
    if problems:
        errors = "error" if len(problems) == 1 else "errors"
        listed = "; ".join(f"Value at '{name}' failed to satisfy constraint: {problem}" for name, problem in problems)
        raise ValidationException(f"{len(problems)} validation {errors} detected: {listed}", fields=problems)


def _problems(shape: Shape, value: Any, path: str) -> Iterator[tuple[str, str]]:
    kind = shape.type_name
    expected: Any = _TYPES[kind]
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
        yield path, f"Member must be of type {kind}"
        return
    limits = shape.metadata
    if kind == "structure":
        for name in limits.get("required", ()):
            if value.get(name) is None:
                yield _join(path, name), "Member must not be null"
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield from _problems(member, value[name], _join(path, name))
    elif kind in ("integer", "long"):
        yield from _out_of_bounds(value, limits, path, "value")
    elif kind in ("string", "list", "map"):
        yield from _out_of_bounds(len(value), limits, path, "length")
        if kind == "string":
            yield from _bad_text(shape, value, path)
        elif kind == "list":
            for index, item in enumerate(value):
                yield from _problems(shape.member, item, f"{path}.{index + 1}.member")
        else:
            for key, item in value.items():
                yield from _problems(shape.key, key, f"{path}.key")
                yield from _problems(shape.value, item, f"{path}.{key}.member")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _out_of_bounds(size: int, limits: Mapping[str, Any], path: str, what: str) -> Iterator[tuple[str, str]]:
    if "min" in limits and size < limits["min"]:
        yield path, f"Member must have {what} greater than or equal to {limits['min']}"
    if "max" in limits and size > limits["max"]:
        yield path, f"Member must have {what} less than or equal to {limits['max']}"


def _bad_text(shape: Shape, value: str, path: str) -> Iterator[tuple[str, str]]:
    pattern = shape.metadata.get("pattern")
    if pattern is not None:
        compiled = _compiled(pattern)
        if compiled and not compiled.fullmatch(value):
            yield path, f"Member must satisfy regular expression pattern: {pattern}"
    if shape.enum and value not in shape.enum:
        yield path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, or None where it is one of Java's only: TagKey's `\\P{M}` has no word in Python's `re`."""
    try:
        return re.compile(pattern)
    except re.error:
        return None
