# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Doing what was planned, where the service does not play along; the service is a stand-in that remembers its calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.errors import ServiceError
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine import patience
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.applying import (
    Applier,
    Outcome,
    Work,
    wait_until_settled,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.declaration import Declaration
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.patience import Patience
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.planning import Step, Wanted, plan_shares
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.progress import Progress
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.principals import Principal
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.resources import Resource
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.shares import Share
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.module_utils.examples import (
    ANA,
    BEN,
    CLEO,
    ID,
    ORGANIZATION,
    OTHER_ID,
    OU,
    grant,
    resource,
    share,
)
from botocore.exceptions import ClientError

READONLY, CONTRIBUTOR = "READONLY", "CONTRIBUTOR"


def refused(code: str, status: int = 400, retries: int = 0) -> ServiceError:
    metadata = {"HTTPStatusCode": status, "RetryAttempts": retries}
    cause = ClientError({"Error": {"Code": code, "Message": "No."}, "ResponseMetadata": metadata}, "Create")
    return ServiceError("do it", cause, "CreateWorkloadShare")


CONFLICT, INVALID, MISSING = "ConflictException", "ValidationException", "ResourceNotFoundException"


@dataclass
class Service:
    """Stands in for WellArchitected. ``shares``: what is there. ``before``: called before each call, may raise."""

    shares: list[Share] = field(default_factory=list)
    before: Callable[[str, str], None] = lambda _call, _who: None
    tells_ids: bool = True
    calls: list[str] = field(default_factory=list)
    """Such as ``create 111122223333``."""

    def _called(self, call: str, who: str) -> None:
        self.calls.append(f"{call} {who}")
        self.before(call, who)

    def list_shares(self, resource: Resource) -> list[Share]:
        self._called("list", resource.id)
        return list(self.shares)

    def create_share(self, resource: Resource, principal: Principal, permission: str | None) -> str | None:
        self._called("create", principal.text)
        self.shares.append(share(principal.text, "PENDING", permission, f"new {principal.text}"))
        return f"new {principal.text}" if self.tells_ids else None

    def update_share(self, resource: Resource, share: Share, permission: str | None) -> None:
        self._called("update", share.principal.text)

    def delete_share(self, resource: Resource, share: Share) -> None:
        self._called("delete", share.principal.text)
        if share not in self.shares:
            raise refused(MISSING, 404)
        self.shares.remove(share)


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(patience, "time", clock)
    return clock


def work_on(service: Service, *grants: Any, resource_id: str = ID, listed: Sequence[Share] = (), **more: Any) -> Work:
    """What is to be done so that the shares that are there become as granted."""
    wanted = Wanted(tuple(given if not isinstance(given, str) else grant(given, READONLY) for given in grants), **more)
    found = tuple(listed or service.shares)
    declaration = Declaration(resource("workload", resource_id, "Payments"), wanted)
    return Work(declaration, found, plan_shares(wanted, found))


def apply(service: Service, *works: Work, timeout: float = 10, wait: bool = False) -> None:
    patience = Patience(timeout)
    applier = Applier(lambda: service, works, 1, patience, Progress())  # type: ignore[arg-type, return-value]
    applier.apply()
    if wait:
        wait_until_settled([applier], patience, Progress(), 1)


def actions(work: Work) -> dict[str, str]:
    return {outcome.principal.text: outcome.action for _step, outcome in work.outcomes}


def fail(at: str, error: Exception, times: int = 99) -> Callable[[str, str], None]:
    """Raises where the call begins so: ``create``, or ``create 111122223333``."""
    left = [error] * times

    def before(call: str, who: str) -> None:
        if f"{call} {who}".startswith(at) and left:
            raise left.pop()

    return before


class TestAChangeThatFails:
    @pytest.mark.parametrize(
        ("error", "goes_on", "stops_others"),
        [
            (refused("InternalServerException", 500), True, False),
            (refused(INVALID), True, False),
            (ZeroDivisionError("oh"), True, False),
            (refused("AccessDeniedException", 403), False, False),
            (refused("ServiceQuotaExceededException", 402), False, False),
            (refused(MISSING, 404), False, False),
            (refused("ExpiredTokenException", 403), False, True),
            (refused("ThrottlingException", 429), False, True),
        ],
    )
    def test_ends_what_would_fail_alike_and_nothing_else(
        self, error: Exception, goes_on: bool, stops_others: bool
    ) -> None:
        service = Service(before=fail("create", error, times=1))
        first, second = work_on(service, ANA, BEN), work_on(service, ANA, resource_id=OTHER_ID)
        apply(service, first, second)
        assert actions(first) == ({BEN: "created"} if goes_on else {})
        assert ("share with 444455556666" in str(first.error)) is not goes_on
        assert f"Not done: share with {ANA}" in str(first.error)
        assert bool(second.error) is stops_others
        assert ("The run was stopped: " in str(second.error)) is stops_others

    def test_is_told_as_a_fault_of_the_collection_where_nobody_thought_of_it(self) -> None:
        service = Service(before=fail("create", ZeroDivisionError("oh")))
        work = work_on(service, ANA)
        apply(service, work)
        assert "Failed to share workload 'Payments'" in str(work.error)
        assert "ZeroDivisionError: oh" in str(work.error)

    def test_of_a_renewal_leaves_the_dead_share_told_as_deleted(self) -> None:
        service = Service([share(ANA, "EXPIRED", READONLY)], fail("create", refused("AccessDeniedException", 403)))
        work = work_on(service, ANA, renew=frozenset(["EXPIRED"]))
        apply(service, work)
        assert actions(work) == {ANA: "deleted"}
        assert work.changed

    def test_is_not_tried_where_the_shares_could_not_even_be_listed(self) -> None:
        service = Service()
        work = work_on(service, ANA)
        work.errors.append("Failed to list")
        apply(service, work)
        assert service.calls == []

    def test_names_at_most_twenty_that_were_not_done(self) -> None:
        service = Service(before=fail("create", refused("AccessDeniedException", 403)))
        everyone = [f"{number:012}" for number in range(1, 23)]
        work = work_on(service, *everyone[:20])
        apply(service, work)
        assert "more" not in str(work.error)
        work = work_on(service, *everyone)
        apply(service, work)
        assert str(work.error).endswith(f"share with {everyone[19]}, 2 more.")

    def test_is_named_by_what_it_was_to_do(self) -> None:
        service = Service(
            [share(ANA, permission=CONTRIBUTOR), share(BEN, permission=READONLY), share(CLEO, "EXPIRED", READONLY)],
            fail("", refused("AccessDeniedException", 403)),
        )
        work = work_on(service, ANA, CLEO, OU, purge=True, renew=frozenset(["EXPIRED"]))
        apply(service, work)
        assert str(work.error).endswith(
            f"Not done: remove {BEN}, change the permission of {ANA}, share again with {CLEO}, share with {OU}."
        )


class TestAWorldThatMoved:
    def test_an_update_that_is_refused_is_wrong_itself_where_the_share_is_as_it_was(self) -> None:
        service = Service([share(ANA, permission=CONTRIBUTOR)], fail("update", refused(INVALID)))
        work = work_on(service, ANA)
        apply(service, work)
        assert "ValidationException" in str(work.error)
        assert service.calls == [f"update {ANA}", f"list {ID}"]

    @pytest.mark.parametrize("code", [CONFLICT, MISSING, INVALID])
    def test_an_update_of_a_share_that_is_gone_becomes_a_create(self, code: str) -> None:
        service = Service(before=fail("update", refused(code)))
        work = work_on(service, ANA, listed=[share(ANA, permission=CONTRIBUTOR)])
        apply(service, work)
        assert work.error is None
        assert actions(work) == {ANA: "created"}

    @pytest.mark.parametrize("code", [MISSING, INVALID])
    def test_only_a_conflict_says_so_of_a_create(self, code: str) -> None:
        service = Service(before=fail("create", refused(code)))
        work = work_on(service, ANA)
        apply(service, work)
        assert work.error
        assert service.calls == [f"create {ANA}"]

    def test_a_conflict_that_no_list_explains_is_told_with_advice_once_the_patience_is_over(self) -> None:
        service = Service(before=fail("create", refused(CONFLICT, 409)))
        work = work_on(service, ANA)
        apply(service, work, timeout=3)
        assert "No list of its shares shows one with this principal: run again later" in str(work.error)
        assert service.calls.count(f"create {ANA}") > 2

    def test_a_conflict_of_a_delete_is_told_in_the_services_words_alone(self) -> None:
        service = Service([share(ANA, permission=READONLY)], fail("delete", refused(CONFLICT, 409)))
        work = work_on(service, purge=True)
        apply(service, work, timeout=3)
        assert str(work.error) == f"Failed to do it: ConflictException: No. Not done: remove {ANA}."

    @pytest.mark.parametrize(("retries", "action"), [(0, "unchanged"), (1, "created")])
    def test_a_live_share_that_a_repeated_create_meets_is_its_own(self, retries: int, action: str) -> None:
        service = Service([], fail("create", refused(CONFLICT, 409, retries)))
        work = work_on(service, ANA)
        service.shares.append(share(ANA, "PENDING", READONLY))
        apply(service, work)
        assert work.error is None
        assert actions(work) == {ANA: action}

    def test_a_share_that_is_gone_is_as_good_as_deleted(self) -> None:
        service = Service()
        work = work_on(service, listed=[share(ANA, permission=READONLY)], purge=True)
        apply(service, work)
        assert work.error is None
        assert actions(work) == {ANA: "deleted"}

    def test_a_dead_share_that_shows_where_it_must_not_be_renewed_is_left_and_told(self) -> None:
        service = Service(before=fail("update", refused(CONFLICT, 409)))
        work = work_on(service, ANA, listed=[share(ANA, permission=CONTRIBUTOR)])
        service.shares.append(share(ANA, "REJECTED", CONTRIBUTOR))
        apply(service, work)
        assert actions(work) == {ANA: "unchanged"}
        assert [dead.status for dead in work.plan.left_dead] == ["REJECTED"]


class TestWaiting:
    def settle(self, service: Service, status: str, after: int) -> None:
        """From the list of this number on, all shares have the status."""
        lists = 0

        def before(call: str, _who: str) -> None:
            nonlocal lists
            lists += call == "list"
            if lists >= after:
                service.shares = [share(one.principal.text, status, READONLY, one.share_id) for one in service.shares]
            elif call == "list":
                service.shares = [
                    share(one.principal.text, "ASSOCIATING", READONLY, one.share_id) for one in service.shares
                ]

        service.before = before

    @pytest.mark.parametrize("tells_ids", [True, False])
    def test_lasts_until_no_share_is_associating(self, clock: Clock, tells_ids: bool) -> None:
        service = Service(tells_ids=tells_ids)
        self.settle(service, "ASSOCIATED", after=4)
        work = work_on(service, OU)
        apply(service, work, wait=True)
        assert work.error is None
        assert [(outcome.share_id, outcome.status) for _step, outcome in work.outcomes] == [(f"new {OU}", "ASSOCIATED")]
        assert service.calls == [f"create {OU}"] + [f"list {ID}"] * 4
        assert clock.now == 1000 + 0.5 + 1 + 2

    def test_is_given_up_when_the_patience_is_over(self, clock: Clock) -> None:
        service = Service()
        self.settle(service, "ASSOCIATED", after=99)
        work = work_on(service, OU, ORGANIZATION)
        apply(service, work, timeout=7, wait=True)
        assert work.error == (f"workload 'Payments' ({ID}) was still not shared with {OU}, {ORGANIZATION} after 7 s.")
        assert clock.now == 1007

    def test_a_share_that_failed_is_told_with_the_services_reason(self) -> None:
        service = Service()
        self.settle(service, "FAILED", after=1)
        work = work_on(service, OU)
        apply(service, work, wait=True)
        assert work.error == (f"Sharing workload 'Payments' ({ID}) with {OU} FAILED: the service gave no reason.")

    def test_a_dead_share_that_is_left_alone_is_no_failure(self) -> None:
        service = Service([share(ANA, "FAILED", READONLY), share(BEN, "ASSOCIATING", READONLY)])
        work = work_on(service, ANA, BEN)
        service.shares[1] = share(BEN, "ASSOCIATED", READONLY, service.shares[1].share_id)
        apply(service, work, wait=True)
        assert work.error is None

    @pytest.mark.parametrize(
        ("there", "looks"),
        [(["ACCEPTED"], 0), (["PENDING"], 0), (["ASSOCIATING"], 1), (["ASSOCIATED"], 0)],
    )
    def test_what_was_there_is_waited_for_where_it_is_associating(self, there: list[str], looks: int) -> None:
        service = Service([share(OU, status, READONLY, "1") for status in there])
        work = work_on(service, OU)
        service.shares = [share(OU, "ASSOCIATED", READONLY, "1")]
        apply(service, work, wait=True)
        assert service.calls == [f"list {ID}"] * looks

    def test_what_is_removed_is_not_waited_for(self) -> None:
        service = Service([share(OU, "ASSOCIATING", READONLY)])
        work = work_on(service, purge=True)
        apply(service, work, wait=True)
        assert service.calls == [f"delete {OU}"]

    def test_a_share_that_was_seen_associating_and_is_gone_was_removed_by_others(self) -> None:
        service = Service([share(OU, "ASSOCIATING", READONLY)])
        work = work_on(service, OU)
        service.shares.clear()
        apply(service, work, wait=True)
        assert work.error == f"The share of workload 'Payments' ({ID}) with {OU} was removed by others meanwhile."

    def test_a_share_that_has_not_shown_yet_may_still_come(self) -> None:
        service = Service()
        work = work_on(service, OU)
        patience = Patience(10)
        applier = Applier(lambda: service, [work], 1, patience, Progress())  # type: ignore[arg-type, return-value]
        applier.apply()
        service.shares.clear()
        late = share(OU, "ASSOCIATED", READONLY, f"new {OU}")
        service.before = lambda _call, _who: service.shares.append(late) if len(service.calls) == 3 else None
        wait_until_settled([applier], patience, Progress(), 1)
        assert work.error is None
        assert service.calls.count(f"list {ID}") == 2

    @pytest.mark.parametrize(
        ("error", "stops"),
        [
            (refused("AccessDeniedException", 403), False),
            (ZeroDivisionError("oh"), False),
            (refused("ExpiredTokenException", 403), True),
        ],
    )
    def test_a_list_that_fails_is_its_resources_error(self, error: Exception, stops: bool) -> None:
        service = Service()
        first, second = work_on(service, OU), work_on(service, ORGANIZATION, resource_id=OTHER_ID)
        self.settle(service, "ASSOCIATED", after=3)
        settling = service.before

        def before(call: str, who: str) -> None:
            if f"{call} {who}" == f"list {ID}":
                raise error
            settling(call, who)

        service.before = before
        apply(service, first, second, wait=True)
        assert str(error).rstrip(".") in str(first.error)
        assert service.calls.count(f"list {ID}") == 1
        assert service.calls.count(f"list {OTHER_ID}") == (1 if stops else 3)
        assert bool(second.error) is stops


def test_an_error_is_told_once_and_ends_with_a_full_stop() -> None:
    work = work_on(Service(), ANA)
    assert work.error is None
    work.errors.extend(["One.", "Two", "One."])
    assert work.error == "One. Two."
    work.not_done.append(Step("created", grant(BEN).principal))
    assert work.error == f"One. Two. Not done: share with {BEN}."


def test_check_mode_takes_the_plan_for_what_was_done() -> None:
    service = Service([share(ANA, permission=READONLY), share(BEN, permission=CONTRIBUTOR)])
    work = work_on(service, ANA, BEN, CLEO)
    assert not work.changed
    work.predict()
    assert actions(work) == {ANA: "unchanged", BEN: "updated", CLEO: "created"}
    assert work.changed
    _step, created = work.outcomes[-1]
    assert created == Outcome("created", grant(CLEO).principal, READONLY)
