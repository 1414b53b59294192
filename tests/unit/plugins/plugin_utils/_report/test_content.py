# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report: what it counts, what it says needs attention, and what it remembers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.content import Wishes, report_on
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.owners import Owner
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.reasons import REASONS, STATES
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.rows import flat_shares
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.sightings import (
    TIME_FORMAT,
    previous_report,
)

NOW = "2026-01-31T12:00:00Z"
OWNER, ANA, BEN = "111122223333", "444455556666", "777788889999"
ANA_ROOT = f"arn:aws:iam::{ANA}:root"
ANA_ROLE = f"arn:aws:iam::{ANA}:role/ci/Deploy"
ORGANIZATION, OTHER_ORGANIZATION, OU = "o-abcdefghij", "o-klmnopqrst", "ou-ab12-cdefghij"
ORGANIZATION_ARN = f"arn:aws:organizations::{OWNER}:organization/{ORGANIZATION}"
OU_ARN = f"arn:aws:organizations::{OWNER}:ou/{ORGANIZATION}/{OU}"
OTHER_OU_ARN = f"arn:aws:organizations::{OWNER}:ou/{OTHER_ORGANIZATION}/{OU}"


def share(shared_with: str = ANA, status: str = "ACCEPTED", share_id: str = "s-1", **more: Any) -> dict[str, Any]:
    return {
        "shared_with": shared_with,
        "status": status,
        "share_id": share_id,
        "status_message": None,
        "permission_type": None,
        **more,
    }


def entry(*shares: dict[str, Any], kind: str = "workload", name: str = "payments") -> dict[str, Any]:
    arn = f"arn:aws:wellarchitected:eu-west-1:{OWNER}:{kind}/{name}"
    return {"resource": {"kind": kind, "id": name, "arn": arn, "name": name}, "shares": list(shares)}


def report_of(
    *owners: tuple[str, list[dict[str, Any]]], now: str = NOW, previous: str = "", **wishes: Any
) -> dict[str, Any]:
    named = [Owner(name, resources) for name, resources in owners]
    return report_on(named, datetime.strptime(now, TIME_FORMAT), Wishes(**wishes), previous_report(previous))


def made(*entries: dict[str, Any], owner: str = "production", **options: Any) -> dict[str, Any]:
    return report_of((owner, list(entries)), **options)


def reasons(report: dict[str, Any]) -> list[str]:
    return [group["reason"] for group in report["attention"]]


@pytest.mark.parametrize(
    ("status", "state", "found"),
    [
        ("PENDING", "live", ["pending"]),
        ("ACCEPTED", "live", []),
        ("ASSOCIATING", "live", []),
        ("ASSOCIATED", "live", []),
        ("REJECTED", "dead", ["rejected"]),
        ("EXPIRED", "dead", ["expired"]),
        ("REVOKED", "dead", ["revoked"]),
        ("FAILED", "dead", ["failed"]),
        ("SUSPENDED", "unknown", ["unknown"]),
    ],
)
def test_a_status_is_live_or_dead_and_the_dead_need_attention(status: str, state: str, found: list[str]) -> None:
    report = made(entry(share(status=status)))
    assert report["resources"][0]["shares"][0]["state"] == state
    assert reasons(report) == found
    assert report["counts"]["attention"] == (0 if found in ([], ["pending"]) else 1)


def test_every_status_of_the_service_is_classed() -> None:
    assert len(STATES) == 8


def test_the_reasons_come_in_order_of_urgency() -> None:
    shares = [
        share(status=status, share_id=status) for status in ("PENDING", "REVOKED", "EXPIRED", "REJECTED", "FAILED")
    ]
    assert reasons(made(entry(*shares))) == ["failed", "expired", "rejected", "revoked", "pending"]
    levels = [reason.level for reason in REASONS]
    assert levels == sorted(levels, key=("critical", "warning", "note").index)


def test_a_failure_comes_with_its_message() -> None:
    report = made(entry(share(ORGANIZATION, "FAILED", status_message="Not enabled")))
    assert report["attention"][0]["shares"][0]["status_message"] == "Not enabled"


