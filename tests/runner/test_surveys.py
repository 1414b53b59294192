# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the pattern's playbooks make of answers: variables of the roles. The roles are stand-ins that return these."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import Emulator

from .awx import PATTERN, Answers, Controller, extra_variables

PLAYBOOKS = {
    "onboard": "onboard_accounts",
    "collect": "collect_workloads",
    "offboard": "offboard_accounts",
    "audit": "audit",
    "collect_new": "collect_new_workloads",
    "onboard_new": "onboard_new_accounts",
}
HOSTS = {f"team-{number}": {"aws_account_id": f"11112222333{number}"} for number in (1, 2)}
ODD = "Platform {{ 1 + 1 }} {0} %s <b>'\\ 🚀 دفعات"
RESOURCES = [{"workload": "*ayments", "permission_type": "CONTRIBUTOR"}, {"lens": ODD}]
ANSWERS: Answers = {
    "survey_regions": "eu-west-1, all",
    "survey_resources": json.dumps(RESOURCES, ensure_ascii=False),
    "survey_shared_with": '111122223333\n444455556666,"012345670123" o-abcdefghij',
    "survey_permission_type": "CONTRIBUTOR",
    "survey_purge_shares": "false",
    "survey_renew": ["EXPIRED", "REJECTED"],
    "survey_wait": "true",
    "survey_accounts": "999988887777",
    "survey_role_name": "Reviews",
    "survey_also_with": "777766665555 ",
    "survey_undeclared": "report",
    "survey_ignore": "Sandbox *\r\nPay, EU\r\n",
    "survey_fail_on_drift": "false",
    "survey_report_file": "../../outside/page.html",
    "survey_created": "--- [{'account_id': '012345670123', 'region': 'eu-west-1'}]",
    "survey_joined": "--- ['012345670123']",
}
DECLARED = {
    "regions": ["us-east-1"],
    "resources": [{"workload": "*", "exclude": ["Sandbox *"]}],
    "shared_with": ["o-inventory00"],
    "permission_type": "CONTRIBUTOR",
    "purge_shares": True,
    "renew": [],
    "wait": False,
    "accounts": ["222233334444"],
    "also_with": ["333344445555"],
    "undeclared": "ignore",
    "ignore": ["Old *"],
    "fail_on_drift": True,
    "report_path": "inventory.html",
    "allowed_principals": ["111122223333"],
    "max_removals": 1,
}
KINDS = ("share", "onboard", "collect", "offboard", "audit")


