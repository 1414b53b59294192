# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show the collection at work: real playbooks against the local Well-Architected endpoint.

Usage: python -m tests.demo.demo, by `make demo`. The exit code is 0 if every run did what the demo shows, and every
step fits on one screen. The report of the last step stays in build/demo.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from endpoint import endpoint

from collection_tree import CACHE, ROOT, collection_tree
from tests.emulator.testing import SECRET_KEY

HERE = Path(__file__).parent
PAGE = ROOT / "build" / "demo" / "report.html"
SCREEN = 25  # lines of a step
REGION = "eu-west-1"


def set_scene(url: str) -> str:
    """Create what the demo shares, through the API, and return the ID of an organizational unit."""

    def client(service: str) -> Any:
        return boto3.client(service, endpoint_url=url, region_name=REGION)

    organizations, tool = client("organizations"), client("wellarchitected")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="Workloads")["OrganizationalUnit"]["Id"]
    tool.update_global_settings(OrganizationSharingStatus="ENABLED")
    tool.create_workload(
        WorkloadName="Payments",
        Description="The payments service",
        Environment="PRODUCTION",
        AwsRegions=[REGION],
        ReviewOwner="platform@example.com",
        Lenses=["wellarchitected"],
    )
    lens = {"schemaVersion": "2021-11-01", "name": "Platform Standards", "description": "Ours", "pillars": []}
    tool.create_lens_version(LensAlias=tool.import_lens(JSONString=json.dumps(lens))["LensArn"], LensVersion="1.0")
    for name in ("Central Web", "Central Data"):
        tool.create_review_template(TemplateName=name, Description=f"For {name}", Lenses=["wellarchitected"])
    tool.create_profile(ProfileName="Business Critical", ProfileDescription="Must not fail", ProfileQuestions=[])
    return unit


def use(url: str) -> None:
    """Point Ansible and boto3 at the endpoint, with keys that it takes for those of account 123456789012."""
    os.environ.update(
        AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE",
        AWS_SECRET_ACCESS_KEY=SECRET_KEY,
        AWS_URL=url,
        AWS_REGION=REGION,
        ANSIBLE_COLLECTIONS_PATH=str(collection_tree("demo").parents[2]),
        ANSIBLE_CALLBACK_RESULT_FORMAT="yaml",
        ANSIBLE_DISPLAY_OK_HOSTS="false",
        ANSIBLE_DISPLAY_SKIPPED_HOSTS="false",
        ANSIBLE_LOCALHOST_WARNING="false",
        ANSIBLE_INVENTORY_UNPARSED_WARNING="false",
        ANSIBLE_NOCOWS="true",
    )


class Step:
    """A part of the demo: a headline, and what is printed below it, which has to fit one screen."""

    def __init__(self, number: int, headline: str) -> None:
        self.lines = 0
        self.say(f"\n\033[1m{number}. {headline}\033[0m" if sys.stdout.isatty() else f"\n{number}. {headline}")

    def say(self, text: str) -> None:
        """Print something. Stops the demo where the step is too long to read."""
        self.lines += text.count("\n") + 1
        print(text, flush=True)
        if self.lines > SCREEN:
            sys.exit(f"\nThe demo failed: a step prints more than {SCREEN} lines.")

    def show(self, path: Path) -> None:
        """Print a file under its name, without the comments that it begins with."""
        self.say(f"    # {path.name}")
        for line in path.read_text(encoding="utf-8").splitlines():
            if line != "---" and not line.startswith("#"):
                self.say(f"    {line}")

    def play(self, playbook: str, *arguments: str, changed: bool) -> None:
        """Run a playbook, and stop the demo if it fails or does not report changes, or none, as expected."""
        self.say(f"$ ansible-playbook {' '.join([playbook, *arguments])}")
        command = ["ansible-playbook", playbook, *arguments]
        with subprocess.Popen(
            command, cwd=HERE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as run:
            output = list(self.echo(run))
        if run.returncode:
            sys.exit(f"\nThe demo failed: {playbook} ended with {run.returncode}.\n{''.join(output)}")
        counts = [int(count) for line in output for count in re.findall(r"\bchanged=(\d+)", line)]
        if any(counts) != changed or not counts:
            sys.exit(f"\nThe demo failed: expected {'a change' if changed else 'no change'}, got changed={counts}.")

    def echo(self, run: subprocess.Popen[str]) -> Iterator[str]:
        """Print what the run prints, without its empty lines and its recap, and yield all its lines."""
        recap = False
        for line in run.stdout or ():
            recap = recap or line.startswith("PLAY RECAP")
            if line.strip() and not recap:
                self.say(line.rstrip("\n"))
            yield line


def table(path: Path) -> Iterator[str]:
    """The rows of the report's CSV file, as lines to read."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            words = (row["kind"], row["resource_name"], row["shared_with"], row["permission_type"], row["status"])
            yield "    {:<9} {:<19} {:<20} {:<11} {}".format(*words).rstrip()


def main() -> None:
    with endpoint(CACHE / "demo") as url:
        use(url)
        unit = ("-e", f"organizational_unit={set_scene(url)}")
        resources = HERE / "resources.yml"

        step = Step(1, "Declare who has access: a workload, a custom lens and a review template, and no one else")
        step.show(HERE / "share.yml")
        step.show(resources)

        step = Step(2, "Run it: accounts get invitations, the organizational unit gets access at once")
        step.play("share.yml", "-e", "@resources.yml", *unit, "--diff", changed=True)

        step = Step(3, "Run it again: nothing changes")
        step.play("share.yml", "-e", "@resources.yml", *unit, "--diff", changed=False)

        step = Step(4, "Remove account 444455556666 from the list: only its shares are deleted")
        shorter = CACHE / "demo" / "resources.yml"
        shorter.write_text(without("444455556666", resources.read_text(encoding="utf-8")), "utf-8")
        step.play("share.yml", "-e", f"@{os.path.relpath(shorter, HERE)}", *unit, "--diff", changed=True)

        step = Step(5, "A new account in the inventory gets the lens, all templates and a profile, and accepts them")
        step.show(HERE / "accounts.yml")
        onboard = ["wellarchitected.sharing.onboard_accounts", "-i", "accounts.yml", "-e", "@onboarding.yml"]
        step.play(*onboard, changed=True)

        step = Step(6, "Who has access to what, on one page")
        shutil.rmtree(PAGE.parent, ignore_errors=True)
        PAGE.parent.mkdir(parents=True)
        step.play("report.yml", "-e", f"page={os.path.relpath(PAGE, HERE)}", changed=True)
        for line in table(PAGE.with_suffix(".csv")):
            step.say(line)
    print(f"\nThe report is {PAGE.relative_to(ROOT)}: open it in a browser.")


def without(account: str, resources: str) -> str:
    """The text of resources.yml without one account."""
    dictionary = f'      - principal: "{account}"\n        permission_type: CONTRIBUTOR\n'
    return resources.replace(dictionary, "").replace(f', "{account}"', "")


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
