# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin organization_accounts, through Ansible's inventory manager, on the local endpoint."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible_collections.amazon.aws.plugins.plugin_utils.inventory import AWSInventoryBase
from ansible_collections.wellarchitected.sharing.plugins.inventory.organization_accounts import (
    InventoryModule,
    find_units,
    make_names,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._errors import InvalidInput
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import OWNER, PASSED, Emulator
from botocore.session import get_session

PLUGIN = "wellarchitected.sharing.organization_accounts"
COLLECTIONS = str(Path(inspect.getfile(InventoryModule)).parents[5])
OTHER = "111122223333"
ROLE = f"arn:aws:iam::{OWNER}:role/ListAccounts"
SSO = ("sso_region = us-east-1", "sso_start_url = https://example.awsapps.com/start")


class Organization:
    """An organization on the endpoint, by default of the account whose keys are in the environment."""

    def __init__(self, emulator, account=None):
        self.client = emulator.client("organizations", account)
        self.id = self.client.create_organization(FeatureSet="ALL")["Organization"]["Id"]
        self.root = self.client.list_roots()["Roots"][0]["Id"]

    def unit(self, name, parent=None):
        """Create an OU and return its ID."""
        created = self.client.create_organizational_unit(ParentId=parent or self.root, Name=name)
        return created["OrganizationalUnit"]["Id"]

    def account(self, name, unit=None, **tags):
        """Create an account and return its ID."""
        tags = [{"Key": key, "Value": value} for key, value in tags.items()]
        created = self.client.create_account(AccountName=name, Email=f"{len(name)}@example.com", Tags=tags)
        account_id = created["CreateAccountStatus"]["AccountId"]
        if unit:
            self.client.move_account(AccountId=account_id, SourceParentId=self.root, DestinationParentId=unit)
        return account_id


class Inventory:
    """The inventory's file, and ways to read it with some options."""

    def __init__(self, folder):
        self.path = folder / "organization_accounts.yml"

    def write(self, **options):
        self.path.write_text(yaml.safe_dump({"plugin": PLUGIN, **options}), encoding="utf-8")
        return str(self.path)

    def read(self, use_cache=True, **options):
        """Read it as Ansible does."""
        return InventoryManager(loader=DataLoader(), sources=[self.write(**options)], cache=use_cache)

    def failure(self, **options):
        """Return the message with which it fails. The manager would only display it."""
        with pytest.raises(AnsibleError) as error:
            inventory_loader.get(PLUGIN).parse(InventoryData(), DataLoader(), self.write(**options))
        return str(error.value)

    def run(self, program, *arguments, **options):
        """Run a program of Ansible on it, without a terminal. Returns the finished process."""
        return subprocess.run(
            [sys.executable, "-m", f"ansible.cli.{program}", "-i", self.write(**options), *arguments],
            env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": COLLECTIONS, "ANSIBLE_NOCOLOR": "1"},
            cwd=self.path.parent,
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


@pytest.fixture(scope="module")
def endpoint():
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(autouse=True)
def emulator(endpoint, monkeypatch, tmp_path):
    """The endpoint, with the owner's keys in the environment and no other settings. A failed inventory is an error."""
    endpoint.reset()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in PASSED.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(constants, "INVENTORY_ANY_UNPARSED_IS_FAILED", True)
    return endpoint


@pytest.fixture
def inventory(tmp_path):
    return Inventory(tmp_path)


@pytest.fixture
def organization(emulator):
    return Organization(emulator)


@pytest.fixture
def profile(monkeypatch, tmp_path):
    """Writes the settings of the profile "mine", in place of the keys in the environment. Returns its option."""

    def write(*lines):
        for name in PASSED:
            monkeypatch.delenv(name.upper(), raising=False)
        (tmp_path / "config").write_text("\n".join(["[profile mine]", *lines]), encoding="utf-8")
        return {"profile": "mine"}

    return write


@pytest.fixture
def calls(emulator):
    """Returns the plugin's calls since it was last called: counts by operation."""

    def count():
        counts = Counter(call["operation"] for call in emulator.record(""))
        emulator.clear_record()
        return counts

    return count


def names(inventory, pattern="all"):
    return {host.name for host in inventory.get_hosts(pattern)}


def variables(inventory, name):
    """The variables that the plugin sets."""
    return {key: value for key, value in inventory.get_host(name).vars.items() if not key.startswith("inventory_")}


def test_every_active_account_is_a_host_with_its_variables(organization, inventory):
    prod = organization.unit("Prod", parent=organization.unit("Workloads"))
    shop = organization.account("Shop", unit=prod)
    read = inventory.read()
    assert names(read, "accounts") == {"Shop", "master"}
    assert variables(read, "Shop") == {
        "aws_account_id": shop,
        "aws_account_name": "Shop",
        "aws_account_email": "4@example.com",
        "aws_account_arn": f"arn:aws:organizations::{OWNER}:account/{organization.id}/{shop}",
        "aws_account_status": "ACTIVE",
        "aws_organization_id": organization.id,
        "aws_ou_id": prod,
        "aws_ou_path": "Root/Workloads/Prod",
        "aws_management_account": False,
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    }
    master = variables(read, "master")
    assert (master["aws_ou_id"], master["aws_ou_path"]) == (organization.root, "Root")
    assert (master["aws_account_id"], master["aws_management_account"]) == (OWNER, True)


def test_units_are_nested_groups(organization, inventory):
    workloads = organization.unit("Workloads & more")
    organization.account("Shared", unit=workloads)
    organization.account("Shop", unit=organization.unit("Prod", parent=workloads))
    empty = organization.unit("Empty")
    read = inventory.read()
    assert names(read, "ou_workloads_more") == {"Shared", "Shop"}
    assert [group.name for group in read.groups["ou_workloads_more"].child_groups] == ["ou_workloads_more_prod"]
    assert read.groups["ou_empty"].hosts == []
    for unit in ("Workloads & more/Prod", f"arn:aws:organizations::{OWNER}:ou/{organization.id}/{empty}"):
        read = inventory.read(organizational_units=[unit])
        assert names(read) == ({"Shop"} if "Prod" in unit else set())
        assert ("ou_empty" in read.groups) != ("ou_workloads_more_prod" in read.groups)


def test_all_pages_are_read(organization, inventory, calls):
    unit = organization.unit("Many")
    for number in range(21):
        organization.account(f"account-{number}", unit=unit)
        organization.unit(f"unit-{number}")
    calls()
    read = inventory.read()
    assert len(names(read, "ou_many")) == 21
    assert sum(name.startswith("ou_unit_") for name in read.groups) == 21
    # moto's pages hold 20: the units of the root are two, and so are the accounts of "Many". There are 22 units.
    assert calls() == {"ListRoots": 1, "ListOrganizationalUnitsForParent": 24, "ListAccountsForParent": 24}


def test_tags_are_listed_on_request(organization, inventory, calls):
    organization.account("Shop", Environment="Prod", Owner="Ann")
    assert "aws_account_tags" not in variables(inventory.read(), "Shop")
    assert calls()["ListTagsForResource"] == 0
    read = inventory.read(tags=True, keyed_groups=[{"key": "aws_account_tags.Environment | lower", "prefix": "env"}])
    assert variables(read, "Shop")["aws_account_tags"] == {"Environment": "Prod", "Owner": "Ann"}
    assert variables(read, "master")["aws_account_tags"] == {}
    assert names(read, "env_prod") == {"Shop"}
    assert calls()["ListTagsForResource"] == 2


@pytest.mark.parametrize("member", ["State", "Status"])
def test_only_active_accounts_are_listed_by_default(organization, emulator, inventory, member):
    """State replaces Status: either may be missing."""
    if member not in get_session().get_service_model("organizations").shape_for("Account").members:
        pytest.skip("This botocore has no State: the service must return Status.")
    states = ["ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION", "SOMETHING_NEW", ""]
    arn = f"arn:aws:organizations::{OWNER}:account/{organization.id}"
    accounts = [
        {"Id": f"{number:012}", "Arn": f"{arn}/{number:012}", "Name": f"is-{state}", member: state}
        for number, state in enumerate(states)
    ]
    emulator.fault("answer", service="organizations", operation="ListAccountsForParent", body={"Accounts": accounts})
    assert names(inventory.read()) == {"is-ACTIVE"}
    read = inventory.read(include_suspended=True)
    assert [variables(read, f"is-{state}".strip("-"))["aws_account_status"] for state in states] == states


def test_accounts_can_be_excluded(organization, inventory, calls):
    shop = organization.account("Shop")
    assert names(inventory.read(exclude_accounts=[shop])) == {"master"}
    assert names(inventory.read(exclude_accounts=[int(OWNER)])) == {"Shop"}
    assert calls()["GetCallerIdentity"] == 0
    assert names(inventory.read(exclude_caller=True)) == {"Shop"}
    assert calls()["GetCallerIdentity"] == 1


def test_the_caller_is_the_account_that_assumes_the_role(organization, emulator, inventory, monkeypatch, calls):
    hub = organization.account("Reviews")
    organization.account("Shop")
    for name, value in emulator.credentials(hub).items():
        monkeypatch.setenv(name.upper(), value)
    emulator.clear_record()
    assert names(inventory.read(exclude_caller=True, assume_role_arn=ROLE)) == {"Shop", "master"}
    (assumed,) = [call["params"] for call in emulator.record("sts") if call["operation"] == "AssumeRole"]
    assert assumed["RoleArn"] == ROLE
    assert 2 <= len(assumed["RoleSessionName"]) <= 64


UNITS = {
    "r-ab12": {"path": "Root", "parent_id": None},
    "ou-ab12-0000000A": {"path": "Root/A", "parent_id": "r-ab12"},
    "ou-ab12-0000000B": {"path": "Root/A/B", "parent_id": "ou-ab12-0000000A"},
    "ou-ab12-0000000/": {"path": "Root/A/B", "parent_id": "r-ab12"},  # an OU that is called "A/B"
    "ou-ab12-0000000W": {"path": "Root/Workloads", "parent_id": "r-ab12"},
}


@pytest.mark.parametrize(
    ("wanted", "ends"),
    [
        ([], "rAB/W"),
        (["Root"], "rAB/W"),
        (["r-ab12"], "rAB/W"),
        (["A"], "AB"),
        (["/Root/A/", "ou-ab12-0000000B"], "AB"),
        (["ou-ab12-0000000W", "arn:aws:organizations::111122223333:ou/o-abcdefghij/ou-ab12-0000000B"], "BW"),
    ],
)
def test_a_unit_brings_the_units_below_it(wanted, ends):
    assert find_units(UNITS, wanted) == {key for key in UNITS if (key[-1] if key != "r-ab12" else "r") in ends}


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ("A/B", "has several IDs. Enter one: ou-ab12-0000000B, ou-ab12-0000000/."),
        ("workload", "is not an organizational unit (did you mean 'Workloads'"),
        ("ou-ab12-cdefghij", "one of these: Root, Root/A, Root/A/B, Root/A/B, Root/Workloads."),
        ("", "is not an organizational unit"),
        ("111122223333", "is not an organizational unit"),
        ("o-abcdefghij", "is not an organizational unit"),
    ],
)
def test_an_entry_that_is_not_one_unit_is_an_error(wanted, error):
    with pytest.raises(InvalidInput) as raised:
        find_units(UNITS, ["A", wanted])
    assert str(raised.value).startswith(f"organizational_units[1]: {wanted!r} ")
    assert error in str(raised.value)


