# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials and Regions: whose they are, where they are good, and what is said where they cannot be had."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, ClassVar

import pytest

from .names import ANA, BEN, OWNER
from .scenes import LENS, Result, Scene, account, entry, errors, every_kind, keys, skipped

OWN_USER = f"arn:aws:iam::{OWNER}:user/reviewers/olga"
OWN_ROLE = f"arn:aws:iam::{OWNER}:role/reviewers"
ALL = {"resources": [{"workload": "*", "shared_with": [BEN]}]}
NOT_GOOD = {"fault": "error", "code": "InvalidClientTokenId", "status": 403, "message": "The token is not valid."}
IDENTITY = "GetCallerIdentity"
NO_KEYS = ("access_key", "secret_key")


def said(result: Result) -> list[str]:
    """The lines that a terminal shows."""
    return [*result["msg"].splitlines(), *result["warnings"]]


class TestTheOwnersOwn:
    """The owner's account, users and roles have access anyway: they are never asked of the API, and reported."""

    @every_kind
    @pytest.mark.parametrize("own", [OWNER, f"arn:aws:iam::{OWNER}:root", OWN_USER, OWN_ROLE])
    def test_are_left_out_with_a_warning(self, scene: Scene, run: Any, kind: Any, own: str) -> None:
        resource = scene.make(kind)
        for number, text in enumerate((resource.name, resource.arn, resource.identifier)):
            scene.watch()
            for check_mode in (True, False):
                task = {kind.option: text, "shared_with": [own, f"11112222333{number}"]}
                result = run(kind.module, check_mode=check_mode, **task)
                assert result.actions == {f"11112222333{number}": "created"}, result["msg"]
                assert any(own in warning for warning in result["warnings"])
            sent = [call["params"].get("SharedWith") for call in scene.emulator.record()]
            assert [who for who in sent if who] == [f"11112222333{number}"]

    def test_users_of_others_are_not(self, scene: Scene, run: Any) -> None:
        user = f"arn:aws:iam::{ANA}:user/reviewers/olga"
        assert run("wa_shares", resources=[entry(scene.make(), user)]).by_name == {"Payments": {user: "created"}}


class TestStsUnreachable:
    def test_is_asked_once_and_its_failure_remembered(self, scene: Scene, run: Any) -> None:
        lenses = [scene.make(LENS, f"Lens {number}", shares=[ANA]) for number in range(8)]
        scene.emulator.fault("drop", service="sts", operation=IDENTITY)
        resources = [{"lens": lens.arn, "shared_with": [], "purge_shares": True} for lens in lenses]
        result = run("wa_shares", resources=resources)
        assert not result["failed"], result["msg"]  # Who owns them could not be found out; the service knows.
        assert scene.emulator.summary("sts")["by_operation"] == {IDENTITY: 1}

    def test_a_run_that_needs_the_owner_fails_before_the_first_change(self, scene: Scene, run: Any) -> None:
        workloads = [scene.make(name=f"Workload {number}") for number in range(8)]
        scene.emulator.fault("drop", service="sts", operation=IDENTITY)
        scene.watch()
        result = run("wa_shares", resources=[{"workload": one.id, "shared_with": [ANA]} for one in workloads])
        assert result["failed"]
        assert result.lacks("account", "credentials") == []
        assert scene.nothing_changed()
        assert scene.emulator.summary("sts")["by_operation"] == {IDENTITY: 1}

    def test_a_run_that_does_not_need_it_does_not_ask(self, scene: Scene, run: Any) -> None:
        payments = scene.make(shares=[ANA])
        scene.emulator.fault("drop", service="sts")
        result = run("wa_shares", resources=[{"workload": payments.arn, "shared_with": [ANA]}, entry(payments, ANA)])
        assert not result["failed"]
        assert scene.emulator.summary("sts")["total"] == 0


