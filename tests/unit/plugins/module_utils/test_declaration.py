# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entries of the option resources, and the declaration that they make of each resource."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._accounts import Account, Place
from ansible_collections.wellarchitected.sharing.plugins.module_utils._declaration import (
    Declaration,
    Entry,
    merge_entries,
    parse_entries,
    parse_until,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._places import Scope
from ansible_collections.wellarchitected.sharing.plugins.module_utils._principals import parse_principal_names

from .examples import ANA, ANA_ROOT, ANA_USER, BEN, ID, OTHER_ID, OU, REGION, SCOPE, TASK, arn, resource

WORKLOAD = {"workload": "Payments"}


def parse(*entries: Any, scope: Scope = SCOPE, **defaults: Any) -> tuple[tuple[Entry, ...], list[str]]:
    errors: list[str] = []
    return parse_entries(entries, replace(TASK, **defaults), scope, errors), errors


def merge(*entries: Any, **defaults: Any) -> tuple[Declaration, list[str]]:
    """The declaration of entries that all match one workload."""
    task = replace(TASK, **defaults)
    parsed, errors = parse(*entries, **defaults)
    assert errors == []
    (declaration,) = merge_entries([(entry, resource("workload", name="Payments")) for entry in parsed], task, errors)
    return declaration, errors


SHARED = {**WORKLOAD, "shared_with": [ANA]}
ABSENT = {**SHARED, "state": "absent"}
ALL = {"workload": "*", "shared_with": [ANA]}


class TestErrors:
    @pytest.mark.parametrize(
        ("entry", "path", "words"),
        [
            ({"shared_with": [ANA]}, "", ["one of the following is required", "workload"]),
            ({**SHARED, "lens": "A"}, "", ["mutually exclusive", "workload", "lens"]),
            ({**WORKLOAD, "shared_wth": [ANA]}, ".shared_wth", ["Unknown key", "'shared_with'"]),
            ({**WORKLOAD, "principals": [ANA]}, ".principals", ["'shared_with'"]),
            ({**SHARED, "profile": "A"}, ".profile", ["'wa_profile'"]),
            ({**SHARED, "workload": True}, ".workload", ["True", "quotes"]),
            ({**SHARED, "workload": 1.5}, ".workload", ["1.5", "quotes"]),
            ({**SHARED, "workload": ["A"]}, ".workload", ["string"]),
            ({**SHARED, "workload": " "}, ".workload", ["empty"]),
            ({"resource": "Payments", "shared_with": [ANA]}, ".resource", ["not a pattern"]),
            (WORKLOAD, ".shared_with", ["No principals"]),
            ({**SHARED, "shared_with": []}, ".shared_with", ["empty", "purge_shares"]),
            ({**SHARED, "shared_with": ["bob"]}, ".shared_with[0]", ["'bob'", "12 digits"]),
            ({**SHARED, "shared_with": [ANA, 1402433619]}, ".shared_with[1]", ["012345670123"]),
            ({**SHARED, "shared_with": [{"principal": "bob"}]}, ".shared_with[0].principal", ["'bob'"]),
            ({**SHARED, "shared_with": [{"until": "2099-01-01"}]}, ".shared_with[0]", ["principal"]),
            ({**SHARED, "shared_with": [{"principal": ANA, "end": "x"}]}, ".shared_with[0].end", ["Unknown"]),
            ({**SHARED, "state": "gone"}, "", ["state", "present, absent"]),
            ({**SHARED, "permission_type": "WRITE"}, "", ["READONLY"]),
            (
                {"lens": "A", "shared_with": [ANA], "permission_type": "READONLY"},
                ".permission_type",
                ["workloads"],
            ),
            (
                {"lens": "A", "shared_with": [{"principal": ANA, "permission_type": "READONLY"}]},
                ".shared_with[0].permission_type",
                ["workloads"],
            ),
            ({**SHARED, "until": "soon"}, ".until", ["'soon'", "2026-12-31"]),
            ({**SHARED, "until": "2099-01-01T10:00"}, ".until", ["time zone"]),
            ({**SHARED, "until": "9999-12-31"}, ".until", ["too far"]),
            ({**ABSENT, "until": "2099-01-01"}, ".until", ["state=absent"]),
            ({**ABSENT, "purge": True}, ".purge_shares", ["state=absent"]),
            ({**SHARED, "account_wide": True}, ".account_wide", ["state=absent"]),
            ({**ABSENT, "shared_with": [OU], "account_wide": True}, ".account_wide", [OU, "not an account"]),
            ({**SHARED, "exclude": ["A"]}, ".exclude", ["'Payments'", "not one"]),
            ({**ALL, "exclude": [" "]}, ".exclude[0]", ["empty"]),
            ({**SHARED, "tags": {"a": "b"}}, ".tags", ["'Payments'"]),
            ({**ALL, "tags": {}}, ".tags", ["empty"]),
            ({**ALL, "tags": {"leaver": True}}, ".tags.leaver", ["quotes"]),
            ({**ALL, "tags": {"v": 1.1}}, ".tags.v", ["1.1", "quotes"]),
            ({**SHARED, "accounts": ["x"]}, ".accounts", ["calling account"]),
            ({**SHARED, "regions": ["us-east-1"]}, ".regions[0]", ["us-east-1"]),
            ({**SHARED, "workload": arn("lens")}, ".workload", ["key lens"]),
        ],
        ids=str,
    )
    def test_have_their_path(self, entry: dict[str, Any], path: str, words: list[str]) -> None:
        parsed, errors = parse(entry)
        assert parsed == ()
        assert len(errors) == 1, errors
        assert errors[0].startswith((f"resources[0]{path}: ", f"resources[0]{path} "))
        assert [word for word in words if word not in errors[0]] == []

    def test_of_all_entries_are_reported_together(self) -> None:
        _parsed, errors = parse({"shared_with": [ANA]}, {**WORKLOAD, "shared_with": ["bob", "eve"]}, {"lens": ""})
        assert [error.split(":")[0] for error in errors] == [
            "resources[0]",
            "resources[1].shared_with[0]",
            "resources[1].shared_with[1]",
            "resources[2].lens",
            "resources[2].shared_with",
        ]

    def test_null_is_as_not_given(self) -> None:
        parsed, errors = parse({**WORKLOAD, "lens": None, "shared_with": [ANA], "until": None, "tags": None})
        assert (len(parsed), errors) == (1, [])

    @pytest.mark.parametrize(
        ("items", "word"),
        [
            ([{"principal": ANA, "permission_type": "CONTRIBUTOR"}, ANA_ROOT], "CONTRIBUTOR"),
            ([{"principal": ANA, "until": "2099-01-01"}, ANA_ROOT], "without an end"),
        ],
    )
    def test_a_principal_must_not_contradict_itself(self, items: list[Any], word: str) -> None:
        _parsed, errors = parse({**WORKLOAD, "shared_with": items})
        assert len(errors) == 1
        assert "listed twice" in errors[0]
        assert word in errors[0]


class TestEntries:
    def test_take_what_the_task_says(self) -> None:
        (entry,), _errors = parse(WORKLOAD, shared_with=[ANA], permission_type="CONTRIBUTOR")
        assert [(one.principal.text, one.permission, one.path) for one in entry.grants] == [
            (ANA, "CONTRIBUTOR", "shared_with[0]")
        ]

    def test_come_before_what_the_task_says(self) -> None:
        own = {**WORKLOAD, "shared_with": [BEN, {"principal": ANA, "permission_type": "CONTRIBUTOR"}]}
        (entry,), _errors = parse(
            {**own, "permission_type": "READONLY"}, shared_with=[OU], permission_type="CONTRIBUTOR"
        )
        assert [(one.principal.text, one.permission) for one in entry.grants] == [
            (BEN, "READONLY"),
            (ANA, "CONTRIBUTOR"),
        ]

    def test_permissions_of_the_tasks_list_are_for_workloads(self) -> None:
        (lens, workload), errors = parse(
            {"lens": "A"}, WORKLOAD, shared_with=[{"principal": ANA, "permission_type": "CONTRIBUTOR"}]
        )
        assert errors == []
        assert [entry.grants[0].permission for entry in (lens, workload)] == [None, "CONTRIBUTOR"]

    def test_of_every_kind(self) -> None:
        parsed, errors = parse({"resource": "*", "shared_with": [ANA], "state": "absent", "account_wide": True})
        assert errors == []
        assert [entry.reference.kind.name for entry in parsed] == ["workload", "lens", "template", "profile"]
        assert all(entry.account_wide and entry.is_absent for entry in parsed)

    def test_may_use_names(self) -> None:
        names = parse_principal_names({"team": [ANA, BEN], "none": []}, "aws", [])
        (entry,), errors = parse({**WORKLOAD, "shared_with": ["team"]}, names=names)
        assert errors == []
        assert [grant.principal.text for grant in entry.grants] == [ANA, BEN]
        _parsed, errors = parse({**WORKLOAD, "shared_with": ["none"]}, names=names)
        assert "empty" in errors[0]

    def test_an_empty_list_purges(self) -> None:
        (entry,), errors = parse({**WORKLOAD, "shared_with": [], "purge_shares": True})
        assert (entry.grants, entry.purge, errors) == ((), True, [])
        (entry,), errors = parse({**WORKLOAD, "shared_with": []}, purge_shares=True)
        assert (entry.purge, errors) == (True, [])

    def test_apply_where_they_say(self) -> None:
        accounts = (Account(ANA, name="ana"), Account(BEN))
        scope = Scope((REGION, "us-east-1"), accounts)
        entry = {"workload": "*", "shared_with": [OU]}
        (by_name, by_region, by_arn), errors = parse(
            {**entry, "accounts": ["ana"]},
            {**entry, "regions": ["us-east-1"]},
            {"lens": arn("lens", account=BEN), "shared_with": [OU]},
            scope=scope,
        )
        assert errors == []
        places = [Place(account, region) for account in accounts for region in scope.regions]
        assert [by_name.applies_in(place) for place in places] == [True, True, False, False]
        assert [by_region.applies_in(place) for place in places] == [False, True, False, True]
        assert [by_arn.applies_in(place) for place in places] == [False, False, True, False]

    def test_that_apply_nowhere_are_refused(self) -> None:
        scope = Scope((REGION, "us-east-1"), (Account(ANA), Account(BEN)))
        entry = {"lens": arn("lens", account=BEN), "shared_with": [OU], "accounts": [ANA]}
        _parsed, errors = parse(entry, scope=scope)
        assert "none of the accounts and Regions" in errors[0]


class TestEnds:
    NOW = datetime(2026, 10, 1, tzinfo=timezone.utc)

    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2026-09-30", datetime(2026, 10, 1, tzinfo=timezone.utc)),
            (" 2026-09-30 ", datetime(2026, 10, 1, tzinfo=timezone.utc)),
            ("2026-10-01T00:00:00Z", datetime(2026, 10, 1, tzinfo=timezone.utc)),
            ("2026-10-01T02:00:00+02:00", datetime(2026, 10, 1, tzinfo=timezone.utc)),
            ("2026-10-01 02:00+02:00", datetime(2026, 10, 1, tzinfo=timezone.utc)),
            ("2026-10-01T00:00:00.000z", datetime(2026, 10, 1, tzinfo=timezone.utc)),
        ],
    )
    def test_a_date_is_the_end_of_the_day(self, text: str, moment: datetime) -> None:
        assert parse_until(text).at == moment

    @pytest.mark.parametrize(
        "text",
        ["2026-12-31Z", "2026-12-31+00:00", "20261231", "2026-W53-4", "2026-12-31T18Z", "2026-12-31T18:00:00,5Z"],
    )
    def test_what_only_some_versions_of_python_parse_is_an_error_in_all(self, text: str) -> None:
        with pytest.raises(ValueError, match="is not a valid date or time"):
            parse_until(text)

    def test_ended_access_is_removed(self) -> None:
        shared_with = [{"principal": ANA, "until": "2026-09-30"}, {"principal": BEN, "until": "2026-10-01"}]
        declaration, _errors = merge({**WORKLOAD, "shared_with": shared_with}, now=self.NOW)
        assert [grant.principal.text for grant in declaration.grants] == [BEN]
        assert [principal.text for principal in declaration.removals] == [ANA]
        assert [grant.principal.text for grant in declaration.ended] == [ANA]
        assert {one.text: grant.until.text for one, grant in declaration.terms.items() if grant.until} == {
            ANA: "2026-09-30",
            BEN: "2026-10-01",
        }

    def test_an_entrys_end_is_for_principals_without_their_own(self) -> None:
        entry = {**WORKLOAD, "until": "2026-09-30", "shared_with": [{"principal": ANA, "until": "2099-01-01"}, BEN]}
        declaration, _errors = merge(entry, now=self.NOW)
        assert [grant.principal.text for grant in declaration.grants] == [ANA]

    def test_the_moment_itself_is_without_access(self) -> None:
        (entry,), _errors = parse({**WORKLOAD, "shared_with": [ANA], "until": "2026-09-30"}, now=self.NOW)
        assert entry.removals
        (entry,), _errors = parse(
            {**WORKLOAD, "shared_with": [ANA], "until": "2026-09-30"}, now=self.NOW - timedelta(microseconds=1)
        )
        assert entry.grants


