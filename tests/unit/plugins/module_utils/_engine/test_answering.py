# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answering invitations, where the service does not play along; services are stand-ins that remember their calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.errors import ServiceError
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine import patience
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.access import access_of_accounts
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.answering import (
    Answerer,
    Recipient,
    Request,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.patience import Patience
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invitations import Conditions, Invitation
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.kinds import KINDS
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.places import OWN, Account, Place
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.told_shares import ToldShare
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.module_utils.examples import (
    ANA,
    BEN,
    CLEO,
    OWNER,
    REGION,
    arn,
    grant,
)
from botocore.exceptions import ClientError, EndpointConnectionError

ANY = Request(Conditions())


def refused(code: str, status: int = 400, retries: int = 0, operation: str = "UpdateShareInvitation") -> ServiceError:
    metadata = {"HTTPStatusCode": status, "RetryAttempts": retries}
    cause = ClientError({"Error": {"Code": code, "Message": "No."}, "ResponseMetadata": metadata}, operation)
    return ServiceError("do it", cause, operation)


UNREACHABLE = ServiceError("do it", EndpointConnectionError(endpoint_url="https://nowhere"), "UpdateShareInvitation")
CONFLICT, MISSING = "ConflictException", "ResourceNotFoundException"


def row(number: int, account: str) -> dict[str, Any]:
    """As ListShareInvitations has it: the lens of this number."""
    return {
        "ShareInvitationId": f"{number}",
        "SharedBy": OWNER,
        "SharedWith": account,
        "ShareResourceType": "LENS",
        "LensName": f"Lens {number}",
        "LensArn": arn("lens", str(number)),
    }


def told(number: int, account: str, **more: Any) -> ToldShare:
    """What the owner's task told of the lens of this number: a new share whose invitation is there."""
    share = ToldShare(
        KINDS["lens"],
        arn("lens", str(number)),
        f"Lens {number}",
        OWNER,
        grant(account).principal,
        "PENDING",
        None,
        "created",
        REGION,
    )
    return replace(share, **more)


@dataclass
class Service:
    """Stands in for WellArchitected in one account. ``before``: called before each call, may raise."""

    account: str
    pending: list[Any] = field(default_factory=list)
    before: Callable[[str], None] = lambda _call: None
    calls: list[str] = field(default_factory=list)

    def list_invitations(self, resource_type: str | None = None) -> list[Any]:
        self.calls.append(f"list {resource_type}" if resource_type else "list")
        self.before("list")
        return list(self.pending)

    def answer_invitation(self, invitation_id: str, accept: bool, label: str) -> None:
        self.calls.append(f"{'accept' if accept else 'reject'} {invitation_id}")
        self.before(f"answer {invitation_id}")
        self.pending = [one for one in self.pending if one == "text" or one["ShareInvitationId"] != invitation_id]

    def caller(self) -> str:
        return self.account


class Sessions:
    """Stands in for the real ones: the services of roles by their accounts. One place at a time."""

    over_all = 1

    def __init__(self, *services: Service | ServiceError) -> None:
        self.services = list(services)
        self.assumed: list[str] = []

    def is_own(self, account: Account) -> bool:
        return account.role_arn is None and account.id in (None, OWNER)

    def no_role(self, account: Account) -> str:
        return f"no role in {account.id}"

    def not_enabled(self, place: Place, error: ServiceError) -> bool:
        return error.code == "UnrecognizedClientException"

    def leave(self, _place: Place) -> None:
        pass

    def service(self, place: Place) -> Service:
        if place.account.role_arn is None:
            return Service(OWNER)
        role_arn = place.account.role_arn
        self.assumed.append(role_arn)
        found = self.services[int(role_arn)]
        if isinstance(found, ServiceError):
            raise found
        return found


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


def recipient(
    number: int = 0, told_of: Iterable[ToldShare] | None = None, account: str = ANA, region: str = REGION
) -> Recipient:
    """A place where the role of this number is assumed."""
    place = Place(Account(account, str(number)), region)
    return Recipient(place, None if told_of is None else tuple(told_of))


def answer(*services: Any, recipients: list[Recipient], request: Request = ANY, timeout: float = 0) -> Sessions:
    sessions = Sessions(*services)
    Answerer(sessions, request, Patience(timeout)).answer(recipients)  # type: ignore[arg-type]
    return sessions


def actions(recipient: Recipient) -> dict[str, str]:
    return {invitation.name: action for invitation, action in recipient.answered}


def fail(at: str, error: Exception, times: int = 99) -> Callable[[str], None]:
    left = [error] * times

    def before(call: str) -> None:
        if call.startswith(at) and left:
            raise left.pop()

    return before


class TestAnInvitationThatCannotBeAnswered:
    @pytest.mark.parametrize(
        ("error", "goes_on", "stops_its_region"),
        [
            (refused("AccessDeniedException", 403), True, False),
            (refused("InternalServerException", 500), True, False),
            (ZeroDivisionError("oh"), True, False),
            (refused("ThrottlingException", 429), False, False),
            (refused("ExpiredTokenException", 403), False, False),
            (refused("ServiceUnavailable", 503), False, True),
            (UNREACHABLE, False, True),
        ],
    )
    def test_ends_what_would_fail_alike_and_nothing_else(
        self, error: Exception, goes_on: bool, stops_its_region: bool
    ) -> None:
        first = Service(ANA, [row(1, ANA), row(2, ANA)], fail("answer 1", error))
        second, third = Service(BEN, [row(3, BEN)]), Service(BEN, [row(4, BEN)])
        also = Service(CLEO, [row(5, CLEO)], fail("list", error) if stops_its_region else lambda _call: None)
        ana, ben, elsewhere = recipient(0), recipient(1, account=BEN), recipient(2, account=BEN, region="us-east-1")
        cleo = recipient(3, account=CLEO)
        # One account that does not get through says nothing of the others; two in a row do.
        answer(first, second, third, also, recipients=[ana, cleo, ben, elsewhere])
        assert actions(ana) == ({"Lens 2": "accepted"} if goes_on else {})
        assert str(error).rstrip(".") in str(ana.error)
        assert ana.broken is not goes_on
        assert ("Not answered: the invitation to lens 'Lens 2'" in str(ana.error)) is not goes_on
        assert actions(ben) == ({} if stops_its_region else {"Lens 3": "accepted"})
        assert (f"{REGION} was out of reach: " in str(ben.error)) is stops_its_region
        assert (actions(elsewhere), elsewhere.error) == ({"Lens 4": "accepted"}, None)
        assert ana.changed is goes_on

    @pytest.mark.parametrize("error", [MISSING, CONFLICT])
    @pytest.mark.parametrize(("retries", "action"), [(0, "gone"), (1, "accepted")])
    def test_was_answered_by_others_or_by_a_call_whose_answer_got_lost(
        self, error: str, retries: int, action: str
    ) -> None:
        service = Service(ANA, [row(1, ANA)])

        def before(call: str) -> None:
            if call == "answer 1":
                service.pending.clear()
                raise refused(error, retries=retries)

        service.before = before
        ana = recipient()
        answer(service, recipients=[ana])
        assert (actions(ana), ana.error) == ({"Lens 1": action}, None)
        assert ana.changed is (action == "accepted")

    @pytest.mark.parametrize(("timeout", "looks"), [(0, 1), (3, 4)])
    def test_is_failed_where_a_conflict_leaves_it_pending_as_long_as_the_patience_lasts(
        self, timeout: float, looks: int
    ) -> None:
        service = Service(ANA, [row(1, ANA)], fail("answer", refused(CONFLICT, 409)))
        ana = recipient()
        answer(service, recipients=[ana], timeout=timeout)
        assert actions(ana) == {}
        assert "ConflictException" in str(ana.error)
        assert service.calls.count("list LENS") == looks

    def test_is_failed_where_nobody_can_say_whether_it_is_pending(self) -> None:
        service = Service(ANA, [row(1, ANA)])

        def before(call: str) -> None:
            if call == "answer 1":
                raise refused(CONFLICT, 409)
            if "accept 1" in service.calls:
                raise refused("AccessDeniedException", 403)

        service.before = before
        ana = recipient()
        answer(service, recipients=[ana])
        assert "ConflictException" in str(ana.error)
        assert "AccessDenied" not in str(ana.error)

    def test_is_failed_alone_where_the_list_that_could_say_so_cannot_be_read(self) -> None:
        service = Service(ANA, [row(1, ANA), row(2, ANA)])

        def before(call: str) -> None:
            if call == "answer 1":
                service.pending[0] = "text"
                raise refused(CONFLICT, 409)

        service.before = before
        ana = recipient()
        answer(service, recipients=[ana])
        assert actions(ana) == {"Lens 2": "accepted"}
        assert "ConflictException" in str(ana.error)


class TestAPlace:
    @pytest.mark.parametrize(
        ("error", "stops_others"),
        [
            (refused("AccessDenied", 403, operation="AssumeRole"), False),
            (refused("ExpiredToken", 403, operation="AssumeRole"), True),
        ],
    )
    def test_whose_role_is_refused_fails_alone_unless_it_is_the_tasks_own_credentials(
        self, error: ServiceError, stops_others: bool
    ) -> None:
        second = Service(BEN, [row(3, BEN)])
        ana, ben = recipient(0), recipient(1, account=BEN, region="us-east-1")
        own = Recipient(Place(OWN, "us-west-2"))
        sessions = answer(error, second, recipients=[own, ana, ben])
        assert ana.broken
        assert "Failed to do it" in str(ana.error)
        assert actions(ben) == ({} if stops_others else {"Lens 3": "accepted"})
        assert ("No role could be assumed: ExpiredToken" in str(ben.error)) is stops_others
        assert sessions.assumed == (["0"] if stops_others else ["0", "1"])
        assert own.error is None

    def test_whose_role_was_assumed_before_is_asked_on_where_no_other_can_be(self) -> None:
        late = Service(ANA)
        late.before = lambda _call: late.pending.append(row(1, ANA)) if len(late.calls) == 2 else None
        ana, ben = recipient(0, [told(1, ANA)]), recipient(1, account=BEN, region="us-east-1")
        answer(late, refused("ExpiredToken", 403, operation="AssumeRole"), recipients=[ana, ben], timeout=10)
        assert (actions(ana), ana.error) == ({"Lens 1": "accepted"}, None)

    @pytest.mark.parametrize("pass_over", [True, False])
    def test_that_the_account_has_not_enabled_is_passed_over_where_all_regions_were_asked_for(
        self, pass_over: bool
    ) -> None:
        service = Service(ANA, [], fail("list", refused("UnrecognizedClientException", 403)))
        ana = recipient(told_of=[told(1, ANA)])
        answer(
            service,
            recipients=[ana],
            request=Request(Conditions(), passed_over=frozenset((REGION,)) if pass_over else frozenset()),
            timeout=5,
        )
        assert service.calls == ["list"]
        assert ("skipped" in ana.as_result(), "error" in ana.as_result()) == (pass_over, not pass_over)

    def test_whose_caller_nobody_can_tell_fails_alone(self) -> None:
        sessions = Sessions(Service(ANA, [row(1, ANA)]))
        error = ServiceError("ask", EndpointConnectionError(endpoint_url="https://sts"), "GetCallerIdentity")
        ben, ana = Recipient(Place(Account(BEN), REGION)), recipient()
        sessions.is_own = lambda _account: bool(fail("", error)(""))  # type: ignore[method-assign,func-returns-value]
        Answerer(sessions, ANY, Patience(0)).answer([ben, ana])  # type: ignore[arg-type]
        assert "Failed to ask" in str(ben.error)
        assert actions(ana) == {"Lens 1": "accepted"}

    @pytest.mark.parametrize("error", [refused("AccessDeniedException", 403), ZeroDivisionError("oh")])
    def test_that_cannot_be_listed_is_not_looked_at_again(self, error: Exception) -> None:
        service = Service(ANA, [], fail("list", error))
        ana = recipient(told_of=[told(1, ANA)])
        answer(service, recipients=[ana], timeout=10)
        assert service.calls == ["list"]
        assert str(error).rstrip(".") in str(ana.error)

    def test_of_the_callers_own_needs_no_role_and_another_does(self) -> None:
        own = Recipient(Place(Account(OWNER), REGION))
        unnamed = Recipient(Place(Account(None), REGION))
        other = Recipient(Place(Account(BEN), REGION))
        sessions = answer(recipients=[own, unnamed, other])
        assert sessions.assumed == []
        assert (own.error, unnamed.error) == (None, None)
        assert other.error == f"no role in {BEN}."

    def test_where_nothing_that_was_told_has_an_invitation_is_not_asked(self) -> None:
        service = Service(ANA, [row(1, ANA)])
        ana = recipient(told_of=[told(1, ANA, status="ACCEPTED", action="unchanged")])
        sessions = answer(service, recipients=[ana, recipient(told_of=[])])
        assert (service.calls, sessions.assumed) == ([], [])

    def test_has_a_row_that_cannot_be_read_told_and_the_others_answered(self) -> None:
        service = Service(ANA, ["text", row(1, ANA)])
        ana = recipient()
        answer(service, recipients=[ana])
        assert actions(ana) == {"Lens 1": "accepted"}
        assert "the row is no object" in str(ana.error)


class TestWhatFailedAlike:
    def test_is_told_once_however_many_invitations_of_a_place_it_befell(self) -> None:
        service = Service(ANA, [row(number, ANA) for number in range(9)])
        real = service.answer_invitation

        def refuse(invitation_id: str, accept: bool, label: str) -> None:
            if invitation_id != "8":
                raise ServiceError(f"accept {label}", refused("AccessDeniedException", 403).cause, "Answer")
            real(invitation_id, accept, label)

        service.answer_invitation = refuse  # type: ignore[method-assign]
        ana = recipient()
        answer(service, recipients=[ana])
        assert len(ana.errors) == 8
        (error,) = ana.as_failed("account", ana.place.label, alone=False).errors
        assert error.startswith("Failed to accept …: AccessDeniedException")


class TestWhatIsAnswered:
    @pytest.mark.parametrize("action", ["accepted", "rejected"])
    @pytest.mark.parametrize("check_mode", [False, True])
    def test_is_told_alike_in_check_mode_which_sends_nothing(self, action: str, check_mode: bool) -> None:
        service = Service(ANA, [row(1, ANA), row(2, ANA)])
        ana = recipient()
        request = Request(Conditions(name="*1"), action, check_mode)
        answer(service, recipients=[ana], request=request)
        assert actions(ana) == {"Lens 1": action}
        sent = [] if check_mode else [f"{action[:6]} 1"]
        assert service.calls == ["list", *sent]

    def test_of_thousands_that_were_told_is_found_at_once(self) -> None:
        """Not by comparing each with each: 6,000 of both would be 36 million comparisons, which take a minute."""
        many = 6000
        service = Service(ANA, [row(number, ANA) for number in range(many)])
        service.answer_invitation = lambda *_answer: None  # type: ignore[method-assign]
        ana = recipient(told_of=[told(number, ANA) for number in range(many)])
        began = time.process_time()
        answer(service, recipients=[ana])
        access = access_of_accounts(ana.told or (), [ana])[0]["access"]
        assert time.process_time() - began < 5
        assert len(ana.answered) == many
        assert (len(access), access[-1]) == (many, f"lens Lens {many - 1} ACCEPTED")

    def test_is_only_what_was_told(self) -> None:
        service = Service(ANA, [row(1, ANA), row(2, ANA)])
        ana = recipient(told_of=[told(2, ANA)])
        answer(service, recipients=[ana])
        assert actions(ana) == {"Lens 2": "accepted"}

    def test_is_listed_by_type_where_only_one_is_meant(self) -> None:
        service = Service(ANA)
        answer(service, recipients=[recipient()], request=Request(Conditions(kinds=frozenset(["lens"]))))
        assert service.calls == ["list LENS"]


class TestWaiting:
    def late(self, *rows: Any) -> Service:
        """A service where one more row shows with every list."""
        service = Service(ANA)

        def before(call: str) -> None:
            shown = service.calls.count("list") - 1
            if call == "list" and 0 < shown <= len(rows):
                service.pending.append(rows[shown - 1])

        service.before = before
        return service

    def test_goes_on_until_everything_that_was_told_has_shown(self) -> None:
        service = self.late(row(1, ANA), row(2, ANA))
        ana = recipient(told_of=[told(1, ANA), told(2, ANA)])
        answer(service, recipients=[ana], timeout=60)
        assert (actions(ana), ana.error) == ({"Lens 1": "accepted", "Lens 2": "accepted"}, None)
        assert service.calls.count("list") == 3

    def test_goes_on_for_what_may_have_been_sent_and_does_not_complain_of_it(self, clock: Clock) -> None:
        service = self.late()
        ana = recipient(told_of=[told(1, ANA, status=None)])
        answer(service, recipients=[ana], timeout=7)
        assert (clock.now, ana.error) == (1007, None)

    @pytest.mark.parametrize("status", [None, "PENDING"])
    def test_in_check_mode_is_for_what_is_sent_already(self, status: str | None) -> None:
        service = self.late()
        ana = recipient(told_of=[told(1, ANA, status=status)])
        answer(service, recipients=[ana], request=Request(Conditions(), check_mode=True), timeout=7)
        assert (service.calls.count("list") > 1) is (status == "PENDING")

    def test_that_is_in_vain_is_told_with_what_did_not_show(self) -> None:
        ana = recipient(told_of=[told(1, ANA), told(2, ANA)])
        answer(self.late(row(2, ANA)), recipients=[ana], timeout=7)
        assert ana.error == (
            f"The invitation to lens 'Lens 1' from {OWNER} did not show within 7 s: it may show later, or others have "
            "answered it. Share and accept again."
        )

    def test_is_not_spoken_of_where_nobody_asked_to_wait(self) -> None:
        ana = recipient(told_of=[told(1, ANA)])
        answer(self.late(), recipients=[ana], timeout=0)
        assert ana.error is None

    def test_without_shares_that_were_told_ends_with_the_first_that_shows(self) -> None:
        service = self.late(row(1, ANA), row(2, ANA))
        answer(service, recipients=[recipient()], timeout=60)
        assert service.calls == ["list", "list", "accept 1"]


class TestAccess:
    """What each account has, from what the owner's task told and from what was answered."""

    def test_is_told_by_account_with_the_statuses_as_they_are_now(self) -> None:
        shares = [
            told(1, ANA),
            told(2, ANA, status="ACCEPTED", action="unchanged", permission="READONLY"),
            told(3, BEN, action="deleted", status="REVOKED"),
            told(4, BEN, status=None, name=None, action="unchanged"),
            told(5, BEN, action="unchanged"),
        ]
        ana, ben = recipient(told_of=shares[:2]), recipient(told_of=shares[2:], account=BEN)
        ben = replace(ben, place=Place(Account(BEN, name="ben"), REGION))
        lens = Invitation("1", KINDS["lens"], OWNER, ANA, "Lens 1", arn("lens", "1"))
        ana.answered.append((lens, "accepted"))
        gone = replace(lens, resource=arn("lens", "5"), shared_with=BEN)
        ben.answered.append((gone, "gone"))
        ben.errors.append("Oh")
        nobody = Recipient(Place(Account(None), REGION))
        assert access_of_accounts(shares, [ana, ben, nobody]) == [
            {
                "account_id": ANA,
                "name": None,
                "access": ["lens Lens 1 ACCEPTED", "lens Lens 2 READONLY ACCEPTED"],
                "changed": True,
                "error": "",
            },
            {
                "account_id": BEN,
                "name": "ben",
                "access": ["lens Lens 3 removed", f"lens {arn('lens', '4')} unchanged", "lens Lens 5 PENDING"],
                "changed": True,
                "error": "Oh.",
            },
        ]

    @pytest.mark.parametrize(
        ("action", "answered", "changed"),
        [
            ("unchanged", [], False),
            ("updated", [], True),
            ("unchanged", ["accepted"], True),
            ("unchanged", ["gone"], False),
        ],
    )
    def test_has_changed_where_either_side_did_anything(self, action: str, answered: list[str], changed: bool) -> None:
        share = told(1, ANA, action=action)
        ana = recipient(told_of=[share])
        lens = Invitation("1", KINDS["lens"], OWNER, ANA, "Lens 1", arn("lens", "1"))
        ana.answered.extend((lens, one) for one in answered)
        assert access_of_accounts([share], [ana])[0]["changed"] is changed

    def test_of_an_account_in_several_regions_is_one_entry_that_names_them(self) -> None:
        """The same lens ID in both, so that nothing but the region tells the two apart."""
        shares = [told(1, ANA), told(1, ANA, region="us-east-1")]
        here, there = recipient(told_of=shares[:1]), recipient(told_of=shares[1:], region="us-east-1")
        here.answered.append((Invitation("1", KINDS["lens"], OWNER, ANA, "Lens 1", arn("lens", "1")), "accepted"))
        here.fail("One")
        there.fail("Two")
        (ana,) = access_of_accounts(shares, [here, there], several_regions=True)
        assert ana == {
            "account_id": ANA,
            "name": None,
            "access": [f"lens Lens 1 ACCEPTED in {REGION}", "lens Lens 1 PENDING in us-east-1"],
            "changed": True,
            "error": f"In {REGION}: One. In us-east-1: Two.",
        }

    def test_of_an_account_that_was_not_asked_is_what_the_owner_knows(self) -> None:
        assert access_of_accounts([told(1, ANA)], [])[0]["access"] == ["lens Lens 1 PENDING"]
