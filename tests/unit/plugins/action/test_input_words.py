# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes that a new user makes, and the words that lead on: through the action plugin and the module as they run."""

from __future__ import annotations

import importlib
from typing import Any
from unittest import mock

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    KINDS,
    OWNER,
    Scene,
)

ROLE_OF_ANA = f"arn:aws:iam::{ANA}:role/Accept"
ELEVEN = "'11112222333' has 11 digits, and an account ID has 12: one is missing"
NO_ACCOUNT = f"every entry needs a key and a value, as in '- account_id: \"111122223333\"', unlike: {ANA}"
NAMES_ONLY = "every entry needs a key and a value, as in '- workload: Payments', unlike: Payments"


@pytest.fixture
def task(run: Any) -> Any:
    """``task(module, role, **options)``: a task as Ansible runs it, of one of our roles where one is named.

    ``variables``: those of the host.
    """

    def task(name: str, role: str = "", variables: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        plugin = importlib.import_module(f"ansible_collections.wellarchitected.sharing.plugins.action.{name}")
        of_role = mock.Mock(get_name=lambda: f"wellarchitected.sharing.{role}") if role else None
        ours = mock.Mock(args=options, async_val=0, no_log=True, environment=None, diff=False, _role=of_role)
        connection = mock.Mock(transport="local", has_native_async=False)
        action = plugin.ActionModule(ours, connection, mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock())

        def module(_plugin: Any, module_args: dict[str, Any], **_how: Any) -> dict[str, Any]:
            null = tuple(option for option, value in module_args.items() if value is None)
            return dict(run(name, null=null, **module_args))

        with (
            mock.patch.object(ActionBase, "run", return_value={}),
            mock.patch.object(ActionBase, "_execute_module", module),
            mock.patch.object(ActionBase, "_remove_tmp_path"),
        ):
            return action.run(task_vars=variables or {})

    return task


def shared(*principals: Any, **more: Any) -> list[dict[str, Any]]:
    return [{"workload": "Payments", "shared_with": list(principals), **more}]


#: what was done: (the options of wa_shares, what is said after "Nothing was changed.")
MANY: dict[str, tuple[dict[str, Any], str]] = {
    "a quoted ID with 11 digits": (
        {"resources": shared("11112222333")},
        "resources[0].shared_with[0]: '11112222333' has 11 digits, and an account ID has 12: one is missing",
    ),
    "an ID with dashes": (
        {"resources": shared("1111-2222-3333")},
        "resources[0].shared_with[0]: '1111-2222-3333' has dashes, which AWS's console puts there: write 111122223333",
    ),
    "two IDs in one item": (
        {"resources": shared(f"{ANA}, {BEN}")},
        f"resources[0].shared_with[0]: '{ANA}, {BEN}' has blanks or commas in it: each principal is an item of its own",
    ),
    "the key account": (
        {"resources": [{"workload": "Payments", "account": ANA}]},
        "resources[0].account: there is no such option (did you mean shared_with?)",
    ),
    "the key permission": (
        {"resources": shared(ANA, permission="READONLY")},
        "resources[0].permission: there is no such option (did you mean permission_type?)",
    ),
    "the key profile": (
        {"resources": [{"profile": "Critical", "shared_with": [ANA]}]},
        "resources[0].profile: there is no such option (did you mean wa_profile?)",
    ),
    "the key permission of a principal": (
        {"resources": shared({"principal": ANA, "permission": "READONLY"})},
        "resources[0].shared_with[0].permission: there is no such option (did you mean permission_type?)",
    ),
    "principal: null": (
        {"resources": shared(ANA, {"principal": None})},
        "resources[0].shared_with[1].principal: it is empty",
    ),
    "a list of names": ({"resources": ["Payments"], "shared_with": [ANA]}, f"resources[0]: {NAMES_ONLY}"),
    "a text of a name": ({"resources": "Payments", "shared_with": [ANA]}, f"resources[0]: {NAMES_ONLY}"),
    "permission_type: ADMIN in entry 57": (
        {"resources": [*shared(ANA) * 57, *shared(ANA, permission_type="ADMIN")]},
        "resources[57].permission_type: 'ADMIN' is not one of READONLY, CONTRIBUTOR",
    ),
    "permission_type in small letters": (
        {"resources": shared(ANA), "permission_type": "readonly"},
        "permission_type: 'readonly' is not one of READONLY, CONTRIBUTOR",
    ),
    "a boolean that is none, in an entry": (
        {"resources": f"- workload: Payments\n  shared_with: {ANA}\n  purge_shares: ja"},
        "resources[0].purge_shares: 'ja' is neither true nor false",
    ),
    "a boolean that is none, of the task": (
        {"resources": shared(ANA), "purge_shares": "ja"},
        "purge_shares: 'ja' is neither true nor false",
    ),
    "a number that is none": (
        {"resources": shared(ANA), "max_removals": "two"},
        "max_removals: 'two' is not a whole number",
    ),
    "a wait that is none": (
        {"resources": shared(ANA), "wait_timeout": "2m"},
        "wait_timeout: '2m' is not a whole number",
    ),
    "a concurrency that is none": (
        {"resources": shared(ANA), "concurrency": "lots"},
        "concurrency: 'lots' is not a whole number",
    ),
    "a concurrency of nothing": (
        {"resources": shared(ANA), "concurrency": 0},
        "concurrency: it is 0, and the least it can be is 1",
    ),
    "a misspelt option": (
        {"resources": shared(ANA), "max_removal": 0},
        "max_removal: there is no such option (did you mean max_removals?)",
    ),
    "a misspelt option of every AWS module": (
        {"resources": shared(ANA), "regoin": "eu-west-1"},
        "regoin: there is no such option (did you mean region or regions?)",
    ),
    "no resources at all": ({"shared_with": [ANA]}, "resources: it is missing"),
    "a status that there is not": (
        {"resources": shared(ANA, renew=["EXPIRD"])},
        "resources[0].renew[0]: 'EXPIRD' is not one of REJECTED, EXPIRED, REVOKED, FAILED",
    ),
    "a state of another module": (
        {"resources": shared(ANA, state="accepted")},
        "resources[0].state: 'accepted' is not one of present, absent",
    ),
    "a name that YAML made a boolean of": (
        {"resources": [{"lens": True, "shared_with": [ANA]}]},
        "resources[0].lens: YAML made True of it, which is no text: put it in quotes",
    ),
    "a version as a name": (
        {"resources": [{"lens": 1.1, "shared_with": [ANA]}]},
        "resources[0].lens: YAML made 1.1 of it, which is no text: put it in quotes",
    ),
    "a list of workloads in one entry": (
        {"resources": [{"workload": ["Payments", "Search"], "shared_with": [ANA]}]},
        "resources[0].workload: expected text, not a list",
    ),
    "a text that is no YAML": (
        {"resources": "- workload: [Payments"},
        "resources: this text is not YAML: while parsing a flow sequence, expected ',' or ']', but got '<stream end>' "
        "(line 1, column 22)",
    ),
    "a text in an entry that is no YAML": (
        {"resources": [{"workload": "Payments", "shared_with": "[a"}]},
        "resources[0].shared_with: this text is not YAML: while parsing a flow sequence, expected ',' or ']', but got "
        "'<stream end>' (line 1, column 3)",
    ),
    "a key twice": (
        {"resources": "- workload: A\n  workload: B"},
        "resources: line 2 has the key workload for the second time in one entry",
    ),
    "a key twice in a list of principals": (
        {"resources": shared(ANA), "shared_with": f"- principal: {ANA}\n  principal: {BEN}"},
        "shared_with: line 2 has the key principal for the second time in one entry",
    ),
}
ROLE_WORDS = {
    "shared_with": "wa_share_shared_with",
    "resources": "wa_share_resources",
    "max_removals": "wa_share_max_removals",
    "permission_type": "wa_share_permission_type",
    "purge_shares": "wa_share_purge",
    "wait_timeout": "wa_share_wait_timeout",
    "concurrency": "wa_share_concurrency",
}


@pytest.mark.parametrize("role", ["", "wa_share"], ids=["module", "role"])
@pytest.mark.parametrize("what", MANY)
def test_wa_shares_says_where_and_why(scene: Scene, task: Any, what: str, role: str) -> None:
    options, fault = MANY[what]
    scene.make()
    scene.watch()
    result = task("wa_shares", role, **options)
    place, colon, why = fault.partition(":")
    option = place.partition("[")[0]
    if role and option in options:
        place = (
            place.replace(option, ROLE_WORDS.get(option, option), 1) if option in ROLE_WORDS else f"wa_share_{place}"
        )
    assert result["msg"] == f"Nothing was changed. {place}{colon}{why}"
    assert result["failed"]
    assert "faults" not in result
    assert scene.nothing_changed()


def test_everything_that_is_wrong_is_told_at_once(scene: Scene, task: Any) -> None:
    scene.make()
    foreign = f"arn:aws:wellarchitected:us-east-1:{BEN}:lens/{'0' * 32}"
    result = task(
        "wa_shares",
        "wa_share",
        {"wa_share_max_removal": 0},
        resources=[
            {"workload": "Paymets", "shared_with": ["bob"], "permission_type": "ADMIN"},
            {"lens": "Standards", "purge_shares": "ja"},
            {"lens": foreign},
            {"workload": "Payments", "shared_with": "[a"},
            {"profile": "Critical"},
            "Search",
        ],
        shared_with=[ANA, "ou-1"],
        allowed_principals=["everyone", ANA],
        renew="GONE",
        wait_timeout="soon",
        regoin="eu-west-1",
    )
    starts = [
        "wa_share_resources[0].permission_type: 'ADMIN' is not",
        "wa_share_resources[1].purge_shares: 'ja' is neither",
        "wa_share_resources[3].shared_with: this text is not YAML",
        "wa_share_resources[4].profile: there is no such option (did you mean wa_profile?)",
        "wa_share_resources[5]: every entry needs",
        "wa_share_renew[0]: 'GONE' is not one of",
        "wa_share_wait_timeout: 'soon' is not a whole number",
        "wa_share_regoin: there is no such option (did you mean region or regions?)",
        "wa_share_max_removal: there is no such variable (did you mean wa_share_max_removals?)",
        "wa_share_allowed_principals[0]: 'everyone' is not a principal",
        "wa_share_resources[0].shared_with[0]: 'bob' is not a principal",
        "wa_share_shared_with[1]: 'ou-1' is not a principal",
        "wa_share_resources[0]: workload 'Paymets' does not exist in this account and region (did you mean 'Paym",
        "wa_share_resources[1]: lens 'Standards' does not exist",
        f"wa_share_resources[2]: lens {foreign} belongs to account {BEN}",
    ]
    assert f"{len(starts)} faults in the input" in result["msg"]
    assert [start for start in starts if start not in result["msg"]] == [], result["msg"]


@pytest.mark.parametrize("listed", [f"{ANA}, {BEN}", f"{ANA} {BEN}", f"{ANA},{BEN}\n", f"- {ANA}\n- {BEN}"], ids=repr)
def test_blanks_and_commas_are_fine_in_every_list_that_is_text(scene: Scene, run: Any, task: Any, listed: str) -> None:
    workload = scene.make()
    assert not task("wa_shares", resources=[{"workload": "Payments", "shared_with": listed}])["failed"]
    assert set(scene.shares(workload)) == {ANA, BEN}
    if not listed.startswith("-"):  # YAML is for text areas: a module by itself takes what Ansible does
        lens = scene.make(KINDS["lens"], "Standards")
        assert not run("wa_lens_share", lens="Standards", shared_with=listed)["failed"]
        assert set(scene.shares(lens)) == {ANA, BEN}


@pytest.mark.parametrize("nothing", [[], None, "", " \n", "# later\n"], ids=repr)
def test_nothing_declared_is_a_warning(scene: Scene, task: Any, nothing: Any) -> None:
    scene.watch()
    for role in ("", "wa_share"):
        result = task("wa_shares", role, resources=nothing, shared_with=[ANA])
        assert (result["failed"], result["changed"]) == (False, False)
        assert result["warnings"] == ["resources is empty: nothing is declared, so nothing was done"]
    assert scene.emulator.calls() == {}


@pytest.mark.parametrize("nothing", [{"resources": []}, {"null": ("resources",)}, {"resources": ""}], ids=repr)
def test_nothing_declared_is_a_warning_of_the_module_alone_too(run: Any, nothing: dict[str, Any]) -> None:
    result = run("wa_shares", **nothing)
    assert not result["failed"]
    assert result["warnings"] == ["resources is empty: nothing is declared, so nothing was done"]


ONE = (
    (
        {"shared_with": [{"principal": ANA, "permission_type": "READONLY"}]},
        "shared_with[0]: this module gives all principals the same permission, so each is text here: name it alone. "
        "wellarchitected.sharing.wa_shares takes a permission for each",
    ),
    ({"shared_with": ["11112222333"]}, f"shared_with[0]: {ELEVEN}"),
    ({"shared_with": [None]}, "shared_with[0]: it is empty"),
    ({"null": ("shared_with",)}, "shared_with: it is empty"),
    ({}, "shared_with: it is missing"),
    ({"shared_with": [ANA], "state": "shared"}, "state: 'shared' is not one of present, absent"),
    ({"shared_with": [ANA], "wait_timeout": "long"}, "wait_timeout: 'long' is not a whole number"),
    ({"shared_with": [ANA], "account": BEN}, "account: there is no such option (did you mean shared_with?)"),
    (
        {"shared_with": [ANA], "principals": [ANA]},
        "principals: expected a dictionary, unlike: ['111122223333']",
    ),
    (
        {"workload": "Pay*", "shared_with": [ANA]},
        "workload 'Pay*' does not exist in this account and region; this module takes one resource by its whole name: "
        "wildcards are for wellarchitected.sharing.wa_shares",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("options", "fault"), ONE, ids=[str(options) for options, _fault in ONE])
def test_a_module_for_one_resource_says_where_and_why(scene: Scene, run: Any, options: Any, fault: str) -> None:
    scene.make()
    scene.watch()
    result = run("wa_workload_share", **{"workload": "Payments", **options})
    assert result["msg"] == f"Nothing was changed. {fault}"
    assert "faults" not in result
    assert scene.nothing_changed()


RECIPIENT: tuple[tuple[dict[str, Any], str, str], ...] = (
    (
        {"shared_by": []},
        "shared_by: it is empty, so no invitation can be meant: name the accounts that share",
        "wa_accept_shared_by: it is empty, so no invitation can be meant: name the accounts that share",
    ),
    (
        {"shared_by": ["11112222333"]},
        "shared_by[0]: '11112222333' has 11 digits, and an account ID has 12: one is missing",
        "wa_accept_shared_by[0]: '11112222333' has 11 digits, and an account ID has 12: one is missing",
    ),
    (
        {"shared_by": [OWNER], "accounts": [{"account_id": "foo", "role_arn": "foo"}]},
        "accounts[0].role_arn: 'foo' is not the ARN of an IAM role (arn:aws:iam::ACCOUNT:role/NAME)",
        "wa_accept_role_arn: 'foo' is not the ARN of an IAM role (arn:aws:iam::ACCOUNT:role/NAME)",
    ),
    (
        {"shared_by": [OWNER], "resource_type": ["lenses"]},
        "resource_type[0]: 'lenses' is not one of workload, lens, template, profile",
        "wa_accept_resource_types[0]: 'lenses' is not one of workload, lens, template, profile",
    ),
    (
        {"shared_by": [OWNER], "wait_timeout": "10s"},
        "wait_timeout: '10s' is not a whole number",
        "wa_accept_wait_timeout: '10s' is not a whole number",
    ),
    (
        {"shared_by": [OWNER], "accounts": [ANA]},
        f"accounts[0]: {NO_ACCOUNT}",
        f"wa_accept_role_arn: {NO_ACCOUNT}",
    ),
    (
        {"shared_by": [OWNER], "accounts": [{"id": ANA, "role": ROLE_OF_ANA}]},
        "2 faults in the input",
        "2 faults in the input",
    ),
    (
        {"owner": OWNER},
        "owner: there is no such option (did you mean shared_by?)",
        "wa_accept_owner: there is no such option (did you mean shared_by?)",
    ),
    (
        {"shared_by": [OWNER], "state": "ACCEPT"},
        "state: 'ACCEPT' is not one of accepted, rejected",
        "wa_accept_state: 'ACCEPT' is not one of accepted, rejected",
    ),
)


@pytest.mark.parametrize(("options", "module", "role"), RECIPIENT, ids=[str(row[0]) for row in RECIPIENT])
def test_the_recipient_s_side_says_where_and_why(
    scene: Scene, task: Any, options: dict[str, Any], module: str, role: str
) -> None:
    scene.watch()
    for name, fault in (("", module), ("wa_accept", role)):
        result = task("wa_share_invitation", name, **options)
        assert result["msg"].startswith(f"Nothing was changed. {fault}")
        assert result["failed"]
    assert scene.emulator.calls() == {}


def test_every_fault_of_the_recipient_s_side_is_told_at_once(scene: Scene, task: Any) -> None:
    result = task(
        "wa_share_invitation",
        shared_by=["bob"],
        resource_type=["book"],
        accounts=[{"account_id": "12", "role_arn": "foo"}],
        shared=[{}],
        wait_timeout="x",
    )
    assert "6 faults in the input" in result["msg"]
    for place in ("shared_by[0]", "resource_type[0]", "accounts[0].account_id", "accounts[0].role_arn", "shared[0]"):
        assert f"{place}: " in result["msg"]


def test_an_account_without_a_role_is_told_which_variable_sets_it(scene: Scene, run: Any) -> None:
    result = run("wa_share_invitation", shared_by=[OWNER], accounts=[{"account_id": ANA}])
    assert (
        f"There is no role to assume in {ANA}, and the credentials are those of {OWNER}: set the role_arn of the "
        "account (of the inventory's host: wa_accept_role_arn or wa_share_role_arn)" in result["msg"]
    )


def test_a_pattern_of_info_that_matches_nothing_is_a_warning_as_wa_shares_has_it(scene: Scene, run: Any) -> None:
    scene.make()
    found = run("wa_share_info", workload=["Nope*", "Pay*"])
    assert found["warnings"] == ["workload[0]: no workload of this account and region matches 'Nope*'"]
    assert [row["resource"]["name"] for row in found["resources"]] == ["Payments"]
    said = run("wa_shares", resources=[{"workload": "Nope*", "shared_with": [ANA]}])
    assert said["warnings"] == ["resources[0]: no workload of this account and region matches 'Nope*'"]
    assert run("wa_share_info", lens=["*"])["warnings"] == ["lens[0]: no lens of this account and region matches '*'"]


INFO = (
    ({"status": ["PENDNG"]}, "status[0]: 'PENDNG' is not one of "),
    ({"shared_with": ["bob"], "workload": ["Paymets"], "concurrency": "x"}, "3 faults in the input"),
    ({"workloads": ["Payments"]}, "workloads: there is no such option (did you mean workload?)"),
    ({"profile_name": "x", "lens": ["arn:aws:s3:::x"]}, "2 faults in the input"),
)


@pytest.mark.parametrize(("options", "fault"), INFO, ids=str)
def test_what_is_wrong_with_a_question(scene: Scene, run: Any, options: dict[str, Any], fault: str) -> None:
    scene.make()
    result = run("wa_share_info", **options)
    assert result["failed"]
    assert result["msg"].startswith(fault)


def test_organization_sharing_says_what_it_takes(scene: Scene, run: Any) -> None:
    scene.watch()
    for options, fault in (
        ({"state": "ENABLED"}, "state: 'ENABLED' is not one of enabled, disabled"),
        ({"state": True}, "state: YAML made True of it, which is no text: put it in quotes"),
        ({"state": "enabled", "enabled": True}, "enabled: there is no such option, only state"),
    ):
        assert run("wa_organization_sharing", **options)["msg"].startswith(f"Nothing was changed. {fault}")
    assert scene.emulator.calls() == {}


def test_faults_are_told_though_there_is_no_region_and_though_nothing_can_be_listed(scene: Scene, run: Any) -> None:
    scene.make()
    options: dict[str, Any] = {"resources": [{"workload": "Payments", "shared_with": ["bob"]}]}
    both = run("wa_shares", without="region", **options, purge_shares="ja")["msg"]
    assert "purge_shares: 'ja'" in both
    assert "There is no region" in both
    scene.emulator.fault("access_denied", operation="ListWorkloads")
    assert "'bob' is not a principal" in run("wa_shares", **options)["msg"]
