# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the owner's task told of its shares, and which invitations are to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invitations import Invitation
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.kinds import KINDS
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.told_shares import (
    Invitations,
    ToldShare,
    ToldShares,
    parse_told_shares,
    regions_of,
)
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.module_utils.examples import (
    ANA,
    ANA_ROOT,
    ANA_USER,
    BEN,
    ID,
    ORGANIZATION,
    OTHER_ID,
    OWNER,
    REGION,
    arn,
)

LENS = arn("lens")


def told_row(kind: str = "lens", shared_with: str = ANA, **more: Any) -> dict[str, Any]:
    """One of the ``resources`` that wa_shares returns."""
    told = {"shared_with": shared_with, "status": None, "permission_type": None, "action": "created", **more}
    return {"resource": {"kind": kind, "id": ID, "arn": arn(kind), "name": "Central"}, "shares": [told]}


def told(**more: Any) -> ToldShare:
    return parse_told_shares([told_row(**more)], (REGION,))[0]


def test_what_is_told_of_a_share() -> None:
    share = told()
    assert (share.account, share.owner, share.resource) == (ANA, OWNER, LENS)
    assert share.label == f"lens 'Central' from {OWNER}"
    assert told(kind="workload").resource == ID
    assert replace(share, name=None, owner=None).label == f"lens {LENS!r}"


def test_of_an_owner_that_is_not_told_there_is_none() -> None:
    row = told_row("workload")
    row["resource"]["arn"] = None
    assert parse_told_shares([row], (REGION,))[0].owner is None


ELSEWHERE = "us-west-2"
BOTH = (REGION, ELSEWHERE)
WORKLOAD = {"kind": "workload", "id": ID, "arn": None, "name": "Payments"}


@pytest.mark.parametrize(
    ("resource", "region", "owner"),
    [
        ({**WORKLOAD, "region": ELSEWHERE, "account_id": BEN}, ELSEWHERE, BEN),
        ({**WORKLOAD, "region": ELSEWHERE, "account_id": None}, ELSEWHERE, None),
        ({**told_row()["resource"], "arn": arn("lens", region=ELSEWHERE)}, ELSEWHERE, OWNER),
        ({**told_row()["resource"], "region": REGION, "account_id": OWNER}, REGION, OWNER),
    ],
)
def test_where_a_share_is_and_whose_says_the_row_or_the_arn(
    resource: dict[str, Any], region: str, owner: str | None
) -> None:
    row = {**told_row(), "resource": resource}
    (share,) = parse_told_shares([row], BOTH)
    assert (share.region, share.owner) == (region, owner)
    assert regions_of([row]) == (region,)


def test_the_regions_of_rows_are_those_that_can_be_read_each_once() -> None:
    rows = [{**told_row(), "resource": {**WORKLOAD, "region": region}} for region in (ELSEWHERE, REGION, ELSEWHERE)]
    odd = [{**told_row(), "resource": {**WORKLOAD, "region": region}} for region in (None, 5)]
    assert regions_of([*odd, *rows, "text", {}, {"resource": None}]) == (ELSEWHERE, REGION)
    assert regions_of([]) == ()


def test_a_row_that_says_no_region_is_of_the_only_one_and_refused_where_there_are_several() -> None:
    row = {**told_row(), "resource": WORKLOAD}
    assert parse_told_shares([row], (REGION,))[0].region == REGION
    with pytest.raises(InvalidInput) as error:
        parse_told_shares([row], BOTH)
    assert error.value.faults == (
        f"shared[0]: nothing says which region workload 'Payments' is in, and this task works in {REGION}, {ELSEWHERE}",
    )


def test_only_accounts_have_invitations_to_answer() -> None:
    rows = [told_row(shared_with=text) for text in (ANA_ROOT, ANA_USER, ORGANIZATION, BEN, "of tomorrow")]
    assert [share.principal.text for share in parse_told_shares(rows, (REGION,))] == [ANA_ROOT, BEN]