@pytest.mark.parametrize(
    ("account", "hint"),
    [
        (1402433619, "The account ID may be 012345670123."),
        ("12345678901", "The account ID may be 012345678901."),
        ("1111-2222-3333", "Write 111122223333."),
        (f"arn:aws:organizations::{OWNER}:account/o-abcdefghij/{OTHER}", f"Write the account ID, {OTHER}."),
        ("r-ab12", "is the root of an organization."),
        ("ou-ab12-cdefghij", "is not an account."),
        ("Shop", "is not a valid principal."),
    ],
)
def test_an_excluded_account_that_is_not_an_id_is_an_error_with_a_hint(organization, inventory, calls, account, hint):
    calls()
    message = inventory.failure(exclude_accounts=[account])
    assert message.startswith("exclude_accounts: ")
    assert hint in message
    assert not calls()


def test_host_names_are_unique_and_no_others(organization, inventory):
    ids = [organization.account(name) for name in ("Shop", "Shop", "localhost", "accounts", "Log Archive")]
    assert names(inventory.read(hostname="id")) == {OWNER, *ids}
    of_names = {f"{name}-{key}" for key, name in zip(ids, ("Shop", "Shop", "localhost", "accounts"))}
    assert names(inventory.read()) == {"master", "Log-Archive", *of_names}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"1": "Shop, (prod) & test", "2": "web[1:3].com"}, {"1": "Shop-prod-test", "2": "web-1-3-.com"}),
        ({"1": "***", "2": "", "3": "!all"}, {"1": "1", "2": "2", "3": "all-3"}),
        ({"1": "a", "2": "a", "3": "b"}, {"1": "a-1", "2": "a-2", "3": "b"}),
        ({"1": "a", "2": "a", "3": "a-1"}, {"1": "1", "2": "a-2", "3": "3"}),
    ],
)
def test_names_have_no_other_meaning_to_ansible(texts, expected):
    assert make_names(texts, "[^A-Za-z0-9._-]+", "-", ["all"]) == expected


