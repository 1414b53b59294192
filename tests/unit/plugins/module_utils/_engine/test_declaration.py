# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options turned into entries, and entries into one declaration per resource."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.declaration import (
    Declaration,
    Entry,
    guard_allowed,
    merge_entries,
    parse_entries,
    parse_entry,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.settings import Defaults
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.catalogue import Catalogue, look_up
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import Faults, InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.kinds import KINDS, Kind
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.places import Scope
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.principals import (
    parse_principal,
    parse_principals,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.resources import Resource
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.shares import RENEWED_BY_DEFAULT

from ..examples import (
    ANA,
    ANA_ROLE,
    ANA_ROOT,
    ANA_USER,
    BEN,
    CLEO,
    ID,
    ORGANIZATION,
    ORGANIZATION_ARN,
    OTHER_ID,
    OU,
    SCOPE,
    arn,
    grant,
    resource,
)

Options = dict[str, Any]

EVERY_OPTION = {kind.option: kind for kind in KINDS.values()}
every_option = pytest.mark.parametrize(("option", "kind"), EVERY_OPTION.items(), ids=EVERY_OPTION)
without_permission = pytest.mark.parametrize(
    ("option", "kind"),
    [(option, kind) for option, kind in EVERY_OPTION.items() if not kind.has_permission],
    ids=[option for option, kind in EVERY_OPTION.items() if not kind.has_permission],
)


def parse(defaults: Mapping[str, Any] | None = None, **options: Any) -> Entry:
    """An entry of wa_shares."""
    return parse_entry(options, Defaults(**(defaults or {})), SCOPE, wildcards=True)


def all_entries(resources: Any, defaults: Defaults, scope: Scope) -> tuple[Any, ...]:
    """The entries of wa_shares, where nothing is wrong with them."""
    found = Faults()
    entries = parse_entries(resources, defaults, scope, found)
    found.refuse()
    return entries


def faults(defaults: Mapping[str, Any] | None = None, **options: Any) -> tuple[str, ...]:
    """Why an entry is refused."""
    with pytest.raises(InvalidInput) as refused:
        parse(defaults, **options)
    return refused.value.faults


def told(entry: Entry) -> list[tuple[str, str | None]]:
    """Each grant as its principal's text and the permission."""
    return [(grant.principal.text, grant.permission) for grant in entry.grants]


# What an entry says


@every_option
def test_each_kind_is_named_by_its_option(option: str, kind: Kind) -> None:
    entry = parse(**{option: "One", "shared_with": [ANA]})
    assert (entry.reference.kind, entry.reference.name) == (kind, "One")


def test_principals_are_granted_in_the_order_declared_as_they_are_written() -> None:
    shared_with = [OU, ANA_USER, ORGANIZATION_ARN, BEN, ANA_ROLE]
    assert told(parse(lens="One", shared_with=shared_with)) == [(text, None) for text in shared_with]


def test_a_number_of_12_digits_is_a_principal() -> None:
    assert told(parse(lens="One", shared_with=[111122223333])) == [("111122223333", None)]


def test_a_principal_may_be_a_dictionary() -> None:
    entry = parse(workload="One", shared_with=[{"principal": ANA, "permission_type": "CONTRIBUTOR"}])
    assert told(entry) == [(ANA, "CONTRIBUTOR")]


@without_permission
def test_a_principal_may_be_a_dictionary_where_there_is_no_permission(option: str, kind: Kind) -> None:
    assert told(parse(**{option: "One", "shared_with": [{"principal": ANA}]})) == [(ANA, None)]


@pytest.mark.parametrize(
    ("task", "entry", "principal", "permission"),
    [
        (None, None, None, "READONLY"),
        ("CONTRIBUTOR", None, None, "CONTRIBUTOR"),
        ("CONTRIBUTOR", "READONLY", None, "READONLY"),
        ("READONLY", "CONTRIBUTOR", None, "CONTRIBUTOR"),
        (None, None, "CONTRIBUTOR", "CONTRIBUTOR"),
        ("READONLY", "READONLY", "CONTRIBUTOR", "CONTRIBUTOR"),
        ("CONTRIBUTOR", "CONTRIBUTOR", "READONLY", "READONLY"),
    ],
)
def test_the_permission_is_the_principals_else_the_entrys_else_the_tasks_else_readonly(
    task: str | None, entry: str | None, principal: str | None, permission: str
) -> None:
    shared_with = [{"principal": ANA, "permission_type": principal}]
    parsed = parse({"permission_type": task}, workload="One", permission_type=entry, shared_with=shared_with)
    assert told(parsed) == [(ANA, permission)]


@without_permission
def test_the_tasks_permission_is_for_the_workloads_among_its_entries(option: str, kind: Kind) -> None:
    assert told(parse({"permission_type": "CONTRIBUTOR"}, **{option: "One", "shared_with": [ANA]})) == [(ANA, None)]


def test_an_entry_without_principals_has_those_of_the_task() -> None:
    assert told(parse({"shared_with": [ANA, BEN]}, lens="One")) == [(ANA, None), (BEN, None)]


def test_an_entrys_own_principals_take_the_place_of_the_tasks() -> None:
    assert told(parse({"shared_with": [ANA, BEN]}, lens="One", shared_with=[CLEO])) == [(CLEO, None)]


def test_an_entrys_own_empty_list_takes_the_place_of_the_tasks() -> None:
    assert parse({"shared_with": [ANA]}, lens="One", shared_with=[], purge_shares=True).grants == ()


def test_absent_lists_who_is_to_go() -> None:
    entry = parse(lens="One", state="absent", shared_with=[ANA, OU])
    assert [grant.principal.text for grant in entry.removals] == [ANA, OU]
    assert entry.grants == ()


def test_absent_takes_the_principals_of_the_task() -> None:
    assert parse({"shared_with": [ANA]}, lens="One", state="absent").removals == (grant(ANA),)


@pytest.mark.parametrize("purge", [None, False, True])
def test_purge_is_the_entrys_or_left_to_the_task(purge: bool | None) -> None:
    assert parse({"purge_shares": True}, lens="One", shared_with=[ANA], purge_shares=purge).purge is purge


@pytest.mark.parametrize("statuses", [None, [], ["REJECTED", "FAILED"]])
def test_renew_is_the_entrys_or_left_to_the_task(statuses: list[str] | None) -> None:
    expected = None if statuses is None else set(statuses)
    assert parse({"renew": ["EXPIRED"]}, lens="One", shared_with=[ANA], renew=statuses).renew == expected


@pytest.mark.parametrize("source", ["entry", "task"])
def test_nobody_may_be_declared_where_everyone_else_is_purged(source: str) -> None:
    own = {"purge_shares": True} if source == "entry" else {}
    task = {"purge_shares": True} if source == "task" else {}
    assert parse(task, lens="One", shared_with=[], **own).grants == ()


@pytest.mark.parametrize(
    "shared_with",
    [
        pytest.param([ANA, ANA], id="the same form"),
        pytest.param([ANA, ANA_ROOT], id="two forms"),
        pytest.param([ANA, {"principal": ANA_ROOT}], id="as a dictionary"),
        pytest.param([ANA, {"principal": ANA, "permission_type": "READONLY"}], id="with the permission said once"),
    ],
)
def test_a_principal_listed_twice_is_one_as_it_was_written_first(shared_with: list[Any]) -> None:
    assert told(parse(workload="One", shared_with=shared_with)) == [(ANA, "READONLY")]


def test_a_principal_with_two_permissions_is_one_where_it_is_to_go() -> None:
    shared_with = [ANA, {"principal": ANA, "permission_type": "CONTRIBUTOR"}]
    assert parse(workload="One", state="absent", shared_with=shared_with).removals == (grant(ANA, "READONLY"),)


def test_a_module_for_one_resource_takes_no_wildcards() -> None:
    options = {"workload": "What?", "shared_with": [ANA]}
    assert parse_entry(options, Defaults(), SCOPE).reference.is_pattern is False
    assert parse_entry(options, Defaults(), SCOPE, wildcards=True).reference.is_pattern is True


# What is refused: one fault each

MISSING = "shared_with is missing"
EMPTY = "shared_with may be empty only with purge_shares, which then removes every share"
BOTH = "state=absent removes the principals listed and purge_shares those not listed: use one of them"
ONE_OF = "exactly one of workload, lens, template, wa_profile must name the resource, not {} of them"


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        pytest.param({"shared_with": [ANA]}, ONE_OF.format(0), id="no resource"),
        pytest.param({"lens": "", "shared_with": [ANA]}, "lens is empty", id="a resource without a name"),
        pytest.param({"lens": "A", "workload": "B", "shared_with": [ANA]}, ONE_OF.format(2), id="two resources"),
        pytest.param({"lens": "A"}, MISSING, id="no principals"),
        pytest.param({"lens": "A", "shared_with": []}, EMPTY, id="an empty list"),
        pytest.param({"lens": "A", "shared_with": [], "purge_shares": False}, EMPTY, id="an empty list, no purge"),
        pytest.param({"lens": "A", "shared_with": [], "state": "absent"}, EMPTY, id="an empty list to be absent"),
        pytest.param(
            {"lens": "A", "shared_with": [ANA], "state": "absent", "purge_shares": True}, BOTH, id="absent and purge"
        ),
        pytest.param(
            {"lens": arn("template"), "shared_with": [ANA]},
            f"{arn('template')} is the ARN of a review template: name it with template",
            id="an ARN of another kind",
        ),
        pytest.param(
            {"workload": "A", "shared_with": [{"principal": ANA, "permission_type": "OWNER"}]},
            "shared_with[0].permission_type: 'OWNER' is not one of READONLY, CONTRIBUTOR",
            id="a permission that there is not",
        ),
        pytest.param(
            {"workload": "A", "shared_with": [BEN, {"account": ANA}]},
            "shared_with[1].account: there is no such option (did you mean principal?)",
            id="a dictionary with another key",
        ),
        pytest.param(
            {"workload": "A", "shared_with": [{"principal": ANA, "permission": "READONLY"}]},
            "shared_with[0].permission: there is no such option (did you mean permission_type?)",
            id="a dictionary with one key too many",
        ),
        pytest.param(
            {"workload": "A", "shared_with": [{"permission_type": "READONLY"}]},
            "shared_with[0].principal: it is missing",
            id="a dictionary without a principal",
        ),
        pytest.param(
            {"workload": "A", "shared_with": [ANA, {"principal": ANA_ROOT, "permission_type": "CONTRIBUTOR"}]},
            f"shared_with[1]: {ANA_ROOT} is listed twice, with READONLY and with CONTRIBUTOR",
            id="two permissions for one principal",
        ),
    ],
)
def test_an_entry_is_refused_with_the_reason(options: Options, fault: str) -> None:
    assert faults(**options) == (fault,)


