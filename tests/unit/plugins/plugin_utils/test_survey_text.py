# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people type into a text area becomes the list that they mean, and account IDs stay as they typed them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import yaml
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.reading import read_options
from ansible_collections.wellarchitected.sharing.plugins.module_utils._modules.options import many_resources
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils.survey_text import (
    CONDITION,
    NAMED_WORDS,
    NAMES,
    WORDS,
    AsGiven,
    BadText,
    Changes,
    Entries,
    Form,
    read_texts,
)

ANA, DAN = "111122223333", "012345670123"  # YAML 1.1 reads the second as octal
ENTRIES = Entries({"shared_with": WORDS, "exclude": NAMES}, when_blank=[])
EVERY_LIST = pytest.mark.parametrize("form", [WORDS, CONDITION, NAMES], ids=["words", "when", "names"])


@pytest.mark.parametrize(
    ("text", "means"),
    [
        (ANA, [ANA]),
        (DAN, [DAN]),
        (f"{ANA} {DAN}", [ANA, DAN]),
        (f"{ANA},{DAN}", [ANA, DAN]),
        (f"{ANA}, {DAN};o-abcdefghij\n", [ANA, DAN, "o-abcdefghij"]),
        (f"{ANA}\n{DAN}\n", [ANA, DAN]),
        (f"{ANA}\r\n{DAN}\r\n", [ANA, DAN]),
        (f"  {ANA}\n\n\t{DAN}  ", [ANA, DAN]),
        (f"{ANA}\t{DAN}\n\t{ANA}", [ANA, DAN, ANA]),
        (f"# of payments\n{ANA}\n{DAN} # of search\n", [ANA, DAN]),
        (f"- {ANA}\n- {DAN}  # of payments\n", [ANA, DAN]),
        (f"- '{ANA}'\n- \"{DAN}\"", [ANA, DAN]),
        (f"[{ANA}, {DAN}]", [ANA, DAN]),
        (f'["{ANA}", "{DAN}"]', [ANA, DAN]),
        ("arn:aws:iam::111122223333:role/a b", ["arn:aws:iam::111122223333:role/a", "b"]),
        ("yes no null 1e3 0x10", ["yes", "no", "null", "1e3", "0x10"]),
        ("*team &co", ["*team", "&co"]),
        (f"- principal: {DAN}\n  permission_type: READONLY", [{"principal": DAN, "permission_type": "READONLY"}]),
        (f"principal: {DAN}", [{"principal": DAN}]),
        ("- !!python/object/apply:os.system [exit 1]", ["!!python/object/apply:os.system [exit 1]"]),
    ],
)
@pytest.mark.parametrize("form", [WORDS, CONDITION], ids=["words", "condition"])
def test_blanks_separate_words(form: Form, text: str, means: list[Any]) -> None:
    assert form.read(text) == means


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("*prod*", ["*prod*"]),
        ("Platform Standards", ["Platform Standards"]),
        ("*prod*, Platform Standards ,Ready?\n", ["*prod*", "Platform Standards", "Ready?"]),
        ("Platform Standards\nPayments\r\n\n\tSearch", ["Platform Standards", "Payments", "Search"]),
        ("- *prod*\n- Platform Standards\n- &co\n- !new\n- '%'", ["*prod*", "Platform Standards", "&co", "!new", "%"]),
        ("- 50% off\n- @home\n- %home\n- `home`", ["50% off", "@home", "%home", "`home`"]),
        ("[*prod*, Platform Standards]", ["*prod*", "Platform Standards"]),
        ("# ours\n- Platform Standards # all", ["Platform Standards"]),
        ("# ours\nPayments: EU #1\n  # theirs\n%x, @y", ["Payments: EU #1", "%x", "@y"]),
        ("{{ x }} is odd", None),
        ("'Search, EU'", ["Search, EU"]),
        ('["Search, EU", "{{ x }}"]', ["Search, EU", "{{ x }}"]),
        ("a;b -c 'd'", ["a;b -c 'd'"]),
        ("-x", ["-x"]),
    ],
)
def test_names_have_blanks_and_mean_what_they_say(text: str, means: list[Any] | None) -> None:
    if means is None:
        with pytest.raises(ValueError, match="this text is not YAML"):
            NAMES.read(text)
    else:
        assert NAMES.read(text) == means


