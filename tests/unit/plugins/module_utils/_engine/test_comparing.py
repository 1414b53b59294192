# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How what is shared differs from what is declared.

A share counts where it is live and nobody declared it, and where it is declared and is not there, is dead, or has
another permission. A dead share that nobody declared gives no access. What is declared always counts; what nobody
declared counts as the rules say.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.comparing import (
    FAIL,
    IGNORE,
    REPORT,
    Comparison,
    Declared,
    Difference,
    Rules,
    compare,
    differences,
    meant_by,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.planning import Grant, Wanted
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.listed import Listed
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.principals import parse_principal
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.shares import (
    DEAD_STATUSES,
    LIVE_STATUSES,
    Share,
)

from ..examples import ANA, ANA_ROOT, BEN, CLEO, HERE, ID, OTHER_ID, OWNER, arn, grant, resource, share

ONE = resource("workload", ID, "One")
ANA_READS = Wanted((grant(ANA, "READONLY"),))
NOBODY = Wanted()
UNDECLARED = None
every_live_status = pytest.mark.parametrize("status", LIVE_STATUSES)
every_dead_status = pytest.mark.parametrize("status", DEAD_STATUSES)


def told(wanted: Wanted | None, *shares: Share) -> list[tuple[str, str]]:
    """What differs of the workload One, and the words after its name."""
    found = differences(Listed(ONE, shares), None if wanted is None else Declared(wanted), HERE)
    start = f"{ONE.label}, "
    assert all(difference.text.startswith(start) for difference in found)
    return [(difference.what, difference.text.removeprefix(start)) for difference in found]


# One resource


@every_live_status
def test_a_declared_share_that_is_live_is_as_declared(status: str) -> None:
    assert told(ANA_READS, share(ANA_ROOT, status, "READONLY")) == []


def test_a_declared_share_that_is_not_there() -> None:
    assert told(ANA_READS) == [("not_shared", f"{ANA}: is not shared (READONLY is declared)")]
    lens = differences(Listed(resource("lens", name="Two")), Declared(Wanted((grant(ANA),))), HERE)
    assert [one.text for one in lens] == [f"lens 'Two' ({arn('lens')}), {ANA}: is not shared"]


@every_dead_status
def test_a_declared_share_that_is_dead(status: str) -> None:
    assert told(ANA_READS, share(ANA, status, "READONLY")) == [("dead", f"{ANA}: has a dead share ({status})")]


@every_dead_status
def test_a_dead_share_is_told_once_and_whatever_the_entry_renews(status: str) -> None:
    wanted = Wanted((grant(ANA, "READONLY"),), renew=frozenset())
    shares = (share(ANA, status, "READONLY", "first"), share(ANA, status, "READONLY", "second"))
    assert told(wanted, *shares) == [("dead", f"{ANA}: has a dead share ({status})")]
    assert told(wanted, *shares, share(ANA, "ACCEPTED", "READONLY")) == []


def test_a_share_that_failed_says_why() -> None:
    (failed,) = told(ANA_READS, share(ANA, "FAILED", "READONLY", message="Sharing is off"))
    assert failed == ("dead", f"{ANA}: has a dead share (FAILED: Sharing is off)")


@every_live_status
def test_a_declared_share_with_another_permission(status: str) -> None:
    assert told(ANA_READS, share(ANA, status, "CONTRIBUTOR")) == [
        ("permission", f"{ANA}: has CONTRIBUTOR, but READONLY is declared")
    ]


@every_live_status
@pytest.mark.parametrize("wanted", [ANA_READS, NOBODY, Wanted(removals=(parse_principal(BEN),))])
def test_a_live_share_with_somebody_who_is_not_declared(wanted: Wanted, status: str) -> None:
    """Whether the entry purges or not, and also where it only takes access away."""
    shares = (share(ANA, "ACCEPTED", "READONLY"),) if wanted.grants else ()
    assert told(wanted, *shares, share(BEN, status, "READONLY")) == [
        ("not_declared", f"{BEN}: is shared, but not declared (READONLY {status})")
    ]


@every_live_status
def test_a_live_share_of_a_resource_that_nobody_declared(status: str) -> None:
    assert told(UNDECLARED, share(ANA, status, "READONLY")) == [
        ("resource_not_declared", f"{ANA}: is shared, but the workload is not declared (READONLY {status})")
    ]


@every_dead_status
@pytest.mark.parametrize("wanted", [UNDECLARED, NOBODY, ANA_READS, Wanted(removals=(parse_principal(BEN),))])
def test_a_dead_share_that_nobody_declared_gives_no_access(wanted: Wanted | None, status: str) -> None:
    shares = (share(ANA, "ACCEPTED", "READONLY"),) if wanted and wanted.grants else ()
    assert told(wanted, *shares, share(BEN, status, "READONLY")) == []


def test_a_share_in_a_status_that_nobody_knows_may_be_access() -> None:
    assert [what for what, _text in told(UNDECLARED, share(ANA, "DORMANT", "READONLY"))] == ["resource_not_declared"]
    assert [what for what, _text in told(ANA_READS, share(ANA, "DORMANT", "READONLY"))] == ["dead"]


def test_the_owner_needs_no_share() -> None:
    assert told(Wanted((grant(OWNER, "READONLY"), grant(f"arn:aws:iam::{OWNER}:user/me", "READONLY")))) == []


def test_a_resource_that_could_not_be_listed_is_told_as_it_failed() -> None:
    (one,) = differences(Listed(ONE, error="Failed to list the shares of workload 'One'"), Declared(ANA_READS), HERE)
    assert (one.what, one.text) == ("not_listed", "Failed to list the shares of workload 'One'")


def test_a_difference_as_data() -> None:
    live = share(ANA, "PENDING", "CONTRIBUTOR")
    of_one = {"kind": "workload", "id": ID, "arn": ONE.arn, "name": "One", "shared_with": ANA, "shared_with_name": None}
    of_one = {**of_one, "account_id": OWNER, "region": "eu-west-1"}
    (found,) = differences(Listed(ONE, (live,)), Declared(ANA_READS), HERE)
    assert found.as_result() == {
        **of_one,
        "difference": "permission",
        "status": "PENDING",
        "permission_type": "CONTRIBUTOR",
        "declared_permission_type": "READONLY",
        "until": None,
        "reason": None,
        "text": found.text,
    }
    (found,) = differences(Listed(ONE, (live,)), Declared(NOBODY), HERE)
    assert found.as_result() == {
        **of_one,
        "difference": "not_declared",
        "status": "PENDING",
        "permission_type": "CONTRIBUTOR",
        "declared_permission_type": None,
        "until": None,
        "reason": None,
        "text": found.text,
    }
    (found,) = differences(Listed(ONE), Declared(ANA_READS), HERE)
    assert found.as_result() == {
        **of_one,
        "difference": "not_shared",
        "status": None,
        "permission_type": None,
        "declared_permission_type": "READONLY",
        "until": None,
        "reason": None,
        "text": found.text,
    }
    nowhere = Difference("not_found", "resources[0]: workload 'Two' does not exist").as_result()
    assert {key for key, value in nowhere.items() if value is not None} == {"difference", "text"}


# Everything

DECLARED = Listed(ONE, (share(ANA, "ACCEPTED", "READONLY"), share(BEN, "ACCEPTED", "READONLY")))
SANDBOX = Listed(resource("workload", OTHER_ID, "Sandbox 1"), (share(CLEO, "ACCEPTED", "READONLY"),))
LENS = Listed(resource("lens", name="Standards"), (share(CLEO, "PENDING"),))
WANTED = {ONE.key: Declared(ANA_READS)}


def names(found: Sequence[Difference]) -> list[tuple[str | None, str]]:
    return [(one.resource.name if one.resource else None, one.what) for one in found]


def compared(rules: Rules, *listed: Listed) -> Comparison:
    return compare(listed or (DECLARED, SANDBOX, LENS), WANTED, rules, HERE)


IN_ONE = ("One", "not_declared")
IN_SANDBOX = ("Sandbox 1", "resource_not_declared")
IN_LENS = ("Standards", "resource_not_declared")


@pytest.mark.parametrize(
    ("rules", "drift", "undeclared", "left_out"),
    [
        pytest.param(Rules(), [IN_ONE, IN_SANDBOX, IN_LENS], [], 0, id="by default all of it is drift"),
        pytest.param(Rules(REPORT), [IN_ONE], [IN_SANDBOX, IN_LENS], 0, id="told apart"),
        pytest.param(Rules(IGNORE), [IN_ONE], [], 2, id="not told"),
        pytest.param(Rules(FAIL, ("Sandbox *",)), [IN_ONE, IN_LENS], [], 1, id="without some"),
        pytest.param(Rules(REPORT, ("Sandbox *",)), [IN_ONE], [IN_LENS], 1, id="told apart without some"),
        pytest.param(Rules(FAIL, ("*",)), [IN_ONE], [], 2, id="what is declared counts whatever is ignored"),
        pytest.param(Rules(FAIL, ("Nothing*",)), [IN_ONE, IN_SANDBOX, IN_LENS], [], 0, id="a name that means nothing"),
    ],
)
def test_resources_that_nobody_declared_count_as_the_rules_say(
    rules: Rules, drift: list[tuple[str, str]], undeclared: list[tuple[str, str]], left_out: int
) -> None:
    found = compared(rules)
    assert (names(found.drift), names(found.undeclared), found.left_out) == (drift, undeclared, left_out)


@pytest.mark.parametrize("undeclared", [FAIL, REPORT])
def test_what_could_not_be_listed_is_drift_unless_it_is_left_out(undeclared: str) -> None:
    denied = Listed(SANDBOX.resource, error="Failed to list the shares")
    assert names(compared(Rules(undeclared), denied).drift) == [("Sandbox 1", "not_listed")]
    assert compared(Rules(undeclared, ("Sandbox*",)), denied) == Comparison(left_out=1)
    assert compared(Rules(IGNORE), denied) == Comparison(left_out=1)
    declared = Listed(ONE, error="Failed to list the shares")
    assert names(compared(Rules(IGNORE, ("*",)), declared).drift) == [("One", "not_listed")]


def test_what_vanished_or_is_anothers_counts_only_where_it_is_declared() -> None:
    for listed, text in (
        (Listed(ONE, error="It is gone", missing=True), "It is gone"),
        (Listed(ONE, error="Denied", foreign="It belongs to another"), "It belongs to another"),
    ):
        assert compare([listed], {}, Rules(), HERE) == Comparison()
        assert [one.text for one in compare([listed], WANTED, Rules(), HERE).drift] == [text]


def test_nothing_declared_and_nothing_shared_is_no_difference() -> None:
    assert compare([], {}, Rules(), HERE) == Comparison()
    assert compare([Listed(ONE)], {}, Rules(), HERE) == Comparison()


# Names


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("Pay", ["Pay"]),
        ("Pay?", ["Pay*", "Payx"]),
        ("pay", []),
        pytest.param("Pay*", ["Pay*"], id="exactly this name"),
        pytest.param("P*", ["Pay", "Pay*", "Payx"], id="wildcard"),
        pytest.param(r"P*\*", ["Pay*"], id="a backslash takes the meaning of a wildcard away"),
        ("", []),
    ],
)
def test_a_name_means_what_it_means_elsewhere(pattern: str, expected: list[str]) -> None:
    resources = [resource("workload", f"{number:032x}", name) for number, name in enumerate(("Pay", "Pay*", "Payx"))]
    meant = meant_by([pattern], resources)
    assert [one.name for one in resources if one.key in meant] == expected


def test_a_name_is_looked_for_in_each_kind_by_itself() -> None:
    """As for the entries of what is declared: a lens that is named Pay* keeps no workload from matching."""
    lens, workload = resource("lens", name="Pay*"), resource("workload", name="Payments")
    assert meant_by(["Pay*"], [lens, workload]) == {lens.key, workload.key}


def test_two_names_mean_what_either_means() -> None:
    assert meant_by(["One", "Sand*"], [ONE, SANDBOX.resource, LENS.resource]) == {ONE.key, SANDBOX.resource.key}


def test_grants_of_lenses_have_no_permission() -> None:
    assert (
        compare([LENS], {LENS.resource.key: Declared(Wanted((Grant(parse_principal(CLEO)),)))}, Rules(), HERE)
        == Comparison()
    )
