# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the module wa_share_report documents. It runs on the controller."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase

from ..module_utils._model.invalid_input import Faults, InvalidInput
from ..module_utils._model.kinds import KINDS
from ..module_utils._model.reading import read_options
from ..plugin_utils._report.changes import Since, comparable
from ..plugin_utils._report.content import Wishes, report_on
from ..plugin_utils._report.files import File, Paths, files_of, paths_of, text_before, write
from ..plugin_utils._report.owners import Owner
from ..plugin_utils._report.sightings import previous_report
from ..plugin_utils.survey_text import NAMED_WORDS, WORDS, Form, Words, read_texts
from ..plugin_utils.variables import in_words_of_the_user, misspelt

OPTIONS: Mapping[str, Any] = {
    "owners": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "resources": {"type": "list", "elements": "dict", "required": True},
            "places": {"type": "list", "elements": "dict", "default": []},
        },
    },
    "not_read": {"type": "list", "elements": "str", "default": []},
    "path": {"type": "path", "required": True},
    "csv_path": {"type": "path"},
    "json_path": {"type": "path"},
    "mode": {"type": "raw", "default": "0600"},
    "title": {"type": "str", "default": Wishes.title},
    "principals": {"type": "dict"},
    "allowed_principals": {"type": "list", "elements": "str"},
    "organization": {"type": "list", "elements": "str"},
    "pending_days": {"type": "float", "default": Wishes.pending_days},
    "declared": {
        "type": "list",
        "elements": "dict",
        "options": {
            "kind": {"type": "str", "required": True, "choices": list(KINDS)},
            "arn": {"type": "str"},
            "id": {"type": "str"},
            "name": {"type": "str"},
            "account_id": {"type": "str"},
            "region": {"type": "str"},
            "shared_with": {"type": "str", "required": True},
            "permission_type": {"type": "str"},
            "until": {"type": "raw"},
            "reason": {"type": "str"},
            "where": {"type": "str"},
        },
    },
    "previous_json_path": {"type": "path"},
}
#: the options that a survey's text may be
FORMS: Mapping[str, Form] = {
    "allowed_principals": Words(when_only_comments=[]),
    "organization": WORDS,
    "principals": NAMED_WORDS,
}


class ActionModule(ActionBase):
    _requires_connection = False
    _supports_async = False
    _supports_check_mode = True
    _supports_diff = True
    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        variables = task_vars or {}
        faults = Faults(f"{name}: {why}" for name, why in misspelt(variables).items())
        options = read_options(OPTIONS, read_texts(self._task.args, FORMS), faults.found)
        try:
            mode = 0
            with faults.collected():
                mode = mode_of(options["mode"])
            faults.refuse()
            paths = paths_of(options["path"], options["csv_path"], options["json_path"])
            before = previous_report(text_before(paths.json))
            since, warning = _since(options["previous_json_path"], before)
            report = report_on(
                [Owner(**owner) for owner in options["owners"]],
                datetime.now(timezone.utc),
                Wishes(**{wish: options[wish] for wish in Wishes.__dataclass_fields__}),
                before,
                since,
            )
            changed = [file for file in files_of(report, paths, mode) if file.changed]
            if not self._task.check_mode:
                write(changed)
        except InvalidInput as error:
            return failed(result, str(in_words_of_the_user(self._task, error, variables)))
        except OSError as error:
            return failed(result, f"Failed to write the report: {error}")
        result.update(
            changed=bool(changed),
            path=paths.page,
            csv_path=paths.csv,
            json_path=paths.json,
            counts=report["counts"],
            attention=report["attention"],
            changes=report["changes"],
        )
        if warning:
            result["warnings"] = [warning]
        if self._task.diff:
            result["diff"] = differences(changed, paths)
        return result


def failed(result: dict[str, Any], msg: str) -> dict[str, Any]:
    return {**result, "failed": True, "msg": msg}


def _since(path: str | None, before: Mapping[str, Any] | None) -> tuple[Since | None, str]:
    """The report that somebody chose to compare with, if any, and why there is none to compare with."""
    if path:
        try:
            report = previous_report(text_before(path, must_be=True))
            if report is not None and comparable(report):
                return Since(report), ""
            why = "it is not a report of this version"
        except InvalidInput:
            why = "it is not a report"
        except OSError as error:
            why = str(error)
        return Since(None), f"previous_json_path: the report cannot say what changed since {path}: {why}"
    if before is not None and not comparable(before):
        return None, "The report cannot say what changed: the JSON file that it replaces is not of this version"
    return None, ""


def mode_of(given: Any) -> int:
    """The permissions that ``given`` names. Raises InvalidInput for whatever could be read in two ways."""
    if isinstance(given, str) and re.fullmatch("0[0-7]{3}", given):
        return int(given, 8)
    raise InvalidInput(
        [
            f"mode: it is {given!r}, not octal digits in quotes such as '0640': "
            "YAML and templates make another number of it without"
        ]
    )


def differences(changed: Sequence[File], paths: Paths) -> list[dict[str, str]]:
    """What --diff shows: each file in one line, then what the CSV file says, which has one line for each share."""
    found = [
        {"prepared": f"{file.path}: {_state_before(file)} -> {_state(file.content, file.mode)}\n"} for file in changed
    ]
    return found + [_lines_of(file) for file in changed if file.path == paths.csv and _has_lines_to_show(file)]


def _has_lines_to_show(file: File) -> bool:
    before = file.content_before or b""
    return before != file.content and max(len(before), len(file.content)) <= constants.MAX_FILE_SIZE_FOR_DIFF


def _lines_of(file: File) -> dict[str, str]:
    return {
        "before_header": file.path,
        "after_header": file.path,
        "before": (file.content_before or b"").decode("utf-8", errors="replace"),
        "after": file.content.decode("utf-8"),
    }


def _state_before(file: File) -> str:
    if file.content_before is None or file.mode_before is None:
        return "absent"
    return _state(file.content_before, file.mode_before)


def _state(content: bytes, mode: int) -> str:
    return f"{len(content)} bytes, mode {mode:04o}"
