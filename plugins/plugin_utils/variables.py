# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""The variables of roles and playbooks: which there are, what a misspelt one was meant for, which sets an option."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from ..module_utils._model.invalid_input import InvalidInput
from ..module_utils._model.suggestions import nearest

#: what users set, by the prefix of its role or playbook; a test compares it with what roles and playbooks document
SETTINGS: Mapping[str, frozenset[str]] = {
    prefix: frozenset(names.split())
    for prefix, names in {
        "wa_share_": """
            resources shared_with principals permission_type purge renew allowed_principals max_removals concurrency
            wait wait_timeout accounts regions approved_plan plan_path result_path role_arn external_id
        """,
        "wa_accept_": "shared_by resource_types name role_arn external_id accounts wait_timeout regions",
        "wa_share_report_": """
            path csv_path json_path mode title owner workload lens template wa_profile status shared_with resources
            places allowed_principals organization principals pending_days declared previous_json_path concurrency
            accounts regions
        """,
        "onboard_": "joined account_ids role_name wait_timeout",
        "collect_": "created resources permission_type regions also_with wait_timeout",
        "offboard_": "accounts regions report_path",
        "audit_": "undeclared ignore fail_on_drift report_path",
    }.items()
}
#: what roles and playbooks set themselves, and what they are called
OWN = frozenset(
    name
    for names in (
        """
        wa_share__accounts wa_share__principals wa_share_result wa_share_changed wa_share_summary wa_share_info
        wa_share_invitation wa_share_invitation_info wa_share_report
        """,
        """
        wa_share_report_result wa_share_report__accounts wa_share_report__declared wa_share_report__listed
        wa_share_report__named_accounts wa_share_report__owner wa_share_report__read
        """,
        "wa_accept_result wa_accept__by_role",
        """
        onboard_account_asked onboard_accounts_asked onboard_answers onboard_caller onboard_changed
        onboard_failed onboard_failure onboard_inventory onboard_patience onboard_result onboard_role_asked
        onboard_sliced onboard_told
        collect_accepted collect_answers collect_caller collect_counts collect_done collect_failed collect_failure
        collect_hub collect_inventory collect_missed collect_owners collect_partners collect_patience collect_places
        collect_said collect_shared
        offboard_done offboard_failure offboard_inventory offboard_places offboard_removed
        wa_share_plan wa_share_plan_checksum
        """,
        """
        collect_hosts collect_hosts_of_events collect_ids collect_wanted collect_unknown
        onboard_hosts onboard_hosts_of_events onboard_ids onboard_unknown
        """,
    )
    for name in names.split()
)
_PREFIXES = tuple(sorted(SETTINGS, key=len, reverse=True))
KNOWN = frozenset(prefix + name for prefix, names in SETTINGS.items() for name in names)
_VERY_NEARLY = 0.85  # the same of a prefix that begins many a name of users' own
_NEARLY = 0.7  # how much alike two names must be, without their prefix, for one to be meant for the other

#: the variable of a role that sets an option, where it has another name
_RENAMED = {
    ("wa_share", "purge_shares"): "wa_share_purge",
    ("wa_accept", "resource_type"): "wa_accept_resource_types",
    ("collect", "shared_with"): "collect_also_with",
    ("offboard", "shared_with"): "offboard_accounts",
    **{
        ("offboard", option): f"wa_share_{option}"
        for option in ("principals", "max_removals", "approved_plan", "concurrency", "wait_timeout")
    },
    ("collect", "purge_shares"): "wa_share_purge",
    **{
        ("collect", option): f"wa_share_{option}"
        for option in ("renew", "principals", "allowed_principals", "max_removals", "concurrency", "wait_timeout")
    },
    **{
        ("audit", option): f"wa_share_{option}"
        for option in (
            "resources",
            "shared_with",
            "principals",
            "permission_type",
            "concurrency",
            "accounts",
            "regions",
        )
    },
}
#: what others call a guard rail: one that is called so would be none
_OTHER_WORDS = {
    "allow": "allowed_principals",
    "allowed": "allowed_principals",
    "allowed_accounts": "allowed_principals",
    "allowlist": "allowed_principals",
    "max_deletions": "max_removals",
    "max_deletes": "max_removals",
}
#: an entry of an option
_ENTRY = re.compile(r"\b(\w+)\[\d+\]")
#: these begin many a name of users' own
_COMMON_PREFIXES = ("onboard_", "collect_", "offboard_", "audit_")


