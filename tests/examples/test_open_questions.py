# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page on what is open names settings of the endpoint, and no open one is missing."""

from __future__ import annotations

import re

from tests.emulator.service import service_settings

from .documents import ROOT

PAGE = ROOT / "docs" / "docsite" / "rst" / "open_questions.rst"
# What these set is known: when a scene's invitations expire, how associations end, how many shares there may be.
KNOWN = {"associating_lists", "association_fails", "invitation_ttl_seconds", "quotas"}


def test_the_page_names_every_setting_of_an_open_question() -> None:
    table = PAGE.read_text(encoding="utf-8").split("What is open\n")[1].split("What the tests prove\n")[0]
    named = {
        name
        for row in re.findall(r"^     - (``\w+``(?:, ``\w+``)*)$", table, re.MULTILINE)
        for name in re.findall(r"\w+", row)
    }
    assert named == set(vars(service_settings.settings)) - KNOWN
