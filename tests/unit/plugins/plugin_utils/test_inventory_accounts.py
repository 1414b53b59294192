# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts of an inventory as accounts: what modules get, and what is wrong, each fault with its host and variable."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils.inventory_accounts import (
    Variables,
    principals_of,
    read_accounts,
)

DATA, SEARCH = "222233334444", "333344445555"
ROLE = f"arn:aws:iam::{DATA}:role/Accept"
NAMES = Variables("my_role", "my_secret")


def faults(hosts: dict[str, dict[str, Any]], names: Variables = NAMES) -> tuple[str, ...]:
    with pytest.raises(InvalidInput) as error:
        read_accounts(hosts, hosts, names)
    return error.value.faults


def test_accounts_are_called_as_their_hosts_and_have_what_the_variables_say() -> None:
    hosts: dict[str, dict[str, Any]] = {
        "team-data": {"aws_account_id": DATA, "my_role": ROLE, "my_secret": "x"},
        "team-search": {"aws_account_id": int(SEARCH), "my_role": "", "my_secret": None, "other": "y"},
    }
    assert read_accounts(hosts, hosts, NAMES) == [
        {"account_id": DATA, "role_arn": ROLE, "external_id": "x", "name": "team-data"},
        {"account_id": SEARCH, "name": "team-search"},
    ]
    assert read_accounts(["team-data"], hosts, Variables()) == [{"account_id": DATA, "name": "team-data"}]


@pytest.mark.parametrize(
    "role", [ROLE, f"arn:aws-cn:iam::{DATA}:role/a/path/Accept", f"arn:aws-us-gov:iam::{DATA}:role/Accept"]
)
def test_roles_of_every_partition_are_roles(role: str) -> None:
    hosts = {"team-data": {"aws_account_id": DATA, "my_role": role}}
    assert read_accounts(hosts, hosts, NAMES)[0]["role_arn"] == role


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
