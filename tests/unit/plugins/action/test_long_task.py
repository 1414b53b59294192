# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the action plugins do around their modules: text is read, progress is asked for where it can be, no more."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import fragment_loader
from ansible.utils.plugin_docs import get_docstring
from ansible_collections.wellarchitected.sharing.plugins.module_utils._engine.progress import VARIABLE
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.invalid_input import InvalidInput
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils import long_task
from ansible_collections.wellarchitected.sharing.plugins.plugin_utils.survey_text import read_texts

PLUGINS = "ansible_collections.wellarchitected.sharing.plugins"
NAMES = ["wa_shares", "wa_share_audit", "wa_share_info", "wa_share_invitation"]
GIVEN = {"resources": "- workload: *prod*", "shared_with": "111122223333 444455556666", "wait": ""}
READ = {"resources": [{"workload": "*prod*"}], "shared_with": ["111122223333", "444455556666"]}


class Run:
    """One run of an action plugin, with a module that only notes how it was called."""

    def __init__(self, name: str = "wa_shares", **task: Any) -> None:
        self.called: list[dict[str, Any]] = []
        self.environments: list[Any] = []
        self.variables = {"inventory_hostname": "web", **task.pop("variables", {})}
        self.task = mock.Mock(_role=None, args={}, async_val=0, no_log=False, environment=[{"MINE": "1"}], diff=False)
        self.task.delegate_to = None
        self.task.configure_mock(**task)
        self.connection = mock.Mock(transport="local", has_native_async=False)
        plugin = importlib.import_module(f"{PLUGINS}.action.{name}").ActionModule
        self.plugin = plugin(self.task, self.connection, mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock())

    def __call__(self, **answer: Any) -> dict[str, Any]:
        def module(_plugin: Any, **called: Any) -> dict[str, Any]:
            self.called.append(called)
            self.environments.append(self.task.environment)
            return answer

        with (
            mock.patch.object(ActionBase, "run", return_value={"from": "Ansible"}),
            mock.patch.object(ActionBase, "_execute_module", module),
            mock.patch.object(ActionBase, "_remove_tmp_path") as self.removed,
        ):
            return self.plugin.run(task_vars=self.variables)


@pytest.fixture(autouse=True)
def lines() -> Iterator[list[Any]]:
    """Who shows progress: each time one is made, it is noted here."""
    made: list[Any] = []

    @contextmanager
    def progress_lines(show: Any, folder: str) -> Iterator[dict[str, str]]:
        made.append(show)
        yield {VARIABLE: f"{folder}/progress"}

    with mock.patch.object(long_task, "progress_lines", progress_lines):
        yield made


def test_the_module_runs_once_with_what_the_text_means() -> None:
    run = Run(args=GIVEN)
    assert run(changed=True, summary={"created": 2}) == {"from": "Ansible", "changed": True, "summary": {"created": 2}}
    assert [call["module_args"] for call in run.called] == [READ]
    assert run.called[0]["wrap_async"] is False
    assert run.called[0]["task_vars"] == {"inventory_hostname": "web"}
    assert run.removed.called
    assert run.task.args == GIVEN


@pytest.mark.parametrize(
    ("name", "option"), [("wa_shares", "shared_with"), ("wa_share_info", "lens"), ("wa_share_invitation", "shared_by")]
)
def test_bad_text_is_handed_on_for_the_module_to_tell_with_the_rest(name: str, option: str) -> None:
    run = Run(name, args={option: "[a"})
    run()
    ((why,),) = [call["module_args"][option].values() for call in run.called]
    assert why.startswith("this text is not YAML: ")


@pytest.mark.parametrize("name", NAMES)
def test_a_misspelt_variable_is_handed_on_for_the_module_to_refuse(name: str) -> None:
    run = Run(name, args={}, variables={"wa_share_max_removal": 0, "wa_share_mine": 1})
    run()
    (options,) = [call["module_args"] for call in run.called]
    assert list(options) == ["wa_share_max_removal"]
    assert "did you mean wa_share_max_removals?" in str(options)


FAULTS = ["max_removals: 'two' is not a whole number", "resources[3].lens: it is empty", "There is no region: set it"]


