# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A misspelt variable is refused with the name that was meant, and nobody's own is; all that there are, are known."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from ansible_collections.wellarchitected.sharing.plugins import plugin_utils
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils.variables import (
    OWN,
    SETTINGS,
    in_words_of_the_user,
    misspelt,
)

ROOT = Path(next(iter(plugin_utils.__path__))).parents[1]
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
PLAYS = [*ROOT.glob("playbooks/*.yml"), *ROOT.glob("extensions/patterns/*/playbooks/*.yml")]
SURVEYS = sorted(ROOT.glob("extensions/patterns/*/template_surveys/*.json"))
KNOWN = {prefix + name for prefix, names in SETTINGS.items() for name in names}
NAME = re.compile(rf"(?<![\w.])(?:{'|'.join(SETTINGS)})[a-z_]+\b")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("wa_share_max_removal", "wa_share_max_removals"),
        ("wa_share_maxremovals", "wa_share_max_removals"),
        ("wa_share_Max_Removals", "wa_share_max_removals"),
        ("wa_share_removals", "wa_share_max_removals"),
        ("wa_share_allowed", "wa_share_allowed_principals"),
        ("wa_share_allowed_principal", "wa_share_allowed_principals"),
        ("wa_share_resource", "wa_share_resources"),
        ("wa_share_purge_shares", "wa_share_purge"),
        ("wa_share_share_with", "wa_share_shared_with"),
        ("wa_share_report_allowed_prinzipals", "wa_share_report_allowed_principals"),
        ("wa_accept_share_by", "wa_accept_shared_by"),
        ("wa_accept_resource_type", "wa_accept_resource_types"),
        ("onboard_wait_timout", "onboard_wait_timeout"),
        ("onboard_max_removals", "wa_share_max_removals"),
        ("collect_allowed_principals", "wa_share_allowed_principals"),
        ("offboard_max_removals", "wa_share_max_removals"),
        ("audit_fail_on_drifts", "audit_fail_on_drift"),
    ],
)
def test_a_misspelt_variable_is_refused_with_the_name_that_was_meant(name: str, meant: str) -> None:
    refused = misspelt(["inventory_hostname", name, "wa_share_resources"])
    assert list(refused) == [name]
    assert re.search(rf"^there is no such variable \(did you mean {meant}\b", refused[name])


@pytest.mark.parametrize(
    "name",
    [
        "wa_share_contact",
        "wa_share_wants",
        "wa_share_team",
        "wa_share_results",
        "wa_share_bucket",
        "wa_accept_ticket",
        "onboard_department",
        "collect_metrics",
        "audit_log_group",
        "offboard_date",
        "wa_shares",
        "my_wa_share_max_removal",
        "wa_share_",
        "onboard_",
    ],
)
def test_a_variable_of_the_users_own_is_left_alone(name: str) -> None:
    assert misspelt([name]) == {}


def test_no_variable_of_the_collection_is_refused() -> None:
    assert misspelt([*KNOWN, *OWN]) == {}
    assert not KNOWN & OWN


def test_what_is_no_name_is_left_alone() -> None:
    assert misspelt([5, None, ("wa_share_max_removal",)]) == {}  # type: ignore[list-item]


@pytest.mark.parametrize("role", ROLES)
def test_the_settings_of_a_role_are_those_documented(role: str) -> None:
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text("utf-8"))
    documented = set(specs["argument_specs"]["main"]["options"])
    assert documented - {f"{role}_{name}" for name in SETTINGS[f"{role}_"]} == set()


def test_every_variable_of_roles_playbooks_and_surveys_is_known() -> None:
    texts = [path.read_text("utf-8") for path in [*ROOT.glob("roles/*/*/*.yml"), *PLAYS, *SURVEYS]]
    found = {name for text in texts for name in NAME.findall(text)}
    modules = {path.stem for path in ROOT.glob("plugins/modules/*.py")}
    playbooks = {path.stem for path in PLAYS}
    found -= (modules | set(ROLES) | playbooks) - KNOWN
    assert found - KNOWN - OWN == set(), "say in plugin_utils/variables.py whether users set these"
    assert KNOWN - found == set()


def fault_in(role: str, options: dict[str, Any], fault: str, **variables: Any) -> str:
    task = mock.Mock(args=options, _role=mock.Mock(get_name=lambda: f"wellarchitected.sharing.{role}"))
    return in_words_of_the_user(task, InvalidInput([fault]), variables).faults[0]


@pytest.mark.parametrize("role", ROLES)
def test_every_option_that_a_role_gives_its_module_is_told_as_a_variable_of_the_role(role: str) -> None:
    tasks = yaml.safe_load((ROOT / "roles" / role / "tasks" / "main.yml").read_text("utf-8"))
    for task in tasks:
        for key, options in task.items():
            if not key.startswith("wellarchitected.sharing."):
                continue
            for option in set(options) - {"owners", "not_read"}:
                told = fault_in(role, options, f"{option}: it is empty", wa_accept_accounts=["x"])
                assert told == f"{told.partition(': ')[0]}: it is empty"
                assert told.partition(": ")[0] in KNOWN, option


def test_a_place_within_an_option_is_kept() -> None:
    told = fault_in("wa_share", {"resources": []}, "resources[12].shared_with[1]: 'bob: x' is none")
    assert told == "wa_share_resources[12].shared_with[1]: 'bob: x' is none"


def test_the_entries_that_a_fault_names_are_told_as_variables_too() -> None:
    fault = "allowed_principals: 111122223333 is not in it, but in resources[0], resources[2] and 7 more"
    told = fault_in("collect", {"resources": [], "allowed_principals": []}, fault)
    entries = "collect_resources[0], collect_resources[2] and 7 more"
    assert told == f"wa_share_allowed_principals: 111122223333 is not in it, but in {entries}"


def test_a_text_that_only_looks_like_an_option_is_kept() -> None:
    for fault in ("resources means nothing", "There is no region: set the option region", "lens: it is empty"):
        assert fault_in("wa_share", {"resources": []}, fault) == fault


@pytest.mark.parametrize("accounts", [None, "", [{}]])
def test_the_account_that_a_role_is_of_is_told_as_the_role_unless_accounts_are_listed(accounts: Any) -> None:
    told = fault_in("wa_accept", {"accounts": []}, "accounts[0].role_arn: 'foo'", wa_accept_accounts=accounts)
    assert told == ("wa_accept_accounts[0].role_arn: 'foo'" if accounts else "wa_accept_role_arn: 'foo'")