class TestCredentialsThatCannotBeHad:
    """Named as such, with what to do; nothing was sent, so nothing is unknown."""

    CONFIG = """
[profile mfa]
role_arn = arn:aws:iam::111122223333:role/any
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/olga
[profile base]
aws_access_key_id = test
aws_secret_access_key = EXAMPLE
[profile sso]
sso_start_url = https://example.com/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = any
[profile process]
credential_process = echo none
[profile gone]
credential_process = /nonexistent/program
"""
    CASES: ClassVar[dict[str, tuple[dict[str, str], str, list[str]]]] = {
        "an MFA device without a terminal": ({}, "mfa", ["MFA"]),
        "an SSO session that is over": ({}, "sso", ["aws sso login"]),
        "a process that prints no JSON": ({}, "process", ["credential_process"]),
        "a process that is not there": ({}, "gone", ["credential_process"]),
        "a missing token file": (
            {
                "AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent/token",
                "AWS_ROLE_ARN": f"arn:aws:iam::{ANA}:role/any",
            },
            "",
            ["/nonexistent/token"],
        ),
        "a profile that is not there": ({}, "missing", ["missing"]),
        "none at all": ({"AWS_EC2_METADATA_DISABLED": "true"}, "", ["credentials"]),
    }

    @pytest.mark.parametrize(("environment", "profile", "words"), CASES.values(), ids=CASES)
    @pytest.mark.parametrize("name", ["wa_shares", "wa_share_info", "wa_share_invitation_info"])
    def test_are_named(
        self,
        scene: Scene,
        run: Any,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        name: str,
        environment: dict[str, str],
        profile: str,
        words: list[str],
    ) -> None:
        config = tmp_path / "config"
        config.write_text(self.CONFIG, encoding="utf-8")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        monkeypatch.setattr("sys.stdin", io.StringIO())
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        scene.watch()
        task = dict(ALL) if name == "wa_shares" else {}
        result = run(name, without=NO_KEYS, **({"profile": profile} if profile else {}), **task)
        assert result["failed"]
        assert result.lacks(*words) == []
        assert "redentials" in result["msg"] or "profile" in result["msg"]
        for wrong in ("cannot be read", "not known", "Whether it was done", "Traceback"):
            assert wrong not in result["msg"]
        assert scene.emulator.record("") == []


class TestARegionThatIsNotEnabled:
    """UnrecognizedClientException: the same words as for bad credentials, so the difference is found out."""

    def result(self, scene: Scene, run: Any, region: str, **options: Any) -> Result:
        scene.emulator.settings(disabled_regions=[region])
        result: Result = run("wa_shares", **{**ALL, "region": region, **options})
        assert result["failed"]
        return result

    def test_is_said_where_the_credentials_are_good_elsewhere(self, scene: Scene, run: Any) -> None:
        result = self.result(scene, run, "me-south-1")
        assert result.lacks(OWNER, "me-south-1", "not enabled") == []
        identities = [call for call in scene.emulator.record("sts") if call["operation"] == IDENTITY]
        assert [call["region"] for call in identities] == ["us-east-1"]

    def test_is_not_said_of_a_region_that_every_account_has(self, scene: Scene, run: Any) -> None:
        result = self.result(scene, run, "eu-west-1")
        assert result.lacks("eu-west-1", OWNER) == []
        assert "not enabled" not in result["msg"]

    def test_is_said_of_the_account_of_the_role(self, scene: Scene, run: Any) -> None:
        scene.emulator.settings(disabled_regions={ANA: ["me-south-1"]})
        result = run("wa_share_invitation", region="me-south-1", accounts=[account(ANA)], shared_by=[OWNER])
        assert result.lacks(ANA, "me-south-1", "not enabled") == []

    @pytest.mark.parametrize("fault", [{"operation": IDENTITY, **NOT_GOOD}, {"fault": "drop"}], ids=["bad", "no STS"])
    @pytest.mark.parametrize("region", ["me-south-1", "eu-west-1"])
    def test_bad_credentials_are_not_mistaken_for_it(
        self, scene: Scene, run: Any, fault: dict[str, Any], region: str
    ) -> None:
        scene.emulator.fault(service="sts", **fault)
        assert self.result(scene, run, region).lacks("credentials") == []


