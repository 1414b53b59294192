# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action: what it writes, what it returns, and what it says in check mode, with --diff and of wrong options."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible.plugins.loader import fragment_loader
from ansible.utils.plugin_docs import get_docstring
from ansible_collections.wellarchitected.sharing.plugins.action import wa_share_report as action_module
from ansible_collections.wellarchitected.sharing.plugins.action.wa_share_report import OPTIONS, ActionModule, mode_of
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.modules import wa_share_report as documentation

ANA = "444455556666"


def entry(name: str = "payments", status: str = "ACCEPTED") -> dict[str, Any]:
    """What wa_share_info returns for one workload with one share."""
    arn = f"arn:aws:wellarchitected:eu-west-1:111122223333:workload/{'0' * 32}"
    return {
        "resource": {"kind": "workload", "id": "0" * 32, "arn": arn, "name": name},
        "shares": [
            {
                "shared_with": ANA,
                "share_id": "s-1",
                "status": status,
                "status_message": None,
                "permission_type": "READONLY",
            }
        ],
    }


def run(
    folder: Path, *entries: dict[str, Any], check: bool = False, diff: bool = False, **options: Any
) -> dict[str, Any]:
    """The result of the task, with the page in ``folder``."""
    arguments = {
        "path": str(folder / "a.html"),
        "owners": [{"name": "platform", "resources": list(entries) or [entry()]}],
        **options,
    }
    task = SimpleNamespace(
        args=arguments, action="wa_share_report", async_val=0, check_mode=check, diff=diff, environment=None
    )
    context = SimpleNamespace(check_mode=check, diff=diff)
    # Only what ActionBase itself looks at: nothing of this runs on a host.
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
    plugin = ActionModule(task, connection, context, None, None, None)
    plugin._load_name = "wellarchitected.sharing.wa_share_report"
    return plugin.run(task_vars={})


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_writes_three_files_and_says_where_they_are_and_what_is_in_them(tmp_path: Path) -> None:
    result = run(tmp_path, entry(status="FAILED"))
    assert result["changed"] is True
    assert [result[path] for path in ("path", "csv_path", "json_path")] == [
        str(tmp_path / name) for name in ("a.html", "a.csv", "a.json")
    ]
    assert result["counts"]["statuses"] == {"FAILED": 1}
    assert [group["reason"] for group in result["attention"]] == ["failed"]
    assert "diff" not in result
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["attention"] == result["attention"]


def test_its_return_values_are_those_documented(tmp_path: Path) -> None:
    documented = yaml.safe_load(documentation.RETURN)
    run(tmp_path, entry(status="PENDING"))
    result = run(tmp_path, entry(status="FAILED"))
    assert set(result) - {"changed"} == set(documented)
    assert set(result["counts"]) == set(documented["counts"]["sample"])
    group = documented["attention"]["contains"]
    assert set(result["attention"][0]) == set(group)
    assert set(result["attention"][0]["shares"][0]) == set(group["shares"]["contains"])
    step = documented["changes"]["contains"]
    assert set(result["changes"][0]) == set(step)
    assert set(result["changes"][0]["rows"][0]) == set(step["rows"]["contains"])


def test_its_options_are_those_documented() -> None:
    # ansible-test compares them for modules only.
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


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path)
    before = contents(tmp_path)
    assert run(tmp_path)["changed"] is False
    assert contents(tmp_path) == before


def test_only_its_user_can_read_the_files_unless_told_otherwise(tmp_path: Path) -> None:
    run(tmp_path)
    assert modes(tmp_path) == {0o600}
    assert run(tmp_path, mode="0640")["changed"] is True
    assert modes(tmp_path) == {0o640}
    assert run(tmp_path)["changed"] is True
    assert modes(tmp_path) == {0o600}


@pytest.mark.parametrize("mode", [0o640, 640, "640", "u=rw", "00640", "0888", "1640", None, ""])
def test_a_mode_that_can_be_read_in_two_ways_is_refused(mode: Any) -> None:
    with pytest.raises(InvalidInput, match="not octal digits in quotes such as '0640'"):
        mode_of(mode)


