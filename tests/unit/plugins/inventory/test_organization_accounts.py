# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin organization_accounts, through Ansible's inventory manager, on moto's AWS Organizations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import boto3
import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible_collections.wellarchitected.sharing.plugins.inventory.organization_accounts import (
    host_names,
    select_units,
    unit_group_names,
)
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.server import ThreadedMotoServer

MANAGEMENT = "123456789012"  # moto's own account
PLUGIN = "wellarchitected.sharing.organization_accounts"
COLLECTIONS = next(str(path.parent) for path in Path(__file__).parents if path.name == "ansible_collections")


class Organization:
    """An organization in moto, and what was called to list it."""

    def __init__(self, endpoint_url=None):
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        self.client = boto3.client("organizations", region_name="us-east-1", endpoint_url=endpoint_url, **keys)
        self.id = self.client.create_organization(FeatureSet="ALL")["Organization"]["Id"]
        self.root = self.client.list_roots()["Roots"][0]["Id"]

    def unit(self, name, parent=None):
        """Make an OU and return its ID."""
        made = self.client.create_organizational_unit(ParentId=parent or self.root, Name=name)
        return made["OrganizationalUnit"]["Id"]

    def account(self, name, unit=None, **tags):
        """Make an account and return its ID."""
        tags = [{"Key": key, "Value": value} for key, value in tags.items()]
        made = self.client.create_account(AccountName=name, Email=f"{len(name)}@example.com", Tags=tags)
        account_id = made["CreateAccountStatus"]["AccountId"]
        if unit:
            self.client.move_account(AccountId=account_id, SourceParentId=self.root, DestinationParentId=unit)
        return account_id


