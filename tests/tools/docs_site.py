# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the documentation into docs/_build, without a network. A warning is an error.

Usage: python tests/tools/docs_site.py

antsibull-docs writes a page for each module, plugin and role, and takes the guides in docs/docsite/rst over. Sphinx
makes HTML of them and of the project's Markdown files. The settings of both are in docs/site.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from collection_tree import CACHE, ROOT, collection_tree

COLLECTION = "wellarchitected.sharing"
BIN = Path(sys.prefix, "bin")
OUTPUT = ROOT / "docs" / "_build"
# Markdown files of the repository that are pages of the site.
MARKDOWN = ("CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "SECURITY.md")


def call(site: Path, tree: Path, *command: str) -> None:
    """Run a program of the virtual environment in the site's folder. Stop if it fails."""
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(tree.parents[2]),
    }
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=site,
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\n{command[0]} failed.")


def lay_out(site: Path, tree: Path) -> Path:
    """Put everything that Sphinx reads into the site's folder, and return where the pages are."""
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(tree / "docs" / "site", site)
    pages = site / "pages"
    # antsibull-docs writes only into folders that other users cannot write to.
    pages.mkdir(mode=0o700)
    (site / "index.rst").rename(pages / "index.rst")
    call(
        *(site, tree, "antsibull-docs", "--config-file", "antsibull-docs.cfg", "collection"),
        *("--use-current", "--fail-on-error", "--dest-dir", str(pages), COLLECTION),
    )
    here = pages.joinpath("collections", *COLLECTION.split("."))
    # antsibull-docs copies the guides without their images.
    shutil.copytree(tree / "docs" / "docsite" / "rst" / "images", here / "docsite" / "images")
    shutil.copytree(tree / "docs" / "iam", here.parent / "iam")
    (pages / "project").mkdir()
    for name in MARKDOWN:
        if (tree / name).exists():
            shutil.copy(tree / name, pages / "project")
    if (tree / "docs" / "images").is_dir():
        shutil.copytree(tree / "docs" / "images", pages / "project" / "images")
    return pages


def main() -> None:
    tree = collection_tree("docs")
    site = CACHE / "docs" / "site"
    pages = lay_out(site, tree)
    shutil.rmtree(OUTPUT, ignore_errors=True)
    call(
        site,
        tree,
        *("sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "-c", ".", "-d", "doctrees"),
        str(pages),
        str(OUTPUT),
    )
    print(f"The documentation is in {(OUTPUT / 'index.html').relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
