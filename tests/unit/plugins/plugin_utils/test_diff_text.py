# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The diff of a task that failed, as text."""

from __future__ import annotations

from ansible_collections.wellarchitected.sharing.plugins.plugin_utils.diff_text import diff_text

PAYMENTS = {
    "before_header": "shares of workload 'Payments'",
    "before": "111122223333 (payments) READONLY ACCEPTED\n444455556666 READONLY PENDING\n",
    "after_header": "shares of workload 'Payments'",
    "after": "444455556666 READONLY PENDING\n",
}
SHOWN = """\
--- before: shares of workload 'Payments'
+++ after: shares of workload 'Payments'
@@ -1,2 +1 @@
-111122223333 (payments) READONLY ACCEPTED
 444455556666 READONLY PENDING"""


def test_it_looks_like_ansible_s() -> None:
    assert diff_text(PAYMENTS) == SHOWN


def test_many_stand_one_after_the_other() -> None:
    assert diff_text([PAYMENTS, PAYMENTS]) == f"{SHOWN}\n{SHOWN}"


def test_where_nothing_differs_there_is_no_text() -> None:
    assert diff_text({"before": "", "after": ""}) == ""
    assert diff_text([]) == ""