@pytest.mark.parametrize("purge", [None, False])
def test_absent_without_principals_is_refused_though_the_task_purges(purge: bool | None) -> None:
    assert faults({"purge_shares": True}, lens="A", shared_with=[], state="absent", purge_shares=purge) == (EMPTY,)


def test_nobody_declared_is_refused_where_the_entry_takes_the_tasks_purge_back() -> None:
    assert faults({"purge_shares": True}, lens="A", shared_with=[], purge_shares=False) == (EMPTY,)


@without_permission
@pytest.mark.parametrize("permission", ["READONLY", "CONTRIBUTOR"])
def test_a_permission_is_for_workloads_only(option: str, kind: Kind, permission: str) -> None:
    fault = f"permission_type is for workloads only: a {kind.label} has no permission"
    assert faults(**{option: "A", "shared_with": [ANA], "permission_type": permission}) == (fault,)
    in_list = [{"principal": ANA, "permission_type": permission}]
    assert faults(**{option: "A", "shared_with": in_list}) == (f"shared_with[0]: {fault}",)


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (None, "shared_with[1]: it is empty: expected an account ID"),
        ("ana", "shared_with[1]: 'ana' is not a principal"),
        (["111122223333"], "shared_with[1]: \"['111122223333']\" is not a principal"),
        ({"principal": None}, "shared_with[1].principal: it is empty"),
    ],
    ids=str,
)
def test_what_is_no_principal_is_refused_with_its_place(item: Any, says: str) -> None:
    (fault,) = faults(lens="A", shared_with=[ANA, item])
    assert fault.startswith(says)


