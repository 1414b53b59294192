# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The output that the README shows is what its reader sees."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.emulator.testing import Emulator

from .conftest import Run
from .documents import ROOT, blocks_of, yaml_files_named
from .scene import RECIPIENTS, REGION, set_resources

README = ROOT / "README.md"
SAMPLE = re.compile(r"^<!-- sample: (?P<command>.+?) -->\n```diff\n(?P<output>.*?)^```$", re.MULTILINE | re.DOTALL)
STRANGER = "777788889999"


def test_the_sample_of_a_diff_is_real(emulator: Emulator, run: Run, tmp_path: Path) -> None:
    for block in yaml_files_named(blocks_of(README)):
        (tmp_path / str(block.file_name)).write_text(block.text, encoding="utf-8")
    workload = set_resources(emulator)["workload"][0]
    for account in (RECIPIENTS[0], STRANGER):
        share = emulator.client(region=REGION).create_workload_share(
            WorkloadId=workload["id"], SharedWith=account, PermissionType="READONLY"
        )
        emulator.force(share["ShareId"], "ACCEPTED")
    sample = SAMPLE.search(README.read_text(encoding="utf-8"))
    assert sample

    output = run(shlex.split(sample["command"]), "the sample in README.md")

    assert same_ids(sample["output"].strip()) in same_ids(output), output


def same_ids(text: str) -> str:
    """The text with all IDs alike, since those of resources are made anew."""
    return re.sub(r"[0-9a-f]{32}", "0" * 32, text)