def test_check_mode_says_what_would_change_and_writes_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, check=True)["changed"] is True
    assert contents(tmp_path) == {}
    run(tmp_path)
    before = contents(tmp_path)
    assert run(tmp_path, check=True)["changed"] is False
    assert run(tmp_path, entry(status="EXPIRED"), check=True)["changed"] is True
    assert contents(tmp_path) == before


def test_the_diff_shows_the_lines_of_the_csv_file(tmp_path: Path) -> None:
    run(tmp_path)
    *told, lines = run(tmp_path, entry(status="EXPIRED"), check=True, diff=True)["diff"]
    assert [line["prepared"].partition(": ")[0] for line in told] == [
        str(tmp_path / name) for name in ("a.html", "a.csv", "a.json")
    ]
    assert lines["before_header"] == lines["after_header"] == str(tmp_path / "a.csv")
    assert ",ACCEPTED,live," in lines["before"]
    assert ",EXPIRED,dead," in lines["after"]


def test_the_diff_tells_new_files_and_new_modes(tmp_path: Path) -> None:
    first = run(tmp_path, diff=True)["diff"]
    assert first[0]["prepared"].startswith(f"{tmp_path / 'a.html'}: absent -> ")
    assert first[0]["prepared"].endswith(" bytes, mode 0600\n")
    size = (tmp_path / "a.csv").stat().st_size
    mode = run(tmp_path, diff=True, mode="0644")["diff"]
    assert mode[1]["prepared"] == f"{tmp_path / 'a.csv'}: {size} bytes, mode 0600 -> {size} bytes, mode 0644\n"
    assert len(mode) == 3
    assert run(tmp_path, diff=True, mode="0644")["diff"] == []


def test_the_diff_of_a_large_csv_file_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_module.constants, "MAX_FILE_SIZE_FOR_DIFF", 100)
    assert all(set(difference) == {"prepared"} for difference in run(tmp_path, diff=True)["diff"])


def test_a_share_keeps_when_it_was_first_seen(tmp_path: Path) -> None:
    run(tmp_path, entry(status="PENDING"))
    json_file = tmp_path / "a.json"
    report = json.loads(json_file.read_text("utf-8"))
    report["resources"][0]["shares"][0]["first_seen"] = "2026-01-01T00:00:00Z"
    json_file.write_text(json.dumps(report), "utf-8")
    late = run(tmp_path, entry(status="PENDING"), pending_days=0.5)["attention"]
    assert [(group["reason"], group["shares"][0]["first_seen"]) for group in late] == [
        ("pending_long", "2026-01-01T00:00:00Z")
    ]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"allowed_principals": ["111122223333"]}, "not_allowed"),
        ({"allowed_principals": []}, "not_allowed"),
        ({"organization": ["111122223333"]}, "outside"),
    ],
)
def test_live_shares_are_judged_by_who_may_have_access(tmp_path: Path, options: dict[str, Any], reason: str) -> None:
    assert run(tmp_path)["attention"] == []
    assert [group["reason"] for group in run(tmp_path, **options)["attention"]] == [reason]


DECLARED = {"kind": "workload", "name": "payments", "shared_with": ANA}


def test_what_is_declared_is_given_as_rows_or_as_json(tmp_path: Path) -> None:
    rows = [{**DECLARED, "until": "2020-01-31", "reason": "a review", "id": None, "where": "resources[0]"}]
    for given in (rows, json.dumps(rows)):
        found = run(tmp_path, declared=given)["attention"]
        assert [(group["reason"], group["shares"][0]["declared"]) for group in found] == [("ended", ["resources[0]"])]


@pytest.mark.parametrize(("declared", "reasons"), [([], ["undeclared"]), (None, []), ("", [])])
def test_an_empty_list_declares_nothing_and_blank_text_is_none(tmp_path: Path, declared: Any, reasons: Any) -> None:
    assert [group["reason"] for group in run(tmp_path, declared=declared)["attention"]] == reasons


def test_what_changed_since_the_report_that_is_replaced_is_returned(tmp_path: Path) -> None:
    assert run(tmp_path, entry(status="PENDING"))["changes"] == []
    changes = run(tmp_path)["changes"]
    assert [step["counts"] for step in changes] == [{"accepted": 1}]
    assert run(tmp_path)["changed"] is False
    assert run(tmp_path, check=True)["changes"] == changes


