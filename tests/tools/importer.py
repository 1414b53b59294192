# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Import the collection as Ansible Galaxy does on upload, and fail on any error or warning.

Usage: python tests/tools/importer.py PYTHON, by `make importer`. PYTHON is one that has galaxy-importer.

Galaxy refuses a collection without the URL of its repository. This collection has no public repository yet, and
galaxy.yml names none. So the copy that is imported here, and only that copy, gets a URL in the reserved domain
`.invalid`. Once there is a repository, put it into galaxy.yml: then nothing is added here.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

from addresses import append
from archive import build

from collection_tree import CACHE, collection_tree

PLACEHOLDER = "https://wellarchitected-sharing.invalid/"
SETTINGS = """\
[galaxy-importer]
check_required_tags = true
require_v1_or_greater = true
"""


def with_repository() -> Path:
    """Lay out a copy of the collection that names a repository, and return it."""
    tree = collection_tree("importer")
    append(tree / "galaxy.yml", {"repository": PLACEHOLDER})
    return tree


def link_dependencies(python: Path) -> None:
    """Link what the collection refers to, from this Python's `ansible` package, where that Python finds it."""
    script = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([python, "-c", script], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    for name in ("amazon/aws", "awx/awx"):
        link = Path(packages, "ansible_collections", name)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(Path(sysconfig.get_path("purelib"), "ansible_collections", name))


def import_archive(python: Path, archive: Path) -> tuple[bool, str]:
    """Import an archive. Return whether Ansible Galaxy would take it, and what the importer printed."""
    link_dependencies(python)
    folder = archive.parent
    settings = folder / "galaxy-importer.cfg"
    settings.write_text(SETTINGS, encoding="utf-8")
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [python, "-m", "galaxy_importer.main", archive],
        cwd=folder,
        env={**os.environ, "PATH": path, "GALAXY_IMPORTER_CONFIG": str(settings)},
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    complaints = re.findall(r"^(?:ERROR|WARNING|CRITICAL): .*", done.stdout, re.MULTILINE)
    if done.returncode or complaints:
        verdict = f"Ansible Galaxy would not take the collection as it is: {len(complaints)} errors and warnings."
        return False, f"{done.stdout}\n{verdict}"
    return True, done.stdout


def main(python: Path) -> int:
    """Import the collection as it is, and return the exit code."""
    taken, output = import_archive(python, build(CACHE / "importer-work", with_repository()))
    print(output)
    return 0 if taken else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))
