# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who shares with whom, and unusual names that AWS accepts."""

from __future__ import annotations

from ansible_collections.wellarchitected.sharing.tests.emulator.testing import OWNER

REGION, REGIONS = "us-east-1", ["us-east-1", "eu-west-1"]
ANA, BEN, CLEO, DAN = "111122223333", "444455556666", "777788889999", "012345670123"  # accounts
BEN_USER = f"arn:aws:iam::{BEN}:user/reviewers/ben"
BEN_ROLE = f"arn:aws:iam::{BEN}:role/reviewers/ben"
ORGANIZATION, OU = "o-abcdefghij", "ou-ab12-cdefghij"
ORGANIZATION_ARN = f"arn:aws:organizations::{OWNER}:organization/{ORGANIZATION}"
OU_ARN = f"arn:aws:organizations::{OWNER}:ou/{ORGANIZATION}/{OU}"

ACTIVE = ("PENDING", "ACCEPTED", "ASSOCIATING", "ASSOCIATED")
INACTIVE = ("REJECTED", "EXPIRED", "REVOKED", "FAILED")
MODULES = (
    *("wa_workload_share", "wa_lens_share", "wa_template_share", "wa_profile_share", "wa_shares", "wa_share_info"),
    *("wa_share_invitation", "wa_share_invitation_info", "wa_share_drift_info", "wa_organization_sharing"),
)
NAMES = (
    *("Payments {}", "{0}", "{kwargs}", "{name!r:>10}", "100 % sure", "%s %(name)s %d", 'O\'Neil "the" `rest`'),
    *("back\\slash\\n", "end with \\", "<b>bold</b><script>alert(1)</script>", "{{ 7 * 7 }}", "{% raw %}"),
    *("$HOME `id` $(id)", "=1+1", "a, b; c: d # e", "Ready?", "all*", "[a-z]+(x|y)^$.", "\U0001f680 rocket"),
    *("\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627", "- list", "yes", "null", "0123"),
)