@pytest.mark.parametrize(
    ("role", "says"),
    [
        (None, FAULTS),
        ("mine.own.wa_share", FAULTS),
        (
            "wellarchitected.sharing.wa_share",
            [
                "wa_share_max_removals: 'two' is not a whole number",
                "wa_share_resources[3].lens: it is empty",
                "There is no region: set it",
            ],
        ),
    ],
)
def test_the_faults_of_the_input_are_told_in_the_words_of_who_gave_it(role: str | None, says: list[str]) -> None:
    run = Run(args={"resources": [], "max_removals": "two"}, _role=role and mock.Mock(get_name=lambda: role))
    refused = run(failed=True, msg=f"Nothing was changed. {InvalidInput(FAULTS)}", faults=FAULTS)
    assert refused["msg"] == f"Nothing was changed. {InvalidInput(says)}"
    assert "faults" not in refused


def test_the_module_is_told_where_to_write_progress(lines: list[Any]) -> None:
    run = Run()
    run()
    (environment,) = run.environments
    assert environment[0] == {"MINE": "1"}
    assert environment[1][VARIABLE].endswith("/progress")
    assert run.task.environment == [{"MINE": "1"}]
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("before", "meanwhile"),
    [(None, []), ({}, [{}]), ({"MINE": "1"}, [{"MINE": "1"}]), (["{{ mine }}"], ["{{ mine }}"])],
)
def test_the_task_keeps_its_environment(before: Any, meanwhile: list[Any]) -> None:
    run = Run(environment=before)
    run()
    assert run.environments[0][:-1] == meanwhile
    assert run.task.environment == before


def test_a_module_that_breaks_leaves_the_task_as_it_was() -> None:
    run = Run()
    with mock.patch.object(run.plugin, "_execute_module", side_effect=KeyError("mine")), pytest.raises(KeyError):
        run()
    assert run.task.environment == [{"MINE": "1"}]


@pytest.mark.parametrize("task", [{"async_val": 600}, {"no_log": True}], ids=["in the background", "secret"])
def test_no_progress_of_what_is_in_the_background_or_secret(task: dict[str, Any], lines: list[Any]) -> None:
    run = Run(**task)
    run()
    assert lines == []
    assert run.environments == [[{"MINE": "1"}]]


@pytest.mark.parametrize("transport", ["ssh", "smart", "docker"])
def test_no_progress_from_another_host(transport: str, lines: list[Any]) -> None:
    run = Run()
    run.connection.transport = transport
    run()
    assert lines == []


@pytest.mark.parametrize(("native", "wrapped"), [(False, True), (True, False)])
def test_a_task_in_the_background_is_ansible_s(native: bool, wrapped: bool) -> None:
    run = Run(async_val=600, args=GIVEN)
    run.connection.has_native_async = native
    run()
    assert run.called[0]["wrap_async"] is wrapped
    assert run.called[0]["module_args"] == READ
    assert run.removed.called is not wrapped