def test_compose_groups_group_and_local_connection(organization, inventory):
    shop = organization.account("Shop")
    read = inventory.read(
        group="recipients",
        compose={"wa_accept_role_arn": "'arn:aws:iam::' ~ aws_account_id ~ ':role/Accept'", "wrong": "nothing.here"},
        groups={"members": "not aws_management_account"},
        local_connection=False,
    )
    assert variables(read, "Shop")["wa_accept_role_arn"] == f"arn:aws:iam::{shop}:role/Accept"
    assert not {"wrong", "ansible_connection", "ansible_python_interpreter"} & set(variables(read, "Shop"))
    assert names(read, "members") == {"Shop"}
    assert names(read, "recipients") == {"Shop", "master"}
    assert "accounts" not in read.groups
    assert "Could not set wrong for host master" in inventory.failure(compose={"wrong": "nothing.here"}, strict=True)


@pytest.fixture
def cached(inventory, tmp_path):
    """Reads the inventory with these options and a cache: {host: its variables}."""
    options = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}

    def read(use_cache=True, **more):
        read = inventory.read(use_cache, **options, **more)
        groups = {name: {host.name for host in group.get_hosts()} for name, group in read.groups.items()}
        return {host.name: host.vars for host in read.get_hosts()}, groups

    return read


