# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The change as it is written, and a few of its tests, on a copy of moto."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import moto
import pytest

from . import __main__ as moto_patch
from .service import SOURCE, SWITCHES

PACKAGE = Path(moto.__file__).parent


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    _before, after, _left_out = moto_patch.changes(PACKAGE)
    return after


def service(files: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if path.startswith("moto/wellarchitected/")}


def test_every_file_of_the_service_but_the_switches_is_there(files: dict[str, str]) -> None:
    assert {Path(path).name for path in service(files)} == {path.name for path in SOURCE.glob("*.py")} - {SWITCHES}


def test_nothing_is_left_of_switches_and_of_this_project(files: dict[str, str]) -> None:
    for path, text in files.items():
        if path.startswith(("moto/wellarchitected/", "tests/")):
            found = re.search(r"ansible|emulator|\bclock\b|README|^# Copyright|\.settings import", text, re.M)
            assert not found, (path, found)


def test_every_operation_of_the_service_is_one_of_its_models(files: dict[str, str]) -> None:
    methods = {}
    for name in ("models", "responses"):
        tree = ast.parse(files[f"moto/wellarchitected/{name}.py"])
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        methods[name] = {one.name for owner in classes for one in owner.body if isinstance(one, ast.FunctionDef)}
    docs = files["docs/docs/services/wellarchitected.rst"]
    served = set(re.findall(r"^- \[X\] (\w+)$", docs, re.M))
    assert len(served) == 34
    assert served == methods["models"] & set(re.findall(r"^- \[.\] (\w+)$", docs, re.M))
    assert served <= methods["responses"]


def test_moto_knows_the_service_in_the_order_of_names(files: dict[str, str]) -> None:
    index = re.findall(r'^    \(\s*"(\w+)"', files["moto/backend_index.py"], re.M)
    at = index.index("wellarchitected")
    assert index[at - 1] < index[at] < index[at + 1]
    backends = files["moto/backends.py"]
    assert backends.count("WellArchitectedBackend") == 2
    assert backends.count("Literal['wellarchitected']") == 2
    ast.parse(backends)


def test_every_moto_test_is_mocked(files: dict[str, str]) -> None:
    for path, text in files.items():
        if "/test_wellarchitected/test_" in path:
            tests = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
            for test in tests:
                decorators = {ast.unparse(one) for one in test.decorator_list}
                assert ("mock_aws" in decorators) is test.name.startswith("test_"), (path, test.name)


def test_the_patch_applies_to_the_installed_moto_and_its_tests_pass_there(capfd: pytest.CaptureFixture[str]) -> None:
    assert moto_patch.main(["-k", "invitations and lens"]) == 0
    told = capfd.readouterr().out
    assert re.search(r"^build/moto-[\d.]+-wellarchitected\.patch: 24 files changed", told, re.M)
    assert re.search(r"^\d+ passed, \d+ deselected", told, re.M)
    patch = next(moto_patch.BUILD.glob("moto-*.patch")).read_text(encoding="utf-8")
    assert "SPDX-License-Identifier: GPL-3.0-or-later" in patch.split("diff --git")[0]


def test_a_moto_that_is_not_as_expected_is_told() -> None:
    with pytest.raises(ValueError, match=r"moto/backends\.py of the installed moto is not as expected"):
        moto_patch.backends("nothing")
