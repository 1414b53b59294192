# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of kinds says what botocore's service model says."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.page_sizes import LARGEST
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.kinds import KINDS, Kind
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.shares import (
    DEAD_STATUSES,
    LIVE_STATUSES,
    PERMISSIONS,
    RENEWED_BY_DEFAULT,
)

from ..examples import ID, arn

MODEL = botocore.session.get_session().get_service_model("wellarchitected")
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
every_list = pytest.mark.parametrize(
    ("operation", "key"),
    [
        pair
        for kind in KINDS.values()
        for pair in ((kind.list_operation, kind.list_key), (kind.list_shares_operation, kind.list_shares_key))
    ],
)


def parameters(operation: str) -> dict[str, Any]:
    """The request parameters and their shapes."""
    return dict(MODEL.operation_model(operation).input_shape.members)


def answer(operation: str) -> dict[str, Any]:
    """The members of the response and their shapes."""
    return dict(MODEL.operation_model(operation).output_shape.members)


def enum(shape: str) -> set[str]:
    return set(MODEL.shape_for(shape).enum)


def test_the_table_is_of_the_api_version_that_it_names() -> None:
    assert MODEL.api_version == "2020-03-31"


def test_there_are_four_kinds_each_under_its_own_name() -> None:
    assert list(KINDS) == ["workload", "lens", "template", "profile"]
    assert [kind.name for kind in KINDS.values()] == list(KINDS)


def test_no_option_is_called_profile_which_is_the_credentials_profile_of_amazon_aws() -> None:
    assert [kind.option for kind in KINDS.values()] == ["workload", "lens", "template", "wa_profile"]


@every_kind
def test_create_takes_the_resource_and_the_principal_and_returns_the_share_id(kind: Kind) -> None:
    shape = MODEL.operation_model(kind.create_operation).input_shape
    needed = {kind.id_parameter, "SharedWith", "ClientRequestToken"} | (
        {"PermissionType"} if kind.has_permission else set()
    )
    assert set(shape.required_members) == needed
    assert "ShareId" in answer(kind.create_operation)


@every_kind
def test_delete_takes_the_resource_and_the_share_id(kind: Kind) -> None:
    shape = MODEL.operation_model(kind.delete_operation).input_shape
    assert set(shape.required_members) == {kind.id_parameter, "ShareId", "ClientRequestToken"}


@every_kind
@pytest.mark.parametrize("change", ["create_operation", "delete_operation"])
def test_botocore_makes_the_token_that_lets_a_change_be_repeated(kind: Kind, change: str) -> None:
    assert parameters(getattr(kind, change))["ClientRequestToken"].metadata["idempotencyToken"]


@every_kind
def test_shares_are_listed_by_the_resource_alone(kind: Kind) -> None:
    assert MODEL.operation_model(kind.list_shares_operation).input_shape.required_members == [kind.id_parameter]


@every_kind
def test_listed_shares_are_under_the_key_with_all_that_is_read_of_them(kind: Kind) -> None:
    members = set(answer(kind.list_shares_operation)[kind.list_shares_key].member.members)
    assert members >= {"ShareId", "SharedWith", "Status", "StatusMessage"}
    assert ("PermissionType" in members) == kind.has_permission


@every_kind
def test_only_a_kind_with_a_permission_can_be_updated(kind: Kind) -> None:
    assert (kind.update_operation in MODEL.operation_names) == kind.has_permission


def test_update_takes_the_workload_the_share_id_and_the_permission() -> None:
    kind = KINDS["workload"]
    shape = MODEL.operation_model(kind.update_operation).input_shape
    assert set(shape.required_members) == {kind.id_parameter, "ShareId", "PermissionType"}


@every_kind
def test_resources_are_listed_under_the_key_with_arn_name_and_owner(kind: Kind) -> None:
    members = set(answer(kind.list_operation)[kind.list_key].member.members)
    assert members >= {kind.arn_key, kind.name_key, "Owner"}


