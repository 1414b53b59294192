# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the modules share: scenes at the local endpoint, and short ways to read results."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from ansible.module_utils import basic
from ansible_collections.wellarchitected.sharing.tests.emulator import testing
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import PASSED, Emulator

from .names import REGION

try:
    from ansible.module_utils.testing import patch_module_args
except ImportError:  # ansible-core 2.18

    @contextlib.contextmanager
    def patch_module_args(args: dict[str, Any]) -> Iterator[None]:
        text = json.dumps({"ANSIBLE_MODULE_ARGS": args}).encode()
        with mock.patch.object(basic, "_ANSIBLE_ARGS", text):
            yield


BOTH = (True, False)
#: what AWS's documentation leaves open, as settings of the endpoint: each question, and its answers
OPEN_QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "how organizations are listed": [{"list_organization_as": form} for form in ("given", "id", "arn")],
    "create where there is an inactive share": [{"create_conflicts_on_inactive": answer} for answer in BOTH],
    "update of an inactive share": [{"update_fails_on_inactive": answer} for answer in BOTH],
    "update of an accepted share": [{"update_makes_pending": answer} for answer in BOTH],
    "delete while associating": [
        {"delete_conflicts_while_associating": answer, "associating_lists": 3} for answer in BOTH
    ],
    "when a share shows": [{"shares_visible_after": 5}, {"shares_visible_after_lists": 2}],
    "the invitation's ID": [{"share_id_is_invitation_id": answer} for answer in BOTH],
    "quotas": [{"organization_shares_count": answer, "inactive_shares_count": answer} for answer in BOTH],
    "what conflicts after a delete": [{"conflicts_after_delete": 3}],
    "the size of pages": [{"max_results": {"*": 7, "ListLensShares": 7}}],
    "where organization sharing is set": [{"organization_sharing_is_regional": answer} for answer in BOTH],
    "the owner's own account": [{"own_account_fails": answer} for answer in BOTH],
}


def either_way(*questions: str) -> Any:
    """Runs a test with each answer to these questions, or to all of them; the test takes it as ``answer``."""
    answers = [answer for question in questions or OPEN_QUESTIONS for answer in OPEN_QUESTIONS[question]]
    ids = ["-".join(f"{name}={value}" for name, value in answer.items()) for answer in answers]
    return pytest.mark.parametrize("answer", answers, ids=ids)


@dataclass(frozen=True)
class Kind:
    name: str
    option: str
    #: the word in ``Create…Share`` and its sisters
    stem: str
    #: the parameter that names the resource in them
    identifier: str
    list_operation: str
    #: the word of messages
    label: str
    permissions: tuple[str | None, ...] = (None,)

    @property
    def module(self) -> str:
        return f"wa_{self.name}_share"


WORKLOAD = Kind(
    "workload", "workload", "Workload", "WorkloadId", "ListWorkloads", "workload", ("READONLY", "CONTRIBUTOR")
)
LENS = Kind("lens", "lens", "Lens", "LensAlias", "ListLenses", "lens")
TEMPLATE = Kind("template", "template", "Template", "TemplateArn", "ListReviewTemplates", "review template")
PROFILE = Kind("profile", "wa_profile", "Profile", "ProfileArn", "ListProfiles", "profile")
KINDS = {kind.name: kind for kind in (WORKLOAD, LENS, TEMPLATE, PROFILE)}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def accounts(count: int, first: int = 200000000000) -> list[str]:
    return [f"{first + number:012d}" for number in range(count)]


class Result(dict[str, Any]):
    """What a module returned, with ``failed`` and the texts of its ``warnings``."""

    @property
    def actions(self) -> dict[str, str]:
        """Of a module for one resource: what was done for each principal."""
        return actions(self["shares"])

    @property
    def by_name(self) -> dict[str, dict[str, str]]:
        """Of wa_shares: the same for each resource, by its name or ID."""
        return {row["resource"]["name"] or row["resource"]["id"]: actions(row["shares"]) for row in self["resources"]}

    @property
    def counts(self) -> dict[str, int]:
        """The counts of the summary that are not 0."""
        return {name: count for name, count in self["summary"].items() if count}

    def prediction(self) -> dict[str, Any]:
        """What check mode must say as the run does: all but what only the service can know."""
        known = {name: self.get(name) for name in ("changed", "failed", "diff", "summary", "warnings")}
        if "resources" in self:
            planned = {name: self.get(name) for name in ("plan", "plan_sha256")}
            return {**known, **planned, "resources": [_predictable(row) for row in self["resources"]]}
        return {**known, **_predictable(self)}

    def lacks(self, *words: str) -> list[str]:
        """Which of these words are missing from the message, which pytest then shows."""
        missing = [word for word in words if word not in self["msg"]]
        if missing:
            print(self["msg"])
        return missing


