# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that nobody expects, and that AWS takes."""

from __future__ import annotations

NAMES = (
    "Payments {}",
    "{0}",
    "{kwargs}",
    "{name!r:>10}",
    "100 % sure",
    "%s %(name)s %d",
    'O\'Neil "the" `rest`',
    "back\\slash\\n",
    "end with \\",
    "<b>bold</b><script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "$HOME `id` $(id)",
    "=1+1",
    "a, b; c: d # e",
    "Ready?",
    "all*",
    "[a-z]+(x|y)^$.",
    "\U0001f680 rocket",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "- list",
    "yes",
    "null",
    "0123",
)
