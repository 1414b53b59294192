# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the local endpoint with what a page of the documentation speaks of, for somebody who follows it by hand.

Usage: python -m tests.examples.stage [--folder FOLDER] [PAGE], by `make endpoint`.

PAGE is a guide, such as central_reviews, or a file. Runs until it is interrupted. The file `activate` in the FOLDER
(one in build/endpoint for each page) points a shell at it.
"""

from __future__ import annotations

import argparse
import fcntl
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

FOLDERS = ROOT / "build" / "endpoint"
DEFAULT = "first_share"


def page_of(name: str) -> Path:
    """The page of this name. Ends the program where there is none."""
    for path in PAGES:
        if name in (ids(path), path.stem if path.suffix == ".rst" else ""):
            return path
    sys.exit(f"There is no page {name}. There are:\n" + "\n".join(f"  {ids(path)}" for path in PAGES))


def activate(emulator: Emulator, home: Path, collections: Path) -> str:
    """A script that points a shell at the endpoint, with the page's AWS profiles, and one for each other account."""
    config = home / ".aws" / "config"
    for account in RECIPIENTS:
        lines = [f"[profile {account}]", *(f"{key} = {value}" for key, value in emulator.credentials(account).items())]
        with config.open("a", encoding="utf-8") as file:
            file.write("\n".join([*lines, ""]))
    variables = {
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_REGION": REGION,
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    }
    exports = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    programs = shlex.quote(str(Path(sys.executable).parent))
    unset = "unset AWS_PROFILE AWS_DEFAULT_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
    return "\n".join([unset, *exports, f'export PATH={programs}:"$PATH"', ""])


def main(page: Path, folder: Path) -> None:
    """Set the stage, say how to get there, and wait. Ends the program where the page has one already."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"{ids(page)} has an endpoint already, in another terminal.")
    script = folder / "activate"
    with Emulator() as emulator:
        set_page(page, emulator, folder)
        script.write_text(activate(emulator, folder, collection_tree("stage").parents[2]), encoding="utf-8")
        print(
            f"What {ids(page)} speaks of is at {emulator.url}, until Ctrl-C. Nothing of it is AWS's.\n"
            "In another terminal, in a folder for your files:\n\n"
            f"  . {script}\n\n"
            "Then do what the page says. For what it does in another account:"
            f" AWS_PROFILE={RECIPIENTS[0]}, or {RECIPIENTS[1]}.\n"
            "An endpoint that is started anew has forgotten everything, and needs a new terminal.",
            flush=True,
        )
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
        script.unlink()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    parser = argparse.ArgumentParser(prog="python -m tests.examples.stage", description="See make endpoint.")
    parser.add_argument("page", nargs="?", default=DEFAULT)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    chosen = page_of(arguments.page)
    main(chosen, (arguments.folder or FOLDERS / ids(chosen).replace("/", "-")).absolute())
