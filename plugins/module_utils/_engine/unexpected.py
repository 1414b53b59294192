# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What nobody thought of: one resource's surprise is its own error, and what was done is told all the same."""

from __future__ import annotations

import traceback


def unexpected(doing: str, error: Exception) -> str:
    """The message for an exception that is nobody's error but this collection's. ``doing`` follows "Failed to"."""
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" at {where[0].name}:{where[0].lineno}" if where else ""
    return f"Failed to {doing}: {type(error).__name__}: {error}{place}. This is a fault of the collection: report it"
