# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example in the documentation runs as written, on the local endpoint, with the policies that its page names.

Each start of Ansible takes a second, so examples in a row are one run, and so are those of all modules.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.emulator.testing import OWNER, Emulator

from .conftest import Run, keys
from .documents import NOT_RUN, ROOT, RUN, Block, blocks_of, examples_of, plugins
from .in_process import Perform
from .pages import PAGES, ids, scene_of, set_page, shares_of
from .scene import RECIPIENTS, REGION, enable_organization_sharing, set_invitations, set_organization, set_resources

#: modules whose examples a recipient runs
OF_RECIPIENTS = ("wa_share_invitation", "wa_share_invitation_info")
# Modules whose examples use results of other tasks, which takes Ansible, each with a Region of its own.
CHAINED = dict(
    zip(
        (path.stem for path in plugins("modules") if "{{" in examples_of(path)),
        ("eu-central-1", "eu-north-1", "us-east-2", "us-west-2", "ca-central-1", "sa-east-1"),
    )
)
ALONE = [path for path in plugins("modules") if path.stem not in CHAINED]
SAMPLE = re.compile(r"^ *<!-- sample: (.+?) -->\n *```diff\n *\$ [^\n]+\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", ALONE, ids=ids)
def test_examples_of_the_module_run(path: Path, emulator: Emulator, perform: Perform) -> None:
    account = RECIPIENTS[0] if path.stem in OF_RECIPIENTS else None
    changes = set()
    for task in yaml.safe_load(examples_of(path)):
        # An invitation disappears once it is answered, so each example has its own.
        if path.stem == "wa_share_invitation" or not emulator.shares():
            emulator.reset()
            set_module(emulator, path.stem, REGION)
            emulator.clear_record()
        failure = perform(emulator.credentials(account), path.stem, task[f"wellarchitected.sharing.{path.stem}"])
        assert failure is None, f"{task['name']}: {failure}"
        changes |= {call for call in emulator.calls() if not call.startswith(("List", "Get"))}
    assert bool(changes) != path.stem.endswith("_info")


def test_examples_that_use_results_run(emulator: Emulator, run: Run, tmp_path: Path) -> None:
    """All in one run. Each module is a host, so that the recap shows which of them changed something."""
    plays: list[dict[str, Any]] = []
    for module, region in CHAINED.items():
        set_module(emulator, module, region)
        text = examples_of(ROOT / "plugins" / "modules" / f"{module}.py")
        tasks = yaml.safe_load(text.replace(f"region: {REGION}\n", f"region: {region}\n"))
        environment = {"AWS_REGION": region, **keys(emulator, None)}
        play = {"name": module, "hosts": module, "gather_facts": False, "environment": environment, "tasks": tasks}
        plays.append(play)
    (tmp_path / "examples.yml").write_text(yaml.safe_dump(plays, sort_keys=False), encoding="utf-8")
    variables = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    inventory = {"all": {"hosts": dict.fromkeys(CHAINED), "vars": variables}}
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")

    output = run(["ansible-playbook", "-i", "hosts.yml", "examples.yml"], "the EXAMPLES of modules")

    changed = {found[1]: found[2] != "0" for found in re.finditer(r"^(\w+) +: ok=.* changed=(\d+)", output, re.M)}
    # An example of wa_share_info is a task of wa_shares.
    assert {host: changed[host] for host in CHAINED if host != "wa_share_info"} == {
        host: not host.endswith("_info") for host in CHAINED if host != "wa_share_info"
    }


def set_module(emulator: Emulator, module: str, region: str) -> None:
    """Create what the examples of one module name, in a Region of its own."""
    set_resources(emulator, region)
    if module != "wa_organization_sharing":
        enable_organization_sharing(emulator, region)
    if "invitation" in module or module.endswith("_info"):
        set_invitations(emulator, region)
    if module == "wa_shares":
        emulator.seed(accounts=list(RECIPIENTS), regions=[REGION, "us-east-1"], workloads=1)
        emulator.create_lens("Platform Rules", account=RECIPIENTS[0], region=REGION)


@pytest.mark.parametrize("path", plugins("inventory"), ids=ids)
def test_examples_of_inventory_plugins_list_accounts(path: Path, emulator: Emulator, run: Run, tmp_path: Path) -> None:
    for number, text in enumerate(re.split(r"^---\n", examples_of(path), flags=re.MULTILINE)):
        if "plugin:" in text:
            emulator.reset()
            set_organization(emulator, RECIPIENTS[0] if "assume_role_arn" in text else None)
            list_hosts(run, tmp_path / f"{number}.{path.stem}.yml", text, ids(path))


def list_hosts(run: Run, file: Path, text: str, where: str) -> None:
    file.write_text(text, encoding="utf-8")
    assert "aws_account_id" in run(["ansible-inventory", "-i", str(file), "--list"], where)


