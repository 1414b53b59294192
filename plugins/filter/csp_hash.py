# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hashes for a Content Security Policy."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

DOCUMENTATION = r"""
name: csp_hash
short_description: The hash of an inline script or style for a Content Security Policy
version_added: 1.0.0
description:
  - Returns what a Content Security Policy must name so that a browser runs this one inline script, or uses this one
    inline style, and no other.
options:
  _input:
    description: All that stands between the tags of the C(script) or C(style) element.
    type: str
    required: true
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Show the policy that lets one script run
  ansible.builtin.debug:
    msg: "default-src 'none'; script-src {{ 'let answer = 42' | wellarchitected.sharing.csp_hash }}"
"""

RETURN = r"""
_value:
  description: The hash as a source of the policy, in single quotes.
  type: str
"""


def csp_hash(text: str) -> str:
    """The source expression that allows the inline script or style ``text``. Source: CSP Level 3, hash-source."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"csp_hash": csp_hash}
