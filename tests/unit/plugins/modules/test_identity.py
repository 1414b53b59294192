# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose credentials they are, and where they are good: the owner, AWS STS out of reach, regions not enabled."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import OWNER
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    KINDS,
    Scene,
    entry,
    every_kind,
)

OWN_USER = f"arn:aws:iam::{OWNER}:user/reviewers/olga"
OWN_ROLE = f"arn:aws:iam::{OWNER}:role/reviewers"
NOT_GOOD = {"fault": "error", "code": "InvalidClientTokenId", "status": 403, "message": "The token is not valid."}


class TestTheOwnersOwn:
    """The owner's account, users and roles have access anyway: they are never asked of the API, and reported."""

    @every_kind
    @pytest.mark.parametrize("own", [OWNER, f"arn:aws:iam::{OWNER}:root", OWN_USER, OWN_ROLE])
    @pytest.mark.parametrize("by", ["name", "arn"])
    def test_are_left_out(self, scene: Scene, run: Any, kind: Any, own: str, by: str) -> None:
        resource = scene.make(kind)
        scene.watch()
        result = run(kind.module, **{kind.option: getattr(resource, by), "shared_with": [own, ANA]})
        assert not result["failed"], result["msg"]
        assert result.actions == {ANA: "created"}
        assert any(f"so {own} was left out" in warning for warning in result["warnings"])
        assert [call["params"]["SharedWith"] for call in scene.emulator.record() if "Create" in call["operation"]] == [
            ANA
        ]

    def test_are_left_out_of_a_workload_that_is_named_by_its_id(self, scene: Scene, run: Any) -> None:
        payments = scene.make()
        result = run("wa_shares", resources=[{"workload": payments.id, "shared_with": [OWN_USER, ANA]}])
        assert result.by_name == {payments.id: {ANA: "created"}}

    def test_users_of_others_are_not(self, scene: Scene, run: Any) -> None:
        user = f"arn:aws:iam::{ANA}:user/reviewers/olga"
        payments = scene.make()
        assert run("wa_shares", resources=[entry(payments, user)]).by_name == {"Payments": {user: "created"}}


class TestStsOutOfReach:
    def test_is_asked_once_and_its_failure_remembered(self, scene: Scene, run: Any) -> None:
        lenses = [scene.make(KINDS["lens"], f"Lens {number}", shares=[ANA]) for number in range(8)]
        scene.emulator.fault("drop", service="sts", operation="GetCallerIdentity")
        resources = [{"lens": lens.arn, "shared_with": [], "purge_shares": True} for lens in lenses]
        result = run("wa_shares", resources=resources)
        assert not result["failed"], result["msg"]  # Who owns them could not be found out; the service knows.
        assert scene.emulator.summary("sts")["by_operation"] == {"GetCallerIdentity": 1}

    def test_a_run_that_needs_the_owner_fails_before_the_first_change(self, scene: Scene, run: Any) -> None:
        workloads = [scene.make(name=f"Workload {number}") for number in range(8)]
        scene.emulator.fault("drop", service="sts", operation="GetCallerIdentity")
        scene.watch()
        result = run("wa_shares", resources=[{"workload": one.id, "shared_with": [ANA]} for one in workloads])
        assert "Failed to find out which account these credentials belong to" in result["msg"]
        assert scene.nothing_changed()
        assert scene.emulator.summary("sts")["by_operation"] == {"GetCallerIdentity": 1}

    def test_a_run_that_does_not_need_it_does_not_ask(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[ANA])
        scene.emulator.fault("drop", service="sts")
        result = run("wa_shares", resources=[{"workload": payments.arn, "shared_with": [ANA]}, entry(payments, ANA)])
        assert not result["failed"]
        assert scene.emulator.summary("sts")["total"] == 0

    def test_one_that_hangs_is_waited_for_once(self, scene: Scene, run: Any) -> None:
        """Its answer takes longer than the client's patience, which is made a second here."""
        lenses = [scene.make(KINDS["lens"], f"Lens {number}", shares=[ANA]) for number in range(8)]
        scene.emulator.fault("slow", service="sts", operation="GetCallerIdentity", delay_ms=5000)
        resources = [{"lens": lens.arn, "shared_with": [], "purge_shares": True} for lens in lenses]
        start = time.perf_counter()
        result = run("wa_shares", resources=resources, aws_config={"read_timeout": 1})
        assert not result["failed"], result["msg"]
        assert time.perf_counter() - start < 3


