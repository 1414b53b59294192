# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which invitations a task means, and what a row of the service's list says."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invitations import (
    Conditions,
    parse_conditions,
    read_invitations,
)
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.module_utils.examples import (
    ANA,
    ANA_ROOT,
    ANA_USER,
    BEN,
    CLEO,
    ID,
    ORGANIZATION,
    OTHER_ID,
    arn,
)

EVERYTHING = Conditions()


@pytest.mark.parametrize(
    ("options", "conditions"),
    [
        ({}, EVERYTHING),
        ({"shared_by": None, "resource_type": None, "name": None, "share_invitation_ids": None}, EVERYTHING),
        ({"shared_by": [ANA, ANA_ROOT, BEN]}, Conditions(shared_by=frozenset((ANA, BEN)))),
        ({"resource_type": ["lens", "profile"]}, Conditions(kinds=frozenset(("lens", "profile")))),
        ({"name": "Pay*"}, Conditions(name="Pay*")),
        ({"share_invitation_ids": [ID, OTHER_ID]}, Conditions(ids=frozenset((ID, OTHER_ID)))),
    ],
)
def test_conditions(options: dict[str, Any], conditions: Conditions) -> None:
    assert parse_conditions(options) == conditions


@pytest.mark.parametrize(
    ("options", "faults"),
    [
        ({"shared_by": [ANA, "12345"]}, ["shared_by[1]: '12345' is a number of 5 characters"]),
        ({"shared_by": [ANA_USER]}, [f"shared_by[0]: {ANA_USER} is not an account: invitations are sent by accounts"]),
        ({"shared_by": [ORGANIZATION]}, [f"shared_by[0]: {ORGANIZATION} is not an account"]),
        (
            {"share_invitation_ids": [ID, "x", ID.upper()], "shared_by": ["y"]},
            [
                "shared_by[0]: 'y' is not a principal",
                "share_invitation_ids[1]: 'x' is not an invitation ID",
                f"share_invitation_ids[2]: {ID.upper()!r} is not an invitation ID",
            ],
        ),
    ],
)
def test_every_fault_is_told_with_its_place(options: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as error:
        parse_conditions(options)
    assert len(error.value.faults) == len(faults)
    for told, expected in zip(error.value.faults, faults):
        assert told.startswith(expected)


@pytest.mark.parametrize(
    ("kinds", "asked"), [((), None), (("lens",), "LENS"), (("workload",), "WORKLOAD"), (("lens", "profile"), None)]
)
def test_the_service_is_asked_for_a_type_where_it_is_but_one(kinds: tuple[str, ...], asked: str | None) -> None:
    assert Conditions(kinds=frozenset(kinds)).only_type == asked


def row(number: int, kind: str = "LENS", by: str = ANA, name: str = "Standards", **more: Any) -> dict[str, Any]:
    """As ListShareInvitations has it."""
    stem = kind.capitalize()
    return {
        "ShareInvitationId": f"{number:032x}",
        "SharedBy": by,
        "SharedWith": CLEO,
        "ShareResourceType": kind,
        f"{stem}Name": name,
        **(
            {"WorkloadId": ID, "PermissionType": "READONLY"}
            if kind == "WORKLOAD"
            else {f"{stem}Arn": arn(stem.lower())}
        ),
        **more,
    }


ROWS = (row(1, "WORKLOAD", BEN, "Payments"), row(2, "LENS", BEN, "Zeta"), row(3, "LENS", BEN, "Alpha"), row(4))


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (EVERYTHING, [4, 3, 2, 1]),  # by owner, kind and name
        (Conditions(shared_by=frozenset((BEN,))), [3, 2, 1]),
        (Conditions(kinds=frozenset(("lens",))), [4, 3, 2]),
        (Conditions(kinds=frozenset(("lens",)), shared_by=frozenset((BEN,)), name="*a*"), [3, 2]),
        (Conditions(name="Alpha"), [3]),
        (Conditions(ids=frozenset((f"{1:032x}", f"{4:032x}"))), [4, 1]),
        (Conditions(ids=frozenset((f"{1:032x}",)), shared_by=frozenset((ANA,))), []),
    ],
)
def test_an_invitation_is_meant_where_all_conditions_hold(wanted: Conditions, numbers: list[int]) -> None:
    found, faults = read_invitations(ROWS, wanted)
    assert [int(invitation.id, 16) for invitation in found] == numbers
    assert faults == []


def test_an_exact_name_is_meant_before_any_that_matches() -> None:
    found, _faults = read_invitations([row(1, name="A*"), row(2, name="Ab")], Conditions(name="A*"))
    assert [invitation.name for invitation in found] == ["A*"]


def test_what_an_invitation_says() -> None:
    (lens, workload), _faults = read_invitations([row(1, "WORKLOAD", name="Payments"), row(2)], EVERYTHING)
    assert (lens.label, lens.account) == (f"lens 'Standards' from {ANA}", CLEO)
    assert lens.as_result() == {
        "share_invitation_id": f"{2:032x}",
        "shared_by": ANA,
        "shared_with": CLEO,
        "permission_type": None,
        "resource": {"kind": "lens", "id": ID, "arn": arn("lens"), "name": "Standards"},
    }
    assert workload.as_result()["permission_type"] == "READONLY"
    assert workload.as_result()["resource"] == {"kind": "workload", "id": ID, "arn": None, "name": "Payments"}


def test_rows_that_cannot_be_read_are_told_once_each_and_passed_over() -> None:
    nobodys = row(1, SharedBy=None, ShareInvitationId=5)
    found, faults = read_invitations([nobodys, "text", nobodys, row(2)], EVERYTHING)  # type: ignore[list-item]
    assert [int(invitation.id, 16) for invitation in found] == [2]
    assert faults == [
        "Failed to read one of the pending invitations: the row has no ShareInvitationId and no SharedBy",
        "Failed to read one of the pending invitations: the row is no object",
    ]


def test_a_type_of_resource_that_came_later_is_passed_over() -> None:
    assert read_invitations([row(1, ShareResourceType="DASHBOARD")], EVERYTHING) == ([], [])


def test_what_a_row_leaves_out_is_empty() -> None:
    bare = {"ShareInvitationId": ID, "SharedBy": ANA, "ShareResourceType": "WORKLOAD"}
    (invitation,), _faults = read_invitations([bare], EVERYTHING)
    assert (invitation.name, invitation.resource, invitation.shared_with, invitation.account) == ("", "", "", None)
