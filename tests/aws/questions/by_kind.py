# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asking the same of several kinds of resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..answers import Answer, Unknown, agreed, reason
from ..kinds import KINDS, Kind
from ..resources import Resource
from ..stage import Stage


def by_kind(
    stage: Stage,
    setting: str,
    ask: Callable[[Resource], Any],
    words: Mapping[Any, str],
    kinds: tuple[Kind, ...] = KINDS,
) -> dict[str, Answer]:
    """The setting's one answer from asking `ask` about a throw-away resource of each kind; see `agreed`."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for kind in kinds:
        try:
            with stage.throw_away(kind) as (resource,):
                values[kind.name] = ask(resource)
        except (Unknown, ClientError, BotoCoreError) as problem:
            problems[kind.name] = reason(problem)
    return {setting: agreed(values, problems, words)}
