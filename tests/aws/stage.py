# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run: its accounts, its name, and what it made and did not yet remove."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .accounts import Accounts
from .kinds import Kind
from .resources import PREFIX, TAG, Resource, make, remove
from .watching import Pace


@dataclass
class Stage:
    """What questions are asked on."""

    accounts: Accounts
    pace: Pace = field(default_factory=Pace)
    run_id: str = field(default_factory=lambda: secrets.token_hex(4))
    made: dict[str, Resource] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def prefix(self) -> str:
        return f"{PREFIX}{self.run_id}-"

    @cached_property
    def owner(self) -> Any:
        """The owner's client."""
        return self.accounts.owner.client()

    @cached_property
    def recipient(self) -> Any:
        """The recipient's client."""
        return self.accounts.recipient.client()

    def make(self, kind: Kind, word: str = "", tags: Mapping[str, str] | None = None) -> Resource:
        """Make a throw-away resource. The run removes it at its end, if nothing does before."""
        name = f"{self.prefix}{word}{kind.name}-{next(self._numbers)}"
        marked = {TAG: self.run_id, **(tags or {})}
        resource = make(self.owner, kind, name, marked, self.accounts.region, self.pace)
        self.made[resource.arn] = resource
        return resource

    def remove(self, resource: Resource) -> None:
        """Remove a resource at the first try. What cannot be removed now is tried again at the run's end."""
        with suppress(ClientError, BotoCoreError):
            remove(self.owner, resource, Pace(patience=0))
            del self.made[resource.arn]

    @contextmanager
    def throw_away(self, *kinds: Kind) -> Iterator[list[Resource]]:
        """Resources for as long as they are needed: an account may have 15 custom lenses only."""
        resources: list[Resource] = []
        try:
            for kind in kinds:
                resources.append(self.make(kind))
            yield resources
        finally:
            for resource in resources:
                self.remove(resource)
