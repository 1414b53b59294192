# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""The options of the sharing modules, as argument specs. Their documentation is in plugins/doc_fragments."""

from __future__ import annotations

from typing import Any

from .._model.kinds import KINDS, Kind
from .._model.shares import DEAD_STATUSES, PERMISSIONS, RENEWED_BY_DEFAULT

Spec = dict[str, Any]


def _state() -> Spec:
    return {"type": "str", "choices": ["present", "absent"], "default": "present"}


def _purge(**default: Any) -> Spec:
    return {"type": "bool", "aliases": ["purge"], **default}


def _renew(**default: Any) -> Spec:
    return {"type": "list", "elements": "str", "choices": list(DEAD_STATUSES), **default}


def _permission_type(**default: Any) -> Spec:
    return {"type": "str", "choices": list(PERMISSIONS), **default}


def _waiting() -> dict[str, Spec]:
    return {"wait": {"type": "bool", "default": False}, "wait_timeout": {"type": "int", "default": 120}}


def principals() -> Spec:
    """The option that gives principals names."""
    return {"type": "dict"}


def _guard_rails() -> dict[str, Spec]:
    return {"allowed_principals": {"type": "list", "elements": "raw"}, "max_removals": {"type": "int"}}


def one_resource(kind: Kind) -> dict[str, Spec]:
    """The argument spec of the module that shares one resource of the kind."""
    return {
        kind.option: {"type": "str", "required": True},
        "shared_with": {"type": "list", "elements": "str", "required": True},
        **({"permission_type": _permission_type(default=PERMISSIONS[0])} if kind.has_permission else {}),
        "state": _state(),
        "purge_shares": _purge(default=False),
        "renew": _renew(default=list(RENEWED_BY_DEFAULT)),
        **_waiting(),
        "principals": principals(),
        **_guard_rails(),
    }


def entry() -> dict[str, Spec]:
    """What is declared of one resource, or of several by a name with wildcards."""
    return {
        **{kind.option: {"type": "str"} for kind in KINDS.values()},
        "exclude": {"type": "list", "elements": "str"},
        "shared_with": {"type": "list", "elements": "raw"},
        "permission_type": _permission_type(),
        "until": {"type": "str"},
        "reason": {"type": "str"},
        "tags": {"type": "dict"},
        "state": _state(),
        "account_wide": {"type": "bool", "default": False},
        "purge_shares": _purge(),
        "renew": _renew(),
        "accounts": {"type": "list", "elements": "str"},
        "regions": {"type": "list", "elements": "str"},
    }


def declared() -> dict[str, Spec]:
    """The options that declare what any number of resources are shared with."""
    return {
        "resources": {"type": "list", "elements": "dict", "required": True, "options": entry()},
        "shared_with": {"type": "list", "elements": "raw"},
        "principals": principals(),
        "permission_type": _permission_type(),
        "concurrency": {"type": "int", "default": 8},
        **places(),
    }


def many_resources() -> dict[str, Spec]:
    """The argument spec of wa_shares."""
    return {
        **declared(),
        "purge_shares": _purge(default=False),
        "renew": _renew(default=list(RENEWED_BY_DEFAULT)),
        **_waiting(),
        **_guard_rails(),
        "approved_plan": {"type": "list", "elements": "dict"},
    }


def invitation_conditions() -> dict[str, Spec]:
    """The options that say which invitations a task is about."""
    return {
        "shared_by": {"type": "list", "elements": "str"},
        "resource_type": {"type": "list", "elements": "str", "choices": list(KINDS)},
        "name": {"type": "str"},
        "share_invitation_ids": {"type": "list", "elements": "str"},
    }


def places() -> dict[str, Spec]:
    """The options that say where a task works."""
    account = {
        "account_id": {"type": "str", "required": True},
        "role_arn": {"type": "str"},
        "external_id": {"type": "str"},
        "name": {"type": "str"},
    }
    return {
        "accounts": {"type": "list", "elements": "dict", "options": account},
        "regions": {"type": "list", "elements": "str"},
    }