@pytest.mark.parametrize("number", [1402433619, "1402433619"], ids=["number", "text"])
def test_an_octal_account_id_is_told_to_be_quoted(number: Any) -> None:
    (fault,) = faults(lens="A", shared_with=[number])
    assert "Put account IDs in quotes" in fault


# What is refused: everything at once


def test_every_bad_principal_of_a_list_is_named() -> None:
    shared_with = ["ana", ANA, 1402433619, {"principal": BEN, "who": BEN}, OU, "*"]
    assert [fault.split(" ")[:2] for fault in faults(lens="A", shared_with=shared_with)] == [
        ["shared_with[0]:", "'ana'"],
        ["shared_with[2]:", "'1402433619'"],
        ["shared_with[3].who:", "there"],
        ["shared_with[5]:", "'*'"],
    ]


def test_every_fault_of_an_entry_is_told() -> None:
    found = faults(
        template=arn("template", region="us-east-1"),
        shared_with=[{"principal": "ana", "permission_type": "OWNER"}],
        permission_type="CONTRIBUTOR",
        state="absent",
        purge_shares=True,
    )
    assert [re.sub(r" .*?(us-east-1,|absent|workloads|'OWNER'|'ana').*", r" \1", fault) for fault in found] == [
        f"{arn('template', region='us-east-1')} us-east-1,",
        BOTH,
        "permission_type workloads",
        "shared_with[0].permission_type: 'OWNER'",
        "shared_with[0].principal: 'ana'",
    ]


