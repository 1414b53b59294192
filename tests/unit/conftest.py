# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the collection importable as `ansible_collections.wellarchitected.sharing`, with Ansible's own loader.

Ansible finds a collection under ansible_collections/NAMESPACE/NAME only. Where this is another folder, a link to it
stands there.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ansible.plugins.loader import init_plugin_loader

HERE = Path(__file__).parents[2]
PLACE = ("ansible_collections", "wellarchitected", "sharing")


def _collections() -> Path:
    """The folder that has ansible_collections in it."""
    if HERE.parts[-3:] == PLACE:
        return HERE.parents[2]
    folder = HERE / ".cache" / "linked"
    link = folder.joinpath(*PLACE)
    link.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        link.symlink_to(HERE)
    return folder


init_plugin_loader([str(_collections())])
