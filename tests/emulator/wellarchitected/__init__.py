# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The AWS Well-Architected Tool."""

from __future__ import annotations

from .models import wellarchitected_backends

__all__ = ["wellarchitected_backends"]
