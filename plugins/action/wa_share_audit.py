# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..plugin_utils.long_task import LongTask
from ..plugin_utils.survey_text import NAMED_WORDS, NAMES, RESOURCES, WORDS, Entries, Form


class ActionModule(LongTask):
    """Runs wa_share_audit: its lists may be text, and a long run shows progress."""

    forms: ClassVar[Mapping[str, Form]] = {
        "resources": RESOURCES,
        "shared_with": WORDS,
        "principals": NAMED_WORDS,
        "accounts": Entries({}),
        "regions": WORDS,
        "ignore": NAMES,
    }