class TestEveryRegion:
    """`all`: what an account has not enabled, and what a service control policy denies, is skipped and named."""

    def test_skips_regions_that_are_not_enabled(self, scene: Scene, run: Any) -> None:
        for region in ("us-east-1", "ap-east-1"):
            scene.make(account=ANA, region=region)
        scene.emulator.settings(disabled_regions={ANA: ["me-south-1"]})
        result = run("wa_shares", accounts=[account(ANA)], regions=["all"], **ALL)
        assert not result["failed"], result["msg"]
        assert list(skipped(result)) == ["me-south-1"]
        assert "not enabled" in skipped(result)["me-south-1"]
        assert result.lacks("me-south-1") == []
        assert {row["region"] for row in result["places"]} >= {"us-east-1", "eu-west-1", "ap-east-1"}
        assert not any(row["region"].startswith(("cn-", "us-gov-")) for row in result["places"])
        assert result["summary"]["created"] == 2

    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("wa_shares", ALL),
            ("wa_share_info", {}),
            ("wa_share_drift_info", {"resources": []}),
            ("wa_share_invitation_info", {}),
            ("wa_share_invitation", {"shared_by": [BEN]}),
            ("wa_organization_sharing", {"state": "enabled"}),
        ],
    )
    def test_skipped_regions_are_named_in_the_message_of_every_module(
        self, scene: Scene, run: Any, name: str, options: dict[str, Any]
    ) -> None:
        scene.emulator.settings(disabled_regions=["me-south-1"])
        scene.emulator.fault("denied_by_scp", region="eu-west-2")
        result = run(name, regions=["all"], **options)
        assert not result["failed"], result["msg"]
        assert set(skipped(result)) == {"me-south-1", "eu-west-2"}
        assert "service control policy" in skipped(result)["eu-west-2"]
        assert result.lacks("me-south-1", "eu-west-2") == []

    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("wa_shares", ALL),
            ("wa_share_info", {}),
            ("wa_share_drift_info", {"resources": []}),
            ("wa_share_invitation_info", {}),
            ("wa_share_invitation", {"shared_by": [BEN]}),
            ("wa_organization_sharing", {"state": "enabled"}),
        ],
    )
    def test_where_every_region_is_skipped_the_task_fails(
        self, scene: Scene, run: Any, name: str, options: dict[str, Any]
    ) -> None:
        scene.emulator.fault("denied_by_scp")
        result = run(name, regions=["all"], **options)
        assert result["failed"]
        assert len(result["errors"]) == 1
        assert result.lacks("service control policy") == []
        assert "organization_sharing_status" not in result

    def test_a_role_that_a_policy_denies_is_not_skipped(self, scene: Scene, run: Any) -> None:
        denied = account(ANA)
        scene.emulator.fault("denied_by_scp", service="sts", match={"RoleArn": denied["role_arn"]})
        result = run("wa_shares", accounts=[denied, account(BEN)], regions=["all"], **ALL)
        assert {one for one, _region in errors(result)} == {ANA}
        assert not skipped(result)
        assert result.lacks(ANA, "service control policy") == []

    def test_a_named_region_that_a_policy_denies_fails_with_advice_that_fits(self, scene: Scene, run: Any) -> None:
        scene.emulator.fault("denied_by_scp", region="eu-west-2")
        for regions in (["eu-west-2", "us-east-1"], ["all", "eu-west-2"]):
            result = run("wa_shares", regions=regions, **ALL)
            assert list(errors(result)) == [(row["account_id"], "eu-west-2") for row in result["places"][:1]]
            assert result.lacks("eu-west-2", "service control policy") == []
            assert "IAM action" not in result["msg"]

    def test_a_named_region_that_is_not_enabled_fails(self, scene: Scene, run: Any) -> None:
        scene.emulator.settings(disabled_regions={ANA: ["me-south-1", "ap-east-1"]})
        for regions, others in ((["me-south-1", "us-east-1"], []), (["all", "me-south-1"], ["ap-east-1"])):
            result = run("wa_shares", accounts=[account(ANA)], regions=regions, **ALL)
            assert list(errors(result)) == [(ANA, "me-south-1")]
            assert list(skipped(result)) == others

    def test_bad_credentials_are_not_taken_for_it(self, scene: Scene, run: Any) -> None:
        scene.emulator.fault(service="sts", **NOT_GOOD)
        scene.emulator.settings(disabled_regions=["me-south-1"])
        for name, options in (("wa_shares", ALL), ("wa_share_invitation", {"shared_by": [BEN]})):
            result = run(name, regions=["all"], **options)
            assert [region for _account, region in errors(result)] == ["me-south-1"]
            assert not skipped(result)

    def test_a_token_of_the_caller_may_be_the_reason_instead(self, scene: Scene, run: Any) -> None:
        """Temporary credentials of the global STS endpoint are not good in Regions that have to be enabled."""
        scene.emulator.settings(disabled_regions=["me-south-1"])
        temporary = run("wa_shares", regions=["all"], **ALL, **keys(scene, OWNER))
        assert any("me-south-1" in line and "token" in line for line in said(temporary))
        lasting = run("wa_shares", regions=["all"], **ALL)
        assert not any("token" in line for line in said(lasting))

    @pytest.mark.parametrize("regions", [["me-south-1"], None])
    def test_what_can_only_be_in_a_skipped_region_is_not_taken_for_done(
        self, scene: Scene, run: Any, regions: list[str] | None
    ) -> None:
        scene.emulator.settings(disabled_regions={ANA: ["me-south-1"]})
        arn = f"arn:aws:wellarchitected:me-south-1:{ANA}:workload/{'a' * 32}"
        named = {"workload": "Payments", "regions": regions} if regions else {"workload": arn}
        task = {
            "accounts": [account(ANA)],
            "regions": ["all"],
            "resources": [{**named, "shared_with": [BEN]}],
        }
        refused = run("wa_shares", **task)
        assert refused["failed"]
        assert refused.lacks("resources[0]", "enabled") == []
        assert [row["difference"] for row in run("wa_share_drift_info", **task)["drift"]] == ["not_found"]


