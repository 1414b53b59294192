# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input is refused before the first change, in check mode too: each error has its path, its value, a way out."""

from __future__ import annotations

import contextlib
import importlib
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from ansible.module_utils import basic
from ansible.plugins.loader import fragment_loader
from ansible.utils.plugin_docs import get_docstring
from ansible_collections.wellarchitected.sharing.plugins import modules

from .names import ANA, BEN, CLEO, MODULES, OWNER, REGION
from .scenes import KINDS, WORKLOAD, Exit, Kind, Scene, account, entry, every_kind, patch_module_args

NOWHERE = "0123456789abcdef0123456789abcdef"
FILES = sorted(Path(next(iter(modules.__path__))).glob("wa_*.py"))


def arn(kind: str, resource_id: str = NOWHERE, region: str = REGION, account: str = OWNER) -> str:
    kind = {"template": "review-template"}.get(kind, kind)
    return f"arn:aws:wellarchitected:{region}:{account}:{kind}/{resource_id}"


def resource(option: str, text: Any, **more: Any) -> dict[str, Any]:
    return {option: text, "shared_with": [ANA], **more}


def shared(*principals: Any, **more: Any) -> dict[str, Any]:
    return {"workload": "Payments 000", "shared_with": list(principals), **more}


#: what it is: (the entries after a good one, words that the message must have)
Table = dict[str, tuple[list[Any], list[str]]]
RESOURCES: Table = {
    "a workload's ID": ([resource("workload", NOWHERE)], ["resources[1]", NOWHERE, "does not exist"]),
    **{
        f"a {kind.name}'s ARN": ([resource(kind.option, arn(kind.name))], ["resources[1]", NOWHERE, "does not exist"])
        for kind in KINDS.values()
    },
    **{
        f"a {kind.name}'s name": ([resource(kind.option, "Zz")], ["resources[1]", "'Zz'", "does not exist"])
        for kind in KINDS.values()
    },
    "a similar name": ([resource("workload", "Paymets 000")], ["'Paymets 000'", "'Payments 000'"]),
    "an ARN of another Region": ([resource("workload", arn("workload", region="eu-west-1"))], ["eu-west-1", REGION]),
    "an ARN of another account": ([resource("lens", arn("lens", account=CLEO))], [CLEO, "owner"]),
    "a profile of the Agent": (
        [resource("wa_profile", f"arn:aws:wellarchitected:{REGION}:{OWNER}:agent-profile/abc")],
        ["resources[1]", "agent-profile", "Agent"],
    ),
    "an official lens by its name": (
        [resource("lens", "AWS Well-Architected Framework")],
        ["AWS Well-Architected Framework", "official"],
    ),
    "an official lens by its alias": ([resource("lens", "serverless")], ["'serverless'", "official"]),
    "an official lens by the ARN of AWS's documentation": (
        [resource("lens", "arn:aws:wellarchitected:us-east-1::lens/serverless")],
        ["lens/serverless", "official"],
    ),
    "two templates of one name": (
        [resource("template", "Twin 000")],
        ["resources[1]", "'Twin 000'", "2", ":review-template/"],
    ),
    "two profiles of one name": ([resource("wa_profile", "Twin 000")], ["'Twin 000'", "2"]),
    "a lens that was never published": ([resource("lens", "Draft")], ["'Draft'", "publish"]),
}
SEVERAL: Table = {
    "several errors of the entries": (
        [shared("bob"), resource("lens", arn("workload")), shared(ANA, state="absent", purge_shares=True)],
        ["3", "resources[1]", "'bob'", "resources[2]", arn("workload"), "resources[3]", "absent"],
    ),
    "several names that do not exist": (
        [resource("workload", "Nothing"), resource("template", "Twin 000"), resource("lens", "serverless")],
        ["3", "resources[1]", "'Nothing'", "resources[2]", "'Twin 000'", "resources[3]", "'serverless'"],
    ),
    "several ARNs that do not exist": (
        [resource("lens", arn("lens")), resource("wa_profile", arn("profile"))],
        ["2", arn("lens"), arn("profile")],
    ),
    "a contradiction": ([shared(BEN), shared(BEN, state="absent")], ["resources[1]", "resources[2]", BEN]),
    "an unknown key": ([shared(ANA, permission="READONLY")], ["resources[1].permission", "permission_type"]),
    "the last of many entries": ([shared(ANA)] * 57 + [shared(ANA, permission_type="ADMIN")], ["resources[58]"]),
}
CASES = {**RESOURCES, **SEVERAL}