def test_every_fault_of_every_entry_is_told_with_its_place() -> None:
    resources: list[Options] = [
        {"shared_with": [ANA]},
        {"lens": "A", "shared_with": [ANA]},
        {"workload": "B", "shared_with": ["ana", BEN, "ben"]},
        {"wa_profile": "C"},
    ]
    with pytest.raises(InvalidInput) as refused:
        all_entries(resources, Defaults(), SCOPE)
    assert [fault.partition(" is not a principal")[0] for fault in refused.value.faults] == [
        f"resources[0]: {ONE_OF.format(0)}",
        "resources[2].shared_with[0]: 'ana'",
        "resources[2].shared_with[2]: 'ben'",
        f"resources[3]: {MISSING}",
    ]


def test_the_message_is_the_one_fault_or_numbers_them() -> None:
    assert str(InvalidInput(["A is wrong."])) == "A is wrong."
    assert str(InvalidInput(["A.", "B."])) == "2 faults in the input:\n(1) A.\n(2) B."


def test_the_same_fault_is_told_once() -> None:
    assert InvalidInput(["A.", "B.", "A."]).faults == ("A.", "B.")


def test_entries_without_fault_come_in_their_order_with_their_place() -> None:
    entries = all_entries([{"lens": "A*"}, {"workload": "B"}], Defaults([ANA]), SCOPE)
    assert [(entry.where, entry.reference.name) for entry in entries] == [
        ("resources[0]", "A*"),
        ("resources[1]", "B"),
    ]
    assert entries[0].reference.is_pattern is True


# Guard rails


def test_a_list_of_principals_has_each_once() -> None:
    assert [each.text for each in parse_principals("allowed_principals", [OU, ANA, ANA_ROOT, OU])] == [OU, ANA]


def test_a_list_of_principals_is_refused_with_every_bad_one() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_principals("allowed_principals", ["ana", ANA, 1402433619])
    assert [fault.split(" ")[:2] for fault in refused.value.faults] == [
        ["allowed_principals[0]:", "'ana'"],
        ["allowed_principals[2]:", "'1402433619'"],
    ]


def entries_of(*resources: Options) -> tuple[Entry, ...]:
    return all_entries(resources, Defaults(), SCOPE)


