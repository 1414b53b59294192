# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lay the collection out as Ansible wants to find it, and print where it is.

Usage: python tests/tools/collection_tree.py [NAME]

Ansible finds a collection under ansible_collections/NAMESPACE/NAME only, and ansible-test wants real files there. So
the files that git tracks, or would track, are copied to .cache/VENV/NAME/ansible_collections/wellarchitected/sharing,
and what is gone is deleted. Beside it amazon.aws is linked, as the `ansible` package installed it for this Python. Each
virtual environment and NAME has a tree of its own, so that runs at the same time do not meet.
"""

from __future__ import annotations

import fcntl
import filecmp
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What the trees of this Python's virtual environment are kept in.
CACHE = ROOT / ".cache" / Path(sys.prefix).name.lstrip(".")
# ansible-test writes these into the tree; they stay from run to run.
KEPT = {".git", "tests/output", "tests/integration/integration_config.yml"}
# A git hook sets GIT_DIR and others, which would make git look at the wrong repository.
WITHOUT_GIT = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def listed_files() -> set[str]:
    """Return the paths of the files that git tracks, or would track, relative to the collection's root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, env=WITHOUT_GIT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {path for path in listing.split("\0") if path and os.path.lexists(ROOT / path)}


def copy_changed(paths: set[str], tree: Path) -> None:
    """Copy the files that are not in the tree yet, or differ there."""
    for path in sorted(paths):
        source, target = ROOT / path, tree / path
        if target.is_file() and not target.is_symlink() and not source.is_symlink():
            same_mode = source.stat().st_mode == target.stat().st_mode
            if same_mode and filecmp.cmp(source, target, shallow=False):
                continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)


def delete_gone(paths: set[str], tree: Path) -> None:
    """Delete every file of the tree that is not one of the paths, and then every folder that is empty."""
    for folder, folders, files in os.walk(tree):
        here = Path(folder)
        folders[:] = [name for name in folders if (here / name).relative_to(tree).as_posix() not in KEPT]
        links = [name for name in folders if (here / name).is_symlink()]
        for name in files + links:
            path = (here / name).relative_to(tree).as_posix()
            if path not in paths and path not in KEPT:
                (here / name).unlink()
    for folder, _folders, _files in os.walk(tree, topdown=False):
        if not os.listdir(folder) and Path(folder) != tree and ".git" not in Path(folder).relative_to(tree).parts:
            os.rmdir(folder)


def link_amazon_aws(collections: Path) -> None:
    """Link amazon.aws, as installed with the `ansible` package, beside the collection."""
    installed = Path(sysconfig.get_path("purelib"), "ansible_collections", "amazon", "aws")
    if not installed.is_dir():
        sys.exit(f"No amazon.aws at {installed}: run this with the Python of `make setup`.")
    link = collections / "amazon" / "aws"
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink() or Path(os.readlink(link)) != installed:
        link.unlink(missing_ok=True)
        link.symlink_to(installed)


def collection_tree(name: str = "main") -> Path:
    """Bring the tree of this name up to date and return the collection's folder in it."""
    collections = CACHE / name / "ansible_collections"
    tree = collections / "wellarchitected" / "sharing"
    tree.mkdir(parents=True, exist_ok=True)
    # The workers of one test run all ask for the same tree.
    with (CACHE / name / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (tree / ".git").exists():
            # ansible-test asks git for the files. In a folder that this checkout ignores, git would say there are none.
            subprocess.run(["git", "init", "--quiet", tree], env=WITHOUT_GIT, check=True)
        paths = listed_files()
        delete_gone(paths, tree)
        copy_changed(paths, tree)
        link_amazon_aws(collections)
    return tree


if __name__ == "__main__":
    print(collection_tree(*sys.argv[1:2]))
