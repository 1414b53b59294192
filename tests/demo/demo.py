# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show the collection at work: real playbooks against the local Well-Architected endpoint.

Usage: python tests/demo/demo.py, by `make demo`. The exit code is 0 if every run did what it was shown to do.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import boto3
from endpoint import endpoint

from collection_tree import CACHE, ROOT, collection_tree

HERE = Path(__file__).parent
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
    for name in ("Payments", "Search"):
        tool.create_workload(
            WorkloadName=name,
            Description=f"The {name.lower()} service",
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
        AWS_SECRET_ACCESS_KEY="demo",
        AWS_URL=url,
        AWS_REGION=REGION,
        ANSIBLE_COLLECTIONS_PATH=str(collection_tree("demo").parents[2]),
        ANSIBLE_CALLBACK_RESULT_FORMAT="yaml",
        ANSIBLE_DISPLAY_SKIPPED_HOSTS="false",
        ANSIBLE_LOCALHOST_WARNING="false",
        ANSIBLE_INVENTORY_UNPARSED_WARNING="false",
        ANSIBLE_NOCOWS="true",
    )


def headline(text: str) -> None:
    print(f"\n\033[1m=== {text}\033[0m\n" if sys.stdout.isatty() else f"\n=== {text}\n", flush=True)


def show(path: Path) -> None:
    """Print a file, without its first lines of YAML and comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    body = [line for line in lines if line != "---" and not line.startswith("#")]
    print("\n".join(f"    {line}" for line in body), flush=True)


def play(playbook: str, *arguments: str, changed: bool) -> None:
    """Run a playbook and stop the demo unless it succeeds and reports changes, or none, as it is to."""
    print(f"$ ansible-playbook {' '.join([playbook, *arguments])}", flush=True)
    command = ["ansible-playbook", playbook, *arguments]
    with subprocess.Popen(
        command, cwd=HERE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        output = list(echo(run))
    if run.returncode:
        sys.exit(f"\nThe demo failed: {playbook} ended with {run.returncode}.")
    if any("[DEPRECATION WARNING]" in line for line in output):
        sys.exit("\nThe demo failed: something that it uses is deprecated.")
    counts = [int(count) for line in output for count in re.findall(r"\bchanged=(\d+)", line)]
    if any(counts) != changed or not counts:
        sys.exit(f"\nThe demo failed: expected {'a change' if changed else 'no change'}, got changed={counts}.")


def echo(run: subprocess.Popen[str]) -> Iterator[str]:
    """Print what the run prints, without empty lines in a row, and give its lines."""
    blank = True
    for line in run.stdout or ():
        if line.strip() or not blank:
            print(line, end="", flush=True)
        blank = not line.strip()
        yield line


def main(arguments: Sequence[str] = ()) -> None:
    with endpoint(CACHE / "demo") as url:
        use(url)
        unit = ("-e", f"organizational_unit={set_scene(url)}")
        headline("A playbook that shares two workloads, a lens, templates and a profile")
        show(HERE / "share.yml")
        show(HERE / "resources.yml")

        headline("The first run shares them with accounts, a user and an organizational unit")
        play("share.yml", "-e", "@resources.yml", *unit, "--diff", changed=True)

        headline("The second run has nothing to do")
        play("share.yml", "-e", "@resources.yml", *unit, "--diff", changed=False)

        headline("Account 444455556666 leaves the list, and only its shares go")
        shorter = CACHE / "demo" / "resources.yml"
        shorter.write_text(without("444455556666", (HERE / "resources.yml").read_text(encoding="utf-8")), "utf-8")
        play("share.yml", "-e", f"@{os.path.relpath(shorter, HERE)}", *unit, "--diff", changed=True)

        headline("A new account in the inventory gets its share, and accepts it")
        show(HERE / "accounts.yml")
        onboard = ["wellarchitected.sharing.onboard_accounts", "-i", "accounts.yml", "-e", "@onboarding.yml"]
        play(*onboard, changed=True)

        headline("The next run leaves it alone")
        play(*onboard, changed=False)

        headline("The owner's side")
        play("show.yml", changed=False)
    headline("Done. The endpoint is stopped.")


def without(account: str, resources: str) -> str:
    """The text of resources.yml without one account."""
    dictionary = f'      - principal: "{account}"\n        permission_type: CONTRIBUTOR\n'
    return resources.replace(dictionary, "").replace(f', "{account}"', "")


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