def test_the_guard_rail_names_everyone_not_allowed_and_where() -> None:
    entries = entries_of({"lens": "A", "shared_with": [ANA_USER, BEN]}, {"workload": "B", "shared_with": [OU, ANA]})
    with pytest.raises(InvalidInput) as refused:
        guard_allowed(entries, frozenset([parse_principal(ANA)]))
    assert refused.value.faults == (
        f"allowed_principals: {BEN} is not in it, but in resources[0]",
        f"allowed_principals: {OU} is not in it, but in resources[1]",
    )


@pytest.mark.parametrize(
    "allowed",
    [None, frozenset(map(parse_principal, [ANA_ROOT, ORGANIZATION]))],
    ids=["no guard rail", "everyone allowed"],
)
def test_the_guard_rail_lets_what_is_allowed_through(allowed: frozenset[Any] | None) -> None:
    guard_allowed(entries_of({"lens": "A", "shared_with": [ANA, ANA_ROLE, ORGANIZATION_ARN]}), allowed)


def test_who_is_to_go_need_not_be_allowed() -> None:
    guard_allowed(entries_of({"lens": "A", "state": "absent", "shared_with": [BEN]}), frozenset())


def test_an_empty_guard_rail_allows_nobody() -> None:
    with pytest.raises(InvalidInput):
        guard_allowed(entries_of({"lens": "A", "shared_with": [ANA]}), frozenset())


# Entries that name the same resource

CATALOGUES = {name: Catalogue((resource(name, ID, "One"), resource(name, OTHER_ID, "Two"))) for name in KINDS}


def declare(
    *resources: Options, purge_shares: bool = False, renew: tuple[str, ...] = RENEWED_BY_DEFAULT, **task: Any
) -> tuple[Declaration, ...]:
    """The declarations of a task of wa_shares, where each kind has the resources One and Two."""
    defaults = Defaults(purge_shares=purge_shares, renew=frozenset(renew), **task)
    resolved: list[tuple[Entry, Resource]] = []
    for entry in all_entries(resources, defaults, SCOPE):
        reference = entry.reference
        known = (reference.resource,) if reference.resource else look_up(reference, CATALOGUES[reference.kind.name])
        resolved.extend((entry, each) for each in known)
    return merge_entries(resolved, defaults)


def contradictions(*resources: Options, **task: Any) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        declare(*resources, **task)
    start = f"resources[0] and resources[1] name the same workload 'One' ({ID}), but contradict each other: "
    assert all(fault.startswith(start) for fault in refused.value.faults)
    return [fault[len(start) :] for fault in refused.value.faults]


def workload(text: str = "One", **options: Any) -> Options:
    return {"workload": text, "shared_with": [ANA], **options}


def test_different_resources_have_a_declaration_each_in_the_order_first_named() -> None:
    declarations = declare(workload("Two"), {"lens": "One", "shared_with": [BEN]}, workload("One"), workload("Two"))
    assert [(each.resource.kind.name, each.resource.name) for each in declarations] == [
        ("workload", "Two"),
        ("lens", "One"),
        ("workload", "One"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("One", arn("workload"), id="name and ARN"),
        pytest.param(arn("workload"), "One", id="ARN and name"),
        pytest.param("One", ID, id="name and ID"),
        pytest.param(ID, "One", id="ID and name"),
        pytest.param("One", "One", id="name twice"),
        pytest.param("One", "On*", id="name and wildcards"),
    ],
)
def test_entries_that_name_the_same_workload_are_one_with_all_that_is_known(one: str, other: str) -> None:
    (declaration,) = declare(workload(one, shared_with=[ANA]), workload(other, shared_with=[BEN, ANA_ROOT]))
    assert declaration.resource == resource("workload", ID, "One")
    assert [each.principal.text for each in declaration.wanted.grants] == [ANA, BEN]