@pytest.mark.parametrize(
    ("shared_with", "status", "allowed", "flagged"),
    [
        (ANA, "ACCEPTED", None, False),
        (ANA, "ACCEPTED", [], True),
        (ANA, "ACCEPTED", [BEN], True),
        (ANA, "PENDING", [BEN], True),
        (ANA, "EXPIRED", [BEN], False),
        (ANA, "ACCEPTED", [ANA_ROOT], False),
        (ANA_ROLE, "ACCEPTED", [ANA], False),
        (ANA, "ACCEPTED", [ANA_ROLE], True),
        (ORGANIZATION, "ASSOCIATED", [ORGANIZATION_ARN], False),
        (ORGANIZATION, "ASSOCIATED", [ANA, OU], True),
    ],
)
def test_live_shares_outside_the_allow_list_need_attention(
    shared_with: str, status: str, allowed: list[str] | None, flagged: bool
) -> None:
    report = made(entry(share(shared_with, status)), allowed_principals=allowed)
    assert ("not_allowed" in reasons(report)) is flagged


@pytest.mark.parametrize(
    ("shared_with", "organization", "flagged"),
    [
        (ANA, None, False),
        (ANA, [OWNER, ANA], False),
        (ANA_ROLE, [OWNER, ANA], False),
        (BEN, [OWNER, ANA], True),
        (OTHER_ORGANIZATION, [OWNER, ANA], False),
        (OTHER_ORGANIZATION, [OWNER, ORGANIZATION], True),
        (ORGANIZATION_ARN, [OWNER, ORGANIZATION], False),
        (OU_ARN, [ORGANIZATION], False),
        (OTHER_OU_ARN, [ORGANIZATION], True),
        (OU, [ORGANIZATION], False),
    ],
)
def test_live_shares_outside_the_organization_need_attention_where_that_is_known(
    shared_with: str, organization: list[str] | None, flagged: bool
) -> None:
    report = made(entry(share(shared_with)), organization=organization)
    assert ("outside" in reasons(report)) is flagged


@pytest.mark.parametrize(
    ("shared_with", "status", "flagged"),
    [
        (ORGANIZATION, "ASSOCIATED", True),
        (ORGANIZATION, "FAILED", False),
        (OU, "ASSOCIATED", False),
        (ANA, "ACCEPTED", False),
    ],
)
def test_whole_organizations_are_wide(shared_with: str, status: str, flagged: bool) -> None:
    assert ("wide" in reasons(made(entry(share(shared_with, status))))) is flagged


@pytest.mark.parametrize(
    ("now", "pending_days", "reason"),
    [
        ("2026-02-03T11:59:59Z", 3, "pending"),
        ("2026-02-03T12:00:00Z", 3, "pending_long"),
        ("2026-02-01T00:00:00Z", 0.5, "pending_long"),
    ],
)
def test_pending_for_long_is_told_by_the_previous_report(now: str, pending_days: float, reason: str) -> None:
    before = made(entry(share(status="PENDING")))
    after = made(entry(share(status="PENDING")), now=now, pending_days=pending_days, previous=json.dumps(before))
    assert reasons(after) == [reason]
    assert after["resources"][0]["shares"][0]["first_seen"] == NOW


def test_without_a_previous_report_everything_is_first_seen_now() -> None:
    report = made(entry(share(status="PENDING")), pending_days=1)
    assert report["resources"][0]["shares"][0]["first_seen"] == NOW
    assert reasons(report) == ["pending"]


def test_a_share_that_was_sent_again_is_new() -> None:
    before = made(entry(share(status="EXPIRED", share_id="s-1")))
    after = made(
        entry(share(status="PENDING", share_id="s-2")), now="2026-03-01T00:00:00Z", previous=json.dumps(before)
    )
    assert after["resources"][0]["shares"][0]["first_seen"] == "2026-03-01T00:00:00Z"


def test_the_same_data_keep_the_time_of_the_last_change() -> None:
    before = made(entry(share()))
    later = {"now": "2026-03-01T00:00:00Z", "previous": json.dumps(before)}
    assert made(entry(share()), **later) == before
    assert made(entry(share(status="EXPIRED")), **later)["changed_at"] == later["now"]


def test_an_owner_that_cannot_be_asked_keeps_its_first_sightings() -> None:
    first = report_of(("a", [entry(share())]), ("b", [entry(share(share_id="s-2"), name="other")]))
    second = made(entry(share()), owner="a", now="2026-02-01T00:00:00Z", previous=json.dumps(first), not_read=["b"])
    assert [row["name"] for row in second["not_read"]] == ["b"]
    third = report_of(
        ("a", [entry(share())]),
        ("b", [entry(share(share_id="s-2"), name="other")]),
        now="2026-02-02T00:00:00Z",
        previous=json.dumps(second),
    )
    assert {one["first_seen"] for resource in third["resources"] for one in resource["shares"]} == {NOW}
    assert third["remembered"] == {}


