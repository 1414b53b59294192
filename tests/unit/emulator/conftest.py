# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One endpoint for all tests of it, empty for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator, warm_up

warm_up()


@pytest.fixture(scope="session")
def _running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(_running: Emulator) -> Emulator:
    _running.reset()
    return _running