def test_lenses_are_listed_with_what_the_second_look_tells_them_apart_by() -> None:
    kind = KINDS["lens"]
    assert set(answer(kind.list_operation)[kind.list_key].member.members) >= {"LensAlias", "LensType"}
    assert enum("LensType") >= {"AWS_OFFICIAL", "CUSTOM_SELF"}


@pytest.mark.parametrize(
    ("kind", "parameter", "value"),
    [
        pytest.param(kind, parameter, value, id=f"{kind.name} {parameter}={value}")
        for kind in KINDS.values()
        for look in (kind.owned, kind.everything)
        for parameter, value in look.items()
    ],
)
def test_filters_of_the_list_are_parameters_with_values_that_the_api_knows(
    kind: Kind, parameter: str, value: str
) -> None:
    assert value in parameters(kind.list_operation)[parameter].enum


@every_kind
def test_resources_are_listed_without_any_required_parameter(kind: Kind) -> None:
    assert MODEL.operation_model(kind.list_operation).input_shape.required_members == []


@every_list
def test_every_list_is_paged_by_next_token_as_the_caller_does_it(operation: str, key: str) -> None:
    assert answer(operation)[key].type_name == "list"
    assert "NextToken" in parameters(operation)
    assert "NextToken" in answer(operation)
    assert parameters(operation)["MaxResults"].metadata["max"] == LARGEST


@every_list
def test_botocore_has_no_paginator_for_a_list(operation: str, key: str) -> None:
    session = botocore.session.get_session()
    paginators = session.get_component("data_loader").load_service_model("wellarchitected", "paginators-1")
    assert operation not in paginators["pagination"]


@every_kind
def test_invitations_of_the_kind_have_its_type_name_and_arn(kind: Kind) -> None:
    assert kind.invitation_type in enum("ShareResourceType")
    summary = answer("ListShareInvitations")["ShareInvitationSummaries"].member.members
    assert kind.name_key in summary
    assert kind.id_parameter in summary or kind.arn_key in summary


@every_kind
def test_an_invitation_type_is_of_one_kind_only(kind: Kind) -> None:
    same = [other.name for other in KINDS.values() if other.invitation_type == kind.invitation_type]
    assert same == [kind.name]


def test_every_status_is_either_live_or_dead() -> None:
    assert set(LIVE_STATUSES) | set(DEAD_STATUSES) == enum("ShareStatus")
    assert not set(LIVE_STATUSES) & set(DEAD_STATUSES)


def test_a_rejected_invitation_is_not_sent_again_by_default() -> None:
    assert set(RENEWED_BY_DEFAULT) == set(DEAD_STATUSES) - {"REJECTED"}


def test_the_permissions_are_those_of_the_api_and_the_least_comes_first() -> None:
    assert set(PERMISSIONS) == enum("PermissionType")
    assert PERMISSIONS[0] == "READONLY"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("workload", ID),
        ("lens", arn("lens")),
        ("template", arn("template")),
        ("profile", arn("profile")),
    ],
)
def test_the_api_takes_the_id_of_a_workload_and_the_arn_of_all_others(kind: str, expected: str) -> None:
    assert KINDS[kind].id_from_arn(arn(kind)) == expected


@pytest.mark.parametrize("kind", ["template", "profile"])
def test_arns_are_told_apart_by_a_type_that_the_api_has_in_its_pattern(kind: str) -> None:
    pattern = MODEL.shape_for(f"{KINDS[kind].share_stem}Arn").metadata["pattern"].replace("(", "").replace(")", "")
    assert f":{KINDS[kind].arn_type}/" in pattern


@every_kind
def test_a_summary_is_described_by_arn_name_and_owner(kind: Kind) -> None:
    summary = {kind.arn_key: "the ARN", kind.name_key: "the name", "Owner": "the owner"}
    assert kind.describe(summary) == ("the ARN", "the name", "the owner")


@every_kind
def test_what_a_summary_lacks_is_described_as_empty(kind: Kind) -> None:
    assert kind.describe({kind.name_key: None}) == ("", "", "")
