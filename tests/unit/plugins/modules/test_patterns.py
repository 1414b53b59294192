# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which resources an entry selects: patterns, exclude, tags, and `resource` for every kind."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from .names import ANA, BEN, CLEO, OWNER
from .scenes import KINDS, LENS, Kind, Result, Scene, account, every_kind

PLAIN = "Café"
DECOMPOSED = unicodedata.normalize("NFD", PLAIN)


def share(run: Any, workload: str = "*", **options: Any) -> Result:
    return run("wa_shares", resources=[{"workload": workload, "shared_with": [ANA], **options}])


class TestPatterns:
    """A name with an unescaped `*` or `?` is a pattern, whatever a resource is called. A backslash makes a literal."""

    @pytest.mark.parametrize(
        ("text", "selected"),
        [
            ("Ready?", ["Ready?", "ReadyX", "Ready\\"]),
            (r"Ready\?", ["Ready?"]),
            ("Ready*", ["Ready?", "ReadyX", "Ready\\"]),
            (r"Ready\*", None),
            ("Ready\\", ["Ready\\"]),
            (r"Ready\\", ["Ready\\"]),
            ("*eady[X]", []),
            ("***", ["Ready?", "ReadyX", "Ready\\", "***"]),
            (r"\*\*\*", ["***"]),
            ("*", ["Ready?", "ReadyX", "Ready\\", "***"]),
        ],
    )
    def test_of_wa_shares(self, scene: Scene, run: Any, text: str, selected: list[str] | None) -> None:
        for name in ("Ready?", "ReadyX", "Ready\\", "***"):
            scene.make(name=name)
        result = share(run, text)
        if selected is None:
            assert result.lacks("Ready", "does not exist") == []
        else:
            assert sorted(result.by_name) == sorted(selected)

    @every_kind
    def test_a_resource_that_is_called_like_the_pattern_hides_no_other(
        self, scene: Scene, run: Any, kind: Kind
    ) -> None:
        """Offboarding removes the account from every resource, also beside a lens that is called `*`."""
        pattern, other = {"lens": ("*", "Other"), "template": ("all?", "ally")}.get(kind.name, ("***", "Other"))
        made = [scene.make(kind, name, [ANA, BEN]) for name in (pattern, other)]
        result = run("wa_shares", resources=[{kind.option: pattern, "shared_with": [ANA], "state": "absent"}])
        assert result["summary"]["deleted"] == 2
        assert [set(scene.shares(resource)) for resource in made] == [{BEN}, {BEN}]

    def test_of_invitations(self, scene: Scene, run: Any) -> None:
        for name in ("Ready?", "ReadyX"):
            scene.make(LENS, name, [OWNER], account=CLEO)
        for text, names in (("Ready?", ["Ready?", "ReadyX"]), (r"Ready\?", ["Ready?"]), ("ready*", [])):
            found = run("wa_share_invitation_info", name=text)["invitations"]
            assert [row["resource"]["name"] for row in found] == names
        assert run("wa_share_invitation", shared_by=[CLEO], name="Ready?")["summary"]["accepted"] == 2

    def test_single_modules_take_exact_names_only(self, scene: Scene, run: Any) -> None:
        scene.make(name="ReadyX")
        result = run("wa_workload_share", workload="Ready?", shared_with=[ANA])
        assert result.lacks("'Ready?'", "does not exist") == []

    def test_one_that_matches_nothing_is_a_warning(self, scene: Scene, run: Any) -> None:
        scene.make(name="Payments")
        result = share(run, "Nothing*")
        assert not result["failed"]
        (warning,) = result["warnings"]
        assert "resources[0]" in warning
        assert "'Nothing*'" in warning

    def test_names_compare_without_regard_to_unicode_normalization(self, scene: Scene, run: Any) -> None:
        scene.make(name=DECOMPOSED)
        assert share(run, PLAIN)["summary"]["created"] == 1
        assert share(run, "*é")["summary"]["unchanged"] == 1
        assert run("wa_workload_share", workload=PLAIN, shared_with=[ANA])["changed"] is False
        assert run("wa_share_info", workload=[PLAIN])["summary"]["resources"] == 1