def misspelt(variables: Iterable[str]) -> dict[str, str]:
    """Why variables are refused that are none, but nearly one, by name. A guard rail that is misspelt is none.

    ``variables``: the names of all that a host has, however many. What is near to none is the user's own.
    """
    candidates = (name for name in variables if isinstance(name, str) and name.startswith(_PREFIXES))
    return {name: _refusal(meant) for name in candidates if (meant := _meant_by(name))}


def role_of(task: Any) -> str:
    """The role of this collection that the task is in; empty where it is in none."""
    role = getattr(task, "_role", None)
    name = str(role.get_name()) if role is not None else ""
    collection, _dot, short = name.rpartition(".")
    return short if collection == "wellarchitected.sharing" else ""


def in_words_of_the_user(
    task: Any, refused: InvalidInput, variables: Mapping[str, Any], missing: Collection[str] = (), playbook: str = ""
) -> InvalidInput:
    """The same with the variables that set the options, where the task is in a role or playbook of this collection.

    ``variables``: those of the host. ``missing``: options that the role was not given. ``playbook``: which it is in.
    """
    role = role_of(task) or playbook
    options = {*task.args, *missing}
    return InvalidInput(_in_variables(role, options, fault, variables) for fault in refused.faults) if role else refused


def _in_variables(role: str, options: Collection[str], fault: str, variables: Mapping[str, Any]) -> str:
    """A fault that begins with the place of an option, with the variables that set it, and the entries it names."""
    place, colon, why = fault.partition(": ")
    if not colon or re.split(r"[\[.]", place)[0] not in options:
        return fault
    told = _ENTRY.sub(lambda found: setting(role, found[0], variables) if found[1] in options else found[0], why)
    return f"{setting(role, place, variables)}: {told}"


def setting(role: str, option: str, variables: Mapping[str, Any]) -> str:
    """The variable of the role that sets a place: ``max_removals``, or ``resources[3].lens``, of the module's options.

    ``variables``: those of the host.
    """
    if role == "wa_accept" and option.startswith("accounts") and variables.get("wa_accept_accounts") in (None, ""):
        return "wa_accept_role_arn"
    name = re.split(r"[\[.]", option)[0]
    return _RENAMED.get((role, name), f"{role}_{name}") + option[len(name) :]


def _meant_by(name: str) -> list[str]:
    """The variables that ``name`` is nearly, the nearest first; none where it is one itself, or near to none."""
    if name in KNOWN or name in OWN:
        return []
    prefix = next(prefix for prefix in _PREFIXES if name.startswith(prefix))
    word = name[len(prefix) :]
    siblings = [known[len(prefix) :] for known in KNOWN if known.startswith(prefix)]
    if prefix in _COMMON_PREFIXES:
        near = [prefix + sibling for sibling in get_close_matches(word, sorted(siblings), 1, _VERY_NEARLY)]
        # A guard rail of the role is none by another name; a word such as name or path says nothing.
        return near or [known for known in sorted(KNOWN) if known == f"wa_share_{word}" and "_" in word]
    renamed = [variable for (role, option), variable in _RENAMED.items() if f"{role}_{option}" == name]
    if prefix == "wa_share_" and word in _OTHER_WORDS:
        renamed = [prefix + _OTHER_WORDS[word]]
    near = renamed or [prefix + sibling for sibling in nearest(word, sorted(siblings), _NEARLY)]
    # The variable of another role of this playbook.
    return near or sorted(known for known in KNOWN if known in (f"wa_share_{word}", f"wa_accept_{word}"))


def _refusal(meant: Iterable[str]) -> str:
    return f"there is no such variable (did you mean {' or '.join(meant)}?). Rename it if it is your own"
