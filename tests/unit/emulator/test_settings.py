# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of the endpoint itself. `make acceptance` finds out each setting of an open question, either way."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator
from botocore.exceptions import ClientError

from .scenes import (
    KINDS,
    OTHER,
    RECIPIENT,
    create,
    refused,
    share,
)


def test_disabled_regions(emulator: Emulator) -> None:
    for disabled, of_owner in ((["ap-east-1"], True), ({RECIPIENT: ["ap-east-1"]}, False)):
        emulator.settings(disabled_regions=disabled)
        for account, refuses in ((None, of_owner), (RECIPIENT, True)):
            client = emulator.client(account=account, region="ap-east-1")
            if refuses:
                with pytest.raises(ClientError) as caught:
                    client.list_workloads()
                answer = caught.value.response
                assert answer["ResponseMetadata"]["HTTPStatusCode"] == 403
                assert answer["Error"]["Code"] == "UnrecognizedClientException"
                assert answer["Error"]["Message"] == "The security token included in the request is invalid."
            else:
                client.list_workloads()
            emulator.client(account=account, region="eu-west-1").list_workloads()
            emulator.client("sts", account=account, region="ap-east-1").get_caller_identity()


def test_refused_roles(emulator: Emulator) -> None:
    emulator.settings(refused_roles=[f"arn:aws:iam::{RECIPIENT}:role/*"])
    sts = emulator.client("sts")
    with pytest.raises(ClientError) as caught:
        sts.assume_role(RoleArn=f"arn:aws:iam::{RECIPIENT}:role/path/sharing", RoleSessionName="a-session")
    answer = caught.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("AccessDenied", 403)
    assert "sts:AssumeRole" in answer["Error"]["Message"]
    sts.assume_role(RoleArn=f"arn:aws:iam::{OTHER}:role/path/sharing", RoleSessionName="a-session")


def test_rate_limit(emulator: Emulator) -> None:
    emulator.settings(rate_limit={"rate": 0.001, "burst": 2})
    owner, other = emulator.client(), emulator.client(account=RECIPIENT)
    owner.get_global_settings()
    other.get_global_settings()
    with refused(owner, "ThrottlingException") as caught:
        owner.get_global_settings()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    emulator.advance(1000)
    owner.get_global_settings()
    emulator.settings(rate_limit={"rate": 0.001, "burst": 1, "per": "account"})
    owner.get_global_settings()
    other.get_global_settings()
    with refused(other, "ThrottlingException"):
        other.get_global_settings()


@pytest.mark.parametrize("whose", [{"accounts": [RECIPIENT]}, {"regions": ["eu-west-1"]}])
def test_rate_limit_of_some_places_is_felt_by_no_other(emulator: Emulator, whose: dict[str, list[str]]) -> None:
    emulator.settings(rate_limit={"rate": 0, "burst": 0, **whose})
    emulator.client().get_global_settings()
    throttled = emulator.client(account=RECIPIENT, region="eu-west-1")
    with refused(throttled, "ThrottlingException"):
        throttled.get_global_settings()


def test_session_seconds(emulator: Emulator) -> None:
    emulator.settings(session_seconds=900)
    assumed = emulator.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{RECIPIENT}:role/emulator", RoleSessionName="emulator"
    )
    left = assumed["Credentials"]["Expiration"] - datetime.now(timezone.utc)
    assert 890 < left.total_seconds() <= 900
    session = emulator.client(account=RECIPIENT)
    emulator.advance(899)
    session.get_global_settings()
    emulator.advance(1)
    with pytest.raises(ClientError) as caught:
        session.get_global_settings()
    assert caught.value.response["Error"] == {
        "Code": "ExpiredTokenException",
        "Message": "The security token included in the request is expired",
    }
    with pytest.raises(ClientError) as caught:
        emulator.client("sts", account=RECIPIENT).get_caller_identity()
    assert caught.value.response["Error"]["Code"] == "ExpiredToken"
    emulator.client_of(emulator.assume(f"arn:aws:iam::{RECIPIENT}:role/emulator")).get_global_settings()
    emulator.client().get_global_settings()