@pytest.mark.parametrize(
    ("text", "means"),
    [
        (
            f"- workload: Payments\n  shared_with: [{ANA}, {DAN}]\n  purge_shares: true\n",
            [{"workload": "Payments", "shared_with": [ANA, DAN], "purge_shares": "true"}],
        ),
        ("- lens: Lens *\n  shared_with:\n    - principal: 012345670123\n", [
            {"lens": "Lens *", "shared_with": [{"principal": DAN}]}
        ]),
        ('[{"wa_profile": "Ana\'s", "shared_with": [012345670123]}]', [{"wa_profile": "Ana's", "shared_with": [DAN]}]),
        ("- workload: *prod*\n- lens: Platform Standards", [{"workload": "*prod*"}, {"lens": "Platform Standards"}]),
        ("workload: Payments\n", [{"workload": "Payments"}]),
        (f"- workload: *\n  shared_with: {ANA} {DAN}\n", [{"workload": "*", "shared_with": [ANA, DAN]}]),
        ("- workload: *\n  exclude: *test*, Old ones\n", [{"workload": "*", "exclude": ["*test*", "Old ones"]}]),
        ("- workload: Payments\n  shared_with:\n", [{"workload": "Payments"}]),
        ("- workload: ''\n  state: ''", [{"workload": "", "state": ""}]),
    ],
)  # fmt: skip
def test_entries_are_read_with_the_lists_in_them(text: str, means: list[Any]) -> None:
    assert ENTRIES.read(text) == means


@pytest.mark.parametrize(
    ("given", "means"),
    [
        (f"payments: {ANA}\nsearch: {DAN}\n", {"payments": ANA, "search": DAN}),
        (f"partners: {ANA}, {DAN}\nall: [partners, *x]", {"partners": [ANA, DAN], "all": ["partners", "*x"]}),
        (f'{{"payments": {DAN}}}', {"payments": DAN}),
        ({"two": f"{ANA} {DAN}", "one": ANA, "some": [ANA]}, {"two": [ANA, DAN], "one": ANA, "some": [ANA]}),
        ("payments:\n", {"payments": ""}),
        ({"payments": None, "number": 5}, {"payments": None, "number": 5}),
        ([ANA], [ANA]),
        ("", None),
        ("# nobody yet", None),
    ],
)  # fmt: skip
def test_names_of_principals_are_a_dictionary_of_words(given: Any, means: Any) -> None:
    assert NAMED_WORDS.read(given) == means


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ANA, "every line needs a name and whom it means"),
        (f"- {ANA}", "every line needs a name and whom it means"),
        (f"payments: {ANA}\npayments: {DAN}", "line 2 has the key payments for the second time"),
    ],
)
def test_names_of_principals_that_are_none_are_refused(text: str, says: str) -> None:
    with pytest.raises(BadText, match=says):
        NAMED_WORDS.read(text)


def test_lists_of_real_entries_may_be_text_too() -> None:
    entries = [
        {"workload": "Payments", "shared_with": f"{ANA}, {DAN}", "purge_shares": True},
        {"lens": "*", "renew": []},
    ]
    before = copy.deepcopy(entries)
    assert ENTRIES.read(entries) == [{**entries[0], "shared_with": [ANA, DAN]}, entries[1]]
    assert entries == before


@pytest.mark.parametrize("value", [[], [ANA], [{"workload": "Payments"}], 5, True])
@EVERY_LIST
def test_what_is_no_text_stays_as_it_is(form: Form, value: Any) -> None:
    assert form.read(value) is value


@pytest.mark.parametrize("form", [WORDS, NAMES, ENTRIES], ids=["words", "names", "entries"])
def test_a_dictionary_is_a_list_of_one(form: Form) -> None:
    assert form.read({"workload": "Payments"}) == [{"workload": "Payments"}]


@pytest.mark.parametrize("value", [5, True, [ANA], ["lens=Standards"]])
def test_what_are_no_entries_is_left_to_the_module(value: Any) -> None:
    assert ENTRIES.read(value) == value


@pytest.mark.parametrize("blank", ["", " ", "\n", " \t\n ", None])
def test_what_is_blank_is_not_given(blank: str | None) -> None:
    forms = {"shared_with": WORDS, "lens": NAMES, "resources": ENTRIES}
    task = {**dict.fromkeys(forms, blank), "permission_type": blank, "purge_shares": False, "concurrency": 0}
    nothing_declared: dict[str, Any] = {"resources": []}
    assert read_texts(task, forms) == {"purge_shares": False, "concurrency": 0, **nothing_declared}


