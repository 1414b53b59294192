# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scene of the guide access_reviews: what was shared by hand over the years."""

from __future__ import annotations

from pathlib import Path

from tests.emulator.testing import Emulator

from .policies import enforce
from .scene import RECIPIENTS, REGION, set_resources

PARTNER, LEAVING = RECIPIENTS


def set_access_reviews(emulator: Emulator, home: Path) -> None:
    """A workload and a lens that two accounts and a user of one have; from then on, policies are enforced."""
    made = set_resources(emulator)
    client = emulator.client(region=REGION)
    workload, lens = made["workload"][0]["id"], made["lens"][0]["arn"]
    for principal in (PARTNER, LEAVING, f"arn:aws:iam::{LEAVING}:user/reviewers/ana"):
        client.create_workload_share(WorkloadId=workload, SharedWith=principal, PermissionType="READONLY")
        client.create_lens_share(LensAlias=lens, SharedWith=principal)
    enforce(emulator, home, "owner")


def check_access_reviews(emulator: Emulator) -> None:
    """What the guide promises is so: what is written down is shared, and who left has nothing."""
    shares = {(share["kind"], share["shared_with"], share["permission_type"]) for share in emulator.shares()}
    assert shares == {("workload", PARTNER, "CONTRIBUTOR"), ("lens", PARTNER, None)}
