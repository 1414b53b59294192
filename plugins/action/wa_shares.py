# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..plugin_utils.long_task import LongTask
from ..plugin_utils.survey_text import CONDITION, NAMED_WORDS, RESOURCES, WORDS, AsGiven, Changes, Entries, Form


class ActionModule(LongTask):
    """Runs wa_shares: its lists may be text, and a long run shows progress."""

    tells_what_was_done: ClassVar[bool] = True

    forms: ClassVar[Mapping[str, Form]] = {
        "resources": RESOURCES,
        "shared_with": WORDS,
        "renew": WORDS,
        "principals": NAMED_WORDS,
        "accounts": Entries({}),
        "regions": WORDS,
        # A guard rail that was left blank must not be open: the module judges it.
        "allowed_principals": CONDITION,
        "max_removals": AsGiven(),
        "approved_plan": Changes(),
    }
