# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoint at the size of an organization: many accounts and regions, and what befalls one of them only."""

from __future__ import annotations

import contextlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator import front
from ansible_collections.wellarchitected.sharing.tests.emulator.calls import Call
from ansible_collections.wellarchitected.sharing.tests.emulator.direct import call_directly
from ansible_collections.wellarchitected.sharing.tests.emulator.front import services
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import ALLOW_ANYONE, Emulator
from botocore import xform_name
from botocore.exceptions import ClientError, ConnectionClosedError

from .scenes import OTHER, RECIPIENT

HUB = "123456789012"
REGIONS = ["us-east-1", "eu-west-1"]
ALLOW_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def error_of(call: Any, **params: Any) -> str | None:
    """The code that a call is refused with, or None."""
    try:
        call(**params)
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return None


# Seeding


def test_one_request_seeds_every_place(emulator: Emulator) -> None:
    made = emulator.seed(accounts=[RECIPIENT, OTHER], regions=REGIONS, workloads=2, lenses=1, shares=[HUB])
    assert [(one["account"], one["region"], one["kind"], one["name"]) for one in made] == [
        (account, region, kind, name)
        for account in (RECIPIENT, OTHER)
        for region in REGIONS
        for kind, name in (("workload", "seed-000"), ("workload", "seed-001"), ("lens", "seed-000"))
    ]
    there = emulator.client(account=OTHER, region="eu-west-1").list_workloads()["WorkloadSummaries"]
    assert [one["WorkloadArn"] for one in there] == [one["arn"] for one in made[9:11]]
    assert {one["owner"] for one in emulator.shares()} == {RECIPIENT, OTHER}
    assert len(emulator.client(region="us-east-1").list_share_invitations()["ShareInvitationSummaries"]) == 6


def test_a_region_without_the_service_cannot_be_seeded(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="eu-south-1"):
        emulator.seed(regions=["eu-south-1"], workloads=1)


def test_one_request_makes_a_role_in_every_account(emulator: Emulator) -> None:
    arns = emulator.make_roles("Share", [RECIPIENT, OTHER], ALLOW_ALL)
    assert arns == [f"arn:aws:iam::{account}:role/Share" for account in (RECIPIENT, OTHER)]
    hub = emulator.role(HUB, "Hub", ALLOW_ALL)
    emulator.settings(iam_enforced=True)
    for arn in arns:
        assert error_of(emulator.client_of(emulator.assume(arn, hub)).list_workloads) is None
    with pytest.raises(ClientError, match="AccessDenied"):
        emulator.assume(f"{arns[0]}2", hub)


def test_a_roles_trust_policy_can_be_given(emulator: Emulator) -> None:
    trust = {"Version": "2012-10-17", "Statement": [{**ALLOW_ANYONE, "Principal": {"AWS": OTHER}}]}
    (arn,) = emulator.make_roles("Share", [RECIPIENT], ALLOW_ALL, trust=trust)
    hub = emulator.role(HUB, "Hub", ALLOW_ALL)
    emulator.settings(iam_enforced=True)
    with pytest.raises(ClientError, match="AccessDenied"):
        emulator.assume(arn, hub)


@pytest.mark.parametrize("asked", [{}, {"name": "Share"}, {"accounts": [OTHER]}])
def test_roles_need_a_name_and_accounts(emulator: Emulator, asked: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="which role"):
        emulator.control("POST", "roles", asked)


# What befalls one place


def test_a_region_can_be_denied_to_one_account_by_scp(emulator: Emulator) -> None:
    emulator.fault("denied_by_scp", account=RECIPIENT, region="eu-west-1")
    with pytest.raises(ClientError) as caught:
        emulator.client(account=RECIPIENT, region="eu-west-1").list_workloads()
    error = caught.value.response["Error"]
    assert error["Code"] == "AccessDeniedException"
    assert error["Message"].endswith("wellarchitected:ListWorkloads with an explicit deny in a service control policy")
    emulator.client(account=RECIPIENT, region="us-east-1").list_workloads()
    emulator.client(account=OTHER, region="eu-west-1").list_workloads()


def test_one_place_can_be_out_of_reach(emulator: Emulator) -> None:
    emulator.fault("drop", account=RECIPIENT, region="eu-west-1")
    with pytest.raises(ConnectionClosedError):
        emulator.client(account=RECIPIENT, region="eu-west-1").list_workloads()
    emulator.client(account=RECIPIENT, region="us-east-1").list_workloads()


