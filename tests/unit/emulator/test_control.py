# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API, the record, and many accounts and Regions."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator import testing
from ansible_collections.wellarchitected.sharing.tests.emulator.calls import Call
from ansible_collections.wellarchitected.sharing.tests.emulator.direct import call_directly
from ansible_collections.wellarchitected.sharing.tests.emulator.front import services
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator
from botocore import xform_name
from botocore.exceptions import ClientError

from .scenes import KINDS, OTHER, RECIPIENT, create, refused, share, statuses

LENS = KINDS["lens"]


ROOT = Path(testing.__file__).resolve().parents[2]


def test_the_record_has_each_call(emulator: Emulator) -> None:
    resource = create(emulator, LENS)
    emulator.clear_record()
    client = emulator.client(region="eu-west-1")
    with refused(client, "ResourceNotFoundException"):
        share(client, LENS, resource, ClientRequestToken="token")
    (entry,) = emulator.record()
    assert entry.pop("at") > 0
    assert entry == {
        "n": 1,
        "service": "wellarchitected",
        "operation": "CreateLensShare",
        "account": "123456789012",
        "region": "eu-west-1",
        "params": {"LensAlias": resource, "SharedWith": RECIPIENT, "ClientRequestToken": "token"},
        "status": 404,
        "error": "ResourceNotFoundException",
        "fault": None,
    }


def test_an_operation_that_is_not_served_is_a_501(emulator: Emulator) -> None:
    owner = emulator.client()
    with pytest.raises(owner.exceptions.ClientError) as caught:
        owner.get_lens(LensAlias="serverless")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert emulator.record()[0]["operation"] == "GetLens"


def test_a_forced_status_is_listed(emulator: Emulator) -> None:
    resource = create(emulator, LENS)
    share_id = share(emulator.client(), LENS, resource)
    emulator.force(share_id, "REVOKED", "The owner left.")
    assert statuses(emulator.client(), LENS, resource) == ["REVOKED"]
    (dumped,) = emulator.shares()
    assert (dumped["share_id"], dumped["kind"], dumped["status_message"]) == (share_id, "lens", "The owner left.")
    assert (dumped["resource_arn"], dumped["owner"], dumped["region"]) == (resource, "123456789012", "us-east-1")


@pytest.mark.parametrize(
    ("method", "path", "document", "message"),
    [
        ("POST", "shares", {"share_id": "x", "status": "ACCEPTED"}, "no share has the ID"),
        ("POST", "shares", {"share_id": "x", "status": "GONE"}, "ACCEPTED"),
        ("POST", "clock", {"advance_seconds": "1"}, "advance_seconds"),
        ("POST", "settings", [], "object"),
        ("GET", "nothing", None, "GET /_emulator/record"),
    ],
)
def test_an_invalid_control_request_is_refused(
    emulator: Emulator, method: str, path: str, document: object, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        emulator.control(method, path, document)


def test_a_reset_forgets_everything(emulator: Emulator) -> None:
    fresh = emulator.settings()
    create(emulator, LENS)
    emulator.settings(own_account_fails=False, latency_ms=1, rate_limit={"rate": 1, "burst": 99}, quotas={"lens": 1})
    emulator.fault("drop", operation="ListProfiles")
    emulator.advance(days=30)
    before = emulator.control("GET", "")["now"]
    emulator.reset()
    assert emulator.control("GET", "")["now"] < before
    assert emulator.settings() == fresh
    assert (emulator.faults(), emulator.record(""), emulator.shares()) == ([], [], [])
    assert emulator.client().list_lenses(LensType="CUSTOM_SELF")["LensSummaries"] == []


def raw_answer(emulator: Emulator, request: bytes) -> bytes:
    """All that comes back for these bytes, until the connection is closed."""
    address = urlsplit(emulator.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


SETTING = b'{"latency_ms": 3}'


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /_emulator/settings HTTP/1.1\r\nConnection: close\r\nContent-Length: 17\r\n\r\n" + SETTING,
        b"POST /_emulator/settings HTTP/1.0\r\ncontent-length:17\r\n\r\n" + SETTING,
        b"POST /_emulator/settings HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"11\r\n" + SETTING + b"\r\n0\r\n\r\n",
        b"POST /_emulator/settings HTTP/1.1\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 17"
        b"\r\n\r\n" + SETTING,
    ],
    ids=["length", "HTTP/1.0", "chunks", "expect"],
)
def test_a_request_may_be_sent_in_every_way(emulator: Emulator, request_bytes: bytes) -> None:
    answer = raw_answer(emulator, request_bytes)
    assert (b"HTTP/1.1 100 Continue" in answer) is (b"Expect" in request_bytes)
    assert b"HTTP/1.1 200 OK" in answer
    assert emulator.settings()["latency_ms"] == 3


def test_it_runs_as_a_process_that_an_emulator_can_attach_to(tmp_path: Path) -> None:
    port_file = tmp_path / "port"
    settings = json.dumps({"own_account_fails": False})
    command = [sys.executable, "-m", "tests.emulator", "--port-file", str(port_file), "--settings", settings]
    with subprocess.Popen([*command, "--latency-ms", "1"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline().strip()
        url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        assert line == f"Well-Architected endpoint on {url}"
        with Emulator(url=url, settings={"associating_lists": 3}) as emulator:
            found = emulator.settings()
            emulator.create_workload("a workload")
        process.terminate()
        assert process.wait(timeout=10) == 0
        assert process.stdout.read() == ""
    assert (found["own_account_fails"], found["latency_ms"], found["associating_lists"]) == (False, 1, 3)


def test_a_call_from_before_a_reset_does_not_count_as_under_way(emulator: Emulator) -> None:
    """Its client may have given it up long ago."""
    emulator.settings(latency_ms=400)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(emulator.client().list_lenses)
        while not emulator.record():
            time.sleep(0.01)
        emulator.reset()
        emulator.client().list_workloads()
        assert emulator.summary()["most_at_once"] == 1
        late.result()
    assert emulator.summary()["most_at_once"] == 1


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


def test_one_request_makes_a_role_in_every_account(emulator: Emulator) -> None:
    arns = emulator.make_roles("Share", [RECIPIENT, OTHER], ALLOW_ALL)
    assert arns == [f"arn:aws:iam::{account}:role/Share" for account in (RECIPIENT, OTHER)]
    hub = emulator.role(HUB, "Hub", ALLOW_ALL)
    emulator.settings(iam_enforced=True)
    for arn in arns:
        assert error_of(emulator.client_of(emulator.assume(arn, hub)).list_workloads) is None
    with pytest.raises(ClientError, match="AccessDenied"):
        emulator.assume(f"{arns[0]}2", hub)


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
    assert answered == (whole.status, document(whole.body), whole.error)


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
    return answer["status_code"], document(answer["body"]), answer["headers"].get("x-amzn-errortype")


def document(body: bytes) -> Any:
    return json.loads(body or b"null")
