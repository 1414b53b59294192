# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make endpoint`: a shell in which a reader follows a guide by hand."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from .documents import ROOT
from .scene import RECIPIENTS

COMMAND = [sys.executable, "-m", "tests.examples.stage"]


def test_a_shell_has_the_resources_of_the_page_and_its_other_accounts(tmp_path: Path) -> None:
    script = tmp_path / "activate"
    list_templates = "ansible localhost -m wellarchitected.sharing.wa_share_info -a 'template=*'"
    list_invitations = "ansible localhost -m wellarchitected.sharing.wa_share_invitation_info"
    command = [*COMMAND, "--folder", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert "docs/docsite/rst/first_share.rst are at http://127.0.0.1:" in process.stdout.readline()
        shell = f". {script} && {list_templates} && AWS_PROFILE={RECIPIENTS[0]} {list_invitations}"
        done = subprocess.run(["bash", "-c", shell], cwd=tmp_path, check=False, capture_output=True, text=True)
        process.send_signal(signal.SIGINT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CentralTemplateWeb" in done.stdout
    assert '"invitations": []' in done.stdout
    assert not script.exists()


def test_an_unknown_page_is_an_error_that_lists_the_pages() -> None:
    done = subprocess.run([*COMMAND, "first-share"], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("first-share is not a page with examples. Pages:\n")
    assert "  docs/docsite/rst/first_share.rst\n" in done.stderr
