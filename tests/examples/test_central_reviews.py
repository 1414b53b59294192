# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the guide central_reviews says of a place that fails."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from tests.emulator.testing import Emulator

from .central_reviews import HUB, REGIONS, SPOKES, set_central_reviews
from .documents import ROOT
from .in_process import Perform

GUIDE = ROOT / "docs" / "docsite" / "rst" / "central_reviews.rst"
SAMPLE = re.compile(r"^\.\. code-block:: text\n\n((?: {3}[^\n]*places failed[^\n]*\n(?: {3}[^\n]+\n)*))", re.MULTILINE)
COLLECT = {
    "accounts": [
        {"account_id": account, "role_arn": f"arn:aws:iam::{account}:role/WellArchitectedShare", "name": name}
        for account, name in zip(SPOKES, ("team-payments", "team-search"))
    ],
    "regions": list(REGIONS),
    "resources": [{"workload": "*", "exclude": ["Sandbox *"]}],
    "shared_with": [HUB],
}


def test_a_failed_place_reads_as_the_guide_shows_and_a_second_run_repairs(
    emulator: Emulator, perform: Perform, tmp_path: Path
) -> None:
    hub = set_central_reviews(emulator, tmp_path)
    emulator.settings(refused_roles=[f"arn:aws:iam::{SPOKES[1]}:role/*"])
    sample = SAMPLE.search(GUIDE.read_text(encoding="utf-8"))
    assert sample

    told = perform(hub, "wa_shares", COLLECT)

    shown = re.escape(textwrap.dedent(sample[1]).strip()).replace("…", "[^\n]+")
    assert told is not None
    assert re.fullmatch(shown, told), told
    assert {share["owner"] for share in emulator.shares()} == {SPOKES[0]}

    emulator.settings(refused_roles=[])
    assert perform(hub, "wa_shares", COLLECT) is None
    assert sorted(share["owner"] for share in emulator.shares()) == sorted([*SPOKES, *SPOKES])