def test_the_cache_spares_the_lists(organization, cached, calls):
    """What it has is the same, in the same groups, and only as long as it is wanted."""
    workloads = organization.unit("Workloads")
    organization.account("Shop", unit=organization.unit("Prod", parent=workloads), Environment="Prod")
    options = {"assume_role_arn": ROLE, "tags": True}
    first = cached(**options)
    calls()
    organization.account("New")
    calls()
    assert cached(**options) == first
    assert calls() == {"GetCallerIdentity": 1, "AssumeRole": 1, "ListRoots": 1}
    # Arranging the same accounts in another way needs no other list.
    assert cached(**options, hostname="id", groups={"members": "not aws_management_account"})[1]["members"]
    assert "ListAccountsForParent" not in calls()
    # --flush-cache, and meta: refresh_inventory
    assert "New" in cached(use_cache=False, **options)[0]
    assert "New" in cached(**options)[0]


def test_other_options_are_not_answered_from_the_cache(organization, cached, calls):
    cached()
    for change in (
        {"organizational_units": ["Root"]},
        {"exclude_accounts": [OTHER]},
        {"exclude_caller": True},
        {"include_suspended": True},
        {"tags": True},
    ):
        calls()
        cached(**change)
        assert calls()["ListAccountsForParent"] == 1