def test_one_place_can_throttle_for_ever(emulator: Emulator) -> None:
    emulator.fault("throttle", account=RECIPIENT, region="eu-west-1")
    throttled = emulator.client(account=RECIPIENT, region="eu-west-1")
    assert [error_of(throttled.list_workloads) for _time in range(3)] == ["ThrottlingException"] * 3
    emulator.client(account=OTHER, region="eu-west-1").list_workloads()


# The record by place


def test_the_record_is_counted_by_place(emulator: Emulator) -> None:
    emulator.fault("throttle", operation="ListLenses", account=RECIPIENT)
    for account, region in ((RECIPIENT, "us-east-1"), (RECIPIENT, "us-east-1"), (OTHER, "eu-west-1")):
        emulator.client(account=account, region=region).list_workloads()
    error_of(emulator.client(account=RECIPIENT).list_lenses)
    assert emulator.places() == [
        {
            "account": RECIPIENT,
            "region": "us-east-1",
            "total": 3,
            "by_operation": {"ListWorkloads": 2, "ListLenses": 1},
            "errors": {"ThrottlingException": 1},
            "most_at_once": 1,
        },
        {
            "account": OTHER,
            "region": "eu-west-1",
            "total": 1,
            "by_operation": {"ListWorkloads": 1},
            "errors": {},
            "most_at_once": 1,
        },
    ]
    assert [place["account"] for place in emulator.places("sts")] == [HUB]
    assert len(emulator.control("GET", f"record?account={RECIPIENT}&service=wellarchitected")["calls"]) == 3
    assert emulator.control("GET", "record/summary?region=eu-west-1")["total"] == 1


def test_the_most_calls_at_once_are_counted_by_place_and_over_all(emulator: Emulator) -> None:
    clients = [emulator.client(account=account) for account in (RECIPIENT, RECIPIENT, OTHER)]
    emulator.clear_record()
    emulator.fault("slow", delay_ms=300)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda client: client.list_workloads(), clients))
    assert {place["account"]: place["most_at_once"] for place in emulator.places()} == {RECIPIENT: 2, OTHER: 1}
    assert emulator.summary()["most_at_once"] == 3
    emulator.clear_record()
    emulator.clear_faults()
    clients[0].list_workloads()
    assert [place["most_at_once"] for place in emulator.places()] == [1]


# The first calls, which come in by many threads at once


def test_what_the_first_calls_need_is_read_by_one_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    class Session:
        def __init__(self) -> None:
            made.append(self)
            time.sleep(0.01)

        def get_available_partitions(self) -> list[str]:
            return []

    monkeypatch.setattr(front.boto3, "Session", Session)
    known = front.served_regions()
    front._served_regions.cache_clear()
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _number: front.served_regions(), range(8)))
    finally:
        monkeypatch.undo()
        front._served_regions.cache_clear()
    assert len(made) == 1
    assert front.served_regions() == known


# The short cut past moto's dispatcher


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("ListWorkloads", {"MaxResults": 1}),
        ("ListWorkloads", {"MaxResults": 51}),
        ("ListLensShares", {"LensAlias": "{lens}"}),
        ("ListLensShares", {"LensAlias": "{lens}", "SharedWithPrefix": "1", "Status": "PENDING"}),
        ("ListLensShares", {"LensAlias": "none"}),
        ("CreateLensShare", {"LensAlias": "{lens}", "SharedWith": OTHER, "ClientRequestToken": "token"}),
        ("CreateLensShare", {"LensAlias": "{lens}", "SharedWith": RECIPIENT, "ClientRequestToken": "token"}),
        ("ListTagsForResource", {"WorkloadArn": "{lens}"}),
    ],
)
def test_an_answer_is_what_moto_would_answer(emulator: Emulator, operation: str, params: dict[str, Any]) -> None:
    lens = emulator.seed(workloads=2, lenses=1, shares=[RECIPIENT])[-1]["arn"]
    given = {name: lens if value == "{lens}" else value for name, value in params.items()}
    answered = http_answer(emulator, operation, given)
    whole = call_directly(services(), Call("wellarchitected", "us-east-1", HUB, operation, given))
    assert answered == (whole.status, told(whole.body), whole.error)


def http_answer(emulator: Emulator, operation: str, params: dict[str, Any]) -> tuple[int, Any, str | None]:
    """Status, document and error code that a client is answered with."""
    answers: list[Any] = []
    client = emulator.client_of(emulator.credentials())
    client.meta.events.register(
        f"before-parse.wellarchitected.{operation}", lambda response_dict, **_more: answers.append(response_dict)
    )
    method = getattr(client, xform_name(operation))
    with contextlib.suppress(ClientError):
        method(**params)
    (answer,) = answers
    return answer["status_code"], told(answer["body"]), answer["headers"].get("x-amzn-errortype")


def told(body: bytes) -> Any:
    return json.loads(body or b"null")
