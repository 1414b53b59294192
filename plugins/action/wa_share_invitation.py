# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..plugin_utils.long_task import LongTask
from ..plugin_utils.survey_text import CONDITION, WORDS, AsGiven, Entries, Form


class ActionModule(LongTask):
    """Runs wa_share_invitation: its lists may be text, and a long run shows progress."""

    tells_what_was_done: ClassVar[bool] = True

    # A condition that was left blank must not widen what is answered: the module refuses it.
    forms: ClassVar[Mapping[str, Form]] = {
        "shared_by": CONDITION,
        "resource_type": CONDITION,
        "share_invitation_ids": CONDITION,
        "name": AsGiven(),
        "shared": AsGiven(),
        "accounts": Entries({}),
        "regions": WORDS,
    }