@pytest.fixture
def good(scene: Scene) -> dict[str, Any]:
    """An entry that would change something, beside all that the tables speak of."""
    scene.emulator.seed(lenses=1, prefix="Twin ")  # lenses cannot have the same name
    for _twin in range(2):
        scene.emulator.seed(templates=1, profiles=1, prefix="Twin ")
    scene.emulator.seed(workloads=1, prefix="Payments ")
    scene.emulator.create_lens("Draft", publish=False)
    good = scene.make(WORKLOAD, "Good", shares={BEN: "EXPIRED"})
    scene.watch()
    return entry(good, ANA, BEN, purge_shares=True)


@pytest.mark.parametrize(("entries", "words"), CASES.values(), ids=CASES)
def test_wa_shares_refuses(scene: Scene, run: Any, good: dict[str, Any], entries: list[Any], words: list[str]) -> None:
    results = [run("wa_shares", check_mode=mode, resources=[good, *entries]) for mode in (True, False)]
    for result in results:
        assert result["failed"]
        assert result.lacks(*words) == []
        assert not result.get("changed")
    assert results[0]["msg"] == results[1]["msg"]
    assert scene.nothing_changed()


#: (module, options, words) that Ansible or the collection refuses
REFUSED: tuple[tuple[str, dict[str, Any], list[str]], ...] = (
    ("wa_shares", {"null": ("resources",)}, ["resources"]),
    ("wa_shares", {}, ["resources"]),
    ("wa_shares", {"resources": ["Payments"], "shared_with": [ANA]}, ["resources"]),
    ("wa_shares", {"resources": [shared(ANA)], "max_removals": "two"}, ["max_removals", "two"]),
    ("wa_shares", {"resources": [shared(ANA)], "wait_timeout": "2m"}, ["wait_timeout", "2m"]),
    ("wa_shares", {"resources": [shared(ANA)], "max_removal": 0}, ["max_removal", "max_removals"]),
    ("wa_shares", {"resources": [shared(ANA)], "purge_shares": "ja"}, ["purge_shares", "ja"]),
    ("wa_shares", {"resources": [], "concurrency": 0}, ["concurrency", "0"]),
    ("wa_shares", {"resources": [], "max_removals": -1}, ["max_removals", "-1"]),
    ("wa_shares", {"resources": [], "wait_timeout": -1}, ["wait_timeout", "-1"]),
    ("wa_shares", {"resources": [], "accounts": []}, ["accounts", "empty"]),
    ("wa_shares", {"resources": [], "regions": []}, ["regions", "empty"]),
    ("wa_shares", {"resources": [], "regions": ["Frankfurt"]}, ["regions[0]", "'Frankfurt'"]),
    ("wa_shares", {"resources": [], "regions": ["us-east-1", "cn-north-1"]}, ["regions", "cn-north-1"]),
    (
        "wa_shares",
        {"resources": [], "accounts": [account(ANA), account(ANA, external_id="x")]},
        ["accounts[1]", ANA],
    ),
    (
        "wa_shares",
        {"resources": [resource("workload", "*")], "accounts": [{"account_id": ANA}]},
        [ANA, OWNER, "role_arn"],
    ),
    (
        "wa_workload_share",
        {"workload": "Payments", "shared_with": [{"principal": ANA, "permission_type": "READONLY"}]},
        ["shared_with"],
    ),
    ("wa_workload_share", {"workload": "Payments", "null": ("shared_with",)}, ["shared_with"]),
    ("wa_workload_share", {"workload": "Payments", "shared_with": [ANA], "state": "shared"}, ["state", "shared"]),
    ("wa_workload_share", {"workload": "Payments", "shared_with": [ANA], "wait_timeout": -1}, ["wait_timeout", "-1"]),
    ("wa_workload_share", {"workload": "Payments", "shared_with": [ANA], "principals": [ANA]}, ["principals"]),
    ("wa_workload_share", {"workload": "Pay*", "shared_with": [ANA]}, ["'Pay*'", "wa_shares"]),
    ("wa_lens_share", {"lens": "Payments", "shared_with": [ANA], "permission_type": "READONLY"}, ["permission_type"]),
    ("wa_share_invitation", {"shared_by": []}, ["shared_by", "empty"]),
    ("wa_share_invitation", {"shared_by": [OWNER], "resource_type": []}, ["resource_type", "empty"]),
    ("wa_share_invitation", {"shared_by": [OWNER], "name": ""}, ["name", "empty"]),
    ("wa_share_invitation", {"share_invitation_ids": []}, ["share_invitation_ids", "empty"]),
    ("wa_share_invitation", {}, ["shared_by", "share_invitation_ids"]),
    ("wa_share_invitation", {"null": ("shared_by", "share_invitation_ids")}, ["shared_by", "share_invitation_ids"]),
    ("wa_share_invitation", {"resource_type": ["lens"], "name": "*"}, ["shared_by", "share_invitation_ids"]),
    ("wa_share_invitation", {"shared_by": [OWNER], "resource_type": ["lenses"]}, ["resource_type", "lenses"]),
    ("wa_share_invitation", {"shared_by": [OWNER], "state": "ACCEPT"}, ["state", "ACCEPT"]),
    ("wa_share_invitation", {"shared_by": [OWNER], "accounts": [{"account_id": ANA}]}, [ANA, OWNER, "role_arn"]),
    ("wa_share_invitation_info", {"accounts": [account(BEN), {"account_id": ANA}]}, [ANA, OWNER, "role_arn"]),
    ("wa_share_info", {"status": ["PENDNG"]}, ["status", "PENDNG"]),
    ("wa_share_info", {"shared_with": [ANA, "12345"]}, ["shared_with[1]", "'12345'"]),
    ("wa_share_info", {"workload": ["Payments", "Nothing"]}, ["workload[1]", "'Nothing'", "does not exist"]),
    ("wa_share_info", {"workloads": ["Payments"]}, ["workloads"]),
    ("wa_share_info", {"concurrency": 0}, ["concurrency", "0"]),
    ("wa_organization_sharing", {}, ["state"]),
    ("wa_organization_sharing", {"null": ("state",)}, ["state"]),
    ("wa_organization_sharing", {"state": "ENABLED"}, ["state", "ENABLED"]),
)


