# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example in the documentation runs as it stands, on the local endpoint, with the policies that it names."""

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
from .pages import OUTCOMES, PAGES, ids, set_page
from .scene import RECIPIENTS, REGION, enable_organization_sharing, set_invitations, set_organization, set_resources

# Their examples are what a recipient does.
RECIPIENT_MODULES = ("wa_share_invitation", "wa_share_invitation_info")
# An invitation vanishes once it is answered: each example has invitations of its own.
ALONE = ("wa_share_invitation",)
CHANGES_NOTHING = re.compile(r"_(info|audit)$")
# Each for the examples of one module, but for those that examples of many places name.
REGIONS = (
    *("ap-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("me-south-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1"),
    *("ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2"),
)


def test_examples_of_modules_run(emulator: Emulator, run: Run, tmp_path: Path) -> None:
    """All in one run. Each module is a host, so that the recap tells which of them changed something."""
    enable_organization_sharing(emulator)
    regions = iter(REGIONS)
    plays: list[dict[str, Any]] = []
    modules: list[str] = []
    for path in plugins():
        if path.parent.name == "inventory":
            continue
        tasks = examples_of(path).documents[0]
        for part in [[task] for task in tasks] if path.stem in ALONE else [tasks]:
            scene = scene_of(emulator, path.stem, next(regions))
            plays.append(
                {"name": path.stem, "hosts": path.stem, "gather_facts": False, "environment": scene, "tasks": part}
            )
        modules.append(path.stem)
    (tmp_path / "examples.yml").write_text(yaml.safe_dump(plays, sort_keys=False), encoding="utf-8")
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    account = {"aws_account_id": RECIPIENTS[0], "wa_accept_role_arn": f"arn:aws:iam::{RECIPIENTS[0]}:role/Accept"}
    inventory = {
        "all": {"hosts": dict.fromkeys(modules), "vars": local},
        "accounts": {"hosts": {"wa_inventory_accounts": account}},
    }
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")

    output = run(["ansible-playbook", "-i", "hosts.yml", "examples.yml"], "the EXAMPLES of modules")

    recap = {found[1]: int(found[2]) for found in re.finditer(r"^(\w+) +: ok=.* changed=(\d+)", output, re.MULTILINE)}
    assert sorted(recap) == sorted(modules)
    for path in plugins():
        if path.parent.name == "modules" and path.stem != "wa_share_info":
            changes = not CHANGES_NOTHING.search(path.stem)
            assert bool(recap[path.stem]) == changes, f"{path.stem}: {recap[path.stem]} examples changed anything"


def scene_of(emulator: Emulator, module: str, region: str) -> dict[str, str]:
    """Sets the scene of one module in a region of its own. Returns the environment that its examples run in."""
    set_resources(emulator, region)
    if "invitation" in module or module in ("wa_share_info", "wa_share_audit", "wa_inventory_accounts"):
        set_invitations(emulator, region)
    if module == "wa_shares":
        emulator.seed(accounts=list(RECIPIENTS), regions=[REGION, "us-east-1"], workloads=1)
        emulator.create_lens("Platform Rules", account=RECIPIENTS[0], region=REGION)
    if module == "wa_organization_sharing":
        # The organization's setting is one for all regions: this example is another organization's.
        return {"AWS_REGION": region, **keys(emulator, "777788889999")}
    account = RECIPIENTS[0] if module in RECIPIENT_MODULES else None
    return {"AWS_REGION": region, **keys(emulator, account)}


@pytest.mark.parametrize("path", [path for path in plugins() if path.parent.name == "inventory"], ids=ids)
def test_examples_of_inventory_plugins_list_accounts(path: Path, emulator: Emulator, run: Run, tmp_path: Path) -> None:
    texts = [text for text in re.split(r"^---\n", examples_of(path).text, flags=re.MULTILINE) if "plugin:" in text]
    assert texts
    for number, text in enumerate(texts):
        emulator.reset()
        set_organization(emulator, RECIPIENTS[0] if "assume_role_arn" in text else None)
        list_hosts(run, tmp_path / str(number) / f"{path.stem}.yml", text, ids(path))


def list_hosts(run: Run, file: Path, text: str, where: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    output = run(["ansible-inventory", "-i", str(file), "--list"], where)
    assert "aws_account_id" in output, f"{where}: no account was listed\n{output}"


def test_the_files_to_start_from_run(emulator: Emulator, run: Run, tmp_path: Path) -> None:
    """The folder examples: an account's roles are those of docs/iam/stackset.yml."""
    set_organization(emulator)
    set_resources(emulator)
    shutil.copytree(ROOT / "examples", tmp_path, dirs_exist_ok=True)
    for inventory in ("accounts.yml", "organization_accounts.yml"):
        listed = json.loads(run(["ansible-inventory", "-i", inventory, "--list"], f"examples/{inventory}"))
        assert listed["_meta"]["hostvars"]
        for host, variables in listed["_meta"]["hostvars"].items():
            assert host in listed["accounts"]["hosts"]
            assert OWNER not in str(variables["aws_account_id"])
            assert ":role/WellArchitectedShare" in str(variables["wa_share_role_arn"])
            assert ":role/WellArchitectedAccept" in str(variables["wa_accept_role_arn"])
    run(
        ["ansible-playbook", "-i", "accounts.yml", "wellarchitected.sharing.onboard_accounts", "-e", "@resources.yml"],
        "examples/accounts.yml and examples/resources.yml",
    )
    assert {share["status"] for share in emulator.shares()} == {"ACCEPTED"}


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_example_of_the_page_runs(path: Path, emulator: Emulator, run: Run, tmp_path: Path) -> None:
    set_page(path, emulator, tmp_path / "home")
    blocks = blocks_of(path)
    for block in blocks:
        if block.file_name and block.language != "console":
            file = tmp_path / block.file_name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
    # Playbooks and tasks in a row are one command: every start of Ansible takes a second.
    for (how, account), group in itertools.groupby(filter(None, map(how_to_run, blocks)), lambda step: step[0]):
        steps = [block for _how, block in group]
        if how == "command":
            for block in steps:
                run_commands(run, block)
        elif how == "inventory":
            for block in steps:
                list_hosts(run, tmp_path / f"{block.line}.organization_accounts.yml", block.text, block.where)
        else:
            files = [write_playbook(block, tmp_path) for block in steps]
            run(["ansible-playbook", *files], " and ".join(block.where for block in steps), account)
    if ids(path) in OUTCOMES:
        OUTCOMES[ids(path)](emulator)


def how_to_run(block: Block) -> tuple[tuple[str, str | None], Block] | None:
    """How the block is run and as whom, with the block; None where it is not run by itself."""
    if not block.is_run or (block.file_name and block.language != "console"):
        return None
    kind = "command" if block.language == "console" else block.kind
    return (kind if kind in ("command", "inventory") else "playbook", block.account), block


def run_commands(run: Run, block: Block) -> None:
    for words in block.commands:
        if words and words[0] in RUN:
            run(words, block.where, block.account)


def write_playbook(block: Block, folder: Path) -> str:
    """Writes the block as a playbook, as it stands or in one play, and returns the file's name."""
    text = block.text
    if block.kind in ("tasks", "resources"):
        tasks = block.documents[0]
        if block.kind == "resources":
            tasks = [{"wellarchitected.sharing.wa_shares": {"resources": tasks, "shared_with": list(RECIPIENTS)}}]
        play = {"name": block.where, "hosts": "localhost", "gather_facts": False, "tasks": tasks}
        text = yaml.safe_dump([play], sort_keys=False)
    name = f"example-{block.line}.yml"
    (folder / name).write_text(text, encoding="utf-8")
    return name


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_block_of_the_page_is_an_example(path: Path) -> None:
    """Nothing is left out by mistake: whatever is not run says why, and whatever is a file is used by a command."""
    blocks = blocks_of(path)
    used = " ".join(word for block in blocks for words in block.commands for word in words) + " ".join(
        block.text for block in blocks if block.language != "console"
    ).replace("# ", "")
    for block in blocks:
        if block.language == "console":
            unknown = {words[0] for words in block.commands if words} - {*RUN, *NOT_RUN}
            assert not unknown, f"{block.where}: is {unknown} to be run?"
            continue
        assert block.documents, f"{block.where} is empty"
        if block.is_run and block.file_name:
            assert used.count(block.file_name) > 1 or block.file_name == "ansible.cfg", f"{block.where}: not used"
        elif block.is_run:
            assert block.kind != "other", f"{block.where}: what is it? Name its file"
        assert re.fullmatch(r"|as \d{12}|not run: .+", block.marker), f"{block.where}: {block.marker}"


def test_documents_are_found() -> None:
    """The search for documents itself works: what must be among them is."""
    found = {ids(path) for path in PAGES}
    assert {"README.md", "roles/wa_share/README.md", "roles/wa_accept/README.md"} <= found
    assert REGION not in REGIONS
