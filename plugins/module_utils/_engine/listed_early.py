# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Shares that are listed while the names of other resources still are: names come page by page, one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from .._aws.service import WellArchitected
from .._model.catalogue import Catalogue, look_up_if_there
from .._model.kinds import Kind
from .._model.listed import Listed
from .._model.resources import Resource
from .declaration import Entry, leave_out
from .listing import list_one


class ListedEarly:
    """The shares of what entries mean, as far as pages of names tell. What tags there are these do not.

    Only reads: what is not meant after all, such as a name that means two, was listed in vain. The first list that
    fails is the last: what is the matter may hold for all of them, as it does for what others share with the caller.
    """

    def __init__(self, service: WellArchitected, entries: Iterable[Entry], threads: int) -> None:
        """``threads``: how many calls may be under way beside those for names; 0: none."""
        self._service = service
        self._threads = threads
        self._named: set[tuple[str, str | None]] = set()
        self._patterns: dict[str, list[Entry]] = {}
        for entry in entries:
            reference = entry.reference
            if reference.resource is not None or entry.tags:
                continue
            if reference.is_pattern:
                self._patterns.setdefault(reference.kind.name, []).append(entry)
            else:
                self._named.add((reference.kind.name, reference.name))
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._begun: dict[tuple[str, str], Future[Listed | None]] = {}
        self._failed = False

    @property
    def listens(self) -> bool:
        """Whether pages are of any use."""
        return self._threads > 0 and not self._failed

    def page(self, kind: Kind, found: tuple[Resource, ...]) -> None:
        """Takes some of a kind's resources. From any thread."""
        self._begin(resource for resource in found if (kind.name, resource.name) in self._named)
        catalogue = Catalogue(found)
        for entry in self._patterns.get(kind.name, ()):
            with suppress(ValueError):  # It means two: that is told once all names are there.
                self._begin(leave_out(entry, look_up_if_there(entry.reference, catalogue)))

    def stop(self) -> None:
        """Waits for what is under way. What has not begun is not listed early."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)

    def listed(self) -> dict[tuple[str, str], Listed]:
        """What was listed, by the resources' keys. Raises ServiceError where every further list would fail too."""
        ended = {key: future.result() for key, future in self._begun.items() if not future.cancelled()}
        return {key: listed for key, listed in ended.items() if listed is not None}

    def _begin(self, resources: Iterable[Resource]) -> None:
        with self._lock:
            for resource in resources:
                self._pool = self._pool or ThreadPoolExecutor(self._threads)
                if resource.key not in self._begun:
                    self._begun[resource.key] = self._pool.submit(self._list, resource)

    def _list(self, resource: Resource) -> Listed | None:
        """None where it is left for later."""
        if self._failed:
            return None
        listed = None
        try:
            listed = list_one(self._service, resource)
            return listed
        finally:
            if listed is None or listed.error:
                self._failed = True