@pytest.mark.parametrize(("name", "options", "words"), REFUSED, ids=str)
def test_a_task_is_refused(scene: Scene, run: Any, name: str, options: dict[str, Any], words: list[str]) -> None:
    scene.make()
    scene.watch()
    result = run(name, **options)
    assert result["failed"]
    assert result.lacks(*words) == []
    assert scene.nothing_changed()


def test_everything_that_is_wrong_is_reported_at_once(scene: Scene, run: Any) -> None:
    scene.make()
    foreign = arn("lens", account=BEN)
    result = run(
        "wa_shares",
        resources=[
            {"workload": "Payments", "shared_with": ["bob"], "permission_type": "ADMIN"},
            {"lens": "Standards", "purge_shares": "ja"},
            {"lens": foreign},
            {"profile": "Critical"},
        ],
        shared_with=[ANA, "ou-1"],
        allowed_principals=["everyone", ANA],
        accept_in=[{"account_id": "1"}],
        accounts=[{"account_id": OWNER}],
        regions=[REGION],
    )
    paths = ("resources[0]", "resources[1]", "resources[2]", "resources[3].profile", "shared_with[1]")
    others = ("allowed_principals[0]", "accept_in[0].account_id", "'everyone'", BEN, "'ou-1'", "ADMIN", "ja")
    assert result.lacks(*paths, *others) == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_nothing_declared_is_a_warning(scene: Scene, run: Any, check_mode: bool) -> None:
    result = run("wa_shares", resources=[], shared_with=[ANA], check_mode=check_mode)
    assert (result["failed"], result["changed"]) == (False, False)
    assert any("resources" in warning for warning in result["warnings"])
    assert scene.emulator.calls() == {}


