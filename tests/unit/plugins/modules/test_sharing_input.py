# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input is refused before the first change, in check mode too, by a message that names every fault."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.scenes import (
    ANA,
    BEN,
    CLEO,
    KINDS,
    OWNER,
    REGION,
    Kind,
    Scene,
    entry,
    every_kind,
)

NOWHERE = "0123456789abcdef0123456789abcdef"


def arn(kind: str, resource_id: str = NOWHERE, region: str = REGION, account: str = OWNER) -> str:
    kind = {"template": "review-template"}.get(kind, kind)
    return f"arn:aws:wellarchitected:{region}:{account}:{kind}/{resource_id}"


def resource(option: str, text: str, **more: Any) -> dict[str, Any]:
    return {option: text, "shared_with": [ANA], **more}


def shared(*principals: Any, **more: Any) -> dict[str, Any]:
    return {"workload": "Payments 000", "shared_with": list(principals), **more}


#: what it is: (the entries after a good one, what the message must say)
Table = dict[str, tuple[list[dict[str, Any]], list[str]]]
PRINCIPALS: Table = {
    "principals that are none, each named with its place": (
        [shared("bob", ANA, "12345", "o-short", f"arn:aws:sts::{ANA}:assumed-role/reviewer/ana", {"a": 1})],
        [
            "6 faults",
            "resources[1].shared_with[0]: 'bob'",
            "resources[1].shared_with[2]: '12345'",
            "resources[1].shared_with[3]: 'o-short'",
            "resources[1].shared_with[4]: ",
            "name the role itself",
            "resources[1].shared_with[5].a: there is no such option, only principal, permission_type",
        ],
    ),
    "an account ID that YAML read as octal": ([shared(1402433619)], ["1402433619", "quotes", "012345670123"]),
}
RESOURCES: Table = {
    "a workload's ID that is nobody's": ([resource("workload", NOWHERE)], [NOWHERE, "does not exist", REGION]),
    "a workload's ARN that is nobody's": ([resource("workload", arn("workload"))], [NOWHERE, "does not exist"]),
    "a lens's ARN that is nobody's": ([resource("lens", arn("lens"))], [NOWHERE, "does not exist"]),
    "a template's ARN that is nobody's": ([resource("template", arn("template"))], [NOWHERE, "does not exist"]),
    "a profile's ARN that is nobody's": ([resource("wa_profile", arn("profile"))], [NOWHERE, "does not exist"]),
    "a workload's name that is nobody's": (
        [resource("workload", "Paymets 000")],
        ["resources[1]", "'Paymets 000' does not exist", "did you mean 'Payments 000'"],
    ),
    "a lens's name that is nobody's": ([resource("lens", "Zz")], ["resources[1]", "'Zz' does not exist"]),
    "a template's name that is nobody's": ([resource("template", "Zz")], ["'Zz' does not exist"]),
    "a profile's name that is nobody's": ([resource("wa_profile", "Zz")], ["'Zz' does not exist"]),
    "an ARN of another region": (
        [resource("workload", arn("workload", region="eu-west-1"))],
        ["eu-west-1", REGION, "own region"],
    ),
    "an ARN of another account's": (
        [resource("lens", arn("lens", account=CLEO))],
        [f"belongs to account {CLEO}", OWNER],
    ),
    "an ARN of another kind": ([resource("workload", arn("lens"))], ["ARN of a lens", "name it with lens"]),
    "an ARN of another service": (
        [resource("template", "arn:aws:s3:::bucket")],
        ["arn:aws:s3:::bucket", "not the ARN of a review template"],
    ),
}
LENSES: Table = {
    "an official lens by its name": (
        [resource("lens", "AWS Well-Architected Framework")],
        ["AWS Well-Architected Framework", "official", "cannot be shared"],
    ),
    "an official lens by its alias": ([resource("lens", "serverless")], ["'serverless'", "official"]),
    "an official lens by its ARN": (
        [resource("lens", "arn:aws:wellarchitected::aws:lens/serverless")],
        ["lens/serverless", "official"],
    ),
    "a name that two templates have": (
        [resource("template", "Twin 000")],
        ["'Twin 000' means 2 resources", "ID or ARN", ":review-template/"],
    ),
    "a name that two profiles have": ([resource("wa_profile", "Twin 000")], ["'Twin 000' means 2 resources"]),
    "a lens that was never published, by name": (
        [resource("lens", "Draft")],
        ["'Draft' was never published", "publish a version"],
    ),
}
CONTRADICTIONS: Table = {
    "entries with two permissions for one": (
        [shared(BEN, permission_type="CONTRIBUTOR"), shared(BEN)],
        ["resources[1] and resources[2]", "contradict", BEN, "CONTRIBUTOR", "READONLY"],
    ),
    "entries that want one present and absent": (
        [shared(BEN), shared(BEN, state="absent")],
        ["resources[1] and resources[2]", "contradict", BEN, "present and absent"],
    ),
    "entries of which one purges and another does not": (
        [shared(BEN, purge_shares=True), shared(CLEO, purge_shares=False)],
        ["resources[1] and resources[2]", "contradict", "purge_shares"],
    ),
    "entries that renew what others do not": (
        [shared(BEN, renew=["EXPIRED"]), shared(CLEO, renew=[])],
        ["resources[1] and resources[2]", "contradict", "renew"],
    ),
    "a principal with two permissions in one list": (
        [
            shared(
                {"principal": BEN, "permission_type": "CONTRIBUTOR"},
                {"principal": f"arn:aws:iam::{BEN}:root", "permission_type": "READONLY"},
            )
        ],
        ["shared_with[1]", BEN, "twice", "CONTRIBUTOR", "READONLY"],
    ),
    "absent with purge": ([shared(ANA, state="absent", purge_shares=True)], ["state=absent", "purge_shares"]),
}
OPTIONS: Table = {
    "nobody to share with": ([shared()], ["resources[1]", "empty only with purge_shares"]),
    "nobody to remove": ([shared(state="absent")], ["shared_with", "empty"]),
    "no word about whom to share with": ([{"workload": "Payments 000"}], ["resources[1]: shared_with is missing"]),
    "a permission for a lens": (
        [resource("lens", "Twin 000", permission_type="READONLY")],
        ["permission_type is for workloads only"],
    ),
    "a permission of one principal for a lens": (
        [{"lens": "Twin 000", "shared_with": [{"principal": ANA, "permission_type": "CONTRIBUTOR"}]}],
        ["shared_with[0]", "permission_type is for workloads only"],
    ),
    "a permission that there is not": (
        [shared({"principal": ANA, "permission_type": "ADMIN"})],
        ["'ADMIN'", "READONLY, CONTRIBUTOR"],
    ),
    "a principal with unknown words": (
        [shared({"principal": ANA, "permission": "READONLY"})],
        ["resources[1].shared_with[0].permission: there is no such option (did you mean permission_type?)"],
    ),
    "no resource": ([{"shared_with": [ANA]}], ["exactly one of workload, lens, template, wa_profile"]),
    "two resources in one entry": (
        [{"lens": "Twin 000", "workload": "Payments 000", "shared_with": [ANA]}],
        ["resources[1]", "exactly one of"],
    ),
}
SEVERAL: Table = {
    "several faults, all named": (
        [shared("bob"), resource("lens", arn("workload")), shared(ANA, state="absent", purge_shares=True)],
        ["3 faults", "resources[1]", "'bob'", "resources[2]", "name it with workload", "resources[3]", "state=absent"],
    ),
    "several names that are nobody's, all named": (
        [resource("workload", "Nobody"), resource("template", "Twin 000"), resource("lens", "serverless")],
        ["3 faults", "resources[1]", "'Nobody'", "resources[2]", "'Twin 000'", "resources[3]", "'serverless'"],
    ),
    "several ARNs that are nobody's, all named": (
        [resource("lens", arn("lens")), resource("wa_profile", arn("profile"))],
        ["2 faults", arn("lens"), arn("profile")],
    ),
}
TABLES = {
    "principals": PRINCIPALS,
    "resources": RESOURCES,
    "lenses": LENSES,
    "contradictions": CONTRADICTIONS,
    "options": OPTIONS,
    "several faults": SEVERAL,
}


