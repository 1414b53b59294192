# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module wa_share_info and shows its progress."""

from __future__ import annotations

from ..plugin_utils._progress import ActionModule

__all__ = ["ActionModule"]