@pytest.fixture(autouse=True)
def settings(monkeypatch):
    """No settings of the machine's, no region, and an inventory that fails is an error."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setattr(constants, "INVENTORY_ANY_UNPARSED_IS_FAILED", True)


@pytest.fixture
def aws():
    with mock_aws():
        yield


@pytest.fixture
def organization(aws):
    return Organization()


@pytest.fixture
def calls(monkeypatch):
    """Counts the calls by operation. ``calls.fault[operation] = code`` makes an operation fail."""
    calls = Counter()
    calls.fault = {}
    call = BaseClient._make_api_call

    def counted(client, operation, parameters):
        calls[operation] += 1
        if operation in calls.fault:
            raise ClientError({"Error": {"Code": calls.fault[operation], "Message": "So it is."}}, operation)
        return call(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    return calls


@pytest.fixture
def source(tmp_path):
    """Writes the inventory's file with these options and returns its path."""

    def write(**options):
        path = tmp_path / "organization_accounts.yml"
        path.write_text(yaml.safe_dump({"plugin": PLUGIN, **options}), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def inventory(source):
    """Reads the inventory with these options, as Ansible does."""

    def read(**options):
        return InventoryManager(loader=DataLoader(), sources=[source(**options)])

    return read


@pytest.fixture
def failure(source):
    """Returns the message with which the inventory with these options fails. The manager would only display it."""

    def read(**options):
        with pytest.raises(AnsibleError) as error:
            inventory_loader.get(PLUGIN).parse(InventoryData(), DataLoader(), source(**options))
        return str(error.value)

    return read


def names(inventory, pattern="all"):
    return {host.name for host in inventory.get_hosts(pattern)}


def variables(inventory, name):
    return inventory.get_host(name).vars


def test_every_active_account_is_a_host_with_its_variables(organization, inventory):
    prod = organization.unit("Prod", parent=organization.unit("Workloads"))
    shop = organization.account("Shop", unit=prod)
    read = inventory()
    assert names(read, "accounts") == {"Shop", "master"}
    expected = {
        "aws_account_id": shop,
        "aws_account_name": "Shop",
        "aws_account_email": "4@example.com",
        "aws_account_arn": f"arn:aws:organizations::{MANAGEMENT}:account/{organization.id}/{shop}",
        "aws_account_status": "ACTIVE",
        "aws_organization_id": organization.id,
        "aws_ou_id": prod,
        "aws_ou_path": "Root/Workloads/Prod",
        "aws_management_account": False,
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    }
    found = variables(read, "Shop")
    assert {key: found.get(key) for key in expected} == expected
    assert "aws_account_tags" not in found


def test_an_account_in_no_unit_is_in_the_root(organization, inventory):
    found = variables(inventory(), "master")
    assert (found["aws_ou_id"], found["aws_ou_path"]) == (organization.root, "Root")
    assert found["aws_account_id"] == MANAGEMENT
    assert found["aws_management_account"] is True


def test_units_are_nested_groups(organization, inventory):
    workloads = organization.unit("Workloads & more")
    organization.account("Shared", unit=workloads)
    organization.account("Shop", unit=organization.unit("Prod", parent=workloads))
    organization.unit("Empty")
    read = inventory()
    assert names(read, "ou_workloads_more") == {"Shared", "Shop"}
    assert names(read, "ou_workloads_more_prod") == {"Shop"}
    assert [group.name for group in read.groups["ou_workloads_more"].child_groups] == ["ou_workloads_more_prod"]
    assert read.groups["ou_empty"].hosts == []


def test_all_pages_are_read(organization, inventory, calls):
    unit = organization.unit("Many")
    for number in range(45):
        organization.account(f"account-{number}", unit=unit)
    for number in range(25):
        organization.unit(f"unit-{number}")
    calls.clear()
    read = inventory()
    assert len(names(read, "ou_many")) == 45
    assert sum(name.startswith("ou_unit_") for name in read.groups) == 25
    # moto's pages hold 20. The root's units: 2 pages; of each of the 26 OUs: 1. The accounts of "Many": 3, others 1.
    assert calls == {"ListRoots": 1, "ListOrganizationalUnitsForParent": 28, "ListAccountsForParent": 29}


def test_tags_are_fetched_only_if_asked(organization, inventory, calls):
    organization.account("Shop", Environment="Prod", Owner="Ann")
    inventory()
    assert calls["ListTagsForResource"] == 0
    read = inventory(tags=True, keyed_groups=[{"key": "aws_account_tags.Environment | lower", "prefix": "env"}])
    assert variables(read, "Shop")["aws_account_tags"] == {"Environment": "Prod", "Owner": "Ann"}
    assert variables(read, "master")["aws_account_tags"] == {}
    assert names(read, "env_prod") == {"Shop"}
    assert calls["ListTagsForResource"] == 2


@pytest.mark.parametrize(("include", "listed"), [(False, {"master"}), (True, {"master", "Closed"})])
def test_accounts_that_are_not_active_are_left_out_unless_asked(organization, inventory, calls, include, listed):
    organization.client.close_account(AccountId=organization.account("Closed"))
    assert names(inventory(include_suspended=include, tags=True)) == listed
    assert calls["ListTagsForResource"] == len(listed)


@pytest.mark.parametrize("key", ["State", "Status"])
@pytest.mark.parametrize("state", ["SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION", "SOMETHING_NEW", ""])
def test_only_what_is_active_is_active(organization, inventory, monkeypatch, key, state):
    organization.account("Shop")
    call = BaseClient._make_api_call

    def answer(client, operation, parameters):
        answered = call(client, operation, parameters)
        for account in answered.get("Accounts", []):
            account.pop("State", None)
            account["Status"] = "ACTIVE"
            if account["Name"] == "Shop":
                del account["Status"]
                account[key] = state
        return answered

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)
    assert names(inventory()) == {"master"}
    assert variables(inventory(include_suspended=True), "Shop")["aws_account_status"] == state


def test_state_decides_once_status_is_gone_and_status_before(organization, inventory, monkeypatch):
    for name in ("Old", "Old closed", "New", "New closed"):
        organization.account(name)
    call = BaseClient._make_api_call

    def answer(client, operation, parameters):
        answered = call(client, operation, parameters)
        for account in answered.get("Accounts", []):
            state = "SUSPENDED" if "closed" in account["Name"] else "ACTIVE"
            gone = "Status" if account["Name"].startswith("New") else "State"
            account.update(Status=state, State=state)
            del account[gone]
        return answered

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)
    assert names(inventory()) == {"master", "Old", "New"}


def test_excluded_accounts_are_left_out(organization, inventory):
    shop = organization.account("Shop")
    assert names(inventory(exclude_accounts=[shop])) == {"master"}
    assert names(inventory(exclude_accounts=[int(MANAGEMENT)])) == {"Shop"}


def test_the_account_of_the_credentials_may_be_left_out(organization, inventory, calls):
    """A reviews account collects from all accounts but its own."""
    organization.account("Shop")
    assert names(inventory()) == {"Shop", "master"}
    assert calls["GetCallerIdentity"] == 0
    assert names(inventory(exclude_caller=True)) == {"Shop"}
    assert calls["GetCallerIdentity"] == 1


