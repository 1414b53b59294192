# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the local endpoint with what a page of the documentation needs, to follow the page by hand.

Usage: python -m tests.examples.stage [--folder FOLDER] [PAGE], by `make endpoint`.

PAGE is a guide, such as collect, or a path. Runs until it is interrupted. The file `activate` in the FOLDER points a
shell at the endpoint.
"""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
from pathlib import Path

from tests.emulator.testing import Emulator

from .documents import ROOT
from .pages import PAGES, ids, set_page
from .scene import RECIPIENTS, REGION

sys.path.insert(0, str(ROOT / "tests" / "tools"))
from collection_tree import collection_tree


def page_of(name: str) -> Path:
    """The page of this name. Ends the program if there is none."""
    for path in PAGES:
        if name in (ids(path), path.stem if path.suffix == ".rst" else ""):
            return path
    sys.exit(f"{name} is not a page with examples. Pages:\n" + "\n".join(f"  {ids(path)}" for path in PAGES))


def activate(emulator: Emulator, home: Path) -> str:
    """A script that points a shell at the endpoint, with the page's AWS profiles, and one for each other account."""
    config = home / ".aws" / "config"
    for account in RECIPIENTS:
        lines = [f"[profile {account}]", *(f"{key} = {value}" for key, value in emulator.credentials(account).items())]
        config.write_text("\n".join([config.read_text(encoding="utf-8"), *lines, ""]), encoding="utf-8")
    variables = {
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_REGION": REGION,
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "ANSIBLE_COLLECTIONS_PATH": str(collection_tree("stage").parents[2]),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    }
    unset = "unset AWS_PROFILE AWS_DEFAULT_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
    exports = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return "\n".join([unset, *exports, f'export PATH={shlex.quote(str(Path(sys.executable).parent))}:"$PATH"', ""])


def main(page: Path, folder: Path) -> None:
    """Set the scene, print how to use it, and wait."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "activate"
    with Emulator() as emulator:
        set_page(page, emulator, folder)
        script.write_text(activate(emulator, folder), encoding="utf-8")
        print(
            f"The resources of {ids(page)} are at {emulator.url} until Ctrl-C. Nothing here is on AWS.\n"
            f"In another terminal, in a folder for your files, run:\n\n  . {script}\n\n"
            "Then follow the page. To act as a recipient, set"
            f" AWS_PROFILE={RECIPIENTS[0]} or {RECIPIENTS[1]}. A restart forgets everything and needs a new terminal.",
            flush=True,
        )
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
        script.unlink()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    parser = argparse.ArgumentParser(prog="python -m tests.examples.stage", description="See make endpoint.")
    parser.add_argument("page", nargs="?", default="first_share", type=page_of)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    main(chosen.page, (chosen.folder or ROOT / "build" / "endpoint" / chosen.page.stem).absolute())
