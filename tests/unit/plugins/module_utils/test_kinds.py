# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of kinds agrees with botocore's service model."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._kinds import KINDS, Kind
from ansible_collections.wellarchitected.sharing.plugins.module_utils._shares import (
    ACTIVE_STATUSES,
    INACTIVE_STATUSES,
    PERMISSIONS,
    RENEWED_BY_DEFAULT,
    Resource,
)

from .examples import ID, arn, resource

MODEL = botocore.session.get_session().get_service_model("wellarchitected")
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def request(operation: str) -> Any:
    return MODEL.operation_model(operation).input_shape


def response(operation: str) -> dict[str, Any]:
    """The members of the response and their shapes."""
    return dict(MODEL.operation_model(operation).output_shape.members)


def enum(shape: str) -> set[str]:
    return set(MODEL.shape_for(shape).enum)


def test_every_kind_has_its_name_and_option() -> None:
    assert [(key, kind.name, kind.option) for key, kind in KINDS.items()] == [
        ("workload", "workload", "workload"),
        ("lens", "lens", "lens"),
        ("template", "template", "template"),
        ("profile", "profile", "wa_profile"),
    ]


@every_kind
def test_the_operations_take_the_parameters_that_are_sent(kind: Kind) -> None:
    permission = {"PermissionType"} if kind.has_permission else set()
    token = {"ClientRequestToken"}  # botocore makes it
    needed = {kind.id_parameter, "SharedWith"} | permission | token
    assert set(request(kind.create_operation).required_members) == needed
    assert set(request(kind.delete_operation).required_members) == {kind.id_parameter, "ShareId"} | token
    assert request(kind.list_shares_operation).required_members == [kind.id_parameter]
    assert request(kind.list_operation).required_members == []
    for operation in (kind.list_operation, kind.list_shares_operation, "ListShareInvitations"):
        assert set(request(operation).members) >= {"NextToken", "MaxResults"}
    assert (kind.update_operation in MODEL.operation_names) is kind.has_permission
    if kind.has_permission:
        assert set(request(kind.update_operation).required_members) == {kind.id_parameter, "ShareId", *permission}


@every_kind
def test_the_responses_have_the_keys_that_are_read(kind: Kind) -> None:
    assert "ShareId" in response(kind.create_operation)
    shares = set(response(kind.list_shares_operation)[kind.list_shares_key].member.members)
    assert shares >= {"ShareId", "SharedWith", "Status", "StatusMessage"}
    assert ("PermissionType" in shares) is kind.has_permission
    listed = set(response(kind.list_operation)[kind.list_key].member.members)
    assert listed >= {kind.arn_key, kind.name_key, "Owner"}
    if kind.has_permission:
        assert "Status" in response(kind.update_operation)["WorkloadShare"].members
    if kind.must_be_published:
        assert listed >= {"LensAlias", "LensType"}
        assert enum("LensType") >= {"AWS_OFFICIAL", "CUSTOM_SELF"}


@every_kind
def test_the_filters_of_the_list_have_values_of_the_model(kind: Kind) -> None:
    members = request(kind.list_operation).members
    for filters in (kind.shareable_filter, kind.all_filter):
        assert [key for key, value in filters.items() if value not in members[key].enum] == []


@every_kind
def test_invitations_have_the_type_and_keys_of_the_kind(kind: Kind) -> None:
    assert kind.invitation_type in enum("ShareResourceType")
    assert set(response("ListShareInvitations")["ShareInvitationSummaries"].member.members) >= {
        kind.name_key,
        kind.arn_key if kind.id_is_arn else kind.id_parameter,
    }


def test_every_value_of_the_model_is_known() -> None:
    assert {kind.invitation_type for kind in KINDS.values()} == enum("ShareResourceType")
    assert {*ACTIVE_STATUSES, *INACTIVE_STATUSES} == enum("ShareStatus")
    assert not set(ACTIVE_STATUSES) & set(INACTIVE_STATUSES)
    assert set(RENEWED_BY_DEFAULT) == set(INACTIVE_STATUSES) - {"REJECTED"}
    assert set(PERMISSIONS) == enum("PermissionType")
    assert PERMISSIONS[0] == "READONLY"


@every_kind
def test_the_api_takes_the_id_of_a_workload_and_the_arn_of_others(kind: Kind) -> None:
    assert kind.id_from_arn(arn(kind.name)) == (ID if kind.name == "workload" else arn(kind.name))
    summary = {kind.arn_key: "the ARN", kind.name_key: "the name", "Owner": "the owner"}
    assert kind.describe(summary) == ("the ARN", "the name", "the owner")
    assert kind.describe({kind.name_key: None}) == ("", "", "")


def test_labels_are_for_messages() -> None:
    assert resource("workload", name="A\n").label == f"workload 'A\\n' ({ID})"
    assert Resource(KINDS["template"], arn("template")).label == f"review template {arn('template')}"
    assert resource("lens").as_result() == {"kind": "lens", "id": ID, "arn": arn("lens"), "name": None}
    assert [kind.plural for kind in KINDS.values()] == ["workloads", "lenses", "review templates", "profiles"]