class TestExclude:
    """A name, ID or ARN that excludes nothing is an error before the first change: it would protect nothing."""

    @pytest.fixture(autouse=True)
    def made(self, scene: Scene) -> dict[str, Any]:
        names = ("Payments", "Payments test", "Search", "Prod*", "Prod secret", DECOMPOSED)
        return {name: scene.make(name=name) for name in names}

    @pytest.mark.parametrize(
        ("exclude", "left"),
        [
            (["*test"], {"Payments", "Search", "Prod*", "Prod secret", DECOMPOSED}),
            (["Prod*", PLAIN], {"Payments", "Payments test", "Search"}),
            ([r"Prod\*", "Pay*", "S?arch"], {"Prod secret", DECOMPOSED}),
            (["Payments"], {"Payments test", "Search", "Prod*", "Prod secret", DECOMPOSED}),
            (["nothing of the *"], {"Payments", "Payments test", "Search", "Prod*", "Prod secret", DECOMPOSED}),
            ([], {"Payments", "Payments test", "Search", "Prod*", "Prod secret", DECOMPOSED}),
        ],
    )
    def test_matches_are_left_out(self, run: Any, exclude: list[str], left: set[str]) -> None:
        result = share(run, exclude=exclude)
        assert set(result.by_name) == left
        assert result["warnings"] == []

    def test_ids_and_arns_exclude_too(self, run: Any, made: dict[str, Any]) -> None:
        result = share(run, exclude=[made["Payments"].id, made["Search"].arn, "P*d*"])
        assert set(result.by_name) == {"Payments test", DECOMPOSED}

    @pytest.mark.parametrize(
        ("exclude", "words"),
        [
            (["Serch"], ["resources[0].exclude[0]", "'Serch'", "Search"]),
            (["Pay*", "Payment"], ["resources[0].exclude[1]", "'Payment'"]),
            (["prod*"], ["resources[0].exclude[0]", "'prod*'", "Prod"]),
            (["payments"], ["resources[0].exclude[0]", "'payments'", "Payments"]),
            (["0" * 32], ["resources[0].exclude[0]", "0" * 32]),
            (
                [f"arn:aws:wellarchitected:us-east-1:{OWNER}:workload/{'0' * 32}"],
                ["resources[0].exclude[0]", f"workload/{'0' * 32}"],
            ),
            ("Pay, EU", ["resources[0].exclude[0]", "'Pay'"]),
            (["Search", ""], ["resources[0].exclude[1]", "empty"]),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("check_mode", [True, False], ids=["check mode", "run"])
    def test_what_excludes_nothing_is_an_error(
        self, scene: Scene, run: Any, exclude: Any, words: list[str], check_mode: bool
    ) -> None:
        scene.watch()
        entry = {"workload": "*", "exclude": exclude, "shared_with": [ANA]}
        result = run("wa_shares", resources=[entry], check_mode=check_mode)
        assert result["failed"]
        assert result.lacks(*words) == []
        assert scene.nothing_changed()

    def test_excluding_everything_is_a_warning(self, run: Any) -> None:
        result = share(run, exclude=["*"])
        assert (result["failed"], result["changed"], result["resources"]) == (False, False, [])
        assert "resources[0]" in result["warnings"][0]
        assert "exclude" in result["warnings"][0]

    def test_what_is_left_out_keeps_its_shares_when_others_purge(self, scene: Scene, run: Any) -> None:
        kept = scene.make(LENS, "Kept", shares=[BEN])
        scene.make(LENS, "Other", shares=[BEN])
        entry = {"lens": "*", "exclude": ["Kept"], "shared_with": [ANA], "purge_shares": True}
        assert set(run("wa_shares", resources=[entry]).by_name) == {"Other"}
        assert set(scene.shares(kept)) == {BEN}

    def test_where_a_place_cannot_be_read_the_error_names_it(self, scene: Scene, run: Any) -> None:
        scene.make(account=ANA)
        scene.make(name="Private", account=BEN)
        scene.emulator.fault("access_denied", operation="ListWorkloads", account=BEN)
        entry = {"workload": "*", "exclude": ["Private"], "shared_with": [CLEO]}
        result = run("wa_shares", resources=[entry], accounts=[account(ANA), account(BEN)])
        assert result.lacks("resources[0].exclude[0]", "'Private'", BEN, "wellarchitected:ListWorkloads") == []
        assert scene.rows() == []

    def test_one_place_where_it_excludes_is_enough(self, scene: Scene, run: Any) -> None:
        scene.make(name="Private", account=ANA)
        scene.make(name="Open", account=BEN)
        entry = {"workload": "*", "exclude": ["Private"], "shared_with": [CLEO]}
        result = run("wa_shares", accounts=[account(ANA), account(BEN)], resources=[entry])
        assert set(result.by_name) == {"Open"}


class TestIgnore:
    """`ignore` of wa_share_drift_info protects nothing, but what it names must not be reported."""

    @pytest.mark.parametrize("by", ["name", "id", "arn", "pattern"])
    def test_names_patterns_ids_and_arns(self, scene: Scene, run: Any, by: str) -> None:
        made = scene.make(name="Sandbox", shares=[ANA])
        scene.make(name="Payments", shares=[ANA])
        ignore = {"name": "Sandbox", "id": made.id, "arn": made.arn, "pattern": "Sand*"}[by]
        drift = run("wa_share_drift_info", resources=[], ignore=[ignore])["drift"]
        assert [row["name"] for row in drift] == ["Payments"]


class TestTags:
    @pytest.fixture
    def tagged(self, scene: Scene) -> Scene:
        for name, tags in (
            ("One", {"tier": "1", "team": "payments"}),
            ("Two", {"tier": "2", "team": "payments"}),
            ("Three", {"tier": "1"}),
            ("Four", {"tier": "1", "team": "pay*"}),
        ):
            made = scene.make(name=name)
            scene.emulator.client().tag_resource(WorkloadArn=made.arn, Tags=tags)
        scene.watch()
        return scene

    def test_all_tags_must_match(self, tagged: Scene, run: Any) -> None:
        result = share(run, tags={"tier": "1", "team": "pay*"})
        assert sorted(result.by_name) == ["Four", "One"]
        calls = tagged.emulator.calls()
        assert (calls["ListTagsForResource"], calls["ListWorkloads"], calls["ListWorkloadShares"]) == (4, 1, 2)

    def test_a_denied_call_names_the_action(self, tagged: Scene, run: Any) -> None:
        tagged.emulator.fault("access_denied", operation="ListTagsForResource")
        assert share(run, tags={"tier": "1"}).lacks("wellarchitected:ListTagsForResource", "arn:aws:") == []
        assert tagged.nothing_changed()


class TestEveryKind:
    """`resource: <pattern>` selects resources of every kind."""

    def test_removes_an_account_from_everything(self, scene: Scene, run: Any) -> None:
        user = f"arn:aws:iam::{ANA}:user/ana"
        made = [scene.make(kind, f"Any {kind.name}", [ANA, user, BEN]) for kind in KINDS.values()]
        leaves = {"resource": "*", "shared_with": [ANA], "state": "absent", "account_wide": True}
        result = run("wa_shares", resources=[leaves])
        assert not result["failed"], result["msg"]
        assert result["summary"]["deleted"] == 8
        assert [set(scene.shares(resource)) for resource in made] == [{BEN}] * 4
        assert not run("wa_shares", resources=[leaves])["changed"]

    def test_selects_by_pattern_and_excludes(self, scene: Scene, run: Any) -> None:
        for kind in KINDS.values():
            scene.make(kind, f"Any {kind.name}")
        entry = {"resource": "Any *", "exclude": ["*lens"], "shared_with": [ANA]}
        assert set(run("wa_shares", resources=[entry]).by_name) == {"Any workload", "Any template", "Any profile"}


def test_others_resources_match_no_pattern(scene: Scene, run: Any) -> None:
    """An account that owns nothing lists only what is shared with it."""
    theirs = scene.make(name="Theirs", shares={OWNER: "ACCEPTED"}, account=CLEO)
    alone = share(run)
    assert not alone["failed"], alone["msg"]
    assert alone["resources"] == []
    assert CLEO in str(alone["warnings"])
    assert run("wa_share_info")["resources"] == []

    scene.make(name="Ours")
    assert share(run).by_name == {"Ours": {ANA: "created"}}
    assert set(scene.shares(theirs)) == {OWNER}
