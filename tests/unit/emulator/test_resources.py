# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The resources: their lists, names and versions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator

from .scenes import KINDS, RECIPIENT, Kind, every_kind, made, refused, share, shares


def names(lenses: list[dict[str, Any]]) -> set[str]:
    return {lens["LensName"] for lens in lenses if lens["LensType"] != "AWS_OFFICIAL"}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {"published", "both"}),
        ({"LensStatus": "PUBLISHED"}, {"published", "both"}),
        ({"LensStatus": "DRAFT"}, {"draft", "both"}),
        ({"LensStatus": "ALL"}, {"published", "draft", "both"}),
        ({"LensType": "CUSTOM_SHARED"}, set()),
        ({"LensName": "published"}, {"published"}),
        ({"LensName": "publ"}, set()),
        ({"LensName": "draft"}, set()),
    ],
)
def test_lenses_are_filtered_by_status_type_and_full_name(
    emulator: Emulator, filters: dict[str, str], found: set[str]
) -> None:
    emulator.create_lens("published")
    emulator.create_lens("draft", publish=False)
    both = emulator.create_lens("both")["id"]
    owner = emulator.client()
    owner.import_lens(LensAlias=both, JSONString=json.dumps({"name": "both"}))
    assert names(owner.list_lenses(**filters)["LensSummaries"]) == found


def test_a_draft_has_the_version_draft(emulator: Emulator) -> None:
    emulator.create_lens("draft", publish=False)
    (lens,) = emulator.client().list_lenses(LensStatus="DRAFT")["LensSummaries"]
    assert lens["LensVersion"] == "DRAFT"


def test_a_published_lens_has_its_newest_version(emulator: Emulator) -> None:
    lens = emulator.create_lens("a lens")["id"]
    owner = emulator.client()
    with refused(owner, "ConflictException"):
        owner.create_lens_version(LensAlias=lens, LensVersion="2.0")
    owner.import_lens(LensAlias=lens, JSONString=json.dumps({"name": "a lens"}))
    owner.create_lens_version(LensAlias=lens, LensVersion="2.0")
    (listed,) = owner.list_lenses(LensType="CUSTOM_SELF")["LensSummaries"]
    assert listed["LensVersion"] == "2.0"


def test_official_lenses_are_everybodys_and_amazons(emulator: Emulator) -> None:
    lenses = emulator.client().list_lenses(LensType="AWS_OFFICIAL")["LensSummaries"]
    arns = {lens["LensAlias"]: lens["LensArn"] for lens in lenses}
    assert arns["serverless"] == "arn:aws:wellarchitected::aws:lens/serverless"
    assert {"wellarchitected", "softwareasaservice"} <= set(arns)
    assert {(lens["Owner"], lens["LensStatus"]) for lens in lenses} == {("AWS", "PUBLISHED")}
    assert emulator.client(account=RECIPIENT).list_lenses()["LensSummaries"] == lenses


@pytest.mark.parametrize("lens", ["wellarchitected", "arn:aws:wellarchitected::aws:lens/serverless"])
def test_an_official_lens_is_shared_with_nobody(emulator: Emulator, lens: str) -> None:
    assert shares(emulator.client(), KINDS["lens"], lens) == []


def test_a_draft_can_be_renamed_but_not_to_the_name_of_another(emulator: Emulator) -> None:
    owner, draft = emulator.client(), emulator.create_lens("before", publish=False)["id"]
    emulator.create_lens("taken")
    with refused(owner, "ValidationException"):
        owner.import_lens(LensAlias=draft, JSONString=json.dumps({"name": "Taken"}))
    owner.import_lens(LensAlias=draft, JSONString=json.dumps({"name": "Before"}))
    assert names(owner.list_lenses(LensStatus="DRAFT")["LensSummaries"]) == {"Before"}


def arn_of(emulator: Emulator, kind: Kind, name: str = "a resource", **where: str) -> str:
    return made(emulator, kind, name, **where)["arn"]


@every_kind
def test_tags_are_added_replaced_and_taken_away(emulator: Emulator, kind: Kind) -> None:
    owner, arn = emulator.client(), arn_of(emulator, kind)
    assert owner.list_tags_for_resource(WorkloadArn=arn)["Tags"] == {}
    owner.tag_resource(WorkloadArn=arn, Tags={"Team": "platform", "Stage": "test", "Cost": "1"})
    owner.tag_resource(WorkloadArn=arn, Tags={"Stage": "live"})
    owner.untag_resource(WorkloadArn=arn, TagKeys=["Cost", "Team", "No such"])
    assert owner.list_tags_for_resource(WorkloadArn=arn)["Tags"] == {"Stage": "live"}


@every_kind
def test_tags_of_another_account_region_or_nothing_are_not_found(emulator: Emulator, kind: Kind) -> None:
    mine = arn_of(emulator, kind)
    owner = emulator.client()
    for arn in (
        arn_of(emulator, kind, account=RECIPIENT),
        arn_of(emulator, kind, region="eu-west-1"),
        mine.replace("us-east-1", "us-east-2"),
        f"{mine[:-32]}{'0' * 32}",
    ):
        with refused(owner, "ResourceNotFoundException"):
            owner.list_tags_for_resource(WorkloadArn=arn)