def test_an_unpublished_lens_named_by_its_arn_is_refused(scene: Scene, run: Any, good: dict[str, Any]) -> None:
    draft = scene.emulator.create_lens("Draft 2", publish=False)
    scene.watch()
    assert run("wa_shares", resources=[good, resource("lens", draft["arn"])]).lacks(draft["arn"], "publish") == []
    assert scene.nothing_changed()


@every_kind
def test_a_module_for_one_resource_refuses(scene: Scene, run: Any, kind: Kind) -> None:
    there = scene.make(kind)
    scene.watch()
    for options, words in (
        ({"shared_with": ["bob", ANA, "12345"]}, ["2", "shared_with[0]", "'bob'", "shared_with[2]", "'12345'"]),
        ({"shared_with": []}, ["shared_with", "purge_shares"]),
        ({"shared_with": [ANA], "state": "absent", "purge_shares": True}, ["absent", "purge_shares"]),
        ({kind.option: "Nothing"}, ["'Nothing'", "does not exist"]),
        ({kind.option: "?aym*"}, ["'?aym*'", "does not exist"]),  # patterns are for wa_shares
        ({kind.option: NOWHERE if kind.name == "workload" else arn(kind.name)}, [NOWHERE, "does not exist"]),
        ({kind.option: arn(kind.name)}, [NOWHERE, "does not exist"]),
        ({kind.option: arn(kind.name, region="eu-west-1")}, ["eu-west-1"]),
        ({kind.option: arn(kind.name, account=CLEO)}, [CLEO]),
        ({kind.option: f"arn:aws:wellarchitected:{REGION}:{OWNER}:{NOWHERE}"}, [NOWHERE, kind.label]),
    ):
        result = run(kind.module, **{kind.option: there.name, "shared_with": [ANA], **options})
        assert result["failed"], options
        assert result.lacks(*words) == []
        assert "resources[" not in result["msg"]
    assert scene.nothing_changed()


@every_kind
def test_what_another_account_shares_is_not_ours_to_share(scene: Scene, run: Any, kind: Kind) -> None:
    theirs = scene.make(kind, "Theirs", {OWNER: "ACCEPTED"}, account=CLEO)
    for others in (False, True):
        if others:
            scene.make(kind, "Ours")
        scene.watch()
        for text in (theirs.name, theirs.arn):
            result = run(kind.module, **{kind.option: text, "shared_with": [ANA]})
            assert result["failed"]
            assert result.lacks("owner") == []
            assert scene.nothing_changed()


def test_a_module_runs_where_its_file_is_run_and_not_where_it_is_imported(run: Any) -> None:
    package = modules.__name__
    ran = set()
    for file in FILES:
        code = compile(file.read_text(encoding="utf-8"), str(file), "exec")
        with patch_module_args({"unheard_of": 1, "_ansible_remote_tmp": "/tmp", "_ansible_keep_remote_files": False}):
            exec(code, {"__name__": f"{package}.imported", "__package__": package})
            with contextlib.suppress(Exit):
                exec(code, {"__name__": "__main__", "__package__": package})
                continue
        ran.add(file.stem)
    assert ran == {file.stem for file in FILES} - {"wa_share_report"}  # which is an action


@pytest.mark.parametrize("name", MODULES)
def test_what_is_documented_is_what_runs(name: str) -> None:
    """The spec of the running module: option by option as documented, and with amazon.aws's common ones."""
    module = importlib.import_module(f"{modules.__name__}.{name}")
    taken: list[Any] = []

    def take(_module: Any, argument_spec: dict[str, Any], **_more: Any) -> None:
        taken.append(argument_spec)
        raise Exit({}, failed=True)

    with mock.patch.object(basic.AnsibleModule, "__init__", take), pytest.raises(Exit):
        module.main()
    (spec,) = taken
    documented = get_docstring(module.__file__, fragment_loader)[0]["options"]
    assert set(spec) == set(documented)
    for option, details in spec.items():
        option_doc = documented[option]
        assert details.get("type", "str") == option_doc.get("type", "str"), option
        assert details.get("required", False) == option_doc.get("required", False), option
        assert list(details.get("choices") or ()) == list(option_doc.get("choices") or ()), option
        assert details.get("default") == option_doc.get("default"), option
        assert details.get("elements") == option_doc.get("elements"), option