@pytest.fixture
def good(scene: Scene) -> dict[str, Any]:
    """An entry that would change something, beside all that the table speaks of."""
    scene.emulator.seed(lenses=1, prefix="Twin ")  # lenses cannot have the same name
    for _twin in range(2):
        scene.emulator.seed(templates=1, profiles=1, prefix="Twin ")
    scene.emulator.seed(workloads=1, prefix="Payments ")
    scene.emulator.create_lens("Draft", publish=False)
    good = scene.make(KINDS["workload"], "Good", shares={BEN: "EXPIRED"})
    scene.watch()
    return entry(good, ANA, BEN, purge_shares=True)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_wa_shares_refuses(scene: Scene, run: Any, good: dict[str, Any], table: Table) -> None:
    for what, (entries, says) in table.items():
        result = run("wa_shares", resources=[good, *entries])
        assert result["failed"], what
        assert scene.nothing_changed(), what
        assert not result.get("changed"), what
        assert [text for text in says if text not in result["msg"]] == [], f"{what}: {result['msg']}"
        assert result["msg"].startswith("Nothing was changed."), what


def test_check_mode_refuses_the_same(scene: Scene, run: Any, good: dict[str, Any]) -> None:
    resources = [good, resource("workload", "Nobody"), resource("lens", "serverless")]
    said = [run("wa_shares", check_mode=check_mode, resources=resources)["msg"] for check_mode in (False, True)]
    assert said[0] == said[1]
    assert "2 faults" in said[0]