class TestMerging:
    def test_entries_of_one_resource_are_one_declaration(self) -> None:
        declaration, errors = merge(
            {**WORKLOAD, "shared_with": [ANA], "reason": "Review"},
            {"workload": ID, "shared_with": [ANA_ROOT, BEN]},
            {"workload": "Pay*", "shared_with": [OU], "state": "absent"},
        )
        assert errors == []
        assert [grant.principal.text for grant in declaration.grants] == [ANA, BEN]
        assert [principal.text for principal in declaration.removals] == [OU]
        assert not declaration.by_id
        assert declaration.terms[declaration.grants[0].principal].reason == "Review"

    def test_the_tasks_purge_is_not_for_entries_that_only_remove(self) -> None:
        absent = {**WORKLOAD, "shared_with": [ANA], "state": "absent"}
        assert not merge(absent, purge_shares=True)[0].purge
        assert merge(absent, {**WORKLOAD, "shared_with": [BEN]}, purge_shares=True)[0].purge

    def test_what_only_an_id_selects(self) -> None:
        assert merge({"workload": ID, "shared_with": [ANA]})[0].by_id
        assert not merge({"workload": "*", "shared_with": [ANA]})[0].by_id

    @pytest.mark.parametrize(
        ("first", "second", "word"),
        [
            ({"shared_with": [ANA]}, {"shared_with": [ANA], "state": "absent"}, "present and absent"),
            ({"shared_with": [ANA]}, {"shared_with": [ANA], "permission_type": "CONTRIBUTOR"}, "CONTRIBUTOR"),
            ({"shared_with": [ANA]}, {"shared_with": [ANA], "until": "2099-01-01"}, "without an end"),
            ({"shared_with": [ANA], "purge": True}, {"shared_with": [BEN], "purge": False}, "purge_shares"),
            ({"shared_with": [ANA], "renew": ["FAILED"]}, {"shared_with": [BEN], "renew": []}, "renew"),
            ({"shared_with": [ANA_USER]}, {**ABSENT, "account_wide": True}, "account_wide"),
        ],
    )
    def test_contradictions_are_errors(self, first: Any, second: Any, word: str) -> None:
        _declaration, errors = merge({**WORKLOAD, **first}, {**WORKLOAD, **second})
        assert len(errors) == 1
        assert errors[0].startswith("resources[0] and resources[1]: ")
        assert word in errors[0]

    def test_an_empty_list_renews_nothing(self) -> None:
        assert merge({**WORKLOAD, "shared_with": [ANA], "renew": []})[0].renew == frozenset()
        assert merge({**WORKLOAD, "shared_with": [ANA]})[0].renew == {"EXPIRED", "REVOKED", "FAILED"}

    def test_other_resources_have_declarations_of_their_own(self) -> None:
        (entry,), errors = parse({"workload": "*", "shared_with": [ANA]})
        pairs = [(entry, resource("workload", OTHER_ID)), (entry, resource("workload"))]
        assert [one.resource.id for one in merge_entries(pairs, TASK, errors)] == [OTHER_ID, ID]
