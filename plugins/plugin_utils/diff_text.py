# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""The diff of a task that failed: Ansible shows that of a good one only."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any


def diff_text(diffs: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> str:
    """What --diff would show. ``diffs``: one or many, each with before, after, before_header and after_header."""
    return "\n".join(_one(diff) for diff in ([diffs] if isinstance(diffs, Mapping) else diffs))


def _one(diff: Mapping[str, Any]) -> str:
    before, after = (str(diff.get(side) or "").splitlines() for side in ("before", "after"))
    old, new = (f"{side}: {diff.get(f'{side}_header') or ''}".rstrip(": ") for side in ("before", "after"))
    return "\n".join(difflib.unified_diff(before, after, old, new, lineterm=""))
