# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages with examples, and the scene that each plays in."""

from __future__ import annotations

from pathlib import Path

from tests.emulator.testing import OWNER, Emulator

from .access_reviews import check_access_reviews, set_access_reviews
from .central_reviews import check_central_reviews, set_central_reviews
from .documents import ROOT, blocks_of, documents
from .policies import enforce, policy
from .scene import RECIPIENTS, REGION, set_invitations, set_organization, set_resources

PAGES = [path for path in documents() if blocks_of(path)]
# The policies of docs/iam that a page is run with, where it is not the owner's alone. The profile ``management`` has
# its own, and so have the recipients.
POLICIES = {
    "docs/docsite/rst/auditing.rst": ("auditor",),
    "docs/docsite/rst/onboarding.rst": ("owner", "management"),
    "roles/wa_share_report/README.md": ("auditor",),
}
# The role that a page assumes in the recipients' accounts, and the policy that is enough there.
ASSUMED = {"docs/docsite/rst/auditing.rst": ("WellArchitectedShare", "auditor")}
# The pages that play in a scene of their own.
SCENES = {
    "docs/docsite/rst/access_reviews.rst": set_access_reviews,
    "docs/docsite/rst/central_reviews.rst": set_central_reviews,
}
# What must be so once all examples of a page were run.
OUTCOMES = {
    "docs/docsite/rst/access_reviews.rst": check_access_reviews,
    "docs/docsite/rst/central_reviews.rst": check_central_reviews,
}


def ids(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def set_page(path: Path, emulator: Emulator, home: Path) -> None:
    """Sets the scene of a page, with an AWS configuration in ``home``, and lets policies decide from then on."""
    if ids(path) in SCENES:
        SCENES[ids(path)](emulator, home)
        return
    set_organization(emulator)
    set_resources(emulator)
    if path.parent.name == "wa_accept":
        set_invitations(emulator)
    if ids(path) in ASSUMED:
        name, enough = ASSUMED[ids(path)]
        for account in RECIPIENTS:
            emulator.role(account, name, policy(enough))
        emulator.seed(workloads=1, accounts=list(RECIPIENTS), regions=[REGION, "us-east-1"], shares=[OWNER])
    enforce(emulator, home, *POLICIES.get(ids(path), ("owner",)))