class TestARegionThatIsNotEnabled:
    """UnrecognizedClientException: the same words as for bad credentials, so the difference is found out."""

    def message(self, scene: Scene, run: Any, region: str) -> str:
        scene.emulator.settings(disabled_regions=[region])
        result = run("wa_shares", region=region, resources=[{"workload": "Payments", "shared_with": [ANA]}])
        assert result["failed"]
        return result["msg"]

    def test_is_said_where_the_credentials_are_good_elsewhere(self, scene: Scene, run: Any) -> None:
        message = self.message(scene, run, "me-south-1")
        assert f"The credentials are good, but account {OWNER} has not enabled me-south-1" in message
        assert "Enable me-south-1 for the account, or leave it out" in message
        identities = [call for call in scene.emulator.record("sts") if call["operation"] == "GetCallerIdentity"]
        assert [call["region"] for call in identities] == ["us-east-1"]

    def test_is_not_said_of_a_region_that_every_account_has(self, scene: Scene, run: Any) -> None:
        message = self.message(scene, run, "eu-west-1")
        assert f"AWS STS takes these credentials, of account {OWNER}: check the region eu-west-1" in message

    def test_is_said_of_the_account_of_the_role(self, scene: Scene, run: Any) -> None:
        scene.emulator.settings(disabled_regions={ANA: ["me-south-1"]})
        result = run(
            "wa_share_invitation",
            region="me-south-1",
            accounts=[{"account_id": ANA, "role_arn": f"arn:aws:iam::{ANA}:role/accept"}],
            shared_by=[OWNER],
        )
        assert f"The credentials are good, but account {ANA} has not enabled me-south-1" in result["msg"]

    def test_bad_credentials_are_not_mistaken_for_it(self, scene: Scene, run: Any) -> None:
        scene.emulator.fault(service="sts", operation="GetCallerIdentity", **NOT_GOOD)
        assert "The credentials are no longer valid" in self.message(scene, run, "me-south-1")

    @pytest.mark.parametrize(
        ("region", "says"),
        [
            ("me-south-1", "Either the credentials are not valid, or the account has not enabled me-south-1"),
            ("eu-west-1", "The credentials are no longer valid"),
        ],
        ids=["has to be enabled", "every account has it"],
    )
    def test_what_is_said_where_nobody_can_be_asked(self, scene: Scene, run: Any, region: str, says: str) -> None:
        scene.emulator.fault("drop", service="sts")
        assert says in self.message(scene, run, region)


class TestARegionWithoutTheService:
    """Told before any call, from botocore's own list."""

    @pytest.fixture(autouse=True)
    def no_call(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import botocore.httpsession

        def send(*_arguments: Any) -> None:
            raise botocore.exceptions.ConnectionClosedError(endpoint_url="nowhere")

        monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", send)

    def result(self, run: Any, region: str, **more: Any) -> Any:
        return run(
            "wa_shares",
            without="endpoint_url",
            region=region,
            resources=[{"workload": "*", "shared_with": [ANA]}],
            **more,
        )

    @pytest.mark.parametrize("region", ["af-south-1", "cn-north-1"])
    def test_is_an_error(self, scene: Scene, run: Any, region: str) -> None:
        message = self.result(run, region)["msg"]
        assert f"Nothing was changed. The AWS Well-Architected Tool is not in the region {region}." in message
        assert "eu-west-1" in message

    def test_a_region_that_botocore_does_not_know_is_a_warning(self, scene: Scene, run: Any) -> None:
        quick = {"retries": {"total_max_attempts": 1}}
        result = self.result(run, "eu-west-9", aws_config=quick)
        assert any("botocore does not know the region eu-west-9" in warning for warning in result["warnings"])
        assert "cannot be reached" in result["msg"]

    @pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1"])
    def test_regions_that_have_it_are_not_spoken_of(self, scene: Scene, run: Any, region: str) -> None:
        result = self.result(run, region, aws_config={"retries": {"total_max_attempts": 1}})
        assert result["warnings"] == []
        assert "cannot be reached" in result["msg"]
