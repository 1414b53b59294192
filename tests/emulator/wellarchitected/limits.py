# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service's numbers."""

from __future__ import annotations

#: seconds until an unanswered invitation is EXPIRED: seven days, says the user guide
INVITATION_TTL = 7 * 24 * 3600
#: shares that a resource may have, by kind, by the General Reference, which lists no quota of profile shares
QUOTAS: dict[str, int | None] = {"workload": 20, "lens": 300, "template": 20, "profile": None}
#: the model's largest MaxResults, of every list
LARGEST_PAGE = 50
#: the largest MaxResults of lists that take less; recorded: turbot/steampipe-plugin-aws,
#: aws/table_aws_wellarchitected_lens_share.go
LARGEST_PAGES: dict[str, int] = {"ListLensShares": 10}
#: where limits are by the name of the list: all that are not named
ANY_LIST = "*"
