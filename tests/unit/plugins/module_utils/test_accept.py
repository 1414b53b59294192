# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invitations: which a task selects, and what is read from the service's list."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._accept import (
    Conditions,
    Invitation,
    Recipient,
    list_invitations,
    parse_conditions,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._accounts import Account, Place
from ansible_collections.wellarchitected.sharing.plugins.module_utils._errors import Failure
from ansible_collections.wellarchitected.sharing.plugins.module_utils._kinds import KINDS
from ansible_collections.wellarchitected.sharing.plugins.module_utils._principals import parse_principal_names

from .examples import ANA, ANA_ROLE, ANA_ROOT, ANA_USER, BEN, CLEO, HERE, ID, ORGANIZATION, OTHER_ID, REGION, arn

ALL = Conditions()


def parse(**options: Any) -> tuple[Conditions, list[str]]:
    errors: list[str] = []
    given = dict.fromkeys(("shared_by", "resource_type", "name", "share_invitation_ids"))
    names = parse_principal_names({"both": [ANA, BEN], "ou": "ou-ab12-cdefghij"}, "aws", errors)
    return parse_conditions({**given, **options}, names, errors), errors


@pytest.mark.parametrize(
    ("options", "conditions"),
    [
        ({}, ALL),
        ({"shared_by": [ANA, ANA_ROOT, BEN]}, Conditions(shared_by=frozenset((ANA, BEN)))),
        ({"shared_by": ["both"]}, Conditions(shared_by=frozenset((ANA, BEN)))),
        ({"resource_type": ["lens", "profile"]}, Conditions(kinds=frozenset(("lens", "profile")))),
        ({"name": "Pay*"}, Conditions(name="Pay*")),
        ({"share_invitation_ids": [ID, OTHER_ID]}, Conditions(ids=frozenset((ID, OTHER_ID)))),
    ],
)
def test_options_become_conditions(options: dict[str, Any], conditions: Conditions) -> None:
    assert parse(**options) == (conditions, [])


@pytest.mark.parametrize(
    ("options", "starts"),
    [
        ({"shared_by": [ANA, "12345"]}, ["shared_by[1]: '12345' has 5 digits."]),
        ({"shared_by": [ANA_USER]}, [f"shared_by[0]: {ANA_USER} is not an account. Invitations are sent by accounts."]),
        ({"shared_by": [ORGANIZATION, "ou"]}, [f"shared_by[0]: {ORGANIZATION} is not", "shared_by[1]: ou is not"]),
        (
            {"share_invitation_ids": [ID, "x", ID.upper()]},
            [
                "share_invitation_ids[1]: 'x' is not an invitation ID. Expected 32 hexadecimal digits.",
                f"share_invitation_ids[2]: '{ID.upper()}' is not an invitation ID.",
            ],
        ),
        *(
            ({option: empty}, [f"{option} is empty. Omit it or provide at least one value."])
            for option, empty in (("shared_by", []), ("resource_type", []), ("name", ""), ("share_invitation_ids", []))
        ),
    ],
)
def test_errors_have_their_path(options: dict[str, Any], starts: list[str]) -> None:
    _conditions, errors = parse(**options)
    assert len(errors) == len(starts)
    assert [error for error, start in zip(errors, starts) if not error.startswith(start)] == []


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [((), None), (("lens",), "LENS"), (("workload",), "WORKLOAD"), (("lens", "profile"), None)],
)
def test_one_type_is_a_filter_of_the_list(kinds: tuple[str, ...], expected: str | None) -> None:
    assert Conditions(kinds=frozenset(kinds)).only_type == expected


def read(*rows: dict[str, Any]) -> tuple[list[Invitation], list[Failure]]:
    """``rows``: of ListShareInvitations."""
    service: Any = SimpleNamespace(list_invitations=lambda _type: list(rows))
    return list_invitations(service)


def row(number: int, kind: str = "LENS", by: str = ANA, name: str = "Standards", **more: Any) -> dict[str, Any]:
    """As ListShareInvitations returns it."""
    stem = kind.capitalize()
    workload = {"WorkloadId": ID, "PermissionType": "READONLY"}
    return {
        "ShareInvitationId": f"{number:032x}",
        "SharedBy": by,
        "SharedWith": CLEO,
        "ShareResourceType": kind,
        f"{stem}Name": name,
        **(workload if kind == "WORKLOAD" else {f"{stem}Arn": arn(stem.lower())}),
        **more,
    }