@pytest.mark.parametrize(
    ("status", "now", "says"),
    [
        pytest.param("PENDING", NOW, "", id="seen for the first time: it may have been sent at any time before"),
        pytest.param("PENDING", "2026-02-01T11:59:59Z", "", id="less than a day"),
        ("PENDING", "2026-02-01T12:00:00Z", "pending for 1 of 7 days"),
        ("PENDING", "2026-02-05T18:00:00Z", "pending for 5 of 7 days"),
        ("PENDING", "2026-02-07T12:00:00Z", "pending for 7 of 7 days"),
        pytest.param("PENDING", "2026-02-08T12:00:00Z", "pending for 8 days", id="longer than AWS says"),
        pytest.param("PENDING", "2026-01-01T12:00:00Z", "", id="the clock went back"),
        ("ACCEPTED", "2026-02-05T18:00:00Z", ""),
        ("EXPIRED", "2026-02-08T12:00:00Z", ""),
    ],
)
def test_an_invitation_is_told_by_its_age_where_a_report_has_seen_it_before(status: str, now: str, says: str) -> None:
    before = json.dumps(made(entry(share(status="PENDING"))))
    report = made(entry(share(status=status)), now=now, previous=before)
    assert [one["pending_age"] for one in report["resources"][0]["shares"]] == [says]
    assert [row["pending_age"] for row in flat_shares(report)] == [says]
    assert {one["pending_age"] for group in report["attention"] for one in group["shares"]} <= {says}
    assert status != "PENDING" or report["attention"]


def test_a_first_sighting_that_is_no_time_tells_no_age() -> None:
    before = made(entry(share(status="PENDING")))
    before["resources"][0]["shares"][0]["first_seen"] = "long ago"
    report = made(entry(share(status="PENDING")), previous=json.dumps(before))
    assert report["resources"][0]["shares"][0]["pending_age"] == ""


def test_a_resource_that_could_not_be_listed_is_named_and_keeps_its_first_sightings() -> None:
    """It is not known to be shared with nobody."""
    first = made(entry(share()), entry(share(share_id="s-2"), name="other"))
    failed = {**entry(name="other"), "error": "Failed to list the shares"}
    second = made(entry(share()), failed, now="2026-02-01T00:00:00Z", previous=json.dumps(first))
    assert second["not_read"] == [
        {
            "name": "workload other of production",
            "account_id": OWNER,
            "regions": ["eu-west-1"],
            "why": "Failed to list the shares",
        }
    ]
    assert (second["counts"]["resources"], second["counts"]["unshared"]) == (1, 0)
    third = made(
        entry(share()),
        entry(share(share_id="s-2"), name="other"),
        now="2026-02-02T00:00:00Z",
        previous=json.dumps(second),
    )
    assert {one["first_seen"] for resource in third["resources"] for one in resource["shares"]} == {NOW}
    assert third["not_read"] == []


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "[]",
        "1",
        '"resources"',
        '{"mine": true}',
        '{"resources": 1, "changed_at": "", "remembered": {}}',
        '{"resources": [{"shares": [{}]}], "changed_at": "", "remembered": {}}',
        '{"resources": [], "changed_at": "", "remembered": []}',
        '["resources", "changed_at", "remembered"]',
    ],
)
def test_a_previous_file_that_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="not such a report"):
        made(previous=text)


