# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..module_utils._model.kinds import KINDS
from ..plugin_utils.long_task import LongTask
from ..plugin_utils.survey_text import NAMED_WORDS, NAMES, RESOURCES, WORDS, Entries, Form


class ActionModule(LongTask):
    """Runs wa_share_info: its lists may be text, and a long run shows progress."""

    forms: ClassVar[Mapping[str, Form]] = {
        **{kind.option: NAMES for kind in KINDS.values()},
        "status": WORDS,
        "shared_with": WORDS,
        "principals": NAMED_WORDS,
        "declaration": RESOURCES,
        "accounts": Entries({}),
        "regions": WORDS,
    }
