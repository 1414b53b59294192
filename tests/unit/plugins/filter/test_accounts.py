# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter that makes accounts of hosts."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError, AnsibleUndefinedVariable
from ansible_collections.wellarchitected.sharing.plugins.filter.accounts import FilterModule

accounts = FilterModule().filters()["accounts"]


def host(name: str, account_id: Any = None, **variables: Any) -> dict[str, Any]:
    given = {"aws_account_id": account_id} if account_id is not None else {}
    return {"inventory_hostname": name, **given, **variables}


def role(account_id: str) -> str:
    return f"arn:aws:iam::{account_id}:role/WellArchitectedAccept"


def test_hosts_become_accounts_in_their_order() -> None:
    hosts = [
        host("search", "444455556666", role=role("444455556666"), external="example-external-id"),
        host("payments", "012345670123", role=role("012345670123"), aws_account_name="Team Payments"),
    ]
    assert accounts(hosts, role_arn="role", external_id="external") == [
        {
            "account_id": "444455556666",
            "name": "search",
            "role_arn": role("444455556666"),
            "external_id": "example-external-id",
        },
        {"account_id": "012345670123", "name": "Team Payments", "role_arn": role("012345670123")},
    ]


def test_without_names_of_variables_there_are_no_roles() -> None:
    assert accounts([host("search", "444455556666", role="x")]) == [{"account_id": "444455556666", "name": "search"}]


def test_no_hosts_are_no_accounts() -> None:
    assert accounts([]) == []


@pytest.mark.parametrize(
    "account_id", [444455556666, "444455556666", " 444455556666 ", "arn:aws:iam::444455556666:root"]
)
def test_an_account_id_can_be_written_in_several_ways(account_id: Any) -> None:
    assert accounts([host("search", account_id)])[0]["account_id"] == "444455556666"


ARN = role("444455556666")
ERRORS = [
    pytest.param(host("x"), "x: aws_account_id is not set. Set it to", id="no ID"),
    pytest.param(host("x", ""), "x: aws_account_id is not set. Set it to", id="empty ID"),
    pytest.param(
        host("x", "12345"), "x: aws_account_id '12345' has 5 digits. An account ID has 12 digits.", id="short ID"
    ),
    pytest.param(host("x", 1402433619), "The account ID may be 012345670123.", id="ID that lost its leading zero"),
    pytest.param(host("x", "o-abcdefghij"), "x: aws_account_id o-abcdefghij is not an account.", id="organization"),
    pytest.param(
        host("x", "111122223333"),
        "x: role is not set. Set it to the ARN of the role to assume in account 1111",
        id="no role",
    ),
    pytest.param(host("x", "111122223333", role=""), "x: role is not set.", id="empty role"),
    pytest.param(
        host("x", "111122223333", role=ARN),
        f"x: role '{ARN}' is not the ARN of a role in account 1111",
        id="other account",
    ),
    pytest.param(host("x", "111122223333", role="Accept"), "x: role 'Accept' is not the ARN of a role", id="no ARN"),
    pytest.param(host("x\u202e", "5"), "x\\u202e: aws_account_id", id="control character"),
]


@pytest.mark.parametrize(("wrong", "message"), ERRORS)
def test_a_host_without_valid_id_or_role_is_an_error(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        accounts([host("good", "444455556666", role=ARN), wrong], role_arn="role")
    assert message in str(caught.value)


def test_two_hosts_with_one_account_are_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match=r"b: aws_account_id 444455556666 is also that of a\. Remove one"):
        accounts([host("a", "444455556666"), host("b", "444455556666")])


def test_all_errors_of_all_hosts_are_in_one_message() -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        accounts([host("a"), host("b", "1"), host("c", "444455556666")], role_arn="role")
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["a", "b", "c"]


class Templated(dict[str, Any]):
    """Variables of a host of which one cannot be templated."""

    def get(self, name: str, default: Any = None) -> Any:
        if name == "role":
            raise AnsibleUndefinedVariable("'nope' is undefined")
        return super().get(name, default)


def test_a_variable_that_cannot_be_templated_is_an_error_of_its_host() -> None:
    with pytest.raises(AnsibleFilterError, match=r"x: role cannot be templated: .*'nope' is undefined\. Correct the"):
        accounts([Templated(host("x", "444455556666"))], role_arn="role")


def test_variables_of_roles_that_run_once_are_the_same_for_all_hosts() -> None:
    one = host("one", "111122223333", wa_share_max_removals=1, wa_share_regions=["us-east-1"])
    two = host("two", "444455556666", wa_share_max_removals=2, wa_onboard_wait=True)
    with pytest.raises(AnsibleFilterError) as caught:
        accounts([one, two], alike=["wa_share", "wa_onboard"])
    message = str(caught.value).splitlines()
    assert (
        message[1]
        == "two: wa_share_max_removals differs from that of one. Set it for all hosts, for example in group_vars."
    )
    assert [line.split()[1] for line in message] == ["wa_onboard_wait", "wa_share_max_removals", "wa_share_regions"]


def test_variables_of_hosts_and_of_other_roles_may_differ() -> None:
    one = host("one", "111122223333", wa_share_role_arn="a", wa_share_report_owner="One", wa_share_result={})
    two = host("two", "444455556666", wa_share_role_arn="b", wa_accept_shared_by=["111122223333"], wa_share__owner=2)
    assert len(accounts([one, two], alike=["wa_share", "wa_onboard"])) == 2