def test_a_line_says_of_which_host_and_stays_out_of_the_standard_output(
    lines: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    Run()()
    lines[0]("640 of 2,000 shares done")
    shown = capsys.readouterr()
    assert "progress: [web] 640 of 2,000 shares done" in shown.err
    assert shown.out == ""


DIFF = [{"before_header": "x", "before": "mine\n", "after_header": "x", "after": ""}]


@pytest.mark.parametrize(
    ("task", "failed", "shown"),
    [
        ({"diff": True}, True, True),
        ({"diff": True}, False, False),  # Ansible shows that one itself.
        ({"diff": False}, True, False),
        ({"diff": True, "no_log": True}, True, False),
    ],
    ids=["failed", "good", "without --diff", "secret"],
)
def test_what_a_failed_task_would_have_changed_is_shown_beside_the_standard_output(
    task: dict[str, Any], failed: bool, shown: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    Run(**task)(failed=failed, diff=DIFF)
    printed = capsys.readouterr()
    assert ("-mine" in printed.err) is shown
    assert printed.out == ""


@pytest.mark.parametrize("name", NAMES)
def test_every_list_of_a_module_may_be_text(name: str) -> None:
    """A new option that takes a list needs its form, also in the entries of another."""
    module = importlib.import_module(f"{PLUGINS}.modules.{name}")
    forms = importlib.import_module(f"{PLUGINS}.action.{name}").ActionModule.forms
    options = get_docstring(module.__file__, fragment_loader)[0]["options"]
    compare(options, forms)
    for option, form in forms.items():
        if "suboptions" in options[option]:
            compare(options[option]["suboptions"], form.options)


@pytest.mark.parametrize("blank", ["", " \n"])
def test_a_guard_rail_that_was_left_blank_is_not_open(blank: str) -> None:
    forms = importlib.import_module(f"{PLUGINS}.action.wa_shares").ActionModule.forms
    given = read_texts({"allowed_principals": blank, "max_removals": blank}, forms)
    assert given == {"allowed_principals": [], "max_removals": blank}


def compare(options: dict[str, Any], forms: dict[str, Any]) -> None:
    lists = {option for option, said in options.items() if said["type"] == "list"}
    assert lists - set(forms) == set()
    assert set(forms) - set(options) == set()


ROLE = {"wa__role": {"result_path": "", "needed": {"resources": "it is meant"}}}
FAILURE = {"changed": True, "failed": True, "msg": "1 of 9.\nThis.\nThat.", "resources": [{"error": "This"}] * 9}


def of_role(**changes: Any) -> Run:
    run = Run(args=GIVEN, vars={"wa__role": {**ROLE["wa__role"], **changes}}, check_mode=False)
    run.plugin._templar.template = lambda given: given
    return run


def test_a_run_ends_with_a_line_of_what_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    Run(args=GIVEN, check_mode=False)(resources=[{}], summary={"created": 2})
    assert capsys.readouterr().out == "[web] 1 resource in 1 place: 2 created; 1 s\n"


@pytest.mark.parametrize("task", [{"no_log": True}, {"async_val": 600}])
def test_nothing_is_said_of_what_is_secret_or_in_the_background(
    task: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    Run(args=GIVEN, check_mode=False, **task)(resources=[{}], summary={"created": 2})
    Run("wa_share_info", check_mode=False)(resources=[{}], summary={"resources": 1})
    assert capsys.readouterr().out == ""


def test_a_failure_of_a_module_is_the_modules() -> None:
    assert Run(args=GIVEN)(**FAILURE) == {"from": "Ansible", **FAILURE}


def test_a_failure_of_a_role_is_short_with_the_whole_where_ansible_prints_nothing_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = of_role()(**FAILURE, exception="a traceback", invocation={})
    assert result == {
        "failed": True,
        "changed": True,
        "msg": "1 of 9. (the lines above say more)",
        "diff": {"whole": {"from": "Ansible", **FAILURE}},
    }
    assert capsys.readouterr().out == "1 of 9.\nThis.\nThat.\n"


def test_what_a_role_needs_is_told_by_the_module_with_all_other_faults() -> None:
    run = of_role()
    run.task.args = {}
    run()
    assert run.called[0]["module_args"] == {"resources": {"unreadable": "it is missing: it is meant"}}


def test_a_file_that_cannot_be_written_is_told_with_all_other_faults(tmp_path: Path) -> None:
    run = of_role(result_path=str(tmp_path / "no" / "result.json"))
    with mock.patch.object(long_task, "role_of", return_value="wa_share"):
        run()
    assert "there is no folder" in run.called[0]["module_args"]["wa_share_result_path"]["unreadable"]


def test_the_result_of_a_role_is_written_whole_but_not_in_check_mode(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    run = of_role(result_path=str(path))
    run.task.check_mode = True
    run(**FAILURE)
    assert not path.exists()
    of_role(result_path=str(path))(**FAILURE, exception=object(), warnings=["Mind"])
    assert json.loads(path.read_text("utf-8")) == {"from": "Ansible", **FAILURE, "warnings": ["Mind"]}
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_result_that_cannot_be_written_is_a_failure_that_tells_the_rest(tmp_path: Path) -> None:
    with mock.patch.object(long_task, "write", side_effect=OSError("no space")):
        result = of_role(result_path=str(tmp_path / "result.json"))(changed=True, summary={"created": 2})
    assert result["failed"]
    assert result["msg"].startswith("Failed to write the result to ")
    assert result["diff"]["whole"]["summary"] == {"created": 2}
