# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: organization_accounts
short_description: The accounts of an AWS organization as hosts
version_added: 1.0.0
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
description:
  - Lists the active accounts of an AWS organization, or of some of its organizational units (OUs), as hosts. The name
    of its file must end in C(organization_accounts.yml) or C(organization_accounts.yaml).
  - Every host has the variables C(aws_account_id), C(aws_account_name), C(aws_account_email), C(aws_account_arn),
    C(aws_account_status), C(aws_organization_id), C(aws_ou_id), C(aws_ou_path) (such as C(Root/Workloads/Prod)) and
    C(aws_management_account) (whether it is the organization's management account), and with O(tags=true) the
    dictionary C(aws_account_tags). The parent of an account that is in no OU is the root, whose ID begins with C(r-).
  - Every host is in the group O(group). Every OU is a group, named for its path, such as C(ou_workloads_prod) for
    C(Root/Workloads/Prod), and a child of its parent OU's group. The IDs of OUs follow names that would be the same.
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [wellarchitected.sharing.organization_accounts]
  organizational_units:
    description:
      - The OUs whose accounts to list, each with all OUs below it. The default is the whole organization.
      - Each is an ID, such as V(ou-ab12-cdefghij), an ARN, or a path, such as V(Workloads/Prod).
    type: list
    elements: str
    default: []
  exclude_accounts:
    description: The IDs of accounts to leave out, in quotes. YAML reads an ID that begins with V(0) as another number.
    type: list
    elements: str
    default: []
  exclude_caller:
    description:
      - Whether to leave out the calling account, such as a reviews account that collects from all others.
      - With O(assume_role_arn), this is the account that assumes the role, not the account of the role.
    type: bool
    default: false
  include_suspended:
    description:
      - Whether to also list accounts that are not active, such as V(SUSPENDED), V(PENDING_CLOSURE) or V(CLOSED).
        AWS lists a closed account for 90 days.
    type: bool
    default: false
  tags:
    description: Whether to get the tags of each account, with one call per account at a low rate. Consider O(cache).
    type: bool
    default: false
  hostname:
    description:
      - The kind of host names.
      - With V(name), a host is named after its account, with C(-) in place of what a host name cannot have. The ID
        follows a name that several accounts have, or that is also the name of a group or V(localhost).
      - With V(id), a host is named by its account's ID. Use this beside inventories that may have the same host names.
    type: str
    choices: [name, id]
    default: name
  group:
    description: The name of the group of all accounts.
    type: str
    default: accounts
  local_connection:
    description:
      - Whether to set C(ansible_connection) to V(local) and C(ansible_python_interpreter) to
        C({{ ansible_playbook_python }}) for each host, so that tasks run on the control node, with its Python.
    type: bool
    default: true
notes:
  - Use credentials of the organization's management account or of a delegated administrator. They need the IAM
    actions C(organizations:ListRoots), C(organizations:ListOrganizationalUnitsForParent) and
    C(organizations:ListAccountsForParent), and for O(tags=true) C(organizations:ListTagsForResource).
  - Like all of amazon.aws, this plugin refuses O(profile) beside access keys, in the file or in the environment
    (C(AWS_ACCESS_KEY_ID)). Unset the keys, or leave O(profile) out.
  - By default, Ansible only warns about an inventory that it cannot read, and continues without its hosts. Set
    C(any_unparsed_is_failed=true) in the section C([inventory]) of C(ansible.cfg) to make that an error.
  - With O(cache), changes to the organization show only after O(cache_timeout). Until then, an account that left is
    still a host, and is still shared with, and a new account is missing. Run with C(--flush-cache) where the current
    accounts matter, as in offboarding and audits. The cache includes names and e-mail addresses. It is only used for
    the same calling account, organization and options, which takes the calls GetCallerIdentity and ListRoots.
seealso:
  - module: wellarchitected.sharing.wa_shares
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
# Each example is a file whose name ends in organization_accounts.yml. Try it with
# ansible-inventory -i organization_accounts.yml --graph

# All active accounts of the organization that the credentials in the environment belong to.
plugin: wellarchitected.sharing.organization_accounts

---
# The accounts to onboard, with the role that accepts what is shared with each of them.
# With a profile, the environment must have no access keys (AWS_ACCESS_KEY_ID).
plugin: wellarchitected.sharing.organization_accounts
profile: management
organizational_units: [Workloads, ou-ab12-cdefghij]
exclude_accounts: ["012345670123"]
compose:
  wa_accept_role_arn: "'arn:aws:iam::' ~ aws_account_id ~ ':role/WellArchitectedAccept'"

---
# From another account. Groups by tag, such as environment_production, and a cache for an hour.
plugin: wellarchitected.sharing.organization_accounts
assume_role_arn: arn:aws:iam::111122223333:role/ListAccounts
exclude_caller: true
tags: true
keyed_groups:
  - key: aws_account_tags.Environment | default("none") | lower
    prefix: environment
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ansible-inventory
cache_timeout: 3600
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

try:
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # require_aws_sdk() reports that botocore is missing before any of this is used.

from ansible.errors import AnsibleError
from ansible.inventory.group import to_safe_group_name
from ansible.plugins.inventory import BaseInventoryPlugin
from ansible_collections.amazon.aws.plugins.plugin_utils.inventory import AWSInventoryBase

from ..module_utils._errors import InvalidInput, ServiceError, UnreadableResponse, raise_if_any
from ..module_utils._names import escape_controls, suggestion, summarize_names
from ..module_utils._principals import parse_account_id
from ..module_utils._session import CredentialsError, open_session

try:  # Since ansible-core 2.19, only what is trusted can be a template. Before, only what is wrapped cannot.
    from ansible.template import trust_as_template as trust

    protect = str
except ImportError:
    from ansible.utils.unsafe_proxy import wrap_var as protect  # type: ignore[no-redef]

    trust = str

CONCURRENCY = 8  # calls at once
# The limits of AWS Organizations are low, and shared by the whole organization: botocore slows down as it is throttled.
RETRIES = {"mode": "adaptive", "total_max_attempts": 10}
KEYS = {"aws_access_key_id": "access_key", "aws_secret_access_key": "secret_key", "aws_session_token": "session_token"}
RESERVED_NAMES = ("all", "ungrouped", "localhost", "127.0.0.1")  # These have another meaning to Ansible.


def find_units(units: Mapping[str, Mapping[str, Any]], wanted: Iterable[str]) -> set[str]:
    """Return the IDs of the wanted units and of all units below them; of all units if none is wanted.

    units: {ID: {"path": "Root/Workloads", "parent_id": ID or None}}, parents before children. The root is one.
    wanted: IDs, ARNs, or paths with or without the root's name. Raises InvalidInput.
    """
    chosen: set[str] = set()
    errors = []
    paths = {key: unit["path"] for key, unit in units.items()}
    short_paths = {key: path.partition("/")[2] for key, path in paths.items()}
    for position, text in enumerate(wanted):
        key, path = text.rpartition("/")[2] if text.startswith("arn:") else text, text.strip("/")
        found = [key] if key in units else [one for one in units if paths[one] == path]
        found = found or [one for one in units if short_paths[one] == path != ""]
        chosen.update(found)
        if len(found) > 1:
            errors.append(f"organizational_units[{position}]: {text!r} has several IDs. Enter one: {', '.join(found)}.")
        elif not found:
            near = suggestion(path, [*short_paths.values(), *paths.values()])
            advice = f"Enter the ID or path of one of these: {summarize_names(sorted(paths.values()), limit=20)}."
            errors.append(f"organizational_units[{position}]: {text!r} is not an organizational unit{near}. {advice}")
    raise_if_any(errors)
    chosen = chosen or set(units)
    for key, unit in units.items():
        if unit["parent_id"] in chosen:
            chosen.add(key)
    return chosen


def make_names(texts: Mapping[str, str], unwanted: str, separator: str, taken: Iterable[str]) -> dict[str, str]:
    """Return {ID: name}: the text with the separator for all that is unwanted (a regular expression).

    The ID follows each name that others have too or that is taken, and replaces an empty one.
    """
    ids = {key: key.replace("-", separator) for key in texts}
    names = {key: re.sub(unwanted, separator, text).strip("-_.") for key, text in texts.items()}
    count = Counter([*names.values(), *taken, ""])
    names = {key: name if count[name] == 1 else f"{name}{separator}{ids[key]}" for key, name in names.items()}
    count = Counter(names.values())
    return {key: (name if count[name] == 1 else ids[key]).strip(separator) for key, name in names.items()}


def to_variable(value: Any) -> Any:
    """Return the value as a host variable in which no string is ever evaluated as a template.

    What cannot be a template is trusted, since ansible-inventory shows other strings as {"__ansible_unsafe": ...}.
    """
    if isinstance(value, Mapping):
        return {key: to_variable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_variable(item) for item in value]
    if isinstance(value, str):
        return protect(value) if "{" in value or value.startswith("#jinja2:") else trust(value)
    return value


def call(client: Any, method: str, member: str, **parameters: str) -> list[Any]:
    """Call a method of a client and return this member of each page of the response. Raises ServiceError."""
    operation = client.meta.method_to_api_mapping[method]
    try:
        if client.can_paginate(method):
            pages = client.get_paginator(method).paginate(**parameters)
        else:
            pages = [getattr(client, method)(**parameters)]
        members = [page.get(member) for page in pages]
        if None in members:
            raise UnreadableResponse(why=f"it has no {member}")
    except (BotoCoreError, ClientError) as cause:
        error = ServiceError(" for ".join([f"call {operation}", *parameters.values()][:2]), cause, operation)
        if operation == "AssumeRole" and error.is_denied:
            error.advice = "The role must exist and trust the credentials, which need sts:AssumeRole on it"
        elif error.code == "AWSOrganizationsNotInUseException" or (error.is_denied and not error.is_denied_by_scp):
            needed = "credentials of the organization's management account or of a delegated administrator"
            error.advice = f"This needs the IAM action organizations:{operation}, and {needed}"
        raise error from cause
    return members


def list_each(client: Any, method: str, member: str, ids: Iterable[str], parameter: str) -> list[tuple[str, Any]]:
    """Return the items of all pages of a list method for each ID, which is this parameter of it: (ID, item)."""

    def list_one(key: str) -> list[tuple[str, Any]]:
        return [(key, item) for page in call(client, method, member, **{parameter: key}) for item in page]

    with ThreadPoolExecutor(CONCURRENCY) as pool:
        return [pair for pairs in pool.map(list_one, ids) for pair in pairs]


class InventoryModule(AWSInventoryBase):
    NAME = "wellarchitected.sharing.organization_accounts"
    INVENTORY_FILE_SUFFIXES = ("organization_accounts.yml", "organization_accounts.yaml")

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add the accounts to the inventory, from the cache if it has them. Raises AnsibleError."""
        # AWSInventoryBase.parse() would assume the role too, with a session name of more than AWS's 64 characters.
        BaseInventoryPlugin.parse(self, inventory, loader, path)
        self.require_aws_sdk()
        self._read_config_data(path)
        try:
            self._populate(self._load(path, cache))
        except (InvalidInput, CredentialsError, ServiceError) as error:
            raise AnsibleError(escape_controls(str(error).replace("\n", " "))) from None

    def _load(self, path: str, cache: bool) -> dict[str, Any]:
        """Return what to show: {scope, units, accounts: host variables of each}."""
        try:
            excluded = [parse_account_id(account) for account in self.get_option("exclude_accounts") or []]
        except ValueError as error:
            raise InvalidInput([f"exclude_accounts: {error}"]) from None
        keys = self._get_keys()
        caller = None
        if self.get_option("cache") or self.get_option("exclude_caller"):
            (caller,) = call(self._client("sts", keys), "get_caller_identity", "Account")
        if self.get_option("exclude_caller"):
            excluded.append(str(caller))
        client = self._client("organizations", self._assume_role(keys))
        (roots,) = call(client, "list_roots", "Roots")
        options = [self.get_option(name) for name in ("organizational_units", "include_suspended", "tags")]
        scope = json.dumps([caller, [root["Arn"] for root in roots], options, excluded])
        was_cached, found = self.get_cached_result(path, cache)
        if not was_cached or found["scope"] != scope:
            found = {"scope": scope, **self._list(client, roots, excluded)}
            self.update_cached_result(path, False, found)
        return found

    def _client(self, service: str, keys: Mapping[str, Any]) -> Any:
        # Without a Region only some services have an endpoint. These answer alike in all Regions of a partition.
        return self.client(service, region=self.region or "us-east-1", config=Config(retries=RETRIES), **keys)

    def _get_keys(self) -> dict[str, Any]:
        """Return the keys of the credentials, as a client takes them. A profile's MFA code is asked for here, once."""
        profile = self.get_option("profile") or None
        given = {argument: self.get_option(option) or None for argument, option in KEYS.items()}
        if profile and any(given.values()):
            reason = "is set beside access keys, in the file or in the environment (AWS_ACCESS_KEY_ID)"
            raise InvalidInput([f"profile: {profile!r} {reason}. Unset either the profile or the keys."])
        keys = open_session(profile_name=profile, **given).get_credentials().get_frozen_credentials()
        return dict(zip(KEYS, (keys.access_key, keys.secret_key, keys.token)))

    def _assume_role(self, keys: dict[str, Any]) -> dict[str, Any]:
        """Return the keys of the role in assume_role_arn, or else the same keys."""
        names = {"RoleArn": self.get_option("assume_role_arn"), "RoleSessionName": "wellarchitected.sharing"}
        if not names["RoleArn"]:
            return keys
        (assumed,) = call(self._client("sts", keys), "assume_role", "Credentials", **names)
        return dict(zip(KEYS, (assumed["AccessKeyId"], assumed["SecretAccessKey"], assumed["SessionToken"])))

    def _list(self, client: Any, roots: list[dict[str, Any]], excluded: list[str]) -> dict[str, Any]:
        """List what the options ask for: {units, accounts: host variables of each}."""
        units: dict[str, dict[str, Any]] = {}
        level: dict[str, dict[str, Any]] = {root["Id"]: {"path": root["Name"], "parent_id": None} for root in roots}
        while level:
            units.update(level)
            listed = list_each(client, "list_organizational_units_for_parent", "OrganizationalUnits", level, "ParentId")
            level = {
                unit["Id"]: {"path": f"{units[parent_id]['path']}/{unit['Name']}", "parent_id": parent_id}
                for parent_id, unit in listed
            }
        chosen = find_units(units, map(str, self.get_option("organizational_units") or []))
        accounts: dict[str, dict[str, Any]] = {}  # By ID: one that moves meanwhile may be listed in two units.
        for unit_id, account in list_each(client, "list_accounts_for_parent", "Accounts", [*chosen], "ParentId"):
            # State replaces Status, which AWS retires in September 2026 (botocore's service model).
            status = account.get("State") or account.get("Status", "")
            if account["Id"] in excluded or not (status == "ACTIVE" or self.get_option("include_suspended")):
                continue
            # arn:aws:organizations::<management account>:account/<organization>/<account>
            management_account, resource = account["Arn"].split(":")[4:]
            accounts[account["Id"]] = {
                **{f"aws_account_{name.lower()}": account.get(name, "") for name in ("Id", "Name", "Email", "Arn")},
                "aws_account_status": status,
                "aws_organization_id": resource.split("/")[1],
                "aws_ou_id": unit_id,
                "aws_ou_path": units[unit_id]["path"],
                "aws_management_account": account["Id"] == management_account,
                **({"aws_account_tags": {}} if self.get_option("tags") else {}),
            }
        if self.get_option("tags"):
            for key, tag in list_each(client, "list_tags_for_resource", "Tags", accounts, "ResourceId"):
                accounts[key]["aws_account_tags"][tag["Key"]] = tag["Value"]
        for key in reversed(units):
            chosen |= {units[key]["parent_id"]} if key in chosen else set()
        return {"units": {key: units[key] for key in units if key in chosen}, "accounts": list(accounts.values())}

    def _populate(self, found: Mapping[str, Any]) -> None:
        parents = {key: unit["parent_id"] for key, unit in found["units"].items() if unit["parent_id"]}
        paths = {key: f"ou/{found['units'][key]['path'].partition('/')[2]}".lower() for key in parents}
        group = self.inventory.add_group(to_safe_group_name(self.get_option("group")))
        groups = make_names(paths, "[^a-z0-9]+", "_", [group, "ou"])
        for name in groups.values():
            self.inventory.add_group(name)
        for key in groups:
            if parents[key] in groups:
                self.inventory.add_child(groups[parents[key]], groups[key])
        names = {account["aws_account_id"]: account["aws_account_name"] for account in found["accounts"]}
        hosts = make_names(names, "[^A-Za-z0-9._-]+", "-", [*RESERVED_NAMES, group, *groups.values()])
        python, compose = trust("{{ ansible_playbook_python }}"), self.get_option("compose") or {}
        local = {"ansible_connection": trust("local"), "ansible_python_interpreter": python}
        local = local if self.get_option("local_connection") else {}
        for account in found["accounts"]:
            key, unit_id = account["aws_account_id"], account["aws_ou_id"]
            host = self.inventory.add_host(hosts[key] if self.get_option("hostname") == "name" else key, group=group)
            if unit_id in groups:
                self.inventory.add_host(host, group=groups[unit_id])
            variables, strict = to_variable(account), self.get_option("strict")
            for name, value in {**variables, **local}.items():
                self.inventory.set_variable(host, name, value)
            self._set_composite_vars(compose, variables, host, strict=strict)
            composed = self.inventory.get_host(host).vars
            for name in compose.keys() & composed.keys():
                self.inventory.set_variable(host, name, to_variable(composed[name]))
            self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)
