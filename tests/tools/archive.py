# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the collection's archive, as users get it, and unpack or install it.

Usage: python tests/tools/archive.py FOLDER, by `make build`. Prints where the archive is.

The archive has the files that git tracks, or would track, except for those that galaxy.yml ignores. READMEs link to the
repository where its address is known: from galaxy.yml, or from the environment variable REPOSITORY.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import yaml
from addresses import addresses, append, fill

from collection_tree import CACHE, ROOT, WITHOUT_GIT, collection_tree, link_amazon_aws

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


def unpack(archive: Path, folder: Path) -> None:
    """Unpack the archive into a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(archive) as tar:
        # Python before 3.11.4 has no filters.
        tar.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))


def unpacked_tree(name: str) -> Path:
    """Lay out what the archive has as a collection that has git, as collection_tree does. Return its folder."""
    collections = CACHE / name / "ansible_collections"
    tree = collections / "wellarchitected" / "sharing"
    unpack(build(CACHE / f"{name}-archive"), tree)
    subprocess.run(["git", "init", "--quiet", tree], env=WITHOUT_GIT, check=True)
    link_amazon_aws(collections)
    return tree


def tree_with_addresses(repository: str | None) -> Path:
    """Lay out the collection, with whole links where the repository is known. Return its folder."""
    tree = collection_tree("archive")
    if repository:
        append(tree / "galaxy.yml", {"repository": repository})
    if "repository" in yaml.safe_load((tree / "galaxy.yml").read_text(encoding="utf-8")):
        command = ["git", "rev-parse", "HEAD"]
        head = subprocess.run(command, cwd=ROOT, env=WITHOUT_GIT, check=True, stdout=subprocess.PIPE, text=True).stdout
        fill(tree, addresses(tree, head.strip()))
    return tree


if __name__ == "__main__":
    print(build(Path(sys.argv[1]), tree_with_addresses(os.environ.get("REPOSITORY"))))
