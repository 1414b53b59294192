# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How what is shared differs from what is declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._accounts import Account, Place
from ansible_collections.wellarchitected.sharing.plugins.module_utils._audit import (
    FAIL,
    IGNORE,
    REPORT,
    Comparison,
    Difference,
    compare,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._declaration import Declaration, parse_until
from ansible_collections.wellarchitected.sharing.plugins.module_utils._errors import ServiceError
from ansible_collections.wellarchitected.sharing.plugins.module_utils._principals import parse_principal
from ansible_collections.wellarchitected.sharing.plugins.module_utils._resources import Listed
from ansible_collections.wellarchitected.sharing.plugins.module_utils._shares import (
    ACTIVE_STATUSES,
    INACTIVE_STATUSES,
    Share,
)
from botocore.exceptions import ClientError

from .examples import ANA, ANA_ROOT, BEN, CLEO, HERE, OTHER_ID, OWNER, REGION, arn, grant, resource, share

ONE = resource("workload", name="One")
ANA_READS = Declaration(ONE, (grant(ANA, "READONLY"),))
NONE = Declaration(ONE)
BEN_REMOVED = Declaration(ONE, removals=(parse_principal(BEN),))
every_active_status = pytest.mark.parametrize("status", ACTIVE_STATUSES)
every_inactive_status = pytest.mark.parametrize("status", INACTIVE_STATUSES)


def differences(declaration: Declaration | None, *shares: Share) -> list[tuple[str, str]]:
    """The differences of the workload One, each with the words behind its name."""
    declared = {} if declaration is None else {ONE.key: declaration}
    found = compare([Listed(ONE, shares)], declared, FAIL, (), HERE, name_place=False)
    assert (found.undeclared, found.ignored) == ((), 0)
    assert all(one.text.startswith(f"{ONE.label}, ") for one in found.drift)
    return [(one.difference, one.text.removeprefix(f"{ONE.label}, ")) for one in found.drift]


@every_active_status
def test_a_declared_active_share_differs_by_its_permission(status: str) -> None:
    assert differences(ANA_READS, share(ANA_ROOT, status, "READONLY")) == []
    assert differences(ANA_READS, share(ANA, status, "CONTRIBUTOR")) == [
        ("permission", f"{ANA}: has CONTRIBUTOR, but READONLY is declared")
    ]


def test_a_declared_share_that_does_not_exist() -> None:
    assert differences(ANA_READS) == [("not_shared", f"{ANA}: not shared, but READONLY is declared")]
    lens = resource("lens", name="Two")
    found = compare([Listed(lens)], {lens.key: Declaration(lens, (grant(ANA),))}, FAIL, (), HERE, name_place=False)
    assert [one.text for one in found.drift] == [f"{lens.label}, {ANA}: not shared"]


@every_inactive_status
def test_a_declared_share_that_is_inactive_whatever_is_renewed(status: str) -> None:
    inactive = [("inactive", f"{ANA}: share is inactive ({status}: off)")]
    listed = (share(ANA, status, "READONLY", "first"), share(ANA, status, "READONLY", "second", "off"))
    for declaration in (ANA_READS, replace(ANA_READS, renew=frozenset())):
        assert differences(declaration, *listed) == inactive
        assert differences(declaration, *listed, share(ANA, "ACCEPTED", "READONLY")) == []


@every_active_status
def test_an_active_share_that_is_not_declared(status: str) -> None:
    for declaration in (NONE, BEN_REMOVED, replace(NONE, purge=True)):
        assert differences(declaration, share(BEN, status, "READONLY")) == [
            ("not_declared", f"{BEN}: shared, but not declared (READONLY {status})")
        ]


def test_an_active_share_of_a_resource_that_is_not_declared() -> None:
    assert differences(None, share(ANA, "PENDING", "READONLY")) == [
        ("resource_not_declared", f"{ANA}: shared, but the workload is not declared (READONLY PENDING)")
    ]


@every_inactive_status
def test_an_inactive_share_that_is_not_declared_gives_no_access(status: str) -> None:
    for declaration in (None, NONE, BEN_REMOVED):
        assert differences(declaration, share(BEN, status, "READONLY")) == []


def test_a_share_in_an_unknown_status_may_give_access() -> None:
    assert [kind for kind, _text in differences(None, share(ANA, "DORMANT"))] == ["resource_not_declared"]
    assert [kind for kind, _text in differences(NONE, share(ANA, "DORMANT"))] == ["not_declared"]
    assert [kind for kind, _text in differences(ANA_READS, share(ANA, "DORMANT"))] == ["inactive"]


def test_a_share_whose_access_has_ended() -> None:
    ended = replace(grant(BEN, "READONLY"), until=parse_until("2026-09-30"), reason="Audit")
    declaration = Declaration(ONE, removals=(ended.principal,), ended=(ended,), terms={ended.principal: ended})
    text = f"{BEN}: share still exists although access ended on 2026-09-30 (READONLY ACCEPTED)"
    assert differences(declaration, share(BEN, "ACCEPTED", "READONLY")) == [("ended", text)]
    assert differences(declaration) == []


def test_a_row_of_the_result() -> None:
    terms = replace(grant(ANA, "READONLY"), until=parse_until("2099-12-31"), reason="Review")
    declaration = replace(ANA_READS, terms={terms.principal: terms})
    for existing, changed in (
        ((share(ANA, "PENDING", "CONTRIBUTOR"),), {"difference": "permission", "status": "PENDING"}),
        ((), {"difference": "not_shared", "status": None, "permission_type": None}),
    ):
        (found,) = compare([Listed(ONE, existing)], {ONE.key: declaration}, FAIL, (), HERE, name_place=False).drift
        assert found.as_result() == {
            **ONE.as_result(),
            "account_id": OWNER,
            "region": REGION,
            "shared_with": ANA,
            "shared_with_name": None,
            "permission_type": "CONTRIBUTOR",
            "declared_permission_type": "READONLY",
            "until": "2099-12-31",
            "reason": "Review",
            "text": found.text,
            **changed,
        }
    (found,) = compare([Listed(ONE, (share(ANA),))], {}, FAIL, (), HERE, name_place=False).drift
    assert found.as_result()["declared_permission_type"] is None


def test_a_row_of_what_was_not_found() -> None:
    missing = Difference("not_found", "resources[0]: workload 'Two' does not exist.").as_result()
    assert {key for key, value in missing.items() if value is not None} == {"difference", "text"}
    assert Difference("ambiguous", "x", place=Place(Account(BEN), REGION)).as_result()["account_id"] == BEN


def test_the_place_is_named_where_there_are_many() -> None:
    place = Place(Account(OWNER, name="hub"), REGION)
    refused = Listed(ONE, error=error_of("AccessDeniedException"))
    for listed, start in (
        (Listed(ONE), f"{ONE.label} in {place.label}, {ANA}: "),
        (refused, f"{place.label}: Failed to list"),
    ):
        (found,) = compare([listed], {ONE.key: ANA_READS}, FAIL, (), place, name_place=True).drift
        assert found.text.startswith(start)
        assert (found.as_result()["account_id"], found.as_result()["region"]) == (OWNER, REGION)


def error_of(code: str) -> ServiceError:
    return ServiceError("list shares", ClientError({"Error": {"Code": code, "Message": "No."}}, ""), "ListLensShares")


DECLARED = Listed(ONE, (share(ANA, "ACCEPTED", "READONLY"), share(BEN, "ACCEPTED", "READONLY")))
SANDBOX = Listed(resource("workload", OTHER_ID, "Sandbox 1"), (share(CLEO, "ACCEPTED", "READONLY"),))
LENS = Listed(resource("lens", name="Standards"), (share(CLEO, "PENDING"),))


def names(found: Sequence[Difference]) -> str:
    return ", ".join(f"{one.resource.name if one.resource else None} {one.difference}" for one in found)


def compared(undeclared: str = FAIL, ignore: Sequence[str] = (), *listed: Listed) -> Comparison:
    declared = {ONE.key: ANA_READS}
    return compare(listed or (DECLARED, SANDBOX, LENS), declared, undeclared, ignore, HERE, name_place=False)


IN_ONE = "One not_declared"
IN_SANDBOX = "Sandbox 1 resource_not_declared"
IN_LENS = "Standards resource_not_declared"


@pytest.mark.parametrize(
    ("undeclared", "ignore", "drift", "apart", "ignored"),
    [
        (FAIL, [], [IN_ONE, IN_SANDBOX, IN_LENS], [], 0),
        (REPORT, [], [IN_ONE], [IN_SANDBOX, IN_LENS], 0),
        (IGNORE, [], [IN_ONE], [], 2),
        (FAIL, ["Sandbox 1"], [IN_ONE, IN_LENS], [], 1),
        (FAIL, ["Sandbox *"], [IN_ONE, IN_LENS], [], 1),
        (FAIL, [OTHER_ID], [IN_ONE, IN_LENS], [], 1),
        (FAIL, [arn("workload", OTHER_ID)], [IN_ONE, IN_LENS], [], 1),
        (REPORT, ["Sandbox *"], [IN_ONE], [IN_LENS], 1),
        (FAIL, ["sandbox 1", "Nothing*"], [IN_ONE, IN_SANDBOX, IN_LENS], [], 0),
    ],
)
def test_undeclared_resources_count_as_the_options_say(
    undeclared: str, ignore: list[str], drift: list[str], apart: list[str], ignored: int
) -> None:
    found = compared(undeclared, ignore)
    assert (names(found.drift), names(found.undeclared), found.ignored) == (", ".join(drift), ", ".join(apart), ignored)


@pytest.mark.parametrize("undeclared", [FAIL, REPORT])
def test_shares_that_could_not_be_listed_are_drift(undeclared: str) -> None:
    refused = Listed(SANDBOX.resource, error=error_of("AccessDeniedException"))
    assert names(compared(undeclared, (), refused).drift) == "Sandbox 1 not_listed"
    assert compared(undeclared, ("Sandbox*",), refused) == Comparison(ignored=1)
    declared = Listed(ONE, error=error_of("AccessDeniedException"))
    assert names(compared(IGNORE, ("*",), declared).drift) == "One not_listed"


def test_what_vanished_or_is_another_accounts_counts_only_where_it_is_declared() -> None:
    gone = Listed(ONE, error=error_of("ResourceNotFoundException"))
    foreign = Listed(ONE, error=error_of("AccessDeniedException"), foreign="It belongs to another account.")
    for listed, text in ((gone, str(gone.error)), (foreign, "It belongs to another account.")):
        assert compare([listed], {}, FAIL, (), HERE, name_place=False) == Comparison()
        assert [one.text for one in compared(FAIL, (), listed).drift] == [text]