class TestARegionThatBotocoreDoesNotList:
    """botocore's list "is known to be inaccurate" (botocore issue 3101): a warning, and the run goes on."""

    @pytest.mark.parametrize("region", ["af-south-1", "eu-west-9"])
    def test_is_a_warning(self, scene: Scene, run: Any, monkeypatch: pytest.MonkeyPatch, region: str) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", scene.emulator.url)
        scene.watch()
        quick = {"retries": {"total_max_attempts": 1}}
        result = run("wa_shares", region=region, without=("endpoint_url",), aws_config=quick, **ALL)
        assert any(region in warning for warning in result["warnings"])
        assert scene.emulator.record(), "a call was made"

    @pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
    def test_one_that_is_listed_gets_none(self, scene: Scene, run: Any, region: str) -> None:
        assert run("wa_shares", region=region, **ALL)["warnings"] == [
            warning for warning in run("wa_shares", **ALL)["warnings"] if region not in warning
        ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"without": ("region",)}, ["region", "AWS_REGION"]),
        ({"endpoint_url": "nowhere"}, ["endpoint", "nowhere"]),
    ],
    ids=["no region", "no such endpoint"],
)
def test_what_a_client_cannot_be_made_of(scene: Scene, run: Any, options: Any, words: list[str]) -> None:
    result = run("wa_shares", **ALL, **options)
    assert result["failed"]
    assert result.lacks(*words) == []
    assert scene.emulator.record("") == []