@pytest.mark.parametrize("option", ["lens", "template", "wa_profile"])
def test_entries_that_name_the_same_resource_by_name_and_arn_are_one(option: str) -> None:
    name = EVERY_OPTION[option].name
    (declaration,) = declare({option: arn(name), "shared_with": [ANA]}, {option: "One", "shared_with": [BEN]})
    assert declaration.resource == resource(name, ID, "One")
    assert len(declaration.wanted.grants) == 2


@pytest.mark.parametrize(
    ("named", "by_text"), [(["One"], False), ([ID], True), ([ID, arn("workload")], True), ([ID, "One"], False)]
)
def test_only_a_name_shows_that_the_caller_owns_the_resource(named: list[str], by_text: bool) -> None:
    (declaration,) = declare(*(workload(text) for text in named))
    assert declaration.by_text is by_text


def test_wildcards_declare_the_same_of_every_match() -> None:
    declarations = declare({"lens": "*", "shared_with": [ANA]})
    assert [each.resource.name for each in declarations] == ["One", "Two"]
    assert declarations[0].wanted == declarations[1].wanted


def test_present_and_absent_of_different_principals_are_one_declaration() -> None:
    (declaration,) = declare(workload(), workload(state="absent", shared_with=[BEN]))
    assert declaration.wanted.grants == (grant(ANA, "READONLY"),)
    assert declaration.wanted.removals == (parse_principal(BEN),)


def test_who_is_to_go_twice_goes_once() -> None:
    (declaration,) = declare(
        workload(state="absent", shared_with=[ANA]), workload(state="absent", shared_with=[BEN, ANA_ROOT])
    )
    assert declaration.wanted.removals == (parse_principal(ANA), parse_principal(BEN))


@pytest.mark.parametrize(
    ("task", "entries", "purge"),
    [
        (False, [None], False),
        (True, [None], True),
        (True, [False], False),
        (False, [True], True),
        (False, [True, None], True),
        (False, [None, True], True),
        (True, [False, None], False),
        (False, [None, None], False),
    ],
)
def test_purge_is_what_any_entry_says_else_what_the_task_says(
    task: bool, entries: list[bool | None], purge: bool
) -> None:
    (declaration,) = declare(*(workload(purge_shares=each) for each in entries), purge_shares=task)
    assert declaration.wanted.purge is purge


def test_the_tasks_purge_is_not_for_a_resource_of_which_shares_are_only_removed() -> None:
    (declaration,) = declare(workload(state="absent"), purge_shares=True)
    assert not declaration.wanted.purge


def test_the_tasks_purge_is_for_a_resource_of_which_some_are_declared_and_some_removed() -> None:
    (declaration,) = declare(workload(), workload(state="absent", shared_with=[BEN]), purge_shares=True)
    assert declaration.wanted.purge


@pytest.mark.parametrize(
    ("entries", "renew"),
    [
        ([None], {"FAILED"}),
        ([["EXPIRED"]], {"EXPIRED"}),
        ([[]], set()),
        ([["EXPIRED"], None], {"EXPIRED"}),
        ([None, []], set()),
        ([["EXPIRED", "FAILED"], ["FAILED", "EXPIRED"]], {"EXPIRED", "FAILED"}),
    ],
)
def test_renew_is_what_any_entry_says_else_what_the_task_says(entries: list[list[str] | None], renew: set[str]) -> None:
    (declaration,) = declare(*(workload(renew=each) for each in entries), renew=("FAILED",))
    assert declaration.wanted.renew == renew