@pytest.mark.parametrize("origin", ["environment", "profile", "process", "role"])
def test_the_cache_is_for_one_caller_and_organization(emulator, cached, profile, tmp_path, monkeypatch, origin):
    """The second run has the same file and options, and credentials of another organization."""
    organizations = {OWNER: Organization(emulator), OTHER: Organization(emulator, OTHER)}
    for account, name in ((OWNER, "First"), (OTHER, "Second")):
        organizations[account].account(name)

    def read(account):
        options = {}
        keys = dict(PASSED) if account == OWNER else emulator.credentials(account)
        if origin == "role":
            monkeypatch.setenv("ROLE", f"arn:aws:iam::{account}:role/ListAccounts")
            options = {"assume_role_arn": "{{ lookup('env', 'ROLE') }}"}
        elif origin == "environment":
            for name, value in keys.items():
                monkeypatch.setenv(name.upper(), value)
        elif origin == "profile":
            options = profile(*(f"{name} = {value}" for name, value in keys.items()))
        else:
            words = dict(zip(("AccessKeyId", "SecretAccessKey", "SessionToken"), keys.values()))
            (tmp_path / "keys.json").write_text(json.dumps({"Version": 1, **words}), encoding="utf-8")
            options = profile(f"credential_process = cat {tmp_path}/keys.json")
        return set(cached(**options)[0])

    assert read(OWNER) == {"master", "First"}
    assert read(OTHER) == {"master", "Second"}
    assert read(OWNER) == {"master", "First"}


WHO = "credentials of the organization's management account or of a delegated administrator."


@pytest.mark.parametrize(
    ("operation", "subject"),
    [
        ("ListRoots", ""),
        ("ListOrganizationalUnitsForParent", " for r-"),
        ("ListAccountsForParent", " for r-"),
        ("ListTagsForResource", f" for {OWNER}"),
    ],
)
def test_a_denied_call_names_the_action_and_the_account_that_may(organization, emulator, inventory, operation, subject):
    emulator.fault("access_denied", service="organizations", operation=operation)
    message = inventory.failure(tags=True)
    assert message.startswith(f"Failed to call {operation}{subject}")
    assert message.endswith(f" This needs the IAM action organizations:{operation}, and {WHO}")


def test_an_account_without_an_organization_is_an_error(inventory):
    message = inventory.failure()
    assert message.startswith("Failed to call ListRoots: AWSOrganizationsNotInUseException: ")
    assert message.endswith(WHO)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"fault": "answer", "body": {}}, "The response cannot be read: it has no Accounts."),
        ({"fault": "answer", "body": {"Accounts": None}}, "The response cannot be read: it has no Accounts."),
        ({"fault": "repeated_token"}, "next token was received twice"),
        ({"fault": "denied_by_scp"}, "Ask the organization's administrators"),
        (
            {"fault": "error", "status": 400, "code": "E", "message": "Not\x1b[2J\u2028this."},
            r"E: Not\x1b[2J\u2028this.",
        ),
    ],
)
def test_other_failures_have_the_reason(organization, emulator, inventory, fault, reason):
    emulator.fault(service="organizations", operation="ListAccountsForParent", **fault)
    message = inventory.failure()
    assert message.startswith("Failed to call ListAccountsForParent for r-")
    assert reason in message


def test_control_characters_in_names_are_escaped_in_messages(organization, inventory):
    organization.unit("Red\x1b[31m\u202e")
    assert r"Root/Red\x1b[31m\u202e" in inventory.failure(organizational_units=["Blue"])


def test_a_role_that_cannot_be_assumed_is_named(organization, emulator, inventory):
    emulator.settings(refused_roles=["*"])
    message = inventory.failure(assume_role_arn=ROLE)
    assert message.startswith(f"Failed to call AssumeRole for {ROLE}: AccessDenied: ")
    assert message.endswith("The role must exist and trust the credentials, which need sts:AssumeRole on it.")


