# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is named is what is listed, and of that what passes the filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.errors import ServiceError
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.finding import (
    Filters,
    find_shares,
    summarize,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.settings import Settings
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import Faults, InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.kinds import KINDS, Kind
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.listed import Listed
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.principal_names import PrincipalNames
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.principals import parse_principal
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.resources import Resource
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.shares import STATUSES, Share
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.module_utils.examples import (
    ANA,
    ANA_ROOT,
    BEN,
    ID,
    OTHER_ID,
    OWNER,
    REGION,
    SCOPE,
    arn,
    share,
)
from botocore.exceptions import ClientError

WORKLOAD, LENS = KINDS["workload"], KINDS["lens"]
STRANGER = "999988887777"
ALL = Filters()


def refused(code: str, status: int = 400) -> ServiceError:
    cause = ClientError(
        {"Error": {"Code": code, "Message": "No."}, "ResponseMetadata": {"HTTPStatusCode": status}}, "List"
    )
    return ServiceError("list the shares", cause, "ListWorkloadShares")


@dataclass
class Service:
    """Stands in for WellArchitected: resources by kind as (ID, name), with shares or errors by ID."""

    resources: Mapping[str, Sequence[tuple[str, str]]]
    shares: Mapping[str, Sequence[Share] | Exception] = field(default_factory=dict)
    owner: str = OWNER
    """Of what is listed."""
    account: str | None = None
    region: str = REGION
    names: PrincipalNames = field(default_factory=PrincipalNames)
    listed: list[str] = field(default_factory=list)
    """The kinds whose resources were listed."""

    def list_resources(self, kind: Kind, second_look: bool = False, on_page: Any = None) -> list[dict[str, Any]]:
        self.listed.append(kind.name)
        return [
            {kind.arn_key: arn(kind.name, resource_id), kind.name_key: name, "Owner": self.owner}
            for resource_id, name in self.resources.get(kind.name, ())
        ]

    def list_shares(self, resource: Resource) -> list[Share]:
        found = self.shares.get(resource.id.rpartition("/")[2], ())
        if isinstance(found, Exception):
            raise found
        return list(found)

    def caller(self) -> str:
        return OWNER


@dataclass
class Sessions:
    """Stands in for the real ones: the task's own account, in one region."""

    own: Service
    names: PrincipalNames = field(default_factory=PrincipalNames)
    over_all: int = 1

    def service(self, _place: Any) -> Service:
        return self.own

    def leave(self, _place: Any) -> None:
        pass

    def entered(self, _account: Any) -> bool:
        return True

    def not_enabled(self, _place: Any, _error: ServiceError) -> bool:
        return False


def take(service: Service, filters: Filters = ALL, **names: list[str]) -> tuple[list[Listed], list[str]]:
    """What is found, and the warnings."""
    warnings: list[str] = []
    kinds = {KINDS[kind]: texts for kind, texts in names.items()}
    sessions: Any = Sessions(service)
    located, _visits = find_shares(sessions, SCOPE, kinds, filters, Settings(), warnings.append, Faults())
    return [listed for _place, listed in located], warnings


def found(*arguments: Any, **names: list[str]) -> dict[str | None, list[str]]:
    """By the names or IDs of the resources: whom each is shared with."""
    listed, warnings = take(*arguments, **names)
    assert warnings == []
    assert not any(item.error for item in listed)
    return {item.resource.name or item.resource.id: [one.principal.text for one in item.shares] for item in listed}


@pytest.fixture
def service() -> Service:
    return Service(
        {"workload": [(ID, "Payments"), (OTHER_ID, "Ledger")], "lens": [("a", "Ours")]},
        {ID: [share(ANA), share(BEN, "EXPIRED")], OTHER_ID: [share(BEN)]},
    )


class TestNames:
    def test_without_any_everything_of_every_kind_is_listed(self, service: Service) -> None:
        assert found(service) == {"Payments": [ANA, BEN], "Ledger": [BEN], "Ours": []}
        assert service.listed == list(KINDS)

    def test_only_kinds_of_which_something_is_named_are_listed(self, service: Service) -> None:
        assert found(service, workload=["Pay*", "Ledger"]) == {"Payments": [ANA, BEN], "Ledger": [BEN]}
        assert service.listed == ["workload"]

    def test_an_id_needs_no_list(self, service: Service) -> None:
        assert found(service, workload=[ID]) == {ID: [ANA, BEN]}
        assert service.listed == []

    def test_a_resource_that_is_named_twice_is_there_once(self, service: Service) -> None:
        assert list(found(service, workload=["Payments", "Pay*", ID])) == ["Payments"]

    def test_every_name_that_means_nothing_is_told_with_its_place(self, service: Service) -> None:
        with pytest.raises(InvalidInput) as error:
            take(service, workload=["Payments", "Nobody"], lens=["Neither"])
        assert [fault.partition(": ")[0] for fault in error.value.faults] == ["workload[1]", "lens[0]"]

    def test_every_arn_of_another_kind_is_told_with_the_names_that_mean_nothing(self, service: Service) -> None:
        with pytest.raises(InvalidInput) as error:
            take(service, workload=[arn("lens"), "Payments", "Nobody"], lens=[arn("workload")])
        assert [fault.partition(": ")[0] for fault in error.value.faults] == ["workload[0]", "lens[0]", "workload[2]"]


PASSING = (
    # statuses, principals, whom Payments and Ledger are then said to be shared with
    ((), (), {"Payments": [ANA, BEN], "Ledger": [BEN], "Ours": []}),
    (("EXPIRED",), (), {"Payments": [BEN]}),
    (("ACCEPTED",), (), {"Payments": [ANA], "Ledger": [BEN]}),
    (("ACCEPTED", "EXPIRED"), (BEN,), {"Payments": [BEN], "Ledger": [BEN]}),
    ((), (ANA_ROOT,), {"Payments": [ANA]}),
    (("EXPIRED",), (ANA,), {}),
)


@pytest.mark.parametrize(("statuses", "principals", "expected"), PASSING)
def test_with_filters_only_resources_with_shares_that_pass_all_of_them(
    service: Service, statuses: tuple[str, ...], principals: tuple[str, ...], expected: dict[str, list[str]]
) -> None:
    filters = Filters(frozenset(statuses), frozenset(map(parse_principal, principals)))
    assert bool(filters) == bool(statuses or principals)
    assert found(service, filters) == expected


class TestWhatCannotBeListed:
    def test_is_told_whatever_the_filters(self, service: Service) -> None:
        service.shares = {ID: refused("AccessDeniedException", 403), OTHER_ID: [share(BEN)]}
        listed, _warnings = take(service, Filters(principals=frozenset([parse_principal(ANA)])))
        assert [item.resource.name for item in listed] == ["Payments"]
        assert "AccessDeniedException" in str(listed[0].error)

    def test_is_passed_over_where_it_vanished_after_it_was_listed(self, service: Service) -> None:
        service.shares = {ID: refused("ResourceNotFoundException"), OTHER_ID: [share(BEN)]}
        assert found(service, workload=["*"]) == {"Ledger": [BEN]}

    def test_is_an_error_where_the_list_of_ones_own_is_refused(self, service: Service) -> None:
        service.shares = {ID: refused("ValidationException"), OTHER_ID: [share(BEN)]}
        listed, warnings = take(service, workload=["*"])
        assert [bool(item.error) for item in listed] == [False, True]
        assert warnings == []

    def test_is_an_error_where_it_was_named_by_its_id(self, service: Service) -> None:
        service.shares = {ID: refused("ResourceNotFoundException")}
        listed, warnings = take(service, workload=["*", ID])
        assert [bool(item.error) for item in listed if item.resource.id == ID] == [True]
        assert warnings == []

    def test_ends_the_run_where_nothing_else_can_be_listed_either(self, service: Service) -> None:
        service.shares = {ID: refused("ExpiredTokenException")}
        with pytest.raises(ServiceError):
            take(service)

    @pytest.mark.parametrize("code", ["ResourceNotFoundException", "ValidationException", "AccessDeniedException"])
    def test_is_a_warning_where_only_a_pattern_led_to_what_is_anothers(self, code: str) -> None:
        service = Service({"workload": [(ID, "Theirs")]}, {ID: refused(code)}, owner=STRANGER)
        listed, warnings = take(service, workload=["*"])
        assert listed == []
        assert warnings == [
            f"workload 'Theirs' ({ID}) matches too, but belongs to account {STRANGER}: only its owner can share it"
        ]

    def test_is_an_error_where_anothers_was_named_by_its_arn(self) -> None:
        service = Service({}, {ID: refused("AccessDeniedException")})
        theirs = f"arn:aws:wellarchitected:{REGION}:{STRANGER}:workload/{ID}"
        listed, warnings = take(service, workload=[theirs])
        assert (len(listed), warnings) == (1, [])
        assert listed[0].error
        assert STRANGER in str(listed[0].foreign)

    def test_is_an_error_of_its_own_where_nobody_thought_of_it(self, service: Service) -> None:
        service.shares = {ID: ZeroDivisionError("oh"), OTHER_ID: [share(BEN)]}
        listed, _warnings = take(service, workload=["*"])
        errors = {item.resource.name: item.error for item in listed}
        assert "ZeroDivisionError: oh" in str(errors["Payments"])
        assert "This is a fault of the collection: report it" in str(errors["Payments"])
        assert errors["Ledger"] is None


def test_shares_are_counted_by_status_and_by_kind(service: Service) -> None:
    listed, _warnings = take(service)
    assert summarize(listed) == {
        "resources": 3,
        "shares": 3,
        "by_status": {**dict.fromkeys(STATUSES, 0), "ACCEPTED": 2, "EXPIRED": 1},
        "by_kind": {"workload": 3, "lens": 0, "template": 0, "profile": 0},
    }