@pytest.mark.parametrize("comment", ["# nobody yet", "# nobody yet\n", " \n # nobody\n\t# yet\n "])
def test_comments_alone_are_not_given_but_a_guard_rail_of_them_allows_nobody(comment: str) -> None:
    forms = {"shared_with": WORDS, "lens": NAMES, "resources": ENTRIES, "allowed_principals": CONDITION}
    assert read_texts(dict.fromkeys(forms, comment), forms) == {"resources": [], "allowed_principals": []}


@pytest.mark.parametrize("blank", ["", " \n", "# whom?"])
def test_a_condition_that_is_blank_stays_so_that_the_module_refuses_it(blank: str) -> None:
    given = read_texts({"shared_by": blank, "name": blank}, {"shared_by": CONDITION, "name": AsGiven()})
    assert given == {"shared_by": [], "name": blank}


def test_options_of_other_forms_are_left_to_the_module() -> None:
    task = {"wait": "yes", "max_removals": "5", "region": "eu-west-1", "state": "- a"}
    assert read_texts(task, {}) == task


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("- [a", 1, 5),
        ("a: b: c", 1, 5),
        ("'open", 1, 6),
        ("- a\n b: {", 2, 3),
        ("a: 1\n- b", 2, 1),
        ("{a: ]", 1, 5),
        ("- a\n- b: - c", 2, 6),
    ],
)
@pytest.mark.parametrize("form", [WORDS, ENTRIES], ids=["words", "entries"])
def test_broken_yaml_is_an_error_that_says_where(form: Form, text: str, line: int, column: int) -> None:
    with pytest.raises(ValueError, match=rf"^this text is not YAML: .* \(line {line}, column {column}\)$"):
        form.read(text)


def test_text_that_nobody_means_is_an_error() -> None:
    with pytest.raises(ValueError, match="too many brackets"):
        WORDS.read("[" * 5000)
    with pytest.raises(ValueError, match="this text is not YAML: unacceptable character"):
        WORDS.read("a\x00b")


def test_a_key_that_is_there_twice_is_an_error_that_says_where() -> None:
    text = "- lens: A\n- workload: A\n  shared_with: a\n  shared_with: b"
    with pytest.raises(ValueError, match="line 4 has the key shared_with for the second time in one entry"):
        ENTRIES.read(text)


@pytest.mark.parametrize(
    ("text", "read"), [("Payments, Search", "Payments, Search"), ("- lens: A\n- B c", [{"lens": "A"}, "B c"])]
)
def test_what_is_no_entry_is_left_to_the_module(text: str, read: Any) -> None:
    assert ENTRIES.read(text) == read


@pytest.mark.parametrize("form", [WORDS, NAMES], ids=["words", "names"])
def test_a_key_that_is_there_twice_is_an_error_in_every_list(form: Form) -> None:
    for text in ("- principal: a\n  principal: b", '[{"principal": "a", "principal": "b"}]'):
        with pytest.raises(ValueError, match="has the key principal for the second time in one entry"):
            form.read(text)


def test_bad_text_is_marked_for_the_module_and_told_with_all_other_faults() -> None:
    task = {
        "resources": [{"workload": "*", "shared_with": "- [a", "renew": ["GONE"]}],
        "shared_with": "'open",
        "permission_type": "ADMIN",
    }
    faults: list[str] = []
    read_options(many_resources(), read_texts(task, {"resources": ENTRIES, "shared_with": WORDS}), faults)
    assert [fault[: fault.index(":") + 11] for fault in faults] == [
        "resources[0].shared_with: this text",
        "resources[0].renew[0]: 'GONE' is",
        "shared_with: this text",
        "permission_type: 'ADMIN' i",
    ]


PLAN = [
    {"kind": "lens", "name": "null", "shared_with": DAN, "permission_type": None, "account_id": None},
    {"kind": "workload", "name": "🚀", "shared_with": ANA, "permission_type": "READONLY", "account_id": DAN},
]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(PLAN, id="a list"),
        pytest.param(json.dumps(PLAN, ensure_ascii=False), id="JSON"),
        pytest.param(json.dumps(PLAN, indent=4, ensure_ascii=False), id="JSON in lines"),
        pytest.param(yaml.safe_dump(PLAN, allow_unicode=True), id="YAML"),
    ],
)
def test_a_plan_means_the_same_as_text(given: Any) -> None:
    without_null = [{key: value for key, value in row.items() if value is not None} for row in PLAN]
    assert Changes().read(given) == without_null
    assert Changes().read(" ") == []