def test_the_caller_is_whoever_assumes_the_role_not_the_role(organization, source, calls, monkeypatch):
    """The reviews account lists the organization with a role of the management account."""
    hub = organization.account("Reviews")
    organization.account("Shop")
    keys = boto3.client("sts", region_name="us-east-1").assume_role(
        RoleArn=f"arn:aws:iam::{hub}:role/WellArchitectedHub", RoleSessionName="test"
    )["Credentials"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", keys["SessionToken"])
    role = {"assume_role_arn": f"arn:aws:iam::{MANAGEMENT}:role/List", "region": "us-east-1"}
    read = InventoryManager(loader=DataLoader(), sources=[source(exclude_caller=True, **role)])
    assert names(read) == {"Shop", "master"}


def test_a_caller_that_cannot_be_found_out_is_an_error(organization, failure, calls):
    calls.fault["GetCallerIdentity"] = "ExpiredToken"
    message = failure(exclude_caller=True)
    assert message.startswith("Could not find out whose credentials these are, for exclude_caller: ")
    assert "So it is." in message


def test_an_excluded_id_that_yaml_read_as_another_number_is_an_error(organization, failure, calls):
    message = failure(exclude_accounts=[1402433619])
    assert "1402433619: not an account ID of 12 digits. Put IDs in quotes" in message
    assert not calls


@pytest.mark.parametrize(
    ("wanted", "listed"),
    [
        (["Root/Workloads/Prod"], {"Shop"}),
        (["Workloads/Prod"], {"Shop"}),
        (["/Workloads/Prod/"], {"Shop"}),
        (["{prod}"], {"Shop"}),
        (["Workloads"], {"Shop", "Shared"}),
        (["Workloads", "Workloads/Prod"], {"Shop", "Shared"}),
        (["Workloads/Prod", "{sandbox}"], {"Shop", "Toy"}),
        (["Root"], {"Shop", "Shared", "Toy", "master"}),
        (["{root}"], {"Shop", "Shared", "Toy", "master"}),
    ],
)
def test_units_may_be_chosen_and_bring_those_below(organization, inventory, wanted, listed):
    workloads = organization.unit("Workloads")
    prod = organization.unit("Prod", parent=workloads)
    sandbox = organization.unit("Sandbox")
    for name, unit in (("Shop", prod), ("Shared", workloads), ("Toy", sandbox)):
        organization.account(name, unit=unit)
    ids = {"prod": prod, "sandbox": sandbox, "root": organization.root}
    read = inventory(organizational_units=[text.format(**ids) for text in wanted])
    assert names(read) == listed
    if listed == {"Shop"}:
        assert names(read, "ou_workloads") == {"Shop"}
        assert "ou_sandbox" not in read.groups


def test_no_unit_is_the_whole_organization_but_an_empty_name_is_an_error(organization, inventory, failure):
    for nothing in ([], None):
        assert names(inventory(organizational_units=nothing, exclude_accounts=nothing)) == {"master"}
    assert "there is no" in failure(organizational_units=[""])


def test_a_unit_that_does_not_exist_is_an_error_that_says_which_there_are(organization, failure):
    organization.unit("Prod", parent=organization.unit("Workloads"))
    message = failure(organizational_units=["Workload", "ou-ab12-cdefghij", "Workloads"])
    assert "organizational_units: there is no Workload; there is no ou-ab12-cdefghij. " in message
    assert message.endswith("has 2 organizational units and its root: Root, Root/Workloads, Root/Workloads/Prod")


def test_of_very_many_units_twenty_are_named(organization, failure):
    for number in range(1, 21):
        organization.unit(f"Unit {number:02}")
    message = failure(organizational_units=["Nobody's"])
    assert message.endswith(
        "has 20 organizational units and its root: Root, "
        + "".join(f"Root/Unit {number:02}, " for number in range(1, 20))
        + "…"
    )


def test_accounts_of_one_name_are_told_apart_by_id(organization, inventory):
    first, second = organization.account("Shop"), organization.account("Shop")
    read = inventory()
    assert names(read) == {"master", f"Shop-{first}", f"Shop-{second}"}
    assert variables(read, f"Shop-{first}")["aws_account_name"] == "Shop"


def test_hosts_may_be_called_by_id(organization, inventory):
    shop = organization.account("Shop")
    assert names(inventory(hostname="id")) == {MANAGEMENT, shop}


@pytest.mark.parametrize(
    ("account", "host"),
    [
        ("Log Archive", "Log-Archive"),
        ("Shop, (prod) & test", "Shop-prod-test"),
        ("web[1:3].example.com", "web-1-3-.example.com"),
        ("!all", "all-111122223333"),
        ("localhost", "localhost-111122223333"),
        ("accounts", "accounts-111122223333"),
        ("***", "111122223333"),
        ("", "111122223333"),
    ],
)
def test_host_names_mean_nothing_else_to_ansible(account, host):
    taken = {"accounts", "all", "localhost"}
    assert host_names([{"id": "111122223333", "name": account}], "name", taken) == {"111122223333": host}


def test_host_names_differ_even_where_a_name_ends_in_an_id():
    accounts = [
        {"id": "111111111111", "name": "a"},
        {"id": "222222222222", "name": "a"},
        {"id": "333333333333", "name": "a-111111111111"},
    ]
    assert len(set(host_names(accounts, "name", set()).values())) == 3


def test_units_of_one_name_are_told_apart_by_id():
    units = {
        "r-ab12": {"path": ["Root"], "parent_id": None},
        "ou-ab12-11111111": {"path": ["Root", "A"], "parent_id": "r-ab12"},
        "ou-ab12-22222222": {"path": ["Root", "A", "B"], "parent_id": "ou-ab12-11111111"},
        "ou-ab12-33333333": {"path": ["Root", "A_b"], "parent_id": "r-ab12"},
        "ou-ab12-44444444": {"path": ["Root", "C"], "parent_id": "r-ab12"},
        "ou-ab12-55555555": {"path": ["Root", "*"], "parent_id": "r-ab12"},
    }
    assert unit_group_names(units, taken=["ou_c"]) == {
        "ou-ab12-11111111": "ou_a",
        "ou-ab12-22222222": "ou_a_b_ou_ab12_22222222",
        "ou-ab12-33333333": "ou_a_b_ou_ab12_33333333",
        "ou-ab12-44444444": "ou_c_ou_ab12_44444444",
        "ou-ab12-55555555": "ou_ou_ab12_55555555",
    }


def test_a_path_that_may_be_either_of_two_units_is_an_error():
    units = {
        "r-ab12": {"path": ["Root"], "parent_id": None},
        "ou-ab12-11111111": {"path": ["Root", "A"], "parent_id": "r-ab12"},
        "ou-ab12-22222222": {"path": ["Root", "A", "B"], "parent_id": "ou-ab12-11111111"},
        "ou-ab12-33333333": {"path": ["Root", "A/B"], "parent_id": "r-ab12"},
    }
    with pytest.raises(ValueError, match="A/B may be any of ou-ab12-22222222, ou-ab12-33333333: give the ID"):
        select_units(units, ["A/B"])


def test_compose_groups_and_the_group_of_all(organization, inventory):
    shop = organization.account("Shop")
    read = inventory(
        group="recipients",
        compose={"wa_accept_role_arn": "'arn:aws:iam::' ~ aws_account_id ~ ':role/WellArchitectedAccept'"},
        groups={"members": "not aws_management_account"},
    )
    assert variables(read, "Shop")["wa_accept_role_arn"] == f"arn:aws:iam::{shop}:role/WellArchitectedAccept"
    assert names(read, "members") == {"Shop"}
    assert names(read, "recipients") == {"Shop", "master"}
    assert "accounts" not in read.groups


def test_strict_makes_a_composition_that_fails_an_error(organization, inventory, failure):
    assert "role" not in variables(inventory(compose={"role": "nothing.here"}), "master")
    assert "Could not set role for host master" in failure(compose={"role": "nothing.here"}, strict=True)


def test_the_connection_may_be_left_alone(organization, inventory):
    found = variables(inventory(local_connection=False), "master")
    assert not {"ansible_connection", "ansible_python_interpreter"} & set(found)


def test_the_cache_saves_every_call(organization, source, tmp_path, calls):
    prod = organization.unit("Prod", parent=organization.unit("Workloads"))
    organization.account("Shop", unit=prod, Environment="Prod")
    cached = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}

    role = {"assume_role_arn": f"arn:aws:iam::{MANAGEMENT}:role/List", "region": "us-east-1"}

    def read(cache=True, **options):
        calls.clear()
        inventory = InventoryManager(loader=DataLoader(), sources=[source(**cached, **role, **options)], cache=cache)
        groups = {name: {host.name for host in group.get_hosts()} for name, group in inventory.groups.items()}
        return groups, {host.name: host.vars for host in inventory.get_hosts()}

    first = read(tags=True)
    assert calls
    assert read(tags=True) == first
    assert not calls
    # What only arranges the accounts takes effect at once.
    assert read(tags=True, hostname="id", groups={"members": "not aws_management_account"})[0]["members"]
    assert not calls
    # What decides which are listed is never answered from another listing.
    read(tags=True, organizational_units=["Workloads"])
    assert calls
    read(tags=False)
    assert calls
    # --flush-cache, and meta: refresh_inventory.
    organization.account("New")
    assert "New" not in read(tags=True)[1]
    assert "New" in read(tags=True, cache=False)[1]
    assert "New" in read(tags=True)[1]
    assert not calls


