# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoint's tests as `@mock_aws` tests of moto's: those that need no switch, fault or seed of the endpoint."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from textwrap import dedent

from .service import NOTICE, ROOT, ruff, without_unused

TESTS = ROOT / "tests" / "unit" / "emulator"
TESTING = ROOT / "tests" / "emulator" / "testing.py"
SUBJECTS = ("shares", "invitations", "organizations", "resources", "paging", "idempotency")
FOLDER = "tests/test_wellarchitected"
#: what a test may do with the endpoint: all that a client of AWS can, and let time pass
CARRIED = re.compile(r"(?:client|advance|create_\w*)\Z")
IMPORT = re.compile(r"^from (?:\.|ansible_collections\.)[\w.]* import (?:\([^)]*\)|.*)\n", re.MULTILINE)

CLIENT = '''
def aws_client(
    service: str = "wellarchitected",
    account: str | None = None,
    region: str = "us-east-1",
) -> Any:
    """A client of moto's default account, or of another, by a role."""
    if account is None:
        return boto3.client(service, region_name=region)
    assumed = boto3.client("sts", region_name=region).assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/any", RoleSessionName="any"
    )["Credentials"]
    return boto3.client(
        service,
        region_name=region,
        aws_access_key_id=assumed["AccessKeyId"],
        aws_secret_access_key=assumed["SecretAccessKey"],
        aws_session_token=assumed["SessionToken"],
    )
'''
MAKERS = """
MAKERS = {
    "workload": create_workload,
    "lens": create_lens,
    "template": create_template,
    "profile": create_profile,
}
"""
CONFTEST = '''
from collections.abc import Iterator
from typing import Any

import pytest
from freezegun import freeze_time

from moto import settings


@pytest.fixture
def frozen() -> Iterator[Any]:
    """The time, which `frozen.tick()` moves."""
    if not settings.TEST_DECORATOR_MODE:
        pytest.skip("Time can be moved in this process only")
    with freeze_time() as time:
        yield time
'''


def test_files() -> tuple[dict[str, str], list[str]]:
    """The files of tests, by their path in moto, and the names of the tests that were left out."""
    files, left_out = {f"{FOLDER}/conftest.py": CONFTEST}, []
    scenes, _none = _carried((TESTS / "scenes.py").read_text(encoding="utf-8"))
    scenes = scenes.replace("import pytest\n", "import boto3\nimport json\nimport pytest\n", 1)
    files[f"{FOLDER}/scenes.py"] = scenes + CLIENT + "\n\n".join(["", *_makers(), MAKERS])
    public = sorted(
        set(re.findall(r"^(?:def |class )?([a-zA-Z]\w+)\b(?=\(| = |:)", files[f"{FOLDER}/scenes.py"], re.M))
    )
    for subject in SUBJECTS:
        source, missing = _carried((TESTS / f"test_{subject}.py").read_text(encoding="utf-8"))
        source = source.replace(
            "import pytest\n",
            "from datetime import timedelta\nfrom typing import Any\nimport pytest\nfrom moto import mock_aws\n"
            f"from .scenes import {', '.join(public)}\n",
            1,
        )
        files[f"{FOLDER}/test_wellarchitected_{subject}.py"] = source.replace("\ndef test_", "\n@mock_aws\ndef test_")
        left_out += missing
    whole = {path: without_unused({path: source})[path] for path, source in files.items() if path.count("/test_") == 2}
    return {
        f"{FOLDER}/__init__.py": "",
        **{path: ruff(path, source) for path, source in files.items()},
        **whole,
    }, left_out


test_files.__test__ = False  # type: ignore[attr-defined]


def _carried(source: str) -> tuple[str, list[str]]:
    """The source as moto's, and the names of the functions that were left out."""
    source = IMPORT.sub("", NOTICE.sub("", source))
    functions = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    missing = {name for name, node in functions.items() if not _can_be_carried(node)}
    while True:
        more = {name for name, node in functions.items() if name not in missing and missing & _called(node)}
        if not more:
            break
        missing |= more
    return _translated(_without(source, [functions[name] for name in missing])), sorted(missing)


def _can_be_carried(function: ast.FunctionDef) -> bool:
    return all(CARRIED.match(attribute) for attribute in _asked_of_the_endpoint(function))


def _asked_of_the_endpoint(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "emulator":
            yield node.attr
        if isinstance(node, ast.Call) and any(isinstance(one, ast.Name) and one.id == "getattr" for one in [node.func]):
            subject = node.args[0]
            if isinstance(subject, ast.Name) and subject.id == "emulator":
                yield "create_"


def _called(function: ast.FunctionDef) -> set[str]:
    return {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}


def _without(source: str, functions: list[ast.FunctionDef]) -> str:
    lines = source.splitlines(keepends=True)
    for function in sorted(functions, key=lambda node: node.lineno, reverse=True):
        first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
        del lines[first - 1 : function.end_lineno]
    return "".join(lines)


def _translated(source: str) -> str:
    """Functions that take the endpoint as functions that ask moto."""
    source = re.sub(
        r"^def (\w+)\((\s*)emulator: Emulator(?:, )?([^)]*\)[^:]*:\n(?:(?: .*)?\n)*?)(?=\S|\Z)",
        lambda found: (
            f"def {found[1]}({found[2]}{'frozen: Any, ' if 'emulator.advance(' in found[0] else ''}{found[3]}"
        ),
        source,
        flags=re.MULTILINE,
    )
    source = re.sub(r"emulator\.advance\(([^)]*)\)", r"frozen.tick(timedelta(\1))", source)
    source = re.sub(r'getattr\(emulator, f"create_\{kind\.name\}"\)', "MAKERS[kind.name]", source)
    source = source.replace("emulator.client(", "aws_client(")
    return source.replace("(emulator, ", "(").replace("(emulator)", "()").replace("emulator.create_", "create_")


def _makers() -> Iterator[str]:
    """The functions that make a resource, from the endpoint's methods."""
    source = TESTING.read_text(encoding="utf-8")
    classes = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}
    endpoint = classes["Emulator"]
    lines = source.splitlines(keepends=True)
    for method in endpoint.body:
        if isinstance(method, ast.FunctionDef) and method.name.startswith("create_"):
            text = dedent("".join(lines[method.lineno - 1 : method.end_lineno]))
            yield re.sub(r"\bself, ", "", text).replace("self.client(", "aws_client(")