@pytest.mark.parametrize(
    ("lines", "reason", "advice"),
    [
        (
            [f"role_arn = {ROLE}", "web_identity_token_file = /nowhere"],
            "file or directory: /nowhere",
            "Check the path.",
        ),
        (
            ["sso_account_id = 1", "sso_role_name = R", *SSO],
            "Error loading SSO Token",
            "Run aws sso login --profile mine.",
        ),
        (["credential_process = true"], "is not a JSON object", "Run the credential_process by hand"),
        (["region = us-east-1"], "Unable to locate credentials", "Set access_key and secret_key"),
    ],
    ids=["web identity", "sso", "process", "nothing"],
)
def test_credentials_that_cannot_be_obtained(inventory, profile, calls, lines, reason, advice):
    message = inventory.failure(**profile(*lines))
    assert message.startswith("Could not obtain AWS credentials: ")
    assert reason in message
    assert advice in message
    assert not calls()


def test_a_profile_with_mfa_without_a_terminal(inventory, profile, calls):
    keys = [f"{name} = {value}" for name, value in PASSED.items()]
    role = [f"role_arn = {ROLE}", "source_profile = keys", f"mfa_serial = arn:aws:iam::{OWNER}:mfa/me"]
    done = inventory.run("inventory", "--list", **profile(*role, "[profile keys]", *keys))
    assert "The profile needs an MFA code, which cannot be entered without a terminal." in " ".join(done.stderr.split())
    assert not calls()


def test_a_profile_beside_keys_is_refused(inventory, calls):
    message = inventory.failure(profile="mine")
    assert message.startswith("profile: 'mine' is set beside access keys, in the file or in the environment")
    assert "Unset either the profile or the keys." in message
    assert not calls()


def test_the_file_is_recognized_by_its_name(tmp_path):
    files = ("organization_accounts.yml", "a.organization_accounts.yaml", "organization_accounts.json", "accounts.yml")
    for name in files:
        (tmp_path / name).touch()
    verified = [name for name in files if inventory_loader.get(PLUGIN).verify_file(str(tmp_path / name))]
    assert verified == ["organization_accounts.yml", "a.organization_accounts.yaml"]


def test_the_plugin_overrides_nothing_private():
    own = [name for name, value in vars(InventoryModule).items() if inspect.isfunction(value) and name[:2] != "__"]
    assert [name for name in own if hasattr(AWSInventoryBase, name)] == ["parse"]


PLAYBOOK = """\
- hosts: ou_workloads
  gather_facts: false
  tasks:
    - ansible.builtin.ping:
    - ansible.builtin.assert:
        that:
          - ansible_python_interpreter == ansible_playbook_python
          - aws_account_name | length == 10
          - composed | length == 11
          - aws_account_tags.header is search('7.7')
"""


def test_ansible_shows_plain_strings_and_evaluates_none_of_them(organization, inventory, tmp_path):
    header = "#jinja2: variable_start_string:'[[', variable_end_string:']]'\n[[ 7*7 ]]"
    organization.account("{{ 7*7 }}a", unit=organization.unit("Workloads"), note="Shop (prod)", header=header)
    options = {"tags": True, "compose": {"composed": "aws_account_name ~ '!'", "role": "'role/' ~ aws_account_id"}}
    listed = inventory.run("inventory", "--list", **options)
    assert not listed.stderr
    document = json.loads(listed.stdout)
    assert document["ou_workloads"]["hosts"] == ["7-7-a"]
    host = document["_meta"]["hostvars"]["7-7-a"]
    protected = {key for key, value in host.items() if isinstance(value, dict) and "__ansible_unsafe" in value}
    assert protected == {"aws_account_name", "composed"}
    assert host["aws_account_name"] == {"__ansible_unsafe": "{{ 7*7 }}a"}
    assert host["aws_account_tags"] == {"note": "Shop (prod)", "header": {"__ansible_unsafe": header}}
    assert host["role"] == f"role/{host['aws_account_id']}"
    (tmp_path / "playbook.yml").write_text(PLAYBOOK, encoding="utf-8")
    played = inventory.run("playbook", "playbook.yml", **options)
    assert "ok=2" in played.stdout, played.stdout + played.stderr
