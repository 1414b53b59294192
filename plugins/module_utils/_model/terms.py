# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""On what terms a principal has access: until when, and why. AWS is told neither."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Until:
    """When access ends. Two that are written in different ways are equal where they mean the same moment."""

    at: datetime
    """The first moment without access."""
    text: str = field(compare=False)
    """As the user wrote it."""


@dataclass(frozen=True)
class Terms:
    """What was declared of one principal's access beside the access itself."""

    until: Until | None = None
    """None: without an end."""
    reason: str | None = None
    where: str = field(default="", compare=False)
    """The place of the principal in the input."""

    def ended(self, now: datetime) -> bool:
        return self.until is not None and now >= self.until.at


NO_TERMS = Terms()


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(timezone.utc)


def parse_until(value: Any) -> Until:
    """When access ends. ``value``: an ISO date, which means the end of that day in UTC, or a time with its zone.

    Raises ValueError with the reason, ready to show.
    """
    text = str(value).strip()
    try:
        if _DATE.fullmatch(text):
            return Until(datetime.fromisoformat(text).replace(tzinfo=timezone.utc) + timedelta(days=1), text)
        # Python before 3.11 knows no Z.
        at = datetime.fromisoformat(re.sub("[Zz]$", "+00:00", text))
        if at.tzinfo is not None:
            at.astimezone(timezone.utc)
    except OverflowError:
        raise ValueError(f"{text!r} is too far away to be an end") from None
    except ValueError:
        raise ValueError(
            f"{text!r} is neither a date (2026-12-31) nor a time with its zone (2026-12-31T18:00:00+01:00)"
        ) from None
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no zone: a time needs one, as in {text}Z or {text}+01:00")
    return Until(at, text)