def actions(shares: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    shares = list(shares)
    found = {share["shared_with"]: share["action"] for share in shares}
    assert len(found) == len(shares), f"a principal stands twice in {shares}"
    return found


def _predictable(row: Mapping[str, Any]) -> dict[str, Any]:
    sent = ("created", "renewed")
    return {
        "resource": row["resource"],
        "changed": row["changed"],
        "shares": [
            {**share, "share_id": None, "status": None} if share["action"] in sent else share for share in row["shares"]
        ],
    }


@dataclass(frozen=True)
class Scenery:
    """A resource that was made for a test; ``shares`` has the ShareId of each principal."""

    kind: Kind
    id: str
    arn: str
    name: str
    shares: dict[str, str] = field(default_factory=dict)

    @property
    def identifier(self) -> str:
        """What share requests name it by."""
        return self.id if self.kind.name == "workload" else self.arn


class Scene:
    """Makes what a test needs at the local endpoint, and looks at what became of it."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def make(
        self,
        kind: Kind = WORKLOAD,
        name: str = "Payments",
        shares: Sequence[str] | Mapping[str, str | tuple[str, str]] = (),
        permission: str = "READONLY",
        **where: str,
    ) -> Scenery:
        """A resource that is shared: ``shares`` are principals, or statuses by principal, or (status, permission)."""
        made = getattr(self.emulator, f"create_{kind.name}")(name, **where)
        resource = Scenery(kind, made["id"].rpartition("/")[2], made["arn"], name)
        wanted = shares if isinstance(shares, Mapping) else dict.fromkeys(shares)
        for principal, given in wanted.items():
            status, given_permission = given if isinstance(given, tuple) else (given, permission)
            resource.shares[principal] = self.share(resource, principal, given_permission, **where)
            if status:
                self.emulator.force(resource.shares[principal], status)
        return resource

    def share(self, resource: Scenery, principal: str, permission: str = "READONLY", **where: str) -> str:
        """Shares a resource by other hands than the module's; returns the ShareId."""
        more = {"PermissionType": permission} if resource.kind.name == "workload" else {}
        create = getattr(self.emulator.client(**where), f"create_{resource.kind.name}_share")
        return create(**{resource.kind.identifier: resource.identifier, "SharedWith": principal}, **more)["ShareId"]

    def enable_organization_sharing(self) -> None:
        self.emulator.client().update_global_settings(OrganizationSharingStatus="ENABLED")

    def make_member(self) -> str:
        """An account of the owner's organization, which is made for it."""
        organizations = self.emulator.client("organizations")
        organizations.create_organization(FeatureSet="ALL")
        made = organizations.create_account(AccountName="Member", Email="member@example.com")
        return str(made["CreateAccountStatus"]["AccountId"])

    def rows(self, resource: Scenery | None = None) -> list[dict[str, Any]]:
        """The endpoint's shares, of one resource if given."""
        return [row for row in self.emulator.shares() if resource is None or row["resource_arn"] == resource.arn]

    def shares(self, resource: Scenery) -> dict[str, str]:
        """The status of each principal's share; fails where one has two."""
        rows = self.rows(resource)
        found = {row["shared_with"]: row["status"] for row in rows}
        assert len(found) == len(rows), f"a principal has two shares in {rows}"
        return found

    def permissions(self, resource: Scenery) -> dict[str, str | None]:
        return {row["shared_with"]: row["permission_type"] for row in self.rows(resource)}

    def watch(self) -> None:
        """Forgets the calls so far, which were the scene's."""
        self.emulator.clear_record()

    def changes(self) -> dict[str, int]:
        """The calls that change something, since ``watch``."""
        return dict(
            Counter(call["operation"] for call in self.emulator.record() if not call["operation"].startswith("List"))
        )

    def nothing_changed(self) -> bool:
        return not self.changes()

    def answer(self, operation: str, body: Any, **more: Any) -> None:
        """From now on an operation answers 200 with this body (any JSON), whatever was asked."""
        self.emulator.fault("answer", operation=operation, body=body, **more)


class Exit(BaseException):
    """A module's end. No ``except Exception`` may catch it, as none catches the real one."""

    def __init__(self, result: dict[str, Any], failed: bool) -> None:
        super().__init__(result)
        self.result = {**json.loads(json.dumps(result)), "failed": failed}


def module_process(url: str, name: str, **options: Any) -> subprocess.Popen[str]:
    """A module in a process of its own, as Ansible runs it: for what is killed, or must end by itself."""
    collections = Path(testing.__file__).parents[5]
    arguments = {
        "region": REGION,
        "endpoint_url": url,
        "access_key": PASSED["aws_access_key_id"],
        "secret_key": PASSED["aws_secret_access_key"],
        "_ansible_remote_tmp": "/tmp",
        "_ansible_keep_remote_files": False,
        **options,
    }
    code = (
        "import importlib, sys\n"
        "from ansible.module_utils import basic\n"
        "from ansible.plugins.loader import init_plugin_loader\n"
        f"init_plugin_loader([{str(collections)!r}])\n"
        f"module = importlib.import_module('ansible_collections.wellarchitected.sharing.plugins.modules.{name}')\n"
        "basic._ANSIBLE_ARGS = sys.argv[1].encode()\n"
        "basic._ANSIBLE_PROFILE = 'legacy'\n"
        "module.main()\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, json.dumps({"ANSIBLE_MODULE_ARGS": arguments})],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def account(account_id: str, **more: str) -> dict[str, str]:
    """An item of the options ``accounts`` and ``accept_in``, with a role to assume."""
    return {"account_id": account_id, "role_arn": f"arn:aws:iam::{account_id}:role/WellArchitected", **more}


def keys(scene: Scene, owner: str) -> dict[str, str]:
    """The options that run a module as another account."""
    found = scene.emulator.credentials(owner)
    return {
        "access_key": found["aws_access_key_id"],
        "secret_key": found["aws_secret_access_key"],
        "session_token": found["aws_session_token"],
    }


def errors(result: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """What failed as a whole, by account and Region."""
    return {(row["account_id"], row["region"]): row["error"] for row in result["places"] if row.get("error")}


def skipped(result: Mapping[str, Any]) -> dict[str, str]:
    """Why Regions were skipped."""
    return {row["region"]: row["skipped"] for row in result["places"] if row.get("skipped")}


def entry(resource: Scenery, *shared_with: Any, **more: Any) -> dict[str, Any]:
    """An entry of wa_shares that names the resource."""
    return {resource.kind.option: resource.name, "shared_with": list(shared_with), **more}