def test_an_entry_that_only_removes_says_nothing_about_purge_and_renew() -> None:
    (declaration,) = declare(
        workload(purge_shares=True, renew=["EXPIRED"]),
        workload(state="absent", shared_with=[BEN], purge_shares=False, renew=["FAILED"]),
    )
    assert declaration.wanted.purge
    assert declaration.wanted.renew == {"EXPIRED"}


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        pytest.param(
            workload(),
            workload(ID, shared_with=[ANA_ROOT], permission_type="CONTRIBUTOR"),
            f"{ANA_ROOT} is to have READONLY and CONTRIBUTOR",
            id="two permissions",
        ),
        pytest.param(
            workload(), workload(ID, state="absent"), f"{ANA} is to be present and absent", id="present and absent"
        ),
        pytest.param(
            workload(state="absent", shared_with=[BEN, ANA_ROOT]),
            workload(arn("workload")),
            f"{ANA_ROOT} is to be present and absent",
            id="absent and present",
        ),
        pytest.param(
            workload(purge_shares=True),
            workload(shared_with=[BEN], purge_shares=False),
            "purge_shares is True and False",
            id="purge",
        ),
        pytest.param(
            workload(renew=["EXPIRED"]),
            workload(shared_with=[BEN], renew=["REJECTED", "FAILED"]),
            "renew is ['EXPIRED'] and ['REJECTED', 'FAILED']",
            id="renew",
        ),
        pytest.param(
            workload("O*", renew=[]), workload(renew=["EXPIRED"]), "renew is [] and ['EXPIRED']", id="with wildcards"
        ),
    ],
)
def test_entries_that_contradict_each_other_are_refused_by_index(one: Options, other: Options, what: str) -> None:
    assert contradictions(one, other) == [what]


def test_every_contradiction_is_told() -> None:
    assert contradictions(
        workload(shared_with=[ANA, BEN], purge_shares=True, renew=[]),
        workload(ID, shared_with=[ANA, BEN], permission_type="CONTRIBUTOR", purge_shares=False, renew=["FAILED"]),
    ) == [
        f"{ANA} is to have READONLY and CONTRIBUTOR",
        f"{BEN} is to have READONLY and CONTRIBUTOR",
        "purge_shares is True and False",
        "renew is [] and ['FAILED']",
    ]


def test_the_contradictions_of_every_resource_are_told() -> None:
    with pytest.raises(InvalidInput) as refused:
        declare(
            workload("*"),
            workload("One", state="absent"),
            {"lens": "One", "shared_with": [ANA]},
            workload("Two", permission_type="CONTRIBUTOR"),
        )
    assert refused.value.faults == (
        f"resources[0] and resources[1] name the same workload 'One' ({ID}), but contradict each other: "
        f"{ANA} is to be present and absent",
        f"resources[0] and resources[3] name the same workload 'Two' ({OTHER_ID}), but contradict each other: "
        f"{ANA} is to have READONLY and CONTRIBUTOR",
    )


# A declaration written out


def test_a_fault_in_the_tasks_own_list_is_told_once_and_stands_there() -> None:
    with pytest.raises(InvalidInput) as refused:
        all_entries([{"lens": "A"}, {"lens": "B"}], Defaults(["ana"]), SCOPE)
    (fault,) = refused.value.faults
    assert fault.startswith("shared_with[0]: 'ana' is not a principal")


def test_a_permission_in_the_tasks_own_list_is_for_the_workloads() -> None:
    defaults = Defaults([{"principal": ANA, "permission_type": "CONTRIBUTOR"}])
    workload, lens = all_entries([{"workload": "A"}, {"lens": "B"}], defaults, SCOPE)
    assert workload.grants[0].permission == "CONTRIBUTOR"
    assert lens.grants[0].permission is None


def test_nobody_declared_by_the_tasks_purge_contradicts_an_entry_that_keeps_the_others() -> None:
    resources: list[Options] = [
        {"lens": arn("lens"), "shared_with": []},
        {"lens": arn("lens"), "shared_with": [ANA], "purge_shares": False},
    ]
    defaults = Defaults(purge_shares=True)
    entries = all_entries(resources, defaults, SCOPE)
    with pytest.raises(InvalidInput, match="purge_shares is True and False"):
        merge_entries([(entry, entry.reference.resource) for entry in entries], defaults)


def test_what_any_reference_says_of_a_resource_is_known() -> None:
    resources: list[Options] = [
        {"workload": ID, "shared_with": [ANA]},
        {"workload": arn("workload"), "shared_with": [BEN]},
    ]
    entries = all_entries(resources, Defaults(), SCOPE)
    (declaration,) = merge_entries([(entry, entry.reference.resource) for entry in entries], Defaults())
    assert declaration.resource.arn == arn("workload")
    assert declaration.resource.owner is not None
