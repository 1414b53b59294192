# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every setting, both ways."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator

from .scenes import (
    KINDS,
    OTHER,
    RECIPIENT,
    Kind,
    create,
    delete,
    enable_organization_sharing,
    every_kind,
    refused,
    share,
    shares,
    statuses,
)

WORKLOAD, LENS = KINDS["workload"], KINDS["lens"]
DEAD = ("REJECTED", "EXPIRED", "REVOKED", "FAILED")
ORGANIZATION_ARN = "arn:aws:organizations::123456789012:organization/o-abcdefghij"
OU_ARN = "arn:aws:organizations::123456789012:ou/o-abcdefghij/ou-ab12-cdefghij"


@pytest.mark.parametrize(
    ("form", "given", "listed"),
    [
        ("given", "o-abcdefghij", "o-abcdefghij"),
        ("given", ORGANIZATION_ARN, ORGANIZATION_ARN),
        ("id", ORGANIZATION_ARN, "o-abcdefghij"),
        ("id", OU_ARN, "ou-ab12-cdefghij"),
        ("arn", "o-abcdefghij", ORGANIZATION_ARN),
        ("arn", OU_ARN, OU_ARN),
        ("id", f"arn:aws:iam::{RECIPIENT}:root", f"arn:aws:iam::{RECIPIENT}:root"),
    ],
)
def test_list_organization_as(emulator: Emulator, form: str, given: str, listed: str) -> None:
    enable_organization_sharing(emulator)
    emulator.settings(list_organization_as=form)
    resource = create(emulator, LENS)
    share(emulator.client(), LENS, resource, given)
    assert [one["SharedWith"] for one in shares(emulator.client(), LENS, resource)] == [listed]


def test_list_organization_as_arn_knows_the_owners_organization(emulator: Emulator) -> None:
    organization = emulator.client("organizations").create_organization(FeatureSet="ALL")["Organization"]
    enable_organization_sharing(emulator)
    emulator.settings(list_organization_as="arn")
    resource = create(emulator, LENS)
    share(emulator.client(), LENS, resource, "ou-ab12-cdefghij")
    (listed,) = shares(emulator.client(), LENS, resource)
    assert listed["SharedWith"] == f"{organization['Arn'].replace(':organization/', ':ou/')}/ou-ab12-cdefghij"


@every_kind
def test_create_conflicts_on_dead(emulator: Emulator, kind: Kind) -> None:
    owner = emulator.client()
    for dead in DEAD:
        emulator.settings(create_conflicts_on_dead=True)
        resource = create(emulator, kind, f"a {dead} share's")
        emulator.force(share(owner, kind, resource), dead)
        with refused(owner, "ConflictException"):
            share(owner, kind, resource)
        emulator.settings(create_conflicts_on_dead=False)
        share(owner, kind, resource)
        assert statuses(owner, kind, resource) == [dead, "PENDING"]


def test_update_fails_on_dead(emulator: Emulator) -> None:
    owner = emulator.client()
    workload = create(emulator, WORKLOAD)
    update = {"WorkloadId": workload, "ShareId": share(owner, WORKLOAD, workload), "PermissionType": "CONTRIBUTOR"}
    for dead in DEAD:
        emulator.force(update["ShareId"], dead)
        emulator.settings(update_fails_on_dead=True)
        with refused(owner, "ConflictException"):
            owner.update_workload_share(**update)
        emulator.settings(update_fails_on_dead=False)
        assert owner.update_workload_share(**update)["WorkloadShare"]["Status"] == dead


@pytest.mark.parametrize("conflicts", [True, False])
def test_delete_conflicts_while_associating(emulator: Emulator, conflicts: bool) -> None:
    enable_organization_sharing(emulator)
    emulator.settings(delete_conflicts_while_associating=conflicts, associating_lists=1)
    owner = emulator.client()
    resource = create(emulator, LENS)
    share_id = share(owner, LENS, resource, "o-abcdefghij")
    if conflicts:
        with refused(owner, "ConflictException"):
            delete(owner, LENS, resource, share_id)
        assert [statuses(owner, LENS, resource) for _time in range(2)] == [["ASSOCIATING"], ["ASSOCIATED"]]
    delete(owner, LENS, resource, share_id)
    assert statuses(owner, LENS, resource) == []


def test_shares_visible_after(emulator: Emulator) -> None:
    emulator.settings(shares_visible_after=30)
    owner = emulator.client()
    resource = create(emulator, LENS)
    share(owner, LENS, resource)
    assert statuses(owner, LENS, resource) == []
    with refused(owner, "ConflictException"):
        share(owner, LENS, resource)
    emulator.advance(31)
    assert statuses(owner, LENS, resource) == ["PENDING"]


def test_shares_visible_after_lists(emulator: Emulator) -> None:
    emulator.settings(shares_visible_after_lists=2)
    owner = emulator.client()
    resource = create(emulator, LENS)
    share(owner, LENS, resource)
    assert [len(statuses(owner, LENS, resource)) for _time in range(4)] == [0, 0, 1, 1]


