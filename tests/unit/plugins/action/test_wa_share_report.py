# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action wa_share_report: the files that it writes, what it returns, and what it refuses."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import yaml
from ansible.errors import AnsibleActionFail
from ansible.plugins.loader import fragment_loader
from ansible.utils.plugin_docs import get_docstring
from ansible_collections.wellarchitected.sharing.plugins.action import wa_share_report as action_module
from ansible_collections.wellarchitected.sharing.plugins.action.wa_share_report import OPTIONS, ActionModule
from ansible_collections.wellarchitected.sharing.plugins.modules import wa_share_report as documentation
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report import files as files_module
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils._report.evidence import collection_version

from ..plugin_utils._report.given import ANA, BEN, EU, OTHER, OWNER, entry, place, share

DECLARED = {"kind": "workload", "name": "payments", "shared_with": ANA}


def run(
    folder: Path, *entries: dict[str, Any], check: bool = False, diff: bool = False, **options: Any
) -> dict[str, Any]:
    """The result of the task, with the page in ``folder``."""
    arguments = {
        "path": str(folder / "a.html"),
        "owners": [{"name": "platform", "resources": list(entries) or [entry(share())]}],
        **options,
    }
    task = SimpleNamespace(
        args=arguments, action="wa_share_report", async_val=0, check_mode=check, diff=diff, environment=None
    )
    context = SimpleNamespace(check_mode=check, diff=diff)
    # Only what ActionBase itself reads: nothing of this runs on a host.
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
    plugin = ActionModule(task, connection, context, None, None, None)
    plugin._load_name = "wellarchitected.sharing.wa_share_report"
    return plugin.run(task_vars={})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def reasons(result: dict[str, Any]) -> list[str]:
    return [group["reason"] for group in result["attention"]]