def test_it_can_be_compared_with_another_report(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    run(tmp_path, entry(status="PENDING"))
    (tmp_path / "a.json").rename(tmp_path / "old" / "a.json")
    options = {"previous_json_path": str(tmp_path / "old" / "a.json")}
    first = run(tmp_path, **options)
    assert ([step["counts"] for step in first["changes"]], "warnings" in first) == ([{"accepted": 1}], False)
    assert run(tmp_path, **options)["changed"] is False


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "No such file"),
        ("", "it is not a report of this version"),
        ("no JSON", "it is not a report"),
        ("[1]", "it is not a report"),
        ('{"resources": [], "changed_at": "", "remembered": {}}', "it is not a report of this version"),
    ],
)
def test_an_earlier_report_that_cannot_be_read_is_a_warning(tmp_path: Path, text: str | None, why: str) -> None:
    path = tmp_path / "<b>{{ old }} %s.json"
    if text is not None:
        path.write_text(text, "utf-8")
    result = run(tmp_path, previous_json_path=str(path))
    (warning,) = result["warnings"]
    assert warning.startswith(f"previous_json_path: the report cannot say what changed since {path}: ")
    assert why in warning
    assert (result["changed"], result["changes"]) == (True, [])


def test_a_report_of_another_version_is_replaced_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"resources": [], "changed_at": "", "remembered": {}, "owners": ["a"]}', "utf-8")
    result = run(tmp_path)
    assert "is not of this version" in result["warnings"][0]
    assert "warnings" not in run(tmp_path)


def test_title_names_and_owners_not_read_are_in_the_report(tmp_path: Path) -> None:
    run(tmp_path, title="Ours", principals={"Ana": ANA}, not_read=["sandbox"])
    report = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert (report["title"], report["principals"][0]["name"]) == ("Ours", "Ana")
    assert [row["name"] for row in report["not_read"]] == ["sandbox"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": 0o600}, "mode: it is 384, not octal digits"),
        ({"path": "/nowhere/at/all.html"}, "there is no folder /nowhere/at. Make it first"),
        ({"allowed_principals": ["nobody"]}, r"allowed_principals\[0\]: 'nobody' is not a principal"),
        ({"declared": [{**DECLARED, "until": "soon"}]}, r"declared\[0\]\.until: 'soon' is neither a date"),
        ({"declared": [{**DECLARED, "kind": "wa"}]}, r"declared\[0\]\.kind: 'wa' is not one of workload, lens"),
        ({"declared": [{"name": "a"}]}, r"declared\[0\]\.kind: it is missing"),
        ({"owners": [{"name": "a", "resources": [{}]}]}, r"owners\[0\]\.resources\[0\]: there is no resource in it"),
    ],
)
def test_input_that_means_nothing_fails_and_nothing_is_written(tmp_path: Path, options: Any, message: str) -> None:
    result = run(tmp_path, **options)
    assert result["failed"] is True
    assert re.search(message, result["msg"])
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"owners": [{"resources": []}]}, r"^owners\[0\]\.name: it is missing$"),
        ({"owner": "a"}, r"^owner: there is no such option \(did you mean owners\?\)$"),
    ],
)
def test_options_that_there_are_not_are_refused(tmp_path: Path, options: Any, message: str) -> None:
    result = run(tmp_path, **options)
    assert result["failed"] is True
    assert re.search(message, result["msg"])
    assert contents(tmp_path) == {}


def test_a_file_that_is_no_report_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"mine": true}', "utf-8")
    assert "is not such a report" in run(tmp_path)["msg"]
    assert contents(tmp_path) == {"a.json": b'{"mine": true}'}


def test_a_disk_that_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_files: Any) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "a.html"))

    monkeypatch.setattr(action_module, "write", refuse)
    result = run(tmp_path)
    assert result["failed"] is True
    assert result["msg"].startswith("Failed to write the report: ")
    assert result["msg"].endswith(f"No space left on device: '{tmp_path / 'a.html'}'")
