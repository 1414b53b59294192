# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# ruff: noqa: E402 (the documentation comes before the imports)

from __future__ import annotations

DOCUMENTATION = r"""
name: organization_accounts
short_description: The accounts of an AWS organization as hosts
version_added: 1.0.0
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
description:
  - Lists the active accounts of an AWS organization, or of some of its organizational units (OUs), as hosts.
  - Reads a YAML file whose name ends in C(organization_accounts.yml) or C(organization_accounts.yaml).
  - Every host has the variables C(aws_account_id), C(aws_account_name), C(aws_account_email), C(aws_account_arn),
    C(aws_account_status), C(aws_organization_id), C(aws_ou_id), C(aws_ou_path) (such as C(Root/Workloads/Prod)) and
    C(aws_management_account) (whether it is the organization's management account), and with O(tags=true) the
    dictionary C(aws_account_tags). The parent of an account that is in no OU is the root, whose ID begins with C(r-).
  - Every host is in the group O(group). Every OU is a group, named for its path below the root, such as
    C(ou_workloads_prod) for C(Root/Workloads/Prod). It is a child of its parent OU's group C(ou_workloads). Where two
    OUs would have the same name, that name is followed by the OU's ID in both.
  - Tasks for an account run on the controller, see O(local_connection).
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [wellarchitected.sharing.organization_accounts]
  organizational_units:
    description:
      - The OUs whose accounts to list, each with all OUs below it. By default the whole organization.
      - Each is an ID, such as V(ou-ab12-cdefghij), or a path, such as V(Workloads/Prod) or V(Root/Workloads/Prod).
      - An OU that does not exist is an error.
    type: list
    elements: str
    default: []
  exclude_accounts:
    description:
      - The IDs of accounts to leave out.
      - Put them in quotes. YAML reads an unquoted ID that begins with V(0) as another number.
    type: list
    elements: str
    default: []
  exclude_caller:
    description:
      - Leave out the account of the credentials, such as a reviews account that collects from all others.
      - They are those of O(profile) or of the environment. With O(assume_role_arn) it is the account that assumes the
        role, and not the account of the role.
    type: bool
    default: false
  include_suspended:
    description:
      - Also list accounts that are not active, whatever their state, such as V(SUSPENDED), V(PENDING_CLOSURE) or
        V(CLOSED). An account that was closed is still listed for 90 days.
    type: bool
    default: false
  tags:
    description:
      - Also get the tags of each account.
      - This takes a call for each account, and AWS limits how many it answers in a second. Use O(cache).
    type: bool
    default: false
  hostname:
    description:
      - What the hosts are called.
      - With V(name), a host is called as the account, with C(-) in place of what does not belong in a host's name.
        Where several accounts have the same name, or it is taken by a group or by V(localhost), the account's ID
        follows it.
      - With V(id), a host is called by the account's ID. Use this beside other inventories, whose hosts might have
        the same names.
    type: str
    choices: [name, id]
    default: name
  group:
    description: The name of the group of all accounts.
    type: str
    default: accounts
  local_connection:
    description:
      - Set C(ansible_connection) to V(local) and C(ansible_python_interpreter) to C({{ ansible_playbook_python }}) for
        each host, so that tasks run on the controller, with its Python.
    type: bool
    default: true
notes:
  - Use the credentials of the organization's management account or of a delegated administrator. They need the IAM
    actions C(organizations:ListRoots), C(organizations:ListOrganizationalUnitsForParent) and
    C(organizations:ListAccountsForParent), and for O(tags=true) C(organizations:ListTagsForResource).
  - Stack sets with service-managed permissions make no stack in the management account. Leave it out by
    O(exclude_accounts), or by O(organizational_units), where the roles come from one.
  - By default Ansible only warns about an inventory that could not be read, and goes on without its hosts. Set
    C(any_unparsed_is_failed=true) in the section C([inventory]) of C(ansible.cfg) to make that an error.
  - What O(cache) keeps is used again as long as the file is the same, and the options that decide what is listed, and
    with which profile or role. It includes names and e-mail addresses.
extends_documentation_fragment:
  - inventory_cache
  - constructed
  - amazon.aws.boto3
  - amazon.aws.common.plugins
  - amazon.aws.region.plugins
  - amazon.aws.assume_role.plugins
"""