class TestTheFiles:
    def test_are_three_which_a_second_run_leaves_unchanged(self, tmp_path: Path) -> None:
        result = run(tmp_path, entry(share(status="FAILED")))
        assert [result[path] for path in ("path", "csv_path", "json_path")] == [
            str(tmp_path / name) for name in ("a.html", "a.csv", "a.json")
        ]
        assert (result["changed"], result["counts"]["statuses"], reasons(result)) == (True, {"FAILED": 1}, ["failed"])
        assert json.loads((tmp_path / "a.json").read_text("utf-8"))["attention"] == result["attention"]
        before = contents(tmp_path)
        assert run(tmp_path, entry(share(status="FAILED")))["changed"] is False
        assert contents(tmp_path) == before

    def test_are_not_written_in_check_mode(self, tmp_path: Path) -> None:
        assert run(tmp_path, check=True, evidence_path=str(tmp_path / "e.json"))["changed"] is True
        assert contents(tmp_path) == {}

    @pytest.mark.parametrize("umask", [0o000, 0o077])
    def test_have_their_mode_whatever_the_umask(self, tmp_path: Path, umask: int) -> None:
        before = os.umask(umask)
        try:
            run(tmp_path)
            assert modes(tmp_path) == {0o600}
            assert run(tmp_path, mode="0640")["changed"] is True
        finally:
            os.umask(before)
        assert modes(tmp_path) == {0o640}

    @pytest.mark.parametrize("path", ["~/a.b.html", "$WA_FOLDER/a.b.html", "a.b.html"])
    def test_are_where_the_path_leads(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("WA_FOLDER", str(tmp_path))
        monkeypatch.chdir(tmp_path)
        assert run(tmp_path, path=path)["csv_path"] == str(tmp_path / "a.b.csv")
        assert set(contents(tmp_path)) == {"a.b.html", "a.b.csv", "a.b.json"}

    @pytest.mark.parametrize("name", ["a.html", "a.csv", "a.json", "e.json"])
    def test_do_not_follow_symbolic_links(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "precious").write_text("mine")
        (tmp_path / name).symlink_to(tmp_path / "precious")
        result = run(tmp_path, evidence_path=str(tmp_path / "e.json"))
        assert re.fullmatch(
            rf"\w+: {tmp_path / name} is a symbolic link\. Remove it, or use another path\.", result["msg"]
        )
        assert contents(tmp_path) == {"precious": b"mine", name: b"mine"}

    def test_replace_a_link_that_appears_meanwhile(self, tmp_path: Path) -> None:
        (tmp_path / "precious").write_text("mine")
        (tmp_path / "link").symlink_to(tmp_path / "precious")
        files_module.write_files([files_module.File(str(tmp_path / "link"), b"ours", 0o600, None)])
        assert contents(tmp_path) == {"precious": b"mine", "link": b"ours"}

    def test_are_written_all_or_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[set[int]] = []

        def refuse(_path: str, _mode: int) -> None:
            seen.append(modes(tmp_path))
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(files_module.os, "chmod", refuse)
        assert run(tmp_path)["msg"] == "Failed to write the report: [Errno 1] Operation not permitted"
        assert (seen, contents(tmp_path)) == ([{0o600}], {})

    def test_have_text_that_has_no_utf_8(self, tmp_path: Path) -> None:
        run(tmp_path, entry(share(), name="half \ud83d of a pair, Ünïcode"))
        text = (tmp_path / "a.json").read_text("utf-8")
        assert json.loads(text)["resources"][0]["resource"]["name"] == "half \ud83d of a pair, Ünïcode"
        assert "Ünïcode" in text


class TestTheDiff:
    def test_has_a_line_for_each_file_and_the_lines_of_the_csv_file(self, tmp_path: Path) -> None:
        first = run(tmp_path, diff=True)["diff"]
        assert re.fullmatch(rf"{tmp_path / 'a.html'}: absent -> \d+ bytes, mode 0600\n", first[0]["prepared"])
        *files, lines = run(tmp_path, entry(share(status="EXPIRED")), check=True, diff=True)["diff"]
        assert len(files) == 3
        assert lines["before_header"] == lines["after_header"] == str(tmp_path / "a.csv")
        assert ",ACCEPTED,active," in lines["before"]
        assert ",EXPIRED,inactive," in lines["after"]
        assert "mode 0600 ->" in run(tmp_path, diff=True, mode="0644", check=True)["diff"][1]["prepared"]

    def test_leaves_out_a_large_csv_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(action_module.constants, "MAX_FILE_SIZE_FOR_DIFF", 100)
        assert all(set(difference) == {"prepared"} for difference in run(tmp_path, diff=True)["diff"])

    def test_shows_no_control_characters(self, tmp_path: Path) -> None:
        name = "a\x1b[2Jb\u202ec\u2028d\x85e\r"
        found = run(tmp_path, entry(share(), name=name), diff=True)["diff"][-1]["after"]
        assert r"a\x1b[2Jb\u202ec\u2028d\x85e\r" in found
        assert all(character.isprintable() or character == "\n" for character in found)


class TestTheResult:
    def test_is_as_documented(self, tmp_path: Path) -> None:
        documented = yaml.safe_load(documentation.RETURN)
        run(tmp_path, entry(share(status="PENDING")))
        result = run(tmp_path, entry(share(status="FAILED")), evidence_path=str(tmp_path / "e.json"))
        assert set(result) - {"changed"} == set(documented)
        assert set(result["counts"]) == set(documented["counts"]["sample"])
        group = documented["attention"]["contains"]
        assert set(result["attention"][0]) == set(group)
        assert set(result["attention"][0]["shares"][0]) == set(group["shares"]["sample"][0])
        assert set(result["changes"][0]) == set(documented["changes"]["contains"])

    def test_has_what_changed_since_the_report_that_is_replaced(self, tmp_path: Path) -> None:
        assert run(tmp_path, entry(share(status="PENDING")))["changes"] == []
        changes = run(tmp_path)["changes"]
        assert [step["counts"] for step in changes] == [{"accepted": 1}]
        assert run(tmp_path, check=True)["changes"] == changes

    def test_has_what_changed_since_a_chosen_report(self, tmp_path: Path) -> None:
        run(tmp_path, entry(share(status="PENDING")))
        (tmp_path / "a.json").rename(tmp_path / "quarter.json")
        options = {"previous_json_path": str(tmp_path / "quarter.json")}
        assert [step["counts"] for step in run(tmp_path, **options)["changes"]] == [{"accepted": 1}]
        assert run(tmp_path, **options)["changed"] is False

    def test_has_the_rows_of_other_reports(self, tmp_path: Path) -> None:
        run(tmp_path, entry(share(status="FAILED")))
        (tmp_path / "a.json").rename(tmp_path / "b.json")
        reports = [{"name": name, "path": str(tmp_path / f"{name}.json")} for name in ("b", "c")]
        result = run(tmp_path, owners=None, reports=reports)
        assert (reasons(result), result["attention"][0]["shares"][0]["owner"]) == (["failed"], "b: platform")
        assert [(row["name"], row["why"]) for row in result["not_read"]] == [
            ("c", f"{tmp_path / 'c.json'} cannot be read: No such file or directory.")
        ]

    @pytest.mark.parametrize(
        ("options", "found"),
        [
            ({"allowed_principals": [OWNER]}, ["not_allowed"]),
            ({"allowed_principals": []}, ["not_allowed"]),
            ({"allowed_principals": None}, []),
            ({"organization": [OWNER]}, ["outside"]),
            ({"declared": [{**DECLARED, "until": "2020-01-31", "id": None, "reason": ""}]}, ["ended"]),
            ({"declared": []}, ["undeclared"]),
            ({"declared": None, "evidence_path": None, "csv_path": None, "known_accounts": None}, []),
        ],
    )
    def test_depends_on_the_options(self, tmp_path: Path, options: dict[str, Any], found: list[str]) -> None:
        assert reasons(run(tmp_path, **options)) == found

    def test_has_title_names_and_owners_that_were_not_read(self, tmp_path: Path) -> None:
        run(tmp_path, title="Ours", known_accounts=[{"account_id": ANA, "name": "ana"}], not_read=["sandbox"])
        report = json.loads((tmp_path / "a.json").read_text("utf-8"))
        assert (report["title"], report["principals"][0]["name"]) == ("Ours", "ana")
        assert [row["name"] for row in report["not_read"]] == ["sandbox"]


class TestTheEvidence:
    """Its file is written whatever was found."""

    GIVEN: ClassVar = {
        "account_id": OWNER,
        "arn": f"arn:aws:sts::{OWNER}:assumed-role/audit/ci",
        "job_id": "7",
        "revision": "1a2b",
    }

    def written(self, folder: Path, owner: dict[str, Any], **given: Any) -> dict[str, Any]:
        path = folder / "evidence.json"
        result = run(folder, owners=[owner], evidence_path=str(path), evidence={**self.GIVEN, **given})
        assert (result["changed"], stat.S_IMODE(path.stat().st_mode)) == (True, 0o600)
        return json.loads(path.read_text("utf-8"))

    @pytest.mark.parametrize(
        ("owner", "given", "verdict", "counts"),
        [
            ({"resources": [entry(share())]}, {"drift": [], "undeclared": []}, "in_desired_state", (0, 0)),
            (
                {"resources": [entry(share())]},
                {"drift": [{"difference": "ended"}], "undeclared": [{}, {}]},
                "drift",
                (1, 2),
            ),
            ({"resources": [entry(share())]}, {"drift": None}, "not_compared", (None, None)),
            ({"resources": [], "places": [place(error="denied")]}, {"drift": []}, "incomplete", (0, None)),
            ({"resources": "", "error": "denied"}, {"drift": ""}, "incomplete", (None, None)),
        ],
    )
    def test_has_a_verdict(self, tmp_path: Path, owner: Any, given: Any, verdict: str, counts: tuple[Any, Any]) -> None:
        evidence = self.written(tmp_path, {"name": "platform", **owner}, **given)
        assert (evidence["verdict"], evidence["counts"]["drift"], evidence["counts"]["undeclared"]) == (
            verdict,
            *counts,
        )
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", evidence["checked_at"])

    def test_has_who_checked_what_with_which_versions(self, tmp_path: Path) -> None:
        places = [place(name="payments"), place(OTHER, error="denied"), place(BEN, skipped="not enabled")]
        declaration = {"b": [ANA], "a": "ü", "c": None, "d": ""}
        evidence = self.written(
            tmp_path, {"name": "platform", "resources": [entry(share())], "places": places}, declaration=declaration
        )
        assert evidence["caller"] == {"account_id": OWNER, "arn": self.GIVEN["arn"]}
        assert (evidence["job_id"], evidence["revision"]) == ("7", "1a2b")
        assert evidence["versions"]["collection"] == collection_version() != ""
        assert all(re.match(r"\d+\.\d+", version) for version in evidence["versions"].values())
        assert evidence["read"] == [{"name": "payments", "account_id": OWNER, "regions": [EU]}]
        assert evidence["failed"] == [{"name": OTHER, "account_id": OTHER, "regions": [EU], "why": "denied"}]
        assert evidence["skipped"] == [{"name": BEN, "account_id": BEN, "regions": [EU], "why": "not enabled"}]
        assert evidence["counts"]["shares"] == 1
        written = {name: hashlib.sha256(content).hexdigest() for name, content in contents(tmp_path).items()}
        assert {**evidence["files"], "evidence.json": written["evidence.json"]} == written
        expected = hashlib.sha256(f'{{"a":"\\u00fc","b":["{ANA}"]}}'.encode()).hexdigest()
        assert evidence["declaration_sha256"] == expected

    def test_alone_is_written_where_nothing_could_be_read(self, tmp_path: Path) -> None:
        run(tmp_path)
        before = contents(tmp_path)
        evidence = self.written(tmp_path, {"name": "platform", "error": "denied"})
        assert evidence["failed"] == [{"name": "platform", "account_id": "", "regions": [], "why": "denied"}]
        assert {name: content for name, content in contents(tmp_path).items() if name in before} == before


class TestInvalidInput:
    def test_options_are_those_documented(self) -> None:
        """ansible-test compares them for modules only."""

        def spec(options: dict[str, Any]) -> dict[str, Any]:
            facts = ("type", "elements", "required", "default", "choices")
            return {
                name: {
                    **{fact: option[fact] for fact in facts if fact in option},
                    **({"options": spec(option["suboptions"])} if "suboptions" in option else {}),
                }
                for name, option in options.items()
            }

        assert spec(get_docstring(documentation.__file__, fragment_loader)[0]["options"]) == OPTIONS

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"owner": "a"}, "Unsupported parameters for .*: owner"),
            ({"owners": [{"resources": []}]}, "missing required arguments: name found in owners"),
            ({"owners": None}, "one of the following is required: owners, reports"),
            ({"declared": [{**DECLARED, "kind": "wa"}]}, "value of kind must be one of: workload, lens"),
        ],
    )
    def test_is_refused_by_the_argument_spec(self, tmp_path: Path, options: Any, message: str) -> None:
        with pytest.raises(AnsibleActionFail, match=message):
            run(tmp_path, **options)
        assert contents(tmp_path) == {}

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            *(
                ({"mode": mode}, "mode: .* is not four octal digits")
                for mode in (0o640, "640", "u=rw", "00640", "0888")
            ),
            ({"path": "/nowhere/at/all.html"}, "path: The folder /nowhere/at does not exist. Create it first."),
            ({"csv_path": "/tmp"}, "csv_path: /tmp is not a file"),
            ({"csv_path": "/tmp/a", "json_path": "/tmp/a"}, "json_path: /tmp/a is also csv_path"),
            ({"allowed_principals": ["unknown"]}, r"allowed_principals\[0\]: 'unknown' is not a valid principal"),
            ({"principals": {"a": "b\x1b"}}, r"principals.a: 'b\\x1b' is not a valid principal"),
            ({"declared": [{**DECLARED, "until": "soon"}]}, r"declared\[0\]\.until: 'soon'"),
            ({"owners": [{"name": "a", "resources": [{}]}]}, r"owners\[0\]\.resources\[0\]: This is not what"),
            (
                {"previous_json_path": "/nowhere/a.json"},
                "previous_json_path: /nowhere/a.json cannot be read: No such file",
            ),
        ],
    )
    def test_is_refused_with_its_path(self, tmp_path: Path, options: Any, message: str) -> None:
        result = run(tmp_path, **options)
        assert result["failed"] is True
        assert re.match(message, result["msg"])
        assert contents(tmp_path) == {}

    def test_a_file_that_is_not_a_report_is_not_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_text('{"mine": true}', "utf-8")
        assert run(tmp_path)["msg"].endswith("a.json is not a report of this version. Move it, or use another path.")
        assert contents(tmp_path) == {"a.json": b'{"mine": true}'}