ROWS = (row(1, "WORKLOAD", BEN, "Payments"), row(2, "LENS", BEN, "Zeta"), row(3, "LENS", BEN, "Alpha"), row(4))


@pytest.mark.parametrize(
    ("conditions", "numbers"),
    [
        (ALL, [4, 3, 2, 1]),  # by owner, kind and name
        (Conditions(shared_by=frozenset((BEN,))), [3, 2, 1]),
        (Conditions(kinds=frozenset(("lens",))), [4, 3, 2]),
        (Conditions(kinds=frozenset(("lens",)), shared_by=frozenset((BEN,)), name="*a*"), [3, 2]),
        (Conditions(name="Alpha"), [3]),
        (Conditions(ids=frozenset((f"{1:032x}", f"{4:032x}"))), [4, 1]),
        (Conditions(ids=frozenset((f"{1:032x}",)), shared_by=frozenset((ANA,))), []),
    ],
)
def test_an_invitation_is_selected_where_all_conditions_hold(conditions: Conditions, numbers: list[int]) -> None:
    invitations, failures = read(*ROWS)
    assert [int(one.id, 16) for one in invitations if conditions.select(one)] == numbers
    assert failures == []


def test_an_invitation_in_results_and_messages() -> None:
    (lens, workload), _failures = read(row(1, "WORKLOAD", name="Payments"), row(2))
    assert (lens.label, lens.recipient) == (f"lens 'Standards' from {ANA}", CLEO)
    assert lens.as_result(HERE, action="accepted") == {
        "account_id": CLEO,
        "region": REGION,
        "share_invitation_id": f"{2:032x}",
        "shared_by": ANA,
        "shared_with": CLEO,
        "permission_type": None,
        "resource": {"kind": "lens", "id": ID, "arn": arn("lens"), "name": "Standards"},
        "action": "accepted",
    }
    assert workload.as_result(Place(Account(BEN), REGION))["account_id"] == BEN
    assert workload.as_result(HERE)["permission_type"] == "READONLY"
    assert workload.as_result(HERE)["resource"] == {"kind": "workload", "id": ID, "arn": None, "name": "Payments"}


@pytest.mark.parametrize(
    ("shared_with", "recipient", "for_account"),
    [(CLEO, CLEO, True), (ANA_USER, ANA, False), (ANA_ROLE, ANA, False), (ORGANIZATION, None, True)],
)
def test_an_account_answers_for_itself_only(shared_with: str, recipient: str | None, for_account: bool) -> None:
    ((invitation,), _failures) = read(row(1, SharedWith=shared_with))
    assert (invitation.recipient, invitation.is_for_account) == (recipient, for_account)


def test_rows_that_cannot_be_read_are_one_failure_each() -> None:
    incomplete = row(1, SharedBy=None, ShareInvitationId=5)
    invitations, failures = read(incomplete, row(2), incomplete, row(3, LensName=7), row(4, ShareResourceType=None))
    assert [int(one.id, 16) for one in invitations] == [2]
    start = "Failed to read a pending invitation: The response cannot be read"
    assert [failure.message.partition(". ")[0] for failure in failures] == [
        f"{start}: it has no ShareInvitationId and no SharedBy",
        f"{start}: its LensName is 7",
        f"{start}: it has no ShareResourceType",
    ]


def test_what_a_row_lacks_is_empty() -> None:
    bare = {"ShareInvitationId": ID, "SharedBy": ANA, "ShareResourceType": "WORKLOAD"}
    assert read(bare)[0] == [Invitation(ID, KINDS["workload"], ANA, "", "", "")]
    assert read({**bare, "ShareResourceType": "DASHBOARD"}) == ([], [])


@pytest.mark.parametrize(
    ("actions", "changed", "accepted"),
    [([], False, 0), (["gone"], False, 0), (["rejected"], True, 0), (["accepted", "gone", "accepted"], True, 2)],
)
def test_a_recipient_counts_what_it_accepted(actions: list[str], changed: bool, accepted: int) -> None:
    ((invitation,), _failures) = read(row(1))
    recipient = Recipient(HERE, [(invitation, action) for action in actions])
    assert (recipient.changed, recipient.as_result()["accepted"]) == (changed, accepted)
    assert "error" not in recipient.as_result()
    recipient.failures = [Failure(text, "") for text in ("It broke", "It broke.", "It broke again.")]
    assert recipient.as_result()["error"] == recipient.as_place_result()["error"] == "It broke. It broke again."
