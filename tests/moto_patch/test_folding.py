# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of source code when its switches are taken out."""

from __future__ import annotations

from textwrap import dedent

import pytest

from .folding import Defaults, drop, fold_all

SWITCHES = {
    "on": True,
    "off": False,
    "none": None,
    "zero": 0,
    "form": "given",
    "by_kind": {"a": 0, "b": 0},
    "sizes": {},
}
CONSTANTS = {"SIZES": {"one": 10}, "ANY": "*", "LARGEST": 50}

CASES = {
    "a condition that a switch decides is not asked": ("if x and settings.on:\n    y()\n", "if x:\n    y()\n"),
    "what is never done is dropped, with its comment": (
        "a()\n# why\nif x and settings.off:\n    y()\nb()\n",
        "a()\nb()\n",
    ),
    "what is always done is not asked for": ("if settings.on:\n    # why\n    y()\nb()\n", "# why\ny()\nb()\n"),
    "the other branch": ("if settings.off:\n    y()\nelse:\n    z()\n", "z()\n"),
    "nothing is done after a return": (
        "def f():\n    if x or settings.on:\n        return 1\n    y()\n    return z\n",
        "def f():\n    return 1\n",
    ),
    "a name that stands for a switch": (
        "def f():\n    form = settings.form\n    if form == 'given':\n        y()\n",
        "def f():\n    y()\n",
    ),
    "values by kind that are all the same": (
        "if settings.by_kind[kind] > 0 and x:\n    y()\nz(1)\n",
        "z(1)\n",
    ),
    "one of two values": ("a = f(b if settings.none else c)\n", "a = f(c)\n"),
    "a switch that has a constant of its own": ("f(settings.sizes.get(name, 3))\n", "f(SIZES.get(name, 3))\n"),
    "what a constant does not have": ("f(settings.sizes.get(ANY, LARGEST))\n", "f(LARGEST)\n"),
    "an attribute that only switches read": (
        "def f(self):\n    #: why\n    self.kept: int = 3\n    self.kept -= 1\n    of.kept[x] = 2\n    self.a = 2\n",
        "def f(self):\n    self.a = 2\n",
    ),
    "the clock": ("f(clock.now())\n", "f(utcnow())\n"),
    "constants that no switch decided are left alone": (
        "f(x or '',   not 1, 1 == 1)  # as it is\n",
        "f(x or '',   not 1, 1 == 1)  # as it is\n",
    ),
    "methods that always answer the same are not asked": (
        """\
        class A:
            def waits(self, now):
                "Whether it waits."
                seconds = settings.zero
                return seconds > 0 and now < seconds

            def other(self):
                return 2

        if x and not a.waits(1):
            y()
        """,
        """\
        class A:
            def other(self):
                return 2

        if x:
            y()
        """,
    ),
}


def lines(source: str) -> list[str]:
    """Without blank lines, which ruff puts in order."""
    return [line for line in source.splitlines() if line.strip()]


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_what_a_switch_decides_is_worked_out(source: str, expected: str) -> None:
    defaults = Defaults(SWITCHES, {"sizes": "SIZES"}, frozenset({"kept"}), CONSTANTS)
    assert lines(fold_all({"file": dedent(source)}, defaults)["file"]) == lines(dedent(expected))


def test_a_function_is_dropped_with_its_decorators_and_comments() -> None:
    source = "a = 1\n\n\n# why\n@decorated\ndef f():\n    pass\n\n\nb: int = 2\n"
    assert lines(drop(source, {"f", "b"})) == ["a = 1"]