@pytest.mark.parametrize(
    ("operation", "what"),
    [
        ("ListRoots", "the root of the organization"),
        ("ListOrganizationalUnitsForParent", "the organizational units in Root (r-"),
        ("ListAccountsForParent", "the accounts in Root (r-"),
        ("ListTagsForResource", f"the tags of the account {MANAGEMENT}"),
    ],
)
def test_a_denied_call_names_the_action_and_who_may(organization, failure, calls, operation, what):
    calls.fault[operation] = "AccessDeniedException"
    message = failure(tags=True)
    assert f"Could not list {what}" in message
    assert "So it is. " in message
    assert f"the IAM action organizations:{operation}, and credentials of the organization's management" in message
    assert "delegated administrator" in message


def test_an_account_in_no_organization_is_told_so(aws, failure):
    message = failure()
    assert "AWSOrganizationsNotInUseException" in message
    assert message.endswith("Use credentials of the organization's management account or of a delegated administrator.")


def test_other_failures_say_what_was_being_done(organization, failure, calls):
    calls.fault["ListRoots"] = "ServiceException"
    message = failure()
    assert message.startswith("Could not list the root of the organization: ")
    assert message.endswith("So it is.")


def test_missing_credentials_are_said_to_be_missing(aws, failure, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert failure() == "Could not list the root of the organization: Unable to locate credentials."


def test_a_role_is_assumed(organization, inventory, calls):
    assert names(inventory(assume_role_arn=f"arn:aws:iam::{MANAGEMENT}:role/List", region="us-east-1")) == {"master"}
    assert calls["AssumeRole"] == 1


def test_a_role_that_may_not_be_assumed_is_named(organization, failure, calls):
    calls.fault["AssumeRole"] = "AccessDenied"
    role = f"arn:aws:iam::{MANAGEMENT}:role/List"
    message = failure(assume_role_arn=role, region="us-east-1")
    # Since 11.0.0 amazon.aws has words of its own for it.
    assert "assume" in message
    assert role in message


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("organization_accounts.yml", True),
        ("prod.organization_accounts.yaml", True),
        ("organization_accounts.json", False),
        ("accounts.yml", False),
    ],
)
def test_the_file_is_known_by_its_name(tmp_path, name, read):
    path = tmp_path / name
    path.touch()
    assert inventory_loader.get(PLUGIN).verify_file(str(path)) is read


