# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible takes for an option's type is read; everything else is told with its place, and reading goes on."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.reading import (
    UNREAD,
    read_options,
    unread,
    unreadable,
)

ENTRY = {
    "workload": {"type": "str"},
    "wa_profile": {"type": "str"},
    "shared_with": {"type": "list", "elements": "raw"},
    "permission_type": {"type": "str", "choices": ["READONLY", "CONTRIBUTOR"]},
    "purge_shares": {"type": "bool", "aliases": ["purge"]},
}
ENTRY_AS_IN = "every entry needs a key and a value, as in '- workload: Payments', unlike: Payments"
SPEC = {
    "resources": {"type": "list", "elements": "dict", "required": True, "options": ENTRY},
    "shared_with": {"type": "list", "elements": "str"},
    "lens": {"type": "list", "elements": "str"},
    "max_removals": {"type": "int"},
    "pending_days": {"type": "float", "default": 3.0},
    "wait": {"type": "bool", "default": False},
    "names": {"type": "dict"},
    "name": {"type": "str"},
}


def read(**given: Any) -> tuple[dict[str, Any], list[str]]:
    faults: list[str] = []
    return read_options(SPEC, {"resources": [], **given}, faults), faults


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"max_removals": 5}, 5),
        ({"max_removals": "5"}, 5),
        ({"max_removals": 0}, 0),
        ({"pending_days": "1.5"}, 1.5),
        ({"wait": "yes"}, True),
        ({"wait": 0}, False),
        ({"name": 2026}, "2026"),
        ({"names": '{"1": "a"}'}, {"1": "a"}),
        ({"lens": "Platform Standards, *prod*"}, ["Platform Standards", "*prod*"]),
        ({"lens": '["a, b"]'}, ["a, b"]),
        ({"lens": "[draft"}, ["[draft"]),
        ({"shared_with": "111122223333, 444455556666"}, ["111122223333", "444455556666"]),
        ({"shared_with": "111122223333 444455556666\n"}, ["111122223333", "444455556666"]),
        ({"shared_with": 111122223333}, [111122223333]),
        ({"shared_with": ()}, []),
        ({"resources": None}, []),
        ({"resources": ""}, []),
    ],
    ids=str,
)
def test_what_ansible_takes_is_read(given: dict[str, Any], value: Any) -> None:
    options, faults = read(**given)
    assert faults == []
    assert options[next(iter(given))] == value


@pytest.mark.parametrize("resources", ['[{"workload": "A"}]', '{"workload": "A"}', {"workload": "A"}], ids=str)
def test_entries_may_be_json_and_one_alone_is_a_list_of_one(resources: Any) -> None:
    options, faults = read(resources=resources)
    assert faults == []
    assert [entry["workload"] for entry in options["resources"]] == ["A"]


def test_what_is_not_given_is_none_or_its_default() -> None:
    options, _faults = read(name=None)
    assert {name: options[name] for name in ("name", "max_removals", "wait", "pending_days")} == {
        "name": None,
        "max_removals": None,
        "wait": False,
        "pending_days": 3.0,
    }


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"max_removals": "two"}, "max_removals: 'two' is not a whole number"),
        ({"max_removals": 1.5}, "max_removals: 1.5 is not a whole number"),
        ({"max_removals": True}, "max_removals: True is not a whole number"),
        ({"max_removals": ""}, "max_removals: '' is not a whole number"),
        ({"max_removals": [1]}, "max_removals: [1] is not a whole number"),
        ({"pending_days": "soon"}, "pending_days: 'soon' is not a number"),
        ({"wait": "ja"}, "wait: 'ja' is neither true nor false"),
        ({"name": True}, "name: YAML made True of it, which is no text: put it in quotes"),
        ({"name": 1.1}, "name: YAML made 1.1 of it, which is no text: put it in quotes"),
        ({"name": ["a"]}, "name: expected text, not a list"),
        ({"lens": [None]}, "lens[0]: it is empty"),
        ({"names": "a"}, "names: expected a dictionary, unlike: a"),
        ({"max_removal": 1}, "max_removal: there is no such option (did you mean max_removals?)"),
        ({"reigon": 1}, "reigon: there is no such option (did you mean region?)"),
        ({"zz": 1}, f"zz: there is no such option, only {', '.join(SPEC)}"),
        ({"name": unreadable("this text is not YAML")}, "name: this text is not YAML"),
        ({"wa_share_x": unreadable("there is none")}, "wa_share_x: there is none"),
        ({"resources": ["Payments"]}, f"resources[0]: {ENTRY_AS_IN}"),
        ({"resources": "Payments"}, f"resources[0]: {ENTRY_AS_IN}"),
        ({"resources": [{"profile": "A"}]}, "resources[0].profile: there is no such option (did you mean wa_profile?)"),
        (
            {"resources": [{"account": "1"}]},
            "resources[0].account: there is no such option (did you mean shared_with?)",
        ),
        (
            {"resources": [{}, {"permission": "A"}]},
            "resources[1].permission: there is no such option (did you mean permission_type?)",
        ),
        (
            {"resources": [{"permission_type": "ADMIN"}]},
            "resources[0].permission_type: 'ADMIN' is not one of READONLY, CONTRIBUTOR",
        ),
        ({"resources": [{"purge": "ja"}]}, "resources[0].purge: 'ja' is neither true nor false"),
    ],
    ids=str,
)  # fmt: skip
def test_everything_else_is_told_with_its_place(given: dict[str, Any], fault: str) -> None:
    faults: list[str] = []
    read_options(SPEC, {"resources": [], **given}, faults, also=["region"])
    assert faults == [fault]


def test_reading_goes_on_after_a_fault_and_what_was_given_is_not_said_to_be_missing() -> None:
    entry = {"workload": 5.5, "profile": "A", "shared_with": ["a"], "permission_type": "ADMIN"}
    options, faults = read(resources=[entry, "B"], shared_with=["a", {"principal": "b"}], max_removals="x")
    assert [fault.partition(": ")[0] for fault in faults] == [
        "resources[0].workload",
        "resources[0].profile",
        "resources[0].permission_type",
        "resources[1]",
        "shared_with[1]",
        "max_removals",
    ]
    first, second = options["resources"]
    assert first["shared_with"] == ["a"]
    assert unread(first, "workload")
    assert unread(first, "wa_profile")
    assert not unread(first, "shared_with")
    assert unread(second, "workload")
    assert options["shared_with"] == ["a", UNREAD]


def test_what_is_required_is_told_to_be_missing_or_empty() -> None:
    spec = {"shared_with": {"type": "list", "elements": "str", "required": True}}
    for given, word in (({}, "missing"), ({"shared_with": None}, "empty")):
        faults: list[str] = []
        read_options(spec, given, faults)
        assert faults == [f"shared_with: it is {word}"]


@pytest.mark.parametrize("first", [True, False])
def test_an_option_and_its_other_name_are_not_both_given(first: bool) -> None:
    """Whichever came last would win, and one of them may keep access that the other takes away."""
    names = ("purge", "purge_shares") if first else ("purge_shares", "purge")
    _options, faults = read(resources=[{"workload": "*", names[0]: True, names[1]: False}])
    assert faults == ["resources[0].purge: it is another name of purge_shares, which is given too: leave out one"]
    _options, faults = read(resources=[{"workload": "*", "purge": True, "purge_shares": None}])
    assert faults == []
