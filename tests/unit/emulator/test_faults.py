# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every scripted fault, and which calls it affects."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator
from botocore.exceptions import ClientError, ConnectionClosedError

from .scenes import KINDS, OTHER, RECIPIENT, create, refused, share, statuses

LENS = KINDS["lens"]

ERRORS = [
    ("throttle", "ThrottlingException", 429),
    ("server_error", "InternalServerException", 500),
    ("access_denied", "AccessDeniedException", 403),
    ("denied_by_scp", "AccessDeniedException", 403),
    ("expired_credentials", "ExpiredTokenException", 403),
    ("quota", "ServiceQuotaExceededException", 402),
    ("conflict", "ConflictException", 409),
]


@pytest.mark.parametrize(("fault", "code", "status"), ERRORS)
def test_error_faults_are_errors_before_any_work(emulator: Emulator, fault: str, code: str, status: int) -> None:
    resource = create(emulator, LENS)
    emulator.fault(fault, operation="CreateLensShare", times=1)
    with pytest.raises(ClientError) as caught:
        share(emulator.client(), LENS, resource)
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert statuses(emulator.client(), LENS, resource) == []
    entry = emulator.record()[-2]
    assert (entry["operation"], entry["status"], entry["error"], entry["fault"]) == (
        "CreateLensShare",
        status,
        code,
        fault,
    )
    share(emulator.client(), LENS, resource)


def test_unavailable_html_is_a_503_that_is_not_json(emulator: Emulator) -> None:
    emulator.fault("unavailable_html")
    with pytest.raises(ClientError) as caught:
        emulator.client().get_global_settings()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503


@pytest.mark.parametrize(("fault", "work"), [("drop", []), ("lost_answer", ["PENDING"])])
def test_a_connection_closed_without_an_answer(emulator: Emulator, fault: str, work: list[str]) -> None:
    resource = create(emulator, LENS)
    emulator.fault(fault, times=1)
    with pytest.raises(ConnectionClosedError):
        share(emulator.client(), LENS, resource)
    assert statuses(emulator.client(), LENS, resource) == work
    entry = emulator.record()[-2]
    assert (entry["status"], entry["error"]) == (0, fault)


@pytest.mark.parametrize(("after_work", "work"), [(False, []), (True, ["PENDING"])])
def test_not_json_is_a_200_whose_body_is_not_json(emulator: Emulator, after_work: bool, work: list[str]) -> None:
    resource = create(emulator, LENS)
    emulator.fault("not_json", times=1, after_work=after_work)
    # botocore does not raise: it takes the text for a message, and what was asked for is missing.
    answer = emulator.client().create_lens_share(LensAlias=resource, SharedWith=RECIPIENT)
    assert set(answer) == {"ResponseMetadata"}
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert statuses(emulator.client(), LENS, resource) == work


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 200),
        ([], 200),
        ({"WorkloadSummaries": 7}, 200),
        ({"WorkloadSummaries": None}, 200),
        ({"message": "blocked by proxy"}, 200),
        ("Forbidden", 403),
    ],
)
def test_answer_is_any_json_with_any_status_without_end(emulator: Emulator, body: Any, status: int) -> None:
    emulator.fault("answer", operation="ListWorkloads", body=body, status=status)
    url = f"{emulator.url}/workloadsSummaries"
    credential = "AWS4-HMAC-SHA256 Credential=test/20200101/us-east-1/wellarchitected/aws4_request"
    for _time in range(3):
        request = urllib.request.Request(url, b"{}", {"Authorization": credential}, method="POST")
        try:
            with urllib.request.urlopen(request) as answer:
                found = (answer.status, json.load(answer))
        except urllib.error.HTTPError as error:
            found = (error.code, json.load(error))
        assert found == (status, body)


def test_repeated_token_is_the_first_page_and_one_token_without_end(emulator: Emulator) -> None:
    emulator.seed(workloads=1)
    emulator.fault("repeated_token", operation="ListWorkloads")
    owner = emulator.client()
    first = owner.list_workloads()
    second = owner.list_workloads(NextToken=first["NextToken"])
    assert [one["WorkloadName"] for one in first["WorkloadSummaries"]] == ["seed-000"]
    assert second["WorkloadSummaries"] == first["WorkloadSummaries"]
    assert second["NextToken"] == first["NextToken"]


