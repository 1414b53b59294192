# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module wa_share_report, which runs on the control node."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase

from ..module_utils._errors import InvalidInput
from ..module_utils._kinds import KINDS
from ..module_utils._names import escape_controls
from ..plugin_utils._report.csv_text import csv_text
from ..plugin_utils._report.evidence import build_evidence
from ..plugin_utils._report.files import File, file_of, read_existing, resolve_paths, write_files
from ..plugin_utils._report.owners import Owner
from ..plugin_utils._report.page import render_page
from ..plugin_utils._report.report import ReportOptions, build_report
from ..plugin_utils._report.shape import TIME_FORMAT, Row, parse_report

_ROWS = {"type": "list", "elements": "dict"}
_STRINGS = {"type": "list", "elements": "str"}
OPTIONS: Mapping[str, Any] = {
    "owners": {
        **_ROWS,
        "options": {
            "name": {"type": "str", "required": True},
            "resources": _ROWS,
            "places": {**_ROWS, "default": []},
            "error": {"type": "str"},
        },
    },
    "reports": {
        **_ROWS,
        "options": {"name": {"type": "str", "required": True}, "path": {"type": "path", "required": True}},
    },
    "not_read": {**_STRINGS, "default": []},
    "path": {"type": "path", "required": True},
    "csv_path": {"type": "path"},
    "json_path": {"type": "path"},
    "previous_json_path": {"type": "path"},
    "evidence_path": {"type": "path"},
    "evidence": {
        "type": "dict",
        "options": {
            **{name: {"type": "str"} for name in ("account_id", "arn", "job_id", "revision")},
            "drift": _ROWS,
            "undeclared": _ROWS,
            "declaration": {"type": "raw"},
        },
    },
    "mode": {"type": "str", "default": "0600"},
    "title": {"type": "str", "default": ReportOptions.title},
    "principals": {"type": "dict"},
    "known_accounts": {
        **_ROWS,
        "default": [],
        "options": {"account_id": {"type": "str", "required": True}, "name": {"type": "str"}},
    },
    "allowed_principals": _STRINGS,
    "organization": _STRINGS,
    "pending_days": {"type": "float", "default": ReportOptions.pending_days},
    "declared": {
        **_ROWS,
        "options": {
            "kind": {"type": "str", "required": True, "choices": list(KINDS)},
            **{name: {"type": "str"} for name in ("arn", "id", "name", "account_id", "region")},
            "shared_with": {"type": "str", "required": True},
            "permission_type": {"type": "str"},
            "until": {"type": "raw"},
            "reason": {"type": "str"},
            "where": {"type": "str"},
        },
    },
}


class ActionModule(ActionBase):
    _requires_connection = False
    _supports_async = False
    _supports_check_mode = True
    _supports_diff = True
    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        self._task.args = {key: _drop_blanks(value) for key, value in self._task.args.items() if value is not None}
        _validated, options = self.validate_argument_spec(OPTIONS, required_one_of=[("owners", "reports")])
        try:
            paths = _resolve_paths(options)
            now = datetime.now(timezone.utc)
            report = _build_report(options, paths["json_path"], now)
            files = _make_files(report, paths, _parse_mode(options["mode"]))
            # No empty page replaces the last one where nothing at all could be read.
            owners = options["owners"] or ()
            is_read = bool(options["reports"]) or any(owner["resources"] is not None for owner in owners)
            changed = [file for file in files if is_read and file.is_changed]
            if "evidence_path" in paths:
                evidence = build_evidence(
                    options["evidence"] or {}, report, now.strftime(TIME_FORMAT), files if is_read else ()
                )
                changed.append(file_of(paths["evidence_path"], _to_json(evidence), files[0].mode))
            if not self._task.check_mode:
                write_files(changed)
        except (InvalidInput, OSError) as error:
            message = str(error) if isinstance(error, InvalidInput) else f"Failed to write the report: {error}"
            return {**result, "failed": True, "msg": _escape_lines(message)}
        result.update(
            changed=bool(changed),
            **paths,
            **{key: report[key] for key in ("counts", "attention", "changes", "not_read")},
        )
        if self._task.diff:
            result["diff"] = _differences(changed, paths["csv_path"])
        return result


