# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action: which hosts are read, and what a limit may leave out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible_collections.wellarchitected.sharing.plugins.action.wa_inventory_accounts import OPTIONS, ActionModule
from ansible_collections.wellarchitected.sharing.plugins.modules import wa_inventory_accounts as documentation

HOSTS = {"team-data": "222233334444", "team-search": "333344445555", "bastion": ""}
ACCOUNTS = ("team-search", "team-data")


def run(within: list[str], listed: tuple[str, ...] | None = ACCOUNTS, **options: Any) -> dict[str, Any]:
    """The result of the task in a play of the hosts ``within``."""
    task = SimpleNamespace(args=options, action="wa_inventory_accounts", async_val=0, check_mode=False, diff=False)
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
    plugin = ActionModule(task, connection, SimpleNamespace(check_mode=False, diff=False), None, None, None)
    plugin._load_name = "wellarchitected.sharing.wa_inventory_accounts"
    variables = {
        "ansible_play_hosts_all": within,
        "groups": {} if listed is None else {"accounts": listed, "others": ("bastion",)},
        "hostvars": {host: {"aws_account_id": account} for host, account in HOSTS.items()},
    }
    return plugin.run(task_vars=variables)


def names(result: dict[str, Any]) -> list[str]:
    return [account["name"] for account in result["accounts"]]


def test_the_hosts_of_the_group_are_read_in_its_order() -> None:
    result = run([*HOSTS, "localhost"])
    assert names(result) == list(ACCOUNTS)
    assert result["principals"] == {name: HOSTS[name] for name in ACCOUNTS}
    assert result["changed"] is False


@pytest.mark.parametrize(
    "given", [{"data": "222233334444", "team-data": "o-abcdefghij"}, "data: 222233334444\nteam-data: o-abcdefghij"]
)
def test_other_names_of_principals_win_over_those_of_hosts(given: Any) -> None:
    assert run(list(HOSTS), principals=given)["principals"] == {
        "team-search": HOSTS["team-search"],
        "data": "222233334444",
        "team-data": "o-abcdefghij",
    }


def test_a_limit_leaves_what_it_says() -> None:
    assert names(run(["team-data", "bastion"])) == ["team-data"]


@pytest.mark.parametrize(
    ("within", "group", "options", "says"),
    [
        (["localhost"], None, {}, "The group accounts of the inventory is missing or empty"),
        (["localhost"], (), {}, "The group accounts of the inventory is missing or empty"),
        (["bastion"], ACCOUNTS, {}, "No host of the group accounts is within the limit, of 2"),
        (["team-data"], ACCOUNTS, {"group": "owners"}, "The group owners of the inventory is missing or empty"),
        (["team-data"], ACCOUNTS, {"whole_group": True}, "The limit leaves out 1 of the 2 hosts of the group accounts"),
        (["bastion"], ACCOUNTS, {"group": "others"}, "bastion: aws_account_id is missing"),
    ],
)
def test_a_run_about_nobody_or_the_wrong_ones_is_refused(
    within: list[str], group: tuple[str, ...] | None, options: dict[str, Any], says: str
) -> None:
    result = run(within, group, **options)
    assert result["failed"]
    assert result["msg"].startswith(f"Nothing was changed. {says}")
    assert "accounts" not in result


def test_what_needs_all_hosts_of_the_group_runs_with_all() -> None:
    assert names(run(list(HOSTS), whole_group="yes")) == list(ACCOUNTS)


def test_the_documentation_has_the_options() -> None:
    documented = yaml.safe_load(documentation.DOCUMENTATION)["options"]
    assert {
        option: {key: spec[key] for key in ("type", "default") if key in spec} for option, spec in documented.items()
    } == {option: dict(spec) for option, spec in OPTIONS.items()}