@pytest.mark.parametrize(
    ("faulty", "fault"),
    [
        ({}, "there is no resource in it"),
        ({"resource": "payments", "shares": []}, "there is no resource in it"),
        ("payments", "there is no resource in it"),
        ({"resource": {"kind": "lens"}, "shares": "none"}, "its shares are not a list"),
        ({"resource": {"kind": "lens"}, "shares": {"a": 1}}, "its shares are not a list"),
        ({"resource": {"kind": "lens"}, "shares": [share(), {"status": "FAILED"}]}, r"shares\[1\] has no shared_with"),
        ({"resource": {"kind": "lens"}, "shares": ["a"]}, r"shares\[0\] has no shared_with"),
    ],
)
def test_resources_that_are_none_are_refused_by_their_place(faulty: Any, fault: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^owners\[1\]\.resources\[1\]: {fault}"):
        report_of(("a", []), ("b", [entry(share()), faulty]))


@pytest.mark.parametrize("option", ["allowed_principals", "organization"])
def test_every_bad_principal_in_a_list_is_named(option: str) -> None:
    with pytest.raises(InvalidInput, match=rf"(?s){option}\[1\]: '123'.*{option}\[2\]: 'nobody'"):
        made(**{option: [ANA, "123", "nobody"]})


def test_two_forms_of_one_principal_are_one() -> None:
    report = made(entry(share(ANA), name="a"), entry(share(ANA_ROOT, share_id="s-2"), name="b"))
    assert [principal["principal"] for principal in report["principals"]] == [ANA]


def test_a_user_and_a_role_of_one_name_are_two() -> None:
    user = ANA_ROLE.replace(":role/", ":user/")
    report = made(entry(share(ANA_ROLE), share(user, share_id="s-2")))
    assert {principal["principal"] for principal in report["principals"]} == {
        f"{ANA}:role/ci/Deploy",
        f"{ANA}:user/ci/Deploy",
    }


def test_names_are_given_by_account_or_organization_in_any_form() -> None:
    report = made(
        entry(share(ANA_ROLE), share(BEN, share_id="s-2"), share(ORGANIZATION, share_id="s-3")),
        principals={"Ana": ANA_ROOT, "Everyone": ORGANIZATION_ARN, "Some": [BEN]},
    )
    assert {principal["principal"]: principal["name"] for principal in report["principals"]} == {
        ORGANIZATION: "Everyone",
        f"{ANA}:role/ci/Deploy": "Ana",
        BEN: "",
    }


def test_an_owner_goes_by_its_label_unless_its_account_has_two() -> None:
    shared_with_owner = entry(share(OWNER))
    assert made(shared_with_owner)["principals"][0]["name"] == "production"
    other = entry(share(OWNER, share_id="s-2"), name="other")
    two = report_of(("eu", [shared_with_owner]), ("us", [other]))
    assert two["principals"][0]["name"] == ""


def test_two_hosts_of_one_account_list_a_resource_once() -> None:
    report = report_of(("one", [entry(share())]), ("two", [entry(share())]))
    assert report["counts"] == {
        "resources": 1,
        "unshared": 0,
        "principals": 1,
        "shares": 1,
        "live": 1,
        "dead": 0,
        "missing": 0,
        "attention": 0,
        "statuses": {"ACCEPTED": 1},
    }
    assert report["owners"] == [{"name": "one", "account_id": OWNER}, {"name": "two", "account_id": OWNER}]


def test_resources_come_by_kind_and_name_with_their_region_and_account() -> None:
    report = made(entry(name="b"), entry(kind="lens", name="a"), entry(name="A"))
    assert [row["resource"]["name"] for row in report["resources"]] == ["A", "b", "a"]
    assert {(row["region"], row["account_id"]) for row in report["resources"]} == {("eu-west-1", OWNER)}
    assert report["counts"]["unshared"] == 3


def test_a_resource_named_by_its_id_has_no_arn_and_no_name() -> None:
    unnamed = {"resource": {"kind": "workload", "id": "0" * 32, "arn": None, "name": None}, "shares": [share()]}
    report = made(unnamed)
    assert report["resources"][0]["resource"] == {"kind": "workload", "id": "0" * 32, "arn": "", "name": ""}
    assert report["attention"] == []


def test_the_flat_list_spells_out_resource_and_principal() -> None:
    report = made(entry(share(ANA_ROLE, permission_type="READONLY")), principals={"Ana": ANA})
    assert flat_shares(report) == [
        {
            "owner": "production",
            "account_id": OWNER,
            "region": "eu-west-1",
            "kind": "workload",
            "resource_name": "payments",
            "resource_id": "payments",
            "resource_arn": f"arn:aws:wellarchitected:eu-west-1:{OWNER}:workload/payments",
            "shared_with": ANA_ROLE,
            "principal_kind": "role",
            "principal_account_id": ANA,
            "principal_name": "Ana",
            "permission_type": "READONLY",
            "status": "ACCEPTED",
            "state": "live",
            "status_message": "",
            "attention": [],
            "first_seen": NOW,
            "pending_age": "",
            "until": "",
            "reason": "",
            "declared": [],
            "share_id": "s-1",
        }
    ]