@pytest.fixture(scope="module")
def stand_ins(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collections path whose role wa_share and playbooks set their variables as artifacts, with the pattern."""
    path = tmp_path_factory.mktemp("stand_ins")
    collection = path / "ansible_collections" / "wellarchitected" / "sharing"
    variables = "{{ dict(names | zip(query('ansible.builtin.vars', *names))) }}"

    def artifact(name: str) -> dict[str, Any]:
        names = f"{{{{ query('ansible.builtin.varnames', '^(wa_)?{name.removesuffix('_new')}_') }}}}"
        data = {name: variables, "roles": "{{ groups['accounts'] | map('extract', hostvars, 'wa_accept_role_arn') }}"}
        task = {"ansible.builtin.set_stats": {"data": data, "aggregate": False}}
        return {**task, "run_once": True, "vars": {"names": names}}

    (collection / "roles" / "wa_share" / "tasks").mkdir(parents=True)
    (collection / "playbooks").mkdir()
    shutil.copytree(project / PATTERN, collection / PATTERN)
    (collection / "roles" / "wa_share" / "tasks" / "main.yml").write_text(json.dumps([artifact("share")]))
    for name, playbook in PLAYBOOKS.items():
        hosts = "localhost" if name == "audit" else "accounts"
        play = {"hosts": hosts, "gather_facts": False, "tasks": [artifact(name)]}
        (collection / "playbooks" / f"{playbook}.yml").write_text(json.dumps([play]))
    return path


def variables_of_roles(
    controller: Controller, stand_ins: Path, answers: Answers, template: Answers | None = None
) -> dict[str, Any]:
    """What the roles get, by playbook, from one run of all playbooks. ``template``: variables of the job template."""
    controller.collections = stand_ins
    declared = {f"wa_{kind}_{option}": value for kind in KINDS for option, value in DECLARED.items()}
    role = "arn:aws:iam::{{ aws_account_id }}:role/Inventory"
    controller.inventory = {
        "all": {"vars": declared},
        "accounts": {"hosts": list(HOSTS), "vars": {"wa_accept_role_arn": role}},
        "_meta": {"hostvars": HOSTS},
    }
    pattern = stand_ins / "ansible_collections" / "wellarchitected" / "sharing" / PATTERN
    books = [pattern / "playbooks" / f"{name}.yml" for name in ("share", *PLAYBOOKS)]
    wrapper = controller.folder / "all.yml"
    wrapper.write_text(json.dumps([{"ansible.builtin.import_playbook": str(book)} for book in books]))
    job = controller.run_file(wrapper, extra_variables({**(template or {}), **answers}, template or {}))
    assert job.status == "successful", job.messages
    return job.artifacts


def options(artifacts: dict[str, Any], kind: str) -> dict[str, Any]:
    """The options of a role that the survey can set."""
    found = {name.removeprefix(f"wa_{kind}_"): value for name, value in artifacts[kind].items()}
    return {name: value for name, value in found.items() if f"survey_{name}" in ANSWERS or name == "report_path"}


def test_answers_become_variables_of_the_roles(controller: Controller, stand_ins: Path) -> None:
    template = {"wa_audit_permission_type": "READONLY", "wa_report_folder": f"{controller.folder}/{{{{ 'mounted' }}}}"}
    got = variables_of_roles(controller, stand_ins, ANSWERS, template)

    regions = ["eu-west-1", "all"]
    shared_with = ["111122223333", "444455556666", "012345670123", "o-abcdefghij"]
    assert options(got, "share") == {
        **{option: DECLARED[option] for option in ("accounts", "also_with", "undeclared", "ignore", "fail_on_drift")},
        "regions": regions,
        "resources": RESOURCES,
        "shared_with": shared_with,
        "permission_type": "CONTRIBUTOR",
        "purge_shares": False,
        "renew": ["EXPIRED", "REJECTED"],
        "wait": True,
        "report_path": "inventory.html",
    }
    assert (options(got, "onboard")["regions"], options(got, "onboard")["resources"]) == (regions, RESOURCES)
    assert options(got, "collect")["also_with"] == ["777766665555"]
    assert options(got, "offboard")["accounts"] == ["999988887777"]
    audit = options(got, "audit")
    assert audit["ignore"] == ["Sandbox *", "Pay, EU"]
    assert (audit["undeclared"], audit["fail_on_drift"]) == ("report", False)
    assert (
        audit["report_path"] == f"{controller.folder}/mounted/page.html"
    )  # a file below the fixed folder, and no path
    assert audit["permission_type"] == "READONLY"  # a variable of the job template wins over the answer
    assert got["collect_new"]["collect_created"] == [{"account_id": "012345670123", "region": "eu-west-1"}]
    assert got["onboard_new"]["onboard_joined"] == ["012345670123"]
    assert got["roles"] == [
        "arn:aws:iam::111122223331:role/Inventory",
        "arn:aws:iam::111122223332:role/Inventory",
        "arn:aws:iam::999988887777:role/Reviews",
    ]


def test_empty_answers_leave_the_variables_of_the_inventory(controller: Controller, stand_ins: Path) -> None:
    empty = {name: ("", None)[number % 2] for number, name in enumerate(ANSWERS)}
    answers = {**empty, "survey_created": "[]", "survey_joined": "[]"}

    got = variables_of_roles(controller, stand_ins, answers)

    for kind in KINDS:
        assert {f"wa_{kind}_{option}": value for option, value in DECLARED.items()}.items() <= got[kind].items()


def test_a_single_account_id_arrives_or_is_refused(endpoint: Emulator, controller: Controller) -> None:
    """ansible-core 2.19 and later read an answer of digits as a number, octal if it begins with 0."""
    endpoint.create_workload("Payments")
    answers = {"survey_regions": "us-east-1", "survey_resources": "- workload: Payments"}

    job = controller.launch("Share resources", {**answers, "survey_shared_with": "111122223333"})
    assert job.status == "successful", job.messages

    job = controller.launch("Share resources", {**answers, "survey_shared_with": "012345670123"})
    if job.status == "failed":
        assert "012345670123" in job.messages
        job = controller.launch("Share resources", {**answers, "survey_shared_with": '"012345670123"'})
    assert job.status == "successful", job.messages
    assert {share["shared_with"] for share in endpoint.shares()} == {"111122223333", "012345670123"}


def test_an_audit_writes_its_report_below_the_folder_of_the_template(
    endpoint: Emulator, controller: Controller, tmp_path: Path
) -> None:
    endpoint.create_workload("Payments")
    controller.variables = {"wa_report_folder": str(tmp_path / "reports")}
    answers = {
        "survey_regions": "us-east-1",
        "survey_resources": "- workload: Payments",
        "survey_shared_with": "o-abcdefghij",
        "survey_report_file": "../../outside.html",
    }

    job = controller.launch("Audit shares", answers)

    assert job.status == "failed"
    assert len(job.artifacts["wa_audit_drift"]) == 1, job.messages
    assert "Payments" in (tmp_path / "reports" / "outside.html").read_text(encoding="utf-8")
