# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the collection's archive, as users get it, or install the collection from it.

Usage: python tests/tools/archive.py FOLDER, by `make build`. Prints where the archive is.

The archive is made of the files that git tracks, or would track, but for those that galaxy.yml leaves out.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from collection_tree import collection_tree, link_amazon_aws

GALAXY = [f"{sys.prefix}/bin/ansible-galaxy", "collection"]


def galaxy(*arguments: str) -> str:
    """Run `ansible-galaxy collection` and return what it printed; end with that if it fails."""
    done = subprocess.run(
        [*GALAXY, *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"ansible-galaxy collection {arguments[0]} failed:\n{done.stdout}")
    return done.stdout


def build(folder: Path, tree: Path | None = None) -> Path:
    """Build the archive of the collection, or of a tree of it, into the folder and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.tar.gz"):
        old.unlink()
    galaxy("build", "--force", "--output-path", str(folder), str(tree or collection_tree("archive")))
    (archive,) = folder.glob("*.tar.gz")
    return archive


def install(archive: Path, collections: Path) -> Path:
    """Install the archive into an empty folder, beside amazon.aws, without Ansible Galaxy. Return where it is."""
    collections.mkdir(parents=True)
    link_amazon_aws(collections / "ansible_collections")
    galaxy("install", "--offline", "--collections-path", str(collections), str(archive))
    return collections / "ansible_collections" / "wellarchitected" / "sharing"


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))