BAD = (
    ("text", "it is not one of the resources that wa_shares returned"),
    ({}, "it is not one of the resources that wa_shares returned"),
    ({"resource": {"kind": "lens", "arn": 5}}, "it is not one of the resources that wa_shares returned"),
    ({**told_row(), "shares": [{}]}, "it is not one of the resources that wa_shares returned"),
    (
        {**told_row(), "resource": {"kind": "lens", "id": ID, "arn": "arn:aws", "name": "x"}},
        "it is not one of the resources that wa_shares returned",
    ),
    (
        {**told_row(), "resource": {**told_row()["resource"], "region": 5, "arn": None}},
        "it is not one of the resources that wa_shares returned",
    ),
    (
        {**told_row(), "resource": {"kind": "lens", "id": ID, "arn": arn("lens", region="us-west-2"), "name": "x"}},
        f"{arn('lens', region='us-west-2')} is in us-west-2, but this task works in {REGION}",
    ),
)


def test_every_row_that_no_task_returned_is_told_with_its_place() -> None:
    with pytest.raises(InvalidInput) as error:
        parse_told_shares([told_row(), *(row for row, _says in BAD)], (REGION,))
    assert error.value.faults == tuple(f"shared[{index}]: {says}" for index, (_row, says) in enumerate(BAD, 1))


#: status, action: whether there is an invitation for certain, perhaps, and whether its account has to be asked
STATES = (
    ("PENDING", "unchanged", True, False, True),
    ("PENDING", "created", True, False, True),
    ("PENDING", "deleted", False, False, False),
    (None, "created", False, True, True),
    (None, "renewed", False, True, True),
    (None, "updated", False, False, True),
    (None, "unchanged", False, False, False),
    ("ACCEPTED", "unchanged", False, False, False),
    ("ACCEPTED", "updated", False, False, True),
    ("ASSOCIATED", "created", False, False, False),
    ("REJECTED", "unchanged", False, False, False),
)


@pytest.mark.parametrize(("status", "action", "certain", "perhaps", "asked"), STATES)
def test_whether_there_is_an_invitation(
    status: str | None, action: str, certain: bool, perhaps: bool, asked: bool
) -> None:
    share = told(status=status, action=action)
    assert (share.invited, share.perhaps_invited, share.worth_a_look) == (certain, perhaps, asked)


INVITATION = Invitation("1", KINDS["lens"], OWNER, ANA, "Central", LENS)


@pytest.mark.parametrize(
    ("invitation", "share", "meant"),
    [
        (INVITATION, {}, True),
        (replace(INVITATION, shared_with=ANA_ROOT), {}, True),
        (replace(INVITATION, shared_with=""), {}, True),
        (replace(INVITATION, name="Renamed meanwhile"), {}, True),
        (replace(INVITATION, shared_with=BEN), {}, False),
        (replace(INVITATION, shared_with=ANA_USER), {}, False),
        (replace(INVITATION, shared_by=BEN), {}, False),
        (replace(INVITATION, resource=arn("lens", OTHER_ID)), {}, False),
        (replace(INVITATION, kind=KINDS["profile"]), {}, False),
        (INVITATION, {"action": "deleted"}, False),
    ],
)
def test_an_invitation_is_to_a_share_of_the_same_resource_by_and_with_the_same_accounts(
    invitation: Invitation, share: dict[str, Any], meant: bool
) -> None:
    one = told(**share)
    assert one.is_meant_by(invitation) is meant
    assert ToldShares([told(kind="profile"), one]).have(invitation) is meant
    known = Invitations()
    known.add(replace(invitation, resource="another"), "another")
    known.add(invitation, "accepted")
    assert known.known_of(one) == ("accepted" if meant else None)


def test_where_the_owner_was_not_told_any_is_meant() -> None:
    assert replace(told(), owner=None).is_meant_by(INVITATION)
