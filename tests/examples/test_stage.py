# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make endpoint`: a shell in which somebody follows a guide by hand."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .documents import ROOT
from .scene import RECIPIENTS

COMMAND = [sys.executable, "-m", "tests.examples.stage"]
LIST = "ansible localhost -m wellarchitected.sharing"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Path]:
    """The script that points a shell at the endpoint, whose page is the one that comes without a name."""
    command = [*COMMAND, "--folder", str(tmp_path / "endpoint")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert "docs/docsite/rst/first_share.rst speaks of is at http://127.0.0.1:" in process.stdout.readline()
        yield tmp_path / "endpoint" / "activate"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    assert not (tmp_path / "endpoint" / "activate").exists()


def shell(script: Path, command: str) -> str:
    done = subprocess.run(
        ["bash", "-c", f". {script} && {command}"], cwd=script.parent, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_shell_has_what_the_page_speaks_of_and_its_other_accounts(stage: Path) -> None:
    assert "CentralTemplateWeb" in shell(stage, f"{LIST}.wa_share_info -a 'template=*'")
    own = shell(stage, f"AWS_PROFILE={RECIPIENTS[0]} {LIST}.wa_share_invitation_info")
    assert '"invitations": []' in own
    again = subprocess.run([*COMMAND, "--folder", stage.parent], cwd=ROOT, check=False, capture_output=True, text=True)
    assert (again.returncode, again.stderr) == (
        1,
        "docs/docsite/rst/first_share.rst has an endpoint already, in another terminal.\n",
    )


def test_a_page_that_is_not_there_is_told_with_those_that_are() -> None:
    done = subprocess.run([*COMMAND, "first-share"], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("There is no page first-share. There are:\n")
    assert "  docs/docsite/rst/first_share.rst\n" in done.stderr