def test_slow_delays_the_call(emulator: Emulator) -> None:
    emulator.client().get_global_settings()
    emulator.fault("slow", delay_ms=50)
    began = time.monotonic()
    emulator.client().get_global_settings()
    assert time.monotonic() - began >= 0.05


def test_error_is_any_error(emulator: Emulator) -> None:
    emulator.fault("error", code="SlowDown", status=418, message="Teapot", members={"ResourceId": "x"})
    with pytest.raises(ClientError) as caught:
        emulator.client().get_global_settings()
    error = caught.value.response
    assert (error["Error"], error["ResponseMetadata"]["HTTPStatusCode"]) == (
        {"Code": "SlowDown", "Message": "Teapot"},
        418,
    )


def test_meanwhile_another_client_makes_a_call_first(emulator: Emulator) -> None:
    owner = emulator.client()
    resource = create(emulator, LENS)
    emulator.fault("meanwhile", operation="CreateLensShare", meanwhile={"operation": "CreateLensShare"})
    with refused(owner, "ConflictException"):
        share(owner, LENS, resource)
    assert statuses(owner, LENS, resource) == ["PENDING"]
    assert emulator.calls("CreateLensShare") == {"CreateLensShare": 1}


def test_meanwhile_a_share_can_be_deleted(emulator: Emulator) -> None:
    owner = emulator.client()
    workload = create(emulator, KINDS["workload"])
    share_id = share(owner, KINDS["workload"], workload)
    emulator.fault("meanwhile", operation="UpdateWorkloadShare", meanwhile={"operation": "DeleteWorkloadShare"})
    with refused(owner, "ResourceNotFoundException"):
        owner.update_workload_share(WorkloadId=workload, ShareId=share_id, PermissionType="CONTRIBUTOR")


def outcomes(emulator: Emulator, resource: str, *principals: str) -> list[bool]:
    """For each principal, whether sharing with it succeeded."""
    found = []
    for principal in principals:
        try:
            share(emulator.client(), LENS, resource, principal)
        except ClientError:
            found.append(False)
        else:
            found.append(True)
    return found


A, B, C, D = (f"{digit}" * 12 for digit in "5678")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ({}, [False] * 4),
        ({"operation": "CreateLensShare"}, [False] * 4),
        ({"operation": "Create*"}, [False] * 4),
        ({"operation": "Delete*"}, [True] * 4),
        ({"match": {"SharedWith": B}}, [True, False, True, True]),
        ({"match": {"SharedWith": B, "LensAlias": "other"}}, [True] * 4),
        ({"times": 2}, [False, False, True, True]),
        ({"after": 3}, [True, True, True, False]),
        ({"after": 1, "times": 1}, [True, False, True, True]),
        ({"account": "123456789012"}, [False] * 4),
        ({"account": OTHER}, [True] * 4),
        ({"account": "1234*"}, [False] * 4),
        ({"account": [OTHER, "123456789012"]}, [False] * 4),
        ({"account": []}, [True] * 4),
        ({"region": "us-east-1"}, [False] * 4),
        ({"region": ["eu-*", "us-west-2"]}, [True] * 4),
        ({"account": "123456789012", "region": "eu-west-1"}, [True] * 4),
        ({"service": "sts"}, [True] * 4),
        ({"service": "*"}, [False] * 4),
        ({"probability": 0.0}, [True] * 4),
    ],
)
def test_a_fault_affects_the_calls_that_its_script_names(
    emulator: Emulator, script: dict[str, Any], expected: list[bool]
) -> None:
    resource = create(emulator, LENS)
    emulator.fault("throttle", **script)
    assert outcomes(emulator, resource, A, B, C, D) == expected
    assert emulator.faults()[0]["fired"] == expected.count(False)


def test_faults_affect_calls_to_sts_too(emulator: Emulator) -> None:
    emulator.fault("access_denied", service="sts", operation="AssumeRole", times=1)
    with pytest.raises(ClientError) as caught:
        emulator.credentials(RECIPIENT)
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    emulator.credentials(RECIPIENT)


@pytest.mark.parametrize("script", [{"fault": "flood"}, {"fault": "throttle", "time": 1}, {"fault": "meanwhile"}, {}])
def test_an_invalid_script_is_refused(emulator: Emulator, script: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="fault"):
        emulator.control("POST", "faults", script)
    assert emulator.faults() == []