@pytest.mark.parametrize("same", [True, False])
def test_share_id_is_invitation_id(emulator: Emulator, same: bool) -> None:
    emulator.settings(share_id_is_invitation_id=same)
    resource = create(emulator, LENS)
    share_id = share(emulator.client(), LENS, resource)
    recipient = emulator.client(account=RECIPIENT)
    (invitation,) = recipient.list_share_invitations()["ShareInvitationSummaries"]
    assert (invitation["ShareInvitationId"] == share_id) is same
    recipient.update_share_invitation(ShareInvitationId=invitation["ShareInvitationId"], ShareInvitationAction="ACCEPT")
    assert statuses(emulator.client(), LENS, resource) == ["ACCEPTED"]


@pytest.mark.parametrize("fails", [True, False])
def test_own_account_fails(emulator: Emulator, fails: bool) -> None:
    emulator.settings(own_account_fails=fails)
    owner = emulator.client()
    resource = create(emulator, LENS)
    if fails:
        with refused(owner, "ValidationException"):
            share(owner, LENS, resource, "arn:aws:iam::123456789012:root")
    else:
        share(owner, LENS, resource, "123456789012")
    share(owner, LENS, resource, "arn:aws:iam::123456789012:user/colleague")


@pytest.mark.parametrize(
    ("lists", "seen"),
    [
        (0, ["ASSOCIATED", "ASSOCIATED"]),
        (1, ["ASSOCIATING", "ASSOCIATED"]),
        (-1, ["ASSOCIATING", "ASSOCIATING"]),
    ],
)
def test_associating_lists(emulator: Emulator, lists: int, seen: list[str]) -> None:
    enable_organization_sharing(emulator)
    emulator.settings(associating_lists=lists)
    resource = create(emulator, LENS)
    share(emulator.client(), LENS, resource, "o-abcdefghij")
    assert [statuses(emulator.client(), LENS, resource)[0] for _time in range(2)] == seen


def test_association_fails(emulator: Emulator) -> None:
    enable_organization_sharing(emulator)
    emulator.settings(association_fails="The organization was not found.")
    resource = create(emulator, LENS)
    share(emulator.client(), LENS, resource, "o-abcdefghij")
    (listed,) = shares(emulator.client(), LENS, resource)
    assert (listed["Status"], listed["StatusMessage"]) == ("FAILED", "The organization was not found.")


def test_invitation_ttl_seconds(emulator: Emulator) -> None:
    emulator.settings(invitation_ttl_seconds=60)
    resource = create(emulator, LENS)
    share(emulator.client(), LENS, resource)
    emulator.advance(61)
    assert statuses(emulator.client(), LENS, resource) == ["EXPIRED"]


@every_kind
def test_quotas(emulator: Emulator, kind: Kind) -> None:
    enable_organization_sharing(emulator)
    emulator.settings(quotas={kind.name: 2})
    owner = emulator.client()
    resource = create(emulator, kind)
    share(owner, kind, resource, RECIPIENT)
    second = share(owner, kind, resource, f"arn:aws:iam::{RECIPIENT}:user/someone")
    with refused(owner, "ServiceQuotaExceededException") as caught:
        share(owner, kind, resource, OTHER)
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 402
    assert (answer["ResourceId"], answer["ServiceCode"]) == (resource, "wellarchitected")
    assert answer["QuotaCode"]
    share(owner, kind, resource, "o-abcdefghij")
    emulator.force(second, "REJECTED")
    share(owner, kind, resource, OTHER)


def test_quotas_are_those_of_the_user_guide(emulator: Emulator) -> None:
    assert emulator.settings()["quotas"] == {"workload": 20, "lens": 300, "template": 300, "profile": 300}


def test_latency_ms(emulator: Emulator) -> None:
    owner = emulator.client()
    owner.get_global_settings()
    emulator.settings(latency_ms=40)
    began = time.monotonic()
    owner.get_global_settings()
    assert time.monotonic() - began >= 0.04


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
    emulator.settings(rate_limit={"rate": 0.001, "burst": 1, "per_account": True})
    owner.get_global_settings()
    other.get_global_settings()
    with refused(other, "ThrottlingException"):
        other.get_global_settings()


def test_every_setting_has_a_test(emulator: Emulator) -> None:
    assert [name for name in emulator.settings() if f"test_{name}" not in globals()] == []


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
        {"association_fails": ""},
    ],
)
def test_a_setting_that_is_none_or_of_another_type_is_refused_and_nothing_set(
    emulator: Emulator, changes: dict[str, Any]
) -> None:
    before = emulator.settings()
    with pytest.raises(ValueError, match=next(iter(changes))):
        emulator.settings(update_fails_on_dead=False, **changes)
    assert emulator.settings() == before


def test_settings_are_set_in_part(emulator: Emulator) -> None:
    before = emulator.settings()
    after = emulator.settings(quotas={"lens": 1})
    assert after == {**before, "quotas": {**before["quotas"], "lens": 1}}
