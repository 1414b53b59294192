# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts of an inventory as accounts: what modules get, and what is wrong, each fault with its host and variable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils.inventory_accounts import (
    Variables,
    beyond,
    differing_settings,
    is_slice,
    principals_of,
    purges,
    read_accounts,
)

DATA, SEARCH = "222233334444", "333344445555"
ROLE = f"arn:aws:iam::{DATA}:role/Accept"
NAMES = Variables("my_role", "my_secret")


class Hosts(dict[str, dict[str, Any]]):
    """Hosts with their variables. A text with a brace in it cannot be templated."""

    def variables(self, host: str) -> Mapping[str, Any]:
        return self.get(host, {})

    def text(self, host: str, name: str) -> str:
        value = self.variables(host).get(name)
        if "{" in str(value):
            raise ValueError("it cannot be templated: 'nope' is undefined")
        return "" if value is None else str(value).strip()


def read(hosts: dict[str, dict[str, Any]], names: Variables = NAMES) -> list[dict[str, Any]]:
    return read_accounts(hosts, Hosts(hosts), names)


def faults(hosts: dict[str, dict[str, Any]], names: Variables = NAMES) -> tuple[str, ...]:
    with pytest.raises(InvalidInput) as error:
        read(hosts, names)
    return error.value.faults


def test_accounts_are_called_as_their_hosts_and_have_what_the_variables_say() -> None:
    hosts: dict[str, dict[str, Any]] = {
        "team-data": {"aws_account_id": DATA, "my_role": ROLE, "my_secret": "x"},
        "team-search": {"aws_account_id": int(SEARCH), "my_role": "", "my_secret": None, "other": "y"},
    }
    assert read(hosts) == [
        {"account_id": DATA, "role_arn": ROLE, "external_id": "x", "name": "team-data"},
        {"account_id": SEARCH, "name": "team-search"},
    ]
    assert read_accounts(["team-data"], Hosts(hosts), Variables()) == [{"account_id": DATA, "name": "team-data"}]


@pytest.mark.parametrize(
    "role", [ROLE, f"arn:aws-cn:iam::{DATA}:role/a/path/Accept", f"arn:aws-us-gov:iam::{DATA}:role/Accept"]
)
def test_roles_of_every_partition_are_roles(role: str) -> None:
    hosts = {"team-data": {"aws_account_id": DATA, "my_role": role}}
    assert read(hosts)[0]["role_arn"] == role


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({}, "aws_account_id is missing"),
        ({"aws_account_id": None, "my_role": ROLE}, "aws_account_id is missing"),
        ({"aws_account_id": " "}, "aws_account_id is missing"),
        (
            {"aws_account_id": 1402433619},
            "aws_account_id, 1402433619, is not an account ID of 12 digits. Put account IDs in quotes: YAML reads an "
            "unquoted number that starts with 0 as another one",
        ),
        ({"aws_account_id": "prod"}, "aws_account_id, prod, is not an account ID of 12 digits."),
        ({"aws_account_id": "٢" * 12}, "is not an account ID of 12 digits."),
        ({"aws_account_id": SEARCH, "my_role": ROLE}, f"my_role, {ROLE}, is not a role of account {SEARCH}"),
        ({"aws_account_id": DATA, "my_role": "Accept"}, f"my_role, Accept, is not a role of account {DATA}"),
        (
            {"aws_account_id": DATA, "my_role": f"arn:aws:iam::{DATA}:user/a"},
            f":user/a, is not a role of account {DATA}",
        ),
        (
            {"aws_account_id": DATA, "my_role": f"arn:aws:sts::{DATA}:role/a"},
            f":role/a, is not a role of account {DATA}",
        ),
    ],
)
def test_a_fault_names_the_host_and_the_variable(variables: dict[str, Any], says: str) -> None:
    (fault,) = faults({"team-data": variables})
    assert fault.startswith("team-data: ")
    assert says in fault


@pytest.mark.parametrize("name", ["aws_account_id", "my_role", "my_secret"])
def test_a_variable_that_cannot_be_templated_is_told_by_its_host(name: str) -> None:
    (fault,) = faults({"team-data": {"aws_account_id": DATA, "my_role": ROLE, name: "{{ nope }}"}})
    assert fault == f"team-data: {name}: it cannot be templated: 'nope' is undefined"


def test_a_role_made_of_an_id_that_is_missing_is_not_told_too() -> None:
    (fault,) = faults({"team-data": {"my_role": "arn:aws:iam::{{ aws_account_id }}:role/Accept"}})
    assert fault == "team-data: aws_account_id is missing"


