# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make aws` and `make aws-clean` as processes: whole, interrupted and killed."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.aws.collection import STEPS
from tests.aws.questions import SETTINGS
from tests.aws.resources import PREFIX, SWITCHED_TAG, TAG
from tests.emulator.testing import Emulator

from .conftest import LISTS, RECIPIENT, REGION, ROOT, everything

TIMEOUT = 400  # seconds for one run

# Every setting that has two ways, the other way than the endpoint's default.
FLIPPED: dict[str, Any] = {
    "list_organization_as": "arn",
    "create_conflicts_on_inactive": False,
    "update_fails_on_inactive": False,
    "update_makes_pending": True,
    "only_recipient_answers": False,
    "delete_conflicts_while_associating": True,
    "shares_visible_after": 0,
    "shares_visible_after_lists": 1,
    "invitations_visible_after": {"workload": 0, "lens": 1, "template": 0, "profile": 1},
    "max_results": {name: size for size, name in enumerate(LISTS, 7)},
    "own_account_fails": False,
    "share_id_is_invitation_id": False,
    "organization_shares_count": True,
    "inactive_shares_count": True,
    "organization_sharing_is_regional": True,
    "conflicts_after_delete": 1,
    "associating_lists": 2,
    "association_fails": None,
}


def make(target: str, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a target of the Makefile, with the Python that runs this."""
    prefix = Path(sys.prefix)
    command = ["make", "--no-print-directory", f"--old-file={prefix}/.ready", target, f"VENV={prefix}"]
    return subprocess.run(
        [*command, f"ARGS={' '.join(arguments)}"],
        cwd=ROOT,
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )


def begin(environment: dict[str, str], build: Path, *arguments: str) -> subprocess.Popen[str]:
    """Begin a run, to be stopped midway."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.aws", "run", "--build", str(build), *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until(is_so: Callable[[], Any], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert process.poll() is None, process.stdout and process.stdout.read()
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.usefixtures("organization")
def test_make_aws_drives_the_collection_and_finds_everything_out(
    aws: Emulator, environment: dict[str, str], tmp_path: Path
) -> None:
    aws.settings(**FLIPPED)
    aws.client().update_global_settings(OrganizationSharingStatus="ENABLED")
    build = tmp_path / "build"
    done = make("aws", environment, f"--build={build}", "--patience=20", "--pause=0.1")
    assert done.returncode == 0, done.stdout + done.stderr
    for step in (*(step.name for step in STEPS), "nothing left"):
        words = "ok +- +- +-" if step == "update" else "ok +ok +ok +ok"
        assert re.search(rf"^{step} +{words}$", done.stdout, re.MULTILINE), done.stdout

    written = (build / "aws-answers.json").read_text(encoding="utf-8")
    answers = json.loads(written)
    assert answers == FLIPPED
    for name in SETTINGS:
        assert f"{name}: {json.dumps(json.loads(written)[name], sort_keys=True)}" in done.stdout
    assert not re.search(r"arn:|[0-9]{12}|\bou?-", written)
    assert everything(aws) == []

    # The answers are settings of the endpoint.
    aws.settings(**{name: value for name, value in json.loads(written).items() if value is not None})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_run_removes_what_it_made(
    aws: Emulator, environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    run = begin(environment, tmp_path)
    # One while Ansible is at work, the other as soon as everything is made. The first share is made before Ansible.
    awaited, count = ("CreateWorkloadShare", 2) if number is signal.SIGTERM else ("CreateProfile", 1)
    wait_until(lambda: aws.calls(awaited)[awaited] >= count, run)
    run.send_signal(number)
    output, _nothing = run.communicate(timeout=30)
    assert run.returncode == 130, output
    assert everything(aws) == []
    assert aws.shares() == []
    before = aws.summary("")["total"]
    time.sleep(0.5)
    assert aws.summary("")["total"] == before, "Ansible goes on"


def test_aws_clean_removes_what_a_killed_run_left_and_nothing_else(
    aws: Emulator, environment: dict[str, str], tmp_path: Path
) -> None:
    foreign = _make_foreign_resources(aws)
    # It waits for shares of all kinds, which do not come.
    aws.settings(shares_visible_after=600)
    run = begin(environment, tmp_path, "--questions")
    wait_until(lambda: aws.calls("CreateProfileShare")["CreateProfileShare"] > 1, run)
    run.send_signal(signal.SIGKILL)
    run.communicate(timeout=30)
    left = sorted(set(everything(aws)) - set(foreign))
    assert len(left) == 4
    assert all(name.startswith(PREFIX) for name in left)
    left += _make_what_other_runs_left(aws)

    done = make("aws-clean", environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(everything(aws)) == sorted(foreign)
    assert [name for name in left if name not in done.stdout] == []
    assert [name for name in foreign if re.search(rf"{name} ", done.stdout)] == []
    assert aws.client().get_global_settings()["OrganizationSharingStatus"] == "DISABLED"
    assert [share["resource_name"] for share in aws.shares()] == [foreign[0]]

    again = make("aws-clean", environment)
    assert again.returncode == 0
    assert again.stdout.count("Nothing of an acceptance run is left") == 2


def test_aws_clean_says_what_it_could_not_remove(aws: Emulator, environment: dict[str, str]) -> None:
    _make_what_other_runs_left(aws)
    aws.fault("access_denied", operation="DeleteLens")
    done = make("aws-clean", environment)
    assert done.returncode != 0
    assert re.search(r"^Left behind: lens .*AccessDenied", done.stdout, re.MULTILINE), done.stdout
    assert [name for name in everything(aws) if "lens" not in name] == []


def _make_foreign_resources(aws: Emulator) -> list[str]:
    """Resources that look like an acceptance run's and are not: by name only, by tag only, by neither."""
    client = aws.client()
    shared = aws.create_workload(f"{PREFIX}of-mine")
    client.create_workload_share(WorkloadId=shared["id"], SharedWith=RECIPIENT, PermissionType="READONLY")
    names = [f"{PREFIX}of-mine", f"{PREFIX}lens", "my-profile", "My own"]
    aws.create_lens(names[1])
    client.create_profile(
        ProfileName=names[2], ProfileDescription="A scene", ProfileQuestions=[], Tags={TAG: "not by name"}
    )
    aws.create_template(names[3], account=RECIPIENT)
    return names


def _make_what_other_runs_left(aws: Emulator) -> list[str]:
    """A lens that was never published, something in the recipient's account, and organization sharing switched on."""
    names = [f"{PREFIX}0-lens-1", f"{PREFIX}0-template-1", f"{PREFIX}0-workload-1"]
    client = aws.client()
    lens = {"schemaVersion": "2021-11-01", "name": names[0], "description": "A draft", "pillars": []}
    client.import_lens(JSONString=json.dumps(lens), Tags={TAG: "0"})
    aws.client(account=RECIPIENT).create_review_template(
        TemplateName=names[1], Description="A scene", Lenses=["wellarchitected"], Tags={TAG: "0"}
    )
    client.create_workload(
        WorkloadName=names[2],
        Description="A scene",
        Environment="PRODUCTION",
        AwsRegions=[REGION],
        ReviewOwner="owner",
        Lenses=["wellarchitected"],
        Tags={TAG: "0", SWITCHED_TAG: REGION},
    )
    client.update_global_settings(OrganizationSharingStatus="ENABLED")
    return names
