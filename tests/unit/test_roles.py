# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles: their variables are the options of their modules, none is lost on the way, and Jinja only selects."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from ansible_collections.wellarchitected.sharing.plugins.modules import (
    wa_share_drift_info,
    wa_share_invitation,
    wa_shares,
)

ROOT = Path(__file__).resolve().parents[2]


class Stop(Exception):
    pass


def spec_of(module: Any) -> dict[str, Any]:
    """The argument spec that a module gives to Ansible."""
    with mock.patch.object(module, "AnsibleAWSModule", side_effect=Stop) as given, pytest.raises(Stop):
        module.main()
    return given.call_args.kwargs["argument_spec"]


SHARES = spec_of(wa_shares)
SPECS = {
    **dict.fromkeys(("wa_share", "wa_onboard", "wa_collect", "wa_offboard"), SHARES),
    "wa_accept": spec_of(wa_share_invitation),
    "wa_audit": spec_of(wa_share_drift_info),
}
# What a role determines itself: its variable of this name, if it has one, is about something else.
OWN = {
    "wa_share": set(),
    "wa_onboard": {"shared_with", "accept_in", "purge_shares"},
    "wa_collect": {"shared_with", "permission_type", "accept_in", "resources"},
    "wa_offboard": {
        *("resources", "shared_with", "accounts", "accept_in", "allowed_principals", "permission_type"),
        *("purge_shares", "renew", "wait"),
    },
    "wa_accept": {"state", "share_invitation_ids"},
    "wa_audit": set(),
}
# Options that serve no role: the control node passes them, or they are for other callers.
NOT_OF_ROLES = {"progress_path"}
# Options whose default is wa_share_…, where the role has them.
NO_FALLBACK = {
    "wa_share": set(SHARES),
    "wa_accept": set(SPECS["wa_accept"]) - {"expected_account_id"},
    "wa_collect": {"accounts"},
    "wa_audit": {"undeclared", "ignore"},
}
GUARDRAILS = ("allowed_principals", "max_removals", "approved_plan", "expected_account_id")


def load(role: str, path: str) -> Any:
    return yaml.safe_load((ROOT / "roles" / role / path).read_text(encoding="utf-8"))


def variables(role: str) -> dict[str, dict[str, Any]]:
    return load(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"]


def call(role: str) -> dict[str, Any]:
    """The arguments of the role's module."""
    (task,) = [task for task in load(role, "tasks/main.yml") if task.get("register") == f"{role}_result"]
    (arguments,) = [value for key, value in task.items() if key.startswith("wellarchitected.sharing.")]
    return arguments


OPTIONS = [(role, option) for role, spec in SPECS.items() for option in sorted(set(spec) - OWN[role] - NOT_OF_ROLES)]


@pytest.mark.parametrize(("role", "option"), OPTIONS)
def test_a_variable_is_the_option_of_the_module(role: str, option: str) -> None:
    variable, spec = variables(role)[f"{role}_{option}"], SPECS[role][option]
    for key in ("type", "elements"):
        assert variable.get(key) == spec.get(key)
    falls_back = option not in NO_FALLBACK.get(role, set())
    assert falls_back or variable.get("default") == spec.get("default")
    assert sorted(variable.get("choices", [])) == sorted(spec.get("choices", []))


@pytest.mark.parametrize(("role", "option"), OPTIONS)
def test_the_module_gets_the_variable_or_that_of_wa_share(role: str, option: str) -> None:
    """A guardrail that is null counts as not given: the next one is taken."""
    names = re.findall(r"\bwa_\w+", str(call(role)[option]))
    own = [f"{role}_{option}"]
    own = own if option in NO_FALLBACK.get(role, set()) else [*own, f"wa_share_{option}"]
    assert [name for name in names if "__" not in name] == own
    nulls = "reject('none')" in str(call(role)[option])
    assert nulls == (option in GUARDRAILS)


def test_what_is_listed_here_is_there() -> None:
    for role, spec in SPECS.items():
        assert OWN[role] <= set(spec)


FILES = [*ROOT.glob("roles/*/tasks/*.yml"), *ROOT.glob("playbooks/*.yml")]
# What Jinja may do: name variables, give defaults, select.
FILTERS = {
    *("default", "map", "extract", "selectattr", "rejectattr", "reject", "first", "flatten", "list", "bool", "length"),
    *(
        "join",
        "sort",
        "unique",
        "difference",
        "intersect",
        "combine",
        "items2dict",
        "ternary",
        "to_json",
        "to_nice_json",
    ),
    *("from_yaml", "split", "wellarchitected.sharing.accounts"),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_jinja_has_no_logic(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "{%" not in text
    expressions = [re.sub(r"'.*?'", "", found) for found in re.findall(r"\{\{(.*?)\}\}", text, re.DOTALL)]
    assert {name for expression in expressions for name in re.findall(r"\|\s*([\w.]+)", expression)} <= FILTERS