EXAMPLES = r"""
---
# Each example is a file whose name ends in organization_accounts.yml. Try it out with
# ansible-inventory -i organization_accounts.yml --graph

# All active accounts of the organization that the environment's credentials belong to.
plugin: wellarchitected.sharing.organization_accounts

---
# For wellarchitected.sharing.onboard_accounts: the accounts that accept what is shared with them, and with which role.
plugin: wellarchitected.sharing.organization_accounts
profile: management
organizational_units:
  - Workloads
  - ou-ab12-cdefghij
exclude_accounts:
  - "012345670123"
compose:
  wa_accept_role_arn: "'arn:aws:iam::' ~ aws_account_id ~ ':role/WellArchitectedAccept'"

---
# For a reviews account with the roles of docs/iam/stackset.yml: what it assumes to collect from an account
# (wellarchitected.sharing.collect_workloads), and what it assumes to give to it (onboard_accounts).
plugin: wellarchitected.sharing.organization_accounts
assume_role_arn: arn:aws:iam::111122223333:role/ListAccounts
organizational_units:
  - Workloads
exclude_caller: true
compose:
  wa_share_role_arn: "'arn:aws:iam::' ~ aws_account_id ~ ':role/WellArchitectedShare'"
  wa_accept_role_arn: "'arn:aws:iam::' ~ aws_account_id ~ ':role/WellArchitectedAccept'"

---
# From another account, with groups by tag such as environment_production, and a cache for an hour.
plugin: wellarchitected.sharing.organization_accounts
assume_role_arn: arn:aws:iam::111122223333:role/ListAccounts
tags: true
keyed_groups:
  - key: aws_account_tags.Environment | default("none") | lower
    prefix: environment
groups:
  members: not aws_management_account
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ansible-inventory
cache_timeout: 3600
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

try:
    from botocore import xform_name
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    AWS_ERRORS: tuple[type[Exception], ...] = (BotoCoreError, ClientError)
except ImportError:
    AWS_ERRORS = ()  # AWSInventoryBase says that botocore is missing before any of this is used.

from ansible.errors import AnsibleError

try:
    # Since ansible-core 2.19 a text is a template only if it is trusted.
    from ansible.template import trust_as_template as template

    def plain(text: str) -> str:
        """Return the text as one that is never a template."""
        return text
except ImportError:
    from ansible.utils.unsafe_proxy import wrap_var

    def template(text: str) -> str:
        """Return the text as one that is a template."""
        return text

    def plain(text: str) -> str:
        """Return the text as one that is never a template."""
        return wrap_var(text) if "{" in text else text


from ansible_collections.amazon.aws.plugins.plugin_utils.inventory import AWSInventoryBase

CONCURRENCY = 8  # calls under way at once
# The limits of AWS Organizations are low, and shared by the whole organization: botocore slows down as it is throttled.
RETRIES = {"mode": "adaptive", "total_max_attempts": 10}

KNOWN_UNITS = 20  # how many to name where the one asked for does not exist

DENIED_CODES = frozenset(("AccessDeniedException", "AccessDenied"))
NO_ORGANIZATION_CODE = "AWSOrganizationsNotInUseException"

# Options that decide what is listed. One cache entry is never used for other values of these.
LISTING_OPTIONS = (
    "organizational_units",
    "exclude_accounts",
    "exclude_caller",
    "include_suspended",
    "tags",
    "assume_role_arn",
    "profile",
    "region",
    "endpoint_url",
)

# Names that mean something else to Ansible.
RESERVED_NAMES = frozenset(("all", "ungrouped", "localhost", "127.0.0.1"))


def select_units(units: Mapping[str, Mapping[str, Any]], wanted: Iterable[str]) -> set[str]:
    """Return the IDs of the wanted units and of all units below them; of all units if none is wanted.

    units: {id: {"path": [name, ...], "parent_id": id or None}}, parents before children. The root is a unit.
    wanted: IDs, or paths with or without the root's name.
    Raises ValueError with a message about every wanted unit that is none, or more than one.
    """
    wanted = list(wanted)
    if not wanted:
        return set(units)
    chosen, problems = set(), []
    for text in wanted:
        path = text.strip("/")
        found = [text] if text in units else [key for key, unit in units.items() if "/".join(unit["path"]) == path]
        found = found or [key for key, unit in units.items() if "/".join(unit["path"][1:]) == path != ""]
        if len(found) > 1:
            problems.append(f"{text} may be any of {', '.join(found)}: give the ID")
        elif not found:
            problems.append(f"there is no {text}")
        chosen.update(found)
    if problems:
        raise ValueError("; ".join(problems))
    for key, unit in units.items():
        if unit["parent_id"] in chosen:
            chosen.add(key)
    return chosen


def unit_group_names(units: Mapping[str, Mapping[str, Any]], taken: Iterable[str]) -> dict[str, str]:
    """Return the group's name for each unit but the root: {unit ID: name}. Different units have different names."""

    def safe(text: str) -> str:
        return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")

    names = {key: f"ou_{safe('/'.join(unit['path'][1:]))}" for key, unit in units.items() if len(unit["path"]) > 1}
    count = Counter([*names.values(), *taken, "ou_"])
    return {key: name if count[name] == 1 else f"{name.rstrip('_')}_{safe(key)}" for key, name in names.items()}


