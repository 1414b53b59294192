# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""One resource with what was found out about it."""

from __future__ import annotations

from dataclasses import dataclass

from .resources import Resource
from .shares import Share


@dataclass(frozen=True)
class Listed:
    """One resource and what was found out about it: its shares, or why they cannot be listed."""

    resource: Resource
    shares: tuple[Share, ...] = ()
    error: str | None = None
    """Why there are no shares here, ready to show."""
    missing: bool = False
    """Whether the error says that there is no such resource."""
    invalid: bool = False
    """Whether the service takes the call for wrong: what was named by its text may not be there."""
    foreign: str | None = None
    """The error, where the resource is another account's: only its owner can list and change its shares."""