def test_a_failure_reaches_the_user(organization, inventory, calls, capsys):
    calls.fault["ListTagsForResource"] = "AccessDeniedException"
    with pytest.raises(AnsibleError, match="Completely failed to parse inventory source"):
        inventory(tags=True)
    assert "organizations:ListTagsForResource" in capsys.readouterr().err


PLAYBOOK = """\
- hosts: ou_workloads
  gather_facts: false
  tasks:
    - ansible.builtin.ping:
    - ansible.builtin.assert:
        that:
          - ansible_python_interpreter == ansible_playbook_python
          - aws_account_name | length == 10
          - aws_account_tags.note == 'plain'
"""


def test_a_playbook_runs_for_each_account_and_templates_none_of_their_names(tmp_path):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        organization = Organization(endpoint_url=url)
        organization.account("{{ 7*7 }}a", unit=organization.unit("Workloads"), note="plain")
        source = tmp_path / "my.organization_accounts.yaml"
        source.write_text(f"plugin: {PLUGIN}\nendpoint_url: {url}\nregion: us-east-1\ntags: true\n", encoding="utf-8")
        playbook = tmp_path / "playbook.yml"
        playbook.write_text(PLAYBOOK, encoding="utf-8")

        def ansible(program, *arguments):
            done = subprocess.run(
                [sys.executable, "-m", f"ansible.cli.{program}", "-i", str(source), *arguments],
                env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": COLLECTIONS, "ANSIBLE_NOCOLOR": "1"},
                cwd=tmp_path,
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            assert not done.stderr
            return done.stdout

        listed = json.loads(ansible("inventory", "--list"))
        assert listed["ou_workloads"]["hosts"] == ["7-7-a"]
        assert "ok=2" in ansible("playbook", str(playbook))
    finally:
        server.stop()