def test_a_misspelt_variable_of_any_host_is_told() -> None:
    (fault,) = faults({"one": {"aws_account_id": SEARCH}, "two": {"aws_account_id": DATA, "wa_accept_role_arm": ROLE}})
    assert fault.startswith("two: wa_accept_role_arm: there is no such variable (did you mean wa_accept_role_arn?)")


@pytest.mark.parametrize(
    ("hosts", "told"),
    [
        ({"one": {}, "two": {}}, []),
        ({"one": {"wa_share_purge": True}, "two": {"wa_share_purge": True}}, []),
        ({"one": {"wa_accept_role_arn": "1", "own": 1}, "two": {"wa_accept_role_arn": "2", "own": 2}}, []),
        ({"one": {"wa_share_role_arn": "1"}, "two": {"wa_share_role_arn": "2", "wa_share_external_id": "3"}}, []),
        ({"one": {"wa_share_purge": True}, "two": {}}, ["two: wa_share_purge"]),
        ({"one": {}, "two": {"wa_share_permission_type": "CONTRIBUTOR"}}, ["two: wa_share_permission_type"]),
        ({"one": {"wa_share_max_removals": 1}, "two": {"wa_share_max_removals": 0}}, ["two: wa_share_max_removals"]),
        ({"one": {}, "localhost": {"wa_share_max_removals": 0}}, ["localhost: wa_share_max_removals"]),
        ({"one": {"wa_share_max_removals": 0}, "localhost": {}}, []),
        ({"one": {"onboard_wait_timeout": None}, "two": {}}, ["two: onboard_wait_timeout"]),
    ],
)
def test_settings_of_a_run_are_those_of_all_hosts(hosts: dict[str, dict[str, Any]], told: list[str]) -> None:
    accounts = [host for host in hosts if host != "localhost"]
    found = differing_settings(accounts, Hosts(hosts))
    assert [fault.partition(" is not as one has it")[0] for fault in found] == told


@pytest.mark.parametrize("name", ["purge", "purge_shares"])
@pytest.mark.parametrize(
    ("value", "takes_away"),
    [
        (True, True),
        ("yes", True),
        ("maybe", True),
        (1, True),
        (False, False),
        ("no", False),
        (None, False),
        ("", False),
    ],
)
def test_an_entry_may_purge(name: str, value: Any, takes_away: bool) -> None:
    assert purges([{"lens": "*"}, {"workload": "*", name: value}]) is takes_away


@pytest.mark.parametrize("resources", [None, [], "text", {"marked": 1}, ["text"], [{"workload": "*"}]])
def test_other_resources_do_not_purge_and_have_no_principals(resources: Any) -> None:
    assert not purges(resources)
    assert beyond("limit", resources) == []


def test_principals_of_an_entry_are_beyond_any_limit() -> None:
    entries = [{"lens": "*"}, {"workload": "*", "shared_with": [DATA]}]
    assert [fault.partition(" ")[0] for fault in beyond("slice", entries)] == ["resources[1]"]


@pytest.mark.parametrize(
    ("variables", "is_one"),
    [
        ({"awx_workflow_job_name": "Onboard", "awx_job_template_name": "Onboard"}, True),
        ({"tower_workflow_job_name": "Onboard", "tower_job_template_name": "Onboard"}, True),
        ({"awx_workflow_job_name": "Every night", "awx_job_template_name": "Onboard"}, False),
        ({"awx_workflow_job_name": "Every night"}, False),
        ({"awx_job_template_name": "Onboard"}, False),
        ({"awx_workflow_job_name": "", "awx_job_template_name": ""}, False),
        ({}, False),
    ],
)
def test_a_sliced_job_is_a_workflow_that_is_called_as_its_job_template(variables: dict[str, str], is_one: bool) -> None:
    assert is_slice({**variables, "awx_job_launch_type": "workflow"}) is is_one


def test_a_role_may_be_required() -> None:
    hosts = {"team-data": {"aws_account_id": DATA}}
    assert faults(hosts, Variables("my_role", role_required=True)) == ("team-data: my_role is missing",)


def test_an_account_that_is_there_twice_is_told_once_with_both_hosts() -> None:
    hosts = {"one": {"aws_account_id": DATA}, "two": {"aws_account_id": DATA}}
    assert faults(hosts) == (f"two: aws_account_id, {DATA}, is also that of one",)


def test_all_faults_are_told_together() -> None:
    hosts = {"one": {}, "two": {"aws_account_id": "2"}, "three": {"aws_account_id": DATA, "my_role": "no"}}
    assert [fault.partition(":")[0] for fault in faults(hosts)] == ["one", "two", "three"]


def test_hosts_names_are_principals_unless_they_mean_one_by_themselves() -> None:
    accounts = [
        {"account_id": DATA, "name": "team-data"},
        {"account_id": SEARCH, "name": SEARCH},
    ]
    assert principals_of(accounts) == {"team-data": DATA}
