# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts that a task works in: each once, each with a role of its own."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.places import (
    Account,
    Place,
    parse_accounts,
)
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.module_utils.examples import (
    ANA,
    ANA_ROOT,
    ANA_USER,
    BEN,
)

ROLE = f"arn:aws:iam::{ANA}:role/Accept"


def account(account_id: Any = ANA, **more: Any) -> dict[str, Any]:
    """An item of the option, as Ansible fills it up."""
    return {"account_id": account_id, "role_arn": None, "external_id": None, "name": None, **more}


@pytest.mark.parametrize(
    ("listed", "parsed"),
    [
        ([], ()),
        ([account()], (Account(ANA),)),
        ([account(int(ANA))], (Account(ANA),)),
        ([account(ANA_ROOT)], (Account(ANA),)),
        ([account(role_arn="", external_id="", name="")], (Account(ANA),)),
        ([account(role_arn=ROLE, external_id="x", name="Ana")], (Account(ANA, ROLE, "x", "Ana"),)),
        ([account(BEN), account(), account(BEN)], (Account(BEN), Account(ANA))),
        ([account(role_arn=ROLE, name="Ana"), account(role_arn=ROLE)], (Account(ANA, ROLE, None, "Ana"),)),
    ],
)
def test_accounts(listed: list[dict[str, Any]], parsed: tuple[Account, ...]) -> None:
    assert parse_accounts(listed) == parsed


@pytest.mark.parametrize(
    ("listed", "faults"),
    [
        ([account(), account("12345")], ["accounts[1].account_id: '12345' is a number of 5 characters"]),
        ([account(ANA_USER)], [f"accounts[0].account_id: {ANA_USER} is not an account"]),
        ([account("o-abcdefghij")], ["accounts[0].account_id: o-abcdefghij is not an account"]),
        ([account(BEN, role_arn=ROLE)], [f"accounts[0].role_arn: {ROLE} is not a role of account {BEN}"]),
        (
            [account(role_arn="Accept")],
            ["accounts[0].role_arn: 'Accept' is not the ARN of an IAM role (arn:aws:iam::ACCOUNT:role/NAME)"],
        ),
        ([account(role_arn=ROLE), account()], [f"accounts[1]: {ANA} is listed twice, with different roles"]),
        (
            [account(role_arn=ROLE, external_id="x"), account(role_arn=ROLE, external_id="y")],
            [f"accounts[1]: {ANA} is listed twice, with different roles"],
        ),
        (
            [account("no"), account("one")],
            ["accounts[0].account_id: 'no' is not", "accounts[1].account_id: 'one' is not"],
        ),
    ],
)
def test_every_fault_is_told_with_its_place(listed: list[dict[str, Any]], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as error:
        parse_accounts(listed)
    assert len(error.value.faults) == len(faults)
    for told, expected in zip(error.value.faults, faults):
        assert told.startswith(expected)


@pytest.mark.parametrize(
    ("account", "label"),
    [(Account(None), "the caller"), (Account(ANA), ANA), (Account(ANA, name="team-ana"), f"team-ana ({ANA})")],
)
def test_accounts_and_places_have_labels_for_messages(account: Account, label: str) -> None:
    assert account.label == label
    assert Place(account, "eu-west-1").label == f"{label} in eu-west-1"
    assert Place(account, "eu-west-1").as_result() == {
        "account_id": account.id,
        "region": "eu-west-1",
        "name": account.name,
    }