def test_session_calls(emulator: Emulator) -> None:
    emulator.settings(session_calls={RECIPIENT: 2})
    session = emulator.client(account=RECIPIENT)
    for _time in range(2):
        session.get_global_settings()
        emulator.client(account=OTHER).get_global_settings()
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        session.get_global_settings()
    emulator.client(account=OTHER).get_global_settings()
    again = emulator.client_of(emulator.assume(f"arn:aws:iam::{RECIPIENT}:role/emulator"))
    again.get_global_settings()


@pytest.mark.parametrize("principal", ["user/ana", "role/reviewers"])
def test_only_recipient_answers(emulator: Emulator, principal: str) -> None:
    arn = f"arn:aws:iam::{RECIPIENT}:{principal}"
    account, name = emulator.client(account=RECIPIENT), principal.partition("/")[2]
    if principal.startswith("user"):
        iam = emulator.client("iam", account=RECIPIENT)
        iam.create_user(UserName=name)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        keys = {"aws_access_key_id": made["AccessKeyId"], "aws_secret_access_key": made["SecretAccessKey"]}
    else:
        keys = emulator.assume(arn)
    owner, itself = emulator.client(), emulator.client_of(keys)
    for allowed in (account, itself):
        share_id = share(owner, KINDS["workload"], create(emulator, KINDS["workload"], f"for {allowed is itself}"), arn)
        answer = {"ShareInvitationId": share_id, "ShareInvitationAction": "ACCEPT"}
        emulator.settings(only_recipient_answers=True)
        if allowed is account:
            with refused(account, "AccessDeniedException"):
                account.update_share_invitation(**answer)
            emulator.settings(only_recipient_answers=False)
        allowed.update_share_invitation(**answer)


@pytest.mark.parametrize(
    "changes",
    [
        {"no_such_setting": 1},
        {"list_organization_as": "name"},
        {"own_account_fails": "yes"},
        {"associating_lists": -2},
        {"shares_visible_after_lists": 1.5},
        {"invitation_ttl_seconds": -1},
        {"quotas": {"workloads": 1}},
        {"quotas": {"workload": True}},
        {"latency_ms": "50"},
        {"rate_limit": {"rate": 1}},
        {"rate_limit": {"rate": 1, "burst": 1, "per": "region"}},
        {"rate_limit": {"rate": 1, "burst": 1, "accounts": "111122223333"}},
        {"session_seconds": -1},
        {"session_seconds": {"111122223333": "1"}},
        {"session_calls": 1.5},
        {"association_fails": ""},
        {"max_results": {"CreateLensShare": 10}},
        {"max_results": {"ListLensShare": 10}},
        {"max_results": {"ListLensShares": 51}},
        {"max_results": {"*": 0}},
        {"invitations_visible_after": {"lens": -1}},
        {"organization_shares_count": 1},
        {"conflicts_after_delete": -1},
        {"disabled_regions": "eu-west-1"},
        {"disabled_regions": {"111122223333": "eu-west-1"}},
        {"refused_roles": "arn:aws:iam::111122223333:role/*"},
    ],
)
def test_an_invalid_setting_is_refused_and_nothing_is_set(emulator: Emulator, changes: dict[str, Any]) -> None:
    before = emulator.settings()
    with pytest.raises(ValueError, match=next(iter(changes))):
        emulator.settings(update_fails_on_inactive=False, **changes)
    assert emulator.settings() == before


@pytest.mark.parametrize(
    ("name", "part"),
    [("quotas", {"lens": 1}), ("invitations_visible_after", {"lens": 1}), ("max_results", {"ListLenses": 1})],
)
def test_settings_by_name_are_set_in_part(emulator: Emulator, name: str, part: dict[str, int]) -> None:
    before = emulator.settings()
    after = emulator.settings(**{name: part})
    assert after == {**before, name: {**before[name], **part}}
