# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists and dictionaries from text, as an AWX survey gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml
from ansible.errors import AnsibleFilterError

DOCUMENTATION = r"""
name: from_text
short_description: Read a list from YAML text or from a plain list of words
version_added: 1.0.0
description:
  - Reads a list that a person typed into a text area, such as an AWX survey's, or leaves a real list as it is.
  - Unlike P(ansible.builtin.from_yaml#filter) it takes every value for text, so that the account ID C(012345670123)
    needs no quotes.
options:
  _input:
    description:
      - Text. A list or dictionary is returned as it is, a number as the only one of a list.
      - The text may be a list in YAML or JSON, or words separated by white space, commas or semicolons.
    type: raw
    required: true
  default:
    description: What to return for blank text, or for nothing.
    type: raw
  entries:
    description:
      - Whether the list is to be of dictionaries. One dictionary alone is taken for a list of one.
      - The filter fails where anything else is in it.
    type: bool
    default: false
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Read accounts that someone typed
  ansible.builtin.debug:
    msg: "{{ '111122223333, 012345670123' | wellarchitected.sharing.from_text }}"
"""

RETURN = r"""
_value:
  description: The list, every scalar in it a string.
  type: raw
"""


def from_text(value: Any, default: Any = None, entries: bool = False) -> Any:
    """The list in ``value``; ``default`` if it is blank or nothing; ``value`` itself if it is no text.

    With ``entries``, a list of dictionaries, or ``default``. Raises AnsibleFilterError where the text is broken YAML,
    or has anything but entries.
    """
    found = _read(value, default)
    if entries and found is not default:
        found = [found] if isinstance(found, Mapping) else found
        wrong = [entry for entry in found if not isinstance(entry, Mapping)]
        if wrong:
            raise AnsibleFilterError(
                f"every entry needs a key and a value, as in '- workload: Payments', unlike: {wrong[0]}"
            )
    return found


def _read(value: Any, default: Any) -> Any:
    if value is None:
        return default
    if isinstance(value, int) and not isinstance(value, bool):
        # What ansible-core 2.19 and later make of the only account ID that someone typed into a survey of AWX.
        return [value]
    if not isinstance(value, str):
        return value
    if not value.strip():
        return default
    try:
        # The base loader leaves every scalar a string: nothing is taken for an octal number.
        # YAML refuses tabs before words, which a spreadsheet puts there.
        data = yaml.load(value.replace("\t", " "), Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise AnsibleFilterError(f"this text is not YAML: {error}") from error
    if data is None:
        return default  # There are only comments.
    if isinstance(data, str):
        return [word for word in re.split(r"[\s,;]+", data) if word] or default
    return data


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"from_text": from_text}