def host_names(accounts: Iterable[Mapping[str, Any]], hostname: str, taken: Iterable[str]) -> dict[str, str]:
    """Return the host's name for each account: {account ID: name}. Accounts never share a name, nor use a taken one.

    hostname: "name" or "id", as the option.
    """
    if hostname == "id":
        return {account["id"]: account["id"] for account in accounts}
    names = {account["id"]: re.sub(r"[^A-Za-z0-9._-]+", "-", account["name"]).strip("-.") for account in accounts}
    count = Counter(names.values()) + Counter(taken)
    names = {key: name if name and count[name] == 1 else f"{name}-{key}".strip("-") for key, name in names.items()}
    count = Counter(names.values())
    return {key: name if count[name] == 1 else key for key, name in names.items()}


def account_variables(account: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the host variables of an account. What people wrote, such as names and tags, is never a template."""
    variables = {
        "aws_account_id": account["id"],
        "aws_account_name": plain(account["name"]),
        "aws_account_email": plain(account["email"]),
        "aws_account_arn": account["arn"],
        "aws_account_status": account["status"],
        "aws_organization_id": found["organization_id"],
        "aws_ou_id": account["unit_id"],
        "aws_ou_path": plain("/".join(found["units"][account["unit_id"]]["path"])),
        "aws_management_account": account["id"] == found["management_account_id"],
    }
    if "tags" in account:
        variables["aws_account_tags"] = {plain(key): plain(value) for key, value in account["tags"].items()}
    return variables


def unit_words(key: str, unit: Mapping[str, Any]) -> str:
    """Return how messages name a unit: path and ID."""
    return f"{'/'.join(unit['path'])} ({key})"


def failure(operation: str, what: str, error: Exception) -> str:
    """Return the message for a call that failed: what was being done, why it failed and what to do."""
    code = getattr(error, "response", {}).get("Error", {}).get("Code")
    allowed = "credentials of the organization's management account or of a delegated administrator"
    advice = ""
    if code in DENIED_CODES:
        advice = f" This needs the IAM action organizations:{operation}, and {allowed}."
    elif code == NO_ORGANIZATION_CODE:
        advice = f" Use {allowed}."
    return f"Could not list {what}: {str(error).rstrip('.')}.{advice}"


class Organization:
    """Lists an organization with a client of botocore, several calls at once. Raises AnsibleError."""

    def __init__(self, client: Any, pool: ThreadPoolExecutor) -> None:
        self.client = client
        self.pool = pool

    def _list(self, operation: str, key: str, what: str, **parameters: str) -> list[dict[str, Any]]:
        """Return what all pages of an operation have under the key. The words say what is listed."""
        try:
            pages = self.client.get_paginator(xform_name(operation)).paginate(**parameters)
            return [item for page in pages for item in page.get(key, [])]
        except AWS_ERRORS as error:
            raise AnsibleError(failure(operation, what, error)) from None

    def roots(self) -> list[dict[str, Any]]:
        """Return the roots as the API gives them; AWS has one for each organization."""
        return self._list("ListRoots", "Roots", "the root of the organization")

    def units(self, roots: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        """Return the roots and all OUs below them, parents before children, as select_units() takes them."""
        units: dict[str, dict[str, Any]] = {root["Id"]: {"path": [root["Name"]], "parent_id": None} for root in roots}

        def children(key: str) -> list[dict[str, Any]]:
            what = f"the organizational units in {unit_words(key, units[key])}"
            return self._list("ListOrganizationalUnitsForParent", "OrganizationalUnits", what, ParentId=key)

        level = list(units)
        while level:
            below = {
                child["Id"]: {"path": [*units[key]["path"], child["Name"]], "parent_id": key}
                for key, listed in zip(level, self.pool.map(children, level))
                for child in listed
            }
            units.update(below)
            level = list(below)
        return units

    def accounts(self, units: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the accounts that are directly in these units: dicts of id, name, email, arn, status, unit_id."""

        def children(key: str) -> list[dict[str, Any]]:
            what = f"the accounts in {unit_words(key, units[key])}"
            return self._list("ListAccountsForParent", "Accounts", what, ParentId=key)

        # By ID: an account that moves from one unit to another meanwhile may be in both lists.
        accounts = {
            account["Id"]: {
                "id": account["Id"],
                "name": account.get("Name", ""),
                "email": account.get("Email", ""),
                "arn": account["Arn"],
                # State takes the place of Status, which AWS retires in September 2026 (botocore's service model).
                "status": account.get("State") or account.get("Status", ""),
                "unit_id": key,
            }
            for key, listed in zip(units, self.pool.map(children, units))
            for account in listed
        }
        return list(accounts.values())

    def tags(self, account_ids: list[str]) -> list[dict[str, str]]:
        """Return the tags of each of these accounts, in the same order."""

        def tags(key: str) -> dict[str, str]:
            listed = self._list("ListTagsForResource", "Tags", f"the tags of the account {key}", ResourceId=key)
            return {tag["Key"]: tag["Value"] for tag in listed}

        return list(self.pool.map(tags, account_ids))


class InventoryModule(AWSInventoryBase):
    NAME = "wellarchitected.sharing.organization_accounts"
    INVENTORY_FILE_SUFFIXES = ("organization_accounts.yml", "organization_accounts.yaml")
    ansible_name: str
    """AnsiblePlugin's; AWSInventoryBase names the sessions of roles after it."""

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add the accounts to the inventory, from the cache if it has them. Raises AnsibleError."""
        super().parse(inventory, loader, path, cache=cache)
        self._check_excluded()
        was_cached, found = self.get_cached_result(path, cache)
        if not was_cached:
            found = self._find()
            self.update_cached_result(path, cache, found)
        self._populate(found)

    def get_cache_key(self, path: str) -> str:
        """Return a key that is another one for another listing from the same file."""
        listing = json.dumps([self.get_option(name) for name in LISTING_OPTIONS], default=str)
        return f"{super().get_cache_key(path)}_{hashlib.sha256(listing.encode()).hexdigest()[:12]}"

    def _set_frozen_credentials(self) -> None:
        """Do nothing yet: what is in the cache needs no role. _find() does it."""

    def _freeze_iam_role(self, iam_role_arn: str) -> None:
        # AWSInventoryBase names the session for the plugin: with the full name more than the 64 characters of AWS.
        full_name, self.ansible_name = self.ansible_name, "organization_accounts"
        try:
            super()._freeze_iam_role(iam_role_arn)
        except AWS_ERRORS as error:
            self.fail_aws(f"Could not assume the role {iam_role_arn} to list the organization", exception=error)
        finally:
            self.ansible_name = full_name

    def _texts(self, option: str) -> list[str]:
        # Ansible does not convert the elements of a list for plugins: an unquoted ID is a number.
        return [str(element) for element in self.get_option(option)]

    def _check_excluded(self) -> None:
        wrong = [text for text in self._texts("exclude_accounts") if not re.fullmatch(r"[0-9]{12}", text)]
        if wrong:
            raise AnsibleError(
                f"exclude_accounts: {', '.join(wrong)}: not an account ID of 12 digits. Put IDs in quotes: YAML reads "
                "an unquoted one that begins with 0 as another number."
            )

    def _find(self) -> dict[str, Any]:
        """List what the options ask for: {organization_id, management_account_id, units, selected, accounts}."""
        excluded = set(self._texts("exclude_accounts"))
        if self.get_option("exclude_caller"):
            excluded.add(self._caller())
        super()._set_frozen_credentials()
        client = self.client("organizations", config=Config(retries=RETRIES))
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            organization = Organization(client, pool)
            roots = organization.roots()
            # arn:aws:organizations::<management account>:root/<organization>/<root>
            # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
            arn = roots[0]["Arn"].split(":")
            management_account_id, organization_id = arn[4], arn[5].split("/")[1]
            units = organization.units(roots)
            selected = self._select(units, organization_id)
            accounts = self._wanted(organization.accounts({key: units[key] for key in selected}), excluded)
            if self.get_option("tags"):
                for account, tags in zip(accounts, organization.tags([account["id"] for account in accounts])):
                    account["tags"] = tags
        return {
            "organization_id": organization_id,
            "management_account_id": management_account_id,
            "units": units,
            "selected": selected,
            "accounts": accounts,
        }

    def _select(self, units: Mapping[str, Mapping[str, Any]], organization_id: str) -> list[str]:
        try:
            selected = select_units(units, self._texts("organizational_units"))
        except ValueError as error:
            some = ", ".join(sorted("/".join(unit["path"]) for unit in units.values())[:KNOWN_UNITS])
            raise AnsibleError(
                f"organizational_units: {error}. The organization {organization_id} has {len(units) - 1} "
                f"organizational units and its root: {some}{', …' if len(units) > KNOWN_UNITS else ''}"
            ) from None
        return [key for key in units if key in selected]

    def _caller(self) -> str:
        """Return the account of the credentials, which no role was assumed with yet."""
        try:
            # Without a region there is an address only for some services. This one has the same answer in all of them.
            return str(self.client("sts", region=self.region or "us-east-1").get_caller_identity()["Account"])
        except AWS_ERRORS as error:
            raise AnsibleError(f"Could not find out whose credentials these are, for exclude_caller: {error}") from None

    def _wanted(self, accounts: list[dict[str, Any]], excluded: Container[str]) -> list[dict[str, Any]]:
        anyhow = self.get_option("include_suspended")
        return [one for one in accounts if one["id"] not in excluded and (anyhow or one["status"] == "ACTIVE")]

    def _populate(self, found: Mapping[str, Any]) -> None:
        units = found["units"]
        all_accounts = self.inventory.add_group(self._sanitize_group_name(self.get_option("group")))
        unit_groups = unit_group_names(units, taken=[all_accounts])
        for key in found["selected"]:
            # The unit's group, and those above it as far as they are not there yet.
            while key in unit_groups:
                self.inventory.add_group(unit_groups[key])
                parent_id = units[key]["parent_id"]
                if parent_id in unit_groups:
                    self.inventory.add_group(unit_groups[parent_id])
                    self.inventory.add_child(unit_groups[parent_id], unit_groups[key])
                key = parent_id
        taken = RESERVED_NAMES | {all_accounts, *unit_groups.values()}
        names = host_names(found["accounts"], self.get_option("hostname"), taken)
        for account in found["accounts"]:
            name = names[account["id"]]
            self.inventory.add_host(name, group=all_accounts)
            if account["unit_id"] in unit_groups:
                self.inventory.add_host(name, group=unit_groups[account["unit_id"]])
            self._set_variables(name, account_variables(account, found))

    def _set_variables(self, host: str, variables: dict[str, Any]) -> None:
        if self.get_option("local_connection"):
            self.inventory.set_variable(host, "ansible_connection", "local")
            self.inventory.set_variable(host, "ansible_python_interpreter", template("{{ ansible_playbook_python }}"))
        for key, value in variables.items():
            self.inventory.set_variable(host, key, value)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, host, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)