def test_the_files_to_start_from_run(emulator: Emulator, run: Run, tmp_path: Path) -> None:
    """The folder examples: an account's roles are those of docs/iam/stackset.yml."""
    set_organization(emulator)
    set_resources(emulator)
    shutil.copytree(ROOT / "examples", tmp_path, dirs_exist_ok=True)
    for inventory in ("accounts.yml", "organization_accounts.yml"):
        listed = json.loads(run(["ansible-inventory", "-i", inventory, "--list"], f"examples/{inventory}"))
        hosts = listed["_meta"]["hostvars"]
        assert sorted(hosts) == sorted(listed["accounts"]["hosts"])
        for host in hosts.values():
            assert host["aws_account_id"] != OWNER
            assert ":role/WellArchitectedShare" in host["wa_share_role_arn"]
            assert ":role/WellArchitectedAccept" in host["wa_accept_role_arn"]
    onboard = "ansible-playbook -i accounts.yml wellarchitected.sharing.onboard_accounts -e @resources.yml"
    run(onboard.split(), "examples/accounts.yml and examples/resources.yml")
    assert {share["status"] for share in emulator.shares()} == {"ACCEPTED"}


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_example_of_the_page_runs(path: Path, emulator: Emulator, run: Run, tmp_path: Path) -> None:
    set_page(path, emulator, tmp_path / "home")
    blocks = [block for block in blocks_of(path) if block.is_run]
    for block in blocks:
        if block.file_name:
            (tmp_path / block.file_name).write_text(block.text, encoding="utf-8")
    steps = [block for block in blocks if not block.file_name]
    for (kind, account), group in itertools.groupby(steps, lambda block: (kind_of_run(block), block.account)):
        together = list(group)
        if kind == "playbook":
            files = [write_playbook(block, tmp_path) for block in together]
            run(["ansible-playbook", *files], " and ".join(block.where for block in together), account)
        for block in together:
            if kind == "inventory":
                list_hosts(run, tmp_path / f"{block.line}.organization_accounts.yml", block.text, block.where)
            for words in commands_to_run(block):
                run(words, block.where, account)
    if (expected := scene_of(path).shares) is not None:
        assert shares_of(emulator) == expected


def commands_to_run(block: Block) -> list[list[str]]:
    """The commands of a block, without a preview of the next one: other tests show that check mode predicts a run."""
    found = [words for words in block.commands if words[0] in RUN]
    plain = [[word for word in words if word not in ("--check", "--diff")] for words in found]
    return [words for number, words in enumerate(found) if plain[number] not in found[number + 1 :]]


def kind_of_run(block: Block) -> str:
    return block.kind if block.kind in ("commands", "inventory") else "playbook"


def write_playbook(block: Block, folder: Path) -> str:
    """Write the block as a playbook, as it is or in one play, and return the file's name."""
    text = block.text
    if block.kind in ("tasks", "resources"):
        tasks = block.content
        if block.kind == "resources":
            tasks = [{"wellarchitected.sharing.wa_shares": {"resources": tasks, "shared_with": list(RECIPIENTS)}}]
        play = {"name": block.where, "hosts": "localhost", "gather_facts": False, "tasks": tasks}
        text = yaml.safe_dump([play], sort_keys=False)
    name = f"example-{block.line}.yml"
    (folder / name).write_text(text, encoding="utf-8")
    return name


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_block_of_the_page_is_run_or_says_why_not(path: Path) -> None:
    blocks = blocks_of(path)
    text = path.read_text(encoding="utf-8")
    for block in blocks:
        assert re.fullmatch(r"|as \d{12}|not run: .+", block.marker), f"{block.where}: {block.marker}"
        if block.kind == "commands":
            assert {words[0] for words in block.commands} <= {*RUN, *NOT_RUN}, f"{block.where}: is it to be run?"
        elif block.is_run:
            used = block.file_name and text.count(block.file_name) > 1
            assert used or block.kind != "other", f"{block.where}: not used by a command of the page"


def test_the_diff_that_the_readme_shows_is_real(emulator: Emulator, run: Run, tmp_path: Path) -> None:
    readme = ROOT / "README.md"
    for block in blocks_of(readme):
        if block.file_name:
            (tmp_path / block.file_name).write_text(block.text, encoding="utf-8")
    workload = set_resources(emulator)["workload"][0]
    share = emulator.client(region=REGION).create_workload_share(
        WorkloadId=workload["id"], SharedWith=RECIPIENTS[0], PermissionType="READONLY"
    )
    emulator.force(share["ShareId"], "ACCEPTED")
    (sample,) = SAMPLE.findall(readme.read_text(encoding="utf-8"))

    output = run(sample[0].split(), "the sample in README.md")

    def lines(text: str) -> str:
        return re.sub(r"[0-9a-f]{32}", "", re.sub(r"^ {3}", "", text, flags=re.MULTILINE)).strip()

    assert lines(sample[1]) in re.sub(r"[0-9a-f]{32}", "", output), output