def _drop_blanks(value: Any) -> Any:
    """The value without null and empty strings in its dictionaries: templates make them of what is not set."""
    if isinstance(value, Mapping):
        return {key: item for key, item in value.items() if item not in (None, "")}
    return [_drop_blanks(item) for item in value] if isinstance(value, (list, tuple)) else value


def _resolve_paths(options: Mapping[str, Any]) -> dict[str, str]:
    stem = re.sub(r"\.[^./]*$", "", options["path"])
    paths = {
        "path": options["path"],
        "csv_path": options["csv_path"] or f"{stem}.csv",
        "json_path": options["json_path"] or f"{stem}.json",
    }
    if options["evidence_path"]:
        paths["evidence_path"] = options["evidence_path"]
    return resolve_paths(paths)


def _parse_mode(text: str) -> int:
    """Raises InvalidInput for everything but octal digits in quotes."""
    if re.fullmatch("0[0-7]{3}", text):
        return int(text, 8)
    raise InvalidInput([f"mode: {text!r} is not four octal digits. Put them in quotes, as in '0640'."])


def _build_report(options: Mapping[str, Any], json_path: str, now: datetime) -> Row:
    existing = read_existing(json_path)
    text = existing[0].decode("utf-8", errors="replace") if existing else ""
    before = parse_report(text)
    if text.strip() and before is None:
        raise InvalidInput([f"json_path: {json_path} is not a report of this version. Move it, or use another path."])
    since = _read_report(options["previous_json_path"]) if options["previous_json_path"] else None
    if isinstance(since, str):
        raise InvalidInput([f"previous_json_path: {since}"])
    names = (one for one in ReportOptions.__dataclass_fields__ if one != "known_accounts")
    known = {one["account_id"]: one["name"] for one in options["known_accounts"] if one["name"]}
    owners = [
        Owner(owner["name"], owner["resources"], owner["places"], owner["error"] or "")
        for owner in options["owners"] or ()
    ]
    reports = {one["name"]: _read_report(one["path"]) for one in options["reports"] or ()}
    given = {name: options[name] for name in names}
    return build_report(owners, now, ReportOptions(**given, known_accounts=known), before, since, reports)


def _read_report(path: str) -> Row | str:
    """The report in the JSON file, or why there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return parse_report(file.read()) or f"{path} is not a report of this version."
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}."


def _make_files(report: Row, paths: Mapping[str, str], mode: int) -> list[File]:
    texts = {"path": render_page(report), "csv_path": csv_text(report), "json_path": _to_json(report)}
    return [file_of(paths[option], text, mode) for option, text in texts.items()]


def _to_json(content: Row) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _differences(changed: Sequence[File], csv_path: str) -> list[dict[str, str]]:
    """What --diff shows: a line for each file, then the lines of the CSV file, which are the shares."""
    found = [
        {"prepared": _escape_lines(f"{file.path}: {_state(file.existing)} -> {_state((file.content, file.mode))}\n")}
        for file in changed
    ]
    for file in changed:
        before = file.existing[0] if file.existing else b""
        small = max(len(before), len(file.content)) <= constants.MAX_FILE_SIZE_FOR_DIFF
        if file.path == csv_path and before != file.content and small:
            headers = dict.fromkeys(("before_header", "after_header"), _escape_lines(file.path))
            found.append({**headers, "before": _escape_lines(before), "after": _escape_lines(file.content)})
    return found


def _state(content: tuple[bytes, int] | None) -> str:
    return f"{len(content[0])} bytes, mode {content[1]:04o}" if content else "absent"


def _escape_lines(text: str | bytes) -> str:
    """The text for a terminal. Line breaks stay."""
    decoded = text.decode("utf-8", errors="replace") if isinstance(text, bytes) else text
    return "\n".join(map(escape_controls, decoded.replace("\r\n", "\n").split("\n")))
