# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of a list.

Not moto's `paginate`: its token names the first item of the next page, and fails when that is deleted in between.
The token here says after which item to go on, so deletes and creates between two pages are harmless.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from .exceptions import ValidationException
from .limits import ANY_LIST, LARGEST_PAGE
from .settings import settings

Item = TypeVar("Item")


def page(
    items: Sequence[Item],
    serial: Callable[[Item], int],
    question: Mapping[str, Any],
    token: str | None,
    size: int,
) -> tuple[list[Item], str | None]:
    """One page of `items`, which are in the order of `serial`, and the token for the next, or None after the last.

    `question` is what was asked for: a token is good for that question only. Raises ValidationException for any other.
    """
    asked = hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()[:16]
    after = -1
    if token:
        try:
            token_asked, _colon, token_after = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
            after = int(token_after)
        except (ValueError, binascii.Error):
            token_asked = ""
        if token_asked != asked:
            raise ValidationException(
                "The pagination token is not valid for this request.",
                fields=[("NextToken", "Not a token that this request was given")],
            )
    rest = [item for item in items if serial(item) > after]
    found = rest[:size]
    if len(rest) == len(found):
        return found, None
    return found, base64.urlsafe_b64encode(f"{asked}:{serial(found[-1])}".encode()).decode()


def largest_page(operation: str) -> int:
    """The largest MaxResults that the list operation takes, and the size of its pages where none is asked for."""
    default = settings.max_results.get(ANY_LIST, LARGEST_PAGE)
    return settings.max_results.get(operation, default)