def test_an_unpublished_lens_named_by_its_arn_is_refused(scene: Scene, run: Any, good: dict[str, Any]) -> None:
    draft = scene.emulator.create_lens("Draft 2", publish=False)
    scene.watch()

    result = run("wa_shares", resources=[good, resource("lens", draft["arn"])])
    assert result["failed"]
    assert "never published" in result["msg"]
    assert draft["arn"] in result["msg"]
    assert scene.nothing_changed()


@every_kind
def test_a_module_for_one_resource_refuses_bad_options(scene: Scene, run: Any, kind: Kind) -> None:
    there = scene.make(kind)
    scene.watch()

    for options, says in (
        ({"shared_with": ["bob", ANA, "12345"]}, ["2 faults", "shared_with[0]: 'bob'", "shared_with[2]: '12345'"]),
        ({"shared_with": [1402433619]}, ["shared_with[0]: '1402433619'", "012345670123"]),
        ({"shared_with": []}, ["empty only with purge_shares"]),
        ({"shared_with": [ANA], "state": "absent", "purge_shares": True}, ["state=absent"]),
    ):
        result = run(kind.module, **{kind.option: there.name, **options})
        assert result["failed"]
        assert [text for text in says if text not in result["msg"]] == [], result["msg"]
        assert "resources[" not in result["msg"]
    assert scene.nothing_changed()


@every_kind
def test_a_module_for_one_resource_refuses_what_is_not_there(scene: Scene, run: Any, kind: Kind) -> None:
    scene.make(kind)
    scene.watch()

    for written, says in (
        ("Nobody", "'Nobody' does not exist"),
        ("?aym*", "'?aym*' does not exist"),  # a wildcard only where many resources may be meant
        (NOWHERE if kind.name == "workload" else arn(kind.name), "does not exist"),
        (arn(kind.name), "does not exist"),
        (arn(kind.name, region="eu-west-1"), "eu-west-1"),
        (arn(kind.name, account=CLEO), f"belongs to account {CLEO}"),
        (f"arn:aws:wellarchitected:{REGION}:{OWNER}:{NOWHERE}", "is not the ARN of a"),
    ):
        result = run(kind.module, **{kind.option: written, "shared_with": [ANA]})
        assert result["failed"], written
        assert written.rpartition("/")[2] in result["msg"]
        assert says in result["msg"]
    assert scene.nothing_changed()


class TestSharedByAnotherAccount:
    """What another account shares with us is in our lists, but not ours to share."""

    @pytest.fixture
    def theirs(self, scene: Scene, kind: Kind) -> Any:
        theirs = scene.make(kind, "Theirs", account=CLEO)
        scene.share(theirs, OWNER, account=CLEO)
        client = scene.emulator.client()
        (invitation,) = client.list_share_invitations()["ShareInvitationSummaries"]
        client.update_share_invitation(
            ShareInvitationId=invitation["ShareInvitationId"], ShareInvitationAction="ACCEPT"
        )
        scene.watch()
        return theirs

    @every_kind
    def test_it_is_refused_by_name_and_by_arn(self, scene: Scene, run: Any, kind: Kind, theirs: Any) -> None:
        for others in (False, True):
            for text in (theirs.name, theirs.arn):
                result = run(kind.module, **{kind.option: text, "shared_with": [ANA]})
                assert result["failed"]
                assert "only its owner can share it" in result["msg"]
                assert scene.nothing_changed()
            if not others:
                scene.make(kind, "Ours")
                scene.watch()

    @every_kind
    def test_no_wildcard_means_it(self, scene: Scene, run: Any, kind: Kind, theirs: Any) -> None:
        everything = {"resources": [{kind.option: "*", "shared_with": [ANA]}]}
        # Where nothing is ours, only a refusal shows that all there is belongs to another: to ask who we are before
        # that would cost every run a call.
        alone = run("wa_shares", **everything)
        assert "only its owner can share it" in alone["msg"] if alone["failed"] else alone["warnings"]

        scene.make(kind, "Ours")
        assert run("wa_shares", **everything).by_name == {"Ours": {ANA: "created"}}
        assert list(scene.shares(theirs)) == [OWNER]