@every_kind
def test_tags_of_a_resource_that_is_shared_with_the_caller_are_denied(emulator: Emulator, kind: Kind) -> None:
    arn = arn_of(emulator, kind)
    share_id = share(emulator.client(), kind, arn.rpartition("/")[2] if kind.name == "workload" else arn)
    recipient = emulator.client(account=RECIPIENT)
    recipient.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT")
    with refused(recipient, "AccessDeniedException"):
        recipient.list_tags_for_resource(WorkloadArn=arn)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:wellarchitected::aws:lens/serverless",
        "arn:aws:wellarchitected:us-east-1:123456789012:milestone/1",
        "arn:aws:s3:::a-bucket",
        "a" * 32,
    ],
)
def test_only_arns_of_the_four_kinds_have_tags(emulator: Emulator, arn: str) -> None:
    owner = emulator.client()
    with refused(owner, "ValidationException"):
        owner.list_tags_for_resource(WorkloadArn=arn)


def test_a_workload_shows_its_tags(emulator: Emulator) -> None:
    owner, workload = emulator.client(), emulator.create_workload("a workload")
    owner.tag_resource(WorkloadArn=workload["arn"], Tags={"Team": "platform"})
    assert owner.get_workload(WorkloadId=workload["id"])["Workload"]["Tags"] == {"Team": "platform"}


@pytest.mark.parametrize("document", ["not JSON", "[]", "{}", json.dumps({"name": "n" * 129})])
def test_a_lens_needs_json_with_a_name(emulator: Emulator, document: str) -> None:
    owner = emulator.client()
    with refused(owner, "ValidationException"):
        owner.import_lens(JSONString=document)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {"mine", "theirs"}),
        ({"ProfileOwnerType": "SELF"}, {"mine"}),
        ({"ProfileOwnerType": "SHARED"}, {"theirs"}),
        ({"ProfileNamePrefix": "the"}, {"theirs"}),
    ],
)
def test_profiles_are_filtered_by_owner_and_prefix(
    emulator: Emulator, filters: dict[str, str], found: set[str]
) -> None:
    theirs = emulator.create_profile("theirs")["id"]
    emulator.create_profile("mine", account=RECIPIENT)
    recipient = emulator.client(account=RECIPIENT)
    share_id = share(emulator.client(), KINDS["profile"], theirs)
    recipient.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT")
    assert {one["ProfileName"] for one in recipient.list_profiles(**filters)["ProfileSummaries"]} == found


def test_workloads_are_filtered_by_prefix(emulator: Emulator) -> None:
    for name in ("one", "two", "one more"):
        emulator.create_workload(f"workload {name}")
    listed = emulator.client().list_workloads(WorkloadNamePrefix="workload one")["WorkloadSummaries"]
    assert [one["WorkloadName"] for one in listed] == ["workload one", "workload one more"]


def test_a_workloads_name_is_unique_without_spaces_and_capitals(emulator: Emulator) -> None:
    emulator.create_workload("My workload")
    with refused(emulator.client(), "ConflictException"):
        emulator.create_workload("myWork load")
    emulator.create_workload("My workload", region="eu-west-1")
    emulator.create_workload("My workload", account=RECIPIENT)


@pytest.mark.parametrize("missing", ["AwsRegions", "ReviewOwner"])
def test_a_workload_needs_regions_and_a_review_owner(emulator: Emulator, missing: str) -> None:
    given = {
        "WorkloadName": "a workload",
        "Description": "A scene",
        "Environment": "PRODUCTION",
        "AwsRegions": ["us-east-1"],
        "ReviewOwner": "owner",
        "Lenses": ["wellarchitected"],
    }
    del given[missing]
    owner = emulator.client()
    with refused(owner, "ValidationException"):
        owner.create_workload(**given)


@pytest.mark.parametrize("lens", ["no-such-lens", "draft"])
def test_a_workload_needs_lenses_that_are_published(emulator: Emulator, lens: str) -> None:
    owner = emulator.client()
    if lens == "draft":
        lens = emulator.create_lens("a draft", publish=False)["id"]
    with refused(owner, "ValidationException") as caught:
        owner.create_workload(
            WorkloadName="a workload",
            Description="A scene",
            Environment="PRODUCTION",
            AwsRegions=["us-east-1"],
            ReviewOwner="owner",
            Lenses=["serverless", lens],
        )
    assert lens in caught.value.response["Error"]["Message"]


def test_a_workload_of_another_account_is_not_found(emulator: Emulator) -> None:
    workload = emulator.create_workload("a workload")["id"]
    assert emulator.client().get_workload(WorkloadId=workload)["Workload"]["Description"] == "A scene"
    recipient = emulator.client(account=RECIPIENT)
    with refused(recipient, "ResourceNotFoundException"):
        recipient.get_workload(WorkloadId=workload)
